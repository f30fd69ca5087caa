"""Notes that Weeknotes writes to Zotero: once, guarded by versions, and nothing private in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weeknotes.actions.push import push
from weeknotes.errors import UsageError
from weeknotes.journal import project
from weeknotes.journal.project import Project
from weeknotes.library.zotero import notes
from weeknotes.library.zotero.client import Client, Connection, ZoteroAccessError
from weeknotes.library.zotero.config import LibraryRef
from weeknotes.library.zotero.notes import fingerprint

from .conftest import Sleeper, settings_for
from .zotero_server import KEY, ZoteroServer

REF = LibraryRef("user", "1")
HTML = '<p><a href="https://x.example.org/papers/a.html">Journal</a></p>'


@pytest.fixture
def writable(zotero: ZoteroServer) -> ZoteroServer:
    zotero.writers[KEY] = {"users/1"}
    return zotero


def write(server: ZoteroServer, wanted: dict[str, str], **options: Any) -> Any:
    with Connection(settings_for(server), sleep=Sleeper(), pause=0.01, timeout=5) as connection:
        return notes.push(Client(REF, connection), wanted, **options)


def written(server: ZoteroServer) -> list[dict[str, Any]]:
    return [one for one in server.library.items.values() if one["itemType"] == "note"]


def test_a_note_is_written_once_and_updated(writable: ZoteroServer) -> None:
    item = writable.library.add(title="A")
    assert write(writable, {item: HTML}, dry_run=True).created == [item]
    assert not written(writable)
    assert write(writable, {item: HTML}).created == [item]
    (note,) = written(writable)
    assert (note["parentItem"], note["note"]) == (item, HTML)
    assert write(writable, {item: HTML}).unchanged == [item]
    other = writable.library.add(title="B")
    result = write(writable, {item: HTML.replace("Journal", "Diary"), other: HTML})
    assert (result.updated, result.created) == ([item], [other])
    assert "Diary" in writable.library.items[note["key"]]["note"]
    assert len(written(writable)) == 2


def test_notes_of_others_and_changed_notes_are_left(writable: ZoteroServer) -> None:
    item = writable.library.add(title="A")
    mine = writable.library.add("note", parentItem=item, note="<p>my own</p>", tags=[])
    named = writable.library.add(
        "note", parentItem=item, note="<p>tagged by hand</p>", tags=[{"tag": "weeknotes"}]
    )
    assert write(writable, {item: HTML}).created == [item]
    (note,) = (one for one in written(writable) if one["key"] not in (mine, named))
    # Zotero's editor may write the same words in another way.
    wrapped = f'<div data-schema-version="9">{HTML}</div>'
    writable.library.change(note["key"], note=wrapped)
    assert write(writable, {item: HTML.replace("Journal", "Diary")}).updated == [item]
    writable.library.change(note["key"], note="<p>what I think of it</p>")
    assert write(writable, {item: HTML}).left == [item]
    items = writable.library.items
    assert items[mine]["note"] == "<p>my own</p>"
    assert items[named]["note"] == "<p>tagged by hand</p>"
    assert items[note["key"]]["note"] == "<p>what I think of it</p>"


@pytest.mark.parametrize("fault", ["503", "429", "reset", "lost", "412", "html"])
def test_a_fault_makes_no_second_note(writable: ZoteroServer, fault: str) -> None:
    item = writable.library.add(title="A")
    for at in (1, 2):
        for note in written(writable):
            writable.library.delete(note["key"])
        writable.forget()
        writable.faults = {at: fault}
        result = write(writable, {item: HTML})
        assert result.created == [item], f"{fault} at request {at}"
        assert len(written(writable)) == 1


def test_a_library_that_changes_meanwhile_is_read_again(writable: ZoteroServer) -> None:
    item = writable.library.add(title="A")

    def between(number: int) -> None:
        if number == 2:
            writable.library.add(title="another program")

    writable.before = between
    assert write(writable, {item: HTML}).created == [item]
    assert len(written(writable)) == 1


def test_an_item_that_is_gone_is_refused_by_name(writable: ZoteroServer) -> None:
    item = writable.library.add(title="A")
    result = write(writable, {item: HTML, "GONE2222": HTML})
    assert result.created == [item]
    assert "GONE2222" in result.refused


def test_a_key_that_may_only_read_is_told(zotero: ZoteroServer) -> None:
    with (
        Connection(settings_for(zotero)) as connection,
        pytest.raises(ZoteroAccessError, match="may not write"),
    ):
        notes.check_rights(Client(REF, connection))


def test_a_fingerprint_is_of_words_and_links() -> None:
    assert fingerprint(HTML) == fingerprint(f"<div>\n{HTML}\n</div>")
    assert fingerprint(HTML) != fingerprint(HTML.replace("a.html", "b.html"))


@pytest.mark.slow
def test_what_is_published_is_linked_and_nothing_private(
    writable: ZoteroServer,
    run: Callable[..., Any],
    journal: Project,
    week: Callable[..., Path],
) -> None:
    head = "---\ntitle: Week of rain\ndate: 2026-11-16\nweek: 2026-W47\nlang: en\n---"
    keys = {
        name: writable.library.add(title=f"Paper {name}", citationKey=name)
        for name in ("open", "hidden", "named")
    }
    run()
    path = week(
        head,
        "## Rain and sums [@open]\n\nA first line of my own.\n\nSome text.\n\nSee also [@named].",
        "## Secret thoughts [@hidden] {.private}\n\nNothing for others.",
    )
    notebook = json.loads(path.read_bytes())
    notebook["cells"][0]["cell_type"] = "raw"
    path.write_text(json.dumps(notebook))
    with pytest.raises(Exception, match="no address"):
        push(journal, settings=settings_for(writable), sleep=Sleeper())
    config = journal.config_path.read_text()
    site = "website:\n  title: My journal\n  site-url: https://x.example.org/j\n"
    journal.config_path.write_text(config + site)
    mine = project.load(journal.config_path)
    settings = settings_for(writable)
    shown = push(mine, dry_run=True, settings=settings, sleep=Sleeper())
    assert shown.created == ("open",)
    assert "https://x.example.org/j/papers/open.html" in shown.to_text()
    assert not written(writable)
    assert push(mine, settings=settings, sleep=Sleeper()).created == ("open",)
    (note,) = written(writable)
    assert note["parentItem"] == keys["open"]
    assert "2026-W47.html" in note["note"] and "Week of rain" in note["note"]
    sent = json.dumps([one.headers.get("body", "") for one in writable.log])
    assert "Secret" not in sent and "hidden" not in sent
    again = push(mine, settings=settings, sleep=Sleeper())
    assert (again.created, again.updated, again.unchanged) == ((), (), ("open",))


def test_the_local_api_is_only_read(journal: Project) -> None:
    with ZoteroServer(local=True) as server, pytest.raises(UsageError, match="only be read"):
        push(journal, settings=settings_for(server))
