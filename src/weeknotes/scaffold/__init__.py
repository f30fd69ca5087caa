"""Starting a journal: `init` writes the files of a new one.

They are package data beside this module: the configuration, the template of a week in each language,
the scripts that Quarto calls, and the workflows. No file that exists is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

from weeknotes import files
from weeknotes.actions.templates import fill_yaml
from weeknotes.errors import UsageError
from weeknotes.journal.project import CONFIG_NAMES
from weeknotes.scaffold import git_setup
from weeknotes.scaffold.requirement import WHEELS, requirement

REQUIREMENTS = "requirements.txt"
_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Scaffolded:
    """The files of a new journal: those that were written, and those that stood there already and
    are as they were."""

    created: tuple[Path, ...]
    kept: tuple[Path, ...]


def init(
    folder: Path, *, title: str = "Weeknotes", author: str = "", lang: str = "en"
) -> Scaffolded:
    """Make an empty journal in ``folder``, ready for ``weeknotes new`` and for ``quarto render``.

    ``lang`` is the BCP 47 tag of its main language; the README and the template are in it where it is
    English, Korean or Chinese, and in English otherwise. No file that exists is changed. Raises
    UsageError for a ``lang`` that is none or a ``folder`` that is a file; OSError.
    """
    if not _LANG.fullmatch(lang):
        raise UsageError(
            f"not a language: {lang!r}", hint="Write it as in: en, ko, zh, zh-Hant, pt-BR."
        )
    for part in (folder, *folder.parents):
        if part.exists() and not part.is_dir():
            raise UsageError(f"{part} is a file", hint="Name a folder, new or there already.")
    created: list[Path] = []
    kept: list[Path] = []
    for name, data in _contents(title, author, lang):
        path = folder / name
        if name in CONFIG_NAMES:
            there = [folder / other for other in CONFIG_NAMES if (folder / other).exists()]
            if there:
                kept.append(there[0])
                continue
        if name.startswith(f"{WHEELS}/") and not _is_named(name, folder / REQUIREMENTS):
            continue
        if not files.create(path, data):
            kept.append(path)
            continue
        created.append(path)
        if data.startswith(b"#!"):
            path.chmod(path.stat().st_mode | 0o111)
    return Scaffolded(tuple(created), tuple(kept))


def _contents(title: str, author: str, lang: str) -> Iterator[tuple[str, bytes]]:
    """The files of a journal by their paths from its folder."""
    here = package_files(__name__)
    language = lang.lower().partition("-")[0]
    tongue = language if language in ("ko", "zh") else "en"
    values = {"title": " ".join(title.split()), "author": " ".join(author.split()), "lang": lang}

    config = (here / "_quarto.yml").read_text("utf-8")
    yield "_quarto.yml", fill_yaml(config, values).encode("utf-8", "replace")
    template = (here / "templates" / f"weekly.{tongue}.ipynb").read_bytes()
    yield "notebooks/weekly.ipynb", template
    yield "notebooks/digest.ipynb", (here / "templates" / "digest.ipynb").read_bytes()
    for script in sorted((here / "scripts").iterdir(), key=lambda entry: entry.name):
        yield f"scripts/{script.name.removesuffix('.txt')}", script.read_bytes()
    yield "references.json", b"[]\n"
    yield "references.bib", _empty_bibliography()
    readme = (here / "readme" / f"{tongue}.md").read_text("utf-8")
    yield (
        "README.md",
        readme.replace("{{title}}", _plain_markdown(values["title"])).encode("utf-8", "replace"),
    )
    yield ".pre-commit-config.yaml", (here / "pre-commit-config.yml").read_bytes()
    yield ".github/workflows/publish.yml", (here / "publish.yml").read_bytes()
    yield ".github/workflows/digest.yml", (here / "digest.yml").read_bytes()
    yield ".github/workflows/review.yml", (here / "review.yml").read_bytes()
    wanted = requirement()
    yield REQUIREMENTS, wanted.text.encode()
    if wanted.wheel:
        yield wanted.wheel
    yield ".gitattributes", "".join(f"{line}\n" for line in git_setup.ATTRIBUTES).encode()
    yield ".gitignore", "".join(f"{line}\n" for line in git_setup.IGNORED).encode()
    engines = package_files("weeknotes.engines")
    yield "scripts/private.lua", (engines / "lua" / "private.lua").read_bytes()
    yield "assets/author-date.csl", (engines / "author-date.csl").read_bytes()
    # Git keeps no empty folders.
    yield "journal/.gitkeep", b""
    yield "assets/images/.gitkeep", b""


def _is_named(wheel: str, requirements: Path) -> bool:
    """Whether the journal installs Weeknotes from ``wheel``: its requirements may be older."""
    return wheel.encode() in requirements.read_bytes()


def _empty_bibliography() -> bytes:
    from weeknotes.library.bibtex import render, source_hash
    from weeknotes.library.store import Library

    return render([], source_hash(Library().dump()))


def _plain_markdown(text: str) -> str:
    """``text`` so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$@^&!])", r"\\\1", text)
