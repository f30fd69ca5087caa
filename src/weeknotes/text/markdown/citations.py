"""Citations in a Markdown text, as pandoc reads them.

``@key``, ``-@key`` and ``@{key}`` ("Pandoc User's Guide", Citation syntax), in everything that is not
code, mathematics, TeX, HTML, an address, the target of a link or an attribute. Whatever changes, lists
or checks citations asks here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from weeknotes.text.markdown import VERBATIM, Structure, blank, read_any_ends

#: The prefixes of Quarto's cross-references, which are written as citations are ("Cross References" in
#: its documentation). The first letter may be a capital, for the beginning of a sentence.
CROSS_REFERENCE = re.compile(
    "(?:"
    + "|".join(
        f"[{kind[0]}{kind[0].upper()}]{kind[1:]}"
        for kind in (
            "fig tbl lst sec eq thm lem cor prp cnj def exm exr prf sol rem alg "
            "tip nte wrn imp cau vid"
        ).split()
    )
    + ")-"
)
#: A key outside of braces: punctuation belongs to it where a letter or a digit follows, and a slash or
#: a colon also before another slash, as in an address (pandoc, `Text.Pandoc.Parsing.Citations`).
KEY = r"\w(?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*"
_CITATION = re.compile(rf"@(?:\{{(?P<braced>[^{{}}\s]+)\}}|(?P<all>\*)|(?P<plain>{KEY}))")
#: The label of a numbered example, which other places refer to as if they cited it.
_EXAMPLE = re.compile(r"[ \t]*\(?@([\w-]+)[.)]")
#: Regions whose words are read, and whose marks, labels, targets and attributes are not.
_MARKED = frozenset({"heading", "div", "element", "span", "link", "image", "note", "inline-note"})
_UNREAD = VERBATIM | {"reference", "note-mark", "attributes"}


@dataclass(frozen=True)
class Citation:
    """A citation, or a cross-reference: its ``key``, the offset ``at`` which the key begins (behind the
    ``@`` and the brace), and whether the key is in braces. The key ``*`` cites everything, in
    ``nocite``."""

    key: str
    at: int
    braced: bool

    @property
    def is_cross_reference(self) -> bool:
        """Whether it refers to a figure, a table and the like instead of citing."""
        return bool(CROSS_REFERENCE.match(self.key))


def citations(text: str, reading: tuple[str, ...] = ()) -> Iterator[Citation]:
    """The citations and cross-references in ``text``, in order.

    ``reading`` names kinds of regions that are read as well although they are no Markdown: "yaml" for
    the ``nocite`` of front matter, "comment" for what an author put aside.
    """
    if "@" not in text:
        return
    structure = read_any_ends(text)
    shown = prose(text, reading)
    examples = {
        match[1] for item in structure.of("item") if (match := _EXAMPLE.match(text, item.start))
    }
    behind = 0
    for found in _CITATION.finditer(shown):
        at = found.start()
        # Behind a letter it is part of a word, as in an address, but not behind another citation.
        in_word = at > 0 and (shown[at - 1].isalnum() or shown[at - 1] == "_") and at != behind
        if not in_word and not _is_escaped(text, at):
            behind = found.end()
            kind = found.lastgroup or "plain"
            if found[kind] in examples:
                continue
            yield Citation(found[kind], found.start(kind), kind == "braced")


@lru_cache(maxsize=32)
def prose(text: str, reading: tuple[str, ...] = ()) -> str:
    """``text`` with everything blanked out in which an ``@`` begins no citation, so that what is left
    keeps its place. ``reading`` is that of `citations`."""
    return blank(text, _unread(read_any_ends(text), _UNREAD - set(reading)))


def _unread(structure: Structure, kinds: Collection[str]) -> Iterator[tuple[int, int]]:
    for region in structure.regions:
        if region.kind in kinds:
            yield region.start, region.end
        elif region.kind in _MARKED:
            yield region.start, region.inner[0]
            yield region.inner[1], region.end


def _is_escaped(text: str, at: int) -> bool:
    before = text[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1
