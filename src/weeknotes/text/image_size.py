"""The size of an image from the first bytes of its file, so that a page keeps its place free."""

from __future__ import annotations

import re
import struct
from pathlib import Path

_HEAD = 65536
_SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.S)
_SVG_ATTRIBUTE = re.compile(rb"""\b(width|height|viewBox)\s*=\s*["']([^"']*)["']""")
_LENGTH = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)\s*(px|pt|pc|in|cm|mm|)\s*$", re.I)
# CSS Values and Units Level 4, section 6.2, "Absolute Lengths".
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
}
# JPEG's start-of-frame markers (ITU-T T.81, table B.1), which carry the size.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def image_size(path: Path) -> tuple[int, int] | None:
    """Width and height in CSS pixels of the PNG, JPEG, GIF, WebP or SVG image at ``path``.

    None where the file can't be read or doesn't say.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return None
    return size_in(head)


def size_in(head: bytes) -> tuple[int, int] | None:
    """The same of an image of which ``head`` is the beginning."""
    try:
        size = _size_of(head)
    except (struct.error, IndexError, ValueError):
        return None
    return size if size and min(size) > 0 else None


def _size_of(head: bytes) -> tuple[int, int] | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(">II", head, 16)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", head, 6)
    if head.startswith(b"\xff\xd8"):
        return _jpeg(head)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(head)
    return _svg(head)


def _pair(form: str, head: bytes, offset: int) -> tuple[int, int]:
    first, second = struct.unpack_from(form, head, offset)
    return int(first), int(second)


def _jpeg(head: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 < len(head):
        if head[position] != 0xFF:
            return None
        marker = head[position + 1]
        if marker in _JPEG_FRAMES:
            height, width = _pair(">HH", head, position + 5)
            return width, height
        position += 2 + struct.unpack_from(">H", head, position + 2)[0]
    return None


def _webp(head: bytes) -> tuple[int, int] | None:
    """The three forms of the WebP container specification: lossy, lossless, extended."""
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = _pair("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", head, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        return width, int.from_bytes(head[27:30], "little") + 1
    return None


def _svg(head: bytes) -> tuple[int, int] | None:
    tag = _SVG_TAG.search(head)
    if tag is None:
        return None
    found = {name.decode(): value.decode() for name, value in _SVG_ATTRIBUTE.findall(tag[0])}
    box = re.split(r"[\s,]+", found.get("viewBox", "").strip())
    width, height = _pixels(found.get("width", "")), _pixels(found.get("height", ""))
    if (not width or not height) and len(box) == 4:
        across, down = float(box[2]), float(box[3])
        if width:
            height = width * down / across
        elif height:
            width = height * across / down
        else:
            width, height = across, down
    return (round(width), round(height)) if width and height else None


def _pixels(length: str) -> float:
    """A CSS length in pixels; 0 where it is relative to something else."""
    match = _LENGTH.match(length)
    return float(match[1]) * _PIXELS[match[2].lower()] if match else 0.0
