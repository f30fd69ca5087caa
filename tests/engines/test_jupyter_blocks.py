"""Blocks of notebooks are shown as JupyterLab shows them, and nothing in them vanishes."""

from __future__ import annotations

import lxml.html
import pytest
from engine_projects import Journal
from hypothesis import given, settings
from hypothesis import strategies as st

from weeknotes.engines import jupyter_blocks
from weeknotes.engines.jupyter_markdown import as_pandoc
from weeknotes.text.markdown import read


def outline(body: str) -> list[tuple[str, str]]:
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    shown = ("h1", "h2", "h3", "p", "hr", "td", "th", "code", "li", "math")
    return [(e.tag, " ".join(e.text_content().split())) for e in root.iter(*shown)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("---\nlamp: warm\n---\n\nso", [("hr", ""), ("h2", "lamp: warm"), ("p", "so")]),
        (
            "a\n\n---\n\nb\n\n---\nc: d\n---",
            [("p", "a"), ("hr", ""), ("p", "b"), ("hr", ""), ("h2", "c: d")],
        ),
        ("Lamp\n---\nwarm\n\n---\n\nso", [("h2", "Lamp"), ("p", "warm"), ("hr", ""), ("p", "so")]),
        ("%matplotlib inline\n\nso", [("p", "%matplotlib inline"), ("p", "so")]),
        ("[Later]: the lamp was cold", [("p", "[Later]: the lamp was cold")]),
        ("[2]: Ho, 2020\n\nas in [2].", [("p", "[2]: Ho, 2020"), ("p", "as in [2].")]),
        ("[2]: http://a.example 'T'\n\nas in [2].", [("p", "as in 2.")]),
        ("|a|b|\n|-|\n|1|2|", [("th", "a"), ("th", "b"), ("td", "1"), ("td", "2")]),
        (
            "a|b\n-|-\n1|2|3",
            [("th", "a"), ("th", "b"), ("th", ""), ("td", "1"), ("td", "2"), ("td", "3")],
        ),
        ("|a|\n|-|\n|`x|y`|", [("th", "a"), ("td", "x|y"), ("code", "x|y")]),
        ("## Notes on F#", [("h2", "Notes on F#")]),
        ("## Notes ##", [("h2", "Notes")]),
        ("|a|\n|-|\n|`x\\|y`|", [("th", "a"), ("td", "x|y"), ("code", "x|y")]),
    ],
)
def test_blocks_are_what_jupyterlab_makes_of_them(
    text: str, shown: list[tuple[str, str]], bench: Journal
) -> None:
    bench.notebook("journal/a.ipynb", text)
    page = bench.page()
    assert outline(page.body) == shown
    assert page.warnings == ()


def test_a_fence_that_is_open_at_its_cell_s_end_ends_there(bench: Journal) -> None:
    bench.notebook(
        "journal/a.ipynb", "so\n\n```python\nx = 1", "## Next", "- it\n\n  ~~~\n  y", "end"
    )
    found = outline(bench.page().body)
    assert [text for tag, text in found if tag == "code"] == ["x = 1", "y"]
    assert ("h2", "Next") in found
    assert ("p", "end") in found


@pytest.mark.parametrize(
    "words",
    [
        'python title="x y.py" hl_lines="1 2"',
        "python {1,3}",
        "{code-cell} ipython3",
        "{figure} x.png",
        "js run-button=true",
        "python {.numberLines}",
        "{python}",
        "{r, echo=FALSE}",
    ],
)
def test_words_behind_a_fence_do_not_tear_its_block(words: str, bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", f"so\n\n```{words}\nx = 1\n\n# no heading\n```\n\nend")
    found = outline(bench.page().body)
    assert found == [("p", "so"), ("code", "x = 1 # no heading"), ("p", "end")]


@pytest.mark.parametrize(
    "text",
    [
        "```\n---\n[a]: b c\n```",
        "  Left  Right\n  ----  -----\n  a     b\n",
        "| a |\n|---|\n| $|x|$ |",
        "| a | b |\n|---|---|\n| C++ | 1+1 |",
        "| a | b |\n|---+---|\n| C++ | 1+1 |",
        "[a]: <http://a.example/b c> (T)",
        "````\n```\n````",
        "``` one line ```",
    ],
)
def test_what_both_read_alike_is_left_as_it_is(text: str) -> None:
    assert as_pandoc(text) == text


def test_lines_between_hyphens_are_front_matter_in_the_first_text_alone(bench: Journal) -> None:
    path = bench.notebook(
        "journal/a.ipynb", "words", "---\nSo much for that.\n---\n\nmore", front=""
    )
    path.write_text(path.read_text().replace('"---\\n\\n---"', '"intro"'))
    found = outline(bench.page().body)
    assert ("h2", "So much for that.") in found


def test_a_comment_over_several_cells_is_told_where_it_begins(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "one\n\n<!-- two", "three", "four -->\n\n<!-- x --> five")
    page = bench.page()
    (warning,) = page.warnings
    assert (warning.cell, warning.line, warning.rule) == (2, 3, "markdown-comment")
    assert "cell 4" in warning.message
    assert "five" in page.body


def shown_output(bench: Journal, latex: str) -> list[tuple[str, str]]:
    data = {"text/latex": latex, "text/plain": "<IPython.core.display.Latex object>"}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": "", "execution_count": 1}
    bench.notebook("journal/a.ipynb", {**cell, "outputs": [output]})
    return outline(bench.page().body)


def test_latex_outputs_show_their_words_and_their_formulas(bench: Journal) -> None:
    found = shown_output(bench, "The *lamp* is \\emph{warm} at $T_0$ and \\(x\\).")
    assert any(text.startswith("The *lamp* is \\emph{warm} at") for _, text in found)
    assert [tag for tag, _ in found].count("math") == 2
    table = shown_output(bench, "\\begin{tabular}{l}\nlamp\\\\\n\\end{tabular}")
    assert table[-1] == ("p", "\\begin{tabular}{l} lamp\\\\ \\end{tabular}")
    assert [tag for tag, _ in shown_output(bench, "$$a$$ \n $b$")].count("math") == 2


_PIECES = (
    "## F#", "# a #\n", "---", "--- ", "\n", "\n\n", "> ", "- ", "  ", "a", "|a|b|", "|-|", "a|b",
    "-|-", "[2]:", " x", "`x\\|y`", "#", "Word\n", "|1|2|3|", "{.c}", "+---+", "\\#", ":::", "~~~",
    "```", "\t",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=14))
@settings(max_examples=150, deadline=None)
def test_the_quick_look_misses_no_block(pieces: list[str]) -> None:
    text = "".join(pieces)
    structure = read(text)
    found = [
        *jupyter_blocks._dashes(structure),
        *jupyter_blocks._definitions(structure),
        *jupyter_blocks._tables(structure),
        *jupyter_blocks._headings(structure),
    ]
    assert jupyter_blocks._may_differ(text) or not found
