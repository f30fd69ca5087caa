"""What each kind of work takes at several lengths of the journal, in processor seconds.

Seconds by the clock say little on a machine that has other things to do; those of the processor, of the
command and of everything that it starts, vary less. A fixed unit of work is measured between the runs:
figures in units compare between machines, and the ratios of one run between lengths.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    (proportional set size, which counts once what processes share), and for `serve` the seconds by the
    clock."""

    seconds: float
    memory: float
    by_the_clock: float = 0.0


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
        print_goals(sizes, rows)
        print_written(journals[-1])
        against_quarto(Path(folder), rows, sizes)


def print_table(sizes: Sequence[int], rows: dict[str, list[Run]], one_unit: float) -> None:
    """The table: processor seconds by length, against the shortest, in units, in changed weeks of the
    same length; and the peak of memory."""
    heads = "".join(f"{f'{n} weeks':>14}" for n in sizes)
    print(f"\n{'processor seconds':<22}{heads}   units   ratio  changed weeks      peak")
    for name, found in rows.items():
        last = found[-1]
        seconds = "".join(f"{run.seconds:>12.2f} s" for run in found)
        ratio, weeks = last.seconds / found[0].seconds, last.seconds / rows["one week"][-1].seconds
        print(
            f"{name:<22}{seconds}{last.seconds / one_unit:>8.1f}{ratio:>8.2f}{weeks:>15.1f}"
            f"{last.memory:>6.0f} MiB"
        )
    print(
        f"ratio and the columns behind it are of {sizes[-1]} weeks, the ratio to {sizes[0]} weeks"
    )
    print(
        f"a unit of work is {one_unit:.2f} processor seconds here, on {os.cpu_count()} processors"
    )


def print_goals(sizes: Sequence[int], rows: dict[str, list[Run]]) -> None:
    """What each length has reached of what is aimed at."""
    print(f"\n{'goal':<46}{'at most':>9}" + "".join(f"{f'{n} weeks':>13}" for n in sizes))
    week = [run.seconds for run in rows["one week"]]
    for what, most, unit_name, values in (
        ("one changed week, against the shortest", 1.15, "", [one / week[0] for one in week]),
        ("one changed week", 0.5, " s", week),
        ("nothing changed", 0.12, " s", [run.seconds for run in rows["nothing changed"]]),
        ("check, one change", 0.2, " s", [run.seconds for run in rows["check, one change"]]),
        ("full build", 12, " s", [run.seconds for run in rows["full build"]]),
        ("a new private mark, in changed weeks", 3, "", _in_weeks(rows, "a new mark")),
        ("first review, in changed weeks", 3, "", _in_weeks(rows, "first review")),
        ("a review with its PDF, in changed weeks", 3, "", _in_weeks(rows, "review with PDF")),
        ("serve: from saving to the page, by the clock", 0.7, " s", _shown_after(rows)),
        ("peak memory of any of these", 400, " MiB", _peaks(rows)),
    ):
        shown = "".join(f"{f'{value:.2f}{unit_name}':>13}" for value in values)
        print(f"{what:<46}{f'{most}{unit_name}':>9}{shown}")
    print("2,000 weeks against 52: at most 1.3; a full build, and serve: of 520 weeks")


def _in_weeks(rows: dict[str, list[Run]], name: str) -> list[float]:
    """The runs called ``name`` in changed weeks of the same length."""
    pairs = zip(rows[name], rows["one week"], strict=True)
    return [run.seconds / week.seconds for run, week in pairs]


def _shown_after(rows: dict[str, list[Run]]) -> list[float]:
    return [run.by_the_clock for run in rows["serve, a note saved"]]


def _peaks(rows: dict[str, list[Run]]) -> list[float]:
    return [max(run.memory for run in runs) for runs in zip(*rows.values(), strict=True)]


def print_written(one: Journal) -> None:
    """The files of the site that one changed week writes, by their kinds."""
    names = one.written_by_a_week()
    kinds = Counter(re.sub(r"\d+(?:[-W]+\d+)*|[0-9a-f]{10,}", "N", name) for name in names)
    print(f"\nfiles written for one changed week: {len(names)}")
    for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:>6}  {kind}")


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
        return replace(middle, memory=max(run.memory for run in found))

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
        # Where no command can be found, there is no browser that could make a PDF.
        return self._review({"PATH": "/nonexistent"})

    def review_with_pdf(self) -> Run:
        """The same with its PDF, where a browser is there to make it."""
        return self._review({})

    def serve(self) -> Run:
        """From saving a note, while the site is served, to its page as it is reloaded."""
        return saved_and_shown(self._root, lambda: self._add(wait=False))

    def written_by_a_week(self) -> list[str]:
        """The files of the site that differ after a note was added to the newest week."""
        before = self._site()
        self.one_week()
        return [name for name, state in self._site().items() if before.get(name) != state]

    def _site(self) -> dict[str, tuple[int, int]]:
        site = self._root / "_site"
        files = (path for path in site.rglob("*") if path.is_file())
        stats = ((path.relative_to(site).as_posix(), path.stat()) for path in files)
        return {name: (status.st_mtime_ns, status.st_size) for name, status in stats}

    def _review(self, environment: dict[str, str]) -> Run:
        monday = journal.mondays(self._scale)[-2]
        command = [*WEEKNOTES, "review", "--since", str(monday), "--to", "review.html"]
        for name in ("review.html", "review.pdf"):
            (self._root / name).unlink(missing_ok=True)
        return measure(command, self._root, environment=environment)

    def check(self) -> Run:
        """`check` after one change."""
        self._add()
        return measure([*WEEKNOTES, "check"], self._root, codes=(0, 1))

    def _add(self, *, wait: bool = True) -> Path:
        self._words += 1
        path = journal.change_week(self._root, self._scale, word=f"changed{self._words}")
        if wait:
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
    "review with PDF": Journal.review_with_pdf,
    "serve, a note saved": Journal.serve,
    "first mark": Journal.mark,
    "a new mark": Journal.mark,
}
ONCE = (
    *("pages alone", "full build", "first check", "first mark"),
    *("first review", "review with PDF", "serve, a note saved"),
)
#: Times that a note is saved while the site is served.
SAVES = 5


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


def saved_and_shown(root: Path, save: Callable[[], Path]) -> Run:
    """The median of `SAVES` runs from the end of ``save``, which adds a note, to the page with that
    note as a browser gets it after the server has said that the site was built."""
    command = [*WEEKNOTES, "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=root, env=_environment(), stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr is not None
            while not (address := re.search(r"127\.0\.0\.1:(\d+)", server.stderr.readline())):
                if server.poll() is not None:
                    raise subprocess.CalledProcessError(server.returncode, command)
            watcher = Watcher(server.pid)
            watcher.start()
            time.sleep(1)  # The first look at the files has passed.
            process = psutil.Process(server.pid)
            before = sum(process.cpu_times()[:4])
            port = int(address[1])
            taken = [_until_shown(port, root, save) for _ in range(SAVES)]
            seconds = (sum(process.cpu_times()[:4]) - before) / SAVES
        finally:
            server.terminate()
    return Run(seconds, watcher.peak / 2**20, statistics.median(taken))


def _until_shown(port: int, root: Path, save: Callable[[], Path]) -> float:
    events = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    events.request("GET", "/_weeknotes/events")
    stream = events.getresponse()
    path = save()
    saved = time.monotonic()
    while stream.readline().strip() != b"event: built":
        pass
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    page.request("GET", "/" + path.relative_to(root).with_suffix(".html").as_posix())
    shown = page.getresponse().read().decode()
    taken = time.monotonic() - saved
    newest = json.loads(path.read_text("utf-8"))["cells"][-1]["source"][0].split()[-1]
    assert newest in shown
    page.close()
    events.close()
    return taken


def _environment() -> dict[str, str]:
    """That of this process; where no compiled modules were kept, every run would compile them."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def measure(
    command: list[str],
    folder: Path,
    codes: Sequence[int] = (0,),
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run ``command`` in ``folder``, with what ``environment`` says besides; raises CalledProcessError
    where it fails."""
    variables = {**_environment(), **(environment or {})}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=said)
        watcher = Watcher(process.pid)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        watcher.join()
    if code not in codes:
        raise subprocess.CalledProcessError(code, command)
    return Run(usage.ru_utime + usage.ru_stime, watcher.peak / 2**20)


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
