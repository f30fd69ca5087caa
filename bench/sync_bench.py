"""``python -m bench.sync_bench``: a sync of 10,000 Zotero items, beside plain pyzotero.

Both talk to the same server on loopback (tests/library/zotero_server.py) in a process of its own, so
that the seconds and the peak of the memory (maximum resident set) are those of the client alone.
Loopback has no latency: what requests cost over the network comes on top, a first sync of 10,000
items being about a hundred of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ITEMS = 10_000
ROOT = Path(__file__).resolve().parent.parent

_SERVER = """
import sys
sys.path.insert(0, sys.argv[1])
from zotero_server import ZoteroServer
server = ZoteroServer()
for n in range(int(sys.argv[2])):
    server.library.add(
        title=f"Topic{n % 701} {n}: 확산 모형과 扩散模型 in practice",
        creators=[
            {"creatorType": "author", "firstName": f"G{m}", "lastName": f"Family{(n * 7 + m) % 999}"}
            for m in range(4)
        ],
        date=str(1990 + n % 36),
        publicationTitle="Journal of Made-up Results",
        DOI=f"10.1000/{n}",
        abstractNote="What was done, and what came of it. " * 30,
        tags=[{"tag": f"tag{n % 50}"}],
    )
print(server.endpoint, flush=True)
for line in sys.stdin:
    print(server.requests, flush=True)
    server.forget()
"""
_OURS = """
import json, resource, sys
from pathlib import Path
from weeknotes.journal import project
from weeknotes.library.zotero.config import LibraryRef, Secret, Settings
from weeknotes.library.zotero.sync import sync
journal = project.load(Path(sys.argv[2]) / "_quarto.yml")
key = Secret("Z0Zsecret4Z0Zsecret4Z0Zs")
report = sync(journal, settings=Settings((LibraryRef("user", "1"),), False, sys.argv[1], key))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([report.seconds, peak, report.entries]))
"""
_PLAIN = """
import json, resource, sys, time
from pyzotero.zotero import Zotero
started = time.perf_counter()
library = Zotero("1", "user", "Z0Zsecret4Z0Zsecret4Z0Zs")
library.endpoint = sys.argv[1]
items = library.everything(library.items())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([time.perf_counter() - started, peak, len(items)]))
"""


@dataclass(frozen=True)
class Row:
    """A measured way: requests, wall-clock seconds, peak memory in MiB, and items it came to hold."""

    what: str
    requests: int
    seconds: float
    memory: float
    items: int


def measure(items: int = ITEMS) -> list[Row]:
    """The rows of the table, with ``items`` in the library."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(ROOT / "tests" / "library"), str(items)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        endpoint = server.stdout.readline().strip()
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "_quarto.yml").write_text("project:\n  type: website\n")
            for what, code in (
                ("first sync", _OURS),
                ("nothing changed", _OURS),
                ("pyzotero everything(items())", _PLAIN),
            ):
                done = subprocess.run(
                    [sys.executable, "-c", code, endpoint, folder],
                    capture_output=True,
                    check=True,
                    text=True,
                )
                seconds, memory, held = json.loads(done.stdout)
                server.stdin.write("\n")
                server.stdin.flush()
                rows.append(Row(what, int(server.stdout.readline()), seconds, memory, held))
        return rows
    finally:
        server.stdin.close()
        server.wait(10)
        server.stdout.close()


def table(rows: list[Row]) -> str:
    """``rows`` as text, one line each under a head."""
    lines = [f"{'Zotero, ' + format(rows[0].items, ','):<30} requests  seconds      MiB    items"]
    lines += [
        f"{row.what:<30} {row.requests:8d} {row.seconds:8.2f} {row.memory:8.0f} {row.items:8,d}"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, and print the table."""
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
