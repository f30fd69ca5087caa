"""Journals kept beside the repository, each with something private: none of it is published, and all
else is.

They are in ``../shared/cases/private``, or in the folder that ``WEEKNOTES_CASES`` names.
"""

from __future__ import annotations

import base64
import gzip
import html
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.privacy.conftest import cell, front, write

from weeknotes import importers, scaffold
from weeknotes.journal import project as projects
from weeknotes.site import build

ROOT = Path(__file__).parents[2]
CASES = Path(os.environ.get("WEEKNOTES_CASES", ROOT.parent / "shared" / "cases" / "private"))
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")


def cases() -> Iterator[pytest.param]:
    found = [
        path
        for path in sorted([*CASES.glob("*"), *CASES.glob("alarms/*")])
        if path.suffix in (".md", ".ipynb") and path.name != "README.md"
    ]
    if not found:
        skip = pytest.mark.skip(reason=f"there are no cases in {CASES}")
        yield pytest.param(None, marks=skip, id="none")
    for path in found:
        yield pytest.param(path, id=path.relative_to(CASES).as_posix())


@pytest.fixture
def journal(tmp_path: Path) -> projects.Project:
    root = tmp_path / "journal"
    scaffold.init(root, title="Cases", author="A. Uthor", lang="en")
    for path in root.joinpath("journal").rglob("*.ipynb"):
        path.unlink()
    return projects.find(root)


def put(journal: projects.Project, case: Path) -> None:
    """Let the journal hold the case."""
    library = case.with_name(case.stem + ".references.json")
    if library.exists():
        shutil.copy(library, journal.library_path)
    if case.name.startswith("import-"):
        folder = journal.root.parent / "posts"
        folder.mkdir()
        shutil.copy(case, folder / case.name)
        importers.run(journal, [folder / case.name])
    elif case.suffix == ".ipynb":
        folder = journal.journal / "2026"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(case, folder / "2026-W40.ipynb")
    else:
        write(
            journal.journal / "2026" / "2026-W40.ipynb",
            front("Week 40", "2026-W40"),
            cell("markdown", "one", case.read_text("utf-8")),
        )


def held(data: bytes) -> str:
    """All that a file says, in small letters: as it is, unpacked, and with its entities and base64
    read."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    texts = [data.decode("utf-8", "replace")]
    for match in _BASE64.finditer(data.replace(b"\\n", b"")):
        packed = match[0][: len(match[0]) // 4 * 4]
        texts.append(base64.b64decode(packed + b"=" * (-len(packed) % 4)).decode("latin-1"))
    texts.append(html.unescape(texts[0]))
    if "\\u" in texts[0]:
        texts.append(re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), texts[0]))
    return "\n".join(texts).casefold()


def files(site: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(site.rglob("*")):
        if path.is_file():
            name = path.relative_to(site).as_posix()
            yield name, f"{name.casefold()}\n{held(path.read_bytes())}"


@pytest.mark.parametrize("case", list(cases()))
def test_nothing_private_is_published_and_all_else_is(
    journal: projects.Project, case: Path
) -> None:
    put(journal, case)
    build.render(projects.find(journal.root), engine=os.environ.get("WEEKNOTES_ENGINE", "builtin"))
    said = "\n".join(p.read_text("utf-8", "replace") for p in [case] if p.suffix != ".json")
    secret = {word.casefold() for word in re.findall(r"SECRET[A-Z]+", said)}
    secret |= {"secretpaper"} if "paper-of" in case.name else set()
    public = {word.casefold() for word in re.findall(r"PUBLIC[A-Z]+", said)}
    shown = dict(files(journal.output_dir))
    leaks = [(name, word) for name, text in shown.items() for word in secret if word in text]
    assert not leaks
    pages = "\n".join(text for name, text in shown.items() if name.endswith(".html"))
    assert not [word for word in public if word not in pages]
