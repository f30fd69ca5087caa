"""CSL as JSON and as YAML, and Better BibTeX's JSON, as CSL-JSON items.

The forms are those of the CSL data schema ("csl-data.json"), of pandoc's metadata field ``references``
("Pandoc User's Guide", Specifying bibliographic data), and of Zotero's items in a list ``items``.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from weeknotes.errors import LibraryError
from weeknotes.library import csl
from weeknotes.library.csl_dates import parse_date
from weeknotes.library.keys import is_citable, zotero_key
from weeknotes.library.store import Entry

_DATES = frozenset(
    "issued accessed original-date event-date submitted available-date container".split()
)


def read_json(text: str, name: str) -> list[Entry]:
    """The items of a JSON file: an array, one item, or Better BibTeX's ``{"items": […]}``. Raises
    LibraryError, naming ``name``."""
    try:
        return _items(json.loads(text), name)
    except json.JSONDecodeError as error:
        raise LibraryError(f"not valid JSON: {error.msg}", file=name, line=error.lineno) from error
    except RecursionError as error:
        raise LibraryError("not valid JSON: nested too deeply", file=name) from error


def read_yaml(text: str, name: str) -> list[Entry]:
    """The items of a YAML file: a list, or a mapping with ``references``. Raises LibraryError."""
    return _items(load_yaml(text, name), name)


def load_yaml(text: str, name: str) -> Any:
    """The content of a YAML file. Raises LibraryError, naming ``name``."""
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise LibraryError(
            f"not valid YAML: {getattr(error, 'problem', None) or error}",
            file=name,
            line=mark.line + 1 if mark else None,
        ) from error


def _items(data: Any, name: str) -> list[Entry]:
    if isinstance(data, dict):
        data = next((data[key] for key in ("references", "items") if key in data), [data])
    if not isinstance(data, list):
        raise LibraryError("neither a list of CSL items nor one item", file=name)
    entries = []
    for number, item in enumerate(data, start=1):
        if not isinstance(item, dict):
            raise LibraryError(f"item {number} is no CSL item", file=name)
        if item.get("itemType") in csl.NOT_CITABLE:
            continue
        entry = _from_zotero(item) if "itemType" in item else _from_csl(item)
        if not entry.get("title"):
            raise LibraryError(
                f"item {number} has no title", file=name, hint="CSL-JSON items have one."
            )
        entries.append(entry)
    return entries


def _from_zotero(item: dict[str, Any]) -> Entry:
    """An item as Zotero has it, in Better BibTeX's JSON."""
    entry = csl.to_csl(item)
    if tags := csl.tags_of(item):
        entry["keyword"] = ", ".join(tag.replace(",", ";") for tag in tags)
    key = str(item.get("citekey") or zotero_key(item))
    # What Zotero calls it in another person's library is no identity here.
    fields = entry.pop("custom", {}).get("zotero", {}).get("fields", {})
    known = ("itemID", "itemKey", "citekey", "uri", "select", "libraryID", "citationKey")
    if fields := {name: value for name, value in fields.items() if name not in known}:
        entry["custom"] = {"fields": fields}
    return {**entry, "id": key if is_citable(key) else ""}


def _from_csl(item: dict[str, Any]) -> Entry:
    entry = {str(name): value for name, value in item.items()}
    key = entry.get("citation-key") or entry.get("id") or ""
    entry["id"] = str(key) if not isinstance(key, bool | list | dict) else ""
    entry.setdefault("type", "document")
    for name in _DATES & entry.keys():
        if date := _date(entry[name]):
            entry[name] = date
    if isinstance(entry.get("keyword"), list):
        entry["keyword"] = ", ".join(str(word).replace(",", ";") for word in entry["keyword"])
    return {name: _plain(value) for name, value in entry.items()}


def _date(value: Any) -> dict[str, Any] | None:
    """A date in one of the forms that programs write: CSL's, ``raw``, pandoc's list of years, text."""
    if isinstance(value, datetime.date):
        return {"date-parts": [[value.year, value.month, value.day]]}
    if isinstance(value, str | int):
        return parse_date(str(value))
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        parts = [[int(one[p]) for p in ("year", "month", "day") if p in one] for one in value]
        return {"date-parts": parts} if all(parts) else None
    if not isinstance(value, dict):
        return None
    if "year" in value:
        return _date([value])
    if "raw" in value and "date-parts" not in value:
        return parse_date(str(value["raw"]))
    if isinstance(value.get("date-parts"), list):
        try:
            parts = [
                [int(one) for one in part if one not in ("", None)] for part in value["date-parts"]
            ]
        except (TypeError, ValueError):
            return None
        return {**value, "date-parts": [part for part in parts if part]}
    return value


def _plain(value: Any) -> Any:
    """``value`` as JSON can hold it: YAML has dates of its own."""
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
