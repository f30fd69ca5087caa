"""Requests to Zotero's API that survive what a network does.

Built on pyzotero's connection: its client, its headers, its endpoint. Its own retrieval loops are
not used, since they retry a 429 alone, take a 304 for an error, and do not notice that the library
moved between two pages. Follows the Web API v3 documentation, "Basics" (Rate Limiting, Conditional
Requests) and "Syncing"; the local API's differences are those of its own page there.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from weeknotes.errors import WeeknotesError
from weeknotes.library.zotero.config import ApiKey, LibraryRef, ZoteroSettings

ATTEMPTS = 6
"""How often a request is made before it is given up."""
LONGEST_WAIT = 600.0
"""Seconds. A server that asks for more is asked again by the next run."""
TIMEOUT = 60.0
_PASSING = {408, 409, 412, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
_KEY_PATH = "keys/current"
_KEYS_PAGE = "https://www.zotero.org/settings/keys"


class ZoteroError(WeeknotesError):
    """Zotero could not be read; the message says why and what to do."""


class ZoteroAccessError(ZoteroError):
    """The key is wrong, or has no right to a library, or there is no such library."""


class ZoteroUnavailableError(ZoteroError):
    """Zotero did not answer as it should, also after waiting. What was fetched is kept."""


@dataclass(frozen=True)
class Reply:
    """An answer of the API. ``version`` is ``Last-Modified-Version`` (the library's, for requests of
    many objects), ``total`` is ``Total-Results``, and ``server`` the local API's
    ``Zotero-Server-ID``, empty where it sends none."""

    data: Any
    version: int
    total: int
    server: str


class NotSupported(Exception):
    """This server has no such address (the local API lacks some)."""


class Client:
    """The connection to one library.

    ``sleep`` and ``pause`` are there so that tests need not wait: growing pauses of ``pause`` seconds
    times 1, 2, 4, … stand between the attempts unless the server says how long.
    """

    def __init__(
        self,
        ref: LibraryRef,
        settings: ZoteroSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        pause: float = 1.0,
        timeout: float = TIMEOUT,
    ) -> None:
        from pyzotero.zotero import Zotero

        self.ref = ref
        self.settings = settings
        self.requests = 0
        self._sleep = sleep
        self._pause = pause
        self._timeout = timeout
        self._not_before = 0.0
        self._zotero = Zotero(
            library_id=ref.id,
            library_type=ref.kind,
            local=settings.local,
        )
        self._zotero.endpoint = settings.endpoint
        assert self._zotero.client is not None
        self._connection = self._zotero.client
        if settings.key:
            # Here, and not in a dict of headers, the key cannot come into a traceback.
            self._connection.auth = _authorize(settings.key)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        expect: type = list,
        since: int | None = None,
    ) -> Reply | None:
        """The answer to a request for ``path`` within the library, its JSON of the type ``expect``.

        With ``since``, a library version, the request is conditional: None when nothing in the
        library has changed after it. Raises NotSupported, ZoteroAccessError, and
        ZoteroUnavailableError when the last attempt has failed too.
        """
        return self._get(f"{self.ref.name}/{path}", params, expect, since)

    def _get(
        self, path: str, params: Mapping[str, Any] | None, expect: type, since: int | None
    ) -> Reply | None:
        trouble = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._wait(self._pause * 2 ** (attempt - 1) * random.uniform(0.8, 1.2))
            outcome = self._attempt(path, params, expect, since)
            if not isinstance(outcome, str):
                return outcome
            trouble = outcome
        raise ZoteroUnavailableError(
            f"Zotero did not answer after {ATTEMPTS} attempts: {trouble}",
            hint="What was fetched is kept. Run it again later: it goes on from there.",
        )

    def _attempt(
        self, path: str, params: Mapping[str, Any] | None, expect: type, since: int | None
    ) -> Reply | str | None:
        """One request: the reply, None for "not modified", or what went wrong and may pass."""
        import httpx2

        headers = self._zotero.default_headers()
        if since is not None:
            headers["If-Modified-Since-Version"] = str(since)
        self._hold_back()
        self.requests += 1
        try:
            response = self._connection.get(
                f"{self.settings.endpoint}/{path}",
                params={name: str(value) for name, value in (params or {}).items()},
                headers=headers,
                timeout=self._timeout,
            )
        except httpx2.ConnectError:
            return self._no_connection()
        except httpx2.TimeoutException:
            return f"no answer within {self._timeout:g} seconds"
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            return f"the connection broke ({type(error).__name__})"
        except httpx2.TooManyRedirects:
            return "too many redirections"
        self._note_backoff(response.headers)
        status = response.status_code
        if status == 304 and since is not None:
            return None
        if status == 200:
            return _read(response, expect)
        if status in _PASSING or status == 304:
            return f"status {status} {response.reason_phrase}".rstrip()
        raise self._refusal(status, path)

    def _no_connection(self) -> str:
        if self.settings.local:
            raise ZoteroUnavailableError(
                f"Zotero's local API does not answer at {self.settings.endpoint}",
                hint="Start Zotero, and allow it in Settings, Advanced: “Allow other applications on "
                "this computer to communicate with Zotero”.",
            ) from None
        return f"no connection to {self.settings.endpoint}; is this computer online?"

    def _hold_back(self) -> None:
        """Wait out the ``Backoff`` or ``Retry-After`` of an earlier answer."""
        remaining = self._not_before - time.monotonic()
        if remaining > 0:
            self._not_before = 0.0
            self._sleep(remaining)

    def _wait(self, seconds: float) -> None:
        if self._not_before <= time.monotonic():
            self._sleep(min(seconds, LONGEST_WAIT))

    def _note_backoff(self, headers: Mapping[str, str]) -> None:
        asked = max(_seconds(headers.get(name, "")) for name in ("Backoff", "Retry-After"))
        if asked > LONGEST_WAIT:
            raise ZoteroUnavailableError(
                f"Zotero asks to wait for {asked / 60:.0f} minutes",
                hint="What was fetched is kept. Run it again then: it goes on from there.",
            )
        if asked > 0:
            self._not_before = max(self._not_before, time.monotonic() + asked)

    def _refusal(self, status: int, path: str) -> Exception:
        """What an answer means that will not get better by asking again."""
        ref = self.ref
        if path == _KEY_PATH:
            return NotSupported(path)
        if status in (401, 403) and self.settings.local:
            return ZoteroAccessError(
                "Zotero's local API is switched off",
                hint="In Zotero: Settings, Advanced, “Allow other applications on this computer to "
                "communicate with Zotero”.",
            )
        if status in (401, 403):
            return self._denied()
        if status == 404 and path.startswith(f"{ref.name}/items/top"):
            return ZoteroAccessError(
                f"Zotero knows no library {ref.name}",
                hint="Check the number in _quarto.yml: a user ID stands at "
                f"{_KEYS_PAGE}, a group's in the address of its page.",
            )
        if status in (404, 405, 501):
            return NotSupported(path)
        if status == 400 and self.settings.local and ref.kind == "user":
            return ZoteroAccessError(
                f"Zotero on this computer does not hold {ref.name}",
                hint="The local API has the library of the user who is logged in: give "
                "'user: me', or that user's ID.",
            )
        return ZoteroError(
            f"Zotero refused the request for {path} with status {status}",
            hint="If it goes on, run: weeknotes sync --full",
        )

    def _denied(self) -> ZoteroAccessError:
        """A refusal for want of rights: whether the key is missing, wrong, or lacks this library."""
        ref = self.ref
        if not self.settings.key:
            return ZoteroAccessError(
                f"{ref.name} is not public, and no API key is set",
                hint=f"Make one at {_KEYS_PAGE} and set ZOTERO_API_KEY, or store it: "
                "keyring set weeknotes zotero",
            )
        rights = self.key_rights()
        if rights is None:
            return ZoteroAccessError(
                "Zotero does not know this API key",
                hint=f"Make a new one at {_KEYS_PAGE} and set ZOTERO_API_KEY.",
            )
        whose = f" (it belongs to user {rights.get('userID')})" if rights.get("userID") else ""
        return ZoteroAccessError(
            f"the API key has no right to read {ref.name}{whose}",
            hint=f"Give it that right at {_KEYS_PAGE}, or correct the number in _quarto.yml.",
        )

    def key_rights(self) -> dict[str, Any] | None:
        """What the API says about the key (``/keys/current``), or None when it doesn't know it.

        The key goes in the header: pyzotero's ``key_info`` would put it into the address.
        """
        try:
            reply = self._get(_KEY_PATH, None, dict, None)
        except NotSupported:
            return None
        return None if reply is None else dict(reply.data)


def _authorize(key: ApiKey) -> Callable[[Any], Any]:
    def add_key(request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {key.reveal()}"
        return request

    return add_key


def _read(response: Any, expect: type) -> Reply | str:
    try:
        data = json.loads(response.content)
    except (ValueError, RecursionError):
        return "the answer is not JSON"
    # PHP writes an empty mapping as an empty list.
    if expect is dict and data == []:
        data = {}
    if not isinstance(data, expect):
        return "the answer is not what was asked for"
    headers = response.headers
    return Reply(
        data=data,
        version=_number(headers.get("Last-Modified-Version", "")),
        total=_number(headers.get("Total-Results", "")),
        server=headers.get("Zotero-Server-ID", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _seconds(text: str) -> float:
    """The seconds that ``Backoff`` or ``Retry-After`` ask for: a number, or the time to wait for."""
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
