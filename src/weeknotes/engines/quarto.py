"""Rendering with Quarto: the command run, and the pages that it wrote read back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

import lxml.html

from weeknotes.engines import chunks, diagrams, lost_captions, normalise, quarto_guard
from weeknotes.engines.frames import frames_of, made_frames
from weeknotes.engines.maths.page import set_formulas
from weeknotes.engines.page import Page, PageWarning
from weeknotes.engines.page_files import Files
from weeknotes.engines.page_settings import common_warnings, page_settings
from weeknotes.engines.quarto_html import to_plain, without_stray_ends
from weeknotes.engines.source_reading import read_source
from weeknotes.engines.sources import SUFFIXES, find, find_all, metadata_files, page_href
from weeknotes.engines.stills import Stills
from weeknotes.engines.titles import MARKUP, plain_words, set_title
from weeknotes.errors import RenderError, WeeknotesError
from weeknotes.i18n.engine_words import words
from weeknotes.journal.project import Project
from weeknotes.progress import Progress
from weeknotes.text.printable import printable_markup

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: How the names of the files end that Quarto makes of an embedded notebook.
_EMBEDDED = ("-preview.html", ".out.ipynb", ".embed.ipynb")
_SAID = 12
#: The function of Quarto's, in the trace that it prints, that reads its index of filtered notebooks.
_INDEX = "readNotebookIndex"
#: What Quarto sets in the place of a shortcode that asks for what is not there.
_UNRESOLVED = re.compile(r"\?(?:invalid )?(?:meta|var|env|kbd|brand)(?: type)?:\s*(.+)")
_TRACES = ("stack trace:", "stack traceback:")
COMPOSE_LATER = "WEEKNOTES_COMPOSE_LATER"
"""Set for the post-render hook, which then leaves composing to the caller."""


def run(
    project: Project, output_dir: Path, sources: Sequence[str] = ()
) -> tuple[WeeknotesError, ...]:
    """Run `quarto render` on the project (or on `sources` alone) into `output_dir`.

    Quarto renders nothing at all where the project holds a source that it cannot read, and obeys what
    a hostile one says (`guard`). Such sources are found beforehand and returned as errors, and Quarto
    is given a copy of the project without them. The post-render hook leaves composing to the caller.
    Raises RenderError with what Quarto said, where it isn't there or fails.
    """
    quarto = shutil.which("quarto")
    if quarto is None:
        raise RenderError(
            "the command 'quarto' is not on PATH",
            hint="Install Quarto from quarto.org, or render with: weeknotes render --engine builtin",
        )
    errors = unfit(project)
    broken = {str(error.file) for error in errors}
    named = [source for source in sources if source not in broken]
    if sources and not named:
        return errors
    output_dir = output_dir.resolve()
    output_dir.mkdir(parents=True, exist_ok=True)
    # A page that asks for another format is a page of the site all the same.
    command = [quarto, "render", *named, "--to", "html", "--output-dir", str(output_dir)]
    command.append("--no-execute")
    if any(not source.endswith(".ipynb") for source in named or find(project)):
        # Code in a page of Markdown is shown. Notebooks have an engine of their own in any case.
        command += ["--metadata", "engine:markdown"]
    with tempfile.TemporaryDirectory(prefix="weeknotes-") as spare:
        folder = _copy_without(project, broken, Path(spare)) if broken else project.root
        code, said = _started(command, folder)
        if code and _INDEX in said:
            # Another run, of any journal, was just writing the user's one index of notebooks.
            code, said = _started(command, folder)
    if code:
        raise _failure(said)
    return errors


def _started(command: Sequence[str], folder: Path) -> tuple[int, str]:
    """The exit code of a command of Quarto's that is run in ``folder``, and what it printed."""
    result = subprocess.run(
        command,
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return result.returncode, result.stdout.decode("utf-8", "replace")


def unfit(project: Project) -> tuple[WeeknotesError, ...]:
    """The errors in the sources that must not be passed to Quarto, one for each."""
    _, errors = _readable(project, find(project))
    refused = quarto_guard.errors(project, find_all(project))
    return tuple({str(error.file): error for error in (*refused, *errors)}.values())


def stop_at_unfit(project: Project) -> None:
    """Raise RenderError, which tells of each such source, where there is one, and of each page of
    Markdown whose code Quarto would run."""
    if errors := (*unfit(project), *quarto_guard.would_run(project, find_all(project))):
        said = "\n  ".join(str(error).replace("\n", "\n  ") for error in errors)
        raise RenderError(f"not given to Quarto, which would stop at it or obey it:\n  {said}")


def withdraw_strays(project: Project, output: Path) -> None:
    """Remove what Quarto copied to `output` by following a link out of the journal, and the pages and
    notebooks that it makes of a notebook that is embedded elsewhere (`{{< embed >}}`): these are raw
    pages, which load scripts from another host."""
    for path in output.rglob("*"):
        if not path.is_file():
            continue
        name = path.relative_to(output)
        made = path.name.endswith(_EMBEDDED) and not (project.root / name).exists()
        if made or _is_stray(project, name):
            path.unlink()


def _is_stray(project: Project, name: Path | str) -> bool:
    """Whether `name` is in the journal only by a link to a file elsewhere."""
    path = project.root / name
    return path.exists() and not path.resolve().is_relative_to(project.root.resolve())


def _environment() -> dict[str, str]:
    """The environment that Quarto runs in: its hooks run under this very Python."""
    return {
        **os.environ,
        COMPOSE_LATER: "1",
        "NO_COLOR": "1",
        "WEEKNOTES_PYTHON": sys.executable,
    }


def _copy_without(project: Project, broken: set[str], folder: Path) -> Path:
    """A copy of the project in `folder` that lacks the sources in `broken`."""

    def ignore(path: str, names: list[str]) -> list[str]:
        here = Path(path)
        return [
            name
            for name in names
            if name.startswith(".")
            or (here / name) == project.output_dir
            or (here / name / "pyvenv.cfg").exists()
            or (here / name).relative_to(project.root).as_posix() in broken
        ]

    copy = folder / project.root.name
    shutil.copytree(project.root, copy, ignore=ignore)
    return copy


def _readable(
    project: Project, sources: Sequence[str]
) -> tuple[list[str], tuple[WeeknotesError, ...]]:
    """The sources that can be read, and what is wrong with the others."""
    readable, errors = [], []
    for source in sources:
        try:
            read_source(project.root, source)
        except WeeknotesError as error:
            errors.append(error)
        else:
            readable.append(source)
    return readable, tuple(errors)


def _failure(said: str) -> RenderError:
    """The error for a failed run of Quarto: the last lines that it printed, and the file that it
    was rendering."""
    lines = [line.rstrip() for line in _ANSI.sub("", said).splitlines() if line.strip()]
    at = [m[1] for line in lines if (m := re.match(r"\[\s*\d+/\d+\]\s+(\S.*)$", line))]
    errors = [i for i, line in enumerate(lines) if line.startswith(("ERROR", "Error"))]
    told = lines[errors[0] : errors[0] + _SAID] if errors else lines[-_SAID:]
    traces = [i for i, line in enumerate(told) if line.strip().lower() in _TRACES]
    told = told[: traces[0]] if traces else told
    return RenderError("quarto render failed:\n  " + "\n  ".join(told), file=at[-1] if at else None)


def render(
    project: Project,
    sources: Sequence[str],
    work: Path,
    workers: int = 2,
    progress: Progress | None = None,
) -> Iterator[Page | WeeknotesError]:
    """Render `sources` with Quarto: a page or an error each.

    The pages and their figures are written below `work`. Quarto renders one page after another,
    whatever `workers` says, and gives up at the first that fails: that error then stands for all.
    """
    del workers
    if not sources:
        return
    work.mkdir(parents=True, exist_ok=True)
    output = Path(tempfile.mkdtemp(prefix="quarto-", dir=work))
    try:
        errors = run(project, output, sources)
    except WeeknotesError as error:
        yield error
        return
    errors = tuple(error for error in errors if error.file in sources)
    yield from errors
    broken = {str(error.file) for error in errors}
    readable = [source for source in sources if source not in broken]
    for done, source in enumerate(readable, start=len(broken) + 1):
        front = read_source(project.root, source, front_alone=True).front
        settings = page_settings(project, source, front)
        path = output / page_href(source, settings.options.get("output-file"))
        page = read_page(project, output, path) if path.is_file() else None
        if progress:
            progress(done, len(sources), source)
        yield page or RenderError("Quarto wrote no page for it", file=source)


def read_page(project: Project, output_dir: Path, html_path: Path) -> Page | None:
    """The page that Quarto wrote to `html_path` below `output_dir`, in the common form.

    None where that file isn't Quarto's, or no source of the project belongs to it: a page that was
    composed before, or one that the user wrote by hand.
    """
    # What a page cannot hold, lxml takes from a text but never puts into another.
    text = printable_markup(html_path.read_text(encoding="utf-8", errors="replace"))
    head = text[:4000]
    if not re.search(r'<meta name="generator" content="quarto', head):
        return None
    href = html_path.resolve().relative_to(output_dir.resolve()).as_posix()
    source = _source_of(project, href)
    if source is None:
        return None
    read = read_source(
        project.root,
        source,
        lang=project.lang,
        stills=Stills(project.state / "stills"),
        frames=frames_of(project),
    )
    settings = page_settings(project, source, read.front)
    text = without_stray_ends(text)
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    document = lxml.html.document_fromstring(text.encode(), parser=parser)
    title = document.find(".//h1[@class='title']")
    warnings = [*common_warnings(source, read.front, read.front_cell), *read.warnings]

    def note(
        message: str,
        needle: str,
        hint: str | None = None,
        problem: bool = False,
        rule: str = "",
    ) -> None:
        warning = PageWarning(message, source, *read.place(needle), hint, problem, rule)
        if warning not in warnings:
            warnings.append(warning)

    def problem(message: str, needle: str, hint: str | None = None) -> None:
        note(message, needle, hint, problem=True, rule="markdown-math")

    def missing(message: str, needle: str, rule: str) -> None:
        note(message, needle, problem=True, rule=rule)

    def chunk(language: str, code: str) -> str | None:
        return chunks.shown_code(language, code, settings)[0]

    root = to_plain(document, None if source.endswith(".ipynb") else chunk)
    if not project.shows_private:
        normalise.drop_private(root)
    title_html, name = "", str(settings.options.get("title") or "")
    if title is not None and (MARKUP.search(name) or not name):
        title_html, name = set_title(normalise.serialise(title), problem)
    name = name or _take_heading(root)
    set_formulas(root, problem)
    page_words = words(settings.lang, settings.options.get("crossref"))
    normalise.finish(root, page_words, settings.lang)

    def lost(message: str, cell: int | None, hint: str) -> None:
        warnings.append(PageWarning(message, source, cell, None, hint, rule="page-warning"))

    lost_captions.report(read, settings, root, lost)
    diagrams.draw(root, diagrams.folder(project), note)
    _lead_to_pages(root)
    _report_citations(root, note)
    _report_references(root, note)
    for anchor in normalise.missing_anchors(root):
        message = f"#{anchor}: the page has no '{anchor}'"
        note(message, f"#{anchor}", problem=True, rule="anchor-missing")
    files = Files(
        output_dir,
        href,
        href,
        {},
        missing,
        pages_only=True,
        stray=partial(_is_stray, project),
        made=made_frames(project),
        home=project.root,
    )
    files.collect(root)
    return Page(
        source=source,
        href=href,
        meta={
            **settings.meta,
            "title": name or PurePosixPath(source).stem,
            **({"title-html": title_html} if MARKUP.search(title_html) else {}),
            "lang": settings.lang,
        },
        body=normalise.serialise(root),
        assets=files.assets,
        dependencies=tuple(map(str, metadata_files(project, source))),
        warnings=tuple(warnings),
    )


def _lead_to_pages(root: normalise.Element) -> None:
    """Let links lead to the page of an embedded notebook instead of Quarto's preview of it."""
    for link in root.iter("a"):
        if (link.get("href") or "").endswith("-preview.html"):
            link.set("href", link.get("href").removesuffix("-preview.html") + ".html")


def _take_heading(root: normalise.Element) -> str:
    """The text of the heading that the page begins with, which is its title and leaves the page; empty
    where it begins with another thing."""
    first = root[0] if len(root) and not (root.text or "").strip() else None
    if first is None or first.tag != "section" or not len(first):
        return ""
    heading = first[0]
    if not re.fullmatch(r"h[1-6]", str(heading.tag)) or (first.text or "").strip():
        return ""
    text = plain_words(heading)
    heading.drop_tree()
    first.drop_tag()
    return text


def _source_of(project: Project, href: str) -> str | None:
    """The source that the page at `href` was made from."""
    stem = PurePosixPath(href).with_suffix("")
    for suffix in SUFFIXES:
        if (project.root / f"{stem}{suffix}").is_file():
            return f"{stem}{suffix}"
    folder = project.root / stem.parent
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix not in SUFFIXES:
            continue
        source = path.relative_to(project.root).as_posix()
        try:
            front = read_source(project.root, source, front_alone=True).front
            options = page_settings(project, source, front).options
        except WeeknotesError:
            continue
        if page_href(source, options.get("output-file")) == href:
            return source
    return None


def _report_references(root: normalise.Element, note: Callable[..., None]) -> None:
    """Warn of cross-references that lead to nothing, which Quarto sets as **?@fig-x**, and of
    shortcodes that do, which it sets as **?meta:x**."""
    for strong in root.iter("strong"):
        label = re.fullmatch(r"\?@([\w:.-]+)", strong.text or "") if not len(strong) else None
        if label:
            message = f"nothing on the page is labelled '{label[1]}'"
            note(message, f"@{label[1]}", problem=True, rule="reference-missing")
            continue
        unresolved = _UNRESOLVED.fullmatch(strong.text or "") if not len(strong) else None
        if unresolved:
            message = f"a shortcode asks for what is not there: {unresolved[0]}"
            note(message, unresolved[1], problem=True, rule="markdown-shortcode")


def _report_citations(root: normalise.Element, note: Callable[..., None]) -> None:
    """Warn of citation keys that Quarto found no entry for: citeproc sets them as **key?**."""
    seen = set()
    for citation in root.iter("span"):
        if citation.get("data-cites") is None:
            continue
        for strong in citation.iter("strong"):
            key = (strong.text or "").removesuffix("?")
            if key in citation.get("data-cites").split() and key not in seen:
                seen.add(key)
                message = f"citation key '{key}' is not in the library"
                note(message, f"@{key}", problem=True, rule="citation-unknown")
