"""A paper that a source announces, and its form in JSON Lines.

Every source and every file of candidates gives `Paper` records; ranking, the ledger and the notebook
read nothing else. The wire form is one JSON object a line (jsonlines.org) with the names of the
fields below. It is checked here, once: a line that is no paper raises DigestError with its number.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from weeknotes.errors import DigestError
from weeknotes.library.csl_dates import parse_date
from weeknotes.library.identifiers import parse_identifier

#: Other names that files of candidates use for a field.
_SYNONYMS = {
    "summary": "abstract",
    "author": "authors",
    "link": "url",
    "published": "date",
    "upvotes": "votes",
    "category": "categories",
    "keywords": "categories",
    "pdf_url": "pdf",
    "code_url": "code",
    "project_url": "project",
    "journal-ref": "journal_ref",
    "ai_summary": "source_summary",
}
_LINKS = ("thumbnail", "video", "pdf", "code", "project")
_TEXTS = (*_LINKS, "comment", "journal_ref", "announce_type", "source_summary")
_A_LINE = "Candidates are JSON Lines: one object a line with id, title and abstract."
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: Half of a surrogate pair, which JSON can name and UTF-8 cannot.
_HALF = re.compile("[\ud800-\udfff]")
_WEB = re.compile(r"https?://[^\s<>\"]+$", re.I)
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Paper:
    """A paper as its source tells of it. All text is data from outside: plain text, never markup.

    ``id`` is the canonical identity (``arxiv:2310.00001`` without a version, ``doi:10.1101/…``,
    ``url:…`` or ``title:…`` where there is nothing better), ``ids`` all identities, ``id`` among
    them. ``given_id`` is the id as the file or service wrote it, which ``--json`` answers with.
    ``date`` is the day of the announcement or, where the source tells none, of the publication.
    ``announce_type`` is arXiv's: ``new``, ``cross``, ``replace`` or ``replace-cross``.
    ``source_summary`` is a summary that the source itself offers, to be labelled as the source's.
    """

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    date: datetime.date | None = None
    source: str = ""
    categories: tuple[str, ...] = ()
    votes: int | None = None
    thumbnail: str | None = None
    video: str | None = None
    pdf: str | None = None
    code: str | None = None
    project: str | None = None
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    version: int | None = None
    announce_type: str | None = None
    source_summary: str | None = None
    ids: tuple[str, ...] = ()
    given_id: str = ""


_FIELDS = tuple(field.name for field in fields(Paper))


def paper_of(record: Mapping[str, Any], *, source: str = "", where: str = "") -> Paper:
    """The paper that ``record`` tells of; keys that are no field of a paper are ignored.

    ``title`` is needed, and everything else may be missing or null. ``id`` may be an arXiv id with or
    without version, a DOI, or an address of either; ``authors`` a list of names, a list of objects
    with ``name`` (or ``given`` and ``family``), or one text of names separated by semicolons, commas
    or "and"; ``categories`` a list or a text separated by spaces; ``date`` a date or time in ISO 8601,
    or a date as people write them (its first day, where only the month or the year is given).

    Raises DigestError, which names ``where``, when a value cannot be read as its field.
    """
    known: dict[str, Any] = {}
    for key, value in record.items():
        name = _SYNONYMS.get(key, key)
        if (
            name in _FIELDS
            and value not in (None, "", [], {})
            and (name == key or name not in known)
        ):
            known[name] = value
    title = _text(known, "title", where)
    if not title:
        raise DigestError(
            "a paper has no title", file=where or None, hint='Each line needs a "title".'
        )
    given = _text(known, "id", where) if not isinstance(known.get("id"), int | float) else ""
    if not given and "id" in known:
        raise DigestError(
            f'"id" is the number {known["id"]}, which loses digits of an arXiv id',
            file=where or None,
            hint='Write it in quotes: "id": "2310.00010".',
        )
    url, doi = _address(known, "url", where), _text(known, "doi", where) or None
    url = url or (given if _WEB.match(given) else "")
    ids, version = identities_of(given, doi or "", url, title)
    earlier = tuple(str(one) for one in known.get("ids", ()) if isinstance(one, str))
    return Paper(
        id=ids[0],
        title=title,
        abstract=_text(known, "abstract", where),
        authors=_names(known.get("authors", ()), where),
        url=url or _address_of(ids[0]),
        date=_date(known.get("date"), where),
        source=_text(known, "source", where) or source,
        categories=_list(known.get("categories", ()), "categories", where),
        votes=_number(known, "votes", where),
        doi=doi,
        version=_number(known, "version", where) or version,
        ids=tuple(dict.fromkeys((*ids, *earlier))),
        given_id=_text(known, "given_id", where) or given,
        **{
            name: (_address if name in _LINKS else _text)(known, name, where) or None
            for name in _TEXTS
        },
    )


def to_record(paper: Paper) -> dict[str, Any]:
    """``paper`` as a JSON object without the fields that are empty; `paper_of` reads it back."""
    record: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(paper, name)
        if value not in (None, "", ()):
            record[name] = value.isoformat() if isinstance(value, datetime.date) else value
            if isinstance(value, tuple):
                record[name] = list(value)
    return record


def read_papers(lines: Iterable[str], *, source: str = "", name: str = "") -> list[Paper]:
    """The papers of JSON Lines, in order; empty lines are skipped. ``name`` is the file's, for
    messages.

    Raises DigestError with the number of the first line that is no paper: nothing is left out in
    silence.
    """
    papers = []
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("\ufeff").strip()
        if not text:
            continue
        where = f"{name or 'candidates'}, line {number}"
        try:
            record = json.loads(text)
        except ValueError as error:
            raise DigestError(
                f"this is no JSON object: {error}",
                file=where,
                hint=_A_LINE,
            ) from error
        if not isinstance(record, dict):
            raise DigestError("this line is JSON, but no object", file=where, hint=_A_LINE)
        papers.append(paper_of(record, source=source, where=where))
    return papers


def write_line(paper: Paper) -> str:
    """``paper`` as one line of JSON Lines, line feed included, the same bytes for the same paper."""
    return json.dumps(to_record(paper), ensure_ascii=False, sort_keys=True) + "\n"


def identities_of(given: str, doi: str, url: str, title: str) -> tuple[tuple[str, ...], int | None]:
    """All identities of a paper, the canonical one first, and arXiv's version where one is named.

    An arXiv id comes before a DOI, a DOI before an id of another kind, then the address; the hash of
    the title is always among them, since a source may know nothing else of the same paper.
    """
    found = [one for text in (given, doi, url) if text and (one := parse_identifier(text))]
    papers = [one for one in found if one.kind in ("arxiv", "doi")]
    papers.sort(key=lambda one: one.kind != "arxiv")
    ids = [f"{one.kind}:{one.value}" for one in papers]
    if given and parse_identifier(given) not in papers:
        ids.append(given if re.match(r"[a-z][a-z0-9]*:\S", given) else f"id:{given}")
    if url and not ids:
        ids.append(f"url:{url}")
    versions = [one.version for one in papers if one.version]
    version = int(versions[0].lstrip("v")) if versions else None
    return tuple(dict.fromkeys((*ids, title_identity(title)))), version


def title_identity(title: str) -> str:
    """``title:`` and a hash of the title's letters and digits alone, without case, accents and
    spacing: the same for the same title in another source."""
    plain = _NO_LETTER.sub("", unicodedata.normalize("NFKD", title).casefold()) or title
    return f"title:{hashlib.sha256(plain.encode()).hexdigest()[:16]}"


def _names_of(value: Any) -> Iterable[Any]:
    if isinstance(value, str):
        separator = ";" if ";" in value else r",\s+(?:and\s+)?|\s+and\s+"
        return re.split(separator, value)
    return value if isinstance(value, list | tuple) else (value,)


def _names(value: Any, where: str) -> tuple[str, ...]:
    names = []
    for one in _names_of(value):
        if isinstance(one, dict):
            parts = [one.get("given"), one.get("family")]
            one = one.get("name") or one.get("literal") or " ".join(str(p) for p in parts if p)
        if not isinstance(one, str):
            raise DigestError(
                f'"authors" holds {one!r}, which is no name',
                file=where or None,
                hint='Write "authors": ["Given Family", ...].',
            )
        names.append(_clean(one))
    return tuple(name for name in dict.fromkeys(names) if name)


def _list(value: Any, name: str, where: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"\s*[,;]\s*|\s+", value)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise DigestError(f'"{name}" is no list of texts', file=where or None)
    return tuple(dict.fromkeys(text for one in value if (text := _clean(one))))


def _text(known: Mapping[str, Any], name: str, where: str) -> str:
    value = known.get(name, "")
    if not isinstance(value, str):
        raise DigestError(f'"{name}" is no text but {value!r}', file=where or None)
    return _clean(value)


def _clean(text: str) -> str:
    return " ".join(_HALF.sub("\ufffd", _CONTROL.sub(" ", text)).split())


def _address(known: Mapping[str, Any], name: str, where: str) -> str:
    """A web address, or empty: an address of another scheme is not one that a page may link to."""
    text = _text(known, name, where)
    return text if _WEB.match(text) else ""


def _address_of(identity: str) -> str:
    kind, _, value = identity.partition(":")
    hosts = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}
    return f"{hosts[kind]}{value}" if kind in hosts else ""


def _number(known: Mapping[str, Any], name: str, where: str) -> int | None:
    value = known.get(name)
    if isinstance(value, str) and re.fullmatch(r"v?\d+", value.strip(), re.ASCII):
        value = int(value.strip().lstrip("v"))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise DigestError(f'"{name}" is no whole number but {value!r}', file=where or None)
    return value


def _date(value: Any, where: str) -> datetime.date | None:
    if value is None:
        return None
    parts = None
    if isinstance(value, str):
        found = parse_date(value.strip()) or {}
        parts = (found.get("date-parts") or [None])[0]
    if not parts:
        raise DigestError(
            f'"date" is {value!r}, which is no date',
            file=where or None,
            hint='Write it as "2026-11-27".',
        )
    year, month, day = (*parts, 1, 1)[:3]
    return datetime.date(year, month, day)
