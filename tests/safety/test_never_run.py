"""To `render`, `check`, `import`, `review` and `serve` a notebook is data: its code is not run, nor is
its kernel started."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager
from tests.safety.conftest import needs_quarto

from weeknotes.journal import cell_edit
from weeknotes.journal.project import Project

FRONT = "---\ntitle: Trap\nweek: 2026-W47\nlang: en\n---"


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """The file that appears as soon as the kernel or any code of `trapped` runs."""
    return tmp_path / "it-ran"


@pytest.fixture
def environment(tmp_path: Path, mark: Path) -> dict[str, str]:
    """An environment in which every name that a notebook gives its kernel is that of a trap."""
    trap = f"open({str(mark)!r}, 'w').close()"
    spec = {"argv": [sys.executable, "-c", trap], "display_name": "Trap", "language": "python"}
    for name in ("trap", "python3"):
        folder = tmp_path / "jupyter" / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(spec))
    return {**os.environ, "JUPYTER_PATH": str(tmp_path / "jupyter")}


@pytest.fixture
def trapped(journal: Project, mark: Path) -> Project:
    """A journal whose week would leave the mark if it were run, in a kernel or as a program."""
    code = f"open({str(mark)!r}, 'w').close()"
    cells = [
        cell_edit.new_cell("raw", FRONT, id="front"),
        cell_edit.new_cell("markdown", f"## A note\n\n`{{python}} {code}`", id="note"),
        cell_edit.new_cell("code", f"#| eval: true\n{code}", id="code"),
        cell_edit.new_cell("code", f"!touch {mark}", id="shell"),
        cell_edit.new_cell("code", f"%%bash\ntouch {mark}", id="magic"),
    ]
    kernel = {"name": "trap", "display_name": "Trap", "language": "python"}
    path = journal.root / "journal" / "2026" / "2026-W47.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {"kernelspec": kernel})))
    chunk = f"```{{python}}\n{code}\n```\n\n```{{bash}}\ntouch {mark}\n```\n"
    (journal.root / "journal" / "page.qmd").write_text(f"---\ntitle: Page\n---\n\n{chunk}")
    return journal


def run(journal: Project, environment: dict[str, str], *words: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "weeknotes", *words],
        cwd=journal.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr


def test_the_trap_works(environment: dict[str, str], mark: Path, tmp_path: Path) -> None:
    spec = tmp_path / "jupyter" / "kernels"
    manager = KernelManager(kernel_name="trap")
    manager.kernel_spec_manager.kernel_dirs = [str(spec)]
    manager.start_kernel()
    manager.provisioner.process.wait(30)  # type: ignore[union-attr]
    manager.cleanup_resources()
    assert mark.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("render", "--engine", "builtin"),
        pytest.param(("render", "--engine", "quarto"), marks=needs_quarto),
        ("check",),
        ("check", "--fix"),
        ("review", "--since", "2026-01-01"),
    ],
    ids=" ".join,
)
def test_a_notebook_is_not_run(
    trapped: Project, environment: dict[str, str], mark: Path, words: tuple[str, ...]
) -> None:
    run(trapped, environment, *words)
    assert not mark.exists()


def test_what_is_imported_is_not_run(
    trapped: Project, environment: dict[str, str], mark: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.mkdir()
    code = f"open({str(mark)!r}, 'w').close()"
    (log / "README.md").write_text(
        f"# Log\n\n<details><summary>2026.01.05 ~ 2026.01.11</summary>\n\n### A paper\n\n"
        f"```python\n{code}\n```\n\n`{{python}} {code}`\n\n</details>\n"
    )
    said = run(trapped, environment, "import", str(log))
    assert "2026-W02" in said
    run(trapped, environment, "render", "--engine", "builtin")
    assert not mark.exists()


def test_what_is_served_is_not_run(
    trapped: Project, environment: dict[str, str], mark: Path
) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "weeknotes", "serve", "--port", "0"],
        cwd=trapped.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout
        lines = iter(server.stdout.readline, "")
        address = next(
            word for line in lines for word in line.split() if word.startswith("http://")
        )
        assert "A note" in page(address)
        path = trapped.root / "journal" / "2026" / "2026-W47.ipynb"
        path.write_bytes(path.read_bytes().replace(b"A note", b"Another one"))
        end = time.monotonic() + 60
        while "Another one" not in page(address) and time.monotonic() < end:
            time.sleep(0.2)
        assert "Another one" in page(address)
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert not mark.exists()


def page(address: str) -> str:
    with urllib.request.urlopen(f"{address}journal/2026/2026-W47.html", timeout=30) as answer:
        text: str = answer.read().decode()
    return text


def test_nothing_that_is_code_is_read_from_the_journal(
    trapped: Project, environment: dict[str, str], mark: Path
) -> None:
    run(trapped, environment, "render", "--engine", "builtin")
    kinds = {path.suffix for path in trapped.state.rglob("*") if path.is_file()}
    assert kinds.isdisjoint({".cache", ".pickle", ".pkl", ".py", ".pyc"})
    bomb = pickle.dumps(Bomb(str(mark)))
    for path in (trapped.state / "templates", trapped.state / "site", trapped.state):
        path.mkdir(exist_ok=True)
        for name in ("__jinja2_base.cache", "x.pickle"):
            (path / name).write_bytes(bomb)
    for path in trapped.state.rglob("*.json"):
        path.write_bytes(bomb)
    run(trapped, environment, "render", "--engine", "builtin")
    run(trapped, environment, "check")
    assert not mark.exists()
    pickle.loads(bomb)
    assert mark.exists()


class Bomb:
    """An object that leaves the mark when it is read back."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return open, (self.mark, "w")
