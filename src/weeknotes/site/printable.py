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


#: References to such characters: `&#1;`, `&#x1F;`.
_REFERENCE = re.compile(
    r"&#(?:[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F]|[dD][89a-fA-F]..|[fF]{3}[eEfF])"
    r"|0*(?:[0-8]|1[124-9]|2\d|3[01]|12[7-9]|1[345]\d))(?:;|(?![0-9a-fA-F]))"
)


def printable_markup(markup: str) -> str:
    """HTML without such characters, and without references to them."""
    text: str = printable(markup)
    return _REFERENCE.sub("", text) if "&#" in text else text
