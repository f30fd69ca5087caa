"""The input of `lua/page.lua`: a page with all that its conversion depends on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from weeknotes.engines.document import Document
from weeknotes.engines.page_bibliography import other_keys
from weeknotes.engines.page_settings import active_profiles
from weeknotes.engines.titles import MARKUP
from weeknotes.errors import RenderError
from weeknotes.journal.project import Project
from weeknotes.privacy.class_names import marked

_CITEPROC_OPTIONS = (
    "link-citations",
    "link-bibliography",
    "suppress-bibliography",
    "notes-after-punctuation",
)


def page_input(
    project: Project,
    document: Document,
    page_words: Mapping[str, str],
    entries: Sequence[dict[str, Any]] | None,
) -> dict[str, Any]:
    """The input of `lua/page.lua` for `document`, as JSON can write it.

    `page_words` are the words that a page has in its language. `entries` are those of the library
    that the page may cite, as CSL-JSON; None leaves its citations as they are. Raises RenderError for
    a citation style that is not there.
    """
    with_library = entries is not None
    options = document.settings.options
    own = [e for e in options.get("references") or [] if isinstance(e, dict) and "id" in e]
    own_keys = [str(entry["id"]) for entry in own]
    entries = [entry for entry in entries or () if entry["id"] not in own_keys]
    execute = document.settings.execute
    return {
        "markdown": document.markdown,
        "original": document.original or None,
        "shows-private": project.shows_private,
        "may-hold-private": bool(document.original) or marked(document.markdown),
        "references": json.dumps(entries, ensure_ascii=False),
        "own_references": json.dumps({"references": own}) if own else None,
        "keys": [key for entry in entries for key in (str(entry["id"]), *other_keys(entry))]
        + own_keys,
        "nocite": (nocite_of(document) or None) if with_library else None,
        "lang": document.settings.lang,
        "csl": _style(document),
        "citeproc": {k: options[k] for k in _CITEPROC_OPTIONS if k in options},
        "words": page_words,
        "title": document.title if MARKUP.search(document.title) else None,
        "conditions": {
            "flags": dict.fromkeys(_flags(options), True),
            "profiles": dict.fromkeys(active_profiles(project), True),
        },
        "options": {
            "citeproc": with_library and options.get("citeproc", True),
            "number-sections": options.get("number-sections", False),
            "title-level": document.title_level,
            "number-depth": options.get("number-depth", 6),
            "code-fold": _fold(options.get("code-fold", execute("code-fold", None))),
            "code-summary": options.get("code-summary"),
            "code-annotations": options.get("code-annotations", True),
            "reference-location": options.get("reference-location"),
            "citation-location": options.get("citation-location"),
            "numbers": _labels(options.get("crossref")),
            "default-image-extension": str(options.get("default-image-extension", "png") or ""),
            "code-line-numbers": options.get("code-line-numbers") is True,
        },
    }


def nocite_of(document: Document) -> str:
    """The `nocite` of a page: citations of entries that its bibliography has besides those in its text
    (Pandoc User's Guide, "Including uncited items in the bibliography")."""
    value = document.settings.options.get("nocite")
    return "\n\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _labels(crossref: Any) -> dict[str, Any]:
    """The options for the numbering of cross-references, and whether they are links (Quarto
    documentation, "Cross Reference Options")."""
    options = crossref if isinstance(crossref, Mapping) else {}
    styles = {k: v for k, v in options.items() if k == "labels" or k.endswith("-labels")}
    return {**styles, "links": options.get("ref-hyperlink", True) is not False}


def _flags(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """The paths of the metadata that are true, as `when-meta` names them."""
    for key, value in values.items():
        if value is True:
            yield f"{above}{key}"
        elif isinstance(value, Mapping):
            yield from _flags(value, f"{above}{key}.")


def _fold(value: object) -> str | None:
    return None if value is None else str(value).lower()


def _style(document: Document) -> str | None:
    """The path of the page's CSL style, None for pandoc's own (Chicago, author and date)."""
    style = document.settings.options.get("csl")
    if not style:
        return None
    if str(style).startswith(("http://", "https://")):
        document.warn(
            f"the citation style {style} is not fetched",
            hint="Save it in the project and name the file in 'csl'.",
        )
        return None
    document.dependencies.add(str(style))
    if not Path(str(style)).is_file():
        raise RenderError(f"the citation style {style} does not exist", file=document.source.path)
    return str(style)
