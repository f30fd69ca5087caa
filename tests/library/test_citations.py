"""What the journal cites, and changing a key without touching anything else."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.errors import NotebookError
from weeknotes.journal import cell_edit, project
from weeknotes.library import citation_use


@pytest.fixture
def journal(tmp_path: Path) -> project.Project:
    (tmp_path / "_quarto.yml").write_text("project:\n  type: website\n")
    (tmp_path / "journal" / "2026").mkdir(parents=True)
    return project.load(tmp_path / "_quarto.yml")


def week(journal: project.Project, name: str, *cells: tuple[str, str]) -> Path:
    made = [cell_edit.new_cell(kind, text, id=f"c{n}") for n, (kind, text) in enumerate(cells)]
    path = journal.journal / "2026" / f"{name}.ipynb"
    path.write_bytes(cell_edit.dump(cell_edit.new_notebook(made, {})))
    return path


@pytest.mark.parametrize(
    ("markdown", "keys"),
    [
        ("## Title [@ho2020]", ["ho2020"]),
        ("[see @a2020, p. 3; -@b_2021:x] and @c2022.", ["a2020", "b_2021:x", "c2022"]),
        ("@{key/with.dots}와 @{b}", ["key/with.dots", "b"]),
        ("@{https://example.org/x}", ["https://example.org/x"]),
        ("mail me@home.org or \\@escaped", []),
        ("`@code` and ``x ` @y`` then @real", ["real"]),
        ("```python\n@decorator\n```\n@real", ["real"]),
        ("~~~\n@a\n~~~\n@real", ["real"]),
        ("    ```\n@behind", ["behind"]),
        ("[his page](https://example.org/@ho2020), by @real", ["real"]),
        ("$x@y$ and <https://example.org/@ho2020> and @real", ["real"]),
        ("<!-- @aside -->", ["aside"]),
        ("@fig-one, @{tbl-two}와 and @sec-three of @figure2020", ["figure2020"]),
        ("nocite: |\n  @a, @*", ["a", "*"]),
        ("(@a)[@b]“@c”—@d", ["a", "b", "c", "d"]),
        ("@key...", ["key"]),
    ],
)
def test_citations_are_pandocs(markdown: str, keys: list[str]) -> None:
    found = list(citation_use.citations(markdown))
    assert [key for key, _ in found] == keys
    assert all(markdown[at:].startswith(key) for key, at in found)


def test_cited_keys_say_where(journal: project.Project) -> None:
    week(
        journal,
        "2026-W47",
        ("raw", "---\ntitle: x\nnocite: |\n  @quiet\n---"),
        ("markdown", "# T\n\nSee [@ho2020]\n@kim2021와"),
        ("code", "x = '@notme'"),
    )
    (journal.root / "about.qmd").write_text("By @ho2020")
    cited = citation_use.cited_keys(journal)
    assert {"quiet", "ho2020", "kim2021", "kim2021와"} == set(cited)
    assert list(map(str, cited["ho2020"])) == [
        "about.qmd, line 1",
        "journal/2026/2026-W47.ipynb, cell 2, line 3",
    ]


@pytest.mark.invalid_notebooks
def test_a_broken_notebook_still_counts(journal: project.Project) -> None:
    path = week(journal, "2026-W47", ("markdown", "a `tick\n[@ho2020] 김 @\u97362021"))
    path.write_bytes(path.read_bytes()[:-20])
    assert {"ho2020", "\u97362021"} <= set(citation_use.cited_keys(journal))
    with pytest.raises(NotebookError):
        citation_use.rewrite(journal, {"ho2020": "new"})
    assert citation_use.rewrite(journal, {"other": "new"}) == []


def test_rewriting_changes_the_keys_and_nothing_else(journal: project.Project) -> None:
    path = week(
        journal,
        "2026-W47",
        ("markdown", "`@old` [@old; @older] @old.\n\n@{old}와 @old-er"),
        ("code", "'@old'"),
    )
    # As another program saved it: other spaces, order and a key of its own.
    data = json.loads(path.read_bytes())
    data["metadata"]["mine"] = {"b": 1, "a": [1.50, "@old"]}
    path.write_text(json.dumps(data, indent=3), encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    assert citation_use.rewrite(journal, {"old": "new2020"}) == ["journal/2026/2026-W47.ipynb"]
    after = path.read_text(encoding="utf-8")
    cell = nbformat.reads(after, as_version=4).cells[0]
    assert cell.source == "`@old` [@new2020; @older] @new2020.\n\n@{new2020}와 @old-er"
    head, tail = (
        before.split('"cells"')[0],
        before[before.index('"metadata": {\n      "mine"') - 50 :],
    )
    assert after.startswith(head)
    assert after.endswith(tail)
    assert citation_use.rewrite(journal, {"old": "new2020"}) == []


@given(st.text(st.sampled_from("ab1@{}`~[];. \n김-_\\:*"), max_size=60))
def test_renaming_there_and_back_changes_nothing(markdown: str) -> None:
    there = citation_use.replaced(markdown, {"a": "zz9"})
    assert citation_use.replaced(there, {"zz9": "a"}) == markdown
    assert "a" not in {key for key, _ in citation_use.citations(there)}
