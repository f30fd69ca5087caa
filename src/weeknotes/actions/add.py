"""``weeknotes add``: a paper joins the library by its identifier, or entries from a file.

Never twice: a paper that is there under another identifier (another arXiv version, the preprint of a
DOI) is recognised, and its citation key told.
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes.errors import LibraryError, NotebookError, UsageError
from weeknotes.files import replace_unchanged
from weeknotes.journal import cell_edit, notebooks, week_files
from weeknotes.journal.notebooks import CellJson, Notebook
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library import arxiv, bibtex, crossref
from weeknotes.library.citation_use import citations
from weeknotes.library.identifiers import Identifier, Works, parse_identifier
from weeknotes.library.keys import KeysInUse, is_citable, make_key
from weeknotes.library.store import Entry, Library, alone, as_it_is, other_ids, parse
from weeknotes.library.web_client import Web
from weeknotes.text import untrusted

FORMS = (
    "an arXiv id or address (2006.11239), a DOI or its address (10.1000/xyz), a Zotero item key "
    "(ABCD2345), a BibTeX or CSL-JSON file, or - for standard input"
)
# Ids that programs give and nobody wants to write: addresses, numbers, Zotero's "12345/ABCD2345".
_TRIES = 5
_NO_KEY = re.compile(r"://|^\d+$|^\d+/[A-Z0-9]{8}$")


@dataclass(frozen=True)
class AddReport:
    """The report of an addition: the citation keys and titles of what joined the library and of
    what was there. ``week`` is the notebook that the stubs went into, as the user names it, or
    empty; ``stubs`` the keys that got one."""

    added: tuple[tuple[str, str], ...] = ()
    present: tuple[tuple[str, str], ...] = ()
    week: str = ""
    stubs: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "added": [{"key": key, "title": title} for key, title in self.added],
            "present": [{"key": key, "title": title} for key, title in self.present],
            "week": self.week,
            "stubs": list(self.stubs),
        }

    def to_text(self) -> str:
        """The report for a person to read, without a newline at the end."""
        lines = [f"Added @{key}: {title}" for key, title in self.added]
        lines += [f"In the library already as @{key}: {title}" for key, title in self.present]
        if self.stubs:
            lines.append(f"Notes begun in {self.week}: {', '.join(self.stubs)}")
        elif self.week:
            lines.append(f"{self.week} has a note on it already")
        return "\n".join(lines)


def add(
    project: Project,
    identifier: str,
    *,
    week: str | None = None,
    stdin: Callable[[], bytes] | None = None,
    today: datetime.date | None = None,
    environment: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> AddReport:
    """Put what ``identifier`` names into the library of ``project``; see FORMS.

    With ``week`` (as ``weeknotes new`` takes it) a stub of a reading note joins that week's notebook,
    which is made if it isn't there; a note on the paper that is there already stays alone. ``stdin``
    gives the bytes of standard input when ``identifier`` is ``-``. Raises UsageError for something
    that is none of the forms, LookupFailedError, LibraryError, NotebookError.
    """
    # A week that cannot be meant is told before anything is fetched.
    target = Week.parse(week, today=today) if week is not None else None
    # A library that cannot be read is told before, too.
    Library.load(project.library_path)
    found = _find(project, identifier, stdin, environment, sleep)
    joined = join(project, found, today or datetime.date.today())
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
    )


def _title(library: Library, key: str) -> str:
    return " ".join(str(library.entries[key].get("title") or "untitled").split())


# What is meant


def _find(
    project: Project,
    text: str,
    stdin: Callable[[], bytes] | None,
    environment: Mapping[str, str] | None,
    sleep: Callable[[float], None],
) -> list[Entry]:
    """The CSL-JSON items that ``text`` names, with an ``id`` where the source gives one."""
    if text == "-":
        if stdin is None:
            raise UsageError("there is no standard input to read")
        return read_entries(stdin(), "standard input")
    identifier = parse_identifier(text)
    path = Path(text)
    if identifier is None or (path.suffix in (".bib", ".json") and path.is_file()):
        if path.is_file():
            return read_entries(path.read_bytes(), str(path))
        hint = f"Give {FORMS}."
        if path.suffix in (".bib", ".json", ".bibtex"):
            raise UsageError(f"there is no file {text}", hint=hint)
        raise UsageError(f"{text!r} is no identifier of a paper", hint=hint)
    if identifier.kind == "zotero":
        return [_from_zotero(project, identifier, environment, sleep)]
    web = Web(project, environment=environment, sleep=sleep)
    if identifier.kind == "arxiv":
        return [arxiv.fetch(identifier.value, web)]
    return [crossref.fetch(identifier.value, web)]


def _from_zotero(
    project: Project,
    identifier: Identifier,
    environment: Mapping[str, str] | None,
    sleep: Callable[[float], None],
) -> Entry:
    from weeknotes.library.zotero import config, item

    return item.fetch(config.settings(project, environment), identifier.value, sleep=sleep)


def read_entries(data: bytes, name: str) -> list[Entry]:
    """The items in ``data``: CSL-JSON (an array, or one item) or BibTeX. Raises LibraryError, naming
    ``name``."""
    text = data.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("{"):
        # One item without the brackets of an array.
        data = b"[" + text.encode() + b"]"
    if text.startswith(("{", "[")):
        entries = list(_with_ids(data, name).values())
    else:
        entries = _from_bibtex(text, name)
    if not entries:
        raise LibraryError(f"there is no entry in {name}", hint=f"Give {FORMS}.")
    return entries


def _with_ids(data: bytes, name: str) -> dict[str, Entry]:
    """As ``store.parse``, but an item may lack its ``id``."""
    try:
        items = json.loads(data)
    except (ValueError, RecursionError):
        return parse(data, name)
    for number, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            # No key can look like this, so that one is made.
            item["id"] = item.get("citation-key") or item.get("id") or f"\x00{number}"
            item.setdefault("type", "document")
            if not item.get("title"):
                raise LibraryError(
                    f"item {number + 1} has no title", file=name, hint="CSL-JSON items have one."
                )
    return parse(json.dumps(items).encode(), name)


def _from_bibtex(text: str, name: str) -> list[Entry]:
    """BibTeX or BibLaTeX as pandoc reads it."""
    import pypandoc

    if "@" not in text:
        raise LibraryError("neither BibTeX nor CSL-JSON", file=name, hint=f"Give {FORMS}.")
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=biblatex", "--to=csljson", "--sandbox"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise LibraryError(f"not valid BibTeX: {' '.join(message[:3])}", file=name)
    return [{**entry, "type": entry.get("type") or "document"} for entry in json.loads(done.stdout)]


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
        if not is_citable(key) or _NO_KEY.search(key) or key.lower() in taken:
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
        # What an editor or another command saved meanwhile is read anew, not written over.
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
