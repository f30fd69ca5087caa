"""Turning rules off, mending, what is remembered, the command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from tests.checks.conftest import ENTRY, WEEK, Journal
from tests.privacy.conftest import cell, encoded, picture

from weeknotes import cli
from weeknotes.checks import file_facts, runner
from weeknotes.checks.fixes import with_ids
from weeknotes.errors import UsageError
from weeknotes.files import CacheWarning


def configure(journal: Journal, lines: str) -> None:
    path = journal.project.config_path
    path.write_text(
        path.read_text("utf-8").replace("\nweeknotes:\n", f"\nweeknotes:\n{lines}\n", 1), "utf-8"
    )


def test_a_rule_is_turned_off_for_the_journal(sound: Journal) -> None:
    sound.put("[@nobody] @fig-none")
    assert sound.rules() == {"citation-unknown", "reference-missing"}
    configure(sound, "  check: {citation-unknown: off}")
    assert sound.rules() == {"reference-missing"}


def test_a_rule_is_turned_off_for_a_notebook(sound: Journal) -> None:
    sound.put("[@nobody] @fig-none", weeknotes="{check: {citation-unknown: off}}")
    assert sound.rules() == {"reference-missing"}
    sound.put("[@nobody] @fig-none")
    sound.change(metadata={"weeknotes": {"check": {"reference-missing": "off"}}})
    assert sound.rules() == {"citation-unknown"}


def test_a_rule_is_turned_off_for_a_cell(sound: Journal) -> None:
    sound.put("<!-- check off: citation-unknown, image-alt -->\n\n[@nobody] ![](../x.png)")
    assert sound.rules() == {"image-missing"}
    sound.put(
        "[@nobody]", cells=[cell("markdown", "three", "<!-- check off: citation-unknown -->")]
    )
    assert sound.rules() == {"citation-unknown"}


def test_a_rule_that_there_is_none_of_is_refused(sound: Journal) -> None:
    configure(sound, "  check: {citations: off}")
    with pytest.raises(UsageError, match="citations"):
        sound.found()


def test_only_what_was_asked_for_is_told(sound: Journal) -> None:
    sound.put("[@nobody]")
    sound.put("[@nobody]", name="journal/2025/2025-W52.ipynb")
    assert {f.file for f in sound.found("journal/2025")} == {"journal/2025/2025-W52.ipynb"}
    assert {f.file for f in sound.found(WEEK)} == {WEEK}
    with pytest.raises(UsageError, match="does not exist"):
        sound.found("nothing")
    with pytest.raises(UsageError, match="not in the journal"):
        sound.found("..")


@pytest.mark.invalid_notebooks
def test_fix_mends_what_needs_no_guess_and_touches_nothing_else(sound: Journal) -> None:
    path = sound.root / WEEK
    sound.put(
        "[@nobody]", cells=[{"cell_type": "markdown", "metadata": {}, "source": "가\u2028<a>"}]
    )
    data = path.read_bytes().rstrip()
    path.write_bytes(data)
    sound.put_library(plain=json.dumps([{"title": "A title", "id": "ho2020", **ENTRY}]).encode())
    (sound.root / "references.bib").write_text("old")
    report = runner.check(sound.project, fix=True)
    assert {f.rule for f in report.mended} == {
        "cell-id", "notebook-newline", "library-form", "library-bib",
    }  # fmt: skip
    assert {f.rule for f in report.findings} == {"citation-unknown"}
    after = path.read_bytes()
    assert after.replace(b'"id": "cell-4",\n   ', b"") == data + b"\n"
    nbformat.validate(nbformat.reads(after.decode(), 4))
    assert runner.check(sound.project, fix=True).mended == ()
    assert path.read_bytes() == after


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_ids_are_added_whatever_the_layout(indent: int | None) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "x"},
        cell("markdown", "cell-3", "y"),
    ]
    cells += [{"cell_type": "raw", "metadata": {"id": "no"}, "source": '{"nbformat_minor": 4}'}]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    data = json.dumps(whole, indent=indent).encode()
    made = with_ids(data, "x.ipynb")
    node = nbformat.reads(made.decode(), 4)
    nbformat.validate(node)
    assert [c["id"] for c in node.cells] == ["cell-1", "cell-3", "cell-3-2"]
    assert node.cells[2]["source"] == '{"nbformat_minor": 4}'
    assert with_ids(made, "x.ipynb") == made


def test_a_file_changed_meanwhile_is_left_alone(
    sound: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sound.root / WEEK
    path.write_bytes(path.read_bytes().rstrip())
    from weeknotes.checks import fixes

    original = fixes._fixed

    def slow(file: Path, data: bytes, rule: str) -> bytes | None:
        path.write_bytes(data + b"   ")
        return original(file, data, rule)

    monkeypatch.setattr(fixes, "_fixed", slow)
    assert runner.check(sound.project, fix=True).mended == ()
    assert path.read_bytes().endswith(b"   ")


def test_only_what_has_changed_is_read_again(
    sound: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound.put(name="journal/2026/2026-W45.ipynb")
    sound.put("[@nobody]")
    before = sound.found()
    read = []
    original = file_facts._read_notebook
    monkeypatch.setattr(
        file_facts, "_read_notebook", lambda *args: (read.append(args[1]), original(*args))[1]
    )
    assert sound.found() == before
    assert read == []
    sound.put("[@somebody]")
    assert [f.message for f in sound.found()] == ["the library has no 'somebody'"]
    assert read == [WEEK]
    sound.put_library({"id": "somebody", "title": "A title of it", **ENTRY})
    assert sound.found() == []
    assert read == [WEEK]


def test_what_is_remembered_may_be_broken_or_gone(sound: Journal) -> None:
    sound.put("[@nobody]")
    before = sound.found()
    for path in (sound.root / ".weeknotes" / "check").iterdir():
        path.write_bytes(b"\xffbroken")
    assert sound.found() == before


def run(journal: Journal, *words: str) -> int:
    return cli.main(["check", *words])


def test_the_command(
    sound: Journal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "check": ""})
    monkeypatch.chdir(sound.root)
    assert run(sound) == 0
    assert "nothing wrong" in capsys.readouterr().err
    (sound.root / "assets/images/b.png").write_bytes(encoded(picture(3)))
    assert run(sound) == 0
    assert capsys.readouterr().out.endswith("(minor)\n")
    assert run(sound, "--strict") == 1
    sound.put("[@ho2021]")
    assert run(sound, WEEK) == 1
    said = capsys.readouterr().out
    assert f"{WEEK}, cell 3, line 1: the library has no 'ho2021' [citation-unknown]" in said
    assert run(sound, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found[1] == {
        "rule": "citation-unknown", "file": WEEK, "cell": 3, "line": 1, "fixable": False,
        "message": "the library has no 'ho2021'", "hint": "Did you mean @ho2020?", "minor": False,
    }  # fmt: skip


def test_a_number_of_the_format_in_the_metadata_stays(sound: Journal) -> None:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "x"}]
    own = {"mine": {"nbformat_minor": 2}}
    whole = {"metadata": own, "cells": cells, "nbformat": 4, "nbformat_minor": 4}
    made = json.loads(with_ids(json.dumps(whole, indent=1).encode(), "x.ipynb"))
    assert made["metadata"] == own
    assert made["nbformat_minor"] == 5


def test_a_line_end_is_added_as_the_file_has_them(sound: Journal) -> None:
    path = sound.root / WEEK
    data = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(data.rstrip())
    runner.check(sound.project, fix=True)
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    "member", ['"id": "b2020", "title": "One", "title": "Two"', '"id": 3, "title": "One"']
)
def test_the_library_is_not_put_in_order_where_more_would_change(
    sound: Journal, member: str
) -> None:
    path = sound.root / "references.json"
    own = {"id": "ho2020", "title": "Denoising diffusion", **ENTRY}
    data = f"[{{{member}}}, {json.dumps(own)}]".encode()
    path.write_bytes(data)
    assert "library-form" in {f.rule for f in runner.check(sound.project, fix=True).findings}
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    "lines", ["  check: [image-alt]", "  check: {image-alts: off}", "  check: {image-alt: nearly}"]
)
def test_a_switch_that_switches_nothing_is_refused(sound: Journal, lines: str) -> None:
    configure(sound, lines)
    with pytest.raises(UsageError, match="check"):
        sound.found()


def test_a_name_cannot_pass_itself_off_as_another_finding(sound: Journal) -> None:
    sound.put(name="journal/a\njournal/b: nothing wrong.ipynb", week="none")
    assert all(len(str(f).splitlines()) <= 2 for f in sound.found())


def test_a_journal_in_which_nothing_can_be_kept_is_checked_all_the_same(sound: Journal) -> None:
    sound.put("[@nobody]")
    shutil.rmtree(sound.project.state, ignore_errors=True)
    sound.project.state.write_text("a file in the place of the folder")
    with pytest.warns(CacheWarning):
        assert sound.rules() == {"citation-unknown"}
