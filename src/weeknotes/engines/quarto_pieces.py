"""The texts of a source that Quarto reads, whatever they are to Jupyter, for the guard to look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_FENCE = "```"
#: Fenced code between blank lines, in which nothing else looks like a fence.
_FENCED = re.compile(
    r"(?:\A|(?<=\n\n))(`{3,})[^`\n]*\n(?:(?![ \t>]*(?:`{3}|~{3}))[^\n]*\n)*\1[ \t]*"
    r"(?=\n[ \t]*\n|\n?\Z)"
)


def pieces_of(source: str, data: bytes) -> Iterator[tuple[int | None, str, bool]]:
    """The texts of a source that Quarto reads, each with the number of its cell, and whether Quarto
    shows it as code, so that no block of YAML can be in it."""
    if not source.endswith(".ipynb"):
        yield None, data.decode("utf-8-sig", "replace").replace("\r\n", "\n"), False
        return
    for text in strings_in(notebook_in(data).get("metadata")):
        yield None, text, False
    # With the option `output: asis`, what a cell prints is Markdown.
    printed_as_code = b"asis" not in data
    for number, cell in cells_of(source, data):
        for part in ("source", "metadata"):
            is_code = part == "source" and cell.get("cell_type") == "code"
            for text in strings_in(cell.get(part)):
                yield number, text, is_code and _FENCE not in text
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            is_code = (
                printed_as_code
                and isinstance(output, dict)
                and output.get("output_type") == "stream"
            )
            for text in strings_in(output):
                yield number, text, is_code and _FENCE not in text


def without_code(text: str) -> str:
    """``text`` with its fenced code as lines of dots where there can be no doubt what is code: to
    Quarto, which goes by a pattern, and to pandoc."""
    bare = _FENCED.sub(lambda match: re.sub(r"[^\n]+", ".", match[0]), text)
    return text if re.search(r"(?m)^[ \t>]*(?:```|~~~)", bare) or "<!--" in text else bare


def cells_of(source: str, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    """The cells of a notebook with their numbers; none for what is no notebook."""
    cells = notebook_in(data).get("cells") if source.endswith(".ipynb") else None
    found = enumerate(cells if isinstance(cells, list) else [], 1)
    return [(number, cell) for number, cell in found if isinstance(cell, dict)]


def notebook_in(data: bytes) -> dict[str, Any]:
    """The notebook, empty for what is none: reading it as a source tells what is wrong."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return notebook if isinstance(notebook, dict) else {}


def strings_in(value: Any) -> Iterator[str]:
    """Every text in `value`, plain JSON; lines that are in a list are one text."""
    if isinstance(value, str):
        yield value.replace("\r\n", "\n").replace("\r", "\n")
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value) and "\n" in "".join(value[:-1]):
            yield from strings_in("".join(value))
            return
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not (str(key).startswith(("image/", "audio/", "video/")) and "svg" not in str(key)):
                yield from strings_in(item)
