"""Shortcodes (`{{< name arguments >}}`) and includes, resolved in Markdown text before pandoc reads it.

Follows the Quarto documentation, "Shortcodes", "Includes" and "Videos". A video that lies on
another host becomes a link: a page loads nothing from elsewhere unless its author writes the HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weeknotes.engines import keyboard

_FENCE = re.compile(r"^\s{0,3}(?:>\s?)*(?:[-*+]\s+)?(`{3,}|~{3,})")
_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(.+?)\s*>\}\}\s*$")
_SHORTCODE = re.compile(r"(`+)(?:(?!\1).)*?\1(?!`)|\{\{\{<(.*?)>\}\}\}|\{\{<\s*(.*?)\s*>\}\}")
_ARGUMENT = re.compile(
    r"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))|"([^"]*)"|'([^']*)'|(\S+)"""
)
_DEPTH = 10

Warn = Callable[[str, str], None]
"""Called with what is wrong and the piece of source that it stands in."""


@dataclass(frozen=True)
class Context:
    """What shortcodes may look at: the project, the page's folder and metadata, and `{{< var >}}`.

    `needs` is told of every file that the page depends on, there or not; `withheld` says which files
    are private as a whole and included nowhere.
    """

    root: Path
    folder: Path
    meta: Mapping[str, Any]
    warn: Warn
    needs: Callable[[Path], None]
    variables: Mapping[str, Any] = field(default_factory=dict)
    withheld: Callable[[Path], bool] = lambda path: False


def resolve(text: str, context: Context) -> str:
    """`text` with its includes and shortcodes replaced; code is left as it stands."""
    if "{{" not in text:
        return text
    lines = _include(text.split("\n"), context, context.folder, ())
    fence = ""
    for i, line in enumerate(lines):
        fence, inside = _track(fence, line)
        if not inside and "{{" in line:
            lines[i] = _SHORTCODE.sub(lambda m: _replace(m, context), line)
    return "\n".join(lines)


def _track(fence: str, line: str) -> tuple[str, bool]:
    """The fence of the code block that is open after `line`, and whether `line` is part of one."""
    match = _FENCE.match(line)
    if not match:
        return fence, bool(fence)
    mark = match[1]
    if not fence:
        return mark, True
    if mark[0] == fence[0] and len(mark) >= len(fence) and line.strip(" >") == mark:
        return "", True
    return fence, True


def _include(
    lines: Sequence[str], context: Context, folder: Path, stack: tuple[Path, ...]
) -> list[str]:
    """`lines` with `{{< include >}}` lines replaced by the files they name."""
    result: list[str] = []
    fence = ""
    for line in lines:
        fence, inside = _track(fence, line)
        match = None if inside else _INCLUDE.match(line)
        if not match:
            result.append(line)
            continue
        path = _included_path(match[1].strip("\"'"), line, context, folder, stack)
        if path is None:
            result.append(line.replace("{{<", "{{{<").replace(">}}", ">}}}"))
            continue
        if context.withheld(path):
            continue
        text = path.read_text(encoding="utf-8-sig")
        text = re.sub(r"\A---\n.*?\n(?:---|\.\.\.)\s*\n", "", text, flags=re.DOTALL)
        result += ["", *_include(text.split("\n"), context, path.parent, (*stack, path)), ""]
    return result


def _included_path(
    name: str, line: str, context: Context, folder: Path, stack: tuple[Path, ...]
) -> Path | None:
    """The file that an include names, or None, with a warning, where it may not or can't be read."""
    base = context.root if name.startswith("/") else folder
    path = (base / name.lstrip("/")).resolve()
    if not path.is_relative_to(context.root):
        context.warn(f"{name} lies outside of the project and is not included", line)
    elif path in stack:
        context.warn(f"{name} includes itself", line)
    elif len(stack) >= _DEPTH:
        context.warn(f"includes are nested more than {_DEPTH} deep at {name}", line)
    else:
        context.needs(path)
        if path.is_file():
            return path
        context.warn(f"included file {name} does not exist", line)
    return None


def _replace(match: re.Match[str], context: Context) -> str:
    if match[1]:
        return match[0]
    if match[2] is not None:
        return _literal("{{<" + match[2] + ">}}")
    name, _, rest = match[3].partition(" ")
    handler = _HANDLERS.get(name)
    positional, named = _arguments(rest)
    result = handler(positional, named, context) if handler else None
    if result is None:
        reason = "" if handler is None else f" with these arguments: {rest.strip()}"
        context.warn(f"shortcode '{name}' is not known to the built-in renderer{reason}", match[0])
        return _literal(match[0])
    return result


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
    source = args[0]
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


_HANDLERS: dict[str, Callable[[list[str], dict[str, str], Context], str | None]] = {
    "meta": _meta,
    "var": _var,
    "kbd": _kbd,
    "pagebreak": _pagebreak,
    "video": _video,
}
