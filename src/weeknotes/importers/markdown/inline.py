"""Inline text as GitHub reads it, written as the Markdown of Quarto and pandoc.

The two dialects share most of their signs. What pandoc alone gives a meaning (citations, attributes,
sub- and superscripts, inline notes, raw TeX, shortcodes, smart dashes) is escaped, so that the reader
sees what GitHub showed; see "Pandoc User's Guide", Pandoc's Markdown, and GFM 0.29, chapter 6.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from weeknotes.importers.markdown.clean_html import Html, is_hostile, read_tag
from weeknotes.importers.markdown.dollar_maths import formula_at
from weeknotes.importers.markdown.escapes import (
    destination,
    guard,
    harmless_code,
    link_title,
    plain_label,
)

_ORDINARY = re.compile(r"[^\\`<\[\]!$@~^{\-hH'\"=%#]+")
_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]+", re.I)
_AUTOLINK = re.compile(
    r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>|<([\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>"
)
_COMMENT = re.compile(r"<!--(?!-?>)(.*?)-->", re.S)
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_DESTINATION = re.compile(
    r"\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\<]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*\))*\))*))"
    r"""(?:\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)"""
)
# The address of a file with spaces in it, which many editors write and pandoc reads, though GitHub
# does not.
_SPACED = re.compile(
    r"\(((?:[^()\n<>\"]|\([^()\n<>\"]*\))+\.(?:png|jpe?g|gif|webp|svg|bmp|pdf|md|html?|csv|docx?|pptx?|"
    r"xlsx?|zip))\)",
    re.I,
)
# Quotation marks at a Korean particle or a Chinese word, which pandoc takes for apostrophes.
_QUOTED = re.compile(
    r"(?:(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])(['\"])[^'\"\n]{1,300}\1)"
    r"|(['\"])[^'\"\n]{1,300}\2(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])"
)
_STRIKE = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~(?!~)", re.S)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
PRIVATE_MARK = re.compile(r"\{[^{}\n]*\.private(?=[\s}])[^{}\n]*\}")
"""Pandoc's attributes of something private, which stay what they are."""
# A comment of Obsidian, which its readers never saw.
_OBSIDIAN_COMMENT = re.compile(r"%%(?!%)((?:[^%]|%(?!%))+?)%%(?!%)", re.S)
_LONGEST_LABEL = 4000


@dataclass(frozen=True)
class Image:
    """An image as it is to be written: its new address, and a title that says what it was."""

    address: str
    title: str | None = None


@dataclass
class Inline:
    """Writes the inline text of one page.

    ``image`` is asked for each picture's new address, given the old one; ``link`` for what a link's
    address is to become, None where it leads nowhere that a page may link to. ``definitions`` are
    the source's link reference definitions (label: address, title), ``footnotes`` what to write
    for each footnote mark that has a footnote. ``report`` gets what was taken out, with its line.
    ``resolved`` collects what was written for each link reference, and ``used`` their labels.
    ``scanner`` reads the text: of what dialect of Markdown it is, its class says.
    ``embed`` is asked for a picture that is embedded by its name alone. ``citations`` are the keys
    that a source in pandoc's Markdown cites, with those of the library. ``anchors`` are the ids of
    elements of HTML that links of the source lead to.
    """

    image: Callable[[str, int], Image]
    link: Callable[[str, int], str | None]
    report: Callable[[int, str], None]
    definitions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    footnotes: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    html: Html = field(init=False)
    resolved: list[tuple[str, str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    scanner: type[Scanner] | None = None
    embed: Callable[[str, int], Image] | None = None
    citations: Mapping[str, str] = field(default_factory=dict)
    anchors: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.html = Html(
            self._html_address, lambda what: self.report(self.line, what), set(self.anchors)
        )

    def convert(self, text: str, line: int, *, within_link: bool = False) -> str:
        """``text``, which begins on ``line`` of the source, as pandoc's Markdown. Line breaks stay
        line breaks, as many as there were outside of tags."""
        return (self.scanner or Scanner)(self, text, line, within_link).run()

    def block(self, text: str, line: int) -> str:
        """``convert``, with what was opened in ``text`` closed in it, and the line starts guarded."""
        depth = len(self.html.open)
        made = guard(self.convert(text, line))
        if len(self.html.open) > depth:
            made += self.html.close_to(depth)
        return made

    def _html_address(self, address: str, tag: str) -> tuple[str | None, str]:
        if tag == "a":
            made = self.link(address, self.line)
            # A path that leads nowhere from here stays to be read.
            return (None, made.strip("`")) if made and made.startswith("`") else (made, "")
        # A drawing becomes a file, cleaned, as one in Markdown does.
        drawing = tag == "img" and address.lower().startswith("data:image/svg+xml;base64,")
        if is_hostile(address) and not drawing:
            self.report(self.line, f"address {address[:40]} of <{tag}>")
            return None, ""
        image = self.image(address, self.line)
        return image.address, image.title or ""


class Scanner:
    """One pass over a text, from left to right, as GitHub reads it. ``tasks`` are words at the
    beginning of a list item that stand for a box, with what is written for each."""

    tasks: Mapping[str, str] = MappingProxyType({})

    def __init__(self, inline: Inline, text: str, line: int, within_link: bool) -> None:
        self.inline = inline
        self.text = text
        self.line = line
        self.within_link = within_link
        self.at = 0
        self.made: list[str] = []
        self.strikes = {at for m in _STRIKE.finditer(text) for at in (m.start(), m.end() - 2)}
        self.quotes = {at for m in _QUOTED.finditer(text) for at in (m.start(), m.end() - 1)}

    def run(self) -> str:
        handlers = self.handlers()
        while self.at < len(self.text):
            if "pre" in self.inline.html.open:
                self._preformatted()
                continue
            if ordinary := _ORDINARY.match(self.text, self.at):
                self._put(ordinary[0], len(ordinary[0]))
                continue
            handlers.get(self.text[self.at], self._one)()
        return "".join(self.made)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """The function that reads on at each sign that may have a meaning."""
        return {
            "\\": self._backslash,
            "`": self._code,
            "<": self._angle,
            "[": self._bracket,
            "!": self._bang,
            "$": self._dollar,
            "@": self._at_sign,
            "~": self._tilde,
            "^": lambda: self._put("\\^", 1),
            "{": self._brace,
            "-": self._hyphens,
            "h": self._url,
            "H": self._url,
            "'": self._quote,
            '"': self._quote,
            "%": self._percent,
        }

    def _preformatted(self) -> None:
        """The text of ``<pre>``, in which only tags and entities mean something."""
        found = read_tag(self.text, self.at)
        if found:
            tag, end = found
            self.inline.line = self._here()
            self._put(self.inline.html.tag(tag), end - self.at)
            return
        end = self.text.find("<", self.at + 1)
        text = self.text[self.at : end if end > 0 else len(self.text)]
        self._put(harmless_code(text.replace("<", "&lt;")), len(text))

    def _put(self, made: str, length: int) -> None:
        self.made.append(made)
        self.at += length

    def _one(self) -> None:
        self._put(self.text[self.at], 1)

    def _here(self) -> int:
        """The line of the source that the scanner is on."""
        return self.line + self.text.count("\n", 0, self.at)

    def _before(self) -> str:
        return self.text[self.at - 1] if self.at else ""

    def _backslash(self) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        if following in ("(", ")"):
            # Some settings of pandoc read these two as the marks of a formula.
            self._put(following, 2)
        elif following == "[":
            self._put("&#91;", 2)
        elif following == "]":
            self._put("&#93;", 2)
        elif following in _PUNCTUATION or following == "\n":
            self._put("\\" + following, 2)
        else:
            self._put("\\\\", 1)

    def _code(self) -> None:
        ticks = re.compile("`+").match(self.text, self.at)
        assert ticks is not None
        close = re.compile(rf"(?<!`){ticks[0]}(?!`)").search(self.text, ticks.end())
        if not close:
            self._put("\\`" * len(ticks[0]), len(ticks[0]))
            return
        code = self.text[self.at : close.end()]
        self._put(harmless_code(code), len(code))
        self._escape_brace()

    def _escape_brace(self) -> None:
        """After a code span, a link or a bracket, a brace would be attributes."""
        if mark := PRIVATE_MARK.match(self.text, self.at):
            self._put("{.private}", len(mark[0]))
        elif self.text.startswith("{", self.at):
            self._put("\\{", 1)

    def _angle(self) -> None:
        text, at = self.text, self.at
        if comment := _COMMENT.match(text, at):
            self._put(harmless_code(comment[0]), len(comment[0]))
        elif link := _AUTOLINK.match(text, at):
            self._autolink(link)
        elif found := read_tag(text, at):
            tag, end = found
            self.inline.line = self._here()
            self._put(self.inline.html.tag(tag), end - at)
        elif re.match(r"<[A-Za-z/!?]", text[at : at + 2]):
            self._put("&lt;", 1)
        else:
            self._one()

    def _autolink(self, link: re.Match[str]) -> None:
        if link[1] is None or re.match(r"https?:|mailto:", link[1], re.I):
            self.inline.link(link[1] or f"mailto:{link[2]}", self._here())
            self._put(link[0], len(link[0]))
            return
        if is_hostile(link[1]):
            self.inline.report(self._here(), f"address {link[1][:40]}")
        self._put("&lt;", 1)

    def _url(self) -> None:
        url = _URL.match(self.text, self.at)
        if not url or (self._before().isascii() and self._before().isalnum()):
            self._one()
            return
        address = url[0]
        while address and (
            address[-1] in "?!.,:;*_~[@&"
            or (address[-1] == ")" and address.count(")") > address.count("("))
            or (address[-1] == "]" and address.count("]") > address.count("["))
        ):
            address = address[:-1]
        address = address.split("](")[0]
        if len(address) < 9:
            self._one()
        elif self.within_link:
            self._put(re.sub(r"([\[\]@~^$*_])", r"\\\1", address), len(address))
        else:
            self.inline.link(address, self._here())
            self._put(f"<{address}>", len(address))

    def _bang(self) -> None:
        if not self.text.startswith("![", self.at) or not (end := self._closing(self.at + 1)):
            self._one()
            return
        alt = self.text[self.at + 2 : end]
        target = self._target(end + 1)
        if target is None:
            self._one()
            return
        address, title, after = target
        image = self.inline.image(address, self._here())
        title = f"{image.title} {title}".strip() if image.title is not None else title
        label = type(self)(self.inline, alt, self._here(), True).run()
        made = f"![{label}]({destination(image.address)}{link_title(title)})"
        self._put_link(made, end, after)
        self._escape_brace()

    def _bracket(self) -> None:
        if (mark := _FOOTNOTE.match(self.text, self.at)) and not self.within_link:
            made = self.inline.footnotes.get(mark[1].lower())
            self._put(made if made is not None else f"[\\^{plain_label(mark[1])}]", len(mark[0]))
            self._escape_brace()
            return
        end = self._closing(self.at)
        target = self._target(end + 1) if end and not self.within_link else None
        if not end:
            self._put("\\[", 1)
            return
        label = self.text[self.at + 1 : end]
        if target is None:
            # Text in brackets: a checkbox, an aside, a reference to nothing.
            inner = type(self)(self.inline, label, self._here(), self.within_link).run()
            self._put(f"[{inner}]", end + 1 - self.at)
            if self.text.startswith("(", self.at) and not self.within_link:
                # pandoc's addresses may hold spaces: it would make a link of what is text here.
                self._put("&#40;", 1)
            self._escape_brace()
            return
        address, title, after = target
        inner = type(self)(self.inline, label, self._here(), True).run()
        made = self.inline.link(address, self._here())
        if made is None:
            self._put_link(inner, end, after)
        elif made.startswith("`"):
            shown = f"{inner} ({made})" if label.strip() else made
            if title:
                shown = f'<span title="{html.escape(title)}">{shown}</span>'
                self.inline.resolved.append((shown, self.text[self.at : after]))
            self._put_link(shown, end, after)
        else:
            self._put_link(f"[{inner}]({destination(made)}{link_title(title)})", end, after)
        self._escape_brace()

    def _put_link(self, made: str, end: int, after: int) -> None:
        """Write ``made`` for the link whose label ends at ``end`` and which ends before ``after``."""
        if not self.text.startswith("(", end + 1):
            self.inline.resolved.append((made, self.text[self.at : after]))
        self._put(made, after - self.at)

    def _closing(self, opening: int) -> int:
        """The place where the bracket that opens at ``opening`` closes, 0 if it doesn't (CommonMark
        6.3)."""
        depth, at, text = 0, opening, self.text
        while at < min(len(text), opening + _LONGEST_LABEL):
            char = text[at]
            if char == "\\":
                at += 1
            elif char == "`":
                ticks = re.compile("`+").match(text, at)
                assert ticks is not None
                close = re.compile(rf"(?<!`){ticks[0]}(?!`)").search(text, ticks.end())
                at = (close.end() if close else ticks.end()) - 1
            elif char == "[":
                depth += 1
            elif char == "]":
                depth -= 1
                if depth == 0:
                    return at
            at += 1
        return 0

    def _target(self, at: int) -> tuple[str, str, int] | None:
        """The address and title that follow a label closing before ``at``, and where they end."""
        if match := _DESTINATION.match(self.text, at):
            title = (match[3] or '""')[1:-1]
            return match[1] if match[1] is not None else match[2], title, match.end()
        if spaced := _SPACED.match(self.text, at):
            return spaced[1].strip(), "", spaced.end()
        label, end = self._reference(at)
        label = " ".join(label.lower().split())
        found = self.inline.definitions.get(label)
        if found is None:
            return None
        self.inline.used.add(label)
        return (*found, end)

    def _reference(self, at: int) -> tuple[str, int]:
        """The label of a reference link (``[text][label]``, ``[label][]``, ``[label]``) and its end."""
        own = self.text[self.text.rfind("[", 0, at) + 1 : at - 1]
        if match := re.compile(r"\[([^\[\]]*)\]").match(self.text, at):
            return match[1] or own, match.end()
        return own, at

    def _dollar(self) -> None:
        found = formula_at(self.text, self.at, within_link=self.within_link)
        self._put(*(found or ("\\$", 1)))

    def _at_sign(self) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        email = self._before().isascii() and self._before().isalnum()
        cites = following.isalnum() or following in ("_", "{", "*")
        self._put("\\@" if cites and not email else "@", 1)

    def _tilde(self) -> None:
        if self.at in self.strikes and self._before() != "~":
            self._put("~~", 2)
        else:
            self._put("\\~", 1)

    def _quote(self) -> None:
        mark = self.text[self.at]
        self._put(f"\\{mark}" if self.at in self.quotes else mark, 1)

    def _percent(self) -> None:
        comment = _OBSIDIAN_COMMENT.match(self.text, self.at)
        if not comment or self._before().isdigit() or not comment[1].strip():
            self._one()
            return
        inner = type(self)(self.inline, comment[1].strip(), self._here(), False).run()
        self._put(f"[{inner}]{{.private}}", len(comment[0]))

    def _brace(self) -> None:
        escaped = self.text.startswith(("{{", "{<", "{=", "{.", "{#", "{%"), self.at)
        self._put("\\{" if escaped else "{", 1)

    def _hyphens(self) -> None:
        run = re.compile("-+").match(self.text, self.at)
        assert run is not None
        self._put(run[0] if len(run[0]) == 1 else "\\-" * len(run[0]), len(run[0]))
