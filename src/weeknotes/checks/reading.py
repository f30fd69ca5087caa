"""Reading the files of a journal for the rules, and remembering what was read.

A file is read again when its bytes or the code of the rules have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from weeknotes import notebooks as nb
from weeknotes.checks import markdown, notebooks, outputs
from weeknotes.checks.findings import Finding
from weeknotes.checks.markdown import Mentions
from weeknotes.errors import NotebookError
from weeknotes.files import write_atomic
from weeknotes.privacy.notebook import cut_notebook, cut_text, may_hold_private
from weeknotes.project import Project

_OFF = re.compile(r"(?:<!--|#)\s*check off:\s*([\w ,-]+)")


@dataclass
class Facts:
    """What the rules need to know of a file, as plain values.

    ``front`` is its front matter; ``off`` maps the number of a cell, 0 for the whole file, to the
    rules that are turned off there.
    """

    findings: list[Finding] = field(default_factory=list)
    mentions: Mentions = field(default_factory=Mentions)
    front: dict[str, Any] = field(default_factory=dict)
    front_cell: int | None = None
    off: dict[int, list[str]] = field(default_factory=dict)
    hidden_cites: list[str] = field(default_factory=list)
    listed: list[tuple[str, int]] = field(default_factory=list)


class Memory:
    """The facts of files as they were when last read, in ``.weeknotes/check/``."""

    def __init__(self, project: Project) -> None:
        self._root = project.root
        self._folder = project.state / "check"
        self._path = self._folder / "facts.json"
        self._patterns: outputs.Patterns | None = None
        self._known: dict[str, Any] = {}
        self._changed = False
        try:
            data = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            data = {}
        if isinstance(data, dict) and data.get("code") == _code_fingerprint():
            self._known = data["files"]

    def facts(self, source: str) -> Facts:
        """The facts of the file ``source``, POSIX from the root. Raises OSError."""
        path = self._root / source
        status = os.stat(path)  # noqa: PTH116 (twice as fast, for each file of a check)
        stamp = [status.st_mtime_ns, status.st_size, status.st_ino]
        known = self._known.get(source)
        if known and known["stamp"] == stamp:
            return _facts_from(known["facts"])
        data = path.read_bytes()
        sha = hashlib.blake2b(data, digest_size=16).hexdigest()
        self._changed = True
        if known and known["sha"] == sha:
            known["stamp"] = stamp
            return _facts_from(known["facts"])
        if source.endswith(".ipynb"):
            facts = _read_notebook(data, source, self._secret_patterns())
        else:
            facts = _read_text(data, source)
        self._known[source] = {"stamp": stamp, "sha": sha, "facts": asdict(facts)}
        return facts

    def save(self, sources: Sequence[str]) -> None:
        """Keep what was read of ``sources``, and forget other files."""
        kept = {name: self._known[name] for name in sources if name in self._known}
        if self._changed or len(kept) != len(self._known):
            data = {"code": _code_fingerprint(), "files": kept}
            write_atomic(
                self._path, json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()
            )

    def _secret_patterns(self) -> outputs.Patterns:
        if self._patterns is None:
            self._patterns = outputs.secret_patterns(self._folder)
        return self._patterns


def _read_notebook(data: bytes, source: str, patterns: outputs.Patterns) -> Facts:
    facts = Facts()
    try:
        notebook = nb.parse(data, source)
    except NotebookError as error:
        facts.findings.append(
            Finding("notebook-invalid", source, error.message, error.cell, error.line, error.hint)
        )
        return facts
    facts.findings += notebooks.judge(notebook, source)
    facts.front, found = notebooks.front_matter(notebook, source)
    facts.findings += found
    cell = notebook.front_matter_cell
    facts.front_cell = cell.index if cell else None
    _note_switches(notebook, facts)
    public = _public_texts(notebook, data, facts)
    divs = markdown.Divs(source)
    for cell in notebook.cells:
        facts.findings += outputs.judge(cell, source, patterns)
        if cell.generated:
            facts.listed += [(key, cell.index) for key in _listed_keys(cell)]
        if cell.kind == "code":
            _note_labels(cell.source, facts)
            continue
        if cell is notebook.front_matter_cell:
            continue
        facts.findings += markdown.judge(cell.source, source, cell.index)
        facts.findings += divs.feed(cell.source, cell.index)
        _check_attachments(cell, source, facts)
        markdown.read(public.get(cell.index, cell.source), cell.index, facts.mentions)
    facts.findings += divs.end()
    facts.findings += _repeated_labels(notebook, source)
    return facts


def _public_texts(notebook: nb.Notebook, data: bytes, facts: Facts) -> dict[int, str]:
    """The texts of the cells of which a part is private, without it; what that part mentions is taken
    into ``facts`` apart."""
    if not may_hold_private(data):
        return {}
    cut = cut_notebook({"cells": [cell.json for cell in notebook.cells]})
    kept = dict(zip(cut.numbers, cut.notebook["cells"], strict=True))
    hidden = Mentions()
    for part in cut.parts:
        markdown.read(part.source, part.cell or 0, hidden)
    facts.hidden_cites = sorted({key for key, _, _ in hidden.cites})
    facts.mentions.hidden_labels = hidden.anchors
    facts.mentions.cites += hidden.cites
    facts.mentions.images += hidden.images
    facts.mentions.links += hidden.links
    return {
        cell.index: str(nb.joined(kept[cell.index]["source"])) if cell.index in kept else ""
        for cell in notebook.cells
    }


def _note_switches(notebook: nb.Notebook, facts: Facts) -> None:
    own = notebook.metadata.get("weeknotes")
    check = own.get("check") if isinstance(own, dict) else None
    facts.off[0] = switched_off(check) + switched_off(_nested(facts.front, "weeknotes", "check"))
    for cell in notebook.cells:
        if "check off:" in cell.source:
            words = " ".join(_OFF.findall(cell.source)).replace(",", " ").split()
            facts.off[cell.index] = words


def switched_off(value: Any) -> list[str]:
    """The rules that a mapping of rules to `off` turns off."""
    if not isinstance(value, dict):
        return []
    # YAML 1.1 reads a bare `off` as false.
    return [str(rule) for rule, state in value.items() if state in (False, "off")]


def _nested(values: Any, *keys: str) -> Any:
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _note_labels(code: str, facts: Facts) -> None:
    for match in re.finditer(r"(?m)^#\|[ \t]*(?:label|lst-label):[ \t]*[\"']?([\w:.-]+)", code):
        facts.mentions.anchors.append(match[1])


def _check_attachments(cell: nb.Cell, source: str, facts: Facts) -> None:
    attached = cell.json.get("attachments")
    names = attached if isinstance(attached, dict) else {}
    for match in re.finditer(r"\(attachment:([^)\s]+)\)", cell.source):
        if match[1] not in names:
            line = cell.source.count("\n", 0, match.start()) + 1
            facts.findings.append(
                Finding(
                    "image-missing",
                    source,
                    f"nothing is attached as {match[1]}",
                    cell.index,
                    line,
                    "Paste the image into the cell again, or take it out.",
                )
            )


def _listed_keys(cell: nb.Cell) -> Iterator[str]:
    """The citation keys in what a generated cell shows (`glance.reading`)."""
    from weeknotes.privacy.notebook import output_texts

    for output in cell.outputs:
        for text in output_texts(output):
            for match in re.finditer(r"<td><code>([^<]+)</code></td>|\[@([^\]\s]+)\]", text):
                yield match[1] or match[2]


def _repeated_labels(notebook: nb.Notebook, source: str) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        one = Facts()
        if cell.kind == "code":
            _note_labels(cell.source, one)
            names = one.mentions.anchors
        else:
            shown = markdown.plain(cell.source)
            names = [m[1] for m in markdown.LABEL.finditer(shown)]
        for name in names:
            if name in seen:
                yield Finding(
                    "markdown-label",
                    source,
                    f"the label '{name}' stands in cell {seen[name]} too",
                    cell.index,
                    None,
                    "Give each its own.",
                )
            seen.setdefault(name, cell.index)


def _read_text(data: bytes, source: str) -> Facts:
    from weeknotes import frontmatter
    from weeknotes.errors import WeeknotesError

    facts = Facts()
    text = data.decode("utf-8-sig", "replace")
    try:
        facts.front = frontmatter.parse(text, file=source)
    except WeeknotesError as error:
        facts.findings.append(
            Finding("front-matter-invalid", source, error.message, None, error.line, error.hint)
        )
    facts.off[0] = switched_off(_nested(facts.front, "weeknotes", "check"))
    facts.off[0] += " ".join(_OFF.findall(text)).replace(",", " ").split()
    facts.findings += markdown.judge(text, source, 0)
    divs = markdown.Divs(source)
    facts.findings += [*divs.feed(text, 0), *divs.end()]
    public, parts = cut_text(text)
    markdown.read(public, 0, facts.mentions)
    hidden = Mentions()
    for part in parts:
        markdown.read(part.source, 0, hidden)
    facts.hidden_cites = sorted({key for key, _, _ in hidden.cites})
    facts.mentions.hidden_labels = hidden.anchors
    facts.mentions.images += hidden.images
    return facts


def _facts_from(data: dict[str, Any]) -> Facts:
    return Facts(
        findings=[Finding(**finding) for finding in data["findings"]],
        mentions=Mentions(**data["mentions"]),
        front=data["front"],
        front_cell=data["front_cell"],
        off={int(cell): rules for cell, rules in data["off"].items()},
        hidden_cites=data["hidden_cites"],
        listed=data["listed"],
    )


@lru_cache(maxsize=1)
def _code_fingerprint() -> str:
    """Changes whenever the code of the rules does."""
    here = Path(__file__).parent
    state = hashlib.blake2b(digest_size=8)
    for folder in (here, here.parent / "privacy"):
        for path in sorted(folder.glob("*.py")):
            stat = path.stat()
            state.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return state.hexdigest()
