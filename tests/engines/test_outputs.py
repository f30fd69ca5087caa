"""What cells showed is on the page, or a line in its place and a message say what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_projects import Journal

from weeknotes.engines import stills
from weeknotes.engines.interactive import interactive
from weeknotes.engines.prepared import Preparation

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
VEGA = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "mark": "line"}
ALTAIR = f"""<div id="altair-viz-1"></div><script type="text/javascript">
(function(spec, embedOpt){{ vegaEmbed("#altair-viz-1", spec, embedOpt); }})({json.dumps(VEGA)}, {{}});
</script>"""
PLOTLY_HTML = """<div><div id="p" class="plotly-graph-div"></div>
<script>Plotly.newPlot("p", [{"type": "bar", "y": [3, 5]}], {});</script></div>"""


def display(**data: Any) -> dict[str, Any]:
    """An output with these representations; the names of types are written with underscores."""
    names = {
        "html": "text/html",
        "text": "text/plain",
        "png": "image/png",
        "markdown": "text/markdown",
    }
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {names.get(name, name): value for name, value in data.items()},
    }


def shown(output: dict[str, Any], lang: str = "en") -> tuple[list[Any], Preparation]:
    """The outputs that stand for one, and the preparation that made them."""
    preparation = Preparation("a.ipynb", lang)
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": "", "outputs": [output]}
    (made,) = preparation.cells([cell], [7])
    return made["outputs"], preparation


@pytest.fixture(autouse=True)
def _no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stills, "is_available", lambda kind: False)


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (display(html=ALTAIR, text="alt.Chart(...)"), "Vega"),
        (display(html=PLOTLY_HTML), "Plotly"),
        (display(**{"application/vnd.plotly.v1+json": {"data": [], "layout": {}}}), "Plotly"),
        (display(**{"application/vnd.vegalite.v5.20.1+json": VEGA}), "Vega"),
        (display(html='<div id="b1"></div><script>Bokeh.embed()</script>'), "Bokeh"),
        (
            display(
                html='<div><iframe srcdoc="&lt;script&gt;L.map()&lt;/script&gt;"></iframe></div>'
            ),
            "map",
        ),
        (display(html="<canvas></canvas><script>draw()</script>"), "script"),
        (display(**{"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}), "widget"),
        (display(**{"application/geo+json": {"type": "Point"}}), "GeoJSON"),
    ],
)
def test_an_interactive_figure_without_a_still_leaves_a_line_and_a_warning(
    output: dict[str, Any], kind: str
) -> None:
    (made,), preparation = shown(output)
    assert list(made["data"]) == ["text/html"]
    assert f"Interactive figure ({kind})" in made["data"]["text/html"]
    assert "{" not in made["data"]["text/html"]
    (warning,) = preparation.warnings
    assert (warning.file, warning.cell, warning.rule) == ("a.ipynb", 7, "output-interactive")
    # The still image in the same bundle comes first.
    output["data"]["image/png"] = PNG
    (made,), preparation = shown(output)
    assert (made["data"], preparation.warnings) == ({"image/png": PNG}, [])


def test_the_line_is_in_the_pages_language_and_holds_the_sign_of_the_output() -> None:
    (made,), _ = shown(display(html=ALTAIR, text="alt.LayerChart(...)"), "ko")
    assert "정지 이미지" in made["data"]["text/html"]
    assert "<code>alt.LayerChart(...)</code>" in made["data"]["text/html"]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>1</td></tr></table><script>sort()</script>",
        "<p>words</p><script>more()</script>",
        '<svg><path d="M0 0"/></svg><script>zoom()</script>',
        '<iframe src="https://www.youtube.com/embed/x"></iframe><script></script>',
    ],
)
def test_what_shows_without_its_script_is_kept(html: str) -> None:
    assert interactive({"text/html": html}) is None


def test_what_only_loads_a_library_shows_nothing() -> None:
    for output in (
        display(html="<script>require.config({})</script>"),
        display(**{"application/vnd.bokehjs_load.v0+json": "x", "application/javascript": "y"}),
    ):
        assert shown(output)[0] == []


def test_a_bar_of_progress_is_its_text() -> None:
    bar = "100%|██████████| 50/50 [00:03<00:00, 16.1it/s]"
    (made,), preparation = shown(
        display(text=bar, **{"application/vnd.jupyter.widget-view+json": {"model_id": "1"}})
    )
    assert (made["data"], preparation.warnings) == ({"text/plain": bar}, [])


def test_json_that_is_displayed_is_text_and_other_data_a_line() -> None:
    (made,), _ = shown(
        display(text="<IPython.core.display.JSON object>", **{"application/json": {"a": 1}})
    )
    assert made["data"] == {"text/plain": '{\n  "a": 1\n}'}
    (made,), preparation = shown(display(**{"application/pdf": "JVBERi0xLjQ="}))
    assert "JVBER" not in made["data"]["text/html"]
    assert "application/pdf" in preparation.warnings[0].message


def test_the_figure_in_a_script_is_read() -> None:
    altair, plotly = interactive({"text/html": ALTAIR}), interactive({"text/html": PLOTLY_HTML})
    assert altair and altair.spec == VEGA
    assert plotly and plotly.spec["data"] == [{"type": "bar", "y": [3, 5]}]


def test_a_still_is_made_by_a_library_of_the_environment_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that answers as vl-convert does: the real one has 84 MB."""
    (tmp_path / "vl_convert.py").write_text(
        "import pathlib\n"
        "def vegalite_to_svg(spec, allowed_base_urls=None):\n"
        "    assert allowed_base_urls == []\n"
        "    pathlib.Path(__file__).with_name('calls').open('a').write('x')\n"
        "    if spec['mark'] == 'broken': raise ValueError('no such mark')\n"
        '    return f\'<svg xmlns="http://www.w3.org/2000/svg">{spec["mark"]}</svg>\'\n'
    )
    monkeypatch.undo()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    maker = stills.Stills(tmp_path / "kept")
    assert "line" in (maker.svg("Vega", VEGA) or "")
    assert "line" in (maker.svg("Vega", VEGA) or "")
    assert maker.svg("Vega", {**VEGA, "mark": "broken"}) is None
    assert maker.svg("Vega", {**VEGA, "mark": "broken"}) is None
    assert (tmp_path / "calls").read_text() == "xx"


def test_boxes_with_which_an_output_unfolds_stay_usable(
    bench: Journal, code: Callable[..., Any]
) -> None:
    fold = '<div><input id="f1" type="checkbox"><label for="f1">Scaler</label><pre>x</pre></div>'
    bench.notebook("journal/a.ipynb", code("pipe", display(html=fold)), "- [ ] a task")
    body = bench.page().body
    assert '<input id="f1" type="checkbox">' in body
    assert body.count("disabled") == 1


def test_an_older_notebook_is_converted_as_it_is_read(bench: Journal) -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "old"},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Old heading"]},
                    {
                        "cell_type": "code",
                        "collapsed": False,
                        "input": ["6 * 7"],
                        "language": "python",
                        "metadata": {},
                        "outputs": [
                            {
                                "output_type": "pyout",
                                "prompt_number": 1,
                                "metadata": {},
                                "text": ["42"],
                            }
                        ],
                    },
                ],
            }
        ],
    }
    bench.write("journal/a.ipynb", json.dumps(old))
    first, second = bench.page(), bench.page()
    assert first.meta["title"] == "Old heading"
    assert "42" in first.body
    assert first.body == second.body
    assert [w.rule for w in first.warnings] == ["notebook-format"]


@pytest.mark.invalid_notebooks
def test_two_cells_of_one_id_are_both_on_the_page(bench: Journal) -> None:
    cell = {"cell_type": "markdown", "id": "same", "metadata": {}}
    bench.notebook("journal/a.ipynb", {**cell, "source": "upper"}, {**cell, "source": "lower"})
    page = bench.page()
    assert "upper" in page.body
    assert "lower" in page.body
    (warning,) = page.warnings
    assert (warning.cell, warning.rule) == (3, "cell-id-duplicate")


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": "python"},
        {"kernelspec": {"language": 3}},
        {"language_info": []},
        {"kernelspec": None},
    ],
)
def test_metadata_of_any_kind_do_not_stop_a_page(metadata: dict[str, Any], bench: Journal) -> None:
    cell = {"cell_type": "code", "id": "c", "metadata": {"tags": "x", "label": 3}, "outputs": []}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata,
        "cells": [{**cell, "execution_count": None, "source": "words = 1"}],
    }
    bench.write("journal/a.ipynb", json.dumps(notebook))
    assert "words" in bench.page().body


def test_a_footnote_that_nothing_refers_to_is_told(bench: Journal) -> None:
    bench.notebook(
        "journal/a.ipynb", "Words[^a] of one cell.", "[^a]: shown\n\n[^b]: lost words\n\n`[^b]`"
    )
    page = bench.page()
    assert "shown" in page.body
    (warning,) = page.warnings
    assert (warning.cell, warning.line, warning.rule) == (3, 3, "reference-missing")
    assert "[^b]" in warning.message


@pytest.mark.invalid_notebooks
def test_an_older_notebook_may_lack_parts(bench: Journal) -> None:
    for old in (
        {"nbformat": 3, "worksheets": [{}]},
        {"nbformat": 3, "metadata": {}},
        {"nbformat": 2, "worksheets": [{"cells": []}]},
    ):
        bench.write("journal/a.ipynb", json.dumps(old))
        assert bench.page().body.strip() == ""


def value(text: str, *others: dict[str, Any]) -> list[Any]:
    """The outputs that stand for the value ``text`` of a cell and its other outputs."""
    result = {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": text},
    }
    outputs = [result, *others]
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": "", "outputs": outputs}
    (made,) = Preparation("a.ipynb").cells([cell], [7])
    return made["outputs"]


@pytest.mark.parametrize(
    "text",
    [
        "[<matplotlib.lines.Line2D at 0x7f1>]",
        "Text(0.5, 1.0, 'Drift by hour (s)')",
        "(<Figure size 640x480 with 1 Axes>, <Axes: title={'center': 'A'}>)",
        "{'whiskers': [<matplotlib.lines.Line2D object at 0x1>], 'caps': []}",
        "array([<Axes: >, <Axes: >], dtype=object)",
    ],
)
def test_the_objects_that_a_plot_returns_are_left_out_beside_it(text: str) -> None:
    figure = display(png=PNG)
    assert value(text, figure) == [figure]


@pytest.mark.parametrize(
    "text", ["(3.2, 0.1)", "[1, 2]", "(array([4., 2.]), <BarContainer object of 2 artists>)"]
)
def test_other_values_beside_a_figure_are_text_that_both_engines_keep(text: str) -> None:
    figure = display(png=PNG)
    kept, same = value(text, figure)
    assert kept == {"output_type": "stream", "name": "stdout", "text": f"{text}\n"}
    assert same == figure


def test_a_value_without_a_figure_stays_as_it_is() -> None:
    (kept,) = value("(3.2, 0.1)")
    assert kept["output_type"] == "execute_result"
