"""This module reads and checks ``weeknotes: digest:`` in ``_quarto.yml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weeknotes.errors import ProjectError, UsageError
from weeknotes.journal.project import Project

DEFAULT_TOP = 20
DEFAULT_FORMAT = "list"
_KNOWN = frozenset(
    "sources feeds categories top format lang languages model base-url glossary prompts".split()
)


#: A language of two or three letters with what may follow it (RFC 5646, section 2.1).
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class DigestSettings:
    """The settings of digests. ``lang`` is the language that they are written in, ``others`` those
    that title and abstract are translated into as well; ``values`` is the mapping as it is in the
    file, and ``unknown`` are its keys that have no meaning."""

    top: int = DEFAULT_TOP
    format: str = DEFAULT_FORMAT
    lang: str = "en"
    others: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def read(project: Project) -> DigestSettings:
    """The settings of ``project``. Raises ProjectError for a value that is none."""
    values = project.settings.get("digest") or {}
    if not isinstance(values, dict):
        raise _wrong(project, f"'digest' is {values!r}, not a mapping")
    top = values.get("top", DEFAULT_TOP)
    if not isinstance(top, int) or isinstance(top, bool) or top < 1:
        raise _wrong(project, f"'top' is {top!r}, not a number of papers")
    languages = values.get("languages") or values.get("lang") or project.lang
    names = [languages] if isinstance(languages, str) else languages
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _wrong(project, f"'languages' is {languages!r}, not a list such as [ko, en]")
    for name in names:
        check_language_tag(name, f"{project.config_path.name}: weeknotes: digest: 'languages'")
    hosts = project.settings.get("allow-hosts") or []
    return DigestSettings(
        top=top,
        format=str(values.get("format") or DEFAULT_FORMAT),
        lang=names[0],
        others=tuple(names[1:]),
        hosts=tuple(str(host) for host in hosts) if isinstance(hosts, list) else (str(hosts),),
        values=values,
        unknown=tuple(str(k) for k in values if str(k).replace("_", "-") not in _KNOWN),
    )


def check_language_tag(tag: str, where: str) -> None:
    """Raises UsageError where ``tag``, which ``where`` gives, is no tag of a language (BCP 47)."""
    if not _TAG.fullmatch(tag):
        raise UsageError(
            f"{where}: '{tag}' is no tag of a language", hint="Write it as en, ko, zh or zh-Hant."
        )


def _wrong(project: Project, what: str) -> ProjectError:
    return ProjectError(
        f"weeknotes: digest: {what}",
        file=project.config_path.name,
        hint="docs/digests.md shows the settings.",
    )
