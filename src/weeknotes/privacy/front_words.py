"""This module removes private words from the values of front matter and of the options of code, such
as a private span in a title or a caption."""

from __future__ import annotations

import re
from typing import Any

from weeknotes.errors import WeeknotesError
from weeknotes.journal import frontmatter
from weeknotes.privacy import marks
from weeknotes.privacy.class_names import marked
from weeknotes.privacy.options import OPTION, option_values

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")


def public_front_matter(block: str) -> tuple[str, list[str]]:
    """``block``, front matter between its lines of dashes, without what is marked private in its
    values, and that. A value that nothing is left of goes with its key."""
    found = frontmatter.split(block) if marked(block) else None
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


def without_comments(block: str) -> str:
    """``block``, front matter, without its comments (YAML 1.2.2, 6.6), which no page shows."""
    if "#" not in block:
        return block
    values = _values(block)
    lines = block.split("\n")
    for number, line in enumerate(lines):
        for found in _COMMENT.finditer(line) if values is not None else ():
            shorter = [*lines[:number], line[: found.start()], *lines[number + 1 :]]
            if _values("\n".join(shorter)) == values:
                lines = shorter
                break
    return "\n".join(lines)


def _values(block: str) -> Any:
    try:
        return frontmatter.parse(block)
    except WeeknotesError:
        return None


def public_options(code: str) -> tuple[str, list[str]]:
    """``code`` without what is marked private in the options that it begins with, and that."""
    values = option_values(code)
    if values is None:
        return _options_by_lines(code)
    words: list[str] = []
    left = _public(values, words)
    if not words:
        return code, []
    public, _ = _options_by_lines(code)
    # A value may be written on several lines.
    if str(option_values(public)).split() != str(left).split():
        public = _with_options(code.split("\n"), left)
    return public, words


def _options_by_lines(code: str) -> tuple[str, list[str]]:
    """The same line by line, and of options that are no YAML."""
    lines, words = [], []
    for line in code.split("\n"):
        spans = marks.private_spans(line) if OPTION.match(line) else []
        if spans:
            own = [span for span in spans if span[0] > 0] or _marked_value(line)
            words += [line[start:end] for start, end in own]
            line = marks.without(line, own)
        lines.append(line)
    if private := _marked_lines(lines):
        lines = [line for line in lines if line not in private]
    return "\n".join(lines), [*words, *private]


def _marked_value(line: str) -> list[marks.Span]:
    """The value of an option in ``line`` that is marked in a way that is none of a span's."""
    value = re.match(r"[^:]*:[ \t]*", line)
    return [(value.end() if value else 0, len(line))]


def _with_options(lines: list[str], values: Any) -> str:
    """The code of ``lines`` with ``values`` for its options."""
    import yaml

    made = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1_000_000)
    sign = next(match[1] for match in map(OPTION.match, lines) if match)
    options = [f"{sign}{line}" for line in made.rstrip("\n").split("\n")]
    return "\n".join([*options, *(line for line in lines if not OPTION.match(line))])


def _marked_lines(lines: list[str]) -> list[str]:
    """The lines of options that are no YAML, where something among them is marked."""
    options = [line for line in lines if OPTION.match(line)]
    text = "\n".join(match[2] for match in map(OPTION.match, options) if match)
    return options if marks.private_spans(text) else []
