"""A notebook in the form in which both engines show all that its author wrote and its cells showed.

Quarto is given what `prepare` makes through its `ipynb-filters`, and the built-in renderer reads the
same: cells with ids of their own, Markdown in pandoc's form, and outputs without what only a script
could draw. What had to be left out is reported with its cell.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weeknotes.engines import plot_values
from weeknotes.engines.attachments import with_plain_names
from weeknotes.engines.frames import CLASS, Frame, Frames, NoFrameError
from weeknotes.engines.interactive import Interactive, interactive
from weeknotes.engines.jupyter_markdown import as_pandoc
from weeknotes.engines.latex_outputs import is_math, latex_as_markdown
from weeknotes.engines.page import PageWarning
from weeknotes.engines.stills import PACKAGES, Stills
from weeknotes.engines.unshown import unshown
from weeknotes.errors import ProjectError
from weeknotes.i18n.engine_words import words
from weeknotes.journal.notebooks import joined
from weeknotes.journal.project import read_yaml
from weeknotes.text.markdown import VERBATIM, read
from weeknotes.text.merges import unfinished_merge

RAW_SHOWN = ("text/html", "text/markdown", "text/x-markdown")
"""The formats of raw cells that a page shows."""
IMAGES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")
#: Images that pandoc's Markdown and Quarto do not know as outputs.
_NEWER_IMAGES = ("image/webp", "image/avif", "image/bmp")
_SHOWN = frozenset(["text/html", "text/markdown", "text/latex", "text/plain", *IMAGES])
FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)(?:\n(?:---|\.\.\.)[ \t]*(?:\n|\Z))", re.DOTALL)
"""The front matter that a text begins with."""
_SHOWN_BEFORE_LATEX = frozenset(["text/html", "text/markdown", *IMAGES])
_LANG = re.compile(r"^lang:[ \t]*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", re.M)
#: The text of a bar of progress, which says all that its widget shows.
_PROGRESS = re.compile(r"\d+%\||\bit/s\b|\bs/it\b")
_OBJECT = re.compile(r"<IPython\.|<[\w.]+ object at 0x")
#: A reference to a footnote, and no definition of one.
_NOTE_MARK = re.compile(r"\[\^([^\[\]\s]+)\](?!:)|(?<=[^\s])\[\^([^\[\]\s]+)\]")
_JSON_LIMIT = 5_000
_SIGN_LIMIT = 300


@dataclass
class Preparation:
    """Prepares the notebook ``file``; ``warnings`` are what its author should know.

    ``stills`` makes still images of interactive figures, and ``frames`` the documents of those that
    stay interactive, where they are given.
    """

    file: str
    lang: str = "en"
    stills: Stills | None = None
    frames: Frames | None = None
    warnings: list[PageWarning] = field(default_factory=list)
    _notes: dict[str, tuple[int, int]] = field(default_factory=dict)
    _marks: set[str] = field(default_factory=set)
    _front_cell: int | None = None

    def cells(
        self, cells: Sequence[Any], numbers: Iterable[int], *, front_alone: bool = False
    ) -> list[Any]:
        """The cells of a notebook of nbformat 4, prepared; ``numbers`` are theirs in the file. What is
        not of nbformat's form is left for a reader to complain about. With ``front_alone``, only those
        are prepared that begin as front matter does."""
        self.lang = _front_lang(cells) or self.lang
        self._front_cell = _front_cell(cells, numbers := list(numbers))
        seen: dict[str, int] = {}
        made = []
        for cell, number in zip(cells, numbers, strict=True):
            if isinstance(cell, dict) and not (front_alone and _is_no_front(cell)):
                cell = self._with_own_id(cell, number, seen)
                cell = self._cell(cell, number)
                self._note_footnotes(cell, number)
            made.append(cell)
        self._tell_footnotes()
        self._tell_comments(made, numbers)
        return made

    def warn(
        self,
        message: str,
        cell: int | None,
        hint: str,
        rule: str,
        *,
        problem: bool = False,
        line: int | None = None,
    ) -> None:
        """Note something about a cell."""
        warning = PageWarning(message, self.file, cell, line, hint, problem, rule)
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _with_own_id(
        self, cell: dict[str, Any], number: int, seen: dict[str, int]
    ) -> dict[str, Any]:
        name = cell.get("id")
        if not isinstance(name, str):
            return cell
        if name not in seen:
            seen[name] = number
            return cell
        self.warn(
            f"cell {seen[name]} has the same id '{name}'",
            number,
            "weeknotes check --fix gives it one of its own.",
            "cell-id-duplicate",
        )
        own = next(new for n in range(2, len(seen) + 3) if (new := f"{name[:60]}-{n}") not in seen)
        seen[own] = number
        return {**cell, "id": own}

    def _cell(self, cell: dict[str, Any], number: int) -> dict[str, Any]:
        self._look_for_merge(cell, number)
        self._look_for_unshown(cell, number)
        if cell.get("cell_type") == "markdown":
            return self._markdown(cell, number)
        outputs = cell.get("outputs")
        if cell.get("cell_type") != "code" or not isinstance(outputs, list):
            return cell
        shown = [o for output in outputs for o in self._output(output, number)]
        beside_image = any(isinstance(o, dict) and _image_of(o.get("data") or {}) for o in shown)
        settled = (
            plot_values.settled(o, beside_image) if isinstance(o, dict) else o for o in shown
        )
        return {**cell, "outputs": [output for output in settled if output is not None]}

    def _note_footnotes(self, cell: dict[str, Any], number: int) -> None:
        text = joined(cell.get("source")) or ""
        if cell.get("cell_type") != "markdown" or "[^" not in text:
            return
        structure = read(text.replace("\r\n", "\n"))
        for region in structure.of("note"):
            self._notes.setdefault(region.name, (number, structure.line(region.start)))
        shown = structure.blanked([*VERBATIM, "attributes"])
        self._marks.update(match[1] or match[2] for match in _NOTE_MARK.finditer(shown))

    def _tell_footnotes(self) -> None:
        for label, (number, line) in self._notes.items():
            if label not in self._marks:
                self.warn(
                    f"the footnote [^{label}] is not shown, since no text of the page refers to it",
                    number,
                    f"Write [^{label}] where it belongs, or make it a paragraph.",
                    "reference-missing",
                    problem=True,
                    line=line,
                )

    def _tell_comments(self, cells: Sequence[Any], numbers: Sequence[int]) -> None:
        """Warn of comments that begin in one cell and end in another. JupyterLab shows what is between
        them, and a page does not."""
        opened: tuple[int, int] | None = None
        for cell, number in zip(cells, numbers, strict=True):
            text = joined(cell.get("source")) if isinstance(cell, dict) else None
            if text is None:
                continue
            if opened and "-->" in text + json.dumps(cell.get("outputs") or ""):
                self.warn(
                    f"a comment begins here and ends in cell {number}: the page shows nothing between",
                    opened[0],
                    "End it with --> in its cell, or take <!-- out.",
                    "markdown-comment",
                    line=opened[1],
                )
                opened = None
            if "<!--" in text and cell.get("cell_type") == "markdown":
                structure = read(text)
                start = structure.blanked([*VERBATIM, "attributes"]).rfind("<!--")
                opened = (number, structure.line(start)) if start >= 0 else opened

    def _look_for_merge(self, cell: dict[str, Any], number: int) -> None:
        text = joined(cell.get("source")) or ""
        line = unfinished_merge(text, markdown=cell.get("cell_type") == "markdown")
        if line is not None:
            self.warn(
                "a merge is unfinished in this cell: it holds both versions, and the marks of git",
                number,
                "Keep what is right, and take the lines of <<<<<<<, ======= and >>>>>>> out.",
                "merge-unfinished",
                problem=True,
                line=line,
            )

    def _look_for_unshown(self, cell: dict[str, Any], number: int) -> None:
        kind, metadata = cell.get("cell_type"), cell.get("metadata")
        text = joined(cell.get("source")) or ""
        mime = metadata.get("raw_mimetype") or metadata.get("format") if metadata else None
        if kind == "raw" and mime and mime not in RAW_SHOWN and text.strip():
            message = f"a raw cell of the format {mime} is not shown on a page"
            hint = "Make it a Markdown cell, if the site is to show it."
            self.warn(message, number, hint, "page-warning")
        elif kind != "code":
            for found in unshown(text.replace("\r\n", "\n"), tex=False):
                self.warn(found.message, number, found.hint, found.rule, line=found.line)

    def _markdown(self, cell: dict[str, Any], number: int) -> dict[str, Any]:
        text = joined(cell.get("source"))
        if text is None:
            return cell
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "attachment:" in text:
            attached = cell.get("attachments")
            attached = attached if isinstance(attached, dict) else {}
            text, attached, missing = with_plain_names(text, attached)
            for line, name in missing:
                self.warn(
                    f"nothing is attached as {name}",
                    number,
                    "Paste the image into the cell again, or take it out.",
                    "image-missing",
                    problem=True,
                    line=line,
                )
            cell = {**cell, "attachments": attached}
        head = 0
        if number == self._front_cell and (front := FRONT_MATTER.match(text)):
            head = front.end()
        return {**cell, "source": text[:head] + as_pandoc(text[head:])}

    def _output(self, output: Any, number: int) -> list[Any]:
        """The outputs to show for an output: none, itself, or one that shows the same."""
        data = output.get("data") if isinstance(output, dict) else None
        if not isinstance(data, dict) or output.get("output_type") not in (
            "display_data",
            "execute_result",
        ):
            return [output]
        found = interactive(data)
        made = self._still(data, found, number) if found else self._displayed(data, number)
        if made is None:
            return []
        return [output if made is data else {**output, "data": made}]

    def _displayed(self, data: Mapping[str, Any], number: int) -> Mapping[str, Any] | None:
        """The bundle of an output that needs no script."""
        if isinstance(text := joined(data.get("text/markdown")), str):
            made = as_pandoc(text.replace("\r\n", "\n"))
            return data if made == text else {**data, "text/markdown": made}
        latex = joined(data.get("text/latex"))
        if latex is not None and not is_math(latex) and not _SHOWN_BEFORE_LATEX.intersection(data):
            return {"text/markdown": latex_as_markdown(latex)}
        if "application/json" in data and not _image_of(data) and "text/html" not in data:
            return self._json(data, number)
        if any(mime in _SHOWN and mime != "text/plain" for mime in data):
            return data
        for mime in _NEWER_IMAGES:
            if isinstance(code := joined(data.get(mime)), str):
                picture = "".join(code.split())
                return {"text/html": f'<img src="data:{mime};base64,{html.escape(picture)}">'}
        if "text/plain" in data or not data:
            return data
        mime = next(iter(data))
        return self._note(data, mime, number, f"an output of type {mime} cannot be shown", "")

    def _json(self, data: Mapping[str, Any], number: int) -> Mapping[str, Any]:
        """JSON that the author displayed, as text where it is short enough to be read."""
        text = json.dumps(data["application/json"], indent=2, ensure_ascii=False)
        if len(text) <= _JSON_LIMIT:
            return {"text/plain": text}
        what = f"JSON of {len(text):,} characters is too long to be shown"
        return self._note(data, "JSON", number, what, "Display the part of it that matters.")

    def _still(
        self, data: Mapping[str, Any], found: Interactive, number: int
    ) -> Mapping[str, Any] | None:
        """The bundle that stands for an interactive output; None for one that shows nothing."""
        if image := _image_of(data):
            return image
        if found.loads:
            return None
        if self.stills and (svg := self.stills.svg(found.kind, found.spec)):
            return {"image/svg+xml": svg}
        sign = joined(data.get("text/plain")) or ""
        if found.kind == "widget" and _PROGRESS.search(sign):
            return {"text/plain": sign}
        message, hint = _missing(found)
        if self.frames:
            try:
                frame = self.frames.make(found, data)
            except NoFrameError as error:
                hint = f"To have it in a frame, {error}."
            else:
                return {"text/html": self._framed(found.kind, frame)}
        return self._note(data, found.kind, number, message, hint)

    def _framed(self, kind: str, frame: Frame) -> str:
        """The element that shows a figure in its frame."""
        title = html.escape(words(self.lang)["interactive-figure"].format(kind))
        return (
            f'<iframe class="{CLASS}" src="{frame.address}" title="{title}" '
            f'style="height: {frame.height}px" sandbox="allow-scripts" loading="lazy"></iframe>'
        )

    def _note(
        self, data: Mapping[str, Any], kind: str, number: int, message: str, hint: str
    ) -> Mapping[str, Any]:
        """A line in the place of what cannot be shown, with the sign that the output has for it."""
        self.warn(message, number, hint, "output-interactive")
        line = html.escape(words(self.lang)["missing-figure"].format(kind))
        sign = " ".join((joined(data.get("text/plain")) or "").split())
        if sign and len(sign) <= _SIGN_LIMIT and not _OBJECT.match(sign) and sign[0] not in "{[":
            line += f" <code>{html.escape(sign)}</code>"
        return {"text/html": f'<p class="missing-figure">{line}</p>'}


def _missing(found: Interactive) -> tuple[str, str]:
    """The message about an interactive output that has no still image, and a hint."""
    if package := PACKAGES.get(found.kind):
        return (
            f"the {found.kind} figure has no still image, and none could be made",
            f"Install {package} in the journal's environment, or save an image with the output.",
        )
    if found.kind in ("script", "widget"):
        return (
            f"the output is drawn by a {found.kind}, which a page does not run",
            "Save an image with the output, or print what it says.",
        )
    return (
        f"the {found.kind} figure is drawn by a script, which a page does not run",
        "Save an image with the output: a screenshot, or the library's own export.",
    )


def _image_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The image in a bundle, its only member; empty where there is none."""
    for mime in IMAGES:
        text = joined(data.get(mime))
        if text and (mime == "image/svg+xml" or _is_base64(text)):
            return {mime: data[mime]}
    return {}


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=False))
    except ValueError:
        return False


def _front_cell(cells: Sequence[Any], numbers: Sequence[int]) -> int | None:
    """The number of the cell that the front matter is in. Behind the first text of a notebook, lines
    between two ``---`` are front matter only where they are keys with values."""
    first = True
    for cell, number in zip(cells, numbers, strict=True):
        text = joined(cell.get("source")) if isinstance(cell, dict) else None
        if text is None or not text.strip():
            continue
        match = None if cell.get("cell_type") == "code" else FRONT_MATTER.match(text)
        if match and (first or cell.get("cell_type") == "raw" or _is_mapping(match[1])):
            return number
        first = False
    return None


def _is_no_front(cell: Mapping[str, Any]) -> bool:
    text = joined(cell.get("source")) or ""
    return FRONT_MATTER.match(text.replace("\r\n", "\n").replace("\r", "\n")) is None


def _is_mapping(text: str) -> bool:
    try:
        return isinstance(read_yaml(Path(), text.encode()), dict)
    except ProjectError:
        return False


def _front_lang(cells: Sequence[Any]) -> str | None:
    for cell in cells[:3]:
        text = joined(cell.get("source")) if isinstance(cell, dict) else None
        if text and text.lstrip().startswith("---") and (match := _LANG.search(text)):
            return match[1]
    return None
