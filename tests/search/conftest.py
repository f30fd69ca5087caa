"""A journal to search: made-up weeks and a planted one, built by either engine, served as a static
host serves it, in Debian's chromium."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from bench import journal
from bench.host import StrictHost, serving
from bench.plain_scan import Scanned

from weeknotes.journal import project
from weeknotes.site import build
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.search.documents import documents, paper_groups
from weeknotes.site.search.index import Searched
from weeknotes.site.store.state import PageStore

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
FRONT_MATTER = """\
---
title: "The planted week"
date: 2026-11-23
week: 2026-W48
lang: ko
categories: [Bandicootcategory]
---"""

GLOSSARY = """
weeknotes:
  glossary:
    - bettong = 쥐캥거루 = 长鼻袋鼠
"""


@dataclass(frozen=True)
class Served:
    """A built journal at an address, and its notes as the plain scan reads them."""

    project: project.Project
    site: BuiltSite
    url: str
    notes: list[Scanned]


def plant(root: Path) -> Path:
    """Add the planted notes, and what they cite, to the journal in ``root``."""
    notes = yaml.safe_load((HERE / "planted.yml").read_text("utf-8"))
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "raw",
            "id": "front-matter",
            "metadata": {},
            "source": FRONT_MATTER.splitlines(keepends=True),
        }
    ]
    for number, note in enumerate(notes):
        text = note["text"]
        if text.startswith("NFD:"):
            text = unicodedata.normalize("NFD", text.removeprefix("NFD:"))
        source = f"## {note['title']}\n\n{text}".splitlines(keepends=True)
        cell = {"cell_type": "markdown", "id": f"n{number}", "metadata": {}, "source": source}
        cells.append(cell)
        if "code" in note:
            stream = {"output_type": "stream", "name": "stdout", "text": [note["output"] + "\n"]}
            cells.append(
                {
                    "cell_type": "code",
                    "id": f"c{number}",
                    "metadata": {},
                    "execution_count": None,
                    "source": [note["code"]],
                    "outputs": [stream],
                }
            )
    notebook = {
        "cells": cells,
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = root / "journal/2026/2026-W48.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")
    picture = next((root / "assets").rglob("*.png"))
    for name in ("mesh-numbat_endo.v2.png", "zebra.png"):
        shutil.copy(picture, path.parent / name)
    library = root / "references.json"
    entries = json.loads(library.read_text("utf-8"))
    entries += yaml.safe_load((HERE / "references.yml").read_text("utf-8"))
    library.write_text(json.dumps(entries, ensure_ascii=False, indent=2) + "\n", "utf-8")
    config = root / "_quarto.yml"
    config.write_text(config.read_text("utf-8") + GLOSSARY, "utf-8")
    return path


def made_up(root: Path, weeks: int) -> project.Project:
    """A journal of ``weeks`` made-up weeks and the planted one."""
    journal.write_journal(root, journal.Scale(weeks=weeks, library=200))
    plant(root)
    return project.find(root)


def built(found: project.Project, engine: str) -> BuiltSite:
    """``found`` rendered by ``engine``, and its pages."""
    build.render(found, engine=engine)
    return BuiltSite(found, engine, PageStore.load(found.state / "site" / engine))


def scanned(site: BuiltSite) -> list[Scanned]:
    """All notes of ``site`` for the plain scan."""
    searched: list[Searched] = [*site.pages, *paper_groups(site)]
    return [
        Scanned(page.href, item.anchor, item.title, [item.title, *item.about, item.text])
        for page in searched
        for item in documents(site, page)
    ]


@pytest.fixture(
    scope="session", params=["builtin", pytest.param("quarto", marks=pytest.mark.quarto)]
)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The made-up journal, from each engine; fewer weeks from Quarto, which takes long."""
    engine = request.param
    if engine == "quarto" and not shutil.which("quarto"):
        pytest.skip("needs quarto on PATH")
    found = made_up(tmp_path_factory.mktemp(f"search-{engine}"), 24 if engine == "builtin" else 4)
    yield from serve(found, built(found, engine))


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The journal that this repository holds."""
    root = tmp_path_factory.mktemp("shipped")
    for name in ("journal", "assets"):
        shutil.copytree(REPOSITORY / name, root / name)
    for name in ("_quarto.yml", "references.json"):
        shutil.copy(REPOSITORY / name, root / name)
    found = project.find(root)
    yield from serve(found, built(found, "builtin"))


def serve(found: project.Project, site: BuiltSite) -> Iterator[Served]:
    """``site`` over HTTP on loopback for as long as the generator is held."""
    with serving(found.output_dir, StrictHost) as host:
        yield Served(found, site, host.url, scanned(site))
