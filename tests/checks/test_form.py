"""Invalid notebooks: the same are found as by nbformat's own schema."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from tests.checks.conftest import WEEK, Journal
from tests.privacy.conftest import cell

Json = dict[str, Any]
SHOWN = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": ["x"]}}
RESULT = {**SHOWN, "output_type": "execute_result", "execution_count": 1}
STREAM = {"output_type": "stream", "name": "stdout", "text": "x"}
ERROR = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]}


def top(**values: Any) -> Callable[[Json], Any]:
    return lambda notebook: notebook.update(values)


def meta(**values: Any) -> Callable[[Json], Any]:
    return lambda notebook: notebook["metadata"].update(values)


def text_cell(**values: Any) -> Callable[[Json], Any]:
    return lambda notebook: notebook["cells"][1].update(values)


def code_cell(**values: Any) -> Callable[[Json], Any]:
    return lambda notebook: notebook["cells"][2].update(values)


def outputs(*values: Json) -> Callable[[Json], Any]:
    return code_cell(outputs=list(values))


def without(value: Json, *names: str) -> Json:
    return {key: other for key, other in value.items() if key not in names}


CHANGES: list[Callable[[Json], Any]] = [
    top(),
    top(nbformat_minor="5"),
    top(nbformat_minor=-1),
    top(more=1),
    top(metadata=[]),
    top(cells={}),
    meta(kernelspec=1),
    meta(kernelspec={"name": "x"}),
    meta(kernelspec={"name": "x", "display_name": "y"}),
    meta(language_info={}),
    meta(language_info={"name": "x"}),
    meta(title=1),
    meta(authors={}),
    meta(x=1),
    text_cell(outputs=[]),
    text_cell(metadata={"tags": "private"}),
    text_cell(metadata={"tags": ["a", "a"]}),
    text_cell(metadata={"tags": ["a,b"]}),
    text_cell(metadata={"tags": ["a"]}),
    text_cell(source=1),
    text_cell(attachments=[]),
    text_cell(attachments={"a": {"image/png": "x"}}),
    text_cell(attachments={"a": 1}),
    text_cell(cell_type="heading"),
    text_cell(source=["a", 1]),
    text_cell(metadata=None),
    code_cell(execution_count="1"),
    code_cell(execution_count=None),
    code_cell(execution_count=-1),
    code_cell(execution_count=1.5),
    lambda n: n["cells"][2].pop("execution_count"),
    code_cell(attachments={}),
    lambda n: n["cells"][2].pop("outputs"),
    code_cell(outputs={}),
    outputs(SHOWN),
    outputs(RESULT),
    outputs(STREAM),
    outputs(ERROR),
    outputs(without(SHOWN, "data")),
    outputs(without(SHOWN, "metadata")),
    outputs(without(RESULT, "execution_count")),
    outputs(without(STREAM, "name")),
    outputs(without(STREAM, "text")),
    outputs(without(ERROR, "traceback")),
    outputs({**ERROR, "traceback": "t"}),
    outputs({**SHOWN, "data": []}),
    outputs({**SHOWN, "data": {"text/plain": 1}}),
    outputs({**SHOWN, "data": {"application/json": 1}}),
    outputs({**SHOWN, "data": {"application/vnd.x+json": [1]}}),
    outputs({**STREAM, "name": 1}),
    outputs({**SHOWN, "more": 1}),
    outputs({"output_type": "other"}),
    outputs({**ERROR, "evalue": None}),
]


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_a_notebook_is_invalid_where_nbformat_says_so(sound: Journal, number: int) -> None:
    sound.put("x", cells=[cell("code", "c", "x = 1")])
    path = sound.root / WEEK
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][1:] = copy.deepcopy(notebook["cells"][2:])
    CHANGES[number](notebook)
    path.write_text(json.dumps(notebook, indent=1) + "\n", "utf-8")
    try:
        nbformat.validate(copy.deepcopy(notebook))
        valid = True
    except (nbformat.ValidationError, AssertionError, AttributeError, TypeError):
        valid = False
    invalid = [f for f in sound.found() if f.rule == "notebook-invalid"]
    assert (not invalid) == valid, [f.message for f in invalid]
