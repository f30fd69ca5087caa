"""Running notebooks on a Dask cluster (https://distributed.dask.org), with the extra ``cluster``.

The workers need Weeknotes installed. They are sent the cells to run and send back the cells that came
out; they read and write none of the journal's files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from weeknotes.errors import UsageError
from weeknotes.refresh import Job, Outcome, lost, run_job

CONNECT_SECONDS = 15
WORKERS_SECONDS = 60


def run_on_cluster(jobs: Mapping[Path, Job], address: str) -> Iterator[tuple[Path, Outcome]]:
    """Each of ``jobs`` with its outcome, as the workers of the scheduler at ``address`` finish them.

    A job whose worker dies is run once more on another. Raises UsageError when distributed isn't
    installed, no scheduler answers there, or it has no workers for a minute.
    """
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
            yield path, lost(jobs[path], failure) if failure else future.result()
