"""Showing the site while it is written: a server on 127.0.0.1 that rebuilds and reloads.

It serves nothing outside the site's folder, answers no page of another origin (a foreign ``Host`` or
``Origin`` header is refused, which keeps DNS rebinding out), and never runs a notebook.
"""

from __future__ import annotations

import contextlib
import http.server
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from weeknotes.errors import WeeknotesError
from weeknotes.files import keep_cache
from weeknotes.journal import project as projects
from weeknotes.journal.project import Project
from weeknotes.site.build import render
from weeknotes.site.last_build import BuildReport

_HOST = "127.0.0.1"
_EVENTS = "/_weeknotes/events"
_SCRIPT = "/_weeknotes/reload.js"
#: Reconnecting after the server came back reloads too: the site may have changed meanwhile.
_RELOAD_JS = b"""\
const events = new EventSource("/_weeknotes/events");
let lost = false;
events.addEventListener("built", () => location.reload());
events.addEventListener("error", () => { lost = true; });
events.addEventListener("open", () => { if (lost) location.reload(); });
"""
#: Seconds between signs of life, so that a reader that has gone is noticed.
_HEARTBEAT = 15.0
#: Folders in which a change means nothing for the site.
_UNWATCHED = frozenset([".git", ".venv", ".quarto", ".weeknotes", ".ipynb_checkpoints"])


class Announcer:
    """Lets any number of waiting readers know that the site was built again."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._builds = 0
        self._closed = False

    def announce(self) -> None:
        """Wake every reader."""
        with self._changed:
            self._builds += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let every reader go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def builds(self) -> int:
        """The number of builds since the server started."""
        return self._builds

    def wait(self, seen: int) -> int | None:
        """The number of builds once it is beyond ``seen``, or ``seen`` when nothing came for a while;
        None when the server stops."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._builds > seen, _HEARTBEAT)
            return None if self._closed else self._builds


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Files of the site, and the stream of events that reloads an open page."""

    protocol_version = "HTTP/1.1"
    #: Seconds that a connection may say nothing, or take nothing, before it is closed.
    timeout = 60.0
    extensions_map: dict[str, str] = {  # noqa: RUF012 (as the base class has it)
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".svg": "image/svg+xml",
        ".xml": "application/xml; charset=utf-8",
        ".ipynb": "application/x-ipynb+json",
        ".webp": "image/webp",
    }

    def __init__(self, *args: Any, announcer: Announcer, shown_in: str = "", **kwargs: Any) -> None:
        self.announcer = announcer
        self.shown_in = shown_in
        super().__init__(*args, **kwargs)

    def parse_request(self) -> bool:
        """Read the request line and the headers; 403 to foreign hosts, whatever they ask for."""
        if not super().parse_request():
            return False
        if self._is_ours():
            return True
        self.close_connection = True
        self.send_error(HTTPStatus.FORBIDDEN, "This server answers 127.0.0.1 alone")
        return False

    def handle_expect_100(self) -> bool:
        """Go on without an answer: no request that this server takes has a body, and nothing is said
        before the host is known."""
        return True

    def do_GET(self) -> None:
        """Send a file of the site, the stream of reloads, or its script."""
        if self.path == _EVENTS:
            self._stream_events()
        elif self.path == _SCRIPT:
            self._send(HTTPStatus.OK, _RELOAD_JS, "text/javascript; charset=utf-8")
        else:
            super().do_GET()

    def send_head(self) -> BinaryIO | Any:
        """Send the headers of a file; a page is sent whole, with the script that reloads it."""
        path = self._inside()
        if path is None or not path.exists():
            self._not_found()
            return None
        if path.is_dir():
            if not self.path.split("?")[0].endswith("/"):
                return super().send_head()
            path = path / "index.html"
            if not path.is_file():
                self._not_found()
                return None
        if path.suffix != ".html":
            return super().send_head()
        data = path.read_bytes().replace(
            b"</body>", b'<script src="' + _SCRIPT.encode() + b'" defer></script></body>'
        )
        self._send(HTTPStatus.OK, data, "text/html; charset=utf-8")
        return None

    def end_headers(self) -> None:
        """End the headers with those that keep other origins out."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        # No page of another origin may load a file, or show ours in a frame, but the one asked for.
        ancestors = f"frame-ancestors 'self' {self.shown_in}".rstrip()
        self.send_header("Content-Security-Policy", ancestors)
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "same-origin")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """Folders are not listed."""
        self._not_found()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not worth a line each."""

    def _is_ours(self) -> bool:
        port = self.connection.getsockname()[1]
        ours = {f"{name}:{port}" for name in (_HOST, "localhost")}
        hosts = self.headers.get_all("Host") or []
        origins = self.headers.get_all("Origin") or []
        # A link from elsewhere may open a page; nothing else of another site's may ask.
        elsewhere = self.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        return (
            len(hosts) == 1
            and hosts[0] in ours
            and all(origin in {f"http://{name}" for name in ours} for origin in origins)
            and (not elsewhere or self.headers.get("Sec-Fetch-Mode") == "navigate")
        )

    def _inside(self) -> Path | None:
        """The file that is asked for, None where the path leads out of the site."""
        root = Path(self.directory).resolve()
        path = Path(self.translate_path(self.path))
        try:
            path.resolve().relative_to(root)
            path.exists()  # Raises for a name that is too long.
        except (ValueError, OSError):
            return None
        return path

    def _not_found(self) -> None:
        page = Path(self.directory) / "404.html"
        data = page.read_bytes() if page.is_file() else b"Not found"
        self._send(HTTPStatus.NOT_FOUND, data, "text/html; charset=utf-8")

    def _send(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _stream_events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        seen: int | None = self.announcer.builds
        try:
            while seen is not None:
                before = seen
                seen = self.announcer.wait(before)
                if seen is not None:
                    self.wfile.write(b"event: built\ndata:\n\n" if seen > before else b":\n\n")
                    self.wfile.flush()
        except OSError:
            pass  # The reader has closed the page.


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what goes wrong, but for readers that have gone or stopped reading."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def _ended_by_signal(stop: threading.Event) -> Iterator[None]:
    """Within the block, let a SIGTERM set ``stop``, as a service manager or a closed terminal sends
    it. Only the main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def serve(
    project: Project,
    *,
    port: int,
    say: Callable[[str], None],
    shown_in: str = "",
    stop: threading.Event | None = None,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Build the site, serve it until ``stop`` is set or Ctrl-C, and rebuild on every change.

    A ``project`` that shows what is private is served with it, marked. ``say`` is given what a person
    should read; ``ready`` the port once it is served. A page of
    the origin ``shown_in`` may show it in a frame, as JupyterLab does. Raises OSError where the port is
    taken.
    """
    stop = stop or threading.Event()
    announcer = Announcer()
    if project.shows_private:
        # It must not be committed, whatever the repository ignores.
        keep_cache(project.state / ".gitignore", b"*\n")
    _build(project, say)
    handler = partial(
        SiteHandler,
        announcer=announcer,
        shown_in=shown_in,
        directory=os.fspath(project.output_dir),
    )
    with _Server((_HOST, port), handler) as server:
        bound = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        say(f"http://{_HOST}:{bound}/ shows the journal; Ctrl-C ends it")
        if ready:
            ready(bound)
        try:
            with _ended_by_signal(stop):
                _rebuild_on_change(project, announcer, say, stop)
        finally:
            announcer.close()
            server.shutdown()
            thread.join()


def _rebuild_on_change(
    project: Project, announcer: Announcer, say: Callable[[str], None], stop: threading.Event
) -> None:
    from watchfiles import watch

    def matters(_change: Any, path: str) -> bool:
        parts = Path(path).relative_to(project.root).parts
        return (
            not _UNWATCHED.intersection(parts)
            and not Path(path).is_relative_to(project.output_dir)
            and not parts[0].startswith(f".{project.output_dir.name}.")
            and not parts[-1].endswith((".tmp", "~", ".swp"))
        )

    watching = False
    for changes in watch(
        project.root,
        watch_filter=matters,
        stop_event=stop,
        debounce=200,
        step=50,
        rust_timeout=1000,
        yield_on_timeout=True,
    ):
        # What was saved between the first build and the watch is built when that has begun.
        if watching and not changes:
            continue
        watching = True
        report = _build(project, say)
        if report is None or report.written:
            announcer.announce()


def _build(project: Project, say: Callable[[str], None]) -> BuildReport | None:
    """Build once more; what goes wrong is said, and the last good site stays."""
    try:
        current = projects.load(project.config_path)
        current = replace(current, shows_private=project.shows_private)
        report = render(current, engine="builtin")
    except (WeeknotesError, OSError) as error:
        say(str(error))
        return None
    for message in (*report.warnings, *report.problems):
        say(message)
    if report.written:
        say(f"built: {report.rendered} of {report.pages} pages rendered")
    return report
