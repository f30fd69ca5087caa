"""The Markdown that each shortcode gives (Quarto documentation, "Shortcodes", "Videos" and "Brand").

A video on another host becomes a link: a page loads nothing from elsewhere unless its author writes
the HTML.
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
from weeknotes.engines.brand import brand_of
from weeknotes.engines.filler_text import paragraphs

_YOUTUBE = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:youtu\.be/|youtube(?:-nocookie)?\.com/(?:embed/|shorts/|watch\?v=))([\w-]+)"
)
#: A licence of Creative Commons without its version, which is then the newest.
_CREATIVE = re.compile(r"CC[ -]BY(?:-(?:NC|SA|ND)){0,2}", re.I)
_VIMEO = re.compile(r"(?:https?:)?//(?:www\.)?vimeo\.com/(\d+)(?:/(\w+))?")

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


@dataclass(frozen=True)
class Unresolved:
    """A shortcode that asks for what is not there: the sign that takes its place, as in Quarto, and
    the message about it."""

    sign: str
    message: str


def _raw(text: str) -> str:
    ticks = "`" * (max((len(t) for t in re.findall("`+", text)), default=0) + 1)
    return f"{ticks}{text}{ticks}{{=html}}"


def _lookup(values: Mapping[str, Any], path: str) -> Any:
    """The value at ``path``, the keys of nested mappings and the places in lists between dots; None
    without one."""
    found: Any = values
    for part in re.split(r"(?<!\\)\.", path.strip("\"'")):
        part = re.sub(r"\\+\.", ".", part)
        if isinstance(found, Mapping) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and 0 < int(part) <= len(found):
            found = found[int(part) - 1]
        else:
            return None
    return found


def _value(kind: str, path: str, values: Mapping[str, Any]) -> str | Unresolved | None:
    """The text for the value at ``path``, as the shortcode ``kind`` shows it."""
    found = _lookup(values, path)
    while isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, list) and any(isinstance(item, list | Mapping) for item in found):
        found = None
    if isinstance(found, list) and found:
        return ", ".join(map(str, found))
    if found is None or isinstance(found, list):
        return Unresolved(f"?{kind}:{path}", f"'{path}', which a shortcode asks for, is not there")
    return None if isinstance(found, Mapping) else str(found)


def _meta(args: list[str], _named: dict[str, str], context: Context) -> str | Unresolved | None:
    return _value("meta", args[0], _with_rights(context.meta)) if args else None


def _with_rights(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    """Metadata whose licence and copyright are mappings, as Quarto makes them of plain words."""
    made = dict(meta)
    if isinstance(name := meta.get("license"), str):
        made["license"] = {"text": f"{name} 4.0" if _CREATIVE.fullmatch(name) else name}
    if isinstance(statement := meta.get("copyright"), str):
        made["copyright"] = {"statement": statement}
    return made


def _var(args: list[str], _named: dict[str, str], context: Context) -> str | Unresolved | None:
    return _value("var", args[0], context.variables) if args else None


def _brand(args: list[str], _named: dict[str, str], context: Context) -> str | None:
    brand = brand_of(context.meta, context.root, context.folder, context.needs)
    what, name, mode = [*args, "", "", ""][:3]
    if brand is None or not name:
        return None
    if what == "color":
        return brand.color(name, mode or "light")
    if what != "logo":
        return None
    shown = brand.logos(name, mode or "both")
    images = []
    for of, logo in shown:
        attributes = [f".{of}-content"] if not mode or mode == "both" else []
        if logo.alt:
            attributes.append(f'alt="{html.escape(logo.alt)}"')
        images.append(f"![](<{logo.address}>)" + (f"{{{' '.join(attributes)}}}" * bool(attributes)))
    return "\n\n".join(images) or None


def _lipsum(args: list[str], _named: dict[str, str], _context: Context) -> str | None:
    made = paragraphs(args[0] if args else "")
    return None if made is None else "\n\n".join(made)


def _kbd(args: list[str], named: dict[str, str], _context: Context) -> str | Unresolved | None:
    for name in named:
        if name not in keyboard.ARGUMENTS and name != "mode":
            message = f"'{name}' is no system of which shortcode 'kbd' shows keys"
            return Unresolved(f"?kbd:unknown os name: {name}", message)
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


def placeholder_image(args: list[str], named: dict[str, str], context: Context | None) -> str:
    """A grey picture of the size asked for, as an image of Markdown."""
    # An address, so that it can be the target of an image as well as an image of its own.
    return f"![]({placeholder_address(args, named, context)})"


def placeholder_address(args: list[str], _named: dict[str, str], _context: Context | None) -> str:
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


_Handler = Callable[[list[str], dict[str, str], Context], str | Unresolved | None]

TEXT_HANDLERS: dict[str, _Handler] = {
    "meta": _meta,
    "var": _var,
    "placeholder": placeholder_address,
}
"""The shortcodes that give plain text."""

HANDLERS: dict[str, _Handler] = {
    "meta": _meta,
    "var": _var,
    "kbd": _kbd,
    "brand": _brand,
    "lipsum": _lipsum,
    "pagebreak": _pagebreak,
    "video": _video,
    "placeholder": placeholder_image,
}
