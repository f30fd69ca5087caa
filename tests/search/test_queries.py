"""Every query of ``queries/`` finds, in a real browser, the notes that a plain scan of the text finds,
and no others."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from bench.plain_scan import parts_of

from weeknotes.site.data.glossary import glossary_of

from .conftest import Served
from .searching import Searcher

pytestmark = pytest.mark.browser
QUERIES = Path(__file__).parent / "queries"
SHIPPED = Path(__file__).parent / "shipped.yml"
#: Of these kinds nothing may be missing and nothing too many; of the others, one hit in fifty.
EXACT = {"substring", "phrase", "spacing", "one", "nothing"}


def load(folder: Path) -> list[Any]:
    """The declared queries with their kind."""
    cases = []
    for path in sorted(folder.glob("*.yml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            if case["q"].startswith("NFD:"):
                case["q"] = unicodedata.normalize("NFD", case["q"].removeprefix("NFD:"))
            cases.append(pytest.param(path.stem, case, id=f"{path.stem}-{case['q']}"))
    return cases


@pytest.fixture(scope="module")
def searcher(served: Served, browser: Any) -> Iterator[Searcher]:
    page = browser.new_page()
    yield Searcher(page, served.url)
    page.close()


@pytest.mark.parametrize(("kind", "case"), load(QUERIES))
def test_finds_what_a_scan_finds(
    kind: str, case: dict[str, Any], served: Served, searcher: Searcher
) -> None:
    found = searcher.find(case["q"])
    parts = case.get("holds") or parts_of(case["q"])
    wanted = {(n.page, n.anchor) for n in served.notes if n.holds(parts)}
    if case.get("none"):
        assert not found
        return
    titles = {(n.page, n.anchor): n.title for n in served.notes}
    planted = {titles[note] for note in found if "W48" in note[0] and note[1]}
    if "finds" in case:
        assert planted == set(case["finds"])
    assert planted >= set(case.get("includes", ()))
    missing, extra = wanted - set(found), set(found) - wanted
    if kind in EXACT:
        assert not missing, f"missing: {sorted(titles[note] for note in missing)}"
        assert not extra, f"too many: {sorted(titles[note] for note in extra)}"
    assert len(missing) <= 0.02 * len(wanted), f"missing: {[titles[note] for note in missing]}"
    assert len(extra) <= 0.02 * len(found), f"too many: {[titles[note] for note in extra]}"


@pytest.fixture(scope="module")
def shipped_searcher(shipped: Served, browser: Any) -> Iterator[Searcher]:
    page = browser.new_page()
    yield Searcher(page, shipped.url)
    page.close()


@pytest.mark.parametrize("case", yaml.safe_load(SHIPPED.read_text("utf-8")), ids=lambda c: c["q"])
def test_finds_in_the_shipped_journal_what_a_scan_finds(
    case: dict[str, Any], shipped: Served, shipped_searcher: Searcher
) -> None:
    found = shipped_searcher.find(case["q"])
    if case.get("none"):
        assert not found
        return
    parts = case.get("holds") or parts_of(case["q"])
    titles = {(n.page, n.anchor): n.title for n in shipped.notes}
    names = [names_of(part, glossary_of(shipped.site).groups) for part in parts]
    held = {n.title for n in shipped.notes if all(any(map(n.holds, some)) for some in names)}
    assert {titles[n] for n in found} == held
    papers = {
        (page.href, note.anchor): note.papers for page in shipped.site.pages for note in page.notes
    }
    about = [papers.get(note, ()) for note in found]
    if "first" in case:
        assert case["first"] in about[0]
    assert {key for keys in about for key in keys} >= set(case.get("on", ()))


def names_of(part: str, groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """What a note may hold in the place of ``part`` of a query: it, or its names in other languages."""
    name = part.rstrip("*").strip('"')
    same = [one for group in groups if name in group for one in group if one != name]
    return [[part], *map(parts_of, same)]


def test_there_are_enough_queries(served: Served) -> None:
    cases = [parameters.values[1] for parameters in load(QUERIES)]
    parts = [case.get("holds") or parts_of(case["q"]) for case in cases]
    held = [query for query in parts if any(note.holds(query) for note in served.notes)]
    assert len(held) >= 150
