from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.journal import frontmatter
from weeknotes.errors import NotebookError


def test_values_as_quarto_reads_them() -> None:
    meta = frontmatter.parse(
        "---\ntitle: Lesen\ndate: 2026-11-16\nweek: 2026-W47\nlang: no\ndraft: true\n"
        "count: 012\nratio: 1.5\nempty:\ntime: 12:30\ncategories: [확산 모델, 扩散模型]\n---\n\nText"
    )
    assert meta == {
        "title": "Lesen",
        "date": "2026-11-16",
        "week": "2026-W47",
        "lang": "no",
        "draft": True,
        "count": 12,
        "ratio": 1.5,
        "empty": None,
        "time": "12:30",
        "categories": ["확산 모델", "扩散模型"],
    }
    assert json.loads(json.dumps(meta)) == meta


@pytest.mark.parametrize(
    "source", ["", "Text", "--- no\n", "---\ntitle: x\n", "text\n---\na: 1\n---"]
)
def test_no_front_matter(source: str) -> None:
    assert frontmatter.parse(source) == {}


def test_line_ends_of_every_system() -> None:
    assert frontmatter.parse("---\r\na: 1\r\nb: x\r\n---\r\n") == {"a": 1, "b": "x"}
    assert frontmatter.parse("\n---\na: 1\n...\n") == {"a": 1}


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("---\ntitle: A: B\n---", 2, "mapping values"),
        ("---\na: 1\nb: [1\n---", 4, "expected"),
        ("---\na: 1\nb: 2\na: 3\n---", 4, "'a' occurs twice"),
        ("---\n- a\n- b\n---", 2, "must be keys with values"),
        ("---\nx: 1\na: !!python/name:os.system\n---", 3, "constructor"),
        ("---\na: !!int many\n---", 2, "cannot be read"),
        ("---\na: &a [*a]\n---", 2, "recursive"),
        ("---\na: !!set {x}\n---", 2, "constructor"),
    ],
)
def test_what_is_not_front_matter_is_named_with_its_line(source: str, line: int, says: str) -> None:
    with pytest.raises(NotebookError, match=says) as caught:
        frontmatter.parse(source, file="journal/2026/2026-W47.ipynb", cell=1)
    assert caught.value.where == f"journal/2026/2026-W47.ipynb, cell 1, line {line}"


@given(st.text())
def test_any_text_survives_quoting(text: str) -> None:
    quoted = frontmatter.quote(text)
    assert "\n" not in quoted
    assert frontmatter.parse(f"---\na: {quoted}\nb: [{quoted}]\n---\n") == {"a": text, "b": [text]}
