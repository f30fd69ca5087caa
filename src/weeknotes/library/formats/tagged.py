"""Files with a field a line, each behind a tag: what RIS and ``.nbib`` files have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator

Record = list[tuple[str, str]]
"""Tags and values in their order; a value that ran over several lines has them."""


def records(text: str, form: re.Pattern[str], first: frozenset[str], last: str) -> Iterator[Record]:
    """The records of ``text``, whose fields have the ``form`` tag and value. A record begins with one
    of the tags ``first`` and ends before the next, or with ``last``."""
    record: Record = []
    for line in text.splitlines():
        found = form.match(line)
        if not found:
            # A value may run over several lines.
            if record and line.strip():
                tag, value = record[-1]
                record[-1] = tag, f"{value}\n{line.strip()}".strip()
            continue
        tag, value = found[1], (found[2] or "").strip()
        if record and tag in first:
            yield record
            record = []
        if tag == last:
            if record:
                yield record
            record = []
        elif record or tag in first or not last:
            record.append((tag, value))
    if record:
        yield record


def by_tag(record: Record) -> dict[str, list[str]]:
    """The values of each tag, in their order."""
    found: dict[str, list[str]] = {}
    for tag, value in record:
        found.setdefault(tag, []).append(value)
    return found
