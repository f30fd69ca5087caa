"""One output of a code cell as Markdown.

Which representation is shown, and how figures are named, follows what Quarto does with executed
notebooks: HTML before Markdown before images before text.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weeknotes.engines.latex_outputs import is_math
from weeknotes.engines.source_reading import joined

IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif"}
_PRIORITY = ("text/html", "text/markdown", *IMAGES, "text/plain")
# CSI sequences (colours, cursor), OSC sequences (titles, links) and single escapes: ECMA-48.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
TEXT_LIMIT = 100_000
"""Characters of one text output that are shown; more is a runaway loop, and slow in any browser."""


@dataclass(frozen=True)
class ShownOutput:
    """The form in which an output is shown: `kind` is "html", "markdown", "text" or "image".

    `text` is the HTML, Markdown or plain text; an image has `data` and its file `extension`, and
    `width` and `height` where the notebook names them.
    """

    kind: str
    text: str = ""
    data: bytes = b""
    extension: str = ""
    width: str = ""
    height: str = ""
    problem: str = ""


def show(output: Mapping[str, Any]) -> ShownOutput:
    """The form in which `output`, one of nbformat's four kinds, is shown."""
    kind = output["output_type"]
    try:
        if kind == "stream":
            text = joined(output.get("text", ""))
            if output.get("name") == "stderr":
                text = re.sub(r"\A<ipython-input.*?>:\d+:\s+", "", text)
            return _text(text)
        if kind == "error":
            return _error(output)
        return _display(output)
    except (TypeError, ValueError, AttributeError):
        return ShownOutput("text", "", problem="an output that is not valid is left out")


def is_display(output: Mapping[str, Any]) -> bool:
    """Whether `output` displays data (and so can be a figure or a table)."""
    return output["output_type"] in ("display_data", "execute_result")


def plain(text: str) -> str:
    """`text` without terminal control sequences, later lines over earlier ones at a carriage return."""
    text = _ANSI.sub("", text).replace("\r\n", "\n").replace("\b", "")
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


def _text(text: str) -> ShownOutput:
    text = plain(text)
    if len(text) <= TEXT_LIMIT:
        return ShownOutput("text", text)
    rest = len(text) - TEXT_LIMIT
    cut = text[:TEXT_LIMIT] + f"\n[… {rest:,} more characters]"
    return ShownOutput("text", cut, problem=f"an output of {len(text):,} characters is cut short")


def _error(output: Mapping[str, Any]) -> ShownOutput:
    name, value = str(output.get("ename", "")), str(output.get("evalue", ""))
    traceback = "\n".join(str(line) for line in output.get("traceback") or [])
    summary = f"{name}: {value}"
    if "\x1b[" in traceback or "\x1b[" in value:
        return _text(traceback or summary)
    return _text(f"{summary}\n{traceback}" if traceback else summary)


def _display(output: Mapping[str, Any]) -> ShownOutput:
    data = output.get("data")
    if not isinstance(data, dict) or not data:
        return ShownOutput("text", "")
    latex = data.get("text/latex")
    if latex is not None and "text/markdown" not in data and is_math(joined(latex)):
        data = {**data, "text/markdown": latex}
    mime = next((mime for mime in _PRIORITY if mime in data), None)
    if mime is None:
        return _other(data)
    value = data[mime]
    text = json.dumps(value, indent=1) if isinstance(value, dict) else joined(value)
    if mime in IMAGES:
        return _image(mime, text, output)
    if mime == "text/html":
        return ShownOutput("html", text)
    if mime == "text/markdown":
        return ShownOutput("markdown", text)
    if re.fullmatch(r"'<table.*</table>'", text, re.DOTALL):
        return ShownOutput("markdown", text[1:-1])
    return _text(text)


def _other(data: Mapping[str, Any]) -> ShownOutput:
    """Text for data that no page can show: its source."""
    mime, value = next(iter(data.items()))
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    shown = _text(text)
    return ShownOutput("text", shown.text, problem=f"an output of type {mime} is shown as text")


def _image(mime: str, text: str, output: Mapping[str, Any]) -> ShownOutput:
    if mime == "image/svg+xml" and "<svg" in text:
        data = text.encode()
    else:
        try:
            data = base64.b64decode(text, validate=False)
        except binascii.Error:
            return ShownOutput("text", "", problem=f"an output of type {mime} is not valid")
    size = (output.get("metadata") or {}).get(mime)
    size = size if isinstance(size, dict) else {}
    return ShownOutput(
        "image",
        data=data,
        extension=IMAGES[mime],
        width=str(size.get("out-width") or size.get("width") or ""),
        height=str(size.get("out-height") or size.get("height") or ""),
    )
