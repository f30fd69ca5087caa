"""The pages that are private as a whole in a site that shows what is private: which they are, and a
mark at each link to one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from urllib.parse import unquote

from weeknotes.journal.project import Project
from weeknotes.site.data.page_records import PageRecord

_ADDRESS = re.compile(r'<(?:a|details)\b[^>]*?\s(href|data-fold)="([^"]*)"')


def private_pages(project: Project, pages: Sequence[PageRecord]) -> dict[str, str]:
    """The reason why each of ``pages`` is not published, by its address: "private" or "draft". Empty
    for a site that is published."""
    if not project.shows_private:
        return {}
    from weeknotes.privacy.private_files import Whole

    whole = Whole(project)
    found = {page.href: whole.reason(page.source) for page in pages}
    return {href: reason for href, reason in found.items() if reason}


def mark_links(text: str, href: str, private: Mapping[str, str], words: Mapping[str, str]) -> str:
    """The page ``text`` at ``href`` with the attribute ``data-private`` at what leads to, or holds, a
    ``private`` page; its value is the word of ``words`` for the reason."""
    folder = posixpath.dirname(href)

    def marked(match: re.Match[str]) -> str:
        address = unquote(unescape(match[2]).partition("#")[0].partition("?")[0])
        # A fold carries the address from the site's root.
        base = "" if match[1] == "data-fold" else folder
        reason = private.get(posixpath.normpath(posixpath.join(base, address))) if address else ""
        return f'{match[0]} data-private="{escape(words[reason])}"' if reason else match[0]

    return _ADDRESS.sub(marked, text)
