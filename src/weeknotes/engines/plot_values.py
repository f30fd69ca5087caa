"""The values of cells that plot: the objects of a library, which say nothing, told from others.

JupyterLab shows the value of a cell's last line under its figure. Quarto drops each that looks like
an object or a tuple, such as the fitted parameters `(3.2, 0.1)`, and so loses what the cell showed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from weeknotes.journal.notebooks import joined

_OBJECTS = re.compile(r"<[^<>]*>|\bText\((?:'[^'\n]*'|\"[^\"\n]*\"|[^()'\"])*\)|'\w+'\s*:")
_FRAME = re.compile(r"\b(?:array|dtype|object|None)\b")
#: Values that Quarto drops beside an image (`isDiscardableTextExecuteResult` of its jupyter.ts).
_DROPPED = re.compile(r"[<(\[{]|Text\([-\d]")
_WITHOUT_IMAGE = ("[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:")


def settled(output: Mapping[str, Any], beside_image: bool) -> Mapping[str, Any] | None:
    """The output that stands for ``output`` of a cell: none for the objects that a plot returns, text
    for another value that Quarto would drop, and itself for all others."""
    text = _value(output)
    if text is None:
        return output
    if is_object(text) and (beside_image or text.startswith(_WITHOUT_IMAGE)):
        return None
    if beside_image and _DROPPED.match(text):
        return {"output_type": "stream", "name": "stdout", "text": f"{text}\n"}
    return output


def is_object(text: str) -> bool:
    """Whether ``text`` names objects by their type or address and has no other word."""
    bare = _OBJECTS.sub("", text)
    return bare != text and not re.search(r"\w", _FRAME.sub("", bare))


def _value(output: Mapping[str, Any]) -> str | None:
    """The value of a cell that has no form but its text; None for another output."""
    data = output.get("data")
    if output.get("output_type") != "execute_result" or not isinstance(data, dict):
        return None
    text = joined(data.get("text/plain")) if list(data) == ["text/plain"] else None
    return None if text is None else text.strip()
