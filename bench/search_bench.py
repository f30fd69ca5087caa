"""``python -m bench.search_bench``: how well the search finds, what it moves, and how long it takes.

Queries are those of ``tests/search/queries`` that the made-up journal holds. What they should find is
decided by a plain scan of the text (`bench.plain_scan`). Bytes are those that a host which compresses
with gzip sends, headers included; milliseconds run from the key to the hits on the screen. The same
queries are then put to Pagefind and to Fuse with Quarto's settings, where these are on the machine
(`bench.search_peers`).
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from bench import journal, search_peers
from bench.host import Host, serving
from bench.plain_scan import Scanned, parts_of
from bench.search_figures import FIRST, HEADER, Figures, Query
from weeknotes.journal import project
from weeknotes.site import search
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.search.documents import SearchDocument, documents, paper_groups
from weeknotes.site.store.state import PageStore

QUERIES = Path(__file__).parent.parent / "tests/search/queries"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
#: So many queries of each kind are put to the peers, which take long.
A_KIND = 5
LISTEN = """
document.addEventListener("weeknotes:found", ({ detail }) => {
  const hits = detail.whole ? detail.hits.map((hit) => [hit.page.href, hit.number]) : [];
  window.found = { query: detail.query, hits, ms: performance.now() - window.started };
});
document.addEventListener("input", () => { window.started = performance.now(); }, true);
"""


def main() -> int:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.search_bench", description=__doc__)
    parser.add_argument(
        "--weeks", type=int, default=520, help="length of the journal (%(default)s)"
    )
    parser.add_argument("--root", type=Path, help="a journal to use, made where it is missing")
    parser.add_argument("--no-peers", action="store_true", help="measure this search alone")
    parser.add_argument("--fuse", type=Path, help="fuse.mjs of fuse.js, to compare with")
    arguments = parser.parse_args()
    if not Path(CHROMIUM).exists():
        print("search: needs Debian's chromium; not measured", file=sys.stderr)
        return 0
    with ExitStack() as stack:
        root = (
            arguments.root or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "journal"
        )
        site = prepare(root, arguments.weeks)
        texts = {page.href: documents(site, page) for page in (*site.pages, *paper_groups(site))}
        queries = load_queries(texts)
        ours = measure_index(site)
        host = stack.enter_context(serving(site.project.output_dir))
        with browsing() as browser:
            measure_ours(ours, browser, host, queries)
            report(ours, queries)
            if not arguments.no_peers:
                few = sample(queries)
                rows = [measure_ours(Figures("Weeknotes"), browser, host, few, by_page=True)]
                rows += search_peers.measure(browser, site, texts, few, arguments.fuse)
                print(f"\nThe same {len(few)} queries, whole pages as hits:\n{HEADER}")
                print("\n".join(row.row() for row in rows))
    return 0


def prepare(root: Path, weeks: int) -> BuiltSite:
    """The pages of the built made-up journal in ``root``."""
    if not (root / "_quarto.yml").exists():
        journal.write_journal(root, journal.Scale(weeks=weeks))
    command = [sys.executable, "-m", "weeknotes", "render", "--engine", "builtin"]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    found = project.find(root)
    return BuiltSite(found, "builtin", PageStore.load(found.state / "site/builtin"))


def load_queries(texts: dict[str, list[SearchDocument]]) -> list[Query]:
    """The declared queries that the journal holds, and those that nothing holds."""
    notes = [
        (Scanned(href, item.anchor, item.title, [item.title, *item.about, item.text]), number)
        for href, found in texts.items()
        for number, item in enumerate(found)
    ]
    queries = []
    for path in sorted(QUERIES.glob("*.yml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            text = case["q"].removeprefix("NFD:")
            parts = case.get("holds") or parts_of(text)
            none = case.get("none") and path.stem == "nothing"
            wanted = [] if none else [(n.page, i) for n, i in notes if n.holds(parts)]
            if wanted or none:
                queries.append(Query(path.stem, text, frozenset(wanted)))
    return queries


def sample(queries: Sequence[Query]) -> list[Query]:
    """The first few queries of each kind."""
    kinds = dict.fromkeys(query.kind for query in queries)
    return [q for kind in kinds for q in [q for q in queries if q.kind == kind][:A_KIND]]


def measure_index(site: BuiltSite) -> Figures:
    """Seconds to make every file of the search anew, given the pages, and their size in bytes."""
    figures = Figures("Weeknotes")
    shutil.rmtree(site.project.state / "search", ignore_errors=True)
    for page in site.pages:
        site.notes(page.href)  # A build that makes everything has read them already.
    start = time.perf_counter()
    figures.index_bytes = sum(len(artifact.make()) for artifact in search.artifacts(site))
    figures.index_seconds = time.perf_counter() - start
    return figures


class browsing:
    """A chromium for as long as the block runs."""

    def __enter__(self) -> Any:
        from playwright.sync_api import sync_playwright

        self.play = sync_playwright().start()
        self.browser = self.play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        return self.browser

    def __exit__(self, *_: object) -> None:
        self.browser.close()
        self.play.stop()


def measure_ours(
    figures: Figures, browser: Any, host: Host, queries: Sequence[Query], by_page: bool = False
) -> Figures:
    """Put ``queries`` to the dialog: some in fresh browsers, then all in one."""
    script = sum(
        path.stat().st_size // 3 for path in Path(search.__file__).parents[1].glob("theme/search.*")
    )
    for query in queries[:: max(1, len(queries) // FIRST)]:
        with Dialog(browser, host) as dialog:
            dialog.ask(query.text)
            figures.first.append(script + host.take())
    with Dialog(browser, host) as dialog:
        dialog.ask("zzz")
        host.take()
        for query in queries:
            found = dialog.ask(query.text)
            figures.later.append(host.take())
            figures.ms.append(found["ms"])
            if by_page:
                figures.judge([href for href, _ in found["hits"]], {w[0] for w in query.wanted})
            else:
                figures.judge([tuple(hit) for hit in found["hits"]], query.wanted)
    return figures


class Dialog:
    """The search dialog in a browser that has seen nothing yet."""

    def __init__(self, browser: Any, host: Host) -> None:
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.page.add_init_script(LISTEN)
        self.page.goto(host.url + "404.html")
        self.page.wait_for_load_state("networkidle")
        host.take()

    def __enter__(self) -> Dialog:
        self.page.keyboard.press("/")
        self.page.wait_for_selector("dialog.search-dialog[open]")
        self.box = self.page.locator("dialog .search-input")
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def ask(self, text: str) -> dict[str, Any]:
        """Type ``text`` at once, and return the hits and milliseconds."""
        self.box.fill(text)
        self.page.wait_for_function("text => window.found && window.found.query === text", arg=text)
        self.page.wait_for_load_state("networkidle")
        found: dict[str, Any] = self.page.evaluate("window.found")
        return found


def report(figures: Figures, queries: Sequence[Query]) -> None:
    """Print the figures, and recall and precision for each kind of query."""
    print(f"{len(queries)} queries, notes as hits:\n{HEADER}\n{figures.row()}\n")
    print(f"{'kind of query':<16}{'queries':>8}{'recall':>9}{'precision':>11}{'at 10':>8}")
    recall = iter(figures.recall)
    judged = [
        (query.kind, next(recall) if query.wanted else None, precision, ten)
        for query, precision, ten in zip(queries, figures.precision, figures.at_ten, strict=True)
    ]
    for kind in dict.fromkeys(query.kind for query in queries):
        own = [row for row in judged if row[0] == kind]
        recalls = [row[1] for row in own if row[1] is not None]
        shown = f"{statistics.mean(recalls):>9.3f}" if recalls else f"{'':>9}"
        precision = statistics.mean(row[2] for row in own)
        ten = statistics.mean(row[3] for row in own)
        print(f"{kind:<16}{len(own):>8}{shown}{precision:>11.3f}{ten:>8.3f}")


if __name__ == "__main__":
    raise SystemExit(main())
