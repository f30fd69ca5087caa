"""Readers' remarks under the pages, by a service on another host that the owner has chosen.

``weeknotes: comments`` in ``_quarto.yml`` takes what Quarto's own ``comments`` key takes: ``giscus``
(``repo``, ``repo-id``, ``category``, ``category-id``, ``mapping``, ``theme``), ``utterances``
(``repo``, ``issue-term``, ``label``) or ``hypothesis: true``. Nothing is loaded from another host
unless it is set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project

_REPO = re.compile(r"[\w.-]+/[\w.-]+")
_HOSTS = {
    "giscus": ("https://giscus.app",),
    "utterances": ("https://utteranc.es", "https://api.utteranc.es"),
    "hypothesis": ("https://hypothes.is", "https://cdn.hypothes.is", "https://api.hypothes.is"),
}
_SCRIPTS = {
    "giscus": "https://giscus.app/client.js",
    "utterances": "https://utteranc.es/client.js",
    "hypothesis": "https://hypothes.is/embed.js",
}


@dataclass(frozen=True)
class Remarks:
    """A service: its name, the script that it needs, and the attributes of the script's element."""

    service: str
    script: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that it loads from."""
        return _HOSTS[self.service]


def remarks_of(project: Project) -> Remarks | None:
    """The service that the owner has chosen, None where there is none. Raises ProjectError."""
    value = project.settings.get("comments")
    if not value:
        return None
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= set(_HOSTS):
        raise _error(project, "'comments' must name one of giscus, utterances and hypothesis")
    service, options = next(iter(value.items()))
    if not options:
        return None
    options = options if isinstance(options, dict) else {}
    attributes: dict[str, str] = {}
    if service != "hypothesis":
        repo = str(options.get("repo") or "")
        if not _REPO.fullmatch(repo):
            raise _error(project, f"{service} needs a 'repo' such as owner/name")
        attributes = _attributes(service, repo, options)
    return Remarks(service, _SCRIPTS[service], attributes)


def _attributes(service: str, repo: str, options: Mapping[str, Any]) -> dict[str, str]:
    if service == "utterances":
        return {
            "repo": repo,
            "issue-term": str(options.get("issue-term") or "pathname"),
            "theme": str(options.get("theme") or "preferred-color-scheme"),
            **({"label": str(options["label"])} if options.get("label") else {}),
        }
    names = ("repo-id", "category", "category-id", "reactions-enabled", "input-position")
    given = {f"data-{name}": str(options[name]) for name in names if options.get(name)}
    return {
        "data-repo": repo,
        "data-mapping": str(options.get("mapping") or "pathname"),
        "data-theme": str(options.get("theme") or "preferred_color_scheme"),
        "data-loading": "lazy",
        **given,
    }


def _error(project: Project, message: str) -> ProjectError:
    return ProjectError(
        message,
        file=project.config_path.name,
        hint="For example:\n  weeknotes:\n    comments:\n      utterances:\n        repo: owner/name",
    )
