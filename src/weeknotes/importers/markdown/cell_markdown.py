"""Blocks of a source as the Markdown of a notebook's cell."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from weeknotes.importers.markdown import divs, fences
from weeknotes.importers.markdown.blocks import ITEM, Block, Line, is_blank, split_row
from weeknotes.importers.markdown.escapes import WORD_JOINER, harmless_code
from weeknotes.importers.markdown.inline import PRIVATE_MARK, Inline
from weeknotes.importers.markdown.pandoc_markdown import rewritten

_FENCE = re.compile(r"( *)(`{3,}|~{3,})[ \t]*(.*)")
_QUOTED = re.compile(r"^(?: {0,3}> ?)+")
# What a line of a list or a quote begins with before its text: quotes, indents, markers, in any order.
_PREFIX = re.compile(r"^(?: {0,3}>[ ]?| +|[-*+](?:[ \t]+|$)|[0-9]{1,9}[.)](?:[ \t]+|$))*")
_MARKER = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]+|$)")
# A code span, or a bar behind an even number of backslashes.
_BAR = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|(?<!\\)((?:\\\\)+)\|")
_WIDEST_ROW = 72
_PRE = re.compile(r"<(/?)pre(?=[\s>])", re.I)
# Alternative texts that editors put in themselves: no caption for a reader.
_EMPTY_ALT = re.compile(
    r"(?:image|img|picture|pic|photo|figure|fig|screenshot|alt(?: text)?|untitled|"
    r"图片|图|图像|截图|在这里插入图片描述|插图|이미지|그림|사진|스크린샷|캡처)?[ _-]*[0-9]*"
    r"(?:\.(?:png|jpe?g|gif|webp|svg))?",
    re.I,
)
_NAME = re.compile(r"(?<=\S)\s+\{(#\w[\w.:-]*)\}\s*$")
_ONE_IMAGE = re.compile(
    r"!\[((?:[^\[\]]|\\.)*)\]\((?:<[^<>]*>|[^()\s]*)(?: \"(?:[^\"\\]|\\.)*\")?\)"
)


def cell(blocks: Sequence[Block], inline: Inline) -> str:
    """The Markdown of a cell that holds ``blocks``: each in its own lines, one empty line between
    any two, and all HTML that is opened in it closed in it."""
    depth = len(inline.html.open)
    parts: list[str] = []
    for block in blocks:
        made = "\n".join(_render(block, inline)).strip("\n")
        if made.strip():
            parts.append(made)
    if closing := inline.html.close_to(depth):
        parts.append(closing)
    return "\n\n".join(parts)


def _render(block: Block, inline: Inline) -> Iterator[str]:
    if block.lang and block.kind not in ("heading", "blank"):
        yield f'<div lang="{block.lang}">'
        yield ""
        yield from _dispatch(block, inline)
        yield ""
        yield "</div>"
    else:
        yield from _dispatch(block, inline)


def _dispatch(block: Block, inline: Inline) -> Iterator[str]:
    if block.kind in ("blank", "front", "definition"):
        return iter(())
    if block.kind == "quote" and divs.is_callout(block):
        return divs.callout(block, inline, cell)
    return _WRITERS.get(block.kind, _paragraph)(block, inline)


def _rule(block: Block, inline: Inline) -> Iterator[str]:
    yield "***"


def _fenced(block: Block, inline: Inline) -> Iterator[str]:
    yield from _fence([text for _, text in block.lines], closed=block.label == "closed")


def _indented(block: Block, inline: Inline) -> Iterator[str]:
    yield from (harmless_code(text) for _, text in block.lines)


def _pandoc(block: Block, inline: Inline) -> Iterator[str]:
    yield from rewritten(block.text, block.start, inline, inline.citations, block.level).split("\n")


def _private(block: Block, inline: Inline) -> Iterator[str]:
    yield from divs.private(block, inline, cell)


def _aside(block: Block, inline: Inline) -> Iterator[str]:
    yield from divs.aside(block, inline, cell)


def _heading(block: Block, inline: Inline) -> Iterator[str]:
    text = " ".join(text.strip() for _, text in block.lines)
    private = PRIVATE_MARK.search(text)
    if private and not text[private.end() :].strip():
        text = text[: private.start()]
    else:
        private = None
    # What Hugo, kramdown and pandoc call the heading, for links to it.
    named = _NAME.search(text)
    text = inline.block(text[: named.start()] if named else text, block.start)
    # A brace at a heading's end would be its attributes, and number signs would close it.
    text = re.sub(r"(?<!\\)\{(?=[^{}]*\}\s*$)", r"\\{", text.replace("\n", " "))
    text = re.sub(r"(#+)$", lambda run: "\\#" * len(run[1]), text.strip())
    if not text:
        return
    if block.lang or block.anchor:
        names = f' id="{block.anchor}"' if block.anchor else ""
        names += f' lang="{block.lang}"' if block.lang else ""
        text = f"<span{names}>{text}</span>"
    attributes = [*([named[1]] if named else []), *([".private"] if private else [])]
    mark = f" {{{' '.join(attributes)}}}" if attributes else ""
    yield f"{'#' * min(block.level, 6)} {text}{_citation(block.cites)}{mark}"


def _citation(keys: Sequence[str]) -> str:
    return f" [{'; '.join('@' + key for key in keys)}]" if keys else ""


def _fence(lines: Sequence[str], *, closed: bool) -> Iterator[str]:
    """A fenced code block. Its language stays a plain word: braces would be attributes to pandoc and
    a command to run to Quarto."""
    match = _FENCE.match(lines[0])
    indent, mark, info = match.groups() if match else ("", "```", "")
    body = list(lines[1:-1] if closed else lines[1:])
    language = re.match(r"\{?\.?([\w+#-]{0,30})", info.strip())
    rest = info.strip()[language.end() :].strip(" {}") if language else ""
    if rest and (rest_text := re.sub(r"[<>{}\"]|-(?=-)", "", rest)):
        # What is beside the language is shown nowhere, but somebody wrote it.
        yield f"{indent}<!--{WORD_JOINER} {rest_text} -->"
        yield ""
    yield f"{indent}{mark}{' ' + language[1] if language and language[1] else ''}".rstrip()
    yield from (harmless_code(text) for text in body)
    yield f"{indent}{mark}"


def _comment(block: Block, inline: Inline) -> Iterator[str]:
    before, _, rest = block.text.partition("<!--")
    body, _, after = rest.partition("-->")
    yield f"{before}<!--{harmless_code(body)}-->"
    if after.strip():
        yield ""
        yield inline.block(after.strip(), block.lines[-1][0])


def _table(block: Block, inline: Inline) -> Iterator[str]:
    """A table, every row with as many cells as the widest one has, so that no cell is left out."""
    rows = [split_row(text) for _, text in block.lines]
    rules = rows.pop(1)
    width = max(len(row) for row in rows)
    numbers = [number for number, _ in block.lines]
    del numbers[1]
    made = [
        [_one_cell(inline.block(cell, number)) for cell in row] + [""] * (width - len(row))
        for row, number in zip(rows, numbers, strict=True)
    ]
    for row, number in zip(made, numbers, strict=True):
        if key := block.cites_at.get(number):
            at = min(int(block.label or 0), width - 1)
            row[at] = f"{row[at].rstrip()}{_citation((key,))}"
    rules = rules[:width] + ["---"] * (width - len(rules))
    rules = _proportional(rules, made)
    yield _row(made[0])
    yield _row(rules)
    yield from (_row(row) for row in made[1:])


def _one_cell(text: str) -> str:
    """``text`` on one line, and no bar in it that would end the cell: to pandoc, unlike to GitHub, one
    behind two backslashes does."""
    return _BAR.sub(
        lambda found: found[0] if found[1] else f"{found[2]}\\|", text.replace("\n", " ")
    )


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _proportional(rules: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The delimiter cells, where a row is long, with as many hyphens as the columns need: pandoc then
    takes the columns' widths from them."""
    if all(len(_row(row)) <= _WIDEST_ROW for row in rows):
        return [_delimiter(rule, 3) for rule in rules]
    widths = [max((len(row[n]) for row in rows), default=0) for n in range(len(rules))]
    return [
        _delimiter(rule, min(max(width, 5), 60)) for rule, width in zip(rules, widths, strict=True)
    ]


def _delimiter(rule: str, width: int) -> str:
    left, right = rule.startswith(":"), rule.endswith(":") and len(rule) > 1
    return ":" * left + "-" * (width - left - right) + ":" * right


def _html(block: Block, inline: Inline) -> Iterator[str]:
    """HTML, cleaned. Its lines lose their indents, which would make code of them, but for those of
    preformatted text."""
    depth = len(inline.html.open)
    text = "\n".join(line if inside else line.strip() for line, inside in _lines(block.text))
    made = inline.convert(text, block.start)
    if "pre" in inline.html.open[depth:]:
        made += inline.html.close_to(depth + inline.html.open[depth:].index("pre"))
    made += inline.html.close_inline()
    yield from (line for line, inside in _lines(made) if inside or line.strip())


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of HTML, and whether each begins within ``<pre>``."""
    inside = False
    for line in text.split("\n"):
        yield line, inside
        for tag in _PRE.finditer(line):
            inside = not tag[1]


def _paragraph(block: Block, inline: Inline) -> Iterator[str]:
    if block.cites_at:
        yield from _cited_lines(block, inline)
        return
    text = inline.block(block.text.strip(), block.start)
    lines = [line.lstrip(" ") for line in text.split("\n") if line.strip()]
    made = "\n".join(lines) + _citation(block.cites)
    image = _ONE_IMAGE.fullmatch(made.strip())
    if image and image[1] and _EMPTY_ALT.fullmatch(html.unescape(image[1]).strip()):
        # A picture alone in its paragraph becomes a figure with this text as its caption: the
        # comment keeps it a picture.
        made = made.strip() + "<!-- -->"
    yield from made.split("\n")


def _cited_lines(block: Block, inline: Inline) -> Iterator[str]:
    for number, text in block.lines:
        key = block.cites_at.get(number)
        yield inline.block(text.strip(), number) + (f" [@{key}]" if key else "")


def _contained(block: Block, inline: Inline) -> Iterator[str]:
    """A list, a quote or a footnote: the text of each of its lines converted, together with those
    that continue it, and set behind the marks that its lines began with."""
    lines = _with_quote_marks(block) if block.kind == "quote" else list(block.lines)
    at = 0
    previous = ""
    while at < len(lines):
        prefix, text = _split_prefix(lines[at][1], first=at == 0 and block.kind == "footnote")
        if is_blank(text):
            if made := _empty_item(prefix, lines[at + 1 : at + 2]):
                lines[at : at + 2] = made
                if len(made) == 1:
                    continue
            yield lines[at][1].rstrip()
            previous, at = "", at + 1
            continue
        if mark := fences.opening(text):
            end = _fence_end(lines, at, mark)
            yield from _separated(previous, prefix)
            yield from _contained_fence([line for _, line in lines[at:end]], prefix)
            previous, at = "", end
            continue
        end = _run_end(lines, at)
        yield from _between(previous, prefix, text, block.kind)
        yield from _run(block, lines[at:end], prefix, text, inline)
        previous = lines[end - 1][1] if end - at > 1 else prefix + text
        at = end


def _empty_item(prefix: str, following: Sequence[Line]) -> list[Line]:
    """What is written for an item that begins with an empty line, and for the line ``following`` it.

    To pandoc a line of one hyphen under a text may be the rule of a table, whose columns cut off the
    beginning of the text. So the item begins with its text on its own line, and one that has none holds
    an empty comment. Empty for what is no item, or has another marker.
    """
    head = re.match(r"((?: {0,3}>[ ]?)*)( *)-[ \t]*$", prefix)
    if not head:
        return []
    quotes, indent = head[1], head[2]
    below = following[0][1] if following else ""
    text = below[len(quotes) :] if below.startswith(quotes) else ""
    column = len(text) - len(text.lstrip(" "))
    if text.strip() and 2 <= column - len(indent) <= 5:
        marker = f"{indent}-".ljust(column)
        return [(following[0][0], f"{quotes}{marker}{text[column:]}")]
    comment = (following[0][0] if following else 0, f"{quotes}{indent}- <!-- -->")
    return [comment, *following]


def _with_quote_marks(block: Block) -> list[Line]:
    """The lines of a quote, its mark put before those that lazily leave it out."""
    return [
        (number, text if _QUOTED.match(text) else f"> {text.lstrip()}")
        for number, text in block.lines
    ]


def _split_prefix(text: str, *, first: bool = False) -> tuple[str, str]:
    if first and (mark := re.match(r"^ {0,3}\[\^[^\]\s]+\]:[ \t]*", text)):
        return mark[0], text[mark.end() :]
    match = _PREFIX.match(text)
    end = match.end() if match else 0
    return text[:end], text[end:]


def _run_end(lines: Sequence[Line], at: int) -> int:
    """The line after the text that begins on line ``at``: one with a marker, an empty line, another
    depth of quotes, or a code block."""
    depth = lines[at][1][: len(_split_prefix(lines[at][1])[0])].count(">")
    end = at + 1
    while end < len(lines):
        prefix, text = _split_prefix(lines[end][1])
        if is_blank(text) or prefix.count(">") != depth or fences.opening(text):
            break
        if _MARKER.search(prefix) or re.match(r"#{1,6}\s|\|", text):
            break
        end += 1
    return end


def _run(
    block: Block, lines: Sequence[Line], prefix: str, text: str, inline: Inline
) -> Iterator[str]:
    prefixes = [prefix, *(_split_prefix(line)[0] for _, line in lines[1:])]
    texts = [text, *(_split_prefix(line)[1] for _, line in lines[1:])]
    start = lines[0][0]
    box = re.match(r"\[[ xX]\](?=\s)", texts[0]) if _MARKER.search(prefix) else None
    head = box[0] if box else ""
    texts[0] = texts[0][len(head) :]
    tasks = inline.scanner.tasks if inline.scanner and _MARKER.search(prefix) else {}
    task = re.match(r"[A-Z]+(?=\s|$)", texts[0]) if tasks else None
    if task and task[0] in tasks:
        head, texts[0] = tasks[task[0]], texts[0][task.end() :]
    else:
        task = None
    heading = re.match(r"#{1,6}(?=\s)", texts[0])
    if heading:
        head, texts[0] = head + heading[0], texts[0][heading.end() :]
    made = (head + inline.block("\n".join(texts), start)).split("\n")
    if task:
        written = made[0].rstrip()
        inline.resolved.append((written, task[0] + written.removeprefix(head)))
    if prefix.strip().startswith("[^") and (name := inline.footnotes.get(block.label.lower())):
        prefixes[0] = f"{name}: "
    for index, line in enumerate(made):
        lead = prefixes[index] if index < len(prefixes) else re.sub(r"[^> ]", " ", prefixes[-1])
        number = lines[index][0] if index < len(lines) else 0
        key = block.cites_at.get(number)
        yield (lead + line).rstrip(" ") + _hard_break(line) + (f" [@{key}]" if key else "")


def _hard_break(line: str) -> str:
    return "  " if line.endswith("  ") and line.strip() else ""


def _between(previous: str, prefix: str, text: str, kind: str) -> Iterator[str]:
    """The empty line that pandoc needs where GitHub needs none: before a list in a quote, before a
    quote or a heading in a list, and between lists of two kinds."""
    if not previous:
        return
    before, _ = _split_prefix(previous)
    item, former = _marker(prefix), _marker(before)
    another_list = item and former and item[0] == former[0] and item[1] != former[1]
    another_depth = prefix.count(">") != before.count(">")
    begins_list = item and not former and kind == "quote"
    if another_list or another_depth or begins_list or re.match(r"#{1,6}\s|\|", text):
        yield from _separated(previous, prefix)


def _separated(previous: str, prefix: str) -> Iterator[str]:
    if previous:
        quotes = re.match(r"(?: {0,3}>)*", prefix)
        yield quotes[0] if quotes else ""


def _marker(prefix: str) -> tuple[int, str] | None:
    """The indent of a list's marker, and its kind; None if there is no marker."""
    match = ITEM.match(_QUOTED.sub("", prefix))
    return (len(match[1]), match[2][-1]) if match else None


def _fence_end(lines: Sequence[Line], at: int, mark: str) -> int:
    for end in range(at + 1, len(lines)):
        if fences.closes(lines[end][1].lstrip(" >"), mark):
            return end + 1
    return len(lines)


def _contained_fence(lines: Sequence[str], prefix: str) -> Iterator[str]:
    """A code block in a list or a quote, its lines behind the indent that its first line has."""
    quotes = prefix.count(">")
    indent = re.sub(r"[^> ]", " ", prefix)
    texts = []
    for line in lines:
        for _ in range(quotes):
            line = re.sub(r"^ {0,3}> ?", "", line, count=1)
        texts.append(line)
    width = len(prefix) if not quotes else len(_QUOTED.sub("", prefix))
    cut = [text[min(width, len(text) - len(text.lstrip(" "))) :] for text in texts]
    cut[0] = _split_prefix(lines[0])[1]
    closed = len(cut) > 1 and not cut[-1].strip().strip("`~") and bool(cut[-1].strip())
    made = list(_fence(cut, closed=closed))
    yield prefix + made[0]
    yield from ((indent + line).rstrip(" ") for line in made[1:])


_WRITERS: Mapping[str, Callable[[Block, Inline], Iterator[str]]] = {
    "heading": _heading,
    "rule": _rule,
    "fence": _fenced,
    "indented": _indented,
    "table": _table,
    "pandoc": _pandoc,
    "private": _private,
    "aside": _aside,
    "quote": _contained,
    "list": _contained,
    "footnote": _contained,
    "comment": _comment,
    "html": _html,
    "details": _html,
    "enddetails": _html,
    "summary": _html,
}
