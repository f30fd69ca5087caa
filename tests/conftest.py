"""What all tests share: every notebook is held to nbformat, and a journal to work in."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import settings

from weeknotes.journal import project
from weeknotes.scaffold import init

REPOSITORY = Path(__file__).resolve().parent.parent
# Where the repository's own notebooks stand; not its environment, and not what a build left.
NOTEBOOK_FOLDERS = ("journal", "notebooks", "src", "tests")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]


# Signals, terminals and calls of Linux are what these test with.
if os.name == "nt":
    collect_ignore_glob = [
        "safety/*",
        "*/test_kill.py",
        "build/test_files.py",
        "cli/test_terminal*",
    ]

# A slow machine fails no test: the time that an example takes says nothing of its result. In continuous
# integration the examples are the same in each run; other runs look for new ones.
settings.register_profile(
    "weeknotes", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True
)
settings.load_profile("weeknotes")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "invalid_notebooks: writes notebooks that are not valid, on purpose"
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With WEEKNOTES_NO_SKIPS, as in continuous integration, nothing may be skipped but what needs
    Quarto: a green run then tells that everything else was tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("WEEKNOTES_NO_SKIPS"):
        return
    reasons = {report.longrepr[2] for report in reporter.stats.get("skipped", [])}
    unwanted = sorted(reason for reason in reasons if "quarto" not in reason.lower())
    if unwanted:
        reporter.write_line(f"skipped, and must not be: {'; '.join(unwanted)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium. One for all tests of a process: Playwright runs but once in it."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield instance
        instance.close()


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
