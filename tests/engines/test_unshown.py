"""Text that pandoc keeps for other formats is not left out without a word."""

from __future__ import annotations

import pytest
from engine_projects import Journal

FRONT = "---\ntitle: T\n---\n\n"


def told(bench: Journal, name: str) -> list[tuple[int | None, int | None, str, str]]:
    return [(w.cell, w.line, w.rule, w.message) for w in bench.page(name).warnings]


def test_tex_in_a_page_of_markdown_is_told_with_its_line(bench: Journal) -> None:
    bench.write(
        "journal/b.qmd",
        FRONT + "The \\textsc{lamp} is warm.\n\n\\begin{center}\nso\n\\end{center}\n",
    )
    first, second = told(bench, "journal/b.qmd")
    assert first == (None, 5, "markdown-tex", r"the TeX \textsc{lamp} is not shown")
    assert second[1] == 7
    assert all(warning.problem for warning in bench.page("journal/b.qmd").warnings)


@pytest.mark.parametrize(
    "text",
    [
        r"\newcommand{\R}{\mathbb{R}} and $\R$",
        r"\noindent The lamp is warm.\vspace{2em}",
        "\\newpage\n\nAfter it.",
        "\\begin{align}\na &= b\n\\end{align}",
        r"`\textsc{lamp}` and C:\\lamp",
        r"`<b>lamp</b>`{=html}",
    ],
)
def test_tex_that_says_nothing_or_is_shown_is_not_told(text: str, bench: Journal) -> None:
    bench.write("journal/b.qmd", FRONT + text)
    assert told(bench, "journal/b.qmd") == []


def test_tex_in_a_file_that_a_page_includes_is_told(bench: Journal) -> None:
    bench.write("journal/_part.md", "It is \\underline{here}.\n")
    bench.notebook("journal/a.ipynb", "One.\n\n{{< include _part.md >}}\n")
    ((cell, line, rule, message),) = told(bench, "journal/a.ipynb")
    assert (cell, line, rule) == (2, 3, "markdown-tex")
    assert "_part.md" in message
    assert r"\underline{here}" in message


def test_raw_text_of_other_formats_is_told(bench: Journal) -> None:
    raw = {"cell_type": "raw", "metadata": {"raw_mimetype": "text/latex"}, "id": "r", "source": "x"}
    bench.notebook("journal/a.ipynb", "One `x`{=typst}.\n\n```{=latex}\n\\foo\n```\n", raw)
    found = told(bench, "journal/a.ipynb")
    assert [(cell, line) for cell, line, _, _ in found] == [(2, 1), (2, 3), (3, None)]
    assert "text/latex" in found[2][3]


def test_links_defined_by_words_and_cells_beyond_a_table_are_told(bench: Journal) -> None:
    bench.write("journal/b.md", FRONT + "[Later]: it was cold\n\n|a|b|\n|-|\n|1|2|\n")
    found = told(bench, "journal/b.md")
    assert [(line, rule) for _, line, rule, _ in found] == [
        (5, "markdown-block"),
        (7, "markdown-block"),
    ]
