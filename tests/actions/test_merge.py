"""Two people write in one week: git merges it cell by cell, as ``weeknotes init --git`` sets it up."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.actions.create import new_week
from weeknotes.checks.runner import check
from weeknotes.cli import main
from weeknotes.journal import cell_edit, notebook_merge, notebooks
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library import merging
from weeknotes.scaffold import git_setup
from weeknotes.text.merges import unfinished_merge
from weeknotes.text.three_way import merge_text

WEEK = "journal/2026/2026-W47.ipynb"
Cells = list[cell_edit.CellJson]
Git = Callable[..., "subprocess.CompletedProcess[str]"]


def git_in(folder: Path) -> Git:
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    own |= {
        f"GIT_{who}_{what}": "kim@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    own |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def git(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *words], cwd=folder, env=own, capture_output=True, text=True, check=False
        )

    return git


@pytest.fixture
def git(journal: Project) -> Git:
    """git in a journal that is a repository with one week, on the branch main."""
    assert main(["init", str(journal.root), "--git", "--quiet"]) == 0
    new_week(journal, Week(2026, 47), execute=False)
    run = git_in(journal.root)
    run("add", "--all")
    assert run("commit", "-m", "A week").returncode == 0
    return run


def edit(path: Path, change: Callable[[Cells], Cells]) -> None:
    """Save a notebook as JupyterLab does after ``change`` of its cells."""
    whole = json.loads(path.read_bytes())
    whole["cells"] = change(whole["cells"])
    path.write_bytes(cell_edit.dump(whole))


def with_text(cells: Cells, name: str, text: str) -> Cells:
    return [{**c, "source": text} if c["id"] == name else c for c in cells]


def with_output(cells: Cells, name: str, text: str, count: int) -> Cells:
    """The cells, one of them run, as ``refresh`` leaves it."""
    output = {"output_type": "stream", "name": "stdout", "text": text}
    return [
        {**c, "outputs": [output], "execution_count": count} if c["id"] == name else c
        for c in cells
    ]


def note(text: str, name: str) -> cell_edit.CellJson:
    return cell_edit.new_cell("markdown", text, id=name)


def two_branches(
    git: Git, path: Path, one: Callable[[Cells], Cells], other: Callable[[Cells], Cells]
) -> subprocess.CompletedProcess[str]:
    """Commit ``other`` on a branch, ``one`` on main, and merge the branch."""
    git("switch", "-c", "lee")
    edit(path, other)
    git("commit", "-am", "Lee")
    git("switch", "main")
    edit(path, one)
    git("commit", "-am", "Kim")
    return git("merge", "lee")


def test_both_refresh_and_write_in_one_week(journal: Project, git: Git) -> None:
    path = journal.root / WEEK
    tasks = notebooks.read(path).find("tasks")
    assert tasks

    def kim(cells: Cells) -> Cells:
        cells = with_output(cells, "reading-list", "one paper, as Kim ran it", 3)
        cells = with_text(cells, "parameters", 'title = "Kim"')
        cells = with_text(cells, "tasks", tasks.source + "\n- [ ] 김의 할 일")
        return [*cells, note("## Kim's note\n\n<<< 확산 >>>", "a1")]

    def lee(cells: Cells) -> Cells:
        cells = with_output(cells, "reading-list", "two papers, as Lee ran it", 5)
        cells = with_text(cells, "parameters", 'title = "Lee"')
        cells = with_text(cells, "tasks", tasks.source + "\n- [ ] Lee's task")
        return [*cells, note("## Lee's note\n\n扩散", "b1")]

    done = two_branches(git, path, kim, lee)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "weeknotes refresh 2026-W47" in done.stderr
    assert git("status", "--porcelain").stdout == ""
    merged = notebooks.read(path)
    assert [cell.id for cell in merged.cells][-2:] == ["a1", "b1"]
    assert merged.cells[-2].source == "## Kim's note\n\n<<< 확산 >>>"
    assert merged.cells[-1].source == "## Lee's note\n\n扩散"
    both = merged.find("tasks")
    assert both and "- [ ] 김의 할 일\n- [ ] Lee's task" in both.source
    reading = merged.find("reading-list")
    assert reading and "Kim ran" in json.dumps(reading.outputs)
    assert "<<<<<<<" not in path.read_text("utf-8")


def test_the_same_lines_changed_are_a_conflict_with_both_versions(
    journal: Project, git: Git
) -> None:
    path = journal.root / WEEK
    edit(path, lambda cells: [*cells, note("## Claim\n\nIt holds.", "claim")])
    git("commit", "-am", "A claim")
    done = two_branches(
        git,
        path,
        lambda cells: with_text(cells, "claim", "## Claim\n\nIt holds for n > 3."),
        lambda cells: with_text(cells, "claim", "## Claim\n\nIt fails for n = 2."),
    )
    assert done.returncode == 1
    assert git("status", "--porcelain").stdout.startswith("UU ")
    merged = notebooks.read(path)
    claim = merged.find("claim")
    assert claim
    assert "It holds for n > 3." in claim.source
    assert "It fails for n = 2." in claim.source
    assert f"cell {claim.index}" in done.stderr
    assert unfinished_merge(claim.source, markdown=True) == 3
    # If it is committed all the same, check names the place.
    found = [(f.cell, f.line) for f in check(journal).findings if f.rule == "merge-unfinished"]
    assert found == [(claim.index, 3)]


def test_a_week_that_both_began(journal: Project, git: Git) -> None:
    git("switch", "-c", "lee")
    path = journal.root / "journal/2026/2026-W48.ipynb"
    for branch, word in (("lee", "Lee"), ("main", "Kim")):
        git("switch", branch)
        new_week(journal, Week(2026, 48), execute=False)
        edit(
            path,
            lambda cells, word=word: [
                *with_text(cells, "tasks", f"## Tasks\n\n- [ ] {word}'s"),
                note(f"## {word}'s", word),
            ],
        )
        git("add", "--all")
        git("commit", "-m", word)
    assert git("merge", "lee").returncode == 0
    merged = notebooks.read(path)
    assert merged.find("tasks").source == "## Tasks\n\n- [ ] Kim's\n- [ ] Lee's"  # type: ignore[union-attr]
    assert [cell.id for cell in merged.cells[-2:]] == ["Kim", "Lee"]
    assert sum(cell.id == "title" for cell in merged.cells) == 1


def test_both_add_papers(journal: Project, git: Git) -> None:
    def entry(key: str, day: str) -> dict[str, object]:
        return {"id": key, "type": "article", "title": key, "custom": {"date-added": day}}

    git("switch", "-c", "lee")
    journal.library_path.write_text(
        json.dumps([entry("b", "2026-11-18"), entry("same", "2026-11-18")], indent=2)
    )
    git("commit", "-am", "Lee")
    git("switch", "main")
    journal.library_path.write_text(
        json.dumps([entry("a", "2026-11-17"), entry("same", "2026-11-17")], indent=2)
    )
    git("commit", "-am", "Kim")
    assert git("merge", "lee").returncode == 0
    made = json.loads(journal.library_path.read_bytes())
    assert [(e["id"], e["custom"]["date-added"]) for e in made] == [
        ("a", "2026-11-17"),
        ("b", "2026-11-18"),
        ("same", "2026-11-17"),
    ]


def test_one_key_for_two_papers_is_a_conflict() -> None:
    one, other = (
        json.dumps([{"id": "ho2020", "type": "article", "title": title}]).encode()
        for title in ("Denoising", "Cascades")
    )
    assert merging.merge(None, one, other, "references.json") is None


def test_no_weeknotes_no_loss(journal: Project, git: Git) -> None:
    """Where the driver cannot be started any more, git's own merge does the work."""
    key = "merge.weeknotes.driver"
    driver = git("config", key).stdout.strip()
    broken = driver.replace(" -m weeknotes;", " -m weeknotes_gone;").replace(
        "m weeknotes;", "m gone;"
    )
    assert broken != driver
    git("config", key, broken)
    path = journal.root / WEEK
    done = two_branches(
        git,
        path,
        lambda cells: with_text(cells, "notes", "Kim's words"),
        lambda cells: with_text(cells, "notes", "Lee's words"),
    )
    assert done.returncode == 1
    text = path.read_text("utf-8")
    assert "Kim's words" in text
    assert "Lee's words" in text
    path.unlink()  # It is no notebook now, which the next reader is told.


def test_settings_are_made_once_and_own_lines_stay(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_bytes(b"*.png binary\r\n*.csv text")
    assert main(["init", str(tmp_path), "--git", "--quiet"]) == 0
    attributes = (tmp_path / ".gitattributes").read_bytes()
    assert attributes.startswith(b"*.png binary\r\n*.csv text\r\n*.ipynb ")
    assert git_setup.is_set_up(tmp_path)
    assert git_setup.set_up(tmp_path).done == ()
    # What a person has deleted from a journal that exists doesn't come back.
    (tmp_path / "scripts" / "check.py").unlink()
    assert main(["init", str(tmp_path), "--git", "--quiet"]) == 0
    assert not (tmp_path / "scripts" / "check.py").exists()
    # An environment that is gone since is no way to merge.
    git = git_in(tmp_path)
    git("config", "merge.weeknotes.driver", git_setup.driver().replace("/python", "/gone"))
    assert not git_setup.is_set_up(tmp_path)
    assert (tmp_path / ".gitattributes").read_bytes() == attributes


@pytest.mark.parametrize("installed", [True, False])
def test_commits_keep_figures_whoever_strips_them_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    """With nbstripout set up for all repositories, as `nbstripout --install --global` does it."""
    tools = tmp_path / "bin"
    tools.mkdir()
    script = tools / "nbstripout"
    # It writes what it was asked, in place of a notebook.
    script.write_text('#!/bin/sh\ncat >/dev/null\nprintf "%s\\n" "$*"\n')
    script.chmod(0o755)
    attributes = tmp_path / "attributes"
    attributes.write_text("*.ipynb filter=nbstripout\n")
    configuration = tmp_path / "gitconfig"
    configuration.write_text(
        f'[core]\nattributesFile = {attributes}\n[filter "nbstripout"]\nclean = {script}\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    if installed:
        monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    root = tmp_path / "journal"
    assert main(["init", str(root), "--git", "--quiet"]) == 0
    for name in ("add", "show"):
        target = ["--", "notebooks/weekly.ipynb"] if name == "add" else [":notebooks/weekly.ipynb"]
        done = subprocess.run(["git", name, *target], cwd=root, capture_output=True, check=True)
    committed = done.stdout.decode()
    if installed:
        assert "--keep-output --keep-id" in committed
    else:
        assert committed == (root / "notebooks" / "weekly.ipynb").read_text("utf-8")


def test_a_journal_within_another_repository_gets_none_of_its_own(tmp_path: Path) -> None:
    git_in(tmp_path)("init", "-q")
    assert main(["init", str(tmp_path / "notes" / "log"), "--git", "--quiet"]) == 0
    assert not (tmp_path / "notes" / "log" / ".git").exists()
    assert git_setup.is_set_up(tmp_path / "notes" / "log")


def code(source: str, output: str, name: str = "run") -> cell_edit.CellJson:
    made = cell_edit.new_cell("code", source, id=name)
    return {**made, "outputs": [{"output_type": "stream", "name": "stdout", "text": output}]}


def merged(
    base: Cells | None, ours: Cells, theirs: Cells
) -> tuple[notebook_merge.MergedNotebook, notebooks.Notebook]:
    versions = [
        None if cells is None else cell_edit.dump(cell_edit.new_notebook(cells, {}))
        for cells in (base, ours, theirs)
    ]
    assert versions[1] is not None and versions[2] is not None
    done = notebook_merge.merge(versions[0], versions[1], versions[2], "x.ipynb")
    return done, notebooks.parse(done.data, "x.ipynb")


def test_outputs_go_with_the_source_that_made_them() -> None:
    base = [code("f(1)\n\n\n\ng(1)", "1")]
    done, made = merged(base, base, [code("f(2)\n\n\n\ng(1)", "2")])
    assert made.cells[0].outputs[0]["text"] == ["2"]
    assert not done.rerun
    done, made = merged(base, [code("f(1)\n\n\n\ng(3)", "3")], [code("f(2)\n\n\n\ng(1)", "2")])
    assert made.cells[0].source == "f(2)\n\n\n\ng(3)"
    assert done.rerun == (1,)
    assert not done.conflicts


def test_what_one_deleted_and_the_other_changed_stays() -> None:
    a, b = note("A", "a"), note("B", "b")
    _, made = merged([a, b], [a], [a, note("B, and more", "b")])
    assert [cell.source for cell in made.cells] == ["A", "B, and more"]
    _, made = merged([a, b], [a], [note("A2", "a"), b])
    assert [cell.source for cell in made.cells] == ["A2"]


def test_private_on_either_side_stays_private() -> None:
    plain = note("## Diary\n\nwords", "d")
    private = {**plain, "metadata": {"tags": ["private"]}}
    longer = {**plain, "source": "## Diary\n\nwords\n\nmore", "metadata": {"tags": ["for-advisor"]}}
    for ours, theirs in ((private, longer), (longer, private)):
        _, made = merged([plain], [ours], [theirs])
        assert set(made.cells[0].tags) == {"private", "for-advisor"}
        assert made.cells[0].source.endswith("more")
        _, made = merged(None, [ours], [theirs])
        assert "private" in made.cells[0].tags


def test_a_cell_that_one_took_over_is_nobodys_to_replace() -> None:
    made_by_us = {**note("# Week", "title"), "metadata": {"tags": ["generated", "x"]}}
    own = {**note("# My week", "title"), "metadata": {"tags": ["x"]}}
    other = {**made_by_us, "source": "# Week 47"}
    for base in ([made_by_us], None):
        for ours, theirs in ((own, other), (other, own)):
            _, made = merged(base, [ours], [theirs])
            assert not made.cells[0].generated
            assert "# My week" in made.cells[0].source


def test_moved_cells_and_new_ones_between_them() -> None:
    a, b, c = (note(word, word) for word in "abc")
    _, made = merged([a, b, c], [a, b, note("n", "n"), c], [c, a, b, note("m", "m")])
    assert [cell.id for cell in made.cells] == ["c", "a", "b", "m", "n"]
    _, made = merged([a, b], [a, note("n", "n"), b], [a, note("m", "m"), b])
    assert [cell.id for cell in made.cells] == ["a", "n", "m", "b"]


def test_unlike_cells_of_one_id_are_two() -> None:
    _, made = merged(
        None, [note("## Kim\n\nwords", "cell-5")], [note("## Lee\n\nothers", "cell-5")]
    )
    assert [cell.source for cell in made.cells] == ["## Kim\n\nwords", "## Lee\n\nothers"]


def test_pictures_of_one_name_are_both_kept() -> None:
    def pasted(data: str) -> cell_edit.CellJson:
        picture = {"image.png": {"image/png": data}}
        return {**note("![](attachment:image.png)", "p"), "attachments": picture}

    _, made = merged([note("", "p")], [pasted("AAAA")], [pasted("BBBB")])
    assert made.cells[0].json["attachments"] == {
        "image.png": {"image/png": "AAAA"},
        "theirs-image.png": {"image/png": "BBBB"},
    }


def test_cells_without_ids_are_known_by_what_they_say() -> None:
    def old(*texts: str) -> bytes:
        cells = [{"cell_type": "markdown", "metadata": {}, "source": [text]} for text in texts]
        return json.dumps(
            {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        ).encode()

    done = notebook_merge.merge(
        old("a", "b"), old("a", "b", "kim"), old("a2", "b", "lee"), "x.ipynb"
    )
    made = notebooks.parse(done.data, "x.ipynb")
    assert [cell.source for cell in made.cells] == ["a2", "b", "kim", "lee"]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "made"),
    [
        # Both put something at the end; neighbouring lines; a heading keeps its blank line.
        ("a", "a\n- x", "a\n- y", "a\n- x\n- y"),
        ("- [ ] a\n- [ ] b", "- [x] a\n- [ ] b", "- [ ] a\n- [x] b", "- [x] a\n- [x] b"),
        ("a", "a\nx", "a\n## Y", "a\nx\n\n## Y"),
        ("<!--\nwrite here\n-->", "ours", "theirs", "ours\n\ntheirs"),
        ("a\nb", "a", "a\nb\nc", "a\nc"),
    ],
)
def test_prose(base: str, ours: str, theirs: str, made: str) -> None:
    done = merge_text(base, ours, theirs, prose=True)
    assert (done.text, done.conflicts) == (made, 0)


def test_code_at_one_place_is_a_conflict() -> None:
    assert merge_text("a = 1", "a = 1\nb = 2", "a = 1\nb = 3", prose=False).conflicts == 1


LINES = st.lists(st.sampled_from(["", "a", "b", "- c", "d"]), max_size=6)


@given(LINES, LINES, LINES, st.booleans())
def test_no_line_of_either_side_is_lost(
    base: list[str], ours: list[str], theirs: list[str], prose: bool
) -> None:
    one, other = ([f"{line}{mark}" for line in side] for side, mark in ((ours, "1"), (theirs, "2")))
    texts = ["\n".join(lines) for lines in (base, [*base, *one], [*other, *base])]
    done = merge_text(texts[0], texts[1], texts[2], prose=prose).text.split("\n")
    assert {*one, *other} <= {*done}
    whole = merge_text("\n".join(base), "\n".join(one), "\n".join(other), prose=prose).text
    assert {*one, *other} <= {*whole.split("\n")} | {""}
    # And one side alone is taken as it is.
    assert merge_text(texts[0], texts[1], texts[0], prose=prose).text == texts[1]
    assert merge_text(texts[0], texts[0], texts[2], prose=prose).text == texts[2]
