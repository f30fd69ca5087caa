#!/usr/bin/env python3
"""Quarto sends each notebook through this before it renders it: private content stays out, so do
papermill's cells of parameters, and what Quarto would tear apart is rewritten.

Standard library only, and quick where there is nothing to do. It is run in the notebook's folder.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import _journal

#: What could mark something private or name a file that is, and what Quarto reads wrongly.
WORDS = re.compile(
    rb"(?i)private|draft|\{\{<\s*(?:include|placeholder)|\\u00"
    rb"|(?:`{3}|~{3})[ ]*\{[ ]*\w[^{}]*[.=]|~{3}[ ]*\{"
)
PARAMETERS = {"parameters", "injected-parameters"}


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


def without_parameters(data: bytes) -> bytes:
    """The notebook without them, in the form that Quarto reads well.

    In ASCII, since Quarto decodes what it reads in pieces of 64 KiB, and a character of several bytes
    that lies across two of them would be lost; and with lists of lines, since it loses the line
    breaks of a source that is one string.
    """
    notebook = json.loads(data.decode("utf-8-sig"))
    notebook["cells"] = [
        cell for cell in notebook["cells"] if not PARAMETERS & set(cell["metadata"].get("tags", []))
    ]
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    return json.dumps(notebook).encode("ascii")


def main() -> int:
    """Pass a notebook from standard input to standard output as the site may hold it."""
    data = sys.stdin.buffer.read()
    if not WORDS.search(data) and not folders_say():
        sys.stdout.buffer.write(without_parameters(data))
        return 0
    return subprocess.run(
        [*_journal.command(), "hook", "ipynb-filter"], input=data, check=False
    ).returncode


raise SystemExit(main())
