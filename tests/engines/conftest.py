"""The corpus as the built-in renderer renders it, and an empty project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from engine_projects import Journal, Results, copy_corpus, render_all

from weeknotes.journal.project import Project


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The corpus, which no test changes."""
    return copy_corpus(tmp_path_factory.mktemp("corpus") / "project")


@pytest.fixture(scope="session")
def corpus_pages(corpus: Project, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The corpus as the built-in renderer renders it."""
    return render_all(corpus, tmp_path_factory.mktemp("work"))


@pytest.fixture
def bench(tmp_path: Path) -> Journal:
    """An empty project to put sources into."""
    return Journal(tmp_path)


@pytest.fixture
def code() -> Callable[..., dict[str, Any]]:
    """Makes code cells."""

    def make(source: str, *outputs: dict[str, Any], id: str = "c", tags: Sequence[str] = ()) -> Any:
        return {
            "cell_type": "code",
            "execution_count": 1,
            "id": id,
            "metadata": {"tags": list(tags)} if tags else {},
            "outputs": list(outputs),
            "source": source,
        }

    return make
