"""The requirement by which a journal's workflows install the Weeknotes that the journal is made with.

The record of where this Weeknotes came from is that of PEP 610 (``direct_url.json``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weeknotes.text import git

#: Where a journal keeps the wheel that its workflows install.
WHEELS = "wheels"
#: Left to the journal's owner, since nobody else could install from where this Weeknotes came from.
OPEN = (
    "# Where the workflow that publishes this journal installs Weeknotes from, such as:\n"
    "# weeknotes @ git+https://github.com/OWNER/weeknotes@main\n"
)


@dataclass(frozen=True)
class Requirement:
    """The content of ``requirements.txt``, and the wheel that it names with its path in the journal."""

    text: str
    wheel: tuple[str, bytes] | None = None


def requirement() -> Requirement:
    """The requirement by which pip installs this Weeknotes elsewhere.

    One that came from an index or a repository is installed from there. A wheel on this machine goes
    into the journal with it. Of a clone it is the commit at the clone's origin. Of any other folder of
    this machine there is nothing that others could install, and no package that happens to have the
    name is taken for it.
    """
    installed = metadata.distribution("weeknotes")
    try:
        origin = json.loads(installed.read_text("direct_url.json") or "null")
    except ValueError:
        origin = None
    if not isinstance(origin, dict):
        return Requirement(f"weeknotes=={installed.version}\n")
    address, vcs = str(origin.get("url", "")), origin.get("vcs_info")
    if vcs:
        return Requirement(f"weeknotes @ {vcs['vcs']}+{_public(address)}@{vcs['commit_id']}\n")
    if not address.startswith("file:"):
        return Requirement(f"weeknotes @ {_public(address)}\n")
    path = Path(url2pathname(urlsplit(address).path))
    if path.suffix == ".whl":
        return _of_wheel(path, origin.get("archive_info") or {})
    return _of_clone(path)


def _of_wheel(path: Path, recorded: dict[str, object]) -> Requirement:
    """The requirement of the wheel at ``path``, if it is still the one that was installed."""
    try:
        data = path.read_bytes()
    except OSError:
        return Requirement(OPEN)
    hashes = recorded.get("hashes")
    known = hashes.get("sha256") if isinstance(hashes, dict) else None
    if known and known != hashlib.sha256(data).hexdigest():
        return Requirement(OPEN)
    name = f"{WHEELS}/{path.name}"
    return Requirement(f"./{name}\n", (name, data))


def _of_clone(folder: Path) -> Requirement:
    """The requirement of the clone in ``folder``, if its origin is one that others may reach."""
    if not (folder / ".git").exists():
        return Requirement(OPEN)
    address = _public(git.run(folder, "remote", "get-url", "origin").decode("utf-8", "replace"))
    commit = git.head(folder)
    if not commit or not address.startswith("https://"):
        return Requirement(OPEN)
    return Requirement(f"weeknotes @ git+{address}@{commit}\n")


def _public(address: str) -> str:
    """``address`` without a name or a password of who asks, that of GitHub's ssh as https."""
    address = address.strip()
    for prefix in ("git@github.com:", "ssh://git@github.com/"):
        if address.startswith(prefix):
            return f"https://github.com/{address.removeprefix(prefix)}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or "@" not in parts.netloc:
        return address
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
