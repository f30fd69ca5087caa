"""Searching as a reader does: typing into the dialog of a page."""

from __future__ import annotations

from typing import Any

_LISTEN = """
document.addEventListener("weeknotes:found", (event) => {
  const { query, whole, hits } = event.detail;
  window.found = { query, whole, hits: hits.map((hit) => [hit.page.href, hit.number]) };
});
"""


class Searcher:
    """The search dialog of a page of the site at ``url``."""

    def __init__(self, page: Any, url: str, path: str = "index.html") -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.add_init_script(_LISTEN)
        page.goto(url + path)
        page.keyboard.press("/")
        page.wait_for_selector("dialog.search-dialog[open]")
        self.box = page.locator("dialog .search-input")
        self.anchors: dict[str, list[str]] = {}

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def ask(self, query: str) -> dict[str, Any]:
        """What the dialog found for ``query``: whether notes hold the whole of it, and the hits."""
        self.box.fill(query)
        self.page.wait_for_function(
            "query => window.found && window.found.query === query", arg=query.strip()
        )
        found: dict[str, Any] = self.page.evaluate("window.found")
        return found

    def find(self, query: str) -> list[tuple[str, str]]:
        """The notes that hold the whole of ``query``, best first: page and anchor of each."""
        found = self.ask(query)
        if not found["whole"]:
            return []
        return [(href, self._anchor(href, number)) for href, number in found["hits"]]

    def _anchor(self, href: str, number: int) -> str:
        if href not in self.anchors:
            self.anchors[href] = self.page.evaluate(
                """async ([root, href]) => {
                  const table = await (await fetch(`${root}search/index.json`)).json();
                  const [own] = table.pieces.flat().filter((row) => row[0] === href);
                  const anchors = [];
                  for (let file = 0; anchors.length < own[6].length; file += 1) {
                    const name = href.replace(".html", `.${file}.json`);
                    const texts = await (await fetch(`${root}search/text/${name}`)).json();
                    anchors.push(...texts.map(([anchor]) => anchor));
                  }
                  return anchors;
                }""",
                [self.url, href],
            )
        return self.anchors[href][number]
