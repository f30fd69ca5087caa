"""Rules about the files of a journal together: citations, weeks, images, links, and what is private."""

from __future__ import annotations

import difflib
import os
import re
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from weeknotes.checks.findings import Finding
from weeknotes.checks.markdown import same_anchor
from weeknotes.checks.reading import Facts
from weeknotes.errors import WeeknotesError
from weeknotes.project import Project
from weeknotes.weeks import Week

LARGE_IMAGE = 2_000_000
"""Bytes from which on an image is slow to load, and to clone."""
IMAGES = frozenset(".png .jpg .jpeg .gif .webp .avif .svg .bmp .tif .tiff".split())
_WEEK_NAME = re.compile(r"\d{4}-?W\d{1,2}", re.I)
_DAYS = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.I)

Sources = Mapping[str, Facts]


def citations(sources: Sources, keys: Iterable[str]) -> Iterator[Finding]:
    """Citation keys that are not among ``keys``, with the nearest that are."""
    known = frozenset(keys)
    nearest = lru_cache(maxsize=256)(lambda key: _nearest(key, known))
    for source, facts in sources.items():
        own = _own_references(facts)
        for key, cell, line in facts.mentions.cites:
            if key in known or key in own:
                continue
            near = nearest(key)
            hint = f"Did you mean {' or '.join('@' + k for k in near)}?" if near else None
            yield Finding(
                "citation-unknown",
                source,
                f"the library has no '{key}'",
                cell or None,
                line,
                hint or "Add the paper to your library, or escape the sign: \\@.",
            )


def _own_references(facts: Facts) -> frozenset[str]:
    """The keys of the entries that a page brings along (`references` in its front matter)."""
    own = facts.front.get("references")
    entries = own if isinstance(own, list) else []
    return frozenset(str(entry.get("id")) for entry in entries if isinstance(entry, dict))


def _nearest(key: str, known: frozenset[str]) -> list[str]:
    folded = {k.casefold(): k for k in known}
    if key.casefold() in folded:
        return [folded[key.casefold()]]
    return [folded[k] for k in difflib.get_close_matches(key.casefold(), folded, 3, 0.7)]


def weeks(sources: Sources) -> Iterator[Finding]:
    """Weeks whose name, number, dates and title disagree, that are missing, or there twice."""
    found: dict[Week, list[str]] = {}
    for source, facts in sources.items():
        if not source.endswith(".ipynb") or not source.startswith("journal/"):
            continue
        week = yield from _week_of(source, facts)
        if week:
            found.setdefault(week, []).append(source)
            yield from _dates(source, facts, week)
    for week, names in sorted(found.items()):
        for name in names[1:]:
            yield Finding(
                "week-duplicate",
                name,
                f"the week {week} is in {names[0]} already",
                None,
                None,
                "Change the week of one of them, or move its cells to the other.",
            )
    ordered = sorted(found)
    for before, after in pairwise(ordered):
        week = before.next
        while week < after:
            yield Finding(
                "week-missing",
                found[before][0],
                f"the week after it, {week}, is missing",
                None,
                None,
                f"weeknotes new {week}",
            )
            week = week.next


def _week_of(source: str, facts: Facts) -> Generator[Finding, None, Week | None]:
    """The week of a notebook (returned), None where it is none's."""
    stem = PurePosixPath(source).stem
    named = _parse(stem) if _WEEK_NAME.fullmatch(stem) else None
    said = facts.front.get("week")
    cell = facts.front_cell
    if _WEEK_NAME.fullmatch(stem) and named is None:
        yield Finding("week-file-name", source, f"no such week: {stem}")
    if said is None or facts.front.get("kind", "week") != "week":
        return named
    week = _parse(str(said))
    if week is None:
        yield Finding(
            "week-invalid",
            source,
            f"'week: {said}' is no week",
            cell,
            None,
            "Write it as 2026-W47.",
        )
    elif named and named != week:
        yield Finding(
            "week-file-name",
            source,
            f"the file is called {stem}, and its week is {week}",
            cell,
            None,
            f"Rename the file to {week}.ipynb, or change the week.",
        )
    return week or named


def _parse(text: str) -> Week | None:
    try:
        return Week.parse(text) if _WEEK_NAME.fullmatch(text.strip()) else None
    except WeeknotesError:
        return None


def _dates(source: str, facts: Facts, week: Week) -> Iterator[Finding]:
    for key in ("date", "start", "end"):
        for day in _days(str(facts.front.get(key) or "")):
            if day not in week:
                yield Finding(
                    "week-date",
                    source,
                    f"'{key}: {day}' is not in the week {week}",
                    facts.front_cell,
                    None,
                    f"{week} is {week.start} to {week.end}.",
                )
    title = str(facts.front.get("title") or "")
    others = [w for w in map(_parse, _WEEK_NAME.findall(title)) if w and w != week]
    others += [Week.of(day) for day in _days(title) if day not in week]
    if others:
        yield Finding(
            "week-title",
            source,
            f"the title speaks of {others[0]}, and the week is {week}",
            facts.front_cell,
            None,
            f"{week} is {week.start} to {week.end}.",
        )


def _days(text: str) -> Iterator[date]:
    for match in _DAYS.finditer(text):
        try:
            yield date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue


def images(project: Project, sources: Sources, all_of_it: bool) -> Iterator[Finding]:
    """Images that are missing, outside, large, without a word, or (with ``all_of_it``) unused."""
    used: set[Path] = set()
    large: set[Path] = set()
    for source, facts in sources.items():
        for target, described, cell, line in facts.mentions.images:
            place = (cell or None, line)
            if not described and not target.startswith("attachment:"):
                yield Finding(
                    "image-alt",
                    source,
                    f"the image {_short(target)} has neither caption nor alt text",
                    *place,
                    "Say in the brackets what it shows: ![…](…).",
                )
            if _ELSEWHERE.match(target) or not target:
                continue
            path = _local(project, source, target)
            if path is None:
                yield Finding(
                    "image-outside",
                    source,
                    f"{_short(target)} lies outside of the journal",
                    *place,
                    "Copy it to assets/images.",
                )
                continue
            used.add(path)
            size = _size(path)
            if size is None:
                yield Finding(
                    "image-missing",
                    source,
                    f"{_short(target)} does not exist",
                    *place,
                    _near_file(path),
                )
            elif size > LARGE_IMAGE and path.suffix.lower() in IMAGES and path not in large:
                large.add(path)
                yield Finding(
                    "image-large",
                    source,
                    f"{_short(target)} has {size / 1e6:.1f} MB",
                    *place,
                    "Scale it to the width of a page (1600 pixels), or save it as WebP.",
                )
        for target, _, _ in facts.mentions.links:
            if (local := _local(project, source, target)) is not None:
                used.add(local)
    if all_of_it:
        yield from _unused(project, used)


def _unused(project: Project, used: set[Path]) -> Iterator[Finding]:
    folder = project.root / "assets" / "images"
    elsewhere = _named_elsewhere(project)
    for here, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = Path(here) / name
            if path.suffix.lower() in IMAGES and path not in used and name not in elsewhere:
                yield Finding(
                    "image-unused",
                    path.relative_to(project.root).as_posix(),
                    "nothing shows it",
                    None,
                    None,
                    "Delete it if you no longer need it.",
                )


def _named_elsewhere(project: Project) -> str:
    """Texts of the project beside its pages that may name an image."""
    paths = [project.config_path, *project.root.glob("*.md"), *project.templates.glob("*.ipynb")]
    return "\n".join(p.read_text("utf-8", "replace") for p in paths if p.is_file())


def links(project: Project, sources: Sources) -> Iterator[Finding]:
    """Links, anchors and cross-references within the journal that lead nowhere."""
    anchors = {source: _anchors(project, source, sources) for source in sources}
    for source, facts in sources.items():
        for label, cell, line in facts.mentions.references:
            if not PurePosixPath(source).name.startswith("_") and not _has(anchors[source], label):
                yield from _no_label(source, label, cell, line, anchors[source], facts)
        for target, cell, line in facts.mentions.links:
            if _ELSEWHERE.match(target) or not target or target.startswith("attachment:"):
                continue
            name, _, anchor = target.partition("#")
            page: str | None = source
            if name:
                path = _local(project, source, name.partition("?")[0])
                page = _source_of(project, path, sources) if path else None
                if path is None or (page is None and not path.exists()):
                    yield Finding(
                        "link-missing",
                        source,
                        f"{_short(target)} leads nowhere",
                        cell or None,
                        line,
                        _near_file(path) if path else "It lies outside of the journal.",
                    )
                    continue
            if anchor and page in anchors and not _has(anchors[page], unquote(anchor)):
                near = difflib.get_close_matches(same_anchor(unquote(anchor)), anchors[page], 1)
                yield Finding(
                    "anchor-missing",
                    source,
                    f"{_short(target)}: the page has no '{anchor}'",
                    cell or None,
                    line,
                    f"Did you mean #{anchors[page][near[0]]}?" if near else None,
                )


def _no_label(
    source: str, label: str, cell: int, line: int, known: Mapping[str, str], facts: Facts
) -> Iterator[Finding]:
    if label in facts.mentions.hidden_labels:
        yield Finding(
            "private-reference",
            source,
            f"'{label}' stands in a private part",
            cell or None,
            line,
            "Take the reference out, or make both public or both private.",
        )
        return
    near = difflib.get_close_matches(same_anchor(label), known, 1)
    yield Finding(
        "reference-missing",
        source,
        f"nothing on the page is labelled '{label}'",
        cell or None,
        line,
        f"Did you mean @{known[near[0]]}?" if near else "Label it with {#" + label + "}.",
    )


def _anchors(project: Project, source: str, sources: Sources) -> dict[str, str]:
    """The anchors of a page, those of included files with them, by their folded forms."""
    found: dict[str, str] = {}
    waiting, seen = [source], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in sources:
            continue
        seen.add(name)
        found |= {same_anchor(anchor): anchor for anchor in sources[name].mentions.anchors}
        for target, _, _ in sources[name].mentions.includes:
            path = _local(project, name, target)
            if path:
                waiting.append(path.relative_to(project.root).as_posix())
    for fixed in ("references", "footnotes", "refs"):
        found.setdefault(fixed, fixed)
    return found


def _has(anchors: Mapping[str, str], name: str) -> bool:
    folded = same_anchor(name)
    # Repeated headings get numbers: `results-1`. A reference list has an anchor for each entry.
    return (
        folded in anchors
        or re.sub(r"\d+$", "", folded) in anchors
        or name.startswith(("ref-", "fn", "cell-", "cb"))
    )


def includes(project: Project, sources: Sources) -> Iterator[Finding]:
    """Included files that are not there."""
    for source, facts in sources.items():
        for target, cell, line in facts.mentions.includes:
            path = _local(project, source, target)
            if path is None or not path.is_file():
                yield Finding(
                    "link-missing",
                    source,
                    f"the included file {_short(target)} does not exist",
                    cell or None,
                    line,
                    _near_file(path) if path else None,
                )


def private_papers(sources: Sources) -> Iterator[Finding]:
    """Papers that only private notes cite, in lists that Weeknotes has made."""
    hidden = {key for facts in sources.values() for key in facts.hidden_cites}
    if not hidden:
        return
    # What private parts mention stands among the mentions too: count what is more than that.
    public: set[str] = set()
    for facts in sources.values():
        own = set(facts.hidden_cites)
        public |= {key for key, _, _ in facts.mentions.cites if key not in own}
    for source, facts in sources.items():
        for key, cell in dict(facts.listed).items():
            if key in hidden - public:
                yield Finding(
                    "private-paper",
                    source,
                    f"the list shows '{key}', which only private notes cite",
                    cell,
                    None,
                    f"weeknotes refresh {PurePosixPath(source).stem}",
                )


def _source_of(project: Project, path: Path, sources: Sources) -> str | None:
    """The source of the page that a link to ``path`` leads to."""
    try:
        name = PurePosixPath(path.relative_to(project.root).as_posix())
    except ValueError:
        return None
    options = (
        [name, *(name.with_suffix(s) for s in (".ipynb", ".qmd", ".md"))] if name.suffix else []
    )
    return next((str(option) for option in options if str(option) in sources), None)


def _local(project: Project, source: str, target: str) -> Path | None:
    """The file that ``source`` calls ``target``; None where it lies outside of the journal."""
    name = unquote(target.partition("#")[0].partition("?")[0])
    base = project.root if name.startswith("/") else (project.root / source).parent
    path = Path(os.path.normpath(base / name.lstrip("/")))
    return path if path.is_relative_to(project.root) else None


@lru_cache(maxsize=4096)
def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        # A name written by another system may be composed otherwise.
        other = path.with_name(unicodedata.normalize("NFD", path.name))
        try:
            return other.stat().st_size if other != path else None
        except OSError:
            return None


def _near_file(path: Path) -> str | None:
    try:
        names = [other.name for other in path.parent.iterdir()]
    except OSError:
        return f"The folder {path.parent.name} does not exist."
    near = difflib.get_close_matches(path.name, names, 1)
    return f"Did you mean {near[0]}?" if near else None


def _short(target: str) -> str:
    return target if len(target) <= 70 else target[:69] + "…"
