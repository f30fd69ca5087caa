"""A journal in which every text that can be hostile is, and the site made of it."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from tests.privacy.conftest import cell, write
from tests.safety.corpus import CASES, Case

from weeknotes import frontmatter
from weeknotes import project as projects
from weeknotes.library.store import dump
from weeknotes.scaffold import init
from weeknotes.site import build


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


def write_case(folder: Path, case: Case) -> None:
    """A notebook with the case's text in every place."""
    text = plain(case.text)
    quoted = frontmatter.quote(text or "x")
    head = f"---\ntitle: {quoted}\ncategories: [{quoted}]\ndescription: {quoted}\nauthor: {quoted}\n---"
    line = " ".join(text.split())
    html = {"output_type": "display_data", "metadata": {}, "data": {}}
    html["data"] = {"text/html": text, "text/plain": text}
    markdown = {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": text}}
    svg = {"output_type": "display_data", "metadata": {}, "data": {}}
    svg["data"] = {"image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg">{text}</svg>'}
    printed = {"output_type": "stream", "name": "stdout", "text": text}
    failed = {"output_type": "error", "ename": line, "evalue": text, "traceback": [text]}
    write(
        folder / f"{case.number:03}.ipynb",
        cell("raw", "front-matter", head),
        cell("markdown", "body", f"## Before [@case{case.number}]\n\n{text}"),
        cell("markdown", "heading", f"## {line}\n\n[{line}]{{.tag}}\n\n- [ ] {line}"),
        cell("code", "code", text, outputs=[html, markdown, svg, printed, failed]),
        cell("raw", "raw", text),
        cell("markdown", "last", "## After\n\nThe end of the page."),
    )


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> projects.Project:
    """The journal, and its site, made once."""
    folder = tmp_path_factory.mktemp("hostile") / "journal"
    init(folder, title='</title><script>pwned("site")</script>', author="<b>x", lang="en")
    for case in CASES:
        write_case(folder / "journal" / "hostile", case)
    entries = {str(entry["id"]): entry for entry in map(entry_of, CASES)}
    (folder / "references.json").write_bytes(dump(entries))
    project = projects.find(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = build.render(project, engine="builtin")
    (folder / "problems.json").write_text(json.dumps(report.problems), "utf-8")
    return project
