"""Text that a page can hold: without the characters that XML and HTML leave out, and with an end to
whatever turns the order of its words."""

from __future__ import annotations

import re
from typing import Any

#: All but the Char of XML 1.0, section 2.2, and the C1 controls, which HTML takes for errors.
_LEFT_OUT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


#: What opens a run in another direction, and what closes it (Unicode Standard Annex 9, 2.1-2.5).
_EMBEDDING, _POP_EMBEDDING = "\u202a\u202b\u202d\u202e", "\u202c"
_ISOLATE, _POP_ISOLATE = "\u2066\u2067\u2068", "\u2069"
_TURNING = re.compile(f"[{_EMBEDDING}{_ISOLATE}]")


def printable(value: Any) -> Any:
    """``value``, plain JSON, with such characters taken out of every text in it."""
    if isinstance(value, str):
        return closed(legible(value))
    if isinstance(value, list):
        return [printable(item) for item in value]
    if isinstance(value, dict):
        return {printable(key): printable(item) for key, item in value.items()}
    return value


def legible(text: str) -> str:
    """``text`` without such characters."""
    return _LEFT_OUT.sub("", text) if _LEFT_OUT.search(text) else text


def closed(text: str) -> str:
    """``text`` with an end to every run in another direction that is begun in it, so that none reaches
    into what comes after it."""
    if not _TURNING.search(text):
        return text
    open_runs: list[str] = []
    for character in text:
        if character in _EMBEDDING:
            open_runs.append(_POP_EMBEDDING)
        elif character in _ISOLATE:
            open_runs.append(_POP_ISOLATE)
        elif character == _POP_EMBEDDING and open_runs[-1:] == [character]:
            open_runs.pop()
        elif character == _POP_ISOLATE and character in open_runs:
            # It ends the embeddings within the isolate too.
            while open_runs.pop() != character:
                pass
    return text + "".join(reversed(open_runs))


#: References to such characters: `&#1;`, `&#x1F;`.
_REFERENCE = re.compile(
    r"&#(?:[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F]|[dD][89a-fA-F]..|[fF]{3}[eEfF])"
    r"|0*(?:[0-8]|1[124-9]|2\d|3[01]|12[7-9]|1[345]\d))(?:;|(?![0-9a-fA-F]))"
)


_TEXT = re.compile(r"(?<=>)[^<]+|\A[^<]+")


def printable_markup(markup: str) -> str:
    """HTML without such characters, and without references to them; each of its texts closed."""
    text = legible(markup)
    text = _REFERENCE.sub("", text) if "&#" in text else text
    return _TEXT.sub(lambda match: closed(match[0]), text) if _TURNING.search(text) else text
