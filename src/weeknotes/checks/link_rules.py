"""Rules about what leads from one place of the journal to another: links, anchors, cross-references,
footnotes and includes."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from weeknotes.checks.findings import Finding
from weeknotes.checks.journal_pages import ELSEWHERE, Pages

_PUBLISH = "Link a file, or a notebook that is a page of the site."

#: The keys of front matter that name files which Quarto stops without.
_FILES = ("bibliography", "csl", "template", "metadata-files", "filters")


def links(pages: Pages) -> Iterator[Finding]:
    """Links within the journal that lead nowhere, or into what is private."""
    for source, facts in pages.sources.items():
        hidden = frozenset(map(tuple, facts.mentions.hidden))
        for target, cell, line in facts.mentions.links:
            place = (cell or None, line or None)
            if not target:
                yield Finding(
                    "link-missing",
                    source,
                    "the link has no address",
                    *place,
                    "Write one, or take it out.",
                )
            if not target or target.startswith("attachment:"):
                continue
            if target.startswith("//"):
                yield Finding(
                    "markdown-engine",
                    source,
                    f"Quarto takes {short(target)} for a path of the journal",
                    *place,
                    f"Write https:{short(target)}.",
                )
            if ELSEWHERE.match(target):
                continue
            concealed = (target, cell, line) in hidden
            for host in pages.hosts(source):
                found = list(_link(pages, source, host, target, place, concealed))
                yield from found
                if found:
                    break


def _link(
    pages: Pages,
    source: str,
    host: str,
    target: str,
    place: tuple[int | None, int | None],
    concealed: bool,
) -> Iterator[Finding]:
    """The finding about a link of ``source`` that shows on the page ``host``, if it has a
    problem."""
    name, _, anchor = target.partition("#")
    page: str | None = host
    if name:
        path = pages.local(host, name)
        page = pages.page_at(path) if path else None
        if path is None or (page is None and not pages.is_made(path)):
            problem, hint = _unreached(pages, path)
            if problem:
                yield Finding("link-missing", source, f"{short(target)} {problem}", *place, hint)
            return
    if page is None or page not in pages.sources:
        return
    if page in pages.private and host not in pages.private and not concealed:
        yield Finding(
            "private-reference",
            source,
            f"{short(target)} leads to a page that is private",
            *place,
            "Take the link out, or make both public or both private.",
        )
        return
    anchor = unquote(anchor)
    if anchor and not pages.has(page, anchor):
        if anchor in pages.hidden(page):
            if not concealed:
                yield _into_private(source, short(target), place)
            return
        near = _nearest(anchor, pages.anchors(page))
        yield Finding(
            "anchor-missing",
            source,
            f"{short(target)}: the page has no '{anchor}'",
            *place,
            f"Did you mean #{near}?" if near else "Link a heading or a label of the page.",
        )


def _unreached(pages: Pages, path: Path | None) -> tuple[str, str]:
    """Why a link to ``path``, which is no page, leads nowhere, and what to do; empty where it does
    not."""
    if path is None:
        return "leads out of the journal", "Copy the file into the journal, or link its address."
    if pages.is_published(path):
        return "", ""
    if path.is_dir():
        return "is a folder, for which there is no page", _PUBLISH
    if path.exists():
        return "is no page of the site", _PUBLISH
    return "leads nowhere", near_file(path)


def _into_private(source: str, what: str, place: tuple[int | None, int | None]) -> Finding:
    return Finding(
        "private-reference",
        source,
        f"'{what}' is in a private part",
        *place,
        "Take the reference out, or make both public or both private.",
    )


def references(pages: Pages) -> Iterator[Finding]:
    """Cross-references and footnotes that nothing on their page answers to."""
    for source, facts in pages.sources.items():
        hidden = frozenset(map(tuple, facts.mentions.hidden))
        hosts = pages.hosts(source)
        if hosts == [source] and source not in pages.names:
            continue
        for label, cell, line in facts.mentions.references:
            place = (cell or None, line or None)
            for host in hosts:
                if pages.resolves(host, label):
                    continue
                if label not in pages.hidden(host):
                    yield Finding(
                        "reference-missing",
                        source,
                        f"nothing on the page is labelled '{label}'",
                        *place,
                        _label_hint(pages, host, label),
                    )
                elif (label, cell, line) not in hidden:
                    yield _into_private(source, label, place)
                break
        for name, cell, line in facts.mentions.notes:
            if not any(pages.has(host, f"[^{name}]") for host in hosts):
                yield Finding(
                    "reference-missing",
                    source,
                    f"no footnote on the page is called '{name}'",
                    cell or None,
                    line or None,
                    f"Write its text: [^{name}]: …; or a backslash before the bracket.",
                )


def _label_hint(pages: Pages, host: str, label: str) -> str:
    """A hint for a reference to ``label``, which nothing on the page ``host`` has."""
    if pages.has(host, label):
        return "What has this label is no figure or table by itself: put blank lines around it."
    near = _nearest(label, pages.labels(host))
    return f"Did you mean @{near}?" if near else "Label it with {#" + label + "}."


def includes(pages: Pages) -> Iterator[Finding]:
    """Included files that are not there."""
    for source, facts in pages.sources.items():
        for target, cell, line in facts.mentions.includes:
            path = pages.local(source, target)
            if path is None or not path.is_file():
                yield Finding(
                    "link-missing",
                    source,
                    f"the included file {short(target)} does not exist",
                    cell or None,
                    line or None,
                    near_file(path) if path else "It must be within the journal.",
                )


def front_matter_files(pages: Pages) -> Iterator[Finding]:
    """Files that front matter names, and that are not there."""
    for source, facts in pages.sources.items():
        for key in _FILES:
            value = facts.front.get(key)
            for name in value if isinstance(value, list) else [value]:
                # A filter may also be an extension's name.
                if not isinstance(name, str) or (key == "filters" and not name.endswith(".lua")):
                    continue
                path = None if ELSEWHERE.match(name) else pages.local(source, name)
                if path is not None and not path.is_file():
                    yield Finding(
                        "front-matter-value",
                        source,
                        f"'{key}: {short(name)}' is not there",
                        facts.front_cell,
                        facts.front_lines.get(key),
                        near_file(path),
                    )


def _nearest(name: str, known: Iterable[str]) -> str | None:
    folded = {other.casefold(): other for other in known if not other.startswith("[^")}
    near = difflib.get_close_matches(name.casefold(), folded, 1)
    return folded[near[0]] if near else None


def near_file(path: Path) -> str:
    """A hint for a file that does not exist."""
    try:
        names = [other.name for other in path.parent.iterdir()]
    except OSError:
        return f"The folder {path.parent.name} does not exist."
    wanted = unicodedata.normalize("NFC", path.name)
    if any(unicodedata.normalize("NFC", name) == wanted for name in names):
        return (
            "There is one whose name is made of other characters that look the same (macOS takes"
            " them apart): rename it."
        )
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(path.name.casefold(), folded, 1)
    return f"Did you mean {folded[near[0]]}?" if near else "Put it there, or take this out."


def short(target: str) -> str:
    """``target`` as a message shows it."""
    return target if len(target) <= 70 else target[:69] + "…"
