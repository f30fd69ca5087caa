"""A static host on loopback: text compressed with gzip, as GitHub Pages and its like serve it."""

from __future__ import annotations

import contextlib
import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_COMPRESSED = ("json", "javascript", "xml", "wasm")


class _Server(ThreadingHTTPServer):
    """Counts the bytes that it has ``sent``; its site is at the path ``base``."""

    sent = 0
    base = "/"


class StaticHost(SimpleHTTPRequestHandler):
    """Serves a folder under the server's ``base``, with a policy that lets nothing in from elsewhere
    and nothing inline where ``strict``; ``cache`` says what a browser may keep of it."""

    server: _Server
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; together with delayed acknowledgements they would cost 40 ms.
    disable_nagle_algorithm = True
    strict = False
    cache = "max-age=600"

    def setup(self) -> None:
        """Count what is written from here on."""
        super().setup()
        write = self.wfile.write

        def counted(data: bytes) -> int:
            self.server.sent += len(data)
            return write(data)

        self.wfile.write = counted  # type: ignore[assignment, method-assign]

    def do_GET(self) -> None:
        """Send a file, or the index of a folder."""
        path = Path(self.translate_path(self.path.removeprefix(self.server.base.rstrip("/"))))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        kind = self.guess_type(path)
        compressed = kind.startswith("text/") or kind.endswith(_COMPRESSED)
        body = _packed(path, path.stat().st_mtime_ns) if compressed else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", self.cache)
        if self.strict:
            policy = "default-src 'self'; img-src 'self' data:"
            self.send_header("Content-Security-Policy", policy)
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class StrictHost(StaticHost):
    """The same with a strict content security policy."""

    strict = True


class ForgetfulHost(StaticHost):
    """The same, of whose files a browser keeps none."""

    cache = "no-store"


@lru_cache(maxsize=8192)
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes())


@dataclass
class Host:
    """A host that runs at ``url``."""

    url: str
    server: _Server

    def take(self) -> int:
        """The bytes sent since this was last asked, headers included."""
        sent = self.server.sent
        self.server.sent = 0
        return sent


@contextlib.contextmanager
def serving(
    folder: Path, host: type[StaticHost] = StaticHost, *, base: str = "/journal-site/"
) -> Iterator[Host]:
    """A host of ``folder`` for as long as the block runs, with the site at the path ``base``."""
    server = _Server(("127.0.0.1", 0), partial(host, directory=str(folder)))
    server.base = base
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Host(f"http://127.0.0.1:{server.server_address[1]}{base}", server)
    finally:
        server.shutdown()
        server.server_close()
