"""Citations are those that pandoc reads."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pypandoc
import pytest

from weeknotes.text.markdown.citations import citations, prose

TEXTS = [
    "As @kim2020a says [-@lee2019; see @park-2021, p. 3].",
    "김민지는 @kim2020a 에서 말한다.",
    "[a profile](https://example.org/@kim2020a) and <https://example.org/@kim2020a>",
    'a title [x](https://example.org "by @kim2020a") and ![by @lee2019](a.png)',
    "mail kim@example.org, `@code`, $@m$, \\@escaped and \\\\@kim2020a",
    "``a ` @code`` and @kim2020a.",
    "@{doi:10.1/x(2)} and @doi:10.1000/182. and @http://example.org/a//b",
    "twice @a@b, *@c*, **@d**, ~~@e~~, (@f), “@g”",
    '<a href="https://example.org/@h">@in</a> <!-- @comment -->',
    "```\n@code\n```\n\n    @code\n\n- @item\n\n> @quote",
    "[@span]{.c title='@no'} and [text][label]\n\n[label]: https://example.org/@no",
    "[text][@label]\n\n[@label]: https://example.org/@yes",
    "| a | @t |\n|---|----|\n| @u | b |",
    "# Heading @h {#id .c}\n\nUnder @line\n-----------",
    "::: {.c title='@no'}\n@inside\n:::",
    "text^[a note on @n] and [^1]\n\n[^1]: Another, @m.",
    "\\begin{align}\n@no\n\\end{align}\n\n\\cite{@no} @yes",
    "@fig-loss and @Sec-a, but @figure2020",
    "    ```\n@behind",
    "(@good) An example.\n\nAs (@good) shows, and @kim2020a.",
    "- one\n- @ho2020. two, and @lee2019",
    "@a_b @a--b: @a:b; @x/y/ @_u @1",
]


def by_pandoc(text: str) -> list[str]:
    command = [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", "json"]
    made = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    return sorted(set(_cited(json.loads(made.stdout)["blocks"])))


def _cited(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("t") == "Cite":
            yield from (one["citationId"] for one in node["c"][0])
        else:
            yield from _cited(list(node.values()))
    elif isinstance(node, list):
        for one in node:
            yield from _cited(one)


@pytest.mark.parametrize("text", TEXTS)
def test_the_keys_are_those_that_pandoc_reads(text: str) -> None:
    found = list(citations(text))
    assert sorted({one.key for one in found}) == by_pandoc(text)
    for one in found:
        assert text.startswith(one.key, one.at)
        assert text[one.at - 1 - one.braced] == "@"


def test_cross_references_are_told_from_citations() -> None:
    found = {
        one.key: one.is_cross_reference
        for one in citations("@fig-loss and @Sec-a, but @figure2020")
    }
    assert found == {"fig-loss": True, "Sec-a": True, "figure2020": False}


def test_front_matter_and_comments_are_read_where_they_are_asked_for() -> None:
    text = "---\nnocite: '@a, @*'\n---\n\n<!-- @b -->\n"
    assert list(citations(text)) == []
    assert [one.key for one in citations(text, ("yaml", "comment"))] == ["a", "*", "b"]


def test_what_is_blanked_out_keeps_its_place() -> None:
    text = "[x](https://example.org/@a) @b\r\n`@c`\n"
    assert len(prose(text)) == len(text)
    assert prose(text).index("@b") == text.index("@b")
