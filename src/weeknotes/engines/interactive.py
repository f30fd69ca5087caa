"""Outputs that only a script could draw: told from others, and what they are drawn by.

A page runs no script of a notebook's, so that of such an output nothing would be left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lxml.html
from lxml import etree

from weeknotes.journal.notebooks import joined
from weeknotes.text.html_elements import UNSPOKEN

_MIMES = (
    (re.compile(r"application/vnd\.plotly\.v\d+\+json"), "Plotly"),
    (re.compile(r"application/vnd\.vega(?:lite)?\.v\d+(?:\.\d+)*\+json"), "Vega"),
    (re.compile(r"application/vnd\.bokehjs_exec\.v\d+\+json"), "Bokeh"),
    (re.compile(r"application/vnd\.holoviews_exec\.v\d+\+json"), "HoloViews"),
    (re.compile(r"application/vnd\.jupyter\.widget-view\+json"), "widget"),
    (re.compile(r"application/geo\+json"), "GeoJSON"),
)
#: What only loads a library, and shows nothing by itself.
_LOADERS = re.compile(
    r"application/vnd\.(?:bokehjs|holoviews)_load\.v\d+\+json|application/javascript"
    r"|application/papermill\.record/.*"
)
_DRAWN_BY = (
    (re.compile(r"Plotly\.(?:newPlot|react|plot)\b|plotly-graph-div"), "Plotly"),
    (re.compile(r"vegaEmbed|vega-embed|altair-viz"), "Vega"),
    (re.compile(r"folium|leaflet|L\.map\(", re.I), "map"),
    (re.compile(r"Bokeh"), "Bokeh"),
    (re.compile(r"mpld3"), "mpld3"),
    (re.compile(r"vis\.Network|pyvis"), "network"),
    (re.compile(r"itables|DataTable", re.I), "table"),
    (re.compile(r"3Dmol|nglview|py3Dmol", re.I), "molecule"),
)
#: Words that are in an output until its script is run.
_WAITING = re.compile(
    r"Make this Notebook Trusted to load map: File -> Trust Notebook"
    r"|(?:Loading|Loading BokehJS|BokehJS [\d.]+ (?:is being loaded|successfully loaded))[\s.…]*"
    r"|Loading ITables v?[\w.]+ from[^.]*\.*(?:\(need help\?\))?"
    r"|Visualization omitted, Javascript library not loaded!"
    r"|Have you run `initjs\(\)` in this notebook\?.*"
    r"|\S*You appear to be running in JupyterLab \(or JavaScript failed to load for some other"
    r" reason\)\..*",
    re.S,
)
_SHOWN = frozenset(
    "img svg video audio hr input button select textarea progress meter math".split()
)
_NOT_SHOWN = UNSPOKEN | {"head", "link", "meta", "title"}
_VEGA_CALL = re.compile(r"vegaEmbed\(\s*[^,{]+,\s*(?=\{)|\}\)\(\s*(?=\{\s*\")")
_PLOTLY_CALL = re.compile(r"Plotly\.newPlot\(\s*(?:[\"'][^\"']*[\"']|[\w.$]+)\s*,\s*(?=\[)")


@dataclass(frozen=True)
class Interactive:
    """An output that a script draws.

    ``kind`` names what draws it: "Plotly", "Vega" and the like, or "script". ``spec`` is the figure of
    Plotly or Vega that it holds, as JSON values. ``loads`` is true for one that only loads a library.
    """

    kind: str
    spec: Any = None
    loads: bool = False


def interactive(data: Mapping[str, Any]) -> Interactive | None:
    """The output in ``data`` (a bundle by MIME type) that a script draws; None if it shows
    without a script."""
    for mime, value in data.items():
        for pattern, kind in _MIMES:
            if pattern.fullmatch(mime):
                return Interactive(kind, value if kind in ("Plotly", "Vega") else None)
    html = joined(data.get("text/html"))
    if html is None:
        loads = bool(data) and all(_LOADERS.fullmatch(m) or m == "text/plain" for m in data)
        return Interactive("script", loads=True) if loads and len(data) > _plain(data) else None
    if not re.search(r"<(?:script|canvas)\b|srcdoc", html, re.I):
        return None
    shown, elements = _visible(html)
    if shown:
        return None
    kind = next((name for pattern, name in _DRAWN_BY if pattern.search(html)), "script")
    return Interactive(kind, _spec(kind, html), loads=not elements)


def _plain(data: Mapping[str, Any]) -> int:
    return int("text/plain" in data)


def _visible(html: str) -> tuple[bool, bool]:
    """Whether ``html`` shows anything without its scripts, and whether it has elements at all."""
    try:
        root = lxml.html.fragment_fromstring(html, create_parent="div")
    except (etree.LxmlError, ValueError):
        return True, True
    for element in list(root.iter(*_NOT_SHOWN)):
        element.drop_tree()
    elements = [e for e in root.iterdescendants() if isinstance(e.tag, str)]
    for element in elements:
        if element.tag in _SHOWN:
            return True, True
        if element.tag in ("iframe", "embed", "object") and _leads(element):
            return True, True
    words = " ".join(root.text_content().split())
    return bool(_WAITING.sub("", words).strip()), bool(elements)


def _leads(frame: Any) -> bool:
    """Whether a frame has an address that a page may show."""
    address = str(frame.get("src") or frame.get("data") or "")
    return bool(address) and not re.match(r"\s*(?:about|data|javascript|blob):", address, re.I)


def _spec(kind: str, html: str) -> Any:
    """The figure of Plotly or Vega that a script in ``html`` draws; None where it cannot be read."""
    if kind == "Vega" and (match := _VEGA_CALL.search(html)):
        return _json_at(html, match.end())
    if kind == "Plotly" and (match := _PLOTLY_CALL.search(html)):
        data, end = _json(html, match.end())
        gap = re.compile(r"\s*,\s*").match(html, end) if data is not None else None
        layout = _json_at(html, gap.end()) if gap else None
        return {"data": data, "layout": layout or {}} if data is not None else None
    return None


def _json_at(text: str, start: int) -> Any:
    return _json(text, start)[0]


def _json(text: str, start: int) -> tuple[Any, int]:
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start
