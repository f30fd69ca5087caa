"""Servers on loopback that speak the protocols of arXiv, Crossref, doi.org and others, and fail.

arXiv: "arXiv API User's Manual", 3.3 and 3.4 (an unknown identifier is answered with status 200 and no
entry, a malformed one with an entry that tells of the error). Crossref: api.crossref.org, ``/works``.
The answers are plain files in ``papers/``.
"""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.loopback import Loopback

PAPERS = Path(__file__).parent / "papers"
EMPTY = (
    '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
    "<title>arXiv Query</title></feed>"
)
MALFORMED = EMPTY.replace(
    "</feed>",
    "<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id>"
    "<title>Error</title><summary>incorrect id format for x</summary></entry></feed>",
)


class PaperServer:
    """All services at one address. ``faults`` maps the number of a request (from 1) to a status,
    or to ``cut``, ``junk`` or ``slow``."""

    def __init__(self) -> None:
        self.log: list[tuple[float, str, dict[str, str]]] = []
        self.faults: dict[int, str] = {}
        server = self

        class Handler(_Handler):
            owner = server

        self._http = Loopback(Handler)

    @property
    def environment(self) -> dict[str, str]:
        """What points Weeknotes here."""
        address = self._http.url
        names = ("ARXIV", "CROSSREF", "DOI", "NCBI", "OPENLIBRARY", "SEMANTIC_SCHOLAR", "PAGES")
        return {f"WEEKNOTES_{name}_ENDPOINT": f"{address}/{name.lower()}" for name in names}

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.log]

    def close(self) -> None:
        self._http.close()

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        service, _, rest = path.lstrip("/").partition("/")
        if service == "arxiv":
            name = query.get("id_list", [""])[0]
            if rest != "api/query" or not name:
                return 400, b""
            if not name[:1].isdigit() and "/" not in name:
                return 200, MALFORMED.encode()
            found = self.file(f"arxiv-{name.replace('/', '-')}.xml")
            return 200, found if found is not None else EMPTY.encode()
        if service in ("ncbi", "openlibrary", "semantic_scholar", "pages"):
            return self.other(service, rest, query)
        doi = unquote(rest.removeprefix("works/")).lower()
        name = doi.replace("/", "_")
        kind = "crossref" if service == "crossref" else "doi"
        found = self.file(f"{kind}-{name}.json")
        return (200, found) if found is not None else (404, b"Resource not found.")

    def other(self, service: str, rest: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        """NCBI's Literature Citation Exporter, Open Library's Books API (which answers an unknown
        book with an empty object), Semantic Scholar's graph, and the pages of publishers."""
        if service == "ncbi":
            base = rest.removeprefix("lit/ctxp/v1/").strip("/")
            found = self.file(f"ncbi-{base}-{query.get('id', [''])[0]}.json")
        elif service == "openlibrary":
            found = self.file(f"openlibrary-{query['bibkeys'][0].removeprefix('ISBN:')}.json")
            return 200, found or b"{}"
        elif service == "semantic_scholar":
            found = self.file(f"s2-{rest.rsplit('/', 1)[-1][:8]}.json")
        else:
            found = self.file(f"page-{rest.replace('/', '_')}.html")
        return (200, found) if found is not None else (404, b"Not found")

    def file(self, name: str) -> bytes | None:
        path = PAPERS / name
        return path.read_bytes() if path.is_file() else None


class _Handler(BaseHTTPRequestHandler):
    owner: PaperServer

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.owner.log.append((time.monotonic(), self.path, headers))
        fault = self.owner.faults.get(len(self.owner.log), "")
        status, body = self.owner.answer(parts.path, parse_qs(parts.query))
        if fault.isdigit():
            status, body = int(fault), b"trouble"
        elif fault == "junk":
            body = b"<html>Sign in to this network"
        elif fault == "slow":
            time.sleep(0.6)
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)
