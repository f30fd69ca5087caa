"""Pictures: found where they may be, kept once, under safe names; never read from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import http.server
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from tests.loopback import Loopback

from .conftest import Import

W27 = "2024/2024-W27.ipynb"


def picture(path: Path, colour: str) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 3), colour).save(path)
    return path.read_bytes()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    (folder / ".git").mkdir(parents=True)
    (folder / "logs").mkdir()
    return folder


def log(folder: Path, *lines: str, name: str = "logs/log.md") -> Path:
    path = folder / name
    path.write_text("\n\n".join(["## 2024-07-01 ~ 2024-07-07", *lines]), "utf-8")
    return path


def test_pictures_are_found_beside_the_file_and_from_the_root(clone: Path, take: Import) -> None:
    picture(clone / "logs" / "a b.png", "red")
    picture(clone / "images" / "Net_3D.png", "green")
    picture(clone / "图片" / "结构.png", "blue")
    path = log(
        clone,
        "![one](a%20b.png) ![two](/images/Net_3D.png) ![three](../图片/结构.png)",
        "![again](a b.png) <img src='/images/Net_3D.png?raw=true' width=100>",
        r"![four](.\..\images\Net_3D.png)",
    )
    made = take(path)
    folder = made.journal.root / "assets" / "images" / "2024-W27"
    names = sorted(path.name for path in folder.iterdir())
    assert names[:2] == ["a-b.png", sorted(names)[1]] and "net-3d.png" in names
    assert len(names) == 3 and all(name.isascii() and " " not in name for name in names)
    text = made.text(W27)
    assert text.count("../../assets/images/2024-W27/net-3d.png") == 3
    assert text.count("../../assets/images/2024-W27/a-b.png") == 2
    assert made.report.images == {"copied": 3, "known": 3, "missing": 0, "remote": 0}
    assert not made.report.leftover


def test_the_same_picture_is_kept_once_over_imports(clone: Path, take: Import) -> None:
    data = picture(clone / "logs" / "one.png", "red")
    (clone / "logs" / "two.png").write_bytes(data)
    take(log(clone, "![](one.png)"))
    later = clone / "logs" / "later.md"
    later.write_text("## 2024-07-08 ~ 2024-07-14\n\n![](two.png)\n", "utf-8")
    made = take(later)
    assert "2024-W27/one.png" in made.text("2024/2024-W28.ipynb")
    assert not (made.journal.root / "assets" / "images" / "2024-W28").exists()


def test_a_folder_of_pictures_can_be_named(clone: Path, take: Import, tmp_path: Path) -> None:
    picture(tmp_path / "pictures" / "x.png", "red")
    picture(tmp_path / "pictures" / "deep" / "y.png", "blue")
    made = take(
        log(clone, "![](/images/x.png)", "![](deep/y.png)", r"![](F:\notes\x.png)"),
        images=tmp_path / "pictures",
    )
    assert made.report.images["copied"] == 2 and made.report.images["missing"] == 0


def test_a_picture_that_is_missing_keeps_its_reference(clone: Path, take: Import) -> None:
    made = take(log(clone, "**A title of a note**\n![plot](/images/gone.png)\nafter"))
    text = made.text(W27)
    assert '![plot](../../assets/images/missing-picture.svg "/images/gone.png")' in text
    assert (made.journal.root / "assets/images/missing-picture.svg").is_file()
    assert [(r.line, r.text) for r in made.report.missing_images] == [(4, "/images/gone.png")]
    # When it is there the next time, it takes its place.
    picture(clone / "images" / "gone.png", "red")
    made = take(clone / "logs" / "log.md")
    assert "![plot](../../assets/images/2024-W27/gone.png)" in made.text(W27)


def test_nothing_is_read_from_outside_the_source(clone: Path, take: Import, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    picture(secret, "black")
    (clone / "logs" / "link.png").symlink_to(secret)
    (clone / "logs" / "folder").symlink_to(tmp_path)
    made = take(
        log(
            clone,
            f"![]({secret})",
            f"![](file://{secret})",
            "![](../../secret.png)",
            "![](link.png)",
            "![](folder/secret.png)",
            f"<img src='{secret}'>",
            "![](..%2F..%2Fsecret.png)",
        )
    )
    assert made.report.images["missing"] == 7
    copied = [p.read_bytes() for p in (made.journal.root / "assets").rglob("*.png")]
    assert secret.read_bytes() not in copied


def test_what_is_no_picture_is_not_copied(clone: Path, take: Import) -> None:
    (clone / "logs" / "notes.png").write_text("only words")
    (clone / "logs" / "bad.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script>"
        "<rect onclick='alert(2)' width='5' height='5'/></svg>"
    )
    made = take(log(clone, "![](notes.png)", "![](bad.svg)"))
    assert made.report.images == {"copied": 1, "known": 0, "missing": 1, "remote": 0}
    (svg,) = (made.journal.root / "assets/images/2024-W27").glob("*.svg")
    assert "alert" not in svg.read_text() and "rect" in svg.read_text()


def test_a_picture_within_the_text_becomes_a_file(clone: Path, take: Import) -> None:
    data = picture(clone / "x.png", "red")
    made = take(log(clone, f"![dot](data:image/png;base64,{base64.b64encode(data).decode()})"))
    (path,) = (made.journal.root / "assets/images/2024-W27").iterdir()
    assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(data).digest()
    assert "base64" not in made.text(W27) and not made.report.leftover


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A server on loopback with one picture, a redirect, and the paths that were asked for."""
    data = picture(tmp_path / "remote.png", "orange")
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            if self.path == "/moved.png":
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
                self.end_headers()
                return
            found = self.path == "/p/fig.png"
            self.send_response(200 if found else 404)
            self.end_headers()
            if found:
                self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    with Loopback(Handler) as server:
        yield server.url, asked


def test_remote_pictures_stay_remote_unless_asked_for(
    clone: Path, take: Import, remote: tuple[str, list[str]]
) -> None:
    base, asked = remote
    path = log(clone, f"![a]({base}/p/fig.png) ![a]({base}/p/fig.png)", f"![]({base}/moved.png)")
    made = take(path)
    assert asked == [] and made.report.images["remote"] == 3
    assert f"![a]({base}/p/fig.png)" in made.text(W27)
    made = take(path, download=True)
    assert sorted(asked) == ["/moved.png", "/p/fig.png"]
    assert made.report.images == {"copied": 1, "known": 1, "missing": 0, "remote": 1}
    assert made.text(W27).count("../../assets/images/2024-W27/fig.png") == 2
    assert f"({base}/moved.png)" in made.text(W27)
