"""Finding the Python that Weeknotes is installed for, without an activated environment.

Quarto runs the hooks with whatever Python it finds. Looked for, in this order: the environment
variable WEEKNOTES_PYTHON, `.venv` beside `_quarto.yml`, the Python that runs this, and the one that
the command `weeknotes` on PATH belongs to. Standard library only.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def command() -> list[str]:
    """The words that start `weeknotes` on this machine."""
    chosen = os.environ.get("WEEKNOTES_PYTHON")
    if chosen:
        return [chosen, "-m", "weeknotes"]
    for name in ("bin/python", "Scripts/python.exe"):
        python = ROOT / ".venv" / name
        if python.exists():
            return [str(python), "-m", "weeknotes"]
    if importlib.util.find_spec("weeknotes"):
        return [sys.executable, "-m", "weeknotes"]
    found = shutil.which("weeknotes")
    if found:
        return [found]
    raise SystemExit(
        "weeknotes is not installed where this journal can find it.\n"
        f"  Make an environment in {ROOT / '.venv'} with it, or set WEEKNOTES_PYTHON."
    )


def run_hook(name: str) -> int:
    """Do what Quarto's hook `name` is for; returns the exit code."""
    return subprocess.run([*command(), "hook", name], cwd=ROOT, check=False).returncode
