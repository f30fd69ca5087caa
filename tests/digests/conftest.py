"""A journal in an empty folder, and the services of papers on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from weeknotes.actions import kernels, refresh
from weeknotes.journal import project as projects
from weeknotes.journal.project import Project
from weeknotes.library.web_client import Web

from .model_server import ModelServer, answer
from .servers import DigestServer


@pytest.fixture
def server() -> Iterator[DigestServer]:
    """The services, with nothing to give yet."""
    there = DigestServer()
    yield there
    there.close()


@pytest.fixture
def slept() -> list[float]:
    """The seconds that requests were put off."""
    return []


@pytest.fixture
def web(journal: Project, server: DigestServer, slept: list[float]) -> Web:
    """The polite client, which notes the pauses that it makes and makes none."""
    return Web(journal, environment=server.environment, sleep=slept.append, timeout=5)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    there = ModelServer()
    there.replies = [answer()]
    yield there
    there.close()


@pytest.fixture
def configured(journal: Project, model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A journal with a model."""
    monkeypatch.delenv("WEEKNOTES_MODEL_KEY", raising=False)
    config = yaml.safe_load(journal.config_path.read_text("utf-8")) or {}
    own = {"base_url": model.address, "model": "small"}
    config["weeknotes"] = {**config.get("weeknotes", {}), "digest": {"model": own}}
    journal.config_path.write_text(yaml.safe_dump(config), "utf-8")
    return projects.load(journal.config_path)


@pytest.fixture
def without_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make notebooks without running their cells: the graph is tested elsewhere, and a kernel takes a
    second to start."""
    real = kernels.run

    def run(*args: Any, **more: Any) -> dict[str, Any]:
        return real(*args, **{**more, "execute": False})

    monkeypatch.setattr(kernels, "run", run)
    monkeypatch.setattr(refresh, "refresh", lambda *_: [])
