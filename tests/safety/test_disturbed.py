"""What others do to a journal while a command is at work: nothing of it is lost, nor of what the
command does, and where it cannot be done that is said."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.build.conftest import PIXEL, write_week
from tests.safety.faults import EACH, Faulty, files_in
from tests.safety.syscalls import SystemCall, needs_seccomp
from tests.safety.zotero import followed

from weeknotes import cli, files
from weeknotes.engines import builtin
from weeknotes.journal import notebooks
from weeknotes.journal.project import Project
from weeknotes.library.store import Library

from .test_render_faults import Remembering

pytestmark = [needs_seccomp, pytest.mark.slow, pytest.mark.timeout(3600 if EACH else 900)]

WEEK = "2026-W47"
NOTEBOOK = f"journal/2026/{WEEK}.ipynb"
MINE = "Saved while the command was at work."
COMMANDS = {
    "new": ("new", "2020-W02", "--no-execute"),
    "add": ("add", "paper.json", "--week", WEEK),
    "import": ("import", "../old/README.md", "--format", "worklog"),
    "fix": ("check", "--fix"),
    "sync": ("sync", "--rename"),
    "highlights": ("highlights", "ho2020denoising"),
    "render": ("render", "--engine", "builtin"),
}


@pytest.fixture
def busy(journal: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A journal in which each of the commands has something to do."""
    monkeypatch.setattr(builtin, "Worker", Remembering)
    root = journal.root
    with followed(journal, monkeypatch) as alter:
        alter()
        write_without_ids(root)
        paper = {"id": "kim2021book", "type": "book", "title": "A book"}
        (root / "paper.json").write_text(json.dumps([paper]))
        log = root.parent / "old" / "README.md"
        log.parent.mkdir()
        (log.parent / "box.svg").write_bytes(PIXEL)
        log.write_text(
            "# 2019\n\n## 2019-11-04 ~ 2019-11-10\n\n- [A](https://arxiv.org/abs/2006.11239)\n"
            "  - ![box](box.svg)\n"
        )
        yield journal


def write_without_ids(root: Path) -> None:
    path = write_week(
        root, WEEK, "## A note [@ho2020denoising]\n\n한글 and 中文", "## More\n\ntext"
    )
    notebook = json.loads(path.read_bytes())
    for cell in notebook["cells"]:
        del cell["id"]
    notebook["nbformat_minor"] = 4
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def faulty(journal: Project, name: str) -> Faulty:
    beside = journal.root.parent / f"beside-{name}"
    beside.mkdir()
    code_of = {"fix": (0, 1)}.get(name, (0,))
    return Faulty(journal.root, lambda: cli.main(COMMANDS[name]), beside, codes=code_of)


def at_some_calls(faulty: Faulty, act: Callable[[], None], path: str, others: int) -> Iterator[str]:
    """Let the command run again and again, each time with ``act`` before one of the calls with which it
    writes: all that are about ``path``, and some ``others``. Gives what it said."""
    calls = faulty.calls()
    # In the middle of as many parts.
    some = {(2 * number + 1) * len(calls) // (2 * others) for number in range(others)}
    for number, call in enumerate(calls):
        if not (EACH or number in some or call.path == path):
            continue
        met = itertools.count()

        def look(made: SystemCall, number: int = number, met: Iterator[int] = met) -> int:
            if any(p.startswith(f"{faulty.root}/") for p in made.paths) and next(met) == number:
                act()
            return 0

        faulty.restore()
        ended = faulty.run(look)
        assert ended.code in (0, 1), ended.said
        assert "Traceback" not in ended.said
        yield ended.said


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("name", ["add", "fix", "sync", "highlights", "render"])
def test_a_notebook_is_saved(busy: Project, name: str, in_place: bool) -> None:
    path = busy.root / NOTEBOOK

    def save() -> None:
        data = path.read_bytes().replace(b"and \xe4\xb8\xad\xe6\x96\x87", MINE.encode())
        assert MINE.encode() in data
        if in_place:
            path.write_bytes(data)
        else:
            files.write_atomic(path, data)

    disturbed = faulty(busy, name)
    for said in at_some_calls(disturbed, save, NOTEBOOK, others=4):
        text = notebooks.read(path, NOTEBOOK).text
        assert MINE in text, said
        assert "## More" in text
        ended = disturbed.run()
        assert ended.code in (0, 1), ended.said
        assert MINE in path.read_text("utf-8")
        if name == "render":
            assert MINE in (busy.output_dir / NOTEBOOK).with_suffix(".html").read_text("utf-8")


@pytest.mark.parametrize("name", ["add", "import", "sync"])
def test_the_library_is_changed(busy: Project, name: str) -> None:
    theirs = {"id": "theirs", "type": "book", "title": "Added by hand"}

    def edit() -> None:
        entries = json.loads(busy.library_path.read_bytes())
        busy.library_path.write_text(json.dumps([*entries, theirs]), "utf-8")

    disturbed = faulty(busy, name)
    keys = set(Library.load(busy.library_path).entries)
    for said in at_some_calls(disturbed, edit, "references.json", others=4):
        assert "theirs" in Library.load(busy.library_path).entries, said
        ended = disturbed.run()
        assert ended.code == 0, ended.said
        found = set(Library.load(busy.library_path).entries)
        assert "theirs" in found
        assert found - keys - {"theirs"} or name == "import"
        assert "{theirs," in (busy.root / "references.bib").read_text("utf-8")


@pytest.mark.parametrize("one", COMMANDS)
def test_another_command_runs_meanwhile(
    busy: Project, monkeypatch: pytest.MonkeyPatch, one: str
) -> None:
    """It is done, or says that the first is at work; when both have run again, the journal is as if
    they had run one after the other."""
    monkeypatch.setattr(files.locked.__wrapped__, "__defaults__", (0.02,))
    first = faulty(busy, one)
    names = [*COMMANDS, *COMMANDS]
    start = names.index(one)
    # Each two once, the one or the other being first.
    for other in COMMANDS if EACH else names[start : start + len(COMMANDS) // 2 + 1]:
        first.restore()
        second = first if other == one else faulty(busy, other)
        expected = [in_turn(first, second, first), in_turn(second, first, second)]
        said: list[str] = []

        def run_other(second: Faulty = second, said: list[str] = said) -> None:
            ended = second.run()
            assert ended.code in second.codes or "still at work" in ended.said, ended.said
            assert "Traceback" not in ended.said
            said.append(ended.said)

        for told in at_some_calls(first, run_other, "", others=1):
            for command in (second, first):
                ended = command.run()
                assert ended.code in command.codes, (other, told, said, ended.said)
            assert written(busy.root) in expected, (other, told, said)


def in_turn(*commands: Faulty) -> dict[str, bytes]:
    """What is there after ``commands`` one after the other."""
    commands[0].restore()
    for command in commands:
        assert command.run().code in command.codes
    return written(commands[0].root)


def written(root: Path) -> dict[str, bytes]:
    return {name: data for name, data in files_in(root).items() if not name.startswith("_site/")}
