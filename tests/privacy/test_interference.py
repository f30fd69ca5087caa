"""What is private has no influence on what is published."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.privacy.interference import Journals, sites

JOURNALS = int(os.environ.get("WEEKNOTES_JOURNALS", "4"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(JOURNALS))
def test_a_journal_gives_the_site_that_it_gives_without_its_private_parts(
    tmp_path: Path, seed: int
) -> None:
    with_private, without = sites(Journals(seed).write(tmp_path))
    assert not [name for name, text in with_private.items() if "zecret" in text]
    assert with_private == without
