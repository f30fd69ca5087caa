"""Whatever was edited in whatever order: a build after it equals a build from nothing, byte for byte.

``WEEKNOTES_SEQUENCES=1000`` tries so many random sequences of edits instead of a few, from the seed
``WEEKNOTES_FIRST_SEED`` on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.build.editing import Author

from weeknotes.errors import WeeknotesError
from weeknotes.journal import project
from weeknotes.site.build import render

_SEQUENCES = int(os.environ.get("WEEKNOTES_SEQUENCES") or 3)
_FIRST_SEED = int(os.environ.get("WEEKNOTES_FIRST_SEED") or 0)
_EDITS = 8


def built(root: Path, *, git: bool = False) -> dict[str, bytes] | str:
    """The files of the site of the journal in ``root``, which is in a repository of ``git`` or not, or
    why there is none."""
    try:
        report = render(project.load(root / "_quarto.yml"), engine="builtin")
    except WeeknotesError as error:
        return str(error)
    files = {p.relative_to(report.output).as_posix(): p for p in report.output.rglob("*")}
    # Without git, the history tells of earlier builds.
    now = {name: path for name, path in files.items() if git or not name.startswith("history/")}
    return {name: path.read_bytes() for name, path in now.items() if path.is_file()}


@pytest.mark.parametrize("seed", range(_FIRST_SEED, _FIRST_SEED + _SEQUENCES))
def test_a_build_after_any_edits_equals_a_build_from_nothing(tmp_path: Path, seed: int) -> None:
    root = tmp_path / "journal"
    root.mkdir()
    author = Author(root, seed)
    author.begin()
    built(root)
    edits: list[str] = []
    for number in range(_EDITS):
        edits.append(author.edit())
        after = built(root)
        if number % 4 != 3:
            continue
        fresh = tmp_path / "fresh"
        shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("_site", ".weeknotes"))
        expected = built(fresh)
        shutil.rmtree(fresh)
        assert differences(after, expected) == [], edits


def test_so_does_the_history_that_git_tells(tmp_path: Path) -> None:
    root = tmp_path / "journal"
    root.mkdir()
    author = Author(root, _FIRST_SEED)
    author.begin()
    (root / ".gitignore").write_text("_site\n.weeknotes\n", "utf-8")
    commit = ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "Save"]
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    edits: list[str] = []
    for number in range(_EDITS):
        edits.append(author.edit())
        # What is saved but not committed counts as well, and a commit of what was built already.
        if number % 3:
            subprocess.run(["git", "add", "-A"], cwd=root, check=True)
            day = f"2026-11-{number + 1:02}T12:00:00"
            environment = {**os.environ, "GIT_AUTHOR_DATE": day}
            subprocess.run(["git", *commit], cwd=root, env=environment, check=False)
        after = built(root, git=True)
    fresh = tmp_path / "fresh"
    shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("_site", ".weeknotes"))
    assert differences(after, built(fresh, git=True)) == [], edits


def differences(one: dict[str, bytes] | str, other: dict[str, bytes] | str) -> list[str]:
    """The names of the files that are not the same in both sites."""
    if isinstance(one, str) or isinstance(other, str):
        # What would be published is the same; the message also says whether it is in place already.
        same = str(one).partition("\n")[2] == str(other).partition("\n")[2] != ""
        return [] if same or one == other else [f"{str(one)[:300]} / {str(other)[:300]}"]
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
