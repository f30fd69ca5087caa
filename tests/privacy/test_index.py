"""What the index of the search says is searched as the browser reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.privacy.conftest import CHINESE, KOREAN, MARK, TEXT, cell, front, write

from weeknotes.journal import project as projects
from weeknotes.site import build
from weeknotes.site.search import read_back
from weeknotes.site.search.postings import merge, page_postings, shard_lines
from weeknotes.site.verify import LeakError, find_leaks, refuse_leaks
from weeknotes.text.folding import fold

SHARDS = 16


def indexed(site: Path, *texts: str) -> None:
    """Put an index of ``texts`` in place of that of ``site``."""
    postings, _ = page_postings([[fold(text)] for text in texts])
    for number, lines in enumerate(shard_lines(merge([{}, postings]), SHARDS)):
        path = site / "search" / "terms" / "newest" / f"{number:03x}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"=2026\n{lines}", "utf-8")


@pytest.mark.parametrize(
    "text",
    ["The network predicts the noise, not the noise the network.", "a b a b a", TEXT,
     "손실 함수의 가중치를 버린 것이 GPU로 도움", "为什么要预测噪声？因为 loss 相同。"],
)  # fmt: skip
def test_an_index_read_back_gives_the_words(tmp_path: Path, text: str) -> None:
    indexed(tmp_path, "One before.", text)
    read = list(read_back.documents(read_back.pieces(tmp_path)["2026"]))
    letters = ["".join(c for c in fold(words) if c.isalnum()) for words in (*read, text)]
    assert letters[-1] in letters[:-1]


def test_the_words_of_the_corrections_are_read_back() -> None:
    assert list(read_back.words("0diffuse\n6ion\n3play\n0zeta")) == [
        "diffuse", "diffusion", "difplay", "zeta",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [MARK, TEXT[5:40], KOREAN[3:20], CHINESE[2:14], f"{MARK} section", "下個月我要離開這個實驗室"],
)
def test_private_words_in_the_index_stop_the_build(
    secretive: projects.Project, tmp_path: Path, text: str
) -> None:
    indexed(tmp_path / "site", "It says what all may read here.", f"so {text} it is")
    with pytest.raises(LeakError, match="search/terms: "):
        refuse_leaks(secretive, tmp_path / "site", tmp_path / "memory.json")
    with pytest.raises(LeakError):
        refuse_leaks(secretive, tmp_path / "site", tmp_path / "memory.json")


def test_a_private_word_among_the_corrections_stops_the_build(
    secretive: projects.Project, tmp_path: Path
) -> None:
    words = tmp_path / "site" / "search" / "words.txt"
    words.parent.mkdir(parents=True)
    words.write_text(f"0{MARK.casefold()[:8]}e\n8{MARK.casefold()[8:]}\n", "utf-8")
    with pytest.raises(LeakError, match=r"search/words\.txt: a name"):
        refuse_leaks(secretive, tmp_path / "site", tmp_path / "memory.json")


def test_a_built_index_is_fine_and_is_read_once(
    secretive: projects.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = "Überraschung beim 深度學習 und im naïve Bayes Modell von heute"
    week = secretive.journal / "2026" / "2026-W44.ipynb"
    note = cell("markdown", "b", public, "private")
    write(week, front("44", "2026-W44"), cell("markdown", "a", f"## Ü\n\n{public}"), note)
    site = build.render(secretive, engine="builtin").output
    memory = tmp_path / "memory.json"
    for text in (site / "search" / "terms").rglob("*.txt"):
        assert MARK.casefold() not in text.read_text("utf-8")
    assert find_leaks(secretive, site, memory) == []
    read = [
        words for lines in read_back.pieces(site).values() for words in read_back.documents(lines)
    ]
    assert "bayes" in " ".join(read)
    week.unlink()
    site = build.render(secretive, engine="builtin").output
    find_leaks(secretive, site, memory)
    monkeypatch.setattr(read_back, "documents", lambda lines: pytest.fail("read again"))
    assert find_leaks(secretive, site, memory) == []
