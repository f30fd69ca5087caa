"""A journal in three languages as the engines hand it over, and its composed site."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from weeknotes.engines.page import Page
from weeknotes.journal import project as projects
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.pages import compose
from weeknotes.site.store.ingest import take
from weeknotes.site.store.state import PageStore

BODIES = Path(__file__).parent / "bodies"

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
            source=f"journal/{year}/{week}.md",
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
        page = Page(href.replace(".html", ".md"), href, {"kind": kind, **meta}, body)
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


def data_of(path: Path) -> Any:
    """The data in a script of a built site (`site.pages.page.data_script`)."""
    text = path.read_text("utf-8")
    return json.loads(text[text.index(",") + 1 : text.rindex(");")])
