"""Interactive figures as documents of their own, which a page shows in sandboxed frames.

The owner of a journal allows them with `weeknotes: interactive: true` in `_quarto.yml`. A frame has no
origin, so that its scripts reach neither the site nor what a browser keeps for it, and its policy
lets it load nothing but the site's own copies of Plotly, Vega and Bokeh, and what the hosts under
`interactive: hosts` have. Opened by itself, where no sandbox holds, the document stays empty.
"""

from __future__ import annotations

import base64
import hashlib
import html
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from weeknotes.engines.interactive import Interactive
from weeknotes.errors import ProjectError
from weeknotes.files import write_cache
from weeknotes.journal.notebooks import joined
from weeknotes.journal.project import Project

FOLDER = "interactive-figures"
"""The folder beside a page that its frames have as their address."""
CLASS = "interactive-figure"

_HOST = re.compile(r"https://(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{1,5})?")
_HEIGHT = 450
_SECONDS = 60
_GIVEN_HEIGHT = re.compile(r"\bheight\s*[:=]\s*[\"']?(\d{2,4})(?:px)?[\"';\s>]")
_INNER = re.compile(r"<iframe\b[^>]*?\s(srcdoc|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I | re.S)
_DATA_PAGE = re.compile(r"data:text/html;(?:charset=[\w-]+;)?base64,(.*)", re.S)
_LOADED = re.compile(
    r"<(?:script|link|img|iframe)\b[^>]*?\s(?:src|href)\s*=\s*[\"']?((?:https?:)?//[^\"'\s>]+)",
    re.I,
)
_LOADER = re.compile(r"\brequire(?:js)?\s*(?:\(\s*\[|\.config)|\brequirejs\b")
_ROOTS = re.compile(r"\"roots\":\{([^{}]*)\}")
_LIBRARY = re.compile(r"script src=\\\"([\w.-]+\.js)\\\"")
_BOKEH = ("bokeh.min.js", "bokeh-widgets.min.js", "bokeh-tables.min.js")
_ALONE = "This figure is shown within its page."


@dataclass(frozen=True)
class Frame:
    """A figure in a frame: its address from the page, and its height in CSS pixels."""

    address: str
    height: int


class NoFrameError(Exception):
    """A figure cannot be shown in a frame; the text says what it needs."""


@dataclass(frozen=True)
class Frames:
    """Makes the documents of frames and keeps them in ``folder``; ``hosts`` are those that a figure may
    load from."""

    folder: Path
    hosts: tuple[str, ...] = ()

    def make(self, found: Interactive, data: Mapping[str, Any]) -> Frame:
        """The frame of the interactive output ``found`` in the bundle ``data``. Raises NoFrameError."""
        if found.kind == "Plotly" and isinstance(found.spec, dict):
            return self._plotly(found.spec)
        if found.kind == "Vega" and isinstance(found.spec, dict):
            return self._vega(found.spec)
        script = joined(data.get("application/javascript"))
        if found.kind == "Bokeh" and script and "docs_json" in script:
            return self._bokeh(script)
        page = joined(data.get("text/html"))
        if page is None:
            raise NoFrameError("only JupyterLab can draw it")
        return self._page(page)

    def _plotly(self, spec: Mapping[str, Any]) -> Frame:
        library = self._library("Plotly", "plotly", "package_data/plotly.min.js")
        layout = spec.get("layout") or {}
        parts = ", ".join(_script_json(v) for v in (spec.get("data") or [], layout))
        config = _script_json({"responsive": True, **(spec.get("config") or {})})
        drawn = (
            f'<div id="figure"></div><script>Plotly.newPlot("figure", {parts}, {config})</script>'
        )
        height = layout.get("height") if isinstance(layout, Mapping) else None
        return self._kept(library + drawn, height)

    def _vega(self, spec: Mapping[str, Any]) -> Frame:
        import importlib.metadata  # Slow to load, and few pages hold such a figure.

        try:
            version = importlib.metadata.version("vl-convert-python")
        except importlib.metadata.PackageNotFoundError:
            raise NoFrameError("install vl-convert-python in the journal's environment") from None
        library = f"vega-{version}.js"
        if not (self.folder / library).is_file():
            program = "import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle())"
            made = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, timeout=_SECONDS, check=False
            )
            if made.returncode:
                raise NoFrameError("vl-convert-python gives no library of Vega: update it")
            write_cache(self.folder / library, made.stdout)
        drawn = (
            f'<div id="figure"></div><script>vegaEmbed("#figure", {_script_json(spec)})</script>'
        )
        return self._kept(f'<script src="{library}"></script>{drawn}', spec.get("height"))

    def _bokeh(self, script: str) -> Frame:
        libraries = "".join(
            self._library("Bokeh", "bokeh", f"server/static/js/{name}") for name in _BOKEH
        )
        places = [
            html.escape(str(place))
            for match in _ROOTS.finditer(script)
            for place in json.loads(f"{{{match[1]}}}").values()
        ]
        boxes = "".join(f'<div id="{place}"></div>' for place in places)
        return self._kept(f"{libraries}{boxes}<script>{_within_script(script)}</script>", None)

    def _page(self, page: str) -> Frame:
        height = _GIVEN_HEIGHT.search(page)
        page = _inner(page)
        hosts = {_host(address) for address in _LOADED.findall(page)}
        if missing := sorted(host for host in hosts if not self._allows(host)):
            named = ", ".join(missing)
            raise NoFrameError(
                f"allow what it loads with 'interactive: hosts' in _quarto.yml: {named}"
            )
        if _LOADER.search(page):
            raise NoFrameError("it needs the loader of modules that only a notebook has")
        return self._kept(page, int(height[1]) if height else None)

    def _allows(self, host: str) -> bool:
        return any(
            host == allowed or ("*." in allowed and host.endswith(allowed.partition("*")[2]))
            for allowed in self.hosts
        )

    def _library(self, kind: str, package: str, name: str) -> str:
        """The element that loads a file of an installed package."""
        found = importlib.util.find_spec(package)
        path = Path(found.origin).parent / name if found and found.origin else None
        if path is None or not path.is_file():
            raise NoFrameError(f"install {package}, the library of {kind}, in its environment")
        return f'<script src="{self._written(Path(name).stem, path.read_bytes())}"></script>'

    def _written(self, stem: str, data: bytes, suffix: str = "js") -> str:
        """Keeps ``data`` under a name made from its content; returns the name."""
        digest = hashlib.blake2b(data, digest_size=8).hexdigest()
        name = f"{stem}-{digest}.{suffix}"
        if not (self.folder / name).is_file():
            write_cache(self.folder / name, data)
        return name

    def _kept(self, page: str, height: Any) -> Frame:
        document = _document(page, self._policy())
        name = self._written("figure", document.encode(), "html")
        pixels = height if isinstance(height, int | float) and 50 <= height <= 5000 else _HEIGHT
        return Frame(f"{FOLDER}/{name}", int(pixels) + 20)

    def _policy(self) -> str:
        hosts = " ".join(["'self'", *self.hosts])
        return "; ".join(
            [
                "default-src 'none'",
                f"script-src 'unsafe-inline' 'unsafe-eval' blob: {hosts}",
                f"style-src 'unsafe-inline' {hosts}",
                f"img-src data: blob: {hosts}",
                f"font-src data: {hosts}",
                f"connect-src {hosts}",
                "worker-src blob:",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        )


def frames_of(project: Project) -> Frames | None:
    """The maker of frames for a journal, None where its owner does not allow them
    (`weeknotes: interactive`). Raises ProjectError for a value that makes no sense."""
    value = project.settings.get("interactive")
    if value in (None, False):
        return None
    hosts = (value.get("hosts") or []) if isinstance(value, Mapping) else []
    hosts = hosts if isinstance(hosts, list) else [hosts]
    known = value is True or (isinstance(value, Mapping) and set(value) <= {"hosts"})
    if not known or not all(isinstance(h, str) and _HOST.fullmatch(h) for h in hosts):
        raise ProjectError(
            f"'interactive' holds {value!r}",
            file=project.config_path.name,
            hint="Write true, or the hosts that figures may load from, as in: "
            "interactive: {hosts: [https://cdn.example.org]}",
        )
    return Frames(project.state / "frames", tuple(hosts))


def made_frames(project: Project) -> Path | None:
    """The folder with the documents of a journal's frames, None where its owner does not allow them."""
    made = frames_of(project)
    return made.folder if made else None


def files_of(folder: Path, address: str) -> dict[str, Path]:
    """The files that the frame at ``address`` needs, by their addresses; empty where ``address`` is
    none of a frame's."""
    name = address.removeprefix(f"{FOLDER}/")
    path = folder / name
    if name == address or "/" in name or not path.is_file():
        return {}
    libraries = _LIBRARY.findall(path.read_text("utf-8"))
    return {f"{FOLDER}/{n}": folder / n for n in (name, *libraries) if (folder / n).is_file()}


def _document(page: str, policy: str) -> str:
    """A document that becomes ``page`` within a sandbox, where it has no origin, and stays empty
    elsewhere."""
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy, quote=False)}">'
        '<meta name="robots" content="noindex"><title>Figure</title></head><body><script>\n'
        f'if (self.origin === "null") {{ document.open(); document.write({_script_json(page)}); '
        f"document.close(); }} else document.body.textContent = {_script_json(_ALONE)};\n"
        "</script></body></html>\n"
    )


def _inner(page: str) -> str:
    """The page within the frame that ``page`` consists of, such as a map of Folium's; else ``page``."""
    match = _INNER.search(page)
    if match is None or re.search(r"<script\b", page[: match.start()], re.I):
        return page
    value = html.unescape(match[2] or match[3] or "")
    if match[1].lower() == "srcdoc":
        return value
    coded = _DATA_PAGE.match(value)
    try:
        return base64.b64decode(coded[1]).decode("utf-8", "replace") if coded else page
    except ValueError:
        return page


def _host(address: str) -> str:
    parts = urlsplit(address if not address.startswith("//") else f"https:{address}")
    return f"{parts.scheme}://{parts.netloc}"


def _script_json(value: Any) -> str:
    """``value`` as JSON that may be in a script."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _within_script(text: str) -> str:
    return re.sub(r"</(?=script)", r"<\\/", text, flags=re.I)
