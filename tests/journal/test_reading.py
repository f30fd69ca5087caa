from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from weeknotes.journal import notebooks, cell_edit
from weeknotes.errors import NotebookError

FILE = "journal/2026/2026-W47.ipynb"


def notebook(cells: Any, **members: Any) -> bytes:
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | members
    return json.dumps(whole, ensure_ascii=False).encode()


def markdown(source: Any = "text", **members: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "a", "metadata": {}, "source": source} | members


def test_cells_as_they_stand() -> None:
    code = cell_edit.new_cell("code", "1 + 1", id="sum", tags=["generated"])
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["2"]}]
    read = notebooks.parse(notebook([markdown(["# 제목\n", "text"]), code]), FILE)
    first, second = read.cells
    assert (first.index, first.kind, first.source) == (1, "markdown", "# 제목\ntext")
    assert not first.generated
    assert (second.index, second.id, second.tags) == (2, "sum", ("generated",))
    assert second.generated
    assert second.outputs[0]["text"] == ["2"]
    assert read.find("sum") is second
    assert read.tagged("generated") is second
    assert [read.text[a:b] for a, b in read.spans] == [
        json.dumps(c.json, ensure_ascii=False) for c in read.cells
    ]


def test_front_matter_is_the_first_raw_cell_that_holds_yaml() -> None:
    raw = {"cell_type": "raw", "id": "r", "metadata": {}}
    read = notebooks.parse(
        notebook(
            [
                markdown("---\ntitle: not this\n---"),
                raw | {"source": "<b>nor this</b>"},
                raw | {"source": ["---\n", "title: this\n", "---"]},
            ]
        ),
        FILE,
    )
    assert read.front_matter == {"title": "this"}
    assert read.front_matter_cell is read.cells[2]
    assert notebooks.parse(notebook([markdown()]), FILE).front_matter == {}


def test_front_matter_that_is_not_yaml_names_the_cell_and_the_line() -> None:
    raw = {"cell_type": "raw", "id": "r", "metadata": {}, "source": "---\na: 1\nb: c: d\n---"}
    read = notebooks.parse(notebook([markdown(), raw]), FILE)
    with pytest.raises(NotebookError) as caught:
        _ = read.front_matter
    assert caught.value.where == f"{FILE}, cell 2, line 3"


@pytest.mark.parametrize(
    ("data", "where", "says"),
    [
        (b"", FILE, "the file is empty"),
        (b" \n", FILE, "the file is empty"),
        (b"Dear diary", f"{FILE}, line 1", "not valid JSON"),
        (b'{\n "cells": [\n  {},\n ]\n}', f"{FILE}, line 3", "trailing comma"),
        (b'{"cells": []} {}', f"{FILE}, line 1", "Extra data"),
        (b'{"cells": [', f"{FILE}, line 1", "not valid JSON"),
        (b'{"cells": [],\n"cells": []}', FILE, "occurs twice"),
        (b'{\n<<<<<<< HEAD\n "cells"', f"{FILE}, line 2", "not valid JSON"),
        (b"[]", FILE, "not an object"),
        (b'{"cells": ' + b"[" * 200_000, FILE, "not a notebook"),
        (b'{"a": "\xff"}', f"{FILE}, line 1", "not UTF-8"),
        ('{\n"a": "한"}'.encode("utf-16"), f"{FILE}, line 1", "not UTF-8"),
        (b"{}", FILE, "no 'nbformat' number"),
        (b'{"nbformat": 3, "worksheets": []}', FILE, "of an old format: nbformat 3"),
        (notebook([], nbformat=5), FILE, "newer than Weeknotes knows"),
        (notebook([], metadata=None), FILE, "'metadata' must be an object"),
        (notebook({}), FILE, "'cells' must be a list"),
        (notebook([markdown(), 7]), f"{FILE}, cell 2", "not an object"),
        (notebook([markdown(cell_type="heading")]), f"{FILE}, cell 1", "'heading'"),
        (notebook([markdown(metadata=[])]), f"{FILE}, cell 1", "'metadata'"),
        (notebook([markdown(["a", 1])]), f"{FILE}, cell 1", "'source'"),
        (notebook([markdown(cell_type="code")]), f"{FILE}, cell 1", "'outputs'"),
        (
            notebook([markdown(cell_type="code", outputs=[{"output_type": "pyout"}])]),
            f"{FILE}, cell 1",
            "an output is not of a kind",
        ),
    ],
)
def test_what_is_no_notebook_is_named_with_its_place(data: bytes, where: str, says: str) -> None:
    with pytest.raises(NotebookError, match=says) as caught:
        notebooks.parse(data, FILE)
    assert caught.value.where == where


@pytest.mark.invalid_notebooks
def test_an_old_format_is_refused_with_the_way_out(tmp_path: Path) -> None:
    old = tmp_path / "old.ipynb"
    old.write_text(json.dumps({"metadata": {}, "nbformat": 3, "worksheets": []}))
    with pytest.raises(NotebookError) as caught:
        notebooks.read(old)
    assert caught.value.hint == "Convert it: weeknotes check --fix"


def test_a_conflict_that_git_left_is_called_that() -> None:
    with pytest.raises(NotebookError, match="merge conflict"):
        notebooks.parse(b'{"cells": [\n<<<<<<< HEAD\n{}', FILE)


def test_49_megabytes_are_read_and_50_are_refused_with_the_cell() -> None:
    figure = {"output_type": "display_data", "metadata": {}, "data": {"image/png": ""}}
    code = cell_edit.new_cell("code", "plot()", id="figure")
    for size, fits in ((49_000_000, True), (50_000_000, False)):
        figure["data"] = {"image/png": "A" * size}
        data = notebook([markdown(), code | {"outputs": [figure]}, markdown(id="c")])
        if fits:
            assert len(notebooks.parse(data, FILE).cells) == 3
        else:
            with pytest.raises(NotebookError, match="too large: 50") as caught:
                notebooks.parse(data, FILE)
            assert caught.value.cell == 2
            assert "output" in str(caught.value.hint)


def test_a_byte_order_mark_and_formats_without_ids_do_no_harm() -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": "text"}
    read = notebooks.parse(b"\xef\xbb\xbf" + notebook([cell], nbformat_minor=2), FILE)
    assert (read.minor, read.cells[0].id) == (2, "")


def test_reading_loads_neither_nbformat_nor_pandas() -> None:
    code = (
        "import sys, weeknotes.journal.notebooks, weeknotes.journal.cell_edit, weeknotes.journal.week_files, weeknotes.actions.create\n"
        "print([m for m in ('nbformat', 'pandas', 'papermill', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
