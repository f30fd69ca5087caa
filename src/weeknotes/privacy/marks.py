"""Where Markdown text is marked private: headings, divs, spans, code and HTML of the class `private`.

The marks are pandoc's attributes (Pandoc User's Manual, "Extension: header_attributes",
"fenced_divs", "bracketed_spans", "fenced_code_attributes") and HTML's `class`. A private heading
stands for its section: everything up to the next heading of its level or a higher one.

What is found is cut from the source before an engine sees it, so a mark is read generously and the
end of what is private strictly: where the two readings of a text differ, the one that hides more
counts. What pandoc alone can know is cut once more from its document (`private.lua`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

CLASS = "private"

#: An attribute block, whose quoted values may hold braces.
_ATTRIBUTES = re.compile(r"""\{(?:[^{}"'\n]|"[^"]*"|'[^']*'|\n(?!\s*\n))*\}""")
_OF_CLASS = re.compile(r"(?i)(?<![\w-])\.private(?![\w-])")
_KEYED_CLASS = re.compile(
    r"""(?i)(?<![\w-])class(?:es)?\s*=\s*(?:"[^"]*\bprivate(?![\w-])|'[^']*\bprivate(?![\w-])|private(?![\w-]))"""
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
HTML_MARK = re.compile(
    r"""(?isx)<([a-z][\w-]*)\b(?:[^>"']|"[^"]*"|'[^']*')*?
    \bclass\s*=\s*(?:"[^">]*\bprivate(?![\w-])[^">]*"|'[^'>]*\bprivate(?![\w-])[^'>]*'
                    |private(?=[\s/>]))
    (?:[^>"']|"[^"]*"|'[^']*')*>"""
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

#: What may stand before a block: quotes, list markers, indentation.
_LEAD = r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)]|\(\w{1,3}\)|#\.)[ \t]+[ \t>]*)*"
_ANY_HEADING = re.compile(rf"{_LEAD}(#{{1,6}})(?=[\s{{])")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_UNDERLINE = re.compile(rf"{_LEAD}(=+|-+)[ \t]*$")
_DIV = re.compile(rf"{_LEAD}(:{{3,}})[ \t]*(\{{.*|[^\s:{{}}][^\s{{}}]*)?[ \t]*:*[ \t]*$", re.S)
_FENCE = re.compile(rf"{_LEAD}(`{{3,}}(?!.*`)|~{{3,}})[ \t]*(.*)$")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)\1(?!`)", re.S)
#: The options of a code cell, and what marks it among them, in any of YAML's styles.
_CHUNK_OPTION = re.compile(r"(?m)^[ \t]*(?:#|//|--|%%?)\|(.*)$")
_MARKING_OPTION = re.compile(
    r"""(?imx) (?<![\w-])private["']?[ \t]*:[ \t]*(?!(?:false|no|off)\b)\S
    | (?<![\w-])(?:tags|class|classes)["']?[ \t]*:.*(?<![\w-])private(?![\w-])
    | ^[ \t]*-[ \t]*["']?\.?private["']?[ \t]*$"""
)
_EMPTY_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]*(?:\[[ xX]\])?[ \t]*$")

Span = tuple[int, int]


def is_private(attributes: str) -> bool:
    """Whether an attribute block such as ``{#id .private}`` has the class `private`."""
    return bool(_OF_CLASS.search(_QUOTED.sub('""', attributes)) or _KEYED_CLASS.search(attributes))


def marked(text: str) -> bool:
    """Whether ``text`` could hold a mark at all: a quick look that never misses one."""
    return CLASS in text.casefold()


def hides_cell(code: str) -> bool:
    """Whether the options that a code cell begins with (``#| tags: [private]``) mark it."""
    if not marked(code):
        return False
    return bool(_MARKING_OPTION.search("\n".join(_CHUNK_OPTION.findall(code))))


def shows_mark(text: str) -> bool:
    """Whether ``text``, made by a program, holds an attribute block or an HTML tag of the class."""
    if not marked(text):
        return False
    return bool(HTML_MARK.search(text)) or any(is_private(m[0]) for m in _ATTRIBUTES.finditer(text))


@dataclass
class Scanner:
    """Reads the Markdown of a document, piece by piece in its order, and says what of it is private.

    What is open at the end of a piece (a section, a div, an HTML element) stays so for the next: the
    cells of a notebook are one document.
    """

    _level: int = 0
    _level_depth: int = 0
    _divs: list[bool] = field(default_factory=list)
    _element: str = ""
    _element_depth: int = 0

    @property
    def hidden(self) -> bool:
        """Whether what comes next is private."""
        return bool(self._level or self._element or any(self._divs))

    def feed(self, text: str, *, may_end: bool = True) -> list[Span]:
        """The stretches of ``text`` that are private, in order. With ``may_end`` false no section that
        is open ends in it: for a cell that is private as a whole."""
        if not self.hidden and not marked(text) and ":::" not in text:
            return []
        code = list(fenced(text))
        elements = self._elements(text, code)
        spans = elements + self._lines(text, code, elements, may_end)
        spans += _private_fences(text, code)
        return merged(spans + list(_inline(text, code, merged(spans))))

    def _elements(self, text: str, code: list[Span]) -> list[Span]:
        """HTML elements of the class, each to its end tag."""
        spans = []
        position = 0
        if self._element:
            end = self._element_end(text, 0)
            spans.append((0, end))
            position = end
        while not self._element and (match := HTML_MARK.search(text, position)):
            position = match.end()
            if _within(match.start(), code) or _in_code_span(text, match.start()):
                continue
            if match[1].lower() not in _VOID and not match[0].endswith("/>"):
                self._element, self._element_depth = match[1].lower(), 1
                position = self._element_end(text, match.end())
            spans.append((match.start(), position))
        return spans

    def _element_end(self, text: str, position: int) -> int:
        """Where the open element ends in ``text``; its end, where it goes on behind it."""
        for tag in re.finditer(
            rf"(?i)<(/?){re.escape(self._element)}\b[^>]*?(/?)>", text[position:]
        ):
            if tag[2]:
                continue
            self._element_depth += -1 if tag[1] else 1
            if not self._element_depth:
                self._element = ""
                return position + tag.end()
        return len(text)

    def _lines(
        self, text: str, code: list[Span], elements: list[Span], may_end: bool
    ) -> list[Span]:
        """Sections and divs."""
        spans = []
        start = 0 if self._level or any(self._divs) else None
        lines = list(_split(text))
        open_fence = _unclosed(text, code)
        before = ""
        for number, (at, line) in enumerate(lines):
            after = lines[number + 1][1] if number + 1 < len(lines) else ""
            sure = not before.strip() or bool(_HEADING.match(before))
            before = line
            if _within(at, code) or _within(at, elements):
                continue
            was = start is not None
            keep_line = self._take_line(
                _whole_attributes(line, lines, number), after, sure, may_end, at >= open_fence
            )
            now = bool(self._level or any(self._divs))
            if now and not was:
                start = at
            elif start is not None and (not now or keep_line):
                # A line that ends one section may open the next.
                spans.append((start, at + len(line) if not keep_line else at))
                start = at if now else None
        if start is not None:
            spans.append((start, len(text)))
        return spans

    def _take_line(self, line: str, after: str, sure: bool, may_end: bool, unsure: bool) -> bool:
        """Bring the state up to date with ``line``; True where a private section ended before it, so
        that the line itself is not part of it."""
        if div := _DIV.match(line):
            return self._take_div(div[2] or "", unsure)
        ended = False
        if self._level and may_end and sure and not unsure and len(self._divs) == self._level_depth:
            level = _heading_level(line, after)
            if level and level <= self._level:
                self._level = 0
                ended = True
        if not self._level and not any(self._divs):
            level = _any_heading_level(line, after)
            if level and any(is_private(m[0]) for m in _ATTRIBUTES.finditer(line)):
                self._level, self._level_depth = level, len(self._divs)
        return ended

    def _take_div(self, opening: str, unsure: bool) -> bool:
        if opening:
            private = opening.casefold() == CLASS if opening[0] != "{" else is_private(opening)
            if private or not unsure:
                self._divs.append(private)
            return False
        if unsure:
            return False
        if self._level and len(self._divs) <= self._level_depth:
            # The div around the section closes, and its fence is not the section's.
            self._level = 0
            if self._divs:
                self._divs.pop()
            return True
        if self._divs:
            self._divs.pop()
        return False


def without(text: str, spans: list[Span]) -> str:
    """``text`` without ``spans``, and without the list items that nothing is left of. What is left
    stays on the line that it was on, where whole lines are cut."""
    if not spans:
        return text
    kept = []
    position = 0
    for start, end in spans:
        # The cut leaves a mark that no text holds, so that the lines it touched are known.
        kept += [text[position:start], "\0"]
        if not start or text[start - 1] == "\n":
            kept.append("\n" * text.count("\n", start, end))
        position = end
    lines = []
    for line in "".join([*kept, text[position:]]).split("\n"):
        rest = line.replace("\0", "")
        lines.append("" if "\0" in line and _EMPTY_ITEM.match(rest) else rest)
    return "\n".join(lines)


def merged(spans: list[Span]) -> list[Span]:
    """``spans`` in order, joined where they touch or overlap."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        elif end > start:
            result.append((start, end))
    return result


def _split(text: str) -> Iterator[tuple[int, str]]:
    """The lines of ``text``, line ends included, with their positions."""
    position = 0
    for line in text.splitlines(keepends=True):
        yield position, line
        position += len(line)


def fenced(text: str) -> Iterator[Span]:
    """The fenced code blocks of ``text`` that are closed, fences included."""
    mark, start = "", 0
    for at, line in _split(text):
        fence = _FENCE.match(line.rstrip("\r\n"))
        if not fence:
            continue
        if not mark:
            mark, start = fence[1], at
        elif fence[1].startswith(mark) and not fence[2].strip():
            yield start, at + len(line)
            mark = ""


def _unclosed(text: str, code: list[Span]) -> int:
    """Where a fence opens that is never closed; the end of ``text`` where there is none."""
    for at, line in _split(text):
        if _FENCE.match(line.rstrip("\r\n")) and not _within(at, code):
            return at
    return len(text) + 1


def _private_fences(text: str, code: list[Span]) -> list[Span]:
    """Fenced code whose attributes, or whose options as a cell, mark it."""
    found = []
    for start, end in code:
        block = text[start:end]
        first = block.partition("\n")[0]
        if any(is_private(m[0]) for m in _ATTRIBUTES.finditer(first)) or (
            re.search(r"[`~]\s*\{\w", first) and hides_cell(block)
        ):
            found.append((start, end))
    return found


def _whole_attributes(line: str, lines: list[tuple[int, str]], number: int) -> str:
    """``line`` with the lines that the attributes it leaves open go on in."""
    if "{" not in line or line.count("{") <= line.count("}"):
        return line
    for _, following in lines[number + 1 : number + 6]:
        if not following.strip():
            break
        line += following
        if "}" in following:
            break
    return line


def _heading_level(line: str, after: str) -> int:
    """The level of the heading that ``line`` surely is, 0 for none."""
    if match := _HEADING.match(line):
        return len(match[1])
    if re.match(r"(?:=+|-+)[ \t]*$", after) and re.match(r"[^\s>|#:*+-]", line):
        return 1 if after[0] == "=" else 2
    return 0


def _any_heading_level(line: str, after: str) -> int:
    """The level of the heading that ``line`` could be, 0 for none."""
    if match := _ANY_HEADING.match(line):
        return len(match[1])
    if line.strip() and (match := _UNDERLINE.match(after)):
        return 1 if match[1][0] == "=" else 2
    return 0


def _inline(text: str, code: list[Span], hidden: list[Span]) -> Iterator[Span]:
    """Spans, links, images, inline code, and blocks of the class, in what is public so far."""
    if not marked(text):
        return
    # Brackets within inline code are none.
    plain = CODE_SPAN.sub(lambda code: " " * len(code[0]), text)
    for match in _ATTRIBUTES.finditer(text):
        at = match.start()
        if not is_private(match[0]) or _within(at, code) or _within(at, hidden):
            continue
        if _in_code_span(text, at):
            continue
        start = _bearer(text, plain, at)
        yield (start, match.end()) if start is not None else _block(text, at)


def _bearer(text: str, plain: str, at: int) -> int | None:
    """Where the inline begins whose attributes stand at ``at``; None where none ends there.
    ``plain`` is ``text`` with its inline code blanked out."""
    start: int | None = None
    if at and text[at - 1] == "]":
        start = _opening(plain, at - 1, "[", "]")
    elif at and text[at - 1] == ")":
        inner = _opening(plain, at - 1, "(", ")")
        if inner and text[inner - 1] == "]":
            start = _opening(plain, inner - 1, "[", "]")
    elif at and text[at - 1] == "`":
        start = next((m.start() for m in CODE_SPAN.finditer(text) if m.end() == at), None)
    if start and text[start - 1] == "!":
        start -= 1
    return start


def _opening(text: str, at: int, opening: str, closing: str) -> int | None:
    """Where the bracket is opened that closes at ``at``."""
    depth = 0
    while at >= 0:
        escaped = at > 0 and text[at - 1] == "\\"
        if text[at] == closing and not escaped:
            depth += 1
        elif text[at] == opening and not escaped:
            depth -= 1
            if not depth:
                return at
        at -= 1
    return None


def _block(text: str, at: int) -> Span:
    """The block around ``at``, from blank line to blank line; of a caption, its table as well."""
    start = max((m.end() for m in re.finditer(r"\n[ \t>]*\n", text[:at])), default=0)
    end = re.compile(r"\n[ \t>]*(?:\n|\Z)").search(text, at)
    stop = end.start() + 1 if end else len(text)
    if re.match(r"[ \t]*(?:Table)?:(?!:)", text[start:at]) and start:
        head = text[:start].rstrip()
        start = max((m.end() for m in re.finditer(r"\n[ \t>]*\n", head)), default=0)
    return start, stop


def _in_code_span(text: str, at: int) -> bool:
    """Whether ``at`` lies inside inline code, within its paragraph."""
    start = max((m.end() for m in re.finditer(r"\n[ \t]*\n", text[:at])), default=0)
    return any(
        m.start() < at < m.end() for m in CODE_SPAN.finditer(text, start, min(len(text), at + 2000))
    )


def _within(at: int, spans: list[Span]) -> bool:
    return any(start <= at < end for start, end in spans)
