"""``python -m bench``: measures Weeknotes on a made-up ten-year journal and prints the figures.

Every figure is of whole processes, as a user starts them: wall-clock seconds, the median of several
runs where runs are short, and the peak of the memory of the command and all it starts (proportional
set size, which counts what they share once). Timings are noisy on a shared machine: compare the
ratios of one run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import journal

WEEKNOTES = [sys.executable, "-m", "weeknotes"]
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
#: Pages that Quarto is given: it takes about half a second for each.
QUARTO_WEEKS = 52


@dataclass(frozen=True)
class Run:
    """One run of a command: wall-clock seconds, and MiB of memory at the peak."""

    seconds: float
    memory: float


def main() -> int:
    """Measure what the arguments ask for, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--weeks", type=int, default=520, help="the long journal (%(default)s)")
    parser.add_argument("--short", type=int, default=52, help="the short one (%(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="of the quick ones (%(default)s)")
    parser.add_argument(
        "--only",
        choices=["build", "search", "sync", "ranking"],
        help="measure this alone (all of it)",
    )
    args = parser.parse_args()
    if args.only in (None, "build"):
        builds(args.weeks, args.short, args.runs)
    if args.only in (None, "search"):
        subprocess.run([sys.executable, "-m", "bench.search_bench"], check=True)
    if args.only in (None, "sync"):
        subprocess.run([sys.executable, "-m", "bench.sync_bench"], check=True)
    if args.only in (None, "ranking"):
        subprocess.run([sys.executable, "-m", "bench.ranking_bench"], check=True)
    return 0


def builds(weeks: int, short: int, runs: int) -> None:
    """Print what building the site takes: everything, nothing changed, one week changed."""
    with tempfile.TemporaryDirectory(prefix="weeknotes-bench-") as folder:
        rows = {}
        for count in (short, weeks):
            root = Path(folder) / str(count)
            scale = journal.Scale(weeks=count)
            journal.write_journal(root, scale)
            rows[count] = measure_builds(root, scale, runs)
        print(f"\nbuilt-in renderer        {short:>4} weeks   {weeks:>4} weeks     ratio")
        for name in rows[weeks]:
            few, many = rows[short][name], rows[weeks][name]
            ratio = many.seconds / few.seconds
            print(f"{name:<22}{few.seconds:>10.2f} s {many.seconds:>10.2f} s {ratio:>9.2f}")
        print(
            f"{'peak memory, full':<22}{peak(rows[short]):>8.0f} MiB {peak(rows[weeks]):>8.0f} MiB"
        )
        against_quarto(Path(folder), rows[weeks], weeks)


def peak(rows: dict[str, Run]) -> float:
    """MiB at the worst of all runs."""
    return max(run.memory for run in rows.values())


def measure_builds(root: Path, scale: journal.Scale, runs: int) -> dict[str, Run]:
    """Each kind of build of the journal in ``root``."""
    render = [*WEEKNOTES, "render", "--engine", "builtin"]
    measure([*WEEKNOTES, "render", "--help"], root)
    pages = measure([sys.executable, "-c", PAGES_ALONE], root)
    full = measure(render, root)
    nothing = median([measure(render, root) for _ in range(runs)])
    changed = []
    for number in range(runs):
        journal.change_week(root, scale, word=f"changed{number}")
        time.sleep(0.1)
        changed.append(measure(render, root))
    return {
        "pages alone": pages,
        "full build": full,
        "nothing changed": nothing,
        "one week changed": median(changed),
    }


def against_quarto(folder: Path, rows: dict[str, Run], weeks: int) -> None:
    """Print what Quarto takes for the same pages, as a ratio."""
    quarto = shutil.which("quarto")
    if not quarto:
        print("quarto is not on PATH: not compared with it")
        return
    count = min(QUARTO_WEEKS, weeks)
    root = folder / "quarto"
    journal.write_journal(root, journal.Scale(weeks=count))
    run = measure([quarto, "render", "--quiet"], root)
    a_page = run.seconds / count
    print(f"Quarto: {count} of these pages in {run.seconds:.1f} s, {a_page:.2f} s a page")
    for name in ("pages alone", "full build"):
        ratio = a_page * weeks / rows[name].seconds
        print(f"{name}, {weeks} weeks: 1/{ratio:.0f} of what Quarto takes for the pages")


def measure(command: list[str], folder: Path) -> Run:
    """Run ``command`` in ``folder``; raises CalledProcessError where it fails."""
    start = time.perf_counter()
    # A machine that keeps no compiled modules would compile them in every run.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    watcher = Watcher(process.pid)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - start
    watcher.join()
    if code:
        raise subprocess.CalledProcessError(code, command)
    return Run(seconds, watcher.peak / 2**20)


class Watcher(threading.Thread):
    """Samples the resident memory of a process and its descendants."""

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


def median(runs: list[Run]) -> Run:
    """The run of median length, with the highest memory of all."""
    return Run(statistics.median(run.seconds for run in runs), max(run.memory for run in runs))


if __name__ == "__main__":
    raise SystemExit(main())
