"""A history of a source, imported one version after the other, ends as a first import of the last one,
and nothing that a person wrote here is lost on the way."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Import, Imported
from .test_again import edit, states

Files = dict[str, str | None]
"""The texts of files by their names; None takes a file away."""


def post(title: str, text: str, day: str = "2024-05-01") -> str:
    return f"---\ntitle: {title}\ndate: {day}\n---\n\n## What\n\n{text}\n"


def week(days: str, text: str) -> str:
    return f"# Log\n\n## {days}\n\n**On bells and water**\n\n{text}\n"


BELLS = "Air stays in them, and that is what one hears from above the water."
DRUMS = "The skin is wet and heavy, so that it moves as slowly as a door."
ONE, TWO = "2024-07-01 ~ 2024-07-07", "2024-07-08 ~ 2024-07-14"
PAPER = "# [Bells](https://arxiv.org/abs/2401.00001)\n\n2024-07-02\n\n" + BELLS + "\n"

HISTORIES: dict[str, list[Files]] = {
    "a file is taken away": [
        {"a.md": post("Bells", BELLS), "b.md": post("Drums", DRUMS, "2024-05-02")},
        {"b.md": None},
    ],
    "a paper is taken away with its file": [
        {
            "a.md": PAPER,
            "b.md": PAPER.replace("2401.00001", "2401.00002").replace("Bells", "Drums"),
        },
        {"b.md": None},
    ],
    "the file that gave a paper is taken away": [
        {"a.md": PAPER, "b.md": PAPER.replace("[Bells]", "[Bells again]"), "c.md": PAPER},
        {"a.md": None},
    ],
    "a day of a shared week is taken away": [
        {"2024-07-01.md": "# 2024-07-01\n\n[[x]] One.\n", "2024-07-02.md": "[[x]] Two.\n"},
        {"2024-07-01.md": None},
    ],
    "a file before another of the same week is added": [
        {"log2.md": week(ONE, BELLS)},
        {"log1.md": week(ONE, DRUMS)},
    ],
    "a week that shares its page gets its own": [
        {"log1.md": week(ONE, BELLS), "log2.md": week(ONE, DRUMS)},
        {"log2.md": week(TWO, DRUMS)},
    ],
    "a week is taken out of the middle of a log": [
        {
            "log.md": week(ONE, BELLS)
            + f"\n## {TWO}\n\nTwo.\n\n## 2024-07-15 ~ 2024-07-21\n\nThree.\n"
        },
        {"log.md": week(ONE, BELLS) + "\n## 2024-07-15 ~ 2024-07-21\n\nThree.\n\nMore.\n"},
    ],
    "a log of a week is given other dates and other words": [
        {"week1.md": week(ONE, BELLS), "week2.md": week(TWO, DRUMS)},
        {"week2.md": "# Log\n\n## 2024-07-15 ~ 2024-07-21\n\nNothing of all that.\n"},
    ],
    "a paper loses its address": [
        {"a.md": PAPER, "b.md": post("Drums", DRUMS)},
        {"a.md": PAPER.replace("[Bells](https://arxiv.org/abs/2401.00001)", "Bells")},
    ],
    "the address of a paper is corrected": [
        {"a.md": PAPER.replace("Bells", "Bells under water")},
        {"a.md": PAPER.replace("Bells", "Bells under water").replace("00001", "00002")},
    ],
    "a note is of another day": [{"a.md": PAPER}, {"a.md": PAPER.replace("07-02", "07-22")}],
    "a title is read before its paper": [
        {"a.md": week(ONE, BELLS), "b.md": PAPER.replace("Bells", "On bells and water")},
        {"a.md": week(ONE, BELLS + " Yes.")},
    ],
}


def write(folder: Path, files: Files) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def pages(made: Imported) -> dict[str, bytes]:
    """The notebooks and the library."""
    library = (made.journal.library_path, made.journal.root / "references.bib")
    return {path.name: path.read_bytes() for path in (*made.paths, *library)}


def as_new(made: Imported) -> None:
    """Take everything out of the journal that imports put there."""
    for path in made.paths:
        path.unlink()
    made.journal.library_path.write_text("[]\n", "utf-8")


@pytest.mark.parametrize("what", HISTORIES)
def test_a_history_ends_as_a_first_import_of_its_last_version(
    what: str, take: Import, tmp_path: Path
) -> None:
    folder = tmp_path / "notes"
    for files in HISTORIES[what]:
        write(folder, files)
        made = take(folder)
        assert made.report.ok
    after = pages(made)
    again = take(folder)
    assert pages(again) == after
    as_new(again)
    assert pages(take(folder)) == after


def two_posts(tmp_path: Path) -> Path:
    write(
        tmp_path / "posts",
        {"a.md": post("Bells", BELLS), "b.md": post("Drums", DRUMS, "2024-05-02")},
    )
    return tmp_path / "posts"


def said(made: Imported) -> str:
    return "\n".join(map(str, [*made.report.decisions, *made.report.left_alone]))


def test_a_page_whose_file_is_gone_is_removed_and_named(take: Import, tmp_path: Path) -> None:
    folder = two_posts(tmp_path)
    take(folder)
    (folder / "b.md").unlink()
    made = take(folder)
    assert made.names == ["2024/2024-05-01-bells.ipynb"]
    assert "posts/b.md: journal/2024/2024-05-02-drums.ipynb: its source is gone" in said(made)
    assert states(made) == ["unchanged", "removed"]


def test_a_dry_run_removes_nothing(take: Import, tmp_path: Path) -> None:
    folder = two_posts(tmp_path)
    before = take(folder).bytes()
    (folder / "b.md").unlink()
    made = take(folder, dry_run=True)
    assert made.bytes() == before
    assert "would be removed" in made.report.to_text()


def add_cell(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    own = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": ["My own remark."]}
    notebook["cells"].append(own)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def change_text(path: Path) -> None:
    edit(path, "slowly", "quickly")


def mark_private(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][-1]["metadata"]["tags"] = ["private"]
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


EDITS = [add_cell, change_text, mark_private]


@pytest.mark.parametrize("by_hand", EDITS)
def test_a_page_that_a_person_has_touched_stays_when_its_file_is_gone(
    by_hand: Callable[[Path], None], take: Import, tmp_path: Path
) -> None:
    folder = two_posts(tmp_path)
    first = take(folder)
    drums = first.journal.journal / "2024" / "2024-05-02-drums.ipynb"
    by_hand(drums)
    before = drums.read_bytes()
    (folder / "b.md").unlink()
    made = take(folder)
    assert drums.read_bytes() == before
    assert "2024-05-02-drums.ipynb: 'What': no longer in the source; it stays" in said(made)


def test_a_cell_that_was_made_private_stays_private(take: Import, tmp_path: Path) -> None:
    folder = two_posts(tmp_path)
    first = take(folder)
    drums = first.journal.journal / "2024" / "2024-05-02-drums.ipynb"
    mark_private(drums)
    write(folder, {"b.md": post("Drums", DRUMS + " And more.", "2024-05-02")})
    take(folder)
    last = json.loads(drums.read_text("utf-8"))["cells"][-1]
    assert "And more." in "".join(last["source"])
    assert last["metadata"]["tags"] == ["private"]


def test_a_folder_of_which_most_is_missing_takes_nothing_away(take: Import, tmp_path: Path) -> None:
    folder = two_posts(tmp_path)
    write(folder, {"c.md": post("Flutes", "One hole is enough.", "2024-05-03")})
    before = pages(take(folder))
    (folder / "a.md").unlink()
    (folder / "b.md").unlink()
    made = take(folder)
    assert pages(made) == before
    assert "posts/a.md: journal/2024/2024-05-01-bells.ipynb stays" in said(made)


def test_what_git_has_deleted_is_gone_however_much_it_is(take: Import, tmp_path: Path) -> None:
    folder = two_posts(tmp_path)
    write(folder, {"c.md": post("Flutes", "One hole is enough.", "2024-05-03")})
    for command in ("init -q", "add .", "commit -qm one"):
        git(folder, *command.split())
    take(folder)
    git(folder, "rm", "-q", "a.md", "b.md")
    git(folder, "commit", "-qm", "two")
    assert take(folder).names == ["2024/2024-05-03-flutes.ipynb"]


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


def test_one_file_alone_takes_nothing_of_its_folder_away(take: Import, tmp_path: Path) -> None:
    folder = two_posts(tmp_path)
    before = pages(take(folder))
    (folder / "b.md").unlink()
    assert pages(take(folder / "a.md")) == before


@pytest.mark.parametrize("to", ["e.md", "old/b.md"])
def test_a_file_that_was_renamed_keeps_its_page_and_what_was_added_to_it(
    to: str, take: Import, tmp_path: Path
) -> None:
    folder = two_posts(tmp_path)
    first = take(folder)
    drums = first.journal.journal / "2024" / "2024-05-02-drums.ipynb"
    add_cell(drums)
    (folder / to).parent.mkdir(exist_ok=True)
    shutil.move(folder / "b.md", folder / to)
    write(folder, {to: post("Drums", DRUMS + " And more.", "2024-05-02")})
    made = take(folder)
    assert made.names == first.names
    cells = made.cells("2024/2024-05-02-drums.ipynb")
    assert cells[-1] == "My own remark." and "And more." in cells[0] and len(cells) == 2
    assert f"posts/{to}: it was posts/b.md before" in said(made)
    before = made.bytes()
    assert take(folder).bytes() == before


def test_a_note_that_was_taken_out_stays_out_when_its_file_is_renamed(
    take: Import, tmp_path: Path
) -> None:
    folder = two_posts(tmp_path)
    write(folder, {"b.md": post("Drums", DRUMS + "\n\n## Why\n\nThey are wet.", "2024-05-02")})
    first = take(folder)
    drums = first.journal.journal / "2024" / "2024-05-02-drums.ipynb"
    notebook = json.loads(drums.read_text("utf-8"))
    del notebook["cells"][-1]
    drums.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    shutil.move(folder / "b.md", folder / "d.md")
    made = take(folder)
    assert "They are wet." not in made.text("2024/2024-05-02-drums.ipynb")


def test_a_log_of_the_latest_weeks_keeps_the_pages_of_the_older_ones(
    take: Import,
) -> None:
    take(week(ONE, BELLS) + f"\n## {TWO}\n\nTwo.\n")
    made = take(week(TWO, "Two.") + "\n## 2024-07-15 ~ 2024-07-21\n\nThree.\n")
    assert made.names == [f"2024/2024-W{number}.ipynb" for number in (27, 28, 29)]


def test_a_file_that_is_empty_now_is_named_with_the_page_that_stays(
    take: Import, tmp_path: Path
) -> None:
    folder = two_posts(tmp_path)
    before = pages(take(folder))
    (folder / "b.md").write_text("", "utf-8")
    made = take(folder)
    assert pages(made) == before
    assert "posts/b.md: journal/2024/2024-05-02-drums.ipynb stays" in said(made)
