"""A generated text that is brought up to date within what its author has written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.digests.line_merge import merged

OLD = "## Head\n\n- [ ] task\n\nold line\n\n<missing>\n\n### Q1. Old?\n\n### Q2. Older?\n\nend"
NEW = "## Head\n\n- [ ] task\n\nnew line\n\n### Q1. New?\n\n### Q2. Newer?\n\n### Q3. More?\n\nend"


def test_what_nobody_has_touched_becomes_the_new_text() -> None:
    assert merged(OLD, OLD, NEW) == NEW
    assert merged(NEW, OLD, OLD) == NEW


@pytest.mark.parametrize(
    "change",
    [
        ("old line", "my line"),
        ("old line\n", "old line\nand mine"),
        ("old line", "and mine\nold line"),
        ("<missing>\n\n", ""),
        ("Old?\n", "Old?\n\nMy answer.\n"),
        ("Older?\n", "Older?\n\nMy answer.\n"),
    ],
)
def test_what_its_author_has_touched_stays(change: tuple[str, str]) -> None:
    assert merged(OLD.replace(*change), OLD, NEW) is None


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (("- [ ]", "- [x]"), ("- [ ]", "- [x]")),
        (("end", "end\n\nmine"), ("end", "end\n\nmine")),
        (("## Head", "mine\n\n## My head"), ("## Head", "mine\n\n## My head")),
        (("task\n", "task\n\nmine\n"), ("task\n", "task\n\nmine\n")),
        (("old line\n", "old line\n\nmine\n"), ("new line\n", "new line\n\nmine\n")),
    ],
)
def test_what_is_written_elsewhere_stays_there(
    change: tuple[str, str], after: tuple[str, str]
) -> None:
    assert merged(OLD.replace(*change), OLD, NEW) == NEW.replace(*after)


LINES = st.sampled_from(["", "", "- a", "- b", "text", "### Q", "<b>", "end"])
TEXT = st.lists(LINES, max_size=12)


@given(old=TEXT, new=TEXT, places=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 9))))
def test_no_line_of_the_authors_is_lost(
    old: list[str], new: list[str], places: list[tuple[int, int]]
) -> None:
    mine = list(old)
    for at, n in places:
        mine.insert(min(at, len(mine)), f"mine {n}")
    made = merged("\n".join(mine), "\n".join(old), "\n".join(new))
    if made is not None:
        wrote = [line for line in mine if line.startswith("mine")]
        assert [line for line in made.split("\n") if line.startswith("mine")] == wrote
