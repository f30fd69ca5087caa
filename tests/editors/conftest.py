"""A journal to write in, and a real client that speaks with the language server over stdio."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import BaseLanguageClient

from weeknotes.journal.project import Project

Value = TypeVar("Value")

LIBRARY = [
    {
        "id": "lindgren2019drift",
        "type": "article-journal",
        "title": "Thermal drift of mirror mounts",
        "author": [
            {"family": "Lindgren", "given": "Åsa"},
            {"family": "Okoye", "given": "Ada"},
        ],
        "issued": {"date-parts": [[2019]]},
        "container-title": "Optics Notes",
        "DOI": "10.5555/drift.19",
        "abstract": "Mounts drift with the temperature of the room, <i>not</i> with that of the lamp.",
        "custom": {"date-added": "2026-10-01"},
    },
    {
        "id": "park2021georyu",
        "type": "article-journal",
        "title": "거울 정렬의 온도 의존성",
        "author": [{"family": "박", "given": "서윤"}],
        "issued": {"date-parts": [[2021]]},
        "custom": {"date-added": "2026-11-02"},
    },
    {
        "id": "MirrorBook",
        "type": "book",
        "title": "鏡面漂移測量",
        "author": [{"family": "歐陽", "given": "明"}],
        "issued": {"date-parts": [[2020]]},
        "custom": {"date-added": "2026-11-09"},
    },
    {
        "id": "moreau2022mirror",
        "type": "article-journal",
        "title": "A mirror that does not drift",
        "author": [{"family": "Moreau", "given": "Zoé"}],
        "issued": {"date-parts": [[2022]]},
        "custom": {"date-added": "2026-11-16"},
    },
]


def cell(kind: str, source: str, name: str) -> dict[str, Any]:
    """A cell of nbformat 4.5."""
    made: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def notebook(*cells: dict[str, Any]) -> str:
    """The JSON of a notebook as JupyterLab writes it: a line of a cell is a line of the file."""
    for one in cells:
        one["source"] = str(one["source"]).splitlines(keepends=True)
    value = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


@pytest.fixture
def desk(journal: Project) -> Project:
    """A journal with a library in three languages and a week that has a note on one of its papers."""
    journal.library_path.write_text(json.dumps(LIBRARY, ensure_ascii=False), "utf-8")
    folder = journal.journal / "2026"
    folder.mkdir(parents=True, exist_ok=True)
    front = "---\ntitle: The week of the mirror\ndate: 2026-11-16\nweek: 2026-W47\nlang: en\n---"
    note = (
        "## A mirror that does not drift [@moreau2022mirror]\n\n"
        "[optics]{.tag} [거울]{.tag}\n\n"
        "- **Claim:** the mount is of one piece\n- **I doubt:** \n\n> Ask her about the glue.\n"
    )
    (folder / "2026-W47.ipynb").write_text(
        notebook(
            cell("raw", front, "front"),
            cell("markdown", note, "note"),
            cell("markdown", "As in [@lindgren2018drift], it moves.\n", "cites"),
        ),
        "utf-8",
    )
    return journal


class Client(BaseLanguageClient):
    """A client that keeps what the server publishes."""

    def __init__(self) -> None:
        super().__init__("a test", "1")
        self.published: dict[str, list[lsp.Diagnostic]] = {}
        self.came = asyncio.Event()
        self.messages: list[str] = []

        @self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _publish(client: Client, params: lsp.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = list(params.diagnostics)
            self.came.set()

        @self.feature(lsp.WINDOW_SHOW_MESSAGE)
        def _message(client: Client, params: lsp.ShowMessageParams) -> None:
            self.messages.append(params.message)

    async def findings(self, uri: str) -> list[lsp.Diagnostic]:
        """What was published about ``uri``, once that is there."""
        async with asyncio.timeout(60):
            while uri not in self.published:
                self.came.clear()
                await self.came.wait()
        return self.published[uri]

    def show(self, path: Path, text: str | None = None, language: str = "markdown") -> str:
        """Open a text document, and return its URI."""
        uri = path.as_uri()
        shown = path.read_text("utf-8") if text is None else text
        item = lsp.TextDocumentItem(uri, language, 1, shown)
        self.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return uri

    async def items(self, uri: str, line: int, character: int) -> list[lsp.CompletionItem]:
        """What the server offers there."""
        found = await self.text_document_completion_async(
            lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), lsp.Position(line, character))
        )
        assert isinstance(found, lsp.CompletionList)
        return list(found.items)


@asynccontextmanager
async def _started(root: Path, encoding: lsp.PositionEncodingKind | None) -> AsyncIterator[Client]:
    client = Client()
    await client.start_io(sys.executable, "-m", "weeknotes", "language-server", "--stdio", cwd=root)
    general = lsp.GeneralClientCapabilities(position_encodings=[encoding] if encoding else None)
    await client.initialize_async(
        lsp.InitializeParams(
            capabilities=lsp.ClientCapabilities(
                general=general,
                notebook_document=lsp.NotebookDocumentClientCapabilities(
                    lsp.NotebookDocumentSyncClientCapabilities()
                ),
            )
        )
    )
    client.initialized(lsp.InitializedParams())
    yield client
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()


@pytest.fixture
def talk(desk: Project) -> Callable[..., Any]:
    """A function that runs a conversation with a server of its own."""

    def run(
        conversation: Callable[[Client], Awaitable[Value]],
        encoding: lsp.PositionEncodingKind | None = None,
    ) -> Value:
        async def whole() -> Value:
            async with _started(desk.root, encoding) as client:
                return await conversation(client)

        # In a thread of its own: the browser of other tests has a loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(whole())).result()

    return run
