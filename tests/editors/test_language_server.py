"""The language server, spoken with as an editor does: a process, over standard input and output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from tests.editors.conftest import Client

from weeknotes.journal.project import Project


def edited(text: str, item: lsp.CompletionItem) -> str:
    """``text`` (one line or more, of letters that UTF-16 counts once) with ``item`` put in."""
    edit = item.text_edit
    assert isinstance(edit, lsp.TextEdit)
    lines = text.split("\n")
    line = lines[edit.range.start.line]
    start, end = edit.range.start.character, edit.range.end.character
    lines[edit.range.start.line] = line[:start] + edit.new_text + line[end:]
    return "\n".join(lines)


def test_a_text_is_completed_and_an_unread_paper_goes_first(desk: Project, talk: Any) -> None:
    text = "The lamp warms the room.\n\nIt moves [@mirror] then.\n"

    async def conversation(client: Client) -> list[lsp.CompletionItem]:
        uri = client.show(desk.journal / "thoughts.md", text)
        return await client.items(uri, 2, len("It moves [@mirror"))

    items = talk(conversation)
    assert [item.label for item in items] == [
        "鏡面漂移測量",
        "Thermal drift of mirror mounts",
        "A mirror that does not drift",
    ]
    assert "unread" in (items[0].detail or "") and "unread" not in (items[2].detail or "")
    assert edited(text, items[2]).split("\n")[2] == "It moves [@moreau2022mirror] then."
    # The editor must not sort them again, nor drop those whose key begins otherwise.
    assert [item.sort_text for item in items] == sorted(item.sort_text or "" for item in items)
    assert {item.filter_text for item in items} == {"@mirror"}


def test_the_server_follows_what_is_typed(desk: Project, talk: Any) -> None:
    async def conversation(client: Client) -> list[str]:
        uri = client.show(desk.journal / "thoughts.md", "😀 온도 @")
        change = lsp.TextDocumentContentChangePartial(
            range=lsp.Range(lsp.Position(0, 7), lsp.Position(0, 7)), text="박2021"
        )
        client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(2, uri), [change])
        )
        return [edited("xx 온도 @박2021", item) for item in await client.items(uri, 0, 12)]

    assert talk(conversation) == ["xx 온도 @park2021georyu"]


@pytest.mark.parametrize(
    ("encoding", "character"),
    [(lsp.PositionEncodingKind.Utf8, 4 + 1), (lsp.PositionEncodingKind.Utf32, 1 + 1)],
)
def test_positions_are_counted_as_agreed(
    desk: Project, talk: Any, encoding: lsp.PositionEncodingKind, character: int
) -> None:
    async def conversation(client: Client) -> lsp.Range:
        uri = client.show(desk.journal / "thoughts.md", "😀 @mor")
        (item,) = await client.items(uri, 0, character + 4)
        assert isinstance(item.text_edit, lsp.TextEdit)
        return item.text_edit.range

    found = talk(conversation, encoding)
    assert found == lsp.Range(lsp.Position(0, character), lsp.Position(0, character + 4))


def test_a_notebook_of_the_editor_is_one_document(desk: Project, talk: Any) -> None:
    """As VS Code sends it: a label of one cell is known in another, findings go to their cells."""
    path = desk.journal / "2026" / "2026-W47.ipynb"
    sources = ["".join(c["source"]) for c in json.loads(path.read_text("utf-8"))["cells"]]
    sources.append("![The bench](b.png){#fig-bench}\n\nSee @fig")

    async def conversation(client: Client) -> tuple[Any, ...]:
        kinds = [lsp.NotebookCellKind.Code, *[lsp.NotebookCellKind.Markup] * 3]
        uris = [f"vscode-notebook-cell:{path.as_posix()}#W{n}" for n in range(4)]
        client.notebook_document_did_open(
            lsp.DidOpenNotebookDocumentParams(
                lsp.NotebookDocument(
                    path.as_uri(),
                    "jupyter-notebook",
                    1,
                    [lsp.NotebookCell(k, u) for k, u in zip(kinds, uris, strict=True)],
                ),
                [
                    lsp.TextDocumentItem(u, "raw" if n == 0 else "markdown", 1, source)
                    for n, (u, source) in enumerate(zip(uris, sources, strict=True))
                ],
            )
        )
        labels = await client.items(uris[3], 2, len("See @fig"))
        hover = await client.text_document_hover_async(
            lsp.HoverParams(lsp.TextDocumentIdentifier(uris[1]), lsp.Position(0, 40))
        )
        return labels, hover, await client.findings(uris[2]), await client.findings(uris[1])

    labels, hover, wrong, fine = talk(conversation)
    assert [(i.label, i.detail) for i in labels if i.label == "fig-bench"] == [
        ("fig-bench", "The bench")
    ]
    assert "Zoé Moreau" in hover.contents.value
    assert "Ask her about the glue." in hover.contents.value
    assert fine == []
    (finding,) = wrong
    assert (finding.code, finding.source) == ("citation-unknown", "weeknotes")
    assert "lindgren2019drift" in finding.message
    assert finding.range.start == lsp.Position(0, 0)


def test_the_json_of_a_notebook_is_completed_too(desk: Project, talk: Any) -> None:
    """As Neovim shows it without a plugin. What is put in is escaped as JSON has it."""
    path = desk.journal / "2026" / "2026-W47.ipynb"
    text = path.read_text("utf-8").replace("it moves.", 'it \\"moves\\" @moreau')
    line = next(n for n, one in enumerate(text.split("\n")) if "@moreau\\n" in one)
    character = text.split("\n")[line].index("@moreau\\n") + len("@moreau")

    async def conversation(client: Client) -> tuple[Any, ...]:
        uri = client.show(path, text, "json")
        items = await client.items(uri, line, character)
        outside = await client.items(uri, 0, 1)
        wrong = await client.findings(uri)
        actions = await client.text_document_code_action_async(
            lsp.CodeActionParams(
                lsp.TextDocumentIdentifier(uri),
                lsp.Range(lsp.Position(line, character), lsp.Position(line, character)),
                lsp.CodeActionContext([]),
            )
        )
        return items, outside, wrong, actions

    items, outside, wrong, _ = talk(conversation)
    new = json.loads(edited(text, items[0]))
    assert "".join(new["cells"][2]["source"]) == (
        'As in [@lindgren2018drift], it "moves" @moreau2022mirror\n'
    )
    assert outside == []
    (finding,) = wrong
    assert "lindgren2018drift" in text.split("\n")[finding.range.start.line]


def test_a_note_is_begun_where_the_paper_is_cited(desk: Project, talk: Any) -> None:
    path = desk.journal / "thoughts.md"
    text = "It was seen [@lindgren2019drift].\n"
    path.write_text(text, "utf-8")

    async def conversation(client: Client) -> Any:
        uri = client.show(path)
        at = lsp.Range(lsp.Position(0, 20), lsp.Position(0, 20))
        return uri, await client.text_document_code_action_async(
            lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), at, lsp.CodeActionContext([]))
        )

    uri, (action,) = talk(conversation)
    assert action.title == "Begin a note on “Thermal drift of mirror mounts”"
    (edit,) = action.edit.changes[uri]
    assert edit.range.start == edit.range.end == lsp.Position(1, 0)
    assert edit.new_text.startswith("\n## Thermal drift of mirror mounts [@lindgren2019drift]\n")
    # The editor changes the text; the file is its author's.
    assert path.read_text("utf-8") == text


def test_findings_go_when_they_are_mended(desk: Project, talk: Any) -> None:
    path = desk.journal / "thoughts.md"
    path.write_text("---\ntitle: Thoughts\n---\n\nIt was seen [@lindgren].\n", "utf-8")

    async def conversation(client: Client) -> tuple[Any, Any]:
        uri = client.show(path)
        before = await client.findings(uri)
        path.write_text("---\ntitle: Thoughts\n---\n\nIt was seen.\n", "utf-8")
        client.published.clear()
        client.text_document_did_save(
            lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri))
        )
        return before, await client.findings(uri)

    before, after = talk(conversation)
    assert [finding.code for finding in before] == ["citation-unknown"]
    assert before[0].range == lsp.Range(lsp.Position(4, 0), lsp.Position(4, 24))
    assert after == []


def test_a_file_outside_of_any_journal_gets_no_help(talk: Any, tmp_path: Path) -> None:
    async def conversation(client: Client) -> Any:
        uri = client.show(tmp_path / "elsewhere.md", "see [@mirror")
        where = lsp.TextDocumentPositionParams
        hover = await client.text_document_hover_async(
            lsp.HoverParams(lsp.TextDocumentIdentifier(uri), lsp.Position(0, 7))
        )
        return await client.items(uri, 0, 12), hover, where

    items, hover, _ = talk(conversation)
    assert (items, hover) == ([], None)


def test_without_its_package_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    from weeknotes.cli import main

    monkeypatch.setitem(sys.modules, "weeknotes.editors.language_server", None)
    monkeypatch.delitem(sys.modules, "weeknotes.editors.language_server")
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    assert main(["language-server"]) == 2
    assert "pip install 'weeknotes[editor]'" in capsys.readouterr().err


Conversation = Callable[[Client], Any]
