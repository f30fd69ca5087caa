"""Quarto's own commands in a journal: one page alone, another format, and the preview."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.build.conftest import write_week

from weeknotes.journal.project import Project
from weeknotes.site.build import render

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("quarto") is None, reason="needs the command: quarto"),
]

ENVIRONMENT = {**os.environ, "WEEKNOTES_PYTHON": sys.executable, "NO_COLOR": "1"}
FIGURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    "AAAABJRU5ErkJggg=="
)


def quarto(journal: Project, *words: str) -> str:
    done = subprocess.run(
        ["quarto", *words],
        cwd=journal.root,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, said
    return said


@pytest.fixture
def rendered(journal: Project) -> Project:
    """Two weeks, one of which shows a figure that its code made, rendered by `quarto render`."""
    write_week(journal.root, "2026-W46", "## First\n\nWords of the first week.")
    path = write_week(journal.root, "2026-W47", "## Second\n\nWords of the second week.")
    notebook = json.loads(path.read_bytes())
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": FIGURE}}
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": "plot",
            "metadata": {},
            "execution_count": 1,
            "source": "plot()",
            "outputs": [output],
        }
    )
    path.write_text(json.dumps(notebook))
    quarto(journal, "render")
    return journal


def test_one_page_alone_brings_back_a_site_that_was_removed(rendered: Project) -> None:
    shutil.rmtree(rendered.output_dir)
    quarto(rendered, "render", "journal/2026/2026-W46.ipynb")
    site = rendered.output_dir
    page = (site / "journal/2026/2026-W47.html").read_text("utf-8")
    assert "Words of the second week." in page
    assert list(site.rglob("2026-W47_files/**/*.png"))
    assert (site / "index.html").is_file()


def test_another_format_leaves_the_site_as_it_is(rendered: Project) -> None:
    before = (rendered.output_dir / "index.html").read_bytes()
    quarto(rendered, "render", "journal/2026/2026-W46.ipynb", "--to", "docx")
    assert (rendered.output_dir / "journal/2026/2026-W46.docx").is_file()
    assert (rendered.output_dir / "index.html").read_bytes() == before


def test_another_format_needs_no_site(rendered: Project) -> None:
    shutil.rmtree(rendered.output_dir)
    quarto(rendered, "render", "--to", "docx")
    assert len(list(rendered.output_dir.rglob("*.docx"))) == 2
    render(rendered, engine="builtin")
    assert (rendered.output_dir / "index.html").is_file()


def test_typst_sets_the_citations_of_a_week(journal: Project) -> None:
    entry = {"id": "ho2020", "type": "book", "title": "Lenses", "issued": {"date-parts": [[2020]]}}
    journal.library_path.write_text(json.dumps([entry]))
    write_week(journal.root, "2026-W46", "## Note [@ho2020]\n\nWords.")
    quarto(journal, "render", "journal/2026/2026-W46.ipynb", "--to", "typst")
    assert list(journal.output_dir.rglob("2026-W46.pdf"))


@pytest.fixture
def preview(rendered: Project) -> Iterator[str]:
    """The address of `quarto preview`."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    process = subprocess.Popen(
        ["quarto", "preview", "--no-browser", "--port", str(port)],
        cwd=rendered.root,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            with suppress(OSError):
                urllib.request.urlopen(f"{address}/", timeout=5).close()
                break
            time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def test_the_preview_reloads_a_page_that_was_saved(
    rendered: Project, preview: str, browser: Any
) -> None:
    page = browser.new_page()
    page.goto(f"{preview}/journal/2026/2026-W46.html")
    page.wait_for_function("window.QuartoPreview !== undefined")
    page.wait_for_timeout(1000)
    write_week(rendered.root, "2026-W46", "## First\n\nWords that were added.")
    page.get_by_text("Words that were added.").wait_for(timeout=120_000)
    page.close()
