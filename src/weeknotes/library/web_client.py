"""Asking arXiv, Crossref, doi.org, Hugging Face and bioRxiv as they want to be asked, and remembering
what they said.

arXiv's Terms of Use for its APIs: one request in three seconds over all of its services, one
connection. Crossref's REST API documentation, "Etiquette": an address in the user agent, answers kept,
errors not hammered. What was asked once is answered from a cache under ``.weeknotes/`` from then on,
also without a network; an answer that changes with time is asked for again when it is no longer fresh.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from weeknotes import __version__
from weeknotes.errors import WeeknotesError
from weeknotes.files import keep_cache, locked
from weeknotes.journal.project import Project

ATTEMPTS = 4
LONGEST_WAIT = 120.0
"""Seconds. A service that asks for more is left alone."""
TIMEOUT = 30.0
LARGEST = 20_000_000
"""Bytes. The record of a paper is a few thousand, a page of 3,500 records ten million."""
LARGEST_REFUSAL = 100_000
"""Bytes of a refusal that are read, for what it says."""
_PASSING = {408, 425, 429, 500, 502, 503, 504, 520, 522, 524}


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
    """A service, the environment variable that moves it elsewhere, and the seconds it wants between
    two requests. Services with the same ``turn`` are one as to that interval. ``throttles`` are
    statuses by which it asks to be left alone for a while, beside those that say so everywhere."""

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
        fresh: float | None = None,
    ) -> bytes | None:
        """The answer of ``service`` to a request for ``path``; None when it knows no such thing.

        ``check`` says whether an answer is whole; one that is not is asked for again, and never
        kept. An answer that was kept counts for ``fresh`` seconds, or for good. Raises RefusedError
        for a status that no second attempt would change, LookupFailedError for what passes.
        """
        kept = self._kept(service, path, params, accept)
        if _is_fresh(kept, fresh) and check(data := kept.read_bytes()):
            return data
        trouble = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(max(service.interval, 2.0 ** (attempt - 1) * random.uniform(0.9, 1.1)))
            self._take_turn(service)
            outcome = self._attempt(service, path, params, accept)
            if outcome is None:
                return None
            if isinstance(outcome, bytes) and check(outcome):
                keep_cache(kept, outcome)
                return outcome
            trouble = (
                outcome if isinstance(outcome, str) else "the answer is not what was asked for"
            )
        raise LookupFailedError(
            f"{service.name} did not answer after {ATTEMPTS} attempts: {trouble}",
            hint="Run it again later.",
        )

    def _attempt(
        self, service: Service, path: str, params: Mapping[str, str] | None, accept: str
    ) -> bytes | str | None:
        import httpx2

        headers = {"User-Agent": self.user_agent, "Accept": accept}
        try:
            with (
                httpx2.Client(follow_redirects=True, timeout=self._timeout) as client,
                client.stream(
                    "GET",
                    f"{service.base(self.environment)}/{path}",
                    params=dict(params) if params else None,
                    headers=headers,
                ) as response,
            ):
                return self._body(service, response)
        except httpx2.ConnectError:
            return f"no connection to {service.base(self.environment)}; is this computer online?"
        except httpx2.TimeoutException:
            return f"no answer within {self._timeout:g} seconds"
        except (httpx2.TransportError, httpx2.DecodingError, httpx2.TooManyRedirects) as error:
            return f"the connection broke ({type(error).__name__})"

    def _body(self, service: Service, response: Any) -> bytes | str | None:
        status = response.status_code
        if status in (404, 410):
            return None
        if status in _PASSING or status in service.throttles:
            self._obey(service, response.headers.get("Retry-After", ""))
            return f"status {status}"
        if status != 200:
            raise RefusedError(service.name, status, _first_bytes(response, LARGEST_REFUSAL))
        data = _first_bytes(response, LARGEST)
        if len(data) > LARGEST:
            raise LookupFailedError(f"{service.name} sent more than {LARGEST // 1_000_000} MB")
        return data

    def _obey(self, service: Service, asked: str) -> None:
        try:
            seconds = float(asked)
        except ValueError:
            try:
                seconds = parsedate_to_datetime(asked).timestamp() - time.time()
            except (ValueError, TypeError):
                return
        if seconds > LONGEST_WAIT:
            raise LookupFailedError(
                f"{service.name} asks to wait for {seconds / 60:.0f} minutes",
                hint="Run it again then.",
            )
        if seconds > 0:
            self._sleep(seconds)

    def _take_turn(self, service: Service) -> None:
        """Wait until the service may be asked again, counting other runs of Weeknotes too."""
        turn = service.turn or service.name
        mark = self._cache / f"{turn}.last"
        with locked(self._cache / f"{turn}.lock"):
            try:
                waited = time.time() - mark.stat().st_mtime
            except OSError:
                waited = service.interval
            if 0 <= waited < service.interval:
                self._sleep(service.interval - waited)
            mark.touch()

    def _kept(
        self, service: Service, path: str, params: Mapping[str, str] | None, accept: str
    ) -> Path:
        name = f"{service.base(self.environment)}/{path}?{sorted((params or {}).items())} {accept}"
        return self._cache / service.name / hashlib.sha256(name.encode()).hexdigest()[:32]


def _is_fresh(path: Path, seconds: float | None) -> bool:
    """Whether the answer kept at ``path`` is there and not older than ``seconds``."""
    try:
        age = time.time() - path.stat().st_mtime
    except OSError:
        return False
    return seconds is None or 0 <= age < seconds


def _first_bytes(response: Any, most: int) -> bytes:
    """The body of ``response``, or a little more than ``most`` bytes of a longer one."""
    data = bytearray()
    for part in response.iter_bytes():
        data += part
        if len(data) > most:
            break
    return bytes(data)
