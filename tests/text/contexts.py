"""What each word of a text is in, by pandoc's reading and by the scanner's, to compare the two."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pypandoc

from weeknotes.text.markdown import read

WORD = re.compile(r"w\d+x")


class Pandoc:
    """A running pandoc that reads one text after another."""

    def __init__(self) -> None:
        script = Path(__file__).parent / "read.lua"
        self._process = subprocess.Popen(
            [pypandoc.get_pandoc_path(), "lua", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def read(self, text: str) -> Any:
        """Pandoc's document of ``text`` as JSON; None where it refuses it."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(text).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def by_pandoc(document: Any) -> dict[str, frozenset[str]]:
    """What each word is in, by pandoc's document; words that it does not show are not there."""
    found: dict[str, frozenset[str]] = {}

    def note(text: str, around: frozenset[str]) -> None:
        for word in WORD.findall(text):
            found[word] = found.get(word, frozenset()) | around

    def classes(attributes: Any, kind: str) -> set[str]:
        return {f"{kind}.{name}" for name in attributes[1] if name.startswith("m")}

    def walk(node: Any, around: frozenset[str]) -> None:
        if isinstance(node, list):
            for item in node:
                walk(item, around)
            return
        if not isinstance(node, dict):
            return
        kind, content = node.get("t"), node.get("c")
        if kind == "Str":
            note(content, around)
        elif kind in ("CodeBlock", "Code"):
            own = {"codeblock" if kind == "CodeBlock" else "code"}
            note(content[1], around | own | classes(content[0], "code"))
        elif kind == "Math":
            note(content[1], around | {"math"})
        elif kind in ("RawBlock", "RawInline"):
            note(content[1], around | {"raw"})
        elif kind == "Header":
            walk(content[2], around | {f"h{content[0]}"} | classes(content[1], "heading"))
        elif kind in ("Div", "Span"):
            walk(content[1], around | classes(content[0], kind.lower()))
        elif kind in ("Link", "Image"):
            walk(content[1], around | {kind.lower()} | classes(content[0], kind.lower()))
        elif kind == "Figure":
            image = _image(content[2])
            extra = {"image", *classes(image, "image")} if image else set()
            walk(content[1], around | extra)
        elif kind == "Table":
            walk(content[1:], around | classes(content[0], "table"))
        elif kind == "Cite":
            walk(content[1], around)
        else:
            walk(content, around)

    walk(document["blocks"], frozenset())
    return found


def _image(node: Any) -> Any:
    """The attributes of the first image in ``node``."""
    if isinstance(node, dict):
        if node.get("t") == "Image":
            return node["c"][0]
        node = node.get("c")
    if isinstance(node, list):
        for item in node:
            if (found := _image(item)) is not None:
                return found
    return None


def by_scanner(text: str) -> dict[str, frozenset[str]]:
    """The same by the scanner."""
    structure = read(text)
    found: dict[str, frozenset[str]] = {}
    for match in WORD.finditer(text):
        at = match.start()
        if structure.inside(at, {"note"}):
            continue  # Pandoc shows a note where it is referred to.
        around: set[str] = set()
        for region in structure.regions:
            if not region.start <= at < region.end:
                continue
            marks = {name for name in region.attributes.classes if name.startswith("m")}
            inside = region.inner[0] <= at < region.inner[1]
            if region.kind == "fence" and region.name.startswith("="):
                around.add("raw")
            elif region.kind in ("fence", "indented"):
                around |= {"codeblock", *(f"code.{m}" for m in marks)}
            elif region.kind == "code":
                raw = region.name.startswith("=")
                around |= {"raw"} if raw else {"code", *(f"code.{m}" for m in marks)}
            elif region.kind == "math":
                around.add("math")
            elif region.kind in ("comment", "tag", "verbatim", "tex"):
                around.add("raw")
            elif region.kind == "heading" and inside:
                around |= {f"h{region.level}", *(f"heading.{m}" for m in marks)}
            elif region.kind in ("div", "span"):
                around |= {f"{region.kind}.{m}" for m in marks}
            elif region.kind in ("link", "image", "address") and inside:
                kind = "link" if region.kind == "address" else region.kind
                around |= {kind, *(f"{kind}.{m}" for m in marks)}
            elif region.kind == "table":
                around |= {f"table.{m}" for m in marks}
        found[match[0]] = found.get(match[0], frozenset()) | around
    return found


def differences(pandoc: Pandoc, text: str) -> list[str]:
    """The words on which the two readings differ."""
    document = pandoc.read(text)
    if document is None:
        return []
    theirs, ours = by_pandoc(document), by_scanner(text)
    return [
        f"{word}: pandoc {sorted(around)}, scanner {sorted(ours[word])}"
        for word, around in theirs.items()
        if word in ours and around != ours[word]
    ]
