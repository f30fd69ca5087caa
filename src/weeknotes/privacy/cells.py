"""What a cell of a notebook says of itself: its text, its tags, whether it is marked as private, and
the words of its outputs.

Works on the notebook's JSON (nbformat 4) alone, and imports nothing that takes long to load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from weeknotes.journal.notebooks import joined
from weeknotes.privacy.class_names import KEYS, names_class, says_yes
from weeknotes.privacy.options import hides_cell

PARAMETER_TAGS = frozenset({"parameters", "injected-parameters"})


def attachment(name: str) -> re.Pattern[str]:
    """A pattern for the places at which a text shows the attachment ``name``, and no other
    attachment whose name begins alike."""
    forms = "|".join(re.escape(form) for form in dict.fromkeys((name, quote(name))))
    return re.compile(rf"attachment:(?:{forms})(?=[\s)\]\"'>]|\Z)")


def source_of(cell: Any) -> str | None:
    """The text of a cell; None where it isn't one."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("raw", "markdown", "code"):
        return None
    return joined(cell.get("source"))


def tags_of(cell: Any) -> tuple[str, ...]:
    """The tags of a cell, which somebody may have written as one string."""
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    if isinstance(tags, str):
        return tuple(re.split(r"[\s,;]+", tags.strip()))
    return tuple(map(str, tags)) if isinstance(tags, list) else ()


def is_generated(cell: Any) -> bool:
    """Whether Weeknotes made the cell."""
    return "generated" in tags_of(cell)


def is_private_cell(cell: Mapping[str, Any]) -> bool:
    """Whether the cell as a whole is marked: by a tag, its metadata, or its options."""
    if names_class(tags_of(cell)):
        return True
    metadata = cell.get("metadata")
    if isinstance(metadata, Mapping) and metadata_marks(metadata):
        return True
    return cell.get("cell_type") == "code" and hides_cell(source_of(cell) or "")


def metadata_marks(metadata: Mapping[str, Any]) -> bool:
    """Whether metadata of a cell or a notebook, or what is under ``weeknotes`` in it, marks it."""
    own = metadata.get("weeknotes")
    levels = [metadata, own] if isinstance(own, Mapping) else [metadata]
    return any(
        str(key).casefold() in KEYS and says_yes(value)
        for level in levels
        for key, value in level.items()
    )


def output_texts(output: Mapping[str, Any]) -> list[str]:
    """The texts of an output, in each of its formats."""
    texts = [output.get("text"), output.get("evalue"), output.get("traceback")]
    data = output.get("data")
    if isinstance(data, dict):
        texts += [value for kind, value in data.items() if not _is_binary(kind)]
    found = [joined(value) if value is not None else None for value in texts]
    return [text for text in found if text]


def output_words(output: Mapping[str, Any]) -> list[str]:
    """The texts of an output, and the words in its JSON, such as a chart's title."""
    texts = output_texts(output)
    data = output.get("data")
    for value in data.values() if isinstance(data, dict) else ():
        if isinstance(value, dict) or (isinstance(value, list) and joined(value) is None):
            texts.append("\n".join(_strings(value)))
    return texts


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _is_binary(kind: str) -> bool:
    return kind.startswith(("image/", "audio/", "video/", "application/pdf")) and "svg" not in kind
