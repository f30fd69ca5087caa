"""A write that fails, or a kill, at every system call with which a build writes: the journal is
untouched, the site whole, and the next build gives what an undisturbed one gives."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.build.conftest import LIBRARY, PIXEL, write_week
from tests.privacy.conftest import cell, write
from tests.safety.faults import EACH, ERRORS, KILLED, Call, Faulty, Trial, files_in, some
from tests.safety.syscalls import needs_seccomp

from weeknotes import cli
from weeknotes.actions import review
from weeknotes.checks import output_rules
from weeknotes.engines import builtin
from weeknotes.engines.worker import Worker
from weeknotes.scaffold import init
from weeknotes.site import parallel_write, publish
from weeknotes.site.pages import shell

# Long where the machine has much else to do, or each fault is tried.
pytestmark = [needs_seccomp, pytest.mark.slow, pytest.mark.timeout(3600 if EACH else 900)]

#: What a new process would not remember.
FORGOTTEN = (shell._environment, output_rules._patterns)
RENDER = ("render", "--engine", "builtin")


class Remembering(Worker):
    """pandoc, which is asked but once what it was asked before: it writes no file."""

    known: ClassVar[dict[str, dict[str, Any]]] = {}

    def start(self) -> None:
        pass

    def convert(self, job: dict[str, Any], source: str) -> dict[str, Any]:
        question = json.dumps(job, sort_keys=True)
        if question not in self.known:
            self.known[question] = super().convert(job, source)
        return dict(self.known[question])


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A journal in memory, with a figure, an output, an attachment and a private part."""
    monkeypatch.setattr(builtin, "Worker", Remembering)
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        root = Path(folder) / "journal"
        init(root, title="Reading log", author="Kim Minji", lang="en")
        (root / "references.json").write_text(json.dumps(LIBRARY[:1]))
        (root / "assets/images/box.svg").write_bytes(PIXEL)
        write_output(root, PIXEL)
        write_week(root, "2026-W46", "## A figure\n\n![A box](../../assets/images/box.svg)")
        yield root


def write_output(root: Path, drawn: bytes) -> None:
    """A week with a figure that its code drew, an attachment and a private part."""
    data = {"image/svg+xml": drawn.decode()}
    attached = {"a.svg": {"image/svg+xml": base64.b64encode(PIXEL).decode()}}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    write(
        root / "journal/2026/2026-W45.ipynb",
        cell("raw", "front-matter", "---\ntitle: Week 45\nweek: 2026-W45\n---"),
        cell("markdown", "one", "## Noise [@ho2020denoising]\n\n확산 모델"),
        cell("code", "two", "draw()", outputs=[output]),
        cell("markdown", "three", "![a](attachment:a.svg)", attachments=attached),
        cell("markdown", "four", "Nobody reads these words of mine.", "private"),
    )


#: What ``change`` writes; the first is new.
CHANGED = (
    "journal/2026/2026-W47.ipynb",
    "journal/2026/2026-W45.ipynb",
    "journal/2026/2026-W46.ipynb",
    "references.json",
    "references.bib",
)


def change(root: Path) -> None:
    """A week is written, one changed, another only draws its figure anew, and a paper is added."""
    write_output(root, PIXEL.replace(b"#789", b"#f00"))
    write_week(root, "2026-W46", "## A figure [@ronneberger2015unet]\n\nIn other words.")
    write_week(root, "2026-W47", "## A plan\n\n心脏的形状")
    (root / "references.json").write_text(json.dumps(LIBRARY))


def faulty(root: Path, *words: str) -> Faulty:
    beside = root.parent / "beside"
    beside.mkdir()
    # Templates are compiled anew only where a site stands, since what is kept of them is read then.
    forget = FORGOTTEN if EACH or (root / "_site").exists() else ()
    return Faulty(root, lambda: cli.main(words or RENDER), beside, forget=forget)


@dataclass(frozen=True)
class Standing:
    """A build of a journal that has changed since its site was built; ``sources`` are those of then."""

    trial: Trial
    sources: dict[str, bytes]

    def take_back(self) -> None:
        """Put the journal as it was when the site was built that stands."""
        root = self.trial.faulty.root
        (root / CHANGED[0]).unlink()
        for name in CHANGED[1:]:
            (root / name).write_bytes(self.sources[name])


@pytest.fixture
def standing(root: Path) -> Standing:
    with contextlib.chdir(root):
        assert cli.main(RENDER) == 0
    sources = files_in(root)
    change(root)
    return Standing(untouched(Trial(faulty(root))), sources)


def untouched(trial: Trial) -> Trial:
    """``trial``, of which what the journal holds is no outcome, but for what the library gives."""
    names = {*trial.before, *trial.after}
    differing = {name for name in names if trial.before.get(name) != trial.after.get(name)}
    assert {name for name in differing if not name.startswith("_site/")} <= {"references.bib"}
    return trial


def each(calls: list[Call], *faults: str, sample: int = 2) -> Iterator[tuple[Call, str]]:
    """Some of ``calls``, each with one of ``faults``; all with all, where that was asked for."""
    for number, call in enumerate(some(calls, sample)):
        for fault in faults if EACH else (faults[number % len(faults)],):
            yield call, fault


def test_a_write_fails(standing: Standing) -> None:
    trial = standing.trial
    for call, fault in each(trial.calls, *ERRORS):
        trial.strike(call, fault)
        trial.again(f"{fault} at {call}, then built", trial.after)
    trial.end()


def test_a_build_is_killed(standing: Standing) -> None:
    """Also where what was written is taken back then: nothing of it passes for what it was before, but
    in the history, which without git tells what the builds have seen."""
    trial = standing.trial
    for number, (call, fault) in enumerate(each(trial.calls, KILLED)):
        trial.strike(call, fault)
        if EACH or number % 2:
            with trial.faulty.kept():
                trial.again(f"killed at {call}, then built", trial.after)
        if EACH or not number % 2:
            standing.take_back()
            what = f"killed at {call}, then taken back and built"
            trial.again(what, standing.sources, but="_site/history/")
    trial.end()


def test_the_first_build(root: Path) -> None:
    trial = untouched(Trial(faulty(root)))
    for call, fault in each(trial.calls, *ERRORS, KILLED, sample=1):
        trial.strike(call, fault)
        trial.again(f"{fault} at {call}, then built", trial.after)
    trial.end()


def test_without_a_system_that_exchanges_folders(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "exchange", lambda one, other: False)
    trial = standing.trial
    whole = re.compile(r"\._site\.old|_site|.*/spare-[0-9a-f]+")
    for call in [call for call in trial.faulty.calls() if whole.fullmatch(call.path)]:
        for fault in (*ERRORS, KILLED):
            trial.strike(call, fault)
            trial.again(f"{fault} at {call}, then built", trial.after)
    assert trial.end()["SIGKILL"] > 2


def test_several_processes(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large journal's pages are written by several processes."""
    monkeypatch.setattr(parallel_write, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(parallel_write, "_LOT", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    trial = standing.trial
    calls = [call for call in trial.faulty.calls() if "/spare-" in call.path]
    assert len(calls) > 40
    for call, fault in each(calls, *ERRORS, KILLED, sample=1):
        trial.strike(call, fault)
        trial.again(f"{fault} at {call}, then built", trial.after)
    trial.end()


def test_review(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "_BROWSERS", ())
    words = ("review", "--since", "2026-W45", "--to")
    with contextlib.chdir(root):
        assert cli.main([*words, "earlier.html"]) == 0
    write_week(root, "2026-W47", "## A plan\n\n心脏的形状")
    trial = Trial(faulty(root, *words, "letter.html"))
    assert trial.after.keys() - trial.before.keys() == {"letter.html"}
    calls = [call for call in trial.calls if call.path == "letter.html"]
    for call, fault in [*each(calls, *ERRORS), *((call, KILLED) for call in calls)]:
        trial.strike(call, fault)
        trial.again(f"{fault} at {call}, then written", trial.after)
    trial.end()
