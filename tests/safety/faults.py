"""Faults at every system call with which a command writes: one that fails, or a process killed there.

A first run without faults lists the calls. A full disk and one that has become read-only stay so from
the call on, other errors pass.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.safety import syscalls
from tests.safety.syscalls import KILL, Ended, SystemCall

ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES")
#: How SQLite puts it.
_DATABASE = ("disk is full", "disk I/O error", "unable to open database", "readonly database")
_REASONS = {name: (os.strerror(getattr(errno, name)), *_DATABASE) for name in ERRORS}
KILLED = "SIGKILL"
#: What a full disk lets nobody do.
_TAKES_SPACE = frozenset(
    "open openat creat write pwrite64 writev sendfile copy_file_range fallocate ftruncate mkdir "
    "mkdirat link linkat symlink symlinkat fsync fdatasync".split()
)
#: The temporary file that a file is written to first.
_TEMPORARY = re.compile(r"(?:^|(?<=/))\.([^/]+)\.[a-z0-9_]{8}\.tmp$")
#: Of calls that differ in the file alone, some are tried; with this environment variable set, each is.
EACH = bool(os.environ.get("WEEKNOTES_ALL_FAULTS"))


@dataclass(frozen=True)
class Call:
    """A call that writes: the ``number``-th with this ``name`` that is about the file at ``path``, from
    the journal's folder; where that has a temporary name, by the one that it will have."""

    name: str
    path: str
    number: int

    @property
    def named(self) -> tuple[str, ...]:
        """What a message about this call may name."""
        if self.path.startswith(("_site", "._site")):
            return ("_site",)
        if self.path.startswith(".weeknotes"):
            # The next site is gathered in a folder there.
            return (".weeknotes", "_site") if "/spare-" in self.path else (".weeknotes",)
        return (Path(self.path).name,)

    @property
    def alike(self) -> tuple[str, str, str]:
        """The same for calls that do the same to files of one kind in one place."""
        parts = self.path.split("/")
        place = parts[:4] if parts[0] == ".weeknotes" else parts[:1]
        return self.name, "/".join(place[: len(parts) - 1]), Path(parts[-1]).suffix

    def __str__(self) -> str:
        return f"{self.name} {self.number} of {self.path}"


class Faulty:
    """A command to run again and again in ``root``, each time from the state it has now.

    ``forget`` are functions whose remembered answers a new process would not have; ``codes`` the exit
    codes of an undisturbed run.
    """

    def __init__(
        self,
        root: Path,
        action: Callable[[], int],
        beside: Path,
        forget: Iterable[object] = (),
        codes: tuple[int, ...] = (0,),
    ) -> None:
        self.root = root
        self.codes = codes
        self._action = action
        self._beside = beside
        self._forget = forget
        self._pristine = beside / "pristine"
        shutil.copytree(root, self._pristine, symlinks=True)
        # Once here, so that the forked processes find everything imported.
        with contextlib.chdir(root):
            assert action() in codes
        self.restore()

    def restore(self) -> None:
        """Put everything back as it was at first."""
        shutil.rmtree(self.root)
        shutil.copytree(self._pristine, self.root, symlinks=True)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Put everything back at the end as it is now."""
        now = self._beside / "now"
        shutil.copytree(self.root, now, symlinks=True)
        yield
        shutil.rmtree(self.root)
        now.rename(self.root)

    def run(self, decide: syscalls.Decide | None = None) -> Ended:
        """The command from what is there now."""
        return syscalls.run(self._act, self.root, self._beside / "said", decide)

    def _act(self) -> int:
        # Nothing is collected in so short a life, and looking would copy all of the parent's memory.
        gc.freeze()
        for function in self._forget:
            function.cache_clear()  # type: ignore[attr-defined]
        return self._action()

    def calls(self) -> list[Call]:
        """Every call that writes below the folder, in a run without faults from the first state."""
        found: list[Call] = []
        counting = self._counting()

        def note(system_call: SystemCall) -> int:
            if call := counting(system_call):
                found.append(call)
            return 0

        self.restore()
        ended = self.run(note)
        assert ended.code in self.codes, ended.said
        return found

    def with_fault(self, call: Call, fault: str) -> tuple[Ended, list[Call]]:
        """The command from the first state, with ``fault`` at ``call``; how it ended, and which calls
        failed."""
        counting = self._counting()
        number = KILL if fault == KILLED else getattr(errno, fault)
        lasting = {"ENOSPC": _TAKES_SPACE, "EROFS": syscalls.NAMES}.get(fault, ())
        struck: list[Call] = []

        def strike(system_call: SystemCall) -> int:
            found = counting(system_call)
            if found and (found == call or (struck and found.name in lasting)):
                struck.append(found)
                return number
            return 0

        self.restore()
        ended = self.run(strike)
        assert struck, f"{call} was not made again: {ended}"
        return ended, struck

    def _counting(self) -> Callable[[SystemCall], Call | None]:
        """A function that makes a Call of each that is about a file below the folder."""
        below = f"{self.root}/"
        counts: Counter[tuple[str, str]] = Counter()

        def counted(system_call: SystemCall) -> Call | None:
            path = next((p for p in system_call.paths if p.startswith(below)), None)
            if path is None:
                return None
            path = _TEMPORARY.sub(r"\1", path.removeprefix(below))
            counts[system_call.name, path] += 1
            return Call(system_call.name, path, counts[system_call.name, path])

        return counted


def files_in(root: Path) -> dict[str, bytes]:
    """What a journal consists of, and its site: every file but what Weeknotes keeps for itself.

    Of the .bib, the line that names what it was derived from is left out: the library may have been
    written in two steps. Where folders can't be exchanged, a site that was put aside for the next is
    still the site: every command puts it back.
    """
    own = [".weeknotes", "._site.new", "._site.old"]
    if not (root / "_site").exists():
        own.pop()
    return {
        name.replace("._site.old/", "_site/"): re.sub(
            rb"(?m)^% sha256: .*\n", b"", path.read_bytes()
        )
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and (name := path.relative_to(root).as_posix()).partition("/")[0] not in own
    }


def is_leftover(name: str) -> bool:
    """Whether ``name`` is that of a temporary file, which no command reads and the next sweeps."""
    return _TEMPORARY.search(name) is not None


def some(calls: list[Call], sample: int = 3) -> list[Call]:
    """``calls`` with ``sample`` of each that are alike; all, where that was asked for."""
    if EACH:
        return calls
    alike: dict[tuple[str, str, str], list[Call]] = {}
    for call in calls:
        alike.setdefault(call.alike, []).append(call)
    kept = set()
    for group in alike.values():
        step = max(1.0, len(group) / sample)
        kept |= {group[int(number * step)] for number in range(min(sample, len(group)))}
    return [call for call in calls if call in kept]


class Trial:
    """A command disturbed at one call after the other, and what was wrong afterwards.

    ``before`` and ``after`` are the files of the journal and the site before an undisturbed run and
    after it.
    """

    def __init__(self, faulty: Faulty) -> None:
        self.faulty = faulty
        self.calls = faulty.calls()
        faulty.restore()
        self.before = files_in(faulty.root)
        first = faulty.run()
        assert first.code == 0, first.said
        self.after = files_in(faulty.root)
        assert self.after != self.before
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()

    def strike(self, call: Call, fault: str) -> None:
        """Disturb the command with ``fault`` at ``call``, and judge what is there then."""
        ended, struck = self.faulty.with_fault(call, fault)
        now = files_in(self.faulty.root)
        self.counts[fault] += 1
        self.counts["as before"] += now == self.before
        self.counts["as after"] += now == self.after
        found = [*self._of_files(now, call, fault), *self._of_words(now, struck, fault, ended)]
        self.wrong += [f"{fault} at {call}: {line}" for line in found]

    def again(self, what: str, expected: dict[str, bytes], but: str = "\0") -> None:
        """Run the command undisturbed from where it was left: ``expected`` must come of it, ``but`` for
        the files whose names begin so."""
        ended = self.faulty.run()
        left = {n: data for n, data in files_in(self.faulty.root).items() if not is_leftover(n)}
        names = {name for name in {*left, *expected} if not name.startswith(but)}
        different = sorted(n for n in names if left.get(n) != expected.get(n))
        if ended.code or different:
            self.wrong.append(f"{what}: {ended.code} {ended.said} {different}")

    def end(self) -> Counter[str]:
        """Raise where anything was wrong; what was tried, and what came of it."""
        print(dict(self.counts))
        assert not self.wrong, "\n".join(self.wrong)
        return self.counts

    def _of_files(self, now: dict[str, bytes], call: Call, fault: str) -> Iterator[str]:
        may_leave = fault in (KILLED, "EROFS") or call.name.startswith("unlink")
        for name, data in now.items():
            if is_leftover(name):
                if not may_leave:
                    yield f"left {name}"
            elif data not in (self.before.get(name), self.after.get(name)):
                yield f"{name} is neither as before nor as after"
        for name in self.before.keys() & self.after.keys():
            if name not in now:
                yield f"{name} is gone"
        if site_in(now) not in (site_in(self.before), site_in(self.after)):
            yield "the site is half that of before, half that of after"

    def _of_words(
        self, now: dict[str, bytes], struck: list[Call], fault: str, ended: Ended
    ) -> Iterator[str]:
        if fault == KILLED:
            if ended.code != -9:
                yield f"not killed: {ended.code}"
            return
        if "Traceback" in ended.said:
            yield ended.said
        if ended.code == 0:
            if {name: data for name, data in now.items() if not is_leftover(name)} != self.after:
                yield "said that it was done, and it was not"
            return
        if ended.code != 1:
            yield f"exit code {ended.code}: {ended.said}"
        names = {name for call in struck for name in call.named}
        if not any(name in ended.said for name in names):
            yield f"none of {sorted(names)} is named: {ended.said!r}"
        if not any(reason in ended.said for reason in _REASONS[fault]):
            yield f"{fault} is not told: {ended.said!r}"


def site_in(files: dict[str, bytes]) -> dict[str, bytes]:
    """Those of ``files`` that belong to the site."""
    return {name: data for name, data in files.items() if name.startswith("_site/")}


def held(faulty: Faulty, errors: int = len(ERRORS), sample: int = 0) -> Counter[str]:
    """Try a kill at every call, or at ``sample`` of those alike, and so many of the errors, in turn;
    all, where that was asked for. After the kill and one of the errors, run the command again."""
    trial = Trial(faulty)
    for number, call in enumerate(some(trial.calls, sample) if sample else trial.calls):
        in_turn = ERRORS[number % len(ERRORS) :] + ERRORS[: number % len(ERRORS)]
        for fault in (*(in_turn if EACH else in_turn[:errors]), KILLED):
            trial.strike(call, fault)
            if fault in (KILLED, in_turn[0]):
                trial.again(f"{fault} at {call}, then run again", trial.after)
    counts = trial.end()
    assert counts["as before"]
    assert counts["as after"]
    return counts
