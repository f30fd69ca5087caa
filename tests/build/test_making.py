"""Files are made by several processes, each once, and what goes wrong in one is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from weeknotes.errors import RenderError
from weeknotes.site import parallel_write
from weeknotes.site.data.page_records import FileArtifact


def work(folder: Path, count: int) -> list[parallel_write.Work]:
    """Files that say their number and which process made them."""

    def make(number: int) -> bytes:
        return f"{number} {os.getpid()}".encode()

    return [
        (FileArtifact(str(n), "", lambda n=n: make(n)), f"{folder}/{n}")  # type: ignore[misc]
        for n in range(count)
    ]


def test_each_file_is_made_once_and_what_belongs_together_by_one_process(tmp_path: Path) -> None:
    items = work(tmp_path, 1000)
    told: list[int] = []
    parallel_write.make_all(items[40:], items[:40], 3, told.append)
    made = [(tmp_path / str(n)).read_text().split() for n in range(1000)]
    assert [int(number) for number, _ in made] == list(range(1000))
    assert len({process for _, process in made[:40]}) == 1
    assert told == sorted(told)


@pytest.mark.parametrize("failing", [5, 990])
def test_what_goes_wrong_anywhere_is_raised(tmp_path: Path, failing: int) -> None:
    def fail() -> bytes:
        raise RenderError("no page", file="journal/a.ipynb", cell=3)

    items = work(tmp_path, 1000)
    items[failing] = (FileArtifact("x", "", fail), f"{tmp_path}/x")
    with pytest.raises(RenderError, match="no page") as caught:
        parallel_write.make_all(items, [], 2, lambda made: None)
    assert caught.value.where == "journal/a.ipynb, cell 3"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads Linux's list of processes")
def test_no_process_is_left_when_one_is_ended_from_outside(tmp_path: Path) -> None:
    parent = os.getpid()
    # Other tests of the same process may have children of their own that are not waited for.
    before = children()

    def vanish() -> bytes:
        if os.getpid() != parent:
            os._exit(9)
        return b""

    items = [(FileArtifact(str(n), "", vanish), f"{tmp_path}/{n}") for n in range(1000)]
    try:
        parallel_write.make_all(items, [], 2, lambda made: None)
    except Exception as error:
        assert "ended from outside" in str(error)
    assert children() <= before


def children() -> set[str]:
    """The ids of the processes that this one started, those included that ended unwaited for."""
    tasks = Path("/proc/self/task")
    return {child for task in tasks.iterdir() for child in (task / "children").read_text().split()}
