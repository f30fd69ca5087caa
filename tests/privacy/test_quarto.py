"""What Quarto gets to see: the filter of notebooks, and (with Quarto) the site that it makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.privacy.conftest import CHINESE, KOREAN, MARK, TEXT, cell, front, write
from tests.privacy.test_index import indexed
from tests.privacy.test_verify import everything

from weeknotes.engines.quarto_filter import FILTER, filtered, note_end, refresh_filter, withdraw
from weeknotes.journal import project as projects
from weeknotes.privacy.private_files import Whole
from weeknotes.site import build
from weeknotes.site.verify import LeakError, find_leaks

REPOSITORY = Path(__file__).parents[2]


def through_script(project: projects.Project, path: Path) -> str:
    done = subprocess.run(
        [sys.executable, project.root / FILTER],
        input=path.read_bytes(),
        cwd=path.parent,
        env={**os.environ, "WEEKNOTES_PYTHON": sys.executable},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_the_filter_cuts_what_is_private(secretive: projects.Project) -> None:
    path = secretive.journal / "2026" / "2026-W46.ipynb"
    said = through_script(secretive, path)
    assert said.isascii()
    text = json.dumps(json.loads(said), ensure_ascii=False)
    assert "It says what all may read here." in text
    for private in (MARK, TEXT, KOREAN, CHINESE):
        assert private not in text
    assert json.loads(text) == json.loads(filtered(secretive, path.read_bytes(), path.parent))


def sources(notebook: dict[str, Any]) -> list[str]:
    """The sources of its cells, which may be strings or lists of lines."""
    return ["".join(cell["source"]) for cell in notebook["cells"]]


@pytest.mark.parametrize("name", ["2026/2026-W45.ipynb", f"own/{MARK}.ipynb"])
def test_of_a_whole_private_notebook_nothing_is_left(
    secretive: projects.Project, name: str
) -> None:
    notebook = json.loads(through_script(secretive, secretive.journal / name))
    assert sources(notebook) == ["---\ntitle: Private\ndraft: true\n---"]


def test_the_filter_passes_on_what_is_not_private(journal: projects.Project) -> None:
    path = journal.journal / "a.ipynb"
    write(path, front("A", "2026-W46"), cell("markdown", "a", "공개"))
    passed, own = json.loads(through_script(journal, path)), json.loads(path.read_bytes())
    assert sources(passed) == sources(own)
    parameters = cell("code", "p", "x = 1", "parameters")
    write(path, front("A", "2026-W46"), parameters, cell("markdown", "a", "공개"))
    assert [c["id"] for c in json.loads(through_script(journal, path))["cells"]] == [
        "front-matter", "a",
    ]  # fmt: skip


def test_what_the_filter_cannot_read_stops_quarto(journal: projects.Project) -> None:
    for data in (b"private {", b'["private"]'):
        done = subprocess.run(
            [sys.executable, journal.root / FILTER],
            input=data, cwd=journal.journal, capture_output=True, check=False,
            env={**os.environ, "WEEKNOTES_PYTHON": sys.executable},
        )  # fmt: skip
        assert done.returncode
        assert not done.stdout


def test_included_files_that_are_private_as_a_whole(secretive: projects.Project) -> None:
    (secretive.journal / "_own.md").write_text(f"---\nprivate: true\n---\n{TEXT}")
    path = secretive.journal / "a.ipynb"
    include = "PUBLIC\n\n{{< include _own.md >}}\n\n{{< include _shared.md >}}"
    write(path, front("A", "2026-W46"), cell("markdown", "a", include))
    text = filtered(secretive, path.read_bytes(), path.parent).decode()
    assert "_own.md" not in text
    assert "_shared.md" in text


def test_quarto_filters_again_when_what_it_does_not_look_at_has_changed(
    secretive: projects.Project,
) -> None:
    script = secretive.root / FILTER
    for path in secretive.journal.rglob("*.ipynb"):
        os.utime(path, (1, 1))
    refresh_filter(secretive)
    assert not refresh_filter(secretive)
    before = script.stat().st_mtime
    (secretive.journal / "2026" / "_metadata.yml").write_text("private: true\n")
    assert refresh_filter(secretive)
    assert int(script.stat().st_mtime) > int(before)
    assert not refresh_filter(secretive)
    # Quarto counts modification times in seconds, and would not see this.
    path = secretive.journal / "2026" / "2026-W46.ipynb"
    os.utime(path, (time.time(), time.time()))
    assert refresh_filter(secretive)


def test_pages_of_earlier_builds_are_withdrawn(secretive: projects.Project) -> None:
    output = secretive.root / "_site"
    for name in ("2026-W45.html", "2026-W45_files/figure-html/a.png", "2026-W46.html"):
        path = output / "journal" / "2026" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    gone = withdraw(secretive, output, ["journal/2026/2026-W45.ipynb"])
    assert sorted(gone) == ["journal/2026/2026-W45.html", "journal/2026/2026-W45_files"]
    assert [p.name for p in output.rglob("*") if p.is_file()] == ["2026-W46.html"]


def written_by_quarto(project: projects.Project, name: str, words: str) -> Path:
    path = project.output_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<!DOCTYPE html><html><head><meta name="generator" content="quarto-1.7.34"></head><body>'
        f'<main><h1 class="title">Week 46</h1><p>{words}</p></main></body></html>',
        "utf-8",
    )
    return path


def test_what_is_private_is_taken_out_even_where_nothing_can_be_composed(
    secretive: projects.Project,
) -> None:
    page = written_by_quarto(secretive, "journal/2026/2026-W46.html", TEXT)
    fine = written_by_quarto(secretive, "journal/2026/2026-W40.html", "What all may read.")
    secretive.library_path.write_text("{ no library", "utf-8")
    with pytest.raises(LeakError) as stopped:
        build.compose_quarto(secretive, secretive.output_dir, [page])
    assert "references.json" in str(stopped.value.__context__)
    assert not page.exists()
    assert fine.exists()


def test_a_private_word_in_the_index_takes_the_search_out(secretive: projects.Project) -> None:
    indexed(secretive.output_dir, f"so {MARK} it is")
    page = written_by_quarto(secretive, "journal/2026/2026-W46.html", "What all may read.")
    secretive.library_path.write_text("{ no library", "utf-8")
    with pytest.raises(LeakError, match="search/terms: a name"):
        build.compose_quarto(secretive, secretive.output_dir, [page])
    assert not (secretive.output_dir / "search" / "terms").exists()


def test_a_notebook_that_is_saved_while_quarto_works_is_named(
    secretive: projects.Project,
) -> None:
    refresh_filter(secretive)
    page = written_by_quarto(secretive, "journal/2026/2026-W46.html", "What all may read.")
    report = build.compose_quarto(secretive, secretive.output_dir, [page])
    assert not [said for said in report.warnings if "saved while" in said]
    page = written_by_quarto(secretive, "journal/2026/2026-W46.html", "What all may read.")
    path = secretive.journal / "2026" / "2026-W46.ipynb"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    report = build.compose_quarto(secretive, secretive.output_dir, [page])
    (said,) = [said for said in report.warnings if "saved while" in said]
    assert said.startswith("journal/2026/2026-W46.ipynb: ")


def test_a_notebook_saved_just_after_quarto_read_it_is_filtered_again(
    secretive: projects.Project,
) -> None:
    path = secretive.journal / "2026" / "2026-W46.ipynb"
    for other in secretive.journal.rglob("*.ipynb"):
        os.utime(other, (1, 1))
    memory = secretive.state / "quarto-filter.json"
    refresh_filter(secretive)
    begun = json.loads(memory.read_bytes())["time"]
    note_end(secretive)
    # As though Quarto had worked for a minute, and the notebook been saved within that.
    memory.write_text(json.dumps({**json.loads(memory.read_bytes()), "end": begun + 60}))
    os.utime(path, (begun + 30, begun + 30))
    assert refresh_filter(secretive)
    note_end(secretive)
    os.utime(path, (begun + 90, begun + 90))
    assert not refresh_filter(secretive)


@pytest.mark.parametrize(
    "junk", ["", "[]", "3", "{}", '{"time": null}', '{"time": 1.0, "end": []}']
)
def test_any_memory_is_borne(secretive: projects.Project, junk: str) -> None:
    memories = [secretive.state / "quarto-filter.json", secretive.state / "private-files.json"]
    build.render(secretive, engine="builtin")
    folder = secretive.state / "site" / "builtin"
    for memory in (*memories, *folder.glob("*.json")):
        memory.write_text(junk, "utf-8")
    refresh_filter(secretive)
    note_end(secretive)
    build.render(secretive, engine="builtin")
    assert MARK not in everything(secretive.output_dir)


@pytest.mark.parametrize(
    "known", [{"files": 3}, {"files": {"journal/2026/2026-W45.ipynb": []}},
              {"files": {"journal/2026/2026-W45.ipynb": [[1], {"private": []}, True]}}],
)  # fmt: skip
def test_any_memory_of_private_files_is_borne(
    secretive: projects.Project, known: dict[str, Any]
) -> None:
    memory = secretive.state / "private-files.json"
    Whole(secretive).among(["journal/2026/2026-W45.ipynb"])
    form = json.loads(memory.read_bytes())["format"]
    memory.write_text(json.dumps({"format": form, **known}), "utf-8")
    assert Whole(secretive).among(["journal/2026/2026-W45.ipynb"])


def test_a_new_journal_has_what_keeps_quarto_out(journal: projects.Project) -> None:
    engine = REPOSITORY / "src/weeknotes/engines/lua/private.lua"
    for root in (journal.root, REPOSITORY):
        assert (root / "scripts/private.lua").read_bytes() == engine.read_bytes()
        own = (REPOSITORY / FILTER).read_bytes()
        assert (root / FILTER).read_bytes() == own
        config = projects.load(root / "_quarto.yml").config
        assert config["ipynb-filters"] == [FILTER]
        assert config["filters"] == [{"at": "pre-ast", "path": "scripts/private.lua"}]


@pytest.mark.quarto
@pytest.mark.skipif(not shutil.which("quarto"), reason="needs the quarto command on PATH")
def test_quarto_alone_publishes_nothing_private(
    secretive: projects.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKNOTES_PYTHON", sys.executable)

    def render() -> None:
        subprocess.run(["quarto", "render"], cwd=secretive.root, check=True, capture_output=True)

    page = secretive.journal / "2026" / "2026-W43.qmd"
    page.write_text(
        f"---\ntitle: A page\n---\n\nPublic words.\n\n## {MARK} {{.private}}\n\n{TEXT}\n\n"
        f"![x](../../assets/images/{MARK}-section.png)\n\n## Open\n\nMore public words.\n",
        "utf-8",
    )
    config = secretive.config_path.read_text("utf-8")
    secretive.config_path.write_text(
        config.replace('/*.ipynb"', '/*.ipynb"\n    - "/journal/**/*.qmd"', 1),
        "utf-8",
    )
    render()
    fresh = projects.load(secretive.config_path)
    found = everything(fresh.output_dir)
    for public in ("It says what all may read here", "A shared public remark", "More public words"):
        assert public in found
    for private in (MARK, KOREAN[:12], CHINESE[:8], "secret2021", "xyzzy"):
        assert private not in found
    assert find_leaks(fresh, fresh.output_dir) == []
    (secretive.journal / "2026" / "_metadata.yml").write_text("private: true\n")
    render()
    assert "It says what all may read here" not in everything(fresh.output_dir)


@pytest.mark.quarto
@pytest.mark.skipif(not shutil.which("quarto"), reason="needs the quarto command on PATH")
def test_what_the_filters_let_through_is_taken_out_again(
    secretive: projects.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKNOTES_PYTHON", sys.executable)
    config = secretive.config_path.read_text("utf-8")
    config = config.replace(f"ipynb-filters: [{FILTER}]", "").replace(
        "filters:\n  - at: pre-ast\n    path: scripts/private.lua\n", ""
    )
    secretive.config_path.write_text(config, "utf-8")
    done = subprocess.run(
        ["quarto", "render"], cwd=secretive.root, capture_output=True, check=False
    )
    assert done.returncode
    assert b"private" in done.stderr
    fresh = projects.load(secretive.config_path)
    assert TEXT not in everything(fresh.output_dir)
    assert find_leaks(fresh, fresh.output_dir) == []


def test_the_leak_error_says_where_and_not_what() -> None:
    from weeknotes.site.verify import Leak

    error = LeakError([Leak("x.html", "text", "journal/a.ipynb, cell 3, line 1")])
    assert "x.html: text of journal/a.ipynb, cell 3, line 1" in str(error)


def test_nothing_is_left_of_a_run_that_quarto_did_not_complete(journal: projects.Project) -> None:
    from weeknotes.engines.quarto_filter import last_begun, note_end, withdraw_unfinished

    output = journal.output_dir
    output.mkdir(parents=True, exist_ok=True)
    old = output / "old.html"
    old.write_text("composed before")
    time.sleep(1.2)
    refresh_filter(journal)
    (output / "raw.html").write_text("as Quarto wrote it")
    assert withdraw_unfinished(journal, output, last_begun(journal)) == ["raw.html"]
    assert old.exists()
    refresh_filter(journal)
    (output / "raw.html").write_text("composed")
    assert withdraw_unfinished(journal, output, last_begun(journal) - 9) == [], "a later run's"
    note_end(journal)
    assert withdraw_unfinished(journal, output, last_begun(journal)) == []
