"""The colours and logos of a brand: `brand` in a page's metadata, or the project's `_brand.yml`
(Quarto documentation, "Brand").

The site has looks of its own, so that a brand counts only where a page asks for a part of it by a
shortcode.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes.errors import ProjectError
from weeknotes.journal.project import read_yaml

MODES = ("light", "dark")
_FILES = ("_brand.yml", "_brand.yaml")
_DEEPEST = 10


@dataclass(frozen=True)
class Logo:
    """A logo: its address from the page, and the text for those who don't see it."""

    address: str
    alt: str = ""


@dataclass(frozen=True)
class Brand:
    """The values of a brand for each of `MODES`; a mode that it does not name is missing."""

    values: Mapping[str, Mapping[str, Any]]
    folder: str = ""

    def color(self, name: str, mode: str = "light") -> str | None:
        """The colour ``name``, which the palette may name in another way."""
        colors = _mapping(self.values.get(mode, {}).get("color"))
        palette = _mapping(colors.get("palette"))
        found: Any = name
        for _ in range(_DEEPEST):
            value = _moded(palette.get(found, colors.get(found)), mode)
            if not isinstance(value, str):
                return None if found == name else str(found)
            found = value
        return None

    def logo(self, name: str, mode: str) -> Logo | None:
        """The logo ``name`` (small, medium, large, or one of `images`) of ``mode``."""
        logos = _mapping(self.values.get(mode, {}).get("logo"))
        images = _mapping(logos.get("images"))
        value = _moded(logos.get(name, images.get(name)), mode)
        if isinstance(value, str) and value in images:
            value = _moded(images[value], mode)
        if isinstance(value, str):
            return Logo(self._address(value))
        if isinstance(value, Mapping) and isinstance(value.get("path"), str):
            return Logo(self._address(value["path"]), str(value.get("alt") or ""))
        return None

    def logos(self, name: str, mode: str) -> list[tuple[str, Logo]]:
        """The logos that `{{< brand logo name mode >}}` shows, each with its mode; "both" is one for
        each mode that the brand has."""
        light, dark = self.logo(name, "light"), self.logo(name, "dark")
        found: list[tuple[str, Logo]] = []
        if mode in ("light", "both") and (logo := light or dark):
            found.append(("light", logo))
        wants_dark = mode == "dark" or (mode == "both" and "dark" in self.values)
        if wants_dark and (logo := dark or light):
            found.append(("dark", logo))
        return found

    def _address(self, path: str) -> str:
        if path.startswith(("/", "http://", "https://")):
            return path
        return posixpath.normpath(posixpath.join(self.folder, path)) if self.folder else path


def brand_of(
    meta: Mapping[str, Any], root: Path, folder: Path, needs: Callable[[Path], None]
) -> Brand | None:
    """The brand of a page in ``folder`` with the metadata ``meta``; None without one. ``needs`` is
    called with the files that it is looked for in."""
    named = meta.get("brand")
    if named is False:
        return None
    if isinstance(named, Mapping):
        return Brand(_by_mode(named))
    if isinstance(named, str):
        base = root if named.startswith("/") else folder
        paths = [(base / named.lstrip("/")).resolve()]
    else:
        paths = [root / name for name in _FILES]
    for path in paths:
        if not path.is_relative_to(root):
            continue
        needs(path)
        if path.is_file():
            place = path.parent.relative_to(root).as_posix()
            return Brand(_by_mode(_read(path)), f"/{'' if place == '.' else place}")
    return None


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return _mapping(read_yaml(path, path.read_bytes()))
    except (ProjectError, OSError):
        return {}


def _by_mode(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    named = {mode: _mapping(values[mode]) for mode in MODES if mode in values}
    if named:
        return named
    return {mode: values for mode in MODES if mode == "light" or _names_dark(values)}


def _names_dark(value: Any) -> bool:
    """Whether a brand says anything for the dark mode alone."""
    if not isinstance(value, Mapping):
        return False
    return "dark" in value or any(map(_names_dark, value.values()))


def _moded(value: Any, mode: str) -> Any:
    """A value that may be one for each mode."""
    if isinstance(value, Mapping) and not value.keys().isdisjoint(MODES):
        return value.get(mode)
    return value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
