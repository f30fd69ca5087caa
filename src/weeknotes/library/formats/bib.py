"""BibTeX and BibLaTeX files as CSL-JSON items, converted by pandoc.

Around pandoc's reader stands what it lacks (seen with 3.9): it reads a file whole or not at all, puts
English titles in sentence case, makes an empty date of a year that is not a number, and drops
``archive``, ``eprint`` and letters that are not UTF-8.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from weeknotes.library.csl_dates import parse_date
from weeknotes.library.formats.bib_names import plain_names
from weeknotes.library.formats.bib_rest import NAMES, unread
from weeknotes.library.formats.bib_syntax import BadEntry, BibEntry, flat, parse
from weeknotes.library.formats.tex_commands import escaped_signs, without_unknown_commands
from weeknotes.library.keys import is_citable, is_readable
from weeknotes.library.store import Entry, other_ids

_TITLES = frozenset(
    "title subtitle booktitle booksubtitle maintitle mainsubtitle issuetitle issuesubtitle shorttitle "
    "origtitle reprinttitle eventtitle".split()
)
_NAMES = NAMES | {"sortname", "shortauthor", "shorteditor"}
_ADDRESSES = frozenset({"url", "file", "eprint"})
# "Chapman and Hall" is one publisher, where BibLaTeX has a list.
_WHOLE = frozenset("publisher origpublisher institution school organization".split())
_PARTS = frozenset({"incollection", "inbook", "inproceedings", "conference", "suppbook"})
# One volume of several has a title of its own, which pandoc would put after that of them all.
_SINGLE = frozenset({"book", "collection", "proceedings", "reference", "periodical"})
_WHOLE_WORKS = frozenset({"maintitle", "mainsubtitle", "maintitleaddon"})
_DATES = {
    "issued": "",
    "original-date": "origdate",
    "event-date": "eventdate",
    "accessed": "urldate",
}
_SHORT = frozenset(
    {"genre", "ISSN", "ISBN", "PMID", "volume", "issue", "number", "edition", "page"}
)
_FIELD_NAME = re.compile(r"[A-Za-z][\w.:+-]*")
_PARENTS = ("crossref", "xref", "xdata")
_VERBATIM = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID"}
# What pandoc has no word for, in the fields of BibLaTeX and of JabRef.
_TEXTS = {"archive": "archive", "archivelocation": "archive_location", "language": "language"}
_TEXTS |= {"eventtitle": "event-title"}
_CONTAINERS = ("journaltitle", "journal", "booktitle", "maintitle")
_TEXTS |= {"rights": "license", "copyright": "license", "part": "part-number"}
_TEX = re.compile(r"\\([_%&#$~^{}])|[{}]")
_MEMORY = 1024
"""Megabytes that pandoc may take."""
_SECONDS = 15.0
"""Seconds that pandoc may take, besides one for each 20,000 letters."""
_OPENING, _CLOSING = "\ue07b", "\ue07d"
_PLACE_HOLDER = "weeknotes-entry-"


def read(text: str) -> tuple[list[Entry], list[BadEntry]]:
    """The entries of a ``.bib`` file, with their citation key as ``id`` (empty where there is none),
    and those that cannot be read."""
    parsed, bad = parse(text)
    _without_circles(parsed)
    by_key: dict[str, BibEntry] = {}
    named = []
    for number, entry in enumerate(parsed):
        # Of two entries with one key, pandoc would mix the fields.
        alone = is_readable(entry.key) and by_key.setdefault(entry.key, entry) is entry
        named.append(entry if alone else replace(entry, key=f"{_PLACE_HOLDER}{number}"))
    found, failed = _converted(named, named)
    entries = []
    for original, entry in zip(parsed, named, strict=True):
        if (item := found.get(entry.key)) is not None:
            parent = by_key.get(entry.fields.get("crossref", ""))
            if parent and entry.kind in _PARTS and "container-title" not in item:
                # pandoc takes the book of a chapter from a @collection alone.
                whole = found.get(parent.key, {})
                title = whole.get("container-title") or whole.get("title")
                item |= {"container-title": title} if title else {}
            key = original.key if is_citable(original.key) else ""
            entries.append(_completed(item, entry) | {"id": key})
    return entries, [*bad, *failed]


def _without_circles(entries: list[BibEntry]) -> None:
    """Take references to parents out that lead back to the entry itself: pandoc would follow them
    for ever."""
    parents = {entry.key: entry.fields.get("crossref", "").strip() for entry in entries}
    for entry in entries:
        seen, key = {entry.key}, parents[entry.key]
        while key and key in parents and key not in seen:
            seen.add(key)
            key = parents[key]
        if key and key in seen:
            entry.fields.pop("crossref", None)


def _converted(
    entries: list[BibEntry], everything: list[BibEntry]
) -> tuple[dict[str, Entry], list[BadEntry]]:
    """The items that pandoc makes of ``entries``, by key. Where it refuses them, each half is tried,
    until the one that it does not understand is found. ``everything`` has the parents of entries."""
    if not entries:
        return {}, []
    wanted = {entry.key for entry in entries}
    parents = {
        name.strip()
        for entry in entries
        for field in _PARENTS
        for name in entry.fields.get(field, "").split(",")
    }
    listed = entries + [one for one in everything if one.key in parents - wanted]
    done = _pandoc("\n".join(map(_written, listed)))
    if done.returncode == 0:
        output = done.stdout.decode().replace(_OPENING, "{").replace(_CLOSING, "}")
        items = json.loads(output)
        return {item["id"]: item for item in items if item["id"] in wanted}, []
    if len(entries) == 1:
        reason = " ".join(done.stderr.decode("utf-8", "replace").split())
        reason = re.sub(r"^Error at .*?:\s*|[-^]*\^.*$", "", reason)
        return {}, [BadEntry(entries[0].key, entries[0].line, f"not understood: {reason[:120]}")]
    middle = len(entries) // 2
    left, right = (_converted(half, everything) for half in (entries[:middle], entries[middle:]))
    return left[0] | right[0], left[1] + right[1]


def _pandoc(text: str) -> subprocess.CompletedProcess[bytes]:
    """pandoc's conversion, within bounds: there are entries on which its reader runs without end and
    takes all memory (seen with 3.9). Such a run ends as one that refuses the entry."""
    import pypandoc

    command = [
        pypandoc.get_pandoc_path(),
        *("+RTS", f"-M{_MEMORY}m", "-RTS"),
        *("--from=biblatex", "--to=csljson", "--sandbox"),
    ]
    try:
        return subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            check=False,
            timeout=_SECONDS + len(text) / 20_000,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(
            command, 1, b"", b"pandoc does not come to an end with it"
        )


def _written(entry: BibEntry) -> str:
    """An entry in a form that pandoc reads: titles in braces of their own, since it would change the
    case of their letters."""
    lines = []
    for name, value in entry.fields.items():
        text = _balanced(flat(name, value))
        if name in _NAMES:
            text = plain_names(text)
        elif name not in _VERBATIM and name not in _ADDRESSES:
            text = escaped_signs(without_unknown_commands(text))
        if not _FIELD_NAME.fullmatch(name) or (name in _WHOLE_WORKS and entry.kind in _SINGLE):
            continue
        lines.append(
            f"  {name} = {{{{{text}}}}},\n"
            if name in _TITLES | _WHOLE
            else f"  {name} = {{{text}}},\n"
        )
    kind = entry.kind if entry.kind.isalpha() else "misc"
    return f"@{kind}{{{entry.key},\n{''.join(lines)}}}\n"


def _balanced(text: str) -> str:
    """``text`` with braces that pair up: a lone one behind a backslash is a letter of no script until
    pandoc has read the rest."""
    if text.count("{") == text.count("}"):
        return text
    return text.replace(r"\{", _OPENING).replace(r"\}", _CLOSING)


def _completed(item: Entry, entry: BibEntry) -> Entry:
    """``item``, which pandoc made of ``entry``, with the fields that pandoc leaves out."""
    fields = {name: flat(name, value) for name, value in entry.fields.items()}
    item = {**item, "type": item.get("type") or "document"}
    _add_dates(item, fields)
    for name, variable in _VERBATIM.items():
        if fields.get(name):
            item[variable] = re.sub(
                r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", _plain(fields[name]), flags=re.I
            )
    for name, variable in _TEXTS.items():
        if fields.get(name):
            item.setdefault(variable, _plain(fields[name]))
    if fields.get("langid") and fields.get("language"):
        # The one is for hyphenation, the other what the language was called.
        item["language"] = _plain(fields["language"])
    if (container := _container(item, entry.kind, fields)) and "container-title" not in item:
        item["container-title"] = container
    _add_eprint(item, fields)
    _tidy(item, fields)
    if rest := unread(fields, item):
        item["custom"] = {"fields": rest}
    return item


def _container(item: Entry, kind: str, fields: Mapping[str, str]) -> str:
    """The title of the journal or book that the work is in; of a volume, that of all volumes."""
    if kind not in _SINGLE:
        return _plain(next((fields[name] for name in _CONTAINERS if fields.get(name)), ""))
    parts = (fields.get("maintitle", ""), fields.get("mainsubtitle", ""))
    title = ": ".join(filter(None, map(_plain, parts))) or _plain(fields.get("booktitle", ""))
    return title if title != item.get("title") else ""


def _add_dates(item: Entry, fields: Mapping[str, str]) -> None:
    """Read the dates anew that pandoc leaves out or misreads, and put seasons as CSL has them."""
    known = (item.get("issued") or {}).get("date-parts")
    if date := _date(fields, read=bool(known)):
        item["issued"] = date
    elif "issued" in item and not known:
        del item["issued"]
    for name, typed in _DATES.items():
        if not (item.get(name) or {}).get("date-parts") and (text := _plain(fields.get(typed, ""))):
            item[name] = parse_date(text)
        if name in item:
            item[name] = _with_season(item[name])


def _tidy(item: Entry, fields: Mapping[str, str]) -> None:
    """Bring what pandoc takes over with its TeX, or joins, into the form of CSL."""
    if "URL" in item:
        address = re.sub(r"^\\url\s*\{(.*)\}$", r"\1", str(item["URL"]).strip())
        item["URL"] = re.sub(r"\\([_%&#~{}])", r"\1", address)
    for name in _SHORT & item.keys():
        if isinstance(item[name], str) and "$" not in item[name]:
            item[name] = re.sub(r"[{}]", "", item[name]).strip()
    if "keyword" in item:
        words = (word.strip() for word in str(item["keyword"]).split(","))
        item["keyword"] = ", ".join(dict.fromkeys(filter(None, words)))
    if item.get("volume") == f"{_plain(fields.get('volume', ''))}.{_plain(fields.get('part', ''))}":
        item["volume"] = _plain(fields["volume"])
    if "other-ids" in item:
        names = other_ids({"other-ids": str(item.pop("other-ids")).replace(",", " ")})
        if names := tuple(filter(is_citable, names)):
            item["other-ids"] = " ".join(names)


def _with_season(date: Any) -> Any:
    """A date whose season pandoc has as the month 21 to 24 (ISO 8601-2, 4.8) as CSL has it."""
    parts = date.get("date-parts") if isinstance(date, dict) else None
    if not parts or not any(len(part) == 2 and 21 <= part[1] <= 24 for part in parts):
        return date
    season = next(part[1] - 20 for part in parts if len(part) == 2 and part[1] > 20)
    return {**date, "date-parts": [part[:1] for part in parts], "season": season}


def _date(fields: Mapping[str, str], read: bool) -> dict[str, object] | None:
    """The date of publication where pandoc's reading of it is not to be trusted; None to keep that.
    ``read`` says whether pandoc made a date of it at all."""
    if typed := _plain(fields.get("date", "")):
        certain = read and re.fullmatch(r"[-\d/.~?%XuT:]+", typed)
        return None if certain else parse_date(typed)
    year, month, day = (
        _plain(fields.get(name, "").replace("~", " ").replace(r"\slash", "/"))
        for name in ("year", "month", "day")
    )
    if not year:
        return None
    # "1985a" tells two papers of one year apart, which styles do themselves.
    year = re.sub(r"^(\d{4})[a-z]$", r"\1", year.replace("--", "-"))
    month = re.sub(rf"^(\d{{1,2}})\s*/\s*{re.escape(year)}$", r"\1", month)
    if re.fullmatch(r"\d{1,2}", month) and 1 <= int(month) <= 12:
        month = ("jan feb mar apr may jun jul aug sep oct nov dec").split()[int(month) - 1]
    whole = parse_date(" ".join(part for part in (day, month, year) if part))
    alone = parse_date(year)
    # A month that is none must not spoil the year.
    date = whole if whole and "date-parts" in whole else alone
    return {**date, "circa": True} if date and alone and alone.get("circa") else date


def _add_eprint(item: Entry, fields: Mapping[str, str]) -> None:
    eprint = _plain(fields.get("eprint", ""))
    kind = _plain(fields.get("eprinttype") or fields.get("archiveprefix") or "")
    if not eprint:
        return
    if kind.lower() == "arxiv" or (
        not kind and re.fullmatch(r"(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?", eprint, re.I)
    ):
        number = re.sub(r"^arxiv:|v\d+$", "", eprint, flags=re.I)
        item["archive"], item["archive_location"] = "arXiv", number
    elif kind.lower() in ("pubmed", "pmid"):
        item.setdefault("PMID", eprint)
    else:
        item.setdefault("archive", kind or "eprint")
        item.setdefault("archive_location", eprint)


def _plain(value: str) -> str:
    """A value without braces and backslashes before signs."""
    return _TEX.sub(lambda found: found[1] or "", value).strip()
