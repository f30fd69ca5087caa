"""Style sheets of the owner's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.build.conftest import write_week

from weeknotes.journal.project import Project
from weeknotes.site.last_build import BuildReport


def configure(journal: Project, lines: str) -> None:
    text = journal.config_path.read_text("utf-8")
    journal.config_path.write_text(f"{lines}\n{text}", "utf-8")


def test_a_style_sheet_is_linked_after_the_sites_own(
    journal: Project, build: Callable[[Project], BuildReport]
) -> None:
    write_week(journal.root, "2026-W46", "## A\n\nwords")
    folder = journal.root / "assets" / "looks"
    folder.mkdir(parents=True)
    (folder / "own.css").write_text(
        "p { background: url('paper.png') } @import url(//x.org/y.css);"
    )
    (folder / "paper.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    configure(journal, "css: assets/looks/own.css")
    report = build(journal)
    assert report.warnings == ()
    site = journal.output_dir
    page = (site / "journal/2026/2026-W46.html").read_text("utf-8")
    assert page.index("theme/weeknotes.") < page.index('href="../../assets/looks/own.css"')
    assert (site / "assets/looks/own.css").is_file()
    assert (site / "assets/looks/paper.png").is_file()
    (folder / "own.css").write_text("p { color: red }")
    build(journal)
    assert (site / "assets/looks/own.css").read_text() == "p { color: red }"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("css: missing.css", "missing.css is not in the journal"),
        ("css: ../outside.css", "../outside.css is not in the journal"),
        ("css: https://example.org/x.css", "https://example.org/x.css is not in the journal"),
        ("theme: [cosmo, own.scss]", "the theme own.scss changes nothing"),
    ],
)
def test_what_changes_nothing_is_named(
    journal: Project, build: Callable[[Project], BuildReport], line: str, said: str
) -> None:
    (journal.root.parent / "outside.css").write_text("p {}")
    configure(journal, line)
    assert any(said in warning for warning in build(journal).warnings)
