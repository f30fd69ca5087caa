"""The command line of ``weeknotes digest``: what it refuses, what it says, and what it leaves alone."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from weeknotes.cli import main
from weeknotes.journal.project import Project

from .servers import DigestServer, Item, hf_row

pytestmark = pytest.mark.usefixtures("without_kernels")

PAPERS = [
    {"id": "2611.00001v1", "title": "Lamps that learn to see", "abstract": "We light lamps."},
    {"id": "arXiv:2611.00001v3", "title": "Lamps that learn to see in the dark"},
    {"url": "https://arxiv.org/abs/2611.00001", "doi": "10.5555/LAMP", "title": "Lamps"},
    {"doi": "10.5555/lamp", "title": "The article that it became"},
    {"id": "10.1000/tide", "title": "물때를 재는 법", "abstract": "우리는 물때를 잰다."},
    {"title": "Bells at sea, and how loud they are", "votes": 3.0},
]
TIDE = {"id": "2611.00077", "title": "Tides by gauge", "abstract": "We read tides."}


class Command:
    """Runs ``weeknotes digest`` in a journal, with ``text`` as standard input."""

    def __init__(
        self, journal: Project, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        self.journal, self._capsys, self._patch = journal, capsys, patch
        patch.chdir(journal.root)

    def __call__(self, *args: str, text: str | bytes = "") -> tuple[int, str, str]:
        data = text if isinstance(text, bytes) else text.encode()
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        try:
            code = main(["digest", *args])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        out, err = self._capsys.readouterr()
        return code, out, err

    def everything(self, *, caches: bool = True) -> dict[str, bytes]:
        """Each file of the journal, with caches and locks or without."""
        return {
            str(path.relative_to(self.journal.root)): path.read_bytes()
            for path in self.journal.root.rglob("*")
            if path.is_file() and (caches or ".weeknotes" not in path.parts)
        }


@pytest.fixture
def command(
    journal: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    return Command(journal, capsys, monkeypatch)


def lines(papers: list[dict[str, Any]] = PAPERS) -> str:
    return "".join(json.dumps(paper, ensure_ascii=False) + "\n" for paper in papers)


def test_json_is_the_ranked_list_with_each_paper_once(command: Command) -> None:
    code, out, err = command("2026-11-27", "--candidates", "-", "--json", text=lines())
    assert code == 0, err
    papers = json.loads(out)["papers"]
    assert {paper["id"] for paper in papers} >= {"arXiv:2611.00001v3", "10.1000/tide"}
    assert {paper["title"] for paper in papers} == {
        "Lamps that learn to see in the dark",
        "물때를 재는 법",
        "Bells at sea, and how loud they are",
    }
    for paper in papers:
        assert isinstance(paper["score"], float) and isinstance(paper["why"], str)
    before = command.everything(caches=False)
    code, _, _ = command("2026-11-27", "--candidates", "-", text=lines())
    assert code == 0 and command.everything(caches=False) == before
    # On another day they are known.
    code, out, _ = command("2026-11-28", "--candidates", "-", "--json", text=lines())
    assert code == 0 and json.loads(out)["papers"] == []


def test_a_dry_run_writes_nothing_at_all(command: Command) -> None:
    before = command.everything()
    code, out, _ = command("--candidates", "-", "--dry-run", "--format", "blog", text=lines())
    assert code == 0 and "3 of 6 papers" in out
    assert command.everything() == before
    command("2026-11-27", "--candidates", "-", text=lines())
    before = command.everything()
    code, out, _ = command("2026-11-28", "--candidates", "-", "--dry-run", text=lines([TIDE]))
    assert code == 0 and "1 of 1 papers" in out and "2026-11-28-digest.ipynb" in out
    assert command.everything() == before
    code, out, _ = command("--redo", "2611.00001", "--dry-run")
    assert code == 0 and "Lamps that learn" in out and "2026-11-27-digest" in out
    assert command.everything() == before


def test_no_papers_at_all_is_said(command: Command) -> None:
    code, out, err = command("2026-11-27", "--candidates", "-", text="\n\n")
    assert (code, out) == (0, "") and "holds no papers" in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"title": "A lamp"}\nno json\n', ["standard input, line 2", "one object a line"]),
        ('{"title": "A lamp"}\n\n{"title": "cut', ["standard input, line 3"]),
        ('{"id": "2611.00001"}\n', ["line 1", "no title"]),
        ('[{"title": "A lamp"}]\n', ["line 1", "no object", "one object a line"]),
        (b'{"title": "caf\xe9"}\n', ["standard input", "UTF-8"]),
        ('{"title": "a\u2028b"}\n{"title": 5}\n', ["line 2", '"title" is no text']),
    ],
)
def test_what_is_no_paper_is_named_with_its_line(
    command: Command, text: str | bytes, words: list[str]
) -> None:
    before = command.everything()
    code, out, err = command("2026-11-27", "--candidates", "-", text=text)
    assert code == 1 and not out
    for word in words:
        assert word in err
    assert command.everything() == before


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--top", "0"], ["--top must be at least 1"]),
        (["--top", "-3"], ["--top must be at least 1"]),
        (["2999-01-01"], ["yet to come"]),
        (["--since", "2999-01-01"], ["yet to come"]),
        (["2026-13-01"], ["not a day"]),
        (["2026-W60"], ["not a day or a week"]),
        (["2026-11-27", "--since", "2026-11-20"], ["not both"]),
        (["--source", "arxv"], ["no source called 'arxv'", "Did you mean 'arxiv'?"]),
        (["--source", "biorxv:neuroscience"], ["Did you mean 'biorxiv'?"]),
        (["--format", "blgo"], ["no format called 'blgo'", "Did you mean 'blog'?"]),
        (["--lang", "english"], ["'english' is no tag of a language"]),
        (["--candidates", "none.jsonl"], ["no file 'none.jsonl'"]),
        (["--candidates", ""], ["no file ''"]),
        (["--candidates", "-", "--source", "hf"], ["not both"]),
        (["--candidates", "-", "2026-W40"], ["made from its digests of days"]),
        (["2026-W40"], ["no digest of a day in 2026-W40"]),
        (["--redo", "2611.09999"], ["no digest shows '2611.09999'"]),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(
    command: Command, args: list[str], words: list[str]
) -> None:
    code, out, err = command(*args, text=lines())
    assert code == 2 and not out
    for word in words:
        assert word in err


def test_without_digests_there_is_nothing_to_evaluate(command: Command) -> None:
    code, out, _ = command("--evaluate")
    assert code == 0 and out.strip() == "There is no digest yet."
    code, out, _ = command("--evaluate", "--json")
    found = json.loads(out)
    assert code == 0 and found["first"] is None and found["recall"] is None


def test_letters_that_utf8_does_not_have_cost_no_digest(command: Command) -> None:
    text = '{"title": "Lone \\ud800 half of a pair", "abstract": "It \\udfff shines."}\n'
    code, out, err = command("2026-11-27", "--candidates", "-", text=text)
    assert code == 0, err
    assert "Lone \ufffd half" in Path(command.journal.root / out.strip()).read_text("utf-8")


@pytest.mark.kernel
def test_the_three_commands_of_the_readme_make_a_digest(
    tmp_path: Path, server: DigestServer
) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    block = text.split("Three commands from nothing to a first digest:\n\n", 1)[1].split("\n\n")[0]
    commands = [line.strip() for line in block.split("\n")]
    assert len(commands) == 3
    today = date.today()
    day = today - timedelta(days=max(0, today.weekday() - 4))
    server.world.feed_day, server.world.hf_lists = day, (date(2023, 5, 4), day)
    server.world.papers = [Item(f"{day:%y%m}.00001", "Lamps that learn to see", announced=(day,))]
    server.world.hf = {day: [hf_row(f"{day:%y%m}.00009", "Lamps of another kind", day)]}
    # Nothing of the surroundings is there, as in a new account.
    bare = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        ["/bin/sh", "-e"],
        input="\n".join(commands),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**bare, **server.environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = f"journal/{day.year}/{day}-digest.ipynb"
    assert done.stdout.rstrip().endswith(made)
    written = (tmp_path / "my-journal" / made).read_text("utf-8")
    assert "Lamps of another kind" in written and "- [ ] " in written
