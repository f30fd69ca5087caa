"""What pages are made with beside this code: the packages of its environment, programs, and what the
environment says."""

from __future__ import annotations

import os
import shutil
import sys

PROGRAMS = {"dot": "dot", "mermaid": "mmdc"}
"""By the language of a diagram, the command that draws it."""


def surroundings() -> str:
    """Names the packages that Python finds, with their versions, the programs that draw diagrams and
    may stand in for the pandoc of the package, and the active profile. What was made with others is
    made again: somebody who installs what a message asks for, or another pandoc, shall see it on the
    next build.

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
    for program in ("pandoc", *PROGRAMS.values()):
        if path := shutil.which(program):
            found.add(f"{program} {os.path.getsize(path)}")  # noqa: PTH202
    # Conditional content asks for the profile (Quarto documentation, "Project Profiles").
    return "\n".join([*sorted(found), os.environ.get("QUARTO_PROFILE", "")])
