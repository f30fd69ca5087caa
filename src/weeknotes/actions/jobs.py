"""The generated cells of a notebook as a job, and running jobs: here, in processes, on a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes.actions.templates import INJECTED
from weeknotes.errors import ExecutionError, UsageError, WeeknotesError
from weeknotes.journal.notebooks import CellJson

CONNECT_SECONDS = 15
WORKERS_SECONDS = 60
_ADDRESS = re.compile(r"(?:[a-z]+://)?(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}", re.I)


@dataclass(frozen=True)
class Job:
    """The generated cells of one notebook, ready to be run anywhere: plain JSON, no files to read.

    ``notebook`` begins with the parameters cell. For each of its cells ``keys`` says what it is
    called in the outcome, and ``positions`` which cell of the author's notebook it comes from.
    ``helpers`` is the folder of modules that a cell may import, where the machine has it.
    """

    file: str
    notebook: dict[str, Any]
    parameters: dict[str, Any]
    keys: tuple[str, ...]
    positions: tuple[int, ...]
    folder: str
    helpers: str = ""


@dataclass(frozen=True)
class Outcome:
    """The cells that a job made, by their keys, or why it made none."""

    cells: dict[str, CellJson]
    error: WeeknotesError | None = None


def outcomes(
    jobs: Mapping[Path, Job], workers: int, scheduler: str | None
) -> Iterator[tuple[Path, Outcome]]:
    """Each of ``jobs`` with its outcome, as they are done. A ``scheduler`` is asked also where there is
    nothing to run: an address that is wrong is reported."""
    if scheduler:
        yield from _on_cluster(jobs, scheduler)
    elif not jobs:
        return
    elif workers == 1 or len(jobs) == 1:
        for path, job in jobs.items():
            yield path, run_job(job)
    else:
        yield from _in_processes(jobs, min(workers, len(jobs)))


def run_job(job: Job) -> Outcome:
    """Run ``job`` in a kernel on this machine. An error comes back in the outcome and is not raised,
    so that it finds its way between processes and machines."""
    from weeknotes.actions import kernels

    folder = Path(job.folder)
    try:
        made = kernels.run(
            job.notebook,
            job.parameters,
            file=job.file,
            cwd=folder if folder.is_dir() else None,
            helpers=Path(job.helpers) if job.helpers else None,
        )
    except WeeknotesError as error:
        if error.cell is not None:
            error.cell = job.positions[error.cell - 1]
        return Outcome({}, error)
    keys = iter(job.keys)
    return Outcome({(INJECTED if c["id"] == INJECTED else next(keys)): c for c in made["cells"]})


def _in_processes(jobs: Mapping[Path, Job], workers: int) -> Iterator[tuple[Path, Outcome]]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    # A forked process would share the sockets of kernels that run in this one.
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    try:
        futures = {pool.submit(run_job, job): path for path, job in jobs.items()}
        for future in as_completed(futures):
            path = futures[future]
            try:
                yield path, future.result()
            except Exception as error:
                yield path, _lost(jobs[path], error)
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(jobs: Mapping[Path, Job], address: str) -> Iterator[tuple[Path, Outcome]]:
    """Each of ``jobs`` with its outcome, as the workers of the Dask scheduler at ``address``
    (https://distributed.dask.org) finish them.

    They need Weeknotes installed, are sent the cells to run, and send back the cells that came out;
    they read and write none of the journal's files.
    A job whose worker dies is run once more on another. Raises UsageError when distributed isn't
    installed, no scheduler answers there, or it has no workers for a minute.
    """
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"no Dask scheduler answers at {address}: that is no address",
            hint="Write it as 'dask scheduler' prints it, such as tcp://10.0.0.7:8786.",
        )
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise UsageError(
            "running on a cluster needs the package distributed",
            hint="Install it with: pip install 'weeknotes[cluster]'",
        ) from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {address}",
            hint="Start one with 'dask scheduler', and give the address that it prints.",
        ) from error
    with client:
        if not jobs:
            return
        try:
            client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError as error:
            raise UsageError(
                f"the Dask scheduler at {address} has no workers",
                hint=f"Start some with: dask worker {address}",
            ) from error
        futures = {
            client.submit(run_job, job, key=f"weeknotes-{path}", pure=False, retries=1): path
            for path, job in jobs.items()
        }
        for future in as_completed(futures, loop=client.loop):
            path = futures[future]
            failure = future.exception()
            yield path, _lost(jobs[path], failure) if failure else future.result()


def _lost(job: Job, error: BaseException) -> Outcome:
    """The outcome of a ``job`` whose process or machine went away."""
    reason = str(error) or type(error).__name__
    return Outcome({}, ExecutionError(f"it could not be run: {reason}", file=job.file))
