"""Addresses with any query and any filter leave the page at work: links from elsewhere have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from .conftest import Served

LONG = 60_000
QUERIES = {
    "a long word": "a" * LONG,
    "many words": " ".join(f"w{n}" for n in range(LONG // 8)),
    "one word many times": "network " * (LONG // 8),
    "a long word of Hangul": "가나다라" * (LONG // 40),
    "many words of Han": " ".join("深度學習" for _ in range(LONG // 40)),
    "open quotes": '"' * (LONG // 4),
    "quoted words": '"a b" ' * (LONG // 12),
    "minus signs": "-" * LONG,
    "combining marks": "e" + "\u0301" * (LONG // 8),
    "markup": "</script><img src=x onerror=alert(1)>" * 100,
    "odd characters": "\0\x01\ufeff\u202e\u2028\U0001f9ea\ud83e",
    "a pattern": "(a+)+$" * 2000 + "!",
    "a name of every object": "__proto__ constructor toString",
}


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("key", ["q", "kind"])
def test_any_address_leaves_the_page_at_work(page: Any, served: Served, key: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: errors.append("a dialog"))
    rest = "q=network&kind=" if key == "kind" else "q="
    for name, query in QUERIES.items():
        # No longer than servers take.
        page.goto(f"{served.url}index.html?{rest}{quote(query, errors='replace')[:LONG]}")
        page.wait_for_selector("dialog.search-dialog[open]")
        waited = page.evaluate("new Promise(done => setTimeout(() => done(1 + 1), 50))")
        box = page.locator("dialog .search-input")
        box.fill("network")
        assert (waited, box.input_value(), errors) == (2, "network", []), name
