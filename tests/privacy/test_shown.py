"""The site that shows what is private: all of it, marked, and apart from the public one."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import replace
from functools import partial

from lxml import html
from tests.privacy.conftest import CHINESE, KOREAN, MARK, TEXT
from tests.privacy.test_verify import everything

from weeknotes.journal import project as projects
from weeknotes.site import build
from weeknotes.site.serve import serve


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


def test_pages_that_are_private_as_a_whole_say_so(secretive: projects.Project) -> None:
    public = build.render(secretive, engine="builtin").output
    shown = build.render(replace(secretive, shows_private=True), engine="builtin").output
    whole = html.parse(shown / "journal/2026/2026-W45.html")
    (note,) = whole.xpath('//main/*[@role="note"]')
    assert note.text_content() == "This page is private and is not published."
    assert whole.xpath('//meta[@name="robots"]/@content') == ["noindex, nofollow"]
    draft = html.parse(shown / f"journal/own/{MARK}.html")
    assert "draft" in draft.xpath('string(//main/*[@role="note"])')
    partly = html.parse(shown / "journal/2026/2026-W46.html")
    assert partly.xpath('string(//main/*[@role="note"])') == (
        "Includes private content; shown on this machine only."
    )
    # Wherever such a page is led to, or stands, it is marked; the others aren't.
    for name in ("index.html", "weeks.html", "weeks-1.html"):
        for page in (path for path in [shown / name] if path.exists()):
            for link in html.parse(page).iter("a", "details"):
                address = link.get("href") or link.get("data-fold") or ""
                marked = {"2026-W45.html": "private", f"{MARK}.html": "draft"}
                kind = marked.get(address.partition("#")[0].rpartition("/")[2])
                assert link.get("data-private") == kind, address
    assert "data-private" in (shown / "index.html").read_text("utf-8")
    neighbour = partly.xpath('//a[@rel="prev"]')[0]
    assert neighbour.get("data-private") == "private"
    found = everything(public)
    assert 'role="note"' not in found
    assert "data-private=" not in found
    assert 'name="robots"' not in found


def test_a_repository_never_takes_up_what_is_served(secretive: projects.Project) -> None:
    stop = threading.Event()
    stop.set()
    serve(replace(secretive, shows_private=True), port=0, say=lambda _: None, stop=stop)
    (secretive.root / ".gitignore").unlink()
    git = partial(subprocess.run, cwd=secretive.root, check=True, capture_output=True, text=True)
    git(["git", "init", "-q"])
    git(["git", "add", "-A", "."])
    listed = git(["git", "ls-files"]).stdout
    assert "journal/2026/2026-W46.ipynb" in listed
    assert ".weeknotes/private" not in listed
