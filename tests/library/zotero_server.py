"""A server on loopback that speaks Zotero's API, and fails as a network does.

Web API v3: www.zotero.org/support/dev/web_api/v3/basics and …/syncing. The local API's differences:
…/local_api. With ``faults`` the numbered request (counting from 1) fails in the way named; see FAULTS.
"""

from __future__ import annotations

import copy
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.loopback import Loopback

KEY = "Z0Zsecret4Z0Zsecret4Z0Zs"
KEY_ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"

FAULTS = (
    *("429", "429-silent", "429-date", "500", "502", "503", "503-retry", "504", "412", "304"),
    *("cut", "reset", "timeout", "html", "half-json", "wrong-type", "backoff", "empty"),
)


def item_key(number: int) -> str:
    """A Zotero key of eight characters for a number."""
    letters = ""
    for _ in range(8):
        number, rest = divmod(number, len(KEY_ALPHABET))
        letters = KEY_ALPHABET[rest] + letters
    return letters


@dataclass
class FakeLibrary:
    """A library on the server: every write counts its version up."""

    version: int = 0
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    collections: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: list[tuple[int, str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, itemType: str = "journalArticle", **data: Any) -> str:
        """A new item; its key."""
        self.version += 1
        self.count += 1
        key = data.pop("key", None) or item_key(self.count * 7919 + 10**9)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_760_000_000 + self.count * 60))
        whole = {
            "key": key,
            "version": self.version,
            "itemType": itemType,
            "tags": [],
            "collections": [],
            "relations": {},
            "dateAdded": stamp,
            "dateModified": stamp,
            **data,
        }
        self.items[key] = whole
        return key

    def change(self, key: str, **data: Any) -> None:
        """Change fields of an item."""
        self.version += 1
        self.items[key].update(data, version=self.version)

    def trash(self, key: str) -> None:
        self.change(key, deleted=1)

    def delete(self, key: str) -> None:
        self.version += 1
        del self.items[key]
        self.deleted.append((self.version, "items", key))

    def collection(self, name: str, parent: str = "") -> str:
        """A new collection; its key."""
        self.version += 1
        key = item_key(len(self.collections) * 104729 + 5)
        self.collections[key] = {
            "key": key,
            "version": self.version,
            "name": name,
            "parentCollection": parent or False,
        }
        return key

    def rename_collection(self, key: str, name: str) -> None:
        self.version += 1
        self.collections[key].update(name=name, version=self.version)


@dataclass
class Logged:
    """A request as it came in."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]


class ZoteroServer:
    """``libraries`` by name (``users/1``); ``rights`` say what each key may read,
    ``writers`` what it may write, ``public`` what anyone may read. ``local`` turns it into Zotero's
    local API, of which ``server_id`` is the newer kind.
    """

    def __init__(self, *, local: bool = False, server_id: str = "") -> None:
        self.libraries: dict[str, FakeLibrary] = {"users/1": FakeLibrary()}
        self.rights: dict[str, set[str]] = {KEY: {"users/1"}}
        self.public: set[str] = set()
        self.writers: dict[str, set[str]] = {}
        self.local = local
        self.server_id = server_id
        self.enabled = True
        self.faults: dict[int, str] = {}
        self.always = ""
        self.before: Callable[[int], None] = lambda number: None
        self.log: list[Logged] = []
        self.stall = 1.0
        self._lock = threading.Lock()
        server = self

        class Handler(_Handler):
            owner = server

        self._http = Loopback(Handler)

    @property
    def endpoint(self) -> str:
        return self._http.url + ("/api" if self.local else "")

    @property
    def library(self) -> FakeLibrary:
        return self.libraries["users/1"]

    @property
    def requests(self) -> int:
        return len(self.log)

    def forget(self) -> None:
        """Begin to count requests anew, without faults."""
        self.log.clear()
        self.faults, self.always = {}, ""
        self.before = lambda number: None

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> ZoteroServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def receive(self, handler: _Handler) -> str:
        """Note a request; the fault that it shall meet, or nothing."""
        parts = urlsplit(handler.path)
        params = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self._lock:
            headers = {name.lower(): value for name, value in handler.headers.items()}
            self.log.append(Logged(parts.path, params, headers))
            number = len(self.log)
        self.before(number)
        return self.faults.get(number, self.always)


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class _Handler(BaseHTTPRequestHandler):
    owner: ZoteroServer
    protocol_version = "HTTP/1.1"
    timeout = 20
    # One packet an answer, as a server with buffers sends it.
    wbufsize = 65536
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        fault = self.owner.receive(self)
        if fault in ("reset", "timeout"):
            self._drop(after=self.owner.stall if fault == "timeout" else 0)
            return
        answer = self._spoiled(fault)
        if answer is None:
            answer = self._answer()
            if fault == "backoff":
                answer.headers["Backoff"] = "2"
        self._send(answer, cut=fault == "cut", half=fault == "half-json")

    def do_POST(self) -> None:
        self._write()

    def do_PATCH(self) -> None:
        self._write()

    def _write(self) -> None:
        """Write requests as "Web API v3", Write Requests, describes them. With the fault ``lost`` the
        request is carried out, and its answer does not arrive."""
        fault = self.owner.receive(self)
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.owner.log[-1].headers["body"] = json.dumps(body)
        if fault in ("reset", "timeout"):
            self._drop(after=self.owner.stall if fault == "timeout" else 0)
            return
        answer = self._spoiled(fault) or self._written(body)
        if fault == "lost":
            self._drop(0)
            return
        self._send(answer)

    def _written(self, body: Any) -> Answer:
        owner, request = self.owner, self.owner.log[-1]
        parts = urlsplit(self.path).path.strip("/").split("/")
        name = "/".join(parts[:2])
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if name not in owner.writers.get(key, ()):
            return Answer(403, b"Write access denied")
        with owner._lock:
            library = owner.libraries[name]
            known = int(request.headers.get("if-unmodified-since-version", -1))
            if self.command == "PATCH":
                item = library.items.get(parts[3])
                if item is None:
                    return Answer(404, b"Item not found")
                if item["version"] != known:
                    return Answer(412, b"Item has been modified since specified version")
                library.change(parts[3], **body)
                return Answer(204, b"", {"Last-Modified-Version": str(library.version)})
            if library.version != known:
                return Answer(412, b"Library has been modified since specified version")
            successful, failed = {}, {}
            for number, one in enumerate(body):
                if one.get("parentItem") not in library.items:
                    failed[str(number)] = {"code": 409, "message": "Parent item not found"}
                    continue
                made = library.add(**one)
                successful[str(number)] = {"key": made, "version": library.version}
            return _json(
                {"successful": successful, "unchanged": {}, "failed": failed},
                self._common({"Last-Modified-Version": str(library.version)}),
            )

    def _drop(self, after: float) -> None:
        time.sleep(after)
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def _spoiled(self, fault: str) -> Answer | None:
        plain = {"Content-Type": "text/plain"}
        if fault == "429":
            return Answer(429, b"Too many requests", {**plain, "Retry-After": "3"})
        if fault == "429-hours":
            return Answer(429, b"Come back later", {**plain, "Retry-After": "7200"})
        if fault == "429-date":
            at = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 4))
            return Answer(429, b"Too many requests", {**plain, "Retry-After": at})
        if fault == "503-retry":
            return Answer(503, b"Maintenance", {**plain, "Retry-After": "5"})
        if fault == "429-silent" or fault.isdigit():
            return Answer(int(fault[:3]), b"" if fault == "304" else b"trouble", plain)
        if fault == "html":
            return Answer(200, b"<html>Log in to this hotel</html>", {"Content-Type": "text/html"})
        if fault == "wrong-type":
            return Answer(200, b'"surprise"', {"Content-Type": "application/json"})
        if fault == "empty":
            return Answer(200, b"", {"Content-Type": "application/json"})
        return None

    def _send(self, answer: Answer, cut: bool = False, half: bool = False) -> None:
        body = answer.body[: len(answer.body) // 2] if half else answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if answer.status != 304:
            self.wfile.write(body[: len(body) // 2] if cut else body)
        self.wfile.flush()
        if cut:
            self._drop(0)

    def _answer(self) -> Answer:
        owner, request = self.owner, self.owner.log[-1]
        path = urlsplit(self.path).path
        if owner.local:
            if not owner.enabled:
                return Answer(403, b"Local API is not enabled")
            path = path.removeprefix("/api")
        parts = path.strip("/").split("/")
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if parts == ["keys", "current"] and not owner.local:
            if key not in owner.rights:
                return Answer(404, b"Invalid key")
            writes = "users/1" in owner.writers.get(key, ())
            access = {"user": {"library": True, "notes": writes, "write": writes}}
            return _json({"key": key, "userID": 1, "username": "me", "access": access})
        if len(parts) < 3:
            return Answer(404, b"Not found")
        refused = self._refused("/".join(parts[:2]), key)
        if refused:
            return refused
        name = "users/1" if owner.local and parts[:2] == ["users", "0"] else "/".join(parts[:2])
        with owner._lock:
            return self._library(owner.libraries[name], name, parts[2:], request)

    def _refused(self, name: str, key: str) -> Answer | None:
        owner = self.owner
        if owner.local:
            if name.startswith("users/") and name not in ("users/0", "users/1"):
                return Answer(400, b"Only data for the logged-in user is available locally")
            return None if name == "users/0" or name in owner.libraries else Answer(404, b"")
        if key and key not in owner.rights:
            return Answer(403, b"Invalid key")
        if name in owner.public or name in owner.rights.get(key, ()):
            return None if name in owner.libraries else Answer(404, b"Not found")
        if name.startswith("groups/") and name not in owner.libraries:
            return Answer(404, b"Group not found")
        return Answer(403, b"Forbidden")

    def _library(
        self, library: FakeLibrary, name: str, parts: list[str], request: Logged
    ) -> Answer:
        params = request.params
        headers = {"Last-Modified-Version": str(library.version)}
        known = request.headers.get("if-modified-since-version")
        if known and int(known) and library.version <= int(known):
            return Answer(304, b"", self._common(headers))
        since = int(params.get("since", 0))
        if parts == ["deleted"]:
            if self.owner.local:
                return Answer(404, b"No endpoint found")
            if "since" not in params:
                return Answer(400, b"'since' parameter must be provided")
            gone: dict[str, list[str]] = {
                "collections": [],
                "items": [],
                "searches": [],
                "tags": [],
            }
            for version, kind, key in library.deleted:
                if version > since:
                    gone[kind].append(key)
            return _json(gone, self._common(headers))
        if parts[0] == "collections" and len(parts) == 1:
            found = list(library.collections.values())
        elif parts[0] == "items":
            chosen = self._items(library, parts[1:], params)
            if isinstance(chosen, Answer):
                return chosen
            if len(parts) == 2 and parts[1] != "top":
                return _json(self._object(chosen[0], name), self._common(headers))
            found = chosen
        else:
            return Answer(404, b"Not found")
        found = [one for one in found if one["version"] > since or not since]
        return self._listing(found, name, params, headers)

    def _items(
        self, library: FakeLibrary, parts: list[str], params: dict[str, str]
    ) -> list[dict[str, Any]] | Answer:
        found = list(library.items.values())
        if len(parts) == 2 and parts[1] == "children":
            found = [one for one in found if one.get("parentItem") == parts[0]]
        elif len(parts) == 1 and parts[0] != "top":
            one = library.items.get(parts[0])
            return [one] if one else Answer(404, b"Item does not exist")
        elif parts == ["top"]:
            found = [one for one in found if not one.get("parentItem")]
        if params.get("includeTrashed") != "1":
            found = [one for one in found if not one.get("deleted")]
        if "itemType" in params:
            found = [one for one in found if one["itemType"] == params["itemType"]]
        if "tag" in params:
            found = [one for one in found if params["tag"] in [t["tag"] for t in one["tags"]]]
        if "itemKey" in params:
            keys = params["itemKey"].split(",")
            if len(keys) > 50:
                return Answer(400, b"Too many item keys")
            found = [one for one in found if one["key"] in keys]
        return found

    def _listing(
        self,
        found: list[dict[str, Any]],
        name: str,
        params: dict[str, str],
        headers: dict[str, str],
    ) -> Answer:
        form = params.get("format", "json")
        if form not in ("json", "versions", "keys"):
            return Answer(400, b"Invalid 'format' value")
        sort = params.get("sort", "dateModified")
        direction = params.get("direction", "desc" if sort.startswith("date") else "asc")
        found = sorted(
            found, key=lambda one: (one.get(sort, ""), one["key"]), reverse=direction == "desc"
        )
        total = len(found)
        headers = self._common({**headers, "Total-Results": str(total)})
        if form == "versions":
            return _json({one["key"]: one["version"] for one in found}, headers)
        if form == "keys":
            return Answer(200, "\n".join(one["key"] for one in found).encode() + b"\n", headers)
        start = int(params.get("start", 0))
        unlimited = self.owner.local and "limit" not in params
        limit = (
            total
            if unlimited
            else min(int(params.get("limit", 25)), 100 if not self.owner.local else total)
        )
        if start + limit < total:
            following = urlencode({**params, "start": start + limit, "limit": limit})
            address = f"{self.owner.endpoint}{urlsplit(self.path).path.removeprefix('/api')}"
            headers["Link"] = f'<{address}?{following}>; rel="next"'
        include = params.get("include", "data").split(",")
        page = [self._object(one, name, include) for one in found[start : start + limit]]
        return _json(page, headers)

    def _object(
        self, data: dict[str, Any], name: str, include: list[str] | None = None
    ) -> dict[str, Any]:
        kind, number = name.split("/")
        whole: dict[str, Any] = {
            "key": data["key"],
            "version": data["version"],
            "library": {"type": kind[:-1], "id": int(number), "name": name, "links": {}},
            "links": {},
            "meta": {},
        }
        if data.get("date"):
            whole["meta"]["parsedDate"] = str(data["date"])[:10]
        if include is None or "data" in include:
            whole["data"] = copy.copy(data)
        if include and "csljson" in include:
            whole["csljson"] = {"id": f"{number}/{data['key']}", "title": data.get("title", "")}
        return whole

    def _common(self, headers: dict[str, str]) -> dict[str, str]:
        headers = {**headers, "Zotero-API-Version": "3", "Zotero-Schema-Version": "40"}
        if self.owner.local and self.owner.server_id:
            headers["Zotero-Server-ID"] = self.owner.server_id
        return headers


def _json(data: Any, headers: dict[str, str] | None = None) -> Answer:
    body = json.dumps(data, ensure_ascii=False).encode()
    return Answer(200, body, {"Content-Type": "application/json", **(headers or {})})
