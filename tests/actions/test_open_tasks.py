"""Listing the open tasks of a journal by number, and ticking them in the notebooks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.build.conftest import write_week

from weeknotes.actions.open_tasks import open_tasks, tick
from weeknotes.errors import NotebookError, UsageError
from weeknotes.journal.project import Project


def texts(journal: Project) -> list[str]:
    return [task.text for task in open_tasks(journal).tasks]


def test_a_carried_task_is_one_and_is_where_it_was_last(journal: Project) -> None:
    write_week(journal.root, "2026-W45", "## Tasks\n\n- [ ] reread *Appendix B* [^1]\n\n[^1]: p. 3")
    write_week(
        journal.root,
        "2026-W46",
        "## Tasks\n\n- [ ] reread *Appendix B* [^2026-W45-1]\n- [x] done",
        "> - [ ] quoted\n\n::: {.callout-note}\n- [ ] in a callout\n  over two lines\n:::\n",
    )
    tasks = open_tasks(journal).tasks
    assert [(t.number, t.since, t.week, t.carried, t.cell, t.line) for t in tasks] == [
        (1, "2026-W45", "2026-W46", 1, 2, 3),
        (2, "2026-W46", "2026-W46", 0, 3, 1),
        (3, "2026-W46", "2026-W46", 0, 3, 4),
    ]
    assert tasks[2].text == "in a callout over two lines"
    write_week(journal.root, "2026-W47", "- [x] reread *Appendix B*")
    assert texts(journal) == ["quoted", "in a callout over two lines"]


def test_a_tick_changes_one_character_of_the_file(journal: Project) -> None:
    path = write_week(journal.root, "2026-W46", '[ ] no task\n\n- [ ] one\n- [ ] 둘, "[ ]" 아님\n')
    compact = json.dumps(json.loads(path.read_bytes()), separators=(",", ":"))
    path.write_text(compact, "utf-8")
    before = path.read_bytes()
    open_tasks(journal)
    (ticked,) = tick(journal, [2])
    assert ticked.text.startswith("둘")
    after = path.read_bytes()
    assert len(after) == len(before)
    assert [b for a, b in zip(before, after, strict=True) if a != b] == [ord("x")]
    assert texts(journal) == ["one"]


def test_a_file_that_escapes_its_brackets_is_ticked_too(journal: Project) -> None:
    path = write_week(journal.root, "2026-W46", "- [ ] one", "the rest stays")
    path.write_bytes(path.read_bytes().replace(b"- [ ] one", b"- \\u005b ] one"))
    open_tasks(journal)
    tick(journal, [1])
    assert texts(journal) == []
    assert b"the rest stays" in path.read_bytes()


def test_a_number_is_that_of_the_list_that_was_shown(journal: Project) -> None:
    path = write_week(journal.root, "2026-W46", "- [ ] one\n- [ ] two")
    open_tasks(journal)
    write_week(journal.root, "2026-W46", "- [ ] new\n\ntext\n\n- [ ] two")
    tick(journal, [2])  # it has moved, and is the only one
    assert "- [x] two" in path.read_text("utf-8")
    held = path.read_bytes()
    with pytest.raises(NotebookError, match="'one' is not there any more"):
        tick(journal, [1])
    with pytest.raises(UsageError, match="number 9"):
        tick(journal, [9])
    assert path.read_bytes() == held


def test_nothing_is_ticked_where_one_of_several_is_gone(journal: Project) -> None:
    first = write_week(journal.root, "2026-W45", "- [ ] stays")
    write_week(journal.root, "2026-W46", "- [ ] goes")
    open_tasks(journal)
    write_week(journal.root, "2026-W46", "gone")
    held = first.read_bytes()
    with pytest.raises(NotebookError):
        tick(journal, [1, 2])
    assert first.read_bytes() == held


def test_private_tasks_are_shown_only_where_it_was_asked_for(journal: Project) -> None:
    path = write_week(
        journal.root,
        "2026-W46",
        "- [ ] public\n- [ ] [secret]{.private}\n- [ ] call [Dr. Kim]{.private} today\n- [ ] last",
        "## Mine {.private}\n\n- [ ] hidden",
    )
    assert texts(journal) == ["public", "call today", "last"]
    assert "Kim" not in json.dumps(open_tasks(journal).to_dict())
    tick(journal, [3])
    assert path.read_text("utf-8").count("- [x] last") == 1
    tick(journal, [2])
    assert "- [x] call [Dr. Kim]" in path.read_text("utf-8")
    shown = replace(journal, shows_private=True)
    assert texts(shown) == ["public", "[secret]{.private}", "hidden"]


def test_a_digest_is_no_list_of_tasks_and_a_broken_notebook_is_named(journal: Project) -> None:
    folder = journal.root / "journal/2026"
    path = write_week(journal.root, "2026-W46", "- [ ] read")
    digest = json.loads(path.read_bytes())
    digest["cells"][0]["source"] = ["---\n", "kind: digest\n", "date: 2026-11-12\n", "---"]
    (folder / "2026-11-12-digest.ipynb").write_text(json.dumps(digest), "utf-8")
    meeting = json.loads(path.read_bytes())
    meeting["cells"][0]["source"] = ["---\n", "date: 2026-11-13\n", "---"]
    meeting["cells"][1]["source"] = ["- [ ] mail the draft"]
    (folder / "2026-11-13-meeting.ipynb").write_text(json.dumps(meeting), "utf-8")
    assert texts(journal) == ["mail the draft", "read"]


@pytest.mark.invalid_notebooks
def test_a_notebook_that_cannot_be_read_is_named(journal: Project) -> None:
    write_week(journal.root, "2026-W46", "- [ ] read")
    Path(journal.root / "journal/2026/2026-W47.ipynb").write_text("{", "utf-8")
    report = open_tasks(journal)
    assert [task.text for task in report.tasks] == ["read"]
    assert "2026-W47.ipynb" in report.unread[0]
