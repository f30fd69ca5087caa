"""The site, or a span of its weeks, as one zip or one HTML file that can be read and searched without a
server."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from weeknotes import __version__
from weeknotes.actions.pack_page import SEAL, one_page
from weeknotes.errors import UsageError
from weeknotes.files import rename, write_atomic
from weeknotes.i18n.strings import Strings
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.progress import Progress
from weeknotes.site import build, publish
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.search import packed
from weeknotes.site.store.state import PageStore
from weeknotes.text import git

#: The comment of a zip by which one that was made here is known.
_SEAL = b"weeknotes pack"
README = "README.txt"


@dataclass(frozen=True)
class Pack:
    """The file that was written, and how many pages of the journal it holds."""

    path: Path
    pages: int


class _PackedProject(Project):
    """A journal whose site is made apart from its own, which stays as it is."""

    @property
    def state(self) -> Path:
        """The folder of what this site's builds keep."""
        return self.root / ".weeknotes" / "pack"


def pack(
    project: Project,
    to: Path,
    since: Week | None = None,
    until: Week | None = None,
    *,
    progress: Progress | None = None,
) -> Pack:
    """Write the site to ``to``, a zip or with the suffix ``.html`` one page: all of it, or of the weeks
    and digests those from ``since`` to ``until``, both included.

    Raises UsageError where ``to`` is another file, or where nothing is in the span.
    """
    _refuse_foreign(to)
    whole = _PackedProject(project.root, project.config_path, project.config)
    chosen = whole
    if since or until:
        names = _within(project, since, until, progress)
        settings = {**(project.config.get("project") or {}), "render": [f"/{n}" for n in names]}
        chosen = replace(whole, config={**project.config, "project": settings})
    output = whole.state / "_site"
    report = build.render(chosen, engine="builtin", output=output, progress=progress)
    if _is_page(to):
        said = " ".join(line for line in _about(project, since, until) if line)
        strings = Strings(project.lang)
        words = strings("pack_noscript")
        write_atomic(to, one_page(output, project.title, said, words, project.lang))
        return Pack(to, report.pages)
    files = {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name != publish.MARKER
    }
    files[packed.HREF] = packed.packed(output)
    files[README] = _readme(project, since, until).encode("utf-8")
    _write(to, files)
    return Pack(to, report.pages)


def _within(
    project: Project, since: Week | None, until: Week | None, progress: Progress | None
) -> list[str]:
    """The sources of the pages from ``since`` to ``until``, and of those that have no time."""
    output = project.state / "review"
    build.render(project, engine="builtin", output=output, progress=progress)
    store = PageStore.load(project.state / "site" / "builtin")
    pages = BuiltSite(project, "builtin", store).pages
    timed = [page for page in pages if page.kind in ("week", "digest")]
    first = since.start.isoformat() if since else ""
    last = until.end.isoformat() if until else "9999"
    found = [p for p in timed if (p.end or p.date) >= first and (p.start or p.date[:10]) <= last]
    if not found:
        raise UsageError(
            "no week and no digest is in that time",
            hint="Name weeks that are written, as in: --since 2026-W40 --until 2026-W47",
        )
    return [page.source for page in [*found, *(page for page in pages if page not in timed)]]


def _readme(project: Project, since: Week | None, until: Week | None) -> str:
    lines = _about(project, since, until)
    lines += ["", "Unpack it and open index.html; the search works without a server.", ""]
    return "\n".join(lines)


def _about(project: Project, since: Week | None, until: Week | None) -> list[str]:
    """The title, the day, the version, the weeks and the commit that it is from."""
    commit = git.head(project.root)
    lines = [project.title, f"Packed on {date.today().isoformat()} with Weeknotes {__version__}."]
    if since or until:
        lines.append(f"Weeks: {since or 'the first'} to {until or 'the latest'}.")
    if commit:
        lines.append(f"From the commit {commit}.")
    return lines


def _is_page(to: Path) -> bool:
    return to.suffix.lower() in (".html", ".htm")


def _refuse_foreign(to: Path) -> None:
    """Raise UsageError where ``to`` is a file that was not made here."""
    if not to.exists():
        return
    if _is_page(to) and SEAL in to.read_bytes()[:200]:
        return
    try:
        with zipfile.ZipFile(to) as known:
            if known.comment.startswith(_SEAL):
                return
    except (OSError, zipfile.BadZipFile):
        pass
    raise UsageError(
        f"{to} is there already, and is no packed journal", hint="Choose another name with --to."
    )


def _write(to: Path, files: dict[str, bytes]) -> None:
    """Write ``files`` to the zip ``to``, whole or not at all."""
    made = to.with_name(f".{to.name}.tmp")
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
            target.comment = f"{_SEAL.decode()} {__version__}".encode()
            for name, data in files.items():
                target.writestr(f"{to.stem}/{name}", data)
        rename(made, to)
    finally:
        made.unlink(missing_ok=True)
