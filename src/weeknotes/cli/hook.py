"""The command that Quarto's hooks in scripts/ and git call; you need not call it yourself.

  weeknotes hook pre-render     derive references.bib from references.json, and stop at a source that
                                Quarto cannot read, or that would have it run a program or read
                                outside of the journal
  weeknotes hook post-render    compose the derived pages and the search
  weeknotes hook after-quarto   remove what Quarto wrote where it ended before its post-render hook;
                                started by pre-render, and waits for Quarto
  weeknotes hook ipynb-filter   a notebook on standard input, what Quarto may see of it on
                                standard output
  weeknotes hook merge BASE OURS THEIRS NAME
                                merge three versions of a notebook or library into OURS, as git asks
                                after `weeknotes init --git`; exit code 3 for a conflict

Quarto names the rendered files in the environment variable QUARTO_PROJECT_OUTPUT_FILES.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from weeknotes.files import is_running


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", choices=["pre-render", "post-render", "ipynb-filter", "after-quarto", "merge"]
    )
    parser.add_argument("files", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--process", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--begun", type=float, default=0.0, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    from weeknotes.journal import project

    if args.name == "merge":
        return _merge(args.files)
    journal = project.find()
    if args.name == "ipynb-filter":
        from weeknotes.engines.quarto_filter import filtered

        sys.stdout.buffer.write(filtered(journal, sys.stdin.buffer.read(), Path.cwd()))
        return 0
    if args.name == "pre-render":
        from weeknotes.engines import quarto
        from weeknotes.engines.quarto_filter import last_begun, refresh_filter
        from weeknotes.library.bibtex import update

        alone = not os.environ.get(quarto.COMPOSE_LATER)
        if alone:  # `weeknotes render` has looked already.
            quarto.stop_at_unfit(journal)
        refresh_filter(journal)
        if alone:
            _watch(last_begun(journal))
        update(journal.library_path, journal.library_path.with_suffix(".bib"))
        return 0
    if args.name == "after-quarto":
        from weeknotes.engines.quarto_filter import withdraw_unfinished

        _wait_for(args.process)
        withdraw_unfinished(journal, journal.output_dir, args.begun)
        return 0
    from weeknotes.engines.quarto import COMPOSE_LATER

    if os.environ.get(COMPOSE_LATER):
        return 0  # `weeknotes render` composes what Quarto renders for it.
    from weeknotes.cli.render import tell
    from weeknotes.site.build import compose_quarto

    output = Path(os.environ.get("QUARTO_PROJECT_OUTPUT_DIR") or journal.output_dir)
    names = os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").split("\n")
    report = compose_quarto(journal, output, [journal.root / name for name in names if name])
    tell(report, journal.relative(report.output))
    return 0


#: git's own exit code for a conflict, 1, is also that of a Python that cannot start.
CONFLICT = 3


def _merge(words: list[str]) -> int:
    from weeknotes.actions.merge_files import merge
    from weeknotes.cli.terminal import warn
    from weeknotes.errors import UsageError

    if len(words) != 4:
        raise UsageError("git gives a merge driver three files and a name: %O %A %B %P")
    base, ours, theirs = map(Path, words[:3])
    merged = merge(base, ours, theirs, words[3])
    if merged.message:
        warn(f"{words[3]}: {merged.message}")
    return CONFLICT if merged.conflict else 0


def _watch(begun: float) -> None:
    """Start the process that cleans up after Quarto, which runs the script that runs this, and whose
    run has ``begun`` at that time."""
    quarto = _parent_of(os.getppid())
    if quarto <= 1:
        return
    subprocess.Popen(
        [
            *(sys.executable, "-m", "weeknotes", "hook", "after-quarto"),
            *("--process", str(quarto), "--begun", repr(begun)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _parent_of(process: int) -> int:
    """The process that started ``process``; 0 where that is not known."""
    try:
        command = ["ps", "-o", "ppid=", "-p", str(process)]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
        return int(done.stdout or 0)
    except (OSError, ValueError):
        return 0


def _wait_for(process: int) -> None:
    """Return when ``process`` has ended."""
    while process > 0 and is_running(process):
        time.sleep(0.2)
