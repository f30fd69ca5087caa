"""``weeknotes add``: papers join the library by their identifiers, or entries from a file.

Never twice: a paper that is there under another identifier (another arXiv version, the preprint of a
DOI) is recognised, and its citation key is reported. One that is not found keeps no other out.
"""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weeknotes.actions.paper_sources import FORMS, Found, Sources, listed
from weeknotes.errors import NotebookError, UsageError, WeeknotesError
from weeknotes.files import replace_unchanged
from weeknotes.journal import cell_edit, notebooks, week_files
from weeknotes.journal.notebooks import CellJson, Notebook
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library import bibtex
from weeknotes.library.citation_use import citations
from weeknotes.library.identifiers import named_in
from weeknotes.library.keys import KeysInUse, is_citable, is_readable, make_key
from weeknotes.library.store import Entry, Library, alone, as_it_is, other_ids
from weeknotes.library.web_client import Web
from weeknotes.library.works import Works
from weeknotes.text import untrusted

__all__ = ["FORMS", "AddReport", "add", "stub"]

_TRIES = 5
# Ids that programs give and no one wants to write: addresses, numbers, Zotero's "12345/ABCD2345".
_NO_KEY = re.compile(r"://|^\d+$|^\d+/[A-Z0-9]{8}$")


@dataclass(frozen=True)
class AddReport:
    """The papers that joined the library and those that were in it already: citation keys with
    titles. ``week`` is the notebook that the stubs went into, as the user names it, or empty;
    ``stubs`` the keys that got one. ``failed`` has what was not found, with the reason, and the
    entries of files that could not be read; ``remarks`` are points that the user should check."""

    added: tuple[tuple[str, str], ...] = ()
    present: tuple[tuple[str, str], ...] = ()
    week: str = ""
    stubs: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 where everything that was named is in the library now, else 1."""
        return 1 if self.failed else 0

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "added": [{"key": key, "title": title} for key, title in self.added],
            "present": [{"key": key, "title": title} for key, title in self.present],
            "week": self.week,
            "stubs": list(self.stubs),
            "failed": list(self.failed),
            "remarks": list(self.remarks),
        }

    def to_text(self) -> str:
        """The report for a person to read, without a newline at the end."""
        lines = [f"Added @{key}: {title}" for key, title in self.added]
        lines += [f"In the library already as @{key}: {title}" for key, title in self.present]
        lines += [f"Note: {remark}" for remark in self.remarks]
        lines += [f"Not added: {reason}" for reason in self.failed]
        if self.stubs:
            lines.append(f"Notes begun in {self.week}: {', '.join(self.stubs)}")
        elif self.week:
            lines.append(f"{self.week} has a note on it already")
        return "\n".join(lines)


def add(
    project: Project,
    identifiers: str | Sequence[str],
    *,
    week: str | None = None,
    stdin: Callable[[], bytes] | None = None,
    today: datetime.date | None = None,
    environment: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> AddReport:
    """Put what ``identifiers`` name into the library of ``project``; see FORMS.

    With ``week`` (as ``weeknotes new`` takes it) a stub of a reading note joins that week's notebook,
    which is made if it isn't there; a note on the paper that is there already stays alone. ``stdin``
    gives the bytes of standard input for ``-``: a file, or a list of identifiers. Where nothing at all
    was found, raises UsageError for something that is none of the forms, LookupFailedError,
    LibraryError, NotebookError; where some was, the report names the rest.
    """
    # A week that cannot be meant is reported before anything is fetched.
    target = Week.parse(week, today=today) if week is not None else None
    texts = [identifiers] if isinstance(identifiers, str) else list(identifiers)
    # A library that cannot be read is reported before, too.
    library = Library.load(project.library_path)
    web = Web(project, environment=environment, sleep=sleep)
    found, failed = _found(Sources(project, library, web, environment, sleep), texts, stdin)
    joined = join(project, found.entries, today or datetime.date.today())
    name, stubs = "", tuple[str, ...]()
    if target is not None:
        name, stubs = begin_notes(project, target, [joined.library.entries[k] for k in joined.keys])
    return AddReport(
        added=tuple((key, _title(joined.library, key)) for key in joined.added),
        present=tuple(
            (key, _title(joined.library, key)) for key in joined.keys if key not in joined.added
        ),
        week=name,
        stubs=stubs,
        failed=(*found.unread, *failed),
        remarks=found.remarks,
    )


def _found(
    sources: Sources, texts: list[str], stdin: Callable[[], bytes] | None
) -> tuple[Found, list[str]]:
    """The papers that ``texts`` name, and the reason for each text that named none. Raises the
    first error if nothing was found."""
    results: list[Found] = []
    failed: list[str] = []
    first: WeeknotesError | None = None
    lines = list(texts)
    while lines:
        text = lines.pop(0)
        try:
            if text != "-":
                results.append(sources.find(text))
                continue
            if stdin is None:
                raise UsageError("there is no standard input to read")
            data = stdin()
            if (list_ := listed(data)) is not None:
                lines = list_ + lines
            else:
                results.append(sources.read(data, "standard input"))
        except WeeknotesError as error:
            # A text with several identifiers in it, or with words around one.
            parts = named_in(text) if isinstance(error, UsageError) else []
            if parts and parts != [text]:
                lines = parts + lines
                continue
            first = first or error
            failed.append(
                f"{text}: {error.message}"
                if error.file != text
                else f"{error.where}: {error.message}"
            )
    if first is not None and not results:
        raise first
    whole = Found(
        [entry for one in results for entry in one.entries],
        tuple(line for one in results for line in one.unread),
        tuple(line for one in results for line in one.remarks),
    )
    return whole, failed


def _title(library: Library, key: str) -> str:
    return " ".join(str(library.entries[key].get("title") or "untitled").split())


# Joining the library


@dataclass(frozen=True)
class Joined:
    """A library with what joined it: the citation keys of all that was given, each once in that order,
    and of what was not there before."""

    library: Library
    keys: tuple[str, ...]
    added: tuple[str, ...]


def join(project: Project, found: list[Entry], today: datetime.date) -> Joined:
    """Put the CSL-JSON items ``found`` into the library of ``project``, as of the day ``today``, each
    unless the same work is there. Raises LibraryError."""
    with alone(project.state):
        joined = as_it_is(lambda: _saved(project, found, today))
        # Also where nothing is added: the last command may have been stopped between the two files.
        bibtex.update(project.library_path, project.root / "references.bib")
    return joined


def _saved(project: Project, found: list[Entry], today: datetime.date) -> Joined:
    library = Library.load(project.library_path)
    joined = _join(library, found, today)
    if joined.library is not library:
        joined.library.save()
    return joined


def _join(library: Library, found: list[Entry], today: datetime.date) -> Joined:
    entries = dict(library.entries)
    works = Works(entries.values())
    taken = KeysInUse(key.lower() for key in library.keys)
    keys: list[str] = []
    added: list[str] = []
    for entry in found:
        same = works.find(entry)
        if same is not None:
            keys.append(same["id"])
            continue
        key = str(entry.get("id") or "")
        usable = is_citable(key) and is_readable(key) and not _NO_KEY.search(key)
        if not usable or key.lower() in taken:
            key = make_key(entry, taken)
        whole = {**entry, "id": key}
        own = whole.get("custom")
        whole["custom"] = {
            "date-added": today.isoformat(),
            **(own if isinstance(own, dict) else {}),
        }
        taken.update({key.lower(), *(other.lower() for other in other_ids(whole))})
        entries[key] = whole
        works.add(whole)
        keys.append(key)
        added.append(key)
    unique = tuple(dict.fromkeys(keys))
    if not added:
        return Joined(library, unique, ())
    return Joined(library.with_entries(entries.values()), unique, tuple(added))


# The stub of a note


def begin_notes(
    project: Project,
    week: Week,
    entries: list[Entry],
    texts: Mapping[str, str] | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Add a stub for each of ``entries`` at the end of the notebook of ``week``, unless a heading
    there cites it; the notebook's name, and the keys that got one. ``texts`` is what a note begins
    with, by citation key."""
    path = week_files.weeks(project).get(week)
    if path is None:
        from weeknotes.actions.create import new_week

        path = new_week(project, week).path
    name = project.relative(path)
    for _ in range(_TRIES):
        old = path.read_bytes()
        notebook = notebooks.parse(old, name)
        cells = _missing_notes(project, notebook, entries, texts or {})
        new = cell_edit.change(notebook, insert={len(notebook.cells): list(cells.values())})
        # What an editor or another command saved meanwhile is read again, not written over.
        if not cells or replace_unchanged(path, old, new):
            return name, tuple(cells)
    raise NotebookError("another program keeps saving it; no note was begun", file=name)


def _missing_notes(
    project: Project, notebook: Notebook, entries: list[Entry], texts: Mapping[str, str]
) -> dict[str, CellJson]:
    """The stubs of those of ``entries`` that no heading of ``notebook`` cites, by citation key."""
    headings = "\n".join(
        line
        for cell in notebook.cells
        if cell.kind == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    )
    noted = {key for key, _ in citations(headings)}
    lang = str(notebook.front_matter.get("lang") or project.lang)
    return {
        entry["id"]: cell_edit.new_cell(
            "markdown",
            "\n\n".join(filter(None, (stub(entry, lang), texts.get(entry["id"], "")))),
            id=f"note-{entry['id']}",
        )
        for entry in entries
        if not noted.intersection((entry["id"], *other_ids(entry)))
    }


def stub(entry: Entry, lang: str) -> str:
    """The beginning of a reading note: a heading with the citation, the abstract folded away."""
    title = untrusted.title_markdown(str(entry.get("title") or entry["id"]))
    text = f"## {title} [@{entry['id']}]"
    abstract = str(entry.get("abstract") or "").strip()
    if abstract:
        body = untrusted.escaped(abstract)
        text += "\n\n" + untrusted.folded(untrusted.label("abstract", lang), body)
    return text
