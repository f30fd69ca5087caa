"""An import from beginning to end: read, plan, prove, and write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from weeknotes.errors import UsageError
from weeknotes.files import write_atomic
from weeknotes.importers import loss_check
from weeknotes.importers import pictures as images
from weeknotes.importers.detect import detect
from weeknotes.importers.format import Format
from weeknotes.importers.format_table import FALLBACK, FORMATS, converter, suffixes
from weeknotes.importers.formats import blog
from weeknotes.importers.markdown import blocks, footnotes
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.cell_markdown import cell
from weeknotes.importers.markdown.clean_html import is_hostile, without_scripts
from weeknotes.importers.markdown.inline import Inline
from weeknotes.importers.page_cells import MadeCell, MadePage
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.paper_register import Register
from weeknotes.importers.pictures import Assets, Pictures
from weeknotes.importers.report import ImportReport, Recognised, Remark
from weeknotes.importers.sections import ImportContext
from weeknotes.importers.source_files import SUFFIXES, Source, SourceError, SourcePlace, find, read
from weeknotes.importers.writer import Writer
from weeknotes.journal.project import Project
from weeknotes.library import bibtex
from weeknotes.library.store import Library, alone, as_it_is
from weeknotes.text.main_language import main_language

Progress = Callable[[int, int, str], None]
_UNSAFE_IN_TAG = re.compile(r"[^\w\s&+./:-]")


def run(
    project: Project,
    paths: Sequence[str | Path],
    *,
    format: str = "auto",
    images: str | Path | None = None,
    dry_run: bool = False,
    merge: bool = False,
    download: bool = False,
    progress: Progress | None = None,
    today: date | None = None,
) -> ImportReport:
    """Make week notebooks and digest notebooks of ``paths``: files, folders, clones.

    ``format`` is auto or one of FORMATS; ``images`` a folder to look for pictures in; ``merge`` lets
    weeks that exist take new cells; ``download`` fetches remote pictures; ``dry_run`` writes nothing.
    A source that cannot be imported is in the report, and the others are imported. ``today`` is for
    dates without a year. Raises UsageError for an unknown format, LibraryError, OSError.
    """
    if format not in ("auto", *FORMATS):
        raise UsageError(
            f"no such format: {format}", hint=f"There are: auto, {', '.join(FORMATS)}."
        )
    # A dry run changes nothing, so it need not wait for another command.
    with nullcontext() if dry_run else alone(project.state):
        importer = _Importer(project, format, images, download, merge, today or date.today())
        importer.report.dry_run = dry_run
        importer.take(paths, progress)
        importer.settle()
        if not dry_run:
            importer.write(progress)
        return importer.finish()


class _Importer:
    """The state of one import."""

    def __init__(
        self,
        project: Project,
        form: str,
        folder: str | Path | None,
        download: bool,
        merge: bool,
        today: date,
    ) -> None:
        self.project = project
        self.form = form
        self.today = today
        self.report = ImportReport()
        self.library = Library.load(project.library_path)
        self.papers = Register(self.library)
        self.assets = Assets(
            project.root,
            Path(folder).resolve() if folder else None,
            images.download if download else None,
        )
        self.writer = Writer(project, merge, self.report)

    def take(self, paths: Sequence[str | Path], progress: Progress | None) -> None:
        """Plan what becomes of every source."""
        places: list[SourcePlace] = []
        for path in map(Path, paths):
            try:
                places += find([path], self.project.root, (*SUFFIXES, *suffixes()))
            except SourceError as error:
                self.report.failed.append(Remark(str(error.file), 0, error.message))
        unique = {place.path: place for place in places}
        for number, place in enumerate(unique.values(), 1):
            self._take_place(place)
            if progress:
                progress(number, len(unique), "reading")

    def _take_place(self, place: SourcePlace) -> None:
        try:
            source = read(place, converter(place.path.suffix))
        except SourceError as error:
            hint = f" ({error.hint})" if error.hint else ""
            self.report.failed.append(Remark(place.name, error.line or 0, error.message + hint))
            return
        form = self._form(source)
        if form is None:
            return
        for page in self._pages(source, form):
            self.writer.plan(page)

    def _form(self, source: Source) -> Format | None:
        """The format of ``source``; None where there is nothing in it to import."""
        name, report = source.name, self.report
        if not any(text.strip() for text in source.lines):
            report.skipped.append(Remark(name, 0, "the file is empty"))
            return None
        if self.form != "auto":
            report.sources.append(Recognised(name, self.form, "sure", "--format says so"))
            return FORMATS[self.form]
        found = detect(source)
        if found.format:
            report.sources.append(Recognised(name, found.format.name, found.sure, found.why))
            return found.format
        nearest = f"nearest is {found.nearest.name}: {found.why}"
        if not source.place.named:
            text = f"of no format that is known ({nearest}); --format imports it all the same"
            report.unrecognised.append(Remark(name, 0, text))
            return None
        why = f"you named it, and it is of no format that is known ({nearest})"
        report.sources.append(Recognised(name, FALLBACK.name, "a guess", why))
        return FALLBACK

    def _pages(self, source: Source, form: Format) -> Iterator[MadePage]:
        name = source.name

        def cleaned(line: int, what: str) -> None:
            self.report.cleaned.append(Remark(name, line, what))

        lines = without_scripts(blocks.numbered(source.lines), cleaned)
        parsed, definitions = footnotes.definitions(_parse(lines, form))
        context = ImportContext(self.papers, self.report, name, self.today, source.place)
        # A file that says no more than its front matter still is a page.
        pages = form.read(parsed, context) or blog.plan(parsed, context)
        footnotes.settle(pages, name)
        rendering = _Rendering(self, source, form.name, definitions)
        made = [rendering.page(page) for page in pages]
        self._prove(lines, parsed, made, rendering.used, name)
        yield from made

    def _prove(
        self,
        lines: Sequence[Line],
        parsed: Sequence[Block],
        made: Sequence[MadePage],
        used: set[str],
        name: str,
    ) -> None:
        """Compare, and put what is missing into a cell of its own on the page it belongs to."""
        shown = {n for page in made for draft in page.plan.drafts for n in _numbers(draft.blocks)}
        # What stands in a page's metadata as it stood in the source needs no comparing, unless
        # something else of its line stands in a cell.
        kept = {n for page in made for n in _numbers(page.plan.structure)} - shown
        defined = [block for block in parsed if block.kind == "definition"]
        kept |= {block.start for block in defined}
        # What looked like a use of a definition may have been code.
        missing = [b.lines[0] for b in defined if blocks.read_definition(b)[0] not in used]
        moved = {
            n
            for page in made
            for draft in page.plan.drafts
            if draft.moved
            for n in _numbers(draft.blocks)
        }
        left = [line for line in lines if line[0] not in kept]
        in_order, extra = True, ""
        for away in (False, True):
            part = [line for line in left if (line[0] in moved) == away]
            pieces = [piece for page in made for piece in (page.moved if away else page.pieces)]
            if not away:
                # Of one line, what became structure stood before what is shown: titles do.
                rest = [s for page in made for s in page.structure if s[0] not in kept]
                pieces = rest + pieces
            pieces.sort(key=lambda piece: piece[0])
            found = loss_check.compare(part, [text for _, text in pieces])
            missing += found.missing
            in_order, extra = in_order and found.in_order, extra or found.extra
        for group in _runs(sorted(missing)):
            first, last = group[0][0], group[-1][0]
            page = [p for p in made if p.plan.start <= first] or list(made)
            page[-1].leftover(group)
            where = f"line {first}" if first == last else f"lines {first} to {last}"
            self.report.leftover.append(Remark(name, first, f"{where} in a cell of their own"))
        if not missing and not in_order:
            text = f"something stands twice or in another order: {extra!r}"
            self.report.leftover.append(Remark(name, 0, text))

    def settle(self) -> None:
        """Let go of the papers and pictures of pages that are not written."""
        keys, pictures = self.writer.taken()
        self.papers.added = {k: v for k, v in self.papers.added.items() if k in keys}
        self.papers.met = dict.fromkeys(key for key in self.papers.met if key in keys)
        unwanted = [path for path in self.assets.files if path not in pictures]
        for path in unwanted:
            del self.assets.files[path]

    def write(self, progress: Progress | None) -> None:
        """Write pictures, library and notebooks, in this order: a crash leaves no page that names
        what isn't there."""
        for path, data in self.assets.files.items():
            write_atomic(self.project.root / path, data)
        if self.papers.added or not self.project.library_path.exists():
            as_it_is(self._save_papers)
        # Always: the last command may have been stopped between the two files.
        bibtex.update(self.project.library_path, self.project.root / "references.bib")
        self.writer.write(progress)

    def _save_papers(self) -> None:
        """Add the papers to the library as it is now: others may have been added meanwhile."""
        self.papers.library = Library.load(self.project.library_path)
        self.papers.result().save()

    def finish(self) -> ImportReport:
        self.writer.conclude()
        self.report.papers_new = sorted(self.papers.added)
        self.report.papers_known = sorted(self.papers.met)
        self.report.images = dict(self.assets.counts)
        return self.report


@dataclass
class _Rendering:
    """Makes the cells of a source's pages."""

    importer: _Importer
    source: Source
    form: str
    definitions: dict[str, tuple[str, str]]
    used: set[str] = field(default_factory=set)

    def page(self, plan: PagePlan) -> MadePage:
        report, name = self.importer.report, self.source.name
        if not plan.lang:
            # A log is one person's: its weeks are called alike, whatever each one quotes.
            drafts = " ".join(block.text for draft in plan.drafts for block in draft.blocks)
            whole = " ".join(self.source.lines) if self.form == "worklog" else drafts
            plan.lang = main_language(whole[:100_000])
        path = self.importer.writer.path_for(plan, self.source, self.form)
        up = "../" * (path.count("/"))
        pictures = Pictures(
            self.importer.assets,
            self.source.place,
            _folder(plan, path),
            up,
            lambda line, address: report.missing_images.append(Remark(name, line, address)),
            lambda line, what: report.cleaned.append(Remark(name, line, what)),
        )
        inline = Inline(
            pictures.image,
            self._link,
            lambda line, what: report.cleaned.append(Remark(name, line, what)),
            self.definitions,
            plan.marks,
        )
        made = MadePage(plan, path, self.source, self.form)
        for block in plan.structure:
            if numbers := _numbers([block]):
                made.structure.append((min(numbers), block.text))
        for draft in plan.drafts:
            text = cell(draft.blocks, inline)
            if not text.strip():
                continue
            pieces = made.moved if draft.moved else made.pieces
            pieces.append((draft.start, _as_it_was(text, pictures, inline)))
            made.cells.append(MadeCell(draft, _with_tags(text, draft)))
        self.used |= inline.used
        return made

    def _link(self, address: str, line: int) -> str | None:
        """What a link's address becomes: itself on the web and within the page, text in backticks for
        a file that did not come along, nothing for what could run."""
        report = self.importer.report
        if is_hostile(address):
            report.cleaned.append(Remark(self.source.name, line, f"address {address[:40]}"))
            return None
        report.links += 1
        if re.match(r"(?:[a-z][a-z0-9+.-]+:)?//|mailto:|doi:|tel:", address, re.I) and not re.match(
            r"file:", address, re.I
        ):
            return address
        if address.startswith("#") or not address:
            return address
        return f"`{address.replace('`', '')}`"


def _parse(lines: Sequence[Line], form: Format) -> list[Block]:
    count = blog.front_block(lines)
    front = [Block("front", tuple(lines[:count]))] if count else []
    return front + blocks.parse(lines[count:], rules=form.rules)


def _folder(plan: PagePlan, path: str) -> str:
    """The folder of a page's pictures under assets/images."""
    return str(plan.week) if plan.week else Path(path).stem


def _as_it_was(text: str, pictures: Pictures, inline: Inline) -> str:
    """A cell's text with link references, and the pictures' addresses, as they were in the source."""
    # What holds another was written after it.
    for made, source in reversed(inline.resolved):
        text = text.replace(made, source, 1)
    for made, address in pictures.changed:
        text = text.replace(made, address, 1)
    inline.resolved.clear()
    pictures.changed.clear()
    return text


def _with_tags(text: str, draft: Draft) -> str:
    """``text`` with the note's tags under its heading."""
    if not draft.tags:
        return text
    safe = (_UNSAFE_IN_TAG.sub(_kept, tag).strip() for tag in draft.tags)
    tags = " ".join(f"[{tag}]{{.tag}}" for tag in safe)
    head, _, rest = text.partition("\n")
    return f"{head}\n\n{tags}\n{rest}" if rest else f"{head}\n\n{tags}"


def _kept(match: re.Match[str]) -> str:
    """A sign of a tag: emoji stay, and what Markdown would read is escaped."""
    return match[0] if ord(match[0]) > 127 else f"\\{match[0]}"


def _numbers(found: Sequence[Block]) -> set[int]:
    """The lines of the source that blocks with something to read in them stand on."""
    return {
        number
        for block in found
        for number, text in block.lines
        if block.kind not in ("blank", "rule") and loss_check.stream(text)
    }


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """``lines`` in runs of neighbours."""
    run_: list[Line] = []
    for line in lines:
        if run_ and line[0] > run_[-1][0] + 1:
            yield run_
            run_ = []
        run_.append(line)
    if run_:
        yield run_
