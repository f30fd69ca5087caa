"""Make the README's screenshots of the journal in this repository (``make screenshots``).

Needs Chromium (Debian's ``chromium``) and the packages of ``pip install -e '.[dev]'``.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from bench.host import serving
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from weeknotes.journal import project
from weeknotes.site.build import render

REPOSITORY = Path(__file__).resolve().parent.parent
TARGET = REPOSITORY / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 800}
TABLE = {"light": "#dfe4e0", "dark": "#050706"}


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


def contents(page: Page) -> None:
    """A week on a telephone, its contents open."""
    page.evaluate("document.querySelector('details.note.reading').scrollIntoView()")
    page.get_by_role("button", name="Contents").tap()


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


#: Side by side on one picture, on telephones.
PHONES = {
    "index.html": still,
    "journal/2026/2026-W47.html": week,
    "journal/2026/2026-W39.html": contents,
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
                    _save(_image(page), TARGET / f"{name}-{scheme}.webp")
                    page.close()
            for scheme in TABLE:
                _save(_phones(browser, host.url, scheme), TARGET / f"phone-{scheme}.webp")
        browser.close()
    print(f"{TARGET.relative_to(REPOSITORY)}: {2 * len(SHOTS) + 2} screenshots")
    return 0


def _phones(browser: Browser, address: str, scheme: str) -> Image.Image:
    picture = Image.new("RGB", (SIZE["width"], SIZE["height"]), TABLE[scheme])
    gap = (SIZE["width"] - len(PHONES) * PHONE["width"]) // (len(PHONES) + 1)
    for number, (href, prepare) in enumerate(PHONES.items()):
        page = browser.new_page(
            viewport=PHONE,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            is_mobile=True,
            has_touch=True,
        )
        page.goto(address + href, wait_until="networkidle")
        prepare(page)
        page.wait_for_timeout(300)
        left = gap + number * (PHONE["width"] + gap)
        picture.paste(_image(page), (left, (SIZE["height"] - PHONE["height"]) // 2))
        page.close()
    return picture


def _image(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def _save(image: Image.Image, path: Path) -> None:
    image.save(path, "WEBP", quality=80, method=6)


if __name__ == "__main__":
    sys.exit(main())
