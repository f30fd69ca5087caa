"""Text that is pandoc's Markdown already, as posts of Quarto are: it stays as its author wrote it.

Changed are the addresses of pictures and links, the levels of headings, citations of papers that are
not known, and what could run or read files: tags and attributes that GitHub would not show, raw HTML,
shortcodes, blocks of YAML, and code blocks that Quarto would execute. Where each of them is, the one
scanner of Markdown says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from weeknotes.importers.markdown.clean_html import is_hostile, read_tag, without_scripts
from weeknotes.importers.markdown.escapes import harmless_code
from weeknotes.importers.markdown.inline import Inline
from weeknotes.text import markdown
from weeknotes.text.markdown import Region, Structure
from weeknotes.text.markdown.citations import citations as read_citations

_DESTINATION = re.compile(r"\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))")
_TITLED = re.compile(r"\s+[\"'(]")
_HANDLER = re.compile(
    r"\s*\b(?:on\w+|srcdoc|formaction)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s}]+)", re.I
)
_OPENING = re.compile(r"([ >]*[`~]{3,})[ \t]*\{+[ \t]*([A-Za-z][\w+#-]*)([^\n]*)")
_SHORTCODE = re.compile(r"\{\{<(?!\s*(?:kbd|pagebreak)\b)")
_VERBATIM = ("fence", "indented", "code", "math", "comment", "tex", "verbatim", "address", "yaml")


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def rewritten(
    text: str, line: int, inline: Inline, citations: Mapping[str, str], shift: int = 0
) -> str:
    """``text``, which begins on ``line`` of the source, as a cell may have it. ``citations`` has the
    library's key for each key that the source cites; an unknown one becomes text. ``shift`` is added
    to the levels of headings."""
    structure = markdown.read(text)
    editor = _Editor(text, line, inline, structure)
    for region in structure.regions:
        editor.region(region, shift)
    editor.tags()
    editor.cited(citations)
    made, end = [], 0
    for edit in sorted(editor.edits):
        if edit.start >= end:
            made += [text[end : edit.start], edit.text]
            end = edit.end
    whole = "".join([*made, text[end:]])
    return _SHORTCODE.sub(harmless_code("{{<"), whole)


class _Editor:
    """Collects what is to be changed in a text."""

    def __init__(self, text: str, line: int, inline: Inline, structure: Structure) -> None:
        self.text = text
        self.first = line
        self.inline = inline
        self.structure = structure
        self.edits: list[_Edit] = []
        self.pictures = {
            region.name.lower() for region in structure.of("image") if region.name.strip()
        }

    def line(self, at: int) -> int:
        """The line of the source of an offset."""
        return self.first + self.text.count("\n", 0, at)

    def put(self, start: int, end: int, text: str, *, told: bool = False) -> None:
        """Replace a part; ``told`` says that the loss check is to read it as it was."""
        if told and text:
            self.inline.resolved.append((text, self.text[start:end]))
        self.edits.append(_Edit(start, end, text))

    def region(self, region: Region, shift: int) -> None:
        """Change what a region of its kind may need."""
        match region.kind:
            case "image":
                self._image(region)
            case "link":
                self._link(region)
            case "address":
                self._address(region)
            case "reference":
                self._reference(region)
            case "fence":
                self._fence(region)
            case "heading" if shift:
                self._heading(region, shift)
            case "yaml":
                body = self.text[region.start : region.end].strip("\n")
                self.put(region.start, region.end, f"``` yaml\n{body}\n```\n")
            case "attributes" | "div" if region.attributes.values:
                self._attributes(region)

    def _image(self, region: Region) -> None:
        found = _DESTINATION.match(self.text, region.inner[1] + 1)
        if not found:
            return
        address = found[1] if found[1] is not None else found[2]
        image = self.inline.image(address, self.line(region.start))
        if image.address == address:
            return
        made = _written(image.address)
        if image.title and not _TITLED.match(self.text, found.end()):
            made += ' "' + image.title.replace('"', "'") + '"'
        self.put(found.start() + 1, found.end(), made)

    def _link(self, region: Region) -> None:
        start, end = region.start, region.inner[1]
        found = _DESTINATION.match(self.text, end + 1)
        if not found:
            return
        address = found[1] if found[1] is not None else found[2]
        made = self.inline.link(address, self.line(start))
        if made == address:
            return
        close = self.text.find(")", found.end(), region.end)
        rest = "" if made is None else f" ({made})" if made.startswith("`") else None
        if rest is None:
            self.put(found.start() + 1, found.end(), _written(made or ""))
            return
        self.put(start, start + 1, "")
        self.put(end, max(close + 1, found.end()), rest)

    def _address(self, region: Region) -> None:
        address = self.text[region.inner[0] : region.inner[1]]
        if is_hostile(address):
            self.inline.report(self.line(region.start), f"address {address[:40]}")
            self.put(region.start, region.start + 1, "\\<")

    def _reference(self, region: Region) -> None:
        address = self.text[region.inner[0] : region.inner[1]]
        if region.name.lower() in self.pictures:
            made = self.inline.image(address, self.line(region.start)).address
        else:
            made = self.inline.link(address, self.line(region.start)) or "#"
        if made != address and not made.startswith("`"):
            self.put(*region.inner, _written(made))

    def _fence(self, region: Region) -> None:
        start, inner = region.start, self.text[region.inner[0] : region.inner[1]]
        if region.name.startswith("="):
            if region.name == "=html":
                self.put(*region.inner, self._clean(inner, self.line(region.inner[0])))
            return
        opening = _OPENING.match(self.text, start)
        if opening:
            # Quarto would run it, in whatever language.
            made = f"{opening[1]} {opening[2]}"
            if options := chunk_options(opening[3]):
                # A caption may be among them, which would be seen nowhere else.
                made += "\n" + opening[1].rstrip("`~") + options
            self.put(start, opening.end(), made, told=True)

    def _clean(self, text: str, line: int) -> str:
        """Raw HTML without what could run."""
        lines = without_scripts(list(enumerate(text.split("\n"), line)), self.inline.report)
        return _without_hostile_tags("\n".join(part for _, part in lines), line, self.inline)

    def _heading(self, region: Region, shift: int) -> None:
        level = min(max(region.level + shift, 1), 6)
        marks = re.compile(r" {0,3}#+").match(self.text, region.start)
        if marks:
            self.put(marks.start(), marks.end(), "#" * level)
            return
        under = re.compile(r"\n {0,3}(?:=+|-+)[ \t]*(?=\n|\Z)").search(
            self.text, region.inner[1], region.end
        )
        if under:
            self.put(region.start, region.start, "#" * level + " ")
            self.put(under.start(), under.end(), "")

    def _attributes(self, region: Region) -> None:
        end = region.end
        if region.kind == "div":
            end = self.text.find("\n", region.start)
        block = self.text[region.start : end]
        for found in _HANDLER.finditer(block):
            self.inline.report(self.line(region.start), f"attribute {found[0].strip()[:40]}")
        if (made := _HANDLER.sub("", block)) != block:
            self.put(region.start, end, made, told=True)

    def tags(self) -> None:
        """Change tags of HTML that are not to be."""
        at = self.text.find("<")
        while at >= 0:
            found = None
            if not self.structure.inside(at, _VERBATIM) or self._in_raw(at):
                found = read_tag(self.text, at)
            if found:
                tag, end = found
                self.inline.line = self.line(at)
                made = self.inline.html.alone(tag)
                if made != self.text[at:end]:
                    self.put(at, end, made)
                at = self.text.find("<", end)
            else:
                at = self.text.find("<", at + 1)

    def _in_raw(self, at: int) -> bool:
        return any(r.start <= at < r.end for r in self.structure.of("verbatim"))

    def cited(self, citations: Mapping[str, str]) -> None:
        """Give citations the keys that the library has, and make text of those of no paper."""
        for found in read_citations(self.text):
            known = citations.get(found.key)
            if found.is_cross_reference or known == found.key:
                continue
            start = found.at - found.braced - 1
            if known is None:
                self.put(start, start + 1, "\\@")
            else:
                end = found.at + len(found.key) + found.braced
                self.put(start, end, f"@{{{known}}}" if found.braced else f"@{known}", told=True)


def chunk_options(text: str) -> str:
    """The options of a code chunk, written in its first line behind its language, as a comment in the
    code; empty where there are none."""
    options = text.strip().rstrip("}").strip(" ,")
    return f"# {options}" if options else ""


def cited_keys(text: str) -> list[str]:
    """The keys that pandoc's Markdown ``text`` cites, each once, in order."""
    found = (one for one in read_citations(text) if not one.is_cross_reference)
    return list(dict.fromkeys(one.key for one in found))


def _without_hostile_tags(text: str, line: int, inline: Inline) -> str:
    made, at = [], 0
    while at < len(text):
        found = read_tag(text, at) if text[at] == "<" else None
        if found:
            tag, end = found
            inline.line = line + text.count("\n", 0, at)
            made.append(inline.html.alone(tag))
            at = end
        else:
            made.append(text[at])
            at += 1
    return "".join(made)


def _written(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address
