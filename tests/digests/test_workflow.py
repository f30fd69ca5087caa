"""The workflow of a new journal: what it runs, and its push while another one pushes."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from weeknotes.digests.ledger import Ledger
from weeknotes.digests.paper import paper_of
from weeknotes.journal import project
from weeknotes.scaffold import init


@pytest.fixture(scope="module")
def steps() -> list[dict[str, Any]]:
    """The steps of the workflow's one job."""
    workflow = yaml.safe_load((files("weeknotes.scaffold") / "digest.yml").read_text("utf-8"))
    # YAML 1.1 reads the key `on` as true.
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}
    assert workflow["permissions"] == {"contents": "write", "actions": "write"}
    found: list[dict[str, Any]] = workflow["jobs"]["digest"]["steps"]
    return found


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def show(folder: Path, name: str, day: date) -> None:
    """Enter a paper in the ledger of the journal in ``folder``."""
    ledger = Ledger.load(project.find(folder))
    ledger.show(paper_of({"id": name, "title": f"Lamps of the kind {name}"}), day)
    ledger.answered(day, "arxiv", "done")
    ledger.save()


def test_what_is_pushed_in_between_is_taken_in(tmp_path: Path, steps: list[dict[str, Any]]) -> None:
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        os.environ.setdefault(f"{name}_NAME", "x")
        os.environ.setdefault(f"{name}_EMAIL", "x@example.org")
    remote, mine, runner = (tmp_path / name for name in ("remote.git", "mine", "runner"))
    init(mine)
    git(mine, "init", "--initial-branch=main")
    git(mine, "add", "-A")
    git(mine, "commit", "-m", "start")
    git(tmp_path, "clone", "--bare", str(mine), str(remote))
    git(mine, "remote", "add", "origin", str(remote))
    git(mine, "fetch", "origin")
    git(mine, "branch", "--set-upstream-to=origin/main")
    git(tmp_path, "clone", str(remote), str(runner))
    show(mine, "2611.00001", date(2026, 11, 26))
    git(mine, "add", "-A")
    git(mine, "commit", "-m", "a digest by hand")
    git(mine, "push")
    show(runner, "2611.00002", date(2026, 11, 27))
    (push,) = [step for step in steps if step.get("id") == "push"]
    output = tmp_path / "output"
    for _ in range(2):
        output.write_text("")
        subprocess.run(
            ["bash", "-e", "-c", push["run"]],
            cwd=runner,
            env={**os.environ, "GITHUB_OUTPUT": str(output)},
            check=True,
            capture_output=True,
        )
        if "pushed" in output.read_text():
            pushed = True
    assert pushed and output.read_text() == "", "a run with nothing new pushes nothing"
    git(mine, "pull", "--rebase")
    papers = Ledger.load(project.find(mine)).papers
    assert sorted(papers) == ["arxiv:2611.00001", "arxiv:2611.00002"]


def test_a_failure_is_seen_after_what_was_made_is_kept(steps: list[dict[str, Any]]) -> None:
    names = [step.get("id", "") for step in steps]
    assert names.index("digest") < names.index("push")
    digest = steps[names.index("digest")]
    assert digest["continue-on-error"] and digest["run"].startswith("python -m weeknotes digest")
    assert steps[-1]["if"] == "steps.digest.outcome == 'failure'" and "exit 1" in steps[-1]["run"]
    assert any("/enable" in step.get("run", "") for step in steps)
