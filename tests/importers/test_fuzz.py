"""Sources of all families, cut, shuffled and mixed: no text is lost, none ends in a traceback."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weeknotes import importers
from weeknotes.importers.format_table import FORMATS
from weeknotes.importers.markdown.clean_html import ALLOWED, KNOWN
from weeknotes.importers.report import ImportReport
from weeknotes.journal import project

from .conftest import FIXTURES, TODAY

LINES = [
    line
    for path in sorted(FIXTURES.rglob("*.md"))
    for line in path.read_text("utf-8-sig").replace("\r\n", "\n").split("\n")
]
ODD = [
    "```",
    "~~~ {.r}",
    "<!--",
    "-->",
    "<details>",
    "</details>",
    "<summary>half",
    "</summary>",
    "<div",
    "<p>open",
    "</td></table>",
    "<script>",
    "</script>",
    "<pre>",
    "---",
    "+++",
    "===",
    "> ",
    ">> deep",
    "| a | b",
    "|---|",
    "[^1]: a footnote",
    "    indented",
    "\t\ttabbed",
    "[x]: http://a.example",
    "[x] and [^1] and ![p](q.png) $a$ `b",
    "**bold",
    "title: x",
    "# ",
    "1. ",
    "- [ ] ",
    "2024-07-01 ~ 2024-07-07",
    "## Week 27",
    "\\",
    "![](data:image/png;base64,AAAA)",
    "<img src='a.png' onerror=x>",
    "&#60;script&#62;",
    "A line of text with odd signs \x00\x0b\x85\u2028 in its middle.",
]
SOME = st.lists(st.sampled_from(LINES) | st.sampled_from(ODD) | st.text(max_size=30), max_size=40)


@st.composite
def cut(draw: st.DrawFn) -> str:
    """A part of a family's file, from anywhere to anywhere."""
    path = draw(st.sampled_from(sorted(FIXTURES.rglob("*.md"))))
    text = path.read_text("utf-8-sig")
    start = draw(st.integers(0, len(text)))
    return text[start : draw(st.integers(start, len(text)))]


@st.composite
def shuffled(draw: st.DrawFn) -> str:
    """The lines of a family's file in another order, some of them odd."""
    path = draw(st.sampled_from(sorted(FIXTURES.rglob("*.md"))))
    lines = path.read_text("utf-8-sig").split("\n")
    return "\n".join(draw(st.permutations([*lines, *draw(st.lists(st.sampled_from(ODD)))])))


MIXED = SOME.map("\n".join)
# Words of three signs or more, not those that HTML or an address are made of.
_WORDS = re.compile(r"[^\W_]{3,}")


def words(text: str) -> Counter[str]:
    return Counter(_WORDS.findall(text))


def plain(text: str) -> str:
    """``text`` without scripts, tags and the signs that no notebook holds."""
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]", "", text.replace("\r", "\n"))
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text)
    # The label of a link reference is no text: its address goes where it is used.
    text = re.sub(r"(?m)^ {0,3}\[[^\]\n]+\]:|\]\[[^\]\n]*\]", " ", text)
    # A task of Logseq becomes a box.
    text = re.sub(r"(?m)^([ \t>]*[-*+] )(?:TODO|DONE) ", r"\1", text)
    # The kind of a callout becomes its class.
    text = re.sub(r"(?m)^([ \t>]*> ?)\[![\w-]+\]", r"\1", text)
    names = "|".join(sorted(KNOWN, key=len, reverse=True))
    return re.sub(rf"(?is)</?(?:{names})\b[^<>]*>", " ", text)


def take(text: str, form: str, root: Path) -> tuple[ImportReport, list[dict[str, object]]]:
    (root / "journal").mkdir()
    (root / "_quarto.yml").write_text("lang: en\nbibliography: references.json\n")
    source = root / "source" / "log.md"
    source.parent.mkdir()
    source.write_bytes(text.encode("utf-8", "replace"))
    report = importers.run(project.load(root / "_quarto.yml"), [source], format=form, today=TODAY)
    found = sorted((root / "journal").rglob("*.ipynb"))
    return report, [json.loads(path.read_text("utf-8")) for path in found]


def check(text: str, form: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report, notebooks = take(text, form, Path(folder))
        report.to_text()
        json.dumps(report.to_dict())
        assert not report.failed or "\x00" in text
        if report.failed or (report.skipped and not notebooks):
            return  # The report names the source, and says why nothing was made of it.
        there: Counter[str] = Counter()
        for notebook in notebooks:
            nbformat.validate(notebook)
            cells = notebook["cells"]
            assert isinstance(cells, list)
            made = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
            # Of a page that several sources share, each one's front matter is in its own cell.
            kept = [notebook["metadata"], *(cell["metadata"] for cell in cells)]
            structure = json.dumps(kept, ensure_ascii=False).replace("\\n", "\n")
            # Addresses of pictures stand where their pictures' placeholders do.
            there += words(made) + words(structure)
        lost = words(plain(text)) - there
        assert not {word: n for word, n in lost.items() if word.lower() not in ALLOWED}, lost


#: Formats that read Markdown. The others convert files of their own kind, and refuse any other text.
MARKDOWN = [name for name, form in FORMATS.items() if not form.suffixes]
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SETTINGS
@given(cut(), st.sampled_from(("auto", *MARKDOWN)))
def test_cut_sources(text: str, form: str) -> None:
    check(text, form)


@SETTINGS
@given(shuffled(), st.sampled_from(("auto", *MARKDOWN)))
def test_shuffled_sources(text: str, form: str) -> None:
    check(text, form)


@SETTINGS
@given(MIXED, st.sampled_from(("auto", *MARKDOWN)))
def test_mixed_sources(text: str, form: str) -> None:
    check(text, form)
