"""Formulas become MathML; what cannot be converted is named."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest
from engine_projects import Journal

from weeknotes.engines.maths.chemistry import chemistry
from weeknotes.engines.maths.convert import FormulaError, Formulas
from weeknotes.engines.maths.page import set_formulas
from weeknotes.engines.maths.units import number, unit


def shown(tex: str, *, display: bool = False) -> str:
    """The words of a formula as a browser shows them."""
    made = Formulas().mathml(tex, display=display)
    root = lxml.html.fragment_fromstring(made)
    for annotation in list(root.iter("annotation")):
        annotation.drop_tree()
    return re.sub(r"\s+", "", root.text_content())


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\ket{\psi}", "|ψ⟩"),
        (r"\braket{\phi}{\psi}", "⟨ϕ|ψ⟩"),
        (r"\expval{A}", "⟨A⟩"),
        (r"\abs{x} + \norm{y}", "|x|+‖y‖"),
        (r"\dv[2]{f}{t}", "d2fdt2"),
        (r"\pdv{f}{x}{y}", "∂2f∂x∂y"),
        (r"\mathbbm{1}_A", "𝟙A"),
        (r"\SI{5.2e3}{\kilo\meter\per\second}", "5.2×103kms−1"),
        (r"\qty(a + b)", "(a+b)"),
        (r"\ang{30}", "30∘"),
        (r"\ce{H2SO4}", "H2SO4"),
        (r"\ce{2 H2 + O2 -> 2 H2O}", "2H2+O2→2H2O"),
        (r"\text{if $x>0$ then}", "ifx>0then"),
        (r"\mbox{days}", "days"),
        (r"\argmin_x f", "argminx\u2061f"),
        (r"\begin{split} a &= b \\ &= c \end{split}", "a=b=c"),
        (r"a \tag{7} \label{eq:a}", "a(7)"),
    ],
)
def test_the_notations_of_packages_are_set(tex: str, words: str) -> None:
    assert shown(tex) == words


@pytest.mark.parametrize(
    ("formula", "tex"),
    [
        ("CO2", r"\mathrm{CO}_{2}"),
        ("SO4^2-", r"\mathrm{SO}_{4}^{2-}"),
        ("Fe(OH)3", r"\mathrm{Fe}(\mathrm{OH})_{3}"),
        ("^{14}_{6}C", r"{}^{14}_{6}\mathrm{C}"),
        ("Na+", r"\mathrm{Na}^{+}"),
        ("A ->[heat] B", r"\mathrm{A}\ \xrightarrow{\mathrm{heat}}\ \mathrm{B}"),
        ("CuSO4*5H2O", r"\mathrm{CuSO}_{4}\cdot 5\mathrm{H}_{2}\mathrm{O}"),
    ],
)
def test_chemical_formulas(formula: str, tex: str) -> None:
    assert chemistry(formula) == tex


def test_numbers_and_units() -> None:
    assert number("-1.60e-19") == r"-1.60\times 10^{-19}"
    assert number("4.20(3)") == "4.20(3)"
    assert unit(r"\micro\metre\squared") == r"\mathrm{µm}^{2}"
    assert unit("kg.m/s^2") == r"\mathrm{kg}\,\mathrm{m}\,\mathrm{s}^{-2}"
    assert unit(r"\furlong") is None


def test_what_a_formula_defines_holds_in_those_after_it() -> None:
    formulas = Formulas()
    formulas.mathml(r"\newcommand{\loss}{\mathcal{L}}", display=False)
    assert "ℒ" in formulas.mathml(r"\loss(x)", display=False)
    # The same preamble in a second cell, and a meaning of the author's own for a package's name.
    formulas.mathml(
        r"\newcommand{\loss}{\ell}\newcommand{\norm}[1]{\langle #1 \rangle}", display=False
    )
    assert "⟨" in formulas.mathml(r"\norm{x}", display=False)
    with pytest.raises(FormulaError, match="loss"):
        Formulas().mathml(r"\loss(x)", display=False)


@pytest.mark.parametrize(
    "tex",
    [
        "{" * 5000,
        r"\sqrt " * 3000,
        r"\def\a#1{{{\a{#1}}}}\a{x}",
        r"\def\a{\b}\def\b{\a}\a",
        r"\text{open",
        "x" * 30_000,
        r"\unheardof",
        "\\",
    ],
)
def test_what_no_converter_could_set_is_refused_and_harms_nothing(tex: str) -> None:
    with pytest.raises(FormulaError):
        Formulas().mathml(tex, display=True)


def test_a_formula_that_cannot_be_set_is_named_with_its_cell(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.notebook(
        "journal/a.ipynb", "words", "so\n$\\oddcommand{x}$ and $\\boxed{y} + \\cancel{z}$"
    )
    page = journal.page("journal/a.ipynb")
    (warning,) = page.warnings
    assert (warning.cell, warning.line, warning.problem) == (3, 2, True)
    assert r"\oddcommand{x}" in warning.message
    assert r"\oddcommand{x}" in page.body
    assert page.body.count("<menclose") == 2


@pytest.mark.parametrize(
    "html",
    [
        r'<span class="math inline">$\ket{a}$</span>',
        r'<span class="math inline">\(\ket{a}\)</span>',
        r'<span class="math inline">\ket{a}</span>',
        r'<span class="math display">\[\ket{a}\]</span>',
        r'<img class="math inline" src="https://example.org/?x" alt="\ket{a}">',
    ],
)
def test_formulas_are_set_however_quarto_was_asked_to_write_them(html: str) -> None:
    root = lxml.html.fragment_fromstring(f"<p>{html}</p>")
    set_formulas(root, lambda *said: pytest.fail(str(said)))
    assert root[0].tag == "math"
    assert not root.xpath(".//img")


def test_a_formula_that_was_to_be_an_image_of_another_host_is_shown_as_its_source() -> None:
    root = lxml.html.fragment_fromstring(
        r'<p><img class="math inline" src="https://example.org/?x" alt="\unheard{a}"></p>'
    )
    said: list[str] = []
    set_formulas(root, lambda message, *_: said.append(message))
    assert root.text_content() == r"\unheard{a}"
    assert not root.xpath(".//@src")
    assert len(said) == 1
