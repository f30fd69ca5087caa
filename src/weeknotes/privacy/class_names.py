"""The words that mark something as private, in tags, classes, and keys."""

from __future__ import annotations

import re
from typing import Any

CLASS = "private"
KEYS = ("private", "draft")
"""The keys that mark something as a whole."""
#: The words for false; any other value of `private` or `draft`, also none, marks.
FALSE = frozenset(["false", "no", "off", "n", "0"])
_LETTERS = re.compile(r"[^\W\d_]+(?:[-_]\w+)*")
#: The same word in the languages of the pages. It marks nothing, but somebody may think so.
_TRANSLATED = frozenset("비공개 私密 私有 非公开 非公開 プライベート".split())
_NEARLY = re.compile(
    rb"(?i)rivate|p.?ivate|pr.?vate|pri.?ate|priv.?te|priva|pirvate|prviate|priavte|privtae|draft"
    + b"".join(b"|" + word.encode() for word in sorted(_TRANSLATED))
)


def marked(text: str) -> bool:
    """Whether ``text`` could hold a mark at all: a quick look that never misses one."""
    return CLASS in text.casefold() or "&#" in text


def may_mark(data: bytes) -> bool:
    """Whether a file's bytes could hold something that marks a part of it, or that looks like it: never
    false of one that does."""
    return bool(_NEARLY.search(data)) or b"\\u00" in data or b"&#" in data


def names_class(words: Any) -> bool:
    """Whether ``words``, a string or a list of them, name the class `private`, as tags and classes
    are written: with a dot or ``#`` before or commas between them, in any case of the letters."""
    texts = words if isinstance(words, (list, tuple)) else [words]
    parts = (part for text in texts for part in re.split(r"[\s,;]+", str(text)))
    return any(part.strip(".#'\"[]").casefold() == CLASS for part in parts)


def says_yes(value: Any) -> bool:
    """Whether ``value`` of a key such as `private` marks: every value that is no word for false does,
    and a key without a value too."""
    return str(value).strip().casefold() not in FALSE


def resembles_class(word: str) -> bool:
    """Whether ``word``, a class or a tag, is `private` misspelt by one letter, in other quotes,
    or in another language, so that it marks nothing but may be meant to."""
    found = _LETTERS.search(word.casefold())
    if not found:
        return False
    letters = found[0]
    if letters == CLASS:
        return not names_class(word) and len(word) <= len(CLASS) + 2 and "{" not in word
    return letters in _TRANSLATED or _one_apart(letters)


def _one_apart(word: str) -> bool:
    """Whether one letter more, less, other, or two swapped make `private` of ``word``."""
    if not len(CLASS) - 1 <= len(word) <= len(CLASS) + 1:
        return False
    for at in range(len(CLASS) + 1):
        head, tail = CLASS[:at], CLASS[at:]
        if word.startswith(head):
            rest = word[at:]
            swapped = tail[1:2] + tail[:1] + tail[2:]
            if rest in (tail[1:], swapped) or rest[1:] in (tail, tail[1:]):
                return True
    return False
