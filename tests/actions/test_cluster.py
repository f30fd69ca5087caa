"""Refreshing on a real Dask cluster on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import distributed
import pytest

from weeknotes.actions import jobs
from weeknotes.actions.create import new_week
from weeknotes.actions.refresh import refresh
from weeknotes.errors import UsageError
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week


@pytest.fixture(scope="module")
def local_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as running:
        yield running


@pytest.mark.kernel
@pytest.mark.slow
def test_a_cluster_gives_what_this_machine_gives(journal: Project, local_cluster: Any) -> None:
    paths = [new_week(journal, Week(2026, n), execute=False).path for n in (46, 47)]
    text = paths[0].read_text("utf-8").replace("reading-list", "own")
    paths[0].write_text(text.replace("glance.reading(reading, lang)", "1 / 0"))
    old = [path.read_bytes() for path in paths]
    entry = {"id": "ho2020", "title": "확산", "custom": {"date-added": "2026-11-18"}}
    journal.library_path.write_text(json.dumps([entry]))

    seen: list[int] = []
    address = local_cluster.scheduler_address
    results = refresh(journal, scheduler=address, progress=lambda done, *_: seen.append(done))
    assert [result.changed for result in results] == [False, True]
    assert results[0].error is not None
    assert results[0].error.where == "journal/2026/2026-W46.ipynb, cell 4, line 3"
    assert seen == [1, 2]
    assert paths[0].read_bytes() == old[0]
    assert "확산" in paths[1].read_text("utf-8")

    remote = paths[1].read_bytes()
    paths[1].write_bytes(old[1])
    refresh(journal, [paths[1]])
    assert paths[1].read_bytes() == remote


def test_no_scheduler_there(journal: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CONNECT_SECONDS", 0.5)
    new_week(journal, Week(2026, 47), execute=False)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        with pytest.raises(UsageError, match="no Dask scheduler answers at"):
            refresh(journal, scheduler=address)
