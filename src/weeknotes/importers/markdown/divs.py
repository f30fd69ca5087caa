"""Fenced divs: callouts, which a quote begins on GitHub and in Obsidian, and private blocks.

A callout is a quote whose first line names its kind, such as ``> [!NOTE]`` (GitHub's alerts), or
``> [!example]- Title`` (Obsidian, where ``-`` folds it). Quarto has five kinds; any other kind becomes
a note whose title is the name of the kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from weeknotes.importers.markdown import blocks
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.escapes import harmless_code
from weeknotes.importers.markdown.inline import Inline

_CALLOUT = re.compile(r"^ {0,3}> ?\[!([A-Za-z][\w-]*)(\|[^\]]*)?\]([-+]?)[ \t]*(.*?)[ \t]*$")
_QUOTE_MARK = re.compile(r"^ {0,3}> ?")
#: The callout of Quarto that is nearest to each kind of admonition.
CALLOUT_KINDS = {
    "note": "note",
    "tip": "tip",
    "hint": "tip",
    "important": "important",
    "warning": "warning",
    "attention": "warning",
    "caution": "caution",
    "danger": "caution",
    "error": "caution",
}
#: The kinds of callout that the icons of Notion stand for; any other icon is that of a note.
ICONS = {
    "💡": "tip",
    "⚠": "warning",
    "🚨": "caution",
    "❗": "important",
    "‼": "important",
    "🔥": "important",
}
_SAME = ("note", "tip", "important", "warning", "caution")

Render = Callable[[Sequence[Block], Inline], str]


def is_callout(block: Block) -> bool:
    """Whether ``block`` is a quote that is a callout."""
    return block.kind == "quote" and bool(_CALLOUT.match(block.lines[0][1]))


def callout(block: Block, inline: Inline, render: Render) -> Iterator[str]:
    """The callout that the quote ``block`` is, as the fenced div that Quarto reads."""
    match = _CALLOUT.match(block.lines[0][1])
    assert match is not None
    kind, words, fold, title = match[1].lower(), match[2] or "", match[3], match[4]
    body = [(number, _QUOTE_MARK.sub("", text)) for number, text in block.lines[1:]]
    made = inline.convert(title, block.start, within_link=True) + inline.html.close_inline()
    if ".private}" in made:
        # An attribute cannot be private in part.
        made = ""
        body = [(block.start, title), (block.start, ""), *body]
    made = made or ("" if kind in _SAME else match[1][0].upper() + match[1][1:])
    head = f"::: {{.callout-{CALLOUT_KINDS.get(kind, 'note')}"
    if kind not in _SAME:
        # The kind that its author gave it, which Quarto has no callout for.
        head += f" .kind-{kind}"
    if made:
        head += f' title="{_attribute(made)}"'
    if fold:
        head += f' collapse="{"true" if fold == "-" else "false"}"'
    head += "}"
    shown = "" if body and body[0] == (block.start, title) else title
    inline.resolved.append((head, f"> [!{match[1]}{words}] {shown}"))
    yield from _div(head, body, inline, render)


def aside(block: Block, inline: Inline, render: Render) -> Iterator[str]:
    """``block``, whose lines are what an aside of Notion holds, as a callout: of the kind that its icon
    stands for."""
    first = next((text for _, text in block.lines if text.strip()), "").strip()
    kind = next((kind for icon, kind in ICONS.items() if first.startswith(icon)), "note")
    head = f"::: {{.callout-{kind}}}"
    inline.resolved.append((head, ":::"))
    yield from _div(head, block.lines, inline, render)


def private(block: Block, inline: Inline, render: Render) -> Iterator[str]:
    """``block``, whose lines are what a comment holds, as a fenced div that is private."""
    head = "::: {.private}"
    inline.resolved.append((head, ":::"))
    yield from _div(head, block.lines, inline, render)


def _div(head: str, body: Sequence[Line], inline: Inline, render: Render) -> Iterator[str]:
    yield head
    if any(text.strip() for _, text in body):
        inner = blocks.parse(list(body))
        # A link reference definition in a container defines nothing outside of it, and is text.
        kept = (replace(b, kind="paragraph") if b.kind == "definition" else b for b in inner)
        yield render(list(kept), inline)
    yield ":::"


def _attribute(markdown: str) -> str:
    """``markdown`` as the value of an attribute."""
    return harmless_code(markdown.replace("\\", "\\\\").replace('"', "&quot;"))
