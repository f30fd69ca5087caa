"""Notebooks beside the weeks, notes on papers, and the templates that they start from."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.build.conftest import LIBRARY, write_week

from weeknotes.actions import templates
from weeknotes.actions.create import new_week
from weeknotes.actions.pages import begin_note, new_page
from weeknotes.actions.refresh import refresh
from weeknotes.checks.runner import check
from weeknotes.errors import LibraryError, TemplateError, UsageError
from weeknotes.journal import cell_edit, notebooks, project
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.scaffold import init
from weeknotes.site.build import render

DAY = date(2026, 11, 27)
W48 = Week(2026, 48)


def page(journal: Project, name: str, title: str = "") -> Path:
    return new_page(journal, templates.load(journal, name), DAY, title=title).path


def text_of(path: Path) -> str:
    return "\n".join(cell.source for cell in notebooks.read(path).cells)


@pytest.fixture
def library(journal: Project) -> Project:
    entry = {**LIBRARY[0], "abstract": "We *present* high quality {{title}} results."}
    journal.library_path.write_text(json.dumps([entry, LIBRARY[1]]), "utf-8")
    return journal


@pytest.mark.parametrize("lang", ["en", "ko", "zh-Hant", "ja"])
def test_every_shipped_template_makes_something_that_passes_the_check(
    lang: str, tmp_path: Path
) -> None:
    init(tmp_path / "log", lang=lang)
    journal = project.find(tmp_path / "log")
    journal.library_path.write_text(json.dumps(LIBRARY), "utf-8")
    for name in ("day", "meeting", "experiment"):
        page(journal, name)
    write_week(journal.root, "2026-W48", "text")
    begin_note(journal, "ho2020denoising", week=W48, day=DAY, template="paper")
    begin_note(journal, "ronneberger2015unet", week=W48, day=DAY)
    findings = [f for f in check(journal, fix=True).findings if not f.minor]
    assert findings == []
    report = render(journal, engine="builtin")
    assert (report.pages, report.problems) == (5, ())


def test_a_meeting_is_called_after_its_day_and_made_once(journal: Project) -> None:
    path = page(journal, "meeting")
    assert journal.relative(path) == "journal/2026/2026-11-27-meeting.ipynb"
    assert notebooks.read(path).front_matter["title"] == "Meeting, 27 November 2026"
    path.write_bytes(path.read_bytes() + b"\n")
    again = new_page(journal, templates.load(journal, "meeting"), DAY)
    assert again.existed and path.read_bytes().endswith(b"\n\n")


def test_a_title_names_the_file_in_every_language(journal: Project) -> None:
    path = page(journal, "meeting", 'With Prof. Park: "회의" 1/2\n')
    assert path.name == "2026-11-27-with-prof-park-회의-1-2.ipynb"
    assert notebooks.read(path).front_matter["title"] == 'With Prof. Park: "회의" 1/2\n'
    assert len(page(journal, "day", "한" * 300).name.encode()) < 255
    assert page(journal, "day", "con").name == "2026-11-27-con.ipynb"


def test_a_template_for_a_week_makes_no_page_and_the_other_way_round(journal: Project) -> None:
    with pytest.raises(UsageError, match="makes no notebook of its own"):
        page(journal, "weekly")
    with pytest.raises(UsageError, match="not for weeks"):
        new_week(journal, W48, template="meeting")
    with pytest.raises(TemplateError, match="about a paper, and none is named"):
        page(journal, "paper")


def test_a_note_is_begun_once_at_the_end_with_the_fields_of_the_template(library: Project) -> None:
    path = write_week(library.root, "2026-W48", "## Tasks", "before")
    old = path.read_bytes()
    begun = begin_note(library, "@ho2020denoising", week=W48, day=DAY)
    assert (begun.file, begun.cell, begun.existed) == ("journal/2026/2026-W48.ipynb", 4, False)
    new = path.read_bytes()
    assert new.startswith(old[: old.rindex(b'"before"')])
    note = notebooks.read(path).cells[3].source
    assert note.startswith(
        "## Denoising Diffusion Probabilistic Models [@ho2020denoising]\n\n<details>"
    )
    assert "\\*present\\*" in note and "{{" not in note.replace("\\{\\{title\\}\\}", "")
    assert "- **Claim:** " in note
    assert begin_note(library, "ho2020denoising", week=W48, day=DAY).existed
    assert path.read_bytes() == new


def test_a_note_makes_the_week_that_is_not_there(library: Project) -> None:
    begun = begin_note(library, "ronneberger2015unet", week=W48, day=DAY)
    assert not begun.existed
    assert "[@ronneberger2015unet]" in text_of(library.root / begun.file)


def test_a_paper_in_depth_has_a_notebook_of_its_own(library: Project) -> None:
    begun = begin_note(library, "ho2020denoising", week=W48, day=DAY, template="paper")
    assert begun.file == "journal/2026/2026-11-27-ho2020denoising.ipynb"
    assert "### " in text_of(library.root / begun.file)


def test_an_unknown_key_is_told_with_what_may_be_meant(library: Project) -> None:
    with pytest.raises(LibraryError, match="no entry 'Ho2020denoisin'") as caught:
        begin_note(library, "Ho2020denoisin", week=W48, day=DAY)
    assert "ho2020denoising" in str(caught.value)
    assert not list(library.journal.rglob("*.ipynb"))


def test_a_shipped_template_is_copied_once_and_then_its_own(journal: Project) -> None:
    path = templates.copy(journal, "meeting")
    assert journal.relative(path) == "notebooks/meeting.ipynb"
    path.write_bytes(path.read_bytes().replace(b"Present", b"There"))
    assert "There" in text_of(page(journal, "meeting"))
    with pytest.raises(TemplateError, match="has this template already"):
        templates.copy(journal, "meeting")
    with pytest.raises(TemplateError, match="there is no template 'meting'"):
        templates.copy(journal, "meting")
    listed = {one.name: (one.makes, one.file) for one in templates.listed(journal)}
    assert listed["meeting"] == ("page", "notebooks/meeting.ipynb")
    assert listed["note"] == ("cells", None)
    assert listed["paper"] == ("paper", None)
    assert listed["weekly"][0] == "week" and listed["digest"][0] == "digest"


@pytest.mark.kernel
def test_a_module_beside_the_template_is_found_by_new_and_refresh(journal: Project) -> None:
    (journal.templates / "helper.py").write_text("def said():\n    return 'from the helper'\n")
    # One that is called as a module of Python takes no place of it.
    (journal.templates / "json.py").write_text("raise RuntimeError('shadowed')\n")
    template = notebooks.read(journal.templates / "weekly.ipynb")
    cell = cell_edit.new_cell(
        "code",
        "import json\nimport helper\n\nprint(helper.said())",
        id="own",
        tags=["generated"],
    )
    (journal.templates / "weekly.ipynb").write_bytes(cell_edit.change(template, insert={2: [cell]}))
    path = new_week(journal, W48).path
    assert "from the helper" in path.read_text("utf-8")
    (journal.templates / "helper.py").write_text("def said():\n    return 'anew'\n")
    (done,) = refresh(journal, [W48])
    assert done.error is None and "anew" in path.read_text("utf-8")
