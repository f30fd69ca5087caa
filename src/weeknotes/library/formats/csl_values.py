"""Items that are nearly CSL-JSON, brought into the form of its schema ("csl-data.json").

Programs and people write dates, names and texts in other shapes than the schema has: a year as a text,
a name as one text, a number for a volume. Each is read as what it means; a field that is no CSL
variable is kept under ``custom: {"fields": …}``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from weeknotes.library.csl import DATES, ROLES, TEXTS
from weeknotes.library.csl_dates import CslDate, parse_date
from weeknotes.library.formats.people import OTHERS, Name, people
from weeknotes.library.identifiers import bare_doi
from weeknotes.library.store import Entry

# Names of variables in CSL 1.0.1 and in the schema before it.
_RENAMED = {
    "journalAbbreviation": "container-title-short",
    "shortTitle": "title-short",
    "event": "event-title",
    "archive-location": "archive_location",
    "keywords": "keyword",
    "doi": "DOI",
    "url": "URL",
    "isbn": "ISBN",
    "issn": "ISSN",
    "pmid": "PMID",
    "pmcid": "PMCID",
}
_OWN = frozenset({"id", "type", "custom", "other-ids", "citation-key", "citation-label"})
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_NAME_PARTS = frozenset(
    "family given suffix literal dropping-particle non-dropping-particle".split()
)
_NAME_FLAGS = frozenset({"comma-suffix", "static-ordering", "parse-names"})
_SEVERAL = frozenset({"ISSN", "ISBN"})


def entry_of(item: Mapping[str, Any]) -> Entry:
    """A CSL-JSON item after the schema, for one in about that form."""
    entry: Entry = {"id": "", "type": "document"}
    rest: dict[str, Any] = {}
    for given, value in item.items():
        name = _RENAMED.get(str(given), str(given))
        if value in (None, "", [], {}) or (name in entry and entry[name] and name not in _OWN):
            continue
        if name in DATES:
            found: Any = date_of(value)
        elif name in ROLES:
            found = names_of(value)
        elif name == "keyword":
            found = _keywords(value)
        elif name in TEXTS:
            found = _text(value, " " if name in _SEVERAL else "; ")
        else:
            found = plain(value) if name in _OWN else None
        if found:
            entry[name] = found
        elif name not in _OWN and _leaves(value):
            rest[name] = plain(value)
    key = entry.pop("citation-key", None) or entry["id"]
    entry["id"] = "" if isinstance(key, bool | list | dict) else str(key)
    if "DOI" in entry:
        entry["DOI"] = bare_doi(str(entry["DOI"])) or entry["DOI"]
    if rest:
        custom = entry.get("custom")
        custom = custom if isinstance(custom, dict) else {}
        entry["custom"] = {**custom, "fields": {**custom.get("fields", {}), **rest}}
    return entry


def _leaves(value: Any) -> bool:
    """Whether ``value`` says anything: ``{"date-parts": [[None]]}`` does not."""
    if isinstance(value, dict | list):
        return any(map(_leaves, value.values() if isinstance(value, dict) else value))
    return value not in (None, "", False)


def date_of(value: Any) -> CslDate | None:
    """A CSL date for a date in one of the forms that programs write: CSL's own, ``raw``, a text, a
    year, pandoc's list of years. None where it says nothing."""
    if isinstance(value, datetime.date):
        return {"date-parts": [[value.year, value.month, value.day]]}
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return parse_date(_number_text(value))
    if isinstance(value, list):
        listed = [one for one in value if one not in (None, "", [])]
        if listed and all(isinstance(one, dict) for one in listed):
            return _of_years(listed)
        return _of_parts(listed, {})
    if not isinstance(value, dict):
        return None
    if "year" in value:
        return _of_years([value])
    parts = value.get("date-parts", value.get("dateParts"))
    if isinstance(parts, list) and (date := _of_parts(parts, value)):
        return date
    for name in ("raw", "literal", "string", "date-time", "date"):
        if isinstance(value.get(name), str | int):
            text = str(value[name])
            literal = {"literal": text} if name == "literal" and text else None
            # What is marked as a literal stays one, unless it has nothing but a plain date.
            read = parse_date(text)
            return read if not literal or re.fullmatch(r"[\d/.-]+", text) else literal
    return None


def _of_years(years: list[dict[str, Any]]) -> CslDate | None:
    """pandoc's form: for each end of a range a year, month and day of its own."""
    parts = [[one.get(name) for name in ("year", "month", "day")] for one in years]
    return _of_parts(parts, years[0])


def _of_parts(parts: list[Any], flags: Mapping[str, Any]) -> CslDate | None:
    """A date of its parts, each of which may be a text, in lists or alone; with the season and "circa"
    in ``flags``."""
    if parts and not any(isinstance(part, list) for part in parts):
        parts = [parts]
    ends = [_numbers(part if isinstance(part, list) else [part]) for part in parts]
    ends = [end for end in ends if end]
    if not ends:
        return None
    if any(isinstance(number, str) for end in ends for number in end):
        texts = [" ".join(map(str, reversed(end))) for end in ends]
        read = parse_date("/".join(texts)) or {}
    else:
        read = {"date-parts": ends[:2]}
    season = flags.get("season")
    season = _SEASONS.get(str(season).lower(), season)
    if str(season) in ("1", "2", "3", "4") and "date-parts" in read:
        read["season"] = int(str(season))
    if flags.get("circa") not in (None, False, "", 0, "0", "false"):
        read["circa"] = True
    return read


def _numbers(parts: list[Any]) -> list[Any]:
    """The parts of a day, up to the first that is missing: numbers, or texts that are none."""
    found: list[Any] = []
    for part in parts[:3]:
        text = _number_text(part).strip()
        if text in ("", "0") or text == "None":
            break
        found.append(int(text) if re.fullmatch(r"-?\d+", text) else text)
    return found


def _number_text(value: Any) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)


def names_of(value: Any) -> list[Name]:
    """CSL names for people in one of the forms that programs write: CSL's own, ``name``, a text, a
    list of any."""
    if isinstance(value, str):
        return people(value)
    if isinstance(value, list):
        return [name for one in value for name in names_of(one)]
    if not isinstance(value, dict):
        return []
    found: Any = {
        part: _text(text, " ") for part, text in value.items() if part in _NAME_PARTS and text
    }
    found = {part: text for part, text in found.items() if text}
    if not found:
        first, last = (_text(value.get(name), " ") for name in ("firstName", "lastName"))
        found = {"family": last, "given": first} if last and first else {}
        whole = _text(value.get("name") or value.get("last") or last or first, " ")
        return [found] if found else people(whole) if whole else []
    if found.get("literal", "").lower().strip(".") in ("et al", "others"):
        return [dict(OTHERS)]
    if "given" in found and "family" not in found and "literal" not in found:
        found = {"literal": found["given"]}
    return [found | {part: value[part] for part in _NAME_FLAGS & value.keys() if value[part]}]


def _keywords(value: Any) -> str:
    if not isinstance(value, list):
        return _text(value, ", ")
    return ", ".join(_text(word, " ").replace(",", ";") for word in value if word)


def _text(value: Any, between: str) -> str:
    """A text variable for a text, a number, or several of these; empty for anything else."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str | int | float):
        text = _number_text(value)
        # A title of signs that Python counts as space is a title still.
        return text.strip() or text
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return between.join(filter(None, (_text(one, between) for one in value)))
    return ""


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it: YAML has dates of its own."""
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\[([^\[\]]+)\]\{\.nocase\}"), r'<span class="nocase">\1</span>'),
    (
        re.compile(r"\[([^\[\]]+)\]\{\.smallcaps\}"),
        r'<span style="font-variant:small-caps;">\1</span>',
    ),
    (re.compile(r"(?<![\\*])\*\*(?=\S)([^*]+?)(?<=\S)\*\*(?!\*)"), r"<b>\1</b>"),
    (re.compile(r"(?<![\\*\w])\*(?=\S)([^*]+?)(?<=\S)\*(?![*\w])"), r"<i>\1</i>"),
    (re.compile(r"(?<!\\)\^(\S+?)(?<!\\)\^"), r"<sup>\1</sup>"),
    (re.compile(r"(?<![\\~])~([^\s~]+?)(?<!\\)~(?!~)"), r"<sub>\1</sub>"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def from_markdown(entry: Entry) -> Entry:
    """``entry`` with its titles as CSL writes them, where they are Markdown, as in pandoc's metadata
    field ``references``."""
    changed = dict(entry)
    for name in ("title", "container-title", "title-short", "collection-title"):
        text = str(changed.get(name) or "")
        for mark, made in _MARKS:
            text = mark.sub(made, text)
        if text:
            changed[name] = text
    return changed
