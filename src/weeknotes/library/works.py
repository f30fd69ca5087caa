"""The works in a library: telling when two items are one paper."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from weeknotes.library.identifiers import identities
from weeknotes.library.store import Entry


class Works:
    """The works in a library, to be asked whether one of them is the same as another item."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_identity: dict[str, Entry] = {}
        self._by_title: dict[tuple[str, str], list[Entry]] = {}
        self._by_content: dict[str, Entry] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Let ``entry`` be found."""
        for name in _of_work(entry):
            self._by_identity.setdefault(name, entry)
        if signature := _signature(entry):
            self._by_title.setdefault(signature, []).append(entry)
        if content := _content(entry):
            self._by_content.setdefault(content, entry)

    def find(self, entry: Entry) -> Entry | None:
        """The item that is the same work as ``entry``: it has an identifier in common, or the title
        and the first author, where no two identifiers of a kind contradict each other, or all that
        is said of where and when it appeared."""
        wanted = _of_work(entry)
        for name in sorted(wanted):
            if name in self._by_identity:
                return self._by_identity[name]
        signature = _signature(entry)
        for other in self._by_title.get(signature, ()) if signature else ():
            if not _contradict(wanted, _of_work(other)):
                return other
        same = self._by_content.get(_content(entry))
        return same if same and not _contradict(wanted, _of_work(same)) else None


def _signature(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """Title and first author in a form that does not depend on how they are written; None for a
    title that says too little, such as "Introduction"."""
    title = _folded(entry.get("title"))
    if len(title) < (16 if title.isascii() else 6):
        return None
    return title, _first_author(entry)


def _content(entry: Mapping[str, Any]) -> str:
    """Title, authors, date and container of an item as it is; empty without a title."""
    parts = [entry.get(name) for name in ("title", "author", "issued", "container-title", "type")]
    return json.dumps(parts, sort_keys=True) if parts[0] else ""


def _first_author(entry: Mapping[str, Any]) -> str:
    people = entry.get("author")
    first = people[0] if isinstance(people, list) and people else {}
    return _folded(first.get("family") or first.get("literal")) if isinstance(first, dict) else ""


def _folded(value: Any) -> str:
    """Letters and digits alone, without accents, case or markup."""
    text = unicodedata.normalize("NFKD", re.sub(r"<[^<>]*>|\\[A-Za-z]+", "", str(value or "")))
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _of_work(entry: Entry) -> frozenset[str]:
    return frozenset(name for name in identities(entry) if not name.startswith("zotero:"))


def _contradict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Two DOIs, or two arXiv papers, are two works; a preprint and a DOI may be one."""
    for kind in ("doi:", "arxiv:"):
        mine = {name for name in one if name.startswith(kind)}
        theirs = {name for name in other if name.startswith(kind)}
        if mine and theirs and not mine & theirs:
            return True
    return False
