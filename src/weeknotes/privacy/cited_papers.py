"""The papers that texts cite by their keys, or lead to by an address or identifier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from weeknotes.journal.project import Project

_CITED = re.compile(r"(?<![\w@])@(?:\{([^}\s]+)\}|(\w[\w:.#$%&\-+?<>~/]*))")
#: An address, a DOI, or an identifier of arXiv's.
_IDENTIFIER = re.compile(
    r"https?://[^\s<>\"'`]+|\b10\.\d{4,9}/[^\s<>\"'`]+|\b(?:arxiv:\s*)?\d{4}\.\d{4,5}(?:v\d+)?\b",
    re.I,
)
_IDENTITY = re.compile(r"(?:arxiv|doi|zotero):")


class CitedPapers:
    """The papers of a journal's library that texts cite or lead to.

    The library is read when a text first has an address or identifier in it.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._addresses: dict[str, set[str]] | None = None

    def found_in(self, texts: Iterable[str]) -> set[str]:
        """The keys of the papers that ``texts`` cite, or lead to by an address or identifier."""
        text = "\n".join(texts)
        found = cited(text)
        named = set(_IDENTIFIER.findall(text)) if _IDENTIFIER.search(text) else set()
        if named and self._addresses is None:
            self._addresses = _by_address(library_of(self._project))
        for name in named:
            found |= (self._addresses or {}).get(_address(name), set())
        return found

    def addresses_of(self, keys: set[str]) -> Iterator[str]:
        """The addresses and identifiers of the papers with ``keys``, as they are written in a text;
        none while no text had an address in it."""
        for name, own in (self._addresses or {}).items():
            if own & keys:
                yield name.partition(":")[2] if _IDENTITY.match(name) else name


def cited(text: str) -> set[str]:
    """The citation keys in ``text``, without the punctuation that pandoc leaves to the sentence."""
    keys = (match[1] or match[2] for match in _CITED.finditer(text))
    return {key.rstrip(":.#$%&-+?<>~/") for key in keys}


def library_of(project: Project) -> Mapping[str, dict[str, Any]]:
    """The library's entries; none where it cannot be read, of which rendering tells."""
    from weeknotes.errors import LibraryError
    from weeknotes.library.on_demand import entries_of

    try:
        return entries_of(project.library_path)
    except LibraryError:
        return {}


def _by_address(library: Mapping[str, dict[str, Any]]) -> dict[str, set[str]]:
    """The keys of the library's entries by their addresses and identifiers, in one form each."""
    from weeknotes.library.identifiers import identities

    found: dict[str, set[str]] = {}
    for key, entry in library.items():
        names = [str(entry.get(name) or "") for name in ("URL", "DOI")]
        for name in (*filter(None, map(_address, names)), *map(str.casefold, identities(entry))):
            found.setdefault(name, set()).add(key)
    return found


def _address(name: str) -> str:
    """An address or identifier in the form in which two of them are compared."""
    from weeknotes.library.identifiers import parse_identifier

    name = _without_closing(name).rstrip(".,;:!?>'\"*_")
    identifier = parse_identifier(name)
    if identifier:
        return f"{identifier.kind}:{identifier.value}".casefold()
    return name.partition("://")[2].partition("#")[0].rstrip("/").removeprefix("www.").casefold()


def _without_closing(name: str) -> str:
    """``name`` up to the bracket that ends what is around it: the address of a link, its words, and
    attributes behind them."""
    pairs = {")": "(", "]": "[", "}": "{"}
    open_brackets: list[str] = []
    for at, sign in enumerate(name):
        if sign in pairs.values():
            open_brackets.append(sign)
        elif sign in pairs and (not open_brackets or open_brackets.pop() != pairs[sign]):
            return name[:at]
    return name
