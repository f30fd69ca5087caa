from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.actions.create import new_week
from weeknotes.actions.templates import fill_yaml
from weeknotes.errors import UsageError
from weeknotes.journal import notebooks, project
from weeknotes.journal.weeks import Week
from weeknotes.library.store import Library
from weeknotes.scaffold import init

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = REPOSITORY / "src" / "weeknotes" / "scaffold"


def test_a_new_journal_has_all_that_it_needs(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "journal"
    done = init(folder, title="Lab notes", author="Kim Minji", lang="en")
    names = {path.relative_to(folder).as_posix() for path in done.created}
    assert names >= {
        "_quarto.yml",
        "README.md",
        ".gitignore",
        "references.json",
        "references.bib",
        "notebooks/weekly.ipynb",
        "notebooks/digest.ipynb",
        ".github/workflows/digest.yml",
        ".github/workflows/review.yml",
        ".gitattributes",
        "scripts/pre_render.py",
        "scripts/post_render.py",
        "journal/.gitkeep",
        "assets/images/.gitkeep",
    }
    assert all(path.is_file() for path in done.created)
    made = project.find(folder)
    assert (made.title, made.author, made.lang) == ("Lab notes", "Kim Minji", "en")
    assert Library.load(made.library_path).entries == {}
    assert not new_week(made, Week(2026, 47), execute=False).existed
    for name in ("pre_render", "post_render"):
        assert os.access(folder / "scripts" / f"{name}.py", os.X_OK)


def test_nothing_that_is_there_is_changed(tmp_path: Path) -> None:
    init(tmp_path, title="First")
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / ".gitignore").unlink()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = init(tmp_path, title="Second")
    assert done.created == (tmp_path / ".gitignore",)
    assert set(done.kept) == set(before)
    assert {path: path.read_bytes() for path in before} == before


def test_the_other_name_of_the_configuration_counts(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yaml").write_text("title: mine\n")
    done = init(tmp_path)
    assert tmp_path / "_quarto.yaml" in done.kept
    assert not (tmp_path / "_quarto.yml").exists()


@pytest.mark.parametrize(
    ("lang", "says", "heading"),
    [
        ("en", "A research journal", "## Tasks"),
        ("ko", "연구 일지", "## 할 일"),
        ("zh-Hant-TW", "研究日志", "## 待办"),
        ("pt-BR", "A research journal", "## Tasks"),
    ],
)
def test_readme_and_template_in_the_journals_language(
    tmp_path: Path, lang: str, says: str, heading: str
) -> None:
    init(tmp_path, title="A *b* <c>", lang=lang)
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert readme.startswith("# A \\*b\\* \\<c\\>\n")
    assert says in readme
    made = project.find(tmp_path)
    assert made.lang == lang
    notebook = notebooks.read(new_week(made, Week(2026, 47), execute=False).path)
    tasks = notebook.find("tasks")
    assert tasks is not None
    assert tasks.source.startswith(heading)
    assert notebook.front_matter["lang"] == lang


@pytest.mark.parametrize("lang", ["", "한국어", "en_US", "en: x", "e"])
def test_a_language_that_is_none(tmp_path: Path, lang: str) -> None:
    with pytest.raises(UsageError, match="not a language"):
        init(tmp_path / "j", lang=lang)
    assert not (tmp_path / "j").exists()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "journal"):
        with pytest.raises(UsageError, match="is a file"):
            init(folder)


@given(st.text(min_size=1), st.text())
def test_any_title_and_author_stay_what_they_are(title: str, author: str) -> None:
    text = (DATA / "_quarto.yml").read_text("utf-8")
    filled = fill_yaml(text, {"title": title, "author": author, "lang": "no"})
    config = yaml.safe_load(filled)
    assert config["website"] == {"title": title, "search": False}
    assert config.get("author", "") == author
    assert config["lang"] == "no"


def test_the_scaffold_is_what_this_repository_uses_itself() -> None:
    assert (DATA / "templates" / "weekly.en.ipynb").read_bytes() == (
        REPOSITORY / "notebooks" / "weekly.ipynb"
    ).read_bytes()
    assert (DATA / "templates" / "digest.ipynb").read_bytes() == (
        REPOSITORY / "notebooks" / "digest.ipynb"
    ).read_bytes()
    for script in (DATA / "scripts").iterdir():
        own = REPOSITORY / "scripts" / script.name.removesuffix(".txt")
        assert script.read_bytes() == own.read_bytes(), script.name
    own_config = yaml.safe_load((REPOSITORY / "_quarto.yml").read_text("utf-8"))
    new_config = yaml.safe_load((DATA / "_quarto.yml").read_text("utf-8"))
    for key in ("project", "format", "bibliography", "link-citations"):
        assert new_config[key] == own_config[key], key


def test_the_templates_differ_in_their_language_alone() -> None:
    def code(lang: str) -> list[tuple[str, str, tuple[str, ...]]]:
        cells = notebooks.read(DATA / "templates" / f"weekly.{lang}.ipynb").cells
        shown = [(c.id, c.kind, c.tags, c.source) for c in cells]
        return [
            (name, kind, tags, source if kind == "code" and name != "parameters" else "")
            for name, kind, tags, source in shown
        ]

    assert code("ko") == code("zh") == code("en")


def test_a_template_as_jupyter_would_save_it() -> None:
    for path in (DATA / "templates").iterdir():
        text = path.read_text("utf-8")
        again = json.dumps(json.loads(text), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        assert again == text


@pytest.mark.kernel
def test_the_template_runs_as_it_is(tmp_path: Path) -> None:
    """Its author opens it in JupyterLab and runs it there, without Weeknotes giving it anything."""
    from weeknotes.actions import kernels

    path = REPOSITORY / "notebooks" / "weekly.ipynb"
    made = kernels.run(json.loads(path.read_text("utf-8")), {}, file="weekly.ipynb", cwd=tmp_path)
    (output,) = made["cells"][2]["outputs"]
    assert "Nothing was added" in "".join(output["data"]["text/plain"])


def test_the_package_carries_the_scaffold() -> None:
    code = (
        "from importlib.resources import files\n"
        "print(*sorted(p.name for p in (files('weeknotes.scaffold') / 'templates').iterdir()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = ("day", "experiment", "meeting", "note", "paper", "weekly")
    wanted = {f"{name}.{lang}.ipynb" for name in names for lang in ("en", "ko", "zh")}
    assert set(done.stdout.split()) == {"digest.ipynb", *wanted}
