"""Open the notebook of a week: in JupyterLab where that is installed, else in the editor that EDITOR
names, else its page of the site in the browser.

  weeknotes open                        this week
  weeknotes open last --in site
  weeknotes open 2026-W45 --in editor
  weeknotes open journal/2026/2026-11-27-digest.ipynb

`weeknotes: open: editor` in _quarto.yml makes another place the usual one. WEEKNOTES_EDITOR and VISUAL
go before EDITOR.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "week",
        metavar="WEEK",
        nargs="?",
        default="this",
        help="2026-W47, a date, last, next, or a file (this week)",
    )
    parser.add_argument(
        "--in", dest="place", choices=["lab", "editor", "site"], help="where to open it"
    )


def run(args: argparse.Namespace) -> int:
    import subprocess

    from weeknotes.actions.opening import notebook_of, opening
    from weeknotes.cli.terminal import remark, warn
    from weeknotes.journal import project, week_files

    journal = project.find()
    for message in week_files.notices(journal):
        warn(message)
    found = opening(journal, notebook_of(journal, args.week), args.place)
    if found.address:
        import webbrowser

        remark(f"opening {found.address}")
        return 0 if webbrowser.open(found.address) else 1
    remark(f"opening {journal.relative(found.path)} with {found.command[0]}")
    # From the journal's folder, so that the figures in assets/ are within what JupyterLab serves.
    return subprocess.run(found.command, cwd=journal.root, check=False).returncode
