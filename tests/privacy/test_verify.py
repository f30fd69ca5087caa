"""The search of a site for what is private: leaks planted in every place, and no false alarm."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import os
import random
import shutil
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from tests.privacy.conftest import CHINESE, KOREAN, MARK, TEXT, cell, encoded, front, picture, write

from weeknotes.journal import project as projects
from weeknotes.privacy.private_items import PrivateItem
from weeknotes.site import build
from weeknotes.site.verify import LeakError, find_leaks, patterns, refuse_leaks
from weeknotes.site.verify.decoding import fold
from weeknotes.site.verify.patterns import Needles

SOME = TEXT[4:40]


@pytest.fixture
def site(secretive: projects.Project) -> Path:
    """The journal's site, as it is built."""
    build.render(secretive, engine="builtin")
    return secretive.output_dir


def everything(folder: Path) -> str:
    return "\n".join(
        f"{path.relative_to(folder)}\n{path.read_bytes().decode('utf-8', 'replace')}"
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_a_built_site_holds_nothing_private(secretive: projects.Project, site: Path) -> None:
    found = everything(site)
    assert "It says what all may read here" in found
    assert "A shared public remark" in found
    assert "An open paper on diffusion" in found
    assert "a public task" in found
    for private in (MARK, KOREAN[:12], CHINESE[:8], "secret2021", "xyzzy"):
        assert private.casefold() not in found.casefold()
    names = {path.name for path in site.rglob("*")}
    assert not {"2026-W45.html", f"{MARK}.html"} & names
    assert "public.png" in names
    assert find_leaks(secretive, site) == []


def put(name: str, data: bytes | str) -> Callable[[Path], None]:
    def plant(site: Path) -> None:
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())

    return plant


def into(name: str, old: str, new: str) -> Callable[[Path], None]:
    def plant(site: Path) -> None:
        text = (site / name).read_text("utf-8")
        assert old in text
        (site / name).unlink()  # It is the same file as that of the site that all copies are of.
        (site / name).write_text(text.replace(old, new, 1), "utf-8")

    return plant


def zipped(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.json", text)
    return stream.getvalue()


def png_with(chunk: str, text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    if chunk == "zTXt":
        info.add_text("Comment", text, zip=True)
    elif chunk == "iTXt":
        info.add_itxt("Comment", text)
    else:
        info.add_text("Comment", text)
    return encoded(picture(77), pnginfo=info)


def jpeg_with_exif(tag: int, text: str | bytes) -> bytes:
    exif = Image.Exif()
    exif[tag] = text
    return encoded(picture(78), "JPEG", exif=exif)


def secret_picture(number: int = 2) -> Image.Image:
    return picture(number)


def data_uri(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


PAGE = "journal/2026/2026-W46.html"
ENTITIES = "".join(f"&#{ord(c)};" for c in SOME)
ESCAPES = json.dumps(KOREAN)
NOTEBOOK = json.dumps({"cells": [{"cell_type": "markdown", "source": [TEXT[:30], TEXT[30:]]}]})
LEAKS: dict[str, Callable[[Path], None]] = {
    "text of a page": into(PAGE, "It says", f"{SOME} It says"),
    "text in markup": into(PAGE, "It says", f"<b>{SOME[:9]}</b><i>{SOME[9:]}</i> It says"),
    "entities": into(PAGE, "It says", ENTITIES),
    "Korean": put("x.html", f"<p>{KOREAN[5:20]}</p>"),
    "Chinese": put("x.html", f"<p>{CHINESE[5:15]}</p>"),
    "full width": put("x.html", "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in SOME)),
    "upper case": put("x.txt", SOME.upper()),
    "zero-width characters": put("x.txt", "\u200b".join(SOME)),
    "soft hyphens": put("x.html", "&shy;".join(SOME)),
    "a comment": into(PAGE, "It says", f"<!-- {SOME} --> It says"),
    "an attribute": into(PAGE, "It says", f'<a title="{SOME}">x</a> It says'),
    "meta": into(PAGE, "<head>", f'<head><meta name="description" content="{SOME}">'),
    "a data attribute": into(PAGE, "It says", f"<p data-x='{html.escape(json.dumps(SOME))}'>"),
    "search index": put("search/text/x.0.json", json.dumps([["a", "t", [], TEXT]])),
    "escaped JSON": put("search/x.json", ESCAPES),
    "feed": put("feed.xml", f"<feed><title>{html.escape(html.escape(SOME))}</title></feed>"),
    "changes.json": put("changes.json", json.dumps({"added": [SOME]})),
    "a name alone": put("changes.json", json.dumps({"tags": [f"{MARK}-tag"]})),
    "a heading alone": put("papers.html", f"<h2>{MARK}</h2>"),
    "a category": put("topics.html", f"<a>{MARK}-category</a>"),
    "a file name": put(f"{MARK}.html", "<p>nothing</p>"),
    "an address": put("sitemap.xml", f"<loc>https://x.org/journal/own/{MARK}.html</loc>"),
    "percent-encoded": put("x.html", f'<a href="?q={urllib.parse.quote(SOME)}">x</a>'),
    "Korean, percent-encoded": put("x.html", f'<a href="{urllib.parse.quote(KOREAN)}">x</a>'),
    "a paper": put("papers.html", "<li>The paper that is secret2021</li>"),
    "its title": put("papers.html", f"<li>The paper that {MARK} is about</li>"),
    "its DOI": put("papers.html", '<a href="https://doi.org/10.1000/xyzzy.4711">x</a>'),
    "a notebook": put("x.ipynb", NOTEBOOK),
    "a printed output": put("x.html", f"<pre>printed {TEXT}</pre>"),
    "a source map": put("theme/x.js.map", json.dumps({"sourcesContent": [f"// {SOME}"]})),
    "a script": put("theme/x.js", f"const x = '{SOME}';"),
    "a style sheet": put("theme/x.css", f"/* {SOME} */"),
    "gzip": put("feed.xml.gz", gzip.compress(TEXT.encode())),
    "gzip in gzip": put("x.gz", gzip.compress(gzip.compress(TEXT.encode()))),
    "zip": put("x.zip", zipped(TEXT)),
    "zlib": put("objects.inv", zlib.compress(TEXT.encode())),
    "a PDF's stream": put(
        "x.pdf", b"%PDF-1.7\nstream\n" + zlib.compress(TEXT.encode()) + b"\nendstream"
    ),
    "base64": put("x.json", json.dumps({"d": base64.b64encode(TEXT.encode()).decode()})),
    "an SVG": put("x.svg", f"<svg><text>{SOME}</text></svg>"),
    "an SVG's description": put("x.svg", f'<svg aria-label="x"><desc>{SOME}</desc></svg>'),
    "UTF-16": put("x.txt", TEXT.encode("utf-16")),
    "tEXt": put("x.png", png_with("tEXt", SOME)),
    "zTXt": put("x.png", png_with("zTXt", SOME)),
    "iTXt": put("x.png", png_with("iTXt", KOREAN)),
    "EXIF description": put("x.jpg", jpeg_with_exif(0x010E, SOME)),
    "EXIF XPComment": put("x.jpg", jpeg_with_exif(0x9C9C, SOME.encode("utf-16-le"))),
    "a JPEG comment": put("x.jpg", encoded(picture(79), "JPEG", comment=SOME.encode())),
    "the page of an earlier build": put(PAGE.replace("46", "45"), f"<h1>{MARK} week</h1>"),
    "the image": put("assets/x.png", encoded(secret_picture())),
    "an image of a whole": put("assets/x.png", encoded(picture(3))),
    "an image of a folder": put("assets/x.png", encoded(picture(4))),
    "an image with the class": put("assets/x.png", encoded(picture(5))),
    "an output's image": put("x.png", encoded(picture(9))),
    "an attachment": put("x.png", encoded(picture(10))),
    "a thumbnail": put("thumbs/x.png", encoded(secret_picture().resize((96, 60)))),
    "a JPEG of it": put("x.jpg", encoded(secret_picture(), "JPEG", quality=60)),
    "a WebP of it": put("x.webp", encoded(secret_picture().resize((160, 100)), "WEBP")),
    "grey": put("x.png", encoded(secret_picture().convert("L").resize((200, 125)))),
    "larger": put("x.png", encoded(secret_picture().resize((800, 500)))),
    "a data URI": put("x.html", f'<img src="{data_uri(encoded(secret_picture()))}">'),
    "a thumbnail as a data URI": put(
        "x.css", f"a{{background:url({data_uri(encoded(secret_picture().resize((120, 75))))})}}"
    ),
    "an image in a notebook": put(
        "x.ipynb", json.dumps({"image/png": base64.encodebytes(encoded(picture(9))).decode()})
    ),
    "an image in a zip": put("x.zip", zipped(data_uri(encoded(picture(3))))),
    "a part with its mark": put("x.html", '<section class="level2 private"><p>x</p></section>'),
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[projects.Project, Path]:
    """One site for all plants; each works on a copy."""
    from tests.privacy.conftest import secretive

    from weeknotes.scaffold import init

    folder = tmp_path_factory.mktemp("leaks") / "journal"
    init(folder, title="Reading log", author="Kim Minji", lang="en")
    journal = secretive.__wrapped__(projects.find(folder))  # type: ignore[attr-defined]
    build.render(journal, engine="builtin")
    refuse_leaks(journal, journal.output_dir, folder / "memory.json")
    return journal, journal.output_dir


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize("plant", LEAKS.values(), ids=list(LEAKS))
def test_a_leak_stops_the_build(
    built: tuple[projects.Project, Path], plant: Callable[[Path], None], tmp_path: Path
) -> None:
    journal, output = built
    copy = tmp_path / "site"
    shutil.copytree(output, copy, copy_function=os.link)
    plant(copy)
    with pytest.raises(LeakError) as stopped:
        refuse_leaks(journal, copy, journal.root / "memory.json")
    for words in (SOME, KOREAN[5:12], TEXT):
        assert words not in str(stopped.value)


FINE = {
    "other pictures": put("x.png", encoded(picture(50))),
    "a thumbnail of a public one": put("x.png", encoded(picture(1).resize((96, 60)))),
    "common words": put("x.html", "<p>The paper is only for the two of them, and it may be.</p>"),
    "Korean in general": put("x.html", "<p>연구실을 옮기다, 아직 말하지 않은 다음 달</p>"),
    "plain colour": put("x.png", encoded(Image.new("RGB", (320, 200), "white"))),
    "a broken image": put("x.png", b"\x89PNG\r\n\x1a\nbroken"),
    "a broken archive": put("x.gz", b"\x1f\x8bbroken"),
    "the word private": put("x.html", '<p class="private-ish">private, as a word</p>'),
}


@pytest.mark.parametrize("plant", FINE.values(), ids=list(FINE))
def test_what_is_not_private_is_no_leak(
    built: tuple[projects.Project, Path], plant: Callable[[Path], None], tmp_path: Path
) -> None:
    journal, output = built
    copy = tmp_path / "site"
    shutil.copytree(output, copy)
    plant(copy)
    assert find_leaks(journal, copy) == []


def test_text_that_a_public_part_holds_too_is_none(secretive: projects.Project) -> None:
    write(
        secretive.journal / "2026" / "2026-W43.ipynb",
        front("Week 43", "2026-W43"),
        cell(
            "markdown", "one", f"## Told by now\n\n{TEXT} {KOREAN} {CHINESE} [{MARK}-tag]{{.tag}}"
        ),
    )
    report = build.render(secretive, engine="builtin")
    assert MARK in (report.output / "journal/2026/2026-W43.html").read_text("utf-8")
    assert find_leaks(secretive, report.output) == []


def test_searching_again_reads_only_what_has_changed(
    secretive: projects.Project, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory.json"
    refuse_leaks(secretive, site, memory)
    read: list[str] = []
    original = Path.read_bytes

    def reading(path: Path) -> bytes:
        if path.is_relative_to(site):
            read.append(path.name)
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", reading)
    refuse_leaks(secretive, site, memory)
    assert read == []
    (site / "new.html").write_text("<p>nothing</p>")
    refuse_leaks(secretive, site, memory)
    assert read == ["new.html"]
    (site / "weeks.html").write_text(f"<p>{SOME}</p>")
    with pytest.raises(LeakError):
        refuse_leaks(secretive, site, memory)
    with pytest.raises(LeakError):
        refuse_leaks(secretive, site, memory)


def test_what_becomes_private_later_is_searched_for_in_old_files(
    secretive: projects.Project, site: Path, tmp_path: Path
) -> None:
    refuse_leaks(secretive, site, tmp_path / "memory.json")
    path = secretive.journal / "2026" / "2026-W46.ipynb"
    text = path.read_text("utf-8")
    path.write_text(text.replace("It says what all may read here.", "[It says what all may read "
                                 "here.]{.private}"), "utf-8")  # fmt: skip
    with pytest.raises(LeakError, match=r"2026-W46\.ipynb, cell 2"):
        refuse_leaks(secretive, site, tmp_path / "memory.json")
    build.render(secretive, engine="builtin")
    assert "It says what" not in everything(site)


def test_a_new_mark_reads_no_file_again(
    secretive: projects.Project, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory.sqlite"
    refuse_leaks(secretive, site, memory)
    read: list[str] = []
    original = Path.read_bytes

    def reading(path: Path) -> bytes:
        if path.is_relative_to(site) and path.parent.name != "terms":
            read.append(path.name)
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", reading)
    one = secretive.journal / "2026" / "2026-W44.ipynb"
    for text in ("Nobody may know of this new intention.", f"It says what all may read {KOREAN}"):
        write(one, front("44", "2026-W44"), cell("markdown", "a", text, "private"))
        refuse_leaks(secretive, site, memory)
    assert read == []
    (site / "x.html").write_text("<p>Nobody may know of this or that.</p>")
    refuse_leaks(secretive, site, memory)
    text = "Nobody may know of this or that."
    write(one, front("44", "2026-W44"), cell("markdown", "a", text, "private"))
    with pytest.raises(LeakError, match=r"x\.html: text of journal/2026/2026-W44\.ipynb"):
        refuse_leaks(secretive, site, memory)
    assert read == ["x.html"]


def test_what_becomes_private_is_searched_for_though_no_page_has_changed(
    journal: projects.Project,
) -> None:
    told = journal.journal / "2026" / "2026-W40.ipynb"
    other = journal.journal / "2026" / "2026-W41.ipynb"
    output = {"output_type": "stream", "name": "stdout", "text": [TEXT]}
    generated = cell("code", "g", "show()", "generated", outputs=[output])
    write(told, front("Week 40", "2026-W40"), generated)
    public = (front("Week 41", "2026-W41"), cell("markdown", "a", "Something else."))
    write(other, *public)
    build.render(journal, engine="builtin")
    write(other, *public, cell("markdown", "b", TEXT, "private"))
    for _ in range(2):
        with pytest.raises(LeakError, match="the site in place holds what is private now"):
            build.render(journal, engine="builtin")
    write(other, *public, cell("markdown", "b", "Nothing that anybody shows.", "private"))
    assert build.render(journal, engine="builtin").written == 0


@pytest.mark.parametrize("count", [1, 2, 12])
def test_few_texts_are_found_as_many_are(count: int) -> None:
    draw = random.Random(count)
    letters = ["abcdefgh", "연구실에서옮기다", "我要离开这个实验室"]
    secrets = [
        PrivateItem(
            "x",
            ("".join(draw.choices(draw.choice(letters), k=draw.randint(20, 60))),),
            (f"name{n}", f"비밀{n}"),
        )
        for n in range(count)
    ]
    with pytest.MonkeyPatch().context() as patch:
        patch.setattr(patterns, "_FEW", 10_000)
        few = Needles(secrets)
        patch.setattr(patterns, "_FEW", -1)
        many = Needles(secrets)
    for _ in range(300):
        one = draw.choice(secrets)
        text = one.texts[0]
        start = draw.randint(0, len(text) - 8)
        piece = text[start : start + draw.choice([8, 12, 19, 20, 21, 30])]
        before = "".join(draw.choices("xyz ", k=draw.randint(0, 15)))
        page = fold(
            f"{before}{piece}{draw.choice(['', ' ', 'q'])} {draw.choice(one.names)}s or {one.names[0]}"
        )
        found = [
            {(hit.what, hit.words) for hit in needles.found_in(page)} for needles in (few, many)
        ]
        assert found[0] == found[1], page


def test_nothing_is_searched_where_nothing_is_private(
    journal: projects.Project, tmp_path: Path
) -> None:
    write(journal.journal / "2026" / "2026-W46.ipynb", front("A", "2026-W46"))
    site = tmp_path / "site"
    site.mkdir()
    (site / "x.html").write_text("x")
    refuse_leaks(journal, site, tmp_path / "memory.json")
    assert not (tmp_path / "memory.json").exists()
