"""This module reads what the rules look at in Markdown: citations, references, images, links,
labels and anchors."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from weeknotes.checks import anchors, masking
from weeknotes.text.markdown import citations

#: Han and Hangul, after which a citation needs a space that the language doesn't.
_GLUED = re.compile(rf"(?<=[\u3400-\u9fff\uac00-\ud7a3])@({citations.KEY})")
_TEXT = r"((?:\\.|[^\[\]\\]|\[(?:\\.|[^\[\]\\]|\[[^\[\]]*\])*\])*)"
_IMAGE = re.compile(rf"(?<!\\)!\[{_TEXT}\]{masking.DESTINATION}(\{{[^{{}}]*\}})?", re.S)
_LINK = re.compile(rf"(?<![!\\])\[{_TEXT}\]{masking.DESTINATION}", re.S)
_NAMED_IMAGE = re.compile(rf"(?<!\\)!\[{_TEXT}\](?!\()(?:\[([^\[\]]*)\])?(\{{[^{{}}]*\}})?", re.S)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)([^\]]+)\]:[ \t]*\n?[ \t]*(?:<([^>\n]*)>|(\S+))", re.M)
_NOTE = re.compile(r"(?<![\\!\[])\[\^([^\[\]\s]{1,200})\](?!:)")
_NOTE_TEXT = re.compile(r"^ {0,3}\[\^([^\[\]\s]{1,200})\]:", re.M)
_DESCRIBED = re.compile(r"(?:fig-alt|alt)\s*=\s*[\"']?[^\"'\s}]")
_TAG = re.compile(
    r"""(?<!\\)<(a|area|img|video|audio|source|track|embed|iframe|object)\b((?:[^<>"']|"[^"]*"|'[^']*')*)>""",
    re.I,
)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_AUTOLINK = re.compile(r"(?<!\\)<(https?://[^\s<>]+)>", re.I)
_SHOWN = ("src", "poster", "data")
_SHORTCODE = re.compile(
    r"(?<!\{)\{\{<\s{0,20}([^\s<>{}]{1,100})\s{0,20}(.{0,1000}?)\s{0,20}>\}\}(?!\})"
)
LABEL = re.compile(r"\{[^{}\n]*?#([^\s{}]+)[^{}\n]*\}")
_HTML_ID = re.compile(
    r"""<[a-z][^<>]*\b(?:id|name)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'>]+))""", re.I
)
_FIGURE = re.compile(r"^[ \t>]*(:{3,})[ \t]*\{[^}\n]*#fig-.*?^[ \t>]*\1[ \t]*$", re.M | re.S)


@dataclass
class Mentions:
    """The citations, links and labels of a source, each with the number of its cell (0 if there are
    none) and its line (0 if it is in an output).

    ``images`` say whether they are described, ``glued`` are keys after a letter that takes their sign
    for its own, ``notes`` are references to footnotes. ``anchors`` and ``headings`` carry no place;
    the latter are the identifiers made of the text of headings, before repeated ones are numbered.
    ``hidden`` and ``hidden_anchors`` are set by `hide_all_but`.
    """

    cites: list[tuple[str, int, int]] = field(default_factory=list)
    glued: list[tuple[str, int, int]] = field(default_factory=list)
    references: list[tuple[str, int, int]] = field(default_factory=list)
    images: list[tuple[str, bool, int, int]] = field(default_factory=list)
    links: list[tuple[str, int, int]] = field(default_factory=list)
    includes: list[tuple[str, int, int]] = field(default_factory=list)
    notes: list[tuple[str, int, int]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    hidden: list[tuple[str, int, int]] = field(default_factory=list)
    hidden_anchors: list[str] = field(default_factory=list)

    def hide_all_but(self, public: Mentions) -> None:
        """Record that all is private but what is in ``public``: ``hidden`` are then the citations,
        references and links that are, ``hidden_anchors`` what can be linked to in private parts."""
        kept = {*public.cites, *public.references, *public.links}
        self.hidden = sorted({*self.cites, *self.references, *self.links} - kept)
        self.hidden_anchors = sorted(
            {*self.anchors, *self.headings} - {*public.anchors, *public.headings}
        )
        self.anchors, self.headings = public.anchors, public.headings


def read(
    text: str, cell: int, found: Mentions, shown: Collection[str] = (), *, output: bool = False
) -> None:
    """Add what the Markdown ``text`` mentions to ``found``. ``shown`` are the names of definitions that
    images of the page are given by (`image_names`); what an ``output`` mentions has no line."""
    plain = masking.plain(text)
    place = _Places(plain, cell, output)
    if "@" in plain:
        for one in citations.citations(text):
            if one.is_cross_reference:
                found.references.append((one.key[0].lower() + one.key[1:], *place(one.at)))
            else:
                found.cites.append((one.key, *place(one.at)))
        prose = citations.prose(text)
        found.glued += [(m[1], *place(m.start())) for m in _GLUED.finditer(prose)]
    if "](" in plain or "]:" in plain:
        _read_targets(plain, place, found, shown)
    if "<" in plain:
        _read_html(plain, place, found)
    if html_text := masking.raw_html(text):
        _read_html(html_text, place, found)
    for match in _SHORTCODE.finditer(plain):
        name = match[2].split(" ")[0].strip("\"'")
        if match[1] == "include" and not _line_around(plain, match):
            found.includes.append((name, *place(match.start())))
        elif match[1] == "video" and "://" not in name:
            found.images.append((name, True, *place(match.start())))
    if "[^" in plain:
        found.notes += [(m[1], *place(m.start())) for m in _NOTE.finditer(plain)]
        found.anchors += [f"[^{m[1]}]" for m in _NOTE_TEXT.finditer(plain)]
    _read_anchors(text, plain, found)


def _line_around(text: str, match: re.Match[str]) -> str:
    """The rest of the line of ``match``: an include with other text on its line is not an
    include."""
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return (before + text[match.end() :].partition("\n")[0]).strip()


def _read_anchors(text: str, plain: str, found: Mentions) -> None:
    if "#" in plain:
        found.anchors += [m[1] for m in LABEL.finditer(plain)]
    if "<" in plain:
        found.anchors += html_anchors(plain)
    for heading in anchors.headings(masking.outline(text)):
        if anchors.own_identifier(heading) is None:
            found.headings.append(anchors.identifier(heading))


def html_anchors(text: str) -> list[str]:
    """The anchors in HTML that links can lead to."""
    return [m[1] or m[2] or m[3] for m in _HTML_ID.finditer(text)]


def image_names(texts: Iterable[str]) -> frozenset[str]:
    """The names by which images in ``texts``, the cells of a page, refer to definitions in them."""
    names = set()
    for text in texts:
        if "![" in text:
            for match in _NAMED_IMAGE.finditer(masking.plain(text)):
                names.add(_name(match[2] or match[1]))
    return frozenset(names)


def _name(label: str) -> str:
    return " ".join(label.split()).casefold()


def _read_targets(text: str, place: _Places, found: Mentions, shown: Collection[str]) -> None:
    figures = [match.span() for match in _FIGURE.finditer(text)] if ":::" in text else []
    bare: set[str] = set()
    for match in _IMAGE.finditer(text):
        described = (
            bool(match[1].strip())
            or bool(_DESCRIBED.search(match[4] or ""))
            or any(start <= match.start() < end for start, end in figures)
        )
        found.images.append((_unescaped(match[2], match[3]), described, *place(match.start())))
    for match in _NAMED_IMAGE.finditer(text):
        if not match[1].strip() and not _DESCRIBED.search(match[3] or ""):
            bare.add(_name(match[2] or ""))
    for match in _LINK.finditer(text):
        found.links.append((_unescaped(match[2], match[3]), *place(match.start())))
    for match in _DEFINITION.finditer(text):
        name, target = _name(match[1]), match[2] or match[3] or ""
        if name in shown:
            found.images.append((target, name not in bare, *place(match.start())))
        else:
            found.links.append((target, *place(match.start())))


def _unescaped(angled: str | None, plain: str | None) -> str:
    """The address that pandoc reads from a destination."""
    text = angled if angled is not None else (plain or "").strip()
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


def _read_html(text: str, place: _Places, found: Mentions) -> None:
    found.links += [(m[1], *place(m.start())) for m in _AUTOLINK.finditer(text)]
    for match in _TAG.finditer(text):
        tag = match[1].lower()
        values = {
            m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "")
            for m in _ATTRIBUTE.finditer(match[2])
        }
        where = place(match.start())
        if tag in ("a", "area"):
            if "href" in values:
                found.links.append((values["href"], *where))
            continue
        described = tag != "img" or _is_described(values, text, match.end())
        targets = [values[name] for name in _SHOWN if name in values]
        targets += [part.split()[0] for part in values.get("srcset", "").split(",") if part.strip()]
        for target in dict.fromkeys(targets):
            found.images.append((target, described, *where))


def _is_described(values: dict[str, str], text: str, end: int) -> bool:
    """Whether an image has words to it. An empty ``alt`` says that it needs none."""
    if "alt" in values or values.get("aria-label") or values.get("title"):
        return True
    figure = text.find("</figure", end)
    return figure > 0 and "<figcaption" in text[end:figure]


class _Places:
    """A function from a position in the text of a cell to the number of the cell and the line."""

    def __init__(self, text: str, cell: int, output: bool) -> None:
        self._text = text
        self._cell = cell
        self._output = output

    def __call__(self, at: int) -> tuple[int, int]:
        return self._cell, 0 if self._output else self._text.count("\n", 0, at) + 1


def shortcodes(text: str) -> Iterator[tuple[str, int]]:
    """The names of the shortcodes in ``text``, code blanked out, each with its line."""
    for match in _SHORTCODE.finditer(text):
        yield match[1], text.count("\n", 0, match.start()) + 1
