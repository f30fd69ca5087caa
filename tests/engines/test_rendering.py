"""Single features of the built-in renderer, beyond what the corpus shows."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from engine_projects import CONFIG, Journal, copy_corpus

from weeknotes.engines import builtin, cell_outputs, sources

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
<info><title>n</title><id>n</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="[" suffix="]"><text variable="citation-number"/></layout></citation>
<bibliography><layout><text variable="title"/></layout></bibliography></style>"""


def test_include_is_relative_to_the_file_that_includes(bench: Journal) -> None:
    bench.write("journal/parts/_a.md", "Part A\n\n{{< include deeper/_b.md >}}\n")
    bench.write("journal/parts/deeper/_b.md", "Part B with {{< meta title >}}\n")
    bench.write("shared/_c.md", "---\ntitle: ignored\n---\nPart C\n")
    bench.notebook(
        "journal/a.ipynb",
        "{{< include parts/_a.md >}}\n\n{{< include /shared/_c.md >}}",
        front="title: Named",
    )
    page = bench.page()
    for text in ("Part A", "Part B with Named", "Part C"):
        assert f"<p>{text}</p>" in page.body
    assert str(bench.root / "journal/parts/deeper/_b.md") in page.dependencies


def test_include_never_leaves_the_project(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("the secret")
    (tmp_path / "project").mkdir()
    bench = Journal(tmp_path / "project")
    (bench.root / "link.md").symlink_to(tmp_path / "secret.md")
    bench.notebook("journal/a.ipynb", "{{< include ../../secret.md >}}\n\n{{< include /link.md >}}")
    page = bench.page()
    assert "the secret" not in page.body
    assert len([w for w in page.warnings if "outside of the project" in w.message]) == 2
    assert all(warning.cell == 2 for warning in page.warnings)


def test_a_file_outside_of_the_project_is_no_asset(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    (tmp_path / "project").mkdir()
    bench = Journal(tmp_path / "project")
    bench.write("journal/x", "")
    (bench.root / "journal/link.png").symlink_to(tmp_path / "secret.png")
    bench.notebook("journal/a.ipynb", "![a](../../secret.png) ![b](link.png)")
    page = bench.page()
    assert page.assets == {}
    assert len(page.warnings) >= 2


def test_includes_in_a_circle_end(bench: Journal) -> None:
    bench.write("journal/_a.md", "A\n\n{{< include _b.md >}}\n")
    bench.write("journal/_b.md", "B\n\n{{< include _a.md >}}\n")
    bench.notebook("journal/a.ipynb", "{{< include _a.md >}}")
    page = bench.page()
    assert page.body.count("<p>A</p>") == 1
    assert any("includes itself" in warning.message for warning in page.warnings)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("{{< meta nothing.here >}}", "?meta:nothing.here"),
        ("{{< var none >}}", "?var:none"),
        ("{{< kbd beos=X >}}", "?kbd:unknown os name: beos"),
    ],
)
def test_a_shortcode_that_asks_for_what_is_not_there_has_a_sign_as_in_quarto(
    text: str, sign: str, bench: Journal
) -> None:
    bench.notebook("journal/a.ipynb", f"See {text} here")
    page = bench.page()
    assert f"<strong>{sign}</strong>" in page.body
    (warning,) = page.warnings
    assert (warning.rule, warning.cell, warning.problem) == ("markdown-shortcode", 2, True)


def test_shortcodes_of_rights_brand_and_filler_text_are_resolved(bench: Journal) -> None:
    front = """title: T
license: CC BY
copyright: 2026 Hana Kim
brand:
  color:
    palette: {sea: "#123456"}
    primary: sea
  logo:
    images: {mark: {path: mark.png, alt: The mark}}
    small: mark"""
    bench.write("journal/mark.png", "x")
    text = (
        "{{< meta license.text >}}, {{< meta copyright.statement >}}, {{< brand color primary >}}"
        "\n\n{{< brand logo small >}}\n\n{{< lipsum 2-3 >}}"
    )
    bench.notebook("journal/a.ipynb", text, front=front)
    body = bench.page().body
    assert "CC BY 4.0, 2026 Hana Kim, #123456" in body
    assert '<img src="mark.png" class="light-content" alt="The mark">' in body
    assert body.count("<p>") == 4
    assert bench.page().body == body


def test_the_heading_that_became_the_title_is_counted_among_the_sections(bench: Journal) -> None:
    text = "# Lamps\n\n## First {#sec-one}\n\nSee @sec-one."
    bench.notebook("journal/a.ipynb", text, front="week: 2026-W10")
    assert ">Section\u00a01.1</a>" in bench.page().body


@pytest.mark.parametrize("text", ["{{< nosuch a=1 >}}", "{{< kbd >}}", "{{< brand logo small >}}"])
def test_unknown_shortcode_stays_and_is_named(text: str, bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", f"See\n{text} here")
    page = bench.page()
    assert text.replace("<", "&lt;").replace(">", "&gt;") in page.body
    (warning,) = page.warnings
    assert text.split()[1] in warning.message
    assert (warning.cell, warning.line) == (2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "```\n{{{< meta title >}}}\n```",
        "> ~~~\n> {{{< meta title >}}}\n> ~~~",
        "In `{{{< meta title >}}}`",
        '``` {.markdown shortcodes="false"}\n{{< meta title >}}\n```',
        "    indented {{{< meta title >}}}",
    ],
)
def test_an_escaped_shortcode_in_code_is_code(text: str, bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", f"x\n\n{text}")
    page = bench.page()
    assert "{{&lt; meta title &gt;}}" in page.body
    assert page.warnings == ()


@pytest.mark.parametrize("text", ["```\n{{< meta title >}}\n```", "In `{{< meta title >}}`"])
def test_code_shows_the_text_that_a_shortcode_gives_as_in_quarto(text: str, bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", f"{text}\n\n`{{{{< kbd A >}}}}`", front="title: Nine lives")
    page = bench.page()
    assert "Nine lives</code>" in page.body
    assert "<code>{{&lt; kbd A &gt;}}</code>" in page.body


def test_a_line_that_begins_with_inline_code_opens_no_block(bench: Journal) -> None:
    bench.write("journal/_part.md", "Included words.\n")
    text = "```inline``` code begins this line.\n\n{{< include _part.md >}}\n\n{{< meta title >}}"
    bench.notebook("journal/a.ipynb", text, front="title: Nine lives")
    body = bench.page().body
    assert "<p>Included words.</p>" in body
    assert "<p>Nine lives</p>" in body
    assert "include" not in body


def test_a_placeholder_is_a_picture_of_its_size(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "{{< placeholder 30 20 >}} ![alt]({{< placeholder 40 >}})")
    body = bench.page().body
    sizes = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', body)
    first, second = (base64.b64decode(size).decode() for size in sizes)
    assert 'width="30" height="20"' in first
    assert 'width="40" height="40"' in second


def test_keys_of_every_system_are_shown(bench: Journal) -> None:
    bench.notebook(
        "journal/a.ipynb", "{{< kbd Ctrl-K mac=Command-K >}} {{< kbd win=F1 linux=F1 >}}"
    )
    assert "<kbd>Ctrl-K</kbd> <kbd>Command-K</kbd> (macOS) <kbd>F1</kbd></p>" in bench.page().body


FENCES = """\
```{bash}
# Align the frames

cd frames
```

```{r, echo=FALSE}
# Fit a line

m <- lm(y ~ x)
```

~~~ {python}
# Not run

x = 1
~~~

- item

  ```{sql}
  # comment

  select
  ```

## Afterwards
"""


def test_fences_with_braces_are_blocks_of_code(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", FENCES)
    root = lxml.html.fromstring(f"<div>{bench.page().body}</div>")
    blocks = [block.text_content() for block in root.iter("pre")]
    assert blocks == [
        "# Align the frames\n\ncd frames",
        "# Fit a line\n\nm <- lm(y ~ x)",
        "# Not run\n\nx = 1",
        "# comment\n\nselect",
    ]
    assert [heading.text for heading in root.iter("h1", "h2")] == ["Afterwards"]


def test_a_fence_in_doubled_braces_is_shown_as_it_is_written(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "```{{python}}\nx = 1\n```\n\n````\n```{r}\n1\n```\n````")
    root = lxml.html.fromstring(f"<div>{bench.page().body}</div>")
    blocks = [block.text_content() for block in root.iter("pre")]
    assert blocks == ["```{python}\nx = 1\n```", "```{r}\n1\n```"]


def test_variables(bench: Journal) -> None:
    bench.write("_variables.yml", "tool:\n  name: Weeknotes\n")
    bench.notebook("journal/a.ipynb", "{{< var tool.name >}}")
    assert "<p>Weeknotes</p>" in bench.page().body


def test_page_style_over_project_style(bench: Journal) -> None:
    bench.write("journal/numbers.csl", STYLE)
    bench.notebook("journal/a.ipynb", "[@ho2020]", front="title: T\ncsl: numbers.csl")
    page = bench.page()
    assert ">1</a>]" in page.body
    assert str(bench.root / "journal/numbers.csl") in page.dependencies


@pytest.mark.parametrize("front", ["", "title: On [@ho2020], *again*"])
def test_a_citation_in_a_title_is_set_as_those_of_the_page(front: str, bench: Journal) -> None:
    bench.write(
        "refs.bib",
        "@book{ho2020, author={Ho, Jonathan}, title={Noise}, year={2020}}\n"
        "@book{kim2021, author={Kim, Minji}, title={Lamps}, year={2021}}\n",
    )
    heading = "" if front else "# On [@ho2020], *again*\n\n"
    text = f"{heading}Then [@kim2021]."
    bench.notebook(
        "journal/a.ipynb", text, front=f"{front or 'lang: en'}\nbibliography: ../refs.bib"
    )
    page = bench.page("journal/a.ipynb")
    assert page.meta["title"] == "On (Ho 2020), again"
    assert page.meta["title-html"].endswith("(Ho 2020)</span>, <em>again</em>")
    assert "Kim 2021</a>)" in page.body and "Noise" in page.body
    assert "On (" not in page.body


def test_bibtex_is_read_too(bench: Journal) -> None:
    bench.write("own.bib", "@book{lee2019, author={Lee, Ann}, title={Papers}, year={2019}}")
    bench.notebook("journal/a.ipynb", "@lee2019", front="title: T\nbibliography: ../own.bib")
    page = bench.page()
    assert "Lee (<a" in page.body
    assert page.warnings == ()


def test_only_cited_entries_are_listed(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "nothing cited")
    bench.notebook("journal/b.ipynb", "nothing cited", front="title: T\nnocite: '@*'")
    assert "references" not in bench.page("journal/a.ipynb").body
    assert 'id="ref-ho2020"' in bench.page("journal/b.ipynb").body


def test_options_of_the_project_hold_for_every_cell(
    bench: Journal, code: Callable[..., Any]
) -> None:
    bench.write("_quarto.yml", CONFIG + "execute:\n  echo: false\nnumber-sections: true\n")
    bench.notebook(
        "journal/a.ipynb",
        "## One\n\n### Two",
        code("hidden()"),
        code("#| echo: true\nshown()", id="d"),
    )
    body = bench.page().body
    assert "hidden()" not in body
    assert "shown()" in body
    assert '<span class="header-section-number">1.1</span>' in body


def test_folding_of_the_project_and_its_exception(bench: Journal, code: Callable[..., Any]) -> None:
    bench.write("_quarto.yml", CONFIG + "format:\n  html:\n    code-fold: show\n")
    bench.notebook(
        "journal/a.ipynb",
        code("a()"),
        code("#| code-fold: false\nb()", id="d"),
        "```python\nc()\n```",
    )
    body = bench.page().body
    assert body.count('<details class="code-fold" open="">') == 1
    assert body.index("<details") < body.index("a()") < body.index("</details>") < body.index("b()")


def test_qmd_shows_its_code_and_runs_nothing(bench: Journal) -> None:
    bench.write(
        "journal/a.qmd",
        "---\ntitle: Q\n---\n\n## S\n\n```{python}\n#| echo: true\nopen('x', 'w')\n```\n\n"
        "```{python}\n#| include: false\nhidden()\n```\n\n```{r}\n#| echo: false\nunseen()\n```\n\n"
        "````\n```{python}\n#| echo: false\nan_example()\n```\n````\n",
    )
    page = bench.page("journal/a.qmd")
    root = lxml.html.fromstring(f"<div>{page.body}</div>")
    blocks = [block.text_content() for block in root.iter("pre")]
    assert blocks == ["open('x', 'w')", "```{python}\n#| echo: false\nan_example()\n```"]
    assert not (bench.root / "x").exists()


needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="needs the command: dot")


@needs_dot
def test_a_graph_is_drawn(bench: Journal) -> None:
    bench.notebook(
        "journal/a.ipynb",
        'See @fig-g.\n\n```{dot}\n//| label: fig-g\n//| fig-cap: "How *it* goes"\n'
        'digraph { first -> second [label="then"] }\n```\n\n```dot\ndigraph { shown }\n```',
    )
    page = bench.page()
    assert page.warnings == ()
    root = lxml.html.fromstring(f"<div>{page.body}</div>")
    figure = root.get_element_by_id("fig-g")
    assert figure.find("figcaption").text_content() == "Figure\u00a01: How it goes"
    assert figure.find(".//svg").text_content().split() == ["first", "second", "then"]
    assert root.find(".//a[@class='xref']").text == "Figure\u00a01"
    assert root.find("./div[@class='sourceCode']").text_content().strip() == "digraph { shown }"


@needs_dot
def test_a_graph_reads_no_file_of_this_machine(bench: Journal, tmp_path: Path) -> None:
    secret = bench.write(
        "own.svg", "<svg xmlns='http://www.w3.org/2000/svg'><text>hush</text></svg>"
    )
    bench.notebook("journal/a.ipynb", f'```{{dot}}\ndigraph {{ a [image="{secret}"] }}\n```')
    body = bench.page().body
    assert "hush" not in body
    assert "own.svg" not in body


@pytest.mark.parametrize("language", ["dot", "mermaid"])
def test_a_diagram_that_cannot_be_drawn_is_shown_and_named(
    language: str, bench: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(bench.root))
    bench.notebook("journal/a.ipynb", f"text\n\n```{{{language}}}\ngraph {{ seen -- too }}\n```")
    page = bench.page()
    assert "seen" in lxml.html.fromstring(page.body).text_content()
    (warning,) = page.warnings
    assert (warning.cell, warning.line, warning.problem) == (2, 4, False)
    assert "is not on PATH" in warning.message


@needs_dot
def test_a_graph_with_an_error_in_it_is_shown_with_what_the_program_said(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "```{dot}\ndigraph { a -> \n```")
    page = bench.page()
    assert "digraph" in page.body
    assert "syntax error" in page.warnings[0].message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("10%\r50%\r100%\n", "100%\n"),
        ("a\r\nb", "a\nb"),
        ("nul\x00 and bell\x07", "nul and bell"),
    ],
)
def test_terminal_text_becomes_plain(text: str, expected: str) -> None:
    assert cell_outputs.plain(text) == expected


def test_markdown_fences_in_outputs_cannot_break_out(
    bench: Journal, code: Callable[..., Any]
) -> None:
    stream = {
        "name": "stdout",
        "output_type": "stream",
        "text": "```\n:::\n## Not a heading\n````\n<script>x</script>\n",
    }
    bench.notebook("journal/a.ipynb", code("loop()", stream), "## After")
    body = bench.page().body
    assert "<h2>Not" not in body
    assert "<script" not in body
    assert "<h2>After</h2>" in body


def test_rendering_again_gives_the_same_bytes(tmp_path: Path) -> None:
    corpus = copy_corpus(tmp_path / "project")
    names = sources.find(corpus)
    first = {
        p.source: p for p in builtin.render(corpus, names, tmp_path / "w") if hasattr(p, "body")
    }  # type: ignore[union-attr]
    figures = {f: f.stat().st_mtime_ns for f in (tmp_path / "w").rglob("*.*")}
    again = builtin.render(corpus, list(reversed(names)), tmp_path / "w", workers=1)
    assert {p.source: p for p in again} == first  # type: ignore[union-attr]
    assert {f: f.stat().st_mtime_ns for f in (tmp_path / "w").rglob("*.*")} == figures


def test_progress_counts_every_page(bench: Journal) -> None:
    for name in "abc":
        bench.notebook(f"journal/{name}.ipynb", "x")
    seen: list[tuple[int, int, str]] = []
    names = sources.find(bench.project)
    list(
        builtin.render(
            bench.project, names, bench.root / ".w", progress=lambda *told: seen.append(told)
        )
    )
    assert [told[:2] for told in seen] == [(1, 3), (2, 3), (3, 3)]
    assert sorted(told[2] for told in seen) == names


def test_nothing_of_the_body_needs_another_host(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "$x$\n\n{{< video https://youtu.be/x >}}\n\n[@ho2020]")
    assert not re.search(r'(?:src|data)="(?:https?:)?//', bench.page().body)


def test_addresses_from_the_root_lead_to_the_page(bench: Journal) -> None:
    bench.notebook("journal/2026/b.ipynb", "x")
    bench.notebook(
        "journal/a.ipynb",
        "[pages](/index.html) [a page](/journal/2026/b.ipynb#x) [its page](/journal/2026/b.html)",
    )
    body = bench.page().body
    for address in ("../index.html", "2026/b.html#x", "2026/b.html"):
        assert f'href="{address}"' in body


def test_a_year_in_bibtex_that_is_no_date_is_shown(bench: Journal) -> None:
    bench.write(
        "journal/own.bib",
        "@book{kim, title={Lamps}, author={Kim, A.}, year={in press, 2031 or so}}\n"
        "@book{lee, title={Lenses}, author={Lee, B.}, year={2019}}\n",
    )
    bench.notebook("journal/a.ipynb", "[@kim; @lee]", front="title: T\nbibliography: own.bib")
    body = bench.page().body
    assert "in press, 2031 or so" in body
    assert "2019" in body


def test_a_date_in_words_in_the_library_is_shown(bench: Journal) -> None:
    entries = [
        {"id": "kim", "type": "book", "title": "Lamps", "issued": {"literal": "forthcoming"}},
        {
            "id": "lee",
            "type": "book",
            "title": "Lenses",
            "issued": {"date-parts": [[2019, 3], [2020]]},
        },
    ]
    bench.write("references.json", json.dumps(entries))
    bench.notebook("journal/a.ipynb", "[@kim; @lee]")
    body = bench.page().body
    assert "forthcoming" in body
    assert "2019" in body
    assert "n.d." not in body
