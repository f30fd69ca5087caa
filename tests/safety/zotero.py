"""A Zotero in a process of its own: a process that has threads is not to be forked."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator

import pytest
from tests.library.zotero_server import KEY, FakeLibrary, ZoteroServer

from weeknotes import cli
from weeknotes.journal.project import Project


@contextlib.contextmanager
def followed(journal: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Bring ``journal`` in step with a Zotero; a function after which that is another."""
    config = journal.config_path.read_text("utf-8")
    configured = "\nweeknotes:\n  zotero: {libraries: [{user: 1}]}\n"
    journal.config_path.write_text(config.replace("\nweeknotes:\n", configured, 1), "utf-8")
    with _apart() as (endpoint, change):
        monkeypatch.setenv("ZOTERO_ENDPOINT", endpoint)
        monkeypatch.setenv("ZOTERO_API_KEY", KEY)
        with contextlib.chdir(journal.root):
            assert cli.main(["sync"]) == 0
        yield change


def _populate(zotero: FakeLibrary) -> None:
    """Two papers, one with what was marked in it."""
    paper = zotero.add(title="Denoising", citationKey="ho2020denoising")
    zotero.add(title="U-Net", citationKey="ronneberger2015unet")
    pdf = zotero.add("attachment", parentItem=paper, contentType="application/pdf")
    marked = {"annotationType": "highlight", "annotationText": "a passage"}
    zotero.add("annotation", parentItem=pdf, **marked)


def _alter(zotero: FakeLibrary) -> None:
    """A key is changed, a paper deleted, another added."""
    first, second = list(zotero.items)[:2]
    zotero.change(first, citationKey="ho2020ddpm")
    zotero.delete(second)
    zotero.add(title="확산 모델", citationKey="kim2021")


@contextlib.contextmanager
def _apart() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of the Zotero, and a function that changes its library."""
    ours, theirs = socket.socketpair()
    process = os.fork()
    if not process:
        ours.close()
        with ZoteroServer() as server:
            _populate(server.library)
            theirs.send(server.endpoint.encode())
            while theirs.recv(1):
                _alter(server.library)
                theirs.send(b"done")
        os._exit(0)
    theirs.close()
    try:
        endpoint = ours.recv(1000).decode()

        def change() -> None:
            ours.send(b"x")
            ours.recv(10)

        yield endpoint, change
    finally:
        ours.close()
        os.waitpid(process, 0)
