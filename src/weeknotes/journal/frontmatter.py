"""The YAML front matter of a notebook: reading it as Quarto does, and writing values into it."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from weeknotes.errors import NotebookError
from weeknotes.journal.project import is_endless

_BLOCK = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)

# What YAML does not take as it is in a double-quoted scalar, beside what JSON escapes as well
# (YAML 1.2.2, 5.1 and 5.4).
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def split(source: str) -> tuple[str, int] | None:
    """The YAML between the ``---`` lines that ``source`` begins with, and the number of the line
    (from 1) that it starts on; None where there are none."""
    if match := _BLOCK.match(source):
        return match[1], source.count("\n", 0, match.start(1)) + 1
    return None


def parse(source: str, *, file: str | None = None, cell: int | None = None) -> dict[str, Any]:
    """The front matter at the head of ``source``: a mapping of plain JSON values.

    Follows YAML 1.2's core schema, as Quarto does: ``no`` is a word and not false, a date stays the
    text it was written as, and a key may not occur twice. Empty where there is no front matter.
    Raises NotebookError with file, cell and line.
    """
    import yaml

    block = split(source)
    if block is None:
        return {}
    text, first = block
    try:
        value = yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise NotebookError(
            f"the front matter is not valid YAML: {getattr(error, 'problem', None) or error}",
            file=file,
            cell=cell,
            line=first + mark.line if mark else first,
            hint="Check the indentation, and quote values that contain ': ' or '#'.",
        ) from error
    except (ValueError, KeyError, RecursionError) as error:
        raise NotebookError(
            f"the front matter cannot be read: {error}", file=file, cell=cell, line=first
        ) from error
    if "&" in text and is_endless(value):
        raise NotebookError(
            "the front matter's anchors and aliases repeat one another without end",
            file=file,
            cell=cell,
            line=first,
            hint="Write the values out.",
        )
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NotebookError(
            "the front matter must be keys with values, such as 'title: Week 47'",
            file=file,
            cell=cell,
            line=first,
        )
    return value


def quote(value: str) -> str:
    """``value`` as a double-quoted YAML scalar on one line, whatever characters it holds."""
    return _UNPRINTABLE.sub(
        lambda match: f"\\U{ord(match[0]):08X}", json.dumps(value, ensure_ascii=False)
    )


@functools.cache
def _loader() -> Any:
    """A loader for YAML 1.2's core schema (YAML 1.2.2, 10.3) that refuses duplicate keys."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
            mapping: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = self.construct_object(key_node, deep=True)
                name = key if isinstance(key, str) else str(key_node.value)
                if name in mapping:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key '{name}' occurs twice", key_node.start_mark
                    )
                mapping[name] = self.construct_object(value_node, deep=True)
            return mapping

    core = {
        "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
        "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
        "int": (r"[-+]?[0-9]+", list("-+0123456789")),
        "float": (
            r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?",
            list("-+.0123456789"),
        ),
    }
    for name, (pattern, first) in core.items():
        Loader.add_implicit_resolver(
            f"tag:yaml.org,2002:{name}", re.compile(f"^(?:{pattern})$"), first
        )
    Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))
    Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))
    Loader.add_constructor(
        "tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node, deep=True)
    )
    # Tags that stand for values which JSON has no word for: kept as text, or refused.
    for name in ("timestamp", "binary"):
        Loader.add_constructor(f"tag:yaml.org,2002:{name}", lambda _, node: node.value)
    for name in ("set", "omap", "pairs"):
        Loader.add_constructor(f"tag:yaml.org,2002:{name}", Loader.construct_undefined)
    return Loader
