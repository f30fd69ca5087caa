"""Small charts as SVG that need nothing but a reader: text stays text, so that it is set in the
reader's own fonts, and the colours stand out on a light ground and on a dark one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

# Mid-tones: text has a contrast of 4.5 on white and on black, the bars of more than 3 (WCAG 2.2,
# 1.4.3 and 1.4.11).
TEXT_COLOUR = "#767676"
BAR_COLOUR = "#3d85c6"

_FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', sans-serif"
_SIZE = 13
_ROW = 24
_BAR = 14
_WIDTH = 640
_LABEL_LIMIT = 30
_TITLE = re.compile("<title>([^<]*)</title>")
_BAR_ROW = re.compile(
    r'<text x="[\d.]+" y="[\d.]+" text-anchor="end">([^<]*)</text><rect [^<>]*/>'
    r'<text x="[\d.]+" y="[\d.]+">(\d+)</text>'
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def bars(counts: Mapping[str, int], *, title: str, lang: str = "en") -> str:
    """A horizontal bar chart of ``counts``, a bar a label in the order given, as an SVG document.

    ``title`` is what a screen reader says of it; ``lang`` is the language of the labels. Widths are
    in CSS pixels, 640 in all, and shrink with the page.
    """
    labels = [_shortened(label) for label in counts]
    left = max((_columns(label) for label in labels), default=0) * _SIZE * 0.56 + 12
    room = _WIDTH - left - 48
    most = max(counts.values(), default=0) or 1
    height = _ROW * len(counts) + 8
    rows = []
    for row, (label, count) in enumerate(zip(labels, counts.values(), strict=True)):
        middle = 4 + _ROW * row + _ROW / 2
        length = max(room * count / most, 2)
        rows.append(
            f'<text x="{left - 8:.1f}" y="{middle + 4.5:.1f}" text-anchor="end">{_xml(label)}</text>'
            f'<rect x="{left:.1f}" y="{middle - _BAR / 2:.1f}" width="{length:.1f}" '
            f'height="{_BAR}" rx="2" fill="{BAR_COLOUR}"/>'
            f'<text x="{left + length + 6:.1f}" y="{middle + 4.5:.1f}">{count}</text>'
        )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
            f'width="{_WIDTH}" height="{height}" style="max-width:100%;height:auto" role="img" '
            f'lang="{_xml(lang)}" xml:lang="{_xml(lang)}">',
            f"<title>{_xml(title)}</title>",
            f'<g font-family="{_FONT}" font-size="{_SIZE}" fill="{TEXT_COLOUR}">',
            *rows,
            "</g>",
            "</svg>",
        ]
    )


@dataclass(frozen=True)
class Bars:
    """The contents of a bar chart: its title, and its labels with their numbers, from the top down."""

    title: str
    rows: tuple[tuple[str, int], ...]


def read_bars(svg: str) -> Bars | None:
    """The contents of the SVG document ``svg`` if `bars` made it; None for any other.

    A page that shows the chart can so draw it in its own colours and at the size of its own text.
    """
    if _FONT not in svg or not svg.lstrip().startswith("<svg "):
        return None
    title = _TITLE.search(svg)
    rows = tuple((unescape(label), int(count)) for label, count in _BAR_ROW.findall(svg))
    if title is None or not rows or svg.count("<rect") != len(rows):
        return None
    return Bars(unescape(title[1]), rows)


def text_bars(counts: Mapping[str, int]) -> str:
    """The same chart in plain text, for a terminal or a reader that shows no pictures."""
    labels = [_shortened(label) for label in counts]
    width = max((_columns(label) for label in labels), default=0)
    most = max(counts.values(), default=0) or 1
    lines = []
    for label, count in zip(labels, counts.values(), strict=True):
        bar = "█" * max(round(24 * count / most), 1)
        lines.append(f"{label}{' ' * (width - _columns(label))}  {bar} {count}")
    return "\n".join(lines)


def _columns(text: str) -> int:
    """The width of ``text``, with wide characters such as Han and Hangul counted as two (UAX 11)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _shortened(label: str) -> str:
    label = " ".join(label.split())
    if _columns(label) <= _LABEL_LIMIT:
        return label
    while _columns(label) > _LABEL_LIMIT - 1:
        label = label[:-1]
    return label.rstrip() + "…"


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
