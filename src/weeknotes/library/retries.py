"""Asking a web service again: one loop and one clock for every service.

A service says how fast it may be asked with ``Retry-After`` (RFC 9110, 10.2.3) or, as Zotero does,
with ``Backoff`` ("Web API v3", Rate Limiting), also on an answer that is otherwise good. All
connections to a service share its ``Clock``, so that what one answer asks for holds for the next
request, whichever library, page or part of the program makes it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

from weeknotes.files import locked

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Status codes of faults that may be gone a moment later."""

Value = TypeVar("Value")


class PassingTroubleError(Exception):
    """A request failed in a way that may pass; the text says how. ``persist`` tries again."""


class WaitTooLongError(Exception):
    """The service asks for a longer pause than anyone wants to wait; ``seconds`` is that pause."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    @property
    def words(self) -> str:
        """The pause as a message gives it ("for 20 minutes")."""
        return f"for {self.seconds / 60:.0f} minutes"


class Clock:
    """The time before which a service must not be asked.

    ``interval`` is the least number of seconds between two requests. ``mark`` is a file whose time is
    that of the last request, so that two runs of Weeknotes keep the interval together. ``longest`` is
    the longest pause, in seconds, that is waited for. ``sleep`` is there so that tests need not wait.
    """

    def __init__(
        self,
        *,
        longest: float,
        interval: float = 0.0,
        mark: Path | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._longest = longest
        self._interval = interval
        self._mark = mark
        self._sleep = sleep
        self._not_before = 0.0

    def take_turn(self) -> None:
        """Wait until the service may be asked, and note that it is asked now."""
        self._wait(self._not_before - time.monotonic())
        self._not_before = 0.0
        if self._interval and self._mark is not None:
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            with locked(self._mark.with_suffix(".lock")):
                self._wait(self._interval - self._since_last())
                self._mark.touch()

    def obey(self, headers: Mapping[str, str]) -> None:
        """Note the pause that an answer asks for. Raises WaitTooLongError."""
        asked = max(_seconds(headers.get(name, "")) for name in ("Backoff", "Retry-After"))
        if asked > self._longest:
            raise WaitTooLongError(asked)
        if asked > 0:
            self._not_before = max(self._not_before, time.monotonic() + asked)

    def pause(self, seconds: float) -> None:
        """Wait ``seconds`` before the next attempt, unless the service has said how long."""
        if self._not_before <= time.monotonic():
            self._wait(min(seconds, self._longest))

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)

    def _since_last(self) -> float:
        """Seconds since the last request of any process; the interval itself where it is unknown."""
        assert self._mark is not None
        try:
            waited = time.time() - self._mark.stat().st_mtime
        except OSError:
            return self._interval
        return waited if waited >= 0 else self._interval


def persist(
    attempt: Callable[[], Value], clock: Clock, *, attempts: int, pause: float = 1.0
) -> Value:
    """The value of the first ``attempt`` that raises no PassingTroubleError.

    Between attempts there is a pause of ``pause`` seconds times 1, 2, 4, …, varied by a fifth so that
    many clients do not come back together, or the pause that the service has asked for. Raises the
    last PassingTroubleError when all ``attempts`` have failed.
    """
    for number in range(attempts - 1):
        try:
            clock.take_turn()
            return attempt()
        except PassingTroubleError:
            clock.pause(pause * 2**number * random.uniform(0.9, 1.1))
    clock.take_turn()
    return attempt()


def connection_trouble(error: Exception, address: str, timeout: float) -> PassingTroubleError:
    """A failed connection (an error of httpx2) in words. Raises any other error again."""
    import httpx2

    if isinstance(error, httpx2.ConnectError):
        return PassingTroubleError(f"no connection to {address}; is this computer online?")
    if isinstance(error, httpx2.TimeoutException):
        return PassingTroubleError(f"no answer within {timeout:g} seconds")
    if isinstance(error, httpx2.TooManyRedirects):
        return PassingTroubleError("too many redirections")
    if isinstance(error, httpx2.TransportError | httpx2.DecodingError):
        return PassingTroubleError(f"the connection broke ({type(error).__name__})")
    raise error


def _seconds(text: str) -> float:
    """The seconds that ``Backoff`` or ``Retry-After`` asks for: a number, or the time to wait for."""
    text = text.strip()
    if not text:
        return 0.0
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0
