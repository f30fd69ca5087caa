"""Requests to Zotero's API that survive what a network does.

Built on pyzotero's connection: its client, its headers, its endpoint. Its own retrieval loops are
not used, since they retry a 429 alone, take a 304 for an error, and do not notice that the library
moved between two pages. Follows the Web API v3 documentation, "Basics" (Rate Limiting, Conditional
Requests) and "Syncing"; the local API differs as its own page there says.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from weeknotes.errors import WeeknotesError
from weeknotes.library.api_key import ApiKey
from weeknotes.library.retries import (
    PASSING,
    Clock,
    PassingTroubleError,
    WaitTooLongError,
    connection_trouble,
    persist,
)
from weeknotes.library.zotero.config import LibraryRef, ZoteroSettings

ATTEMPTS = 6
"""How often a request is made before it is given up."""
LONGEST_WAIT = 600.0
"""Seconds. A server that asks for more is asked again by the next run."""
TIMEOUT = 60.0
# A library that is locked, or has moved between two requests, is another one a moment later.
_PASSING = PASSING | {409, 412}
Value = TypeVar("Value")
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


class Connection:
    """The one connection to a Zotero server, and its one clock, for all libraries of a command.

    ``requests`` counts the requests made. ``sleep`` and ``pause`` are there so that tests need not
    wait: between attempts there are pauses of ``pause`` seconds times 1, 2, 4, …, unless the server
    says how long. ``timeout`` is in seconds.
    """

    def __init__(
        self,
        settings: ZoteroSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        pause: float = 1.0,
        timeout: float = TIMEOUT,
    ) -> None:
        from pyzotero.zotero import Zotero

        self.settings = settings
        self.requests = 0
        self.pause = pause
        self.timeout = timeout
        self.clock = Clock(longest=LONGEST_WAIT, sleep=sleep)
        zotero = Zotero(library_id="0", library_type="user", local=settings.local)
        assert zotero.client is not None
        # Kept, since it closes its client when it goes.
        self._zotero = zotero
        self._headers: Mapping[str, str] = zotero.default_headers()
        self._http = zotero.client
        if settings.key:
            # Here, and not in a dict of headers, the key cannot come into a traceback.
            self._http.auth = _authorize(settings.key)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        body: Any = None,
    ) -> Any:
        """The server's answer to one request, whatever its status. Raises PassingTroubleError for a
        connection that fails, and ZoteroUnavailableError when there is no use in trying again."""
        import httpx2

        settings = self.settings
        self.requests += 1
        try:
            response = self._http.request(
                method,
                f"{settings.endpoint}/{path}",
                params={name: str(value) for name, value in (params or {}).items()},
                headers={**self._headers, **(headers or {})},
                timeout=self.timeout,
                **({} if body is None else {"json": body}),
            )
        except httpx2.ConnectError as error:
            if settings.local:
                raise _not_running(settings) from None
            raise connection_trouble(error, settings.endpoint, self.timeout) from None
        except (httpx2.TransportError, httpx2.DecodingError, httpx2.TooManyRedirects) as error:
            raise connection_trouble(error, settings.endpoint, self.timeout) from None
        try:
            self.clock.obey(response.headers)
        except WaitTooLongError as wait:
            raise ZoteroUnavailableError(
                f"Zotero asks to wait {wait.words}",
                hint="What was fetched is kept. Run it again then: it goes on from there.",
            ) from None
        return response


class Client:
    """The connection to one library."""

    def __init__(self, ref: LibraryRef, connection: Connection) -> None:
        self.ref = ref
        self.settings = connection.settings
        self.connection = connection

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
        return self._persist(lambda: self._attempt(path, params, expect, since))

    def write(self, method: str, path: str, body: Any, version: int) -> Reply | None:
        """The answer to a write request (``POST``, ``PATCH``) that holds while the library, or the
        item, has the version ``version``; None when it has another by now. Raises ZoteroError."""
        whole = f"{self.ref.name}/{path}"
        headers = {"If-Unmodified-Since-Version": str(version)}

        def attempt() -> Reply | None:
            response = self.connection.send(whole, None, headers, method=method, body=body)
            status = response.status_code
            if status in (409, 412):
                return None
            if status == 204:
                version = _number(response.headers.get("Last-Modified-Version", ""))
                return Reply({}, version, 0, "")
            if status == 200:
                return _read(response, dict)
            if status in PASSING:
                raise PassingTroubleError(f"status {status} {response.reason_phrase}".rstrip())
            raise self._refusal(status, whole)

        return self._persist(attempt)

    def _persist(self, attempt: Callable[[], Value]) -> Value:
        connection = self.connection
        try:
            return persist(attempt, connection.clock, attempts=ATTEMPTS, pause=connection.pause)
        except PassingTroubleError as trouble:
            raise ZoteroUnavailableError(
                f"Zotero did not answer after {ATTEMPTS} attempts: {trouble}",
                hint="What was fetched is kept. Run it again later: it goes on from there.",
            ) from None

    def _attempt(
        self, path: str, params: Mapping[str, Any] | None, expect: type, since: int | None
    ) -> Reply | None:
        """One request: the reply, or None for "not modified". Raises PassingTroubleError."""
        headers = {} if since is None else {"If-Modified-Since-Version": str(since)}
        response = self.connection.send(path, params, headers)
        status = response.status_code
        if status == 304 and since is not None:
            return None
        if status == 200:
            return _read(response, expect)
        if status in _PASSING or status == 304:
            raise PassingTroubleError(f"status {status} {response.reason_phrase}".rstrip())
        raise self._refusal(status, path)

    def _refusal(self, status: int, path: str) -> Exception:
        """The error for an answer that asking again will not change."""
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
                hint="Check the number in _quarto.yml: a user ID is shown at "
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
        """The rights of the key according to the API (``/keys/current``), or None if the API
        doesn't know the key.

        The key goes in the header: pyzotero's ``key_info`` would put it into the address.
        """
        try:
            reply = self._get(_KEY_PATH, None, dict, None)
        except NotSupported:
            return None
        return None if reply is None else dict(reply.data)


def of_owner(client: Client) -> Client:
    """``client``, or where its library is ``user: me`` one for the user that the key belongs to.

    Raises ZoteroAccessError where there is no such user."""
    settings = client.settings
    if settings.local or client.ref.kind != "user" or client.ref.id != "0":
        return client
    rights = client.key_rights() if settings.key else None
    if not rights or not rights.get("userID"):
        raise ZoteroAccessError(
            "'user: me' needs an API key that Zotero knows",
            hint=f"Make one at {_KEYS_PAGE} and set ZOTERO_API_KEY.",
        )
    return Client(replace(client.ref, id=str(rights["userID"])), client.connection)


def _authorize(key: ApiKey) -> Callable[[Any], Any]:
    def add_key(request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {key.reveal()}"
        return request

    return add_key


def _not_running(settings: ZoteroSettings) -> ZoteroUnavailableError:
    return ZoteroUnavailableError(
        f"Zotero's local API does not answer at {settings.endpoint}",
        hint="Start Zotero, and allow it in Settings, Advanced: “Allow other applications on "
        "this computer to communicate with Zotero”.",
    )


def _read(response: Any, expect: type) -> Reply:
    try:
        data = json.loads(response.content)
    except (ValueError, RecursionError):
        raise PassingTroubleError("the answer is not JSON") from None
    # PHP writes an empty mapping as an empty list.
    if expect is dict and data == []:
        data = {}
    if not isinstance(data, expect):
        raise PassingTroubleError("the answer is not what was asked for")
    headers = response.headers
    return Reply(
        data=data,
        version=_number(headers.get("Last-Modified-Version", "")),
        total=_number(headers.get("Total-Results", "")),
        server=headers.get("Zotero-Server-ID", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
