"""What each kind of work takes at several lengths of the journal, in processor seconds.

Seconds by the clock say little on a machine that has other things to do; those of the processor, of the
command and of everything that it starts, vary less. A fixed unit of work is measured between the runs:
figures in units compare between machines, and the ratios of one run between lengths.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import journal

WEEKNOTES = [sys.executable, "-m", "weeknotes"]
RENDER = [*WEEKNOTES, "render", "--engine", "builtin"]
#: Renders every page and derives nothing.
PAGES_ALONE = """
import tempfile
from pathlib import Path
from weeknotes.journal import project
from weeknotes.engines import builtin, sources
found = project.find()
with tempfile.TemporaryDirectory() as work:
    pages = list(builtin.render(found, sources.find(found), Path(work)))
assert not [page for page in pages if isinstance(page, Exception)]
"""
#: The unit: Python writes, reads and hashes some JSON, which much of a build is.
UNIT = """
import hashlib, json
rows = [{"number": n, "text": str(n) * 3} for n in range(60_000)]
for _ in range(3):
    text = json.dumps(rows)
    hashlib.sha256(text.encode()).digest()
    json.loads(text)
"""
#: Pages that Quarto is given: it takes about half a second for each.
QUARTO_WEEKS = 52
#: A library that has grown with two thousand weeks.
LONG_WEEKS, LONG_LIBRARY = 2000, 20_000


@dataclass(frozen=True)
class Run:
    """One run of a command: its processor seconds and all that it started, MiB of memory at the peak
    (proportional set size, which counts once what processes share), and what it wrote."""

    seconds: float
    memory: float
    said: str = ""


def builds(sizes: Sequence[int], runs: int) -> None:
    """Print what the kinds of work take at each of ``sizes`` (weeks), the shortest first."""
    with tempfile.TemporaryDirectory(prefix="weeknotes-bench-") as folder:
        scales = {
            n: journal.Scale(n, library=LONG_LIBRARY if n >= LONG_WEEKS else 2000) for n in sizes
        }
        journals = [Journal(Path(folder) / str(n), scale, runs) for n, scale in scales.items()]
        units: list[float] = []
        rows: dict[str, list[Run]] = {}
        # The lengths in turn, so that a busy minute falls on all of them.
        for name in KINDS:
            for one in journals:
                units.append(unit())
                rows.setdefault(name, []).append(one.measured(name))
        print_table(sizes, rows, statistics.median(units))
        against_quarto(Path(folder), rows, sizes)


def print_table(sizes: Sequence[int], rows: dict[str, list[Run]], one_unit: float) -> None:
    """The table: processor seconds by length, and against the shortest; then files and memory."""
    heads = "".join(f"{f'{n} weeks':>14}" for n in sizes)
    print(f"\nprocessor seconds{heads}   units  longest : shortest")
    for name, found in rows.items():
        seconds = "".join(f"{run.seconds:>12.2f} s" for run in found)
        ratio = found[-1].seconds / found[0].seconds
        print(f"{name:<17}{seconds}{found[-1].seconds / one_unit:>8.1f}{ratio:>12.2f}")
    peaks = "".join(
        f"{max(r[n].memory for r in rows.values()):>10.0f} MiB" for n in range(len(sizes))
    )
    print(f"{'peak memory':<17}{peaks}")
    print(f"{'one week':<17}" + "  ".join(f"{run.said}" for run in rows["one week"]))
    print(
        f"a unit of work is {one_unit:.2f} processor seconds here, on {os.cpu_count()} processors"
    )


class Journal:
    """A made-up journal, in which each kind of work is done."""

    def __init__(self, root: Path, scale: journal.Scale, runs: int) -> None:
        self._root = root
        self._scale = scale
        self._runs = runs
        self._words = 0
        journal.write_journal(root, scale)

    def measured(self, name: str) -> Run:
        """The work called ``name``: of several runs that of median length, with the most memory."""
        found = [KINDS[name](self) for _ in range(1 if name in ONCE else self._runs)]
        found.sort(key=lambda run: run.seconds)
        middle = found[len(found) // 2]
        return Run(middle.seconds, max(run.memory for run in found), middle.said)

    def pages(self) -> Run:
        """All pages, and nothing of what is derived from them."""
        return measure([sys.executable, "-c", PAGES_ALONE], self._root)

    def render(self) -> Run:
        """A build of what has changed since the last."""
        return measure(RENDER, self._root)

    def one_week(self) -> Run:
        """A build after a note was added to the newest week."""
        self._add()
        return self.render()

    def mark(self) -> Run:
        """A build after the newest week got a private cell."""
        path = self._add()
        notebook = json.loads(path.read_text("utf-8"))
        notebook["cells"][-1]["metadata"] = {"tags": ["private"]}
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return self.render()

    def review(self) -> Run:
        """The letter about the newest two weeks."""
        monday = journal.mondays(self._scale)[-2]
        command = [*WEEKNOTES, "review", "--since", str(monday), "--to", "review.html"]
        (self._root / "review.html").unlink(missing_ok=True)
        return measure(command, self._root)

    def check(self) -> Run:
        """`check` after one change."""
        self._add()
        return measure([*WEEKNOTES, "check"], self._root, codes=(0, 1))

    def _add(self) -> Path:
        self._words += 1
        path = journal.change_week(self._root, self._scale, word=f"changed{self._words}")
        time.sleep(0.1)  # What was written just now is looked at twice.
        return path


KINDS: dict[str, Callable[[Journal], Run]] = {
    "pages alone": Journal.pages,
    "full build": Journal.render,
    "nothing changed": Journal.render,
    "one week": Journal.one_week,
    "first check": Journal.check,
    "check, one change": Journal.check,
    "first review": Journal.review,
    "first mark": Journal.mark,
    "a new mark": Journal.mark,
}
ONCE = ("pages alone", "full build", "first check", "first review", "first mark")


def unit() -> float:
    """The processor seconds of the unit of work."""
    return measure([sys.executable, "-c", UNIT], Path.cwd()).seconds


def against_quarto(folder: Path, rows: dict[str, list[Run]], sizes: Sequence[int]) -> None:
    """Print what Quarto takes for the same pages, as a ratio."""
    quarto = shutil.which("quarto")
    if not quarto:
        print("quarto is not on PATH: not compared with it")
        return
    root = folder / "quarto"
    journal.write_journal(root, journal.Scale(weeks=QUARTO_WEEKS))
    a_page = measure([quarto, "render", "--quiet"], root).seconds / QUARTO_WEEKS
    print(f"Quarto takes {a_page:.2f} s a page for {QUARTO_WEEKS} of these pages")
    for name in ("pages alone", "full build"):
        for count, run in zip(sizes, rows[name], strict=True):
            ratio = a_page * count / run.seconds
            print(f"{name}, {count} weeks: 1/{ratio:.0f} of what Quarto takes for the pages")


def measure(command: list[str], folder: Path, codes: Sequence[int] = (0,)) -> Run:
    """Run ``command`` in ``folder``; raises CalledProcessError where it fails."""
    # A machine that keeps no compiled modules would compile them in every run.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said)
        watcher = Watcher(process.pid)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        watcher.join()
        said.seek(0)
        last = said.read().strip().rpartition("\n")[2]
    if code not in codes:
        raise subprocess.CalledProcessError(code, command)
    return Run(usage.ru_utime + usage.ru_stime, watcher.peak / 2**20, last)


class Watcher(threading.Thread):
    """Samples the memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0

    def run(self) -> None:
        """Sample until the process ends; ``peak`` is the most, in bytes."""
        try:
            process = psutil.Process(self.pid)
            while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                family = [process, *process.children(recursive=True)]
                self.peak = max(self.peak, sum(resident(member) for member in family))
                time.sleep(0.05)
        except psutil.NoSuchProcess:
            pass


def resident(process: psutil.Process) -> int:
    """Bytes in memory, 0 when the process has gone."""
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
