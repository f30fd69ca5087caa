"""Running notebooks through papermill, without what papermill and Jupyter leave behind.

The kernel is always the Python that runs Weeknotes, whatever kernel specifications the machine has.
Nothing that differs from run to run stays in the result, so that the same input gives the same
bytes. Importing this module takes a while, for papermill's sake: do so only where a notebook is run.
"""

from __future__ import annotations

import copy
import logging
import os
import platform
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from papermill.exceptions import PapermillExecutionError, strip_color
from papermill.execute import execute_notebook
from papermill.translators import PythonTranslator, papermill_translators

from weeknotes.actions.templates import INJECTED, PARAMETERS
from weeknotes.errors import ExecutionError, TemplateError
from weeknotes.journal.notebooks import CellJson, joined

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
#: What ipykernel says of its language. JupyterLab writes it into a notebook when it is opened; where it
#: is there already, opening changes nothing.
LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": platform.python_version(),
}
INJECTED_TAGS = [INJECTED, "generated", "remove-cell"]

# IPython's first line of a traceback's last frame in a cell: "Cell In[3], line 2".
_LINE = re.compile(r"^[ \t]*Cell In\[\d+\], line (\d+)", re.M)
# What a SyntaxError calls the cell: "invalid syntax (2817412360.py, line 1)".
_MADE_UP_FILE = re.compile(r" \(\d+\.py, line \d+\)$")


class _ReadableTranslator(PythonTranslator):  # type: ignore[misc]
    """Parameters as Python source: text as it reads, in every language, and the same whether or not
    black is installed."""

    @classmethod
    def translate_escaped_str(cls, str_val: Any) -> str:
        text = repr(str(str_val))
        # Double quotes, as formatters prefer, where that needs no escaping.
        return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text

    @classmethod
    def translate_list(cls, val: list[Any]) -> str:
        if not any(isinstance(item, dict) for item in val):
            return str(super().translate_list(val))
        return "[\n" + "".join(f"    {cls.translate(item)},\n" for item in val) + "]"

    @classmethod
    def codify(cls, parameters: Mapping[str, Any], comment: str = "Parameters") -> str:
        lines = [cls.assign(name, cls.translate(value)) for name, value in parameters.items()]
        return "\n".join([cls.comment(comment), *lines])


def parameters_source(parameters: Mapping[str, Any]) -> str:
    """The source of the cell that gives ``parameters``, as papermill writes it."""
    return _ReadableTranslator.codify(parameters)


# Our errors say what papermill logs; without a handler it would go to standard error as well.
logging.getLogger("papermill").addHandler(logging.NullHandler())
papermill_translators.register("python", _ReadableTranslator)
papermill_translators.register(KERNELSPEC["name"], _ReadableTranslator)


def run(
    notebook: Mapping[str, Any],
    parameters: Mapping[str, Any],
    *,
    file: str,
    execute: bool = True,
    cwd: Path | None = None,
    helpers: Path | None = None,
) -> dict[str, Any]:
    """``notebook`` with ``parameters`` put in and, if ``execute``, its code cells run.

    ``notebook`` is nbformat 4.5 as JSON; it is not changed. The parameters are in a cell of their
    own after the one tagged ``parameters``, with the id and the tag ``injected-parameters``. ``cwd``
    is the kernel's working directory; modules in the folder ``helpers`` can be imported. Raises
    ExecutionError, naming ``file``, the cell and its line, when a cell fails or the kernel cannot be
    started, and TemplateError for a notebook that isn't valid or not in Python.
    """
    node = _prepared(notebook, file)
    with tempfile.TemporaryDirectory(prefix="weeknotes-") as folder, _log(folder) as log:
        try:
            result = execute_notebook(
                node,
                None,
                parameters=dict(parameters),
                prepare_only=not execute,
                kernel_name=KERNELSPEC["name"],
                language=KERNELSPEC["language"],
                progress_bar=False,
                # A kernel asked politely hangs for seconds in one run of ten.
                shutdown_kernel="immediate",
                coalesce_streams=True,
                kernel_manager_class=_manager_class(Path(folder), log, helpers),
                resources={"metadata": {"path": str(cwd) if cwd else folder}},
            )
        except PapermillExecutionError as error:
            raise _failed_cell(error, node, bool(parameters), file) from error
        except (RuntimeError, OSError) as error:
            raise _failed_kernel(error, log, file) from error
    _raise_for_exit(result, node, file)
    return _clean(result, notebook)


def _prepared(notebook: Mapping[str, Any], file: str) -> Any:
    """``notebook`` for papermill, its code cells as if never run. Raises TemplateError."""
    language = notebook["metadata"].get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise TemplateError(
            f"the notebook is in {language}; generated cells run in Python",
            file=file,
            hint="Choose a Python kernel for it in JupyterLab.",
        )
    plain = copy.deepcopy(dict(notebook))
    for cell in plain["cells"]:
        cell["source"] = joined(cell["source"])
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
    plain["metadata"]["kernelspec"] = dict(KERNELSPEC)
    node = nbformat.from_dict(plain)
    try:
        nbformat.validate(node)
    except nbformat.ValidationError as error:
        raise TemplateError(f"not a valid notebook: {error.message}", file=file) from error
    return node


def _log(folder: str) -> IO[bytes]:
    """A file for what the kernel's process writes: warnings that concern no one,
    and the reason when it cannot start."""
    return (Path(folder) / "kernel.log").open("w+b")


def _manager_class(
    folder: Path, log: IO[bytes], helpers: Path | None = None
) -> type[AsyncKernelManager]:
    """A kernel manager that starts the running Python, quietly, and keeps its files in ``folder``."""
    # Behind all other folders: a helper called like a module of Python's takes no place of it.
    more = []
    if (helpers and any(helpers.glob("*.py"))) or (helpers and any(helpers.glob("*/__init__.py"))):
        line = f"__import__('sys').path.append({str(helpers)!r})"
        more = [f"--IPKernelApp.exec_lines={line}"]

    class Manager(AsyncKernelManager):
        def __init__(self, **kwargs: Any) -> None:
            # Free ports are looked up first and taken later, so that kernels that start side by side
            # can pick the same ones; sockets in a folder of their own can't collide.
            place = {"transport": "ipc", "ip": str(folder / "k")} if os.name == "posix" else {}
            super().__init__(connection_file=str(folder / "kernel.json"), **place, **kwargs)

        @property
        def kernel_spec(self) -> KernelSpec:
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *more]
            return KernelSpec(argv=argv, env={}, **_SPEC)

        async def _async_start_kernel(self, **kwargs: Any) -> None:
            await super()._async_start_kernel(**{**kwargs, "stdout": log, "stderr": log})

        start_kernel = _async_start_kernel

    return Manager


_SPEC = {"display_name": KERNELSPEC["display_name"], "language": KERNELSPEC["language"]}


def _failed_cell(
    error: PapermillExecutionError, node: Any, injected: bool, file: str
) -> ExecutionError:
    index = error.cell_index
    tagged = [n for n, c in enumerate(node.cells) if PARAMETERS in c.metadata.get("tags", [])]
    # papermill counts the cell of parameters that it put in, which the notebook at hand hasn't got.
    if injected and index > (tagged[0] if tagged else -1):
        index = max(index - 1, 0)
    name = node.cells[index].get("id", "")
    trace = strip_color("\n".join(error.traceback))
    lines = _LINE.findall(trace)
    line = int(lines[-1]) if lines else None
    source = str(error.source).splitlines()
    return ExecutionError(
        f"the cell '{name}' failed: {error.ename}: {_MADE_UP_FILE.sub('', error.evalue)}",
        file=file,
        cell=index + 1,
        line=line,
        hint=f"It says: {source[line - 1].strip()}" if line and line <= len(source) else None,
    )


def _failed_kernel(error: Exception, log: IO[bytes], file: str) -> ExecutionError:
    log.seek(0)
    said = [line for line in log.read().decode(errors="replace").splitlines() if line.strip()]
    return ExecutionError(
        f"the Python kernel stopped: {said[-1] if said else error or type(error).__name__}",
        file=file,
        hint=f"Try: {sys.executable} -m ipykernel_launcher --version",
    )


def _raise_for_exit(result: Any, node: Any, file: str) -> None:
    """papermill takes ``sys.exit()`` for a good end; the cells after it were never run."""
    for cell in result.cells:
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            index = next(n for n, c in enumerate(node.cells, 1) if c.id == cell.id)
            raise ExecutionError(
                f"the cell '{cell.id}' ended the run: SystemExit", file=file, cell=index
            )


def _clean(result: Any, notebook: Mapping[str, Any]) -> dict[str, Any]:
    """``result`` as plain JSON, without what differs from run to run."""
    cells = [_clean_cell(cell) for cell in result.cells]
    metadata = {k: v for k, v in notebook["metadata"].items() if k != "papermill"}
    metadata |= {"kernelspec": dict(KERNELSPEC), "language_info": dict(LANGUAGE_INFO)}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _clean_cell(cell: Any) -> CellJson:
    plain: CellJson = copy.deepcopy(_plain(cell))
    for volatile in ("papermill", "execution"):
        plain["metadata"].pop(volatile, None)
    if not plain["metadata"].get("tags", True):
        del plain["metadata"]["tags"]
    if INJECTED in plain["metadata"].get("tags", []):
        plain |= {"id": INJECTED, "metadata": {"tags": list(INJECTED_TAGS)}}
    return plain


def _plain(value: Any) -> Any:
    """``value`` with nbformat's mappings as dicts."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
