"""Filler text, which shows how a page will look before it is written (`{{< lipsum >}}`).

Quarto has a file of such text; these are sentences of the same kind, made from a list of words, and
the same each time.
"""

from __future__ import annotations

import re

_WORDS = (
    "dolor sit amet consectetur elit sed do tempor ut labore et magna aliqua enim minim veniam quis"
    " nostrud ullamco laboris nisi aliquip ex ea commodo duis aute irure in voluptate velit esse cillum"
    " fugiat nulla pariatur excepteur sint occaecat cupidatat non proident sunt culpa officia deserunt"
    " mollit anim id est laborum"
).split()
_FIRST = "Lorem ipsum dolor sit amet, consectetur adipiscing elit."
_SENTENCES = 6
_MOST = 100


def paragraphs(which: str) -> list[str] | None:
    """The paragraphs that ``which`` asks for: "3" for the first three, "2-4" for a range, and five for
    nothing; None for what is neither."""
    match = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3}))?", which or "5")
    if match is None:
        return None
    first, last = (int(match[1]), int(match[2])) if match[2] else (1, int(match[1]))
    if not (1 <= first <= _MOST and 1 <= last <= _MOST):
        return None
    step = 1 if first <= last else -1
    return [_paragraph(number) for number in range(first, last + step, step)]


def _paragraph(number: int) -> str:
    state = number
    sentences = [_FIRST] if number == 1 else []
    while len(sentences) < _SENTENCES:
        length = 6 + (state := _next(state)) % 7
        words = [_WORDS[(state := _next(state)) % len(_WORDS)] for _ in range(length)]
        sentences.append(" ".join(words).capitalize() + ".")
    return " ".join(sentences)


def _next(state: int) -> int:
    """The next number of a linear congruential generator, the upper bits of which are used."""
    return (state * 1103515245 + 12345) % 2**31 // 2**8 + state % 2**7
