"""The whole search as one script, for a site that is opened from a folder: a browser lets such a
page run a script beside it, and load nothing else.

A small site always has it. In a large one it would be made anew with each changed week, and hold all
of the journal; `weeknotes pack` makes it there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from weeknotes.site.data.page_records import Artifact
from weeknotes.site.search import engine_modules

HREF = "search/packed.js"
#: A site of at most so many documents (notes, papers, figures) always has the script.
MOST_DOCUMENTS = 400
_DATA = (".json", ".txt")
_IMPORT = re.compile(r'^import \{(.+?)\} from "\./(\w+)\.js";$', re.M | re.S)
_PASSED_ON = re.compile(r'^export \{ (\w+(?:, \w+)*) \} from "\./(\w+)\.js";$', re.M)
_EXPORT = re.compile(r"^export (const|class|function|async function) (\w+)", re.M)
_FOOT = """
window.weeknotesSearch = {
  table: JSON.parse(files["search/index.json"]),
  engine: $engine,
  load: async (address) => {
    const name = decodeURIComponent(address.split("?")[0]);
    if (!(name in files)) throw new Error(name);
    return files[name];
  },
};
"""


def packed(site: Path) -> bytes:
    """The script for the built site in the folder ``site``: its index, its texts and the engine."""
    files = {
        path.relative_to(site).as_posix(): path.read_text("utf-8")
        for path in sorted((site / "search").rglob("*"))
        if path.suffix in _DATA
    }
    return _script(files)


def packed_of(artifacts: Iterable[Artifact]) -> bytes:
    """The same from the files of the search before they are written."""
    return _script({a.href: a.make().decode() for a in artifacts if a.href.endswith(_DATA)})


def _script(files: Mapping[str, str]) -> bytes:
    data = json.dumps(files, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    modules = "\n".join(_module(name) for name in engine_modules.MODULES)
    return f'(() => {{\n"use strict";\nconst files = {data};\n{modules}\n{_FOOT}}})();\n'.encode()


def _module(name: str) -> str:
    """The module ``name`` of the engine as a plain script: an object of what it exports."""
    text = engine_modules.source(name)
    names = [
        f"{passed}: ${module}.{passed}"
        for several, module in _PASSED_ON.findall(text)
        for passed in several.split(", ")
    ]
    text = _PASSED_ON.sub("", text)
    names += [exported for _, exported in _EXPORT.findall(text)]
    text = _IMPORT.sub(r"const {\1} = $\2;", _EXPORT.sub(r"\1 \2", text))
    return f"const ${name} = (() => {{\n{text}\nreturn {{ {', '.join(names)} }};\n}})();"
