"""A journal in which every text that can be hostile is, and the site that each engine makes of it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from tests.privacy.conftest import cell, write
from tests.safety.corpus import CASES, Case

from weeknotes import files
from weeknotes.engines.quarto import unfit
from weeknotes.journal import frontmatter
from weeknotes.journal import project as projects
from weeknotes.library.store import dump
from weeknotes.scaffold import init
from weeknotes.site import build

#: What lies beside the journal, and what the environment holds, while the site is made.
OUTSIDE = "kept-out-of-the-journal"
HOME = "the-home-of-nobody"
needs_quarto = [
    pytest.mark.quarto,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(shutil.which("quarto") is None, reason="needs the command: quarto"),
]
ENGINES = ["builtin", pytest.param("quarto", marks=needs_quarto)]


def page_of(case: Case) -> str:
    """The address of a case's page, from the site's root."""
    return f"journal/hostile/{case.number:03}.html"


def plain(text: str) -> str:
    """``text`` as JSON in UTF-8 can hold it."""
    return text.encode("utf-8", "replace").decode()


def entry_of(case: Case) -> dict[str, Any]:
    text = plain(case.text)
    return {
        "id": f"case{case.number}",
        "type": "article-journal",
        "title": text or "x",
        "author": [{"family": text or "x", "given": text}],
        "abstract": text,
        "keyword": text,
        "URL": text,
        "DOI": text,
        "container-title": text,
        "issued": {"date-parts": [[2020]]},
        "custom": {"date-added": "2026-11-16"},
    }


def displayed(kind: str, value: Any) -> dict[str, Any]:
    """An output that holds ``value`` as ``kind`` alone."""
    return {"output_type": "display_data", "metadata": {}, "data": {kind: value}}


def write_case(folder: Path, case: Case) -> None:
    """A notebook with the case's text in the place that it is meant for, or in every place."""
    text = plain(case.text)
    head = f"---\ntitle: Case {case.number}\n---"
    body = cell("markdown", "body", f"## Before [@case{case.number}]\n\ntext")
    if case.group == "front":
        cells = [cell("raw", "front-matter", f"---\ntitle: Case {case.number}\n{text}\n---"), body]
    elif case.group == "output":
        value = {"x": text} if case.kind.endswith("json") else text
        outputs = [displayed(case.kind, value)]
        cells = [
            cell("raw", "front-matter", head),
            body,
            cell("code", "code", "x", outputs=outputs),
        ]
    elif case.group == "option":
        lines = "".join(f"#| {line}\n" for line in text.splitlines())
        outputs = [displayed("text/html", "<p>x</p>"), displayed("text/plain", "x")]
        cells = [cell("raw", "front-matter", head), body]
        cells += [cell("code", "code", f"{lines}x = 1", outputs=outputs)]
    elif case.group == "attachment":
        held = {text: {"image/svg+xml": base64.b64encode(picture(case).encode()).decode()}}
        shown = cell("markdown", "shown", f"![x](attachment:{text})", attachments=held)
        cells = [cell("raw", "front-matter", head), body, shown]
    else:
        cells = _everywhere(case, text)
    write(
        folder / f"{case.number:03}.ipynb", *cells, cell("markdown", "last", "## After\n\nThe end.")
    )
    (folder / f"{case.number:03}.svg").write_text(picture(case), "utf-8")


def picture(case: Case) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg">{plain(case.text)}</svg>'


def _everywhere(case: Case, text: str) -> list[dict[str, Any]]:
    quoted = frontmatter.quote(text or "x")
    # Quarto can't read a category with a backslash, which is a case of its own.
    category = "" if "\\" in text else f"categories: [{quoted}]\n"
    head = f"---\ntitle: {quoted}\n{category}description: {quoted}\nauthor: {quoted}\n---"
    line = " ".join(text.split())
    html = {**displayed("text/html", text), "metadata": {"text/html": {"isolated": True}}}
    html["data"]["text/plain"] = text
    markdown = displayed("text/markdown", text)
    svg = displayed("image/svg+xml", picture(case))
    printed = {"output_type": "stream", "name": "stdout", "text": text}
    failed = {"output_type": "error", "ename": line, "evalue": text, "traceback": [text]}
    link = f"![x]({case.number:03}.svg) [y]({case.number:03}.svg)"
    return [
        cell("raw", "front-matter", head),
        cell("markdown", "body", f"## Before [@case{case.number}]\n\n{link}\n\n{text}"),
        cell("markdown", "heading", f"## {line}\n\n[{line}]{{.tag}}\n\n- [ ] {line}"),
        cell("code", "code", text, outputs=[html, markdown, svg, printed, failed]),
        cell("raw", "raw", text),
    ]


def make_journal(folder: Path) -> projects.Project:
    """The journal, with files beside it that nothing of it may reach."""
    init(folder, title='</title><script>pwned("site")</script>', author="<b>x", lang="en")
    place = folder / "journal" / "hostile"
    for case in CASES:
        write_case(place, case)
    entries = {str(entry["id"]): entry for entry in map(entry_of, CASES)}
    (folder / "references.json").write_bytes(dump(entries))
    beside = folder.parent
    for name in ("outside.md", "outside.svg", "outside.png"):
        (beside / name).write_text(OUTSIDE)
    write(beside / "outside.ipynb", cell("markdown", "one", OUTSIDE))
    (place / "linked.png").symlink_to(beside / "outside.png")
    (place / "linked.md").symlink_to(beside / "outside.md")
    links = cell("markdown", "one", "![x](linked.png) [y](linked.md) [z](linked.png)")
    write(place / "links.ipynb", cell("raw", "front-matter", "---\ntitle: Links\n---"), links)
    for name in ("pwned.py", "pwned.lua", "pwned.ejs"):
        # Each leaves a file behind when it is run.
        (place / name).write_text("open('pwned', 'w')" if name.endswith("py") else _LUA)
    return projects.find(folder)


_LUA = 'io.open("pwned", "w"):write("x")\nreturn {}'


def make_site(project: projects.Project, engine: str) -> None:
    """Build the site as a user of ``engine`` does; what is said of single sources is kept beside it."""
    if engine == "builtin":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = build.render(project, engine="builtin").problems
    else:
        refused = unfit(project)
        for error in refused:
            (project.root / str(error.file)).unlink()
        quarto(project.root)
        said = tuple(map(str, refused))
    (project.root / "problems.json").write_text(json.dumps(said), "utf-8")


def quarto(root: Path, *, fails: bool = False) -> str:
    """Run ``quarto render`` in ``root``; returns what it said."""
    environment = {
        **os.environ,
        "WEEKNOTES_PYTHON": sys.executable,
        "XDG_CACHE_HOME": str(root.parent / "cache"),
        "HOME": str(root.parent / HOME),
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        ["quarto", "render"], cwd=root, env=environment, capture_output=True, check=False
    )
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert bool(done.returncode) == fails, said[-3000:]
    return said


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of each engine in turn."""
    name: str = request.param
    return name


@pytest.fixture(scope="session", params=ENGINES)
def hostile(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> projects.Project:
    """The journal, and its site, made once by each engine, for all processes that test."""
    engine: str = request.param
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = base / f"hostile-{engine}" / "journal"
    folder.parent.mkdir(exist_ok=True)
    with files.locked(folder.parent / "lock", patience=1500):
        if not (folder / "problems.json").exists():
            make_site(make_journal(folder), engine)
    return projects.find(folder)
