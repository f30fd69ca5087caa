"""Earlier states of a journal's pages, as they were published or could have been: from git's
history where there is one, else from what builds remembered.

An earlier version of a source is rendered by the built-in renderer, in a copy of the journal's
folder that holds nothing else, so that one reading decides what it says and what of it is private.
What was rendered once is kept under ``.weeknotes/history/``, which may be deleted at any time."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from weeknotes.engines.page import Page
from weeknotes.errors import WeeknotesError
from weeknotes.files import code_fingerprint, keep_cache
from weeknotes.journal import notes, project
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.privacy.private_files import Whole, may_say
from weeknotes.site.data.note_index import words_digest
from weeknotes.site.store.private_runs import private_parts
from weeknotes.text import git

_FOLDER_FILES = ("_metadata.yml", "_metadata.yaml")
_INCLUDED = (".md", ".qmd", ".ipynb", ".yml", ".yaml")
_CONFIGS = ("_quarto.yml", "_quarto.yaml")


@dataclass(frozen=True)
class PastNote:
    """A note as an earlier version of its page had it. ``text`` is without tags, and without citations,
    which the library words anew each time; alternative texts are marked in it (`notes.text_of`)."""

    anchor: str
    title: str
    papers: tuple[str, ...]
    tags: tuple[str, ...]
    lang: str
    text: str

    @property
    def digest(self) -> str:
        """A fingerprint of its words."""
        return words_digest(self.text)


@dataclass(frozen=True)
class PastPage:
    """A page as it was from ``day`` (an ISO date) on: of the ISO ``week``, or at the path
    ``source``. ``digest`` is a fingerprint of its notes, empty where it was gone, and ``read`` reads
    them. ``changed`` is the day on which the file of a page of now was saved."""

    day: str
    source: str
    week: str
    date: str
    digest: str = ""
    read: Callable[[], tuple[PastNote, ...]] = field(default=tuple, compare=False)
    changed: str = ""

    @cached_property
    def notes(self) -> tuple[PastNote, ...]:
        """The notes of the page, read when they are first asked for."""
        return self.read() if self.digest else ()

    @property
    def key(self) -> str:
        """The identity of the page, which it keeps when it is renamed."""
        return self.week or self.source


@dataclass(frozen=True)
class Past:
    """All earlier states, the oldest first, and the runs of words that were private in any of them
    (`privacy.once_private`)."""

    pages: tuple[PastPage, ...] = ()
    private: frozenset[str] = frozenset()


def notes_digest(found: Sequence[PastNote]) -> str:
    """A fingerprint of all that the notes of a page hold; empty where there is none."""
    return _digest(notes_text(found)) if found else ""


def notes_text(found: Sequence[PastNote]) -> str:
    """The notes of a page as JSON, which `notes_from` reads."""
    return json.dumps([vars(note) for note in found])


def notes_from(text: str) -> tuple[PastNote, ...]:
    """The notes in the JSON ``text``."""
    return tuple(map(_note_from, json.loads(text)))


def notes_of(found: Iterable[Any]) -> tuple[PastNote, ...]:
    """The notes of a page (`journal.records.Note`), but lists of tasks, which the ledger has."""
    return tuple(
        PastNote(
            note.anchor,
            note.title,
            note.papers,
            note.tags,
            note.lang,
            _words(notes.parse(note.html)[0]),
        )
        for note in found
        if note.kind != "tasks" and note.anchor
    )


def _words(section: Any) -> str:
    """The words of a note below its heading, as they are shown."""
    heading = next((child for child in section if isinstance(child.tag, str)), None)
    return notes.text_of(section, skip=lambda e: e is heading or _is_apart(e), to_show=True)


def _is_apart(element: Any) -> bool:
    classes = (element.get("class") or "").split()
    return "citation" in classes or "tag" in classes


def past_of(journal: Project) -> Past:
    """The earlier versions of the pages of ``journal`` in git's history."""
    versions = git.file_versions(journal.root, ["*.ipynb", "*.qmd", "*.md"])
    private: list[frozenset[str]] = []
    hidden = _once_hidden_folders(journal)
    found: list[PastPage] = []
    wanted = [
        version
        for version in _last_of_each_day(versions)
        if not any(version.path.startswith(folder) for folder in hidden)
    ]
    for number, (page, runs) in enumerate(_rendered(journal, wanted)):
        private.append(runs)
        if page is not None:
            found.append(replace(page, day=wanted[number].day))
    return Past(tuple(found), frozenset().union(*private))


def _once_hidden_folders(journal: Project) -> list[str]:
    """The folders, with a slash at the end, whose metadata said at any time that they are private; the
    journal itself ("") where its configuration did."""
    patterns = [f"*{name}" for name in (*_FOLDER_FILES, *_CONFIGS)]
    found = []
    for version in git.file_versions(journal.root, patterns):
        if version.blob and may_say(git.content(journal.root, version.blob)):
            folder = version.path.rpartition("/")[0]
            found.append(f"{folder}/" if folder else "")
    return found


def _last_of_each_day(versions: Sequence[git.FileVersion]) -> list[git.FileVersion]:
    """``versions`` without those that another followed on the same day, and without repetitions."""
    last: dict[tuple[str, str], git.FileVersion] = {}
    for version in versions:
        last.pop((version.path, version.day), None)
        last[version.path, version.day] = version
    kept: list[git.FileVersion] = []
    before: dict[str, str] = {}
    for version in last.values():
        if before.get(version.path) != version.blob:
            kept.append(version)
        before[version.path] = version.blob
    return sorted(kept, key=lambda version: version.day)


def _rendered(
    journal: Project, versions: Sequence[git.FileVersion]
) -> Iterator[tuple[PastPage | None, frozenset[str]]]:
    """For each of ``versions`` its page, None where it cannot be rendered, and what in it is
    private."""
    folder = journal.state / "history" / "pages"
    basis = basis_of(journal)
    names = {v: _digest(basis, v.path, v.blob) for v in versions}
    known = {v: _read(folder / f"{names[v]}.json") for v in versions if v.blob}
    waiting = [v for v in known if known[v] is None]
    while waiting:
        # One version of each file at a time: they are rendered where the file lies.
        now = list({v.path: v for v in reversed(waiting)}.values())
        for version, data in _render(journal, now).items():
            keep_cache(folder / f"{names[version]}.json", json.dumps(data).encode())
            known[version] = data
        waiting = [v for v in waiting if known[v] is None]
    for version in versions:
        if not version.blob:
            yield PastPage("", version.path, "", ""), frozenset()
        else:
            yield _page_from(known[version] or {})
    kept = {f"{name}.json" for name in names.values()}
    for path in folder.glob("*.json"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def _render(
    journal: Project, versions: Sequence[git.FileVersion]
) -> dict[git.FileVersion, dict[str, Any]]:
    """Render ``versions``, of as many files, in a copy of the journal that holds them alone."""
    from weeknotes.engines import builtin, sources

    root = journal.state / "history" / "work"
    shutil.rmtree(root, ignore_errors=True)
    by_path = {version.path: version for version in versions}
    private: dict[str, frozenset[str]] = {}
    pages: dict[str, Page] = {}
    try:
        copy = _copy_of(journal, root)
        for version in versions:
            path = root / version.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(git.content(journal.root, version.blob))
        whole = Whole(copy)
        for name in by_path:
            private[name] = private_parts(name, (root / name).read_bytes(), whole.reason(name))
        names = [name for name in sources.find(copy) if name in by_path]
        for result in builtin.render(copy, names, root / ".work"):
            if not isinstance(result, WeeknotesError):
                pages[result.source] = result
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return {
        version: _data(pages.get(name), name, private.get(name, frozenset()))
        for name, version in by_path.items()
    }


def _copy_of(journal: Project, root: Path) -> Project:
    """A journal in ``root`` that is configured like ``journal``, without its library and its pages."""
    import yaml

    config = {k: v for k, v in journal.config.items() if k not in ("bibliography", "csl")}
    root.mkdir(parents=True)
    (root / "_quarto.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    # What pages include (their names begin so), and what folders say of them, as it is now.
    beside = [*journal.root.glob("_variables.yml"), *journal.root.glob("_metadata.y*ml")]
    beside += [p for p in journal.journal.rglob("_*") if p.suffix in _INCLUDED and p.is_file()]
    for path in beside:
        relative = path.relative_to(journal.root)
        (root / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, root / relative)
    return project.load(root / "_quarto.yml").for_a_build()


def _data(page: Page | None, name: str, private: frozenset[str]) -> dict[str, Any]:
    data: dict[str, Any] = {"source": name, "private": sorted(private), "page": None}
    if page is not None:
        week = str(page.meta.get("week") or "")
        try:
            week = str(Week.parse(week)) if week else ""
        except WeeknotesError:
            week = ""
        data["page"] = {
            "week": week,
            "date": str(page.meta.get("date") or "")[:10],
            "notes": [vars(note) for note in notes_of(notes.read(page.body).notes)],
        }
    return data


def _page_from(data: Mapping[str, Any]) -> tuple[PastPage | None, frozenset[str]]:
    private = frozenset(data.get("private") or ())
    page = data.get("page")
    if page is None:
        return None, private
    found = tuple(map(_note_from, page["notes"]))
    return (
        PastPage(
            "", data["source"], page["week"], page["date"], notes_digest(found), lambda: found
        ),
        private,
    )


def _note_from(row: Mapping[str, Any]) -> PastNote:
    return PastNote(**{**row, "papers": tuple(row["papers"]), "tags": tuple(row["tags"])})


def basis_of(journal: Project) -> str:
    return _digest(code_fingerprint(), json.dumps(journal.config, default=str, sort_keys=True))


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None
