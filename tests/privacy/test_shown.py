"""The site that shows what is private: all of it, marked, and apart from the public one."""

from __future__ import annotations

from dataclasses import replace

from lxml import html
from tests.privacy.conftest import CHINESE, KOREAN, MARK, TEXT
from tests.privacy.test_verify import everything

from weeknotes import project as projects
from weeknotes.site import build


def test_everything_is_shown_and_marked(secretive: projects.Project) -> None:
    public = build.render(secretive, engine="builtin").output
    shown = build.render(replace(secretive, shows_private=True), engine="builtin").output
    assert shown.is_relative_to(secretive.root / ".weeknotes")
    page = (shown / "journal/2026/2026-W46.html").read_text("utf-8")
    for words in (TEXT, KOREAN, CHINESE, MARK, "It says what all may read here"):
        assert words in page
    document = html.fromstring(page)
    marked = " ".join(e.text_content() for e in document.xpath('//*[contains(@class, "private")]'))
    for words in (TEXT, KOREAN, CHINESE):
        assert words in marked
    assert "It says what all may read here" not in marked
    assert (shown / "journal/2026/2026-W45.html").exists()
    assert (shown / f"journal/own/{MARK}.html").exists()
    assert MARK not in everything(public)
    again = build.render(secretive, engine="builtin")
    assert again.written == 0
