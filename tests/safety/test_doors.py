"""The corpus through the other doors: importers, BibTeX, `add`, file names, terminal, address bar and
the review."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pypandoc
import pytest
from tests.build.conftest import LIBRARY, PIXEL, write_week
from tests.safety.conftest import entry_of, make_site, plain
from tests.safety.corpus import CASES
from tests.safety.inspection import Visit, assert_inert, problems_of

from weeknotes import cli, importers
from weeknotes.journal import project as projects
from weeknotes.journal.project import Project
from weeknotes.library import bibtex
from weeknotes.library.store import Library
from weeknotes.site import build

# What a terminal would obey, or what would turn the order of the words.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
FRAMES = {
    "worklog": "# 2026\n\n## 2026-11-09 ~ 2026-11-15\n\n{}\n",
    "blog": "---\ntitle: A post\ndate: 2026-11-10\n---\n\n{}\n",
    "insights": "# Insights\n\n## 2026-11\n\n{}\n",
    "votes": "# Papers\n\n## Title\n\n👍 3\n\n{}\n",
    "arxiv-table": "# Updated on 2026.11.10\n\n|Publish Date|Title|Authors|PDF|Code|\n"
    "|---|---|---|---|---|\n|**2026-11-09**|**A**|B|[2611.00001](http://arxiv.org/abs/2611.00001)|"
    "null|\n\n{}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FRAMES)
def test_imported_pages_run_nothing(
    journal: Project, tmp_path: Path, form: str, engine: str
) -> None:
    """A file of each case, so that none hides another; for Quarto, which is slow, of a few."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    cases = CASES[list(FRAMES).index(form) :: len(FRAMES)]
    together = 1 if engine == "builtin" else 8
    for first in range(0, len(cases), together):
        texts = [plain(case.text) for case in cases[first : first + together]]
        parts = [f"{text}\n\n### {' '.join(text.split())}\n\n- {text}" for text in texts]
        written = FRAMES[form].replace("{}", "\n\n".join(parts))
        (folder / f"{first}.md").write_text(written, "utf-8")
    report = importers.run(journal, [folder], format=form, merge=True)
    assert len(report.sources) + len(report.failed) == len(list(folder.iterdir()))
    make_site(projects.load(journal.config_path), engine)
    assert_inert(journal.output_dir)
    assert not list(tmp_path.rglob("pwned"))


def test_bibtex_holds_the_entries_and_no_more() -> None:
    """Through pandoc: as many entries as there were, under their keys, and no file is read."""
    entries = [entry_of(case) for case in CASES]
    text = bibtex.render(entries).decode("utf-8")
    back = json.loads(pypandoc.convert_text(text, "csljson", "biblatex", extra_args=["--sandbox"]))
    assert sorted(entry["id"] for entry in back) == sorted(entry["id"] for entry in entries)
    assert Path("/etc/passwd").read_text().splitlines()[0] not in json.dumps(back)


def test_hostile_entries_are_added_and_printed_inert(
    journal: Project,
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(journal.root)
    entries = [entry_of(case) for case in CASES]
    Path("all.json").write_text(json.dumps(entries), "utf-8")
    Path("all.bib").write_bytes(bibtex.render(entries))
    write_week(journal.root, "2026-W47", "## Mine")
    assert cli.main(["add", "all.json", "--week", "2026-W47"]) == 0
    # A title of blanks or of signs that BibTeX has no words for is none: those entries are named.
    assert cli.main(["add", "all.bib", "--week", "2026-W47"]) == 1
    said = capfd.readouterr()
    refused = re.findall(r"Not added: all\.bib: an entry (\w+) has no title", said.out + said.err)
    assert 0 < len(refused) < 10
    assert "Added @case1:" in said.out
    assert OBEYED.findall(said.out + said.err) == []
    assert len(Library.load(journal.library_path).entries) >= len(CASES) * 0.9
    make_site(projects.load(journal.config_path), engine)
    assert_inert(journal.output_dir)


# A text that marks something as private would keep the site from being put in place.
NAMES = [
    case
    for case in CASES
    if 0 < len(plain(case.text).encode()) < 200 and "private" not in case.text
]


@pytest.mark.invalid_notebooks
def test_file_names(
    journal: Project,
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Of notebooks, pictures and what is looked at or imported; one more is no UTF-8. Quarto, which is
    slow, gets those that its own syntax or a file system could stumble over, and a few of the rest."""
    monkeypatch.chdir(journal.root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(journal.root.parent / "cache"))
    folder = journal.journal / "names"
    folder.mkdir()
    for case in NAMES:
        if engine == "quarto" and case.group not in ("syntax", "characters") and case.number % 8:
            continue
        if engine == "quarto" and len(quote(plain(case.text))) > 200:
            continue  # It looks for the file under its encoded name, which must not be too long.
        name = plain(case.text).replace("/", "∕").replace("\0", "")
        source = write_week(journal.root, "2026-W47", f"## A note\n\n![x](<{name}.svg>)")
        source.rename(folder / f"{case.number}{name}.ipynb")
        (folder / f"{name}.svg").write_bytes(PIXEL)
    for words in (["check"], ["render", "--engine", engine], ["import", "\x1b[2J\udcff.md"]):
        assert cli.main(words) in (0, 1)
    said = capfd.readouterr()
    assert "Traceback" not in said.err
    assert OBEYED.findall(said.out + said.err) == []
    assert_inert(journal.output_dir)
    assert len(list(journal.output_dir.glob("journal/names/*.html"))) > 40


@pytest.mark.browser
@pytest.mark.slow
def test_the_address_bar(journal: Project, browser: Any) -> None:
    """Every case that a reader could type, as search words and as an anchor; nothing runs, without
    the policy either."""
    journal.library_path.write_text(json.dumps(LIBRARY), "utf-8")
    write_week(journal.root, "2026-W47", "## A note [@ho2020denoising]\n\ntext")
    build.render(projects.load(journal.config_path), engine="builtin")
    names = ("index.html", "papers.html", "journal/2026/2026-W47.html")
    typed = ("handler", "address", "markup", "syntax", "characters")
    texts = [quote(plain(case.text)[:300]) for case in CASES if case.group in typed]
    addresses = [f"{names[n % 3]}?q={text}#{text}" for n, text in enumerate(texts)]
    visit = Visit(browser, journal.output_dir, policy=False)
    for number, page in enumerate(visit.pages(addresses)):
        if number % 10 == 0:
            page.wait_for_timeout(100)
    assert (visit.started, visit.asked, visit.failed) == ([], [], [])


@pytest.mark.parametrize("hostile", ["builtin"], indirect=True)
def test_the_review_of_hostile_pages(hostile: projects.Project) -> None:
    from lxml import html

    from weeknotes.actions.review import compose
    from weeknotes.journal.weeks import Week
    from weeknotes.site.data.site_view import BuiltSite
    from weeknotes.site.store.state import PageStore

    site = BuiltSite(hostile, "builtin", PageStore.load(hostile.state / "site" / "builtin"))
    pages = [page for page in site.pages if "hostile" in page.href]
    assert len(pages) > 150
    letter = compose(site, pages, Week(2026, 47).start)
    document = html.fromstring(letter, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    # The one script is ours: it keeps remarks, and the policy allows it by its hash and nothing else.
    (script,) = document.xpath("//script")
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert f"script-src 'sha256-{digest}';" in policy
    script.drop_tree()
    assert problems_of(document) == []


def test_the_review_holds_nothing_private(
    journal: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from weeknotes.actions import review
    from weeknotes.journal.weeks import Week
    from weeknotes.site.verify import find_leaks

    journal.library_path.write_text(json.dumps(LIBRARY), "utf-8")
    write_week(
        journal.root,
        "2026-W47",
        "## A note [@ho2020denoising]\n\nWhat everybody may read.",
        "## Doubts about the quarterly figures {.private}\n\nThe reviewer forgot the control group "
        "[@ronneberger2015unet].",
    )
    monkeypatch.setattr(review, "_print", lambda page: None)
    target = tmp_path / "letter" / "review.html"
    project = projects.load(journal.config_path)
    review.write_review(project, Week(2026, 47).start, target)
    assert "What everybody may read" in target.read_text("utf-8")
    assert find_leaks(project, target.parent) == []
    assert "control group" not in target.read_text("utf-8")
    target.write_text(target.read_text("utf-8") + "the reviewer forgot the control group", "utf-8")
    assert find_leaks(project, target.parent)
