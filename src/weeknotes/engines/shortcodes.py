"""Shortcodes (`{{< name arguments >}}`) and includes, resolved in Markdown text before pandoc reads it.

Follows the Quarto documentation, "Shortcodes", "Includes" and "Videos". A video on another host
becomes a link: a page loads nothing from elsewhere unless its author writes the HTML.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weeknotes.engines import keyboard
from weeknotes.engines.unshown import unshown
from weeknotes.text.markdown import CODE, CODE_BLOCKS, read

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(.+?)\s*>\}\}\s*$")
_SHORTCODE = re.compile(r"\{\{\{<(.*?)>\}\}\}|\{\{<\s*((?:(?!>\}\}|\n[ \t]*\n).)*?)\s*>\}\}", re.S)
_TEXT = CODE | {"math", "verbatim"}
"""Regions whose text is no Markdown: a shortcode in one of them gives plain text, as in Quarto."""
_ADDRESS = re.compile(r"(?:\]\(<?|=[\"']?)\Z")
_YOUTUBE = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:youtu\.be/|youtube(?:-nocookie)?\.com/(?:embed/|shorts/|watch\?v=))([\w-]+)"
)
_VIMEO = re.compile(r"(?:https?:)?//(?:www\.)?vimeo\.com/(\d+)(?:/(\w+))?")
_ARGUMENT = re.compile(
    r"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))|"([^"]*)"|'([^']*)'|(\S+)"""
)
_DEPTH = 10

Warn = Callable[..., None]
"""Called with the message, the piece of source that it is about, and ``rule``, that of `check`."""


@dataclass(frozen=True)
class Context:
    """The context of shortcodes: the project, the page's folder and metadata, and `{{< var >}}`.

    `needs` is called with every file that the page depends on, there or not; `withheld` says which
    files are private as a whole and included nowhere, and `public` gives the text of a file without
    its private parts.
    """

    root: Path
    folder: Path
    meta: Mapping[str, Any]
    warn: Warn
    needs: Callable[[Path], None]
    variables: Mapping[str, Any] = field(default_factory=dict)
    withheld: Callable[[Path], bool] = lambda path: False
    public: Callable[[Path, str], str] = lambda path, text: text


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
    make = _placeholder_address if _begins_address(text, at) else _placeholder
    positional, named = _arguments(arguments)
    return make(positional, named, None)


def _begins_address(text: str, at: int) -> bool:
    """Whether an address or the value of an attribute begins at `text[at]`."""
    return bool(_ADDRESS.search(text, max(0, at - 3), at))


def _include(text: str, context: Context, folder: Path, stack: tuple[Path, ...]) -> str:
    """`text` with the lines that are `{{< include >}}` replaced by the files that they name."""
    if "include" not in text:
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
    handler = _HANDLERS.get(name)
    positional, named = _arguments(rest)
    result = handler(positional, named, context) if handler else None
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
    handler = _TEXT_HANDLERS.get(name)
    result = handler(*_arguments(rest), context) if handler else None
    return match[0] if result is None else result


def _literal(text: str) -> str:
    """`text` so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>$@#~^|\"'.-])", r"\\\1", text)


def _raw(text: str) -> str:
    ticks = "`" * (max((len(t) for t in re.findall("`+", text)), default=0) + 1)
    return f"{ticks}{text}{ticks}{{=html}}"


def _arguments(text: str) -> tuple[list[str], dict[str, str]]:
    positional, named = [], {}
    for key, double, single, bare, quoted, quoted2, word in _ARGUMENT.findall(text):
        if key:
            named[key] = double or single or bare
        else:
            positional.append(quoted or quoted2 or word)
    return positional, named


def _lookup(values: Mapping[str, Any], path: str) -> str | None:
    found: Any = values
    for part in re.split(r"(?<!\\)\.", path):
        part = part.replace("\\.", ".")
        if isinstance(found, Mapping) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and 0 < int(part) <= len(found):
            found = found[int(part) - 1]
        else:
            return None
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, list):
        return ", ".join(str(item) for item in found)
    return None if isinstance(found, Mapping) or found is None else str(found)


def _meta(args: list[str], _named: dict[str, str], context: Context) -> str | None:
    return _lookup(context.meta, args[0]) if args else None


def _var(args: list[str], _named: dict[str, str], context: Context) -> str | None:
    return _lookup(context.variables, args[0]) if args else None


def _kbd(args: list[str], named: dict[str, str], _context: Context) -> str | None:
    systems = {keyboard.ARGUMENTS[k]: v for k, v in named.items() if k in keyboard.ARGUMENTS}
    shown = keyboard.keys(args[0] if args else "", systems)
    return _raw(shown) if shown else None


def _pagebreak(_args: list[str], _named: dict[str, str], _context: Context) -> str:
    return '\n\n```{=html}\n<div class="page-break"></div>\n```\n\n'


def _video(args: list[str], named: dict[str, str], context: Context) -> str | None:
    if not args:
        return None
    source = _player(args[0], named.get("start"))
    title = named.get("title") or named.get("aria-label") or ""
    if re.match(r"(?:https?:)?//", source):
        label = html.escape(title or source)
        return _raw(f'<a class="video" href="{html.escape(source)}">{label}</a>')
    attributes = f' title="{html.escape(title)}"' if title else ""
    for name in ("width", "height"):
        if named.get(name):
            attributes += f' {name}="{html.escape(named[name])}"'
    start = f"#t={named['start']}" if named.get("start") else ""
    return _raw(
        f'<video controls="" preload="metadata" src="{html.escape(source + start)}"'
        f"{attributes}></video>"
    )


def _placeholder(args: list[str], named: dict[str, str], context: Context | None) -> str:
    # An address, so that it can be the target of an image as well as an image of its own.
    return f"![]({_placeholder_address(args, named, context)})"


def _placeholder_address(args: list[str], _named: dict[str, str], _context: Context | None) -> str:
    """A grey picture of the size asked for (in pixels, 100 by default), as a data URL."""
    width = args[0] if args and args[0].isdigit() else "100"
    height = args[1] if args[1:] and args[1].isdigit() else width
    size = max(1, min(int(width), int(height)) // 10)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        '<rect width="100%" height="100%" fill="#ddd"/>'
        f'<text x="50%" y="50%" font-family="sans-serif" font-size="{size}" text-anchor="middle">'
        f"{width} x {height}</text></svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _player(address: str, start: str | None) -> str:
    """The address of the player that shows a video of YouTube or Vimeo, as Quarto makes it; another
    address as it is."""
    if match := _YOUTUBE.match(address):
        return f"https://www.youtube.com/embed/{match[1]}" + (f"?start={start}" if start else "")
    if match := _VIMEO.match(address):
        return f"https://player.vimeo.com/video/{match[1]}" + (f"?h={match[2]}" if match[2] else "")
    return address


_Handler = Callable[[list[str], dict[str, str], Context], str | None]

_TEXT_HANDLERS: dict[str, _Handler] = {
    "meta": _meta,
    "var": _var,
    "placeholder": _placeholder_address,
}
"""The shortcodes that give plain text."""

_HANDLERS: dict[str, _Handler] = {
    "meta": _meta,
    "var": _var,
    "kbd": _kbd,
    "pagebreak": _pagebreak,
    "video": _video,
    "placeholder": _placeholder,
}
