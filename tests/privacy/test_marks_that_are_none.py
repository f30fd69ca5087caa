"""What looks like a mark and is none: named by `check`, and no site is put in place with it."""

from __future__ import annotations

import pytest
from tests.privacy.conftest import cell, front, write

from weeknotes.journal import project as projects
from weeknotes.privacy.marks import private_spans, seeming_marks, without
from weeknotes.site import build
from weeknotes.site.verify import LeakError


@pytest.mark.parametrize(
    "text",
    [
        "[a]{private}",
        "## A {#private}\n\nb",
        "[a]{. private}",
        "[a]｛.private｝",
        "[a]｛．private｝",
        ":::{private}\nb\n:::",
        "[a]{=private}",
        '<div private="">b</div>',
    ],
)
def test_it_is_told_where_nothing_is_hidden(text: str) -> None:
    assert private_spans(text) == []
    assert [hidden for _, hidden in seeming_marks(text)] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "::: note {.private}\nSECRET\n:::\n\nPUBLIC",
        "PUBLIC\n\nbefore\n## SECRET {.private}\n\nSECRET",
        "PUBLIC\n\n- SECRET {.private} here\n\nPUBLIC",
        "PUBLIC\n\n$$\nSECRET\n\nSECRET\n$$ {#eq-a .private}\n\nPUBLIC",
    ],
)
def test_what_it_seems_to_mark_is_hidden_where_that_can_be_told(text: str) -> None:
    public = without(text, private_spans(text))
    assert "SECRET" not in public
    assert public.count("PUBLIC") == text.count("PUBLIC")
    assert any(hidden for _, hidden in seeming_marks(text))


@pytest.mark.parametrize(
    "text", ["`{private}`", "[a]{.private-ish}", "\\{private}", "[a]{.private}", "private {x}"]
)
def test_what_is_meant_is_not_told_of(text: str) -> None:
    assert list(seeming_marks(text)) == []


def test_no_site_is_put_in_place_until_it_is_meant(journal: projects.Project) -> None:
    path = journal.journal / "2026" / "2026-W46.ipynb"
    write(path, front("A", "2026-W46"), cell("markdown", "a", "Write [words]{private} so."))
    with pytest.raises(LeakError, match="cell 2, line 1") as caught:
        build.render(journal, engine="builtin")
    assert not (journal.output_dir / "journal").exists()
    (leak,) = caught.value.leaks
    config = journal.config_path.read_text("utf-8")
    journal.config_path.write_text(f"{config}\nweeknotes:\n  meant: [{leak.name}]\n", "utf-8")
    build.render(projects.find(journal.root), engine="builtin")
    assert (journal.output_dir / "journal/2026/2026-W46.html").exists()
