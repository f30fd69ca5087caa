"""What of a week's private parts could pass on into the next: tasks, and the list of papers."""

from __future__ import annotations

import json

import pytest
from tests.privacy.conftest import MARK, cell, front, write

from weeknotes.actions import create
from weeknotes.journal import project as projects
from weeknotes.journal.weeks import Week


def test_private_tasks_are_not_carried_over(secretive: projects.Project) -> None:
    carried = create.carry_over(secretive, Week(2026, 47))
    assert carried == "- [ ] a public task"


@pytest.mark.parametrize("key", ["private", "draft"])
def test_nothing_is_carried_over_from_a_week_that_is_private(
    journal: projects.Project, key: str
) -> None:
    path = journal.journal / "2026" / "2026-W46.ipynb"
    write(path, front("A", "2026-W46", **{key: "true"}), cell("markdown", "a", "- [ ] x"))
    assert create.carry_over(journal, Week(2026, 47)) == ""
    write(path, front("A", "2026-W46"), cell("markdown", "a", "- [ ] x"))
    assert create.carry_over(journal, Week(2026, 47)) == "- [ ] x"
    (path.parent / "_metadata.yml").write_text(f"{key}: true\n")
    assert create.carry_over(journal, Week(2026, 47)) == ""


def test_papers_that_only_private_notes_cite_are_not_listed(secretive: projects.Project) -> None:
    library = secretive.library_path
    entries = json.loads(library.read_text("utf-8"))
    for entry in entries:
        entry["custom"] = {"date-added": "2026-11-16"}
    library.write_text(json.dumps(entries), "utf-8")
    assert create.hidden_papers(secretive) == {"secret2021"}
    path = create.new_week(secretive, Week(2026, 47), execute=False).path
    text = path.read_text("utf-8")
    assert "open2020" in text
    assert "secret2021" not in text
    assert MARK not in text
    write(
        secretive.journal / "2026" / "2026-W43.ipynb",
        front("A", "2026-W43"),
        cell("markdown", "a", "By now [@secret2021] may be told."),
    )
    assert create.hidden_papers(secretive) == frozenset()
