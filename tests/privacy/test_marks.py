"""Private stretches of Markdown: what is cut, what stays, and that pandoc reads nothing more."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
from pathlib import Path

import pypandoc
import pytest

from weeknotes.privacy import once_private
from weeknotes.privacy.cut import cut_notebook
from weeknotes.privacy.marks import is_private, private_spans, shows_mark, without

#: Name, Markdown. What contains SECRET must go; every word with PUBLIC must stay.
CASES = [
    ("section", "PUBLIC\n\n## SECRET {.private}\n\nSECRET\n\n## PUBLIC\n\nPUBLIC"),
    ("higher level ends", "### SECRET {.private}\n\nSECRET\n\n# PUBLIC"),
    ("lower level does not", "## SECRET {.private}\n\n### SECRET\n\nSECRET\n\n## PUBLIC"),
    ("other attributes", '## SECRET {#x .a .private k="v}w"}\n\nSECRET'),
    ("attributes first", "## SECRET {.private #x}\n\nSECRET"),
    ("closed ATX", "## SECRET ## {.private}\n\nSECRET\n\n## PUBLIC ##"),
    ("class key", '## SECRET {class="a private"}\n\nSECRET'),
    ("upper case", "## SECRET {.Private}\n\nSECRET"),
    ("setext 1", "SECRET {.private}\n=======\n\nSECRET\n\nPUBLIC\n======"),
    ("setext 2", "SECRET {.private}\n---\n\nSECRET\n\nPUBLIC\n-----\n\nPUBLIC"),
    ("setext lower", "SECRET {.private}\n===\n\nSECRET\n\nSECRET\n---\n\nSECRET"),
    ("heading in fence ends nothing", "## SECRET {.private}\n\n```\n## SECRET\n```\n\nSECRET"),
    ("heading in fence opens nothing", "```\n## PUBLIC {.private}\n```\n\nPUBLIC"),
    ("tilde fence", "~~~~\n~~~\n## PUBLIC {.private}\n~~~~\n\nPUBLIC"),
    ("fence never closed", "```\n## SECRET {.private}\n\nSECRET"),
    ("no blank line before", "PUBLIC\n## SECRET {.private}\n\nSECRET"),
    ("not sure it ends", "## SECRET {.private}\n\nSECRET\n## SECRET\n\nSECRET\n\n## PUBLIC"),
    ("in a quote", "> ## SECRET {.private}\n>\n> SECRET"),
    ("in a list", "- ## SECRET {.private}\n\n  SECRET"),
    ("indented", "   ## SECRET {.private}\n\nSECRET\n\n   ## PUBLIC"),
    ("div", "PUBLIC\n\n::: {.private}\nSECRET\n:::\n\nPUBLIC"),
    ("div, bare class", "::: private\nSECRET\n:::\nPUBLIC"),
    ("div with colons", "::::: {.private} :::::\nSECRET\n:::::\nPUBLIC"),
    ("callout", '::: {.callout-note .private title="SECRET"}\nSECRET\n:::\nPUBLIC'),
    ("nested in it", "::: {.private}\n::: {.a}\nSECRET\n:::\nSECRET\n:::\nPUBLIC"),
    ("nested around", "::: {.a}\nPUBLIC\n::: {.private}\nSECRET\n:::\nPUBLIC\n:::\nPUBLIC"),
    ("div never closed", "PUBLIC\n\n::: {.private}\nSECRET\n\n## SECRET"),
    ("section in a div", "::: {.a}\n## SECRET {.private}\n\nSECRET\n:::\n\nPUBLIC"),
    ("div in a section", "## SECRET {.private}\n\n::: a\n## SECRET\n:::\n\nSECRET\n\n## PUBLIC"),
    ("div attributes on two lines", "::: {.private\n k=v}\nSECRET\n:::\n\nPUBLIC"),
    ("span", "PUBLIC [SECRET]{.private} PUBLIC"),
    ("span, nested brackets", "PUBLIC [SECRET [SECRET](x) `]` SECRET]{.private} PUBLIC"),
    ("span over two lines", "PUBLIC [SECRET\nSECRET]{.private} PUBLIC"),
    ("image", "PUBLIC ![SECRET](SECRET.png){.private width=3} PUBLIC"),
    ("link", "PUBLIC [SECRET](https://SECRET.org){.private} PUBLIC"),
    ("inline code", "PUBLIC `SECRET`{.private} PUBLIC"),
    ("about it in code", "PUBLIC `[PUBLIC]{.private}` PUBLIC"),
    ("code block", "```{.python .private}\nSECRET\n```\n\nPUBLIC"),
    ("chunk", "```{python}\n#| tags: [private]\nSECRET\n```\n\nPUBLIC"),
    ("chunk of class", "```{python}\n#| classes: private\nSECRET\n```\n\nPUBLIC"),
    ("caption", "PUBLIC\n\n| SECRET |\n|---|\n| SECRET |\n\n: SECRET {.private}\n\nPUBLIC"),
    (
        "seeming caption of one table",
        "PUBLIC\n\n: SECRET {.private}\n\n| SECRET |\n|---|\n| SECRET |\n\n"
        "| PUBLIC |\n|---|\n| PUBLIC |",
    ),
    ("odd place", "PUBLIC\n\nSECRET {.private} SECRET\n\nPUBLIC"),
    ("list item", "- PUBLIC\n- [ ] [SECRET]{.private}\n- PUBLIC"),
    ("task", "- [x] PUBLIC\n- [ ] PUBLIC [SECRET]{.private}"),
    ("HTML div", '<div class="private">\nSECRET\n<div>SECRET</div>\nSECRET\n</div>\n\nPUBLIC'),
    ("HTML details", "<details class='a private'><p>SECRET</details>PUBLIC"),
    ("HTML span", "PUBLIC <span class=private>SECRET</span> PUBLIC"),
    ("HTML image", 'PUBLIC <img class="private" src="SECRET.png" alt="SECRET"> PUBLIC'),
    ("HTML never closed", '<section id="a" class="private">\nSECRET\n\n## SECRET'),
    ("other words", "## PUBLIC {.private-ish}\n\n[PUBLIC]{.not-private} private {private} PUBLIC"),
    ("quoted", '[PUBLIC]{title=".private"} PUBLIC'),
    ("Korean", "## 공개 PUBLIC\n\n## SECRET 비밀 {.private}\n\nSECRET\n\n## PUBLIC 中文"),
    (
        "two in a row",
        "## SECRET {.private}\n\nSECRET\n\n## SECRET {.private}\n\nSECRET\n\n## PUBLIC",
    ),
]


@pytest.mark.parametrize("text", [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_marked_goes_and_the_rest_stays(text: str) -> None:
    public = without(text, private_spans(text))
    assert "SECRET" not in public
    assert public.count("PUBLIC") == text.count("PUBLIC")


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("## A {.private}", "## PUBLIC"),
        ("::: {.private}", ":::\n\nPUBLIC"),
        ('<div class="private">', "</div>\n\nPUBLIC"),
        ("> quoted\n\n## A {.private}", "# PUBLIC"),
    ],
)
def test_what_is_open_stays_open_in_the_next_cell(opening: str, closing: str) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": text}
        for text in (opening, "SECRET", closing)
    ]
    left = json.dumps(cut_notebook({"cells": cells}).notebook)
    assert "SECRET" not in left
    assert "PUBLIC" in left


@pytest.mark.parametrize(
    ("attributes", "private"),
    [
        ("{.private}", True),
        ("{#a .b .private c=d}", True),
        ("{.privately}", False),
        ("{.non-private}", False),
        ("{#private}", False),
        ("{title='.private'}", False),
        ("{class='x private'}", True),
    ],
)
def test_is_private(attributes: str, private: bool) -> None:
    assert is_private(attributes) is private


def test_marks_in_what_a_program_made() -> None:
    assert shows_mark("## Results {.private}")
    assert shows_mark('<table class="dataframe private">')
    assert not shows_mark("a private matter { of x }")


_INLINE = (
    "{t}", "[{t}]{{.private}}", "**{t}**", "`{t}`", "![{t}](a.png){{.private}}", "`{t}`{{.private}}"
)  # fmt: skip
_BLOCKS = (
    "# {t}", "## {t}", "### {t}", "## {t} {{.private}}", "# {t} {{.private #i}}",
    "{t}\n===", "{t} {{.private}}\n---", "{t}", "- {t}\n- {t}", "> {t}", "> ## {t} {{.private}}",
    "::: {{.private}}\n{t}\n:::", "::: a\n{t}\n\n## {t} {{.private}}\n\n{t}\n:::",
    "```\n## {t} {{.private}}\n```", "~~~\n{t}", ":::", "::: b", "::: {{.private}}", "```", "---",
    "| {t} |\n|---|\n| x |\n\n: {t} {{.private}}", "1. {t}\n\n   ## {t} {{.private}}\n\n   {t}",
    "    ## {t} {{.private}}", "{t}[^1]\n\n[^1]: {t}", '<div class="private">\n\n{t}\n\n</div>',
)  # fmt: skip
_FILTER = Path(__file__).parents[2] / "src/weeknotes/engines/lua/private.lua"
_PROBE = """
local filter = dofile(arg[1])[1].Pandoc
local file = io.open(arg[2])
local texts = pandoc.json.decode(file:read 'a', false)
file:close()
local out = pandoc.List()
for _, text in ipairs(texts) do
  local doc = pandoc.read(text, 'markdown-yaml_metadata_block')
  out:insert {pandoc.write(doc, 'html'), pandoc.write(filter(doc) or doc, 'html')}
end
io.write(pandoc.json.encode(out))
"""


def made_up(draw: random.Random) -> str:
    """A document of blocks of all kinds, sound or not, each word of which is another."""
    words = itertools.count()
    parts = []
    for _ in range(draw.randint(1, 9)):
        block = draw.choice(_BLOCKS)
        while "{t}" in block:
            inline = draw.choice(_INLINE).replace("{t}", f"w{next(words)}w")
            block = block.replace("{t}", inline, 1)
        parts.append(block.replace("{{", "{").replace("}}", "}"))
    return draw.choice(["\n\n", "\n\n", "\n"]).join(parts)


def test_pandoc_finds_nothing_private_in_what_is_left(tmp_path: Path) -> None:
    """What pandoc takes for private is cut from the text before, but for what the fences of an
    unsound document hide from a reader of lines; that `private.lua` cuts."""
    draw = random.Random(7)
    documents = [made_up(draw) for _ in range(400)]
    texts = [without(text, private_spans(text)) for text in documents]
    (tmp_path / "probe.lua").write_text(_PROBE)
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    command = [pypandoc.get_pandoc_path(), "lua", "probe.lua", str(_FILTER), "texts.json"]
    done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, check=True)
    results = json.loads(done.stdout)
    left = [
        (before, text)
        for before, text, (whole, cut) in zip(documents, texts, results, strict=True)
        if whole != cut
    ]
    assert not left


def test_the_title_of_a_note_that_was_private_is_known_without_the_papers_that_it_cites() -> None:
    private = once_private.runs("## Two words [@open2020; @ho2021]\n\nAnd more.")
    assert once_private.is_private_title("Two words", private)
    assert not once_private.is_private_title("Two other words", private)
