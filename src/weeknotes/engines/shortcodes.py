"""Shortcodes (`{{< name arguments >}}`) and includes, resolved in Markdown text before pandoc reads it.

Follows the Quarto documentation, "Shortcodes", "Includes" and "Videos". A video on another host
becomes a link: a page loads nothing from elsewhere unless its author writes the HTML.
"""

from __future__ import annotations

import re
from pathlib import Path

from weeknotes.engines.shortcode_handlers import (
    HANDLERS,
    TEXT_HANDLERS,
    Context,
    Unresolved,
    placeholder_address,
    placeholder_image,
)
from weeknotes.engines.unshown import unshown
from weeknotes.text.markdown import CODE, CODE_BLOCKS, read

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(.+?)\s*>\}\}\s*$")
_SHORTCODE = re.compile(r"\{\{\{<(.*?)>\}\}\}|\{\{<\s*((?:(?!>\}\}|\n[ \t]*\n).)*?)\s*>\}\}", re.S)
_TEXT = CODE | {"math", "verbatim"}
"""Regions whose text is no Markdown: a shortcode in one of them gives plain text, as in Quarto."""
_ADDRESS = re.compile(r"(?:\]\(<?|=[\"']?)\Z")
_ARGUMENT = re.compile(
    r"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))|"([^"]*)"|'([^']*)'|(\S+)"""
)
_DEPTH = 10


def resolve(text: str, context: Context) -> str:
    """`text` with its includes and shortcodes replaced.

    In code and mathematics, as in Quarto, those that give plain text are replaced, and the others stay
    as they are written.
    """
    if "{{" not in text:
        return text
    text = _include(text, context, context.folder, ())
    structure = read(text)
    unresolved = {
        region.start: region.end
        for region in structure.of("fence")
        if ("shortcodes", "false") in region.attributes.values
    }

    def replace(match: re.Match[str]) -> str:
        at = match.start()
        if any(start <= at < end for start, end in unresolved.items()):
            return match[0]
        if structure.inside(at, _TEXT) or _begins_address(text, at):
            return _replace_as_text(match, context)
        return _replace(match, context)

    return _SHORTCODE.sub(replace, text)


def placeholder(text: str, at: int, arguments: str) -> str:
    """The replacement of the shortcode `{{< placeholder arguments >}}` at `text[at]`: an image, or
    only its address if the shortcode is written in the place of an address."""
    make = placeholder_address if _begins_address(text, at) else placeholder_image
    positional, named = _arguments(arguments)
    return make(positional, named, None)


def _begins_address(text: str, at: int) -> bool:
    """Whether an address or the value of an attribute begins at `text[at]`."""
    return bool(_ADDRESS.search(text, max(0, at - 3), at))


def _include(text: str, context: Context, folder: Path, stack: tuple[Path, ...]) -> str:
    """`text` with the lines that are `{{< include >}}` replaced by the files that they name."""
    if "include" not in text or "{{<" not in text:
        return text
    structure = read(text)
    result: list[str] = []
    for start, line in zip(structure.line_starts, text.split("\n"), strict=True):
        match = _INCLUDE.match(line)
        if not match or structure.inside(start + line.index("{"), CODE_BLOCKS | {"code"}):
            result.append(line)
            continue
        path = _included_path(match[1].strip("\"'"), line, context, folder, stack)
        if path is None:
            result.append(line.replace("{{<", "{{{<").replace(">}}", ">}}}"))
            continue
        if context.withheld(path):
            continue
        included = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        included = context.public(path, included)
        included = re.sub(r"\A---\n.*?\n(?:---|\.\.\.)\s*\n", "", included, flags=re.DOTALL)
        for found in unshown(included, tex=True):
            if found.rule != "page-warning":
                context.warn(f"in {path.name}: {found.message}", line, found.hint, rule=found.rule)
        result += ["", _include(included, context, path.parent, (*stack, path)), ""]
    return "\n".join(result)


def _included_path(
    name: str, line: str, context: Context, folder: Path, stack: tuple[Path, ...]
) -> Path | None:
    """The file that an include names, or None, with a warning, where it may not or can't be read."""
    base = context.root if name.startswith("/") else folder
    path = (base / name.lstrip("/")).resolve()
    if not path.is_file() and (context.folder / name).is_file():
        # Quarto looks for every file from the folder of the page.
        path = (context.folder / name).resolve()
    if not path.is_relative_to(context.root):
        problem = f"{name} is outside of the project and is not included"
    elif path in stack:
        problem = f"{name} includes itself"
    elif len(stack) >= _DEPTH:
        problem = f"includes are nested more than {_DEPTH} deep at {name}"
    else:
        context.needs(path)
        if path.is_file():
            return path
        problem = f"included file {name} does not exist"
    context.warn(problem, line, rule="link-missing")
    return None


def _replace(match: re.Match[str], context: Context) -> str:
    """The replacement of a shortcode in Markdown, which is Markdown too."""
    if match[1] is not None:
        return _literal("{{<" + match[1] + ">}}")
    name, _, rest = " ".join(match[2].split()).partition(" ")
    handler = HANDLERS.get(name)
    positional, named = _arguments(rest)
    result = handler(positional, named, context) if handler else None
    if isinstance(result, Unresolved):
        context.warn(result.message, match[0], rule="markdown-shortcode")
        return f"**{_literal(result.sign)}**"
    if result is None:
        reason = "" if handler is None else f" with these arguments: {rest.strip()}"
        message = f"shortcode '{name}' is not known to the built-in renderer{reason}"
        context.warn(message, match[0], rule="markdown-shortcode")
        return _literal(match[0])
    return result


def _replace_as_text(match: re.Match[str], context: Context) -> str:
    if match[1] is not None:
        return "{{<" + match[1] + ">}}"
    name, _, rest = " ".join(match[2].split()).partition(" ")
    handler = TEXT_HANDLERS.get(name)
    result = handler(*_arguments(rest), context) if handler else None
    return result if isinstance(result, str) else match[0]


def _literal(text: str) -> str:
    """`text` so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>$@#~^|\"'.-])", r"\\\1", text)


def _arguments(text: str) -> tuple[list[str], dict[str, str]]:
    positional, named = [], {}
    for key, double, single, bare, quoted, quoted2, word in _ARGUMENT.findall(text):
        if key:
            named[key] = double or single or bare
        else:
            positional.append(quoted or quoted2 or word)
    return positional, named
