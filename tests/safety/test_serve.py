"""The server, spoken to in bytes: foreign hosts, ways out of the site's folder, requests cut short."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from weeknotes.journal.project import Project
from weeknotes.site.serve import Announcer, SiteHandler, _Server

SECRET = b"not for the browser"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A server over a small site, with files beside it that it must not serve."""
    site = tmp_path / "_site"
    (site / "sub").mkdir(parents=True)
    (site / "index.html").write_text("<html><body>home</body></html>")
    (site / "404.html").write_text("<title>Not found</title>")
    (site / "sub" / "a.html").write_text("<html><body>a page</body></html>")
    (site / "한글.html").write_text("<html><body>hangul</body></html>", "utf-8")
    (tmp_path / "secret.txt").write_bytes(SECRET)
    (tmp_path / "_site-old").mkdir()
    (tmp_path / "_site-old" / "x.txt").write_bytes(SECRET)
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    (site / "out").symlink_to(tmp_path)
    handler = partial(SiteHandler, announcer=Announcer(), directory=os.fspath(site))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def ask(port: int, data: bytes) -> bytes:
    """What the server answers to ``data``, until it closes or has said everything."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def get(port: int, path: bytes, *headers: bytes, host: bytes | None = None) -> bytes:
    host = b"127.0.0.1:%d" % port if host is None else host
    lines = [b"GET %s HTTP/1.1" % path, b"Host: " + host, b"Connection: close", *headers]
    return ask(port, b"\r\n".join([*lines, b"", b""]))


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


def test_pages_are_served(port: int) -> None:
    for path, text in ((b"/", b"home"), (b"/sub/a.html?x#y", b"a page")):
        assert text in get(port, path)
    assert b"hangul" in get(port, b"/%ED%95%9C%EA%B8%80.html")
    assert b"home" in get(port, b"/", host=b"localhost:%d" % port)


WAYS_OUT = [
    b"/../secret.txt",
    b"/sub/../../secret.txt",
    b"/%2e%2e/secret.txt",
    b"/%2E%2E%2Fsecret.txt",
    b"/..%2fsecret.txt",
    b"/..%5csecret.txt",
    b"/..\\secret.txt",
    b"/....//secret.txt",
    b"/%252e%252e/secret.txt",
    b"/%c0%ae%c0%ae/secret.txt",
    b"/\xc0\xae\xc0\xae/secret.txt",
    b"/\xef\xbc\x8e\xef\xbc\x8e/secret.txt",
    b"/.%00./secret.txt",
    b"/../secret.txt%00.html",
    b"/link.txt",
    b"/out/secret.txt",
    b"/out/",
    b"/out",
    b"/out/_site/../secret.txt",
    b"/../_site-old/x.txt",
    b"//etc/passwd",
    b"/etc/passwd",
    b"file:///etc/passwd",
    b"http://127.0.0.1/../secret.txt",
    b"../secret.txt",
    b"/;/../secret.txt",
    b"/?/../../secret.txt",
    b"/sub/a.html/../../../secret.txt",
    b"/" + b"a/" * 3000 + b"../" * 3001 + b"secret.txt",
    b"/" + b"%2e" * 5000,
]


@pytest.mark.parametrize("path", WAYS_OUT, ids=range(len(WAYS_OUT)))
def test_no_path_leads_out_of_the_site(port: int, path: bytes) -> None:
    answer = get(port, path)
    assert SECRET not in answer
    assert b"root:" not in answer
    assert b"_site" not in answer
    assert status(answer) in (200, 301, 400, 404, 414)
    if status(answer) == 200:
        assert b"home" in answer


HOSTS = [
    b"evil.example",
    b"127.0.0.1",
    b"127.0.0.1:1",
    b"127.0.0.1.evil.example:%d",
    b"evil.example:%d",
    b"localhost.evil.example:%d",
    b"127.0.0.1:%d@evil.example",
    b"127.0.0.1:%d, evil.example",
    b"0.0.0.0:%d",
    b"2130706433:%d",
    b"[::1]:%d",
    b"",
]


@pytest.mark.parametrize("host", HOSTS, ids=range(len(HOSTS)))
@pytest.mark.parametrize("path", [b"/", b"/_weeknotes/events", b"/_weeknotes/reload.js", b"/none"])
def test_foreign_hosts_are_refused(port: int, host: bytes, path: bytes) -> None:
    answer = get(port, path, host=host % port if b"%d" in host else host)
    assert status(answer) == 403
    assert b"home" not in answer


def test_a_request_without_a_host_or_with_two_is_refused(port: int) -> None:
    assert status(ask(port, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")) == 403
    assert status(ask(port, b"GET / HTTP/1.0\r\n\r\n")) == 403
    assert status(get(port, b"/", b"Host: evil.example")) == 403


@pytest.mark.parametrize(
    "header",
    [
        b"Origin: https://evil.example",
        b"Origin: null",
        b"Origin: http://127.0.0.1",
        b"Origin: http://127.0.0.1:1",
        b"Origin: http://127.0.0.1.evil.example",
        b"Origin: file://",
        b"Origin: ",
        b"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors",
        b"Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors",
    ],
)
def test_foreign_origins_are_refused(port: int, header: bytes) -> None:
    answer = get(port, b"/", header)
    assert status(answer) == 403
    assert b"home" not in answer


def test_a_link_from_elsewhere_may_open_a_page(port: int) -> None:
    assert status(get(port, b"/", b"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate")) == 200
    assert status(get(port, b"/", b"Origin: http://127.0.0.1:%d" % port)) == 200


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT"])
def test_nothing_but_reading(port: int, method: bytes) -> None:
    host = b"Host: 127.0.0.1:%d" % port
    answer = ask(port, method + b" / HTTP/1.1\r\n" + host + b"\r\nConnection: close\r\n\r\n")
    assert status(answer) in (400, 405, 501)
    assert b"Access-Control" not in answer


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"GET",
        b"GET /\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET " + b"/" * 70000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 300 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + b"a" * 70000 + b"\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: evil\r\n\r\n",
    ],
    ids=range(12),
)
def test_broken_requests_leave_the_server_standing(port: int, data: bytes) -> None:
    answer = ask(port, data)
    assert b"home" not in answer
    assert b"Traceback" not in answer
    assert b"home" in get(port, b"/")


def test_no_answer_can_be_shown_or_read_by_another_origin(port: int) -> None:
    for path in (b"/", b"/none", b"/_weeknotes/reload.js"):
        head = get(port, path).split(b"\r\n\r\n")[0].lower()
        assert b"cross-origin-resource-policy: same-origin" in head
        assert b"frame-ancestors 'self'\r\n" in head
        assert b"x-content-type-options: nosniff" in head
        assert b"access-control-allow" not in head


def test_one_origin_may_show_it_in_a_frame_where_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html><body>home</body></html>")
    shown_in = "http://localhost:8888"
    handler = partial(
        SiteHandler, announcer=Announcer(), shown_in=shown_in, directory=os.fspath(tmp_path)
    )
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        head = get(server.server_address[1], b"/")
        # Nothing else of it can be loaded by that origin.
        foreign = get(server.server_address[1], b"/", b"Origin: http://localhost:8888")
        server.shutdown()
        thread.join()
    assert b"frame-ancestors 'self' http://localhost:8888\r\n" in head
    assert status(foreign) == 403


@pytest.mark.parametrize("origin", ["*", "http://a b", "http://a; script-src *", "a\r\nb: c"])
def test_what_is_no_origin_is_refused(
    origin: str, journal: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from weeknotes.cli import main

    monkeypatch.chdir(journal.root)
    assert main(["serve", "--port", "0", "--shown-in", origin]) == 2


def test_it_listens_on_this_machine_alone(port: int) -> None:
    with pytest.raises(OSError), socket.create_connection((_other_address(), port), timeout=2):
        pass


def _other_address() -> str:
    """Another address of this machine, or one that leads nowhere."""
    return "127.0.0.2"


def test_the_host_is_looked_at_before_anything_is_answered(port: int) -> None:
    head = b" / HTTP/1.1\r\nHost: evil.example\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    for method in (b"GET", b"HEAD", b"POST", b"OPTIONS", b"FETCH"):
        answer = ask(port, method + head)
        assert status(answer) == 403, answer[:80]
        assert b"home" not in answer
    ours = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n" % port
    assert status(ask(port, ours + b"Expect: 100-continue\r\n\r\n")) == 200


def test_a_download_that_is_cut_off_says_nothing(
    port: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "_site" / "large.bin").write_bytes(bytes(20_000_000))
    (tmp_path / "_site" / "large.html").write_bytes(b"x" * 20_000_000)
    for name in (b"large.bin", b"large.html"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET /%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (name, port))
            assert connection.recv(1000)
            # Closed with a reset, as a browser closes what it no longer wants.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert b"home" in get(port, b"/")
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


def test_connections_that_say_nothing_are_closed(
    port: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(SiteHandler, "timeout", 0.2)
    for begun in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % port):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(begun)
            assert b"home" not in connection.recv(1000)
    assert b"home" in get(port, b"/")
    assert capfd.readouterr().err == ""


def test_a_sigterm_ends_it_quietly(journal: Project) -> None:
    command = [sys.executable, "-m", "weeknotes", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=journal.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    said = [process.stderr.readline()]
    while "Ctrl-C ends it" not in said[-1]:
        said.append(process.stderr.readline())
        assert said[-1], said
    port = int(said[-1].partition("127.0.0.1:")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        head = b"GET /_weeknotes/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port
        connection.sendall(head)
        assert connection.recv(1000)
        process.terminate()
        rest = process.communicate(timeout=60)
    assert process.returncode == 0
    assert rest == ("", "")
