"""Both readings of a notebook, the scanner's and pandoc's, are compared whatever its text holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from weeknotes.privacy.readings import Readings, agreed


@pytest.mark.parametrize("text", ["See [this]() for it.", "![](figures/)", "[a]() and <b>c</b>"])
def test_an_address_that_names_no_file_does_not_keep_cells_back(tmp_path: Path, text: str) -> None:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": f"It includes bells. {text}"}]
    cut, readings = agreed(tmp_path, {"cells": cells})
    assert readings == Readings()
    assert cut.notebook["cells"] == cells


def test_no_answer_of_pandoc_is_remembered_that_another_time_may_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "Ring [it]{.private} loudly."}]
    with monkeypatch.context() as broken:
        broken.setattr("weeknotes.text.pandoc.pandoc_path", lambda: "/bin/false")
        _, readings = agreed(tmp_path, {"cells": cells})
    assert readings.cells == {1}
    _, readings = agreed(tmp_path, {"cells": cells})
    assert readings == Readings()
