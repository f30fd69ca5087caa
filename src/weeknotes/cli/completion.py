"""Let a shell complete weeknotes: its commands and options, and the weeks, citation keys, tags and
templates of the journal that you are in. It prints a script for the shell:

  eval "$(weeknotes completion bash)"           in ~/.bashrc
  eval "$(weeknotes completion zsh)"            in ~/.zshrc, after compinit
  weeknotes completion fish | source            in ~/.config/fish/config.fish
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the shell that the script is for")
    # What the scripts ask with: the words before the cursor, the last of them unfinished.
    parser.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    # Which argument takes the "--" differs between versions of Python; the first word is the command.
    words = args.words[args.words[:1] == ["--"] :]
    if not words:
        print(_SCRIPTS[args.shell])
        return 0
    for word, meaning in completions(words[1:]):
        text = " ".join(meaning.split())
        print(f"{word}\t{text}" if text and args.shell != "bash" else word)
    return 0


def completions(words: Sequence[str]) -> list[tuple[str, str]]:
    """The completions of the last of ``words``, each with its meaning. ``words`` are those after
    ``weeknotes``; the last one is empty or incomplete."""
    begun = words[-1] if words else ""
    found = _all(list(words[:-1]), begun)
    return [(word, meaning) for word, meaning in found if word.startswith(begun)]


def _all(before: list[str], begun: str) -> Iterator[tuple[str, str]]:
    from weeknotes.actions.completion import candidates
    from weeknotes.cli import COMMANDS, command_of, command_parser, overview_parser

    name, rest = command_of(before)
    if name is None:
        yield from COMMANDS.items() if not begun.startswith("-") else _options(overview_parser())
        return
    if name not in COMMANDS:
        return
    parser = command_parser(name)
    if begun.startswith("-"):
        yield from _options(parser)
        return
    action = _asked(parser, rest)
    if action is None:
        return
    for choice in action.choices or ():
        yield str(choice), ""
    kind = _KINDS.get(str(action.metavar or ""))
    # A template of the journal; a file is left to the shell.
    if kind == "templates" and action.dest not in ("template", "copy"):
        return
    if kind:
        yield from candidates(kind)


#: What the arguments are by the names that they have in the help.
_KINDS = {"WEEK": "weeks", "KEY": "keys", "TAG": "tags", "NAME": "templates", "IDENTIFIER": "keys"}


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in parser._actions:
        if action.help != argparse.SUPPRESS:
            for name in action.option_strings:
                if name.startswith("--"):
                    yield name, str(action.help or "") % _defaults(action)


def _defaults(action: argparse.Action) -> dict[str, object]:
    return {**vars(action), "prog": "weeknotes"}


def _asked(parser: argparse.ArgumentParser, before: Sequence[str]) -> argparse.Action | None:
    """The action of ``parser`` that the next word belongs to."""
    options = parser._option_string_actions
    last = options.get(before[-1]) if before else None
    if last is not None and last.nargs != 0:
        return last
    places = [action for action in parser._actions if not action.option_strings]
    given = 0
    value_of: argparse.Action | None = None
    for word in before:
        if word in options:
            value_of = options[word] if options[word].nargs != 0 else None
        elif value_of is not None:
            value_of = value_of if value_of.nargs in ("+", "*") else None
        else:
            given += 1
    if value_of is not None and value_of.nargs in ("+", "*"):
        return value_of
    if not places:
        return None
    return places[min(given, len(places) - 1)] if _takes(places, given) else None


def _takes(places: Sequence[argparse.Action], given: int) -> bool:
    return given < len(places) or places[-1].nargs in ("+", "*")


_BASH = r"""
_weeknotes() {
  local cur="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
  COMPREPLY=()
  local words=("${COMP_WORDS[@]:0:COMP_CWORD}" "$cur") found
  while IFS= read -r found; do
    [ -n "$found" ] && COMPREPLY+=("$(printf '%q' "$found")")
  done < <(weeknotes completion bash -- "${words[@]}" 2>/dev/null)
}
complete -o default -F _weeknotes weeknotes
"""
_ZSH = r"""
_weeknotes() {
  local -a found plain
  local line
  while IFS= read -r line; do
    found+=("${${line%%$'\t'*}//:/\\:}${${(M)line:#*$'\t'*}:+:${line#*$'\t'}}")
  done < <(weeknotes completion zsh -- "${(@)words[1,CURRENT]}" 2>/dev/null)
  if (( ${#found} )); then _describe -V 'weeknotes' found; else _files; fi
}
compdef _weeknotes weeknotes
"""
_FISH = r"""
function __weeknotes_complete
    weeknotes completion fish -- (commandline -opc) (commandline -ct) 2>/dev/null
end
complete -c weeknotes -a '(__weeknotes_complete)'
"""
_SCRIPTS = {"bash": _BASH.strip(), "zsh": _ZSH.strip(), "fish": _FISH.strip()}
