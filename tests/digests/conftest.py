"""A journal in an empty folder, and the services of papers on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from weeknotes.journal.project import Project
from weeknotes.library.web_client import Web

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
