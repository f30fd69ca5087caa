"""The library on disk: ``references.json``, CSL-JSON items keyed by citation key.

The form is that of the CSL data schema ("csl-data.json"), which pandoc, Quarto and Zotero read.
What Weeknotes adds stands where that schema leaves room for it: under ``custom`` (``date-added``,
``collections``, ``zotero``), in ``keyword`` (tags, separated by commas) and in ``other-ids``
(further citation keys that resolve to the same entry, separated by spaces: the form in which
pandoc's citeproc honours them).
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from weeknotes.errors import LibraryError
from weeknotes.files import create, locked, replace_unchanged, write_atomic

Entry = dict[str, Any]
Value = TypeVar("Value")

_TRIES = 5

# The order in which the fields of an entry are written: what identifies a paper first, what is
# long or Weeknotes's own last. Fields that are not named here come between, in alphabetical order.
_FIRST = (
    "id",
    "type",
    "title",
    "title-short",
    "author",
    "editor",
    "issued",
    "container-title",
    "container-title-short",
    "collection-title",
    "volume",
    "issue",
    "page",
    "publisher",
    "publisher-place",
    "event-title",
    "genre",
    "number",
    "archive",
    "DOI",
    "URL",
    "accessed",
)
_LAST = ("language", "keyword", "abstract", "note", "other-ids", "custom")
_RANK = {name: rank for rank, name in enumerate(_FIRST)}
_RANK |= {name: 1000 + rank for rank, name in enumerate(_LAST)}


@dataclass(frozen=True)
class Library:
    """The entries of a library, keyed by citation key.

    ``entries`` holds plain CSL-JSON items; take them as read-only, and make a changed library with
    ``with_entries``. ``path`` is where it was read from and where ``save`` writes it; ``read`` the
    bytes that were read, None where there was no such file.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    path: Path | None = None
    read: bytes | None = field(default=None, compare=False, repr=False)

    @classmethod
    def load(cls, path: Path) -> Library:
        """The library in ``path``; an empty one when there is no such file.

        Raises LibraryError, with the line, when the file is not UTF-8 JSON, not an array of CSL-JSON
        items, or when two items have one citation key.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls({}, path)
        except OSError as error:
            raise LibraryError(f"cannot be read: {error.strerror}", file=path.name) from error
        return cls(parse(data, path.name), path, data)

    @cached_property
    def keys(self) -> dict[str, str]:
        """Every citation key that resolves, other keys included, with the ``id`` it stands for."""
        resolved = {
            str(other): key for key, entry in self.entries.items() for other in other_ids(entry)
        }
        return resolved | {key: key for key in self.entries}

    def get(self, key: str) -> Entry | None:
        """The entry that the citation key ``key`` resolves to, or None."""
        found = self.keys.get(key)
        return None if found is None else self.entries[found]

    def added_between(self, start: datetime.date, end: datetime.date) -> list[Entry]:
        """The entries added from ``start`` to ``end``, both included, oldest first, then by key."""
        first, last = start.isoformat(), end.isoformat()
        found = [
            (added, key, entry)
            for key, entry in self.entries.items()
            if first <= (added := date_added(entry)) <= last
        ]
        return [entry for _, _, entry in sorted(found, key=lambda row: row[:2])]

    def with_entries(self, entries: Iterable[Entry]) -> Library:
        """A library of ``entries`` at the same path. Raises LibraryError for a repeated key."""
        keyed: dict[str, Entry] = {}
        for entry in entries:
            if entry["id"] in keyed:
                raise _duplicate(entry["id"], self.path.name if self.path else None, None)
            keyed[entry["id"]] = entry
        return Library(keyed, self.path, self.read)

    def dump(self) -> bytes:
        """The library in its one stable form: equal libraries give equal bytes.

        A JSON array sorted by citation key, the fields of an entry in one order, indented by two
        spaces, UTF-8, with a newline at the end, so that a diff shows what changed.
        """
        return dump(self.entries)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of ``dump()`` in hexadecimal."""
        return hashlib.sha256(self.dump()).hexdigest()

    def save(self, path: Path | None = None) -> bool:
        """Write ``dump()`` to ``path`` in one step; False when it held just that already.

        Raises LibraryChangedError where another program has changed the file since it was read.
        """
        target = path or self.path
        if target is None:
            raise ValueError("a library that was not loaded needs a path to be saved to")
        data = self.dump()
        if target.exists() and target.read_bytes() == data:
            return False
        if target != self.path:
            write_atomic(target, data)
        elif not (
            create(target, data)
            if self.read is None
            else replace_unchanged(target, self.read, data)
        ):
            raise LibraryChangedError(
                "another program changed it meanwhile, and it was left as it is",
                file=target.name,
                hint="Run it again.",
            )
        return True


class LibraryChangedError(LibraryError):
    """The library is not what it was when it was read."""


def as_it_is(change: Callable[[], Value]) -> Value:
    """The result of ``change``, which reads the library, changes it and saves it. It is called
    again if another program has changed the library meanwhile. Raises LibraryChangedError if that
    happens each time."""
    for _ in range(_TRIES):
        with contextlib.suppress(LibraryChangedError):
            return change()
    return change()


def alone(state: Path) -> AbstractContextManager[None]:
    """Let one command at a time read the library, change it and write it, so that none writes over
    what another has added; ``state`` is the project's folder for such things."""
    return locked(state / "library.lock")


def parse(data: bytes, name: str) -> dict[str, Entry]:
    """The CSL-JSON items in ``data``, keyed by ``id``. Raises LibraryError, naming ``name``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise LibraryError(
            "not UTF-8 text", file=name, line=line, hint="Save the file as UTF-8."
        ) from error
    if not text.strip():
        return {}
    try:
        items = json_of(data)
    except (json.JSONDecodeError, RecursionError) as error:
        raise LibraryError(
            f"not valid JSON: {getattr(error, 'msg', 'nested too deeply')}",
            file=name,
            line=getattr(error, "lineno", None),
            hint="Mend it by hand, or take the last good version: git checkout -- " + name,
        ) from error
    if not isinstance(items, list):
        raise LibraryError(
            f"must be a JSON array of CSL-JSON items, not {_kind(items)}",
            file=name,
            line=1,
            hint='The file starts with "[" and ends with "]".',
        )
    return _keyed(items, text, name)


@lru_cache(maxsize=1)
def json_of(data: bytes) -> Any:
    """The JSON value in ``data`` (UTF-8), to be taken as read-only: a build asks for that of a library,
    which may be long, more than once. Raises UnicodeDecodeError, JSONDecodeError, RecursionError.
    """
    return json.loads(data.decode("utf-8-sig"))


def _keyed(items: list[Any], text: str, name: str) -> dict[str, Entry]:
    """``items`` by citation key, each checked. Raises LibraryError."""
    entries: dict[str, Entry] = {}
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            raise LibraryError(f"item {number} must be an object, not {_kind(item)}", file=name)
        key = item.get("id")
        if isinstance(key, int) and not isinstance(key, bool):
            key = str(key)
        if not isinstance(key, str) or not key.strip():
            raise LibraryError(
                f"item {number} has no citation key",
                file=name,
                hint=f'Give it an "id"; its title is {str(item.get("title"))[:60]!r}.',
            )
        if key in entries:
            raise _duplicate(key, name, _last_line_of(key, text))
        entries[key] = {**item, "id": key}
    return entries


def _duplicate(key: str, name: str | None, line: int | None) -> LibraryError:
    return LibraryError(
        f"two entries have the citation key '{key}'",
        file=name,
        line=line,
        hint="Take one of them out, or give it another key.",
    )


def _last_line_of(key: str, text: str) -> int | None:
    """The line on which ``"id": key`` stands for the last time, counting from 1."""
    quoted = json.dumps(key, ensure_ascii=False)
    at = max(text.rfind(f'"id": {quoted}'), text.rfind(f'"id":{quoted}'))
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", type(None): "null"}
    return names.get(type(value), "a number or truth value")


def dump(entries: Mapping[str, Entry]) -> bytes:
    """``entries`` in the stable form that ``Library.dump`` describes."""
    if not entries:
        return b"[]\n"
    # An item at a time: the encoder's pieces of a whole library would fill a few hundred MB.
    items = (
        json.dumps([ordered(entries[key])], indent=2, ensure_ascii=False)[2:-2]
        for key in sorted(entries)
    )
    return b"[\n" + b",\n".join(item.encode("utf-8", "replace") for item in items) + b"\n]\n"


def ordered(entry: Entry) -> Entry:
    """``entry`` with its fields in the order in which they are written."""
    names = sorted(entry, key=lambda name: (_RANK.get(name, 500), name))
    return {name: _sorted_within(entry[name]) for name in names}


def _sorted_within(value: Any) -> Any:
    """``value`` with the keys of all objects in it in alphabetical order."""
    if isinstance(value, dict):
        return {name: _sorted_within(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_sorted_within(part) for part in value]
    return value


def custom(entry: Entry) -> dict[str, Any]:
    """The data that Weeknotes keeps about ``entry`` (``custom``); an empty mapping when there is
    none."""
    value = entry.get("custom")
    return value if isinstance(value, dict) else {}


def date_added(entry: Entry) -> str:
    """The day ``entry`` joined the library as ``2026-11-16``; empty when it is not known."""
    return str(custom(entry).get("date-added") or "")[:10]


def keywords(entry: Entry) -> tuple[str, ...]:
    """The tags of ``entry`` (``keyword``), in their order."""
    parts = str(entry.get("keyword") or "").split(",")
    return tuple(part.strip() for part in parts if part.strip())


def other_ids(entry: Entry) -> tuple[str, ...]:
    """Further citation keys that resolve to ``entry`` (``other-ids``)."""
    value = entry.get("other-ids") or ""
    return tuple(map(str, value)) if isinstance(value, list) else tuple(str(value).split())


def people_of(entry: Mapping[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """The authors of ``entry``, or else its editors, and whether there are more than it names: "and
    others" in BibTeX, which pandoc keeps as a last name of its own."""
    listed = entry.get("author") or entry.get("editor") or []
    people = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    more = bool(people) and people[-1].get("literal") == "others"
    return (people[:-1] if more else people), more
