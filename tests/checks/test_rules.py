"""Every rule: what it finds, where, and what it leaves alone."""

from __future__ import annotations

import io
import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.checks.conftest import ENTRY, WEEK, Journal
from tests.privacy.conftest import cell, encoded, picture, write

from weeknotes.checks.rule_table import RULES

REPOSITORY = Path(__file__).parents[2]


def code(id: str, text: str, count: int | None, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {**cell("code", id, text), "execution_count": count, "outputs": list(outputs)}


def printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": [text]}


def text(source: str) -> Callable[[Journal], None]:
    return lambda journal: journal.put(source)


def cells(*more: dict[str, Any]) -> Callable[[Journal], None]:
    return lambda journal: journal.put(cells=list(more))


def front_matter(**values: str) -> Callable[[Journal], None]:
    return lambda journal: journal.put(**values)


def entry(**values: Any) -> Callable[[Journal], None]:
    return lambda journal: journal.put_library({"id": "new2021", **ENTRY, **values})


def photo(suffix: str, *, placed: bool) -> bytes:
    """A photo, whose metadata has its camera, and its place if it is ``placed``."""
    image = Image.new("RGB", (8, 8), "teal")
    metadata = image.getexif()
    metadata[0x0110] = "A camera"
    if placed:
        metadata.get_ifd(0x8825).update(
            {1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 41.0)}
        )
    stream = io.BytesIO()
    image.save(stream, suffix, exif=metadata)
    return stream.getvalue()


def file(name: str, data: str | bytes) -> Callable[[Journal], None]:
    def change(journal: Journal) -> None:
        path = journal.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())

    return change


SCRIPT = {
    "output_type": "display_data",
    "metadata": {},
    "data": {"text/html": "<div id='c'></div><script>Bokeh.embed()</script>"},
}


def renders(journal: Journal, glob: str) -> None:
    """Have the journal make pages of the files that `glob` names alone."""
    path = journal.root / "_quarto.yml"
    path.write_text(path.read_text("utf-8") + f"\nproject: {{render: ['{glob}']}}\n", "utf-8")


def both(*changes: Callable[[Journal], None]) -> Callable[[Journal], None]:
    def change(journal: Journal) -> None:
        for one in changes:
            one(journal)

    return change


def another_week(name: str, week: str = "") -> Callable[[Journal], None]:
    return lambda j: j.put(name=f"journal/2026/{name}.ipynb", week=week or name)


ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": []}
# Put together here, so that no scanner takes this file for a place where secrets are kept.
TOKEN = "gh" + "p_" + "a1B2" * 9
AWS = "AK" + "IA" + "Q3EGRXTLMZ7YWUVN"
KEY = "-----BEGIN RSA PRIVATE" + " KEY-----"
NO_WEEK = "journal/2026/2025-W53.ipynb"
RAISES = {"tags": ["raises-exception"]}
LONG = "x" * 600_000

#: What is wrong, what makes it so, and where the finding must point to: file, cell, line.
WRONG: list[tuple[str, Callable[[Journal], None], tuple[str, int | None, int | None]]] = [
    ("citation-unknown", text("One\n\nand [@ho2021]."), (WEEK, 3, 3)),
    ("citation-unknown", text("`x` @{missing key}, @missing와"), (WEEK, 3, 1)),
    ("citation-unknown", text("[see @ho2020, p. 3; -@nobody]"), (WEEK, 3, 1)),
    ("citation-glued", text("x\n\n참고@ho2020"), (WEEK, 3, 3)),
    ("library-invalid", lambda j: j.put_library(plain=b"[{"), ("references.json", None, 1)),
    ("library-title", entry(title=""), ("references.json", None, 21)),
    ("library-author", entry(title="A title of it", author=[]), ("references.json", None, 21)),
    ("library-date", entry(title="A title of it", issued={}), ("references.json", None, 21)),
    ("library-duplicate", entry(title="Denoising, Diffusion."), ("references.json", None, 21)),
    (
        "library-imported",
        entry(title="A title of it", author=[], custom={"imported": True}),
        ("references.json", None, 21),
    ),
    (
        "library-duplicate",
        lambda j: j.put_library(
            {"id": "a2020", "title": "One name", "DOI": "10.1/X", **ENTRY},
            {"id": "b2020", "title": "Another", "DOI": "https://doi.org/10.1/x", **ENTRY},
        ),
        ("references.json", None, 22),
    ),
    ("library-key", entry(id="Ho2020", title="Another title"), ("references.json", None, 21)),
    (
        "library-key",
        entry(title="Another title", **{"other-ids": "ho2020"}),
        ("references.json", None, 21),
    ),
    (
        "library-form",
        lambda j: j.put_library(plain=json.dumps([{"id": "ho2020", "title": "x", **ENTRY}]).encode()),
        ("references.json", None, None),
    ),
    ("library-bib", file("references.bib", "old"), ("references.bib", None, None)),
    ("image-missing", text("\n![x](../../assets/images/b.png)"), (WEEK, 3, 2)),
    ("image-missing", text("{{< video clip.mp4 >}}"), (WEEK, 3, 1)),
    ("image-missing", text('<img src="no.png" alt="x">'), (WEEK, 3, 1)),
    ("image-missing", text("![x](attachment:a.png)"), (WEEK, 3, 1)),
    ("image-outside", text("![x](../../../b.png)"), (WEEK, 3, 1)),
    (
        "image-large",
        both(text("![x](big.png)"), file("journal/2026/big.png", b"x" * 2_100_000)),
        (WEEK, 3, 1),
    ),
    (
        "image-place",
        both(text("![x](bench.jpg)"), file("journal/2026/bench.jpg", photo("jpeg", placed=True))),
        (WEEK, 3, 1),
    ),
    (
        "image-place",
        both(text("![x](bench.webp)"), file("journal/2026/bench.webp", photo("webp", placed=True))),
        (WEEK, 3, 1),
    ),
    ("image-alt", text("![](../../assets/images/a.png)"), (WEEK, 3, 1)),
    ("image-alt", text('<img src="../../assets/images/a.png">'), (WEEK, 3, 1)),
    (
        "image-unused",
        file("assets/images/b.png", encoded(picture(2))),
        ("assets/images/b.png", None, None),
    ),
    ("link-missing", text("[x](2026-W45.ipynb)"), (WEEK, 3, 1)),
    ("link-missing", text("[x][y]\n\n[y]: nowhere.pdf"), (WEEK, 3, 3)),
    ("link-missing", text("{{< include _none.md >}}"), (WEEK, 3, 1)),
    ("anchor-missing", text("[x](#no-such-heading)"), (WEEK, 3, 1)),
    ("anchor-missing", text("[x](2026-W46.html#no-such-heading)"), (WEEK, 3, 1)),
    ("reference-missing", text("See @fig-b."), (WEEK, 3, 1)),
    ("week-invalid", front_matter(week="2026-W61"), (WEEK, 1, 3)),
    ("week-file-name", front_matter(week="2026-W45"), (WEEK, 1, 3)),
    ("week-file-name", another_week("2025-W53", "2026-W47"), (NO_WEEK, None, None)),
    ("week-date", front_matter(date="2026-11-17"), (WEEK, 1, 4)),
    ("week-title", front_matter(title="Week 2026-W45"), (WEEK, 1, 2)),
    ("week-title", front_matter(title="2026-11-16 to 2026-11-22"), (WEEK, 1, 2)),
    ("week-date", front_matter(date='"November 17, 2026"'), (WEEK, 1, 4)),
    ("week-title", front_matter(title="Week 45, 2026"), (WEEK, 1, 2)),
    ("week-title", front_matter(title="2026년 45주차"), (WEEK, 1, 2)),
    ("week-title", front_matter(title="2026年第45周"), (WEEK, 1, 2)),
    ("week-missing", another_week("2026-W44"), ("journal/2026/2026-W44.ipynb", None, None)),
    ("week-duplicate", another_week("copy", "2026-W46"), ("journal/2026/copy.ipynb", None, None)),
    ("file-name", another_week("aux", "2026-W46"), ("journal/2026/aux.ipynb", None, None)),
    ("file-name", file("assets/images/A.png", b""), ("assets/images/a.png", None, None)),
    ("file-name", file("assets/images/b?.png", b""), ("assets/images/b?.png", None, None)),
    (
        "front-matter-missing",
        lambda j: write(j.root / "journal/x.ipynb", cell("markdown", "a", "x")),
        ("journal/x.ipynb", None, None),
    ),
    ("front-matter-invalid", front_matter(author="[x"), (WEEK, 1, 5)),
    ("front-matter-value", front_matter(lang="3"), (WEEK, 1, 4)),
    ("front-matter-value", front_matter(toc="maybe"), (WEEK, 1, 4)),
    ("front-matter-value", front_matter(categories="{a: b}"), (WEEK, 1, 4)),
    ("front-matter-value", front_matter(draft="later"), (WEEK, 1, 4)),
    ("front-matter-value", front_matter(date="soon"), (WEEK, 1, 4)),
    (
        "front-matter-place",
        lambda j: write(j.root / "journal/x.ipynb", cell("markdown", "a", "---\ntitle: x\n---")),
        ("journal/x.ipynb", 1, None),
    ),
    ("metadata-invalid", file("journal/_metadata.yml", "a: ["), ("journal/_metadata.yml", None, 2)),
    ("notebook-invalid", file("journal/x.ipynb", "{"), ("journal/x.ipynb", None, 1)),
    ("notebook-invalid", file("journal/x.ipynb", ""), ("journal/x.ipynb", None, None)),
    ("notebook-invalid", lambda j: j.change(nbformat=3), (WEEK, None, None)),
    ("notebook-format", lambda j: j.change(nbformat_minor=4), (WEEK, None, None)),
    ("cell-id", cells({"cell_type": "markdown", "metadata": {}, "source": "x"}), (WEEK, 3, None)),
    ("cell-id-duplicate", cells(cell("markdown", "one", "x")), (WEEK, 3, None)),
    ("cell-id-duplicate", cells(cell("markdown", "no spaces", "x")), (WEEK, 3, None)),
    (
        "merge-unfinished",
        text("one\n\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> main"),
        (WEEK, 3, 3),
    ),
    ("merge-unfinished", text("**<<<<<<< LOCAL CELL DELETED >>>>>>>**\n\nwords"), (WEEK, 3, 1)),
    (
        "output-interactive",
        cells(code("a", "chart", 1, SCRIPT)),
        (WEEK, 3, None),
    ),
    ("page-failed", front_matter(csl="gone.csl"), (WEEK, None, None)),
    ("page-warning", front_matter(shiny="true"), (WEEK, 1, None)),
    ("rule-unknown", text("<!-- check off: image-alts -->"), (WEEK, 3, None)),
    ("quarto-refused", text("{{< env HOME >}}"), (WEEK, 3, None)),
    ("quarto-refused", front_matter(filters="[a.lua]"), (WEEK, 1, None)),
    ("code-not-run", cells(code("a", "x = 1", 1), code("b", "y = 1", None)), (WEEK, 4, None)),
    ("code-order", cells(code("a", "x = 1", 3), code("b", "y = 1", 2)), (WEEK, 4, None)),
    ("code-order", cells(code("a", "x = 1", 1), code("b", "y = 1", 1)), (WEEK, 4, None)),
    ("code-error", cells(code("a", "x = 1", 1, ERROR)), (WEEK, 3, None)),
    (
        "page-unread",
        both(file("journal/a.qmd", "# A\n"), lambda j: renders(j, "/journal/**/*.ipynb")),
        ("journal/a.qmd", None, None),
    ),
    ("cell-large", cells(code("a", "x = 1", 1, printed(LONG))), (WEEK, 3, None)),
    ("notebook-newline", file("journal/x.ipynb", b""), ("journal/x.ipynb", None, None)),
    ("output-path", cells(code("a", "x", 1, printed("/home/kim/data/a.npz\n"))), (WEEK, 3, None)),
    ("output-path", cells(code("a", "x", 1, printed("C:\\Users\\kim\\a.npz\n"))), (WEEK, 3, None)),
    ("output-email", cells(code("a", "x", 1, printed("by kim@lab.ac.kr\n"))), (WEEK, 3, None)),
    ("secret", cells(code("a", f"x = 1\nt = '{TOKEN}'", 1)), (WEEK, 3, 2)),
    ("secret", cells(code("a", "x", 1, printed(f"key {AWS}\n"))), (WEEK, 3, None)),
    ("secret", text(f"Look:\n\n    {KEY}\n"), (WEEK, 3, 3)),
    ("markdown-fence", text("x\n\n```python\nprint(1)"), (WEEK, 3, 3)),
    ("markdown-div", text("::: {.callout-note}\nx"), (WEEK, 3, 1)),
    ("markdown-div", text("x\n\n:::\n"), (WEEK, 3, 3)),
    ("markdown-heading", text("text\n## Not a heading"), (WEEK, 3, 2)),
    ("markdown-block", text("text\n- no item"), (WEEK, 3, 2)),
    ("markdown-math", text("x\n\n$$\na"), (WEEK, 3, 3)),
    ("markdown-engine", text("x\n\n```\n{{< include a.md >}}\n```"), (WEEK, 3, 4)),
    (
        "markdown-comment",
        cells(cell("markdown", "c", "so\n\n<!-- away"), cell("markdown", "d", "words\n\n-->")),
        (WEEK, 3, 3),
    ),
    (
        "markdown-tex",
        file("journal/a.qmd", "---\ntitle: A\n---\n\nfour\n\nin \\emph{six}\n"),
        ("journal/a.qmd", None, 7),
    ),
    ("markdown-label", text("![x](../../assets/images/a.png){#fig-a}"), (WEEK, 3, None)),
    ("markdown-shortcode", text("x\n\n{{< pacman x >}}"), (WEEK, 3, 3)),
    ("private-mark", text("x\n\n[words]{private} here"), (WEEK, 3, 3)),
    (
        "private-reference",
        text("See @tbl-b.\n\n::: {.private}\n| a |\n|---|\n\n: b {#tbl-b}\n:::"),
        (WEEK, 3, 1),
    ),
    (
        "private-paper",
        both(
            entry(title="A paper of note"),
            cells(
                cell("markdown", "p", "[@new2021]", "private"),
                {**code("g", "x", None, printed("- A paper [@new2021]\n")),
                 "metadata": {"tags": ["generated"]}},
            ),
        ),
        (WEEK, 4, None),
    ),
]  # fmt: skip


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize(
    ("rule", "change", "where"), WRONG, ids=[f"{n}-{w[0]}" for n, w in enumerate(WRONG)]
)
def test_what_is_wrong_is_found_where_it_is(
    sound: Journal,
    rule: str,
    change: Callable[[Journal], None],
    where: tuple[str, int | None, int | None],
) -> None:
    if rule == "notebook-newline":
        path = sound.root / "journal/x.ipynb"
        path.write_bytes((sound.root / WEEK).read_bytes().rstrip())
    else:
        change(sound)
    found = [f for f in sound.found() if f.rule == rule]
    assert [(f.file, f.cell, f.line) for f in found][:1] == [where]
    for finding in found:
        assert finding.message


def test_every_rule_has_a_case() -> None:
    assert {rule for rule, _, _ in WRONG} | {"link-dead"} == set(RULES)


def test_nothing_is_wrong_with_a_sound_journal(sound: Journal) -> None:
    assert sound.found() == []


RIGHT = {
    "an e-mail address in a text": text("Write to kim@lab.ac.kr or to <kim@lab.ac.kr>."),
    "an @ in an address": text("[x](https://medium.com/@nobody/a) <https://x.org/@nobody>"),
    "an @ in code": text("`@nobody` and\n\n```\n@nobody\n```"),
    "an @ in a comment": text("<!-- @nobody -->"),
    "a citation before a particle": text("@{ho2020}와 [@ho2020의] 다르다".replace("의]", "]")),
    "punctuation after a key": text("See @ho2020. And (@ho2020), @ho2020: yes; [@ho2020, p. 3]."),
    "own references": front_matter(references='[{id: own, title: x}]', description='"[@own]"'),
    "an image from elsewhere": text("![x](https://example.org/a.png)"),
    "a decorative image": text('<img src="../../assets/images/a.png" alt="">'),
    "an alternative text": text('![](../../assets/images/a.png){fig-alt="x"}'),
    "a link into a heading": text("## 확산 모델, 다시\n\n[x](#확산-모델-다시) [y](#a-note-ho2020)"),
    "a link to a repeated heading": text("## Results\n\n## Results\n\n[x](#results-1)"),
    "a link to a page": text("[x](2026-W46.ipynb) [y](2026-W46.html#a-note-ho2020) [z](/)"),
    "a reference of a code cell": both(
        lambda j: j.put("See @fig-z.", cells=[code("a", "#| label: fig-z\nx", 1)])
    ),
    "a reference into a table": text("See @tbl-b.\n\n| a |\n|---|\n| b |\n\n: c {#tbl-b}"),
    "an equation": text("See @eq-x.\n\n$$\na\n$$ {#eq-x}"),
    "a section": text("See @sec-x.\n\n## A {#sec-x}\n"),
    "a fence in a fence": text("````\n```\n````"),
    "a hash in code": text("text\n```\n# comment\n```"),
    "a tag": text("text\n#diffusion #확산"),
    "code never run at all": cells(code("a", "x", None), code("b", "y", None)),
    "code not to be run": cells(code("a", "x", 1), code("b", "#| eval: false\ny", None)),
    "an expected error": cells({**code("a", "x", 1, ERROR), "metadata": RAISES}),
    "generated code": cells({**code("a", "x", None), "metadata": {"tags": ["generated"]}}),
    "a path in the journal": cells(code("a", "x", 1, printed("assets/images/a.png /usr and/or"))),
    "an address in an output": cells(code("a", "x", 1, printed("https://a.org/home/x me@example.com"))),
    "a hash in an output": cells(code("a", "x", 1, printed("sha256:" + "0a1b" * 16))),
    "a base64 image": cells(code("a", "x", 1, {"output_type": "display_data", "metadata": {}, "data": {
        "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk" * 20}})),
    "nested divs": text("::: {.a}\n:::: {.b}\nx\n::::\n:::"),
    "a div over cells": cells(cell("markdown", "x", "::: a"), cell("markdown", "y", ":::")),
    "a week at the end of a year": another_week("2026-W53", "2026-W53"),
    "a digest": lambda j: j.put(name="journal/digests/a.ipynb", week="2026-W46", kind="digest"),
    "known shortcodes": text("{{< kbd Ctrl-C >}} {{< meta title >}} {{{< anything >}}}"),
    "a private note about a paper": text("[@ho2020]{.private}"),
    "a comment over two lines": text("<!--\n![](no.png)\n-->"),
}  # fmt: skip


@pytest.mark.parametrize("change", RIGHT.values(), ids=list(RIGHT))
def test_what_is_right_is_left_alone(sound: Journal, change: Callable[[Journal], None]) -> None:
    change(sound)
    assert [f for f in sound.found() if f.rule != "week-missing"] == []


def test_a_part_that_a_page_includes_is_read(sound: Journal) -> None:
    renders(sound, "/journal/**/*.ipynb")
    (sound.root / "journal/2026/part.md").write_text("A part.\n")
    sound.put("{{< include part.md >}}")
    assert sound.found() == []


def test_the_nearest_key_is_named(sound: Journal) -> None:
    sound.put("[@ho2021] [@HO2020]")
    hints = [f.hint or "" for f in sound.found()]
    assert len(hints) == 2
    assert all("@ho2020" in hint for hint in hints)


def test_the_shipped_journal_gives_no_alarm() -> None:
    from weeknotes.checks.runner import check
    from weeknotes.journal import project as projects

    found = check(projects.find(REPOSITORY)).findings
    assert [str(f) for f in found if not f.minor] == []


def test_the_documentation_lists_every_rule() -> None:
    written = (REPOSITORY / "docs" / "checks.md").read_text("utf-8")
    for rule in RULES.values():
        mark = "mended by `--fix`" if rule.fixable else ("minor" if rule.minor else "")
        mark = "mended by `--fix`, minor" if rule.fixable and rule.minor else mark
        assert f"| `{rule.name}` | {rule.summary} | {mark} |" in written
    rules = written.partition("## Citations")[2]
    assert rules.count("\n| `") == len(RULES)


def test_the_documentation_tells_what_a_program_reads(sound: Journal) -> None:
    written = (REPOSITORY / "docs" / "checks.md").read_text("utf-8")
    table = written.partition("`--json` prints")[2].partition("\n## ")[0]
    sound.put("[@nobody]")
    (finding,) = sound.found()
    assert all(f"`{key}`" in table for key in finding.as_json())


def library(*entries: dict[str, Any]) -> Callable[[Journal], None]:
    return lambda journal: journal.put_library(*entries)


NAMED = {"title": "A title of it", **ENTRY}
KIM = {"author": [{"family": "Kim"}]}


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (library({"id": "a", **NAMED, "author": [{}]}), {"library-author"}),
        (library({"id": "a", **NAMED, "author": "Ho"}), {"library-author"}),
        (library({"id": "a", **NAMED, "author": [{"literal": "WHO"}]}), set()),
        (library({"id": "a", **NAMED, "issued": {"date-parts": [[]]}}), {"library-date"}),
        (library({"id": "a", **NAMED, "issued": {"raw": "in press"}}), set()),
        (library({"id": "a b", **NAMED}), {"library-key"}),
        (
            library(
                {"id": "a", **NAMED, "DOI": "10.1/X"},
                {"id": "b", **NAMED, "title": "Another one", "URL": "http://dx.doi.org/10.1/x"},
            ),
            {"library-duplicate"},
        ),
        (
            library(
                {"id": "a", **NAMED, "archive": "arXiv", "archive_location": "2006.11239"},
                {
                    "id": "b",
                    **NAMED,
                    "title": "Another",
                    "URL": "https://arxiv.org/pdf/2006.11239v2",
                },
            ),
            {"library-duplicate"},
        ),
        (
            library({"id": "a", **NAMED}, {"id": "b", **NAMED, "title": "A <i>title</i> of it"}),
            {"library-duplicate"},
        ),
        (library({"id": "a", **NAMED}, {"id": "b", **NAMED, **KIM}), set()),
        (lambda j: j.put_library(plain=b"[{}]"), {"library-invalid", "citation-unknown"}),
    ],
)
def test_the_library(sound: Journal, change: Callable[[Journal], None], rules: set[str]) -> None:
    change(sound)
    assert sound.rules() == rules


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize("cells", [None, "x", {}, {"a": 1}, 3, [None], ["x"], [[]]])
def test_cells_that_are_none_are_told(sound: Journal, cells: Any) -> None:
    sound.change(cells=cells)
    assert sound.rules() == {"notebook-invalid"}


@pytest.mark.invalid_notebooks
def test_an_image_that_is_none_is_told(sound: Journal) -> None:
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": ["x", 1]}}
    sound.put(cells=[code("a", "x", 1, output)])
    assert sound.rules() == {"notebook-invalid"}


@pytest.mark.invalid_notebooks
def test_a_file_that_cannot_be_read_is_told_with_the_rest(sound: Journal) -> None:
    (sound.root / "journal/gone.ipynb").symlink_to("nowhere")
    os.mkfifo(sound.root / "journal/pipe.ipynb")
    sound.put("[@nobody]")
    assert [(f.file, f.rule) for f in sound.found()] == [
        (WEEK, "citation-unknown"),
        ("journal/gone.ipynb", "notebook-invalid"),
        ("journal/pipe.ipynb", "notebook-invalid"),
    ]
    (sound.root / "journal/pipe.ipynb").unlink()


def test_the_week_with_the_usual_name_is_not_the_one_too_many(sound: Journal) -> None:
    sound.put(name="journal/2026/2026-W46-copy.ipynb", week="2026-W46")
    assert [f.file for f in sound.found()] == ["journal/2026/2026-W46-copy.ipynb"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_that_only_looks_the_same_is_told(sound: Journal, form: str) -> None:
    other = {"NFC": "NFD", "NFD": "NFC"}[form]
    name = unicodedata.normalize(form, "사진.png")
    (sound.root / "journal/2026" / name).write_bytes(encoded(picture(5)))
    sound.put(f"![x]({name})")
    assert sound.found() == []
    sound.put(f"![x]({unicodedata.normalize(other, name)})")
    (only,) = sound.found()
    assert only.rule == "image-missing"
    assert "look the same" in (only.hint or "")


def test_a_gap_is_told_once(sound: Journal) -> None:
    sound.put(name="journal/2026/2026-W40.ipynb")
    assert [f.message for f in sound.found()] == [
        "the 5 weeks after it, 2026-W41 to 2026-W45, are missing"
    ]
