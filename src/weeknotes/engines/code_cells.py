"""A code cell and its outputs as Markdown: a fenced div that pandoc reads with all the rest.

Cell options (`#| name: value` lines, and tags) follow the Quarto documentation, "Jupyter Cell
Options"; the tags `remove-input`, `remove-output` and `hide-input` are those of Jupyter Book.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from weeknotes.engines import cell_outputs as shown_outputs
from weeknotes.engines.page_settings import PageSettings, as_json
from weeknotes.engines.source_reading import SourceCell
from weeknotes.errors import ProjectError
from weeknotes.journal.project import read_yaml

PARAMETER_TAGS = frozenset({"parameters", "injected-parameters"})
_TAG_OPTIONS: dict[str, dict[str, object]] = {
    "remove-cell": {"include": False},
    "hide-cell": {"include": False},
    "remove-input": {"echo": False},
    "hide-code": {"echo": False},
    "remove-output": {"output": False},
    "hide-output": {"output": False},
    "hide-warnings": {"warning": False},
    "show-code": {"echo": True},
    "show-output": {"output": True},
    "show-warnings": {"warning": True},
    "hide-input": {"code-fold": True},
}
# Options that may be in a cell's metadata and that are passed on to pandoc as attributes.
_FORWARDED = ("layout-ncol", "layout-nrow", "layout", "layout-align", "layout-valign", "tbl-cap")
_KNOWN = frozenset(
    """label id classes filename echo output warning include eval error code-fold code-summary
    code-line-numbers code-overflow lst-cap lst-label fig-cap fig-subcap fig-alt fig-align fig-link
    fig-width fig-height fig-dpi fig-format fig-cap-location tbl-cap tbl-subcap tbl-cap-location
    layout-ncol layout-nrow layout layout-align layout-valign out-width out-height name message
    results cache dependson slideshow tags collapsed execution""".split()
)
_COMMENTS = {"javascript": "//", "js": "//", "c++": "//", "cpp": "//", "rust": "//", "sql": "--"}

SaveFigure = Callable[[str, bytes], str]
"""Keeps a figure's bytes under a file name, and returns the address that a page names it by."""


@dataclass(frozen=True)
class Options:
    """The options of a cell, over those of its page."""

    values: Mapping[str, Any]
    settings: PageSettings

    def get(self, name: str, default: Any = None) -> Any:
        """The cell's own option."""
        return self.values.get(name, default)

    def flag(self, name: str) -> bool:
        """Whether `echo`, `output`, `warning` or `include` holds for the cell."""
        return self.execute(name) not in (False, "false")

    def execute(self, name: str) -> Any:
        """An option of the cell, else of the page's `execute`."""
        return self.values[name] if name in self.values else self.settings.execute(name)


def split_options(cell: SourceCell, language: str) -> tuple[dict[str, Any], str, str, str]:
    """A cell's options, their lines, its code without them, and what is wrong with them (or "")."""
    prefix = re.escape(_COMMENTS.get(language, "#")) + r"\|[ \t]?"
    match = re.match(rf"(?:{prefix}.*(?:\n|\Z))*", cell.text)
    lines = match[0] if match else ""
    code = cell.text[len(lines) :]
    options: dict[str, Any] = {}
    for tag in cell.tags:
        options.update(_TAG_OPTIONS.get(tag, {}))
    metadata = cell.metadata or {}
    options.update(
        {key: value for key, value in metadata.items() if key in _KNOWN - {"tags", "id"}}
    )
    problem = ""
    if lines:
        from pathlib import Path

        try:
            own = read_yaml(Path(), re.sub(rf"(?m)^{prefix}", "", lines).encode())
        except ProjectError as error:
            own, problem = {}, f"the cell's options are {error.message}"
        if isinstance(own, dict):
            options.update(as_json(own))
    return options, lines, code, problem


def is_shown(cell: SourceCell, options: Options) -> bool:
    """Whether anything of `cell` belongs on the page; a cell of parameters never does."""
    return not PARAMETER_TAGS.intersection(cell.tags) and options.flag("include")


@dataclass
class CodeCell:
    """A code cell that is to be shown: its options, code and outputs, and where figures are kept."""

    cell: SourceCell
    options: Options
    option_lines: str
    code: str
    language: str
    index: int
    save_figure: SaveFigure
    warn: Callable[[str], None]

    def markdown(self) -> str:
        """The cell as Markdown, empty where nothing of it shows."""
        outputs = self._outputs()
        if not self.code.strip() and not outputs:
            return ""
        asis = self.options.execute("output") == "asis"
        parts = [self._code()] if self.options.flag("echo") else []
        captions = self._captions(outputs)
        cell_caption = self._cell_caption()
        if self.options.flag("output"):
            parts += self._shown_outputs(outputs, captions, asis)
        body = "\n\n".join(part for part in parts if part)
        if not body:
            return ""
        if asis and not self._label_on_cell(outputs):
            return body
        fence = ":" * 3
        return f"{fence} {{{self._attributes(outputs)}}}\n{body}\n\n{cell_caption}\n\n{fence}\n"

    def _outputs(self) -> list[dict[str, Any]]:
        """The cell's outputs but for warnings that are off."""
        return [
            output
            for output in _join_streams(self.cell.outputs)
            if not (output.get("name") == "stderr" and not self.options.flag("warning"))
        ]

    @property
    def _label(self) -> str:
        label = self.options.get("label")
        return re.sub(r"[^\w:.-]+", "-", label) if isinstance(label, str) else ""

    def _label_on_cell(self, outputs: list[dict[str, Any]]) -> bool:
        """Whether the label names the whole cell, rather than the one figure that it shows."""
        if not self._label:
            return False
        displays = [o for o in outputs if shown_outputs.is_display(o)]
        return (
            not self.options.flag("output")
            or not displays
            or (len(displays) > 1 and not isinstance(self.options.get("fig-cap"), list))
            or self._label.startswith("tbl-")
        )

    def _captions(self, outputs: list[dict[str, Any]]) -> list[str]:
        caption, sub = self.options.get("fig-cap"), self.options.get("fig-subcap")
        if isinstance(caption, list):
            return [_one_line(item) for item in caption]
        if not caption:
            return []
        if sub is None:
            return [_one_line(caption)]
        if isinstance(sub, list):
            return [_one_line(item) for item in sub]
        return [""] if sub is True else [_one_line(sub)]

    def _cell_caption(self) -> str:
        caption = self.options.get("fig-cap")
        if caption and not isinstance(caption, list) and self.options.get("fig-subcap") is not None:
            return _one_line(caption)
        return ""

    def _attributes(self, outputs: list[dict[str, Any]]) -> str:
        if self._label_on_cell(outputs):
            name = self._label
        else:
            name = f"cell-{self._label or self.cell.id}".replace("cell-cell-", "cell-")
        classes = self.options.get("classes") or []
        words = classes if isinstance(classes, list) else str(classes).split()
        parts = [f"#{name}", ".cell", *("." + str(word).lstrip(".") for word in words)]
        for key in _FORWARDED:
            value = self.options.get(key)
            if value is not None and not isinstance(value, bool):
                parts.append(f"{key}={_quoted(str(value))}")
        return " ".join(parts)

    def _code(self) -> str:
        options = self.options
        fenced = options.execute("echo") == "fenced"
        code = self.code.strip("\n")
        if fenced:
            lines = [ln for ln in self.option_lines.splitlines() if "echo: fenced" not in ln]
            code = "\n".join(["```{" + self.language + "}", *lines, code, "```"])
        parts = ["." + ("markdown" if fenced else self.language), ".cell-code"]
        label, caption = options.get("lst-label"), options.get("lst-cap")
        if isinstance(label, str):
            parts.insert(0, "#" + label.lstrip("#"))
        if isinstance(caption, str):
            parts.append(f"lst-cap={_quoted(caption)}")
        if isinstance(filename := options.get("filename"), str):
            parts.append(f"filename={_quoted(filename)}")
        for key in ("code-fold", "code-summary", "code-line-numbers"):
            value = options.get(key)
            if value is not None:
                text = str(value).lower() if isinstance(value, bool) else str(value)
                parts.append(f"{key}={_quoted(text)}")
        ticks = _ticks(code)
        return f"{ticks} {{{' '.join(parts)}}}\n{code}\n{ticks}"

    def _shown_outputs(
        self, outputs: list[dict[str, Any]], captions: list[str], asis: bool
    ) -> list[str]:
        parts = []
        waiting = list(captions)
        sub = 0
        for number, output in enumerate(outputs, start=1):
            shown = shown_outputs.show(output)
            if shown.problem:
                self.warn(shown.problem)
            caption = waiting.pop(0) if shown_outputs.is_display(output) and waiting else ""
            label = self._label
            if label and self._label_on_cell(outputs):
                sub += 1
                label = f"{label}-{sub}"
            body = self._body(output, shown, label, caption, number, asis)
            if asis:
                parts.append(body)
                continue
            classes = _output_classes(output, shown)
            own = shown.kind != "image" and shown_outputs.is_display(output)
            own = own and bool(label) and not self._label.startswith("tbl-")
            name = f"#{label} " if own else ""
            after = f"\n\n{caption}" if caption and shown.kind != "image" else ""
            parts.append(f"::: {{{name}{classes}}}\n{body}{after}\n:::")
        return parts

    def _body(
        self,
        output: Mapping[str, Any],
        shown: shown_outputs.ShownOutput,
        label: str,
        caption: str,
        number: int,
        asis: bool,
    ) -> str:
        if shown.kind == "image":
            return self._figure(shown, label, caption, number)
        if shown.kind == "html":
            ticks = _ticks(shown.text)
            return f"{ticks}{{=html}}\n{shown.text}\n{ticks}"
        if shown.kind == "markdown" or (asis and output.get("name") == "stdout"):
            return shown.text
        ticks = _ticks(shown.text)
        return f"{ticks}\n{shown.text.rstrip(chr(10))}\n{ticks}"

    def _figure(
        self, shown: shown_outputs.ShownOutput, label: str, caption: str, number: int
    ) -> str:
        options = self.options
        stem = self._label or f"cell-{self.index + 1}"
        stem = re.sub(r"[^\w-]+", "-", stem).lower()
        address = self.save_figure(f"{stem}-output-{number}.{shown.extension}", shown.data)
        attributes = [f"#{label}"] if label else []
        for key, value in (("width", shown.width), ("height", shown.height)):
            own = options.get(f"out-{key}") or value
            if own:
                attributes.append(f"{key}={_quoted(str(own))}")
        for key in ("fig-align", "fig-alt"):
            given = options.get(key)
            if isinstance(given, list):
                given = given[number - 1] if number <= len(given) else None
            if given:
                attributes.append(f"{key}={_quoted(str(given))}")
        image = f"![{caption}]({address})"
        if attributes:
            image += "{" + " ".join(attributes) + "}"
        link = options.get("fig-link")
        return f"[{image}]({link})" if isinstance(link, str) else image


def _join_streams(outputs: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """Neighbouring pieces of one stream as one output."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        last = joined[-1] if joined else None
        same = last and output["output_type"] == last["output_type"] == "stream"
        if last and same and last.get("name") == output.get("name"):
            joined[-1] = {**last, "text": [*_lines(last), *_lines(output)]}
        else:
            joined.append(output)
    return joined


def _lines(output: Mapping[str, Any]) -> list[Any]:
    text = output.get("text", "")
    return text if isinstance(text, list) else [text]


def _output_classes(output: Mapping[str, Any], shown: shown_outputs.ShownOutput) -> str:
    kind = output["output_type"]
    if kind == "stream":
        name = re.sub(r"\W", "", str(output.get("name") or "stdout"))
        return f".cell-output .cell-output-{name}"
    if kind == "error":
        return ".cell-output .cell-output-error"
    extra = " .cell-output-markdown" if shown.kind == "markdown" else ""
    return ".cell-output .cell-output-display" + extra


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _ticks(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    return "`" * (longest + 1)
