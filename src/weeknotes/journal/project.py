"""Finding the journal, its configuration and its paths.

``_quarto.yml`` is the one configuration: Quarto and the built-in renderer both read it, and what
concerns Weeknotes alone is in it under the key ``weeknotes``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from weeknotes.errors import ProjectError

Value = TypeVar("Value")

CONFIG_NAMES = ("_quarto.yml", "_quarto.yaml")
#: The environment variable that names another place for the state of journals.
STATE_VARIABLE = "WEEKNOTES_STATE"
#: Values in a YAML file with anchors, from which on it is one that grows without end when read.
_MOST_VALUES = 100_000


@dataclass(frozen=True)
class Project:
    """A journal on disk: its folder, and what its ``_quarto.yml`` says.

    ``config`` is the parsed YAML as it is (a mapping). The properties below are the parts of it
    that more than one module needs, with their defaults. ``shows_private`` is true for a site that
    shows what is private, marked: its caches and its output are others, below ``.weeknotes``.
    ``memo`` is what ``once`` remembers, None outside of a build.
    """

    root: Path
    config_path: Path
    config: dict[str, Any]
    shows_private: bool = False
    memo: dict[str, Any] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def title(self) -> str:
        """The site's title (``website: title``)."""
        return str(self._website.get("title") or self.config.get("title") or "Weeknotes")

    @cached_property
    def author(self) -> str:
        """The author of the journal (``author``, a name or a list of names)."""
        author = self.config.get("author") or self.settings.get("author") or ""
        names = author if isinstance(author, list) else [author]
        return ", ".join(str(n.get("name", "")) if isinstance(n, dict) else str(n) for n in names)

    @cached_property
    def lang(self) -> str:
        """The BCP 47 language of pages that name none (``lang``)."""
        return str(self.config.get("lang") or "en")

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The journal's own settings, under ``weeknotes`` in the configuration."""
        return self._mapping("weeknotes")

    @cached_property
    def output_dir(self) -> Path:
        """The folder of the site (``project: output-dir``), absolute."""
        if self.shows_private:
            return self.state / "_site"
        return self.root / str(self._mapping("project").get("output-dir") or "_site")

    @property
    def journal(self) -> Path:
        """The folder that holds the weeks."""
        return self.root / "journal"

    @property
    def templates(self) -> Path:
        """The folder that holds the papermill templates."""
        return self.root / "notebooks"

    @cached_property
    def bibliography(self) -> tuple[Path, ...]:
        """The bibliography files named in the configuration, absolute, in their order."""
        value = self.config.get("bibliography") or []
        names = value if isinstance(value, list) else [value]
        return tuple(self.root / str(name) for name in names)

    @property
    def library_path(self) -> Path:
        """The library, CSL-JSON keyed by citation key."""
        return self.root / "references.json"

    @property
    def state(self) -> Path:
        """The folder of Weeknotes' own files: caches and locks, never anything a person wrote.

        It is ``.weeknotes`` in the journal, or a folder of this journal's own below the one that the
        environment variable WEEKNOTES_STATE names. Raises ProjectError where that is in the journal.
        """
        own = state_folder(self.root, os.environ.get(STATE_VARIABLE, ""))
        return own / "private" if self.shows_private else own

    def for_a_build(self) -> Project:
        """The same project, which remembers what ``once`` works out. The journal on disk is taken to
        stay as it is meanwhile, so it must not outlive the build."""
        return replace(self, memo={})

    def once(self, name: str, work_out: Callable[[], Value]) -> Value:
        """The result of ``work_out``; while a build lasts, the same for each caller with this ``name``."""
        if self.memo is None:
            return work_out()
        if name not in self.memo:
            self.memo[name] = work_out()
        value: Value = self.memo[name]
        return value

    def relative(self, path: Path) -> str:
        """``path`` as the user would name it: from the journal's folder where it is within."""
        return relative(self.root, path)

    @cached_property
    def _website(self) -> dict[str, Any]:
        return self._mapping("website")

    def _mapping(self, key: str) -> dict[str, Any]:
        value = self.config.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise ProjectError(
                f"'{key}' must be a mapping, not {value!r}",
                file=self.config_path.name,
                hint=f"Indent the keys that belong under '{key}:'.",
            )
        return value


def relative(root: Path, path: Path) -> str:
    """``path`` as the user would name it: from the journal's folder ``root`` where it is within."""
    try:
        return path.resolve().relative_to(root).as_posix()
    except ValueError:
        return str(path)


def find(start: Path | None = None) -> Project:
    """The journal that ``start`` (by default the working directory) is in.

    Raises ProjectError where no ``_quarto.yml`` is in it or above it, or where it can't be read.
    """
    here = (start or Path.cwd()).resolve()
    config = configuration(here)
    if config is None:
        raise ProjectError(
            f"no journal here: neither {here} nor a folder above it holds a _quarto.yml",
            hint="Go to your journal's folder, or start one with: weeknotes init DIR",
        )
    return load(config)


def is_in_one(start: Path | None = None) -> bool:
    """Whether ``start`` (by default the working directory) is in a journal."""
    return configuration((start or Path.cwd()).resolve()) is not None


def configuration(here: Path) -> Path | None:
    """The path of the configuration of the journal that the folder ``here`` is in; None outside of
    one."""
    for folder in (here, *here.parents):
        for name in CONFIG_NAMES:
            if (folder / name).is_file():
                return folder / name
    return None


def state_folder(root: Path, place: str = "") -> Path:
    """The folder for the state of the journal at ``root``: ``.weeknotes`` in it, or below ``place``.

    Several journals may share a ``place``: each has a folder there, called after its own and its whole
    path. The state holds what is private too, so that ``place`` must be outside of the journal, where no
    repository takes it up. Raises ProjectError where it is not, or not absolute.
    """
    own = root / ".weeknotes"
    if not place.strip():
        return own
    folder = Path(os.path.expanduser(place.strip()))  # noqa: PTH111 (that of Path fails without a home)
    if not folder.is_absolute():
        raise ProjectError(
            f"{STATE_VARIABLE} is {place!r}, which is another folder in each working directory",
            hint="Give it an absolute path, such as ~/.cache/weeknotes.",
        )
    folder = folder.resolve()
    if folder == own:
        return own
    if folder.is_relative_to(root):
        raise ProjectError(
            f"{STATE_VARIABLE} is {folder}, which is in the journal",
            hint="Name a folder outside of it: the state holds private text, and git would take it up.",
        )
    mark = hashlib.blake2b(os.fsencode(root), digest_size=6).hexdigest()
    return folder / f"{root.name[:60]}-{mark}"


def load(config_path: Path) -> Project:
    """The journal whose configuration is ``config_path``. Raises ProjectError."""
    config = read_yaml(config_path, config_path.read_bytes())
    if config is None:
        config = {}
    if not isinstance(config, dict):
        raise ProjectError(
            "the configuration must be a mapping of keys to values", file=config_path.name
        )
    return Project(root=config_path.parent.resolve(), config_path=config_path, config=config)


def read_yaml(path: Path, data: bytes) -> Any:
    """``data`` parsed as YAML 1.1 in UTF-8, with plain values only. Raises ProjectError."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        value = yaml.load(data.decode("utf-8-sig"), Loader=loader)
    except UnicodeDecodeError as error:
        raise ProjectError(
            "not UTF-8 text", file=path.name, hint="Save the file as UTF-8."
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ProjectError(
            f"not valid YAML: {getattr(error, 'problem', None) or error}",
            file=path.name,
            line=mark.line + 1 if mark else None,
            hint="Check the indentation, and quote values that contain ': ' or '#'.",
        ) from error
    if b"&" in data and is_endless(value):
        raise ProjectError(
            "anchors and aliases repeat one another without end",
            file=path.name,
            hint="Write the values out.",
        )
    return value


def is_endless(value: Any) -> bool:
    """Whether ``value`` holds itself, or so much over and over that no one has written it."""
    left = [value]
    for _ in range(_MOST_VALUES):
        if not left:
            return False
        item = left.pop()
        if isinstance(item, dict):
            left += item.values()
        elif isinstance(item, (list, set, tuple)):
            left += item
    return bool(left)
