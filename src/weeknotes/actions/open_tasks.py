"""The open tasks of the whole journal, with the places where they are written, and ticking them.

A task that is carried from week to week is one task, in the week that has it last. Tasks are numbered
as they are listed, and the numbers are remembered: a tick goes to the task that was shown, or nowhere.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.actions.carried_tasks import TaskLine, task_lines
from weeknotes.actions.create import public_cells
from weeknotes.errors import NotebookError, UsageError, WeeknotesError
from weeknotes.journal import cell_edit, notebooks, week_files
from weeknotes.journal.notebooks import Notebook
from weeknotes.journal.project import Project
from weeknotes.privacy.private_files import Whole

_BOX = re.compile(r"([ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)([ xX])\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]]*\]")
_MARKUP = re.compile(r"\{[^{}]*\}")
_MEMORY = "tasks.json"
_TRIES = 5


@dataclass(frozen=True)
class Task:
    """An open task. ``since`` is the week (or day) that first had it, ``week`` the one that has it
    last, and ``carried`` how often it was carried over. ``file``, ``cell`` and ``line`` are where it
    is written last, and ``written`` how. ``number`` is that by which it is ticked."""

    number: int
    text: str
    week: str
    since: str
    carried: int
    file: str
    cell: int
    line: int
    written: str = field(default="", repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The task as plain JSON values, without what is private in it."""
        return {name: value for name, value in asdict(self).items() if name != "written"}


@dataclass
class TaskReport:
    """The open tasks, the oldest first, and messages about notebooks that could not be read."""

    tasks: list[Task]
    unread: list[str]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {"tasks": [task.to_dict() for task in self.tasks], "unread": self.unread}


def open_tasks(project: Project) -> TaskReport:
    """All open tasks of the journal's weeks and other notebooks, the oldest first; those in digests
    are papers to choose from, and none of them.

    What is private is left out, unless the project shows it. The numbers are remembered for `tick`.
    """
    unread: list[str] = []
    threads: dict[str, list[tuple[Task, bool]]] = {}
    for when, path in _notebooks(project, unread):
        file = project.relative(path)
        try:
            notebook = notebooks.read(path, file)
            found = list(_tasks(project, path, notebook))
        except (WeeknotesError, OSError) as error:
            unread.append(str(error))
            continue
        for cell, task, written in found:
            text = _FOOTNOTE.sub("", task.text).strip() or task.text
            one = Task(0, text, when, when, 0, file, cell, task.line, written)
            threads.setdefault(_same(written), []).append((one, task.done))
    left = []
    for mentions in threads.values():
        last, done = mentions[-1]
        if not done:
            weeks = dict.fromkeys(task.week for task, _ in mentions)
            left.append(replace(last, since=mentions[0][0].since, carried=len(weeks) - 1))
    left.sort(key=lambda task: (task.since, task.week, task.file, task.cell, task.line))
    numbered = [replace(task, number=number) for number, task in enumerate(left, 1)]
    _remember(project, numbered)
    return TaskReport(numbered, unread)


def tick(project: Project, numbers: Sequence[int]) -> list[Task]:
    """Tick the tasks that were last listed under ``numbers``, and return them.

    One character of each notebook changes. Raises UsageError for a number that was not listed, and
    NotebookError where a task is not as it was listed; nothing is ticked then.
    """
    known = _remembered(project)
    missing = [number for number in numbers if number not in known]
    if missing:
        raise UsageError(
            f"no task was listed as number {missing[0]}", hint="List them with: weeknotes tasks"
        )
    wanted = [known[number] for number in dict.fromkeys(numbers)]
    by_file: dict[str, list[Task]] = {}
    for task in wanted:
        by_file.setdefault(task.file, []).append(task)
    for file, tasks in by_file.items():
        # All are looked at before any is ticked.
        _ticked(notebooks.parse((project.root / file).read_bytes(), file), tasks)
    for file, tasks in by_file.items():
        _tick_in(project.root / file, file, tasks)
    return wanted


def _tick_in(path: Path, file: str, tasks: Sequence[Task]) -> None:
    for _ in range(_TRIES):
        old = path.read_bytes()
        if files.replace_unchanged(path, old, _ticked(notebooks.parse(old, file), tasks)):
            return
    raise NotebookError("another program keeps saving it; nothing was ticked", file=file)


def _ticked(notebook: Notebook, tasks: Sequence[Task]) -> bytes:
    """The bytes of ``notebook`` with ``tasks`` ticked. Raises NotebookError where one is not there."""
    for task in tasks:
        place = _place_of(notebook, task)
        if place is None:
            raise NotebookError(
                f"the task '{task.text}' is not there any more as it was listed",
                file=notebook.file,
                cell=task.cell,
                line=task.line,
                hint="List the tasks again: weeknotes tasks",
            )
        cell, line = place
        lines = notebook.cells[cell - 1].source.split("\n")
        lines[line - 1] = _BOX.sub(r"\1x]", lines[line - 1], count=1)
        data = cell_edit.reword(notebook, cell, "\n".join(lines))
        notebook = notebooks.parse(data, notebook.file)
    return notebook.text.encode("utf-8", "surrogatepass")


def _place_of(notebook: Notebook, task: Task) -> tuple[int, int] | None:
    """Cell and line of an open task: where it was listed, else the only place that has it."""
    places = [
        (cell.index, found.line)
        for cell in notebook.cells
        if cell.kind == "markdown" and not cell.generated
        for found in task_lines(cell.source)
        if not found.done and _same(found.text) == _same(task.written)
    ]
    if (task.cell, task.line) in places:
        return task.cell, task.line
    return places[0] if len(places) == 1 else None


def _notebooks(project: Project, unread: list[str]) -> list[tuple[str, Path]]:
    """The notebooks that have tasks, each with its week or day, oldest first: the weeks, and others
    that are no digests and no copies."""
    found = [
        (week.start.isoformat(), str(week), p) for week, p in week_files.weeks(project).items()
    ]
    known = {path for _, _, path in found}
    known |= {path for paths in week_files.others(project).values() for path in paths}
    for path in week_files.notebook_paths(project):
        if path in known or week_files.is_copy(path):
            continue
        try:
            meta = notebooks.read(path, project.relative(path)).front_matter
        except (WeeknotesError, OSError) as error:
            unread.append(str(error))
            continue
        if str(meta.get("kind") or "page") in ("page", "note", "week"):
            day = str(meta.get("date") or "")[:10]
            with contextlib.suppress(ValueError):
                day = date.fromisoformat(day).isoformat()
            found.append((day, day, path))
    return [(when, path) for _, when, path in sorted(found)]


def _tasks(project: Project, path: Path, notebook: Notebook) -> Iterator[tuple[int, TaskLine, str]]:
    """The tasks of ``notebook`` with their cells, and as they are written; of a public project, those
    that are public, in the words that are."""
    own = {
        cell.index: task_lines(cell.source)
        for cell in notebook.cells
        if cell.kind == "markdown" and not cell.generated and "[" in cell.source
    }
    if not any(own.values()):
        return
    if project.shows_private:
        for index, tasks in own.items():
            yield from ((index, task, task.text) for task in tasks)
        return
    if Whole(project).reason(project.relative(path)):
        return
    for cell in public_cells(project, path, notebook):
        if cell.index in own:
            pairs = _public(own[cell.index], task_lines(cell.source))
            yield from ((cell.index, task, written) for task, written in pairs)


def _public(own: Sequence[TaskLine], public: Sequence[TaskLine]) -> Iterator[tuple[TaskLine, str]]:
    """The tasks ``public`` of what is left of a cell, each with its line in the cell as it is written,
    and its text there: of the task that reads the same, or that has some words more between two of
    those."""
    matcher = difflib.SequenceMatcher(
        None, [t.text for t in own], [t.text for t in public], autojunk=False
    )
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield from ((task, task.text) for task in own[first:last])
            continue
        rest = list(own[first:last])
        for task in public[start:end]:
            while rest and not _is_left_of(task.text, rest[0].text):
                rest.pop(0)
            if rest:
                whole = rest.pop(0)
                yield replace(task, line=whole.line), whole.text


def _is_left_of(part: str, whole: str) -> bool:
    """Whether the characters of ``part`` are in ``whole`` in their order."""
    characters = iter(whole)
    return all(character in characters for character in part if not character.isspace())


def _same(text: str) -> str:
    """The same for a task and what it is carried over as."""
    plain = _MARKUP.sub("", _FOOTNOTE.sub("", text))
    return "".join(re.findall(r"\w+", unicodedata.normalize("NFKC", plain).casefold())) or text


def _remember(project: Project, tasks: Sequence[Task]) -> None:
    data = json.dumps([asdict(task) for task in tasks], ensure_ascii=False)
    files.keep_cache(project.state / _MEMORY, data.encode("utf-8", "surrogatepass"))


def _remembered(project: Project) -> Mapping[int, Task]:
    try:
        known = [Task(**one) for one in json.loads((project.state / _MEMORY).read_bytes())]
    except (OSError, ValueError, TypeError):
        return {}
    return {task.number: task for task in known}
