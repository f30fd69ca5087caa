"""Interactive figures in sandboxed frames, where the journal's owner allows them, and local frames."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from engine_projects import Journal

from weeknotes.engines import frames, stills
from weeknotes.engines.frames import Frames, NoFrameError, frames_of
from weeknotes.engines.interactive import Interactive
from weeknotes.errors import ProjectError

OWN = {"text/html": "<div id='z'></div><script>z.textContent = '</p>' + self.origin</script>"}
MAP = {
    "text/html": '<iframe height="300" srcdoc="&lt;script src=&quot;https://cdn.example.org/l.js&quot;'
    '&gt;&lt;/script&gt;&lt;div id=map&gt;&lt;/div&gt;"></iframe>',
    "text/plain": "<folium.folium.Map object>",
}


@pytest.fixture(autouse=True)
def _no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stills, "is_available", lambda kind: False)


def cell(**data: Any) -> dict[str, Any]:
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    return {
        "cell_type": "code",
        "id": "c1",
        "metadata": {},
        "execution_count": 1,
        "source": "fig",
        "outputs": [output],
    }


def allow(bench: Journal, value: str) -> None:
    bench.write("_quarto.yml", f"project:\n  type: website\nweeknotes:\n  interactive: {value}\n")


def test_without_leave_a_line_takes_the_place_of_an_interactive_figure(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", cell(**OWN))
    page = bench.page()
    assert "<iframe" not in page.body
    assert page.assets == {}
    assert [w.rule for w in page.warnings] == ["output-interactive"]


def test_with_leave_a_figure_is_in_a_sandboxed_frame_from_a_file_of_the_site(
    bench: Journal,
) -> None:
    allow(bench, "true")
    bench.notebook("journal/a.ipynb", cell(**OWN))
    page = bench.page()
    assert page.warnings == ()
    ((address, file),) = page.assets.items()
    assert f'src="{address.removeprefix("journal/")}"' in page.body
    assert 'sandbox="allow-scripts"' in page.body
    document = Path(file).read_text("utf-8")
    assert "default-src 'none'" in document
    assert "</p>" not in document  # It would end the script that it is in.


def test_a_figure_loads_from_other_hosts_only_what_its_owner_allows(bench: Journal) -> None:
    allow(bench, "true")
    bench.notebook("journal/a.ipynb", cell(**MAP))
    (warning,) = bench.page().warnings
    assert "https://cdn.example.org" in str(warning.hint)
    allow(bench, "{hosts: ['https://*.example.org']}")
    page = bench.page()
    assert page.warnings == ()
    assert "height: 320px" in page.body
    (file,) = page.assets.values()
    assert "https://*.example.org" in Path(file).read_text("utf-8")


@pytest.mark.parametrize("value", ["[a]", "{host: x}", "{hosts: ['http://a.org']}", "'yes'"])
def test_a_setting_that_makes_no_sense_is_an_error(value: str, bench: Journal) -> None:
    allow(bench, value)
    with pytest.raises(ProjectError, match="interactive"):
        frames_of(bench.project)


def test_a_figure_of_plotly_has_the_installed_library_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "plotly"
    (package / "package_data").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "package_data/plotly.min.js").write_text("window.Plotly = {}")
    monkeypatch.syspath_prepend(tmp_path)
    found = Interactive("Plotly", {"data": [{"y": [1]}], "layout": {"height": 300}})
    frame = Frames(tmp_path / "made").make(found, {})
    needed = frames.files_of(tmp_path / "made", frame.address)
    assert frame.height == 320
    assert [path.suffix for path in needed.values()] == [".html", ".js"]


def test_what_a_frame_lacks_is_named(tmp_path: Path) -> None:
    made = Frames(tmp_path)
    with pytest.raises(NoFrameError, match="modules"):
        made.make(Interactive("script"), {"text/html": "<script>require(['a'], f)</script>"})
    with pytest.raises(NoFrameError, match="JupyterLab"):
        made.make(Interactive("widget"), {"application/vnd.jupyter.widget-view+json": {}})


@pytest.mark.browser
def test_the_document_of_a_frame_runs_in_its_sandbox_and_nowhere_else(
    browser: Any, tmp_path: Path
) -> None:
    frame = Frames(tmp_path / frames.FOLDER).make(Interactive("script"), OWN)
    (tmp_path / "a.html").write_text(
        f'<iframe sandbox="allow-scripts" src="{frame.address}"></iframe>'
    )
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}"
    try:
        page = browser.new_page()
        page.goto(f"{at}/a.html")
        shown = page.frames[1].wait_for_selector("#z:not(:empty)").inner_text()
        page.goto(f"{at}/{frame.address}")
        alone = page.inner_text("body")
        page.close()
    finally:
        server.shutdown()
    assert shown == "</p>null"
    assert "within its page" in alone


@pytest.mark.parametrize("kind", ["iframe", "embed", "object"])
def test_a_frame_with_a_file_of_the_journal_is_on_the_page_and_so_is_its_file(
    kind: str, bench: Journal
) -> None:
    bench.write("journal/paper.pdf", "x")
    name = "data" if kind == "object" else "src"
    bench.notebook("journal/a.ipynb", f'<{kind} {name}="paper.pdf"></{kind}>')
    page = bench.page()
    assert '<iframe src="paper.pdf">' in page.body
    assert set(page.assets) == {"journal/paper.pdf"}


def test_an_html_file_in_a_frame_is_a_link_unless_figures_may_be_interactive(
    bench: Journal,
) -> None:
    bench.write("journal/plot.html", "<script>1</script>")
    bench.notebook("journal/a.ipynb", '<iframe src="plot.html"></iframe>')
    page = bench.page()
    assert '<a href="plot.html">plot.html</a>' in page.body
    assert set(page.assets) == {"journal/plot.html"}
    allow(bench, "true")
    page = bench.page()
    assert '<iframe src="plot.html" sandbox="allow-scripts">' in page.body


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('<iframe src="gone.html"></iframe>', "image-missing"),
        ('<iframe srcdoc="<b>x</b>"></iframe>', "page-warning"),
        ('<iframe src="data:text/html,x"></iframe>', "page-warning"),
    ],
)
def test_a_frame_that_would_stay_empty_is_named(text: str, rule: str, bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", f"a\n\n{text}")
    page = bench.page()
    assert "<iframe" not in page.body
    assert [(w.rule, w.cell) for w in page.warnings] == [(rule, 2)]


def test_frames_are_set_in_the_same_way_whatever_the_json_holds(tmp_path: Path) -> None:
    page = "<script>x = '\u2028</script>'"
    frame = Frames(tmp_path).make(Interactive("script"), {"text/html": page})
    text = (tmp_path / frame.address.partition("/")[2]).read_text("utf-8")
    written = text.partition("document.write(")[2].partition("); document.close")[0]
    assert json.loads(written) == page
