"""The site changes from whole to whole, and nothing that isn't a site is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from weeknotes.errors import RenderError
from weeknotes.site import publish


def fill(folder: Path, text: str) -> None:
    (folder / "index.html").write_text(text)


def test_a_new_site_appears_with_its_marker(tmp_path: Path) -> None:
    output = tmp_path / "_site"
    with publish.staged(output) as staging:
        fill(staging, "one")
        assert not output.exists()
    assert (output / "index.html").read_text() == "one"
    assert (output / publish.MARKER).exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["_site"]


def test_the_last_site_stays_when_the_next_fails(tmp_path: Path) -> None:
    output = tmp_path / "_site"
    with publish.staged(output) as staging:
        fill(staging, "good")
    with pytest.raises(ZeroDivisionError), publish.staged(output) as staging:
        fill(staging, "half")
        raise ZeroDivisionError
    assert (output / "index.html").read_text() == "good"
    assert [entry.name for entry in tmp_path.iterdir()] == ["_site"]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_what_the_next_site_lacks_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(publish, "exchange", lambda one, other: False)
    output = tmp_path / "_site"
    with publish.staged(output) as staging:
        fill(staging, "one")
        (staging / "old.html").write_text("old")
    with publish.staged(output) as staging:
        fill(staging, "two")
    assert (output / "index.html").read_text() == "two"
    assert not (output / "old.html").exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["_site"]


def test_a_replacement_cut_between_its_renames_is_undone(tmp_path: Path) -> None:
    output = tmp_path / "_site"
    with publish.staged(output) as staging:
        fill(staging, "good")
    output.rename(tmp_path / "._site.old")
    publish.recover(output)
    assert (output / "index.html").read_text() == "good"


def test_a_folder_of_somebody_elses_is_not_replaced(tmp_path: Path) -> None:
    output = tmp_path / "Documents"
    output.mkdir()
    (output / "thesis.tex").write_text("years of work")
    with pytest.raises(RenderError, match="no site of Weeknotes"), publish.staged(output):
        pass
    assert (output / "thesis.tex").read_text() == "years of work"


def test_a_site_that_quarto_wrote_may_be_replaced(tmp_path: Path) -> None:
    output = tmp_path / "_site"
    (output / "site_libs").mkdir(parents=True)
    publish.refuse_foreign(output)


def test_documents_that_quarto_made_of_the_pages_may_be_replaced(tmp_path: Path) -> None:
    output = tmp_path / "_site"
    for path in (tmp_path / "journal/2026-W46.qmd", output / "journal/2026-W46.docx"):
        path.parent.mkdir(parents=True)
        path.write_text("x")
    with pytest.raises(RenderError):
        publish.refuse_foreign(output)
    (tmp_path / "_quarto.yml").write_text("project:\n  type: website\n")
    publish.refuse_foreign(output)
    (output / "journal/thesis.docx").write_text("years of work")
    with pytest.raises(RenderError):
        publish.refuse_foreign(output)


def test_the_site_that_was_replaced_waits_for_the_next_build(tmp_path: Path) -> None:
    output, spare = tmp_path / "_site", tmp_path / "kept" / "spare"
    with publish.staged(output, spare) as staging:
        fill(staging, "one")
    assert not spare.exists()
    with publish.staged(output, spare) as staging:
        assert list(staging.iterdir()) == []
        fill(staging, "two")
    with publish.staged(output, spare) as staging:
        assert (staging / "index.html").read_text() == "one"
    assert (spare / "index.html").read_text() == "two"


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_spare_site_is_the_next_one_after_a_failure_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(publish, "exchange", lambda one, other: False)
    output, spare = tmp_path / "_site", tmp_path / "spare"
    for text in ("one", "two"):
        with publish.staged(output, spare) as staging:
            fill(staging, text)
    with pytest.raises(ZeroDivisionError), publish.staged(output, spare):
        raise ZeroDivisionError
    assert (output / "index.html").read_text() == "two"
    assert not spare.exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["_site"]
