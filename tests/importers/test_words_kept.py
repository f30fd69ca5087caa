"""Words that a comparison with pandoc's reading of public journals found missing, one test a cause."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path

import pytest

from weeknotes.text.pandoc import pandoc_path

from .conftest import Import, Imported

POST = "---\ntitle: Bells\ndate: 2024-07-01\n---\n\n"


def shown(made: Imported, name: str) -> str:
    """The words that pandoc, and so a reader, sees on a page."""
    done = subprocess.run(
        [pandoc_path(), "-f", "markdown", "-t", "plain", "--wrap=none"],
        input=made.text(name).encode(),
        capture_output=True,
        check=True,
    )
    return " ".join(done.stdout.decode().split())


def take_file(take: Import, folder: Path, name: str, text: str) -> Imported:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return take(folder)


@pytest.mark.parametrize("between", ["\n\n", "\n\n\n"])
def test_link_definitions_that_are_indented_below_a_list(between: str, take: Import) -> None:
    text = f"{POST}See [the bells][big].\n\n  * one\n  * [two][small]{between}"
    text += (
        '  [big]: https://bells.example/big "Big bells"\n  [small]: https://bells.example/small\n'
    )
    made = take(text)
    page = made.text(made.names[0])
    assert '[the bells](https://bells.example/big "Big bells")' in page
    assert "[two](https://bells.example/small)" in page
    assert not made.report.leftover


def test_a_definition_within_a_list_stays_where_it_is(take: Import) -> None:
    made = take(f"{POST}  * one\n\n  [big]: https://bells.example/big\n\n  * two\n")
    assert "https://bells.example/big" in made.text(made.names[0])
    assert "* two" in made.text(made.names[0])


@pytest.mark.parametrize("target", ["(a ringing bell)", "({{ site.url }}{{ post.url }})"])
def test_brackets_before_an_address_with_spaces_are_text(target: str, take: Import) -> None:
    made = take(f"{POST}It is [loud]{target}, he said.\n")
    assert target in shown(made, made.names[0])


@pytest.mark.parametrize(
    "below", ["```sh\n          ring --loud\n          ```", "ring it", "1. ring", "- ring"]
)
def test_a_hyphen_alone_in_its_line_cuts_nothing_off(
    below: str, take: Import, tmp_path: Path
) -> None:
    text = (
        f"- Bells\n    - strike the bell\n        -\n          {below}\n        -\n    - listen\n"
    )
    (tmp_path / "graph/logseq").mkdir(parents=True)
    (tmp_path / "graph/logseq/config.edn").write_text("{}")
    made = take_file(take, tmp_path / "graph", "pages/bells.md", text)
    page = shown(made, made.names[0])
    for words in ("strike the bell", "ring", "listen"):
        assert words in page
    assert "---" not in page and not made.report.leftover


def test_the_number_in_brackets_that_a_list_item_is(take: Import) -> None:
    made = take(f"{POST}In this order:\n\n1. (1234)\n2. (1243), and so on\n")
    assert "(1234)" in shown(made, made.names[0]) and "(1243)" in shown(made, made.names[0])


def test_a_script_in_raw_html_is_taken_out_and_reported(take: Import, tmp_path: Path) -> None:
    script = "<script>\nring();\n\nlisten();\n</script>"
    text = f"{POST}```{{=html}}\n<div>Ring</div>\n{script}\n```\n\nEnd.\n"
    made = take_file(take, tmp_path / "site", "bells.qmd", text)
    assert [remark.text for remark in made.report.cleaned] == ["<script>"]
    assert not made.report.leftover
    page = made.text(made.names[0])
    assert "ring()" not in page and "Ring" in page and "End." in page


@pytest.mark.parametrize(
    "before, mark",
    [("", "    "), ("> ```html\n", "> "), ("- so:\n\n  ```html\n", "  "), ("```\n", "")],
)
def test_a_script_that_is_shown_as_code_stays(before: str, mark: str, take: Import) -> None:
    fence = f"{mark}```\n" if before else ""
    made = take(f"{POST}He wrote:\n\n{before}{mark}<script>ring()</script>\n{fence}\nEnd.\n")
    assert "<script>ring()</script>" in shown(made, made.names[0])
    assert not made.report.cleaned and not made.report.leftover


@pytest.mark.parametrize("before", ["", "<div>\n", "- one\n\n"])
def test_a_script_that_is_no_code_goes(before: str, take: Import) -> None:
    made = take(
        f"{POST}{before}    <script>ring()</script>\n\nEnd.\n".replace("    ", "  ", not before)
    )
    assert "ring()" not in made.text(made.names[0])
    assert [remark.text for remark in made.report.cleaned] == ["<script>"]


@pytest.mark.parametrize("link", ['[the bell](other.html "Its sound")', "[the bell][b]"])
def test_the_title_of_a_link_to_a_file_that_did_not_come(link: str, take: Import) -> None:
    made = take(f'{POST}Look at {link} first.\n\n[b]: other.html "Its sound"\n')
    page = made.text(made.names[0])
    assert re.search(r'<span title="Its sound">the bell \(`other\.html`\)</span>', page)
    assert not made.report.leftover


def test_a_label_that_repeats_the_name_of_a_note(take: Import, tmp_path: Path) -> None:
    (tmp_path / "vault/.obsidian").mkdir(parents=True)
    made = take_file(
        take, tmp_path / "vault", "Bells.md", "See [[Big bells|Big bells]], [[Small]].\n"
    )
    assert "See Big bells, Small." in made.text(made.names[0])
    assert not made.report.leftover


def test_preformatted_text_in_other_html_is_kept_as_it_is(take: Import) -> None:
    code = (
        "<span>for</span> bell in 'https://bells.example/all':\n    <span>ring</span>(bell, *loud*)"
    )
    text = f"<div class='cell'>\n<div><pre>{code}\n\n    listen() &lt; <b>1</b>\n</pre></div>\n</div>\n"
    made = take(f"{POST}{text}\nThe *end*.\n")
    page = made.text(made.names[0])
    for part in ("'https://bells.example/all':", "\n    <span>ring</span>(bell, *loud*)", "&lt;"):
        assert part in page
    assert "\n    listen()" in page and "The *end*." in page
    assert not made.report.leftover


def test_preformatted_text_that_is_never_closed_ends_with_its_block(take: Import) -> None:
    made = take(f"{POST}<div><pre>ring\n\nThe *end* of it_\n")
    assert "</pre>" in made.text(made.names[0]).split("The *end*")[0]


def test_bars_behind_several_backslashes_end_no_cell(take: Import) -> None:
    row = r"| \| \\| Big bells \\\| ring \\\\| `a\|b` |"
    made = take(f"{POST}{row}\n| --- |\n{row.replace('Big', 'Small')}\n")
    page = shown(made, made.names[0])
    assert "Big bells" in page and "Small bells" in page and page.count("ring") == 2


def test_a_bibliography_beside_a_post_that_no_post_names(take: Import, tmp_path: Path) -> None:
    bib = "@book{kim2020, title={Big bells}, author={Kim, Ann}, year={2020}}\n"
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/refs.bib").write_text(bib)
    (tmp_path / "notes/zinc.org").write_text(
        "#+title: Zinc\n#+bibliography: refs.bib\n[cite:@kim2020]\n"
    )
    made = take_file(
        take, tmp_path / "notes", "bells.org", "#+title: Bells\nSee [cite:@kim2020].\n"
    )
    assert "[@kim2020]" in made.text("undated/bells.ipynb")
    before = made.bytes()
    assert take(tmp_path / "notes").bytes() == before


def test_what_is_behind_an_address_that_is_taken_out(take: Import, tmp_path: Path) -> None:
    text = f"{POST}[Bells](ttps://bells.example)[ring](#loud) and ![bell](bells://a/b.png) too.\n"
    made = take_file(take, tmp_path / "site", "bells.qmd", text)
    page = made.text(made.names[0])
    assert "[ring](#loud)" in page and "Bells" in page and "](bells:" not in page
    cleaned = sorted(remark.text[:13] for remark in made.report.cleaned)
    assert cleaned == ["address bells", "address ttps:"]
    assert not made.report.leftover


def test_a_drawing_that_is_written_into_a_text(take: Import, tmp_path: Path) -> None:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>ring()</script><path d="M0 0"/></svg>'
    )
    data = f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}"
    made = take(f"{POST}![A bell]({data})\n\n<img src='{data}'>\n")
    [path] = (made.journal.root / "assets/images").rglob("embedded*.svg")
    assert b"<path" in path.read_bytes() and b"script" not in path.read_bytes()
    assert made.text(made.names[0]).count(path.name) == 2 and not made.report.leftover


def test_formulas_as_github_writes_them_with_backticks(take: Import) -> None:
    text = "Let $`B = \\{b_1\\}`$ (each loud[^1]) and $`C`$ ring.\n\n[^1]: Very.\n"
    made = take(f"{POST}{text}")
    page = made.text(made.names[0])
    assert "Let $B = \\{b_1\\}$ (each loud[^1]) and $C$ ring." in page
    assert "Very." in shown(made, made.names[0]) and not made.report.leftover
