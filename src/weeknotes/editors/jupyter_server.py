"""An extension of the Jupyter server, which answers JupyterLab's extension (labextension/).

Every answer needs the login of the Jupyter server itself. Files are those below the server's folder and
in a journal; nothing else is read, and no notebook is written: JupyterLab puts in what comes back.
Offsets are in units of UTF-16, as a browser counts.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from weeknotes.assist import pictures
from weeknotes.assist.assistant import Assistant
from weeknotes.assist.documents import CellText, Document
from weeknotes.editors.preview import Previews
from weeknotes.errors import WeeknotesError
from weeknotes.journal import project as projects

_SUFFIXES = (".ipynb", ".md", ".qmd")
_KINDS = ("markdown", "code", "raw")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """The module that the Jupyter server loads ("Extension points" in its documentation)."""
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Add the handlers to the server ``app``."""
    base = app.web_app.settings["base_url"]
    help_ = Help(Path(app.web_app.settings["server_root_dir"]).expanduser())
    app.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, "weeknotes", name), handler, {"help_": help_})
            for name, handler in _HANDLERS.items()
        ],
    )


class Help:
    """The assistants of the journals below ``root``, the server's folder."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._assistants: dict[Path, Assistant] = {}
        self.previews = Previews()

    def served(self, assistant: Assistant, file: str) -> str | None:
        """The path of a journal's file from the server's folder; None where it is outside of that."""
        path = assistant.project.root / file
        if not path.is_relative_to(self._root):
            return None
        return path.relative_to(self._root).as_posix()

    def at(self, path: str) -> tuple[Assistant, str]:
        """The assistant of the journal of the file ``path`` (POSIX, from the server's folder), and
        its name there. Raises HTTPError 404 where it is in none or outside of the folder."""
        if not path.endswith(_SUFFIXES) or "\0" in path:
            raise HTTPError(404, "no file of a journal")
        full = (self._root / path).resolve()
        if not full.is_relative_to(self._root):
            raise HTTPError(404, "no file below the server's folder")
        try:
            project = projects.find(full.parent)
        except (WeeknotesError, OSError) as error:
            raise HTTPError(404, str(error)) from None
        if project.root not in self._assistants:
            self._assistants[project.root] = Assistant(project)
        return self._assistants[project.root], full.relative_to(project.root).as_posix()


class Handler(APIHandler):
    """A handler of a question: JSON in, JSON out."""

    def initialize(self, help_: Help) -> None:
        self.help = help_

    def asked(self) -> dict[str, Any]:
        """The question. Raises HTTPError 400 for anything but a JSON object."""
        try:
            value = json.loads(self.request.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise HTTPError(400, "a JSON object is expected")
        return value

    async def answer(self, work: Callable[[], Any]) -> None:
        """Send the result of ``work``, which may read files, as JSON."""
        try:
            found = await asyncio.to_thread(work)
        except WeeknotesError as error:
            self.set_status(409)
            found = {"message": str(error)}
        except OSError as error:
            self.set_status(500)
            found = {"message": f"{error.filename or 'a file'}: {error.strerror or error}"}
        self.finish(json.dumps(found))


class CompleteHandler(Handler):
    """``POST weeknotes/complete``: what can be written at a place."""

    @authenticated
    async def post(self) -> None:
        asked = self.asked()
        assistant, document, cell, at = _place(self.help, asked)
        text = document.cells[cell].text

        def work() -> Any:
            found = assistant.complete(document, cell, at)
            ends = {end: _units(text, end) for one in found for end in (one.start, one.end)}
            moved = [replace(one, start=ends[one.start], end=ends[one.end]) for one in found]
            return {"candidates": [one.to_dict() for one in moved]}

        await self.answer(work)


class HoverHandler(Handler):
    """``POST weeknotes/hover``: what is known of the citation at a place."""

    @authenticated
    async def post(self) -> None:
        assistant, document, cell, at = _place(self.help, self.asked())
        text = document.cells[cell].text

        def work() -> Any:
            found = assistant.hover(document, cell, at)
            if found is None:
                return {"hover": None}
            start, end = _units(text, found.start), _units(text, found.end)
            return {"hover": {**vars(found), "start": start, "end": end}}

        await self.answer(work)


class JournalHandler(Handler):
    """``GET weeknotes/journal?path=``: whether a file is in a journal, where help is given."""

    @authenticated
    async def get(self) -> None:
        try:
            assistant, _ = self.help.at(self.get_query_argument("path"))
            await self.answer(lambda: {"journal": assistant.project.title})
        except HTTPError as error:
            if error.status_code != 404:
                raise
            self.finish(json.dumps({"journal": None}))


class PictureHandler(Handler):
    """``POST weeknotes/picture?path=&name=``: keep the picture in the body for the file ``path``."""

    @authenticated
    async def post(self) -> None:
        assistant, document = self.help.at(self.get_query_argument("path"))
        name = self.get_query_argument("name", "")
        data = bytes(self.request.body)
        await self.answer(lambda: vars(pictures.save(assistant.project, document, name, data)))


class OverviewHandler(Handler):
    """``GET weeknotes/overview?path=``: what `weeknotes --json` says of a file's journal, each task
    and finding with its ``path`` from the server's folder (null outside of it)."""

    @authenticated
    async def get(self) -> None:
        assistant, _ = self.help.at(self.get_query_argument("path"))
        found = await _json_of(assistant.project.root, "--json")
        if not isinstance(found, dict):
            raise HTTPError(500, "weeknotes --json gave no answer")
        for one in (*found["tasks"], *found["findings"]):
            one["path"] = self.help.served(assistant, one["file"])
        self.finish(json.dumps(found))


class NoteHandler(Handler):
    """``GET weeknotes/note?path=&key=``: the Markdown of a new note on a paper."""

    @authenticated
    async def get(self) -> None:
        assistant, _ = self.help.at(self.get_query_argument("path"))
        key = self.get_query_argument("key")
        await self.answer(lambda: {"text": assistant.note(key)})


class PageHandler(Handler):
    """``POST weeknotes/page``: the address of the page of the file ``path``, for a page of ``origin``
    to show it in a frame."""

    @authenticated
    async def post(self) -> None:
        asked = self.asked()
        assistant, name = self.help.at(str(asked.get("path")))
        try:
            origin = str(asked.get("origin"))
            site = await self.help.previews.address(assistant.project.root, origin)
        except WeeknotesError as error:
            self.set_status(409)
            self.finish(json.dumps({"message": str(error)}))
            return
        page = PurePosixPath(name).with_suffix(".html").as_posix()
        self.finish(json.dumps({"page": site + quote(page)}))


async def _json_of(root: Path, *arguments: str) -> Any:
    """The JSON that `weeknotes` prints in the journal at ``root``; None where it prints none. It is a
    process of its own: what it reads is not to stay in the memory of the Jupyter server."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "weeknotes", *arguments),
        cwd=root,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await process.communicate()
    try:
        return json.loads(output)
    except ValueError:
        return None


def _place(help_: Help, asked: dict[str, Any]) -> tuple[Assistant, Document, int, int]:
    """The place that ``asked`` names: the document, the cell (from 0), the offset in its text. Raises
    HTTPError 400 where it is none."""
    try:
        assistant, name = help_.at(str(asked["path"]))
        cells = tuple(CellText(str(c["kind"]), str(c["text"])) for c in asked["cells"])
        cell, at = int(asked["cell"]), int(asked["at"])
    except (KeyError, TypeError, ValueError):
        raise HTTPError(400, "path, cells, cell and at are expected") from None
    if not 0 <= cell < len(cells) or at < 0 or any(c.kind not in _KINDS for c in cells):
        raise HTTPError(400, "there is no such cell")
    return assistant, Document(name, cells), cell, _offset(cells[cell].text, at)


def _offset(text: str, units: int) -> int:
    """The offset in ``text`` that a browser counts as ``units``."""
    if text.isascii():
        return min(units, len(text))
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))


def _units(text: str, at: int) -> int:
    """The offset ``at`` of ``text`` as a browser counts it, in units of UTF-16."""
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


_HANDLERS: dict[str, type[Handler]] = {
    "complete": CompleteHandler,
    "hover": HoverHandler,
    "journal": JournalHandler,
    "note": NoteHandler,
    "overview": OverviewHandler,
    "page": PageHandler,
    "picture": PictureHandler,
}
