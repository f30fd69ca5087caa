"""The rules about private marks that hide nothing, or more than they seem to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weeknotes.checks.findings import Finding
from weeknotes.journal.project import Project
from weeknotes.privacy.cells import is_private_cell, output_texts, source_of
from weeknotes.privacy.cut import unclosed_elements
from weeknotes.privacy.includes import FileIncludes
from weeknotes.privacy.marks import shows_mark
from weeknotes.privacy.private_files import Whole
from weeknotes.privacy.readings import agreed
from weeknotes.privacy.seeming import seeming_mark_of_cell, seeming_marks

_RULE = "private-mark"
_HOW = (
    "Write {.private} right behind a heading, a span, an image or the fence of a div, with an empty "
    "line before a heading or a fence; show it as code where no mark is meant."
)
_HOW_CELL = (
    "Write the tag 'private', or the option '#| private: true' as the first line of the code."
)


def judge_text(text: str, file: str, cell: int) -> Iterator[Finding]:
    """The places in the Markdown ``text`` that look like a mark and are none."""
    for at, hidden in seeming_marks(text):
        what = "pandoc takes this mark for text" if hidden else "this looks like a mark and is none"
        effect = "what it seems to mark is left out" if hidden else "nothing is private by it"
        line = text.count("\n", 0, at) + 1
        yield Finding(_RULE, file, f"{what}: {effect}", cell or None, line, _HOW)


def judge_notebook(
    project: Project, source: str, notebook: Mapping[str, Any], known: Sequence[Finding]
) -> Iterator[Finding]:
    """The private marks in a notebook that do not do what they seem to, without those in ``known``:
    cells on which pandoc and the scanner differ, elements that are never closed, and outputs."""
    reason = Whole(project).reason
    if reason(source):
        return
    for number, cell in enumerate(notebook.get("cells") or [], 1):
        if source_of(cell) is not None and not is_private_cell(cell):
            yield from _judge_cell(cell, source, number)
    includes = FileIncludes(project.root, (project.root / source).parent, reason)
    _, readings = agreed(project.state, notebook, includes)
    named = {finding.cell for finding in known if finding.rule == _RULE}
    divs = {(finding.cell, finding.line) for finding in known if finding.rule == "markdown-div"}
    for number, line in unclosed_elements(notebook, includes):
        if (number, line) in divs:
            continue
        what = "this private part is never closed: everything behind it is left out"
        yield Finding(
            _RULE,
            source,
            what,
            number,
            line,
            "Close it where it ends, with its end tag or a line of ::: alone.",
        )
        named.add(number)
    for number in sorted((readings.cells | readings.unread) - named):
        what = "pandoc takes a mark in this cell for text; what it seems to mark is left out"
        if number in readings.cells:
            what = "what is private here can be read in two ways; the cell is left out of downloads"
        yield Finding(
            _RULE,
            source,
            what,
            number,
            None,
            "Close every bracket, quotation mark and emphasis around the mark, or put the whole cell "
            "under the tag 'private'.",
        )


def _judge_cell(cell: Mapping[str, Any], file: str, number: int) -> Iterator[Finding]:
    if line := seeming_mark_of_cell(cell):
        what = "this looks like a mark of the cell and is none: nothing is private by it"
        yield Finding(_RULE, file, what, number, line, _HOW_CELL)
    outputs = cell.get("outputs") if cell["cell_type"] == "code" else None
    texts = (t for o in outputs or [] if isinstance(o, dict) for t in output_texts(o))
    if any(map(shows_mark, texts)):
        what = "an output marks something in it as private, and is left out as a whole"
        yield Finding(
            _RULE, file, what, number, None, "Let the code print what is private by itself, or not."
        )
