"""Shell completion: what Tab gives, in the shells that this machine has."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from weeknotes.cli.completion import completions

#: Each shell with a program that completes the words in $LINE, and prints one candidate a line.
SHELLS = {
    "bash": 'eval "$(weeknotes completion bash)"; COMP_WORDS=({words}); '
    'COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _weeknotes; printf "%s\\n" "${{COMPREPLY[@]}}"',
    "zsh": "compdef() {{ :; }}; _files() {{ :; }}; _describe() {{ print -rl -- ${{found%%:*}}; }}; "
    'eval "$(weeknotes completion zsh)"; words=({words}); CURRENT=${{#words}}; _weeknotes',
    "fish": "weeknotes completion fish | source; complete -C {line} | string split -f 1 \\t",
}


@pytest.fixture
def weeknotes_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "bin" / "weeknotes"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m weeknotes "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")


@pytest.mark.parametrize("shell", [name for name in SHELLS if shutil.which(name)])
def test_a_shell_completes_weeks_keys_commands_and_options(
    shell: str, desk: Path, weeknotes_on_path: None
) -> None:
    def complete(*words: str) -> list[str]:
        line = " ".join(words)
        script = SHELLS[shell].format(words=shlex.join(words), line=shlex.quote(line))
        done = subprocess.run([shell, "-c", script], capture_output=True, text=True, cwd=desk)
        assert done.stderr == ""
        return done.stdout.split()

    # fish has an order of its own.
    assert set(complete("weeknotes", "open", "2026-")) == {"2026-W46", "2026-W45"}
    assert complete("weeknotes", "note", "ho") == ["ho2020denoising"]
    assert complete("weeknotes", "ren") == ["render"]
    assert complete("weeknotes", "render", "--eng") == ["--engine"]


@pytest.mark.parametrize(
    ("line", "some"),
    [
        (["che"], ["check"]),
        (["-q", "che"], ["check"]),
        (["render", "--engine", ""], ["auto", "quarto", "builtin"]),
        (["refresh", "2026-W45", "2026-W46"], ["2026-W46"]),
        (["refresh", "la"], ["last"]),
        (["list", "--tag", "di"], ["diffusion"]),
        (["list", ""], ["weeks", "digests", "notes", "papers", "tags"]),
        (["new", "--template", "me"], ["meeting"]),
        (["new", "2026-W4", "--template", "we"], ["weekly"]),
        (["note", "ho2020denoising", "--week", "2026-W45"], ["2026-W45"]),
        (["note", "ho2020denoising", ""], []),
        (["templates", "--copy", "no"], ["note"]),
        (["highlights", "--we"], ["--week"]),
        (["nonsense", ""], []),
        (["add", "ho"], ["ho2020denoising"]),
        (["completion", "z"], ["zsh"]),
    ],
)
def test_what_the_last_word_can_be(line: list[str], some: list[str], run: Run) -> None:
    run("list")  # tags are those that were rendered
    assert [word for word, _ in completions(line)] == some


def test_outside_of_a_journal_there_are_commands_and_no_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [word for word, _ in completions(["note", "h"])] == []
    assert ("tasks", "list all open tasks, and tick them") in completions(["ta"])
