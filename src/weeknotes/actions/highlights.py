"""``weeknotes highlights``: what was marked and noted in Zotero, under the reading note on the paper.

It is in a generated cell of its own, known by the Zotero item, which is replaced when it is asked
for again; what the author wrote stays byte for byte.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes.errors import LibraryError, NotebookError
from weeknotes.files import replace_unchanged
from weeknotes.journal import cell_edit, notebooks, week_files
from weeknotes.journal.note_places import Heading, NoteEnd, insert_at_end, note_end, own_cell
from weeknotes.journal.notebooks import Notebook
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library.citation_use import citations
from weeknotes.library.store import Entry, Library, custom, other_ids
from weeknotes.text import untrusted


@dataclass(frozen=True)
class HighlightsReport:
    """The result for the highlights of ``key``: how many there are, and the notebooks, as the user
    names them, that were changed or were up to date."""

    key: str
    count: int
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "key": self.key,
            "count": self.count,
            "changed": list(self.changed),
            "unchanged": list(self.unchanged),
        }

    def to_text(self) -> str:
        """The report for a person to read, without a newline at the end."""
        if not self.count and not self.changed:
            return f"Zotero holds no highlights or notes for {self.key}"
        lines = [f"{self.count} highlights and notes of {self.key} in {n}" for n in self.changed]
        lines += [f"{name} is up to date" for name in self.unchanged]
        return "\n".join(lines)


def highlights(
    project: Project,
    key: str,
    *,
    week: str | None = None,
    split: bool = False,
    environment: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> HighlightsReport:
    """Put the PDF annotations and child notes of the entry ``key`` under its reading notes.

    Every notebook that has them already is brought up to date; else the latest week with a note on
    the paper gets them, or ``week``. A note that ends in the middle of a Markdown cell takes them only
    with ``split``, which makes two cells of that one without changing its text. Raises LibraryError,
    NotebookError, ZoteroError.
    """
    from weeknotes.library.zotero import annotations, config, item

    entry = _entry(project, key)
    zotero = custom(entry)["zotero"]
    settings = config.settings(project, environment)
    children = item.children(settings, str(zotero["library"]), str(zotero["key"]), sleep=sleep)
    name = f"{zotero['library']}/{zotero['key']}"
    changed, unchanged = [], []
    count = 0
    for path, notebook in _targets(project, entry, name, week):
        lang = str(notebook.front_matter.get("lang") or project.lang)
        text, count = annotations.markdown(children, lang)
        summary = f"{untrusted.label('highlights', lang)} ({count})"
        old = notebook.text.encode("utf-8", "surrogatepass")
        data = _changed(
            notebook, entry, name, untrusted.folded(summary, text) if count else "", split
        )
        if data == old:
            unchanged.append(notebook.file)
        elif not replace_unchanged(path, old, data):
            raise NotebookError(
                "it was saved meanwhile; it was left as it is",
                file=notebook.file,
                hint=f"Run again: weeknotes highlights {key}",
            )
        else:
            changed.append(notebook.file)
    return HighlightsReport(entry["id"], count, tuple(changed), tuple(unchanged))


def _entry(project: Project, key: str) -> Entry:
    entry = Library.load(project.library_path).get(key.removeprefix("@"))
    if entry is None:
        raise LibraryError(
            f"there is no entry '{key}' in references.json", hint="Run: weeknotes sync"
        )
    zotero = custom(entry).get("zotero")
    if not isinstance(zotero, dict) or not zotero.get("key"):
        raise LibraryError(
            f"'{key}' does not come from Zotero, so there are no highlights of it",
            hint="Add the paper to Zotero and run: weeknotes sync",
        )
    return entry


def _targets(
    project: Project, entry: Entry, name: str, week: str | None
) -> list[tuple[Path, Notebook]]:
    """The notebooks that hold these highlights, or else the one that they should go into."""
    keys = {entry["id"], *other_ids(entry)}
    if week is not None:
        path = week_files.weeks(project).get(Week.parse(week))
        if path is None:
            raise NotebookError(f"there is no notebook for {week}", hint="Run: weeknotes new WEEK")
        return [(path, notebooks.read(path, project.relative(path)))]
    holding, noting = [], []
    for path in week_files.notebook_paths(project):
        if not any(key.encode() in path.read_bytes() for key in (*keys, name)):
            continue
        notebook = notebooks.read(path, project.relative(path))
        if own_cell(notebook, "highlights", name):
            holding.append((path, notebook))
        elif _end(notebook, keys):
            noting.append((path, notebook))
    if not holding and not noting:
        raise NotebookError(
            f"there is no reading note on '{entry['id']}'",
            hint=f"Begin one: a heading with [@{entry['id']}] in it.",
        )
    return holding or noting[-1:]


def _changed(notebook: Notebook, entry: Entry, name: str, text: str, split: bool) -> bytes:
    """The bytes of ``notebook`` with ``text`` in the cell of the highlights ``name``."""
    made = cell_edit.new_cell(
        "markdown",
        text,
        id=f"highlights-{name.rsplit('/', 1)[-1]}",
        tags=["generated"],
        metadata={"weeknotes": {"highlights": name}},
    )
    cell = own_cell(notebook, "highlights", name)
    if cell is not None:
        if cell.source == text:
            return notebook.text.encode("utf-8", "surrogatepass")
        return cell_edit.change(notebook, replace={cell.index: {**made, "id": cell.id}})
    if not text:
        return notebook.text.encode("utf-8", "surrogatepass")
    end = _end(notebook, {entry["id"], *other_ids(entry)})
    if end is None:
        raise NotebookError(
            f"there is no reading note on '{entry['id']}'",
            file=notebook.file,
            hint=f"Begin one: a heading with [@{entry['id']}] in it.",
        )
    return insert_at_end(
        notebook,
        end,
        made,
        split=split,
        what=f"the note on '{entry['id']}'",
        command="weeknotes highlights KEY --split",
    )


def _end(notebook: Notebook, keys: set[str]) -> NoteEnd | None:
    """The end of the first note on one of ``keys``: before the next heading of its level or above."""
    return note_end(notebook, lambda heading: _cites(heading, keys))


def _cites(heading: Heading, keys: set[str]) -> bool:
    """Whether a heading, or the paragraph right below it, cites one of ``keys``."""
    title, _, rest = heading.body.partition("\n")
    below: list[str] = []
    for line in rest.splitlines():
        if line.strip() and not line.startswith("#"):
            below.append(line)
        elif below or line.startswith("#"):
            break
    text = "\n".join([title, "", *below])
    return not keys.isdisjoint(key for key, _ in citations(text))
