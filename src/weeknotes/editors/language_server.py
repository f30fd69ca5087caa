"""The Language Server Protocol 3.17 around `assist`, for VS Code, Neovim, Helix, Emacs and others.

A document is a Markdown file, a notebook whose cells the editor sends (`notebookDocument/…`), cells
that it sends as documents of their own, or the JSON of a notebook that it shows as text.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from weeknotes import __version__
from weeknotes.assist.assistant import Assistant
from weeknotes.assist.completion import Candidate
from weeknotes.assist.documents import CellText, Document
from weeknotes.assist.hover import citation_at
from weeknotes.assist.notebook_json import NotebookJson, escaped
from weeknotes.editors import positions
from weeknotes.errors import WeeknotesError
from weeknotes.journal import project as projects

SOURCE = "weeknotes"
_TRIGGERS = ["@", "#", "[", "{", "(", "-", "."]
_SUFFIXES = (".ipynb", ".md", ".qmd")
_KINDS = {
    "paper": lsp.CompletionItemKind.Reference,
    "label": lsp.CompletionItemKind.Field,
    "anchor": lsp.CompletionItemKind.Field,
    "tag": lsp.CompletionItemKind.Keyword,
    "class": lsp.CompletionItemKind.Property,
}


@dataclass(frozen=True)
class _Place:
    """A place that an editor asks about: the journal's assistant, the document, the cell (from 0), and
    the offset in its text. ``json`` is the notebook's text where the editor shows that, and ``source``
    the text of the editor's document, in which the cell's begins at 0 otherwise."""

    assistant: Assistant
    document: Document
    cell: int
    at: int
    source: str
    encoding: str
    json: NotebookJson | None = None

    def range(self, start: int, end: int) -> lsp.Range:
        """The characters of the cell from ``start`` to ``end`` as the editor counts them."""
        if self.json is not None:
            offsets = self.json.offsets(self.cell)
            start, end = offsets[start], offsets[end]
        return positions.span(self.source, start, end, self.encoding)

    def written(self, text: str) -> str:
        """``text`` as it is written in the editor's document."""
        return text if self.json is None else escaped(text)


class JournalServer(LanguageServer):
    """A language server for the journals that the documents are in."""

    def __init__(self) -> None:
        super().__init__(
            "weeknotes",
            __version__,
            notebook_document_sync=lsp.NotebookDocumentSyncOptions(
                notebook_selector=[
                    lsp.NotebookDocumentFilterWithNotebook(notebook="jupyter-notebook")
                ],
                save=True,
            ),
        )
        self._assistants: dict[Path, Assistant] = {}
        self._checks: dict[Path, asyncio.Task[None]] = {}
        self._again: set[Path] = set()
        self._told: set[str] = set()
        self._parsed: tuple[str, str, NotebookJson | None] = ("", "", None)

    @property
    def encoding(self) -> str:
        """The encoding in whose units the client counts."""
        agreed = self.workspace.position_encoding or lsp.PositionEncodingKind.Utf16
        return str(getattr(agreed, "value", agreed))

    # Where things are

    def assistant(self, path: Path) -> Assistant | None:
        """The assistant of the journal that ``path`` is in, None where it is in none."""
        try:
            project = projects.find(path.parent)
        except (WeeknotesError, OSError) as error:
            if projects.is_in_one(path.parent) and str(error) not in self._told:
                self._told.add(str(error))
                self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, str(error)))
            return None
        known = self._assistants.get(project.root)
        if known is None:
            known = self._assistants[project.root] = Assistant(project)
        return known

    def place(self, uri: str, position: lsp.Position) -> _Place | None:
        """The place ``position`` in the document ``uri``; None where there is no help for it."""
        source = self.workspace.get_text_document(uri).source
        encoding = self.encoding
        at = positions.offset(source, position, encoding)
        notebook = self.workspace.get_notebook_document(cell_uri=uri)
        path = _path(notebook.uri if notebook else uri)
        assistant = self.assistant(path) if path else None
        name = assistant.name_of(path) if assistant and path else None
        if assistant is None or name is None:
            return None
        if notebook is not None:
            index = next(n for n, cell in enumerate(notebook.cells) if cell.document == uri)
            cells = tuple(map(self._cell, notebook.cells))
            return _Place(assistant, Document(name, cells), index, at, source, encoding)
        if _is_json(uri, source):
            shown = self._json(name, source)
            there = shown.place(at) if shown else None
            if shown is None or there is None:
                return None
            return _Place(assistant, shown.document, *there, source, encoding, shown)
        document = Document(name, (CellText("markdown", source),))
        return _Place(assistant, document, 0, at, source, encoding)

    def _cell(self, cell: lsp.NotebookCell) -> CellText:
        document = self.workspace.get_text_document(cell.document)
        kind = "markdown" if cell.kind == lsp.NotebookCellKind.Markup else "code"
        return CellText("raw" if document.language_id == "raw" else kind, document.source)

    def _json(self, name: str, source: str) -> NotebookJson | None:
        if self._parsed[:2] != (name, source):
            self._parsed = (name, source, NotebookJson.read(name, source))
        return self._parsed[2]

    # Findings

    def saved(self, uri: str) -> None:
        """Look at the journal of ``uri`` again: it was opened, or saved."""
        path = _path(uri)
        assistant = self.assistant(path) if path else None
        if assistant is None:
            return
        assistant.forget_time()
        root = assistant.project.root
        task = self._checks.get(root)
        if task is not None and not task.done():
            self._again.add(root)
            return
        self._checks[root] = asyncio.ensure_future(self._check(assistant))

    async def _check(self, assistant: Assistant) -> None:
        root = assistant.project.root
        await asyncio.to_thread(assistant.load)
        while True:
            self._again.discard(root)
            findings = await _findings(root)
            if findings is not None:
                self._tell(assistant, findings)
            if root not in self._again:
                return

    def _tell(self, assistant: Assistant, findings: list[dict[str, Any]]) -> None:
        """Show ``findings`` in the documents that are open."""
        by_file: dict[str, list[dict[str, Any]]] = {}
        for finding in findings:
            by_file.setdefault(str(finding["file"]), []).append(finding)
        in_notebooks = set()
        for notebook in list(self.workspace.notebook_documents.values()):
            cells = [cell.document for cell in notebook.cells]
            in_notebooks |= set(cells)
            found = self._of(assistant, notebook.uri, by_file)
            for number, uri in enumerate(cells, 1):
                own = [f for f in found or [] if (f["cell"] or 1) == number]
                if found is not None:
                    self._publish(uri, [self._diagnostic(uri, finding) for finding in own])
        for uri in list(self.workspace.text_documents):
            if uri in in_notebooks:
                continue
            found = self._of(assistant, uri, by_file)
            if found is not None:
                self._publish(uri, [self._diagnostic(uri, finding) for finding in found])

    def _of(
        self, assistant: Assistant, uri: str, by_file: Mapping[str, list[dict[str, Any]]]
    ) -> list[dict[str, Any]] | None:
        """The findings in the file ``uri``; None where it is not in this journal."""
        path = _path(uri)
        name = assistant.name_of(path) if path else None
        return None if name is None else by_file.get(name, [])

    def _publish(self, uri: str, diagnostics: list[lsp.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics))

    def _diagnostic(self, uri: str, finding: Mapping[str, Any]) -> lsp.Diagnostic:
        hint = f"\n{finding['hint']}" if finding["hint"] else ""
        level = lsp.DiagnosticSeverity
        return lsp.Diagnostic(
            range=self._line(uri, finding),
            message=f"{finding['message']}{hint}",
            severity=level.Information if finding["minor"] else level.Warning,
            code=finding["rule"],
            source=SOURCE,
        )

    def _line(self, uri: str, finding: Mapping[str, Any]) -> lsp.Range:
        """The line of ``finding`` in the document ``uri``: a cell's, a text's, or a notebook's JSON."""
        source = self.workspace.get_text_document(uri).source
        line = (finding["line"] or 1) - 1
        cell = finding["cell"]
        if cell and _is_json(uri, source):
            shown = self._json(str(finding["file"]), source)
            if shown is None or not 0 < cell <= len(shown.document.cells):
                return positions.whole_line(source, 0, self.encoding)
            start = positions.line_start(shown.document.cells[cell - 1].text, line)
            offsets = shown.offsets(cell - 1)
            at = (
                offsets[min(start, len(offsets) - 1)]
                if offsets
                else shown.notebook.spans[cell - 1][0]
            )
            line = source.count("\n", 0, at)
        return positions.whole_line(source, line, self.encoding)


def server() -> JournalServer:
    """A language server that is ready to be started."""
    made = JournalServer()

    @made.feature(
        lsp.TEXT_DOCUMENT_COMPLETION,
        lsp.CompletionOptions(trigger_characters=_TRIGGERS, resolve_provider=False),
    )
    def complete(server: JournalServer, params: lsp.CompletionParams) -> lsp.CompletionList:
        place = server.place(params.text_document.uri, params.position)
        if place is None:
            return lsp.CompletionList(is_incomplete=False, items=[])
        found = place.assistant.complete(place.document, place.cell, place.at)
        items = [_item(place, number, one) for number, one in enumerate(found)]
        return lsp.CompletionList(is_incomplete=True, items=items)

    @made.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(server: JournalServer, params: lsp.HoverParams) -> lsp.Hover | None:
        place = server.place(params.text_document.uri, params.position)
        found = place and place.assistant.hover(place.document, place.cell, place.at)
        if not place or not found:
            return None
        where = place.range(found.start, found.end)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found.markdown), where)

    @made.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.RefactorRewrite]),
    )
    def actions(server: JournalServer, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return _begin_a_note(server, params.text_document.uri, params.range.start)

    @made.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(server: JournalServer, params: lsp.DidOpenTextDocumentParams) -> None:
        server.saved(params.text_document.uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(server: JournalServer, params: lsp.DidSaveTextDocumentParams) -> None:
        server.saved(params.text_document.uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(server: JournalServer, params: lsp.DidCloseTextDocumentParams) -> None:
        server._publish(params.text_document.uri, [])

    @made.feature(lsp.NOTEBOOK_DOCUMENT_DID_OPEN)
    def notebook_opened(server: JournalServer, params: lsp.DidOpenNotebookDocumentParams) -> None:
        server.saved(params.notebook_document.uri)

    @made.feature(lsp.NOTEBOOK_DOCUMENT_DID_SAVE)
    def notebook_saved(server: JournalServer, params: lsp.DidSaveNotebookDocumentParams) -> None:
        server.saved(params.notebook_document.uri)

    return made


async def _findings(root: Path) -> list[dict[str, Any]] | None:
    """The findings of `weeknotes check` in the journal at ``root``, in a process of its own, so that
    typing waits for nothing; None where it could not be run."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "weeknotes", "check", "--json", "--quiet"),
        cwd=root,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    try:
        found = json.loads(output)
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def _item(place: _Place, number: int, one: Candidate) -> lsp.CompletionItem:
    """``one`` as the protocol has it. Order and choice are ours: an editor compares ``filter_text``
    with what was typed, and that may be an author, of whom nothing is in what will be written."""
    typed = place.document.cells[place.cell].text[one.start : place.at]
    return lsp.CompletionItem(
        label=one.label or one.text,
        label_details=lsp.CompletionItemLabelDetails(description=one.detail),
        kind=_KINDS[one.kind],
        detail=f"{one.detail} · unread" if one.unread else one.detail,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, one.about) if one.about else None,
        sort_text=f"{number:04}",
        filter_text=place.written(typed),
        insert_text_format=lsp.InsertTextFormat.PlainText,
        text_edit=lsp.TextEdit(place.range(one.start, one.end), place.written(one.text)),
    )


def _begin_a_note(server: JournalServer, uri: str, position: lsp.Position) -> list[lsp.CodeAction]:
    """The action that begins a note on the paper cited at ``position``: a text at the end of the cell,
    for the editor to put in."""
    place = server.place(uri, position)
    if place is None or place.document.cells[place.cell].kind != "markdown":
        return []
    text = place.document.cells[place.cell].text
    one = citation_at(text, place.at)
    place.assistant.load()
    paper = place.assistant.papers.get(one.key) if one and not one.is_cross_reference else None
    if paper is None:
        return []
    try:
        note = place.assistant.note(paper.key)
    except WeeknotesError as error:
        server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, str(error)))
        return []
    gap = "\n" * (2 - (len(text) - len(text.rstrip("\n")))) if text.strip() else ""
    where = place.range(len(text), len(text))
    edit = lsp.TextEdit(where, place.written(f"{gap}{note}\n"))
    known = "another note" if paper.key in place.assistant.names.notes else "a note"
    return [
        lsp.CodeAction(
            title=f"Begin {known} on “{paper.title}”",
            kind=lsp.CodeActionKind.RefactorRewrite,
            edit=lsp.WorkspaceEdit(changes={uri: [edit]}),
        )
    ]


# Places of the protocol


def _path(uri: str) -> Path | None:
    """The file of ``uri``, that of a cell's notebook included (``vscode-notebook-cell:``)."""
    scheme, colon, rest = uri.partition(":")
    if not colon or scheme not in ("file", "vscode-notebook-cell"):
        return None
    path = to_fs_path("file:" + rest.partition("#")[0])
    return Path(path) if path and path.endswith(_SUFFIXES) else None


def _is_json(uri: str, source: str) -> bool:
    return uri.partition("#")[0].endswith(".ipynb") and source.lstrip("\ufeff \t\r\n").startswith(
        "{"
    )
