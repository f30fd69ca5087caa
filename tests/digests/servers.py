"""A server on loopback that speaks the protocols of arXiv's feeds, OAI-PMH and API, of Hugging Face's
daily papers and of bioRxiv, with their faults.

Feeds: info.arxiv.org/help/rss_specifications. OAI-PMH: openarchives.org/OAI/openarchivesprotocol.html,
formats arXiv and arXivRaw. API: info.arxiv.org/help/api/user-manual, 3.3 and 3.4. Hugging Face:
huggingface.co/docs/hub/api. bioRxiv: api.biorxiv.org.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.loopback import Loopback

CATEGORIES = ("cs.LG", "cs.CV", "stat.ML", "quant-ph")
OAI_PAGE = 3
BIORXIV_PAGE = 30


@dataclass
class Item:
    """A paper as the services know it. ``announced`` are the days of its versions, ``crossed`` that on
    which another category listed it."""

    id: str
    title: str
    abstract: str = "We measure what a lamp remembers of the light that it gave."
    authors: tuple[str, ...] = ("Ada Kim", "Bo van der Berg")
    categories: tuple[str, ...] = ("cs.LG",)
    announced: tuple[date, ...] = (date(2026, 11, 27),)
    submitted: datetime | None = None
    touched: date | None = None
    crossed: date | None = None
    doi: str = ""

    @property
    def first_submitted(self) -> datetime:
        """When the first version came in: at ten o'clock, a working day before it was announced."""
        if self.submitted:
            return self.submitted
        day = self.announced[0] - timedelta(days=3 if self.announced[0].weekday() == 0 else 1)
        return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)

    @property
    def datestamp(self) -> date:
        """The day of the last change of its record."""
        return self.touched or self.announced[-1]


@dataclass
class World:
    """What all services have, and what goes wrong. ``faults`` maps a part of a path to what its next
    requests meet: a status, ``cut``, ``slow``, ``junk``."""

    papers: list[Item] = field(default_factory=list)
    feed_day: date = date(2026, 11, 27)
    hf: dict[date, list[dict[str, Any]]] = field(default_factory=dict)
    hf_lists: tuple[date, date] = (date(2023, 5, 4), date(2026, 11, 30))
    preprints: list[dict[str, Any]] = field(default_factory=list)
    own_feed: str = ""
    holidays: tuple[date, ...] = ()
    feed_limit: int = 2000
    raw_format: bool = True
    faults: list[tuple[str, str]] = field(default_factory=list)


class DigestServer:
    """All services at one address, each below a name of its own."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.log: list[tuple[float, str, dict[str, str]]] = []
        server = self

        class Handler(_Handler):
            owner = server

        self._http = Loopback(Handler)

    @property
    def address(self) -> str:
        return self._http.url

    @property
    def environment(self) -> dict[str, str]:
        """What points Weeknotes here."""
        names = ("ARXIV", "ARXIV_RSS", "ARXIV_OAI", "HF", "BIORXIV", "CROSSREF", "DOI")
        return {f"WEEKNOTES_{name}_ENDPOINT": f"{self.address}/{name.lower()}" for name in names}

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.log]

    def close(self) -> None:
        self._http.close()

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        service, _, rest = path.lstrip("/").partition("/")
        match service:
            case "arxiv_rss":
                return self._feed(*rest.split("/", 1))
            case "arxiv_oai":
                return 200, "text/xml", self._oai(query).encode()
            case "arxiv":
                return 200, "application/atom+xml", self._api(query).encode()
            case "hf":
                return self._hf(query)
            case "biorxiv":
                return 200, "application/json", self._biorxiv(rest)
            case "feed.xml":
                return 200, "application/rss+xml", self.world.own_feed.encode()
        return 404, "text/plain", b"not here"

    # arXiv's feeds

    def _feed(self, form: str, category: str) -> tuple[int, str, bytes]:
        world, day = self.world, self.world.feed_day
        midnight = format_datetime(datetime(day.year, day.month, day.day, 5, tzinfo=UTC)).replace(
            "05:00:00 +0000", "00:00:00 -0500"
        )
        if category.partition(".")[0] not in {c.partition(".")[0] for c in CATEGORIES}:
            body = _rss_frame(
                f"Feed error for query: http://rss.arxiv.org/rss/{category}",
                f"Bad archive '{category}'. Valid archive names are: cs, stat, quant-ph.",
                midnight,
                "",
            )
            return 400, "application/rss+xml", body.encode()
        listed = []
        if day not in world.holidays and day.weekday() < 5:
            for paper in world.papers:
                if day in paper.announced and _is_in(paper, category):
                    version = paper.announced.index(day) + 1
                    listed.append((paper, version, _kind(paper, version, category)))
                elif day == paper.crossed and _is_in(paper, category):
                    listed.append((paper, 1, "cross"))
        order = {"replace-cross": 1, "replace": 2, "cross": 3, "new": 4}
        listed.sort(key=lambda row: order[row[2]])
        listed = listed[: world.feed_limit]
        if form == "atom":
            entries = "".join(_atom_entry(p, v, kind, day) for p, v, kind in listed)
            body = (
                "<?xml version='1.0' encoding='UTF-8'?>"
                '<feed xmlns:arxiv="http://arxiv.org/schemas/atom" '
                'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom">'
                f"<id>http://rss.arxiv.org/atom/{category}</id><title>{category} updates</title>"
                f"<updated>{day}T05:00:09+00:00</updated>{entries}</feed>"
            )
            return 200, "application/atom+xml", body.encode()
        items = "".join(_rss_item(p, v, kind, midnight) for p, v, kind in listed)
        body = _rss_frame(
            f"{category} updates on arXiv.org",
            f"{category} updates on the arXiv.org e-print archive.",
            midnight,
            items,
        )
        return 200, "application/rss+xml", body.encode()

    # arXiv's OAI-PMH

    def _oai(self, query: dict[str, str]) -> str:
        skip = 0
        if token := query.get("resumptionToken"):
            query = {k: v[0] for k, v in parse_qs(unquote(token)).items()}
            skip = int(query.pop("skip"))
        form = query.get("metadataPrefix", "")
        if form == "arXivRaw" and not self.world.raw_format:
            return _oai_frame('<error code="cannotDisseminateFormat">not supported</error>')
        parts = query.get("set", "").split(":")
        category = ".".join(parts[1:]) if len(parts) > 2 else parts[-1]
        known = {name for c in CATEGORIES for name in (c, c.partition(".")[0])}
        if category not in known:
            return _oai_frame('<error code="badArgument">Set does not exist</error>')
        found = sorted(
            (
                paper
                for paper in map(self._as_known, self.world.papers)
                if paper.announced
                and query["from"] <= str(paper.datestamp) <= query["until"]
                and _is_in(paper, category)
            ),
            key=lambda paper: (paper.datestamp, paper.id),
        )
        if not found:
            return _oai_frame('<error code="noRecordsMatch">an empty list</error>')
        page = found[skip : skip + OAI_PAGE]
        records = "".join(_record(paper, form) for paper in page)
        more = ""
        if skip + OAI_PAGE < len(found):
            pairs = "&".join(f"{k}={v}" for k, v in {**query, "skip": skip + OAI_PAGE}.items())
            until = "expirationDate='2026-12-01T00:00:00Z'"
            more = f"<resumptionToken {until}>{quote(pairs)}</resumptionToken>"
        elif skip:
            more = "<resumptionToken/>"
        return _oai_frame(f"<ListRecords>{records}{more}</ListRecords>")

    def _as_known(self, paper: Item) -> Item:
        """``paper`` as it is on the day of the feeds, without the versions that are to come."""
        until = self.world.feed_day
        return replace(paper, announced=tuple(day for day in paper.announced if day <= until))

    # arXiv's API

    def _api(self, query: dict[str, str]) -> str:
        wanted = query.get("search_query", "")
        window = re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", wanted)
        if not window:
            entry = (
                "<entry><id>https://arxiv.org/api/errors#incorrect_query</id><title>Error</title>"
                "<summary>incorrect query</summary></entry>"
            )
            return _atom_frame(entry, 1)
        categories = re.findall(r"cat:([\w.*-]+)", wanted)
        found = [
            paper
            for paper in self.world.papers
            if window[1] <= f"{paper.first_submitted:%Y%m%d%H%M}" <= window[2]
            and any(_is_in(paper, category.rstrip("*")) for category in categories)
        ]
        start = int(query.get("start", "0"))
        page = found[start : start + int(query.get("max_results", "10"))]
        return _atom_frame("".join(_api_entry(paper) for paper in page), len(found))

    # Hugging Face and bioRxiv

    def _hf(self, query: dict[str, str]) -> tuple[int, str, bytes]:
        day = date.fromisoformat(query["date"])
        first, last = self.world.hf_lists
        if not first <= day <= last:
            error = {"error": f"Invalid date: {day}"}
            return 400, "application/json", json.dumps(error).encode()
        rows = self.world.hf.get(day, [])
        size = int(query.get("limit", "50"))
        start = int(query.get("p", "0")) * size
        return 200, "application/json", json.dumps(rows[start : start + size]).encode()

    def _biorxiv(self, rest: str) -> bytes:
        _, server, first, last, cursor, *_ = rest.split("/")
        found = [
            item
            for item in self.world.preprints
            if item["server"].lower() == server and first <= item["date"] <= last
        ]
        if not found:
            return json.dumps(
                {"messages": [{"status": "no posts found"}], "collection": []}
            ).encode()
        page = found[int(cursor) : int(cursor) + BIORXIV_PAGE]
        message = {
            "status": "ok",
            "category": "all",
            "interval": f"{first}:{last}",
            "cursor": int(cursor),
            "count": len(page),
            "count_new_papers": str(len(found)),
            "total": str(len(found)),
        }
        return json.dumps({"messages": [message], "collection": page}).encode()


class _Handler(BaseHTTPRequestHandler):
    owner: DigestServer
    # The head and the body of an answer are sent apart, which would cost 40 ms a request.
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.owner.log.append((time.monotonic(), self.path, headers))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        status, kind, body = self.owner.answer(parts.path, query)
        faults = self.owner.world.faults
        fault = next((f for f in faults if f[0] in self.path), ("", ""))
        if fault[1]:
            faults.remove(fault)
        if fault[1].isdigit():
            status, kind, body = int(fault[1]), "text/plain", b"Rate exceeded."
        elif fault[1] == "junk":
            kind, body = "text/html", b"<html>Sign in to this network"
        elif fault[1] == "slow":
            time.sleep(0.6)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status in (406, 429, 503):
            self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault[1] == "cut" else body)


def hf_row(name: str, title: str, day: date, **more: Any) -> dict[str, Any]:
    """An entry of a daily list: ``submittedOnDailyAt`` is its day, ``publishedAt`` arXiv's."""
    paper = {
        "id": name,
        "title": title,
        "summary": f"{title}: in which lamps are counted.",
        "authors": [{"name": "Ada Kim"}, {"name": "Ada Kim"}, {"name": "Bo Li", "hidden": False}],
        "publishedAt": f"{day - timedelta(days=2)}T17:00:00.000Z",
        "submittedOnDailyAt": f"{day}T00:00:00.000Z",
        "upvotes": 7,
        **more,
    }
    return {
        "paper": paper,
        "title": title,
        "summary": paper["summary"],
        "publishedAt": paper["publishedAt"],
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{name}.png",
        "numComments": 2,
    }


def preprint(
    doi: str, title: str, day: date, *, server: str = "bioRxiv", **more: Any
) -> dict[str, Any]:
    """An item of bioRxiv's or medRxiv's list."""
    return {
        "title": title,
        "authors": "Kim, A.; van der Berg, B.",
        "doi": doi,
        "date": str(day),
        "version": "1",
        "type": "new results",
        "license": "cc_by",
        "category": "neuroscience",
        "abstract": f"{title}, in mice.",
        "published": "NA",
        "server": server,
        **more,
    }


def _is_in(paper: Item, category: str) -> bool:
    return any(own == category or own.partition(".")[0] == category for own in paper.categories)


def _kind(paper: Item, version: int, category: str) -> str:
    primary = paper.categories[0] == category or paper.categories[0].startswith(f"{category}.")
    if version > 1:
        return "replace" if primary else "replace-cross"
    return "new" if primary else "cross"


def _rss_frame(title: str, description: str, when: str, items: str) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>http://rss.arxiv.org/rss</link>"
        f"<description>{escape(description)}</description><language>en-us</language>"
        f"<pubDate>{when}</pubDate><skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
        f"{items}</channel></rss>"
    )


def _lead(paper: Item, version: int, kind: str) -> str:
    return escape(f"arXiv:{paper.id}v{version} Announce Type: {kind} \nAbstract: {paper.abstract}")


def _own_elements(paper: Item, kind: str) -> str:
    doi = f"<arxiv:DOI>{paper.doi}</arxiv:DOI>" if paper.doi else ""
    return (
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        f"{doi}<dc:creator>{escape(', '.join(paper.authors))}</dc:creator>"
    )


def _rss_item(paper: Item, version: int, kind: str, when: str) -> str:
    categories = "".join(f"<category>{c}</category>" for c in paper.categories)
    return (
        f"<item><title>{escape(paper.title)}</title>"
        f"<link>https://arxiv.org/abs/{paper.id}</link>"
        f"<description>{_lead(paper, version, kind)}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper.id}v{version}</guid>{categories}'
        f"<pubDate>{when}</pubDate>{_own_elements(paper, kind)}</item>"
    )


def _atom_entry(paper: Item, version: int, kind: str, day: date) -> str:
    categories = "".join(f'<category term="{c}"/>' for c in paper.categories)
    return (
        f"<entry><id>oai:arXiv.org:{paper.id}v{version}</id><title>{escape(paper.title)}</title>"
        f"<updated>{day}T05:00:09+00:00</updated>"
        f'<link href="https://arxiv.org/abs/{paper.id}" rel="alternate" type="text/html"/>'
        f"<summary>{_lead(paper, version, kind)}</summary>{categories}"
        f"<published>{day}T00:00:00-05:00</published>{_own_elements(paper, kind)}</entry>"
    )


def _oai_frame(inner: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        "<responseDate>2026-11-30T06:00:00Z</responseDate>"
        f'<request verb="ListRecords">https://oaipmh.arxiv.org/oai</request>{inner}</OAI-PMH>'
    )


def _record(paper: Item, form: str) -> str:
    header = (
        f"<header><identifier>oai:arXiv.org:{paper.id}</identifier>"
        f"<datestamp>{paper.datestamp}</datestamp></header>"
    )
    common = (
        f"<title>{escape(paper.title)}</title><categories>{' '.join(paper.categories)}</categories>"
        f"<abstract>  {escape(paper.abstract)}\n</abstract>"
    )
    if paper.doi:
        common += f"<doi>{paper.doi}</doi>"
    submitted = paper.first_submitted
    if form == "arXivRaw":
        dates = [
            submitted,
            *(datetime(d.year, d.month, d.day, tzinfo=UTC) for d in paper.announced[1:]),
        ]
        versions = "".join(
            f'<version version="v{n}"><date>{when:%a, %d %b %Y %H:%M:%S} GMT</date>'
            "<size>10kb</size></version>"
            for n, when in enumerate(dates, 1)
        )
        people = " and ".join(paper.authors)
        inner = (
            f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper.id}</id>'
            f"<submitter>x</submitter>{versions}<authors>{escape(people)} (1) ((1) Lab, Town)</authors>"
            f"{common}</arXivRaw>"
        )
    else:
        people = "".join(
            f"<author><keyname>{name.split()[-1]}</keyname>"
            f"<forenames>{' '.join(name.split()[:-1])}</forenames></author>"
            for name in paper.authors
        )
        updated = f"<updated>{paper.announced[-1]}</updated>" if len(paper.announced) > 1 else ""
        inner = (
            f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper.id}</id>'
            f"<created>{submitted.date()}</created>{updated}<authors>{people}</authors>{common}</arXiv>"
        )
    return f"<record>{header}<metadata>{inner}</metadata></record>"


def _atom_frame(entries: str, total: int) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">'
        "<id>https://arxiv.org/api/x</id><title>arXiv Query</title>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
    )


def _api_entry(paper: Item) -> str:
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    categories = "".join(f'<category term="{c}"/>' for c in paper.categories)
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.id}v{len(paper.announced)}</id>"
        f"<title>{escape(paper.title)}</title><published>{paper.first_submitted:%Y-%m-%dT%H:%M:%SZ}"
        f"</published><summary>{escape(paper.abstract)}</summary>{people}{categories}"
        f'<arxiv:primary_category term="{paper.categories[0]}"/></entry>'
    )
