"""What checks a new journal: the hook before a commit, and the workflow that publishes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.checks.conftest import WEEK
from tests.privacy.conftest import cell, front, write

from weeknotes.actions.create import new_week
from weeknotes.checks.runner import check
from weeknotes.journal import project
from weeknotes.journal.weeks import Week
from weeknotes.scaffold import init

REPOSITORY = Path(__file__).parents[2]
SCAFFOLD = REPOSITORY / "src" / "weeknotes" / "scaffold"


def test_nothing_is_wrong_with_a_new_journal(tmp_path: Path) -> None:
    init(tmp_path, title="Log", author="Kim Minji", lang="ko")
    made = project.find(tmp_path)
    assert check(made).findings == ()
    new_week(made, Week(2026, 46), execute=False)
    new_week(made, Week(2026, 47), execute=False)
    assert check(project.find(tmp_path)).findings == ()


def test_the_hook_stops_a_commit(tmp_path: Path) -> None:
    init(tmp_path)
    environment = os.environ | {
        "WEEKNOTES_PYTHON": sys.executable,
        "PRE_COMMIT_HOME": str(tmp_path / ".cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    for name in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{name}_NAME": "Kim", f"GIT_{name}_EMAIL": "kim@example.org"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    run("git", "init", "--quiet")
    assert run(sys.executable, "-m", "pre_commit", "install").returncode == 0
    (tmp_path / ".git/info/exclude").write_text(".cache/\n")
    write(tmp_path / WEEK, front("A", "2026-W46"), cell("markdown", "a", "As @nobody says."))
    run("git", "add", "--all")
    stopped = run("git", "commit", "--message", "one")
    assert stopped.returncode == 1
    said = stopped.stdout + stopped.stderr
    assert f"{WEEK}, cell 2, line 1: the library has no 'nobody' [citation-unknown]" in said
    write(tmp_path / WEEK, front("A", "2026-W46"), cell("markdown", "a", "As nobody says."))
    run("git", "add", "--all")
    assert run("git", "commit", "--message", "one").returncode == 0


@pytest.mark.parametrize("where", ["scaffold", "repository"])
def test_the_journal_is_checked_before_it_is_published(tmp_path: Path, where: str) -> None:
    root = REPOSITORY
    if where == "scaffold":
        init(tmp_path)
        root = tmp_path
    workflow = yaml.safe_load((root / ".github/workflows/publish.yml").read_text("utf-8"))
    (job,) = workflow["jobs"].values()
    steps = [str(step.get("run") or step.get("uses")) for step in job["steps"]]

    def place(*words: str) -> int:
        (found,) = (n for n, s in enumerate(steps) if any(word in s for word in words))
        return found

    checked = place("weeknotes check", "scripts/check.py")
    assert checked < place("weeknotes render") < place("actions/deploy-pages")
    assert not any(step.get("continue-on-error") for step in job["steps"])


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (None, f"weeknotes=={metadata.version('weeknotes')}"),
        (
            {
                "url": "https://example.org/w.git",
                "vcs_info": {"vcs": "git", "commit_id": "0a1b2c", "requested_revision": "main"},
            },
            "weeknotes @ git+https://example.org/w.git@0a1b2c",
        ),
        (
            {"url": "https://example.org/weeknotes-1.whl", "archive_info": {}},
            "weeknotes @ https://example.org/weeknotes-1.whl",
        ),
        ({"url": "file:///home/kim/weeknotes", "dir_info": {"editable": True}}, ""),
    ],
)
def test_what_publishes_installs_is_what_is_installed_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: dict[str, Any] | None, line: str
) -> None:
    text = None if origin is None else json.dumps(origin)
    # Of whichever class it is: libraries that bring their own importlib.metadata put theirs first.
    kind = type(metadata.distribution("weeknotes"))
    monkeypatch.setattr(kind, "read_text", _answering(kind, text))
    init(tmp_path)
    lines = (tmp_path / "requirements.txt").read_text("utf-8").splitlines()
    assert [said for said in lines if not said.startswith("#")] == ([line] if line else [])
    assert "/home/kim" not in "".join(lines)


#: The inputs of each action (its action.yml) that the workflows use.
INPUTS = {
    "actions/checkout@v4": {"fetch-depth", "ref"},
    "actions/setup-python@v5": {"python-version", "cache", "cache-dependency-path"},
    "actions/configure-pages@v5": set(),
    "actions/upload-pages-artifact@v3": {"name", "path", "retention-days"},
    "actions/upload-artifact@v4": {"name", "path", "if-no-files-found"},
    "actions/deploy-pages@v4": set(),
    "quarto-dev/quarto-actions/setup@v2": {"version"},
}


def test_workflows_give_actions_inputs_that_they_have() -> None:
    files = [*SCAFFOLD.glob("*.yml"), *(REPOSITORY / ".github" / "workflows").glob("*.yml")]
    workflows = [
        read for path in files if "jobs" in (read := yaml.safe_load(path.read_text("utf-8")))
    ]
    assert len(workflows) >= 5
    for workflow in workflows:
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                assert "run" in step or set(step.get("with", {})) <= INPUTS[step["uses"]]


def _installed_from(monkeypatch: pytest.MonkeyPatch, origin: dict[str, Any]) -> None:
    kind = type(metadata.distribution("weeknotes"))
    monkeypatch.setattr(kind, "read_text", _answering(kind, json.dumps(origin)))


def test_a_wheel_of_this_machine_goes_into_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "a b" / "weeknotes-1-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"PK")
    _installed_from(monkeypatch, {"url": wheel.as_uri(), "archive_info": {}})
    journal = tmp_path / "journal"
    init(journal)
    assert (journal / "requirements.txt").read_text() == f"./wheels/{wheel.name}\n"
    assert (journal / "wheels" / wheel.name).read_bytes() == b"PK"
    # A journal that says already where it installs from gets no other.
    (journal / "requirements.txt").write_text("weeknotes==1\n")
    (journal / "wheels" / wheel.name).unlink()
    init(journal)
    assert not (journal / "wheels" / wheel.name).exists()
    # Nor is another file of the name taken for what was installed.
    other = {"url": wheel.as_uri(), "archive_info": {"hashes": {"sha256": "0" * 64}}}
    _installed_from(monkeypatch, other)
    init(tmp_path / "second")
    assert (tmp_path / "second" / "requirements.txt").read_text().startswith("#")


@pytest.mark.parametrize(
    ("remote", "line"),
    [
        ("https://kim:secret@github.com/kim/weeknotes", "git+https://github.com/kim/weeknotes@"),
        ("git@github.com:kim/weeknotes.git", "git+https://github.com/kim/weeknotes.git@"),
        ("/srv/weeknotes", ""),
    ],
)
def test_a_clone_is_installed_from_its_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: str, line: str
) -> None:
    clone = tmp_path / "clone"
    for words in (
        ["init", "-q", str(clone)],
        ["-C", str(clone), "remote", "add", "origin", remote],
        ["-C", str(clone), "commit", "-q", "--allow-empty", "-m", "x"],
    ):
        who = ["-c", "user.name=k", "-c", "user.email=k@example.org"]
        subprocess.run(["git", *who, *words], check=True)
    _installed_from(monkeypatch, {"url": clone.as_uri(), "dir_info": {"editable": True}})
    init(tmp_path / "journal")
    text = (tmp_path / "journal" / "requirements.txt").read_text("utf-8")
    assert "secret" not in text
    assert text.startswith(f"weeknotes @ {line}") if line else text.startswith("#")


def _answering(kind: type[metadata.Distribution], text: str | None) -> Any:
    original = kind.read_text
    return lambda self, name: text if name == "direct_url.json" else original(self, name)
