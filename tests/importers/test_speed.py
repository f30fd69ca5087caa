"""Many files at once."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from weeknotes.journal import project
from weeknotes.scaffold import init

_RUN = """
import json, re, sys
from pathlib import Path
from weeknotes import importers
from weeknotes.journal import project
report = importers.run(project.find(), [sys.argv[1]])
# Not getrusage: what it tells of the peak includes that of the process which started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps([report.ok, len(report.pages), len(report.papers_new), len(report.leftover), peak]))
"""


def page(day: date, number: int) -> str:
    """A day's digest of about 30 kB."""
    parts = [f"## Daily Papers ({day})\n"]
    for n in range(12):
        word = "".join(chr(97 + (number * 7 + n * 5 + k * k) % 26) for k in range(6))
        at = f"{day:%y%m}.{(number * 12 + n) % 90000 + 10000}"
        bullets = "\n".join(
            f"- 이 논문의 {b}번째 요점은 확산 모델의 표본 추출을 {b + n}배 빠르게 하는 데 있으며, "
            f"the result holds for ${b}^{n}$ settings (see `config_{b}`), 详见附录 {b}。"
            for b in range(14)
        )
        parts.append(
            f"### [{word}{number}: A Study of {word} Things](https://arxiv.org/abs/{at})\n\n"
            f"![](https://cdn.example.org/{number}/{n}.png)\n\nVote: {40 - n}\n\n"
            f"Authors: Ada {word.title()}, Max Meier{number}, Author {n} Lee\n\n{bullets}\n"
        )
    return "\n".join(parts)


@pytest.mark.slow
def test_four_hundred_days_of_thirty_kilobytes(tmp_path: Path) -> None:
    init(tmp_path / "journal", title="Log", author="A", lang="en")
    assert project.find(tmp_path / "journal")
    days = tmp_path / "days"
    days.mkdir()
    for number in range(400):
        day = date(2023, 1, 2) + timedelta(days=number)
        text = page(day, number)
        assert 28_000 < len(text.encode()) < 36_000, len(text.encode())
        (days / f"{day}.md").write_text(text, "utf-8")
    made = subprocess.run(
        [sys.executable, "-c", _RUN, str(days)],
        cwd=tmp_path / "journal",
        capture_output=True,
        text=True,
        check=True,
    )
    ok, pages, papers, leftover, peak = json.loads(made.stdout)
    assert (ok, pages, papers, leftover) == (True, 400, 4800, 0)
    assert peak < 300
