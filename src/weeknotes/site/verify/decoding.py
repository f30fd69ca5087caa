"""The text and the images that a file of the site holds, however they are packed.

Compressed files are opened, data URIs and other base64 decoded, entities, escapes and percent signs
read, and the metadata of images looked at, so that what is searched for is found in each of them.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import html
import io
import lzma
import re
import tarfile
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

#: Bytes that an archive may unpack to; no site of ours comes near it.
LARGEST = 200_000_000
_DEPTH = 4

#: A run of base64 long enough to hold something, and the lines that it goes on in.
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{28,}(?:(?:\\n|\\r|[\r\n])+[A-Za-z0-9+/]{4,})*={0,2}")
_HEX = re.compile(rb"(?:[0-9a-f]{2}){20,}|(?:[0-9A-F]{2}){20,}")
_TAG = re.compile(r"<[^>]*>")
#: As JSON and JavaScript write a character, and as CSS does.
_UNICODE_ESCAPE = re.compile(
    r"\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{4,6}) ?"
)
_SHORT_ESCAPE = re.compile(r"\\[nrtbf/\"'\\]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_WORD = re.compile(r"[^\W_]+")
_STREAM = re.compile(rb"stream\r?\n(.{8,}?)\r?\nendstream", re.S)
_PDF_STRING = re.compile(rb"\(((?:\\.|[^()\\])*)\)", re.S)
_IMAGES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0",
)  # fmt: skip
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
#: Encodings other than UTF-8, tried on what isn't it, up to so many bytes.
_ENCODINGS = ("utf-16-le", "utf-16-be", "cp949", "gb18030", "big5")
_LEGACY = 5_000_000

Content = tuple[str, bytes]
"""What a piece is ("text" or "image"), and its bytes."""


class TooLarge(ValueError):
    """An archive that unpacks to more than LARGEST bytes."""


def contents(data: bytes, depth: int = 0) -> Iterator[Content]:
    """The texts and images in ``data``: itself, and what is packed in it. Raises TooLarge."""
    if depth > _DEPTH:
        raise TooLarge("it is packed too many times over to be searched")
    yield from (piece for inner in _unpacked(data) for piece in contents(inner, depth + 1))
    if is_image(data):
        yield "image", data
        yield from (("text", text.encode()) for text in _image_metadata(data))
    else:
        for inner in _encoded(data):
            yield from contents(inner, depth + 1)
    yield "text", data


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The content of an archive, or of a compressed file."""
    if data[:2] == b"\x1f\x8b":
        yield _opened(gzip.open, data)
    elif data[:3] == b"BZh":
        yield _opened(bz2.open, data)
    elif data[:6] == b"\xfd7zXZ\0":
        yield _opened(lzma.open, data)
    elif data[:5] == b"%PDF-":
        for stream in _STREAM.findall(data):
            if is_image(stream):
                yield stream
            elif inner := _inflate(stream):
                yield inner
                # A page sets a word letter by letter.
                yield b"".join(_PDF_STRING.findall(inner))
    elif data[:2] in _ZLIB:
        yield _inflate(data)
    elif data[257:262] == b"ustar":
        yield from _untar(data)
    # The directory of a zip is at its end, whatever is before.
    if b"PK\x05\x06" in data[-70_000:]:
        yield from _unzip(data)


def is_image(data: bytes) -> bool:
    """Whether ``data`` begins as a raster image does."""
    return data.startswith(_IMAGES) or data[4:12] in (b"ftypavif", b"ftypheic", b"ftypmif1")


def streams(data: bytes) -> Iterator[str]:
    """The words of ``data`` read as text, and those in its tags, both folded: in UTF-8, and in what
    else it could be written in."""
    for text in dict.fromkeys(_decoded(data)):
        text = _unescaped(text)
        yield fold(_TAG.sub(" ", text))
        if "<" in text:
            yield fold(" ".join(_TAG.findall(text)))


def fold(text: str) -> str:
    """The words of ``text``, of letters and digits alone, in one form (NFKC, lower case), with a space
    between them."""
    text = _INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_WORD.findall(text.casefold()))


def _decoded(data: bytes) -> Iterator[str]:
    try:
        yield data.decode("utf-8")
        if b"\0" not in data:
            return
    except UnicodeDecodeError:
        yield data.decode("utf-8", "replace")
    # UTF-16 of Latin letters, wherever in the file it begins.
    yield data.replace(b"\0", b"").decode("utf-8", "replace")
    if len(data) > _LEGACY or is_image(data):
        return
    for encoding in _ENCODINGS:
        yield data.decode(encoding, "ignore")
        if encoding.startswith("utf-16"):
            yield data[1:].decode(encoding, "ignore")


def _unescaped(text: str) -> str:
    if "\\" in text:
        text = _UNICODE_ESCAPE.sub(_character, text)
        text = _SURROGATES.sub(_pair, text)
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
    code = int(next(filter(None, match.groups())), 16)
    return chr(code) if code < 0x110000 else " "


def _pair(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _encoded(data: bytes) -> Iterator[bytes]:
    """The content of ``data`` that is written as base64, or in hexadecimal digits."""
    for match in _BASE64.finditer(data):
        text = re.sub(rb"\\[nr]|\s", b"", match[0])
        try:
            inner = base64.b64decode(text[: len(text) // 4 * 4], validate=True)
        except (ValueError, binascii.Error):
            continue
        if is_image(inner) or inner[:2] in (b"\x1f\x8b", b"PK", *_ZLIB) or _is_text(inner):
            yield inner
    for match in _HEX.finditer(data):
        inner = bytes.fromhex(match[0].decode())
        if _is_text(inner):
            yield inner


def _is_text(data: bytes) -> bool:
    try:
        text = data.replace(b"\0", b"").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.isprintable() or "\n" in text


def _opened(opening: Callable[..., Any], data: bytes) -> bytes:
    try:
        with opening(io.BytesIO(data)) as stream:
            found: bytes = stream.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        return b""
    return _checked(found)


def _untar(data: bytes) -> Iterator[bytes]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                yield member.name.encode("utf-8", "replace")
                if stream := archive.extractfile(member):
                    yield _checked(stream.read(LARGEST + 1))
    except (tarfile.TarError, OSError, KeyError):
        return


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
    """The texts in an image's metadata: PNG's text chunks, EXIF, XMP, comments."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()  # What a PNG says may be behind its picture.
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
