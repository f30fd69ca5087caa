"""The command as a person meets it: help, exit codes, where messages go."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from weeknotes.cli import COMMANDS, command_parser, main

README = Path(__file__).parents[2] / "README.md"
#: What only some commands need, and would make every other one slow to start.
HEAVY = ["pandas", "nbformat", "papermill", "jupyter_client", "pyzotero", "lxml", "yaml", "jinja2"]


def run(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "weeknotes", *words], capture_output=True, text=True, cwd=cwd
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_its_use(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"weeknotes {name}" in text.split("\n\n", 1)[1], "the text shows no example"
    for action in command_parser(name)._actions:
        assert action.help, f"{name}: {action.dest} has no help"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`weeknotes {name}" in README.read_text("utf-8")


def test_the_readme_leads_to_every_document_and_to_none_that_is_not_there() -> None:
    documents = {f"docs/{path.name}" for path in (README.parent / "docs").glob("*.md")}
    linked = set(re.findall(r"\]\((docs/[^)#]+\.md)", README.read_text("utf-8")))
    assert linked == documents


def test_the_first_screen_of_the_readme_leads_to_a_published_week(tmp_path: Path) -> None:
    """Its commands are those that there are, with options that they have."""
    text = README.read_text("utf-8").partition("<picture>")[0]
    lines = re.findall(r"^    weeknotes (.+?)(?:\s+#.*)?$", text, re.M)
    assert [line.split()[0] for line in lines] == ["init", "new", "open", "serve", "render"]
    for line in lines:
        name, *words = shlex.split(line)
        command_parser(name).parse_args(words)
    assert text.count("\n") < 45


def test_the_page_of_commands_says_what_the_commands_say() -> None:
    from weeknotes.cli.help_page import page

    written = (README.parent / "docs" / "commands.md").read_text("utf-8")
    assert written == page(), "run: python -m weeknotes.cli.help_page > docs/commands.md"


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from weeknotes.cli import main; main(['--help']);"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    listing, _, heavy = done.stdout.rstrip().rpartition("\n")
    assert heavy == "[]"
    assert all(f"  {name} " in listing for name in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["--nonsense"], ["render", "--engine", "word"], ["new", "someday"], ["search"]],
)
def test_wrong_usage_ends_with_2_and_says_so_on_stderr(words: list[str], journal: Path) -> None:
    done = run(*words, cwd=journal)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr


def test_by_itself_outside_of_a_journal_it_says_what_there_is(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "weeknotes init" in done.stderr or "start an empty journal" in done.stderr


@pytest.mark.parametrize("words", [["new"], ["render"], ["refresh"], ["serve"], ["search", "x"]])
def test_outside_a_journal_it_says_how_to_start_one(words: list[str], tmp_path: Path) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 1
    assert "weeknotes init" in done.stderr


def test_a_configuration_that_cannot_be_read_is_named_with_its_line(journal: Path) -> None:
    (journal / "_quarto.yml").write_text("project:\n  type: website\n title: [\n")
    done = run("render", cwd=journal)
    assert done.returncode == 1
    assert "_quarto.yml, line 3" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A folder that is a journal, if a bare one."""
    (tmp_path / "_quarto.yml").write_text("project:\n  type: website\n")
    (tmp_path / "journal").mkdir()
    return tmp_path
