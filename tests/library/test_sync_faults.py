"""What the network does to a sync: after a re-run the library is that of a run without faults."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weeknotes.errors import WeeknotesError
from weeknotes.journal.project import Project
from weeknotes.library.api_key import ApiKey
from weeknotes.library.store import Library
from weeknotes.library.zotero import config, pull
from weeknotes.library.zotero.client import (
    ATTEMPTS,
    ZoteroAccessError,
    ZoteroError,
    ZoteroUnavailableError,
)
from weeknotes.library.zotero.config import LibraryRef, ZoteroSettings
from weeknotes.library.zotero.sync import sync

from .conftest import Sleeper, settings_for
from .zotero_server import FAULTS, KEY, FakeLibrary, ZoteroServer

Run = Callable[..., Any]


PAPERS = 48


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many requests for a few papers as there are for many."""
    monkeypatch.setattr(pull, "PAGE", 25)
    monkeypatch.setattr(pull, "KEYS", 12)


def populate(library: FakeLibrary) -> list[str]:
    """Papers, half of them with keys of their own, and two collections."""
    inside = library.collection("Diffusion")
    library.collection("Deep", inside)
    return [
        library.add(
            title=f"논문 {n}",
            creators=[{"creatorType": "author", "lastName": "김", "firstName": f"{n}"}],
            date=str(2000 + n % 20),
            collections=[inside] if n % 3 else [],
            citationKey=f"own{n}" if n % 2 else "",
        )
        for n in range(PAPERS)
    ]


def alter(library: FakeLibrary, keys: list[str]) -> None:
    """What happens between two syncs."""
    for key in keys[:3]:
        library.delete(key)
    for key in keys[10:30]:
        library.change(key, title="새 제목")
    library.trash(keys[40])
    library.add(title="Fresh", citationKey="fresh")


def final(journal: Project) -> tuple[bytes, bytes]:
    return journal.library_path.read_bytes(), (journal.root / "references.bib").read_bytes()


@pytest.fixture(params=["1", "0"], ids=["by number", "me"])
def owner(request: pytest.FixtureRequest) -> LibraryRef:
    """The user's library by its number, and as ``user: me``, which asks whose the key is first."""
    return LibraryRef("user", request.param)


@pytest.fixture
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, owner: LibraryRef
) -> tuple[int, int, tuple[bytes, bytes]]:
    """A first and a second sync without faults: the requests of each, and what comes of them."""
    from weeknotes.journal import project

    root = tmp_path_factory.mktemp("undisturbed")
    (root / "_quarto.yml").write_text("project:\n  type: website\n")
    journal = project.load(root / "_quarto.yml")
    with ZoteroServer() as server:
        keys = populate(server.library)
        first = sync(journal, settings=settings_for(server, owner)).requests
        alter(server.library, keys)
        second = sync(journal, settings=settings_for(server, owner)).requests
    return first, second, final(journal)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_request_changes_nothing(
    journal: Project,
    zotero: ZoteroServer,
    run: Run,
    owner: LibraryRef,
    undisturbed: Any,
    fault: str,
) -> None:
    first, second, expected = undisturbed
    zotero.stall = 0.3
    # Short where an answer must be given up, and long where a busy machine may keep it waiting.
    timeout = 0.2 if fault == "timeout" else 20
    for at in range(1, first + second + 1):
        zotero.libraries["users/1"] = FakeLibrary()
        journal.library_path.unlink(missing_ok=True)
        zotero.forget()
        keys = populate(zotero.library)
        zotero.faults = {at: fault}
        run(owner, full=True, timeout=timeout)
        alter(zotero.library, keys)
        run(owner, timeout=timeout)
        run(owner)
        assert final(journal) == expected, f"{fault} at request {at}"
        assert zotero.requests <= first + second + 2 + (2 if owner.id == "0" else 1)


@pytest.mark.parametrize("fault", ["503", "cut", "html", "reset", "304", "429-silent"])
def test_a_lasting_fault_stops_and_the_next_run_goes_on(
    journal: Project,
    zotero: ZoteroServer,
    run: Run,
    owner: LibraryRef,
    undisturbed: Any,
    fault: str,
) -> None:
    first, _, expected = undisturbed
    keys = populate(zotero.library)

    def break_from(at: int) -> None:
        def before(number: int) -> None:
            zotero.always = fault if number >= at else ""

        zotero.before = before

    for at in range(1, first + 1):
        journal.library_path.unlink(missing_ok=True)
        (journal.state / "zotero.sqlite3").unlink(missing_ok=True)
        zotero.forget()
        break_from(at)
        sleeper = Sleeper()
        with pytest.raises(ZoteroUnavailableError, match=f"{ATTEMPTS} attempts") as caught:
            run(owner, sleep=sleeper)
        assert "goes on from there" in str(caught.value)
        assert sleeper.waits == sorted(sleeper.waits)
        assert len(sleeper.waits) == ATTEMPTS - 1
        assert not journal.library_path.exists()
        zotero.forget()
        run(owner)
        # The pages that had come are not fetched again.
        pages = [one for one in zotero.log if one.params.get("sort") or "itemKey" in one.params]
        assert len(pages) <= max(1, first - at + 1)
    alter(zotero.library, keys)
    zotero.forget()
    break_from(3)
    before = journal.library_path.read_bytes()
    with pytest.raises(ZoteroUnavailableError):
        run(owner)
    assert journal.library_path.read_bytes() == before
    zotero.forget()
    run(owner)
    assert final(journal) == expected


@pytest.mark.parametrize(
    ("fault", "least"), [("429", 2.5), ("429-date", 2), ("503-retry", 4.5), ("backoff", 1.5)]
)
def test_the_server_says_how_long_to_wait(
    zotero: ZoteroServer, run: Run, owner: LibraryRef, fault: str, least: float
) -> None:
    zotero.library.add(title="A", citationKey="a")
    zotero.faults = {1: fault}
    sleeper = Sleeper()
    run(owner, sleep=sleeper)
    # With "me" the first answer is that of keys/current: it holds for the library's requests too.
    assert max(sleeper.waits) >= least


def test_the_pause_asked_for_holds_across_libraries(zotero: ZoteroServer, run: Run) -> None:
    """The last answer of one library asks for a pause: the next library's first request keeps it."""
    zotero.library.add(title="A", citationKey="a")
    zotero.libraries["groups/7"] = FakeLibrary()
    zotero.rights[KEY].add("groups/7")
    run()
    alone = zotero.requests
    zotero.forget()
    zotero.faults = {alone: "backoff"}
    sleeper = Sleeper()
    run(LibraryRef("user", "1"), LibraryRef("group", "7"), full=True, sleep=sleeper)
    assert "groups/7" in zotero.log[alone].path
    assert len(sleeper.waits) == 1
    assert 1.5 < sleeper.waits[0] <= 2


def test_a_server_that_asks_for_hours_is_left_alone(
    zotero: ZoteroServer, run: Run, owner: LibraryRef
) -> None:
    zotero.always = "429-hours"
    sleeper = Sleeper()
    with pytest.raises(ZoteroUnavailableError, match="120 minutes"):
        run(owner, sleep=sleeper)
    assert not sleeper.waits
    assert zotero.requests == 1


KILLED = """
import sys
from pathlib import Path
from weeknotes.journal import project
from weeknotes.library.zotero.config import ApiKey, LibraryRef, ZoteroSettings
from weeknotes.library.zotero.sync import sync
journal = project.load(Path(sys.argv[1]))
settings = ZoteroSettings((LibraryRef("user", "1"),), False, sys.argv[2], ApiKey(sys.argv[3]))
print("ready", flush=True)
sync(journal, settings=settings, rename=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_library_is_old_or_new(
    journal: Project, zotero: ZoteroServer, run: Run, week: Callable[..., Path]
) -> None:
    keys = populate(zotero.library)
    run()
    note = week(*(f"## Note {n} [@own{n}]" for n in range(1, 40, 2)))
    chance = random.Random(20261116)
    started = time.monotonic()
    run(dry_run=True)
    for turn in range(8):
        before = journal.library_path.read_bytes()
        for key in keys[turn * 5 : turn * 5 + 5]:
            old = zotero.library.items[key]["citationKey"]
            zotero.library.change(key, title=f"{turn}", citationKey=old and f"{old}x")
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(journal.config_path), zotero.endpoint, KEY],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.2, 0.9))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        left = Library.load(journal.library_path)
        assert len(left.entries) == PAPERS
        cited = {f"own{n}" for n in range(1, 40, 2)} | {f"own{n}x" for n in range(1, 40, 2)}
        for key in cited & {word.strip("[@]") for word in note.read_text().split()}:
            assert left.get(key) is not None
        run(rename=True)
        after = journal.library_path.read_bytes()
        assert after != before
        assert not run().changes
        assert journal.library_path.read_bytes() == after
    assert time.monotonic() - started < 60


def everything_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("fault", ["", "500", "html", "cut", "403", "400", "reset", "half-json"])
def test_the_key_shows_nowhere(
    journal: Project, zotero: ZoteroServer, run: Run, fault: str
) -> None:
    zotero.library.add(title="A", citationKey="a")
    zotero.always = fault
    told = ""
    try:
        report = run()
        told = f"{report}{report.to_text()}{report.to_dict()}"
    except WeeknotesError as error:
        told = f"{error}{error!r}" + "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert told
    assert KEY not in told
    assert KEY.encode() not in everything_below(journal.root)
    assert all(KEY not in one.path + str(one.params) for one in zotero.log)
    assert any(KEY in one.headers.get("authorization", "") for one in zotero.log)


def refusal(run: Run, *refs: LibraryRef, **options: Any) -> str:
    with pytest.raises(ZoteroError) as caught:
        run(*refs, **options)
    return str(caught.value)


def test_refusals_say_what_to_do(journal: Project, zotero: ZoteroServer, run: Run) -> None:
    zotero.libraries["groups/8"] = FakeLibrary()

    def with_key(key: str, *refs: LibraryRef) -> str:
        with pytest.raises(ZoteroAccessError) as caught:
            sync(journal, settings=settings_for(zotero, *refs, key=key), sleep=Sleeper())
        return str(caught.value)

    wrong = with_key("WRONGwrong2WRONGwrong2WR")
    assert "does not know this API key" in wrong
    assert "settings/keys" in wrong
    assert "no API key is set" in with_key("")
    assert "no right to read groups/8 (it belongs to user 1)" in with_key(
        KEY, LibraryRef("group", "8")
    )
    assert "no library groups/9" in with_key(KEY, LibraryRef("group", "9"))
    assert "no right to read users/2" in with_key(KEY, LibraryRef("user", "2"))
    assert not journal.library_path.exists()


def test_me_is_the_user_that_the_key_belongs_to(
    journal: Project, zotero: ZoteroServer, run: Run
) -> None:
    zotero.library.add(title="A", citationKey="a")
    run(LibraryRef("user", "0"))
    entry = Library.load(journal.library_path).entries["a"]
    assert entry["custom"]["zotero"]["library"] == "users/1"
    zotero.forget()
    assert run(LibraryRef("user", "0")).requests == 2


def test_no_network_is_said(journal: Project) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ZoteroSettings(
        (LibraryRef("user", "1"),), False, f"http://127.0.0.1:{port}", ApiKey(KEY)
    )
    with pytest.raises(ZoteroUnavailableError, match="is this computer online"):
        sync(journal, settings=settings, sleep=Sleeper())
    local = ZoteroSettings(
        (LibraryRef("user", "0"),), True, f"http://127.0.0.1:{port}/api", ApiKey("")
    )
    with pytest.raises(ZoteroUnavailableError, match="Start Zotero"):
        sync(journal, settings=local, sleep=Sleeper())


def test_a_spoiled_copy_is_fetched_anew(journal: Project, zotero: ZoteroServer, run: Run) -> None:
    populate(zotero.library)
    run()
    before = final(journal)
    (journal.state / "zotero.sqlite3").write_bytes(b"not a database at all" * 100)
    assert not run().changes
    assert final(journal) == before


# The local API


@pytest.fixture
def local(request: pytest.FixtureRequest) -> Any:
    with ZoteroServer(local=True, server_id=getattr(request, "param", "")) as server:
        yield server


ME = LibraryRef("user", "0")


def test_the_local_api_of_zotero_7_and_8(journal: Project, run: Run, local: ZoteroServer) -> None:
    keys = populate(local.library)
    run(ME, server=local)
    assert len(Library.load(journal.library_path).entries) == PAPERS
    local.forget()
    report = run(ME, server=local)
    assert report.requests <= 2
    assert not report.changes
    # Changed on this computer and not synced yet: the version stays.
    local.library.items[keys[1]]["title"] = "Changed offline"
    del local.library.items[keys[4]]
    local.library.items["NEWITEM2"] = {
        **local.library.items[keys[2]],
        "key": "NEWITEM2",
        "version": 0,
        "title": "New offline",
        "citationKey": "offline",
    }
    report = run(ME, server=local)
    assert (report.added, report.changed) == (("offline",), ("own1",))
    assert len(report.removed) == 1


@pytest.mark.parametrize("local", ["aaaa-1111"], indirect=True)
def test_the_local_api_with_a_server_id(journal: Project, run: Run, local: ZoteroServer) -> None:
    keys = populate(local.library)
    run(ME, server=local)
    before = journal.library_path.read_bytes()
    local.forget()
    assert run(ME, server=local).requests == 1
    alter(local.library, keys)
    report = run(ME, server=local)
    assert (len(report.added), len(report.removed)) == (1, 4)
    # Another database on this computer: its versions have nothing to do with the first one's.
    local.server_id = "bbbb-2222"
    local.libraries["users/1"] = FakeLibrary()
    populate(local.library)
    local.library.version += 500
    run(ME, server=local)
    assert journal.library_path.read_bytes() == before


def test_the_local_api_says_what_is_wrong(run: Run, local: ZoteroServer) -> None:
    assert "does not hold users/99" in refusal(run, LibraryRef("user", "99"), server=local)
    local.enabled = False
    assert "switched off" in refusal(run, ME, server=local)


def test_the_local_copy_and_the_web_agree(
    journal: Project, zotero: ZoteroServer, run: Run, local: ZoteroServer
) -> None:
    populate(zotero.library)
    local.libraries = zotero.libraries
    run(LibraryRef("user", "1"))
    before = journal.library_path.read_bytes()
    assert not run(LibraryRef("user", "1"), server=local).changes
    assert journal.library_path.read_bytes() == before


# The configuration


def settings_of(folder: Path, text: str, **environment: str) -> ZoteroSettings:
    from weeknotes.journal import project

    (folder / "_quarto.yml").write_text(text)
    return config.settings(project.load(folder / "_quarto.yml"), environment)


def test_settings_are_read(tmp_path: Path) -> None:
    text = (
        "weeknotes:\n  zotero:\n    libraries:\n      - user: 12\n"
        "        collections: [Thesis/Chapter 2, ' A / B ']\n      - group: 7\n"
    )
    found = settings_of(tmp_path, text, ZOTERO_API_KEY=KEY)
    assert [ref.name for ref in found.libraries] == ["users/12", "groups/7"]
    assert found.libraries[0].collections == ("Thesis/Chapter 2", "A/B")
    assert found.endpoint == config.WEB
    assert found.key.reveal() == KEY
    assert KEY not in repr(found)
    short = settings_of(
        tmp_path, "weeknotes: {zotero: {user: me, local: true}}", ZOTERO_API_KEY=KEY
    )
    assert (short.libraries[0].id, short.endpoint, bool(short.key)) == ("0", config.LOCAL, False)
    moved = settings_of(tmp_path, text, ZOTERO_ENDPOINT="http://127.0.0.1:1/x/")
    assert moved.endpoint == "http://127.0.0.1:1/x"


@pytest.mark.parametrize(
    ("text", "environment", "says"),
    [
        ("weeknotes: {}", {}, "no Zotero library is configured"),
        ("weeknotes: {zotero: 12}", {}, "must be a mapping"),
        ("weeknotes: {zotero: {user: 1, api-key: x}}", {}, "must not be in a file"),
        ("weeknotes: {zotero: {user: Anna}}", {}, "must be a number"),
        ("weeknotes: {zotero: {user: 1, group: 2}}", {}, "by 'user' or by 'group'"),
        ("weeknotes: {zotero: {usr: 1}}", {}, "unknown key 'usr'"),
        ("weeknotes: {zotero: {libraries: [{user: 1}, {user: 1}]}}", {}, "named twice"),
        ("weeknotes: {zotero: {libraries: 3}}", {}, "must be a list"),
        ("weeknotes: {zotero: {user: 1, local: maybe}}", {}, "true or false"),
        ("weeknotes: {zotero: {user: 1}}", {"ZOTERO_ENDPOINT": "zotero"}, "not an http address"),
        (
            "weeknotes: {zotero: {user: 1}}",
            {"ZOTERO_ENDPOINT": "http://example.org", "ZOTERO_API_KEY": KEY},
            "without encryption",
        ),
        ("weeknotes: {zotero: {user: 1}}", {"ZOTERO_API_KEY": "a b"}, "no Zotero key"),
    ],
)
def test_bad_settings_are_named(
    tmp_path: Path, text: str, environment: dict[str, str], says: str
) -> None:
    with pytest.raises(WeeknotesError, match=says):
        settings_of(tmp_path, text, **environment)
