"""What counts as a leak and what doesn't, told by one small journal and one file of its site each."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from tests.privacy.conftest import cell, encoded, front, picture, write

from weeknotes.journal import project as projects
from weeknotes.site.verify import find_leaks

PLAN = "We move the laboratory to Lisbon in March."
Cells = list[dict[str, Any]]
Finds = Callable[..., list[str]]


def md(text: str, *tags: str, **more: Any) -> dict[str, Any]:
    return cell("markdown", f"m{abs(hash((text, tags))) % 10**9}", text, *tags, **more)


def code(text: str, *tags: str, **data: Any) -> dict[str, Any]:
    made = cell("code", f"c{abs(hash((text, tags))) % 10**9}", text, *tags)
    bundle = {kind.replace("_", "/"): value for kind, value in data.items()}
    made["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": bundle}]
    return made


@pytest.fixture
def finds(journal: projects.Project, tmp_path: Path) -> Finds:
    """Finds the leaks in a file of the site, where ``private`` and ``public`` are the cells of a week;
    returns what was found."""

    def find(
        private: Cells, public: Cells, data: bytes | str, name: str = "x.html", **files: bytes
    ) -> list[str]:
        year = journal.journal / "2026"
        hidden = [{**c, "metadata": {"tags": [*c["metadata"].get("tags", []), "private"]}}
                  for c in private]  # fmt: skip
        unlike = [{**c, "id": f"{c['id']}-{n}"} for n, c in enumerate([*public, *hidden])]
        write(year / "2026-W46.ipynb", front("Week 46", "2026-W46"), *unlike)
        for file, content in files.items():
            path = journal.root / "assets" / file.replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        site = tmp_path / "site"
        shutil.rmtree(site, ignore_errors=True)
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return [leak.what for leak in find_leaks(journal, site)]

    return find


def library(journal: projects.Project, **entry: Any) -> None:
    made = {"type": "article-journal", "issued": {"date-parts": [[2017]]}, **entry}
    (journal.root / "references.json").write_text(json.dumps([made]), "utf-8")


LEAKS: dict[str, tuple[Cells, str]] = {
    "the title of a chart": (
        [code("f()", application_json={"layout": {"title": {"text": PLAN}}})],
        f"<p>{PLAN}</p>",
    ),
    "what a chart says to a reader of screens": (
        [code("f()", **{"image/svg+xml": f'<svg aria-label="{PLAN}"><path d="M0 0"/></svg>'})],
        f'<svg role="img" aria-label="{PLAN}"></svg>',
    ),
    "a cell of a table, as words": (
        [code("f()", text_html="<table><tr><td>Lisbon</td><td>in March</td><td>the lab</td></tr>")],
        "<p>Lisbon in March the lab</p>",
    ),
    "the words of a list of links": (
        [md("- [Lisbon](https://a.org/x)\n- [in March](https://b.org/y)\n- [the lab](https://c.org)")],
        '["Lisbon in March the lab"]',
    ),
    "a task": ([md("- [ ] call Lisbon\n- [ ] pack everything that is in the lab")], "<li>call Lisbon"),
    "a heading with a line below": ([md("Lisbon plan\n---\n\nOf this nobody knows.")], "Lisbon plan"),
    "the title of a callout": (
        [md('::: {.callout-note title="Lisbon plan"}\nOf this nobody knows.\n:::')], "Lisbon plan",
    ),
    "what an image shows": ([md("![Lisbon plan](https://a.org/b.png) and so on")], "Lisbon plan"),
    "the end of a common beginning": (
        [md("It is on the first of May. It is on the first of June that we leave.")],
        "It is on the first of June",
    ),
    "a word that only explains code": ([md("docstring")], "docstring"),
    "a number": ([md("54211907")], "<td>54211907</td>"),
    "a few marked words": ([md("[Lisbon plan]{.private}")], "Lisbon plan"),
    "Korean among English": ([md("GPU를 Lisbon으로 옮기는 계획")], "GPU를 Lisbon으로 옮기는 계획"),
}  # fmt: skip


@pytest.mark.parametrize(("private", "data"), LEAKS.values(), ids=list(LEAKS))
def test_found(finds: Finds, private: Cells, data: str) -> None:
    assert finds(private, [md("It is on the first of May.")], data)


def test_a_picture_within_a_text(finds: Finds) -> None:
    drawn = base64.b64encode(encoded(picture(21))).decode()
    small = encoded(picture(21).resize((96, 60)), "WEBP")
    private = [code("f()", text_html=f'<img src="data:image/png;base64,{drawn}">')]
    assert finds(private, [], small, "thumbs/a.webp") == ["an image"]
    assert finds([md(f"![x](data:image/png;base64,{drawn})")], [], small, "thumbs/a.webp")


@pytest.mark.parametrize(
    "link", ["![a [b] c](<../../assets/a b.png>)", "![](../../assets/a%20b.png)",
             '<img src="../../assets/a b.png">', "![](../../assets/a(1).png)"],
)  # fmt: skip
def test_a_picture_however_it_is_named(finds: Finds, journal: projects.Project, link: str) -> None:
    (journal.root / "assets").mkdir(exist_ok=True)
    for name in ("a b.png", "a(1).png"):
        (journal.root / "assets" / name).write_bytes(encoded(picture(22)))
    assert finds([md(link)], [], encoded(picture(22).resize((160, 100))), "thumbs/a.png")


def test_the_name_of_a_notebook(finds: Finds, journal: projects.Project) -> None:
    write(
        journal.journal / "lisbonplan.ipynb",
        cell("raw", "a", "---\ntitle: Plans\nprivate: true\n---"),
        md("Nothing much."),
    )
    assert finds([], [], "<loc>https://a.org/journal/lisbonplan.html</loc>")


def test_what_a_private_file_says(finds: Finds) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><text>{PLAN}</text></svg>'.encode()
    shown = [md("![](../../assets/a.svg)")]
    assert finds(shown, [], f"<figure><svg><g><text>{PLAN}</text></g></svg></figure>", a_svg=svg)
    # What all drawings of one program have in common tells nothing.
    other = svg.replace(PLAN.encode(), b"Anything")
    assert not finds(shown, [], other, "x.svg", a_svg=svg)


def test_what_a_generated_cell_shows_of_a_private_part(finds: Finds) -> None:
    generated = code("show()", "generated", text_plain=f"Last week: {PLAN}")
    assert finds([md(PLAN)], [generated], f"<p>Last week: {PLAN}</p>")
    # What such a cell itself shows is no more than what the library holds.
    assert not finds([generated], [], f"<p>Last week: {PLAN}</p>")


def test_addresses_of_papers_that_only_private_notes_cite(
    finds: Finds, journal: projects.Project
) -> None:
    library(journal, id="x2017", title="Y", URL="https://arxiv.org/abs/1706.03762")
    assert finds([md("See [@x2017].")], [], '<a href="https://arxiv.org/abs/1706.03762">x</a>')


def test_addresses_of_public_papers_begin_alike(finds: Finds, journal: projects.Project) -> None:
    library(journal, id="x2022", title="Y", DOI="10.1103/PhysRevLett.129.200002")
    private = [md("As in https://doi.org/10.1103/PhysRevLett.129.200345, which nobody knows.")]
    link = '<a href="https://doi.org/10.1103/PhysRevLett.129.200002">x</a>'
    assert not finds(private, [md("See [@x2022].")], link)


ALPHABET = " ".join(map(str, range(40)))
FINE: dict[str, tuple[Cells, Cells, str]] = {
    "dates": (
        [md("## 16 November 2026"), md("2026-11-16"), md("## 11월 16일"), md("## Week 46")],
        [],
        "<p>16 November 2026, 2026-11-16, 2026년 11월 16일, Week 46</p>",
    ),
    "short numbers": ([md("1024"), md("96.5")], [], '<img width="1024" height="96.5">'),
    "numbers that count": ([code("f()", text_plain=ALPHABET)], [], f"<svg>{ALPHABET}</svg>"),
    "the same words in markup": (
        [md("The loss is low, see here, and nobody knows why.")],
        [md("The loss is **low**, [see here](https://a.org/), and nobody knows why.")],
        '<p>The loss is <b>low</b>, <a href="https://a.org/">see here</a>, and nobody knows why.</p>',
    ),
    "headings one after the other": (
        [md("## Papers\n\n## Open questions\n\n## What comes next")],
        [md("## Papers\n\nOne."), md("## Open questions\n\nTwo."), md("## What comes next\n\nThree.")],
        "<nav><a>Papers</a> <a>Open questions</a> <a>What comes next</a></nav>",
    ),
    "short headings one after the other": (
        [md("## Notes\n\n## Ideas\n\n## Questions")],
        [md("## Notes\n\nOne.\n\n## Ideas\n\nTwo.\n\n## Questions\n\nThree.")],
        "<nav><a>Notes</a> <a>Ideas</a> <a>Questions</a></nav>",
    ),
    "an image as HTML that is public as Markdown": (
        [md('<img src="a.png" alt="The loss of the training">')],
        [md("![The loss of the training](a.png)")],
        '<img src="a.png" alt="The loss of the training" loading="lazy">',
    ),
    "a public title that goes on alike by chance": (
        [md("Attention is all you need, a great paper. But not for us, I am afraid.")],
        [md("## Attention is all you need")],
        "<li><a>Attention is all you need</a> A. Vaswani</li>",
    ),
    "tags in a row": (
        [md("[few-shot learning]{.tag}\n[reproducibility of results]{.tag}")],
        [md("[meta-learning]{.tag}"), md("[reproducibility]{.tag}")],
        '["meta-learning", "reproducibility"]',
    ),
    "how a chart is drawn": (
        [code("f()", **{"image/svg+xml": '<svg viewBox="0 0 640 480" class="chart of bars and lines">'
              f"<style>text {{ font: 12px sans-serif; fill: black }}</style>{PLAN}</svg>"})],
        [],
        '<svg viewBox="0 0 640 480" class="chart of bars and lines">'
        "<style>text { font: 12px sans-serif; fill: black }</style><text>Anything</text></svg>",
    ),
    "how a generated chart is drawn": (
        [md('I drew `<rect font-family="sans-serif" font-size="13" fill="green">` by hand.')],
        [code("bars()", "generated", **{"image/svg+xml": '<svg><rect font-family="sans-serif" '
              'font-size="13" fill="red"/></svg>'})],
        '<svg><rect font-family="sans-serif" font-size="13" fill="red"/></svg>',
    ),
    "tags of one line in a row": (
        [md("[few-shot learning]{.tag} [reproducibility of results]{.tag}")],
        [md("[learning]{.tag} [reproducibility]{.tag}")],
        '["meta-learning", "reproducibility"]',
    ),
    "the code that draws all charts": (
        [code("import numpy as np\nimport matplotlib.pyplot as plt\nsecret()")],
        [code("import numpy as np\nimport matplotlib.pyplot as plt\nopen()")],
        "<pre>import numpy as np\nimport matplotlib.pyplot as plt\nopen()</pre>",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("private", "public", "data"), FINE.values(), ids=list(FINE))
def test_no_leak(finds: Finds, private: Cells, public: Cells, data: str) -> None:
    assert finds(private, public, data) == []


def test_a_title_of_the_library_in_a_private_note_is_no_leak(
    finds: Finds, journal: projects.Project
) -> None:
    names = [{"family": "Vaswani", "given": "A."}, {"family": "Shazeer", "given": "N."}]
    library(journal, id="v2017", title="Attention is all you need", author=names)
    note = md("I gave a talk on “Attention is all you need” (Vaswani et al., 2017) to them.")
    page = "<li>Attention is all you need. Vaswani, Shazeer. 2017</li>"
    assert finds([note], [md("See [@v2017].")], page) == []


def test_what_a_public_drawing_says_is_no_leak(finds: Finds) -> None:
    svg = b"<svg><text>validation loss over all training steps</text></svg>"
    note = md("The validation loss over all training steps is odd.")
    assert finds([note], [md("![](../../assets/a.svg)")], svg, "a.svg", a_svg=svg) == []


def test_front_matter_that_says_how_to_render_is_no_leak(
    finds: Finds, journal: projects.Project
) -> None:
    says = (
        "---\ntitle: Plans\nprivate: true\njupyter: python3\ndate: 2026-11-02\nweek: 2026-W45\n---"
    )
    write(journal.journal / "a.ipynb", cell("raw", "a", says), md("Nothing much."))
    shown = '<p data-day="2026-11-02">2026-W45: nothing</p>{"name": "python3"}'
    assert finds([], [], shown) == []


def test_front_matter_is_looked_for_word_by_word(finds: Finds, journal: projects.Project) -> None:
    says = f"---\ncategories: [alignment, geometry, lisbon]\ndescription: {PLAN}\n---\n\nAnd so on."
    write(journal.journal / "a.ipynb", cell("raw", "r", says.replace("---", "---\nprivate: 1", 1)))
    public = [md("[alignment]{.tag} [geometry]{.tag} [lisp]{.tag}")]
    assert finds([], public, "<li>alignment <li>geometry <li>lisp") == []
    assert finds([], public, "<li>lisbon") == ["a name"]
    assert finds([], public, f"<p>{PLAN[:30]}")


def curve(steps: int) -> Image.Image:
    image = Image.new("RGB", (400, 300), "white")
    pen = ImageDraw.Draw(image)
    pen.line([(40, 20), (40, 270), (390, 270)], fill="black", width=2)
    points = [(40 + x * 4, 260 - 200 * 8 / (8 + x + steps)) for x in range(80)]
    pen.line(points, fill="blue", width=3)
    return image


def test_charts_that_are_alike_are_no_leak(finds: Finds) -> None:
    """A private chart and a public one may look the same at a glance."""
    drawn = [encoded(curve(n)) for n in (0, 1)]
    one, other = (code("plot()", **{"image/png": base64.b64encode(d).decode()}) for d in drawn)
    assert finds([one], [other], drawn[1], "a.png") == []
    assert finds([one], [one], drawn[0], "b.png") == []
    assert finds([one], [other], drawn[0], "c.png") == ["an image"]
    attached = {"a.png": {"image/png": base64.b64encode(drawn[1]).decode()}}
    shown = [md("![](attachment:a.png)", attachments=attached)]
    assert finds([one], shown, encoded(curve(1).resize((200, 150))), "d.png") == []


def test_what_is_no_longer_public_is_found_in_files_that_were_fine(
    finds: Finds, journal: projects.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = journal.journal / "2026" / "2026-W40.ipynb"
    other = journal.journal / "2026" / "2026-W41.ipynb"
    write(told, front("Week 40", "2026-W40"), md(f"It is known that {PLAN}"))
    write(other, front("Week 41", "2026-W41"), md("Something else."))
    assert finds([md(PLAN)], [], f"<p>{PLAN}</p>") == []
    site, memory = tmp_path / "site", tmp_path / "memory.json"
    assert find_leaks(journal, site, memory) == []
    read: list[Path] = []
    original = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or original(path))
    # Neither the site nor what else is public is read again as long as what tells it is the same.
    write(other, front("Week 41", "2026-W41"), md("Something else again."))
    assert find_leaks(journal, site, memory) == []
    assert not [path for path in read if path.is_relative_to(site) or path == told]
    write(told, front("Week 40", "2026-W40"), md(f"By the way: it is known that {PLAN}"))
    assert find_leaks(journal, site, memory) == []
    assert not [path for path in read if path.is_relative_to(site)]
    write(told, front("Week 40", "2026-W40"), md("Nothing is known."))
    assert [leak.what for leak in find_leaks(journal, site, memory)] == ["text"]
    assert [leak.what for leak in find_leaks(journal, site, memory)] == ["text"]


@pytest.mark.parametrize("junk", ["", "[]", "SQLite format 3\0 and no more"])
def test_any_memory_of_what_was_searched_is_borne(
    finds: Finds, journal: projects.Project, tmp_path: Path, junk: str
) -> None:
    assert finds([md(PLAN)], [], f"<p>{PLAN}</p>")
    memory = tmp_path / "memory.sqlite"
    memory.write_text(junk, "utf-8")
    assert find_leaks(journal, tmp_path / "site", memory)
    for damage in (
        "UPDATE about SET value = '[3'",
        "UPDATE about SET value = 3",
        "DELETE FROM about",
        "UPDATE file SET excuses = '[3]'",
        "DELETE FROM excuse",
        "UPDATE words SET words = x'00'",
        "UPDATE words SET digests = '[]'",
        "UPDATE shown SET shown = x'00'",
    ):
        with contextlib.closing(sqlite3.connect(memory)) as connection, connection:
            connection.execute(damage)
        assert find_leaks(journal, tmp_path / "site", memory), damage
