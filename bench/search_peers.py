"""Other ways to search the same pages, for comparison: Pagefind, and Fuse as Quarto sets it up.

Pagefind comes from PyPI (``pip install 'pagefind[extended]'``), Fuse from npm (``fuse.mjs`` of
fuse.js); what is not on the machine is left out, and said. Both are judged by whole pages, which is
what Pagefind finds.
"""

from __future__ import annotations

import html
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.host import Host, serving
from bench.search_figures import FIRST, Figures, Query
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.search.documents import SearchDocument

Texts = Mapping[str, Sequence[SearchDocument]]
_WIDE = "\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"

PAGEFIND = """
async ([root, query]) => {
  if (!window.pagefind) {
    window.pagefind = await import(`${root}pagefind/pagefind.js`);
    await window.pagefind.options({ excerptLength: 20 });
  }
  const started = performance.now();
  const { results } = await window.pagefind.search(query);
  const shown = await Promise.all(results.slice(0, 10).map((result) => result.data()));
  const ms = performance.now() - started;
  window.results = results;
  return { ms, shown: shown.map((item) => item.url) };
}
"""
PAGEFIND_ALL = """
async () => (await Promise.all(window.results.map((result) => result.data()))).map((i) => i.url)
"""
# Keys, weights and thresholds as in Quarto 1.7's quarto-search.js; the limit is lifted.
FUSE = """
async ([root, query]) => {
  if (!window.fuse) {
    const { default: Fuse } = await import(`${root}fuse.mjs`);
    const items = await (await fetch(`${root}search.json`)).json();
    window.fuse = new Fuse(items, {
      keys: [
        { name: "title", weight: 20 },
        { name: "section", weight: 20 },
        { name: "text", weight: 10 },
      ],
      ignoreLocation: true,
      threshold: 0.1,
      isCaseSensitive: false,
      shouldSort: true,
      minMatchCharLength: 2,
    });
  }
  const started = performance.now();
  const results = window.fuse.search(query);
  return { ms: performance.now() - started, shown: results.map((result) => result.item.href) };
}
"""


def measure(
    browser: Any, site: BuiltSite, texts: Texts, queries: Sequence[Query], fuse: Path | None
) -> list[Figures]:
    """The figures of every other way that is on this machine."""
    rows = []
    langs = {page.href: page.lang for page in site.pages}
    if importlib.util.find_spec("pagefind"):
        ways: list[tuple[str, str, Callable[[str], str]]] = [
            ("Pagefind, a language a page", "", str),
            ("Pagefind, all as en", "en", str),
            ("Pagefind, all as zh", "zh", str),
            ("Pagefind, characters split", "en", split),
        ]
        for name, lang, change in ways:
            rows.append(_pagefind(name, browser, texts, langs, queries, lang, change))
    else:
        print("Pagefind is not installed (pip install 'pagefind[extended]')", file=sys.stderr)
    if fuse and fuse.is_file():
        rows.append(_fuse(browser, texts, queries, fuse))
    else:
        print("fuse.js is not here (npm pack fuse.js; --fuse dist/fuse.mjs)", file=sys.stderr)
    return rows


def split(text: str) -> str:
    """``text`` with a space around every Han and Hangul character."""
    return " ".join(re.sub(f"([{_WIDE}])", r" \1 ", text).split())


def split_query(text: str) -> str:
    """A query for text that was `split`: a run of characters becomes a phrase."""
    if text[:1] in '"“「':
        return '"' + split(text.strip('"“”「」')) + '"'
    run = re.compile(f"[{_WIDE}]+")
    return run.sub(lambda match: f' "{" ".join(match[0])}" ', text).strip()


def _pagefind(
    name: str,
    browser: Any,
    texts: Texts,
    langs: Mapping[str, str],
    queries: Sequence[Query],
    lang: str,
    change: Callable[[str], str],
) -> Figures:
    figures = Figures(name)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for href, found in texts.items():
            path = folder / href
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(_page(found, lang or langs[href], change)), "utf-8")
        start = time.perf_counter()
        command = [sys.executable, "-m", "pagefind", "--site", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        figures.index_seconds = time.perf_counter() - start
        files = [path for path in (folder / "pagefind").rglob("*") if path.is_file()]
        figures.index_bytes = sum(path.stat().st_size for path in files)
        (folder / "start.html").write_text(f'<!DOCTYPE html><html lang="{lang or "en"}">', "utf-8")
        host = stack.enter_context(serving(folder))
        rewrite = split_query if change is split else str
        _ask(figures, browser, host, queries, PAGEFIND, rewrite, PAGEFIND_ALL)
    return figures


def _page(
    found: Sequence[SearchDocument], lang: str, change: Callable[[str], str]
) -> Iterator[str]:
    yield f'<!DOCTYPE html><html lang="{lang}"><body><main data-pagefind-body>'
    for item in found:
        yield f"<h2>{html.escape(change(item.title))}</h2>"
        for line in (*item.about, item.text):
            yield f"<p>{html.escape(change(line))}</p>"
    yield "</main></body></html>"


def _fuse(browser: Any, texts: Texts, queries: Sequence[Query], fuse: Path) -> Figures:
    figures = Figures("Fuse, as Quarto sets it up")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "fuse.mjs").write_bytes(fuse.read_bytes())
        items = [
            {
                "objectID": f"{href}#{item.anchor}",
                "href": href,
                "title": found[0].title,
                "section": item.title if item.anchor else "",
                "text": "\n".join((*item.about, item.text)),
            }
            for href, found in texts.items()
            for item in found
        ]
        data = json.dumps(items, ensure_ascii=False).encode()
        (folder / "search.json").write_bytes(data)
        figures.index_bytes = len(data)
        (folder / "start.html").write_text("<!DOCTYPE html>", "utf-8")
        host = stack.enter_context(serving(folder))
        _ask(figures, browser, host, queries, FUSE, lambda text: text.strip('"“”「」'), None)
    return figures


def _ask(
    figures: Figures,
    browser: Any,
    host: Host,
    queries: Sequence[Query],
    script: str,
    rewrite: Callable[[str], str],
    everything: str | None,
) -> None:
    for query in queries[:: max(1, len(queries) // FIRST)]:
        context = browser.new_context()
        page = context.new_page()
        page.goto(host.url + "start.html")
        host.take()
        page.evaluate(script, [host.url, rewrite(query.text)])
        page.wait_for_load_state("networkidle")
        figures.first.append(host.take())
        context.close()
    context = browser.new_context()
    page = context.new_page()
    page.goto(host.url + "start.html")
    page.evaluate(script, [host.url, "zzz"])
    for query in queries:
        host.take()
        found = page.evaluate(script, [host.url, rewrite(query.text)])
        page.wait_for_load_state("networkidle")
        figures.later.append(host.take())
        figures.ms.append(found["ms"])
        hrefs = page.evaluate(everything) if everything else found["shown"]
        pages = [href.split("/journal-site/")[-1].lstrip("/") for href in hrefs]
        figures.judge(pages, {href for href, _ in query.wanted})
    context.close()
