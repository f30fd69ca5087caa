"""Help while typing, for editors that speak the Language Server Protocol: VS Code, Neovim, Helix, Emacs
and others start this command, and talk with it over standard input and output.

It completes papers after an @, by author, title, year or key, unread ones first; figures, tables and
sections after @fig-, @tbl-, @sec-; tags after #, anchors after ](#. It shows the reference and what you
said of a paper when you point at its citation, begins a note on it, and marks what `weeknotes check`
finds. It needs one more package:

  pip install 'weeknotes[editor]'
  weeknotes language-server          as an editor starts it

docs/editors.md has the settings of each editor.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    # Editors add it to the command of any server; nothing else is spoken.
    parser.add_argument(
        "--stdio", action="store_true", help="over standard input and output (always)"
    )


def run(args: argparse.Namespace) -> int:
    import os

    from weeknotes.errors import UsageError

    try:
        from weeknotes.editors.language_server import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise
        raise UsageError(
            f"the language server needs a package that is not installed: {error.name}",
            hint="Install it with: pip install 'weeknotes[editor]'",
        ) from None
    # Descriptors of its own for the protocol: what a module prints must not get between messages.
    with os.fdopen(os.dup(1), "wb") as output, os.fdopen(os.dup(0), "rb") as messages:
        os.dup2(2, 1)
        server().start_io(messages, output)
    return 0
