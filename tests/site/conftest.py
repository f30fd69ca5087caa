"""The sample journal composed, served, and read in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bench.host import serving
from sample_journal import Journal, fill
from shipped_journal import Open, shipped

from weeknotes.site.build import render


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """An empty journal."""
    return Journal(tmp_path)


@pytest.fixture(scope="session")
def sample_library() -> list[dict[str, Any]]:
    """The library of the sample site: papers that its weeks are about, and one that waits."""
    papers = [
        ("ho2020", "Denoising Diffusion Probabilistic Models", "Ho", 2020),
        ("song2021", "Score-Based Generative Modeling", "Song", 2021),
        ("dosovitskiy2021", "An Image is Worth 16x16 Words", "Dosovitskiy", 2021),
        ("vaswani2017", "Attention Is All You Need", "Vaswani", 2017),
        ("kim2024", "확산 모델 개론", "김", 2024),
    ]
    return [
        {
            "id": key,
            "type": "article",
            "title": title,
            "author": [{"family": family, "given": "A."}],
            "issued": {"date-parts": [[year]]},
            "custom": {"date-added": f"2026-10-{number:02}"},
        }
        for number, (key, title, family, year) in enumerate(papers, 1)
    ]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, sample_library: list[dict[str, Any]]) -> Path:
    """The folder of a composed site of fifteen weeks and one digest."""
    journal = fill(Journal(tmp_path_factory.mktemp("sample")), 15)
    library = json.dumps(sample_library, ensure_ascii=False)
    (journal.root / "references.json").write_text(library, "utf-8")
    journal.website = "  site-url: https://example.org/"
    journal.add_page(
        "journal/digests/2026-11-20.html",
        "digest",
        '<section id="one" class="level2"><h2>One paper</h2><p>Its gist in a line.</p></section>',
        title="Daily papers",
        date="2026-11-20",
        lang="en",
    )
    return journal.compose()


@pytest.fixture(scope="session")
def address(sample: Path) -> Iterator[str]:
    """The address under which the sample site is served on loopback."""

    with serving(sample, base="/") as host:
        yield host.url


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens a page of the sample site in a reader's browser of its own.

    Fails the test where a page has an error in its console or asks another host for anything.
    """
    contexts = []
    complaints: list[str] = []

    def watch(page: Any) -> None:
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda r: None if r.url.startswith(address) else complaints.append(r.url)
        )

    def open_page(path: str = "", context: Any = None, **options: Any) -> Any:
        if context is None:
            context = browser.new_context(**options)
            contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shipped journal, rendered with the built-in renderer."""
    journal = shipped(tmp_path_factory.mktemp("shipped") / "journal")
    report = render(journal, engine="builtin")
    assert report.problems == ()
    return report.output


@pytest.fixture(scope="session")
def host(site: Path) -> Iterator[str]:
    """Where the site is served."""

    with serving(site, base="/") as served:
        yield served.url


@pytest.fixture
def open_page(browser: Any, host: str) -> Iterator[Open]:
    """Opens a page in a browser of its own."""
    contexts = []

    def opened(path: str, **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.goto(host + path, wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
