"""What is private and what is not, as far as one refers to the other."""

from __future__ import annotations

import pytest
from tests.checks.conftest import ENTRY, WEEK, Journal
from tests.privacy.conftest import cell

HIDDEN = (
    "## Hidden part {.private}\n\nSee @fig-p and [it](#hidden-part), [page](2026-W44.ipynb).\n\n"
    "![P](../../assets/images/a.png){#fig-p}\n\n@nobody\n\n## Open\n\ntext"
)
PRIVATE_PAGE = "journal/2026/2026-W45.ipynb"


@pytest.fixture
def secretive(sound: Journal) -> Journal:
    sound.put(name=PRIVATE_PAGE, private="true")
    sound.put(name="journal/2026/2026-W44.ipynb", draft="true")
    return sound


def found(journal: Journal) -> list[tuple[str, int | None, int | None]]:
    return [(f.rule, f.cell, f.line) for f in journal.found()]


@pytest.mark.parametrize(
    "text",
    [
        "See @fig-p.",
        "See [it](#hidden-part).",
        "See [it](2026-W45.ipynb).",
        "See [it](2026-W45.html#a-note-ho2020).",
        "See [it](2026-W44.ipynb).",
        "See [it](/journal/2026/2026-W44.ipynb).",
        "See <a href='2026-W45.html'>it</a>.",
        "See @fig-c.",
        "See [it](#in-a-cell).",
    ],
)
def test_a_public_part_that_refers_to_a_private_one(secretive: Journal, text: str) -> None:
    hidden = cell(
        "markdown", "p", "### In a cell\n\n![c](../../assets/images/a.png){#fig-c}", "private"
    )
    secretive.put(text, cells=[cell("markdown", "h", HIDDEN), hidden])
    assert found(secretive) == [("private-reference", 3, 1), ("citation-unknown", 4, 7)]


def test_what_is_private_may_refer_to_what_is(secretive: Journal) -> None:
    secretive.put(HIDDEN.replace("@nobody", ""))
    secretive.put("[it](2026-W44.ipynb) [here](#open)", name=PRIVATE_PAGE, private="true")
    assert [f.rule for f in secretive.found()] == ["anchor-missing"]


def test_papers_that_only_private_pages_cite_are_on_no_list(secretive: Journal) -> None:
    secretive.put_library({"id": "kim2021", **ENTRY, "title": "A paper that is a secret"})
    secretive.put("[@kim2021]", name=PRIVATE_PAGE, private="true")
    said = {"output_type": "stream", "name": "stdout", "text": ["- [@kim2021]\n- [@ho2020]\n"]}
    listed = cell("code", "g", "x", "generated", outputs=[said])
    secretive.put(cells=[listed])
    (only,) = secretive.found()
    assert (only.rule, only.file, only.cell) == ("private-paper", WEEK, 3)
    assert "kim2021" in only.message
    secretive.put("[@kim2021]", cells=[listed])
    assert secretive.found() == []


def test_parts_are_looked_at_on_the_pages_that_include_them(sound: Journal) -> None:
    part = sound.root / "shared" / "part.md"
    part.parent.mkdir()
    part.write_text(
        "## Shared {#sec-shared}\n\n@nobody, @fig-a, @fig-none\n\n"
        "![x](../../assets/images/a.png) ![y](a.png)\n",
        "utf-8",
    )
    sound.put("{{< include /shared/part.md >}}\n\nSee @sec-shared and [it](#sec-shared).")
    assert [(f.rule, f.file, f.line) for f in sound.found()] == [
        ("citation-unknown", "shared/part.md", 3),
        ("reference-missing", "shared/part.md", 3),
        ("image-missing", "shared/part.md", 5),
    ]
