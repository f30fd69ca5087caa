"""Text that runs from right to left: Arabic, Hebrew and the like, marked with `dir` block by block.

A page is read in pieces, in lists, in the feed and beside papers, so that each block says by itself
which way it runs (HTML, "The dir attribute"; Unicode Bidirectional Algorithm, rules P2 and P3).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from weeknotes.text.html_elements import UNSPOKEN

#: Languages that are written from right to left (CLDR, characterOrder).
_LANGUAGES = frozenset("ar arc ckb dv fa he iw ks lrc mzn nqo pnb ps sd syr ug ur yi".split())
_SCRIPTS = frozenset(["arab", "hebr", "syrc", "thaa", "nkoo", "adlm"])
_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 li td th dt dd figcaption caption summary blockquote".split()
)
#: What has its direction from the blocks in it.
_AROUND = frozenset("ul ol dl table blockquote".split())
_NO_TEXT = UNSPOKEN | {"pre", "code", "math", "svg"}


def runs_left(lang: str) -> bool:
    """Whether text in the language ``lang``, a BCP 47 tag, runs from right to left."""
    language, *subtags = lang.lower().replace("_", "-").split("-")
    scripts = [tag for tag in subtags if len(tag) == 4 and tag.isalpha()]
    return scripts[0] in _SCRIPTS if scripts else language in _LANGUAGES


def begins_left(text: str) -> bool:
    """Whether the first letter of ``text`` is one of a script that runs from right to left."""
    return bool(_RIGHT.search(text)) and _runs_left(text, anywhere=False)


def mark(root: Any, lang: str) -> None:
    """Set `dir` on the blocks of ``root`` whose text runs from right to left: those that begin so, and
    in a page whose language does all that have a letter of such a script."""
    if not _RIGHT.search(root.text_content()):
        return
    anywhere = runs_left(lang)
    for element in root.iter(*_BLOCKS):
        if element.get("dir") is None and _runs_left(_own_text(element), anywhere):
            element.set("dir", "rtl")
    for element in root.iter(*_AROUND):
        blocks = [e for e in element.iter(*_BLOCKS) if e is not element]
        marked = sum(block.get("dir") == "rtl" for block in blocks)
        if blocks and element.get("dir") is None and marked * 2 > len(blocks):
            element.set("dir", "rtl")


def _runs_left(text: str, anywhere: bool) -> bool:
    if anywhere:
        return bool(_RIGHT.search(text))
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _own_text(element: Any) -> str:
    """The text of a block, without code, formulas, and the blocks within it."""
    parts = [element.text or ""]
    for child in element:
        inner = isinstance(child.tag, str) and child.tag not in _NO_TEXT
        if inner and child.tag not in _BLOCKS and child.tag not in _AROUND:
            parts.append(_own_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
