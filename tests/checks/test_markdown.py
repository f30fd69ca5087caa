"""What is read of Markdown, in all the ways to write it; what pandoc reads is what counts."""

from __future__ import annotations

import json
import re
import subprocess

import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checks.conftest import WEEK, Journal

from weeknotes.checks import anchors, markdown_rules, masking, mentions
from weeknotes.text.markdown import citations

A = "../../assets/images/a.png"

#: What is wrong in each text, by the names of the rules.
WRONG = {
    "[-@nobody]": "citation-unknown",
    "text @nobody2020 says": "citation-unknown",
    "## A heading [@nobody2020]": "citation-unknown",
    "a[^1]\n\n[^1]: by @nobody2020": "citation-unknown",
    "| a |\n|---|\n| @nobody2020 |": "citation-unknown",
    f"![by @nobody2020]({A})": "citation-unknown",
    "^[a note by @nobody2020]": "citation-unknown",
    "::: {.callout-note}\n@nobody2020\n:::": "citation-unknown",
    "<details><summary>x</summary>\n\n@nobody2020\n\n</details>": "citation-unknown",
    "“@nobody2020” 참고:@nobody2020": "citation-unknown",
    "https://x.org/@nobody": "citation-unknown",
    "@Ho2020": "citation-unknown",
    "参见@ho2020。": "citation-glued",
    "![x][r]\n\n[r]: gone.png": "image-missing",
    "![r]\n\n[r]: gone.png": "image-missing",
    "<img alt=x src=gone.png>": "image-missing",
    "<figure>\n<img\n  alt='x'\n  src='gone.png'>\n</figure>": "image-missing",
    f'<picture><source srcset="gone.webp 2x"><img src="{A}" alt="x"></picture>': "image-missing",
    '<video src="https://e.org/x.mp4" poster="gone.png"></video>': "image-missing",
    '<object data="gone.svg"></object>': "image-missing",
    '```{=html}\n<img src="gone.png" alt="x">\n```': "image-missing",
    "![x](/assets/images/gone.png)": "image-missing",
    "![x](../../assets/images/A.png)": "image-missing",
    "![x](<two words.png>)": "image-missing",
    "![x](two words.png)": "image-missing",
    "text [![x](gone.png)](https://example.org)": "image-missing",
    "![x]()": "image-missing",
    "![x](file:///tmp/x.png)": "image-outside",
    "![x](C:\\\\Users\\\\me\\\\x.png)": "image-outside",
    "![x](C:/Users/me/x.png)": "image-outside",
    f"![][r]\n\n[r]: {A}": "image-alt",
    f"![ ]({A})": "image-alt",
    "![](https://example.org/a.png)": "image-alt",
    "[x](gone.html)": "link-missing",
    "[x](2026-w46.ipynb)": "link-missing",
    "[x](2026-W46.pdf)": "link-missing",
    "[x](gone%20file.ipynb)": "link-missing",
    "[x]\n\n[x]: gone.ipynb": "link-missing",
    "<a\n href='gone.ipynb'>x</a>": "link-missing",
    "[x](../../../other/x.md)": "link-missing",
    "[x](../2026/)": "link-missing",
    "[x](/notebooks/weekly.ipynb)": "link-missing",
    "[x](/papers/nobody2020.html)": "link-missing",
    "[x]()": "link-missing",
    "[x](2026-W46.ipynb#a-note)": "anchor-missing",
    "## Here\n\n[x](#Here)": "anchor-missing",
    "## Here {#there}\n\n[x](#here)": "anchor-missing",
    "## Twice\n\n## Twice\n\n[x](#twice-2)": "anchor-missing",
    "<a href='#nowhere'>x</a>": "anchor-missing",
    "[x](#ref-nobody2020)": "anchor-missing",
    "@Fig-b": "reference-missing",
    "see[^x]": "reference-missing",
    "text\n::: {.callout-note}\nx\n:::": "markdown-div",
    "::: callout-note wide\nx\n:::": "markdown-div",
    "text\n1. one\n2. two": "markdown-block",
    "text\n> quote": "markdown-block",
    "text\n\n@ho2020. They say": "markdown-block",
    "- one\n- @ho2020) two": "markdown-block",
    "text\n| a |\n|---|\n| b |": "markdown-block",
    "> quote\n## No heading": "markdown-heading",
    "$$\na\n$$\n## No heading": "markdown-heading",
    "$$\na\n\nb\n$$": "markdown-math",
    "::: {#alg-a}\n```python\nx\n```\n\nA caption\n:::": "markdown-engine",
    "[x](//example.org/a)": "markdown-engine",
    "```\n{{< include _a.md >}}\n```": "markdown-engine",
    "text {{< include a.md >}} more": "markdown-shortcode",
}  # fmt: skip

#: Texts in which nothing is wrong.
RIGHT = [
    "an escaped \\<img src=gone.png> is text",
    "{{< lipsum 1 >}}\n\n{{< kbd Ctrl-C >}} {{< placeholder 20 10 >}}",
    "    @nobody in code\n\n~~~\n@nobody\n~~~",
    "- item\n\n    [@ho2020] in an item",
    "$@nobody$ and $$@nobody$$ and\n\n\\begin{align}\n@nobody\n\\end{align}",
    '<span data-x="@nobody">x</span> [x]{title="@nobody"}',
    "```{=html}\n@nobody\n```\n\n`@nobody`{=html}",
    "`` `@nobody` `` and `<!--` @ho2020 `-->`",
    "costs $5 and $6, and \\$\\$",
    "@ho2020's *@ho2020* (@ho2020), @ho2020;",
    f"![x]({A} \"a title (with brackets)\") ![y](<{A}>) ![z]({A}?v=1) ![w](/assets/images/a.png)",
    f"text [![words]({A})](https://example.org)\n\n[![]({A}){{alt=words}}](https://example.org)",
    f"![x][a] ![a]\n\n[a]: {A} 'title'",
    f'![]({A}){{alt="words"}}',
    f"::: {{#fig-b}}\n![]({A})\n\nThe caption of it\n:::",
    f"<figure><img src='{A}'><figcaption>words</figcaption></figure>",
    "![x](data:image/png;base64,iVBORw0KGgo=)",
    "\\![x\\](gone.png) `![x](gone.png)` <!-- ![x](gone.png) -->",
    "[home](/) [weeks](/weeks.html) [paper](../../papers/ho2020.html) [feed](/feed.xml)",
    "[x](mailto:a@example.org) [y](tel:+123) [z](doi:10.1/x)",
    "## On $x^2$ -- *why*?\n\n[x](#on-x2-why)",
    "## 3 things\n\n[x](#things)\n\n- ## In a list\n\n[y](#in-a-list)",
    "## Twice\n\n## Twice\n\n[x](#twice-1)",
    '<h2 id="hh">x</h2>\n\n[x](#hh) [y](#fn1) [z](#ref-ho2020)\n\n<a name=an></a>[v](#an)',
    '``` {#lst-x .python lst-cap="c"}\n1\n```\n\nsee @lst-x and [it](#lst-x)',
    "Figure 1 is @Fig-a.",
    "a[^x]\n\n[^x]: text",
    "::: {#thm-a}\nx\n:::\n\nSee @thm-a.\n\n::: {.proof}\nx\n:::",
    "| a |\n|---|\n| b |\n## A heading",
    "x\n\n---\n## A heading\n\n</div>\n## Another",
    "- one\n- two\n  more\n- three\n\n> a\n> b\n- c",
    "year\n2020. It was",
    "::: {.callout-note}\n- x\n:::\n\n:::{.a}\nx\n:::\n\n::: b :::\nx\n:::",
    "::: {.callout-note\n  title=\"x\"}\nx\n:::",
    "````\n```{mermaid}\ngraph\n```\n````",
]  # fmt: skip


@pytest.mark.parametrize(("source", "rule"), WRONG.items(), ids=list(WRONG))
def test_each_way_to_be_wrong_is_found(sound: Journal, source: str, rule: str) -> None:
    (sound.root / "notebooks").mkdir(exist_ok=True)
    (sound.root / "notebooks" / "weekly.ipynb").write_bytes((sound.root / WEEK).read_bytes())
    (sound.root / WEEK).with_name("_a.md").write_text("A part.\n")
    sound.put(source)
    found = sound.found()
    assert {f.rule for f in found} == {rule}
    assert all(f.file == WEEK and f.cell == 3 and f.line and f.hint for f in found)


@pytest.mark.parametrize("source", RIGHT)
def test_what_is_right_raises_no_alarm(sound: Journal, source: str) -> None:
    sound.put(source)
    assert sound.found() == []


_BLOCKS = [
    "```",
    "~~~",
    "$$",
    ":::",
    "::: {.a}",
    "<!--",
    "-->",
    "---",
    "## ",
    "- ",
    "    ",
    "| a |",
    "\n\n",
]
_INLINES = ["{{< ", " >}}", "![", "](", "[^", "<a ", "</a>", "{#", "[@", "\r\n"]
MARKUP = st.sampled_from([*"[]()!@$`#*_<>{}|:-=~^\\&\"' \n\t가a1", *_BLOCKS, *_INLINES])


@given(st.lists(MARKUP, max_size=60).map("".join))
def test_no_text_is_too_odd(text: str) -> None:
    for shown in (masking.plain(text), citations.prose(text), masking.outline(text)):
        assert len(shown) == len(text)
        assert shown.count("\n") == text.count("\n")
    found = mentions.Mentions()
    mentions.read(text, 1, found, mentions.image_names([text]))
    divs = markdown_rules.Divs("x.ipynb")
    findings = [*markdown_rules.judge(text, "x.ipynb", 1), *divs.feed(text, 1), *divs.end()]
    last = text.count("\n") + 1
    assert all(1 <= (finding.line or 0) <= last for finding in findings)
    places = [place[-2:] for kind in (found.cites, found.links, found.images) for place in kind]
    assert all(cell == 1 and 1 <= line <= last for cell, line in places)


HEADINGS = [
    "Plain words", "What? A *test*: `code_x` & more — 3.1", "On $x^2$ here", "A -- B --- C ... d",
    "it's \"quoted\"", "[Title](https://e.org/a_(b)) [@ho2020]", "@ho2020 [see @song2021, p. 3]",
    "扩散模型（DDPM）：第一步",
    "확산 모델, 다시 보기 2", "🥳 Computer Vision", "x_y_z _em_ __strong__ **b**",
    "2020 년 3.1", "123", "!!!", "A--B <b>t</b> &amp; more", "[s]{.tag} t",
    "note^[a note]", "C++ / C#",
    "H~2~O and ~~no~~", "\\*not em\\*", "![alt](a.png) words", "`a` `_b`", "Ünïcode ÀÉ", "a.b-c_d",
    "trailing dots...", "  spaces   inside  ", "[nested [brackets]](u)", "İstanbul", "½ of it",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_has_the_identifier_that_pandoc_gives_it(heading: str) -> None:
    command = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "json"]
    made = subprocess.run(
        command, input=f"## {heading}\n".encode(), capture_output=True, check=True
    )
    (block,) = (b for b in json.loads(made.stdout)["blocks"] if b["t"] == "Header")
    (found,) = anchors.headings(masking.outline(f"## {heading}"))
    assert anchors.identifier(found) == block["c"][1][0]


@pytest.mark.parametrize("source", [*WRONG, *RIGHT])
def test_the_citations_are_those_that_pandoc_finds(source: str) -> None:
    command = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "json"]
    made = subprocess.run(command, input=source.encode(), capture_output=True, check=True)
    theirs = set(re.findall(r'"citationId":"([^"]+)"', made.stdout.decode()))
    found = mentions.Mentions()
    mentions.read(source, 1, found)
    ours = {key for key, _, _ in found.cites} | {label for label, _, _ in found.references}
    assert {key.lower() for key in ours} == {key.lower() for key in theirs}
