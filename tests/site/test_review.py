"""``weeknotes review``: one page that needs nothing else."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from weeknotes.cli import main
from weeknotes.journal import cell_edit
from weeknotes.scaffold import init

PIXEL = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><path d="M0 0h4"/></svg>'


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of three weeks, the last of which shows a figure and links to the one before."""
    root = tmp_path / "journal"
    init(root, title="Reading log", author="Kim Minji", lang="en")
    (root / "assets" / "images").mkdir(parents=True, exist_ok=True)
    (root / "assets" / "images" / "box.svg").write_bytes(PIXEL)
    texts = {
        "2026-W45": "## Too old\n\nNot in the letter.",
        "2026-W46": "## Noise\n\n확산 모델의 시작.\n\n## Tasks\n\n- [ ] read",
        "2026-W47": "## A net\n\n[unet]{.tag}\n\n![A box](../../assets/images/box.svg)\n\n"
        "[before](2026-W46.ipynb#noise), [older](2026-W45.ipynb)",
    }
    for week, text in texts.items():
        matter = f"---\ntitle: Week {week}\nweek: {week}\nlang: en\n---"
        cells = [
            cell_edit.new_cell("raw", matter, id="front-matter"),
            cell_edit.new_cell("markdown", text, id="one"),
        ]
        path = root / "journal" / "2026" / f"{week}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {})))
    monkeypatch.chdir(root)
    return root


def read(path: Path) -> Any:
    return html.fromstring(path.read_text("utf-8"))


def test_the_letter_holds_all_since_then_and_needs_nothing_else(journal: Path) -> None:
    assert main(["review", "--since", "2026-11-12", "--to", "letter.html"]) == 0
    page = read(journal / "letter.html")
    text = page.text_content()
    assert "확산 모델의 시작." in text and "A net" in text
    assert "Not in the letter." not in text
    # Once in its note, and once among the small figures before the notes.
    images = page.xpath("//img/@src")
    assert [base64.b64decode(image.partition(",")[2]) for image in images] == [PIXEL, PIXEL]
    assert not page.xpath("//script[@src] | //link[@rel='stylesheet']")
    assert (
        len(page.xpath("//script")) == 1
    )  # The one that keeps remarks; its hash is in the policy.
    links = {a.text_content(): a.get("href") for a in page.xpath("//div[@class='text']//a")}
    assert links["before"] == "#page-1--noise"
    assert "older" not in links and "older" in text
    # The topic's page is not in the letter: the tag stays one, and leads nowhere.
    assert page.xpath("//span[@class='tag']/text()") == ["unet"]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(h[1:] in ids for h in page.xpath("//a/@href") if h.startswith("#"))


def test_there_is_room_for_remarks_on_every_note_but_tasks(journal: Path) -> None:
    main(["review", "--since", "2026-W46", "--to", "letter.html"])
    rooms = read(journal / "letter.html").xpath("//div[@class='room']/@aria-label")
    assert rooms == ["Remarks: Noise", "Remarks: A net"]


def test_a_letter_with_remarks_is_not_replaced(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["review", "--since", "2026-W46", "--to", "letter.html"]
    assert main(command) == 0
    assert main(command) == 0  # As it was made: made anew.
    letter = journal / "letter.html"
    remarked = letter.read_bytes().replace(b"</body>", b"<p>I doubt this.</p></body>")
    letter.write_bytes(remarked)
    assert main(command) == 2
    assert letter.read_bytes() == remarked
    assert "--to" in capsys.readouterr().err


def test_a_day_to_come_makes_no_page(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--since", "2999-W02", "--to", "letter.html"]) == 2
    assert "a day to come" in capsys.readouterr().err
    assert not (journal / "letter.html").exists()


def test_nothing_since_then(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for week in ("2026-W45", "2026-W46", "2026-W47"):
        (journal / "journal/2026" / f"{week}.ipynb").unlink()
    assert main(["review", "--since", "2020-01-06", "--to", "letter.html"]) == 0
    assert "nothing was written" in capsys.readouterr().err


@pytest.mark.browser
def test_chromium_prints_it(journal: Path, browser: Any) -> None:
    main(["review", "--since", "2026-W46", "--to", "letter.pdf"])
    assert (journal / "letter.pdf").read_bytes().startswith(b"%PDF-")
    assert (journal / "letter.html").exists()


def test_without_chromium_there_is_the_page_alone(
    journal: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert main(["review", "--since", "2026-W46", "--to", "letter.html"]) == 0
    assert "no PDF" in capsys.readouterr().err
    assert not (journal / "letter.pdf").exists()


def test_the_letter_as_text(journal: Path) -> None:
    options = ["review", "--since", "2026-11-12", "--to", "letter.html", "--text"]
    assert main(options) == 0
    lines = (journal / "letter.txt").read_text("utf-8").splitlines()
    for line in (
        "2026-W46 Week 2026-W46",
        "* Noise",
        "  확산 모델의 시작.",
        "  [ ] read",
        "* A net",
    ):
        assert line in lines
    assert not any("Not in the letter" in line or "<" in line for line in lines)
    assert main([*options, "--json"]) == 0


def test_the_letter_leaves_out_code(journal: Path) -> None:
    path = journal / "journal/2026/2026-W47.md"
    path.with_suffix(".ipynb").unlink()
    cell = "::: {.cell}\n```{.python .cell-code}\nsecret_plot = 1\n```\n:::"
    path.write_text(f"---\ntitle: W\nweek: 2026-W47\n---\n\n## N\n\nSaid.\n\n{cell}\n", "utf-8")
    assert main(["review", "--since", "2026-W47", "--to", "letter.html"]) == 0
    text = read(journal / "letter.html").xpath("string(//article)")
    assert "Said." in text
    assert "secret_plot" not in text


LONG = "A sentence that is said again and again. " * 12


@pytest.fixture
def asked(journal: Path) -> Path:
    """The same journal, whose last week addresses its reader, asks, and has a long note."""
    path = journal / "journal/2026/2026-W47.ipynb"
    path.unlink()
    path.with_suffix(".md").write_text(
        "---\ntitle: Three\nweek: 2026-W47\n---\n\n## For you\n\nPlease decide.\n\n"
        f"## Long\n\nIt begins so. {LONG}\n\nThe very end.\n\nQ: Which seed?\n\n"
        "## Tasks\n\n- [x] read\n- [ ] write\n",
        "utf-8",
    )
    return journal


def test_the_letter_begins_with_what_the_reader_is_asked(asked: Path) -> None:
    main(["review", "--since", "2026-W47", "--to", "letter.html"])
    page = read(asked / "letter.html")
    said = page.xpath("//section[contains(@class, 'for-you')]")[0]
    assert "Please decide." in said.text_content()
    assert len(page.xpath("//*[contains(text(), 'Please decide.')]")) == 1
    lists = {
        section.xpath("string(h2)").split(" ")[0]: section.xpath("string(ul)").split()
        for section in page.xpath("//div[@class='letter-summary']/section")
    }
    assert lists["Open"][:2] == ["Which", "seed?"]
    assert lists["Promised"][0] == "write" and lists["Done"][0] == "read"
    targets = page.xpath("//div[@class='letter-summary']//a/@href")
    assert targets and all(target[1:] in page.xpath("//@id") for target in targets)


def test_a_long_note_shows_its_beginning_and_holds_the_rest(asked: Path) -> None:
    main(["review", "--since", "2026-W46", "--to", "letter.html"])
    page = read(asked / "letter.html")
    (whole,) = page.xpath("//details[@class='letter-note']")
    assert "The very end." in whole.text_content()
    excerpt = whole.getprevious()
    assert excerpt.get("class") == "letter-excerpt" and "It begins so." in excerpt.text_content()
    assert "The very end." not in excerpt.text_content()
    # Room for remarks is beside the fold, not in it; a short note is not folded.
    assert whole.getnext().get("class") == "room"
    assert not page.xpath("//section[contains(., '확산 모델의 시작.')]/details")


def test_an_older_note_that_was_changed_is_named(asked: Path) -> None:
    main(["review", "--since", "2026-W47", "--to", "letter.html"])
    assert "What changed" not in read(asked / "letter.html").text_content()
    week = asked / "journal/2026/2026-W46.ipynb"
    run = ["git", "-C", str(asked), "-c", "user.name=Kim", "-c", "user.email=kim@example.org"]
    dated = {
        **os.environ,
        "GIT_AUTHOR_DATE": "2026-11-13T12:00",
        "GIT_COMMITTER_DATE": "2026-11-13T12:00",
    }
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-qm", "W46"]):
        subprocess.run([*run, *command], check=True, env=dated)
    text = week.read_text("utf-8")
    week.write_text(text.replace("확산 모델의 시작.", "확산 모델의 시작. It is refuted."), "utf-8")
    main(["review", "--since", "2026-W47", "--to", "letter.html", "--text"])
    changed = read(asked / "letter.html").xpath("//div[@class='letter-summary']/section[last()]")
    assert changed[0].text_content().split() == (
        ["What", "changed", "1", "Noise", "2026-W46:", "It", "is", "refuted."]
    )
    lines = (asked / "letter.txt").read_text("utf-8").splitlines()
    assert "  - Noise (2026-W46): It is refuted." in lines
    assert "  [...]" not in lines and "  - Which seed? (2026-W47)" in lines


@pytest.mark.browser
def test_paper_shows_what_was_unfolded(asked: Path, browser: Any) -> None:
    main(["review", "--since", "2026-W46", "--to", "letter.html"])
    context = browser.new_context()
    page = context.new_page()
    page.goto((asked / "letter.html").as_uri())
    end = page.get_by_text("The very end.")
    assert not end.is_visible()
    page.emulate_media(media="print")
    assert page.get_by_text("It begins so.").first.is_visible() and not end.is_visible()
    page.emulate_media(media="screen")
    page.click("[data-all]")
    assert end.is_visible()
    page.emulate_media(media="print")
    assert end.is_visible() and not page.locator(".letter-excerpt").is_visible()
    context.close()


def test_a_letter_that_would_say_what_is_private_is_not_written(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newest = journal / "journal/2026/2026-W47.ipynb"
    newest.write_text(
        newest.read_text("utf-8").replace("## A net", "## A net {. private}"), "utf-8"
    )
    assert main(["review", "--since", "2026-11-12", "--to", "letter.html", "--text"]) == 1
    assert "would say what is private" in capsys.readouterr().err
    assert not list(journal.glob("letter*"))


def test_a_letter_needs_no_site(journal: Path) -> None:
    assert main(["review", "--since", "2026-11-12", "--to", "letter.html"]) == 0
    assert not list((journal / ".weeknotes").rglob("index.html"))
