"""What all tests share: every notebook is held to nbformat, and a journal to work in."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from weeknotes import project
from weeknotes.scaffold import init

REPOSITORY = Path(__file__).resolve().parent.parent
# Where the repository's own notebooks stand; not its environment, and not what a build left.
NOTEBOOK_FOLDERS = ("journal", "notebooks", "src", "tests")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "invalid_notebooks: writes notebooks that are not valid, on purpose"
    )


def validate(path: Path) -> None:
    """Raise unless the notebook at ``path`` is valid, its cell ids distinct."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        node = nbformat.reads(path.read_text("utf-8-sig"), as_version=nbformat.NO_CONVERT)
        nbformat.validate(node)


@pytest.fixture(scope="session", autouse=True)
def _repository_notebooks_are_valid() -> None:
    for folder in NOTEBOOK_FOLDERS:
        for path in sorted((REPOSITORY / folder).rglob("*.ipynb")):
            if ".ipynb_checkpoints" not in path.parts and "broken" not in path.name:
                validate(path)


@pytest.fixture(autouse=True)
def _written_notebooks_are_valid(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each notebook that a test leaves in its ``tmp_path`` must be valid."""
    # Asked for before the test, so that it is still there afterwards.
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is None or request.node.get_closest_marker("invalid_notebooks"):
        return
    for path in sorted(folder.rglob("*.ipynb")):
        validate(path)


@pytest.fixture
def journal(tmp_path: Path) -> project.Project:
    """A new journal, empty but for what ``weeknotes init`` puts into one."""
    init(tmp_path / "journal", title="Reading log", author="Kim Minji", lang="en")
    return project.find(tmp_path / "journal")


@pytest.fixture(autouse=True, scope="session")
def _own_jupyter_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Kernels neither read nor write what the person who runs the tests keeps for Jupyter."""
    folder = tmp_path_factory.mktemp("jupyter")
    names = {"IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data"}
    before = {name: os.environ.get(name) for name in names}
    for name, place in names.items():
        os.environ[name] = str(folder / place)
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
