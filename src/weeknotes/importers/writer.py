"""Putting what was made of a source into the journal, adding to what is there and replacing nothing
that its author has touched.

Every imported cell carries, in its metadata under ``weeknotes: import``, its source's name, an id
made of the source, the page and its title, and the hash of the text it was given. By these the next
import knows the cell again, and whether its author has changed it since.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from weeknotes import files, frontmatter, journal, notebooks, splice
from weeknotes.create import title as week_title
from weeknotes.errors import NotebookError
from weeknotes.importers.blocks import Line
from weeknotes.importers.form import Chart, Draft, PagePlan
from weeknotes.importers.inline import escaped, harmless_code
from weeknotes.importers.papers import normalised_title
from weeknotes.importers.proof import stream
from weeknotes.importers.report import ImportReport, PageResult, Remark
from weeknotes.importers.source import Source
from weeknotes.library.romanise import ascii_letters
from weeknotes.notebooks import Cell, CellJson, Notebook
from weeknotes.project import Project

CHART_CELL = "category-graph"
_PICTURE = re.compile(r"assets/images/[^\s\"'<>()]+")
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True)
class MadeCell:
    """A cell as it shall stand in a notebook."""

    draft: Draft
    text: str


@dataclass
class MadePage:
    """A page as it shall stand in the journal. ``pieces`` are the texts it was made of, by their
    lines in the source, for the proof; ``moved`` are those that stood elsewhere in it, and
    ``structure`` those that are kept in the notebook's metadata."""

    plan: PagePlan
    path: str
    source: Source
    format: str
    cells: list[MadeCell] = field(default_factory=list)
    pieces: list[tuple[int, str]] = field(default_factory=list)
    moved: list[tuple[int, str]] = field(default_factory=list)
    structure: list[tuple[int, str]] = field(default_factory=list)

    def leftover(self, lines: Sequence[Line]) -> None:
        """Add a cell with ``lines`` of the source as they are, which found no place elsewhere."""
        text = "\n".join(text for _, text in lines)
        ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
        first, last = lines[0][0], lines[-1][0]
        where = f"line {first}" if first == last else f"lines {first} to {last}"
        body = f"From {escaped(self.source.name)}, {where}:\n\n{ticks}\n{text}\n{ticks}"
        self.cells.append(MadeCell(Draft([], title=""), harmless_code(body)))

    def identities(self) -> list[str]:
        """An id for each cell, the same whenever the same source is imported."""
        counts: dict[str, int] = {}
        found = []
        page = str(self.plan.week or f"{self.plan.date or ''} {self.plan.slug}")
        for made in self.cells:
            source = "\n".join(block.text for block in made.draft.blocks) or made.text
            words = normalised_title(made.draft.title) or stream(source)[:60]
            basis = f"{self.source.name}\n{page}\n{words}"
            counts[basis] = counts.get(basis, 0) + 1
            data = f"{basis}\n{counts[basis]}".encode("utf-8", "replace")
            found.append(hashlib.sha256(data).hexdigest()[:12])
        return found


@dataclass
class _Change:
    """What is to be written to a notebook: a new one, or the bytes of a changed one. ``pages`` are
    those that it takes in; ``more`` are cells that other sources of the same import add at its end."""

    path: str
    result: PageResult
    make: Callable[[], bytes] | None
    new: bool
    pages: list[MadePage] = field(default_factory=list)
    more: list[CellJson] = field(default_factory=list)


@dataclass
class _Here:
    """A notebook of the journal, and the ids of imported cells it holds or has held, by source."""

    notebook: Notebook
    known: dict[str, set[str]]
    hashes: set[str]
    part: tuple[str, str, str] | None


class Writer:
    """Plans and writes the notebooks of one import."""

    def __init__(self, project: Project, merge: bool, report: ImportReport) -> None:
        self.project = project
        self.merge = merge
        self.report = report
        self.weeks = {week: project.relative(p) for week, p in journal.weeks(project).items()}
        self.here: dict[str, _Here] = {}
        self.broken: dict[str, str] = {}
        self.changes: dict[str, _Change] = {}
        self._parts: dict[tuple[str, str, str], str] = {}
        self._hashes: dict[tuple[str, str], str] = {}
        self._look_around()
        self._taken = {path.lower() for path in (*self.here, *self.broken, *self._parts.values())}

    def path_for(self, plan: PagePlan, source: Source, form: str) -> str:
        """Where the page ``plan`` stands or shall stand, from the project's root."""
        if plan.week:
            new = self.project.relative(journal.path_of(self.project, plan.week))
            return self.weeks.get(plan.week, new)
        part = (source.name, form, f"{plan.date or ''} {plan.slug}")
        if part in self._parts:
            return self._parts[part]
        stem = slug(PurePosixPath(source.name).stem) or "source"
        name = slug(plan.slug) or stem
        folder = f"journal/{plan.date.year}" if plan.date else "journal/undated"
        prefix = f"{plan.date}-" if plan.date else ""
        names = [
            f"{prefix}{name}",
            f"{prefix}{name}-{stem}" if stem != name else f"{prefix}{name}-2",
        ]
        names = names if plan.date else names[::-1]
        more = (f"{names[-1]}-{number}" for number in itertools.count(2))
        candidates = itertools.chain(names, more)
        path = next(
            p for n in candidates if (p := f"{folder}/{n}.ipynb").lower() not in self._taken
        )
        self._taken.add(path.lower())
        self._parts[part] = path
        return path

    def plan(self, page: MadePage) -> None:
        """Decide what becomes of ``page``."""
        if page.path in self.broken:
            self.report.failed.append(Remark(page.path, 0, self.broken[page.path]))
        elif page.path in self.changes:
            self._plan_together(page, self.changes[page.path])
        elif here := self.here.get(page.path):
            self._plan_change(page, here)
        else:
            self._plan_new(page)

    def write(self, progress: Callable[[int, int, str], None] | None) -> None:
        """Write what was planned, each notebook in one step."""
        todo = [change for change in self.changes.values() if change.make]
        for number, change in enumerate(todo, 1):
            assert change.make is not None
            target = self.project.root / change.path
            data = change.make()
            target.parent.mkdir(parents=True, exist_ok=True)
            if not change.new:
                files.write_atomic(target, data)
            elif not files.create(target, data):
                self.report.failed.append(
                    Remark(change.path, 0, "appeared meanwhile; left as it is")
                )
            if progress:
                progress(number, len(todo), "writing")

    def conclude(self) -> None:
        self.report.pages += [change.result for change in self.changes.values()]
        self.report.pages.sort(key=lambda page: (page.kind != "week", page.path))

    def _look_around(self) -> None:
        """Read what the journal holds."""
        for path in journal.notebook_paths(self.project):
            name = self.project.relative(path)
            try:
                self.here[name] = _read(notebooks.read(path, name))
            except (NotebookError, OSError) as error:
                self.broken[name] = f"cannot be read: {getattr(error, 'message', error)}"
                continue
            here = self.here[name]
            if here.part:
                self._parts.setdefault(here.part, name)
            for source in here.known:
                for digest in here.hashes:
                    self._hashes.setdefault((source, digest), name)

    def _result(self, page: MadePage, state: str, **counts: int) -> PageResult:
        notes = sum(1 for made in page.cells if made.draft.title)
        week = str(page.plan.week or "")
        return PageResult(page.path, page.plan.kind, page.source.name, state, week, notes, **counts)

    def _refuse(self, page: MadePage, why: str) -> None:
        key = f"{page.path} {page.source.name}"
        self.changes[key] = _Change(page.path, self._result(page, "refused"), None, new=False)
        cells = f"{len(page.cells)} cell{'s' if len(page.cells) != 1 else ''}"
        self.report.left_alone.append(
            Remark(page.source.name, page.plan.start, f"{page.path}: {why}; {cells} not added")
        )

    def _plan_together(self, page: MadePage, change: _Change) -> None:
        """Add ``page`` to what another source of this import gives the same week."""
        here = self.here.get(page.path)
        if here and here.known.get(page.source.name):
            # It was added before: this import has nothing to say that the next one would not.
            names = page.identities()
            if set(names) <= here.known[page.source.name]:
                self._other(page, change, "unchanged", [])
                return
        if not self.merge:
            self._refuse(page, f"{change.result.source} makes this week; --merge adds to it")
            return
        names = page.identities()
        known = here.known.get(page.source.name, set()) if here else set()
        cells = [
            _cell(page, made, name)
            for made, name in zip(page.cells, names, strict=True)
            if name not in known
        ]
        if cells:
            cells[0]["metadata"]["weeknotes"]["import"]["known"] = sorted(names)
        self._other(page, change, "changed" if cells else "unchanged", cells)

    def _other(self, page: MadePage, change: _Change, state: str, cells: list[CellJson]) -> None:
        change.more += cells
        if cells and change.make is None:
            here = self.here[page.path]
            change.make = lambda: splice.change(
                here.notebook, insert={len(here.notebook.cells): change.more}
            )
        result = self._result(page, state, added=len(cells))
        key = f"{page.path} {page.source.name}"
        self.changes[key] = _Change(page.path, result, None, new=False, pages=[page])

    def taken(self) -> tuple[set[str], set[str]]:
        """The citation keys and the pictures of all pages but those refused."""
        keys: set[str] = set()
        pictures: set[str] = set()
        for change in self.changes.values():
            for page in change.pages:
                for made in page.cells:
                    data = made.draft.data
                    keys.update(data.get("papers", ()), filter(None, [data.get("paper")]))
                    pictures.update(_PICTURE.findall(made.text))
        return keys, pictures

    def _plan_new(self, page: MadePage) -> None:
        names = page.identities()
        cells = [self._front_matter(page, names)]
        if page.plan.chart:
            cells.append(_chart(page.plan.chart, page.plan.lang))
        cells += [_cell(page, made, name) for made, name in zip(page.cells, names, strict=True)]
        own = {"source": page.source.name, "format": page.format}
        own["part"] = f"{page.plan.date or ''} {page.plan.slug}"
        structure = [text for block in page.plan.structure if (text := block.text.strip())]
        metadata = {
            **_METADATA,
            "weeknotes": {"import": {**own, **page.plan.front, "structure": structure}},
        }
        self.changes[page.path] = _Change(
            page.path,
            self._result(page, "new", added=len(names)),
            None,
            new=True,
            pages=[page],
        )
        change = self.changes[page.path]
        change.make = lambda: splice.dump(splice.new_notebook([*cells, *change.more], metadata))
        if page.plan.week:
            self.weeks[page.plan.week] = page.path

    def _plan_change(self, page: MadePage, here: _Here) -> None:
        """Bring the cells of an earlier import of the same source up to date, and add new ones; to a
        notebook of other making only add, and only with ``--merge``."""
        names = page.identities()
        known = here.known.get(page.source.name, set())
        # Two clones may have one name: theirs is another source if it shares little of what this gave.
        own = bool(known) and 2 * len(known & set(names)) >= min(len(known), len(names))
        if not own and not self.merge:
            self._refuse(page, "exists already; --merge adds to it")
            return
        present = {name: cell for cell in here.notebook.cells if (name := _identity(cell))}
        replace: dict[int, CellJson] = {}
        insert: dict[int, list[CellJson]] = {}
        after = 0 if own else len(here.notebook.cells)
        added = kept = 0
        for made, name in zip(page.cells, names, strict=True):
            if name in present:
                after = present[name].index
                if change := self._update(present[name], made, page):
                    replace[after] = change
                elif _touched(present[name]):
                    kept += 1
            elif name in known:
                self._left(page, made, "you took it out, and it stays out")
                kept += 1
            elif elsewhere := self._elsewhere(page, made):
                self._left(page, made, f"imported already, into {elsewhere}")
            else:
                place = after or _before_first(here.notebook, present.values())
                insert.setdefault(place, []).append(_cell(page, made, name))
                added += 1
        if insert and own:
            replace |= _remember(here.notebook, page.source.name, known | set(names))
        elif insert:
            first = next(iter(insert.values()))[0]
            first["metadata"]["weeknotes"]["import"]["known"] = sorted(names)
        updated = sum(1 for index in replace if _identity(here.notebook.cells[index - 1]))
        changed = bool(insert or replace)
        self.changes[page.path] = _Change(
            page.path,
            self._result(
                page, "changed" if changed else "unchanged", added=added, updated=updated, kept=kept
            ),
            None,
            new=False,
            pages=[page],
        )
        planned = self.changes[page.path]

        def make() -> bytes:
            end = len(here.notebook.cells)
            added_at_end = {end: [*insert.get(end, ()), *planned.more]}
            return splice.change(here.notebook, replace=replace, insert={**insert, **added_at_end})

        planned.make = make if changed else None

    def _update(self, cell: Cell, made: MadeCell, page: MadePage) -> CellJson | None:
        """``cell`` with the text that its source has now; None where it has it already, or where its
        author has changed it."""
        if made.text == cell.source:
            return None
        if stream(cell.source).startswith(stream(made.text)):
            # The source was cut, which is no reason to take away what it once gave.
            return None
        if _touched(cell):
            self._left(page, made, "you have changed it since")
            return None
        metadata = {**cell.metadata}
        own = dict(metadata["weeknotes"])
        metadata["weeknotes"] = {**own, **made.draft.data}
        metadata["weeknotes"]["import"] = {**own["import"], "hash": _hash(made.text)}
        return {**cell.json, "metadata": metadata, "source": made.text}

    def _left(self, page: MadePage, made: MadeCell, why: str) -> None:
        what = made.draft.title or made.text.strip().split("\n")[0][:60]
        self.report.left_alone.append(
            Remark(page.source.name, made.draft.start, f"{page.path}: {what!r}: {why}")
        )

    def _elsewhere(self, page: MadePage, made: MadeCell) -> str:
        """Another notebook that this very cell was imported into earlier."""
        path = self._hashes.get((page.source.name, _hash(made.text)), "")
        return path if path != page.path else ""

    def _front_matter(self, page: MadePage, names: Sequence[str]) -> CellJson:
        plan = page.plan
        lang = plan.lang or self.project.lang
        title = week_title(plan.week, lang) if plan.week else plan.title
        values: list[tuple[str, str]] = [("title", frontmatter.quote(title))]
        if plan.date:
            values.append(("date", plan.date.isoformat()))
        if plan.week:
            values.append(("week", str(plan.week)))
        else:
            values.append(("kind", plan.kind))
        values.append(("lang", lang))
        author = plan.author or (self.project.author if plan.week else "")
        if author:
            values.append(("author", frontmatter.quote(author)))
        values.append(("categories", _list(plan.categories)))
        if plan.tags:
            values.append(("tags", _list(plan.tags)))
        lines = "\n".join(f"{key}: {value}" for key, value in values)
        own = {"import": {"known": {page.source.name: sorted(names)}}}
        return splice.new_cell(
            "raw", f"---\n{lines}\n---", id="front-matter", metadata={"weeknotes": own}
        )


def slug(text: str) -> str:
    """``text`` in small ASCII letters, digits and hyphens, Korean and Chinese romanised."""
    words = re.findall(r"[a-z0-9]+|[^\W_]+", unicodedata.normalize("NFKC", text).lower())
    romanised = [word if word.isascii() else ascii_letters(word) for word in words]
    return "-".join(word for word in romanised if word)[:60].strip("-")


def _list(words: Sequence[str]) -> str:
    return "[" + ", ".join(frontmatter.quote(word) for word in words) + "]"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _cell(page: MadePage, made: MadeCell, name: str) -> CellJson:
    own = {"source": page.source.name, "id": name, "hash": _hash(made.text)}
    return splice.new_cell(
        "markdown",
        made.text,
        id=f"import-{name}",
        metadata={"weeknotes": {**made.draft.data, "import": own}},
    )


def _chart(chart: Chart, lang: str) -> CellJson:
    """A code cell that draws ``chart``, with its output, so that no kernel is needed to see it."""
    from weeknotes import charts

    counts = dict(chart.counts)
    source = (
        "from weeknotes import charts, glance\n\n"
        f"counts = {counts!r}\n"
        f"svg = charts.bars(counts, title={chart.title!r}, lang={lang!r})\n"
        'glance.Display({"image/svg+xml": svg, "text/plain": charts.text_bars(counts)})'
    )
    cell = splice.new_cell("code", source, id=CHART_CELL, tags=("generated", "remove-input"))
    data = {
        "image/svg+xml": charts.bars(counts, title=chart.title, lang=lang),
        "text/plain": charts.text_bars(counts),
    }
    cell["outputs"] = [
        {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}
    ]
    return cell


def _read(notebook: Notebook) -> _Here:
    known: dict[str, set[str]] = {}
    hashes = set()
    for cell in notebook.cells:
        own = _import_of(cell.metadata)
        if not own:
            continue
        listed = own.get("known")
        if isinstance(listed, dict):
            for source, names in listed.items():
                known.setdefault(str(source), set()).update(map(str, names))
        if isinstance(own.get("source"), str):
            known.setdefault(own["source"], set()).add(str(own.get("id")))
            if isinstance(listed, list):
                known[own["source"]].update(map(str, listed))
            hashes.add(str(own.get("hash")))
    own = _import_of(notebook.metadata)
    part = (str(own.get("source")), str(own.get("format")), str(own.get("part"))) if own else None
    return _Here(notebook, known, hashes, part)


def _import_of(metadata: dict[str, Any]) -> dict[str, Any]:
    weeknotes = metadata.get("weeknotes")
    own = weeknotes.get("import") if isinstance(weeknotes, dict) else None
    return own if isinstance(own, dict) else {}


def _identity(cell: Cell) -> str:
    return str(_import_of(cell.metadata).get("id") or "")


def _touched(cell: Cell) -> bool:
    """Whether its author has changed an imported cell since."""
    return _import_of(cell.metadata).get("hash") != _hash(cell.source)


def _before_first(notebook: Notebook, present: Any) -> int:
    """Where a cell goes that stands before all those imported: right before the first of them."""
    first = min((cell.index for cell in present), default=len(notebook.cells) + 1)
    return int(first - 1)


def _remember(notebook: Notebook, source: str, names: set[str]) -> dict[int, CellJson]:
    """The front matter cell, with the ids of all cells that ``source`` has given the notebook."""
    cell = notebook.front_matter_cell
    if cell is None:
        return {}
    own = dict(_import_of(cell.metadata))
    known = own.get("known") if isinstance(own.get("known"), dict) else {}
    own["known"] = {**(known or {}), source: sorted(names)}
    weeknotes = cell.metadata.get("weeknotes")
    merged = {**(weeknotes if isinstance(weeknotes, dict) else {}), "import": own}
    return {cell.index: {**cell.json, "metadata": {**cell.metadata, "weeknotes": merged}}}
