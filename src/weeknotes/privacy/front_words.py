"""This module removes private words from the values of front matter, such as a private span in a
title."""

from __future__ import annotations

from typing import Any

from weeknotes.errors import WeeknotesError
from weeknotes.journal import frontmatter
from weeknotes.privacy import marks


def public_front_matter(block: str) -> tuple[str, list[str]]:
    """``block``, front matter between its lines of dashes, without what is marked private in its
    values, and that. A value that nothing is left of goes with its key."""
    found = frontmatter.split(block) if marks.marked(block) and "{" in block else None
    if found is None:
        return block, []
    words: list[str] = []
    try:
        values = _public(frontmatter.parse(block), words)
    except WeeknotesError:
        return _by_lines(block)
    if not words:
        return block, []
    if (plain := _without_words(block, words, values)) is not None:
        return plain, words
    import yaml

    made = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1_000_000)
    return block.replace(found[0], made, 1), words


def _public(value: Any, words: list[str]) -> Any:
    """``value`` without what is marked in its strings, which is added to ``words``; None where
    nothing is left."""
    if isinstance(value, str):
        spans = marks.private_spans(value)
        if not spans:
            return value
        words += [value[start:end] for start, end in spans]
        return " ".join(marks.without(value, spans).split()) or None
    if isinstance(value, list):
        kept = [_public(item, words) for item in value]
        return [new for new, old in zip(kept, value, strict=True) if new is not None or old is None]
    if isinstance(value, dict):
        pairs = ((key, old, _public(old, words)) for key, old in value.items())
        return {key: new for key, old, new in pairs if new is not None or old is None}
    return value


def _without_words(block: str, words: list[str], values: dict[str, Any]) -> str | None:
    """``block`` without ``words``, as its author wrote the rest; None where that does not give
    ``values``."""
    for word in words:
        if block.count(word) != 1:
            return None
        block = block.replace(f" {word}", "", 1).replace(word, "", 1)
    try:
        left = frontmatter.parse(block)
    except WeeknotesError:
        return None
    return block if left == values else None


def _by_lines(block: str) -> tuple[str, list[str]]:
    """The same of what is no YAML: the lines that hold a mark go."""
    lines = block.split("\n")
    private = [line for line in lines if marks.private_spans(line)]
    return "\n".join(line for line in lines if line not in private), private
