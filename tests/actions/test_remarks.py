"""Remarks on a letter: kept as they are typed, given back, and put under their notes once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from weeknotes.cli import main
from weeknotes.journal import cell_edit, notebooks
from weeknotes.scaffold import init

NOTEBOOK = "journal/2026/2026-W47.ipynb"
CELLS = {
    "one": "## Noise\n\n확산 모델의 시작.",
    "two": "More on noise.\n\n```\n# no heading\n```",
    "three": "## A net\n\nText.\n\n## Shared\n\nIn one cell.",
}


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "journal"
    init(root, title="Reading log", author="Kim Minji", lang="en")
    matter = "---\ntitle: A week\nweek: 2026-W47\nlang: en\n---"
    cells = [cell_edit.new_cell("raw", matter, id="front-matter")]
    cells += [cell_edit.new_cell("markdown", text, id=id) for id, text in CELLS.items()]
    path = root / NOTEBOOK
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {})))
    monkeypatch.chdir(root)
    return root


def sources(root: Path) -> list[tuple[str, str]]:
    return [(c.id, c.source) for c in notebooks.read(root / NOTEBOOK, NOTEBOOK).cells]


def remarks_file(root: Path, *remarks: dict[str, str], by: str = "Prof. Park") -> str:
    data = {"format": "weeknotes-remarks", "by": by, "date": "2026-11-30", "remarks": [*remarks]}
    (root / "remarks.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return "remarks.json"


ON_NOISE = {"note": f"{NOTEBOOK}#noise", "title": "Noise", "text": "왜 선형인가?\nTry *cosine*."}


def test_a_remark_comes_under_its_note_once(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sources(journal)
    assert main(["remarks", remarks_file(journal, ON_NOISE)]) == 0
    once = (journal / NOTEBOOK).read_bytes()
    cells = sources(journal)
    assert [text for _, text in cells[:3]] == [text for _, text in before[:3]]
    assert cells[3][1] == (
        "> 왜 선형인가?\\\n> Try \\*cosine\\*.\n>\n> [Prof. Park, 30 November 2026]{.remark-by}"
    )
    assert cells[4:] == before[3:]
    assert main(["remarks", "remarks.json"]) == 0
    assert (journal / NOTEBOOK).read_bytes() == once
    assert "is there already" in capsys.readouterr().out


def test_nothing_in_a_remark_is_obeyed(journal: Path) -> None:
    hostile = {
        **ON_NOISE,
        "text": "<script>x</script> [@ho2020] {{< env HOME >}}\n\n::: {.note}\n# H",
    }
    assert main(["remarks", remarks_file(journal, hostile)]) == 0
    assert main(["render", "--engine", "builtin"]) == 0
    page = (journal / "_site/journal/2026/2026-W47.html").read_text("utf-8")
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "[@ho2020]" in page and "::: {.note}" in page and "# H" in page


def test_a_note_in_a_shared_cell_is_split_on_request(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remark = {"note": f"{NOTEBOOK}#a-net", "title": "A net", "text": "Good."}
    before = (journal / NOTEBOOK).read_bytes()
    assert main(["remarks", remarks_file(journal, remark)]) == 1
    told = capsys.readouterr().out
    assert "cell 4" in told and "--split" in told and "Good." in told
    assert (journal / NOTEBOOK).read_bytes() == before
    assert main(["remarks", "remarks.json", "--split"]) == 0
    texts = [text for _, text in sources(journal)]
    assert texts[3] == "## A net\n\nText."
    assert texts[4].startswith("> Good.")
    assert texts[5] == "## Shared\n\nIn one cell."


def test_the_text_of_a_mail_is_read(journal: Path) -> None:
    mail = (
        "Hello Minji,\r\n\r\nBy: Prof. Park\r\nDate: 2026-11-29\r\n\r\n"
        f"[{NOTEBOOK}#noise] Noise\r\nWhy linear?\r\n\r\n-- \r\nPark\r\n"
    )
    (journal / "mail.txt").write_bytes(mail.encode())
    assert main(["remarks", "mail.txt"]) == 0
    assert (
        sources(journal)[3][1] == "> Why linear?\n>\n> [Prof. Park, 29 November 2026]{.remark-by}"
    )


@pytest.mark.parametrize(
    "text", ["", "{}", "{", "<html><body>Nothing</body></html>", "Dear Minji, well done."]
)
def test_a_file_without_remarks_is_named(
    journal: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (journal / "x.txt").write_text(text)
    assert main(["remarks", "x.txt"]) == 2
    assert "x.txt" in capsys.readouterr().err


@pytest.mark.parametrize("note", ["../outside.ipynb#noise", "/etc/passwd#x", "_quarto.yml#x", "#"])
def test_nothing_outside_of_the_journal_is_written(
    journal: Path, note: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (journal.parent / "outside.ipynb").write_bytes((journal / NOTEBOOK).read_bytes())
    before = (journal.parent / "outside.ipynb").read_bytes()
    assert main(["remarks", remarks_file(journal, {**ON_NOISE, "note": note})]) == 1
    assert (journal.parent / "outside.ipynb").read_bytes() == before
    assert "왜 선형인가?" in capsys.readouterr().out


@pytest.mark.browser
def test_what_is_typed_survives_a_reload_and_comes_back(journal: Path, browser: Any) -> None:
    assert main(["review", "--since", "2026-W47", "--to", "letter.html"]) == 0
    context = browser.new_context(accept_downloads=True)
    try:
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        page.goto((journal / "letter.html").as_uri())
        page.fill("[data-by]", "Prof. Park")
        room = page.get_by_role("textbox", name="Remarks: Noise")
        room.click()
        page.keyboard.type("Why linear?")
        page.reload()
        assert page.get_by_role("textbox", name="Remarks: Noise").inner_text() == "Why linear?"
        assert page.input_value("[data-by]") == "Prof. Park"
        with page.expect_download() as download:
            page.get_by_role("button", name="Save remarks as a file").click()
        download.value.save_as(journal / "back.json")
        assert complaints == []
    finally:
        context.close()
    assert main(["remarks", "back.json"]) == 0
    assert any("> Why linear?" in text for _, text in sources(journal))
