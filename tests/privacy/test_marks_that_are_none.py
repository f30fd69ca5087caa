"""What looks like a mark and is none: named by `check`, and no site is put in place with it."""

from __future__ import annotations

import pytest
from tests.privacy.conftest import cell, front, write

from weeknotes.journal import project as projects
from weeknotes.privacy.marks import private_spans, without
from weeknotes.privacy.seeming import seeming_mark_of_cell, seeming_marks
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
        "[a]{.privat}",
        "[a]{.pirvate}",
        "[a]{.비공개}",
        "[a]{.私密}",
        "[a]{'private'}",
        '[a]{."private"}',
        "[a]{.#private}",
        "[a]【.private】",
        "[a].private",
        "::: .private\nb\n:::",
        "~~~ .private\nb\n~~~",
        "#private b",
        "<div .private>b</div>",
        "<div data-private>b</div>",
        "<private>b</private>",
        "<div class=“private”>b</div>",
        "[private]b[/private]",
        '``` {.python filename="[a]{.private}"}\nb\n```',
    ],
)
def test_it_is_told_where_nothing_is_hidden(text: str) -> None:
    assert private_spans(text) == []
    assert [hidden for _, hidden in seeming_marks(text)] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "::: note {.private}\nSECRET\n:::\n\nPUBLIC",
        "PUBLIC\n\n##SECRET {.private}\n\nSECRET\n\n# PUBLIC",
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
    "text",
    [
        "a [private] word, the privates, `<private>`, \\emph{private}",
        "see [b](private.html) and privately (private)",
        "<!-- a private remark -->\n\n[a]{.privacy .deprivation}",
    ],
)
def test_words_that_are_alike_are_not_told_of(text: str) -> None:
    assert list(seeming_marks(text)) == []


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ({"cell_type": "code", "source": "# | private: true\nx"}, 1),
        ({"cell_type": "code", "source": "#| echo: false\n# private: true\nx"}, 2),
        ({"cell_type": "code", "source": "# tags: [private]\nx"}, 1),
        ({"cell_type": "markdown", "source": "a", "metadata": {"tags": ["비공개"]}}, 1),
        ({"cell_type": "markdown", "source": "a", "metadata": {"tags": ["pivate"]}}, 1),
        ({"cell_type": "code", "source": "# a private method\nx"}, None),
        ({"cell_type": "code", "source": "x\n# private: true"}, None),
        ({"cell_type": "code", "source": "# private: false\nx"}, None),
        ({"cell_type": "markdown", "source": "a", "metadata": {"tags": ["privacy"]}}, None),
    ],
)
def test_what_only_seems_to_mark_a_cell(cell: dict[str, object], line: int | None) -> None:
    assert seeming_mark_of_cell(cell) == line


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
