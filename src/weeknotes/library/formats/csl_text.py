"""CSL as JSON and as YAML, items of Zotero in JSON (Better BibTeX's, the web API's) and records of
Crossref, as CSL-JSON items.

The forms are those of the CSL data schema ("csl-data.json"), of pandoc's metadata field ``references``
("Pandoc User's Guide", Specifying bibliographic data), and of Zotero's items in a list ``items``.
"""

from __future__ import annotations

import json
from typing import Any

from weeknotes.errors import LibraryError
from weeknotes.library import crossref, csl
from weeknotes.library.formats.csl_values import entry_of, from_markdown
from weeknotes.library.keys import is_citable, zotero_key
from weeknotes.library.store import Entry


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
    """The items of a YAML file: a list, or a mapping with ``references``, whose titles are Markdown.
    Raises LibraryError."""
    data = load_yaml(text, name)
    entries = _items(data, name)
    markdown = isinstance(data, dict) and "references" in data
    return [from_markdown(entry) for entry in entries] if markdown else entries


def load_yaml(text: str, name: str) -> Any:
    """The content of the first document in a YAML file that has any. Raises LibraryError, naming
    ``name``."""
    import yaml

    try:
        return next((one for one in yaml.safe_load_all(text) if one is not None), None)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise LibraryError(
            f"not valid YAML: {getattr(error, 'problem', None) or error}",
            file=name,
            line=mark.line + 1 if mark else None,
        ) from error


def _items(data: Any, name: str) -> list[Entry]:
    for key in ("message", "references", "items"):
        if isinstance(data, dict) and isinstance(data.get(key), list | dict):
            data = data[key]
    if isinstance(data, dict):
        data = [data]
    if not isinstance(data, list):
        raise LibraryError("neither a list of CSL items nor one item", file=name)
    # An item that is none has no title, and is named for that.
    return [_entry(item) if isinstance(item, dict) else {} for item in data if _is_work(item)]


def _is_work(item: Any) -> bool:
    data = item.get("data", item) if isinstance(item, dict) else {}
    return not isinstance(data, dict) or data.get("itemType") not in csl.NOT_CITABLE


def _entry(item: dict[str, Any]) -> Entry:
    data = item.get("data")
    if isinstance(data, dict) and "itemType" in data:
        item = data
    if "itemType" in item:
        return _from_zotero(item)
    if isinstance(item.get("title"), list) and "DOI" in item:
        return {"id": "", **crossref.entry_of(item)}
    return entry_of(item)


def _from_zotero(item: dict[str, Any]) -> Entry:
    """An item as Zotero has it, in Better BibTeX's JSON or the web API's."""
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
