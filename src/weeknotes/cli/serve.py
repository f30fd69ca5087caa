"""Build the site, serve it on 127.0.0.1, and reload the open page when something changes.

  weeknotes serve
  weeknotes serve --port 4321

Stop it with Ctrl-C.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", metavar="N", type=int, default=4200, help="0 picks a free one (%(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    from weeknotes import project
    from weeknotes.errors import UsageError
    from weeknotes.site.serve import serve

    if not 0 <= args.port <= 65535:
        raise UsageError(f"--port {args.port}: a port is a number from 0 to 65535")
    serve(project.find(), port=args.port, say=_say)
    return 0


def _say(message: str) -> None:
    import sys

    print(message, file=sys.stderr, flush=True)
