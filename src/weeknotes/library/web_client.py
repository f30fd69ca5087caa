"""Requests to the services that describe papers, made as those services ask, with a cache.

arXiv's Terms of Use for its APIs: one request in three seconds over all of its services, one
connection. Crossref's REST API documentation, "Etiquette": an address in the user agent, answers kept,
errors not hammered. An answer is kept under ``.weeknotes/cache`` and is then there without a network
too: for good, or as long as the request says (a feed changes, the record of a paper does not).
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from weeknotes import __version__
from weeknotes.errors import WeeknotesError
from weeknotes.files import keep_cache
from weeknotes.journal.project import Project
from weeknotes.library.retries import (
    PASSING,
    Clock,
    PassingTroubleError,
    WaitTooLongError,
    connection_trouble,
    persist,
)

ATTEMPTS = 4
LONGEST_WAIT = 120.0
"""Seconds. A service that asks for more is left alone."""
TIMEOUT = 30.0
LARGEST = 20_000_000
"""Bytes. The record of a paper is a few thousand, a page of 3,500 records ten million."""
LARGEST_REFUSAL = 100_000
"""Bytes of a refusal that are read, for what it says."""


class LookupFailedError(WeeknotesError):
    """A paper could not be looked up: the service does not know it, or does not answer."""


class RefusedError(LookupFailedError):
    """A service refused a request: ``status`` is HTTP's, ``body`` what it said."""

    def __init__(self, service: str, status: int, body: bytes) -> None:
        super().__init__(f"{service} refused the request with status {status}")
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Service:
    """A web service.

    ``variable`` names the environment variable that gives another address. ``interval`` is the least
    number of seconds between two requests; services with the same ``turn`` keep it together.
    ``throttles`` holds status codes by which this service, and no other, says that it is asked too
    fast.
    """

    name: str
    address: str
    variable: str
    interval: float
    turn: str = ""
    throttles: frozenset[int] = frozenset()

    def base(self, environment: Mapping[str, str]) -> str:
        """The address without a slash at its end."""
        return (environment.get(self.variable) or self.address).rstrip("/")


# arXiv's servers answer 406 where others answer 429.
_ARXIV_RULES: dict[str, Any] = {"interval": 3.0, "turn": "arXiv", "throttles": frozenset({406})}
ARXIV = Service("arXiv", "https://export.arxiv.org", "WEEKNOTES_ARXIV_ENDPOINT", **_ARXIV_RULES)
ARXIV_FEEDS = Service(
    "arXiv (feeds)", "https://rss.arxiv.org", "WEEKNOTES_ARXIV_RSS_ENDPOINT", **_ARXIV_RULES
)
ARXIV_OAI = Service(
    "arXiv (OAI-PMH)", "https://oaipmh.arxiv.org", "WEEKNOTES_ARXIV_OAI_ENDPOINT", **_ARXIV_RULES
)
HUGGING_FACE = Service("Hugging Face", "https://huggingface.co", "WEEKNOTES_HF_ENDPOINT", 0.5)
BIORXIV = Service("bioRxiv", "https://api.biorxiv.org", "WEEKNOTES_BIORXIV_ENDPOINT", 0.5)
CROSSREF = Service("Crossref", "https://api.crossref.org", "WEEKNOTES_CROSSREF_ENDPOINT", 0.2)
DOI = Service("doi.org", "https://doi.org", "WEEKNOTES_DOI_ENDPOINT", 0.2)

NCBI = Service("PubMed", "https://api.ncbi.nlm.nih.gov", "WEEKNOTES_NCBI_ENDPOINT", 0.4)
OPEN_LIBRARY = Service(
    "Open Library", "https://openlibrary.org", "WEEKNOTES_OPENLIBRARY_ENDPOINT", 1.0
)
SEMANTIC_SCHOLAR = Service(
    "Semantic Scholar",
    "https://api.semanticscholar.org",
    "WEEKNOTES_SEMANTIC_SCHOLAR_ENDPOINT",
    1.0,
)


def page_service(host: str, environment: Mapping[str, str]) -> Service:
    """The web site ``host`` as a service, one request a second. Where ``WEEKNOTES_PAGES_ENDPOINT`` is
    set, the site is a folder there that has the name of the host."""
    elsewhere = environment.get("WEEKNOTES_PAGES_ENDPOINT", "").rstrip("/")
    address = f"{elsewhere}/{host}" if elsewhere else f"https://{host}"
    return Service(host, address, "", 1.0)


class Web:
    """Requests for one journal. ``sleep`` is there so that tests need not wait."""

    def __init__(
        self,
        project: Project,
        *,
        environment: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        timeout: float = TIMEOUT,
    ) -> None:
        self.environment = os.environ if environment is None else environment
        self.email = str(
            self.environment.get("WEEKNOTES_EMAIL") or project.settings.get("email") or ""
        ).strip()
        self._cache = project.state / "cache"
        self._sleep = sleep
        self._timeout = timeout
        self._clocks: dict[str, Clock] = {}

    @property
    def user_agent(self) -> str:
        """Who asks: the program, and the address of its user where one is configured."""
        return f"weeknotes/{__version__}" + (f" (mailto:{self.email})" if self.email else "")

    def get(
        self,
        service: Service,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        accept: str = "*/*",
        check: Callable[[bytes], bool] = bool,
        since: float = 0.0,
    ) -> bytes | None:
        """The answer of ``service`` to a request for ``path``; None when it knows no such thing.

        ``check`` says whether an answer is whole; one that is not is asked for again, and never
        kept. An answer that was kept counts if that was ``since`` that time, in seconds of the
        epoch. Raises RefusedError for a status that no second attempt would change,
        LookupFailedError for what passes.
        """
        kept = self._kept(service, path, params, accept)
        if _was_kept(kept, since) and check(data := kept.read_bytes()):
            return data
        clock = self._clock(service)

        def attempt() -> bytes | None:
            answer = self._attempt(service, clock, path, params, accept)
            if answer is not None and not check(answer):
                raise PassingTroubleError("the answer is not what was asked for")
            return answer

        try:
            answer = persist(attempt, clock, attempts=ATTEMPTS)
        except PassingTroubleError as trouble:
            raise LookupFailedError(
                f"{service.name} did not answer after {ATTEMPTS} attempts: {trouble}",
                hint="Run it again later.",
            ) from None
        except WaitTooLongError as wait:
            raise LookupFailedError(
                f"{service.name} asks to wait {wait.words}", hint="Run it again then."
            ) from None
        if answer is not None:
            keep_cache(kept, answer)
        return answer

    def _clock(self, service: Service) -> Clock:
        turn = service.turn or service.name
        mark = self._cache / f"{turn}.last"
        return self._clocks.setdefault(
            turn,
            Clock(longest=LONGEST_WAIT, interval=service.interval, mark=mark, sleep=self._sleep),
        )

    def _attempt(
        self,
        service: Service,
        clock: Clock,
        path: str,
        params: Mapping[str, str] | None,
        accept: str,
    ) -> bytes | None:
        import httpx2

        base = service.base(self.environment)
        try:
            with (
                httpx2.Client(
                    follow_redirects=True, timeout=self._timeout, verify=_certificates()
                ) as client,
                client.stream(
                    "GET",
                    f"{base}/{path}",
                    # None, and not an empty mapping, leaves a query that is in the path.
                    params=dict(params) if params else None,
                    headers={"User-Agent": self.user_agent, "Accept": accept},
                ) as response,
            ):
                clock.obey(response.headers)
                return _body(service, response)
        except (httpx2.TransportError, httpx2.DecodingError, httpx2.TooManyRedirects) as error:
            raise connection_trouble(error, base, self._timeout) from None

    def _kept(
        self, service: Service, path: str, params: Mapping[str, str] | None, accept: str
    ) -> Path:
        name = f"{service.base(self.environment)}/{path}?{sorted((params or {}).items())} {accept}"
        return self._cache / service.name / hashlib.sha256(name.encode()).hexdigest()[:32]


@cache
def _certificates() -> Any:
    """The authorities that are trusted. Reading them takes longer than many a request."""
    import httpx2

    return httpx2.create_ssl_context()


def _was_kept(path: Path, since: float) -> bool:
    """Whether an answer is kept at ``path``, and has been no longer than ``since`` that time."""
    try:
        return path.stat().st_mtime >= since
    except OSError:
        return False


def _body(service: Service, response: Any) -> bytes | None:
    """The answer; None when the service knows no such thing. Raises PassingTroubleError,
    RefusedError, and LookupFailedError for an answer that is too long."""
    status = response.status_code
    if status in (404, 410):
        return None
    if status in PASSING or status in service.throttles:
        raise PassingTroubleError(f"status {status}")
    if status != 200:
        raise RefusedError(service.name, status, _first_bytes(response, LARGEST_REFUSAL))
    data = _first_bytes(response, LARGEST)
    if len(data) > LARGEST:
        raise LookupFailedError(f"{service.name} sent more than {LARGEST // 1_000_000} MB")
    return data


def _first_bytes(response: Any, most: int) -> bytes:
    """The body of ``response``, or a little more than ``most`` bytes of a longer one."""
    data = bytearray()
    for part in response.iter_bytes():
        data += part
        if len(data) > most:
            break
    return bytes(data)
