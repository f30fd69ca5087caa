"""The texts that ``weeknotes digest`` writes: ranked by the journal, summarised by a model."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import yaml
from tests.digests.model_server import Reply, answer

from weeknotes.actions.digest import Asked, digest
from weeknotes.actions.digest_redo import redo
from weeknotes.actions.digest_report import DigestReport
from weeknotes.cli import main
from weeknotes.digests.ranking.profile import profile_of
from weeknotes.errors import UsageError
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal import project as projects
from weeknotes.journal.project import Project

pytest.importorskip("openai")

DAY = date(2026, 11, 27)
CANDIDATES = "\n".join(
    json.dumps(paper)
    for paper in (
        {"id": "2611.00001", "title": "Looms of glass", "abstract": "We weave glass. It holds."},
        {"id": "2611.00002", "title": "Tides by gauge", "abstract": "We read tides. It floods."},
        {"id": "2611.00003", "title": "Bells at sea", "abstract": "We ring bells. It is loud."},
    )
)


def run(project: Project, **more: Any) -> DigestReport:
    return digest(project, str(DAY), asked=Asked(candidates=("c", CANDIDATES), **more), today=DAY)


def texts(project: Project) -> str:
    path = project.root / f"journal/2026/{DAY}-digest.ipynb"
    return "\n".join(cell.source for cell in notebooks.read(path).cells)


def note(
    project: Project, week: str, *sources: str, front: str = "", tags: tuple[str, ...] = ()
) -> None:
    """A week's notebook with ``sources`` as its cells."""
    path = project.root / f"journal/2026/{week}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = cell_edit.new_cell("raw", f"---\ntitle: {week}\nweek: {week}\n{front}---", id="front")
    cells = [
        cell_edit.new_cell("markdown", source, id=f"note-{n}", tags=tags)
        for n, source in enumerate(sources)
    ]
    path.write_bytes(cell_edit.dump(cell_edit.new_notebook([head, *cells], {})))


def write_library(project: Project, *entries: dict[str, Any]) -> None:
    project.library_path.write_text(json.dumps(list(entries), ensure_ascii=False), "utf-8")


def entry(key: str, title: str, **fields: Any) -> dict[str, Any]:
    return {"id": key, "type": "article", "title": title, **fields}


def test_a_note_puts_its_subject_first_and_is_named_as_the_reason(journal):
    note(journal, "2026-W41", "## Tide gauges of the harbour\n\nHow tides are read by gauge.")
    first = run(journal, dry_run=True).to_dict()["papers"][0]
    assert first["id"] == "2611.00002"
    assert "2026-W41" in first["why"] and "gauge" in first["why"].casefold()


@pytest.mark.parametrize(
    ("note_text", "cited"), [("물때를 재는 법.", "tide"), ("如何敲钟。", "bell")]
)
def test_a_note_in_another_language_counts_by_the_papers_that_it_cites(journal, note_text, cited):
    write_library(
        journal,
        entry("tide", "Reading tides", abstract="A gauge reads tides."),
        entry("bell", "Ringing bells", abstract="Bells at sea ring."),
    )
    note(journal, "2026-W41", f"## 노트 [@{cited}]\n\n{note_text}")
    first = run(journal, dry_run=True).days[0].papers[0]
    assert first.paper.given_id == {"tide": "2611.00002", "bell": "2611.00003"}[cited]
    assert first.nearest[0].week == "2026-W41" and first.nearest[0].key == cited


def test_an_entry_with_a_star_counts_more(journal):
    bell = entry("bell", "The bells of ships at sea", abstract="Bells.")
    tide = entry("tide", "The gauge of tides in ports", abstract="Tides.")
    firsts = []
    for starred in (bell, tide):
        others = [one for one in (bell, tide) if one is not starred]
        write_library(journal, starred | {"keyword": "sound, ⭐️"}, *others)
        firsts.append(run(journal, dry_run=True).days[0].papers[0].paper.given_id)
    assert firsts == ["2611.00003", "2611.00002"]


PRIVATE = "## Bells at sea [@bell]\n\nBells at sea, loud bells, and how they ring at sea."


@pytest.mark.parametrize("way", ["heading", "tag", "notebook", "draft", "folder", "div"])
def test_what_is_private_takes_part_in_nothing(journal, way):
    write_library(
        journal,
        entry("bell", "Bells at sea and their ringing", abstract="Loud bells."),
        entry("tide", "Reading tides", abstract="A gauge reads tides."),
    )
    note(journal, "2026-W40", "## Gauges [@tide]\n\nTides.")
    text = PRIVATE.replace("[@bell]", "[@bell] {.private}") if way == "heading" else PRIVATE
    text = f"::: {{.private}}\n{PRIVATE}\n:::" if way == "div" else text
    front = {"notebook": "private: true\n", "draft": "draft: true\n"}.get(way, "")
    note(journal, "2026-W41", text, front=front, tags=("private",) if way == "tag" else ())
    if way == "folder":
        (journal.root / "journal/2026/secret").mkdir()
        (journal.root / "journal/2026/secret/_metadata.yml").write_text("private: true\n", "utf-8")
        path = journal.root / "journal/2026/2026-W41.ipynb"
        path.rename(journal.root / "journal/2026/secret/2026-W41.ipynb")
    found = profile_of(projects.load(journal.config_path))
    said = " ".join(f"{one.document} {one.near} {one.identity}" for one in found.likes)
    assert "bell" not in said.casefold() and "2026-W41" not in said
    report = run(journal, dry_run=True).to_dict()
    assert report["papers"][0]["id"] == "2611.00002"
    assert "W41" not in json.dumps(report) and "their ringing" not in json.dumps(report)


@pytest.mark.kernel
def test_ticks_and_words_in_a_digest_are_learned_from_and_what_was_passed_over(journal):
    run(journal)
    path = journal.root / f"journal/2026/{DAY}-digest.ipynb"
    assert not profile_of(journal).likes and not profile_of(journal).passed
    path.write_text(path.read_text("utf-8").replace("- [ ]", "- [x]", 1), "utf-8")
    found = profile_of(journal)
    assert len(found.likes) == 1 and len(found.passed) == 2
    assert not profile_of(journal, before=DAY).likes


@pytest.mark.kernel
def test_a_digest_has_the_models_words_and_asks_once(configured, model):
    assert run(configured).days[0].state == "made"
    assert texts(configured).count("It rings.") >= 3 and len(model.requests) == 3
    path = configured.root / f"journal/2026/{DAY}-digest.ipynb"
    own = [
        cell.metadata["weeknotes"]["digest"]["summary"]
        for cell in notebooks.read(path).cells
        if "summary" in cell.metadata.get("weeknotes", {}).get("digest", {})
    ]
    assert [one["provenance"]["model"] for one in own] == ["small-2026"] * 3
    before = path.read_bytes()
    assert run(configured).days[0].state == "unchanged"
    assert path.read_bytes() == before and len(model.requests) == 3


@pytest.mark.kernel
def test_a_failed_summary_is_no_content_and_the_next_run_completes_it(configured, model):
    model.replies = [Reply("I would rather not.")]
    run(configured)
    written = texts(configured)
    assert "rather not" not in written and "We weave glass." in written
    assert "digest-missing" in written
    model.replies = [answer("It rings at last.")]
    assert run(configured).days[0].state == "completed"
    written = texts(configured)
    assert written.count("It rings at last.") >= 3 and "digest-missing" not in written


@pytest.mark.kernel
def test_redo_makes_one_summary_anew(configured, model):
    run(configured)
    model.replies = [answer("It rings anew.")]
    report = redo(configured, ["2611.00003"])
    assert [day.state for day in report.days] == ["completed"]
    written = texts(configured)
    assert "It rings anew." in written and "It rings." in written
    assert len(model.requests) == 4
    model.replies = [Reply(status=401)]
    report = redo(configured, ["2611.00003"])
    assert report.failed and "It rings anew." in texts(configured)
    with pytest.raises(UsageError, match="no digest shows"):
        redo(configured, ["2611.09999"])


def test_a_dry_run_says_what_a_model_would_cost(configured, model):
    report = run(configured, dry_run=True)
    assert any("3 questions" in said and "200000" in said for said in report.notes)
    assert not model.requests


@pytest.mark.kernel
def test_evaluate_tells_what_joined_later(configured, monkeypatch, capsys):
    run(configured)
    write_library(
        configured,
        entry(
            "bells",
            "Bells at sea",
            archive="arXiv",
            archive_location="2611.00003",
            issued={"date-parts": [[2026, 11, 27]]},
            custom={"date-added": "2026-11-28"},
        ),
        entry(
            "gongs",
            "Gongs at sea and on land",
            archive="arXiv",
            archive_location="2611.00077",
            issued={"date-parts": [[2026, 11, 27]]},
            custom={"date-added": "2026-11-29"},
        ),
    )
    monkeypatch.chdir(configured.root)
    assert main(["digest", "--evaluate"]) == 0
    said = capsys.readouterr().out
    assert "50%" in said and "Gongs at sea and on land [gongs]" in said
    assert main(["digest", "--evaluate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["recall"] == 0.5


@pytest.mark.kernel
def test_what_the_checks_have_found_is_told_where_the_text_is(configured, model):
    (configured.root / "digests").mkdir(exist_ok=True)
    text = "terms:\n  glass: {zh: 玻璃}\n  weave: {zh: 编织}\n"
    (configured.root / "digests/glossary.yml").write_text(text, "utf-8")

    def reply(request: dict[str, Any]) -> Reply:
        if "translate" in request["messages"][0]["content"]:
            said = {"title": "晶体织机", "abstract": "我们编织99条。它很牢固。"}
            return Reply(json.dumps(said, ensure_ascii=False))
        return answer("It rings 7 times.")

    model.answer = reply
    config = yaml.safe_load(configured.config_path.read_text("utf-8"))
    config["weeknotes"]["digest"]["languages"] = ["en", "zh"]
    configured.config_path.write_text(yaml.safe_dump(config), "utf-8")
    run(projects.load(configured.config_path), format="arxiv-table")
    written = texts(configured)
    assert "It rings 7(?) times." in written and "99(?)" in written
    assert "numbers that the abstract does not have: 7" in written
    assert "not as in the glossary: glass → 玻璃</span>" in written
    assert written.count("machine-written") >= 9
    path = configured.root / f"journal/2026/{DAY}-digest.ipynb"
    kept = [c.metadata.get("weeknotes", {}).get("digest", {}) for c in notebooks.read(path).cells]
    told = [one["translation"]["provenance"]["model"] for one in kept if "translation" in one]
    assert told == ["small-2026"] * 3


@pytest.mark.kernel
def test_the_report_on_a_category_is_the_models_with_its_provenance(configured, model):
    run(configured, format="insights")
    path = configured.root / f"journal/2026/{DAY}-digest.ipynb"
    cells = [cell for cell in notebooks.read(path).cells if cell.name.startswith("category-1")]
    assert len(cells) == 1 and "It rings." in cells[0].source
    assert cells[0].metadata["weeknotes"]["digest"]["provenance"]["model"] == "small-2026"
    assert model.requests[-1]["messages"][1]["content"].count("<paper>") == 3
