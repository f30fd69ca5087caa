"""`weeknotes doctor`: what it sees, and the scripts that it renews."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run


def states(run: Run) -> dict[str, str]:
    return {one["name"]: one["state"] for one in json.loads(run("doctor", "--json")[1])}


def test_what_is_sound_is_said_to_be(run: Run) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    seen = states(run)
    assert {seen[name] for name in ("Weeknotes", "Python", "pandoc", "Library", "State")} == {
        "good"
    }
    assert seen["Hooks"] == "good"
    assert "2 entries in references.json" in out


def test_outside_of_a_journal_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Library" not in states(run)
    assert run("doctor", "--fix")[0] == 2


def test_an_old_script_is_named_and_renewed_and_kept(run: Run, desk: Path) -> None:
    script = desk / "scripts" / "ipynb_filter.py"
    new = script.read_bytes()
    mode = script.stat().st_mode
    script.write_bytes(b"#!/usr/bin/env python3\n# an older one\n")
    assert states(run)["scripts/ipynb_filter.py"] == "warning"
    assert "doctor --fix" in run("doctor")[1]
    code, out, _ = run("doctor", "--fix")
    assert code == 0 and "renewed: scripts/ipynb_filter.py" in out
    assert script.read_bytes() == new and script.stat().st_mode == mode
    assert (desk / "scripts/ipynb_filter.py.old").read_bytes().endswith(b"# an older one\n")
    script.write_bytes(b"# another\n")
    run("doctor", "--fix")
    assert (desk / "scripts/ipynb_filter.py.old2").read_bytes() == b"# another\n"
    assert states(run)["Hooks"] == "good"


def test_what_is_broken_is_an_error(
    run: Run, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "pandoc"
    fake.write_text("#!/bin/sh\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setattr("weeknotes.text.pandoc.pandoc_path", lambda: str(fake))
    (desk / "references.json").write_text("{", "utf-8")
    (desk / "scripts" / "_journal.py").unlink()
    code, out, _ = run("doctor")
    assert code == 1
    seen = states(run)
    assert (seen["pandoc"], seen["Library"], seen["Hooks"]) == ("bad", "bad", "warning")
    assert "weeknotes init ." in out


def test_a_zotero_that_does_not_run_is_told(run: Run, desk: Path) -> None:
    config = desk / "_quarto.yml"
    config.write_text(config.read_text() + "\n  zotero: {user: me, local: true}\n")
    assert states(run)["Zotero"] == "warning"
    config.write_text(config.read_text().replace("{user: me, local: true}", "{usr: me}"))
    assert states(run)["Zotero"] == "bad"
