"""arXiv's announcements of past days.

OAI-PMH (oaipmh.arxiv.org, "The Open Archives Initiative Protocol for Metadata Harvesting" 2.0) lists
records by the day of their last change. A record belongs to the day that its first version was
announced on: that of its only version is its datestamp, and that of a paper revised since follows
from the time at which its first version came in. Old papers whose record has changed are left out.

The API ("arXiv API User's Manual", info.arxiv.org/help/api/user-manual) takes the place of OAI-PMH
where that does not answer. It is asked by the time of submission: at most 2,000 entries a request and
30,000 in all.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from weeknotes.digests.paper import Paper, paper_of
from weeknotes.digests.sources.arxiv_days import announced_on, submitted_between
from weeknotes.digests.sources.feed import first, local, moment_of, root
from weeknotes.digests.sources.listing import read_each
from weeknotes.errors import DigestError
from weeknotes.library.web_client import (
    ARXIV,
    ARXIV_OAI,
    LookupFailedError,
    RefusedError,
    Web,
)

#: The archives of OAI-PMH's set ``physics``; every other archive is a set of its own name.
_PHYSICS = frozenset(
    "astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nlin nucl-ex nucl-th physics "
    "quant-ph".split()
)
#: Days for which moderators may hold a paper back before it is announced.
_LONGEST_HOLD = 7
#: Days after the last that was missed in which a paper may have been revised already.
_REVISED_WITHIN = 7
_MOST_PAGES = 100
_PAGE = 2000
_MOST_ENTRIES = 30_000
_KEPT = 86_400.0
_OAI_ACCEPT = "text/xml, application/xml"


def papers(
    days: Sequence[date], categories: Sequence[str], web: Web, today: date
) -> dict[date, list[Paper]]:
    """The papers of ``categories`` first announced on each of ``days``.

    Raises LookupFailedError or DigestError where neither OAI-PMH nor the API answers.
    """
    try:
        return _from_oai(days, categories, web, today)
    except (LookupFailedError, DigestError) as error:
        try:
            return {day: _from_api(day, categories, web) for day in days}
        except (LookupFailedError, DigestError) as second:
            raise DigestError(f"{error.message}; {second.message}") from second


# OAI-PMH


def _from_oai(
    days: Sequence[date], categories: Sequence[str], web: Web, today: date
) -> dict[date, list[Paper]]:
    first_day = min(days)
    last_day = max(min(max(days) + timedelta(days=_REVISED_WITHIN), today), max(days))
    found: dict[date, dict[str, Paper]] = {day: {} for day in days}
    for category in categories:
        records = _records(category, first_day, last_day, web)
        dated = [(record, day) for record in records for day in _days_of(record) if day in found]
        for day in days:
            read, _ = read_each(
                (record for record, own in dated if own == day),
                lambda record, day=day: _record_paper(record, day, categories),  # type: ignore[misc]
            )
            for paper in read:
                found[day].setdefault(paper.id, paper)
    return {day: list(of_day.values()) for day, of_day in found.items()}


def _records(category: str, since: date, until: date, web: Web) -> list[Any]:
    """The records of ``category`` changed from ``since`` to ``until``, page after page."""
    try:
        return list(_pages("arXivRaw", category, since, until, web))
    except _UnknownFormatError:
        return list(_pages("arXiv", category, since, until, web))


class _UnknownFormatError(DigestError):
    """The repository does not disseminate the format that was asked for."""


def _pages(form: str, category: str, since: date, until: date, web: Web) -> Iterator[Any]:
    params = {
        "verb": "ListRecords",
        "metadataPrefix": form,
        "set": set_of(category),
        "from": since.isoformat(),
        "until": until.isoformat(),
    }
    for _ in range(_MOST_PAGES):
        data = web.get(
            ARXIV_OAI,
            "oai",
            params,
            accept=_OAI_ACCEPT,
            check=_is_answer,
            since=time.time() - _KEPT,
        )
        tree = _oai_root(data) if data else None
        if tree is None:
            raise DigestError("arXiv's OAI-PMH has no such address")
        error = next((element for element in tree if local(element) == "error"), None)
        if error is not None:
            code = error.get("code")
            if code == "noRecordsMatch":
                return
            if code == "cannotDisseminateFormat":
                raise _UnknownFormatError(f"arXiv's OAI-PMH does not know {form}")
            said = " ".join("".join(error.itertext()).split())
            raise DigestError(f"{category}: arXiv's OAI-PMH says {code}: {said}")
        yield from (element for element in tree.iter() if local(element) == "record")
        token = next((e for e in tree.iter() if local(e) == "resumptionToken"), None)
        text = (token.text or "").strip() if token is not None else ""
        if not text:
            return
        params = {"verb": "ListRecords", "resumptionToken": text}
    raise DigestError("arXiv's OAI-PMH gave no end of its list")


def set_of(category: str) -> str:
    """OAI-PMH's set of ``category``: ``cs.LG`` is in ``cs:cs:LG``, ``quant-ph`` in
    ``physics:quant-ph``, all of ``math`` in ``math``."""
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    if subject:
        return f"{group}:{archive}:{subject}"
    return f"{group}:{archive}" if archive in _PHYSICS else group


def _days_of(record: Any) -> list[date]:
    """The days whose list the record may be on; none for an old paper whose record has changed."""
    header = _child(record, "header")
    if header is None or header.get("status") == "deleted":
        return []
    stamp = moment_of(first(header, "datestamp"))
    submitted, revised = _first_version(record)
    if stamp is None or submitted is None:
        return []
    day, first_day = stamp.date(), submitted.date()
    if first_day == day or (not revised and 0 <= (day - first_day).days <= _LONGEST_HOLD):
        return [day]
    announced = announced_on(submitted)
    return [announced] if revised and announced <= day else []


def _first_version(record: Any) -> tuple[datetime | None, bool]:
    """The time at which the first version was submitted, and whether there is another, in both of
    arXiv's formats."""
    versions = [element for element in record.iter() if local(element) == "version"]
    if versions:
        own = next((v for v in versions if v.get("version", "v1") == "v1"), versions[0])
        return moment_of(first(own, "date")), len(versions) > 1
    metadata = _metadata(record)
    if metadata is None:
        return None, False
    created, updated = first(metadata, "created"), first(metadata, "updated")
    moment = moment_of(created)
    # A day alone: its noon is before the closing time, as most submissions are.
    noon = moment.replace(hour=12) if moment else None
    return noon, bool(updated) and updated != created


def _record_paper(record: Any, day: date, categories: Sequence[str]) -> Paper:
    metadata = _metadata(record)
    if metadata is None:
        raise DigestError("a record has no metadata")
    identifier = first(metadata, "id")
    own = first(metadata, "categories").split()
    versions = [e.get("version", "") for e in record.iter() if local(e) == "version"]
    return paper_of(
        {
            "id": identifier,
            "title": " ".join(first(metadata, "title").split()),
            "abstract": first(metadata, "abstract"),
            "authors": _authors(metadata),
            "url": f"https://arxiv.org/abs/{identifier}",
            "date": day.isoformat(),
            "categories": own,
            "doi": first(metadata, "doi"),
            "journal_ref": first(metadata, "journal-ref"),
            "comment": first(metadata, "comments"),
            "version": len(versions) or None,
            "announce_type": "new" if _is_of(own[:1], categories) else "cross",
        },
        source="arxiv",
        where=f"arXiv:{identifier}",
    )


def _authors(metadata: Any) -> list[str]:
    authors = _child(metadata, "authors")
    if authors is None:
        return []
    people = [element for element in authors if local(element) == "author"]
    if not people:
        return names_in("".join(authors.itertext()))
    return [
        " ".join(
            filter(None, (first(one, "forenames"), first(one, "keyname"), first(one, "suffix")))
        )
        for one in people
    ]


def names_in(text: str) -> list[str]:
    """The names in arXiv's lists of authors (``A. One, B. Two (1) and C. Three``), without what is
    in brackets: affiliations."""
    depth, kept = 0, []
    for letter in text:
        depth += (letter == "(") - (letter == ")" and depth > 0)
        if depth == 0 and letter != ")":
            kept.append(letter)
    parts = re.split(r",\s*(?:and\s+)?|;\s*|\s+and\s+", "".join(kept))
    return [name for part in parts if (name := " ".join(part.split()))]


def _is_of(own: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether one of a paper's categories is among those wanted, or in an archive that is."""
    return any(one in wanted or one.partition(".")[0] in wanted for one in own)


def _metadata(record: Any) -> Any:
    """The element that holds a record's metadata, in whichever format."""
    metadata = _child(record, "metadata")
    return (
        next((e for e in metadata if isinstance(e.tag, str)), None)
        if metadata is not None
        else None
    )


def _child(parent: Any, name: str) -> Any:
    return next((element for element in parent if local(element) == name), None)


def _oai_root(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return tree if local(tree) == "OAI-PMH" else None


def _is_answer(data: bytes) -> bool:
    return _oai_root(data) is not None


# The API


def _from_api(day: date, categories: Sequence[str], web: Web) -> list[Paper]:
    since, until = submitted_between(day)
    end = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    wanted = " OR ".join(f"cat:{c if '.' in c else c + '*'}" for c in categories)
    wanted = f"({wanted})" if len(categories) > 1 else wanted
    query = f"{wanted} AND submittedDate:[{since:%Y%m%d%H%M} TO {max(until, end):%Y%m%d%H%M}]"
    found: dict[str, Paper] = {}
    for start in range(0, _MOST_ENTRIES, _PAGE):
        tree = _api_page(query, start, web)
        page = [element for element in tree if local(element) == "entry"]
        read, _ = read_each(
            (entry for entry in page if _is_of_day(entry, day)),
            lambda entry: _api_paper(entry, day, categories),
        )
        found |= {paper.id: paper for paper in read}
        total = first(tree, "totalResults")
        end_of_list = start + len(page) >= int(total) if total.isdigit() else len(page) < _PAGE
        if not page or end_of_list:
            if total.isdigit() and start + len(page) < int(total):
                raise DigestError(f"arXiv's API gave {start + len(page)} of {total} papers")
            return list(found.values())
    raise DigestError(f"arXiv's API gives no more than {_MOST_ENTRIES} papers of a query")


def _api_page(query: str, start: int, web: Web) -> Any:
    params = {
        "search_query": query,
        "start": str(start),
        "max_results": str(_PAGE),
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    try:
        data = web.get(
            ARXIV,
            "api/query",
            params,
            accept="application/atom+xml",
            check=_is_feed,
            since=time.time() - _KEPT,
        )
    except RefusedError as error:
        # A malformed query is answered with 400 as well as with 200.
        data = error.body if _is_feed(error.body) else None
        if data is None:
            raise
    tree = root(data) if data else None
    if tree is None:
        raise DigestError("arXiv's API has no such address")
    for entry in tree:
        if local(entry) == "entry" and "/api/errors" in first(entry, "id"):
            raise DigestError(f"arXiv's API says: {' '.join(first(entry, 'summary').split())}")
    return tree


def _is_feed(data: bytes) -> bool:
    tree = root(data)
    return tree is not None and local(tree) == "feed"


def _is_of_day(entry: Any, day: date) -> bool:
    published = moment_of(first(entry, "published"))
    return published is not None and day in (announced_on(published), published.date())


_VERSION = re.compile(r"(?:abs/)?([^/]+/\d+|[\d.]+)v(\d+)$")


def _api_paper(entry: Any, day: date, categories: Sequence[str]) -> Paper:
    address = first(entry, "id")
    found = _VERSION.search(address)
    identifier = re.sub(r"v\d+$", "", address.rpartition("/abs/")[2])
    own = [e.get("term", "") for e in entry if local(e) == "category"]
    primary = [e.get("term", "") for e in entry if local(e) == "primary_category"]
    names = [first(author, "name") for author in entry if local(author) == "author"]
    return paper_of(
        {
            "id": identifier,
            "title": " ".join(first(entry, "title").split()),
            "abstract": first(entry, "summary"),
            "authors": [" ".join(name.split()) for name in names],
            "url": f"https://arxiv.org/abs/{identifier}",
            "date": day.isoformat(),
            "categories": list(dict.fromkeys([*primary, *own])),
            "doi": first(entry, "doi"),
            "journal_ref": first(entry, "journal_ref"),
            "comment": first(entry, "comment"),
            "version": int(found[2]) if found else None,
            "announce_type": "new" if _is_of(primary or own[:1], categories) else "cross",
        },
        source="arxiv",
        where=f"arXiv:{identifier}",
    )
