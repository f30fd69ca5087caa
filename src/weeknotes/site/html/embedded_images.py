"""Images that are in a page itself, as ``data:`` addresses: what a library that draws into HTML
leaves there, or an author who pastes.

Such an address is as long as its image, so that the image is known by a name instead: its digest and
its size. Drawings (SVG) are left alone, since a file of their own could run scripts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from weeknotes.text.image_size import size_in

_ADDRESS = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s]+)", re.I)
_NAME = re.compile(r"embedded:([0-9a-f]{16}):(\d+)x(\d+)")
#: A smaller image, in pixels either way, is an icon.
_SMALLEST = 48


@dataclass(frozen=True)
class Embedded:
    """The name of an image that is in a page: the digest of its bytes, and its size in pixels."""

    digest: str
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    def __str__(self) -> str:
        return f"embedded:{self.digest}:{self.width}x{self.height}"


def name_of(address: str) -> Embedded | None:
    """The name of the image at the ``data:`` address; None for what is no image, or but an icon."""
    data = _data(address)
    size = size_in(data) if data else None
    if not data or size is None or min(size) < _SMALLEST:
        return None
    return Embedded(_digest(data), *size)


def read_name(text: str) -> Embedded | None:
    """The name that ``text`` is; None where it is an address."""
    found = _NAME.fullmatch(text)
    return Embedded(found[1], int(found[2]), int(found[3])) if found else None


def find(body: str, name: Embedded) -> bytes:
    """The image called ``name`` in the page whose HTML is ``body``. Raises LookupError where it
    isn't there."""
    for match in _ADDRESS.finditer(body):
        data = _data(match[0])
        if data and _digest(data) == name.digest:
            return data
    raise LookupError(str(name))


def _data(address: str) -> bytes | None:
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        return None
    try:
        return base64.b64decode("".join(found[1].split()), validate=True)
    except binascii.Error:
        return None


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
