"""A small journal in three languages, as the engines hand it over, composed and served to a browser."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from weeknotes import project as projects
from weeknotes.site import compose
from weeknotes.site.built import BuiltSite
from weeknotes.site.pages import Page
from weeknotes.site.state import PageStore
from weeknotes.site.taking import take

BODIES = Path(__file__).parent / "bodies"
CHROMIUM = Path("/usr/bin/chromium")

_TITLES = {
    "en": "Noise, and taking it away",
    "ko": "영상을 조각으로 읽은 한 주",
    "zh": "重读注意力机制",
}
_CONFIG = """\
website:
  title: "{title}"
  description: "What one doctoral student reads, and thinks of it, a week at a time"
{website}
lang: {lang}
"""


@dataclass
class Journal:
    """A journal whose pages are already rendered; `compose` writes its site."""

    root: Path
    lang: str = "en"
    website: str = ""
    sources: list[Page] = field(default_factory=list)

    def add_week(self, monday: date, lang: str, body: str = "", **meta: Any) -> Page:
        """A week that starts on ``monday``, with one of the sample bodies unless told otherwise."""
        year, number, _ = monday.isocalendar()
        week = f"{year}-W{number:02}"
        page = Page(
            source=f"journal/{year}/{week}.ipynb",
            href=f"journal/{year}/{week}.html",
            meta={
                "title": _TITLES[lang],
                "week": week,
                "date": monday.isoformat(),
                "lang": lang,
                "categories": ["diffusion"] if lang == "en" else ["비전", "transformer"],
                **meta,
            },
            body=body or (BODIES / f"{lang}.html").read_text(encoding="utf-8"),
        )
        self.sources = [other for other in self.sources if other.href != page.href]
        self.sources.append(page)
        return page

    def add_page(self, href: str, kind: str, body: str, **meta: Any) -> Page:
        """A page that is no week."""
        page = Page(href.replace(".html", ".ipynb"), href, {"kind": kind, **meta}, body)
        self.sources.append(page)
        return page

    def site(self) -> BuiltSite:
        """What composing is given."""
        config = _CONFIG.format(
            title="Notes from the third floor", website=self.website, lang=self.lang
        )
        (self.root / "_quarto.yml").write_text(config, encoding="utf-8")
        project = projects.load(self.root / "_quarto.yml")
        store = PageStore(self.root / "state")
        for page in self.sources:
            source = self.root / page.source
            source.parent.mkdir(parents=True, exist_ok=True)
            source.touch()
        take(project, store, self.sources)
        return BuiltSite(project, "builtin", store)

    def inputs(self) -> dict[str, str]:
        """The fingerprint of each file of the site."""
        return {artifact.href: artifact.inputs for artifact in compose.artifacts(self.site())}

    def compose(self) -> Path:
        """The folder of the composed site."""
        output = self.root / "_site"
        shutil.rmtree(output, ignore_errors=True)
        for artifact in compose.artifacts(self.site()):
            path = output / artifact.href
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(artifact.make())
        (output / "assets/images").mkdir(parents=True)
        shutil.copy(BODIES / "chain.svg", output / "assets/images/chain.svg")
        return output


def fill(journal: Journal, weeks: int, newest: date = date(2026, 11, 16)) -> Journal:
    """``weeks`` weeks in a row up to the one that starts on ``newest``, languages in turn."""
    for back in range(weeks):
        journal.add_week(newest - timedelta(weeks=back), ("en", "ko", "zh")[back % 3])
    return journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """An empty journal."""
    return Journal(tmp_path)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a composed site of fifteen weeks and one digest."""
    journal = fill(Journal(tmp_path_factory.mktemp("sample")), 15)
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

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: Any) -> None:
            """Stay quiet."""

    handler = functools.partial(Handler, directory=str(sample))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium."""
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield instance
        instance.close()


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
