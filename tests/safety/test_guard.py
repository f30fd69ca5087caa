"""What is kept from Quarto, and what is not, found without it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.privacy.conftest import cell, write
from tests.safety.conftest import displayed

from weeknotes.engines import quarto_guard, sources
from weeknotes.journal.project import Project


def said(journal: Project, *cells: dict[str, Any], front: str = "note: x") -> str:
    """What is said of a notebook of these cells under that front matter; empty where it may pass."""
    head = cell("raw", "front-matter", f"---\ntitle: T\n{front}\n---")
    write(journal.journal / "2026" / "a.ipynb", head, *cells)
    found = quarto_guard.errors(journal, sources.find_all(journal))
    return "\n".join(map(str, found))


HARMLESS = [
    "bibliography: ../../references.json",
    "csl: ../../assets/author-date.csl",
    "format: html",
    "format: {html: {toc: true, code-fold: true, theme: cosmo}}",
    "execute: {echo: false, enabled: false}",
    "format: typst",
    "format: {html: default, docx: default}",
    "about: {template: jolla}",
    "from: markdown+hard_line_breaks",
    "jupyter: python3",
    "engine: jupyter",
    "image: https://example.org/x.png",
    "image: /assets/none.png",
    "aliases: [/old/name.html, ../older.html]",
    "listing: {contents: '/journal/**/*.ipynb', sort: 'date desc'}",
    "author: [{name: Kim Minji}, '{van der} Berg']",
    "categories: ['$\\alpha$', 'a: b']",
    "include-in-header: {text: '<style></style>'}",
    "embed-resources: false",
    "output-file: other",
    "references: [{id: x, title: T, URL: 'https://example.org'}]",
]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_a_journal_needs_passes(journal: Project, line: str) -> None:
    text = (
        "text\n\n---\n\nmore {{< meta title >}}\n\n{{< include _x.md >}}\n\nA heading\n---\n\n- x"
    )
    (journal.journal / "2026").mkdir()
    (journal.journal / "2026" / "_x.md").write_text("{{{< env HOME >}}}\n\n{{< pagebreak >}}\n")
    printed = {"output_type": "stream", "name": "stdout", "text": "---\nkey: value\n---\n"}
    attached = {"a.png": {"image/png": "iVBORw0KGgo="}}
    shown = cell("code", "code", "#| echo: false\nqmd = {'a': 1}", outputs=[printed])
    one = cell("markdown", "one", text, attachments=attached)
    assert said(journal, one, shown, front=line) == ""


CODE = "Code:\n\n```yaml\n---\nmodel: unet\nfilters: 64\n\nserver: x\n---\n```\n\nmore"
PRINTED = "---\nfilters: 64\n---\n"


def test_yaml_that_is_shown_as_code_passes(journal: Project) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": PRINTED}
    source = f'text = """\n{PRINTED}"""\nprint(text)'
    cells = cell("markdown", "one", CODE), cell("code", "code", source, outputs=[printed])
    assert said(journal, *cells) == ""


@pytest.mark.parametrize(
    "text",
    [
        CODE.replace("\n\n```yaml", "\n```yaml"),
        CODE.replace("model: unet", "```"),
        CODE.replace("```yaml", "````yaml"),
        CODE.replace("model: unet", "~~~"),
        CODE.replace("\n---\n```", "\n---\n    ```"),
        f"<!--\n\n{CODE}\n\n-->",
        f"---\nfilters: 64\n\n{CODE.partition('Code:')[2]}\n---",
    ],
)
def test_yaml_that_might_be_none_of_the_code_does_not(journal: Project, text: str) -> None:
    assert "may not set" in said(journal, cell("markdown", "one", text))


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_yaml_further_down_does_not_pass(journal: Project, kind: str) -> None:
    assert "may not set 'filters'" in said(journal, cell(kind, "one", f"a\n\n{PRINTED}"))


def test_yaml_that_a_cell_prints_as_it_is_does_not_pass(journal: Project) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": PRINTED}
    code = cell("code", "code", "#| output: asis\nprint(text)", outputs=[printed])
    assert "may not set 'filters'" in said(journal, code)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{< env HOME >}}", "environment"),
        ("`{{<env HOME>}}`", "environment"),
        ("[x](&lbrace;&lbrace;&lt; env HOME &gt;&rbrace;&rbrace;)", "environment"),
        ("{{< include ../../../x.md >}}", "leads out of the journal"),
        ("{{< include /etc/passwd >}}", "leads out of the journal"),
        ("{{< include _nested.md >}}", "leads out of the journal"),
        ("{{< embed ../../../x.ipynb#cell >}}", "leads out of the journal"),
        ("{{< {{< meta x >}} HOME >}}", "doesn't say which shortcode"),
        ("<span qmd-base64='e3s8'>x</span>", "only Quarto makes"),
        ("```{mermaid}\n%%| file: ../../../x\n```", "leads out of the journal"),
    ],
)
def test_what_quarto_would_follow_is_found_wherever_it_stands(
    journal: Project, text: str, why: str
) -> None:
    (journal.journal / "2026").mkdir()
    nested = journal.journal / "2026" / "_nested.md"
    nested.write_text("{{< include ../../../../etc/passwd >}}\n")
    printed = {"output_type": "stream", "name": "stdout", "text": text}
    for made in (
        cell("markdown", "one", text),
        cell("raw", "one", f"a\n\n{text}"),
        cell("code", "one", text),
        cell("code", "one", "x", outputs=[displayed("text/html", text.splitlines(True))]),
        cell("code", "one", "x", outputs=[displayed("text/markdown", text)]),
        cell("code", "one", "x", outputs=[printed]),
    ):
        answer = said(journal, made)
        assert "2026/a.ipynb, cell 2: " in answer
        assert why in answer


def test_a_block_that_begins_in_one_cell_and_ends_in_another(journal: Project) -> None:
    cells = [cell("markdown", "one", "x\n\n---\nfilters: [x.lua]"), cell("markdown", "two", "---")]
    assert "'filters'" in said(journal, *cells)


def test_a_link_out_of_the_journal_is_followed_before_quarto_does(journal: Project) -> None:
    (journal.journal / "2026").mkdir()
    (journal.journal / "2026" / "_x.md").symlink_to("/etc/passwd")
    assert "leads out" in said(journal, cell("markdown", "one", "{{< include _x.md >}}"))


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize(
    ("id", "name", "why"),
    [
        ("one", "../x.svg", "more than a name"),
        ("../one", "x.svg", "more than a name"),
        ("one", "x.html", "is no image"),
    ],
)
def test_attachments_stay_where_they_belong(journal: Project, id: str, name: str, why: str) -> None:
    attached = {name: {"image/svg+xml": "<svg/>"}}
    assert why in said(journal, cell("markdown", id, "x", attachments=attached))


def test_a_page_that_includes_a_missing_file_is_refused_alone(journal: Project) -> None:
    folder = journal.journal / "2026"
    folder.mkdir(exist_ok=True)
    (folder / "b.qmd").write_text("---\ntitle: B\n---\n\n{{< include gone away.md >}}\n")
    (folder / "_part.md").write_text("{{< include gone.md >}}\n")
    (folder / "c.qmd").write_text("---\ntitle: C\n---\n\n{{{< include gone.md >}}}\n")
    found = said(journal, cell("markdown", "m", "{{< include _part.md >}}"))
    assert found.count("names a file that is not there") == 2
    assert "b.qmd: {{< include gone away.md >}} names" in found
    assert "a.ipynb, cell 2: {{< include gone.md >}} (in journal/2026/_part.md)" in found
    assert "c.qmd" not in found
