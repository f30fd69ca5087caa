"""Build the site, serve it on 127.0.0.1, and reload the open page when something changes.

  weeknotes serve
  weeknotes serve --port 4321
  weeknotes serve --private     with what is private, marked, for this machine alone

Stop it with Ctrl-C.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", metavar="N", type=int, default=4200, help="0 picks a free one (%(default)s)"
    )
    parser.add_argument(
        "--shown-in",
        metavar="ORIGIN",
        default="",
        help="let a page of this origin, such as http://localhost:8888, show it in a frame",
    )
    parser.add_argument("--private", action="store_true", help="show what is private, marked")


def run(args: argparse.Namespace) -> int:
    import re
    from dataclasses import replace

    from weeknotes.errors import UsageError
    from weeknotes.journal import project
    from weeknotes.site.serve import serve

    if not 0 <= args.port <= 65535:
        raise UsageError(f"--port {args.port}: a port is a number from 0 to 65535")
    if args.shown_in and not re.fullmatch(r"https?://[\w.:\[\]-]+", args.shown_in, re.ASCII):
        raise UsageError(
            f"--shown-in {args.shown_in}: not an origin", hint="As in: http://localhost:8888"
        )
    journal = replace(project.find(), shows_private=args.private)
    serve(journal, port=args.port, say=_say, shown_in=args.shown_in)
    return 0


def _say(message: str) -> None:
    import sys

    print(message, file=sys.stderr, flush=True)
