"""A source joined into one Markdown document, as it is given to pandoc."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from weeknotes.engines import chunks, for_advisor, shortcodes
from weeknotes.engines.code_cells import PARAMETER_TAGS, CodeCell, Options, is_shown, split_options
from weeknotes.engines.frames import frames_of
from weeknotes.engines.page import PageWarning
from weeknotes.engines.page_settings import PageSettings, front_matter_warnings, page_settings
from weeknotes.engines.prepared import RAW_SHOWN
from weeknotes.engines.shortcode_handlers import Context
from weeknotes.engines.source_reading import PageSource, SourceCell, read_source
from weeknotes.engines.sources import metadata_files
from weeknotes.engines.stills import Stills, library_files
from weeknotes.errors import ProjectError
from weeknotes.files import write_cache
from weeknotes.journal.notebooks import TITLE_TAG
from weeknotes.journal.project import Project, read_yaml
from weeknotes.privacy.cells import attachment
from weeknotes.privacy.class_names import marked
from weeknotes.privacy.cut import cut_text
from weeknotes.privacy.includes import FileIncludes
from weeknotes.privacy.marks import private_spans
from weeknotes.privacy.private_files import Whole
from weeknotes.text.printable import legible, printable

_HEADING = re.compile(r"\A\s*(?:#+[ \t]+(.+?)[ \t]*(?:\{[^}]*\})?|(.+)\n(?:=+|-+))[ \t]*(?:\n|\Z)")
_NO_NAME = r"[/\\\x00-\x1f]"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp")


@dataclass
class Document:
    """A source ready for pandoc.

    `markdown` is the whole page, and `original` the same with what is marked private in its texts,
    where there is anything; `title_level` is that of the heading which became the title, 0 for a title
    of the front matter; `figures` are the files made of cell outputs, by the address that
    the Markdown names them by; `dependencies` are the files, there or not, that the page depends on
    besides; `warnings` grow as the page is made.
    """

    source: PageSource
    settings: PageSettings
    markdown: str = ""
    original: str = ""
    title: str = ""
    title_level: int = 0
    figures: dict[str, Path] = field(default_factory=dict)
    dependencies: set[str] = field(default_factory=set)
    warnings: list[PageWarning] = field(default_factory=list)

    def warn(
        self,
        message: str,
        needle: str = "",
        hint: str | None = None,
        problem: bool = False,
        rule: str = "",
    ) -> None:
        """Note `message`, at the place in the source where `needle` first occurs."""
        cell, line = self.source.place(needle)
        self.warn_at(message, cell, line, hint, problem, rule)

    def problem(
        self, message: str, needle: str = "", hint: str | None = None, *, rule: str = ""
    ) -> None:
        """Note that the page isn't what its author meant."""
        self.warn(message, needle, hint, problem=True, rule=rule)

    def warn_at(
        self,
        message: str,
        cell: int | None,
        line: int | None = None,
        hint: str | None = None,
        problem: bool = False,
        rule: str = "",
    ) -> None:
        """Note `message` about a cell and a line."""
        warning = PageWarning(message, self.source.path, cell, line, hint, problem, rule)
        if warning not in self.warnings:
            self.warnings.append(warning)


def read_document(
    project: Project, source: str, work: Path, whole: Whole | None = None
) -> Document:
    """The document made from `source`; figures in its outputs are written below `work`. `whole` knows
    what is private as a whole; it reads what it remembers once for any number of documents.

    Raises NotebookError, ProjectError or RenderError where it cannot be read.
    """
    whole = whole or Whole(project)
    includes = FileIncludes(project.root, (project.root / source).parent, whole.reason)
    read = read_source(
        project.root,
        source,
        shows_private=project.shows_private,
        includes=includes,
        lang=project.lang,
        stills=Stills(project.state / "stills"),
        frames=frames_of(project),
    )
    document = Document(read, page_settings(project, source, read.front))
    document.dependencies.update(map(str, metadata_files(project, source)))
    document.warnings += [
        *front_matter_warnings(source, read.front, read.front_cell),
        *read.warnings,
    ]
    if any(warning.rule == "output-interactive" for warning in read.warnings):
        document.dependencies.update(library_files())
    document.markdown = _joined(document, _context(project, document, whole, cut=True), work)
    document.title = str(document.settings.options.get("title") or document.title)
    document.title = document.title or PurePosixPath(source).stem
    document.title = printable(document.title)
    if not project.shows_private and read.may_hold_private:
        document.original = _original(project, document, includes, whole)
    return document


def _original(project: Project, document: Document, includes: FileIncludes, whole: Whole) -> str:
    """The same document with what is marked private within its texts, for pandoc to say what it takes
    for private; empty where nothing seems to be."""
    source = document.source.path
    read = read_source(
        project.root,
        source,
        uncut=True,
        includes=includes,
        lang=project.lang,
        stills=Stills(project.state / "stills"),
        frames=frames_of(project),
    )
    original = Document(read, document.settings)
    markdown = _joined(original, _context(project, original, whole, cut=False), None)
    return markdown if marked(markdown) else ""


def _joined(document: Document, context: Context, work: Path | None) -> str:
    """The Markdown of all cells of a document's source."""
    read = document.source
    parts = []
    code_cells = 0
    first = True
    for cell in read.cells:
        if cell.kind == "code":
            # Quarto numbers what its filter leaves: cells of parameters are cut before.
            code_cells += not PARAMETER_TAGS.intersection(cell.tags)
            parts.append(_code_cell(document, cell, code_cells, work))
            continue
        if TITLE_TAG in cell.tags:
            continue
        text = shortcodes.resolve(_content(document, cell, work), context)
        if first and cell.text.strip():
            first = False
            text = _take_title(document, text)
        if cell.kind == "markdown":
            text = for_advisor.marked(text, cell.tags)
        if not read.path.endswith(".ipynb"):
            text, problems = chunks.without_hidden(text, document.settings)
            for problem, opening in problems:
                document.warn(problem, opening)
        parts.append(text)
    return legible("\n\n".join(part for part in parts if part) + "\n")


def _context(project: Project, document: Document, whole: Whole, cut: bool) -> Context:
    def withheld(path: Path) -> bool:
        source = path.relative_to(project.root).as_posix()
        document.dependencies.update(map(str, metadata_files(project, source)))
        return not project.shows_private and bool(whole.reason(source))

    def public(path: Path, text: str) -> str:
        if not cut or project.shows_private:
            return text
        return cut_text(text, FileIncludes(project.root, path.parent, whole.reason))[0]

    return Context(
        root=project.root,
        folder=(project.root / document.source.path).parent.resolve(),
        meta=_without_folder(document.settings.options, f"{project.root}/"),
        warn=document.problem,
        needs=lambda path: document.dependencies.add(str(path)),
        variables=_variables(project, document),
        withheld=withheld,
        public=public,
    )


def _without_folder(value: Any, folder: str) -> Any:
    """`value` with paths within `folder` relative to it: a page must not show where a journal is."""
    if isinstance(value, str):
        return value.removeprefix(folder)
    if isinstance(value, list):
        return [_without_folder(item, folder) for item in value]
    if isinstance(value, Mapping):
        return {key: _without_folder(item, folder) for key, item in value.items()}
    return value


def _variables(project: Project, document: Document) -> Mapping[str, Any]:
    path = project.root / "_variables.yml"
    document.dependencies.add(str(path))
    if not path.is_file():
        return {}
    values = read_yaml(path, path.read_bytes())
    if values is not None and not isinstance(values, dict):
        raise ProjectError("must be a mapping of keys to values", file=path.name)
    return values or {}


def _take_title(document: Document, text: str) -> str:
    """`text` without the heading it starts with, where the front matter gives no title."""
    if document.settings.options.get("title"):
        return text
    match = _HEADING.match(text)
    if not match or private_spans(match[0]):
        return text
    document.title = match[1] or match[2]
    document.title_level = _level(match[0].strip())
    return text[match.end() :]


def _level(heading: str) -> int:
    """The level of a heading as it is written, with signs before it or a line below it."""
    marks = len(heading) - len(heading.lstrip("#"))
    return marks or (1 if heading.endswith("=") else 2)


def _content(document: Document, cell: SourceCell, work: Path | None) -> str:
    """The Markdown of a Markdown or raw cell, with the files attached to it kept below `work`."""
    mime = (cell.metadata or {}).get("raw_mimetype") or (cell.metadata or {}).get("format")
    if cell.kind == "raw" and mime:
        if mime == "text/html":
            return f"```````{{=html}}\n{cell.text}\n```````"
        if mime not in RAW_SHOWN:
            return ""
    text = cell.text
    for number, (name, data) in enumerate((cell.attachments or {}).items(), start=1):
        shown = attachment(name)
        if not isinstance(data, dict) or not shown.search(text):
            continue
        for mime, value in data.items():
            if not is_picture(name, mime):
                document.warn(f"the attachment {name} is no image", f"attachment:{name}")
                break
            try:
                content = _attachment(value)
            except ValueError:
                document.warn(f"the attachment {name} is not valid", f"attachment:{name}")
                break
            address = _keep(document, work, f"{cell.id}-{number}-{name}", content)
            text = shown.sub(address.replace("\\", r"\\"), text)
            break
    return text


def is_picture(name: str, mime: str) -> bool:
    """Whether what is attached to a cell under `name` is an image, and called so."""
    return mime.startswith("image/") and PurePosixPath(name).suffix.lower() in _PICTURES


def _attachment(value: Any) -> bytes:
    import base64

    text = "".join(value) if isinstance(value, list) else str(value)
    return text.encode() if text.lstrip().startswith("<svg") else base64.b64decode(text)


def _keep(document: Document, work: Path | None, name: str, data: bytes) -> str:
    """Write `data` below `work` where it isn't there already; its address from the page.

    Its name is made from its content, so that pages taken from an earlier build show the same as
    then.
    """
    page = PurePosixPath(document.source.path)
    # A notebook may say of what is attached to it that it is in another folder.
    address = f"{page.stem}_files/figure-html/{re.sub(_NO_NAME, '-', name)}"
    if work:
        content = hashlib.blake2b(data, digest_size=16).hexdigest()
        path = work / f"{content}{PurePosixPath(name).suffix}"
        if not path.is_file():
            write_cache(path, data)
        document.figures[address] = path
    return quote(address)


def _code_cell(document: Document, cell: SourceCell, index: int, work: Path | None) -> str:
    values, lines, code, problem = split_options(cell, document.source.language)
    options = Options(values, document.settings)
    if problem:
        document.warn_at(problem, cell.number, 1)
    if not is_shown(cell, options):
        return ""
    return CodeCell(
        cell=cell,
        options=options,
        option_lines=lines,
        code=code,
        language=document.source.language,
        index=index,
        save_figure=lambda name, data: _keep(document, work, name, data),
        warn=lambda message: document.warn_at(message, cell.number),
    ).markdown()
