from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.actions import templates
from weeknotes.errors import TemplateError
from weeknotes.journal import cell_edit, frontmatter
from weeknotes.journal.project import Project

NASTY = "a \"b\": c # \\ 'x' {y} [z] & *w\n--- | 한 扩 \u2028"


def put(journal: Project, *cells: dict[str, Any], name: str = "own") -> templates.Template:
    path = journal.templates / f"{name}.ipynb"
    path.write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {})))
    return templates.load(journal, name)


PARAMETERS = cell_edit.new_cell(
    "code", "week = title = ''\nlang: str = 'en'", id="p", tags=["parameters"]
)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('x: "{{title}}"', NASTY),
        ("x: '{{ title }}'", NASTY),
        ("x: {{title}}", NASTY),
        ('x: "Report \\"{{title}}\\""', f'Report "{NASTY}"'),
        ("x: 'it''s {{title}}' # why", f"it's {NASTY}"),
        ("x: of {{title}} and {{title}}", f"of {NASTY} and {NASTY}"),
        ("x: [{{title}}, {{title}}]", [NASTY, NASTY]),
        ("x: {{tags}}", ["a: b", "c"]),
        ('x: "{{start}}"', "2026-11-16"),
        ("x: {{no}}", "no"),
        ("x: {{number}}", 7),
        ("x: '{{digits}}'", "007"),
    ],
)
def test_values_in_front_matter_stay_one_value(line: str, value: object) -> None:
    parameters = {"title": NASTY, "tags": ["a: b", "c"], "start": "2026-11-16", "no": "no"}
    parameters |= {"number": 7, "digits": "007"}
    filled = templates.fill_yaml(f"---\nbefore: 1\n{line}\nafter: 2\n---", parameters)
    assert frontmatter.parse(filled) == {"before": 1, "x": value, "after": 2}


@given(st.text())
def test_any_title_stays_one_value(title: str) -> None:
    for line in ('x: "{{t}}"', "x: {{t}}", "x: about {{t}}!"):
        filled = templates.fill_yaml(f"---\n{line}\ny: 1\n---", {"t": title})
        expected = {} if title == "" and "about" not in line else {"x": line[3:].strip('"')}
        expected = {k: v.replace("{{t}}", title) for k, v in expected.items()}
        assert frontmatter.parse(filled) == expected | {"y": 1}


def test_a_key_with_nothing_to_say_goes() -> None:
    assert templates.fill_yaml('a: "{{x}}"\nb: 1', {"x": ""}) == "b: 1"


def test_markdown_takes_the_text_as_it_is_and_leaves_no_hole() -> None:
    source = "## Tasks\n\n{{carry_over}}\n\n$\\frac{{a}}{b}$ {{week}}\n"
    filled = templates.fill_markdown(source, {"carry_over": "- [ ] a\n- [ ] b", "week": "W"})
    assert filled == "## Tasks\n\n- [ ] a\n- [ ] b\n\n$\\frac{{a}}{b}$ W"
    filled = templates.fill_markdown(source, {"carry_over": "", "week": "W"})
    assert filled == "## Tasks\n\n$\\frac{{a}}{b}$ W"


def test_a_parameter_that_the_template_does_not_know(journal: Project) -> None:
    template = put(journal, cell_edit.new_cell("markdown", "x", id="m"), PARAMETERS)
    template.check({"week": 1, "title": 2, "lang": 3})
    with pytest.raises(TemplateError, match="does not know the parameter 'reading'") as caught:
        template.check({"week": 1, "reading": []})
    assert caught.value.where == "notebooks/own.ipynb, cell 2"
    with pytest.raises(TemplateError, match="'week'") as caught:
        put(journal, name="none").check({"week": 1})
    assert "tag 'parameters'" in str(caught.value.hint)


def test_a_placeholder_that_no_parameter_fills(journal: Project) -> None:
    raw = cell_edit.new_cell("raw", "---\ntitle: {{titel}}\n---", id="r")
    with pytest.raises(TemplateError, match="no parameter is called 'titel'") as caught:
        put(journal, PARAMETERS, raw).filled({"title": ""})
    assert caught.value.where == "notebooks/own.ipynb, cell 2, line 2"


def test_a_template_whose_front_matter_is_not_yaml(journal: Project) -> None:
    raw = cell_edit.new_cell("raw", "---\ntitle: x\n date: y\n---", id="r")
    with pytest.raises(TemplateError, match="not valid YAML") as caught:
        put(journal, PARAMETERS, raw).filled({})
    assert caught.value.cell == 2


@pytest.mark.parametrize("name", ["wekly", "", ".", "../notebooks/weekly", "/etc/passwd", "a\nb"])
def test_a_template_that_is_not_there(journal: Project, name: str) -> None:
    with pytest.raises(TemplateError, match="there is no template") as caught:
        templates.load(journal, name)
    assert caught.value.hint is not None
    assert caught.value.hint.startswith(
        "There are: day, digest, experiment, meeting, note, paper, weekly."
    )


def test_a_parameters_cell_that_is_not_python(journal: Project) -> None:
    cell = cell_edit.new_cell("code", "week = 1\nlang <- 'en'\n%%x", id="p", tags=["parameters"])
    with pytest.raises(TemplateError, match="not Python") as caught:
        put(journal, cell).check({"week": 1})
    assert (caught.value.cell, caught.value.line) == (1, 3)
