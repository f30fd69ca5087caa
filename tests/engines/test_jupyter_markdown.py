"""Text of notebooks is shown as JupyterLab shows it."""

from __future__ import annotations

import lxml.html
import pytest
from engine_projects import Journal

from weeknotes.engines.jupyter_markdown import as_pandoc


def words(body: str) -> str:
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    for annotation in list(root.iter("annotation")):
        annotation.drop_tree()
    return " ".join(root.text_content().split())


@pytest.mark.parametrize(
    "text",
    [
        r"The scans are in D:\Data\raw\run_7 and the rest in E:\old.",
        r"Mount \\fileserver\groups\optics first, then \\10.0.0.7\x.",
        r"The pattern \w+\s*\d{2} finds them; \b does not.",
        r"He wrote \textbf{two \emph{nested}} words, \LaTeX and \cite{ho2020}.",
        "\\section{Results}\n\nand \\begin{itemize}\n\\item one\n\\end{itemize}",
        r"- a list with C:\temp" + "\n" + r"- and \alpha outside of a formula",
        r"| a | b |" + "\n|---|---|\n" + r"| C:\x | \beta |",
        r"파일은 C:\사용자\김\문서 에 있고 D:\数据\实验1 도 있다. E:\Überblick\q",
    ],
)
def test_backslashes_and_the_words_after_them_are_shown(text: str, bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", text)
    page = bench.page()
    shown = words(page.body)
    for word in text.replace("|", " ").replace("-", " ").split():
        assert word.strip("`") in shown, (word, shown)
    assert page.warnings == ()


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"with $ \gamma $ and $\delta $ and $ x$", [r"\gamma", r"\delta", "x"]),
        (r"an energy of $\sim$7 keV, 3$\pm$1", [r"\sim", r"\pm"]),
        ("costs $4 or $ 5, and $6", []),
        ("from $30 to $40 a month", []),
        ("US$9 for a and b = c, $8 for d", []),
        (r"`$ \gamma $` is code, and so is" + "\n\n    $ \\gamma $\n", []),
        (r"as in \\( a^2 \\) and \\[ b_1 \\]", ["a^2", "b_1"]),
        (r"## The case of $ (a, \phi) $", [r"(a, \phi)"]),
        ("$ \\alpha\n+ \\beta $ over two lines", ["\\alpha\n+ \\beta"]),
        ("$ \\alpha\n\n\\beta $ in two paragraphs", []),
    ],
)
def test_dollars_enclose_formulas_where_jupyterlab_sees_them(
    text: str, formulas: list[str], bench: Journal
) -> None:
    bench.notebook("journal/a.ipynb", text)
    root = lxml.html.fragment_fromstring(bench.page().body, create_parent="div")
    assert [annotation.text for annotation in root.iter("annotation")] == formulas


@pytest.mark.parametrize(
    "text",
    [
        r"$\newcommand{\R}{\mathbb{R}}$ and $\R^n$",
        "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}",
        "```\nC:\\temp $ x $\n```",
        r"[a link](..\folder\file.png) and <a title='C:\x'>b</a>",
        r"an \_escaped\_ word, a price of \$5 and a \\ backslash",
        "$$\n\\alpha\n$$",
    ],
)
def test_what_both_read_alike_stays_as_it_is(text: str) -> None:
    assert as_pandoc(text) == text
