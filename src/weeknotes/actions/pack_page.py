"""A built site as one HTML file that is read, and searched, from the disk.

The file holds each page as text, each image once, and the theme's styles and scripts; its own script
(`theme/pack/pack.js`) writes the page that the address names. Links between pages become addresses in
the file: ``#/journal/2026/2026-W47.html#note``.
"""

from __future__ import annotations

import base64
import json
import mimetypes
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement

from weeknotes import __version__
from weeknotes.site.search import packed
from weeknotes.site.theme.assets import THEME

_SCRIPT = THEME / "pack" / "pack.js"
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "media-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
#: The comment by which a file that was made here is known.
SEAL = b"<!-- weeknotes pack "
_MEDIA = ("image/", "video/", "audio/")
_THEME = re.compile(r"(?:^|/)theme/(\w+)\.[0-9a-f]{10}\.(css|js)$")


@dataclass(frozen=True)
class _Site:
    """A built site in ``folder``: the addresses of its pages and of its images, videos and sounds."""

    folder: Path
    pages: frozenset[str]
    media: frozenset[str]


def one_page(folder: Path, title: str, said: str, noscript: str, lang: str) -> bytes:
    """The site in ``folder`` as one file. ``said`` is where it is from, for who looks into it, and
    ``noscript`` what it says where scripts are off."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = {path: path.relative_to(folder).as_posix() for path in files}
    media = frozenset(name for name in names.values() if _kind(name).startswith(_MEDIA))
    pages = frozenset(name for name in names.values() if name.endswith(".html"))
    site = _Site(folder, pages, media)
    used: set[str] = set()
    data: dict[str, Any] = {
        "pages": {name: _page(site, name, used) for name in sorted(pages)},
        "theme": _theme(names),
        "scripts": _scripts(folder, names),
    }
    used |= {name for name in media if name.startswith("thumbs/")}
    data["images"] = {name: _data_address(folder / name) for name in sorted(used)}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Within a script "</script" and "<!--" would mean something.
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f"{SEAL.decode()}{__version__}: {escape(said).replace('--', '-')} -->",
            f'<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
            f'content="{_POLICY}">',
            f'<noscript><p lang="{escape(lang)}">{escape(title)}: {escape(noscript)}</p></noscript>',
            f"<script>window.weeknotesPack={text};</script>",
            f"<script>{_SCRIPT.read_text('utf-8')}</script></head></html>",
            "",
        ]
    ).encode("utf-8", "surrogatepass")


def _page(site: _Site, name: str, used: set[str]) -> str:
    """The page ``name`` with its addresses as they are in the file; the media that it shows are added
    to ``used``."""
    tree: HtmlElement = html.document_fromstring((site.folder / name).read_text("utf-8"))
    tree.set("data-root", "#/")
    late = []
    for element in list(tree.iter("meta", "link", "script")):
        address = element.get("src") or element.get("href") or ""
        if element.tag == "meta" and not element.get("http-equiv"):
            continue
        found = _THEME.search(address)
        if found and element.get("defer") is not None:
            late.append(f"{found[1]}.{found[2]}")
        elif found:
            element.addprevious(html.HtmlComment(f"theme:{found[1]}.{found[2]}"))
        element.drop_tree()
    for element in list(tree.iter()):
        if isinstance(element.tag, str):
            _settle(element, site, name, used)
    body = tree.find("body")
    for script in late:
        body.append(html.HtmlComment(f"theme:{script}"))
    return str(html.tostring(tree, encoding="unicode"))


def _settle(element: HtmlElement, site: _Site, name: str, used: set[str]) -> None:
    """Let the addresses of ``element`` lead to where their targets are in the file."""
    element.attrib.pop("srcset", None)
    for attribute in ("href", "src", "poster", "action"):
        address = element.get(attribute)
        if not address or address.startswith("#") or _is_elsewhere(address):
            continue
        path = unquote(address.partition("#")[0].partition("?")[0])
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        if target in site.pages:
            parts = urlsplit(address)
            rest = (f"?{parts.query}" if parts.query else "") + (
                f"#{parts.fragment}" if parts.fragment else ""
            )
            element.set(attribute, f"#/{quote(target)}{rest}")
        elif target in site.media:
            used.add(target)
            element.set(attribute, f"packed:{target}")
        elif element.tag == "a":
            # A file to download, such as a notebook, is not in it.
            del element.attrib[attribute]
        else:
            element.attrib.pop(attribute)


def _is_elsewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    return bool(parts.scheme or parts.netloc)


def _theme(names: Mapping[Path, str]) -> dict[str, str]:
    """The theme's styles and scripts as elements, by their plain names."""
    found = {}
    for path, name in names.items():
        match = _THEME.search(name)
        if match:
            tag = "style" if match[2] == "css" else "script"
            found[f"{match[1]}.{match[2]}"] = f"<{tag}>{path.read_text('utf-8')}</{tag}>"
    return found


def _scripts(folder: Path, names: Mapping[Path, str]) -> dict[str, str]:
    """The site's data that pages load as scripts, the search among them."""
    found = {
        name: path.read_text("utf-8")
        for path, name in names.items()
        if name.endswith(".js") and not name.startswith(("theme/", "search/"))
    }
    return {**found, packed.HREF: packed.packed(folder).decode()}


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or ""


def _data_address(path: Path) -> str:
    return f"data:{_kind(path.name)};base64,{base64.b64encode(path.read_bytes()).decode()}"
