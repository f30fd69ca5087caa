"""The local files that a page shows or links to: where each is, and which of them the site publishes.

A frame that shows a file of the journal is one of them. Of an HTML file in a frame the scripts would
run, so that a page only links to it unless the journal's owner allows interactive figures.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from weeknotes.engines import frames
from weeknotes.engines.normalise import Element, new
from weeknotes.engines.sources import SUFFIXES, page_href
from weeknotes.text.html_elements import MEDIA_ADDRESSES

_LINK_ATTRIBUTES = {**MEDIA_ADDRESSES, "a": ("href",)}
_MEDIA = MEDIA_ADDRESSES.keys() - {"track"}
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp")


@dataclass
class Files:
    """Looks up the local files that a page refers to.

    `page` is the page's source and `root` the project; `extra` are files that are elsewhere, by
    their address from the page. Collects `assets` as `Page` wants them, and the absolute paths of the
    files that are `missing`. With `pages_only`, every `.html` is taken for a page of the site. `stray`
    tells of files that are there by a link to elsewhere, where `root` is not the project itself.
    `made` is the folder with the documents of frames, None where interactive figures are not allowed,
    and `home` the project's folder.
    """

    root: Path
    source: str
    href: str
    extra: Mapping[str, Path]
    warn: Callable[[str, str, str], None]
    assets: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    pages_only: bool = False
    stray: Callable[[str], bool] = lambda name: False
    made: Path | None = None
    home: Path | None = None

    def collect(self, body: Element) -> None:
        """Find every local file in `body`, and make links to other sources links to their pages."""
        self._frames(body)
        for element in body.iter(*_LINK_ATTRIBUTES):
            for name in _LINK_ATTRIBUTES[element.tag]:
                value = element.get(name)
                if value and not value.startswith("#"):
                    new_value = self._link(value.strip(), element.tag in _MEDIA)
                    if new_value != value:
                        element.set(name, new_value)

    def _frames(self, body: Element) -> None:
        for element in list(body.iter("embed", "object")):
            _as_frame(element)
        for frame in list(body.iter("iframe")):
            address = (frame.get("src") or "").strip()
            needed = frames.files_of(self.made, address) if self.made else {}
            for name, path in needed.items():
                self.assets[self._site_path(name)] = str(path)
            if not needed:
                self._author_frame(frame, address)

    def _author_frame(self, frame: Element, address: str) -> None:
        """A frame that the author wrote, or a library for a file that it has saved."""
        if not address or re.match(r"(?:data|about|javascript|blob):", address, re.I):
            message = "a frame with a page of its own in it is not shown"
            self.warn(message, "<iframe", "page-warning")
            _put(frame, None, frame.get("title") or "")
            return
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            return
        path = unquote(parts.path)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.source), path))
        found = self._find(posixpath.normpath(path), target, True)
        if found is None and self.home and (self.home / target).is_file():
            found = self.home / target
        if found is None or not found.is_file():
            self.warn(f"{path} does not exist", path, "image-missing")
            self.missing.append(str((self.home or self.root) / target))
            _put(frame, None, path)
            return
        self.assets[self._site_path(path)] = str(found)
        if found.suffix.lower() not in (".html", ".htm", ".xhtml", ".svg"):
            return
        if self.made:
            frame.set("sandbox", "allow-scripts")
        else:
            _put(frame, address, frame.get("title") or path)

    def _site_path(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.href), path))

    def _link(self, address: str, shown: bool) -> str:
        """The address to put into the page instead of `address`."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        if parts.scheme or parts.netloc or not parts.path:
            return address
        written, path = parts.path, unquote(parts.path)
        folder = posixpath.dirname(self.source)
        if path.startswith("/"):
            target = posixpath.normpath(path.lstrip("/"))
            path = posixpath.relpath(target, folder or ".")
            address = address.replace(written, quote(path), 1)
            written = quote(path)
        else:
            target = posixpath.normpath(posixpath.join(folder, path))
        if target.endswith(".html") and not shown:
            # Another page, or a file that is there or not whatever we do.
            relative = posixpath.relpath(target, folder or ".")
            address = address.replace(written, quote(relative), 1)
            if self.pages_only:
                return address
        found = self._find(posixpath.normpath(path), target, shown)
        if found is None:
            if shown:
                self.warn(f"{path} does not exist", unquote(parts.path), "image-missing")
                self.missing.append(str(self.root / target))
            return address
        if found.is_file() and found.suffix in SUFFIXES and not shown:
            return self._page_link(address, written)
        if not found.is_file():
            return address
        self.assets[self._site_path(path)] = str(found)
        return address

    def _page_link(self, address: str, path: str) -> str:
        return address.replace(path, page_href(path), 1)

    def _find(self, path: str, target: str, shown: bool) -> Path | None:
        """The file or folder at `target`, only if it is within the project."""
        rule = "image-outside" if shown else "link-missing"
        if path in self.extra:
            return self.extra[path]
        if target.startswith(".."):
            self.warn(f"{path} is outside of the project and is not published", path, rule)
            return None
        found = self.root / target
        if not found.exists():
            return None
        if not found.resolve().is_relative_to(self.root.resolve()) or self.stray(target):
            self.warn(f"{path} leads out of the project and is not published", path, rule)
            return None
        return found


def _as_frame(element: Element) -> None:
    """An `embed` or `object` as the image or the frame that shows the same; only its content where it
    names nothing."""
    address = element.get("src") or element.get("data")
    if not address:
        element.drop_tag()
        return
    picture = urlsplit(address).path.lower().endswith(_PICTURES)
    made = new("img" if picture else "iframe", src=address)
    for name in ("width", "height", "title"):
        if element.get(name):
            made.set(name, element.get(name))
    _replace(element, made)


def _put(frame: Element, address: str | None, words: str) -> None:
    """Put a link, or the words alone, in the place of a frame."""
    made = new("span", class_="missing-figure") if address is None else new("a", href=address)
    made.text = words
    _replace(frame, made)


def _replace(old: Element, made: Element) -> None:
    made.tail = old.tail
    old.getparent().replace(old, made)
    old.tail = None
