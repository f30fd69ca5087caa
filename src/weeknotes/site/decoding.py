"""The text and the images that a file of the site holds, however they are packed.

Compressed files are opened, data URIs and other base64 decoded, entities, escapes and percent signs
read, and the metadata of images looked at, so that what is searched for is found in each of them.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator

#: Bytes that an archive may unpack to; no site of ours comes near it.
LARGEST = 200_000_000
_DEPTH = 4

#: A run of base64 long enough to hold something, and the lines that it goes on in.
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}(?:(?:\\n|\\r|[\r\n])+[A-Za-z0-9+/]{4,})*={0,2}")
_TAG = re.compile(r"<[^>]*>")
_UNICODE_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})")
_SHORT_ESCAPE = re.compile(r"\\[nrtbf/\"'\\]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_WORD = re.compile(r"[^\W_]+")
_INFLATED = re.compile(rb"stream\r?\n(.{8,}?)\r?\nendstream", re.S)
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")

Content = tuple[str, bytes]
"""What a piece is ("text" or "image"), and its bytes."""


class TooLarge(ValueError):
    """An archive that unpacks to more than LARGEST bytes."""


def contents(data: bytes, depth: int = 0) -> Iterator[Content]:
    """The texts and images in ``data``: itself, and what is packed in it. Raises TooLarge."""
    if depth > _DEPTH:
        return
    if data[:2] == b"\x1f\x8b":
        yield from contents(_gunzip(data), depth + 1)
    elif data[:4] == b"PK\x03\x04":
        for piece in _unzip(data):
            yield from contents(piece, depth + 1)
    elif is_image(data):
        yield "image", data
        yield from (("text", text.encode()) for text in _image_metadata(data))
    else:
        if data[:5] == b"%PDF-":
            for stream in _INFLATED.findall(data):
                yield from contents(_inflate(stream), depth + 1)
        elif data[:1] == b"\x78":
            yield from contents(_inflate(data), depth + 1)
        yield from _encoded(data, depth)
    yield "text", data


def is_image(data: bytes) -> bool:
    """Whether ``data`` begins as a raster image does."""
    return data.startswith(_IMAGES) or data[4:12] in (b"ftypavif", b"ftypheic", b"ftypmif1")


def streams(data: bytes) -> tuple[str, str]:
    """The words of ``data`` read as text, and those in its tags, both folded."""
    text = _decoded(data)
    tags = " ".join(_TAG.findall(text)) if "<" in text else ""
    return fold(_TAG.sub(" ", text)), fold(tags)


def fold(text: str) -> str:
    """The words of ``text``, of letters and digits alone, in one form (NFKC, lower case), with a space
    between them."""
    text = _INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_WORD.findall(text.casefold()))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    elif data[:400].count(0) > 100:
        text = data.decode("utf-16-le" if not data[1] else "utf-16-be", "replace")
    else:
        text = data.decode("utf-8", "replace")
    if "\\u" in text or "\\x" in text:
        text = _UNICODE_ESCAPE.sub(_character, text)
        text = _SURROGATES.sub(_pair, text)
    if "\\" in text:
        text = _SHORT_ESCAPE.sub(" ", text)
    if "%" in text:
        text = urllib.parse.unquote(text)
    while "&" in text:
        # Twice, for what stands escaped in an XML feed.
        before, text = text, html.unescape(text)
        if text == before:
            break
    return text


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else " "


def _pair(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _encoded(data: bytes, depth: int) -> Iterator[Content]:
    """What stands in ``data`` as base64."""
    for match in _BASE64.finditer(data):
        text = re.sub(rb"\\[nr]|\s", b"", match[0])
        try:
            inner = base64.b64decode(text[: len(text) // 4 * 4], validate=True)
        except (ValueError, binascii.Error):
            continue
        if is_image(inner) or inner[:2] in (b"\x1f\x8b", b"PK") or _is_text(inner):
            yield from contents(inner, depth + 1)


def _is_text(data: bytes) -> bool:
    try:
        return data.decode("utf-8").isprintable() or b"\n" in data
    except UnicodeDecodeError:
        return False


def _gunzip(data: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            found = stream.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        return b""
    return _checked(found)


def _unzip(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield "\n".join(archive.namelist()).encode()
            for member in archive.infolist():
                with archive.open(member) as stream:
                    yield _checked(stream.read(LARGEST + 1))
    except (zipfile.BadZipFile, RuntimeError, OSError, zlib.error, NotImplementedError):
        return


def _inflate(data: bytes) -> bytes:
    try:
        return _checked(zlib.decompressobj().decompress(data, LARGEST + 1))
    except zlib.error:
        return b""


def _checked(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise TooLarge("an archive holds more than can be searched")
    return data


def _image_metadata(data: bytes) -> Iterator[str]:
    """What an image says in words: PNG's text chunks, EXIF, XMP, comments."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            values = [*image.info.items(), *image.getexif().items()]
            exif = image.getexif()
            for directory in (0x8769, 0x8825, 0xA005):
                values += exif.get_ifd(directory).items()
    except Exception:  # Pillow raises whatever its decoders do; a broken image says nothing.
        return
    for key, value in values:
        if isinstance(value, bytes):
            yield from (
                value.decode(code, "ignore") for code in ("utf-8", "utf-16-le", "utf-16-be")
            )
        elif isinstance(value, str):
            yield f"{key} {value}"
