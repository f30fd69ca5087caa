"""Importing again: no more than once, and never over what an author wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from weeknotes import importers
from weeknotes.actions.create import new_week
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

from .conftest import FIXTURES, TODAY, Import, Imported

WEEK = """\
# Log

## 2024-07-01 ~ 2024-07-07

**First paper of the week**

What it says.

---

**Second paper of the week**

What that says.
"""
W27 = "2024/2024-W27.ipynb"


def edit(path: Path, old: str, new: str) -> None:
    """Change a cell's text as its author would in Jupyter."""
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        if old in "".join(cell["source"]):
            cell["source"] = "".join(cell["source"]).replace(old, new).splitlines(keepends=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def states(made: Imported) -> list[str]:
    return [page.state for page in made.report.pages]


@pytest.mark.parametrize("family", ["worklog", "blog", "insights", "votes", "arxiv-table"])
def test_the_same_import_changes_nothing(family: str, take: Import) -> None:
    paths = sorted((FIXTURES / family).glob("*.md"))[:3]
    # Logs of the same weeks, each asked for by itself.
    before = take(*paths, merge=True).bytes()
    again = take(*paths, merge=True)
    assert again.bytes() == before
    assert set(states(again)) == {"unchanged"}


def test_a_source_that_has_grown_adds_what_is_new(take: Import) -> None:
    take(WEEK)
    grown = WEEK.replace("---\n", "---\n\n**Between the two**\n\nNew text.\n\n---\n")
    made = take(grown + "\n## 2024-07-08 ~ 2024-07-14\n\n**Next week**\n\nMore.\n")
    assert made.names == [W27, "2024/2024-W28.ipynb"]
    titles = [text.split("\n")[0] for text in made.cells(W27)]
    assert titles == [
        "**Log**",
        "## First paper of the week",
        "## Between the two",
        "## Second paper of the week",
    ]
    assert states(made) == ["changed", "new"]
    assert states(take(grown)) == ["unchanged"]


def test_text_that_changed_in_the_source_is_brought_up_to_date(take: Import) -> None:
    take(WEEK)
    made = take(WEEK.replace("What it says.", "What it really says."))
    assert "What it really says." in made.text(W27)
    assert made.report.pages[0].updated == 1


def test_a_note_that_its_author_changed_stays(take: Import) -> None:
    made = take(WEEK)
    path = made.journal.journal / W27
    edit(path, "What it says.", "What I think of it.")
    made = take(WEEK.replace("What it says.", "What it really says."))
    assert "What I think of it." in made.text(W27)
    assert "really" not in made.text(W27)
    assert any("you have changed it since" in r.text for r in made.report.left_alone)


def test_a_note_that_its_author_took_out_stays_out(take: Import) -> None:
    made = take(WEEK)
    path = made.journal.journal / W27
    notebook = json.loads(path.read_text("utf-8"))
    del notebook["cells"][-1]
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    before = path.read_bytes()
    made = take(WEEK)
    assert path.read_bytes() == before
    assert any("you took it out" in r.text for r in made.report.left_alone)


def test_a_cut_source_takes_nothing_away(take: Import) -> None:
    before = take(WEEK).bytes()
    assert take(WEEK.partition("---")[0]).bytes() == before


def test_a_week_that_exists_is_not_touched_without_merge(journal: Project, take: Import) -> None:
    path = new_week(journal, Week(2024, 27), execute=False).path
    before, library = path.read_bytes(), journal.library_path.read_bytes()
    log = WEEK.replace("**First", "**[First").replace(
        "week**\n\nWhat it", "week](https://arxiv.org/abs/2401.00001)**\n\nWhat it"
    )
    made = take(log)
    assert path.read_bytes() == before
    assert journal.library_path.read_bytes() == library
    assert states(made) == ["refused"] and not made.report.ok

    made = take(log, merge=True)
    text = path.read_text("utf-8")
    # Only cells were added: all that was there stands as it stood.
    assert all(line in text for line in before.decode().split("\n") if line.strip(" ]}"))
    kept = json.loads(before)["cells"]
    assert json.loads(text)["cells"][: len(kept)] == kept
    assert "## Second paper of the week" in made.text(W27)
    after = path.read_bytes()
    assert states(take(log, merge=True)) == ["unchanged"]
    assert path.read_bytes() == after


def test_two_sources_of_one_week_do_not_flow_together_by_accident(take: Import) -> None:
    other = WEEK.replace("paper", "talk")
    made = take(WEEK, other)
    assert states(made) == ["new", "refused"]
    assert "talk" not in made.text(W27)
    made = take(WEEK, other, merge=True)
    assert "## First talk of the week" in made.text(W27)
    assert made.text(W27).index("paper") < made.text(W27).index("talk")


def test_another_repository_of_the_same_name_is_another_source(
    journal: Project, tmp_path: Path
) -> None:
    for folder, text in (("a", WEEK), ("b", WEEK.replace("paper", "talk"))):
        path = tmp_path / folder / "log" / "README.md"
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    importers.run(journal, [tmp_path / "a" / "log"], today=TODAY)
    report = importers.run(journal, [tmp_path / "b" / "log"], today=TODAY)
    assert [page.state for page in report.pages] == ["refused"]


def test_a_dry_run_writes_nothing_and_plans_the_same(take: Import) -> None:
    path = FIXTURES / "votes" / "korean.md"
    planned = take(path, dry_run=True)
    assert planned.names == []
    made = take(path)
    assert [vars(p) for p in planned.report.pages] == [vars(p) for p in made.report.pages]
    assert "would be made" in planned.report.to_text()


def test_one_bad_file_is_named_and_the_rest_imported(take: Import, tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_bytes("工作".encode("gb18030") * 40)
    picture = tmp_path / "picture.md"
    picture.write_bytes(b"PNG" + bytes(30))
    made = take(bad, picture, tmp_path / "gone.md", FIXTURES / "votes" / "korean.md")
    assert len(made.names) == 1
    assert not made.report.ok
    said = "\n".join(map(str, made.report.failed))
    assert "bad.md:1: not UTF-8 text" in said and "picture.md" in said and "gone.md" in said


def test_a_clone_is_walked_and_what_is_no_digest_passed_over(take: Import, tmp_path: Path) -> None:
    clone = tmp_path / "digests"
    (clone / ".git").mkdir(parents=True)
    (clone / ".git" / "notes.md").write_text("## Daily Papers (2020-01-01)\n\nVote: 1\n")
    (clone / "2024").mkdir()
    for day in (9, 10, 11):
        text = (FIXTURES / "votes" / "korean.md").read_text("utf-8")
        text = text.replace("2024-01-15", f"2024-01-{day:02d}")
        (clone / "2024" / f"day-{day}.md").write_text(text, "utf-8")
    (clone / "CONTRIBUTING.md").write_text("# How to help\n\nBe kind.\n")
    made = take(clone)
    assert [found.source for found in made.report.sources] == [
        f"digests/2024/day-{day}.md" for day in (9, 10, 11)
    ]
    assert [r.source for r in made.report.unrecognised] == ["digests/CONTRIBUTING.md"]
    assert made.report.ok


def test_the_report_is_plain_json_and_counts(take: Import) -> None:
    report = take(FIXTURES / "arxiv-table" / "zh.md").report
    counts = json.loads(json.dumps(report.to_dict()))["counts"]
    assert (counts["digests"], counts["weeks"], counts["papers"]["new"]) == (1, 0, 2)
    assert counts["links"] == 4
    assert "1 source: 0 weeks; 1 digest" in report.to_text()


def test_a_broken_notebook_in_the_way_is_reported(take: Import, journal: Project) -> None:
    path = journal.journal / W27
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    made = take(WEEK)
    assert path.read_text() == "{}"
    assert any("cannot be read" in r.text for r in made.report.failed)
    path.unlink()


CORRECTED = {
    "a sign": ("Gain: -0.5, p < 0.05", "Gain: +0.5, p > 0.05"),
    "punctuation": ("It works.", "It works!"),
    "nesting": ("- two", "    - two"),
    "a blank line": ("It works.", "It\n\nworks."),
    "the end of a note": ("\n\nIt works.", ""),
    "a title": ("Learning to wiat", "Learning to wait"),
    "a title in Korean": ("벨이 우는 까닥", "벨이 우는 까닭"),
    "the order": (
        "**Learning to wiat**",
        "**Something before**\n\nNew.\n\n---\n\n**Learning to wiat**",
    ),
    "a note that was taken out": ("---\n\n**벨이 우는 까닥**\n\n아직 모른다.\n\n", ""),
    "the week": ("2024-07-08 ~ 2024-07-14", "2024-07-15 ~ 2024-07-21"),
    "the title of the log": ("# Log", "# Log of a year"),
}
LOG = """\
# Log

## 2024-07-01 ~ 2024-07-07

**Learning to wiat**

Gain: -0.5, p < 0.05

- one
- two

It works.

---

**벨이 우는 까닥**

아직 모른다.

## 2024-07-08 ~ 2024-07-14

**Something else**

Told at length.
"""


@pytest.mark.parametrize("what", CORRECTED)
def test_a_correction_ends_as_a_first_import_of_the_corrected_source(
    what: str, take: Import, tmp_path: Path
) -> None:
    old, new = CORRECTED[what]
    assert old in LOG
    take(LOG)
    corrected = take(LOG.replace(old, new))
    assert corrected.report.ok
    after = {path.name: path.read_bytes() for path in corrected.paths}
    for path in corrected.paths:
        path.unlink()
    fresh = take(LOG.replace(old, new))
    assert {path.name: path.read_bytes() for path in fresh.paths} == after


def test_a_corrected_title_reaches_a_page_that_its_author_has_added_to(take: Import) -> None:
    made = take(LOG)
    path = made.journal.journal / W27
    notebook = json.loads(path.read_text("utf-8"))
    own = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": ["My own remark."]}
    notebook["cells"].insert(3, own)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    cells = take(LOG.replace("wiat", "wait")).cells(W27)
    assert cells[1].startswith("## Learning to wait")
    assert cells[2] == "My own remark."
    assert not any("wiat" in text for text in cells)


def test_a_note_that_its_author_changed_stays_when_its_source_has_it_no_longer(
    take: Import,
) -> None:
    made = take(LOG)
    edit(made.journal.journal / W27, "아직 모른다.", "이제 안다.")
    made = take(LOG.replace("---\n\n**벨이 우는 까닥**\n\n아직 모른다.\n\n", ""))
    assert "이제 안다." in made.text(W27)
    assert any("so it stays" in remark.text for remark in made.report.left_alone)


PAPER = """\
---
title: Bells under water
authors: [Ann Bee, Dan Choo]
year: 2020
doi: 10.1234/bells
---
They hum.
"""


def entry_of(made: Imported) -> dict[str, object]:
    (entry,) = json.loads(made.journal.library_path.read_text("utf-8"))
    return dict(entry)


def test_corrected_authors_and_years_reach_the_entry(take: Import) -> None:
    take(PAPER, name="bells.md")
    right = PAPER.replace("Choo", "Cho").replace("2020", "2021")
    made = take(right, name="bells.md")
    entry = entry_of(made)
    assert entry["author"] == [
        {"family": "Bee", "given": "Ann"},
        {"family": "Cho", "given": "Dan"},
    ]
    assert entry["issued"] == {"date-parts": [[2021]]}
    assert any("the entry" in text and "is corrected" in text for text in made.decisions())
    before = made.bytes()
    assert take(right, name="bells.md").bytes() == before
    third = take(right.replace("Ann Bee", "Anna Bee"), name="bells.md")
    assert entry_of(third)["author"][0]["given"] == "Anna"  # type: ignore[index]


def test_an_entry_that_was_changed_here_stays_as_it_is(take: Import) -> None:
    made = take(PAPER, name="bells.md")
    path = made.journal.library_path
    path.write_text(path.read_text("utf-8").replace("Choo", "Chough"), "utf-8")
    again = take(PAPER.replace("Choo", "Cho"), name="bells.md")
    assert "Chough" in json.dumps(entry_of(again))


def test_another_source_that_says_less_corrects_nothing(take: Import) -> None:
    made = take(PAPER, name="bells.md")
    before = entry_of(made)
    other = "# [Bells](https://doi.org/10.1234/bells)\n\nAgain.\n"
    assert entry_of(take(other, name="other.md")) == before


def test_a_stub_that_is_written_out_later_is_the_same_page(take: Import, tmp_path: Path) -> None:
    repo = tmp_path / "papers"
    repo.mkdir()
    file = repo / "Bells (v2).md"
    file.write_text("# [Bells](https://arxiv.org/abs/2401.00001)\n", "utf-8")
    take(repo)
    file.write_text(
        "# [Bells under water, and why they hum](https://arxiv.org/abs/2401.00001)\n\n"
        "## What\n\nAir stays in them, and that is what one hears.\n",
        "utf-8",
    )
    made = take(repo)
    assert made.report.ok
    assert "refused" not in states(made)
    assert "Air stays in them" in made.text(made.names[0])


def test_a_post_that_is_written_anew_is_the_same_page(take: Import, tmp_path: Path) -> None:
    repo = tmp_path / "posts"
    repo.mkdir()
    file = repo / "2024-05-01-bells.md"
    head = "---\ntitle: Bells\n---\n\n"
    file.write_text(head + "## One\n\nAir.\n\n## Two\n\nWater.\n\n## Three\n\nIron.\n", "utf-8")
    first = take(repo)
    file.write_text(
        head + "## Casting\n\nHot.\n\n## Tuning\n\nLong.\n\n## Cost\n\nMuch.\n", "utf-8"
    )
    made = take(repo)
    assert made.report.ok
    assert made.names == first.names
    assert "Iron" not in made.text(made.names[0])
    assert "Tuning" in made.text(made.names[0])
