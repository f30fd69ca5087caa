"""The index between builds: nothing done twice, nothing left behind, the same bytes every time."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from bench.journal import Scale, change_week

from weeknotes.journal import project
from weeknotes.site import search
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.search import index
from weeknotes.site.search.documents import SearchDocument
from weeknotes.site.search.documents import documents as documents_of
from weeknotes.site.search.index import Searched, shard_count

from .conftest import built, made_up


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> project.Project:
    """Two weeks of one year, some of the next, all rendered."""
    found = made_up(tmp_path_factory.mktemp("index"), 50)
    built(found, "builtin")
    return found


@pytest.fixture
def copy(journal: project.Project, tmp_path: Path) -> project.Project:
    """A copy of the rendered journal that a test may change."""
    shutil.copytree(journal.root, tmp_path / "journal", symlinks=True)
    return project.find(tmp_path / "journal")


def files(site: BuiltSite) -> dict[str, bytes]:
    """Every file of the search, made."""
    return {artifact.href: artifact.make() for artifact in search.artifacts(site)}


def inputs(site: Any) -> dict[str, str]:
    return {artifact.href: artifact.inputs for artifact in search.artifacts(site)}


class Untouchable(BuiltSite):
    """A site whose pages may not be read."""

    def __init__(self, site: BuiltSite) -> None:
        self.__dict__.update(site.__dict__)

    def body(self, href: str) -> str:
        raise AssertionError(f"{href} was read")

    def notes(self, href: str) -> Any:
        raise AssertionError(f"{href} was parsed")


def test_saying_what_there_is_reads_nothing(copy: project.Project) -> None:
    site = Untouchable(built(copy, "builtin"))
    hrefs = [artifact.href for artifact in search.artifacts(site)]
    assert len(hrefs) == len(set(hrefs))
    assert "search/index.json" in hrefs


def test_the_same_journal_gives_the_same_bytes(copy: project.Project) -> None:
    first = files(built(copy, "builtin"))
    shutil.rmtree(copy.state)
    assert files(built(copy, "builtin")) == first


def test_only_the_changed_page_is_read_again(
    copy: project.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(copy, "builtin")
    read = []

    def documents(site: BuiltSite, page: Searched) -> list[SearchDocument]:
        read.append(page.href)
        return original(site, page)

    original = documents_of
    monkeypatch.setattr(index, "documents", documents)
    change_week(copy.root, Scale(weeks=50), 3, word="freshlywritten")
    site = built(copy, "builtin")
    changed = [page.href for page in site.pages if page.notes[-1].title.endswith("freshlywritten")]
    assert read == changed
    assert len(read) == 1


def test_a_change_gives_the_bytes_of_a_full_build(copy: project.Project) -> None:
    built(copy, "builtin")
    change_week(copy.root, Scale(weeks=50), 10, word="freshlywritten")
    stepwise = files(built(copy, "builtin"))
    shutil.rmtree(copy.state)
    assert files(built(copy, "builtin")) == stepwise


def test_removed_notes_are_gone(copy: project.Project) -> None:
    assert any(b"quokkabody" in data for data in files(built(copy, "builtin")).values())
    (copy.root / "journal/2026/2026-W48.ipynb").unlink()
    after = files(built(copy, "builtin"))
    assert not any(b"okkabody" in data for data in after.values())
    assert not any("2026-W48" in href for href in after)
    on_disk = [path.read_bytes() for path in (copy.output_dir / "search").rglob("*.*")]
    assert not any(b"okkabody" in data for data in on_disk)


def test_a_year_that_is_gone_leaves_nothing_behind(copy: project.Project) -> None:
    built(copy, "builtin")
    kept = copy.state / "search/builtin"
    assert (kept / "2025.piece.json").exists()
    shutil.rmtree(copy.root / "journal/2025")
    built(copy, "builtin")
    assert not list(kept.glob("2025.*"))


@pytest.mark.parametrize("damage", [b"", b"[1]", b'{"key": 1', b"{}"])
def test_a_damaged_cache_is_made_anew(copy: project.Project, damage: bytes) -> None:
    before = files(built(copy, "builtin"))
    for path in (copy.state / "search").rglob("*.json"):
        path.write_bytes(damage)
    assert files(built(copy, "builtin")) == before


def test_a_journal_without_weeks_has_a_search(tmp_path: Path) -> None:
    from weeknotes.scaffold import init

    init(tmp_path / "empty", title="Empty", author="", lang="zh")
    made = files(built(project.find(tmp_path / "empty"), "builtin"))
    table = json.loads(made["search/index.json"])
    assert table["pieces"] == []
    assert table["words"]["title"] == "搜索"


def test_shards_stay_small_however_long_the_journal() -> None:
    assert shard_count(0) == 16
    assert shard_count(330) == 128
    assert all(n & (n - 1) == 0 for n in map(shard_count, range(0, 50_000, 777)))
    assert shard_count(10**6) == 1024


def test_another_page_fingerprint_changes_its_texts_and_the_terms(journal: project.Project) -> None:
    site = built(journal, "builtin")
    before = inputs(site)
    site.pages = [dataclasses.replace(site.pages[0], fingerprint="other"), *site.pages[1:]]
    changed = {href for href, value in inputs(site).items() if before[href] != value}
    assert "search/index.json" in changed
    assert "search/simplified.json" not in changed
    texts = {href for href in changed if href.startswith("search/text/")}
    assert texts == {h for h in before if h.startswith(f"search/text/{site.pages[0].href[:-5]}.")}


def test_a_paper_that_only_private_notes_cite_is_not_in_the_index(copy: project.Project) -> None:
    library = copy.root / "references.json"
    entries = json.loads(library.read_text("utf-8"))
    entries.append({"id": "secretkey2024", "type": "book", "title": "Hiddenbilby"})
    library.write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    assert any(b"ddenbilby" in data for data in files(built(copy, "builtin")).values())
    source = "## Mine [@secretkey2024]\n\nText."
    front = "---\ntitle: Own\nprivate: true\n---"
    kinds = (("raw", front), ("markdown", source))
    cells = [
        {"cell_type": kind, "id": kind, "metadata": {}, "source": text} for kind, text in kinds
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (copy.root / "journal/2026/own.ipynb").write_text(json.dumps(notebook), "utf-8")
    made = files(built(copy, "builtin"))
    assert not any(b"ddenbilby" in d or b"secretkey" in d for d in made.values())
