"""The options that a code cell begins with (``#| key: value``), which are YAML (Quarto, "Execution
Options"): what marks the cell among them, and what keeps it or its outputs from the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from weeknotes.privacy.class_names import KEYS, marked, names_class, says_yes

OPTION = re.compile(r"([ \t]*(?:#|//|--|%%?)\|[ \t]?)(.*)$")
"""A line of options: the sign that it begins with, and the YAML."""
#: What marks a cell in options that are no YAML.
_MARKING = re.compile(
    r"""(?imx) (?<![\w-])(?:private|draft)["']?[ \t]*:[ \t]*(?!(?:false|no|off)\b)
    | (?<![\w-])(?:tags|class|classes)["']?[ \t]*:.*(?<![\w-])private(?![\w-])
    | ^[ \t]*(?:-[ \t]*)?["']?\.?private["']?[ \t]*$"""
)
#: What looks like an option that marks the cell, and is code or a comment to every program.
_SEEMING = re.compile(
    r"""(?imx) ^[ \t]*(?:\#|//|--|%%?)
    (?: [ \t]+\|[ \t]*["']?\.?private["']?[ \t]*(?::[ \t]*(?!(?:false|no|off)\b)[^\n]*)?$
      | [ \t]*["']?private["']?[ \t]*[:=][ \t]*(?:true|yes|on|1)?[ \t]*$
      | (?:[ \t]+\|)?[ \t]*["']?tags["']?[ \t]*:[ \t]*\[?[^\n]*(?<![\w-])private(?![\w-]) )"""
)


def option_lines(code: str) -> Iterator[tuple[int, int]]:
    """The start and end of each line of options in ``code``, without its line end."""
    at = 0
    for line in code.split("\n"):
        if OPTION.match(line):
            yield at, at + len(line)
        at += len(line) + 1


def option_text(code: str) -> str:
    """The YAML of the options in ``code``."""
    return "\n".join(match[2] for match in map(OPTION.match, code.split("\n")) if match)


def option_values(code: str) -> Mapping[Any, Any] | None:
    """The options in ``code``; None where they are no YAML, or no keys with values."""
    text = option_text(code)
    if not text.strip():
        return {}
    values = _loaded(text)
    return values if isinstance(values, Mapping) else None


def hides_cell(code: str) -> bool:
    """Whether the options that a code cell begins with (``#| tags: [private]``) mark it."""
    lower = code.casefold()
    if not marked(code) and not any(key in lower for key in KEYS):
        return False
    options = option_text(code)
    if not options.strip():
        return False
    values = _loaded(options)
    if isinstance(values, Mapping):
        return _mark(values)
    return bool(_MARKING.search(options))


def option_value(code: str, option: str) -> Any:
    """The value that the options in ``code`` give ``option`` (`include`, `output`); None where they do
    not name it."""
    if option not in code:
        return None
    values = option_values(code)
    if values is None:
        line = rf"(?m)^[ \t]*[\"']?{option}[\"']?[ \t]*:[ \t]*[\"']?(\w+)"
        match = re.search(line, option_text(code))
        return match[1] if match else None
    return values.get(option)


def seeming_option(code: str) -> int | None:
    """The offset in ``code`` of what looks like an option that marks its cell and is none, such as
    ``# | private: true``; None where nothing does. Only the lines before the first of code count."""
    if not marked(code):
        return None
    at = 0
    for line in code.split("\n"):
        if line.strip() and not line.lstrip().startswith(("#", "//", "--", "%")):
            return None
        if not OPTION.match(line) and _SEEMING.match(line):
            return at
        at += len(line) + 1
    return None


def _mark(values: Mapping[Any, Any]) -> bool:
    for key, value in values.items():
        name = str(key).strip().casefold()
        if name in KEYS and says_yes(value):
            return True
        if name in ("tags", "class", "classes") and names_class(value):
            return True
    return False


def _loaded(text: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
