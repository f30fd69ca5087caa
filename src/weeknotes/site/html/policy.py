"""The Content Security Policy of a page: what it may load and run (W3C, "Content Security Policy
Level 3").

Scripts and data come from the site alone, and no script that is in a page is run, nor an event
handler in an attribute: what an imported page or a notebook's output brings along stays inert.
Styles within a page are allowed, since figures, tables and notebooks' outputs carry their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project

_HOST = re.compile(r"https://(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{1,5})?")


def allowed_hosts(project: Project) -> tuple[str, ...]:
    """The hosts that images, videos and frames may come from beside the site itself
    (`weeknotes: allow-hosts` in the configuration). Raises ProjectError for what is no host."""
    value = project.settings.get("allow-hosts") or []
    hosts = value if isinstance(value, list) else [value]
    for host in hosts:
        if not isinstance(host, str) or not _HOST.fullmatch(host):
            raise ProjectError(
                f"'allow-hosts' holds {host!r}",
                file=project.config_path.name,
                hint="Write a host as https://www.example.org, or https://*.example.org.",
            )
    return tuple(hosts)


def content_policy(hosts: Sequence[str] = (), remarks: Sequence[str] = ()) -> str:
    """The policy of a page that may show images, videos and frames of ``hosts``, and run what the
    service on the hosts ``remarks`` needs, which the owner has asked for (`remarks`)."""
    own = " ".join(["'self'", *hosts])
    served = " ".join(["'self'", *remarks])
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {served}",
            f"style-src {served} 'unsafe-inline'",
            f"img-src {own} data:",
            f"media-src {own} data:",
            f"font-src {served} data:",
            f"connect-src {served}",
            f"frame-src {' '.join([own, *remarks])}",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )
