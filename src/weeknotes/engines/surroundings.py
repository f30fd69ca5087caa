"""What pages are made with beside this code: packages, programs, and what the environment says."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

PROGRAMS = {"dot": "dot", "mermaid": "mmdc"}
"""By the language of a diagram, the command that draws it."""


def surroundings() -> str:
    """Names the packages that Python finds, with their versions, and the active profile. What was made
    with others is made again: somebody who installs what a message asks for, or another pandoc, shall
    see it on the next build. Programs on PATH are not named, since that is another for a timer than
    in a terminal: a page depends on the `places_of` those that it needs.

    Names of folders are read alone (Python Packaging User Guide, "Recording installed projects"), since
    loading `importlib.metadata` takes longer than the build of an unchanged site.
    """
    found: set[str] = set()
    for folder in filter(None, sys.path):
        try:
            names = os.listdir(folder)  # noqa: PTH208 (before pathlib is needed)
        except OSError:
            continue  # An archive, or a folder that isn't there.
        found.update(name for name in names if name.endswith((".dist-info", ".egg-info")))
    # Conditional content asks for the profile (Quarto documentation, "Project Profiles").
    return "\n".join([*sorted(found), os.environ.get("QUARTO_PROFILE", "")])


def places_of(program: str) -> Iterator[str]:
    """The files that may be the command ``program``, in the order of PATH, up to the one that is."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if folder:
            yield os.path.join(folder, program)  # noqa: PTH118
            if shutil.which(program, path=folder):
                return


def engine_called(name: str) -> str:
    """The engine that ``name`` means: "auto" is "quarto" where that is on PATH, else "builtin"."""
    if name != "auto":
        return name
    return "quarto" if shutil.which("quarto") else "builtin"
