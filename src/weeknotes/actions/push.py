"""``weeknotes sync --push``: a child note in Zotero on each paper with a published note.

The note links to the paper's page on the site and to the pages that it is written about on. What is
private is not in it: it is made from the pages that are published.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from weeknotes.errors import ProjectError, UsageError
from weeknotes.journal.project import Project
from weeknotes.library.store import custom
from weeknotes.library.zotero import notes
from weeknotes.library.zotero.client import Client, Connection, of_owner
from weeknotes.library.zotero.config import LibraryRef, ZoteroSettings
from weeknotes.library.zotero.config import settings as read_settings
from weeknotes.progress import Progress
from weeknotes.site import build
from weeknotes.site.data.bibliography import Bibliography, JournalPaper
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.pages.shell import Shell
from weeknotes.site.store.state import PageStore


@dataclass(frozen=True)
class PushReport:
    """The outcome for each note: citation keys by what was done, refusals with the reason. With
    ``dry_run`` it is what would be done, and ``texts`` is the HTML of each note to be written."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    dry_run: bool = False
    texts: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "created": list(self.created),
            "updated": list(self.updated),
            "unchanged": list(self.unchanged),
            "left": list(self.left),
            "refused": [{"key": key, "reason": reason} for key, reason in self.refused],
            "dry_run": self.dry_run,
            "texts": dict(self.texts),
        }

    def to_text(self) -> str:
        """The report for a person to read, without a newline at the end."""
        would = "would be " if self.dry_run else ""
        lines = [f"Note {would}written on @{key} in Zotero" for key in self.created]
        lines += [f"Note {would}updated on @{key} in Zotero" for key in self.updated]
        lines += [f"Note on @{key} left as it is: it was changed in Zotero" for key in self.left]
        lines += [f"Note on @{key} refused by Zotero: {reason}" for key, reason in self.refused]
        if self.unchanged:
            lines.append(f"{len(self.unchanged)} notes in Zotero are up to date")
        lines += [f"  @{key}: {text}" for key, text in self.texts]
        return "\n".join(lines) or "No paper of Zotero has a note that is published"


def push(
    project: Project,
    *,
    dry_run: bool = False,
    settings: ZoteroSettings | None = None,
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress | None = None,
) -> PushReport:
    """Write the notes of ``project`` to its Zotero libraries; with ``dry_run`` only say which.

    Raises UsageError where the site has no address or Zotero is only read, ZoteroError, RenderError.
    """
    settings = settings or read_settings(project)
    if settings.local:
        raise UsageError(
            "Zotero's local API can only be read",
            hint="Take 'local: true' out of _quarto.yml, and give a key that may write.",
        )
    wanted = texts_of(project, progress)
    done: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": [], "left": []}
    refused: list[tuple[str, str]] = []
    with Connection(settings, sleep=sleep) as connection:
        for ref in settings.libraries:
            client = of_owner(Client(ref, connection))
            mine = _of_library(wanted, client.ref)
            if not mine:
                continue
            notes.check_rights(client)
            result = notes.push(
                client, {item: html for item, (_, html) in mine.items()}, dry_run=dry_run
            )
            for name, listed in done.items():
                listed += [mine[item][0] for item in getattr(result, name)]
            refused += [(mine[item][0], reason) for item, reason in result.refused.items()]
    texts = {key: html for (_, _), (key, html) in wanted.items()}
    shown = sorted({*done["created"], *done["updated"]}) if dry_run else []
    return PushReport(
        **{name: tuple(sorted(keys)) for name, keys in done.items()},
        refused=tuple(refused),
        dry_run=dry_run,
        texts=tuple((key, texts[key]) for key in shown),
    )


def texts_of(
    project: Project, progress: Progress | None = None
) -> dict[tuple[str, str], tuple[str, str]]:
    """The note on each item of Zotero that the journal has a published reading note on: citation key
    and HTML, by the name of the library and the item's key. Raises ProjectError where the site has no
    address, RenderError."""
    build.render(project, engine="builtin", output=project.state / "push", progress=progress)
    site = BuiltSite(project, "builtin", PageStore.load(project.state / "site" / "builtin"))
    shell = Shell.of(site.project, site.pages)
    if not shell.site_url:
        raise ProjectError(
            "the site has no address that a note in Zotero could link to",
            file=project.config_path.name,
            hint="Add under 'website:' in _quarto.yml:\n    site-url: https://you.example.org/journal",
        )
    return dict(_texts(Bibliography(site), shell.site_url, project.title))


def _texts(
    bibliography: Bibliography, site_url: str, title: str
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for key, paper in bibliography.papers.items():
        zotero = custom(dict(paper.entry)).get("zotero")
        if not isinstance(zotero, Mapping) or zotero.get("status") or not zotero.get("key"):
            continue
        if any(mention.about for mention in paper.mentions):
            name = str(zotero.get("library")), str(zotero["key"])
            yield name, (key, note_html(paper, site_url, title))


def note_html(paper: JournalPaper, site_url: str, title: str) -> str:
    """The note: a link to the paper's page, and one to each page with a note on the paper."""
    pages = {mention.href: mention.page.title for mention in paper.mentions if mention.about}
    links = ", ".join(
        f'<a href="{escape(site_url + href)}">{escape(name)}</a>' for href, name in pages.items()
    )
    return f'<p><a href="{escape(site_url + paper.href)}">{escape(title)}</a>: {links}</p>'


def _of_library(
    wanted: Mapping[tuple[str, str], tuple[str, str]], ref: LibraryRef
) -> dict[str, tuple[str, str]]:
    return {item: text for (library, item), text in wanted.items() if library == ref.name}
