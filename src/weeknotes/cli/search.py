"""Search the journal as its site does: the same words are found, in the same order, in every language
of the journal. Each hit comes with its week, and the file, cell and line in which the words are.

  weeknotes search diffusion
  weeknotes search '"score matching"'     as a phrase
  weeknotes search 扩散模型 강화학습        all of the words
  weeknotes search W44                    the page of that week first; also 44주차, 第44周
  weeknotes search 26 October             the page of the week of that day; also 10월 26일, 2026-10-26
  weeknotes search unet --json            for a program to read

What is private is found only with --private; what is then shown is on no site. Exit code 1 if nothing
is found.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weeknotes.actions.look import PageItem, SearchHit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", nargs="+", help="words, or a phrase in quotes")
    parser.add_argument(
        "-n", "--most", metavar="N", type=int, default=20, help="show so many hits (%(default)s)"
    )
    parser.add_argument("--private", action="store_true", help="search what is private as well")
    parser.add_argument("--json", action="store_true", help="the hits for a program to read")


def run(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from weeknotes.actions.look import search
    from weeknotes.cli.terminal import print_json, progress_bar, remark, warn
    from weeknotes.errors import UsageError
    from weeknotes.journal import project, week_files

    if args.most < 1:
        raise UsageError("--most must be at least 1")
    journal = replace(project.find(), shows_private=args.private)
    with progress_bar() as progress:
        found = search(journal, " ".join(args.query), most=args.most, progress=progress)
    for message in week_files.notices(journal):
        warn(message)
    if args.json:
        print_json(found.to_dict())
        return 0 if found.hits or found.pages else 1
    for page in found.pages:
        _show_page(page)
    if found.hits and not found.whole:
        remark("no note holds all of it; these hold some")
    for hit in found.hits:
        _show(hit)
    if found.total > len(found.hits):
        remark(f"{found.total - len(found.hits)} more: --most {found.total} shows all")
    if found.hits or found.pages:
        return 0
    remark("nothing found")
    return 1


def _show_page(page: PageItem) -> None:
    from weeknotes.cli.terminal import Styled, line
    from weeknotes.journal.weeks import Week

    if page.kind == "week":
        week = Week.parse(page.week)
        when = f"page of {week}, {week.start} to {week.end}"
    else:
        when = f"{page.kind} of {page.date}"
    line(Styled(page.title, "title"), f"  {when}  ", Styled(page.file, "minor"))


def _show(hit: SearchHit) -> None:
    from weeknotes.cli.terminal import Styled, line

    place = hit.file or hit.anchor
    if hit.cell is not None:
        place += f", cell {hit.cell}"
    if hit.line is not None:
        place += f", line {hit.line}"
    line(Styled(hit.title, "title"), f"  {hit.week}  ", Styled(place, "minor"))
    parts: list[str | Styled] = ["  "]
    end = 0
    for start, stop in hit.marked:
        parts += [hit.excerpt[end:start], Styled(hit.excerpt[start:stop], "mark")]
        end = stop
    line(*parts, hit.excerpt[end:])
