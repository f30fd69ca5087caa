"""The terms of a text, for comparing texts in any mixture of languages.

Words of scripts with spaces are terms; of Han, kana and Hangul every pair of neighbouring characters
is, as in the search index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from weeknotes.text.folding import fold
from weeknotes.text.tokens import HAN, HANGUL

_TOKEN = re.compile(f"[{HAN}{HANGUL}]+|[^\\W\\d_{HAN}{HANGUL}][^\\W_{HAN}{HANGUL}]{{2,29}}")
_WIDE = re.compile(f"[{HAN}{HANGUL}]")
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s$|(?<=[a-z]{3})(?<=ss|sh|ch)es$")


def words(text: str) -> Iterator[str]:
    """The terms of ``text``, in order."""
    for token in _TOKEN.findall(fold(text)):
        if _WIDE.match(token):
            yield from map(str.__add__, token, token[1:])
        else:
            yield _PLURAL.sub("", token)
