"""Building the site: sources → engine → pages → derived pages and search → `_site`.

Each step makes anew only what its inputs say has changed. A source that cannot be rendered is named
and leaves the others alone; its page stays as it was last good.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from weeknotes.engines.page import Page, PageWarning
from weeknotes.engines.surroundings import engine_called
from weeknotes.errors import RenderError, WeeknotesError
from weeknotes.files import locked, stat_of
from weeknotes.journal.project import Project
from weeknotes.progress import Progress
from weeknotes.site import publish
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.last_build import BuildReport, Inputs, inputs_of, keep
from weeknotes.site.store.freshness import note_basis, stale_sources
from weeknotes.site.store.state import PAGES, PageStore, SourceState
from weeknotes.site.store.written_files import Written, written_path
from weeknotes.site.writing import is_written, withdraw_leaks, write_in_place, write_site


def render(
    project: Project,
    *,
    engine: str = "auto",
    output: Path | None = None,
    workers: int = 2,
    progress: Progress | None = None,
    before: Inputs | None = None,
) -> BuildReport:
    """Build the site into ``output`` (the configured folder by default).

    ``engine`` is "quarto", "builtin", or "auto": Quarto where it is on PATH. ``before`` is what
    was seen of the journal just now (`last_build.unchanged`). Raises WeeknotesError
    where no site can be built at all; what is wrong with single sources is in the report.
    """
    project = project.for_a_build()
    target = (output or project.output_dir).resolve()
    engine = engine_called(engine)
    with locked(project.state / "lock"):
        publish.recover(target)
        publish.refuse_foreign(target)
        if engine == "quarto":
            return _render_with_quarto(project, target)
        if before is None or before.output != target:
            before = inputs_of(project.root, target)
        report, store, files = _render_builtin(project, target, workers, progress)
        if all(state.stat is not None for state in store.sources.values()):
            states = store.sources.values()
            others = [path for s in states for path in (*s.dependencies, *s.assets.values())]
            others += map(str, project.bibliography)
            keep(project, output, before, report, files, others)
        return report


def _render_with_quarto(project: Project, target: Path) -> BuildReport:
    """Let Quarto render into a folder of ours, compose there, and put that in place.

    A source that cannot be read is left out: what Quarto wrote for it before is gone.
    """
    from weeknotes.engines import quarto, sources
    from weeknotes.engines.quarto_filter import note_end

    rendered = _state_folder(project, "quarto") / "rendered"
    shutil.rmtree(rendered, ignore_errors=True)
    stats = {name: stat_of(project.root / name) for name in sources.find(project)}
    errors = quarto.run(project, rendered)
    note_end(project)
    with publish.staged(target) as staging:
        shutil.copytree(rendered, staging, dirs_exist_ok=True, copy_function=publish.link_or_copy)
        report = _compose(project, staging, sorted(staging.rglob("*.html")), errors, stats)
    return replace(report, output=target)


def _render_builtin(
    project: Project, target: Path, workers: int, progress: Progress | None
) -> tuple[BuildReport, PageStore, Mapping[str, Written]]:
    """Bring ``target`` up to date with the built-in renderer; where nothing has changed, nothing is
    written. Returns also what is known of the sources, and of the site's files."""
    store, rendered = _with_current_pages(project, workers, progress)
    site = BuiltSite(project, "builtin", store)
    written, files = write_site(project, site, store, target, progress)
    return _report(project, "builtin", store, target, rendered, written), store, files


def current_site(project: Project, *, progress: Progress | None = None) -> BuiltSite:
    """The pages of the journal as it is now, from the built-in renderer, for commands that look things
    up. Changed pages are rendered; no site is written."""
    project = project.for_a_build()
    with locked(project.state / "lock"):
        store, _ = _with_current_pages(project, 2, progress)
    return BuiltSite(project, "builtin", store)


def is_current(site: BuiltSite, output: Path) -> bool:
    """Whether the site in ``output`` is what a build would write there now, by either engine."""
    project = site.project
    if not (output / publish.MARKER).exists():
        return False
    store = PageStore.load(_state_folder(project, "builtin"))
    if is_written(site, store, output):
        return True
    return _is_of_quarto(site, store, output)


def _is_of_quarto(site: BuiltSite, store: PageStore, output: Path) -> bool:
    """Whether Quarto wrote the site in ``output`` last, from the sources as they are in ``store``."""
    folder = _state_folder(site.project, "quarto")
    written, other = stat_of(folder / PAGES), stat_of(written_path(store.folder, output))
    if written is None or (other is not None and other[0] > written[0]):
        return False
    quarto = PageStore.load(folder)
    if quarto.basis != store.basis or set(quarto.sources) != set(store.sources):
        return False
    return all(
        state.sha == store.sources[name].sha
        and state.cited == store.sources[name].cited
        and (state.record is None or (output / state.record.href).exists())
        for name, state in quarto.sources.items()
    )


def _with_current_pages(
    project: Project, workers: int, progress: Progress | None
) -> tuple[PageStore, int]:
    """The store of the built-in renderer with every page as it would be rendered now, and how many had
    to be."""
    from weeknotes.engines import sources

    store = PageStore.load(_state_folder(project, "builtin"))
    names = sources.find(project)
    library = store.library_fingerprint
    stale = stale_sources(project, store, names)
    if store.library_fingerprint != library and project.library_path.exists():
        from weeknotes.library import bibtex

        bibtex.update(project.library_path, project.library_path.with_suffix(".bib"))
    if stale:
        from weeknotes.engines import builtin

        stats = {name: stat_of(project.root / name) for name in stale}
        results = builtin.render(
            project, stale, store.work, workers=workers, progress=_step(progress, "pages")
        )
        _take(project, store, results, stats=stats)
        from weeknotes.site.store import earlier_pages

        earlier_pages.note_private(project, "builtin", sources.find_all(project))
    _forget(store, names)
    store.save()
    return store, len(stale)


def compose_quarto(project: Project, output: Path, rendered: Iterable[Path]) -> BuildReport:
    """Compose the site in ``output``, where Quarto has just written the pages ``rendered``.

    This is what Quarto's post-render hook calls. Pages that Quarto did not render this time are
    composed from what it wrote before. Where that fails, what is private is still taken out of what
    Quarto wrote.
    """
    from weeknotes.engines.quarto_filter import note_end

    project = project.for_a_build()
    rendered = list(rendered)
    with locked(project.state / "lock"):
        if rendered and not any(path.suffix == ".html" for path in rendered):
            # `quarto render --to docx` has made no page. The site stays as it is.
            store = PageStore.load(_state_folder(project, "quarto"))
            withdraw_leaks(project, store, output)
            (output / publish.MARKER).write_bytes(b"")
            return _report(project, "quarto", store, output, 0, 0)
        try:
            return _compose(project, output, rendered, (), note_end(project))
        except BaseException as error:
            from weeknotes.site.verify import LeakError

            if not isinstance(error, LeakError):
                withdraw_leaks(project, PageStore(_state_folder(project, "quarto")), output)
            raise


def _compose(
    project: Project,
    output: Path,
    rendered: Iterable[Path],
    errors: Iterable[WeeknotesError],
    stats: Mapping[str, list[int] | None],
) -> BuildReport:
    """Compose the pages ``rendered`` in ``output``; ``stats`` are those of the sources before."""
    from weeknotes.engines import quarto, sources
    from weeknotes.engines.quarto_filter import withdraw
    from weeknotes.site.store.quarto_assets import keep, restore

    store = PageStore.load(_state_folder(project, "quarto"))
    note_basis(project, store)
    names = sources.find(project)
    withdraw(project, output, set(sources.find_all(project)).difference(names))
    paths = [path for path in rendered if path.suffix == ".html" and path.exists()]
    found = (quarto.read_page(project, output, path) for path in paths)
    pages = keep(project, store, (page for page in found if page is not None))
    quarto.withdraw_strays(project, output)
    _take(project, store, [*pages, *errors], keep_last_good=False, stats=stats)
    _forget(store, names)
    gone = restore(store, output)
    store.save()
    taken = {state.record.href for state in store.sources.values() if state.record}
    for page in pages:
        if page.href not in taken:  # What Quarto wrote for it would stay as it is, scripts and all.
            (output / page.href).unlink(missing_ok=True)
    site = BuiltSite(project, "quarto", store)
    written = write_in_place(project, site, store, output)
    report = _report(project, "quarto", store, output, len(pages), written)
    late = [
        f"{page.source}: saved while Quarto worked, and its page is as it was before\n"
        "  Render once more."
        for page in pages
        if stats and stat_of(project.root / page.source) != stats.get(page.source)
    ]
    late += [
        f"{source}: its file {href} went with the former site\n"
        f"  Render the page once more: quarto render {source}"
        for href, source in gone.items()
    ]
    return replace(report, warnings=(*report.warnings, *late))


def _state_folder(project: Project, engine: str) -> Path:
    return project.state / "site" / engine


def _step(progress: Progress | None, what: str) -> Progress | None:
    if progress is None:
        return None
    return lambda done, total, _what: progress(done, total, what)


def _take(
    project: Project,
    store: PageStore,
    results: Iterable[Page | WeeknotesError],
    keep_last_good: bool = True,
    stats: Mapping[str, list[int] | None] | None = None,
) -> None:
    # Imported here: a build that changes nothing needs no HTML parser.
    from weeknotes.site.store.ingest import take

    take(project, store, results, keep_last_good, stats)
    store.changed = True


def _forget(store: PageStore, names: Sequence[str]) -> None:
    """Drop what is remembered of sources that are no longer there."""
    kept = set(names)
    for name in [name for name in store.sources if name not in kept]:
        del store.sources[name]
        store.changed = store.outdated = True
    _settle_addresses(store)


def _settle_addresses(store: PageStore) -> None:
    """Of two sources that would be the same page, keep the first by name, and say so of the other."""
    by_href: dict[str, str] = {}
    for name in sorted(store.sources):
        record = store.sources[name].record
        if record is None:
            continue
        first = by_href.setdefault(record.href, name)
        if first != name:
            error = RenderError(
                f"its page would be {record.href}, which is that of {first}",
                file=name,
                hint="Rename one of them, or give one another 'output-file'.",
            )
            store.sources[name] = SourceState(error=str(error))
            store.changed = True


def _report(
    project: Project, engine: str, store: PageStore, output: Path, rendered: int, written: int
) -> BuildReport:
    from weeknotes.engines import page_settings
    from weeknotes.site.pages import own_styles

    problems = [state.error for state in store.sources.values() if state.error]
    warnings: list[PageWarning] = [
        warning for state in store.sources.values() for warning in state.warnings
    ]
    if engine == "builtin":
        warnings = [*page_settings.config_warnings(project), *warnings]
    warnings = [*page_settings.site_warnings(project), *own_styles.warnings(project), *warnings]
    warnings += _unread(project, store)
    problems += [str(warning) for warning in warnings if warning.problem]
    problems += _duplicate_weeks(store)
    return BuildReport(
        output=output,
        engine=engine,
        pages=sum(1 for state in store.sources.values() if state.record),
        rendered=rendered,
        written=written,
        problems=tuple(dict.fromkeys(problems)),
        warnings=tuple(dict.fromkeys(str(w) for w in warnings if not w.problem)),
    )


def _unread(project: Project, store: PageStore) -> list[PageWarning]:
    """Warnings of files that look like pages and are none, and that no page includes."""
    from weeknotes.engines.sources import unread, unread_message

    included = {path for state in store.sources.values() for path in state.dependencies}
    found = []
    for name in unread(project):
        if str(project.root / name) not in included:
            message, hint = unread_message(project, name)
            found.append(PageWarning(message, name, hint=hint))
    return found


def _duplicate_weeks(store: PageStore) -> list[str]:
    by_week: dict[str, list[str]] = {}
    for state in store.sources.values():
        if state.record and state.record.kind == "week":
            by_week.setdefault(state.record.week, []).append(state.record.source)
    # The one that is called after the week counts (`journal.week_files`).
    ordered = {
        week: sorted(sources, key=lambda name: (PurePosixPath(name).stem != week, name))
        for week, sources in sorted(by_week.items())
    }
    return [
        f"{other}: the week {week} is in {sources[0]} already\n"
        "  Move what is only in it to the week's own notebook, and delete it; or change its `week`."
        for week, sources in ordered.items()
        for other in sources[1:]
    ]
