"""The cells and pages that an import makes, as notebooks hold them."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from weeknotes.i18n import week_title
from weeknotes.importers.front_matter import inner_lines
from weeknotes.importers.loss_check import stream
from weeknotes.importers.markdown.blocks import Line
from weeknotes.importers.markdown.escapes import escaped, harmless_code
from weeknotes.importers.page_plan import Chart, Draft, PagePlan
from weeknotes.importers.paper_register import normalised_title
from weeknotes.importers.source_files import Source
from weeknotes.journal import cell_edit, frontmatter
from weeknotes.journal.notebooks import CellJson
from weeknotes.journal.project import Project
from weeknotes.privacy.marks import private_spans, without
from weeknotes.text.romanise import ascii_letters

CHART_CELL = "category-graph"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""The metadata of a notebook that an import makes, beside its own."""


@dataclass(frozen=True)
class MadeCell:
    """A cell as a notebook is to have it."""

    draft: Draft
    text: str


@dataclass
class MadePage:
    """A page as the journal is to have it. ``pieces`` are the texts it was made of, by their lines in
    the source, for the loss check; ``moved`` are those that were elsewhere in it, and ``structure``
    those that are kept in the notebook's metadata."""

    plan: PagePlan
    path: str
    source: Source
    format: str
    cells: list[MadeCell] = field(default_factory=list)
    pieces: list[tuple[int, str]] = field(default_factory=list)
    moved: list[tuple[int, str]] = field(default_factory=list)
    structure: list[tuple[int, str]] = field(default_factory=list)

    @property
    def part(self) -> str:
        """The name of the page among those of its source."""
        return part_of(self.plan)

    def leftover(self, lines: Sequence[Line], *, private: bool = False) -> None:
        """Add a cell with ``lines`` of the source as they are, which found no place elsewhere.
        ``private`` ones, such as those of a comment, stay private."""
        text = "\n".join(text for _, text in lines)
        ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
        first, last = lines[0][0], lines[-1][0]
        where = f"line {first}" if first == last else f"lines {first} to {last}"
        body = f"From {escaped(self.source.name)}, {where}:\n\n{ticks}\n{text}\n{ticks}"
        if private:
            body = f"::: {{.private}}\n{body}\n:::"
        self.cells.append(MadeCell(Draft([], title=""), harmless_code(body)))

    def identities(self, source_name: str = "") -> list[str]:
        """An id for each cell, the same whenever the same source is imported, or the one that it had
        when its source was called ``source_name``."""
        counts: dict[str, int] = {}
        found = []
        page = str(self.plan.week or self.part)
        for made in self.cells:
            source = "\n".join(block.text for block in made.draft.blocks) or made.text
            words = normalised_title(made.draft.title) or stream(source)[:60]
            basis = f"{source_name or self.source.name}\n{page}\n{words}"
            counts[basis] = counts.get(basis, 0) + 1
            data = f"{basis}\n{counts[basis]}".encode("utf-8", "replace")
            found.append(hashlib.sha256(data).hexdigest()[:12])
        return found


def part_of(plan: PagePlan) -> str:
    """The name of the page ``plan`` among those of its source: its day and its slug."""
    return f"{plan.date or ''} {plan.slug}"


def front_matter(page: MadePage, names: Sequence[str], project: Project) -> CellJson:
    """The raw cell that a new notebook begins with: what the page says of itself, and the ids of the
    cells that its source gave it."""
    plan = page.plan
    lang = plan.lang or project.lang
    title = week_title(plan.week.year, plan.week.number, lang) if plan.week else plan.title
    values: list[tuple[str, str]] = [("title", frontmatter.quote(title))]
    if plan.date:
        values.append(("date", plan.date.isoformat()))
    if plan.week:
        values.append(("week", str(plan.week)))
    else:
        values.append(("kind", plan.kind))
    if plan.private and not plan.shared:
        values.append((plan.private, "true"))
    values.append(("lang", lang))
    author = plan.author or (project.author if plan.week else "")
    if author:
        values.append(("author", frontmatter.quote(author)))
    values.append(("categories", list_of(plan.categories)))
    if plan.tags:
        values.append(("tags", list_of(plan.tags)))
    lines = "\n".join(f"{key}: {value}" for key, value in values)
    text = f"---\n{lines}\n---"
    own: dict[str, object] = {"hash": hash_of(text), "known": {page.source.name: list(names)}}
    if not plan.shared:
        own["source"] = page.source.name
    return cell_edit.new_cell(
        "raw", text, id="front-matter", metadata={"weeknotes": {"import": own}}
    )


def note_cell(page: MadePage, made: MadeCell, name: str, *, elsewhere: bool = False) -> CellJson:
    """The cell of ``made``, Markdown or code, known to later imports by ``name``. ``elsewhere`` says
    that it goes to a notebook of other making: what its page withholds as a whole, it does alone."""
    own = {"source": page.source.name, "id": name, "hash": hash_of(made.text)}
    code = made.draft.code
    cell = cell_edit.new_cell(
        "code" if code else "markdown",
        made.text,
        id=f"import-{name}",
        tags=("private",) if page.plan.private and (elsewhere or page.plan.shared) else (),
        metadata={"weeknotes": {**made.draft.data, "import": own}},
    )
    if code:
        own["outputs"] = outputs_hash(code.outputs)
        cell |= {"outputs": [dict(one) for one in code.outputs], "execution_count": code.number}
    return cell


def outputs_hash(outputs: object) -> str:
    """A hash that identifies the outputs of a code cell, however their lines are written."""
    return hash_of(json.dumps(_joined(outputs), sort_keys=True, ensure_ascii=False))


def _joined(value: object) -> object:
    if isinstance(value, list | tuple):
        if value and all(isinstance(item, str) for item in value):
            return "".join(value)
        return [_joined(item) for item in value]
    return {key: _joined(item) for key, item in value.items()} if isinstance(value, dict) else value


def notebook_metadata(page: MadePage) -> dict[str, object]:
    """The metadata of the notebook of ``page``: where it comes from, and what of the source is shown
    nowhere, as it was written."""
    if page.plan.shared:
        return {**METADATA, "weeknotes": {"import": {"format": page.format, "shared": True}}}
    own: dict[str, object] = {"source": page.source.name, "format": page.format, "part": page.part}
    own |= kept_of(page)
    return {**METADATA, **page.plan.metadata, "weeknotes": {"import": own}}


def kept_of(page: MadePage) -> dict[str, object]:
    """The parts of the source of ``page`` that are shown nowhere, as they were written."""
    own: dict[str, object] = {}
    structure = []
    for block in page.plan.structure:
        if block.kind == "front":
            # Without its marks, between which Quarto would read it wherever it is.
            own["front-matter"] = harmless_code("\n".join(inner_lines(block)))
        elif text := block.text.strip():
            structure.append(harmless_code(text))
    return {**own, **page.plan.front, "structure": structure}


def chart_cell(chart: Chart, lang: str, source_name: str) -> CellJson:
    """A code cell that draws ``chart``, with its output, so that no kernel is needed to see it."""
    from weeknotes.text import charts

    counts = dict(chart.counts)
    source = (
        "from weeknotes import charts, glance\n\n"
        f"counts = {counts!r}\n"
        f"svg = charts.bars(counts, title={chart.title!r}, lang={lang!r})\n"
        'glance.Display({"image/svg+xml": svg, "text/plain": charts.text_bars(counts)})'
    )
    cell = cell_edit.new_cell(
        "code",
        source,
        id=CHART_CELL,
        tags=("generated", "remove-input"),
        metadata={"weeknotes": {"import": {"source": source_name, "hash": hash_of(source)}}},
    )
    data = {
        "image/svg+xml": charts.bars(counts, title=chart.title, lang=lang),
        "text/plain": charts.text_bars(counts),
    }
    cell["outputs"] = [
        {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}
    ]
    return cell_edit.collapsed(cell)


def slug(text: str) -> str:
    """``text`` in small ASCII letters, digits and hyphens, Korean and Chinese romanised. What is
    marked private in it is left out: names of files are public."""
    text = without(text, private_spans(text))
    words = re.findall(r"[a-z0-9]+|[^\W_]+", unicodedata.normalize("NFKC", text).lower())
    romanised = [word if word.isascii() else ascii_letters(word) for word in words]
    return "-".join(word for word in romanised if word)[:60].strip("-")


def list_of(words: Sequence[str]) -> str:
    """``words`` as a YAML list on one line."""
    return "[" + ", ".join(frontmatter.quote(word) for word in words) + "]"


def hash_of(text: str) -> str:
    """A hash that identifies the text of a cell."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
