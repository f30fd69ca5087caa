"""Where a command finds itself: folders that may only be read, a full disk, clocks that jump, names as
long as they may be, no home and no place for temporary files."""

from __future__ import annotations

import contextlib
import datetime
import errno
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.build.conftest import LIBRARY, snapshot, write_week
from tests.safety import syscalls
from tests.safety.faults import files_in
from tests.safety.syscalls import Ended, SystemCall, needs_seccomp

from weeknotes import cli
from weeknotes.journal import project, weeks
from weeknotes.journal.project import Project
from weeknotes.site.build import render

WEEK = "2026-W47"
WRITING = (
    ("new", "2026-W48", "--no-execute"),
    ("add", "paper.json"),
    ("import", "old.md", "--format", "worklog"),
    ("render", "--engine", "builtin"),
    ("review", "--since", WEEK),
)


@pytest.fixture
def written(journal: Project) -> Project:
    """A journal with a week, a library, and something to add and to import."""
    root = journal.root
    journal.library_path.write_text(json.dumps(LIBRARY), "utf-8")
    write_week(root, WEEK, "## A note [@ho2020denoising]\n\n한글 and 中文")
    (root / "paper.json").write_text('[{"id": "p", "type": "book", "title": "A book"}]')
    (root / "old.md").write_text("# 2019\n\n## 2019-11-04 ~ 2019-11-10\n\n- read\n")
    return journal


def run(journal: Project, *words: str, decide: syscalls.Decide | None = None) -> Ended:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        said = Path(folder) / "said"
        return syscalls.run(lambda: cli.main(words), journal.root, said, decide)


def denied(root: Path, inside: bool) -> syscalls.Decide:
    """A system on which nothing below ``root`` may be written, or nothing outside of it."""

    def decide(call: SystemCall) -> int:
        files = [path for path in call.paths if path.startswith("/")]
        if not files or files[0].startswith(("/dev/", "/proc/")):
            return 0
        return errno.EROFS if files[0].startswith(f"{root}/") is inside else 0

    return decide


@needs_seccomp
def test_a_journal_that_may_only_be_read(written: Project) -> None:
    before = files_in(written.root)
    read_only = denied(written.root, inside=True)
    plain = run(written, "check")
    shutil.rmtree(written.state)
    ended = run(written, "check", decide=read_only)
    assert ended.code == plain.code
    assert ended.said.count("Read-only file system; what is kept there") == 1
    said = [line for line in ended.said.splitlines() if "Read-only" not in line]
    assert said == plain.said.splitlines()
    for words in WRITING:
        ended = run(written, *words, decide=read_only)
        assert ended.code == 1, (words, ended.said)
        assert "Read-only file system" in ended.said, (words, ended.said)
        assert str(written.root) in ended.said, (words, ended.said)
        assert "Traceback" not in ended.said
    assert files_in(written.root) == before


@needs_seccomp
def test_no_place_outside_of_the_journal(written: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """No home, and nowhere to put temporary files."""
    monkeypatch.delenv("HOME")
    monkeypatch.setenv("TMPDIR", "/nowhere")
    monkeypatch.setattr(tempfile, "tempdir", None)
    for words in (("check",), *WRITING[:-1], ("new", "2026-W49", "--no-execute")):
        ended = run(written, *words, decide=denied(written.root, inside=False))
        assert ended.code == (1 if words == ("check",) else 0), (words, ended.said)
        assert "Traceback" not in ended.said


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size=2m,uid={os.getuid()},mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "weeknotes", str(folder)]
    become = [] if os.getuid() == 0 else ["sudo", "-n"]
    try:
        subprocess.run([*become, *mount], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run([*become, "umount", "--lazy", str(folder)], check=True)


def filled(folder: Path, room: int) -> Path:
    """Fill the disk but for ``room`` bytes; the file that does."""
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free
    filler.write_bytes(b"\0" * (free - room))
    return filler


@pytest.mark.slow
def test_a_full_disk(small_disk: Path, written: Project) -> None:
    """Whatever room there is left, the journal and its site stay whole."""
    root = small_disk / "journal"
    shutil.copytree(written.root, root)
    full = project.load(root / "_quarto.yml")
    assert run(full, "render", "--engine", "builtin").code == 0
    site, before = snapshot(full.output_dir), files_in(root)
    write_week(root, WEEK, "## A note [@ho2020denoising]\n\nin other words")
    failed = 0
    for room in (0, 8_000, 60_000, 150_000, 300_000):
        filler = filled(small_disk, room)
        for words in WRITING[:4]:
            ended = run(full, *words)
            assert "Traceback" not in ended.said
            assert ended.code == 0 or "No space left on device" in ended.said, (words, ended.said)
            failed += ended.code
            assert snapshot(full.output_dir) == site or ended.code == 0
            for name, data in before.items():
                if not name.startswith(("_site/", "references", f"journal/2026/{WEEK}")):
                    assert (root / name).read_bytes() == data
            json.loads((root / "references.json").read_bytes())
        filler.unlink()
        site = snapshot(full.output_dir)
    assert failed >= 4
    for words in WRITING[:4]:
        assert run(full, *words).code == 0
    assert "in other words" in (full.output_dir / f"journal/2026/{WEEK}.html").read_text("utf-8")
    assert not [path for path in root.rglob(".*.tmp") if ".weeknotes" not in path.parts]


@pytest.mark.parametrize("jump", [-400 * 86_400, 400 * 86_400])
def test_the_clock_jumps_between_builds(
    written: Project, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    """Files from the future, and files that are older than the site made of them."""
    render(written, engine="builtin")
    path = write_week(written.root, WEEK, "## A note [@ho2020denoising]\n\nwritten at another time")
    now = time.time() + jump
    os.utime(path, (now, now))
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr(time, "time_ns", lambda: int(now * 1e9))
    report = render(written, engine="builtin")
    assert report.rendered == 1
    page = written.output_dir / f"journal/2026/{WEEK}.html"
    assert "written at another time" in page.read_text("utf-8")
    monkeypatch.undo()
    os.utime(path, (now - jump, now - jump))
    assert render(written, engine="builtin").written == 0
    path.write_text(path.read_text("utf-8").replace("another time", "yet another"), "utf-8")
    os.utime(path, (now, now))
    render(written, engine="builtin")
    assert "yet another" in page.read_text("utf-8")


def test_a_week_begun_on_both_sides_of_new_year(
    journal: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """2026 has 53 weeks, the last of which ends in January."""
    for day, there in (
        (datetime.date(2026, 12, 31), "journal/2026/2026-W53.ipynb"),
        (datetime.date(2027, 1, 3), "journal/2026/2026-W53.ipynb"),
        (datetime.date(2027, 1, 4), "journal/2027/2027-W01.ipynb"),
        (datetime.date(2026, 12, 31), "journal/2026/2026-W53.ipynb"),
    ):

        class Today(datetime.date):
            @classmethod
            def today(cls, day: datetime.date = day) -> datetime.date:
                return day

        monkeypatch.setattr(weeks, "date", Today)
        with contextlib.chdir(journal.root):
            assert cli.main(["new", "--no-execute"]) == 0
        assert there in "".join(capsys.readouterr())
    found = sorted(path.name for path in journal.journal.rglob("*.ipynb"))
    assert found == ["2026-W53.ipynb", "2027-W01.ipynb"]


def test_the_longest_names(written: Project) -> None:
    """A name of 255 bytes, far down in folders."""
    root = written.root
    name = "가" * 79 + "나다" + ".ipynb"
    path = write_week(root, "2026-W45", "## Far\n\n하나")
    deep = root / "journal" / Path(*["folder" * 30] * 6)
    deep.mkdir(parents=True)
    moved = deep / name
    assert len(os.fsencode(name)) == 249
    notebook = json.loads(path.read_bytes())
    path.unlink()
    del notebook["cells"][1]["id"]
    notebook["nbformat_minor"] = 4
    moved.write_text(json.dumps(notebook, indent=1) + "\n")
    run(written, "check", "--fix")
    assert json.loads(moved.read_bytes())["cells"][1]["id"]
    ended = run(written, "render", "--engine", "builtin")
    assert "Traceback" not in ended.said
    assert ended.code == 0, ended.said
    assert (written.output_dir / moved.relative_to(root)).with_suffix(".html").exists()
