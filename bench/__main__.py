"""``python -m bench``: measures Weeknotes on made-up journals and prints the figures.

Every figure is of whole processes, as a user starts them. Compare the ratios of one run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from bench.build_bench import LONG_WEEKS, builds


def main() -> int:
    """Measure what the arguments ask for, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--weeks", type=int, nargs="+", default=[52, 520], help="the journals (%(default)s)"
    )
    parser.add_argument("--long", action="store_true", help=f"one of {LONG_WEEKS} weeks as well")
    parser.add_argument("--runs", type=int, default=5, help="of the quick ones (%(default)s)")
    parser.add_argument(
        "--only",
        choices=["build", "search", "sync", "ranking"],
        help="measure this alone (all of it)",
    )
    args = parser.parse_args()
    if args.only in (None, "build"):
        builds([*args.weeks, *([LONG_WEEKS] if args.long else [])], args.runs)
    if args.only in (None, "search"):
        subprocess.run([sys.executable, "-m", "bench.search_bench"], check=True)
    if args.only in (None, "sync"):
        subprocess.run([sys.executable, "-m", "bench.sync_bench"], check=True)
    if args.only in (None, "ranking"):
        subprocess.run([sys.executable, "-m", "bench.ranking_bench"], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
