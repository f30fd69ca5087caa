"""``weeknotes digest`` and what follows from it, against services on loopback, with real kernels."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from weeknotes.actions.digest import Asked, digest
from weeknotes.actions.digest_report import DigestReport
from weeknotes.actions.digest_ticks import take_ticked
from weeknotes.digests.ledger import Ledger
from weeknotes.errors import DigestError, UsageError
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal.project import Project, load
from weeknotes.library.store import Library

from .servers import DigestServer, Item, hf_row

THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
SATURDAY, MONDAY = date(2026, 11, 28), date(2026, 11, 30)
Run = Callable[..., DigestReport]


@pytest.fixture
def run(journal: Project, server: DigestServer) -> Run:
    """Run ``weeknotes digest`` as of a day."""

    def run_(when: str | None = None, today: date = MONDAY, **more: Any) -> DigestReport:
        since = more.pop("since", None)
        return digest(
            journal,
            when,
            since=since,
            asked=Asked(**more),
            today=today,
            environment=server.environment,
            sleep=lambda _: None,
        )

    return run_


@pytest.fixture
def friday(server: DigestServer) -> DigestServer:
    """Three papers on arXiv, one of them on Hugging Face's list as well, with one of its own."""
    server.world.papers = [
        Item("2611.00001", "Lamps that learn to see in the dark"),
        Item("2611.00002", "Lamps that forget what they saw", categories=("stat.ML", "cs.LG")),
        Item("2611.00003", "Old lamps, seen anew", announced=(date(2026, 10, 5), FRIDAY)),
    ]
    server.world.hf = {
        FRIDAY: [
            hf_row("2611.00001", "Lamps That Learn to See in the Dark", FRIDAY, upvotes=31),
            hf_row("2611.00009", "Lamps of another kind", FRIDAY),
        ]
    }
    return server


def everything(journal: Project) -> dict[str, bytes]:
    """All files but caches and locks."""
    return {
        str(path.relative_to(journal.root)): path.read_bytes()
        for path in journal.root.rglob("*")
        if path.is_file() and ".weeknotes" not in path.parts
    }


def paper_cells(path: Path) -> Iterator[notebooks.Cell]:
    for cell in notebooks.read(path).cells:
        if "paper" in cell.metadata.get("weeknotes", {}).get("digest", {}):
            yield cell


def path_of(journal: Project, day: date = FRIDAY) -> Path:
    return journal.root / "journal" / "2026" / f"{day}-digest.ipynb"


def edit(path: Path, word: str, change: Callable[[str], str]) -> None:
    """Change the source of the first paper's cell that holds ``word``, as JupyterLab would save it."""
    there = notebooks.read(path)
    cell = next(cell for cell in paper_cells(path) if word in cell.source)
    made = {**cell.json, "source": change(cell.source)}
    path.write_bytes(cell_edit.change(there, replace={cell.index: made}))


@pytest.mark.kernel
def test_a_day_becomes_a_notebook_with_each_paper_once(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    report = run(str(FRIDAY))
    (day,) = report.days
    assert (day.state, day.path) == ("made", "journal/2026/2026-11-27-digest.ipynb")
    assert not report.failed
    sources = [cell.source for cell in paper_cells(path_of(journal))]
    assert len(sources) == 3
    both = next(source for source in sources if "2611.00001" in source)
    assert "31" in both and "cs.LG" in both and "- [ ] " in both
    there = notebooks.read(path_of(journal))
    assert there.front_matter["kind"] == "digest" and there.front_matter["date"] == str(FRIDAY)
    graph = there.find("category-graph")
    assert graph and "image/svg+xml" in graph.outputs[0]["data"]


@pytest.mark.kernel
def test_running_again_changes_no_byte_and_asks_nothing(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    run(str(FRIDAY))
    before, asked = everything(journal), len(friday.log)
    report = run(str(FRIDAY))
    assert [day.state for day in report.days] == ["unchanged"]
    assert len(report.to_dict()["papers"]) == 3
    assert everything(journal) == before
    assert len(friday.log) == asked


@pytest.mark.kernel
def test_without_a_day_every_day_since_the_last_is_made(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    first = run(today=SATURDAY)
    assert [str(day.day) for day in first.days] == [str(FRIDAY)], first.messages()
    friday.world.papers.append(Item("2611.00011", "A lamp for Monday", announced=(MONDAY,)))
    friday.world.feed_day = MONDAY
    second = run(today=MONDAY)
    assert [(str(day.day), day.state) for day in second.days] == [
        ("2026-11-28", "empty"),
        ("2026-11-29", "empty"),
        ("2026-11-30", "made"),
    ]
    assert any("Saturdays and Sundays" in message for message in second.messages())
    before = everything(journal)
    assert [day.state for day in run(today=MONDAY).days] == ["unchanged"]
    assert everything(journal) == before


@pytest.mark.kernel
def test_a_source_that_fails_is_told_and_asked_again(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    friday.world.faults = [("/hf/", "500")] * 4
    report = run(str(FRIDAY), today=FRIDAY)
    assert report.failed and report.days[0].state == "made"
    assert len(list(paper_cells(path_of(journal)))) == 2
    text = path_of(journal).read_text("utf-8")
    assert "Not reached yet: Hugging Face" in text and "500" not in text
    edit(path_of(journal), "2611.00002", lambda source: f"{source}\n\nMy own words.\n")
    again = run(today=FRIDAY)
    assert not again.failed and again.days[0].state == "completed"
    cells = list(paper_cells(path_of(journal)))
    assert len(cells) == 3
    assert "Not reached" not in path_of(journal).read_text("utf-8")
    assert any(cell.source.endswith("My own words.\n") for cell in cells)
    assert "2611.00009" in notebooks.read(path_of(journal)).find("injected-parameters").source  # type: ignore[union-attr]


@pytest.mark.kernel
def test_a_run_that_is_stopped_halfway_is_done_again(
    run: Run, journal: Project, friday: DigestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from weeknotes.actions import digest_notebook

    def stopped(*_: Any) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as halfway:
        halfway.setattr(digest_notebook, "write_new", stopped)
        with pytest.raises(KeyboardInterrupt):
            run(today=FRIDAY)
    assert not path_of(journal).exists()
    assert [day.state for day in run(today=FRIDAY).days] == ["made"]
    assert len(list(paper_cells(path_of(journal)))) == 3


@pytest.mark.kernel
def test_a_list_that_grew_after_it_was_read_is_completed(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    run(today=FRIDAY)
    edit(path_of(journal), "2611.00009", lambda source: f"{source}\n\nMine.")
    friday.world.hf[FRIDAY].append(hf_row("2611.00010", "A late lamp", FRIDAY))
    shutil.rmtree(journal.state / "cache")
    before = notebooks.read(path_of(journal))
    report = run(today=MONDAY)
    assert report.days[0].state == "completed"
    assert len(list(paper_cells(path_of(journal)))) == 4
    after = notebooks.read(path_of(journal))
    kept = [cell.json for cell in before.cells[1:] if not cell.generated]
    assert [cell.json for cell in after.cells if cell.json in kept] == kept
    counts = {**before.front_matter["counts"], "No category": 2}
    assert after.front_matter == {**before.front_matter, "counts": counts}
    status = after.find("digest-status")
    assert status and "; 4 shown." in status.source.replace("\\", "")


def test_nothing_at_all_is_no_notebook_and_no_content(
    run: Run, journal: Project, server: DigestServer
) -> None:
    server.world.faults = [("", "503")] * 80
    report = run(str(FRIDAY), today=FRIDAY)
    assert report.failed and report.days[0].state == "failed"
    assert not path_of(journal).exists()
    assert not report.to_text()


@pytest.mark.kernel
def test_no_paper_is_shown_on_another_day(run: Run, journal: Project, friday: DigestServer) -> None:
    run(str(FRIDAY))
    friday.world.feed_day = MONDAY
    friday.world.papers = [
        Item("2611.00001", "Lamps that learn to see", announced=(FRIDAY, MONDAY)),
        Item("2611.00012", "New on Monday", announced=(MONDAY,)),
    ]
    friday.world.hf = {
        MONDAY: [hf_row("2611.00002", "Lamps that forget what they saw", MONDAY)],
    }
    report = run(str(MONDAY))
    assert [row["canonical"] for row in report.to_dict()["papers"]] == ["arxiv:2611.00012"]
    assert report.days[0].known == 1


def test_a_dry_run_writes_nothing(run: Run, journal: Project, friday: DigestServer) -> None:
    before = everything(journal)
    report = run(str(FRIDAY), dry_run=True, top=2)
    assert everything(journal) == before
    assert len(report.to_dict()["papers"]) == 2
    assert "2 of 4 papers" in report.to_text()


@pytest.mark.kernel
def test_a_tick_brings_the_paper_into_the_library_and_begins_its_note(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    run(str(FRIDAY))
    path = path_of(journal)
    edit(
        path,
        "2611.00001",
        lambda source: (
            source.replace("- [ ]", "- [x]") + "\n\n  Try it on **our** lamps.\n\n  > why?"
        ),
    )
    there = notebooks.read(path)
    cell = next(c for c in paper_cells(path) if "2611.00001" in c.source)
    own = cell_edit.new_cell("markdown", "And a cell of my own.", id="mine")
    secret = cell_edit.new_cell("markdown", "Not for others.", id="secret", tags=["private"])
    path.write_bytes(cell_edit.change(there, insert={cell.index: [own, secret]}))
    digest_before = path.read_bytes()
    report = take_ticked(journal, today=MONDAY)
    ((key, title),) = report.taken
    assert title == "Lamps that learn to see in the dark"
    entry = Library.load(journal.library_path).entries[key]
    assert entry["DOI"] == "10.48550/arXiv.2611.00001"
    assert [name["family"] for name in entry["author"]] == ["Kim", "van der Berg"]
    assert entry["custom"]["date-added"] == str(MONDAY)
    week = journal.root / "journal" / "2026" / "2026-W49.ipynb"
    note = notebooks.read(week).cells[-1].source
    assert note.startswith(f"## Lamps that learn to see in the dark [@{key}]")
    assert note.endswith("Try it on **our** lamps.\n\n> why?\n\nAnd a cell of my own.")
    assert "Not for others" not in week.read_text("utf-8")
    assert path.read_bytes() == digest_before
    after = everything(journal)
    assert not take_ticked(journal, today=MONDAY).taken
    assert everything(journal) == after
    shown = Ledger.load(journal).papers["arxiv:2611.00001"]
    assert (shown.key, shown.ticked) == (key, MONDAY)


@pytest.mark.kernel
def test_private_ticks_are_left(run: Run, journal: Project, friday: DigestServer) -> None:
    run(str(FRIDAY))
    path = path_of(journal)
    text = path.read_text("utf-8").replace(
        '"kind: digest\\n"', '"kind: digest\\n",\n    "private: true\\n"'
    )
    path.write_text(text.replace("- [ ]", "- [x]"), "utf-8")
    report = take_ticked(journal, today=MONDAY)
    assert not report.taken and "private" in report.left[0]
    assert not Library.load(journal.library_path).entries


@pytest.mark.kernel
def test_a_new_version_of_a_paper_with_a_note_is_news(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    run(str(FRIDAY))
    edit(path_of(journal), "2611.00001", lambda source: source.replace("- [ ]", "- [x]"))
    ((key, _),) = take_ticked(journal, today=FRIDAY).taken
    friday.world.feed_day = MONDAY
    friday.world.papers = [
        Item("2611.00001", "Lamps that learn to see in the dark", announced=(FRIDAY, MONDAY)),
        Item("2611.00002", "Lamps that forget what they saw", announced=(FRIDAY, MONDAY)),
        Item("2611.00012", "New on Monday", announced=(MONDAY,)),
    ]
    run(str(MONDAY))
    (news,) = [c for c in notebooks.read(path_of(journal, MONDAY)).cells if c.id == "digest-news"]
    assert f"[@{key}]" in news.source and "version 2 of" in news.source
    assert "[2026-W48](2026-W48.ipynb)" in news.source
    assert "Lamps that forget" not in news.source
    assert len(list(paper_cells(path_of(journal, MONDAY)))) == 1


@pytest.mark.kernel
def test_a_week_is_a_digest_of_its_digests(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    with pytest.raises(UsageError, match="no digest of a day in 2026-W48"):
        run("2026-W48")
    run(str(FRIDAY))
    edit(path_of(journal), "2611.00002", lambda source: source.replace("- [ ]", "- [x]"))
    asked = len(friday.log)
    report = run("2026-W48")
    path = journal.root / report.days[0].path
    assert report.days[0].path == "journal/2026/2026-W48-digest.ipynb"
    text = "\n".join(cell.source for cell in notebooks.read(path).cells)
    assert "| [2026-11-27](2026-11-27-digest.ipynb) | 3 | 1 |" in text
    assert "1. [Lamps that forget what they saw]" in text and "- [ ]" not in text
    assert notebooks.read(path).find("category-graph").outputs  # type: ignore[union-attr]
    assert sum(notebooks.read(path).front_matter["counts"].values()) == 3
    before = everything(journal)
    assert run("2026-W48").days[0].state == "unchanged"
    assert everything(journal) == before
    edit(path_of(journal), "2611.00001", lambda source: source.replace("- [ ]", "- [x]"))
    there = notebooks.read(path)
    own = cell_edit.new_cell("markdown", "My view of the week.", id="mine")
    path.write_bytes(cell_edit.change(there, insert={len(there.cells): [own]}))
    assert run("2026-W48").days[0].state == "completed"
    assert "| 3 | 2 |" in path.read_text("utf-8") and "My view" in path.read_text("utf-8")
    assert len(friday.log) == asked
    from weeknotes.journal import week_files

    assert not week_files.weeks(journal)


def test_a_misspelt_setting_is_told(journal: Project, server: DigestServer) -> None:
    text = journal.config_path.read_text("utf-8").replace("    top: 20", "    topp: 20")
    journal.config_path.write_text(text, "utf-8")
    report = digest(
        load(journal.config_path),
        str(SATURDAY),
        asked=Asked(dry_run=True),
        today=MONDAY,
        environment=server.environment,
        sleep=lambda _: None,
    )
    assert any("knows no 'topp'" in note for note in report.messages())


def test_a_day_behind_the_sources_is_a_day(journal: Project, server: DigestServer) -> None:
    words = ["digest", "--source", "hf", "2026-11-21", "--dry-run", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "weeknotes", *words],
        capture_output=True,
        text=True,
        cwd=journal.root,
        env={**os.environ, **server.environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [day["day"] for day in json.loads(done.stdout)["days"]] == ["2026-11-21"]
    assert "no papers on weekends" in done.stderr


def test_what_cannot_be_meant_is_told(run: Run, journal: Project) -> None:
    with pytest.raises(UsageError, match="yet to come"):
        run("2026-12-24")
    with pytest.raises(UsageError, match="not a day or a week"):
        run("soon")
    with pytest.raises(UsageError, match="no format called 'lsit'"):
        run(str(FRIDAY), format="lsit")
    with pytest.raises(UsageError, match="no source called"):
        run(str(FRIDAY), sources=("arxvi",))
    with pytest.raises(DigestError, match=r"mine\.jsonl, line 2"):
        run(str(FRIDAY), candidates=("mine.jsonl", '{"id": "2611.1", "title": "x"}\n{"id": 3}'))


@pytest.mark.kernel
def test_a_journal_without_the_template_has_that_of_a_new_one(
    run: Run, journal: Project, friday: DigestServer
) -> None:
    (journal.templates / "digest.ipynb").unlink()
    report = run(since=str(THURSDAY), sources=("hf",))
    assert [day.state for day in report.days] == ["empty", "made", "empty", "empty", "empty"]
    assert not any("arxiv" in path for path in friday.paths)
    assert len(list(paper_cells(path_of(journal)))) == 2


@pytest.mark.kernel
def test_a_template_of_ones_own(run: Run, journal: Project, friday: DigestServer) -> None:
    path = journal.templates / "digest.ipynb"
    own = json.loads(path.read_text("utf-8"))
    own["metadata"]["weeknotes"] = {"digest": {"format": "votes"}}
    own["cells"].insert(3, cell_edit.new_cell("markdown", "# Mine, of {{day}}", id="mine"))
    own["cells"][1]["source"] = 'day = ""\npapers = []\nlang = "en"'
    (journal.templates / "my-way.ipynb").write_text(json.dumps(own), "utf-8")
    run(str(FRIDAY), format="my-way")
    sources = [cell.source for cell in notebooks.read(path_of(journal)).cells]
    assert "# Mine, of 2026-11-27" in sources
    assert any("Votes: 31" in source for source in sources)


@pytest.mark.kernel
def test_the_command_from_a_pipe_without_a_terminal(journal: Project) -> None:
    lines = '{"id": "2611.00001", "title": "Lamps", "abstract": "Lamps shine."}\n'
    done = subprocess.run(
        [sys.executable, "-m", "weeknotes", "digest", str(FRIDAY), "--candidates", "-", "--json"],
        input=lines,
        capture_output=True,
        text=True,
        cwd=journal.root,
        env={**os.environ, "TERM": "dumb"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["papers"]
    assert (row["id"], row["title"]) == ("2611.00001", "Lamps")
    assert {"score", "why"} <= set(row)
    assert path_of(journal).exists()
    again = subprocess.run(
        [sys.executable, "-m", "weeknotes", "digest", "soon"],
        capture_output=True,
        text=True,
        cwd=journal.root,
        check=False,
    )
    assert again.returncode == 2 and "not a day or a week" in again.stderr
