"""The script that each notebook goes through under Quarto passes on what Weeknotes rewrites."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from weeknotes.engines.jupyter_markdown import as_pandoc

SCRIPT = Path(__file__).parents[2] / "scripts" / "ipynb_filter.py"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """The names of the script, which is not run."""
    source = SCRIPT.read_text("utf-8").partition("\nraise SystemExit")[0]
    names: dict[str, Any] = {"__file__": str(SCRIPT), "__name__": "ipynb_filter"}
    exec(compile(source, str(SCRIPT), "exec"), names)
    return names


@pytest.mark.parametrize(
    "text",
    [
        "a\n\n---\n\nb",
        "---\nlamp: warm\n---",
        "[Later]: the lamp was cold",
        "[2]: Ho, 2020",
        "|a|b|\n|-|\n|1|2|",
        "a|b\n-|-\n1|2|3",
        "a | b\n:--|\n1|2",
        "|a|\n|-|\n|`x\\|y`|",
        "## Notes on F#",
        "so\n\n```python\nx = 1",
        "- it\n\n  ~~~\n  y",
        '```python title="x y.py"\nx\n```',
        "```{code-cell} ipython3\nx\n```",
        "> ```js run=true\n> x\n> ```",
        "with $ \\gamma $",
        "D:\\Data and \\\\server\\x",
    ],
)
def test_all_that_is_rewritten_is_known_to_the_script(text: str, script: dict[str, Any]) -> None:
    assert as_pandoc(text) != text
    for lines in (text, text.splitlines(keepends=True)):
        assert script["is_odd_cell"]({"cell_type": "markdown", "source": lines})


@pytest.mark.parametrize(
    "text",
    ["Words.", "## Notes\n\n- a\n- b", "```python\nx\n```", "[2]: http://a.example 'T'", "a - b"],
)
def test_plain_text_takes_the_short_way(text: str, script: dict[str, Any]) -> None:
    assert as_pandoc(text) == text
    assert not script["is_odd_cell"]({"cell_type": "markdown", "source": text})


def test_texts_of_outputs_are_lists_of_lines() -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "a\nb\n"},
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "c\nd"}},
    ]
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": "x", "outputs": outputs}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    done = subprocess.run(
        [sys.executable, SCRIPT],
        input=json.dumps(notebook).encode(),
        capture_output=True,
        check=True,
    )
    (passed,) = json.loads(done.stdout)["cells"]
    assert passed["outputs"][0]["text"] == ["a\n", "b\n"]
    assert passed["outputs"][1]["data"]["text/plain"] == ["c\n", "d"]
