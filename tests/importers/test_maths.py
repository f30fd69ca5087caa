"""Dollar signs: formulas as arXiv writes them, and money."""

from __future__ import annotations

import pytest

from .conftest import Import

MATHS = {
    "SRe$^2$L": "SRe$^2$L",
    "$μ$LO and $\u03bb$": "$μ$LO and $\u03bb$",
    "over $K $ hills": "over $K$ hills",
    "an error of$x_1$的": "an error of$x_1$的",
    "in $\\mathrm{SO}(3)$ and $k$-means": "in $\\mathrm{SO}(3)$ and $k$-means",
    "$\\sim$50% and $\\times$2.5 more": "$\\sim 50$% and $\\times 2.5$ more",
    "$n$th and $\\ell_2$norm": "$n$th and $\\ell_2$norm",
    "$ \\alpha $ is $ x^2 $": "$\\alpha$ is $x^2$",
    "[Ho$^2$P](https://example.org)": "[Ho$^2$P](https://example.org)",
    "$$M = <S, A, \\gamma>$$ where $<S, A_1>$": "$$M = <S, A, \\gamma>$$ where $<S, A_1>$",
    "$f(x) = \\text{the mean of } x$": "$f(x) = \\text{the mean of } x$",
}
MONEY = [
    "$1,087$",
    "$200K",
    "$200K$ a year",
    "from $5 to $10",
    "US$3 and HK$4.",
    "$5 (or 6) and $7",
    "a $5 bill, a $ sign",
    "$100M in 2020, $200M later",
    "$FOO and $BAR are variables",
]


@pytest.mark.parametrize("text", MATHS)
def test_formulas(text: str, take: Import) -> None:
    made = take(f"---\ntitle: Digest\ndate: 2024-01-19\n---\n\n## A note here\n\n{text}\n")
    assert MATHS[text] in made.text(made.names[0])
    assert not made.report.leftover


@pytest.mark.parametrize("text", MONEY)
def test_money(text: str, take: Import) -> None:
    made = take(f"---\ntitle: Digest\ndate: 2024-01-19\n---\n\n## A note here\n\n{text}\n")
    assert text.replace("$", "\\$") in made.text(made.names[0])
