"""The built-in renderer: executed notebooks to pages through pandoc, without Quarto.

A source is joined into one Markdown document (`document`), which a `pandoc lua` process converts
together with many others (`worker`), and whose HTML is brought to the form that both engines share
(`normalise`). Nothing is executed, and nothing is fetched from elsewhere.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from weeknotes.engines import code_annotations, diagrams, lost_captions, normalise
from weeknotes.engines.conversion_messages import explained, report
from weeknotes.engines.document import Document, read_document
from weeknotes.engines.frames import made_frames
from weeknotes.engines.maths.page import set_formulas
from weeknotes.engines.page import Page, PageReading
from weeknotes.engines.page_bibliography import PageBibliography
from weeknotes.engines.page_files import Files
from weeknotes.engines.page_input import nocite_of, page_input
from weeknotes.engines.sources import page_href
from weeknotes.engines.titles import set_title
from weeknotes.engines.worker import TookTooLongError, Worker
from weeknotes.errors import RenderError, WeeknotesError
from weeknotes.i18n.engine_words import words
from weeknotes.journal.project import Project
from weeknotes.privacy.private_files import Whole
from weeknotes.progress import Progress
from weeknotes.text.pandoc import pandoc_path

_log = logging.getLogger(__name__)
Made = TypeVar("Made")

MARKDOWN_LIMIT = 4_000_000
"""Characters of Markdown a page may have; pandoc needs some hundred bytes of memory for each."""


def render(
    project: Project,
    sources: Sequence[str],
    work: Path,
    workers: int = 2,
    progress: Progress | None = None,
) -> Iterator[Page | WeeknotesError]:
    """Render `sources` (POSIX paths from the project's root): a page or an error each, in any order.

    Figures made of cell outputs are written below `work`, a folder that the caller keeps. Up to
    `workers` pandoc processes run side by side. `progress` is called with the number of pages done,
    that of all, and the last one's source. An error's `file` is the source that it concerns.

    Raises ProjectError or LibraryError at once for what no page can do without: the project's
    bibliography, where it can't be read; and OSError where a figure can't be written.
    """
    if sources:
        with _renderer(project, sources, work, workers) as renderer:
            renderer.load()
            yield from _each(renderer, renderer.page, sources, workers, progress)


def readings(
    project: Project,
    sources: Sequence[str],
    work: Path,
    workers: int = 2,
    progress: Progress | None = None,
) -> Iterator[PageReading | WeeknotesError]:
    """A reading of each of `sources` as `render` reads it, without the library: a `PageReading` or
    an error each, in any order. Raises OSError if a figure can't be written below `work`."""
    if sources:
        with _renderer(project, sources, work, workers) as renderer:
            yield from _each(renderer, renderer.reading, sources, workers, progress)


@contextlib.contextmanager
def _renderer(
    project: Project, sources: Sequence[str], work: Path, workers: int
) -> Iterator[_Renderer]:
    renderer = _Renderer(project, work, pandoc_path(), max(1, min(workers, len(sources))))
    try:
        yield renderer
    finally:
        renderer.close()


def _each(
    renderer: _Renderer,
    make: Callable[[str], Made | WeeknotesError | OSError],
    sources: Sequence[str],
    workers: int,
    progress: Progress | None,
) -> Iterator[Made | WeeknotesError]:
    """The result of `make` for each of `sources`, in any order."""
    waiting: queue.SimpleQueue[tuple[str, Made | WeeknotesError | OSError]] = queue.SimpleQueue()
    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="render") as pool:
        try:
            for source in sources:
                pool.submit(lambda name: waiting.put((name, make(name))), source)
            for done in range(1, len(sources) + 1):
                source, result = waiting.get()
                if progress:
                    progress(done, len(sources), source)
                if isinstance(result, OSError):
                    raise result
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Renderer:
    """Renders single pages of a project, in any number of threads."""

    def __init__(self, project: Project, work: Path, pandoc: str, workers: int) -> None:
        self._project = project
        self._work = work
        self._pandoc = pandoc
        self._lock = threading.Lock()
        self._whole = Whole(project)
        self._bibliographies: dict[tuple[str, ...], PageBibliography] = {}
        # Started now, so that pandoc gets ready while the first sources are being read.
        self._workers = [Worker(pandoc, work) for _ in range(workers)]
        self._free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            worker.start()
            self._free.put(worker)

    def page(self, source: str) -> Page | WeeknotesError | OSError:
        """The page made from `source`, or what is wrong with it; an OSError where a figure can't be
        written, which is nothing of this page's."""
        return self._guarded(self._page, source)

    def reading(self, source: str) -> PageReading | WeeknotesError | OSError:
        """The reading of `source`, or the error in it; an OSError as for `page`."""
        return self._guarded(self._reading, source)

    def _guarded(self, make: Callable[[str], Made], source: str) -> Made | WeeknotesError | OSError:
        try:
            made: Made = make(source)
            return made
        except WeeknotesError as error:
            return _about(source, error)
        except OSError as error:
            if error.filename and Path(error.filename).is_relative_to(self._work):
                return error
            return RenderError(f"cannot be rendered: {error}", file=source)
        except Exception as error:  # A defect in one page must not take the others with it.
            _log.debug("%s cannot be rendered", source, exc_info=error)
            return RenderError(
                "cannot be rendered: it holds something that Weeknotes does not expect",
                file=source,
                hint="Save it in JupyterLab, and report it where that does not help.",
            )

    def load(self) -> None:
        """Read the project's bibliography. Raises LibraryError."""
        if self._project.bibliography:
            paths = (str(path.resolve()) for path in self._project.bibliography)
            self._bibliography(tuple(paths))

    def close(self) -> None:
        """End the pandoc processes."""
        for worker in self._workers:
            worker.close()

    def _page(self, source: str) -> Page:
        made = self._converted(source, with_library=True)
        document, root = made.document, made.root
        drawn = diagrams.draw(root, diagrams.folder(self._project), document.warn)
        document.dependencies.update(drawn)
        href = page_href(source, document.settings.options.get("output-file"))
        files = self._files(document, href)
        files.collect(root)
        meta = {**document.settings.meta, "title": document.title, "lang": document.settings.lang}
        if made.title:
            meta["title-html"] = made.title
        return Page(
            source=source,
            href=href,
            meta=meta,
            body=normalise.serialise(root),
            assets=files.assets,
            dependencies=tuple(sorted({*document.dependencies, *files.missing})),
            warnings=tuple(document.warnings),
        )

    def _reading(self, source: str) -> PageReading:
        made = self._converted(source, with_library=False)
        document = made.document
        drawn = diagrams.draw(made.root, diagrams.folder(self._project), document.warn)
        document.dependencies.update(drawn)
        files = self._files(document, page_href(source))
        files.collect(made.root)
        return PageReading(
            source=source,
            anchors=tuple(sorted(normalise.anchors(made.root))),
            labels=tuple(sorted(made.result["labels"])),
            cited=tuple(dict.fromkeys(made.result["cited"])),
            dependencies=tuple(sorted({*document.dependencies, *files.missing})),
            warnings=tuple(document.warnings),
        )

    def _files(self, document: Document, href: str) -> Files:
        def missing(message: str, needle: str, rule: str) -> None:
            document.problem(message, needle, rule=rule)

        return Files(
            self._project.root,
            document.source.path,
            href,
            document.figures,
            missing,
            made=made_frames(self._project),
        )

    def _converted(self, source: str, *, with_library: bool) -> _Converted:
        """`source` as pandoc converted it, in the common form; without the library, its citations
        are not set."""
        document = read_document(self._project, source, self._work, self._whole)
        if len(document.markdown) > MARKDOWN_LIMIT:
            raise RenderError(
                f"the page holds {len(document.markdown):,} characters of text, which is too much",
                file=source,
                hint="Clear the outputs that print so much.",
            )
        options = document.settings.options
        page_words = words(document.settings.lang, options.get("crossref"))
        entries = self._entries(document) if with_library else None
        job = page_input(self._project, document, page_words, entries)
        worker = self._free.get()
        try:
            result = worker.convert(job, source)
        except TookTooLongError as error:
            raise explained(document, error) from None
        finally:
            self._free.put(worker)
        report(document, result, with_library)

        def problem(message: str, needle: str, hint: str) -> None:
            document.problem(message, needle, hint, rule="markdown-math")

        title = ""
        if "title" in result:
            title, document.title = set_title(result["title"], problem)
        root = normalise.parse(result["html"])
        if not self._project.shows_private:
            normalise.drop_private(root)
        code_annotations.mark(root)
        set_formulas(root, problem)
        normalise.finish(root, page_words, document.settings.lang)

        def lost(message: str, cell: int | None, hint: str) -> None:
            document.warn_at(message, cell, None, hint, rule="page-warning")

        lost_captions.report(document.source, document.settings, root, lost)
        for anchor in normalise.missing_anchors(root):
            message = f"#{anchor}: the page has no '{anchor}'"
            document.problem(message, f"#{anchor}", rule="anchor-missing")
        return _Converted(document, root, result, title)

    def _entries(self, document: Document) -> list[dict[str, Any]]:
        """The library entries that a page may cite."""
        options = document.settings.options
        paths = options.get("bibliography") or []
        paths = tuple(paths) if isinstance(paths, list) else (str(paths),)
        text = f"{document.title}\n{document.markdown}"
        nocite = nocite_of(document)
        if "@" in f"{text}{nocite}":
            # What has changed in the library is known for each of its entries; of other files, not.
            library = str(self._project.library_path)
            document.dependencies.update(path for path in paths if path != library)
        return self._bibliography(paths).cited(text, nocite)

    def _bibliography(self, paths: tuple[str, ...]) -> PageBibliography:
        with self._lock:
            if paths not in self._bibliographies:
                self._bibliographies[paths] = PageBibliography(map(Path, paths), self._pandoc)
            return self._bibliographies[paths]


def _about(source: str, error: WeeknotesError) -> WeeknotesError:
    """`error` as one of the page made from `source`, wherever it was found."""
    if error.file == source:
        return error
    where = f"{error.where}: " if error.where else ""
    return type(error)(where + error.message, file=source, hint=error.hint)


@dataclass(frozen=True)
class _Converted:
    """A page as pandoc converted it: its document, its HTML in the common form, what the worker
    answered, and its title as HTML, empty for one without markup."""

    document: Document
    root: normalise.Element
    result: dict[str, Any]
    title: str
