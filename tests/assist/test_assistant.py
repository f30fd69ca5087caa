"""What is offered while typing, whatever the editor."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from tests.editors.conftest import LIBRARY, cell, notebook

from weeknotes.assist import documents
from weeknotes.assist.assistant import Assistant
from weeknotes.assist.completion import Candidate
from weeknotes.assist.documents import CellText, Document
from weeknotes.assist.notebook_json import NotebookJson
from weeknotes.journal import project as projects
from weeknotes.journal.project import Project
from weeknotes.text.markdown.citations import citations

NOTE = (
    "## A mirror that does not drift [@moreau2022mirror]\n\n[optics]{.tag} [거울]{.tag}\n\n"
    "<!-- only for me -->\n- **Claim:** the mount is of one piece\n- **I doubt:** \n\n"
    "$$x = 1$$ {#eq-one}\n\n> Ask her about the glue.\n"
)


@pytest.fixture
def journal(tmp_path: Path) -> Project:
    """A journal with nothing in it but its configuration."""
    (tmp_path / "journal").mkdir()
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n", "utf-8")
    return projects.find(tmp_path)


@pytest.fixture
def assistant(journal: Project) -> Assistant:
    journal.library_path.write_text(json.dumps(LIBRARY, ensure_ascii=False), "utf-8")
    folder = journal.journal / "2026"
    folder.mkdir(parents=True, exist_ok=True)
    text = notebook(cell("markdown", NOTE, "note"), cell("markdown", "[optics]{.tag}", "tags"))
    (folder / "2026-W47.ipynb").write_text(text, "utf-8")
    return Assistant(journal)


def at_the_bar(assistant: Assistant, text: str, *others: CellText) -> list[Candidate]:
    """What is offered where the bar is in ``text``."""
    at = text.index("|")
    cells = (CellText("markdown", text.replace("|", "", 1)), *others)
    return assistant.complete(Document("journal/x.ipynb", cells), 0, at)


def put_in(text: str, one: Candidate) -> str:
    text = text.replace("|", "", 1)
    return text[: one.start] + one.text + text[one.end :]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("lindgren", "lindgren2019drift"),  # the author, with or without accents
        ("åsa", "lindgren2019drift"),
        ("thermal2019", "lindgren2019drift"),  # a word of the title and the year
        ("Okoye", "lindgren2019drift"),  # another author
        ("박", "park2021georyu"),
        ("박서윤", "park2021georyu"),
        ("park", "park2021georyu"),
        ("온도2021", "park2021georyu"),
        ("의존", "park2021georyu"),
        ("漂移", "MirrorBook"),  # the word is 漂移 in both ways of writing
        ("镜面", "MirrorBook"),  # 鏡面 in the title
        ("欧阳", "MirrorBook"),  # 歐陽
        ("ouyang2020", "MirrorBook"),
        ("mirrorb", "MirrorBook"),
    ],
)
def test_a_paper_is_found_in_three_languages(assistant: Assistant, query: str, key: str) -> None:
    found = at_the_bar(assistant, f"see @{query}|")
    assert [one.text for one in found] == [f"@{key}"]


def test_a_word_is_not_found_within_another(assistant: Assistant) -> None:
    assert at_the_bar(assistant, "see @rift|") == []


def test_unread_papers_go_first_and_then_the_latest(assistant: Assistant) -> None:
    found = at_the_bar(assistant, "see @|")
    assert [one.text for one in found] == [
        "@MirrorBook",
        "@park2021georyu",
        "@lindgren2019drift",
        "@moreau2022mirror",
    ]
    assert [one.unread for one in found] == [True, True, True, False]
    # Who writes the whole key means that paper.
    assert at_the_bar(assistant, "@moreau2022mirror|")[0].text == "@moreau2022mirror"


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("see [@park|]", "see [@park2021georyu]"),
        ("see -@park|", "see -@park2021georyu"),
        ("@park|와", "@{park2021georyu}와"),
        ("@{park|}와", "@{park2021georyu}와"),
        ("@{park|", "@{park2021georyu}"),
        ("如@park|所示", "如[@{park2021georyu}]所示"),
        ("- [ ] @park|, then", "- [ ] @park2021georyu, then"),
        ("## @park|", "## 거울 정렬의 온도 의존성 [@park2021georyu]"),
    ],
)
def test_what_is_put_in_cites_the_paper(assistant: Assistant, text: str, becomes: str) -> None:
    (one,) = at_the_bar(assistant, text)
    assert put_in(text, one) == becomes
    assert [cited.key for cited in citations(becomes)] == ["park2021georyu"]


@pytest.mark.parametrize(
    "text",
    [
        "mail park@park|",
        "`see @park|`",
        "$x_{@park|}$",
        "```\nsee @park|\n```",
        "<!-- @park| -->",
        "\\@park|",
    ],
)
def test_nothing_is_offered_where_nothing_is_cited(assistant: Assistant, text: str) -> None:
    assert at_the_bar(assistant, text) == []


def test_a_code_cell_gets_no_papers(assistant: Assistant) -> None:
    document = Document("journal/x.ipynb", (CellText("code", "@park"),))
    assert assistant.complete(document, 0, 5) == []


def test_labels_of_other_cells_and_of_code_are_known(assistant: Assistant) -> None:
    others = (
        CellText("markdown", "![The *bench*](b.png){#fig-bench}\n\n# Ways {#sec-ways}\n"),
        CellText("code", "#| label: tbl-costs\n#| tbl-cap: What it costs\nshow()"),
        CellText("code", "print('{#fig-none}')"),
        CellText("markdown", "```\n{#fig-code}\n```\n\n$$\nx\n$$ {#eq-x}\n\n: Rates {#tbl-rates}"),
    )
    found = at_the_bar(assistant, "see @tbl-|", *others)
    assert [(one.text, one.detail) for one in found] == [
        ("@tbl-costs", "What it costs"),
        ("@tbl-rates", "Rates"),
    ]
    labels = at_the_bar(assistant, "see @|", *others)
    assert [one.label for one in labels if one.kind == "label"] == [
        "fig-bench",
        "sec-ways",
        "tbl-costs",
        "eq-x",
        "tbl-rates",
    ]


def test_anchors_are_those_of_the_page(assistant: Assistant) -> None:
    other = CellText("markdown", "## The way\n\n## The way\n\n### 거울 하나 [@park2021georyu]\n")
    found = at_the_bar(assistant, "[x](#|)", other)
    assert [one.text for one in found] == ["the-way", "the-way-1", "거울-하나-park2021georyu"]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("of #opt|", "of [optics]{.tag}"),
        ("#거|", "[거울]{.tag}"),
        ("[x]{.tag} [opt|", "[x]{.tag} [optics]{.tag}"),
        ("[optics]{.t|", "[optics]{.tag"),
    ],
)
def test_tags_are_written_as_spans(assistant: Assistant, text: str, becomes: str) -> None:
    (one,) = at_the_bar(assistant, text)
    assert put_in(text, one) == becomes


@pytest.mark.parametrize("text", ["# |", "#|", "[a link|](x)", "a#opt|", "![opt|"])
def test_tags_are_not_in_the_way(assistant: Assistant, text: str) -> None:
    assert at_the_bar(assistant, text) == []


def test_pointing_at_a_citation_shows_what_the_author_said(assistant: Assistant) -> None:
    document = Document("journal/x.md", (CellText("markdown", "see @{moreau2022mirror}와"),))
    found = assistant.hover(document, 0, 8)
    assert found is not None
    assert (found.start, found.end, found.key) == (4, 23, "moreau2022mirror")
    assert "Zoé Moreau. 2022. A mirror that does not drift." in found.markdown
    assert "read in 2026-W47" in found.markdown
    assert "> **Claim:** the mount is of one piece" in found.markdown
    assert "> Ask her about the glue." in found.markdown
    for hidden in ("only for me", "I doubt", "eq-one", "optics"):
        assert hidden not in found.markdown
    assert assistant.hover(document, 0, 2) is None


def test_pointing_at_an_unread_paper_shows_its_abstract_as_text(assistant: Assistant) -> None:
    document = Document("journal/x.md", (CellText("markdown", "@lindgren2019drift"),))
    found = assistant.hover(document, 0, 3)
    assert found is not None and "*unread*" in found.markdown
    assert "not with that of the lamp" in found.markdown and "<i>" not in found.markdown
    assert "https://doi.org/10.5555/drift.19" in found.markdown


def test_a_saved_file_and_library_are_read_again(assistant: Assistant) -> None:
    assert at_the_bar(assistant, "@park|")[0].unread
    path = assistant.project.journal / "more.md"
    path.write_text("## On alignment\n\nIt is by [@park2021georyu].\n", "utf-8")
    library = [*LIBRARY, {"id": "new2026", "title": "Parking mirrors", "type": "book"}]
    assistant.project.library_path.write_text(json.dumps(library), "utf-8")
    assistant.forget_time()
    found = at_the_bar(assistant, "@park|")
    assert [(one.text, one.unread) for one in found] == [
        ("@new2026", True),
        ("@park2021georyu", False),
    ]


def test_a_library_being_saved_leaves_what_was_known(assistant: Assistant) -> None:
    assistant.load()
    assistant.project.library_path.write_text('[{"id": "half', "utf-8")
    assistant.forget_time()
    assert at_the_bar(assistant, "@park|")[0].text == "@park2021georyu"


def test_a_note_is_the_template_filled(assistant: Assistant) -> None:
    note = assistant.note("park2021georyu")
    assert note.startswith("## 거울 정렬의 온도 의존성 [@park2021georyu]")
    assert "{{" not in note


def test_places_in_the_json_of_a_notebook(journal: Project) -> None:
    source = 'a "quoted" \\ line\nand 😀 then\ttab\nlast'
    one = {"cell_type": "markdown", "id": "a", "metadata": {"source": "not this"}}
    texts = [
        json.dumps({"cells": [{**one, "source": form}], "metadata": {}, "nbformat": 4,
                    "nbformat_minor": 5}, indent=indent, ensure_ascii=ascii)
        for form in (source, source.splitlines(keepends=True))
        for indent in (None, 1)
        for ascii in (True, False)
    ]  # fmt: skip
    for text in texts:
        shown = NotebookJson.read("journal/x.ipynb", text)
        assert shown is not None
        assert shown.document.cells == (CellText("markdown", source),)
        offsets = shown.offsets(0)
        assert len(offsets) == len(source) + 1
        for at in range(len(source) + 1):
            place = shown.place(offsets[at])
            assert place == (0, at)
        assert shown.place(text.index("not this") + 2) is None
    assert NotebookJson.read("x.ipynb", texts[0][:-5]) is None


def test_a_notebook_shown_as_markdown_is_a_text(journal: Project, tmp_path: Path) -> None:
    document = documents.of_text("journal/x.ipynb", "# A title\n")
    assert document.cells == (CellText("markdown", "# A title\n"),)


def test_a_key_press_is_quick_in_a_library_of_ten_thousand(journal: Project) -> None:
    """Measured in processor time, with room for a slow machine: it takes about 10 ms."""
    words = "drift mirror mount lamp glue 온도 정렬 거울 測量 漂移 鏡面".split()
    entries = [
        {
            "id": f"{name}{1980 + number % 45}n{number}",
            "type": "article-journal",
            "title": " ".join(words[(number * step) % len(words)] for step in range(1, 8)),
            "author": [{"family": name.title(), "given": "A."}],
            "issued": {"date-parts": [[1980 + number % 45]]},
        }
        for number in range(10_000)
        for name in [("lindgren", "park", "moreau", "okoye")[number % 4]]
    ]
    journal.library_path.write_text(json.dumps(entries), "utf-8")
    assistant = Assistant(journal)
    assistant.load()
    for query in ("", "l", "lin", "lindgren20", "온", "온도", "漂移"):
        start = time.process_time()
        found = at_the_bar(assistant, f"{NOTE}\n\nsee @{query}|")
        assert time.process_time() - start < 0.05, query
        assert len([one for one in found if one.kind == "paper"]) == 50
