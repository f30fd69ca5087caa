"""Links to other sites, tried on servers of this machine."""

from __future__ import annotations

import datetime
import http.server
import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checks.conftest import WEEK, Journal
from tests.loopback import Loopback

from weeknotes.checks import file_facts, web_links
from weeknotes.checks.findings import Finding
from weeknotes.errors import WeeknotesError
from weeknotes.files import CacheWarning


class Site(http.server.BaseHTTPRequestHandler):
    """Answers as its addresses say, and remembers what it was asked."""

    asked: list[tuple[str, str]]

    def do_HEAD(self) -> None:
        self.asked.append((self.command, self.path))
        name = self.path.partition("?")[0].strip("/")
        code = int(name) if name.isdigit() else 200
        if name in ("gone", "head-only", "%ED%95%9C-gone"):
            code = 404
        if name == "head-only" and self.command == "GET":
            code = 200
        if name in ("busy", "soon", "late"):
            first = [path for _, path in self.asked].count(self.path) == 1
            code = {"busy": 429, "soon": 429 if first else 200, "late": 503}[name]
        if name in ("moved", "moved-away", "round"):
            code = 308 if name == "moved" else 302
        self.send_response(code)
        targets = {"moved": "/there", "moved-away": "/gone", "round": "/round"}
        if name in targets:
            self.send_header("Location", targets[name])
        if name in ("busy", "soon", "late"):
            self.send_header("Retry-After", "2" if name == "soon" else "3600")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, format: str, *args: object) -> None:
        pass


def serve(context: ssl.SSLContext | None = None) -> Iterator[str]:
    Site.asked = []
    with Loopback(Site, context) as server:
        yield server.url


@pytest.fixture
def site() -> Iterator[str]:
    yield from serve()


class Asking:
    """Tries the links of a journal, and counts the seconds that it would have waited."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.pauses: list[float] = []

    def __call__(self, *targets: str) -> list[Finding]:
        self.journal.put("\n".join(f"[x]({target})" for target in targets))
        facts = {WEEK: file_facts.FactsMemory(self.journal.project).facts(WEEK)}
        return web_links.links(self.journal.project, facts, sleep=self.pauses.append)


@pytest.fixture
def ask(sound: Journal) -> Asking:
    return Asking(sound)


def test_links_to_other_sites(ask: Asking, site: str) -> None:
    names = ("there", "gone", "405", "head-only", "503", "there#x")
    found = ask(*(f"{site}/{name}" for name in names))
    assert [(f.file, f.cell, f.line) for f in found] == [(WEEK, 3, 2)]
    assert "404" in found[0].message
    assert len(ask.pauses) >= len(names) - 2
    assert [path for method, path in Site.asked if method == "GET"] == [
        "/405",
        "/gone",
        "/head-only",
    ]
    asked = len(Site.asked)
    assert ask(*(f"{site}/{name}" for name in names)) == found
    assert len(Site.asked) == asked


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("401", ""),
        ("403", ""),
        ("404", "404"),
        ("405", ""),
        ("410", "410"),
        ("500", ""),
        ("501", "501"),
        ("moved", ""),
        ("moved-away", "404"),
        ("round", "302"),
        ("한-gone", "404"),
        ("한글 no", ""),
        ("a?b=한", ""),
    ],
)
def test_what_an_answer_says(ask: Asking, site: str, name: str, problem: str) -> None:
    found = ask(f"<{site}/{name}>" if " " in name else f"{site}/{name}")
    assert [problem in f.message for f in found] == ([True] if problem else [])


def test_a_host_that_wants_to_be_left_alone_is(ask: Asking, site: str) -> None:
    assert ask(f"{site}/busy", f"{site}/gone", f"{site}/other") == []
    assert Site.asked == [("HEAD", "/busy")]
    # It is asked again the next time.
    assert ask(f"{site}/there", f"{site}/busy") == []
    assert len(Site.asked) > 1


def test_a_short_wait_is_waited(ask: Asking, site: str) -> None:
    assert [f.line for f in ask(f"{site}/soon", f"{site}/zzz/gone", f"{site}/gone")] == [3]
    assert 2.0 in ask.pauses


def test_a_site_out_of_service_is_not_gone(ask: Asking, site: str) -> None:
    assert ask(f"{site}/late") == []
    assert Site.asked == [("HEAD", "/late")]


def test_what_is_no_address_is_told(ask: Asking, site: str) -> None:
    found = ask("http://[x/a", f"{site}/there")
    assert ["no address" in f.message for f in found] == [True]


def free_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return int(closed.getsockname()[1])


def test_that_nobody_answers_is_not_kept(ask: Asking, site: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    found = ask(f"{nobody}/a", f"{nobody}/b", f"{site}/there")
    assert ["refused" in f.message for f in found] == [True, True]
    memory = json.loads((ask.journal.project.state / "check/links.json").read_bytes())
    assert list(memory) == [f"{site}/there"]


def test_a_machine_without_a_network_says_so(ask: Asking) -> None:
    with pytest.raises(WeeknotesError, match="none of 2 sites"):
        ask(f"http://127.0.0.1:{free_port()}/a", f"http://127.0.0.1:{free_port()}/b")


def test_a_server_that_says_nothing_is_given_up(
    ask: Asking, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_links, "_PATIENCE", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mute = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
        assert ["timed out" in f.message for f in ask(mute, f"{site}/there")] == [True]


def test_a_certificate_of_nobody_is_told(ask: Asking, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 1".split()
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = serve(context)
    found = ask(f"{next(server)}/there")
    assert ["certificate" in f.message for f in found] == [True]
    next(server, None)


def test_bad_news_is_believed_for_a_day(
    ask: Asking, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(f"{site}/gone", f"{site}/there")
    asked = len(Site.asked)
    later = datetime.timedelta(days=2).total_seconds()
    now = web_links.time.time()
    monkeypatch.setattr(web_links.time, "time", lambda: now + later)
    ask(f"{site}/gone", f"{site}/there")
    assert {path for _, path in Site.asked[asked:]} == {"/gone"}


@pytest.mark.parametrize("memory", [b"[", b"[]", b'{"x": 1}', b'{"x": ["a", ""]}'])
def test_what_is_remembered_may_be_broken(ask: Asking, site: str, memory: bytes) -> None:
    ask(f"{site}/there")
    (ask.journal.project.state / "check/links.json").write_bytes(memory)
    assert len(ask(f"{site}/gone")) == 1


def test_images_and_bare_addresses_are_tried(ask: Asking, site: str) -> None:
    ask.journal.put(f"![x]({site}/gone)\n\n<{site}/410>")
    facts = {WEEK: file_facts.FactsMemory(ask.journal.project).facts(WEEK)}
    found = web_links.links(ask.journal.project, facts, sleep=ask.pauses.append)
    assert sorted(f.line or 0 for f in found) == [1, 3]


def test_links_are_not_tried_unless_asked(sound: Journal, site: str) -> None:
    sound.put(f"[x]({site}/gone)")
    assert sound.found() == []
    assert Site.asked == []


def test_links_are_tried_where_nothing_can_be_kept(ask: Asking, site: str) -> None:
    state = ask.journal.project.state
    shutil.rmtree(state, ignore_errors=True)
    state.write_text("a file in the place of the folder")
    with pytest.warns(CacheWarning):
        assert len(ask(f"{site}/gone")) == 1
