"""Posts and notebooks that pandoc reads: Quarto, Jupyter, org-mode, reStructuredText, Zotero."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import FIXTURES, Import

POST = "2024/2024-07-01-bells-that-count.ipynb"


def test_a_post_of_quarto_stays_as_it_is(take: Import) -> None:
    made = take(FIXTURES / "quarto")
    cells = made.notebook(POST)["cells"]
    assert [cell["cell_type"] for cell in cells] == [
        "raw",
        "markdown",
        "markdown",
        "code",
        "markdown",
        "markdown",
    ]
    text = made.text(POST)
    assert "[@kim2024, p. 3; @lee2019], says @kim2024; ask a@b.example, see @fig-bell." in text
    assert "## The bell {#sec-bell}" in text
    assert 'bell.png "of bronze"){#fig-bell width=50%}' in text
    assert "### A hint\nCount twice, $3 < 5$.[^1]" in text
    assert "### Setext heading\n" in text
    assert "H~2~O and x^2^, ==not marked==." in text
    assert "".join(cells[3]["source"]) == "#| label: fig-count\n1 + 1"
    assert made.report.papers_new == ["kim2024", "lee2019"]
    library = {e["id"]: e for e in json.loads(made.journal.library_path.read_text("utf-8"))}
    assert library["kim2024"]["container-title"] == "Journal of Bells"


def test_nothing_in_a_post_runs_or_reads_files(take: Import, tmp_path: Path) -> None:
    post = tmp_path / "blog" / "post.qmd"
    post.parent.mkdir()
    (tmp_path / "secret.bib").write_text("@book{s, title={Secret}}\n", "utf-8")
    (tmp_path / "secret.png").write_bytes((FIXTURES / "quarto/posts/bells/bell.png").read_bytes())
    post.write_text(
        "---\ntitle: P\ndate: 2024-07-01\nbibliography: ../secret.bib\n---\n\n"
        'Text [@s] ![p](../secret.png){onerror="x()"} [l](javascript:alert(1)) '
        "<img src=x onerror=alert(2)> {{< include /etc/hostname >}}\n\n"
        "```{ojs}\nalert(3)\n```\n\n```{=html}\n<script>alert(4)</script>\n```\n\n"
        "<script>alert(5)</script>\n\n<iframe srcdoc='<script>alert(6)</script>'></iframe>\n",
        "utf-8",
    )
    made = take(post)
    text = "\n".join(made.cells("2024/2024-07-01-p.ipynb")[:1])
    assert "Secret" not in made.journal.library_path.read_text("utf-8")
    assert made.report.images["missing"] == 2
    for sign in ("onerror", "javascript:", "<script", "srcdoc", "{ojs}", "{{< include"):
        assert sign not in text, sign


@pytest.mark.parametrize("flag", ["draft: true", "draft: yes"])
def test_a_draft_of_quarto_stays_a_draft(take: Import, flag: str) -> None:
    made = take(f"---\ntitle: 종\ndate: 2024-07-03\n{flag}\n---\n\nText.\n", name="a.qmd")
    assert "draft: true" in made.front(made.names[0])


def test_code_cells_stay_code_cells_with_their_outputs(take: Import) -> None:
    made = take(FIXTURES / "jupyter")
    name = "2024/2024-07-01-bells-in-a-notebook.ipynb"
    cells = made.notebook(name)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == [3, 4]
    assert "".join(code[0]["source"]) == 'x = "a ``` b"\nx'
    assert code[0]["outputs"][0]["data"]["text/plain"] in ("'```'", ["'```'"])
    assert code[0]["outputs"][1]["output_type"] == "stream"
    shown = json.dumps(code[1]["outputs"])
    assert "<td>7</td>" in shown
    assert "image/png" in shown
    assert "alert" not in shown
    assert "onclick" not in shown
    assert "embedded.png" in made.text(name)
    assert "## [Bells that hum](https://arxiv.org/abs/2407.00061)" in made.text(name)
    other = made.notebook("2024/2024-06-11-tong.ipynb")
    assert other["metadata"]["kernelspec"]["language"] == "R"


def test_a_second_import_of_notebooks_and_posts_changes_nothing(take: Import) -> None:
    for family in ("quarto", "jupyter", "org", "rst", "zotero"):
        before = take(FIXTURES / family).bytes()
        again = take(FIXTURES / family)
        assert again.report.ok
        assert again.bytes() == before, family


def test_an_output_that_changed_is_brought_over(take: Import, tmp_path: Path) -> None:
    path = tmp_path / "2024-07-01-run.ipynb"
    notebook = json.loads((FIXTURES / "jupyter" / "2024-06-11-铜.ipynb").read_text("utf-8"))
    path.write_text(json.dumps(notebook), "utf-8")
    take(path)
    notebook["cells"][1]["outputs"][0]["text"] = ["[1] 2\n"]
    path.write_text(json.dumps(notebook), "utf-8")
    made = take(path)
    (cell,) = [c for c in made.notebook(made.names[0])["cells"] if c["cell_type"] == "code"]
    assert "".join(cell["outputs"][0]["text"]) == "[1] 2\n"


def test_org_mode(take: Import) -> None:
    made = take(FIXTURES / "org")
    text = made.text(POST)
    assert "Links go to another note and [the web](https://example.org)" in text
    assert "- [ ] once\n- [x] twice" in text
    assert "org}" not in text
    kept = json.dumps(made.notebook(POST)["metadata"], ensure_ascii=False)
    assert "b7503ab8-0000" in kept
    assert "a remark that is not exported" in kept
    assert "SCHEDULED" in kept
    assert 'tags: ["bells", "counting"]' in made.front(POST)
    assert made.report.images["copied"] == 1


def test_restructured_text(take: Import) -> None:
    made = take(FIXTURES / "rst")
    text = made.text(POST)
    assert "{.callout-note}\nCount twice." in text
    assert '``` python\nprint("bell")\n```' in text
    assert "a remark that nobody sees" in json.dumps(made.notebook(POST)["metadata"])
    assert "2024/2024-07-03-jongeul-seneun-beop.ipynb" in made.names


def test_documentation_in_restructured_text_is_no_journal(take: Import, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "install.rst").write_text("Install\n=======\n\npip install it\n", "utf-8")
    made = take(folder)
    assert made.names == []
    assert not made.report.ok


def test_a_note_of_zotero(take: Import) -> None:
    made = take(FIXTURES / "zotero")
    text = made.text("undated/bells-that-count.ipynb")
    assert text.startswith("## Bells that count [@kim2024bells]")
    assert (
        "[“Counting is hard”](zotero://open-pdf/library/items/WXYZ6789?page=2&annotation=HJKL2345)"
        in text
    )
    assert "zotero://select/library/items/ABCD1234" in text
    library = {e["id"]: e for e in json.loads(made.journal.library_path.read_text("utf-8"))}
    assert library["kim2024bells"]["DOI"] == "10.1000/bells.9"
    assert len(library["kim2024bells"]["author"]) == 2
    assert not any(e["title"].startswith("Annotations") for e in library.values())


def test_a_listing_without_text_is_no_page(take: Import, tmp_path: Path) -> None:
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "index.qmd").write_text(
        "---\ntitle: Posts\nlisting: {contents: posts}\n---\n", "utf-8"
    )
    (folder / "2024-07-01-a.qmd").write_text("---\ntitle: A\n---\n\nText.\n", "utf-8")
    made = take(folder)
    assert made.names == ["2024/2024-07-01-a.ipynb"]
    assert any("index.qmd" in str(remark) for remark in made.report.skipped)
    assert take(folder).report.ok


def test_each_file_that_is_not_taken_is_named_with_the_nearest_format(
    take: Import, tmp_path: Path
) -> None:
    repo = tmp_path / "knobs"
    repo.mkdir()
    (repo / "README.md").write_text("# Knobs\n\nTurn one.\n", "utf-8")
    (repo / "CHANGES.md").write_text("# Changes\n\n## 0.3.0 (2024-06-01)\n\n- New.\n", "utf-8")
    made = take(repo)
    assert not made.report.ok and not made.names
    said = {remark.source: remark.text for remark in made.report.unrecognised}
    assert "nearest is worklog: dates of versions" in said["knobs/CHANGES.md"]
    assert "nearest is blog" in said["knobs/README.md"]
    assert "0 weeks" not in made.report.to_text()


def test_what_is_not_there_or_holds_nothing_to_read_is_said_alone(
    take: Import, tmp_path: Path
) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "page.pdf").write_bytes(b"%PDF-1.4")
    made = take(tmp_path / "scans", tmp_path / "nothing")
    assert not made.report.ok
    text = made.report.to_text()
    assert "scans: no file in it is of a kind that an import reads" in text
    assert "nothing: no such file or folder" in text
    assert "0 weeks" not in text


def test_a_notebook_of_an_older_format_comes_in_with_its_code_and_outputs(
    take: Import, tmp_path: Path
) -> None:
    output = {"output_type": "pyout", "prompt_number": 3, "text": ["4"], "metadata": {}}
    cells = [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Bells that count"]},
        {"cell_type": "markdown", "metadata": {}, "source": ["They ring."]},
        {
            "cell_type": "code",
            "language": "python",
            "metadata": {},
            "collapsed": False,
            "input": ["2 + 2"],
            "outputs": [output],
            "prompt_number": 3,
        },
    ]
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells}],
    }
    path = tmp_path / "bells.ipynb"
    path.write_text(json.dumps(old), encoding="utf-8")
    made = take(path)
    name = "undated/bells.ipynb"
    assert "They ring." in made.text(name)
    code = [cell for cell in made.notebook(name)["cells"] if cell["cell_type"] == "code"]
    assert "".join(code[0]["source"]) == "2 + 2" and code[0]["execution_count"] == 3
    assert "4" in str(code[0]["outputs"])
