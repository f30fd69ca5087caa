"""What GitHub showed is what the site shows: each snippet's plain text under both.

GitHub's side is pandoc reading GitHub Flavored Markdown; the site's is the import, rendered by the
built-in engine.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pypandoc
import pytest
from lxml import html

from weeknotes import importers
from weeknotes.engines import builtin
from weeknotes.engines.page import Page
from weeknotes.importers.markdown import blocks
from weeknotes.journal import project
from weeknotes.scaffold import init

from .conftest import FIXTURES, TODAY

_APPARATUS = (
    './/section[@role="doc-bibliography"]|.//span[contains(@class,"citation")]|.//span[@class="tag"]'
    '|.//annotation|.//a[contains(@class,"footnote")]'
)
_GFM = "gfm-emoji-tex_math_dollars-tex_math_gfm-yaml_metadata_block+raw_html"

ALIKE = (FIXTURES.parent / "snippets.md").read_text("utf-8").rstrip("\n").split("\n%%%%\n")

# Where the site deliberately shows more, or otherwise: the snippet and what is to be seen of it.
OTHERWISE = {
    "A row with a cell too many, of which GitHub shows nothing.": (
        "| a | b |\n| - | - |\n| 1 | 2 | extra |\n",
        "ab12extra",
    ),
    "Words in angle brackets, which GitHub takes for tags and drops.": (
        "Next a<b and c>d, <model> and <think>hm</think>, 1 <2> 3, <3 you.",
        "Nexta<bandc>d,<model>and<think>hm</think>,1<2>3,<3you.",
    ),
    "Bold before a Korean particle, which GitHub leaves as asterisks.": (
        "**제목:**은 **굵게**",
        "제목:은굵게",
    ),
    "Quotation marks before a Korean particle stay as they were typed.": (
        "첫 논문 'Some Words'은 \"다른 말\"을 쓰고 중文'中'文, it's fine",
        "첫논문'SomeWords'은\"다른말\"을쓰고중文'中'文,it'sfine",
    ),
    "A footnote that nothing refers to.": (
        "Text.\n\n[^unused]: still here",
        "Text.[^unused]:stillhere",
    ),
    "A comment that nothing closes.": ("seen <!-- also seen", "seen<!--alsoseen"),
    "A table right under a text.": ("Text\n| a | b |\n|---|---|\n| 1 | 2 |", "Textab12"),
    "Two tildes in a Chinese text, between which GitHub strikes all out.": (
        "速度 3~5 倍，或者 6~8 倍",
        "速度3~5倍，或者6~8倍",
    ),
    "A heading without a space.": ("##标题\n\ntext", "标题text"),
    "An image's address with spaces.": ("![](my picture.png)\n\ntext", "text"),
    "A formula stays one, prices stay prices.": (
        "It is $x_1 + 2$ for $5 or US$3.",
        "Itisx1+2for$5orUS$3.",
    ),
}


def text_of(body: str) -> str:
    root = html.fragment_fromstring(body or "<p></p>", create_parent="div")
    for element in root.xpath(_APPARATUS):
        element.drop_tree()
    text = "".join(root.itertext())
    for smart, plain in zip("‘’“”…–", ["'", "'", '"', '"', "...", "-"], strict=True):
        text = text.replace(smart, plain)
    return "".join(text.replace("\u2060", "").split())


def github(text: str) -> str:
    command = [pypandoc.get_pandoc_path(), "-f", _GFM, "-t", "html", "--wrap=preserve"]
    made = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return text_of(made.stdout)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The rendered text of each snippet, all imported and rendered together."""
    folder = tmp_path_factory.mktemp("markdown")
    init(folder / "journal", title="Log", author="A", lang="en")
    journal = project.find(folder / "journal")
    snippets = [*ALIKE, *(text for text, _ in OTHERWISE.values())]
    source = folder / "source"
    source.mkdir()
    for number, text in enumerate(snippets):
        (source / f"s{number:03d}.md").write_text(f"# Page\n\n## Note\n\n{text}\n", "utf-8")
    report = importers.run(journal, [source], format="blog", today=TODAY)
    assert not report.leftover and not report.failed
    paths = {page.source.rpartition("/")[2]: page.path for page in report.pages}
    results = builtin.render(journal, sorted(paths.values()), folder / "work")
    pages = {page.source: page for page in results if isinstance(page, Page)}
    return [text_of(pages[paths[f"s{n:03d}.md"]].body) for n in range(len(snippets))]


@pytest.mark.parametrize("number", range(len(ALIKE)))
def test_the_site_shows_what_github_showed(number: int, site: list[str]) -> None:
    assert site[number] == github(f"## Note\n\n{ALIKE[number]}")


@pytest.mark.parametrize("number", range(len(OTHERWISE)), ids=list(OTHERWISE))
def test_the_site_shows_more_than_github(number: int, site: list[str]) -> None:
    wanted = [text for _, text in OTHERWISE.values()][number]
    shown = site[len(ALIKE) + number]
    assert shown.startswith("Note")
    assert shown.removeprefix("Note").replace("\u2062", "") == wanted


def test_pages_of_every_fixture_render_without_a_warning(tmp_path: Path) -> None:
    init(tmp_path / "journal", title="Log", author="A", lang="en")
    journal = project.find(tmp_path / "journal")
    report = importers.run(journal, [FIXTURES], merge=True, today=TODAY)
    paths = sorted({page.path for page in report.pages})
    results = list(builtin.render(journal, paths, tmp_path / "work"))
    assert all(isinstance(page, Page) for page in results), results
    assert [str(w) for page in results if isinstance(page, Page) for w in page.warnings] == []


def test_code_in_the_first_line_of_an_item_ends_with_its_fence() -> None:
    lines = "- ```\n  a\n  ```\n\nText with `<details>`.\n\n```\nb\n```\n".splitlines()
    kinds = [block.kind for block in blocks.parse(blocks.numbered(lines))]
    assert [kind for kind in kinds if kind != "blank"] == ["list", "paragraph", "fence"]
