"""Outputs of code cells from elsewhere, without what could run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from weeknotes.importers.markdown.clean_html import (
    ALLOWED,
    Html,
    is_hostile,
    read_tag,
    without_scripts,
)

_TEXTS = ("text/plain", "text/latex", "text/markdown")
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def cleaned(outputs: Any, report: Callable[[str], None]) -> tuple[dict[str, Any], ...]:
    """The ``outputs`` of a cell in the form of nbformat 4, each without scripts, widgets and what a
    page would run; ``report`` gets what was taken out."""
    found = (
        outputs if isinstance(outputs, Iterable) and not isinstance(outputs, str | bytes) else ()
    )
    made = (_output(one, report) for one in found if isinstance(one, Mapping))
    return tuple(one for one in made if one)


def _output(one: Mapping[str, Any], report: Callable[[str], None]) -> dict[str, Any]:
    match one.get("output_type"):
        case "stream":
            name = "stderr" if one.get("name") == "stderr" else "stdout"
            return {"output_type": "stream", "name": name, "text": _text(one.get("text"))}
        case "error":
            trace = one.get("traceback")
            return {
                "output_type": "error",
                "ename": str(one.get("ename", "")),
                "evalue": str(one.get("evalue", "")),
                "traceback": [str(line) for line in trace] if isinstance(trace, list) else [],
            }
        case "execute_result" | "display_data" as kind:
            data = _data(one.get("data"), report)
            if not data:
                return {}
            made: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
            if kind == "execute_result":
                number = one.get("execution_count")
                made["execution_count"] = number if isinstance(number, int) else None
            return made
    return {}


def _data(data: Any, report: Callable[[str], None]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for kind, value in data.items() if isinstance(data, Mapping) else ():
        text = _text(value)
        if kind in _TEXTS:
            made[kind] = text if kind == "text/plain" else html_without_scripts(text, report)
        elif kind in _PICTURES:
            made[kind] = "".join(text.split()) + "\n"
        elif kind == "text/html":
            if shown := html_without_scripts(text, report):
                made[kind] = shown
        elif kind == "image/svg+xml":
            if "<script" in text.lower() or re.search(r"\bon\w+\s*=|javascript:", text, re.I):
                report("script in a picture of an output")
            else:
                made[kind] = text
        else:
            report(f"output of the kind {str(kind)[:60]}")
    return made


def html_without_scripts(text: str, report: Callable[[str], None]) -> str:
    """HTML of an output, without scripts, handlers, frames and forms; its style sheets go as well."""
    lines = without_scripts(list(enumerate(text.split("\n"))), lambda _, what: report(what))
    text = "\n".join(part for _, part in lines)

    def address(value: str, name: str) -> tuple[str | None, str]:
        return (None, "") if is_hostile(value) else (value, "")

    clean = Html(address, report)
    made: list[str] = []
    at = 0
    while at < len(text):
        found = read_tag(text, at) if text[at] == "<" else None
        if found is None:
            made.append(text[at])
            at += 1
            continue
        tag, at = found
        made.append(clean.alone(tag) if tag.name in ALLOWED else clean.tag(tag))
    return "".join(made).strip()


def _text(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")
