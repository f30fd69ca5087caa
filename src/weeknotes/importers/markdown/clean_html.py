"""HTML from outside made harmless: what a page may hold stays, everything else is taken out.

The lists follow GitHub's sanitization, which these texts were written for: no scripts, no event
handlers, no frames, forms or foreign content, and no style that could leave its place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from weeknotes.importers.markdown import fences
from weeknotes.text.html_elements import ADDRESSES, CONTROLS, RUNNING

# An open or closing tag (CommonMark 0.31, 6.6); its attributes are looked at one by one.
TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)"
    r"((?:\s+[^\s\"'<>/=`]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*)\s*(/?)>"
)
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=`]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")

VOID = frozenset("br hr img wbr source track col".split())
# Elements that hold blocks, and may stay open from one block of a cell to the next.
CONTAINERS = frozenset(
    "div details p center section article figure blockquote table thead tbody tfoot tr ul ol dl li dd "
    "dt td th caption colgroup pre video audio picture summary figcaption".split()
)
_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em font i ins kbd mark q rp rt ruby s samp small span strike "
    "strong sub sup time tt u var h1 h2 h3 h4 h5 h6".split()
)
ALLOWED = VOID | CONTAINERS | _INLINE
# Taken out, and what they held stays as text; any other name in angle brackets is no tag but text.
_TAKEN_OUT = (
    RUNNING
    | CONTROLS
    | frozenset(
        "style noframes param legend label html head body title svg math canvas dialog marquee blink "
        "noscript noembed xmp plaintext slot main header footer nav aside address map area keygen menu "
        "menuitem dir isindex bgsound layer".split()
    )
)
_HOSTILE = (RUNNING | CONTROLS | {"style", "svg", "math", "dialog"}) - {"output"}
KNOWN = ALLOWED | _TAKEN_OUT
_WITHIN = {
    "summary": ("details",),
    "figcaption": ("figure",),
    "li": ("ul", "ol"),
    **dict.fromkeys(("tr", "thead", "tbody", "tfoot", "caption", "colgroup", "col"), ("table",)),
    **dict.fromkeys(("td", "th"), ("tr",)),
    **dict.fromkeys(("dd", "dt"), ("dl",)),
}
# Elements that end where the next of their kind begins (HTML, 13.1.2.4, optional tags).
_SIBLINGS = {
    "li": {"li"},
    "dd": {"dd", "dt"},
    "dt": {"dd", "dt"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"tr", "td", "th"},
    "p": {"p"},
}
_ATTRIBUTES = frozenset({"title", "lang", "dir", "align", "width", "height", "alt"})
_OWN_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src"},
    "video": {"src", "poster", "controls", "muted", "loop"},
    "audio": {"src", "controls", "muted", "loop"},
    "source": {"src", "type", "media"},
    "track": {"src", "kind", "srclang", "label"},
    "details": {"open"},
    "ol": {"start", "type", "reversed"},
    "td": {"colspan", "rowspan", "valign"},
    "th": {"colspan", "rowspan", "valign", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "font": {"color"},
    "time": {"datetime"},
}

_FLAGS = frozenset(
    "controls muted loop autoplay playsinline open reversed hidden disabled checked selected required "
    "readonly multiple async defer nowrap noshade compact novalidate allowfullscreen default ismap "
    "itemscope sandbox".split()
)
_STYLES = re.compile(
    r"(text-align|vertical-align|font-weight|font-style|color|background-color|text-decoration)"
    r"\s*:\s*([#\w\s.%-]{1,40})|"
    # Highlights, as annotations have them: a colour, and never an address.
    r"(?:color|background|background-color)\s*:\s*(?:#[0-9a-f]{3,8}|[a-z]{3,20}|"
    r"(?:rgb|hsl)a?\([0-9\s.,%/deg]{1,40}\))|(max-width|width|height|zoom)\s*:\s*(\d{1,4}(?:\.\d+)?(?:px|%|em)?)",
    re.I,
)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "tel", "doi", "zotero"})
_SAFE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.I)

# The marks of quotes and lists that a line begins with.
_CONTAINER_MARKS = re.compile(r"^[ >]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ ]+)*")
_RAW_TEXT = re.compile(r"<(script|style)\b[^<>]*>(.*?)</\1\s*>", re.I | re.S)
# Lines that show that a script's closing tag belongs to another script, far below.
_STRUCTURE = re.compile(
    r"^\s*(?:#{1,6}\s|</?details|<summary|---|___|\*\*\*|>\s|\[\^)", re.I | re.M
)


@dataclass(frozen=True)
class Tag:
    """A tag that is allowed or known to be taken out. Attribute values are as written, unescaped."""

    name: str
    closing: bool
    attributes: tuple[tuple[str, str | None], ...]

    def get(self, name: str) -> str:
        """The value of the attribute ``name``; "" where it has none."""
        return next((value or "" for key, value in self.attributes if key == name), "")


@dataclass
class Html:
    """The state of a cell's HTML: which elements are open. ``address`` is asked, given an address and
    the name of its element, what that becomes (None removes it) and what the element is to
    have as its title, if anything; ``report`` gets what was taken out. ``anchors`` are the ids that
    elements keep, each the first that has it."""

    address: Callable[[str, str], tuple[str | None, str]]
    report: Callable[[str], None]
    anchors: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)

    def tag(self, tag: Tag) -> str:
        """The text that replaces ``tag``; empty if it is removed."""
        if tag.name not in ALLOWED:
            return self._take_out(tag)
        if tag.closing:
            return self._close(tag.name)
        if (within := _WITHIN.get(tag.name)) and not any(name in self.open for name in within):
            return ""
        before = ""
        while self.open and self.open[-1] in _SIBLINGS.get(tag.name, ()):
            before += f"</{self.open.pop()}>"
        if tag.name not in VOID:
            self.open.append(tag.name)
        return before + f"<{tag.name}{self._attributes(tag)}>"

    def alone(self, tag: Tag) -> str:
        """The text that replaces ``tag`` in text that is pandoc's Markdown already: its elements
        may open and close anywhere, and its classes are those of the author."""
        if tag.name not in ALLOWED:
            return self._take_out(tag)
        if tag.closing:
            return f"</{tag.name}>"
        rest = self._attributes(tag)
        names = html.escape(html.unescape(tag.get("class")))
        classes = f' class="{names}"' if names and " class=" not in rest else ""
        return f"<{tag.name}{classes}{rest}>"

    def close_inline(self) -> str:
        """The closing tags of what does not reach beyond the block it began in."""
        inline = next((n for n, name in enumerate(self.open) if name not in CONTAINERS), None)
        return "" if inline is None else self.close_to(inline)

    def close_to(self, depth: int) -> str:
        """The closing tags that leave ``depth`` elements open."""
        closed = "".join(f"</{name}>" for name in reversed(self.open[depth:]))
        del self.open[depth:]
        return closed

    def _close(self, name: str) -> str:
        if name in VOID or name not in self.open:
            return ""
        return self.close_to(len(self.open) - 1 - self.open[::-1].index(name))

    def _take_out(self, tag: Tag) -> str:
        if tag.closing:
            return ""
        if tag.name in _HOSTILE:
            self.report(f"<{tag.name}>")
        source = tag.get("src") or tag.get("data")
        if tag.name in ("iframe", "embed", "object", "frame") and re.match(r"https?://", source):
            # What a frame showed can still be gone to.
            return f"<{source}>" if re.fullmatch(r"[!-;=?-~]+", source) else ""
        return ""

    def _attributes(self, tag: Tag) -> str:
        kept = []
        allowed = _ATTRIBUTES | _OWN_ATTRIBUTES.get(tag.name, set())
        for name, value in tag.attributes:
            if name.startswith("on"):
                self.report(f"event handler {name} of <{tag.name}>")
            elif name == "class":
                # The one class that a page must not lose: it is what keeps a part private.
                private = "private" in html.unescape(value or "").split()
                kept += ['class="private"'] if private else []
            elif value in self.anchors and (name == "id" or (name == "name" and tag.name == "a")):
                self.anchors.discard(value)
                kept.append(f'id="{value}"')
            elif name == "style":
                value = self._style(value or "", tag)
                kept += [f'style="{value}"'] if value else []
            elif name in ADDRESSES and name in allowed:
                made, title = self.address(html.unescape(value or ""), tag.name)
                kept += [] if made is None else [f'{name}="{html.escape(made)}"']
                kept += [f'title="{html.escape(title)}"'] if title else []
            elif name in allowed and (value is None or name in _FLAGS):
                kept.append(name)
            elif name in allowed:
                kept.append(f'{name}="{html.escape(html.unescape(value or ""))}"')
        return "".join(f" {part}" for part in dict.fromkeys(kept))

    def _style(self, style: str, tag: Tag) -> str:
        kept: list[str] = []
        lost: list[str] = []
        for declaration in html.unescape(style).split(";"):
            match = _STYLES.fullmatch(declaration.strip())
            (kept if match else lost).append(declaration.strip())
        if any(lost):
            self.report(f"style of <{tag.name}> ({'; '.join(part for part in lost if part)[:60]})")
        return "; ".join(kept)


def read_tag(text: str, at: int) -> tuple[Tag, int] | None:
    """The tag that is at ``at`` in ``text`` and where it ends; None where it is no tag but text
    in angle brackets, such as ``<model>`` or ``a<b and c>``."""
    match = TAG.match(text, at)
    if not match or match[2].lower() not in KNOWN or _EMPTY_LINE.search(match[0]):
        return None
    attributes = []
    for name, double, single, bare in _ATTRIBUTE.findall(match[3]):
        written = re.search(rf"{re.escape(name)}\s*=", match[3]) is not None
        if not written and name.lower() not in _FLAGS:
            return None
        attributes.append((name.lower(), double or single or bare if written else None))
    return Tag(match[2].lower(), bool(match[1]), tuple(attributes)), match.end()


def is_hostile(address: str) -> bool:
    """Whether ``address`` may do more than lead somewhere: ``javascript:`` in any spelling, and every
    scheme that is not known to be harmless."""
    plain = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029]+", "", html.unescape(address))
    match = _SCHEME.match(plain)
    if not match or len(match[1]) == 1:
        return False
    scheme = match[1].lower()
    if scheme == "data":
        return not _SAFE_DATA.fullmatch(plain)
    return scheme not in _SAFE_SCHEMES and scheme != "file" and not re.match(r"[\w.-]+:\d", plain)


def without_scripts(
    lines: Sequence[tuple[int, str]], report: Callable[[int, str], None], *, raw: bool = False
) -> list[tuple[int, str]]:
    """``lines`` (numbers and texts) without scripts and style sheets, the numbers as they were.

    An element that is not closed before the next heading or section loses its tag later, not its
    text: what a person wrote under it is no script. Code blocks and code spans are left as they are,
    but for the blocks of raw HTML (``{=html}``) that pandoc's Markdown has, which ``raw`` asks for.
    """
    text = "\n".join(part for _, part in lines)
    if not re.search(r"<(?:script|style)\b", text, re.I):
        return list(lines)
    kept, end = [], 0
    for match in _RAW_TEXT.finditer(text):
        if _STRUCTURE.search(match[2]) or _in_code(text, match.start(), raw):
            continue
        line = text.count("\n", 0, match.start())
        report(lines[line][0], f"<{match[1].lower()}>")
        kept.append(text[end : match.start()] + "\n" * match[0].count("\n"))
        end = match.end()
    cleaned = ("".join(kept) + text[end:]).split("\n")
    return [(number, part) for (number, _), part in zip(lines, cleaned, strict=True)]


def _in_code(text: str, at: int, raw: bool) -> bool:
    """Whether position ``at`` is in a code block, which may be in a quote or a list, or in a code span
    of its line; ``raw`` says that a fenced block of raw HTML is none."""
    above = text[:at].split("\n")
    line = above.pop() + text[at : text.find("\n", at)]
    code, opening = fences.FencedCode(), ""
    for former in above:
        former = _CONTAINER_MARKS.sub("", former)
        opening = opening if code.is_open else former
        code.has(former)
    if code.is_open:
        return not (raw and opening.strip(" `~") == "{=html}")
    if _is_indented(line, above):
        return True
    return line[: len(text[:at]) - text.rfind("\n", 0, at) - 1].count("`") % 2 == 1


def _is_indented(line: str, above: Sequence[str]) -> bool:
    """Whether ``line``, with the lines ``above`` it, is in a code block that its indent makes one:
    after an empty line, and in no list."""
    if not line.startswith("    "):
        return False
    empty = False
    for former in reversed(above):
        if former.strip() and not former.startswith("    "):
            marks = _CONTAINER_MARKS.match(former)
            return empty and not (marks and marks[0])
        empty = not former.strip()
    return True
