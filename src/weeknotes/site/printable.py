"""Text that a page can hold: without the characters that XML and HTML leave out."""

from __future__ import annotations

import re
from typing import Any

#: All but the Char of XML 1.0, section 2.2, and the C1 controls, which HTML takes for errors.
_LEFT_OUT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(value: Any) -> Any:
    """``value``, plain JSON, with such characters taken out of every text in it."""
    if isinstance(value, str):
        return _LEFT_OUT.sub("", value) if _LEFT_OUT.search(value) else value
    if isinstance(value, list):
        return [printable(item) for item in value]
    if isinstance(value, dict):
        return {printable(key): printable(item) for key, item in value.items()}
    return value
