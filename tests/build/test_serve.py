"""The server that shows the journal while it is written."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator

import pytest
from tests.build.conftest import write_week

from weeknotes.journal.project import Project
from weeknotes.site.serve import serve


@pytest.fixture
def port(three_weeks: Project) -> Iterator[int]:
    """The port at which the journal of ``three_weeks`` is served."""
    stop, ready = threading.Event(), threading.Event()
    ports: list[int] = []

    def bound(number: int) -> None:
        ports.append(number)
        ready.set()

    thread = threading.Thread(
        target=serve,
        args=(three_weeks,),
        kwargs={"port": 0, "say": lambda message: None, "stop": stop, "ready": bound},
    )
    thread.start()
    try:
        while not ready.wait(0.1):
            assert thread.is_alive(), "the server ended before it served"
        yield ports[0]
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8", "replace")
    finally:
        connection.close()


def test_pages_are_served_with_the_script_that_reloads_them(port: int) -> None:
    status, text = get(port, "/journal/2026/2026-W45.html")
    assert status == 200
    assert "확산 모델의 시작" in text
    assert '<script src="/_weeknotes/reload.js" defer></script></body>' in text
    assert get(port, "/")[0] == 200
    assert "EventSource" in get(port, "/_weeknotes/reload.js")[1]


def test_what_is_not_there_gets_the_404_page(port: int) -> None:
    status, text = get(port, "/journal/1999/1999-W01.html")
    assert status == 404
    assert "<title>" in text


@pytest.mark.parametrize(
    "path",
    [
        "/../_quarto.yml",
        "/%2e%2e/_quarto.yml",
        "/..%2f_quarto.yml",
        "//etc/passwd",
        "/journal/",
        "/journal/2026",
        "/%00",
    ],
)
def test_nothing_outside_the_site_and_no_listing(port: int, path: str) -> None:
    assert get(port, path)[0] in (301, 404)


def test_a_link_out_of_the_site_is_not_followed(three_weeks: Project, port: int) -> None:
    (three_weeks.output_dir / "secret.html").symlink_to(three_weeks.root / "_quarto.yml")
    assert get(port, "/secret.html")[0] == 404


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_foreign_hosts_and_origins_are_refused(port: int, headers: dict[str, str]) -> None:
    assert get(port, "/", **headers)[0] == 403


def test_a_change_is_built_and_announced(three_weeks: Project, port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/_weeknotes/events")
    events = connection.getresponse()
    write_week(three_weeks.root, "2026-W45", "## Freshly written")
    assert events.readline() == b"event: built\n"
    connection.close()
    assert "Freshly written" in get(port, "/journal/2026/2026-W45.html")[1]
