"""A letter for a meeting: everything written since a day, on one page that needs nothing else.

Its pictures and styles are in the file itself, so that it can be mailed; it loads nothing. Beside each
note there is room for remarks, which its one script keeps in the reader's browser as they are typed and
gives back as a file or as a mail for `weeknotes.actions.remarks`. Where Chromium is installed, it is
printed as PDF too.
"""

from __future__ import annotations

import base64
import hashlib
import os
import posixpath
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement

from weeknotes.actions import letter, review_text
from weeknotes.errors import UsageError
from weeknotes.files import rename, write_atomic
from weeknotes.journal.project import Project
from weeknotes.progress import Progress
from weeknotes.site import build
from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.data.tasks_and_questions import set_anchors
from weeknotes.site.html import markup
from weeknotes.site.html.sanitize import without_remote
from weeknotes.site.pages.page_body import finish
from weeknotes.site.pages.shell import Shell
from weeknotes.site.theme.assets import THEME
from weeknotes.site.verify import LeakError, find_leaks

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PRINT_SECONDS = 180
#: The one script of a letter: it keeps remarks, and its policy allows nothing else.
_SCRIPT = THEME / "letter" / "letter.js"
_SEAL = re.compile(rb'<meta name="weeknotes-review" content="([0-9a-f]{32})">')


@dataclass(frozen=True)
class Review:
    """The files that were written: the page (None where there was nothing to tell), its PDF (None also
    where no Chromium is installed, or it failed), and how many notes they hold."""

    page: Path | None
    pdf: Path | None
    notes: int
    text: Path | None = None


def write_review(
    project: Project,
    since: date,
    to: Path,
    *,
    as_text: bool = False,
    progress: Progress | None = None,
) -> Review:
    """Write what was written in the week of ``since`` and after it to ``to``, and as PDF beside it.
    Where no page of that time holds anything, no file is written. ``as_text`` writes a plain text
    beside it, for the body of a mail.

    Raises UsageError where ``to`` holds something else, remarks above all, RenderError where the
    journal cannot be rendered, and LeakError where the letter would say what is private.
    """
    target = to.with_suffix(".html") if to.suffix.lower() == ".pdf" else to
    _refuse_foreign(target)
    site = build.current_site(project, progress=progress)
    pages = sorted(
        (page for page in site.pages if _is_since(page, since)),
        key=lambda page: (page.kind != "week", page.start or page.date, page.href),
    )
    if not any(_says_something(site, page) for page in pages):
        return Review(None, None, 0)
    shell = Shell.of(site.project, site.pages)
    made = {target: compose(site, pages, since)}
    count = sum(1 for page in pages for note in page.notes if note.kind != "tasks")
    plain = None
    if as_text:
        plain = target.with_suffix(".txt")
        title = shell.strings("review_title", shell.strings.day(since.isoformat()))
        summed = letter.summary(shell, site, pages, since)
        said = review_text.text(shell, site, pages, summed, f"{shell.title}: {title}")
        made[plain] = said.encode()
    _refuse_leaks(site.project, made)
    for path, data in made.items():
        write_atomic(path, data)
    return Review(target, _print(target), count, plain)


def compose(site: BuiltSite, pages: list[PageRecord], since: date) -> bytes:
    """The letter about ``pages`` as one HTML document, sealed with its own
    fingerprint."""
    shell = Shell.of(site.project, site.pages)
    script = _SCRIPT.read_text("utf-8")
    anchors = {page.href: f"page-{number}" for number, page in enumerate(pages, 1)}
    styles = next(
        a for a in shell.theme.artifacts if a.href == shell.theme.addresses["weeknotes.css"]
    )
    bodies = [_part(shell, site, page, anchors) for page in pages]
    parts = [
        {
            "page": page,
            "anchor": anchors[page.href],
            "html": body,
            "notes": sum(1 for note in page.notes if note.kind != "tasks"),
            "site_href": shell.site_url + page.href if shell.site_url else "",
        }
        for page, (_, body) in zip(pages, bodies, strict=True)
    ]
    text = shell.render(
        "review.html",
        "review.html",
        lang=shell.strings.lang,
        heading=shell.strings("review_title", shell.strings.day(since.isoformat())),
        author=site.project.author,
        styles=styles.make().decode(),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        letter=hashlib.blake2b(
            f"{shell.title}\0{since.isoformat()}".encode(), digest_size=8
        ).hexdigest(),
        parts=parts,
        for_you=[
            {"lang": page.lang, "html": said}
            for page, (said, _) in reversed(list(zip(pages, bodies, strict=True)))
            if said
        ],
        summary=letter.summary(shell, site, pages, since),
        figures=letter.small_figures(site, pages),
        place=letter.linker(shell, anchors),
    )
    seal = hashlib.blake2b(text, digest_size=16).hexdigest()
    return text.replace(
        b"<head>", f'<head>\n<meta name="weeknotes-review" content="{seal}">'.encode(), 1
    )


def _is_since(page: PageRecord, since: date) -> bool:
    return page.kind in ("week", "digest") and (page.end or page.date)[:10] >= since.isoformat()


def _says_something(site: BuiltSite, page: PageRecord) -> bool:
    """Whether somebody wrote something on ``page``: a note, a task or other text."""
    tree = markup.parse(site.body(page.href))
    _drop_generated(tree)
    headings = [text for h in tree.iter("h2", "h3", "h4", "h5", "h6") for text in h.itertext()]
    words = "".join("".join(tree.itertext()).split())
    pictures = tree.xpath(".//img | .//svg | .//math | .//video")
    return (
        any(note.kind != "tasks" for note in page.notes)
        or bool(pictures)
        or words != "".join("".join(headings).split())
    )


def _drop_generated(tree: HtmlElement) -> None:
    """Take out what Weeknotes made itself of the library."""
    for cell in list(tree.iter("div")):
        if cell.get("id") in ("cell-reading-list", "cell-categories"):
            cell.drop_tree()


def _refuse_leaks(project: Project, made: Mapping[Path, bytes]) -> None:
    """Raise LeakError where one of the files that were ``made`` says what is private."""
    with tempfile.TemporaryDirectory(prefix="weeknotes-review-") as name:
        for path, data in made.items():
            Path(name, path.name).write_bytes(data)
        if leaks := find_leaks(project, Path(name)):
            raise LeakError(leaks, "the letter would say what is private, and was not written")


def _part(
    shell: Shell, site: BuiltSite, page: PageRecord, anchors: Mapping[str, str]
) -> tuple[str, str]:
    """The part of ``page`` that is meant for its reader, and the rest of the text that was written on
    it, both with everything in them that they need."""
    tree = markup.parse(site.body(page.href))
    _drop_generated(tree)
    if page.kind == "week":
        set_anchors(tree)
        letter.mark_for_reader(tree, site, page)
    markup.lighten_formulas(tree)
    markup.drop_code_anchors(tree)
    for link in tree.find_class("citation"):
        for inner in link.iter("a"):
            inner.set("data-cited", inner.get("href", ""))
    finish(tree, shell, site, page, top=3, eager=10_000)
    # What an advisor reads is what was found, not the code that found it.
    for code in tree.xpath(
        ".//details[@class='code-fold'] | .//div[contains(@class, 'cell-code')]"
    ):
        if code.getparent() is not None:
            code.drop_tree()
    for inner in tree.xpath(".//a[@data-cited]"):
        inner.set("href", inner.attrib.pop("data-cited"))
    for link in tree.find_class("to-paper"):
        link.drop_tree()
    letter.fold(tree, shell, site, page)
    for note in page.notes:
        section = next((e for e in tree.iter("section") if e.get("id") == note.anchor), None)
        if section is not None and note.kind != "tasks":
            section.append(_room(shell, f"{page.source}#{note.anchor}", note.title))
    _embed(tree, site.assets(page.href), page.href)
    without_remote(tree)
    prefix = f"{anchors[page.href]}--"
    markup.prefix_identifiers(tree, prefix, lambda inner: "")
    _settle_links(tree, shell, page, anchors)
    said = letter.take_for_reader(tree)
    return said, markup.serialise(tree)


def _room(shell: Shell, note: str, title: str) -> HtmlElement:
    """Room for remarks on a note: on paper, and to type in. ``note`` is its source and anchor, by which
    `weeknotes.actions.remarks` finds it again."""
    room = html.Element("div")
    room.set("class", "room")
    room.set("contenteditable", "true")
    room.set("role", "textbox")
    room.set("aria-multiline", "true")
    room.set("aria-label", f"{shell.strings('review_remarks')}: {title}")
    room.set("data-label", shell.strings("review_remarks"))
    room.set("data-note", note)
    room.set("data-title", title)
    return room


def _embed(tree: HtmlElement, assets: Mapping[str, str], href: str) -> None:
    """Put the images into the page itself, and leave out what cannot be mailed."""
    for image in tree.iter("img"):
        image.attrib.pop("srcset", None)
        path = assets.get(_site_path(image.get("src", ""), href))
        if path:
            image.set("src", letter.file_data_address(Path(path)))
        elif not image.get("src", "").startswith("data:"):
            image.attrib.pop("src", None)
    for element in list(tree.iter("video", "audio", "iframe", "object", "embed", "script")):
        element.drop_tree()


def _site_path(address: str, href: str) -> str:
    path = unquote(address.partition("?")[0].partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(href), path))


def _settle_links(
    tree: HtmlElement, shell: Shell, page: PageRecord, anchors: Mapping[str, str]
) -> None:
    """Let links to pages of the letter stay within it, those to others lead to the site where its
    address is known, and be plain words where it isn't."""
    for link in list(tree.iter("a")):
        address = link.get("href", "")
        if address.startswith("#") or _is_elsewhere(address):
            continue
        path, fragment = _site_path(address, page.href), address.partition("#")[2]
        target = letter.address_in(shell, anchors, f"{path}#{fragment}" if fragment else path)
        if address and target:
            link.set("href", target)
        elif link.get("class") == "tag":
            link.tag = "span"
            del link.attrib["href"]
        else:
            link.drop_tag()


def _is_elsewhere(address: str) -> bool:
    try:
        return urlsplit(address).scheme in ("http", "https", "mailto")
    except ValueError:
        return False


def _refuse_foreign(target: Path) -> None:
    """Raise UsageError where ``target`` is a file that is no letter, or one that was written into."""
    if not target.exists():
        return
    data = target.read_bytes()
    found = _SEAL.search(data)
    if found is not None:
        plain = data.replace(b"\n" + found[0], b"", 1)
        if hashlib.blake2b(plain, digest_size=16).hexdigest().encode() == found[1]:
            return
    raise UsageError(
        f"{target} is there already, and is not as it was made",
        hint="It may hold remarks. Choose another name with --to.",
    )


def _print(page: Path) -> Path | None:
    """``page`` as PDF beside it, by Chromium; None where that isn't installed or didn't succeed."""
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return None
    target = page.with_suffix(".pdf")
    made = target.with_name(f".{target.name}.tmp")
    command: list[Any] = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer"]
    command += ["--disable-background-networking", f"--print-to-pdf={made.resolve()}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium's sandbox does not work for the administrator.
        command.append("--no-sandbox")
    try:
        subprocess.run(
            [*command, page.resolve().as_uri()],
            check=True,
            timeout=_PRINT_SECONDS,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        rename(made, target)
    except (OSError, subprocess.SubprocessError):
        made.unlink(missing_ok=True)
        return None
    return target
