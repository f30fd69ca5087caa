"""The feed of notes, after RFC 4287, "The Atom Syndication Format"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from weeknotes.site.data.note_identities import Known, known_notes
from weeknotes.site.data.page_records import Site
from weeknotes.site.html import markup
from weeknotes.site.pages.page import ComposedFile
from weeknotes.site.pages.shell import Shell

HREF = "feed.xml"
_NEWEST = 30
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pages(shell: Shell, site: Site) -> Iterator[ComposedFile]:
    """The feed; none where the site's address is not configured. Readers of feeds resolve addresses
    each in their own way, so that a feed needs whole ones."""
    if shell.site_url:
        yield Feed(shell, site, HREF)


class Feed(ComposedFile):
    """The feed of the newest notes, with absolute addresses."""

    def made_from(self) -> Sequence[Any]:
        rows = [(k.identity, k.page.href, k.page.fingerprint) for k in self._newest()]
        return [self.site.project.author, rows]

    def make(self) -> bytes:
        shell, site, newest = self.shell, self.site, self._newest()
        updated = _time(newest[0]) if newest else "1970-01-01T00:00:00Z"
        home = _attribute(shell.site_url + "index.html")
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_attribute(shell.lang)}>',
            f"<title>{_text(shell.title)}</title>",
            f"<id>{_id(shell, 'feed')}</id>",
            f"<updated>{updated}</updated>",
            f'<link rel="self" href={_attribute(shell.site_url + HREF)}/>',
            f'<link rel="alternate" type="text/html" href={home}/>',
            f"<author><name>{_text(site.project.author or shell.title)}</name></author>",
        ]
        if shell.description:
            lines.append(f"<subtitle>{_text(shell.description)}</subtitle>")
        for item in newest:
            lines += _entry(shell, site, item)
        return "\n".join([*lines, "</feed>", ""]).encode("utf-8")

    def _newest(self) -> list[Known]:
        known = known_notes(self.site)[-_NEWEST:]
        return sorted(known, key=lambda k: k.page.start or k.page.date, reverse=True)


def _entry(shell: Shell, site: Site, known: Known) -> Iterator[str]:
    note = site.notes(known.page.href)[known.number]
    address = f"{shell.site_url}{known.page.href}#{note.anchor}"
    tree = markup.parse(note.html)
    markup.drop_code_anchors(tree)
    markup.rebase(tree, known.page.href, HREF)
    for element in tree.iter():
        for name in ("href", "src"):
            value = element.get(name, "")
            if value.startswith("#"):
                element.set(name, f"{shell.site_url}{known.page.href}{value}")
            elif value and shell.site_url and not re.match(r"[a-z][a-z0-9+.-]*:|/", value, re.I):
                element.set(name, shell.site_url + value)
    yield f"<entry xml:lang={_attribute(note.lang or known.page.lang)}>"
    yield f"<title>{_text(note.title)}</title>"
    yield f"<id>{_id(shell, known.identity)}</id>"
    yield f'<link rel="alternate" type="text/html" href={_attribute(address)}/>'
    yield f"<published>{_time(known)}</published><updated>{_time(known)}</updated>"
    yield from (f"<category term={_attribute(tag)}/>" for tag in note.tags)
    yield f'<content type="html">{_text(markup.serialise(tree))}</content>'
    yield "</entry>"


def _id(shell: Shell, name: str) -> str:
    """An identifier that stays, whatever the site's address and the note's are."""
    import uuid  # Few sites have a feed.

    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'weeknotes {shell.title} {name}')}"


def _time(known: Known) -> str:
    """The first day of the week, or the page's day: nothing finer is known of a note. Of a month or a
    year it is the first day, since a feed takes whole dates alone (RFC 4287, 3.3)."""
    day = known.page.start or known.page.date[:10] or "1970-01-01"
    return f"{day}{'-01-01'[len(day) - 4 :] if len(day) < 10 else ''}T00:00:00Z"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text), quote=False)


def _attribute(text: str) -> str:
    quoted = escape(_NOT_XML.sub("\ufffd", text))
    # Other white space would be read as a space (XML 1.0, 3.3.3).
    for character in "\t\n\r":
        quoted = quoted.replace(character, f"&#{ord(character)};")
    return f'"{quoted}"'
