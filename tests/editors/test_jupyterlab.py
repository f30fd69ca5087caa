"""The extension in a real JupyterLab, in a real browser."""

from __future__ import annotations

import base64
import io
import json
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scripts import labextension
from tests.conftest import REPOSITORY
from tests.editors.conftest import LIBRARY, cell

from weeknotes.scaffold import init

LAB = REPOSITORY / ".venv-lab" / "bin" / "jupyter-lab"
NOTE = "## A mirror that does not drift [@moreau2022mirror]\n\nIt is of one piece.\n"
#: The extension is looked for by JupyterLab, the journal is opened, a kernel is started.
PATIENCE = 60_000
LIST = ".cm-tooltip-autocomplete"


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs in the journal at ``root``."""

    root: Path
    address: str
    token: str

    @property
    def week(self) -> Path:
        return self.root / "journal" / "2026" / "2026-W47.ipynb"

    def ask(self, what: str, data: bytes, token: str | None = None) -> tuple[int, Any]:
        """The status and the JSON that the server extension answers with."""
        request = urllib.request.Request(f"{self.address}/weeknotes/{what}", data, method="POST")
        request.add_header("Authorization", f"token {self.token if token is None else token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def complete(self, path: str, text: str, token: str | None = None) -> tuple[int, Any]:
        """What is offered behind ``text``."""
        units = len(text.encode("utf-16-le")) // 2
        cells = [{"kind": "markdown", "text": text}]
        value = {"path": path, "cells": cells, "cell": 0, "at": units}
        return self.ask("complete", json.dumps(value).encode(), token)


def week() -> str:
    """The JSON of a week, as JupyterLab writes it."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    tasks = "## Tasks\n\n- [ ] Glue the second mount\n"
    front = "---\ntitle: The week of the mirror\ndate: 2026-11-16\nweek: 2026-W47\nlang: en\n---"
    cells = [
        cell("raw", front, "front"),
        cell("markdown", NOTE, "note"),
        cell("markdown", "First words.", "words"),
        cell("markdown", "As in [@nobody2020].", "wrong"),
        cell("markdown", tasks, "tasks"),
    ]
    for one in cells:
        one["source"] = str(one["source"]).splitlines(keepends=True)
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    value = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(value, indent=1) + "\n"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    if not LAB.exists():
        pytest.skip("needs JupyterLab in .venv-lab: make .venv-lab/.ready")
    folder = tmp_path_factory.mktemp("lab")
    init(folder / "journal", title="Reading log", lang="en")
    root = folder / "journal"
    (root / "references.json").write_text(json.dumps(LIBRARY, ensure_ascii=False), "utf-8")
    (folder / "outside.md").write_text("It is not in the journal.", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Lab(root, f"http://127.0.0.1:{port}", secrets.token_hex(8))
    made.week.parent.mkdir(parents=True, exist_ok=True)
    made.week.write_text(week(), "utf-8")
    places = {f"JUPYTER_{n}_DIR": str(folder / n.lower()) for n in ("CONFIG", "DATA", "RUNTIME")}
    settings = folder / "config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [
            *(str(LAB), "--no-browser", "--allow-root", f"--port={port}", "--port-retries=0"),
            *(f"--IdentityProvider.token={made.token}", "--LabApp.news_url="),
        ],
        cwd=root,
        env=os.environ | places,
        stdout=log,
        stderr=log,
    )
    try:
        _wait(lambda: _answers(made), process)
        yield made
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _answers(lab: Lab) -> bool:
    try:
        with urllib.request.urlopen(f"{lab.address}/api", timeout=5):
            return True
    except OSError:
        return False


def _wait(done: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while not done():
        assert process.poll() is None and time.monotonic() < end, "JupyterLab does not start"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def page(browser: Any, lab: Lab) -> Iterator[Any]:
    """JupyterLab in the browser, with the week open and its kernel at rest. It is one for all tests,
    since opening it takes longer than all that they do."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown = context.new_page()
    shown.set_default_timeout(PATIENCE)
    shown.goto(f"{lab.address}/lab/tree/journal/2026/2026-W47.ipynb?token={lab.token}&reset")
    shown.wait_for_selector(".jp-Notebook .jp-MarkdownCell")
    # A kernel that comes up takes the focus out of a cell that one writes in.
    shown.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    yield shown
    context.close()


def write_in(page: Any, number: int) -> Any:
    """The Markdown cell ``number``, opened, with the cursor at its end, in a line of its own."""
    found = page.locator(".jp-Notebook .jp-MarkdownCell").nth(number)
    if "jp-mod-rendered" in found.get_attribute("class"):
        found.dblclick()
    found.locator(".cm-content").click()
    page.wait_for_selector(".jp-mod-editMode .jp-MarkdownCell.jp-mod-active .cm-focused")
    page.keyboard.press("Control+End")
    return found


def open_panel(page: Any) -> Any:
    """The panel of Weeknotes, open, whichever tests came before."""
    panel = page.locator(".wn-panel")
    if not panel.is_visible():
        page.locator('.jp-SideBar .lm-TabBar-tab[data-id="weeknotes-panel"]').click()
    panel.locator("h2").wait_for()
    return panel


def saved(page: Any, lab: Lab) -> None:
    """Save the week in JupyterLab."""
    before = lab.week.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    end = time.monotonic() + 30
    while lab.week.stat().st_mtime_ns == before or not _is_whole(lab.week):
        assert time.monotonic() < end, "it is not saved"
        time.sleep(0.1)


def _is_whole(path: Path) -> bool:
    """Whether JupyterLab has written all of the notebook."""
    try:
        return "cells" in json.loads(path.read_bytes())
    except ValueError:
        return False


def test_what_ships_is_what_the_source_builds() -> None:
    """`make labextension` builds it and records from what."""
    recorded = json.loads(labextension.RECORD.read_text("utf-8"))
    now = labextension.record()
    assert now["sources"] == recorded["sources"], "run make labextension, and commit what it makes"
    assert now["built"] == recorded["built"], "run make labextension, and commit what it makes"
    assert any(name.startswith("static/remoteEntry.") for name in now["built"])


@pytest.mark.browser
def test_a_paper_is_chosen_by_its_author_and_nothing_but_the_cell_changes(
    page: Any, lab: Lab
) -> None:
    before = lab.week.read_bytes()
    found = write_in(page, 1)
    page.keyboard.type(" 😀 See @박2021", delay=30)
    page.wait_for_selector(LIST)
    assert "거울 정렬의 온도 의존성" in page.locator(f"{LIST} li").first.inner_text()
    assert page.locator(f"{LIST} li").first.get_attribute("class") == "wn-unread"
    page.wait_for_selector(".cm-completionInfo .wn-about")
    page.keyboard.press("Enter")
    found.locator(".cm-line", has_text="@park2021georyu").wait_for()
    assert lab.week.read_bytes() == before
    saved(page, lab)
    old, new = json.loads(before)["cells"], json.loads(lab.week.read_bytes())["cells"]
    assert "".join(new[2]["source"]) == "First words. 😀 See @park2021georyu"
    assert [*new[:2], *new[3:]] == [*old[:2], *old[3:]]


@pytest.mark.browser
def test_escape_closes_the_list_and_writing_goes_on(page: Any) -> None:
    found = write_in(page, 1)
    page.keyboard.type(" [@mirror", delay=30)
    page.wait_for_selector(LIST)
    assert page.locator(f"{LIST} li").count() == 3
    page.keyboard.press("Escape")
    page.wait_for_selector(LIST, state="detached")
    page.keyboard.type("!")
    assert "[@mirror!" in found.locator(".cm-content").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("rendered", [True, False])
def test_pointing_at_a_citation_shows_the_paper(page: Any, rendered: bool) -> None:
    found = page.locator(".jp-Notebook .jp-MarkdownCell").nth(0)
    page.keyboard.press("Escape")
    if not rendered:
        write_in(page, 0)
    place = "h2" if rendered else ".cm-line"
    words = found.locator(place, has_text="@moreau2022mirror").first
    words.wait_for()
    box = words.evaluate(
        """element => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode()); ) {
            const at = node.data.indexOf('moreau');
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 6);
            const box = range.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
          }
        }"""
    )
    page.mouse.move(box[0], box[1])
    page.mouse.move(box[0] + 1, box[1])
    card = page.locator(".wn-about")
    card.wait_for()
    assert "Zoé Moreau. 2022. A mirror that does not drift." in card.inner_text()
    assert "It is of one piece." in card.inner_text()
    page.mouse.move(5, 5)
    card.wait_for(state="detached")


@pytest.mark.browser
@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_lands_in_its_week_with_a_caption_to_fill_in(
    page: Any, lab: Lab, way: str
) -> None:
    before = lab.week.read_bytes()
    found = write_in(page, 1)
    page.evaluate(_GIVE[way], base64.b64encode(picture(way)).decode())
    if way == "paste":
        page.keyboard.press("Control+v")
    stem = {"paste": "figure", "drop": "the-bench-측정"}[way]
    link = f"../../assets/images/2026-W47/{stem}.png"
    found.locator(".cm-line", has_text=link).wait_for()
    page.keyboard.type(f"It was {way}ed")
    assert (lab.root / f"assets/images/2026-W47/{stem}.png").read_bytes()[:4] == b"\x89PNG"
    assert lab.week.read_bytes() == before
    saved(page, lab)
    text = "".join(json.loads(lab.week.read_bytes())["cells"][2]["source"])
    assert f"\n\n![It was {way}ed]({link})" in text
    assert "attachment" not in lab.week.read_text("utf-8")


#: What puts a PNG (in base64) onto the clipboard, and what drops one at the end of the focused cell.
_GIVE = {
    "paste": """async data => {
      const blob = await (await fetch('data:image/png;base64,' + data)).blob();
      await navigator.clipboard.write([new ClipboardItem({'image/png': blob})]);
    }""",
    "drop": """async data => {
      const blob = await (await fetch('data:image/png;base64,' + data)).blob();
      const carried = new DataTransfer();
      carried.items.add(new File([blob], 'The bench, 측정.png', {type: 'image/png'}));
      const line = [...document.querySelectorAll('.jp-mod-active .cm-line')].pop();
      const box = line.getBoundingClientRect();
      const at = {clientX: box.right - 2, clientY: box.bottom - 3};
      line.dispatchEvent(new DragEvent('drop', {
        bubbles: true, cancelable: true, dataTransfer: carried, ...at
      }));
    }""",
}


def picture(text: str) -> bytes:
    """A PNG that is another for another ``text``."""
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (40, 20), (len(text) * 30, 90, 120)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.browser
def test_the_panel_shows_the_week_and_begins_a_note(page: Any, lab: Lab) -> None:
    page.keyboard.press("Escape")
    panel = open_panel(page)
    task = panel.locator("li", has_text="Glue the second mount")
    task.wait_for()
    assert "since 2026-W47" in task.inner_text()
    assert panel.locator("li", has_text="the library has no 'nobody2020'").count() == 1
    assert "Thermal drift of mirror mounts" in panel.inner_text()
    task.locator("button").click()
    active = page.locator(".jp-Notebook .jp-Cell.jp-mod-active", has_text="Glue the second mount")
    active.wait_for()
    before = lab.week.read_bytes()
    panel.locator("input").fill("박 2021")
    found = panel.locator("li", has_text="거울 정렬의 온도 의존성")
    panel.locator("li", has_text="Thermal").first.wait_for(state="detached")
    found.locator("button").click()
    begun = page.locator(".jp-mod-editMode .jp-Cell.jp-mod-active .cm-content")
    begun.wait_for()
    assert "[@park2021georyu]" in begun.inner_text() and "Claim:" in begun.inner_text()
    # Nothing is written until its author saves it.
    assert lab.week.read_bytes() == before


@pytest.mark.browser
def test_the_published_page_stands_beside_the_notebook_and_follows_it(page: Any, lab: Lab) -> None:
    open_panel(page).locator("button", has_text="Published page").click()
    shown = page.frame_locator(".jp-IFrame iframe")
    shown.locator("h2", has_text="A mirror that does not drift").wait_for()
    write_in(page, 0)
    page.keyboard.type("\n\nWords for the page.")
    saved(page, lab)
    shown.locator("p", has_text="Words for the page.").wait_for()
    # It is of another origin, so that its scripts reach nothing of JupyterLab's.
    address = page.locator(".jp-IFrame iframe").get_attribute("src")
    assert address.startswith("http://127.0.0.1:") and not address.startswith(lab.address)


def test_the_page_is_for_a_browser_on_this_machine(lab: Lab) -> None:
    question = {"path": "journal/2026/2026-W47.ipynb", "origin": "https://hub.example.org"}
    status, answer = lab.ask("page", json.dumps(question).encode())
    assert status == 409 and "weeknotes render" in answer["message"]
    assert lab.ask("page", json.dumps(question).encode(), "wrong")[0] == 403


def test_a_picture_is_kept_by_who_is_logged_in_and_for_a_file_of_the_journal(lab: Lab) -> None:
    data = picture("asked")
    there = lab.root / "assets" / "images" / "2026-W45"
    where = "picture?path=journal/2026/2026-W45.ipynb&name=../../x.png"
    assert lab.ask(where, data, "wrong")[0] == 403
    assert not there.exists()
    assert lab.ask("picture?path=../outside.md&name=x.png", data)[0] == 404
    status, answer = lab.ask(where, data)
    assert (status, answer["file"]) == (200, "assets/images/2026-W45/x.png")
    status, answer = lab.ask(where, b"<html>no picture</html>")
    assert status == 409 and "no picture" in answer["message"]


def test_only_who_is_logged_in_gets_an_answer(lab: Lab) -> None:
    assert lab.complete("journal/x.md", "@mirror")[0] == 200
    assert lab.complete("journal/x.md", "@mirror", "wrong")[0] == 403
    assert lab.complete("journal/x.md", "@mirror", "")[0] == 403


@pytest.mark.parametrize(
    "path",
    ["../outside.md", "/etc/hosts.md", "journal/../../outside.md", "references.json", "a\0.md"],
)
def test_nothing_outside_of_the_journal_is_looked_at(lab: Lab, path: str) -> None:
    assert lab.complete(path, "@mirror")[0] == 404


@pytest.mark.parametrize(
    "question",
    [b"", b"[]", b"{}", b'{"path": "journal/x.md", "cells": [], "cell": 0, "at": 0}'],
)
def test_a_question_that_is_none_is_refused(lab: Lab, question: bytes) -> None:
    assert lab.ask("complete", question)[0] == 400


def test_offsets_are_those_of_a_browser(lab: Lab) -> None:
    status, found = lab.complete("journal/x.md", "😀😀 @moreau")
    assert status == 200
    assert [(one["start"], one["end"]) for one in found["candidates"]] == [(5, 12)]
