"""Reading the files of a journal for the rules, and remembering what was read.

A file is read again when its bytes or the code of the rules have changed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from weeknotes.checks import (
    fixes,
    front_matter_rules,
    markdown_rules,
    masking,
    notebook_rules,
    output_rules,
    private_rules,
)
from weeknotes.checks import mentions as markdown
from weeknotes.checks.findings import Finding
from weeknotes.checks.mentions import Mentions
from weeknotes.errors import NotebookError
from weeknotes.files import code_fingerprint, keep_cache
from weeknotes.journal import notebooks as nb
from weeknotes.journal.project import Project
from weeknotes.privacy.cut import cut_notebook, cut_text, may_hold_private

#: A comment that turns rules off, in Markdown and in code.
_OFF = {
    "markdown": re.compile(r"<!--\s*check off:\s*([\w ,-]+?)\s*-->"),
    "code": re.compile(r"(?m)^[ \t]*(?:#|//)[ \t]*check off:[ \t]*([\w ,-]+)"),
}
_FALSE = (False, "off", "no", "false")


@dataclass
class FileFacts:
    """The facts about a file that the rules need, as plain values.

    ``front`` is its front matter, ``front_lines`` the lines on which its keys are; ``off`` maps the
    number of a cell, 0 for the whole file, to the rules that are turned off there; ``listed`` are the
    papers that generated cells show, with the cell; ``cells`` a digest of each cell's text.
    """

    findings: list[Finding] = field(default_factory=list)
    mentions: Mentions = field(default_factory=Mentions)
    front: dict[str, Any] = field(default_factory=dict)
    front_cell: int | None = None
    front_lines: dict[str, int] = field(default_factory=dict)
    off: dict[int, list[str]] = field(default_factory=dict)
    listed: list[tuple[str, int]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    @property
    def read(self) -> bool:
        """Whether the file could be read: of one that could not, only that is known."""
        return bool(self.off)


Sources = Mapping[str, FileFacts]
"""The facts of files by their paths, POSIX from the journal's root."""


class FactsMemory:
    """The facts of files as they were when last read, in ``.weeknotes/check/``."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._folder = project.state / "check"
        self._path = self._folder / "facts.json"
        self._patterns: output_rules.Patterns | None = None
        self._known: dict[str, Any] = {}
        self._changed = False
        try:
            data = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            data = {}
        if isinstance(data, dict) and data.get("code") == code_fingerprint():
            self._known = data["files"]

    def facts(self, source: str) -> FileFacts:
        """The facts of the file ``source``, POSIX from the root; of one that cannot be read, that it
        cannot."""
        try:
            return self._facts(source)
        except OSError as error:
            self._known.pop(source, None)
            what = f"it cannot be read ({error.strerror or error})"
            hint = "Look whether it is there, whether it is a link, and who may read it."
            rule = "notebook-invalid" if source.endswith(".ipynb") else "front-matter-invalid"
            return FileFacts(findings=[Finding(rule, source, what, None, None, hint)])

    def _facts(self, source: str) -> FileFacts:
        path = self._project.root / source
        status = os.stat(path)  # noqa: PTH116 (twice as fast, for each file of a check)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
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
        facts.findings += _refused(self._project, source)
        facts.findings += _private_marks(self._project, source, data, facts.findings)
        self._known[source] = {"stamp": stamp, "sha": sha, "facts": _plain(facts)}
        return facts

    def save(self, sources: Sequence[str]) -> None:
        """Keep what was read of ``sources``, and forget other files."""
        kept = {name: self._known[name] for name in sources if name in self._known}
        if self._changed or len(kept) != len(self._known):
            data = {"code": code_fingerprint(), "files": kept}
            keep_cache(
                self._path, json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()
            )

    def _secret_patterns(self) -> output_rules.Patterns:
        if self._patterns is None:
            self._patterns = output_rules.secret_patterns(self._folder)
        return self._patterns


def _refused(project: Project, source: str) -> Iterator[Finding]:
    """The reason why Quarto does not get a source. A file that cannot be read has other findings."""
    from weeknotes.engines import quarto_guard as guard
    from weeknotes.errors import RenderError

    try:
        guard.refuse(project, source)
    except RenderError as error:
        yield Finding(
            "quarto-refused",
            source,
            f"Quarto is not given this page: {error.message}",
            error.cell,
            error.line,
            error.hint,
        )


def _private_marks(
    project: Project, source: str, data: bytes, known: Sequence[Finding]
) -> Iterator[Finding]:
    """The findings about private marks in a notebook that do not do what they seem to."""
    if not source.endswith(".ipynb") or not may_hold_private(data):
        return
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
        yield from list(private_rules.judge_notebook(project, source, notebook, known))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return  # It is no notebook, which another rule tells of.


def _read_notebook(data: bytes, source: str, patterns: output_rules.Patterns) -> FileFacts:
    facts = FileFacts()
    if (version := fixes.old_format(data)) is not None:
        facts.findings.append(
            Finding(
                "notebook-format",
                source,
                f"of nbformat {version}, and converted each time that it is read",
                None,
                None,
                "weeknotes check --fix converts it for good.",
            )
        )
    try:
        data = fixes.converted(data, source) if version is not None else data
        notebook = nb.parse(data, source)
    except NotebookError as error:
        facts.findings.append(
            Finding("notebook-invalid", source, error.message, error.cell, error.line, error.hint)
        )
        return facts
    facts.findings += notebook_rules.judge(notebook, source)
    facts.front, found = front_matter_rules.judge(notebook, source)
    facts.findings += found
    cell = notebook.front_matter_cell
    if cell:
        facts.front_cell = cell.index
        facts.front_lines = front_matter_rules.lines(cell.source, facts.front)
    facts.cells = [
        hashlib.blake2b(cell.source.encode("utf-8", "replace"), digest_size=6).hexdigest()
        for cell in notebook.cells
    ]
    _note_switches(notebook, facts)
    emails = output_rules.addresses(facts.front)
    divs = markdown_rules.Divs(source)
    for cell in notebook.cells:
        facts.findings += output_rules.judge(cell, source, patterns, emails)
        if cell.generated:
            facts.listed += [(key, cell.index) for key in _listed_keys(cell)]
        if cell.kind == "markdown":
            facts.findings += markdown_rules.judge(cell.source, source, cell.index)
            facts.findings += divs.feed(cell.source, cell.index)
    facts.findings += divs.end()
    facts.findings += _repeated_labels(notebook, source)
    _read_cells(notebook.cells, facts.mentions)
    if may_hold_private(data):
        _tell_hidden(notebook, facts.mentions)
    return facts


def _read_cells(cells: Sequence[nb.Cell], found: Mentions) -> None:
    """Add what ``cells`` mention, all of them one page."""
    texts = [cell.source for cell in cells if cell.kind == "markdown"]
    shown = markdown.image_names(texts)
    for cell in cells:
        if cell.kind == "markdown":
            markdown.read(cell.source, cell.index, found, shown)
        elif cell.kind == "code":
            found.anchors += _code_labels(cell.source)
            for output in cell.outputs:
                _read_output(output, cell.index, found)


def _read_output(output: Mapping[str, Any], cell: int, found: Mentions) -> None:
    """Add what an output that is shown as Markdown or HTML mentions."""
    data = output.get("data")
    if not isinstance(data, dict):
        return
    if isinstance(text := nb.joined(data.get("text/markdown")), str):
        markdown.read(text, cell, found, output=True)
    elif isinstance(text := nb.joined(data.get("text/html")), str):
        found.anchors += markdown.html_anchors(text)


def _tell_hidden(notebook: nb.Notebook, found: Mentions) -> None:
    """Mark what of ``found`` is in private parts of the notebook."""
    cut = cut_notebook({"cells": [cell.json for cell in notebook.cells]})
    kept = dict(zip(cut.numbers, cut.notebook["cells"], strict=True))
    public = Mentions()
    left = [
        replace(cell, source=str(nb.joined(kept[cell.index]["source"])), json=kept[cell.index])
        for cell in notebook.cells
        if cell.index in kept
    ]
    _read_cells(left, public)
    found.hide_all_but(public)


def _note_switches(notebook: nb.Notebook, facts: FileFacts) -> None:
    own = notebook.metadata.get("weeknotes")
    check = own.get("check") if isinstance(own, dict) else None
    facts.off[0] = switched_off(check) + switched_off(_nested(facts.front, "weeknotes", "check"))
    for cell in notebook.cells:
        if "check off:" in cell.source and cell.kind in _OFF:
            facts.off[cell.index] = _named_off(cell.source, cell.kind)


def _named_off(text: str, kind: str) -> list[str]:
    """The rules that comments in ``text`` turn off."""
    return " ".join(_OFF[kind].findall(text)).replace(",", " ").split()


def switched_off(value: Any) -> list[str]:
    """The rules that a mapping of rules to `off` turns off."""
    if not isinstance(value, dict):
        return []
    # YAML 1.1 reads a bare `off` as false.
    return [str(rule) for rule, state in value.items() if state in _FALSE]


def _nested(values: Any, *keys: str) -> Any:
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _code_labels(code: str) -> list[str]:
    """The labels that the options of a code cell give."""
    return re.findall(r"(?m)^#\|[ \t]*(?:label|lst-label):[ \t]*[\"']?([\w:.-]+)", code)


def _listed_keys(cell: nb.Cell) -> Iterator[str]:
    """The citation keys in what a generated cell shows (`glance.reading`)."""
    from weeknotes.privacy.cells import output_texts

    for output in cell.outputs:
        for text in output_texts(output):
            for match in re.finditer(r"<td><code>([^<]+)</code></td>|\[@([^\]\s]+)\]", text):
                yield match[1] or match[2]


def _repeated_labels(notebook: nb.Notebook, source: str) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        if cell.kind == "code":
            names = _code_labels(cell.source)
        elif "#" in cell.source:
            names = [m[1] for m in markdown.LABEL.finditer(masking.plain(cell.source))]
        else:
            continue
        for name in names:
            if name in seen:
                yield Finding(
                    "markdown-label",
                    source,
                    f"the label '{name}' is in cell {seen[name]} too",
                    cell.index,
                    None,
                    "Give each its own.",
                )
            seen.setdefault(name, cell.index)


def _read_text(data: bytes, source: str) -> FileFacts:
    from weeknotes.errors import WeeknotesError
    from weeknotes.journal import frontmatter

    facts = FileFacts()
    text = data.decode("utf-8-sig", "replace")
    try:
        facts.front = frontmatter.parse(text, file=source)
    except WeeknotesError as error:
        facts.findings.append(
            Finding("front-matter-invalid", source, error.message, None, error.line, error.hint)
        )
    facts.front_lines = front_matter_rules.lines(text, facts.front)
    facts.findings += front_matter_rules.values_findings(facts.front, source, None, text)
    facts.off[0] = switched_off(_nested(facts.front, "weeknotes", "check"))
    facts.off[0] += _named_off(text, "markdown")
    facts.findings += markdown_rules.judge(text, source, 0)
    divs = markdown_rules.Divs(source)
    facts.findings += [*divs.feed(text, 0), *divs.end()]
    shown = markdown.image_names([text])
    markdown.read(text, 0, facts.mentions, shown)
    if may_hold_private(data):
        public = Mentions()
        markdown.read(cut_text(text)[0], 0, public, shown)
        facts.mentions.hide_all_but(public)
    return facts


def _plain(facts: FileFacts) -> dict[str, Any]:
    """Facts as JSON values; `dataclasses.asdict` would copy each of them."""
    return vars(facts) | {
        "findings": [vars(finding) for finding in facts.findings],
        "mentions": vars(facts.mentions),
    }


def _facts_from(data: dict[str, Any]) -> FileFacts:
    return FileFacts(
        findings=[Finding(**finding) for finding in data["findings"]],
        mentions=Mentions(**data["mentions"]),
        front=data["front"],
        front_cell=data["front_cell"],
        front_lines=data["front_lines"],
        off={int(cell): rules for cell, rules in data["off"].items()},
        listed=data["listed"],
        cells=data["cells"],
    )
