"""The words that a renderer puts into a page, by the page's language and its own options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weeknotes.i18n import language

#: What is numbered and referred to, each with a word of its own.
_KINDS = ("fig", "tbl", "lst", "sec", "eq", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr")
#: What Quarto calls by its English name in references, whatever the page's language.
_PROOFS = {"prf": "Proof", "rem": "Remark", "sol": "Solution"}


def words(lang: str, crossref: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The words for a page in ``lang`` (a BCP 47 tag), English where a language isn't known.

    ``crossref`` are the page's options of that name: ``fig-title`` changes the word of captions,
    ``fig-prefix`` (the key ``fig-prefix`` of the result) that of references, and so on.
    """
    known = language(lang)
    variant = known.rendered_variants.get(lang.lower().replace("_", "-"))
    result = dict(variant or known.rendered)
    options = crossref or {}
    result |= _PROOFS
    for kind in (*_KINDS, *_PROOFS):
        title = options.get(f"{kind}-title")
        if title is not None:
            result[kind] = str(title)
        prefix = options.get(f"{kind}-prefix")
        result[f"{kind}-prefix"] = result[kind] if prefix is None else str(prefix)
    result["delim"] = str(options.get("title-delim", ":"))
    return result
