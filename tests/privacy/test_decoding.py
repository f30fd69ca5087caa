"""What is private is found however a file packs it."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tests.privacy.conftest import CHINESE, KOREAN, TEXT, encoded, picture, secretive

from weeknotes.engines import sources
from weeknotes.journal import project as projects
from weeknotes.privacy.private_items import PrivateItem, split
from weeknotes.scaffold import init
from weeknotes.site.verify.leaks import Searcher, words_in
from weeknotes.site.verify.memory import VerifyStore

SOME = TEXT[4:40]
DATA = TEXT.encode()
SEARCH = Callable[[bytes], list[str]]


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> SEARCH:
    """Says what it finds of a journal's private parts in a file of these bytes."""
    folder = tmp_path_factory.mktemp("packed") / "journal"
    init(folder, title="Reading log", author="Kim Minji", lang="en")
    made = secretive.__wrapped__(projects.find(folder))  # type: ignore[attr-defined]
    journal = made.for_a_build()
    found = split(journal, sources.find_all(journal))
    searcher = Searcher(journal, found, VerifyStore(None))
    secrets: tuple[PrivateItem, ...] = found.secrets

    def search(data: bytes) -> list[str]:
        said = words_in("x.bin", data)
        return [leak.what for leak in searcher.search("x.bin", said, lambda: data, secrets).leaks]

    return search


def zipped(data: bytes, name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def tarred(data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("a.bin")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def database(folder: Path, encoding: str) -> bytes:
    path = folder / f"{encoding}.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(f"pragma encoding = '{encoding}'")
        connection.execute("create table notes (text)")
        connection.execute("insert into notes values (?)", (TEXT,))
    connection.close()
    return path.read_bytes()


def packed_again(data: bytes, times: int) -> bytes:
    return packed_again(gzip.compress(data), times - 1) if times else data


def pdf(content: bytes) -> bytes:
    return b"%PDF-1.7\nstream\n" + zlib.compress(content) + b"\nendstream\n"


SMALL = encoded(picture(2).resize((160, 100)))
PACKED: dict[str, bytes] = {
    "bz2": bz2.compress(DATA),
    "xz": lzma.compress(DATA),
    "tar": tarred(DATA),
    "a gzip in a tar": gzip.compress(tarred(gzip.compress(DATA))),
    "a zip in a zip": zipped(zipped(DATA, "a.txt"), "b.zip"),
    "a zip behind a picture": encoded(picture(77)) + zipped(DATA, "a.txt"),
    "a word processor's file": zipped("".join(f"<t>{c}</t>" for c in SOME).encode(), "x.xml"),
    "a PDF, letter by letter": pdf(b"[" + b"-20".join(f"({c})".encode() for c in SOME) + b"] TJ"),
    "a PDF, in digits": pdf(b"<" + SOME.encode().hex().encode() + b"> Tj"),
    "a picture in a PDF": encoded(picture(2), "PDF"),
    "a picture in a tar": tarred(SMALL),
    "an icon": encoded(picture(2), "ICO", sizes=[(128, 80)]),
    "text behind zeros": bytes(300) + DATA,
    "UTF-16 in the middle": b"<p>abc</p>" + TEXT.encode("utf-16-le"),
    "Korean in UTF-16": b"x" + KOREAN.encode("utf-16-be"),
    "UTF-32": TEXT.encode("utf-32"),
    "Korean in its old encoding": KOREAN.encode("cp949"),
    "Chinese in its old encoding": CHINESE.encode("gb18030"),
    "short base64": json.dumps({"a": base64.b64encode(SOME[:24].encode()).decode()}).encode(),
    "Korean in base64": base64.b64encode(KOREAN[:12].encode()),
    "zlib in base64": base64.b64encode(zlib.compress(DATA)),
    "UTF-16 in base64": base64.b64encode(TEXT.encode("utf-16-le")),
    "digits": DATA.hex().encode(),
    "JavaScript's escapes": "".join(f"\\u{{{ord(c):x}}}" for c in SOME).encode(),
    "escapes of CSS": "".join(f"\\{ord(c):x}" if c > "~" else c for c in KOREAN).encode(),
    "JSON in JSON in JSON": json.dumps(json.dumps(json.dumps(KOREAN))).encode(),
    "a comment with an arrow": f"<!-- a > b {SOME} -->".encode(),
    "less and greater": f"a < b {SOME} c > d".encode(),
    "letters of a drawing": "".join(f"<tspan>{c}</tspan>" for c in SOME).encode(),
}  # fmt: skip


@pytest.mark.parametrize("data", PACKED.values(), ids=list(PACKED))
def test_it_is_found(search: SEARCH, data: bytes) -> None:
    assert search(data)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_it_is_found_in_a_database(search: SEARCH, tmp_path: Path, encoding: str) -> None:
    assert search(database(tmp_path, encoding))


def test_what_is_packed_too_often_to_be_searched_is_no_site(search: SEARCH) -> None:
    assert "text" in search(packed_again(DATA, 3))
    (what,) = search(packed_again(b"nothing", 8))
    assert "too many times" in what


def test_a_picture_that_its_camera_has_turned(search: SEARCH) -> None:
    """A small version of such a picture is turned as it is shown."""
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = encoded(picture(2).rotate(90, expand=True), "JPEG", exif=exif, quality=90)
    assert search(lying) == ["an image"]
    assert not search(encoded(picture(50).rotate(90, expand=True), "JPEG", exif=exif))


@pytest.mark.parametrize(
    "data", [b"", b"BZh", b"\xfd7zXZ\0", bytes(257) + b"ustar" + bytes(400), b"PK\x05\x06" * 9,
             b"\x78\x9c" + bytes(80), b"%PDF-1.7\nstream\nxxxxxxxxxx\nendstream",
             bytes(range(256)) * 40, b"\0\0\1\0" + bytes(60), b"\\u{ffffff}" * 9, b"deadbeef" * 40],
)  # fmt: skip
def test_what_is_broken_holds_nothing(search: SEARCH, data: bytes) -> None:
    assert search(data) == []
