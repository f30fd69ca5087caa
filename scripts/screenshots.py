"""Make the README's screenshots of the journal in this repository (``make screenshots``).

Needs Chromium (Debian's ``chromium``) and the packages of ``pip install -e '.[dev]'``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.host import serving
from playwright.sync_api import Page, sync_playwright

from weeknotes import project
from weeknotes.site.build import render

REPOSITORY = Path(__file__).resolve().parent.parent
TARGET = REPOSITORY / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1280, "height": 860}


def week(page: Page) -> None:
    """A week, at its first note."""
    page.locator("details.note.reading").first.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('details.note.reading').scrollIntoView()")


def folded(page: Page) -> None:
    """All weeks, folded."""
    page.get_by_role("button", name="Fold all", exact=True).click()


def search(page: Page) -> None:
    """A search in Korean."""
    page.locator("#search").fill("확산 모델")
    page.wait_for_timeout(1500)


def graph(page: Page) -> None:
    """The graph of topics by week."""
    page.evaluate("document.querySelector('.graph-box').scrollIntoView()")


def still(page: Page) -> None:
    """A page as it opens."""


SHOTS = {
    "home": ("index.html", still),
    "week": ("journal/2026/2026-W39.html", week),
    "weeks": ("weeks.html", folded),
    "paper": ("papers/rombach2022high.html", still),
    "search": ("index.html", search),
    "graph": ("topics.html", graph),
    "record": ("record.html", still),
}


def main() -> int:
    """Write every screenshot anew, light and dark."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = render(
            project.load(REPOSITORY / "_quarto.yml"), engine="builtin", output=Path(folder) / "site"
        )
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with serving(site.output, base="/") as host:
            for name, (href, prepare) in SHOTS.items():
                for scheme in ("light", "dark"):
                    page = browser.new_page(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
                    page.goto(host.url + href, wait_until="networkidle")
                    prepare(page)
                    page.wait_for_timeout(300)
                    _save(page.screenshot(), TARGET / f"{name}-{scheme}.webp")
                    page.close()
        browser.close()
    print(f"{TARGET.relative_to(REPOSITORY)}: {2 * len(SHOTS)} screenshots")
    return 0


def _save(data: bytes, path: Path) -> None:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").save(path, "WEBP", quality=80, method=6)


if __name__ == "__main__":
    sys.exit(main())
