"""A journal in which commands are run as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.build.conftest import LIBRARY, write_week

from weeknotes.cli import main
from weeknotes.journal.project import Project

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def desk(journal: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a journal of two weeks, which is the working directory."""
    root = journal.root
    (root / "references.json").write_text(json.dumps(LIBRARY), "utf-8")
    write_week(
        root,
        "2026-W45",
        "## Tasks\n\n- [ ] reread the appendix\n",
        "## Denoising [@ho2020denoising]\n\nThe noise is predicted. 확산 모델의 시작\n\n"
        "[diffusion]{.tag}\n\nQ: Why not the image?\n",
    )
    write_week(root, "2026-W46", "## Tasks\n\n- [ ] reread the appendix\n- [ ] new one\n")
    monkeypatch.chdir(root)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return root


@pytest.fixture
def run(desk: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in the journal: exit code, standard output, standard error."""

    def run_it(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        out, err = capsys.readouterr()
        return code, out, err

    return run_it
