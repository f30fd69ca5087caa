"""Pictures of a source: finding each, and giving it a place and a safe name under assets/images."""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import itertools
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote, urlsplit

from weeknotes.importers.markdown.clean_html import is_hostile
from weeknotes.importers.markdown.inline import Image
from weeknotes.importers.source_files import SourcePlace

LARGEST = 50_000_000
"""Bytes. A larger picture stays where it is."""

PLACEHOLDER = "assets/images/missing-picture.svg"
PLACEHOLDER_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120" width="320" height="120" role="img">
<title>Picture not found</title>
<rect x="1" y="1" width="318" height="118" rx="8" fill="none" stroke="#888" stroke-dasharray="6 5"/>
<path d="M130 78l22-26 16 17 10-11 22 20z" fill="none" stroke="#888" stroke-width="2"/>
<circle cx="184" cy="46" r="6" fill="none" stroke="#888" stroke-width="2"/>
</svg>
"""

_KINDS = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"\x1a\x45\xdf\xa3", ".webm"),
)
_SVG = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<svg\b",
    re.S,
)
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|svg\+xml);base64,([A-Za-z0-9+/=\s]+)", re.I)
_WINDOWS = re.compile(r"^[A-Za-z]:[\\/]|^\\\\|^file:", re.I)


@dataclass
class Assets:
    """The pictures that an import takes along.

    ``files`` are those to be written, by their path from the project's root, and ``counts`` what
    became of all that were met. A picture is kept once, however often and under whatever names it is
    met, here or in earlier imports.
    """

    root: Path
    folder: Path | None = None
    download: Callable[[str], bytes | None] | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(
        default_factory=lambda: {"copied": 0, "known": 0, "missing": 0, "remote": 0}
    )
    _by_content: dict[str, str] = field(default_factory=dict)
    _sizes: dict[int, list[Path]] | None = None
    _asked: dict[str, bytes | None] = field(default_factory=dict)
    _names: dict[Path, dict[str, list[Path]]] = field(default_factory=dict)

    def keep(self, data: bytes, name: str, where: str) -> str | None:
        """The path of the picture ``data``, from the project's root: ``assets/images/<where>/<name>``
        made safe, or where the same picture is already. None if it is no picture."""
        suffix = _suffix(data)
        if suffix is None:
            return None
        if suffix == ".svg" and (data := _clean_svg(data)) == b"":
            return None
        digest = hashlib.sha256(data).hexdigest()
        if path := self._by_content.get(digest) or self._there(data):
            self._by_content[digest] = path
            self.counts["known"] += 1
            return path
        path = f"assets/images/{where}/{safe_name(name, digest)}{suffix}"
        number = 1
        while path in self.files or (self.root / path).exists():
            number += 1
            path = f"assets/images/{where}/{safe_name(name, digest)}-{number}{suffix}"
        self.files[path] = data
        self._by_content[digest] = path
        self.counts["copied"] += 1
        return path

    def placeholder(self) -> str:
        """The path of the picture that stands for one that is not there."""
        if not (self.root / PLACEHOLDER).exists():
            self.files[PLACEHOLDER] = PLACEHOLDER_SVG.encode()
        return PLACEHOLDER

    def fetch(self, address: str) -> bytes | None:
        """The remote picture at ``address``, asked for once; None without ``download``."""
        if self.download is None:
            return None
        if address not in self._asked:
            self._asked[address] = self.download(address)
        return self._asked[address]

    def named(self, root: Path) -> dict[str, list[Path]]:
        """The files under ``root`` by their names in small letters, hidden ones left out."""
        if root not in self._names:
            found: dict[str, list[Path]] = {}
            for parent, folders, names in os.walk(root):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in names:
                    found.setdefault(name.lower(), []).append(Path(parent) / name)
            self._names[root] = found
        return self._names[root]

    def _there(self, data: bytes) -> str | None:
        """The path of a file below assets/images that has the same bytes; None if there is none."""
        if self._sizes is None:
            self._sizes = {}
            for path in sorted((self.root / "assets" / "images").rglob("[!.]*")):
                if path.is_file() and not path.is_symlink():
                    self._sizes.setdefault(path.stat().st_size, []).append(path)
        for path in self._sizes.get(len(data), ()):
            if path.read_bytes() == data:
                return path.relative_to(self.root).as_posix()
        return None


@dataclass
class Pictures:
    """The pictures of one page: ``place`` is its source, ``where`` the folder under assets/images,
    and ``up`` the way from the notebook to the project's root. ``missing`` is called for each picture
    that is not there. ``changed`` collects what was written for what, for the proof."""

    assets: Assets
    place: SourcePlace
    where: str
    up: str
    missing: Callable[[int, str], None]
    report: Callable[[int, str], None]
    changed: list[tuple[str, str]] = field(default_factory=list)

    def embedded(self, name: str, line: int) -> Image:
        """The image to write for a picture that a text embeds by its name alone. The picture may be
        anywhere in the source's folder."""
        return self.image(name, line, anywhere=True)

    def image(self, address: str, line: int, *, anywhere: bool = False) -> Image:
        """The image to write for the picture at ``address``. With ``anywhere``, the whole folder of
        the source is searched for a file of that name."""
        remote = re.match(r"(?:https?:)?//", address, re.I)
        if remote:
            return self._remote(address)
        if embedded := _DATA.fullmatch(address):
            data = _decoded(embedded[1])
            name = "embedded"
        elif is_hostile(address) or address.lower().startswith("data:"):
            self.report(line, f"address {address[:40]} of an image")
            image = self._gone(address[:40])
            # The proof reads no address that was taken out, so it is not to read it as a title either.
            quoted = html.escape(image.title or "")
            self.changed += [(f' "{image.title}"', ""), (f' title="{quoted}"', "")]
            return image
        else:
            data = self._read(address) or (self._anywhere(address) if anywhere else None)
            name = PureWindowsPath(unquote(urlsplit(address).path)).stem
        path = self.assets.keep(data, name, self.where) if data else None
        if path is None:
            self.assets.counts["missing"] += 1
            self.missing(line, address)
            return self._gone(address)
        self.changed.append((self.up + path, address))
        return Image(self.up + path)

    def _remote(self, address: str) -> Image:
        data = self.assets.fetch(address)
        name = Path(unquote(urlsplit(address).path)).stem or "image"
        path = self.assets.keep(data, name, self.where) if data else None
        if path is None:
            self.assets.counts["remote"] += 1
            return Image(address)
        self.changed.append((self.up + path, address))
        return Image(self.up + path)

    def _gone(self, address: str) -> Image:
        made = self.up + self.assets.placeholder()
        self.changed.append((made, ""))
        return Image(made, title=address)

    def _anywhere(self, address: str) -> bytes | None:
        name = unquote(address).replace("\\", "/").rsplit("/", 1)[-1].lower()
        found = self.assets.named(self.place.root).get(name, [])
        # Of several, the nearest: the one that has most of the way in common with the source.
        own = self.place.path.parts
        near = sorted(found, key=lambda path: (-_in_common(path.parts, own), len(path.parts)))
        return next((data for path in near if (data := _read_within(path, self.place.root))), None)

    def _read(self, address: str) -> bytes | None:
        """The bytes of a local picture: relative to its source, from the repository's root, or in
        the folder of ``--images``; never from a path of another machine, never from outside."""
        if _WINDOWS.match(address) or "\x00" in address:
            names = [PureWindowsPath(unquote(address)).name]
            bases: list[tuple[Path, Path]] = []
        else:
            plain = unquote(re.sub(r"[?#].*$", "", address)).replace("\\", "/")
            names = [plain.lstrip("/"), plain.rsplit("/", 1)[-1]]
            own = self.place.path.parent
            bases = [(self.place.root if plain.startswith("/") else own, self.place.root)]
            bases += [(folder, self.place.root) for folder in _upwards(own, self.place.root)]
        for base, within in bases:
            if data := _read_within(base / names[0], within):
                return data
        if self.assets.folder:
            for name in names:
                if data := _read_within(self.assets.folder / name, self.assets.folder):
                    return data
        return None


def safe_name(name: str, digest: str) -> str:
    """``name`` in small ASCII letters, digits and hyphens; made from ``digest`` where nothing of it
    can be, as in a Chinese name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    letters = sum(char.isalnum() for char in name)
    if len(slug) < 2 or len(slug) * 2 < letters:
        slug = f"{slug}-{digest[:8]}" if slug else f"image-{digest[:8]}"
    return slug


def _upwards(folder: Path, root: Path) -> list[Path]:
    """The folders from the one above ``folder`` up to ``root``."""
    if not folder.is_relative_to(root) or folder == root:
        return []
    found = []
    for parent in folder.parents:
        found.append(parent)
        if parent == root:
            break
    return found


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(
        1 for _ in itertools.takewhile(lambda p: p[0] == p[1], zip(one, other, strict=False))
    )


def _read_within(path: Path, root: Path) -> bytes | None:
    """The bytes of the file at ``path`` if it is in ``root``, links followed; else None."""
    try:
        real = path.resolve()
        if not real.is_relative_to(root.resolve()) or not real.is_file():
            return None
        return real.read_bytes() if real.stat().st_size < LARGEST else None
    except (OSError, ValueError, RuntimeError):
        return None


def _suffix(data: bytes) -> str | None:
    """The suffix of the kind of picture or video that ``data`` really is; None for anything else."""
    for start, suffix in _KINDS:
        if data.startswith(start):
            return suffix
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand in (b"avif", b"avis"):
            return ".avif"
        return ".mov" if brand == b"qt  " else ".mp4"
    return ".svg" if _SVG.match(data[:4096]) else None


def _clean_svg(data: bytes) -> bytes:
    """An SVG picture without what could run in it; empty if it cannot be read."""
    if not re.search(
        rb"<script|\bon\w+\s*=|javascript:|foreignObject|<!ENTITY|@import", data, re.I
    ):
        return data
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return b""
    for element in list(root.iter()):
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name in ("script", "foreignObject", "handler", "iframe", "style") or not name:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for attribute, value in list(element.attrib.items()):
            local = etree.QName(str(attribute)).localname.lower()
            if local.startswith("on") or (local == "href" and not str(value).startswith("#")):
                del element.attrib[attribute]
    return bytes(etree.tostring(root))


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def download(address: str) -> bytes | None:
    """The picture at ``address``, up to LARGEST bytes; None where it cannot be had."""
    import urllib.request

    url = f"https:{address}" if address.startswith("//") else address
    if urlsplit(url).scheme not in ("http", "https"):
        return None
    request = urllib.request.Request(url, headers={"User-Agent": "weeknotes"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            data: bytes = answer.read(LARGEST)
            return data if len(data) < LARGEST else None
    except (OSError, ValueError):
        return None
