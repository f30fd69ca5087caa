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
