"""The commands for looking things up, as a person and a program meet them."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.build.conftest import write_week
from tests.cli.conftest import Run

from weeknotes.cli import COMMANDS
from weeknotes.cli.terminal import width_of
from weeknotes.journal.weeks import Week


def test_by_itself_it_shows_what_is_open(run: Run, desk: Path) -> None:
    code, out, _ = run()
    assert code == 0
    assert "Reading log, " in out
    assert "2 open, 1 carried over" in out and "reread the appendix  since 2026-W45" in out
    assert "Why not the image?" in out
    assert "U-Net @ronneberger2015unet" in out and "Denoising Diffusion" not in out
    assert "not up to date  weeknotes render" in out
    assert not (desk / "_site").exists(), "looking at the week built a site"
    run("render", "--engine", "builtin")
    shown = json.loads(run("--json")[1])
    assert shown["site"] == {"folder": "_site", "current": True}
    assert [task["text"] for task in shown["tasks"]] == ["reread the appendix", "new one"]
    assert [paper["key"] for paper in shown["unread"]] == ["ronneberger2015unet"]
    write_week(desk, "2026-W46", "changed")
    assert "not up to date" in run()[1]


def test_the_notebook_of_this_week_is_named(run: Run, desk: Path) -> None:
    assert "none yet  weeknotes new" in run()[1]
    week = str(Week.parse("this"))
    write_week(desk, week, "## A note\n\ntext")
    assert f"journal/{week[:4]}/{week}.ipynb, 1 note" in run()[1]


@pytest.mark.invalid_notebooks
def test_what_cannot_be_read_keeps_nothing_else_from_being_shown(run: Run, desk: Path) -> None:
    (desk / "references.json").write_text("{", "utf-8")
    code, out, err = run()
    assert code == 0
    assert "2 open, 1 carried over" in out
    assert "references.json" in err


def test_search_names_week_file_cell_and_line(run: Run) -> None:
    code, out, err = run("search", "확산 모델")
    assert (code, err) == (0, "")
    assert "2026-W45" in out and "journal/2026/2026-W45.ipynb, cell 3, line 3" in out
    found = json.loads(run("search", "appendix", "--json")[1])
    assert [(hit["week"], hit["cell"], hit["line"]) for hit in found["hits"]] == [
        ("2026-W46", 2, 3),
        ("2026-W45", 2, 3),
    ]
    code, out, err = run("search", "absent")
    assert (code, out) == (1, "") and "nothing found" in err
    assert run("search", "  ?!")[0] == 2


def test_search_finds_what_is_private_only_where_that_is_asked_for(run: Run, desk: Path) -> None:
    write_week(desk, "2026-W46", "## Mine {.private}\n\nunspeakable\n\n- [ ] hidden task")
    assert run("search", "unspeakable")[0] == 1
    assert run("search", "unspeakable", "--private")[0] == 0
    assert "hidden" not in run("tasks")[1]
    assert "hidden task" in run("tasks", "--private")[1]
    assert "Mine" not in run("list", "notes")[1]
    assert "Mine" in run("list", "notes", "--private")[1]
    assert run("render", "--engine", "builtin")[0] == 0
    site = b"".join(p.read_bytes() for p in (desk / "_site").rglob("*") if p.is_file())
    assert b"unspeakable" not in site
    done = subprocess.run(["git", "init", "-q", "."], cwd=desk, capture_output=True)
    if done.returncode == 0:
        names = ["git", "ls-files", "--others", "--exclude-standard"]
        listed = subprocess.run(names, cwd=desk, capture_output=True, text=True).stdout
        assert ".weeknotes" not in listed


def test_list_knows_weeks_notes_papers_and_tags(run: Run) -> None:
    assert [line[:8] for line in run("list")[1].splitlines()] == ["2026-W46", "2026-W45"]
    assert [line[:8] for line in run("list", "weeks", "--since", "2026-W46")[1].splitlines()] == [
        "2026-W46"
    ]
    (note,) = json.loads(run("list", "notes", "--tag", "Diffusion", "--json")[1])
    assert (note["title"], note["papers"], note["file"]) == (
        "Denoising",
        ["ho2020denoising"],
        "journal/2026/2026-W45.ipynb",
    )
    papers = {p["key"]: p["status"] for p in json.loads(run("list", "papers", "--json")[1])}
    assert papers == {"ho2020denoising": "read", "ronneberger2015unet": "library"}
    assert run("list", "tags")[1].split() == ["1", "diffusion"]


def test_tasks_are_ticked_by_number(run: Run, desk: Path) -> None:
    out = run("tasks")[1]
    assert "   1  reread the appendix  since 2026-W45, journal/2026/2026-W46.ipynb, cell 2" in out
    code, out, _ = run("tasks", "--tick", "2")
    assert code == 0 and "ticked: new one" in out
    assert "- [x] new one" in (desk / "journal/2026/2026-W46.ipynb").read_text("utf-8")
    code, _, err = run("tasks", "--tick", "7")
    assert code == 2 and "weeknotes tasks" in err


def test_quiet_leaves_what_is_wrong(run: Run, desk: Path) -> None:
    assert run("render", "--engine", "builtin", "--quiet") == (0, "", "")
    run("check", "--fix")
    assert run("--quiet", "check") == (0, "", "")
    assert run("-q", "refresh", "--all") == (0, "", "")
    write_week(desk, "2026-W46", "[@nobody2020]")
    code, out, _ = run("check", "--quiet")
    assert code == 1 and "nobody2020" in out
    assert run("list", "--quiet")[1], "what was asked for is no remark"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["serach", "x"], "did you mean 'search'?"),
        (["Refresh"], "did you mean 'refresh'?"),
        (["tasks", "--privte"], "did you mean '--private'?"),
        (["render", "--engine", "biultin"], "did you mean 'builtin'?"),
        (["new", "--template", "meetin"], "Did you mean 'meeting'?"),
        (["note", "ho2020denoisng"], "Did you mean ho2020denoising?"),
    ],
)
def test_what_was_mistyped_is_told(words: list[str], meant: str, run: Run) -> None:
    code, out, err = run(*words)
    assert code in (1, 2) and out == ""
    assert meant in err


def test_the_version(run: Run) -> None:
    assert run("-V") == run("--version")
    assert run("-V")[1].startswith("weeknotes ")


def at_a_terminal(desk: Path, *words: str, **environment: str) -> str:
    """What the command writes to a terminal."""
    leader, follower = pty.openpty()
    env = {**os.environ, "TERM": "xterm", **environment}
    child = subprocess.Popen(
        [sys.executable, "-m", "weeknotes", *words], cwd=desk, env=env, stdout=follower,
        stderr=follower, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(follower)
    seen = b""
    end = time.monotonic() + 60
    while time.monotonic() < end and select.select([leader], [], [], 60)[0]:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    child.wait(60)
    os.close(leader)
    return seen.decode()


def test_colours_are_for_terminals_that_want_them(run: Run, desk: Path) -> None:
    assert "\x1b" not in run("list")[1]
    assert "\x1b[1m2026-W46" in at_a_terminal(desk, "list")
    assert "\x1b" not in at_a_terminal(desk, "list", NO_COLOR="1")
    assert "\x1b" not in at_a_terminal(desk, "list", TERM="dumb")
    assert "\\u001b" not in at_a_terminal(desk, "--help")


def test_a_title_gives_the_terminal_no_orders(run: Run, desk: Path) -> None:
    write_week(desk, "2026-W46", "## Red \x1b[31mdoor\n\ntext")
    shown = at_a_terminal(desk, "list", "notes")
    assert "\x1b[31m" not in shown


def test_every_command_that_tells_something_has_json(run: Run) -> None:
    from weeknotes.cli import command_parser

    # The last speaks a protocol, and the others show something elsewhere.
    told = set(COMMANDS) - {"serve", "open", "completion", "language-server"}
    without = [n for n in told if "--json" not in command_parser(n)._option_string_actions]
    assert without == []


def test_json_is_json(run: Run, desk: Path) -> None:
    for words in (
        ["new", "2026-W47", "--no-execute"], ["refresh", "--all"], ["render", "--engine", "builtin"],
        ["templates"], ["doctor"], ["list", "tags"], ["check"], ["note", "ho2020denoising", "--week",
        "2026-W47"], ["review", "--since", "2026-W45"], ["init", "more"],
    ):  # fmt: skip
        _, out, _ = run(*words, "--json")
        assert isinstance(json.loads(out), (dict, list)), words


def test_refresh_says_that_there_is_no_week(run: Run, desk: Path) -> None:
    for path in (desk / "journal").rglob("*.ipynb"):
        path.unlink()
    code, out, err = run("refresh", "--all")
    assert (code, out) == (0, "")
    assert "no week yet" in err and "weeknotes new" in err
    code, _, err = run("refresh")
    assert code == 2 and "weeknotes new" in err


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "127.0.0.1", "tcp://host:port"])
def test_refresh_says_that_a_scheduler_is_none(address: str, run: Run) -> None:
    code, _, err = run("refresh", "--all", "--scheduler", address)
    assert code == 2
    assert f"no Dask scheduler answers at {address}" in err


def test_a_letter_about_nothing_is_not_written(run: Run, desk: Path) -> None:
    for path in (desk / "journal").rglob("*.ipynb"):
        path.unlink()
    write_week(desk, "2026-W45", "## Tasks\n\n<!-- One task a line -->")
    code, out, err = run("review", "--since", "2026-W45")
    assert (code, out) == (0, "")
    assert "nothing was written since 2026-11-02" in err
    code, out, _ = run("review", "--since", "2026-W45", "--json")
    assert json.loads(out)["page"] is None
    assert not list(desk.glob("review-*"))
    write_week(desk, "2026-W45", "## Tasks\n\n- [ ] something")
    assert "review-2026-11-02.html" in run("review", "--since", "2026-W45")[1]


@pytest.mark.parametrize("encoding", ["cp949", "cp1252", "ascii"])
def test_every_console_shows_all_and_its_json_is_json(desk: Path, encoding: str) -> None:
    """What the encoding lacks is shown as an escape; JSON is in ASCII, which every encoding holds."""
    (desk / "references.json").write_text(
        json.dumps([{"id": "x2020", "type": "article", "title": "\U0001f600 «확산» 扩散 ‰"}]),
        "utf-8",
    )
    own = {**os.environ, "PYTHONIOENCODING": encoding}
    words = [sys.executable, "-m", "weeknotes", "list", "papers"]
    for more in ([], ["--json"]):
        done = subprocess.run([*words, *more], env=own, cwd=desk, capture_output=True, check=True)
        assert b"x2020" in done.stdout
    assert "\U0001f600 «확산» 扩散 ‰" in json.dumps(
        json.loads(done.stdout.decode("ascii")), ensure_ascii=False
    )


def test_a_line_is_as_wide_as_the_terminal(desk: Path) -> None:
    """Han and Hangul take two columns each. Where the output goes elsewhere nothing is cut."""
    long = "확산 모델의 손실 함수에서 가중치를 버린 것이 왜 화질에 도움이 되었는가"
    write_week(
        desk, "2026-W44", f"## Tasks\n\n- [ ] {long} ({long})[^1]\n\n[^1]: x\n", f"Q: {long}?\n"
    )
    shown = at_a_terminal(desk, COLUMNS="80", NO_COLOR="1").replace("\r", "")
    cut = [row for row in shown.split("\n") if "…" in row]
    assert len(cut) == 2
    assert all(70 < width_of(row) <= 80 and "since 2026-W44" in row for row in cut)
    shown = at_a_terminal(desk, "tasks", COLUMNS="80", NO_COLOR="1").replace("\r", "")
    assert f"{long} ({long})\n      journal/2026/2026-W44.ipynb" in shown
    words = [sys.executable, "-m", "weeknotes"]
    piped = subprocess.run(words, cwd=desk, capture_output=True, check=True).stdout.decode()
    assert f"{long} ({long})  since 2026-W44\n" in piped


def test_a_copy_of_a_week_is_named_wherever_it_is_met(run: Run, desk: Path) -> None:
    week = desk / "journal" / "2026" / "2026-W45.ipynb"
    copy = week.with_name("2026-W45-Copy1.ipynb")
    copy.write_bytes(week.read_bytes().replace(b"reread the appendix", b"in the copy alone"))
    for line in (
        "tasks", "list", "list notes", "search noise", "new 2026-W47", "refresh 2026-W45",
        "note ho2020denoising", "review --since 2026-W45", "",
    ):  # fmt: skip
        words = line.split()
        code, out, err = run(*words)
        assert code == 0, (words, err)
        assert "2026-W45-Copy1.ipynb is left alone" in err, words
        if words[:1] != ["list"] and words[:1] != ["search"]:
            assert "in the copy alone" not in out
    assert f"copy: {copy.relative_to(desk).as_posix()}" in run("list")[1]
    assert "copy: " in run("list", "notes")[1]
