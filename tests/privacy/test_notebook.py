"""Private cells, sections across cells, their outputs and attachments; whole files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from weeknotes.journal import project as projects
from weeknotes.privacy.cut import (
    cut_notebook,
    cut_text,
    mark_notebook,
    may_hold_private,
    without_parameters,
)
from weeknotes.privacy.includes import Includes
from weeknotes.privacy.private_files import Whole, said_in, withheld


def md(text: str, *tags: str, **more: Any) -> dict[str, Any]:
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "markdown", "id": "x", "metadata": metadata, "source": text, **more}


def code(text: str, *tags: str, out: str = "") -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": [out]}] if out else []
    return {**md(text, *tags), "cell_type": "code", "execution_count": 1, "outputs": outputs}


def raw(text: str) -> dict[str, Any]:
    return {**md(text), "cell_type": "raw"}


def cut(*cells: dict[str, Any]) -> str:
    return json.dumps(cut_notebook({"cells": list(cells), "nbformat": 4}).notebook)


def check(*cells: dict[str, Any]) -> None:
    """SECRET is gone, every PUBLIC is left."""
    left = cut(*cells)
    assert "SECRET" not in left
    assert left.count("PUBLIC") == json.dumps(cells).count("PUBLIC")


def test_tagged_cells_go_with_what_belongs_to_them() -> None:
    check(
        md("PUBLIC"),
        md("SECRET", "private", attachments={"SECRET.png": {"image/png": "SECRET"}}),
        code("SECRET", "x", " Private", out="SECRET"),
        {**code("SECRET"), "metadata": {"private": True}},
        code("#| tags: [private]\nSECRET", out="SECRET"),
        raw("PUBLIC"),
    )


def test_marks_that_are_written_in_other_ways() -> None:
    check(
        {**md("SECRET"), "metadata": {"tags": "later, Private"}},
        {**md("SECRET"), "metadata": {"private": "yes"}},
        {**md("SECRET"), "metadata": {"private": 1}},
        {**md("PUBLIC"), "metadata": {"private": "no"}},
        {**md("PUBLIC"), "metadata": {"tags": "private-ish"}},
    )


@pytest.mark.parametrize(
    "options",
    [
        "#| tags:\n#|   - x\n#|   - private",
        "#| classes:\n#| - private",
        "#| {label: a, tags: [private]}",
        "#| private: yes",
        "\n#| class: .private",
        '%%| "tags": ["private"]',
        "//| tags: private",
    ],
)
def test_options_that_mark_a_code_cell(options: str) -> None:
    check(code(f"{options}\nSECRET", out="SECRET"), code("#| private: false\nPUBLIC"))


def test_what_the_notebook_keeps_beside_its_cells_goes() -> None:
    """Jupyter keeps there what the widgets of all cells show, papermill the parameters."""
    shown = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {"value": "SECRET"}}}}
    metadata = {"widgets": shown, "papermill": {"parameters": {"who": "SECRET"}}}
    metadata["kernelspec"] = {"name": "PUBLIC"}
    left = json.dumps(without_parameters({"cells": [md("PUBLIC")], "metadata": metadata}))
    assert "SECRET" not in left
    assert left.count("PUBLIC") == 2


def test_a_section_takes_the_cells_within_it_along() -> None:
    check(
        md("## PUBLIC"),
        md("PUBLIC\n\n## SECRET {.private}\n\nSECRET"),
        code("SECRET", out="SECRET"),
        raw("<p>SECRET"),
        md("### SECRET"),
        md("## PUBLIC"),
        code("PUBLIC", out="PUBLIC"),
    )


def test_a_div_takes_the_cells_within_it_along() -> None:
    check(md("::: {.private}"), code("SECRET", out="SECRET"), md("SECRET\n:::\n\nPUBLIC"))


def test_a_private_cell_may_open_a_section_but_ends_none() -> None:
    check(md("## SECRET {.private}"), md("## SECRET", "private"), code("SECRET"))
    check(md("## SECRET {.private}", "private"), code("SECRET"), md("# PUBLIC"))


def test_the_front_matter_stays() -> None:
    check(raw("---\ntitle: PUBLIC\n---"), md("SECRET", "private"))
    check({**raw("---\ntitle: PUBLIC\n---\n\nSECRET"), "metadata": {"tags": ["private"]}})
    check(md("---\ntitle: PUBLIC\n---\n\n# SECRET {.private}\n\nSECRET"), code("SECRET"))


def test_attachments_of_what_was_cut_go_too() -> None:
    check(
        md(
            "![](attachment:PUBLIC.png) [![SECRET](attachment:SECRET.png)]{.private}",
            attachments={"PUBLIC.png": {"image/png": "PUBLIC"}, "SECRET.png": {"image/png": "x"}},
        )
    )


def test_outputs_that_mark_themselves_go() -> None:
    check(code("PUBLIC", out="## SECRET {.private}\n\nSECRET"))
    html = {"output_type": "display_data", "metadata": {}, "data": {}}
    html["data"] = {"text/html": ['<div class="private">', "SECRET</div>"]}
    check({**code("PUBLIC"), "outputs": [html]})


def test_what_is_left_keeps_its_place() -> None:
    result = cut_notebook(
        {"cells": [md("a", "private"), md("b\n\n## S {.private}\n\nx\n\n## PUBLIC"), code("c")]}
    )
    assert result.numbers == (2, 3)
    text = result.notebook["cells"][0]["source"]
    assert text.split("\n")[6] == "## PUBLIC"
    assert [(part.cell, part.line) for part in result.parts] == [(1, 1), (2, 3)]


def test_odd_cells_are_left_for_the_reader_to_refuse() -> None:
    notebook = {"cells": [None, {"cell_type": "markdown"}, {"cell_type": "x", "source": "y"}]}
    assert cut_notebook(notebook).notebook == notebook
    assert cut_notebook({}).notebook == {"cells": []}


def test_included_files_that_are_private() -> None:
    text = "PUBLIC\n\n{{< include SECRET.md >}}\n\n{{< include PUBLIC.md >}}"
    includes = Includes()
    includes.withheld = lambda name: name == "SECRET.md"  # type: ignore[method-assign]
    public, parts = cut_text(text, includes)
    assert "SECRET" not in public
    assert public.count("PUBLIC") == 2
    assert len(parts) == 1


def test_text_keeps_its_front_matter() -> None:
    public, _ = cut_text("---\ntitle: PUBLIC\n---\n\n# SECRET {.private}\n\nSECRET\n")
    assert public.strip() == "---\ntitle: PUBLIC\n---"


def test_marking_shows_the_same_cells_inside_divs() -> None:
    cells = [md("a"), md("SECRET", "private"), code("SECRET", "private")]
    marked = mark_notebook({"cells": cells}).notebook
    assert [cell["source"] for cell in marked["cells"]] == [
        "a", "::: {.private}", "SECRET", ":::", "::: {.private}", "SECRET", ":::",
    ]  # fmt: skip
    assert len({cell["id"] for cell in marked["cells"][1:4]}) == 3


def test_the_quick_look_sees_escaped_marks() -> None:
    assert may_hold_private(json.dumps(md("x", "private")).encode())
    assert may_hold_private(b'{"tags": ["\\u0070rivate"]}')
    assert not may_hold_private(json.dumps(md("공개")).encode())


@pytest.mark.parametrize(
    ("levels", "why"),
    [
        ([{"private": True}], "private"),
        ([{"draft": True}], "draft"),
        ([{}, {"private": True}], "private"),
        ([{"private": False}, {"private": True}], ""),
        ([{"private": "no"}, {"draft": True}], "draft"),
        ([{"draft": "false"}, {"draft": True}], ""),
        ([{"private": "yes"}], "private"),
        ([{"private": None}, {"private": True}], "private"),
        ([{}, {"private": False}, {"private": True}], ""),
        ([{"format": {"html": {"draft": True}}}], "draft"),
        ([{"title": "private: true"}], ""),
        ([{"Private": True}], "private"),
    ],
)
def test_the_nearest_word_counts(levels: list[dict[str, Any]], why: str) -> None:
    assert withheld(levels) == why


@pytest.mark.parametrize(
    ("texts", "answers"),
    [
        (["---\ntitle: a\n---", "---\nprivate: true\n---"], {"private": True}),
        (["---\ntitle: a\nDraft: yes\n---"], {"draft": True}),
        (["Text.\n\n---\nprivate: true\n...\n\nMore."], {"private": True}),
        (["<!-- a remark -->\n---\nprivate: true\n---"], {"private": True}),
        (["---\nprivate: false\n---", "---\nprivate: true\n---"], {"private": True}),
        (["Text.\n\n---\nprivate: [\n---\n"], {"private": True}),
        # A heading, a rule, and an example are none.
        (["Heading\n---\nprivate: text\n\nNext\n---\n"], {}),
        (["Text\n\n---\n\nprivate: text\n\n---\n"], {}),
        (["As in\n\n```yaml\n\n---\nprivate: true\n---\n```\n"], {}),
    ],
)
def test_yaml_in_any_place_is_asked(texts: list[str], answers: dict[str, bool]) -> None:
    assert said_in(texts) == answers


def write(path: Path, *cells: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    numbered = [{**cell, "id": f"c{n}"} for n, cell in enumerate(cells)]
    whole = {"cells": numbered, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(whole), "utf-8")


def test_whole_files(journal: projects.Project) -> None:
    root = journal.root
    folder = root / "journal" / "x"
    write(folder / "a.ipynb", raw("---\nprivate: true\n---"))
    write(folder / "b.ipynb", raw("---\ntitle: b\n---"), md("a private: true"))
    write(folder / "c.ipynb", raw("---\nprivate: false\n---"))
    write(folder / "deep" / "f.ipynb", raw("---\ntitle: f\n---"))
    write(folder / "deep" / "d.ipynb", md("---\ndraft: true\n---"))
    (folder / "e.qmd").write_text("---\ndraft: true\n---\n")
    names = [path.relative_to(root).as_posix() for path in folder.rglob("*.*")]
    assert sorted(Path(n).name for n in Whole(journal).among(names)) == [
        "a.ipynb", "d.ipynb", "e.qmd",
    ]  # fmt: skip
    (folder / "_metadata.yml").write_text("private: true\n")
    assert len(Whole(journal).among(names)) == 5
    (folder / "deep" / "_metadata.yml").write_text("private: false\n")
    assert len(Whole(journal).among(names)) == 4


def test_what_cannot_be_read_but_says_so_is_private(journal: projects.Project) -> None:
    path = journal.journal / "a.ipynb"
    write(path, raw("---\nprivate: true\ntitle: [\n---"))
    assert Whole(journal).reason("journal/a.ipynb") == "private"
    write(path, raw("---\ntitle: [\n---"))
    assert Whole(journal).reason("journal/a.ipynb") == ""
    (journal.journal / "_metadata.yml").write_text("private: true\nx: [\n")
    assert Whole(journal).reason("journal/a.ipynb") == "private"


def test_a_change_is_seen_though_what_was_read_is_remembered(journal: projects.Project) -> None:
    path = journal.journal / "a.ipynb"
    write(path, raw("---\nprivate: true\n---"))
    assert Whole(journal).among(["journal/a.ipynb"])
    stat = path.stat()
    write(path, raw("---\nprivate: no  \n---"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))
    assert not Whole(journal).among(["journal/a.ipynb"])


def test_drafts_that_the_configuration_names(journal: projects.Project) -> None:
    write(journal.journal / "a.ipynb", raw("---\ntitle: a\n---"))
    journal.config["website"] = {"drafts": ["journal/a.ipynb"]}
    assert Whole(journal).reason("journal/a.ipynb") == "draft"
