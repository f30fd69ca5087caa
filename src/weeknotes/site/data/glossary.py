"""The glossary: names in several languages that stand for one thing, such as 확산, 扩散 and diffusion.

It is kept in ``_quarto.yml``, and learned from tags that hold two names in different scripts::

    weeknotes:
      glossary:
        - 확산 = 扩散 = diffusion
        - [분할, 分割, segmentation]

The search that is asked for one name finds the others as well, after what holds the name itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.page_records import Site
from weeknotes.text.folding import fold

_TWO_NAMES = re.compile(
    r"(?P<one>[^()（）/／=＝]+?)\s*(?:[(（](?P<in>[^()（）]+)[)）]|[/／=＝]\s*(?P<other>[^()（）/／=＝]+))"
)
_LONGEST = 60
_SCRIPTS = (("hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"), ("kana", "\u3040-\u30ff"))
_SCRIPT_OF = [(name, re.compile(f"[{characters}]")) for name, characters in _SCRIPTS]
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class Glossary:
    """Groups of names for one thing, as they were written, in a stable order."""

    groups: tuple[tuple[str, ...], ...]

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        return {fold(name): group for group in self.groups for name in group}

    def others(self, tag: str) -> tuple[str, ...]:
        """The other names for what is called ``tag``, which may hold two names itself."""
        own = [fold(name) for name in names_in(tag)]
        return tuple(n for n in self._by_name.get(own[0], ()) if fold(n) not in own)

    def names_of(self, topics: Iterable[str]) -> dict[str, list[str]]:
        """The other names of those ``topics`` that have some."""
        return {topic: list(others) for topic in topics if (others := self.others(topic))}

    def names_with(self, text: str) -> list[str]:
        """All names of what ``text`` holds a name of, words of Latin letters as whole words."""
        folded = fold(text)
        return [name for group in self.groups if self._is_in(group, folded) for name in group]

    def _is_in(self, group: Sequence[str], folded: str) -> bool:
        return any(
            re.search(
                rf"(?<![^\W_]){re.escape(name)}" if name.isascii() else re.escape(name), folded
            )
            for name in map(fold, group)
        )

    @cached_property
    def folded(self) -> list[list[str]]:
        """The groups as the search compares them."""
        return [list(dict.fromkeys(map(fold, group))) for group in self.groups]


@once_a_site
def glossary_of(site: Site) -> Glossary:
    """The glossary of ``site``: that of its configuration, and what its tags teach."""
    tags = (tag for page in site.pages for tag in page.categories)
    notes = (tag for page in site.pages for note in page.notes for tag in note.tags)
    return Glossary(_joined([*configured(site.project), *learned([*tags, *notes])]))


def configured(project: Project) -> list[tuple[str, ...]]:
    """The groups of ``weeknotes: glossary``. Raises ProjectError for what is no list of names."""
    value = project.settings.get("glossary") or []
    if not isinstance(value, list):
        raise _error(project, "'glossary' must be a list")
    groups = []
    for item in value:
        names = re.split(r"\s*[=＝]\s*", item) if isinstance(item, str) else item
        if not isinstance(names, list) or not all(isinstance(name, str | int) for name in names):
            raise _error(project, f"'glossary' has an entry that is no list of names: {item!r}")
        group = tuple(" ".join(str(name).split()) for name in names if str(name).strip())
        if len(group) < 2:
            raise _error(project, f"'glossary' has an entry with fewer than two names: {item!r}")
        groups.append(group)
    return groups


def learned(tags: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The pairs of names in ``tags`` such as "확산 (diffusion)" or "扩散/diffusion"."""
    for tag in sorted(set(tags)):
        names = names_in(tag)
        if len(names) > 1:
            yield names


def names_in(tag: str) -> tuple[str, ...]:
    """The two names in a tag such as "확산 (diffusion)", else the tag itself. Two names in one script,
    as in "MRI (cardiac)", are not the same thing."""
    match = _TWO_NAMES.fullmatch(tag.strip()) if len(tag) <= _LONGEST else None
    if match is None:
        return (tag,)
    one, other = match["one"].strip(), (match["in"] or match["other"]).strip()
    return (one, other) if one and other and _script(one) != _script(other) else (tag,)


def _script(name: str) -> str:
    found = next((script for script, pattern in _SCRIPT_OF if pattern.search(name)), "")
    return found or ("han" if _HAN.search(name) else "other")


def _joined(groups: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """``groups`` with those that share a name as one."""
    joined: list[list[str]] = []
    for group in groups:
        names = {fold(name) for name in group}
        same = [known for known in joined if any(fold(name) in names for name in known)]
        merged = [name for known in same for name in known]
        merged += [name for name in group if fold(name) not in {fold(known) for known in merged}]
        place = joined.index(same[0]) if same else len(joined)
        joined = [known for known in joined if known not in same]
        joined.insert(min(place, len(joined)), merged)
    return tuple(tuple(group) for group in joined if len(group) > 1)


def _error(project: Project, message: str) -> ProjectError:
    return ProjectError(
        message,
        file=project.config_path.name,
        hint="For example:\n  weeknotes:\n    glossary:\n      - 확산 = 扩散 = diffusion",
    )
