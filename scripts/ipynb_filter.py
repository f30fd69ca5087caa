#!/usr/bin/env python3
"""Quarto sends each notebook through this before it renders it: private content stays out, so do
papermill's cells of parameters, and what Quarto would tear apart or lose is rewritten.

Standard library only, and quick where there is nothing to do. It is run in the notebook's folder.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import _journal

#: What could mark something private or name a file that is, and what Quarto reads wrongly.
WORDS = re.compile(
    rb"(?i)private|draft|for-advisor|\{\{<\s*(?:include|placeholder)|\\u00"
    rb"|(?:`{3}|~{3})[ ]*\{[ ]*\w[^{}]*[.=]|~{3}[ ]*\{"
)
#: Cells that no page shows: parameters, and the title, which is that of the page.
PARAMETERS = {"parameters", "injected-parameters", "notebook-title"}
#: Formulas, and what Quarto and JupyterLab read otherwise beside them.
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^\s$](?:[^$\n]*?[^\s$])?\$(?!\d)", re.S)
ODD_TEXT = re.compile(r"[$]|\\[^\W\d_]|\\\\[\w(\[]")
#: Lines that the two read otherwise: rules, words behind brackets, tables, the ends of headings, and
#: fences with more behind them than a word.
ODD_LINES = re.compile(
    r"^---[ \t]*$|^ {0,3}\[.+\]:[ \t]*\S+[ \t]+[^\s\"'({]"
    r"|^[ \t>]*[|+:\- \t]*-[|+:\- \t]*[|+][|+:\- \t]*$|^[ \t>]*[|+][|+:\- \t]*-[|+:\- \t]*$"
    r"|^[ \t>]*#.*[^\s#]#+[ \t]*$"
    r"|^[ \t>\-*+\d.)]*(?:`{3,}|~{3,})[^\n`]*[^\s`~](?:[ \t]+\S|\{)",
    re.M,
)
FENCE = re.compile(r"^[ \t>\-*+\d.)]*(?:`{3,}|~{3,})", re.M)
#: Outputs that Quarto shows as they are, and HTML that it does not.
PLAIN_OUTPUTS = {
    "text/plain", "text/html", "image/png", "image/jpeg", "image/svg+xml", "image/gif"
}  # fmt: skip
ODD_HTML = re.compile(r"<script|<canvas|srcdoc", re.I)
#: Values of a cell that Quarto drops beside an image, but for the objects that a plot returns.
ODD_VALUE = re.compile(r"\s*[(\[{](?!<)|\s*Text\(")


def folders_say() -> bool:
    """Whether the configuration or a folder's metadata may make the notebook private as a whole."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        for path in folder.glob("_metadata.y*ml"):
            if WORDS.search(path.read_bytes()):
                return True
        for path in folder.glob("_quarto.y*ml"):
            return bool(re.search(rb"(?mi)^\s*(?:private|draft)\s*:", path.read_bytes()))
    return False


def without_parameters(notebook: dict[str, Any]) -> bytes:
    """The notebook without them, in the form that Quarto reads well.

    In ASCII, since Quarto decodes what it reads in pieces of 64 KiB, and a character of several bytes
    that lies across two of them would be lost; and with lists of lines, since it loses the line
    breaks of a source that is one string, and stops at a text of an output that is one.
    """
    notebook["cells"] = [
        cell for cell in notebook["cells"] if not PARAMETERS & set(cell["metadata"].get("tags", []))
    ]
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        for output in cell.get("outputs", ()):
            for data in (output, output.get("data", {})):
                for name, value in data.items():
                    if isinstance(value, str) and name.startswith("text"):
                        data[name] = value.splitlines(keepends=True)
    return json.dumps(notebook).encode("ascii")


def is_odd(notebook: dict[str, Any]) -> bool:
    """Whether text or outputs have to be put into another form."""
    cells = notebook.get("cells")
    if notebook.get("nbformat") != 4 or not isinstance(cells, list):
        return True
    names = [cell.get("id") for cell in cells if cell.get("id")]
    return len(names) != len(set(names)) or any(map(is_odd_cell, cells))


def is_odd_cell(cell: dict[str, Any]) -> bool:
    """Whether the text or an output of a cell has to be."""
    if cell.get("cell_type") == "markdown":
        if any(not re.fullmatch(r"[\w.-]+", name, re.A) for name in cell.get("attachments") or ()):
            return True
        text = "".join(cell["source"]).replace("\r", "\n")
        odd_lines = ODD_LINES.search(text) or len(FENCE.findall(text)) % 2
        return bool(odd_lines or ODD_TEXT.search(FORMULA.sub("", text)))
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if set(data) == {"text/plain"} and ODD_VALUE.match("".join(data["text/plain"])):
            return True
        if not set(data) <= PLAIN_OUTPUTS or ODD_HTML.search("".join(data.get("text/html", ""))):
            return True
    return False


def main() -> int:
    """Pass a notebook from standard input to standard output as the site may hold it."""
    data = sys.stdin.buffer.read()
    notebook = json.loads(data.decode("utf-8-sig"))
    if not WORDS.search(data) and not folders_say() and not is_odd(notebook):
        sys.stdout.buffer.write(without_parameters(notebook))
        return 0
    return subprocess.run(
        [*_journal.command(), "hook", "ipynb-filter"], input=data, check=False
    ).returncode


raise SystemExit(main())
