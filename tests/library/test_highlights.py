"""Highlights from Zotero under a reading note: safe, and nothing else touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pypandoc
import pytest

from weeknotes.actions.highlights import highlights
from weeknotes.errors import LibraryError, NotebookError
from weeknotes.journal.project import Project
from weeknotes.library.zotero.annotations import markdown, note_markdown

from .conftest import Sleeper
from .zotero_server import KEY, ZoteroServer

Week = Callable[..., Path]
EVIL = (
    "<h2>My <em>note</em></h2><p onclick='x()'>See <a href='javascript:alert(1)'>this</a> and "
    "<a href='https://example.org/a_b'>that</a> &amp; @ho2020 {{&lt; include x &gt;}}</p>"
    "<script>alert(2)</script><img src=x onerror=alert(3)><ul><li>one</li><li>two</li></ul>"
    "<p>`x`{=html} &lt;script&gt;alert(4)&lt;/script&gt;</p><iframe src='//evil'></iframe>tail"
)


@pytest.fixture
def paper(zotero: ZoteroServer, run: Callable[..., Any]) -> str:
    """A paper with a PDF, three annotations in wrong order, and a note; its Zotero key."""
    library = zotero.library
    key = library.add(title="Denoising", citationKey="ho2020")
    library.add(title="Other", citationKey="kim2021")
    pdf = library.add("attachment", parentItem=key, contentType="application/pdf")
    library.add("note", parentItem=key, note=EVIL)
    for index, text, comment in (
        ("00002|1", "Second *passage*\nover lines", "나의 <b>생각</b> [@evil]"),
        ("00001|1", "First <script>passage</script>", ""),
        ("00003|1", "", "Only a comment"),
    ):
        library.add(
            "annotation",
            parentItem=pdf,
            annotationType="highlight",
            annotationText=text,
            annotationComment=comment,
            annotationColor="#ffd400",
            annotationPageLabel="3",
            annotationSortIndex=index,
        )
    run()
    return key


@pytest.fixture
def go(journal: Project, zotero: ZoteroServer) -> Callable[..., Any]:
    environment = {"ZOTERO_ENDPOINT": zotero.endpoint, "ZOTERO_API_KEY": KEY}

    def run_it(key: str = "ho2020", **options: Any) -> Any:
        return highlights(journal, key, environment=environment, sleep=Sleeper(), **options)

    return run_it


def test_they_stand_under_their_note(go: Callable[..., Any], paper: str, week: Week) -> None:
    path = week("## Tasks\n\n- [ ] x", "## Denoising [@ho2020]\n\n- mine", "more of it", "## Next")
    report = go()
    assert report.changed == ("journal/2026/2026-W47.ipynb",)
    assert report.count == 4
    notebook = nbformat.reads(path.read_text(), as_version=4)
    nbformat.validate(notebook)
    assert [cell.source[:9] for cell in notebook.cells] == [
        *("## Tasks\n", "## Denois", "more of i", "<details>", "## Next")
    ]
    text = notebook.cells[3].source
    assert notebook.cells[3].metadata.tags == ["generated"]
    assert text.index("First") < text.index("Second") < text.index("Only a comment")
    assert "> Second \\*passage\\* over lines (p. 3, yellow)" in text
    assert "나의 생각 \\[\\@evil\\]" in text
    assert "{{<" not in text
    shown = pypandoc.convert_text(text, "html", format="markdown")
    assert "&lt;script&gt;alert(4)" in shown
    for danger in ("<script", "javascript:", "onclick", "onerror", "<iframe", "<img", "data-cites"):
        assert danger not in shown
    assert go().unchanged == ("journal/2026/2026-W47.ipynb",)


def test_later_changes_come_and_the_authors_cells_stay(
    go: Callable[..., Any], paper: str, week: Week, zotero: ZoteroServer
) -> None:
    path = week("## Denoising [@ho2020]", "## Next")
    go()
    data = json.loads(path.read_text())
    data["cells"][0]["source"] = ["## Denoising [@ho2020]\n", "\n", "- written later"]
    path.write_text(json.dumps(data, indent=4))
    before = path.read_text()
    note = next(one for one in zotero.library.items.values() if one["itemType"] == "note")
    zotero.library.change(note["key"], note="<p>Changed in Zotero</p>")
    go()
    after = path.read_text()
    assert "Changed in Zotero" in after
    at = before.index('"highlights-')
    assert after[: at - 200] == before[: at - 200]
    assert after[-200:] == before[-200:]
    zotero.library.change(note["key"], deleted=1)
    go()
    assert "Changed in Zotero" not in path.read_text()


def test_a_note_that_shares_its_cell_is_split_on_request(
    go: Callable[..., Any], paper: str, week: Week
) -> None:
    source = (
        "## Denoising [@ho2020]\n\n- mine\n\n```\n## no heading\n```\n\n## Next [@kim2021]\n\n- b"
    )
    path = week(source)
    with pytest.raises(NotebookError, match=r"shares its cell with 'Next \[@kim2021\]'"):
        go()
    go(split=True)
    cells = nbformat.reads(path.read_text(), as_version=4).cells
    assert cells[0].source + "\n\n" + cells[2].source == source
    assert cells[1].source.startswith("<details>")


def test_what_is_missing_is_said(go: Callable[..., Any], paper: str, journal: Project) -> None:
    with pytest.raises(NotebookError, match="no reading note on 'ho2020'"):
        go()
    with pytest.raises(LibraryError, match="no entry 'nobody'"):
        go("nobody")
    journal.library_path.write_text('[{"id": "mine", "title": "x"}]')
    with pytest.raises(LibraryError, match="does not come from Zotero"):
        go("mine")


def test_notes_keep_what_text_needs() -> None:
    text = note_markdown(EVIL)
    assert "**My *note***" in text
    assert "[that](https://example.org/a_b)" in text
    assert "- one" in text
    assert "tail" in text
    assert "\\@ho2020" in text
    assert note_markdown("") == note_markdown("<script>x</script>") == ""


def test_annotations_speak_the_pages_language() -> None:
    one = {
        "itemType": "annotation",
        "annotationText": "글",
        "annotationColor": "#FFD400",
        "annotationPageLabel": "7",
    }
    assert markdown([one], "ko")[0] == "> 글 (7쪽, 노랑)"
    assert markdown([one], "zh-Hans")[0] == "> 글 (第 7 页, 黄)"
    assert markdown([{"itemType": "annotation", "annotationType": "ink"}], "en") == ("", 0)
