"""`weeknotes open`: a program, an editor or the browser, whichever is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from weeknotes.actions import opening


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that writes its arguments and working directory to a file, which is returned."""
    told = tmp_path / "told"
    script = tmp_path / "bin" / "tell"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$PWD" "$@" > {told}\n')
    script.chmod(0o755)
    for name in ("WEEKNOTES_EDITOR", "VISUAL", "EDITOR", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    monkeypatch.setattr(opening, "_lab", lambda environment: None)
    return told


def test_the_editor_gets_the_notebook(
    run: Run, desk: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "tell --wait")
    assert run("open", "2026-W45")[0] == 0
    assert program.read_text().splitlines() == [
        str(desk),
        "--wait",
        str(desk / "journal/2026/2026-W45.ipynb"),
    ]


def test_jupyterlab_goes_first_and_the_configuration_before_it(
    run: Run, desk: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_lab", lambda environment: ("tell", "lab"))
    monkeypatch.setenv("EDITOR", "tell editor")
    run("open", "2026-W45")
    # From the journal's folder, so that its figures and its other weeks are at hand.
    shown = "--LabApp.default_url=/lab/tree/journal/2026/2026-W45.ipynb"
    assert program.read_text().splitlines() == [str(desk), "lab", shown]
    config = desk / "_quarto.yml"
    config.write_text(config.read_text() + "\n  open: editor\n")
    run("open", "2026-W45")
    assert "editor" in program.read_text().splitlines()


def test_the_site_is_opened_where_it_was_built(
    run: Run, desk: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run("open", "2026-W45", "--in", "site")
    assert code == 2 and "weeknotes render" in err
    run("render", "--engine", "builtin")
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: bool(opened.append(url)) or True)
    assert run("open", "2026-W45", "--in", "site")[0] == 0
    assert opened == [(desk / "_site/journal/2026/2026-W45.html").as_uri()]


def test_what_is_not_there_is_told(run: Run, program: Path) -> None:
    code, _, err = run("open", "2026-W40")
    assert code == 2 and "weeknotes new 2026-W40" in err
    code, _, err = run("open", "2026-W45", "--in", "editor")
    assert code == 2 and "EDITOR" in err
    code, _, err = run("open", "journal/none.ipynb")
    assert code == 2 and "no file" in err
