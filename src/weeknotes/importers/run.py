"""An import from beginning to end: read, plan, prove, and write."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from weeknotes.errors import UsageError
from weeknotes.files import write_atomic
from weeknotes.importers import front_matter
from weeknotes.importers import pictures as images
from weeknotes.importers.archives import is_archive, unpack
from weeknotes.importers.completeness import complete
from weeknotes.importers.detect import detect
from weeknotes.importers.format import Format
from weeknotes.importers.format_table import FALLBACK, FORMATS, accepts, converter, suffixes
from weeknotes.importers.gone_sources import GoneSources, look
from weeknotes.importers.markdown import blocks, footnotes
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.clean_html import without_scripts
from weeknotes.importers.page_cells import MadePage
from weeknotes.importers.page_plan import PagePlan, together
from weeknotes.importers.paper_register import Register
from weeknotes.importers.pictures import Assets
from weeknotes.importers.rendering import Rendering
from weeknotes.importers.report import ImportReport, Recognised, Remark
from weeknotes.importers.sections import ImportContext
from weeknotes.importers.source_files import (
    SUFFIXES,
    Folder,
    Source,
    SourceError,
    SourcePlace,
    find,
    folder_of,
    read,
)
from weeknotes.importers.withholding import withheld_source
from weeknotes.importers.writer import Writer
from weeknotes.journal.project import Project
from weeknotes.library import bibtex
from weeknotes.library.store import Library, alone, as_it_is
from weeknotes.progress import Progress

_NOTHING = (
    "no file in it is of a kind that an import reads (Markdown, text, notebooks, org-mode ...)"
)


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
        with importer.unpacked:
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
        self.unpacked = ExitStack()
        self.library = Library.load(project.library_path)
        self.papers = Register(self.library)
        self.assets = Assets(
            project.root,
            Path(folder).resolve() if folder else None,
            images.download if download else None,
        )
        self.writer = Writer(project, merge, self.report)
        self.gone = GoneSources()
        self.unused: set[str] = set()

    def take(self, paths: Sequence[str | Path], progress: Progress | None) -> None:
        """Plan what becomes of every source."""
        places: list[SourcePlace] = []
        folders: list[Folder] = []
        for path in map(Path, paths):
            try:
                if archive := is_archive(path):
                    path = unpack(path, Path(self.unpacked.enter_context(TemporaryDirectory())))
                found = list(find([path], self.project.root, (*SUFFIXES, *suffixes()), accepts))
                if not found:
                    raise SourceError(_NOTHING, file=str(path))
                places += found
                if path.is_dir():
                    folders.append(folder_of(path, archive=archive))
            except SourceError as error:
                self.report.failed.append(Remark(str(error.file), 0, error.message))
        unique = {place.path: place for place in places}
        here = {place.name: place.path for place in unique.values()}
        self.gone = look(folders, self.writer.known_texts(), here)
        self.papers.expected = set(here)
        self.papers.gone = {*self.gone.gone, *self.gone.renamed.values()}
        for now, before in self.gone.renamed.items():
            self.writer.rename(before, now)
        for number, place in enumerate(unique.values(), 1):
            self._take_place(place)
            if progress:
                progress(number, len(unique), "reading")

    def _take_place(self, place: SourcePlace) -> None:
        try:
            source = read(place, converter(place.path))
            form = self._form(source)
            pages = self._pages(source, form) if form else None
        except SourceError as error:
            hint = f" ({error.hint})" if error.hint else ""
            self.report.failed.append(Remark(place.name, error.line or 0, error.message + hint))
            return
        except RecursionError:
            message = "its blocks or elements are in one another thousands of times"
            self.report.failed.append(Remark(place.name, 0, message))
            return
        if pages is not None:
            self.writer.plan(pages, source)

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

    def _pages(self, source: Source, form: Format) -> list[MadePage]:
        name = source.name

        def cleaned(line: int, what: str) -> None:
            self.report.cleaned.append(Remark(name, line, what))

        lines = without_scripts(blocks.numbered(source.lines), cleaned, raw=form.pandoc)
        parsed, definitions = footnotes.definitions(_parse(lines, form))
        self.papers.reads(name)
        context = ImportContext(self.papers, self.report, name, self.today, source.place)
        pages = together(form.read(parsed, context))
        if not pages and not any(remark.source == name for remark in self.report.skipped):
            self.report.skipped.append(Remark(name, 0, "nothing in it that a reader would see"))
        self._withhold(pages, parsed, name)
        footnotes.settle(pages, name)
        paths = self.writer.paths_for(pages, source, form.name)
        rendering = Rendering(
            source, form.name, definitions, self.assets, self.report, scanner=form.scanner
        )
        made = [rendering.page(page, path) for page, path in zip(pages, paths, strict=True)]
        complete(lines, parsed, made, rendering.used, self.report)
        # A page with front matter alone, such as the listing of a blog, is nothing to come back to. One
        # that has a title in its text keeps it, though nothing is written below.
        shown = [page for page in made if page.cells or page.plan.chart or _is_titled(page)]
        if made and not shown:
            self.report.skipped.append(Remark(name, 0, "nothing in it that a reader would see"))
        return shown

    def _withhold(self, pages: Sequence[PagePlan], parsed: Sequence[Block], name: str) -> None:
        """Let pages that their source does not publish be drafts or private here as well."""
        front = next((block for block in parsed if block.kind == "front"), None)
        values = front_matter.values(front) if front else {}
        private, why = withheld_source(values, name)
        if private:
            for page in pages:
                page.private = page.private or private
            self.report.decisions.append(
                Remark(name, front.start if front else 0, f"{private}, since {why!r} says so")
            )

    def settle(self) -> None:
        """Let go of the papers and pictures of pages that are not written."""
        self.writer.decide(self.papers.expected, self.gone)
        keys, pictures = self.writer.taken()
        self.papers.keep(keys)
        for key, entry in self.papers.corrections().items():
            text = f"references.json: the entry {key} is corrected, as its source is"
            self.report.decisions.append(Remark(self.papers.source_of(entry), 0, text))
        self.unused = self.papers.unused(self.writer.cites)
        for key in sorted(self.unused):
            text = f"references.json: the entry {key}, which nothing cites any more, is taken out"
            source = self.papers.source_of(self.papers.library.entries[key])
            self.report.decisions.append(Remark(source, 0, text))
        unwanted = [path for path in self.assets.files if path not in pictures]
        for path in unwanted:
            del self.assets.files[path]

    def write(self, progress: Progress | None) -> None:
        """Write pictures, library and notebooks, in this order: a crash leaves no page that names
        what isn't there."""
        for path, data in self.assets.files.items():
            write_atomic(self.project.root / path, data)
        changed = self.papers.added or self.papers.retitle(self.writer.corrected)
        changed = changed or self.papers.corrections()
        if changed or self.unused or not self.project.library_path.exists():
            as_it_is(self._save_papers)
        # Always: the last command may have been stopped between the two files.
        bibtex.update(self.project.library_path, self.project.root / "references.bib")
        self.writer.write(progress)
        self.writer.drop_unused(images.PLACEHOLDER)

    def _save_papers(self) -> None:
        """Bring the papers into the library as it is now: others may have been added meanwhile."""
        self.papers.library = Library.load(self.project.library_path)
        self.papers.result(self.writer.corrected, self.unused).save()

    def finish(self) -> ImportReport:
        self.writer.conclude()
        self.report.papers_new = sorted(self.papers.added)
        self.report.papers_known = sorted(self.papers.met)
        self.report.images = dict(self.assets.counts)
        return self.report


def _parse(lines: Sequence[Line], form: Format) -> list[Block]:
    count = front_matter.block_length(lines)
    front = [Block("front", tuple(lines[:count]))] if count else []
    rest = lines[count:]
    return front + (form.split(rest) if form.split else blocks.parse(rest, rules=form.rules))


def _is_titled(page: MadePage) -> bool:
    """Whether something but front matter was read for the page's own title or date."""
    return any(block.kind != "front" and block.text.strip() for block in page.plan.structure)
