"""The words with which a shell can complete a `weeknotes` command line: weeks, citation keys, tags,
templates.

It reads what is there and builds nothing: a key that Tab is pressed for cannot wait.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from weeknotes.errors import WeeknotesError
from weeknotes.journal import project as projects
from weeknotes.journal import week_files
from weeknotes.journal.project import Project

Candidate = tuple[str, str]
"""What can be written, and what it means."""


def candidates(kind: str) -> list[Candidate]:
    """The values of ``kind`` ("weeks", "keys", "tags", "templates") in the journal that the working
    directory is in; none where there is no journal, or nothing can be read."""
    try:
        return _KINDS[kind](projects.find())
    except (WeeknotesError, OSError, ValueError):
        return []


def _weeks(project: Project) -> list[Candidate]:
    named = [("this", "this week"), ("last", "the week before"), ("next", "the week after")]
    found = sorted(
        {path.stem for path in week_files.notebook_paths(project) if _is_week(path.stem)}
    )
    return [*((week, "") for week in reversed(found)), *named]


def _is_week(name: str) -> bool:
    return len(name) == 8 and name[4:6] == "-W" and (name[:4] + name[6:]).isdecimal()


def _keys(project: Project) -> list[Candidate]:
    entries = json.loads(project.library_path.read_text("utf-8-sig"))
    return [(str(e["id"]), " ".join(str(e.get("title") or "").split())) for e in _dicts(entries)]


def _dicts(entries: object) -> Iterable[Mapping[str, object]]:
    known = entries if isinstance(entries, list) else []
    return (entry for entry in known if isinstance(entry, dict) and "id" in entry)


def _tags(project: Project) -> list[Candidate]:
    """The tags of notes as the last build saw them."""
    from weeknotes.site.store.state import PageStore

    sources = PageStore.load(project.state / "site" / "builtin").sources.values()
    tags = {tag for source in sources if source.record for tag in source.record.tags}
    return [(tag, "") for tag in sorted(tags)]


def _templates(project: Project) -> list[Candidate]:
    from weeknotes.actions.templates import names

    return [(name, "") for name in names(project)]


_KINDS: Mapping[str, Callable[[Project], list[Candidate]]] = {
    "weeks": _weeks,
    "keys": _keys,
    "tags": _tags,
    "templates": _templates,
}
