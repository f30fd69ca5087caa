"""The rules of nbformat's schema for notebooks (version 4.5) beyond those that
`weeknotes.journal.notebooks` needs to read one. They are written out, since loading nbformat and
its schema takes longer than a check."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from weeknotes.journal.notebooks import CellJson, Notebook, joined

_TOP = frozenset(["cells", "metadata", "nbformat", "nbformat_minor"])
_CELL = frozenset(["id", "cell_type", "metadata", "source"])
_MEMBERS = {
    "raw": _CELL | {"attachments"},
    "markdown": _CELL | {"attachments"},
    "code": _CELL | {"outputs", "execution_count"},
}
_OUTPUT_MEMBERS = {
    "execute_result": frozenset(["output_type", "data", "metadata", "execution_count"]),
    "display_data": frozenset(["output_type", "data", "metadata"]),
    "stream": frozenset(["output_type", "name", "text"]),
    "error": frozenset(["output_type", "ename", "evalue", "traceback"]),
}

Fault = tuple[int | None, str]


def faults(notebook: Notebook) -> Iterator[Fault]:
    """The faults in the form of a notebook: the number of the cell, None for the whole file, and a
    description. There is at most one for each cell."""
    members = json.loads(notebook.text.removeprefix("\ufeff"))
    for name in members:
        if name not in _TOP:
            yield None, f"it has '{name}', which notebooks don't"
    minor = members.get("nbformat_minor")
    if not _is_count(minor):
        yield None, f"'nbformat_minor' must be a number, and is {_shown(minor)}"
    for what in _metadata(notebook.metadata):
        yield None, what
    for cell in notebook.cells:
        for what in _cell(cell.json):
            yield cell.index, what
            break


def _metadata(metadata: Mapping[str, Any]) -> Iterator[str]:
    for name, needed in (("kernelspec", ("name", "display_name")), ("language_info", ("name",))):
        value = metadata.get(name)
        if value is None and name not in metadata:
            continue
        if not isinstance(value, dict):
            yield f"the metadata '{name}' must be an object"
        elif not all(isinstance(value.get(part), str) for part in needed):
            yield f"the metadata '{name}' must say its {' and '.join(needed)}"
    if not isinstance(metadata.get("title", ""), str):
        yield "the metadata 'title' must be text"
    if not isinstance(metadata.get("authors", []), list):
        yield "the metadata 'authors' must be a list"


def _cell(cell: CellJson) -> Iterator[str]:
    kind = cell["cell_type"]
    yield from _members(cell, _MEMBERS[kind], f"a {kind} cell")
    tags = cell["metadata"].get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield "'tags' must be a list of words"
    elif len(set(tags)) != len(tags):
        yield "a tag occurs twice"
    elif any("," in tag or not tag for tag in tags):
        yield "a tag may hold no comma, and not be empty"
    if kind != "code":
        attached = cell.get("attachments", {})
        if not isinstance(attached, dict) or not all(map(_is_bundle, attached.values())):
            yield "'attachments' must be names with their data"
        return
    if "execution_count" not in cell:
        yield "'execution_count' is missing"
    elif not _is_count(cell["execution_count"], or_null=True):
        yield f"'execution_count' must be a number, and is {_shown(cell['execution_count'])}"
    for output in cell["outputs"]:
        yield from _output(output)


def _output(output: Mapping[str, Any]) -> Iterator[str]:
    kind = output["output_type"]
    needed = _OUTPUT_MEMBERS[kind]
    for name in sorted(needed - output.keys()):
        yield f"the output ({kind}) has no '{name}'"
    yield from _members(output, needed, f"an output ({kind})")
    if kind == "stream":
        sound = isinstance(output.get("name"), str) and joined(output.get("text")) is not None
    elif kind == "error":
        lines = output.get("traceback")
        sound = all(isinstance(output.get(name), str) for name in ("ename", "evalue"))
        sound = sound and isinstance(lines, list) and joined(lines) is not None
    else:
        sound = isinstance(output.get("metadata"), dict) and _is_bundle(output.get("data"))
        sound = sound and _is_count(output.get("execution_count"), or_null=True)
    if not sound:
        yield f"the output ({kind}) holds something of another kind than it must"


def _members(value: Mapping[str, Any], known: frozenset[str], what: str) -> Iterator[str]:
    for name in value:
        if name not in known:
            yield f"it has '{name}', which {what} doesn't"


def _is_bundle(value: Any) -> bool:
    """Whether ``value`` is data by their media types: text, or anything for JSON."""
    return isinstance(value, dict) and all(
        _is_json(kind) or joined(data) is not None for kind, data in value.items()
    )


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def _is_count(value: Any, *, or_null: bool = False) -> bool:
    if value is None:
        return or_null
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
