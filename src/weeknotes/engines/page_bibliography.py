"""The bibliography that a page's citations are looked up in.

Bibliographies are read once; a page is given only the entries that it may cite, and these without
what no style shows, since citeproc's time and memory grow with what it is given.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from weeknotes.errors import LibraryError
from weeknotes.library.on_demand import Items, items_of

_KEY = re.compile(r"(?<![\w])@(?:\{([^}\s]+)\}|([\w][\w:.#$%&\-+?<>~/]*))")
_UNUSED = ("abstract", "keyword", "custom", "annote", "file")
_FORMATS = {".bib": "biblatex", ".bibtex": "bibtex", ".ris": "ris", ".yaml": "", ".yml": ""}


class PageBibliography:
    """Entries in CSL-JSON by citation key, from any number of files, the first mention winning."""

    def __init__(self, paths: Iterable[Path], pandoc: str) -> None:
        self._entries: dict[str, tuple[Items, int]] = {}
        self._aliases: dict[str, str] = {}
        for path in paths:
            try:
                stamp = path.stat().st_mtime_ns
            except OSError as error:
                raise LibraryError(
                    "the bibliography does not exist",
                    file=path.name,
                    hint="Name the file as it is in 'bibliography', or make it.",
                ) from error
            items = _read(path, stamp, pandoc)
            for number, head in enumerate(items.heads):
                key = str(head.id)
                if key not in self._entries:
                    self._entries[key] = items, number
                    self._aliases.update((other, key) for other in _words(head.other_ids))

    def cited(self, text: str, nocite: str = "") -> list[dict[str, Any]]:
        """The entries that `text` or `nocite` (Markdown, `@*` for all) may cite."""
        if "@*" in nocite:
            keys: Iterable[str] = self._entries
        else:
            keys = _keys(f"{text}\n{nocite}")
        own = (key if key in self._entries else self._aliases.get(key) for key in keys)
        found = (self._entries[key] for key in dict.fromkeys(own) if key is not None)
        return [_lean(items[number]) for items, number in found]


def other_keys(entry: dict[str, Any]) -> list[str]:
    """Further citation keys of `entry` (`other-ids`, which pandoc's citeproc resolves too)."""
    return _words(entry.get("other-ids"))


def _words(value: Any) -> list[str]:
    return str(value or "").split()


def _lean(entry: dict[str, Any]) -> dict[str, Any]:
    """`entry` without the fields that no reference shows."""
    return {key: value for key, value in entry.items() if key not in _UNUSED}


def _keys(text: str) -> dict[str, None]:
    """The possible citation keys in `text`: with and without the punctuation that they end with."""
    keys: dict[str, None] = {}
    for braced, bare in _KEY.findall(text):
        keys[braced or bare] = None
        while bare and not bare[-1].isalnum():
            bare = bare[:-1]
            keys[bare] = None
    return keys


_DATES = frozenset(["issued", "accessed", "event-date", "original-date", "submitted"])


@lru_cache(maxsize=16)
def _read(path: Path, stamp: int, pandoc: str) -> Items:
    """The entries in the file at `path`, whose time of change is `stamp`."""
    data = path.read_bytes()
    if path.suffix.lower() in _FORMATS:
        data = _converted(path, pandoc)
    data = data.removeprefix(b"\xef\xbb\xbf") or b"[]"
    items = items_of(data)
    if items is None:
        try:
            json.loads(data.decode())
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else None
            raise LibraryError(f"not CSL-JSON: {error}", file=path.name, line=line) from error
        raise LibraryError("not CSL-JSON: it must be a list of entries", file=path.name)
    return items


def _converted(path: Path, pandoc: str) -> bytes:
    source = _FORMATS[path.suffix.lower()]
    if not source:
        raise LibraryError("a YAML bibliography isn't read; use CSL-JSON or BibTeX", file=path.name)
    converted = _pandoc(path, pandoc, source, "csljson")
    if re.search(rb'"date-parts":\s*\[\]', converted):
        dates = _dates(json.loads(_pandoc(path, pandoc, source, "json")))
        entries = json.loads(converted)
        for entry in entries:
            for name, value in dates.get(str(entry.get("id")), {}).items():
                if entry.get(name) == {"date-parts": []}:
                    entry[name] = {"literal": value}
        converted = json.dumps(entries).encode()
    return converted


def _pandoc(path: Path, pandoc: str, source: str, target: str) -> bytes:
    command = [pandoc, "-f", source, "-t", target, str(path)]
    run = subprocess.run(command, capture_output=True, check=False)
    if run.returncode:
        raise LibraryError(f"cannot be read: {run.stderr.decode().strip()}", file=path.name)
    return run.stdout


def _dates(document: Any) -> dict[str, dict[str, str]]:
    """The dates of entries that are no dates to pandoc, such as "in press", by the keys: it keeps them
    as texts in a document's metadata, and loses them in CSL-JSON."""
    found: dict[str, dict[str, str]] = {}
    for reference in document.get("meta", {}).get("references", {}).get("c", []):
        fields = reference.get("c", {})
        texts = {name: _stringified(value) for name, value in fields.items()}
        found[texts.get("id", "")] = {name: text for name, text in texts.items() if name in _DATES}
    return found


def _stringified(value: Any) -> str:
    if not isinstance(value, dict):
        return "".join(map(_stringified, value)) if isinstance(value, list) else ""
    if value.get("t") in ("Space", "SoftBreak"):
        return " "
    content = value.get("c")
    return content if isinstance(content, str) else _stringified(content)
