"""A journal that holds something private in every way there is."""

from __future__ import annotations

import base64
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from weeknotes.journal import project as projects

#: Stands in every private text, name and file, and nowhere else. The Korean and Chinese do too.
MARK = "Zwischenstopp"
TEXT = f"The {MARK} in Lisbon is only for the two of us, and nobody else may hear of it yet."
KOREAN = "다음 달에 연구실을 옮기기로 했다는 것은 아직 아무에게도 말하지 않았다."
CHINESE = "下个月我要离开这个实验室的事情还没有告诉任何人。"


def cell(kind: str, id: str, text: str, *tags: str, **more: Any) -> dict[str, Any]:
    made = {"cell_type": kind, "id": id, "metadata": {"tags": list(tags)} if tags else {}}
    made["source"] = text
    if kind == "code":
        made |= {"execution_count": 1, "outputs": []}
    return made | more


def write(path: Path, *cells: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")


def picture(seed: int, size: tuple[int, int] = (320, 200)) -> Image.Image:
    """A drawing, another for each seed."""
    draw = random.Random(seed)
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = draw.randrange(size[0]), draw.randrange(size[1])
        colour = tuple(draw.randrange(256) for _ in range(3))
        pen.ellipse((x, y, x + draw.randrange(20, 120), y + draw.randrange(20, 90)), fill=colour)
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def front(title: str, week: str, **more: str) -> dict[str, Any]:
    lines = [f'title: "{title}"', f"week: {week}", *(f"{k}: {v}" for k, v in more.items())]
    return cell("raw", "front-matter", "---\n" + "\n".join(lines) + "\n---")


@pytest.fixture
def secretive(journal: projects.Project) -> projects.Project:
    root = journal.root
    images = root / "assets" / "images"
    images.mkdir(parents=True, exist_ok=True)
    (images / "public.png").write_bytes(encoded(picture(1)))
    for number, name in enumerate(("section", "whole", "folder", "span"), 2):
        (images / f"{MARK}-{name}.png").write_bytes(encoded(picture(number)))
    output = {"output_type": "display_data", "metadata": {}, "data": {}}
    output["data"] = {"image/png": base64.b64encode(encoded(picture(9))).decode()}
    said = {"output_type": "stream", "name": "stdout", "text": [f"printed {TEXT}\n"]}
    attached = {"a.png": {"image/png": base64.b64encode(encoded(picture(10))).decode()}}
    year = journal.journal / "2026"
    write(
        year / "2026-W46.ipynb",
        front("Week 46", "2026-W46"),
        cell("markdown", "one", "## A public note [@open2020]\n\nIt says what all may read here.\n\n"
             "![A figure](../../assets/images/public.png)"),
        cell("markdown", "two", f"## {MARK} [@secret2021] {{.private #{MARK}-section}}\n\n{TEXT}\n\n"
             f"{KOREAN}\n\n[{MARK}-tag]{{.tag}}\n\n![x](../../assets/images/{MARK}-section.png)"),
        cell("code", "three", f'print("{TEXT}")', outputs=[said, output]),
        cell("markdown", "four", f"## Another public note\n\nOne [{TEXT}]{{.private}} more, and "
             f"![y](../../assets/images/{MARK}-span.png){{.private}} that.\n\n::: {{.private}}\n"
             f"{CHINESE}\n:::\n\n{{{{< include ../_shared.md >}}}}"),
        cell("markdown", "five", f"![z](attachment:a.png) {TEXT}", "private", attachments=attached),
        cell("markdown", "six", f"## Tasks\n\n- [ ] a public task\n- [ ] [{TEXT}]{{.private}}"),
    )  # fmt: skip
    write(
        year / "2026-W45.ipynb",
        front(f"{MARK} week", "2026-W45", private="true", categories=f"[{MARK}-category]"),
        cell("markdown", "one", f"{TEXT} ![w](../../assets/images/{MARK}-whole.png)"),
    )
    write(
        journal.journal / "own" / f"{MARK}.ipynb",
        front(f"{MARK} plan", "2026-W44"),
        cell("markdown", "one", f"{TEXT} ![w](../../assets/images/{MARK}-folder.png)"),
    )
    (journal.journal / "own" / "_metadata.yml").write_text("draft: true\n")
    shared = f"A shared public remark.\n\n## {MARK} shared {{.private}}\n\n{TEXT}\n"
    (journal.journal / "_shared.md").write_text(shared, "utf-8")
    entry = {"type": "article-journal", "issued": {"date-parts": [[2020]]}}
    author = [{"family": "Ho", "given": "J."}]
    library = [
        {**entry, "id": "open2020", "title": "An open paper on diffusion", "author": author},
        {**entry, "id": "secret2021", "title": f"The paper that {MARK} is about", "author": author,
         "abstract": f"In it {MARK} is studied at length.", "DOI": "10.1000/xyzzy.4711"},
    ]  # fmt: skip
    (root / "references.json").write_text(json.dumps(library), "utf-8")
    return journal
