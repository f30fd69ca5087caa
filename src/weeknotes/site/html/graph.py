"""Graphs as inline SVG. Their colours are the theme's (classes ``series-1`` to ``series-8`` and
``series-rest``), their text is text, and the numbers are beside each as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

#: So many series have a colour of their own.
SERIES = 8
_HEIGHT = 150
_FOOT = 26
_LEFT = 30
_TEXT = 12


@dataclass(frozen=True)
class Column:
    """A column of stacked values: its ``label`` on the axis (may be empty), its ``name`` in full, and
    a value for each series that it has."""

    label: str
    name: str
    values: Mapping[str, int]


def columns(items: Sequence[Column], series: Sequence[str], *, title: str, width: int) -> Markup:
    """Stacked columns, one for each of ``items``, in the colours of ``series``; what belongs to none
    of these is stacked on top. ``width`` is a column's in CSS pixels, with its gap."""
    tallest = max((sum(item.values.values()) for item in items), default=0) or 1
    step = _round_step(tallest)
    top = -(-tallest // step) * step
    across = _LEFT + width * len(items) + 8
    parts = [
        Markup(
            '<svg class="graph" role="img" width="{0}" height="{1}" viewBox="0 0 {0} {1}">'
            "<title>{2}</title>"
        ).format(across, _HEIGHT + _FOOT + 8, title)
    ]
    for value in range(0, top + 1, step):
        height = 8 + _HEIGHT - _HEIGHT * value / top
        parts.append(
            Markup(
                '<path class="axis" d="M{} {:.1f}H{}"/><text class="scale" x="{}" y="{:.1f}">{}</text>'
            ).format(_LEFT, height, across, _LEFT - 6, height + _TEXT / 3, value)
        )
    for number, item in enumerate(items):
        parts.append(_column(item, series, _LEFT + width * number, width, top))
    return Markup("").join([*parts, Markup("</svg>")])


def _column(item: Column, series: Sequence[str], left: float, width: int, top: int) -> Markup:
    gap = 2 if width < 20 else 8
    parts = [Markup("<g><title>{}</title>").format(_spoken(item))]
    foot = 8.0 + _HEIGHT
    named = [(name, number) for number, name in enumerate(series[:SERIES], 1)]
    rest = sum(value for name, value in item.values.items() if name not in series[:SERIES])
    stack = [(f"series-{number}", item.values.get(name, 0)) for name, number in named]
    for colour, value in [*stack, ("series-rest", rest)]:
        if value:
            height = _HEIGHT * value / top
            foot -= height
            parts.append(
                Markup('<rect class="{}" x="{:g}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
                    colour, left + gap / 2, foot, width - gap, height
                )
            )
    if item.label:
        parts.append(
            Markup('<text x="{:g}" y="{}">{}</text>').format(
                left + width / 2, 8 + _HEIGHT + 18, item.label
            )
        )
    return Markup("").join([*parts, Markup("</g>")])


def _spoken(item: Column) -> str:
    found = ", ".join(f"{name} {value}" for name, value in item.values.items() if value)
    return f"{item.name}: {found or 0}"


def _round_step(tallest: int) -> int:
    """The distance between lines of the scale: 1, 2 or 5 times a power of ten, four lines at most."""
    step = 1
    while tallest / step > 4:
        for factor in (2, 5, 10):
            if tallest / (step * factor) <= 4 or factor == 10:
                step *= factor
                break
    return step


def bar(share: float) -> Markup:
    """A horizontal bar as long as ``share`` (0 to 1) of the room that it has."""
    return Markup(
        '<svg class="measure" aria-hidden="true" width="100%" height="12">'
        '<rect width="{:.1f}%" height="12" rx="2"/></svg>'
    ).format(100 * share)


def small(values: Sequence[int], most: int, *, split: int = 0, title: str) -> Markup:
    """Small columns for ``values`` on a scale up to ``most``, those from number ``split`` on set
    off."""
    width, height = 7, 30
    parts = [
        Markup(
            '<svg class="small-graph" role="img" width="{0}" height="{1}" viewBox="0 0 {0} {1}">'
            "<title>{2}</title>"
        ).format(width * len(values), height + 2, title)
    ]
    for number, value in enumerate(values):
        tall = max(2.0, height * value / (most or 1)) if value else 1.0
        name = "none" if not value else "series-1" if number >= split else "series-rest"
        parts.append(
            Markup('<rect class="{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
                name, number * width, height + 1 - tall, width - 2, tall
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])
