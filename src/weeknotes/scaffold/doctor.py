"""Looking at what Weeknotes works with: programs, fonts, the journal's hooks and settings.

Nothing is fetched; the only address that is tried is Zotero's on this machine, where the journal says
that it is there.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import metadata
from importlib.resources import files as package_files
from pathlib import Path

from weeknotes import __version__, files
from weeknotes.errors import WeeknotesError
from weeknotes.journal.project import Project
from weeknotes.library.store import Library
from weeknotes.scaffold import git_setup

GOOD, WARNING, BAD, ABSENT = "good", "warning", "bad", "absent"
OLDEST_PYTHON = (3, 11)
OLDEST_QUARTO = (1, 7)
_SECONDS = 20
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Diagnosis:
    """Something that was looked at: ``state`` is "good", "absent" (and not needed), "warning" or "bad";
    ``hint`` says what to do."""

    name: str
    state: str
    text: str
    hint: str = ""

    def to_dict(self) -> dict[str, str]:
        """The diagnosis as plain JSON values."""
        return asdict(self)


def examine(
    project: Project | None, environment: Mapping[str, str] | None = None
) -> list[Diagnosis]:
    """All that there is to look at, in order; of the journal too, unless ``project`` is None."""
    environment = os.environ if environment is None else environment
    found = [
        Diagnosis("Weeknotes", GOOD, f"{__version__} in {Path(__file__).parents[1]}"),
        _python(),
    ]
    found += [_pandoc(), _quarto(), *_other_programs(), *_fonts(project)]
    if project is not None:
        found += [*_library(project), *_zotero(project, environment)]
        found += [*_hooks(project), *_git(project), *_state(project)]
    return found


def outdated_hooks(project: Project) -> dict[Path, bytes]:
    """The journal's scripts that are not those of this version, with what they would be."""
    return {
        path: data
        for path, data in _shipped_hooks(project).items()
        if path.is_file() and _text(path.read_bytes()) != _text(data)
    }


def renew_hooks(project: Project) -> list[Path]:
    """Put the scripts of this version into ``scripts/``; what was there before is kept beside each as
    ``NAME.old``. Returns those that were written."""
    renewed = []
    for path, data in outdated_hooks(project).items():
        old = path.read_bytes()
        kept = path.with_name(path.name + ".old")
        number = 1
        while not files.create(kept, old) and kept.read_bytes() != old:
            number += 1
            kept = path.with_name(f"{path.name}.old{number}")
        if files.replace_unchanged(path, old, data):
            renewed.append(path)
    return renewed


def _shipped_hooks(project: Project) -> dict[Path, bytes]:
    here = package_files(__package__)
    folder = project.root / "scripts"
    found = {
        folder / entry.name.removesuffix(".txt"): entry.read_bytes()
        for entry in (here / "scripts").iterdir()
        if entry.name.endswith(".txt")
    }
    lua = package_files("weeknotes.engines") / "lua" / "private.lua"
    return {**found, folder / "private.lua": lua.read_bytes()}


def _text(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").rstrip()


def _python() -> Diagnosis:
    text = f"{platform.python_version()} in {sys.executable}"
    if sys.version_info < OLDEST_PYTHON:
        return Diagnosis("Python", BAD, text, "Weeknotes needs Python 3.11 or later.")
    return Diagnosis("Python", GOOD, text)


def _pandoc() -> Diagnosis:
    from weeknotes.text.pandoc import pandoc_path

    try:
        path = pandoc_path()
    except WeeknotesError as error:
        return Diagnosis("pandoc", BAD, error.message, error.hint or "")
    version = _version_of(path)
    if not version:
        return Diagnosis(
            "pandoc", BAD, f"{path} does not start", "Reinstall it: pip install pypandoc_binary"
        )
    return Diagnosis("pandoc", GOOD, f"{version} in {path}")


def _quarto() -> Diagnosis:
    path = shutil.which("quarto")
    if path is None:
        return Diagnosis(
            "Quarto", ABSENT, "not on PATH; the built-in renderer makes the same pages"
        )
    version = _version_of(path)
    if not version:
        return Diagnosis(
            "Quarto", WARNING, f"{path} does not start", "Use: weeknotes render --engine builtin"
        )
    if tuple(map(int, version.split(".")[:2])) < OLDEST_QUARTO:
        hint = "Use Quarto 1.7 or later, or: weeknotes render --engine builtin"
        return Diagnosis("Quarto", WARNING, f"{version} in {path}", hint)
    return Diagnosis("Quarto", GOOD, f"{version} in {path}")


def _version_of(path: str) -> str:
    """The version that the program at ``path`` says, empty where it does not start."""
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    found = _VERSION.search(done.stdout.decode("utf-8", "replace"))
    return found[0] if found else ""


def _other_programs() -> Iterator[Diagnosis]:
    try:
        yield Diagnosis("JupyterLab", GOOD, metadata.version("jupyterlab"))
    except metadata.PackageNotFoundError:
        lab = shutil.which("jupyter-lab")
        if lab:
            yield Diagnosis("JupyterLab", GOOD, lab)
        else:
            hint = "To write in it: pip install 'weeknotes[lab]'"
            yield Diagnosis("JupyterLab", ABSENT, "not installed", hint)
    chromium = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if chromium:
        yield Diagnosis("Chromium", GOOD, chromium)
    else:
        yield Diagnosis("Chromium", ABSENT, "not on PATH; weeknotes review makes no PDF")
    for name, use in (("dot", "{dot} diagrams"), ("mmdc", "{mermaid} diagrams")):
        path = shutil.which(name)
        text = path or f"not on PATH; {use} are shown as text"
        yield Diagnosis(name, GOOD if path else ABSENT, text)


def _fonts(project: Project | None) -> Iterator[Diagnosis]:
    """Whether this machine can print the journal's languages: browsers bring fonts for them, servers
    often none."""
    listing = shutil.which("fc-list")
    if listing is None:
        return
    missing = []
    for lang in ("ko", "zh-cn", "ja"):
        with suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run(
                [listing, f":lang={lang}", "family"], capture_output=True, timeout=_SECONDS
            )
            if not done.stdout.strip():
                missing.append(lang)
    if not missing:
        yield Diagnosis("Fonts", GOOD, "for Korean, Chinese and Japanese")
        return
    lang = project.lang.lower() if project else ""
    own = any(lang.startswith(name[:2]) for name in missing)
    text = f"none for {', '.join(missing)}; PDFs show boxes there"
    hint = "Debian has them in: apt-get install fonts-noto-cjk"
    yield Diagnosis("Fonts", WARNING if own else ABSENT, text, hint)


def _library(project: Project) -> Iterator[Diagnosis]:
    try:
        count = len(Library.load(project.library_path).entries)
    except (WeeknotesError, OSError) as error:
        yield Diagnosis("Library", BAD, str(error))
        return
    yield Diagnosis("Library", GOOD, f"{count} entries in {project.library_path.name}")


def _zotero(project: Project, environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    from weeknotes.library.zotero import config

    if "zotero" not in project.settings:
        yield Diagnosis("Zotero", ABSENT, "not configured; docs/zotero.md says how")
        return
    try:
        settings = config.settings(project, environment)
    except WeeknotesError as error:
        yield Diagnosis("Zotero", BAD, error.message, error.hint or "")
        return
    names = ", ".join(library.name for library in settings.libraries)
    if not settings.local:
        yield Diagnosis("Zotero", GOOD, f"{names} by the web API, with a key")
        return
    if _answers("127.0.0.1", 23119):
        yield Diagnosis("Zotero", GOOD, f"{names} from the Zotero on this machine")
    else:
        hint = "Start Zotero, and allow other applications in its settings (Advanced)."
        yield Diagnosis("Zotero", WARNING, f"{names}: no Zotero answers on this machine", hint)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _hooks(project: Project) -> Iterator[Diagnosis]:
    shipped = _shipped_hooks(project)
    missing = [path for path in shipped if not path.is_file()]
    for path in outdated_hooks(project):
        yield Diagnosis(
            project.relative(path),
            WARNING,
            "is not the one of this version of Weeknotes",
            "weeknotes doctor --fix puts that in place, and keeps yours beside it as .old",
        )
    named = str(project.config.get("project") or "") + str(
        project.config.get("ipynb-filters") or ""
    )
    needed = [path for path in missing if path.name in named or path.name == "_journal.py"]
    if missing and needed:
        names = ", ".join(project.relative(path) for path in missing)
        hint = "Write them again: weeknotes init ."
        yield Diagnosis("Hooks", WARNING, f"missing: {names}", hint)
    elif not outdated_hooks(project) and not missing:
        yield Diagnosis("Hooks", GOOD, "those of this version, in scripts/")


def _git(project: Project) -> Iterator[Diagnosis]:
    git = shutil.which("git")
    folder = project.root / ".git"
    if git is None or not folder.exists():
        yield Diagnosis("Git", ABSENT, "the journal is no repository" if git else "not on PATH")
        return
    hook = folder / "hooks" / "pre-commit"
    if hook.is_file() or not folder.is_dir():
        yield Diagnosis("Git", GOOD, "with a pre-commit hook" if hook.is_file() else "a worktree")
    else:
        text = "nothing looks at the journal before a commit"
        yield Diagnosis("Git", ABSENT, text, "pipx install pre-commit, then: pre-commit install")
    if git_setup.is_set_up(project.root):
        yield Diagnosis("Merges", GOOD, "git merges notebooks by cells, the library by entries")
    else:
        text = "git merges notebooks by lines, which leaves conflicts in generated cells"
        hint = "To have it merge cells: weeknotes init . --git, or weeknotes doctor --fix"
        yield Diagnosis("Merges", WARNING, text, hint)


def _state(project: Project) -> Iterator[Diagnosis]:
    try:
        with files.locked(project.state / "lock", patience=0):
            pass
    except WeeknotesError as error:
        hint = "Or name another folder in the environment variable WEEKNOTES_STATE."
        yield Diagnosis("State", WARNING, error.message, hint)
        return
    yield Diagnosis("State", GOOD, str(project.state))
