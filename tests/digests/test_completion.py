"""A text that a model could not give is marked as missing, never made up, and added by a later run,
with every word of the author's where it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.digests.model_server import ModelServer, Reply

from weeknotes.actions.digest import Asked, digest
from weeknotes.actions.digest_redo import redo
from weeknotes.actions.digest_report import DigestReport
from weeknotes.digests.ledger import Ledger
from weeknotes.digests.notebook import own_metadata
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal import project as projects
from weeknotes.journal.notebooks import Cell
from weeknotes.journal.project import Project

pytest.importorskip("openai")
pytestmark = pytest.mark.usefixtures("without_kernels")

DAY = date(2026, 11, 27)
FORMS = ("list", "blog", "insights", "votes", "arxiv-table")
PAPERS = [
    {
        "id": f"2611.0000{n}",
        "title": title,
        "abstract": abstract,
        "categories": [category],
        "votes": n,
    }
    for n, title, abstract, category in (
        (1, "Looms of glass", "We weave glass. It holds for 9 years.", "cs.LG"),
        (2, "Tides by gauge", "We read tides. It floods.", "cs.LG"),
        (3, "Bells at sea", "We ring bells. It is loud.", "cs.SD"),
    )
]
JOINING = {
    "id": "2611.00004",
    "title": "Kites over fog",
    "abstract": "We fly kites. It is high.",
    "categories": ["cs.LG"],
    "votes": 2,
}
ANSWERS = {
    "summary": {
        "line": "The line of it.",
        "bullets": ["A first point.", "A second point."],
        "questions": ["Why glass?", "Why now?", "And then?"],
    },
    "translation": {"title": "옮긴 제목", "abstract": "옮긴 초록이다. 오래간다."},
    "report": {"line": "All of it together.", "bullets": ["What they share."]},
}
FAULTS: dict[str, Callable[[], Reply]] = {
    "429": lambda: Reply(status=429, headers={"Retry-After": "3600"}),
    "500": lambda: Reply(status=500),
    "cut JSON": lambda: Reply('{"line": "Secret half of a sen'),
    "cut answer": lambda: Reply("{}", cut=True),
    "another language": lambda: Reply(
        json.dumps(
            {
                "line": "Это длинная строка на чужом языке.",
                "bullets": ["Это чужой язык.", "И это тоже."],
                "questions": ["Почему этот язык?"],
                "title": "Это чужой язык",
                "abstract": "Это длинная строка на чужом языке.",
            }
        )
    ),
    "no choices": lambda: Reply(choices=[]),
    "slow": lambda: Reply(pause=0.02),
    "words": lambda: Reply("I would rather not."),
}


def kind_of(request: dict[str, Any]) -> str:
    """Which text a request asks for, by the schema of its answer."""
    wanted = request["response_format"]["json_schema"]["schema"]["properties"]
    return "translation" if "title" in wanted else "summary" if "questions" in wanted else "report"


class Model:
    """A model that answers, but for the kinds of texts in ``failing``, where it has ``fault``."""

    def __init__(self, server: ModelServer) -> None:
        self.server, self.failing, self.fault = server, set(ANSWERS), FAULTS["words"]
        self.answers = dict(ANSWERS)
        server.answer = self.reply

    def reply(self, request: dict[str, Any]) -> Reply:
        kind = kind_of(request)
        if kind in self.failing:
            return self.fault()
        return Reply(json.dumps(self.answers[kind], ensure_ascii=False))

    @property
    def asked(self) -> int:
        return len(self.server.requests)


@pytest.fixture
def says(model: ModelServer) -> Model:
    return Model(model)


@pytest.fixture
def project(configured: Project) -> Project:
    """A journal with a model, the tables of which have Korean beside."""
    config = yaml.safe_load(configured.config_path.read_text("utf-8"))
    config["weeknotes"]["digest"] |= {"languages": ["en", "ko"]}
    config["weeknotes"]["digest"]["model"]["timeout"] = 1
    configured.config_path.write_text(yaml.safe_dump(config), "utf-8")
    return projects.load(configured.config_path)


def run(
    project: Project,
    form: str,
    papers: Iterable[dict[str, Any]] = PAPERS,
    day: date | None = DAY,
    today: date = DAY,
) -> DigestReport:
    text = "\n".join(json.dumps(paper, ensure_ascii=False) for paper in papers)
    asked = Asked(candidates=("c", text), format=form)
    return digest(
        project, str(day) if day else None, asked=asked, today=today, sleep=lambda _: None
    )


def path_of(project: Project) -> Path:
    return project.root / f"journal/2026/{DAY}-digest.ipynb"


def cells_of(project: Project) -> tuple[Cell, ...]:
    return notebooks.read(path_of(project)).cells


def text_of(project: Project) -> str:
    return "\n".join(cell.source for cell in cells_of(project) if cell.kind == "markdown")


def write(project: Project, change: Callable[[Cell], str | None]) -> None:
    """Change cells as their author would, in JupyterLab."""
    there = notebooks.read(path_of(project))
    made = {
        cell.index: {**cell.json, "source": text}
        for cell in there.cells
        if cell.kind == "markdown" and (text := change(cell)) is not None
    }
    path_of(project).write_bytes(cell_edit.change(there, replace=made))


def expected(form: str) -> list[str]:
    """Words of the texts that a form shows."""
    texts = {
        "list": ["The line of it."],
        "blog": ["A first point.", "A second point.", "Q1. Why glass?", "Q3. And then?"],
        "insights": ["All of it together.", "What they share."],
        "votes": ["A first point.", "A second point."],
        "arxiv-table": ["The line of it.", "옮긴 제목", "옮긴 초록이다."],
    }
    return texts[form]


@pytest.mark.parametrize(
    ("fault", "form"),
    [
        (fault, form)
        for fault in FAULTS
        for form in FORMS
        # A slow answer takes a second of waiting each time.
        if fault != "slow" or form == "arxiv-table"
    ],
)
def test_a_failure_is_no_content_and_is_completed(
    project: Project, says: Model, fault: str, form: str
) -> None:
    says.fault = FAULTS[fault]
    report = run(project, form)
    # A run that lacks a text says so, and does not end as if all were well.
    assert report.failed and any("no summary" in said for said in report.messages())
    written = text_of(project)
    for paper in PAPERS:
        assert str(paper["title"]) in written and str(paper["abstract"]) in written
    for word in ("Secret half", "rather not", "чужом", "written by", "at fault", "{}"):
        assert word not in written, word
    marks = {"insights": 3 + 2, "arxiv-table": 3 + 3}
    assert written.count('class="digest-missing"') == marks.get(form, 3)
    says.failing = set()
    report = run(project, form)
    assert report.days[0].state == "completed" and not report.failed, report.messages()
    written = text_of(project)
    assert "digest-missing" not in written
    for words in expected(form):
        assert words in written, words
    before, asked = path_of(project).read_bytes(), says.asked
    assert run(project, form).days[0].state == "unchanged"
    assert path_of(project).read_bytes() == before and says.asked == asked


@pytest.mark.parametrize("kind", [*ANSWERS])
def test_the_mark_of_one_text_stays_until_that_text_is_there(
    project: Project, says: Model, kind: str
) -> None:
    form = {"summary": "blog", "translation": "arxiv-table", "report": "insights"}[kind]
    says.failing = {kind}
    run(project, form)
    before = path_of(project).read_bytes()
    assert text_of(project).count("digest-missing") == (2 if kind == "report" else 3)
    # It fails again, for another reason: nothing is changed, and nothing is forgotten.
    says.fault = FAULTS["500"]
    report = run(project, form)
    assert report.failed and path_of(project).read_bytes() == before
    says.failing = set()
    assert not run(project, form).failed
    assert "digest-missing" not in text_of(project)


@pytest.mark.parametrize("form", FORMS)
def test_what_was_written_anywhere_stays_when_texts_are_added(
    project: Project, says: Model, form: str
) -> None:
    run(project, form)

    def mine(cell: Cell) -> str | None:
        if cell.generated or not own_metadata(cell):
            return None
        if "paper" not in own_metadata(cell):
            return f"{cell.source}\n\nBelow {cell.id}."
        lines = cell.source.replace("- [ ]", "- [x]").split("\n")
        return "\n".join([f"Above {cell.id}.", "", *lines, "", f"Below {cell.id}.  "])

    write(project, mine)
    own = [line for line in text_of(project).split("\n") if line.startswith(("Above", "Below"))]
    says.failing = set()
    assert run(project, form).days[0].state == "completed"
    written = text_of(project)
    kept = [line for line in written.split("\n") if line.startswith(("Above", "Below"))]
    assert kept == own and written.count("- [x]") == 3
    assert "digest-missing" not in written
    for words in expected(form):
        assert words in written, words


def test_answers_stay_below_their_questions(project: Project, says: Model) -> None:
    run(project, "blog")
    question = next(line for line in text_of(project).split("\n") if line.startswith("### Q1."))

    def mine(cell: Cell) -> str | None:
        if "Looms" not in cell.source:
            return None
        return cell.source.replace(question, f"{question}\n\nIt rests on sand.")

    write(project, mine)
    says.failing = set()
    run(project, "blog")
    looms, other = (
        next(c.source for c in cells_of(project) if "paper" in own_metadata(c) and word in c.source)
        for word in ("Looms", "Tides")
    )
    assert f"{question}\n\nIt rests on sand." in looms
    assert "A first point." in looms and "Why glass?" not in looms
    assert "Why glass?" in other and "digest-missing" not in looms


def test_a_part_that_its_author_has_rewritten_stays_and_so_does_the_mark(
    project: Project, says: Model
) -> None:
    run(project, "arxiv-table")
    write(
        project,
        lambda cell: (
            cell.source.replace(": Looms of glass (", ": Looms of glass, which I know (")
            if "[^" in cell.source and ": Looms of glass (" in cell.source
            else None
        ),
    )
    says.failing = set()
    report = run(project, "arxiv-table")
    looms = next(c.source for c in cells_of(project) if "which I know" in c.source)
    # The summary, which nobody has touched, is there; the translation is not.
    assert "The line of it." in looms and "옮긴 제목" not in looms
    assert looms.count("digest-missing") == 1
    assert text_of(project).count("옮긴 제목") == 2
    # What its author has decided is no failure.
    assert not report.failed


def test_a_plain_run_completes_the_days_before(project: Project, says: Model) -> None:
    run(project, "blog")
    assert Ledger.load(project).incomplete(DAY) == [(DAY, path_of(project).name)]
    says.failing = set()
    report = run(project, "blog", [JOINING], day=None, today=DAY + timedelta(days=3))
    assert {day.day: day.state for day in report.days} == {
        DAY: "completed",
        DAY + timedelta(days=3): "made",
    }
    assert "digest-missing" not in text_of(project)
    assert not Ledger.load(project).incomplete(DAY)


def test_redo_makes_translation_and_report_anew(project: Project, says: Model) -> None:
    says.failing = set()
    run(project, "arxiv-table")
    says.answers["translation"] = {"title": "새로 옮긴 제목", "abstract": "새로 옮긴 초록이다."}
    says.answers["summary"] = {**ANSWERS["summary"], "line": "The line anew."}
    report = redo(project, ["2611.00002"])
    assert [day.state for day in report.days] == ["completed"] and not report.failed
    looms, tides = (
        next(
            c.source
            for c in cells_of(project)
            if name in c.source and "[^" in c.source and c.id[:5] == "paper"
        )
        for name in ("Looms", "Tides")
    )
    assert (
        "새로 옮긴 제목" in tides and "새로 옮긴 초록이다." in tides and "The line anew." in tides
    )
    assert "새로" not in looms and "The line anew." not in looms
    table = next(cell.source for cell in cells_of(project) if cell.id == "digest-table")
    assert table.count("The line anew.") == 1 and table.count("The line of it.") == 2


def test_redo_makes_the_report_on_the_category_anew(project: Project, says: Model) -> None:
    says.failing = set()
    run(project, "insights")
    says.answers["report"] = {"line": "Another report.", "bullets": ["Another point."]}
    redo(project, ["2611.00001"])
    written = text_of(project)
    assert written.count("Another report.") == 1 and written.count("All of it together.") == 1
    # One that cannot be had leaves the one that is there, and says so.
    says.failing = {"report"}
    before = path_of(project).read_bytes()
    report = redo(project, ["2611.00001"])
    assert report.failed and path_of(project).read_bytes() == before
    # Lines that the author has rewritten stay, and that is said too.
    write(project, lambda c: c.source.replace("Another report.", "My report.") or None)
    says.failing, says.answers["report"] = set(), ANSWERS["report"]
    report = redo(project, ["2611.00001"])
    assert report.failed and any("cs.LG" in said for said in report.messages())
    assert "My report." in text_of(project)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_counted_follows_what_joins_and_what_is_removed(
    project: Project, says: Model, form: str
) -> None:
    says.failing = set()
    run(project, form)
    front = notebooks.read(path_of(project)).front_matter
    assert front["counts"] == {"cs.LG": 2, "cs.SD": 1}
    run(project, form, [*PAPERS, JOINING])
    there = notebooks.read(path_of(project))
    assert there.front_matter["counts"] == {"cs.LG": 3, "cs.SD": 1}
    names = [c.id[-5:] for c in there.cells if "paper" in own_metadata(c)]
    if form == "votes":
        assert names == ["00003", "00002", "00004", "00001"]
    elif form == "insights":
        assert names[2:] == ["00004", "00003"]
    else:
        assert names[3:] == ["00004"]
    # Its author takes an entry out: it stays out, and is not counted any more.
    gone = next(cell.index for cell in there.cells if cell.id == "paper-arxiv-2611-00003")
    path_of(project).write_bytes(cell_edit.without(there, [gone]))
    run(project, form, [*PAPERS, JOINING])
    there = notebooks.read(path_of(project))
    assert there.front_matter["counts"] == {"cs.LG": 3}
    assert there.front_matter["categories"] == ["cs.LG"]
    assert not there.find("paper-arxiv-2611-00003")
    injected = there.tagged("injected-parameters")
    assert injected and "Bells at sea" not in injected.source and "Kites" in injected.source
    status = there.find("digest-status")
    assert status and "3 shown" in status.source
    assert run(project, form, [*PAPERS, JOINING]).days[0].state == "unchanged"


def test_categories_of_the_authors_stay_in_the_front_matter(project: Project, says: Model) -> None:
    says.failing = set()
    run(project, "list")
    there = notebooks.read(path_of(project))
    head = there.cells[0]
    text = head.source.replace('["cs.LG", "cs.SD"]', '["mine", "cs.LG"]').replace(
        'title: "', 'title: "My '
    )
    assert text != head.source
    path_of(project).write_bytes(
        cell_edit.change(there, replace={1: {**head.json, "source": text}})
    )
    more = {**JOINING, "categories": ["q-bio"]}
    run(project, "list", [*PAPERS, more])
    front = notebooks.read(path_of(project)).front_matter
    assert front["categories"] == ["mine", "cs.LG", "q-bio"]
    assert front["counts"] == {"cs.LG": 2, "cs.SD": 1, "q-bio": 1}
    assert front["title"].startswith("My ")


def test_a_new_category_gets_a_report_of_its_own_and_an_old_one_another(
    project: Project, says: Model
) -> None:
    says.failing = set()
    run(project, "insights")
    says.answers["report"] = {"line": "A report on more.", "bullets": ["More."]}
    more = {**JOINING, "id": "2611.00005", "title": "Moss on walls", "categories": ["q-bio"]}
    run(project, "insights", [*PAPERS, JOINING, more])
    reports = [c for c in cells_of(project) if "report" in own_metadata(c)]
    assert [own_metadata(c)["report"]["category"] for c in reports] == ["cs.LG", "cs.SD", "q-bio"]
    assert ["A report on more." in c.source for c in reports] == [True, False, True]
    following = [c.id for c in cells_of(project) if c.index > reports[2].index]
    assert following == ["paper-arxiv-2611-00005"]


def test_without_a_model_the_report_has_a_line_on_what_joined(journal: Project) -> None:
    run(journal, "insights")
    run(journal, "insights", [*PAPERS, JOINING])
    report = next(c.source for c in cells_of(journal) if c.id == "category-1")
    assert "“Kites over fog”: We fly kites." in report and "“Looms of glass”" in report
    # And so does the table.
    other = DAY - timedelta(days=1)
    run(
        journal, "arxiv-table", [{**PAPERS[0], "id": "2611.00011", "title": "Ropes of sand"}], other
    )
    run(
        journal,
        "arxiv-table",
        [
            {**PAPERS[0], "id": "2611.00011", "title": "Ropes of sand"},
            {**PAPERS[1], "id": "2611.00012", "title": "Nets of rain"},
        ],
        other,
    )
    path = journal.root / f"journal/2026/{other}-digest.ipynb"
    table = notebooks.read(path).find("digest-table")
    assert table and table.source.count("| [^") == 2 and "Nets of rain" in table.source


def test_a_tick_after_a_completion_takes_no_line_that_was_made(
    project: Project, says: Model
) -> None:
    from weeknotes.digests.entry_cells import added_lines

    run(project, "blog")
    says.failing = set()
    run(project, "blog")
    for cell in cells_of(project):
        if "paper" in own_metadata(cell):
            assert added_lines(cell.source, own_metadata(cell)["lines"]) == ""
