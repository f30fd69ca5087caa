"""Writing a site's files: those that changed are made, the others stay as they are."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from weeknotes.files import stat_of, write_cache
from weeknotes.journal.project import Project
from weeknotes.progress import Progress
from weeknotes.site import publish
from weeknotes.site.data.page_records import Artifact, FileArtifact
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.html.sanitize import inert_picture
from weeknotes.site.pages import own_styles
from weeknotes.site.parallel_write import Work, make_all
from weeknotes.site.store.state import PageStore, searched_path
from weeknotes.site.store.written_files import (
    Written,
    WrittenSite,
    holds_the_same,
    load_written,
    replacing,
    save_written,
    spare_path,
)
from weeknotes.text import git


def write_site(
    project: Project,
    site: BuiltSite,
    store: PageStore,
    output: Path,
    progress: Progress | None,
) -> tuple[int, Mapping[str, Written]]:
    """Bring ``output`` up to date; returns how many of its files had to be made, and all of them."""
    assets = _assets(store)
    fingerprint = _site_fingerprint(site, store, assets)
    before = load_written(store.folder, output)
    files = before.files
    intact = _intact(output, files)
    leak = None
    if before.site == fingerprint and len(intact) == len(files) and files:
        leak = _leak(project, store, output, output, progress)
        if leak is None:
            return 0, files
        # No page has changed, but the lists of papers and the history leave out what is private only
        # now: the site that is made again may hold none of it.
    plan = [*_artifacts(site), *(_copy_of(site, href, path) for href, path in assets.items())]
    with publish.staged(output, spare_path(store.folder, output)) as staging:
        lying = _lying(staging, before, intact, {artifact.href for artifact in plan})
        after, written = _fill(staging, output, plan, files, intact, lying, progress)
        if found := _leak(project, store, staging, output, progress):
            raise leak or found
        publish.mark(staging)
        # Before the site is put in place: where this cannot be kept, the old site stays whole. Where
        # the site then is not put in place, its files are not those that are remembered here.
        save_written(store.folder, output, replacing(before, fingerprint, after, staging, output))
    return written, after


def is_written(site: BuiltSite, store: PageStore, output: Path) -> bool:
    """Whether ``output`` holds all that `write_site` would write there."""
    before = load_written(store.folder, output)
    files = before.files
    unchanged = before.site == _site_fingerprint(site, store, _assets(store))
    return unchanged and bool(files) and len(_intact(output, files)) == len(files)


def _intact(output: Path, files: Mapping[str, Written]) -> dict[str, int]:
    """The inodes of those of ``files`` that are in ``output`` as they were written."""
    found: dict[str, int] = {}
    if os.stat not in os.supports_dir_fd:  # as on Windows
        for href, (_, stat) in files.items():
            with contextlib.suppress(OSError):
                status = (output / href).stat()
                if [status.st_mtime_ns, status.st_size] == stat:
                    found[href] = status.st_ino
        return found
    try:
        folder = os.open(output, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return found
    try:
        for href, (_, stat) in files.items():
            try:
                # From the open folder, whose own path need not be looked up for each of thousands.
                status = os.stat(href, dir_fd=folder)
            except OSError:
                continue
            if [status.st_mtime_ns, status.st_size] == stat:
                found[href] = status.st_ino
    finally:
        os.close(folder)
    return found


def _fill(
    staging: Path,
    output: Path,
    plan: Sequence[Artifact],
    files: Mapping[str, Written],
    intact: Mapping[str, int],
    lying: Mapping[str, int],
    progress: Progress | None,
) -> tuple[dict[str, Written], int]:
    """Let ``staging`` hold the artifacts of ``plan``; returns what was put there, and how many of its
    files had to be made. ``lying`` is what is in it already: the inodes of such files.

    Paths are strings here: a ten-year journal has thousands of files, and making a Path of each
    takes longer than linking them.
    """
    after: dict[str, Written] = {}
    to_make: list[Work] = []
    folders: set[str] = set()
    for artifact in plan:
        href = artifact.href
        target = f"{staging}/{href}"
        known = files.get(href)
        if known is None or known[0] != artifact.inputs or href not in intact:
            known = None
        elif lying.get(href) == intact[href]:
            after[href] = known
            continue
        folder = target.rpartition("/")[0]
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            folders.add(folder)
        if href in lying:
            # Not written over: it may be the same file as one of the site that is still in place.
            os.unlink(target)  # noqa: PTH108
        if known:
            publish.link_or_copy(f"{output}/{href}", target)
            after[href] = known
        else:
            to_make.append((artifact, target))
    kept = len(after)

    def told(made: int) -> None:
        if progress:
            progress(kept + made, len(plan), "site")

    # The files of the search share one index, which is worked out when the first is made.
    searching = [item for item in to_make if item[0].href.startswith("search/")]
    others = [item for item in to_make if not item[0].href.startswith("search/")]
    make_all(others, searching, os.cpu_count() or 1, told)
    for artifact, target in to_make:
        after[artifact.href] = (artifact.inputs, stat_of(target))
    return after, len(to_make)


def _lying(
    staging: Path, before: WrittenSite, intact: Mapping[str, int], wanted: AbstractSet[str]
) -> Mapping[str, int]:
    """Remove from ``staging``, the site before the last one, all that is not ``wanted``; returns the
    inodes of the files that stay, -1 for one that is not that of the last site.

    It is listed only if it isn't as the last build has left it.
    """
    if before.spare is None or not holds_the_same(staging, before.spare):
        return _cleared(str(staging), wanted)
    there = {href: intact.get(href, -1) for href in before.files}
    for href in before.added:
        del there[href]
    there.update(dict.fromkeys(before.stale, -1))
    for href in there.keys() - wanted:
        del there[href]
        path = f"{staging}/{href}"
        os.unlink(path)  # noqa: PTH108 (strings, for thousands of files)
        with contextlib.suppress(OSError):  # There are other files in the folder.
            while (path := path.rpartition("/")[0]) != str(staging):
                os.rmdir(path)  # noqa: PTH106
    return there


def _cleared(folder: str, wanted: AbstractSet[str], prefix: str = "") -> dict[str, int]:
    """Remove from ``folder`` and the folders in it all that is not ``wanted`` there, by its path from
    the outermost; returns the inodes of the files that stay, by the same paths."""
    stay: dict[str, int] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                inner = _cleared(entry.path, wanted, f"{name}/")
                if not inner:
                    os.rmdir(entry.path)  # noqa: PTH106
                stay.update(inner)
            elif name in wanted:
                stay[name] = entry.inode()
            else:
                os.unlink(entry.path)  # noqa: PTH108
    return stay


def write_in_place(project: Project, site: BuiltSite, store: PageStore, output: Path) -> int:
    """Compose into the folder that Quarto has just written, and remove what Quarto made for its own
    look: its scripts and styles, and a search index that holds pages as they were before."""
    written = 0
    for artifact in _artifacts(site):
        write_cache(output / artifact.href, artifact.make())
        written += 1
    for leftover in ("site_libs", "search.json", "listings.json"):
        path = output / leftover
        if leftover in _kept_resources(project):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in output.rglob("*.svg"):
        data = path.read_bytes()
        if (harmless := inert_picture(data)) is not data:
            write_cache(path, harmless)
    (output / publish.MARKER).write_bytes(b"")
    withdraw_leaks(project, store, output)
    return written


def _leak(
    project: Project, store: PageStore, folder: Path, output: Path, progress: Progress | None
) -> Exception | None:
    """The LeakError of the site in ``folder``, to be put in place as ``output`` if it is not that
    already; None where it holds nothing private."""
    if project.shows_private:
        return None
    from weeknotes.site import verify

    search = verify.refuse_new_leaks if folder == output else verify.refuse_leaks
    try:
        search(project, folder, searched_path(store.folder, output), progress)
    except verify.LeakError as error:
        return error
    return None


def withdraw_leaks(project: Project, store: PageStore, output: Path) -> None:
    """Remove the files of a site that is in place already that hold what is private, and raise
    LeakError where there are any."""
    from weeknotes.site.verify import LeakError, find_leaks

    leaks = find_leaks(project, output, searched_path(store.folder, output))
    for path in {path for leak in leaks for path in _shown_by(output / leak.file)}:
        if path.is_dir():  # the search, whose index is one text
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if leaks:
        raise LeakError(leaks, "the site held what is private; these files were removed from it")


def _shown_by(path: Path) -> list[Path]:
    """``path``, and the page of a notebook or text."""
    return [path, path.with_suffix(".html")] if path.suffix in (".ipynb", ".md", ".qmd") else [path]


def _kept_resources(project: Project) -> set[str]:
    resources = (project.config.get("project") or {}).get("resources") or []
    return set(resources if isinstance(resources, list) else [resources])


def _artifacts(site: BuiltSite) -> Iterator[Artifact]:
    from weeknotes.site import search
    from weeknotes.site.pages import compose

    yield from compose.artifacts(site)
    yield from search.artifacts(site)


def _assets(store: PageStore) -> dict[str, str]:
    return {
        href: path
        for state in store.sources.values()
        if state.record
        for href, path in state.assets.items()
    }


def _copy_of(site: BuiltSite, href: str, path: str) -> Artifact:
    inputs = _file_inputs(site, path)
    if href.lower().endswith(".svg"):
        return FileArtifact(href, inputs, lambda: inert_picture(Path(path).read_bytes()))
    return FileArtifact(href, inputs, lambda: Path(path).read_bytes())


def _file_inputs(site: BuiltSite, path: str) -> str:
    return f"file:{site.stat(path)}"


def _site_fingerprint(site: BuiltSite, store: PageStore, assets: Mapping[str, str]) -> str:
    state = hashlib.blake2b(digest_size=16)
    state.update(f"{store.basis} {store.library_fingerprint} {site.engine}\n".encode())
    for record in site.pages:
        state.update(f"{record.href} {record.fingerprint}\n".encode())
    for href, path in assets.items():
        state.update(f"{href} {_file_inputs(site, path)}\n".encode())
    state.update(f"{git.head(site.project.root)}\n".encode())
    for sheet in own_styles.artifacts(site.project):
        state.update(f"{sheet.href} {sheet.inputs}\n".encode())
    return state.hexdigest()
