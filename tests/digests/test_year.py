"""A year of days, replayed: no paper is shown twice, and none that was announced is lost."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from weeknotes.actions import digest_entries, kernels
from weeknotes.actions.digest import digest
from weeknotes.digests.ranking import Profile
from weeknotes.journal import notebooks, week_files
from weeknotes.journal.project import Project, load

from .servers import DigestServer, Item, hf_row, preprint

FIRST, LAST = date(2025, 12, 1), date(2026, 11, 27)
HOLIDAYS = (date(2025, 12, 25), date(2026, 1, 1), date(2026, 5, 25), date(2026, 11, 26))
#: Ten days on which nobody ran it, a holiday of arXiv's among them.
MISSED = tuple(date(2026, 5, 18) + timedelta(days=n) for n in range(10))
LISTS = """
weeknotes:
  digest:
    sources: {arxiv: [cs.LG, stat.ML], hf: true, biorxiv: true}
    top: 200
"""


def days() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def fill(server: DigestServer, chance: random.Random) -> set[str]:
    """Give the services a year of papers; the titles of all that must be shown once."""
    open_days = [day for day in days() if day.weekday() < 5 and day not in HOLIDAYS]
    world, titles = server.world, set()
    world.holidays = HOLIDAYS
    world.hf_lists = (date(2023, 5, 4), LAST)
    for number, day in enumerate(open_days):
        for n in range(chance.randint(1, 3)):
            title = f"Lamp study {number} number {n} of the light in rooms"
            later = [d for d in open_days if day < d]
            versions = sorted(chance.sample(later, min(len(later), chance.choice((0, 0, 1, 2)))))
            crossed = chance.choice(later) if later and chance.random() < 0.2 else None
            primary = chance.choice(("cs.LG", "stat.ML", "quant-ph"))
            categories = dict.fromkeys((primary, chance.choice(("cs.LG", "stat.ML"))))
            paper = Item(
                f"{day:%y%m}.{number * 3 + n:05}",
                title,
                categories=tuple(categories),
                announced=(day, *versions),
                crossed=None if crossed in versions else crossed,
            )
            world.papers.append(paper)
            titles.add(title)
            if chance.random() < 0.4:
                # Hugging Face lists it days later, under a title that is written otherwise.
                listed = day + timedelta(days=chance.randint(0, 4))
                if listed.weekday() < 5 and listed <= LAST:
                    row = hf_row(paper.id, title.title(), listed)
                    world.hf.setdefault(listed, []).append(row)
        if chance.random() < 0.3:
            title = f"Mice and lamps {number}, a preprint of its own"
            doi = f"10.1101/{day:%Y.%m.%d}.{number:06}"
            world.preprints.append(preprint(doi, title, day))
            titles.add(title)
            again = day + timedelta(days=9)
            world.preprints.append(preprint(doi, f"{title}, revised", again, version="2"))
    return titles


def test_a_replayed_year_repeats_nothing_and_loses_nothing(
    journal: Project, server: DigestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = kernels.run

    def without_a_kernel(*args: Any, **more: Any) -> dict[str, Any]:
        # Starting 260 kernels takes minutes, and is tested elsewhere.
        return real(*args, **{**more, "execute": False})

    monkeypatch.setattr(kernels, "run", without_a_kernel)
    # Reading a year of notebooks on each of its days as well; what it gives is tested elsewhere.
    monkeypatch.setattr(digest_entries, "profile_of", lambda _: Profile())
    # A thousand files; that each waits for the disk is tested elsewhere too.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    journal.config_path.write_text(
        journal.config_path.read_text("utf-8").split("weeknotes:")[0] + LISTS, "utf-8"
    )
    project = load(journal.config_path)
    titles = fill(server, random.Random(16))
    made = 0
    for day in days():
        server.world.feed_day = max(d for d in days() if d <= day and d.weekday() < 5)
        if day in MISSED:
            continue
        report = digest(project, today=day, environment=server.environment, sleep=lambda _: None)
        assert not report.failed, report.messages()
        made += sum(one.state == "made" for one in report.days)
    assert made > 240
    shown: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for path in week_files.notebook_paths(project):
        for cell in notebooks.read(path).cells:
            record = cell.metadata.get("weeknotes", {}).get("digest", {}).get("paper")
            if record:
                names[record["id"]] += 1
                shown[record["title"].casefold()] += 1
    assert [name for name, count in names.items() if count > 1] == []
    assert [title for title, count in shown.items() if count > 1] == []
    assert {title.casefold() for title in titles} - set(shown) == set()
    assert len(shown) == len(titles)
