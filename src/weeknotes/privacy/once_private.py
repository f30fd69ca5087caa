"""Words that were private at any time, by which earlier versions of a text are kept from being shown.

A sentence that is private now may have been public, and one that is public now may have been
private. What shows how the journal was holds neither. Words are compared as they are read, in runs
of a few, whatever markup lies between; runs are kept as hashes alone."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from weeknotes.privacy.cells import output_words, source_of
from weeknotes.privacy.cut import PrivatePart, cut_notebook, cut_text
from weeknotes.privacy.short_texts import names

#: So many words in a row, or characters of Chinese, Japanese and Korean, are taken for the same text.
RUN = 6
_EAST = "\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_UNIT = re.compile(rf"[{_EAST}]|(?:(?![{_EAST}])[^\W_])+")
_ADDRESS = re.compile(r"\]\([^()\s]*\)|https?://\S+")
_MARKUP = re.compile(r"\{[^{}\n]*\}|</?[a-zA-Z][^<>]*>|<!--|-->")
_HEADING = "#"
#: A line of at least so many words is looked for by itself.
_SHORTEST_LINE = 3


def runs(text: str) -> frozenset[str]:
    """The runs of words of a private ``text``: all of ``RUN`` words, or the whole where it is
    shorter, and lines of at least three. Marks and addresses, which no reader sees, may lie between
    or not."""
    bare = _MARKUP.sub(" ", text)
    # A title is a heading without the papers that it cites.
    found = {_hash([_HEADING, *units]) for units in map(_units, names(text)) if units}
    for version in (text, bare, _ADDRESS.sub("] ", bare)):
        found.update(_runs_of(_units(version)))
        for line in version.splitlines():
            units = _units(line)
            if line.lstrip().startswith("#") and units:
                found.add(_hash([_HEADING, *units]))
            if _SHORTEST_LINE <= len(units) < RUN:
                found.add(_hash(units))
    return frozenset(found)


def _runs_of(units: list[str]) -> Iterator[str]:
    size = min(RUN, len(units))
    if size:
        yield from (_hash(units[n : n + size]) for n in range(len(units) - size + 1))


def holds(text: str, private: frozenset[str]) -> bool:
    """Whether ``text`` holds a run of ``private`` ones."""
    if not private:
        return False
    units = _units(text)
    return any(
        _hash(units[n : n + size]) in private
        for size in range(1, RUN + 1)
        for n in range(len(units) - size + 1)
    )


def is_private_title(title: str, private: frozenset[str]) -> bool:
    """Whether ``title``, however short it is, is a heading that was private, or holds a private run."""
    return _hash([_HEADING, *_units(title)]) in private or holds(title, private)


def private_runs(name: str, data: bytes, *, whole: bool) -> frozenset[str]:
    """The runs of what is private in the content ``data`` of the file ``name``: of all of it where the
    file is private as a ``whole``. Raises ValueError for a notebook that is none."""
    texts = _whole(name, data) if whole else _parts(name, data)
    return frozenset().union(*map(runs, texts))


def _whole(name: str, data: bytes) -> Iterator[str]:
    if not name.endswith(".ipynb"):
        yield data.decode("utf-8", "replace")
        return
    for cell in _notebook(data).get("cells") or []:
        yield source_of(cell) or ""
        for output in cell.get("outputs") or ():
            yield from output_words(output)


def _parts(name: str, data: bytes) -> Iterator[str]:
    parts: Iterable[PrivatePart]
    if name.endswith(".ipynb"):
        parts = cut_notebook(_notebook(data)).parts
    else:
        parts = cut_text(data.decode("utf-8", "replace").replace("\r\n", "\n"))[1]
    for part in parts:
        if part.generated:
            continue
        yield part.source
        for output in part.outputs:
            yield from output_words(output)


def _notebook(data: bytes) -> Mapping[str, Any]:
    found = json.loads(data.decode("utf-8-sig"))
    if not isinstance(found, dict):
        raise ValueError("no notebook")
    return found


def _units(text: str) -> list[str]:
    return _UNIT.findall(unicodedata.normalize("NFKC", text).casefold())


def _hash(units: list[str]) -> str:
    return hashlib.blake2b(
        "\0".join(units).encode("utf-8", "surrogatepass"), digest_size=8
    ).hexdigest()
