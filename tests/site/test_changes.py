"""What changed between two dates, from git and from what builds remembered, without what was private at
any time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bench.host import serving
from tests.until import until

from weeknotes.journal import notes, project
from weeknotes.privacy import once_private
from weeknotes.scaffold import init
from weeknotes.site import build
from weeknotes.site.data.history import _beginning, with_pictures
from weeknotes.site.store.past_pages import notes_of

LONG = "Nobody outside this room should ever read about the grant committee."


class Log:
    """A journal in git: `save` writes a week and commits it on a day."""

    def __init__(self, root: Path) -> None:
        init(root, title="Log", author="Kim", lang="en")
        self.root = root
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.email", "kim@example.org")
        self.git("config", "user.name", "Kim")

    def git(self, *arguments: str, day: str = "2026-11-01") -> None:
        when = f"{day}T12:00:00+0000"
        env = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        subprocess.run(["git", *arguments], cwd=self.root, check=True, env=env)

    def write(self, week: str, body: str, front: str = "") -> Path:
        path = self.root / f"journal/2026/2026-{week}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: A week\nweek: 2026-{week}\n{front}---\n\n{body}\n", "utf-8")
        return path

    def save(self, day: str, week: str, body: str, front: str = "") -> None:
        self.write(week, body, front)
        self.commit(day)

    def commit(self, day: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "save", day=day)

    def build(self) -> Path:
        return build.render(project.find(self.root), engine="builtin").output

    def notes(self) -> dict[str, dict[str, Any]]:
        """The notes of the history by title."""
        return {note["t"]: note for note in read(self.build())}


def read(site: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted((site / "history").glob("[0-9u]*.js")):
        text = path.read_text("utf-8")
        found += json.loads(text[text.index(",") + 1 : text.rindex(")")])["notes"]
    return found


def everything(site: Path) -> str:
    return "".join(path.read_text("utf-8") for path in (site / "history").iterdir())


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "log")


def test_versions_are_of_the_days_of_their_commits(log: Log) -> None:
    log.save("2026-11-03", "W45", "## Alpha\n\nFirst words.\n\n## Beta\n\nStays.")
    log.save("2026-11-04", "W45", "## Alpha\n\nSecond words.\n\n## Beta\n\nStays.")
    log.save("2026-11-04", "W45", "## Alpha\n\nThird words.\n\n## Beta\n\nStays.")
    log.save("2026-11-12", "W46", "## Gamma\n\nNew here.")
    log.save("2026-11-17", "W45", "## Alpha\n\nThird words.")
    notes = log.notes()
    assert notes["Alpha"]["v"] == [["2026-11-03", 0], ["2026-11-04", 1]]
    assert notes["Alpha"]["x"] == ["First words.", "Third words."]
    assert notes["Alpha"]["h"] == "journal/2026/2026-W45.html#alpha"
    assert notes["Beta"]["v"] == [["2026-11-03", 0], ["2026-11-17", -1]]
    assert "h" not in notes["Beta"]
    assert notes["Gamma"]["v"] == [["2026-11-12", 0]]


def test_a_journal_that_was_imported_whole_was_written_in_its_weeks(log: Log) -> None:
    log.write("W10", "## Old\n\nWords.")
    log.save("2026-11-03", "W45", "## Alpha\n\nWords.")
    notes = log.notes()
    assert notes["Old"]["v"] == [["2026-03-08", 0]]
    assert notes["Alpha"]["v"] == [["2026-11-03", 0]]


def test_a_clone_gives_the_same(log: Log, tmp_path: Path) -> None:
    log.save("2026-11-03", "W45", "## Alpha\n\nFirst words.")
    log.save("2026-11-09", "W45", "## Alpha\n\nOther words.")
    first = everything(log.build())
    log.git("clone", "-q", str(log.root), str(tmp_path / "clone"))
    clone = build.render(project.find(tmp_path / "clone"), engine="builtin").output
    assert everything(clone) == first


def test_a_moved_or_renamed_note_is_not_new(log: Log) -> None:
    log.save("2026-11-03", "W45", "## Alpha\n\nFirst words.\n\n## Beta\n\nIts own words.")
    log.save("2026-11-10", "W45", "## Alpha renamed\n\nFirst words.")
    log.save("2026-11-10", "W46", "## Beta\n\nIts own words.")
    notes = log.notes()
    assert notes["Alpha renamed"]["v"][0][0] == "2026-11-03"
    assert [v for v in notes["Beta"]["v"] if v[1] == -1] == []
    assert notes["Beta"]["h"] == "journal/2026/2026-W46.html#beta"


PRIVATE = [
    # What is private now and was public, the other way round, and what was private in between.
    ([f"## A\n\nPlain. {LONG}", f"## A\n\nPlain.\n\n::: {{.private}}\n{LONG}\n:::"], True),
    ([f"## A\n\nPlain.\n\n::: {{.private}}\n{LONG}\n:::", "## A\n\nPlain, and more."], True),
    ([f"## A\n\nPlain. {LONG}", f"## A\n\n[{LONG}]{{.private}}", "## A\n\nGone."], True),
    ([f"## A\n\nPlain. {LONG}", f"## B {{.private}}\n\n{LONG}", "## A\n\nGone."], True),
    ([f"## A\n\n[{LONG}]{{.private}}", f"## A\n\nPublic now: {LONG}"], False),
    (
        [
            "## A\n\nSee *Nobody* [outside](https://x.org) this room should ever.\n\n",
            f"## A\n\nHm.\n\n[{LONG}]{{.private}}",
        ],
        True,
    ),
]


@pytest.mark.parametrize(("states", "hidden_everywhere"), PRIVATE)
def test_nothing_that_was_private_at_any_time(
    log: Log, states: list[str], hidden_everywhere: bool
) -> None:
    for number, body in enumerate(states):
        log.save(f"2026-11-{3 + number:02}", "W45", body)
    site = log.build()
    assert "this room" not in everything(site)
    assert "committee" not in everything(site)
    if hidden_everywhere:
        assert not [p for p in site.rglob("*") if p.is_file() and b"committee" in p.read_bytes()]


def test_a_title_that_was_private_names_no_note(log: Log) -> None:
    log.save(
        "2026-11-03", "W45", "## The quarrel with the second reviewer\n\nWords.\n\n## B\n\nWords."
    )
    log.save(
        "2026-11-04",
        "W45",
        "## The quarrel with the second reviewer {.private}\n\nX.\n\n## B\n\nY.",
    )
    site = log.build()
    assert "quarrel" not in everything(site)
    assert [note["t"] for note in read(site)] == ["B"]


@pytest.mark.parametrize("hide", ["page", "folder", "journal", "draft"])
def test_a_page_that_was_private_as_a_whole(log: Log, hide: str) -> None:
    if hide == "page":
        log.save("2026-11-03", "W45", f"## A\n\n{LONG}", "private: true\n")
    elif hide == "draft":
        log.save("2026-11-03", "W45", "## A\n\nUnripe.", "draft: true\n")
    elif hide == "folder":
        (log.root / "journal/2026").mkdir(parents=True)
        (log.root / "journal/2026/_metadata.yml").write_text("private: true\n")
        log.save("2026-11-03", "W45", f"## A\n\n{LONG}")
        (log.root / "journal/2026/_metadata.yml").unlink()
    else:
        config = (log.root / "_quarto.yml").read_text("utf-8")
        (log.root / "_quarto.yml").write_text(config + "\nprivate: true\n", "utf-8")
        log.save("2026-11-03", "W45", f"## A\n\n{LONG}")
        (log.root / "_quarto.yml").write_text(config, "utf-8")
    log.save("2026-11-05", "W45", "## Ripe\n\nRipe.")
    log.save("2026-11-06", "W45", "## Ripe\n\nRiper.")
    told = everything(log.build())
    assert "Riper." in told
    assert "Unripe" not in told
    assert "committee" not in told


def test_what_only_private_weeks_say_is_in_nothing(log: Log) -> None:
    log.save("2026-11-03", "W44", f"## Alone\n\n{LONG}", "private: true\n")
    (log.root / "journal/2026/2026-W44.md").unlink()
    log.save("2026-11-04", "W45", f"## B\n\nQuoted: {LONG}")
    log.save("2026-11-05", "W45", "## B\n\nNo quotation any more.")
    told = everything(log.build())
    assert "committee" not in told
    assert "Alone" not in told


def test_a_page_that_became_private_leaves_not_even_its_titles(log: Log) -> None:
    log.save("2026-11-03", "W45", "## Ax\n\nWords of the week.")
    log.save("2026-11-04", "W45", "## Ax\n\nWords of the week.", "private: true\n")
    log.save("2026-11-05", "W46", "## B\n\nOther words.")
    assert [note["t"] for note in read(log.build())] == ["B"]


def test_tasks_and_questions_that_were_private_are_left_out(log: Log) -> None:
    task = "- [ ] Ask the dean about the missing lab money"
    log.save(
        "2026-11-03", "W45", f"## Tasks\n\n{task}\n\n## B\n\nX.\n\n::: {{.private}}\n{task}\n:::"
    )
    log.save("2026-11-04", "W45", f"## Tasks\n\n{task}\n- [ ] read on\n\n## B\n\nX.")
    told = everything(log.build())
    assert "dean" not in told
    assert "read on" in told


def test_without_git_builds_remember(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(tmp_path / "log")
    shutil.rmtree(log.root / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    log.write("W45", f"## Alpha\n\nFirst words.\n\n## Beta\n\n{LONG}")
    assert log.notes()["Alpha"]["v"] == [["2026-11-08", 0]]
    log.write("W45", "## Alpha\n\nOther words.\n\n## Beta\n\nShorter.")
    notes = log.notes()
    assert notes["Alpha"]["x"] == ["First words.", "Other words."]
    assert len(notes["Beta"]["v"]) == 2
    log.write("W45", f"## Alpha\n\nOther words.\n\n## Beta\n\nShorter.\n\n[{LONG}]{{.private}}")
    log.build()
    log.write("W45", "## Alpha\n\nOther words.\n\n## Beta\n\nShorter again.")
    assert "committee" not in everything(log.build())


def test_runs_of_words() -> None:
    private = once_private.runs("[the second reviewer]{.private}")
    assert once_private.holds("So the **second** reviewer said", private)
    assert not once_private.holds("the second author", private)
    korean = once_private.runs("비밀 회의에서 정한 예산")
    assert once_private.holds("그 비밀 회의에서 정한 예산은", korean)
    assert not once_private.holds("정한 예산", korean)
    assert not once_private.holds("anything", frozenset())


@pytest.fixture
def changes(log: Log, browser: Any) -> Any:
    log.save(
        "2026-11-03",
        "W45",
        "## Alpha\n\nFirst words.\n\n## Beta\n\nX.\n\n## Tasks\n\n- [ ] read on",
    )
    log.save(
        "2026-11-11", "W46", "## Gamma\n\nQ: Why linear?\n\n## Tasks\n\n- [x] read on\n- [ ] write"
    )
    log.save("2026-11-12", "W45", "## Alpha\n\nOther words.\n\n## Tasks\n\n- [ ] read on")
    site = log.build()

    def told(page: Any) -> dict[str, list[str]]:
        page.wait_for_selector("[data-changes-list][aria-busy=false]")
        return {
            section.get_attribute("class").removeprefix("changes-"): [
                item.locator("a, span").first.inner_text() for item in section.locator("li").all()
            ]
            for section in page.locator(".changes section").all()
        }

    return site, told


EXPECTED = {
    "new": ["Gamma"],
    "changed": ["Alpha"],
    "removed": ["Beta"],
    "answered": ["read on"],
    "promised": ["write"],
    "asked": ["Why linear?"],
}


def test_the_page_tells_of_the_span_in_its_address(changes: Any, browser: Any) -> None:
    site, told = changes
    page = browser.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    with serving(site, base="/") as host:
        page.goto(f"{host.url}changes.html?from=2026-W46&to=2026-W47")
        assert told(page) == EXPECTED
        assert page.locator("del").all_inner_texts() == ["First"]
        assert page.locator("ins").all_inner_texts() == ["Other"]
        page.goto(f"{host.url}changes.html?from=2026-11-12&to=2026-11-12")
        assert list(told(page)) == ["changed", "removed"]
        page.locator("input[name=from]").fill("2026-11-01")
        page.wait_for_url("**/changes.html?from=2026-11-01&to=2026-11-12")
        until(page, "document.querySelectorAll('.changes-new li').length === 2")
        page.goto(f"{host.url}changes.html?from=2025-01-01&to=2025-01-02")
        said = page.get_by_text("The last entry is of")
        said.wait_for()
        assert re.search(r"\b\d{1,2}, 2026|\b\d{1,2} \w+ 2026", said.inner_text())
    assert errors == []
    page.close()


def test_the_page_works_from_a_folder(changes: Any, browser: Any) -> None:
    site, told = changes
    page = browser.new_page()
    page.goto(f"{(site / 'changes.html').as_uri()}?from=2026-W46&to=2026-W46")
    assert told(page) == EXPECTED
    page.close()


def test_a_text_that_is_shown_keeps_formulas_and_pictures_apart() -> None:
    body = (
        '<section id="n" class="level2"><h2>N</h2><p>The loss of '
        "<math><msub><mi>v</mi><mi>θ</mi></msub><mo>(</mo><msub><mi>x</mi><mn>0</mn></msub><mo>)</mo></math>"
        '<img src="a.png" alt="Two arrows"/> is small.</p></section>'
    )
    [note] = notes_of(notes.read(body).notes)
    assert with_pictures(note.text) == "The loss of v_θ(x₀) [Two arrows] is small."
    assert _beginning(note.text) == "The loss of v_θ(x₀) is small."
    assert _beginning("확산모형은 " * 80) == "확산모형은 " * 32 + "확산모형은…"
