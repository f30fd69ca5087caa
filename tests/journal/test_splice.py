"""Changing a notebook moves no byte of the author's: shown on notebooks of every layout."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weeknotes.journal import notebooks, cell_edit

words = st.text(max_size=30) | st.sampled_from(
    [
        "## 확산 모델 [@ho2020]\n",
        '"cells": [',
        "]}\n",
        "\\u0041",
        "\u2028\r\n\t",
        "{{title}}",
        "心脏 🫀\n",
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
multiline = words | st.lists(words, max_size=3)
metadata = st.dictionaries(words.filter(lambda key: key != "tags"), values, max_size=2)
outputs = st.lists(
    st.fixed_dictionaries(
        {"output_type": st.just("stream"), "name": st.just("stdout"), "text": multiline}
    )
    | st.fixed_dictionaries(
        {
            "output_type": st.just("display_data"),
            "metadata": metadata,
            "data": st.fixed_dictionaries({"text/plain": multiline, "application/json": values}),
        }
    ),
    max_size=2,
)


@st.composite
def cell_values(draw: st.DrawFn) -> dict[str, Any]:
    cell = {
        "cell_type": draw(st.sampled_from(notebooks.KINDS)),
        "metadata": draw(metadata),
        "source": draw(multiline),
    }
    if cell["cell_type"] == "code":
        cell |= {"outputs": draw(outputs), "execution_count": draw(st.none() | st.integers(0, 99))}
    # Jupyter sorts keys; other programs don't.
    return dict(draw(st.permutations(list(cell.items()))))


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A notebook as some program might have laid it out."""
    minor = draw(st.sampled_from([0, 4, 5]))
    cells = draw(st.lists(cell_values(), max_size=5))
    if minor == 5:
        cells = [cell | {"id": f"c{n}"} for n, cell in enumerate(cells)]
    members = [("cells", cells), ("metadata", draw(metadata)), ("nbformat", 4)]
    members += [("nbformat_minor", minor), ("someone's", draw(values))]
    indent = draw(st.sampled_from([None, 0, 1, 2, 4, "\t"]))
    separators = draw(st.sampled_from([(",", ":"), (",", ": "), (", ", ": ")]))
    text = json.dumps(
        dict(draw(st.permutations(members))),
        indent=indent,
        separators=separators,
        ensure_ascii=draw(st.booleans()),
    )
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    text = (
        draw(st.sampled_from(["", "\ufeff", "\n"])) + text + draw(st.sampled_from(["", "\n", " "]))
    )
    return text.encode()


@settings(max_examples=200, deadline=None)
@given(files(), st.data())
def test_only_what_is_replaced_or_added_changes(data: bytes, draw: st.DataObject) -> None:
    before = notebooks.parse(data, "f")
    count = len(before.cells)
    fresh = cell_values().map(lambda cell: cell | {"id": "new"})
    replace = draw.draw(st.dictionaries(st.integers(1, max(count, 1)), fresh, max_size=count))
    insert = draw.draw(
        st.dictionaries(st.integers(0, count), st.lists(fresh, min_size=1, max_size=2), max_size=3)
    )
    replace = {index: cell for index, cell in replace.items() if index <= count}
    made = cell_edit.change(before, replace=replace, insert=insert)

    after = notebooks.parse(made, "f")
    kinds: list[tuple[str, Any]] = [("new", cell) for cell in insert.get(0, [])]
    for cell in before.cells:
        new = replace.get(cell.index)
        kinds.append(("new", new) if new else ("old", cell))
        kinds += [("new", cell) for cell in insert.get(cell.index, [])]
    assert len(after.cells) == len(kinds)
    for (kind, cell), found, span in zip(kinds, after.cells, after.spans, strict=True):
        if kind == "old":
            begin, end = before.spans[cell.index - 1]
            assert after.text[slice(*span)] == before.text[begin:end]
        else:
            assert found.kind == cell["cell_type"]
            assert found.source == notebooks.joined(cell["source"])
    # What stands before and after the list of cells, byte for byte.
    assert after.text[: after.array[0]] == before.text[: before.array[0]]
    assert after.text[after.array[1] :] == before.text[before.array[1] :]
    ids = [cell.id for cell in after.cells if cell.id]
    assert len(ids) == len(set(ids))
    assert bool(ids) == (before.minor == 5 and bool(after.cells))
    if before.minor < 5:
        assert all("id" not in cell.json for cell in after.cells)


@settings(max_examples=100, deadline=None)
@given(files())
def test_replacing_cells_by_themselves_changes_nothing(data: bytes) -> None:
    before = notebooks.parse(data, "f")
    own = {c.index: {**c.json, "source": c.source} for c in before.cells}
    assert cell_edit.change(before, replace=own) == data
    assert cell_edit.change(before, insert={0: []}) == data


@settings(max_examples=100, deadline=None)
@given(st.lists(cell_values(), max_size=4))
def test_jupyter_would_write_the_same_bytes(cells: list[dict[str, Any]]) -> None:
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    data = cell_edit.dump(cell_edit.new_notebook(cells, {"kernelspec": {"name": "python3"}}))
    node = nbformat.reads(data.decode(), as_version=4)
    assert (nbformat.writes(node) + "\n").encode() == data


def test_added_cells_look_like_those_around_them() -> None:
    cells = [cell_edit.new_cell("markdown", "one", id="one"), cell_edit.new_cell("raw", "two", id="two")]
    third = cell_edit.new_cell("markdown", "three\nlines\nhere", id="three")
    whole = cell_edit.new_notebook([*cells, third], {})
    for indent in (1, 2, "\t"):
        text = json.dumps(json.loads(cell_edit.dump(whole)), indent=indent) + "\n"
        short = json.dumps(json.loads(cell_edit.dump(cell_edit.new_notebook(cells, {}))), indent=indent)
        read = notebooks.parse((short + "\n").encode(), "f")
        assert cell_edit.change(read, insert={2: [third]}).decode() == text


def test_ids_that_are_taken_get_a_number() -> None:
    one = cell_edit.new_cell("markdown", "one", id="note")
    read = notebooks.parse(cell_edit.dump(cell_edit.new_notebook([one], {})), "f")
    made = notebooks.parse(cell_edit.change(read, insert={1: [one, one]}), "f")
    assert [cell.id for cell in made.cells] == ["note", "note-2", "note-3"]


def test_a_generated_cell_keeps_its_name_where_the_format_has_no_ids() -> None:
    text = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}'
    read = notebooks.parse(text.encode(), "f")
    cell = cell_edit.new_cell("markdown", "x", id="highlights-ho2020", tags=["generated"])
    made = notebooks.parse(cell_edit.change(read, insert={0: [cell]}), "f")
    found = made.find("highlights-ho2020")
    assert found is not None
    assert found.generated
    assert found.id == ""


def test_half_a_surrogate_pair_does_not_stop_a_change() -> None:
    source = '{"cells": [{"cell_type": "raw", "metadata": {}, "source": "\\ud83d"}], '
    data = (source + '"metadata": {}, "nbformat": 4, "nbformat_minor": 4}').encode()
    read = notebooks.parse(data, "f")
    cell = cell_edit.new_cell("raw", "\ude00 x", id="x")
    made = cell_edit.change(read, insert={1: [cell]})
    assert made.startswith(data[: read.spans[0][1]])
    assert notebooks.parse(made, "f").cells[1].source == "\ude00 x"


def test_cells_that_are_not_there_cannot_be_replaced() -> None:
    read = notebooks.parse(cell_edit.dump(cell_edit.new_notebook([], {})), "f")
    cell = cell_edit.new_cell("raw", "x", id="x")
    with pytest.raises(IndexError):
        cell_edit.change(read, replace={1: cell})
    with pytest.raises(IndexError):
        cell_edit.change(read, insert={1: [cell]})
