"""This module finds the files of a journal that are private as a whole: by `private` or `draft` in
front matter, in the `_metadata.yml` of a folder, or in `_quarto.yml`.

The nearest word counts, each key by itself: ``private: false`` in a notebook lifts ``private: true``
of its folder. What cannot be read as YAML counts as private if it seems to say so. Pandoc lets YAML
are anywhere in a document, so a block further down is asked too.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from weeknotes.errors import WeeknotesError
from weeknotes.files import keep_cache
from weeknotes.journal.project import Project
from weeknotes.privacy import marks
from weeknotes.privacy.cells import metadata_marks
from weeknotes.privacy.class_names import KEYS, says_yes

_SAYS = re.compile(rb"(?mi)^[ \t]*[\"']?(?:private|draft)[\"']?[ \t]*:[ \t]*(?!false\b|no\b|off\b)")
#: YAML within a document: behind a blank line (or a comment), and without one itself at its start.
_FURTHER = re.compile(
    r"(?:\A|\n[ \t]*\r?\n|-->[ \t]*\r?\n)---[ \t]*\r?\n(?=[ \t]*\S)(.*?\n)"
    r"(?=(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z))",
    re.S,
)
_CACHE = "private-files.json"
_FORMAT = 3


def says(values: Mapping[str, Any], key: str) -> bool | None:
    """The value of ``key`` in ``values``, at the top, under ``weeknotes`` or under a format; None
    if it is not there. Anything but a word for false counts as true, and so does a key without a
    value."""
    formats = values.get("format")
    below = [values.get("weeknotes"), *(formats.values() if isinstance(formats, dict) else ())]
    for options in [values, *below]:
        for name, value in options.items() if isinstance(options, dict) else ():
            if str(name).strip().casefold() == key:
                return says_yes(value)
    return None


def said_in(texts: Iterable[str]) -> dict[str, bool]:
    """The values of KEYS in the YAML in ``texts``, the texts of a file that can contain it."""
    found: dict[str, bool] = {}
    for text in texts:
        if not _could_say(text.encode("utf-8", "replace")):
            continue
        public = marks.without(text, list(marks.fenced(text))) if "```" in text else text
        blocks = [text, *(f"---\n{match[1]}---\n" for match in _FURTHER.finditer(public))]
        for values in filter(None, map(front_matter_of, blocks)):
            for key in KEYS:
                answer = says(values, key)
                if answer is not None:
                    found[key] = found.get(key, False) or answer
    return found


def withheld(levels: Iterable[Mapping[str, Any]]) -> str:
    """The key that makes a file private, where ``levels`` are the mappings that hold for it from the
    nearest to the farthest; empty where it isn't."""
    known = list(levels)
    for key in KEYS:
        found = (says(values, key) for values in known)
        if next((answer for answer in found if answer is not None), False):
            return key
    return ""


def may_say(data: bytes) -> bool:
    """Whether the YAML ``data`` could say that something is private or a draft: never false where it
    does."""
    return _SAYS.search(data) is not None


class Whole:
    """Answers for the files of one project, remembering what each said as long as it stays the same.

    What is remembered is under ``.weeknotes/`` and may be deleted at any time.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._path = project.state / _CACHE
        self._known = _read_cache(self._path)
        self._changed = False
        self._folders: dict[str, list[Mapping[str, Any]]] = {}
        self._folder_reasons: dict[str, str] = {}
        website = project.config.get("website")
        drafts = website.get("drafts") if isinstance(website, dict) else None
        self._drafts = [str(d) for d in (drafts if isinstance(drafts, list) else [drafts]) if d]

    def reason(self, source: str) -> str:
        """Why the file ``source`` (POSIX, from the project's root) is private as a whole: "private",
        "draft", or empty where it isn't."""
        if any(fnmatchcase(source, pattern.lstrip("/")) for pattern in self._drafts):
            return "draft"
        own, folder = self._own(source), source.rpartition("/")[0]
        if own:
            reason = withheld([own, *self.above(folder)])
        else:
            if folder not in self._folder_reasons:
                self._folder_reasons[folder] = withheld(self.above(folder))
            reason = self._folder_reasons[folder]
        if reason or not os.path.islink(f"{self._project.root}/{source}"):  # noqa: PTH114
            return reason
        # A link is as private as what it leads to.
        target = (self._project.root / source).resolve()
        if not target.is_relative_to(self._project.root):
            return ""
        return self.reason(target.relative_to(self._project.root).as_posix())

    def may_hold_private(self, source: str) -> bool:
        """Whether the file is private as a whole, or could hold something that is: never false for one
        that does."""
        return bool(self.reason(source)) or self._look(source)[2]

    def among(self, sources: Iterable[str]) -> list[str]:
        """The files among ``sources`` that are private as a whole."""
        found = [source for source in sources if self.reason(source)]
        self.save()
        return found

    def save(self) -> None:
        """Keep what was read, where that is new."""
        if self._changed:
            data = {"format": _FORMAT, "files": self._known}
            keep_cache(self._path, json.dumps(data, ensure_ascii=False).encode())
            self._changed = False

    def _own(self, source: str) -> Mapping[str, Any]:
        return self._look(source)[1]  # type: ignore[no-any-return]

    def _look(self, source: str) -> list[Any]:
        """A file's stamp, what its front matter says, and whether a part of it could be private."""
        try:
            # Strings, for each file of a build.
            status = os.stat(f"{self._project.root}/{source}")  # noqa: PTH116
        except OSError:
            return [None, {}, False]
        stamp = [status.st_mtime_ns, status.st_size, status.st_ino]
        known: list[Any] | None = self._known.get(source)
        if known is None or known[0] != stamp:
            path = self._project.root / source
            data = path.read_bytes()
            known = self._known[source] = [stamp, _front_matter(path, data), _may_hold(data)]
            self._changed = True
        return known

    def above(self, folder: str) -> list[Mapping[str, Any]]:
        """The metadata of the folders from ``folder`` (POSIX, empty for the root) up to the root,
        and then the configuration."""
        if folder not in self._folders:
            here = [_metadata(self._project.root / folder)]
            outer = self.above(folder.rpartition("/")[0]) if folder else [self._project.config]
            self._folders[folder] = [*here, *outer]
        return self._folders[folder]


def _read_cache(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    fine = isinstance(data, dict) and data.get("format") == _FORMAT
    files = data.get("files") if fine else {}
    known = files.items() if isinstance(files, dict) else ()
    return {source: value for source, value in known if _is_known(value)}


def _is_known(value: Any) -> bool:
    """Whether ``value`` is of the form that `Whole._look` remembers."""
    return (
        isinstance(value, list)
        and [type(part) for part in value] == [list, dict, bool]
        and all(isinstance(answer, bool) for answer in value[1].values())
    )


def _may_hold(data: bytes) -> bool:
    from weeknotes.privacy.cut import may_hold_private

    # What an included file holds is not looked at here.
    return may_hold_private(data) or b"{{<" in data


def _could_say(data: bytes) -> bool:
    lower = data.lower()
    return any(key.encode() in lower for key in KEYS) or b"\\u00" in lower


def _front_matter(path: Path, data: bytes) -> dict[str, bool]:
    """The values of KEYS in a file's own front matter."""
    if not _could_say(data):
        return {}
    found = said_in(_heads(path, data))
    if path.suffix == ".ipynb" and "private" not in found and _metadata_says(data):
        found["private"] = True
    return found


def _metadata_says(data: bytes) -> bool:
    """Whether a notebook's own metadata mark it."""
    try:
        metadata = json.loads(data.decode("utf-8-sig"))["metadata"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return False
    return isinstance(metadata, dict) and metadata_marks(metadata)


def front_matter_of(text: str) -> dict[str, Any] | None:
    """The front matter that ``text`` begins with, None without. Where it isn't valid YAML, no more
    than whether it seems to say that the file is private."""
    from weeknotes.journal import frontmatter

    block = frontmatter.split(text)
    if block is None:
        return None
    try:
        return frontmatter.parse(text)
    except WeeknotesError:
        return {"private": True} if _SAYS.search(block[0].encode()) else {}


def _heads(path: Path, data: bytes) -> list[str]:
    """The texts in which a file's front matter may be."""
    from weeknotes.privacy.cells import source_of

    if path.suffix != ".ipynb":
        return [data.decode("utf-8-sig", "replace")]
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
        cells = notebook["cells"] if isinstance(notebook["cells"], list) else []
    except (ValueError, RecursionError, KeyError, TypeError):
        # Nothing can be rendered from it, but what was rendered before may still be about.
        return ["---\nprivate: true\n---\n"] if _looks_private(data) else []
    texts = [source_of(cell) for cell in cells]
    kinds = [c.get("cell_type") if isinstance(c, dict) else "" for c in cells]
    return [t for t, kind in zip(texts, kinds, strict=True) if t and kind in ("raw", "markdown")]


def _looks_private(data: bytes) -> bool:
    return bool(re.search(rb"(?i)(?:\"|\\n)(?:private|draft): *(?!false)", data))


def _metadata(folder: Path) -> dict[str, Any]:
    """The ``_metadata.yml`` of ``folder``, empty where there is none."""
    from weeknotes.journal import frontmatter

    found: dict[str, Any] = {}
    for name in ("_metadata.yml", "_metadata.yaml"):
        try:
            data = (folder / name).read_bytes()
        except OSError:
            continue
        try:
            found.update(frontmatter.parse(f"---\n{data.decode('utf-8-sig')}\n---\n"))
        except (WeeknotesError, UnicodeDecodeError):
            if _SAYS.search(data):
                found["private"] = True
    return found
