"""Journals of any length, made up, for measuring and for tests.

``python bench/journal.py DIR --weeks 520`` writes a journal of real notebooks, a library and images;
the same numbers give the same bytes. English, Korean and Chinese stand on one page, as in the
journals that Weeknotes is for.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from words import (
    CHINESE_GLUE,
    EAST_ASIAN_NAMES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    KOREAN_VERBS,
    TOPICS,
    Vocabulary,
    vocabulary,
)

LAST_MONDAY = date(2026, 11, 16)
CONFIG = """\
project:
  type: website
  output-dir: _site
  render:
    - "/journal/**/*.ipynb"

website:
  title: "A made-up journal"
  search: {search}

author: "Nobody"
lang: en
bibliography: references.json
csl: assets/author-date.csl
link-citations: true

format:
  html:
    theme: default
    html-math-method: mathml
    toc: false
"""


@dataclass(frozen=True)
class Scale:
    """How much to make: ``citations`` and one figure are for each week."""

    weeks: int = 520
    notes: int = 6
    citations: int = 3
    library: int = 2000
    seed: int = 1


@dataclass
class Writer:
    """Draws words and entries for one journal."""

    scale: Scale
    words: Vocabulary
    entries: list[dict[str, Any]] = field(default_factory=list)

    def sentence(self, rng: random.Random, lang: str, length: int) -> str:
        """A sentence of about ``length`` words; now and then it borrows an English one."""
        drawn = self.words.draw(rng, lang, length)
        if lang == "en":
            text = " ".join(drawn)
            return text[0].upper() + text[1:] + rng.choice((".", ".", ".", "?"))
        if rng.random() < 0.5:
            drawn[rng.randrange(length)] = rng.choice(self.words.draw(rng, "en", 3))
        if lang == "ko":
            return " ".join([*drawn, rng.choice(KOREAN_VERBS)]) + "."
        glue = rng.choices(("", "", *CHINESE_GLUE), k=length)
        return "".join(a + b for a, b in zip(drawn, glue, strict=True)) + "。"

    def paragraph(self, rng: random.Random, lang: str, sentences: int) -> str:
        """So many ``sentences`` of the language ``lang``."""
        gap = "" if lang == "zh" else " "
        return gap.join(self.sentence(rng, lang, rng.randint(8, 16)) for _ in range(sentences))


def write_journal(root: Path, scale: Scale | None = None, *, quarto_search: bool = False) -> Path:
    """Write a journal into the new or empty folder ``root`` and return it."""
    scale = scale or Scale()
    writer = Writer(scale, vocabulary(scale.seed))
    writer.entries = list(_library(writer))
    root.mkdir(parents=True, exist_ok=True)
    style = Path(__file__).parent.parent / "assets" / "author-date.csl"
    (root / "assets").mkdir()
    (root / "assets" / style.name).write_bytes(style.read_bytes())
    (root / "_quarto.yml").write_text(CONFIG.format(search=str(quarto_search).lower()), "utf-8")
    entries = sorted(writer.entries, key=lambda entry: entry["id"])
    text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    (root / "references.json").write_text(text, "utf-8")
    for index in range(scale.weeks):
        write_week(root, writer, index)
    return root


def mondays(scale: Scale) -> list[date]:
    """The Mondays of the weeks, oldest first; the last is that of 2026-W47."""
    return [LAST_MONDAY - timedelta(weeks=scale.weeks - 1 - i) for i in range(scale.weeks)]


def week_path(monday: date) -> str:
    """Where the week's notebook stands, from the journal's root."""
    year, week, _ = monday.isocalendar()
    return f"journal/{year}/{year}-W{week:02}.ipynb"


def write_week(root: Path, writer: Writer, index: int) -> Path:
    """Write week number ``index`` (0 is the oldest) and its figure."""
    monday = mondays(writer.scale)[index]
    name = week_path(monday)
    week = Path(name).stem
    picture = root / "assets" / "images" / week / f"overview-{index:03}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(_png(index))
    notebook = _notebook(writer, index, monday, week, picture.name)
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def change_week(root: Path, scale: Scale, index: int = -1, *, word: str = "freshly") -> Path:
    """Add a note with ``word`` in it to a week, as its author would, and return the notebook."""
    path = root / week_path(mondays(scale)[index])
    notebook = json.loads(path.read_text("utf-8"))
    text = f"## An afterthought {word}\n\n- What {word} came to mind, 새로 떠오른 생각, 新的想法."
    count = len(notebook["cells"])
    notebook["cells"].append(_markdown(f"after-{count}", text))
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def _library(writer: Writer) -> Iterator[dict[str, Any]]:
    rng = random.Random(f"library {writer.scale.seed}")
    taken: set[str] = set()
    days = writer.scale.weeks * 7
    for number in range(writer.scale.library):
        year = rng.randint(2012, 2026)
        authors = [
            {"family": rng.choice(FAMILY_NAMES), "given": rng.choice(GIVEN_NAMES)}
            for _ in range(rng.randint(1, 6))
        ]
        if rng.random() < 0.1:
            family, given = rng.choice(EAST_ASIAN_NAMES)
            authors.append({"family": family, "given": given})
        title = writer.sentence(rng, rng.choices(("en", "ko", "zh"), (18, 1, 1))[0], 8).rstrip(
            ".。?"
        )
        word = "".join(c for c in rng.choice(writer.words.english) if c.isalpha()).lower()
        base = "".join(c for c in authors[0]["family"].lower() if c.isascii()) + f"{year}{word}"
        key = next(k for k in (base, *(f"{base}{c}" for c in range(1000))) if k not in taken)
        taken.add(key)
        arxiv = f"{year % 100:02}{rng.randint(1, 12):02}.{number % 100000:05}"
        added = LAST_MONDAY - timedelta(days=rng.randrange(max(days, 1)))
        yield {
            "id": key,
            "type": "article-journal",
            "title": title,
            "author": authors,
            "issued": {"date-parts": [[year]]},
            "container-title": "arXiv",
            "DOI": f"10.48550/arXiv.{arxiv}",
            "URL": f"https://arxiv.org/abs/{arxiv}",
            "abstract": writer.paragraph(rng, "en", 8),
            "keyword": ", ".join(rng.sample(TOPICS, 2)),
            "custom": {"date-added": added.isoformat()},
        }


def _notebook(writer: Writer, index: int, monday: date, week: str, picture: str) -> dict[str, Any]:
    rng = random.Random(f"{writer.scale.seed} {week}")
    sunday = monday + timedelta(days=6)
    lang = rng.choices(("en", "ko", "zh"), (3, 2, 1))[0]
    cited = rng.sample(writer.entries, min(writer.scale.citations, len(writer.entries)))
    topics = rng.sample(TOPICS, 3)
    front = (
        f'---\ntitle: "Week {monday:%d/%m/%Y}–{sunday:%d/%m/%Y}"\ndate: {monday}\n'
        f"week: {week}\nlang: {lang}\ncategories: [{', '.join(topics)}]\n---"
    )
    parameters = f'week = "{week}"\nstart = "{monday}"\nend = "{sunday}"'
    tags = ["injected-parameters", "generated", "remove-cell"]
    cells: list[dict[str, Any]] = [
        {"cell_type": "raw", "id": "front-matter", "metadata": {}, "source": _lines(front)},
        _code("parameters", parameters, [], tags),
        _reading_list(cited),
        _markdown("tasks", _tasks(writer, rng, index)),
    ]
    for number in range(writer.scale.notes):
        entry = cited[number // 2] if number % 2 == 0 and number // 2 < len(cited) else None
        cells.extend(_note(writer, rng, week, number, entry, topics, picture))
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "weeknotes": {"template": "weekly"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _tasks(writer: Writer, rng: random.Random, index: int) -> str:
    lines = [f"- [{rng.choice('x ')}] {writer.sentence(rng, 'en', 5)}" for _ in range(3)]
    return "## Tasks\n\n" + "\n".join(lines)


def _reading_list(cited: list[dict[str, Any]]) -> dict[str, Any]:
    rows = "".join(f"<tr><td>{e['title']}</td><td>{e['id']}</td></tr>" for e in cited)
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {
            "text/html": [f"<table><tbody>{rows}</tbody></table>"],
            "text/plain": _lines("\n".join(f"{e['title']} ({e['id']})" for e in cited)),
        },
    }
    source = "from weeknotes import glance\nglance.reading_list(start, end)"
    return _code("reading-list", source, [output], ["generated", "remove-input"])


def _note(
    writer: Writer,
    rng: random.Random,
    week: str,
    number: int,
    entry: dict[str, Any] | None,
    topics: list[str],
    picture: str,
) -> Iterator[dict[str, Any]]:
    """The cells of one note: mostly one of Markdown, some with a table, a callout, a figure, code."""
    lang, other = rng.sample(("en", "en", "en", "ko", "ko", "zh", "zh"), 2)
    name = writer.sentence(rng, lang, 4).rstrip(".。?")
    heading = f"{entry['title']} [@{entry['id']}]" if entry else name
    parts = [f"## {heading}", f"[{topics[number % 3]}]{{.tag}}", writer.paragraph(rng, lang, 2)]
    parts.append("\n".join(f"- {writer.sentence(rng, lang, 10)}" for _ in range(3)))
    parts.append(f"> {writer.paragraph(rng, other, 1)}")
    if entry:
        parts.append(f"{writer.sentence(rng, 'en', 8)} As @{entry['id']} say, $x_{{t}} = \\mu_t$.")
    extra = number % 6
    if extra == 0:
        reference = f"fig-{week.lower()}"
        path = f"../../assets/images/{week}/{picture}"
        parts.append(f"![{writer.sentence(rng, other, 6)}]({path}){{#{reference} width=120}}")
        parts.append(f"{writer.sentence(rng, lang, 6)} @{reference}")
    elif extra == 1:
        words = writer.words.draw(rng, other, 6)
        rows = "\n".join(f"| {a} | {rng.random():.3f} |" for a in words)
        parts.append(f"| name | score |\n|---|---|\n{rows}\n\n: {writer.sentence(rng, lang, 5)}")
    elif extra == 2:
        collapse = 'collapse="true" ' if rng.random() < 0.5 else ""
        title = writer.sentence(rng, other, 4)
        text = writer.paragraph(rng, other, 1)
        parts.append(f'::: {{.callout-note {collapse}title="{title}"}}\n{text}\n:::')
    elif extra == 3:
        parts[-1] += f"[^n{number}]"
        parts.append(f"[^n{number}]: {writer.sentence(rng, lang, 8)}")
    yield _markdown(f"note-{number}", "\n\n".join(parts))
    if extra == 4:
        word = writer.words.draw(rng, "en", 1)[0]
        output = {
            "output_type": "stream",
            "name": "stdout",
            "text": [f"{word} {rng.random():.4f}\n"],
        }
        yield _code(f"code-{number}", f'print("{word}", score)', [output], [])


def _markdown(cell_id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": _lines(source)}


def _lines(text: str) -> list[str]:
    """``text`` as Jupyter writes it; Quarto 1.7 takes nothing else."""
    return text.splitlines(keepends=True)


def _code(
    cell_id: str, source: str, outputs: list[dict[str, Any]], tags: list[str]
) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {"tags": tags} if tags else {},
        "outputs": outputs,
        "source": _lines(source),
    }


def _png(number: int) -> bytes:
    """A small grey picture, another for each number (PNG, 8-bit greyscale, 48 by 32)."""
    width, height = 48, 32
    rows = b"".join(
        b"\0" + bytes((x * (number % 7 + 1) + y * (number % 5 + 2)) % 256 for x in range(width))
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def main() -> None:
    """Write a journal from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weeks", type=int, default=520)
    parser.add_argument("--library", type=int, default=2000)
    arguments = parser.parse_args()
    write_journal(arguments.folder, Scale(weeks=arguments.weeks, library=arguments.library))


if __name__ == "__main__":
    main()
