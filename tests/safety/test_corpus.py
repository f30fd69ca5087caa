"""The corpus through the library, notebooks, front matter and outputs into the site: all inert, under
either engine."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.build.conftest import write_week
from tests.safety.conftest import HOME, OUTSIDE, needs_quarto, page_of, quarto
from tests.safety.corpus import CASES, Case
from tests.safety.inspection import Visit, assert_inert, parsed, problems_of

from weeknotes.journal import project as projects
from weeknotes.site import build
from weeknotes.site.html.policy import content_policy


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 450
    assert len({case.text for case in CASES}) > 0.95 * len(CASES)


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number}-{case.group}")
def test_a_page_of_hostile_text_runs_nothing(hostile: projects.Project, case: Case) -> None:
    path = hostile.output_dir / page_of(case)
    if not path.exists() and case.text.startswith(("output-file", "private")):
        return  # It has another name, or is withheld.
    if not path.exists():
        # A page may be refused, with a word on why.
        said = json.loads((hostile.root / "problems.json").read_text("utf-8"))
        assert any(f"hostile/{case.number:03}.ipynb" in problem for problem in said)
        return
    document = parsed(path)
    assert problems_of(document) == []
    policies = document.xpath('//head/meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policies == [content_policy()]
    assert len(document.xpath("//main")) == 1
    assert document.xpath("//footer")


def test_the_derived_pages_and_pictures_run_nothing(hostile: projects.Project) -> None:
    assert_inert(hostile.output_dir, but=map(page_of, CASES))


def test_most_pages_are_there(hostile: projects.Project) -> None:
    """Refusing is for what an engine would obey, and for what no page can hold."""
    shown = [case for case in CASES if case.group != "quarto"]
    missing = [case for case in shown if not (hostile.output_dir / page_of(case)).exists()]
    assert len(missing) < 0.2 * len(shown)
    assert {case.group for case in shown} > {case.group for case in missing}


def test_nothing_was_run_or_written_on_the_way(hostile: projects.Project) -> None:
    for folder in (Path.cwd(), hostile.root.parent):
        assert not list(folder.glob("**/pwned"))
    assert not list(hostile.root.parent.glob("*pwned*"))
    assert not list(Path("/tmp").glob("pwned*"))


def test_nothing_from_outside_of_the_journal_is_published(hostile: projects.Project) -> None:
    secrets = [Path("/etc/passwd").read_bytes().splitlines()[0], OUTSIDE.encode(), HOME.encode()]
    secrets += [path.encode() for path in (os.environ["PATH"], str(hostile.root))]
    for path in hostile.output_dir.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert [secret for secret in secrets if secret in data] == [], path


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
def test_in_a_browser_only_our_scripts_run(
    hostile: projects.Project, browser: Any, policy: bool
) -> None:
    """With the policy nothing is loaded from elsewhere either; what has been taken out of the pages
    keeps them inert without it. The pages' own scripts get to their end on every page."""
    names = [page_of(case) for case in CASES if (case.number % 2 == 1) == policy]
    names += ["index.html", "weeks.html", "papers.html", "figures.html", "topics.html"]
    names += sorted(
        path.relative_to(hostile.output_dir).as_posix()
        for path in hostile.output_dir.glob("journal/hostile/*.svg")
    )[: 40 if policy else 0]
    there = [name for name in names if (hostile.output_dir / name).is_file()]
    assert len(there) > 150
    visit = Visit(browser, hostile.output_dir, policy)
    for page in visit.pages(there):
        if page.url.endswith(".html"):
            assert page.evaluate("typeof window.weeknotes?.reveal") == "function", page.url
    assert (visit.started, visit.failed) == ([], [])
    assert not policy or visit.asked == []


@pytest.mark.browser
def test_a_script_that_is_let_through_would_be_noticed(tmp_path: Path, browser: Any) -> None:
    """The browser tests above can fail."""
    (tmp_path / "a.html").write_text(
        "<script>pwned(1)</script><img src=https://evil.invalid/a.png><script>own.none()</script>"
    )
    visit = Visit(browser, tmp_path)
    for page in visit.pages(["a.html"]):
        page.wait_for_timeout(100)
    assert visit.started == ["1"]
    assert visit.asked == ["https://evil.invalid/a.png"]
    assert ["own is not defined" in error for error in visit.failed] == [True]


REFUSED = {
    "filters: [pwned.lua]": "front matter may not set 'filters' for Quarto",
    "include-after-body: /etc/passwd": "'include-after-body: /etc/passwd' leads out of the journal",
    "note: '{{< env HOME >}}'": "{{< env HOME >}} would publish a variable of this machine",
}


class TestQuartoIsNotGivenWhatItWouldObey:
    pytestmark = needs_quarto

    def write(self, journal: projects.Project) -> None:
        write_week(journal.root, "2026-W47", "## A note\n\nWhat all may read.")
        for number, line in enumerate(REFUSED):
            path = write_week(journal.root, f"2026-W{40 + number}", "## A note")
            text = path.read_text("utf-8").replace("lang: en", json.dumps(line)[1:-1])
            path.write_text(text, "utf-8")
        (journal.root / "journal" / "2026" / "pwned.lua").write_text(
            'io.open("pwned", "w"):write("x")'
        )

    def test_render_leaves_it_out_and_says_so(self, journal: projects.Project) -> None:
        self.write(journal)
        report = build.render(projects.load(journal.config_path), engine="quarto")
        assert report.pages == 1
        assert (journal.output_dir / "journal/2026/2026-W47.html").is_file()
        for number, said in enumerate(REFUSED.values()):
            assert not (journal.output_dir / f"journal/2026/2026-W{40 + number}.html").exists()
            assert any(f"2026-W{40 + number}.ipynb, cell 1: {said}" in p for p in report.problems)
        assert not list(journal.root.rglob("pwned"))

    def test_quarto_by_itself_stops_and_says_all(self, journal: projects.Project) -> None:
        self.write(journal)
        text = quarto(journal.root, fails=True)
        for number, said in enumerate(REFUSED.values()):
            assert f"2026-W{40 + number}.ipynb, cell 1: {said}" in text
        assert not list(journal.output_dir.rglob("*.html"))
        assert not list(journal.root.rglob("pwned"))
