"""This module finds what Markdown text marks as private: headings, divs, spans, code and HTML of
the class `private`.

The marks are pandoc's attributes (Pandoc User's Manual, "Extension: header_attributes",
"fenced_divs", "bracketed_spans", "fenced_code_attributes", "table_attributes") and HTML's `class`. A
private heading marks its section: everything up to the next heading of its level or a higher one.

What a text holds is read as pandoc reads it (`weeknotes.text.markdown`). An attribute block that
pandoc takes for text is read as a mark of the paragraph that it is in: where two readings of a text
differ, the one that hides more counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from weeknotes.privacy.class_names import CLASS, marked
from weeknotes.privacy.options import hides_cell, option_lines, option_text
from weeknotes.text.html_elements import VOID
from weeknotes.text.markdown import VERBATIM, Region, Structure, blank, joined, read
from weeknotes.text.markdown.html_tags import Tag, read_tag

Span = tuple[int, int]
merged = joined

_ATTRIBUTES = re.compile(r"""\{(?:[^{}"'\n]|"[^"]*"|'[^']*'|["'](?![^{}\n]*["'])|\n(?!\s*\n))*\}""")
_OF_CLASS = re.compile(r"(?i)(?<![\w-])\.private(?![\w:.-])")
_KEYED_CLASS = re.compile(
    r"""(?i)(?<![\w-])class(?:es)?\s*=\s*(?:"[^"]*\bprivate(?![\w-])|'[^']*\bprivate(?![\w-])|private(?![\w-]))"""
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_LEAD = r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)]|\(\w{1,3}\)|#\.)[ \t]+[ \t>]*)*"
_HEADING_LINE = re.compile(rf"{_LEAD}(#{{1,6}})(?!#)")
_SEEMING_HEADING = re.compile(r"(?:\A|\n[ \t]*\n) {0,3}(#{1,6})(?=[ \t])")
_CAPTION = re.compile(r"[ \t]*(?:[Tt]able)?:(?!:)")
_DIV_LINE = re.compile(rf"{_LEAD}:{{3,}}")
_CHUNK = re.compile(
    r"^[ \t]*(?P<ticks>`{3,}|~{3,})[ \t]*\{[A-Za-z][^\n]*\n(?P<code>.*?)^[ \t]*(?P=ticks)[`~]*[ \t]*$",
    re.S | re.M,
)
_INDENTED = re.compile(r"(?:[ \t]*\n)*(?: {4}|\t)[ \t]*\S")
_EMPTY_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]*(?:\[[ xX]\])?[ \t]*$")
_CONTAINERS = frozenset({"div", "element", "item", "quote", "note"})
_BLANK_LINE = re.compile(r"\n[ \t>]*(?:\n|\Z)")


def is_private(attributes: str) -> bool:
    """Whether text in braces, such as ``{#id .private}``, seems to have the class `private`."""
    return bool(_OF_CLASS.search(_QUOTED.sub('""', attributes)) or _KEYED_CLASS.search(attributes))


def shows_mark(text: str) -> bool:
    """Whether ``text``, made by a program, holds an attribute block or an HTML tag of the class."""
    if not marked(text):
        return False
    blocks = any(is_private(match[0]) for match in _ATTRIBUTES.finditer(text))
    return blocks or any(is_mark(tag) for tag in tags_of(text))


def tags_of(html: str) -> Iterator[Tag]:
    """The tags in raw HTML, without those in comments."""
    at = html.find("<")
    while at >= 0:
        tag = read_tag(html, at)
        if tag and tag.kind != "comment":
            yield tag
        at = html.find("<", tag.end if tag else at + 1)


def is_mark(tag: Tag) -> bool:
    """Whether an HTML tag opens an element of the class."""
    return tag.kind == "open" and tag.attributes.has_class(CLASS)


def private_spans(text: str) -> list[Span]:
    """The stretches of a Markdown text that are private, in order."""
    if not marked(text):
        return []
    structure = read(text)
    spans = merged([*as_pandoc_reads(structure), *_chunks(text)])
    return merged([*spans, *_emptied(structure, spans), *as_it_seems(structure, spans)])


def _chunks(text: str) -> Iterator[Span]:
    """The chunks of code whose options mark them, and what options of the others mark in a caption: the
    words where they are on one line, else all options."""
    for match in _CHUNK.finditer(text):
        code = match["code"]
        if hides_cell(code):
            yield match.span()
        elif marked(option_text(code)):
            at = match.start("code")
            lines = [(at + start, at + end) for start, end in option_lines(code)]
            words = [
                (start + s, start + e)
                for start, end in lines
                for s, e in private_spans(text[start:end].replace("|", " ", 1))
            ]
            if marked(option_text(without(code, [(s - at, e - at) for s, e in words]))):
                yield from lines
            yield from words


def as_pandoc_reads(structure: Structure) -> list[Span]:
    """The stretches that are marked in a way that pandoc reads as a mark."""
    return merged([*_of_class(structure), *_sections(structure), *_html(structure)])


def unshown_spans(text: str) -> list[Span]:
    """The stretches of a Markdown text that no reader sees: comments, and conditional content that is
    not shown."""
    if "<!--" not in text:
        return hidden_spans(text)
    comments = ((r.start, r.end) for r in read(text).of("comment"))
    return merged([*comments, *hidden_spans(text)])


def hidden_spans(text: str) -> list[Span]:
    """The stretches of a Markdown text that no page for the web shows: conditional content (Quarto,
    "Conditional Content") whose condition does not hold there, or is the page's own to decide."""
    if "content-" not in text:
        return []
    regions = read(text).of("div", "span", "fence")
    return merged(
        (region.start, region.end)
        for region in regions
        if not is_shown(region.attributes.classes, dict(region.attributes.values))
    )


def is_shown(classes: tuple[str, ...], values: Mapping[str, str]) -> bool:
    """Whether an element with these classes and attributes is shown on a page for the web."""
    visible, hidden = "content-visible" in classes, "content-hidden" in classes
    if not visible and not hidden:
        return True
    named = [key for key in values if key.startswith(("when-", "unless-"))]
    undecided = any(not key.endswith("-format") for key in named)
    conditions = [
        (values[key] in ("html", "html5", "html:js")) == (key == "when-format")
        for key in ("when-format", "unless-format")
        if key in values
    ]
    holds = all(conditions)
    if hidden:
        return bool(conditions) and not holds and not undecided
    return holds and not undecided


def _of_class(structure: Structure) -> Iterator[Span]:
    """Elements of the class, but for headings."""
    for region in structure.regions:
        if region.kind in ("heading", "attributes", "caption", "tag", "element"):
            continue
        if region.attributes.has_class(CLASS):
            yield region.start, region.end
            if region.kind == "table":
                yield structure.text.rfind("\n", 0, region.start) + 1, region.end


def _sections(structure: Structure) -> Iterator[Span]:
    """The sections of private headings, each within the container that its heading is in."""
    headings = [(region, _container(structure, region)) for region in structure.of("heading")]
    for number, (heading, around) in enumerate(headings):
        if not heading.attributes.has_class(CLASS):
            continue
        end = around.inner[1] if around else len(structure.text)
        for other, same in headings[number + 1 :]:
            if same == around and other.level <= heading.level:
                end = other.start
                break
        yield heading.start, end


def _container(structure: Structure, region: Region) -> Region | None:
    """The innermost container that ``region`` is in."""
    found = None
    for other in structure.regions:
        if other.start > region.start:
            break
        if other.kind in _CONTAINERS and region.end <= other.end and other.start < region.end:
            found = other
    return found


def unclosed(text: str) -> list[int]:
    """The offsets in ``text`` of divs and elements of the class that are never closed."""
    if not marked(text):
        return []
    structure = read(text)
    divs = (
        region.start
        for region in structure.of("div")
        if region.name == ":::" and region.attributes.has_class(CLASS)
        if not text[region.inner[1] : region.end].strip()
    )
    return sorted([*divs, *(start for start, _ in _html(structure, closed=False))])


def _html(structure: Structure, closed: bool = True) -> Iterator[Span]:
    """Elements of the class in raw HTML, each to its end tag, in whichever piece that is; or, not
    ``closed``, those alone that have none."""
    events: list[tuple[int, int, str, bool, bool]] = []
    for region in structure.regions:
        if region.kind == "tag":
            name = region.name.lstrip("/")
            opens = not region.name.startswith("/")
            private = opens and region.attributes.has_class(CLASS)
            if opens and (name in VOID or region.level):
                if private and closed:
                    yield region.start, region.end
                continue
            events.append((region.start, region.end, name, opens, private))
        elif region.kind == "verbatim" or (
            region.kind in ("fence", "code") and region.name == "=html"
        ):
            start, end = region.inner if region.kind != "verbatim" else (region.start, region.end)
            for tag in tags_of(structure.text[start:end]):
                at = start + tag.start
                opens = tag.kind == "open"
                if opens and (tag.name in VOID or tag.closes_itself):
                    if is_mark(tag) and closed:
                        yield at, start + tag.end
                    continue
                events.append((at, start + tag.end, tag.name, opens, is_mark(tag)))
    for start, end, has_end in _elements(sorted(events), len(structure.text)):
        if closed or not has_end:
            yield start, end


def _emptied(structure: Structure, hidden: list[Span]) -> Iterator[Span]:
    """Raw HTML that nothing is left of."""
    if not hidden:
        return
    plain = blank(structure.text, hidden)
    for region in structure.of("fence", "code"):
        start, end = region.inner
        held, left = structure.text[start:end].strip(), plain[start:end].strip()
        if region.name == "=html" and held and not left:
            yield region.start, region.end


def _elements(
    events: list[tuple[int, int, str, bool, bool]], length: int
) -> Iterator[tuple[int, int, bool]]:
    """The private elements among the tags, each with whether it has an end tag."""
    position = 0
    for number, (start, _, name, _, private) in enumerate(events):
        if not private or start < position:
            continue
        depth, position = 1, length
        for _, end, other, opens, _ in events[number + 1 :]:
            if other == name:
                depth += 1 if opens else -1
                if not depth:
                    position = end
                    break
        yield start, position, not depth


def as_it_seems(structure: Structure, hidden: list[Span]) -> Iterator[Span]:
    """Outside of ``hidden``, the blocks around attribute blocks of the class that pandoc takes for
    text."""
    text = structure.text
    plain = blank(structure.blanked(VERBATIM - {"yaml", "tex"}), hidden)
    for match in _ATTRIBUTES.finditer(plain):
        if is_private(match[0]) and is_private(text[match.start() : match.end()]):
            yield _block(structure, match.start())


def _block(structure: Structure, at: int) -> Span:
    """The block around ``at``, from blank line to blank line; of what looks like a heading or the fence
    of a div, its section or div; of a formula, all of it."""
    text = structure.text
    start = max((m.end() for m in re.finditer(r"\n[ \t>]*\n", text[:at])), default=0)
    end = _BLANK_LINE.search(text, at)
    stop = end.start() + 1 if end else len(text)
    line = text.rfind("\n", 0, at) + 1
    if heading := _HEADING_LINE.match(text, line):
        return line, _seeming_section(structure, at, len(heading[1]))
    if _DIV_LINE.match(text, line):
        return line, max(_seeming_div(text, line), stop if line == start else 0)
    if _CAPTION.match(text, start):
        above, below = start, stop
        for table in structure.of("table"):
            # It may be the caption of one table below, or of one above, and of no further ones.
            if below <= table.start and not text[below : table.start].strip():
                stop = table.end
            elif table.end <= above and not text[table.end : above].strip():
                start = table.start
    if text[start:at].strip(" \t>").endswith("$$"):
        opening = text.rfind("$$", 0, text.rfind("$$", 0, at))
        start = min(start, text.rfind("\n", 0, max(opening, 0)) + 1)
    return start, stop


def _seeming_section(structure: Structure, at: int, level: int) -> int:
    """The end of the section of what looks like a heading at ``at``."""
    plain = structure.blanked(VERBATIM)
    ends = [h.start for h in structure.of("heading") if h.start > at and h.level <= level]
    ends += [
        plain.rfind("\n", 0, match.start(1)) + 1
        for match in _SEEMING_HEADING.finditer(plain, at)
        if len(match[1]) <= level
    ]
    return min(ends, default=len(structure.text))


def _seeming_div(text: str, at: int) -> int:
    """The end of what looks like a div whose fence is at ``at``."""
    depth = 0
    for match in re.compile(rf"^{_LEAD}:{{3,}}[ \t]*(.*)$", re.M).finditer(text, at):
        depth += 1 if match[1].strip(" \t:") else -1
        if depth <= 0:
            return min(match.end() + 1, len(text))
    return len(text)


def without(text: str, spans: list[Span]) -> str:
    """``text`` without ``spans``, and without the list items and the lines within a paragraph that
    nothing is left of. What is left stays on the line that it was on, where whole blocks are cut."""
    if not spans:
        return text
    kept = []
    position = 0
    for start, end in spans:
        # The cut leaves a mark that no text holds, so that the lines it touched are known.
        kept += [text[position:start], "\0"]
        if not start or text[start - 1] == "\n" or text[end - 1] == "\n":
            kept.append("\n" * text.count("\n", start, end))
            if _INDENTED.match(text, end):
                kept.append("<!-- -->\n\n")  # Else code would belong to what is before.
        # Of the spaces on both sides of words, one stays.
        between = start > 0 and text[start - 1] == " " and text[end : end + 1] == " "
        position = end + 1 if between else end
    lines: list[str] = []
    cut = "".join([*kept, text[position:]]).split("\n")
    for number, line in enumerate(cut):
        rest = line.replace("\0", "")
        if "\0" in line and not rest.strip() and _is_between(cut, number):
            continue
        lines.append("" if "\0" in line and _EMPTY_ITEM.match(rest) else rest)
    return "\n".join(lines)


def _is_between(lines: list[str], number: int) -> bool:
    """Whether a line is one within a paragraph: that it is empty now must not make two of it."""
    around = lines[max(number - 1, 0) : number] + lines[number + 1 : number + 2]
    return len(around) == 2 and all(line.replace("\0", "").strip() for line in around)


def fenced(text: str) -> Iterator[Span]:
    """The fenced code blocks of ``text``, fences included, also those of code that is to be run, which
    pandoc takes for code in a line (```` ```{python} ````)."""
    for region in read(text).of("fence", "code"):
        chunk = _CHUNK.match(text, text.rfind("\n", 0, region.start) + 1)
        if region.kind == "fence" or chunk:
            yield region.start, region.end
