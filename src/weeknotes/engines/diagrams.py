"""Diagrams written as text (Mermaid, Graphviz), drawn by the programs for it that are on the machine.

Graphviz's `dot` and the Mermaid command line's `mmdc` make an SVG image, which is put into the page
itself, so that the search finds its words and no script is needed. Where the program is missing or
refuses the text, the page shows the text, and its author is warned.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

from weeknotes.engines.surroundings import PROGRAMS, places_of
from weeknotes.files import write_cache
from weeknotes.journal.project import Project

Element = Any
Warn = Callable[[str, str, str], None]
"""Called with a message, a piece of the diagram's text, and a hint."""

MARK = "data-fence"
"""The attribute of a block of code that tells the language in the braces of its fence."""
_PACKAGES = {"dot": "Graphviz (graphviz.org)", "mermaid": "the npm package @mermaid-js/mermaid-cli"}
_SECONDS = 60
#: Labels as SVG text: HTML within an SVG image is nothing that a page of the site may hold.
_MERMAID = {"htmlLabels": False, "flowchart": {"htmlLabels": False}, "securityLevel": "strict"}


def folder(project: Project) -> Path:
    """The folder in which the drawings of ``project`` are kept."""
    return project.state / "diagrams"


def draw(root: Element, folder: Path, warn: Warn) -> set[str]:
    """Draw every diagram in ``root``, keeping the images in ``folder`` by their text. Returns the
    files, there or not, that the commands for them may be."""
    needed: set[str] = set()
    for block in [e for e in root.iter("pre", "div") if e.get(MARK) is not None]:
        language = block.attrib.pop(MARK)
        if language not in PROGRAMS:
            continue
        needed.update(places_of(PROGRAMS[language]))
        text = block.text_content().strip("\n")
        svg, reason = _svg(language, text, folder)
        box = block if block.tag == "div" else None
        shown = lxml.html.Element("div")
        shown.set("class", "diagram")
        shown.tail = block.tail
        block.tail = None
        block.getparent().replace(block, shown)
        if svg is None:
            shown.append(box if box is not None else block)
            first = next((line for line in text.split("\n") if line.strip()), text)
            hint = f"To have it drawn, install {_PACKAGES[language]}."
            warn(f"the diagram in {{{language}}} is shown as its text: {reason}", first, hint)
        else:
            shown.append(without_names(lxml.html.fragment_fromstring(svg)))
    return needed


def without_names(svg: Element) -> Element:
    """``svg`` without the comments and titles that Graphviz names its parts by: their words would be
    found by the search though no reader sees them."""
    for title in [e for e in svg.iter() if e.tag in ("title", etree.Comment)]:
        title.drop_tree()
    return svg


def _svg(language: str, text: str, folder: Path) -> tuple[str | None, str]:
    """The SVG element of a diagram, or None and the reason why there is none."""
    name = hashlib.blake2b(f"{language}\n{text}".encode(), digest_size=12).hexdigest()
    kept = folder / f"{name}.svg"
    if kept.is_file():
        return kept.read_text("utf-8"), ""
    program = shutil.which(PROGRAMS[language])
    if program is None:
        return None, f"the command '{PROGRAMS[language]}' is not on PATH"
    try:
        drawn = _dot(program, text) if language == "dot" else _mermaid(program, text, name)
    except (OSError, subprocess.SubprocessError) as error:
        return None, _said(error)
    svg = _element(drawn)
    if svg is None:
        return None, f"'{PROGRAMS[language]}' drew nothing"
    write_cache(kept, svg.encode())
    return svg, ""


def _dot(program: str, text: str) -> str:
    # With SERVER_NAME set, Graphviz reads image files only below GV_FILE_PATH: a diagram is text, and
    # names no file of this machine (Graphviz documentation, "Command Line", Environment Variables).
    environment = {**os.environ, "SERVER_NAME": "weeknotes", "GV_FILE_PATH": os.devnull}
    return _run([program, "-Tsvg"], text, environment)


def _mermaid(program: str, text: str, name: str) -> str:
    with tempfile.TemporaryDirectory(prefix="weeknotes-") as folder:
        source, image, config = (Path(folder) / n for n in ("in.mmd", "out.svg", "config.json"))
        source.write_text(text, "utf-8")
        config.write_text(json.dumps(_MERMAID))
        command = [program, "-q", "-i", source, "-o", image, "-c", config, "-b", "transparent"]
        _run([*map(str, command), "--svgId", f"mermaid-{name}"], "", dict(os.environ))
        return image.read_text("utf-8")


def _run(command: list[str], text: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        input=text.encode(),
        env=environment,
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")


def _said(error: Exception) -> str:
    """The last line that a program that failed has written."""
    stderr = getattr(error, "stderr", None) or b""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else str(error)


def _element(drawn: str) -> str | None:
    """The SVG element in what was drawn, with its size in pixels."""
    match = re.search(r"<svg\b.*</svg>", drawn, re.S)
    if match is None:
        return None
    return re.sub(r"(?<=\d)pt(?=\")", "", match[0], count=2)
