"""Hugging Face's daily papers (``/api/daily_papers?date=``), which readers have voted for.

A paper's day is ``submittedOnDailyAt``, the list that it was put on; ``publishedAt`` is when arXiv
had it. Weekends have empty lists; a day that has no list yet, or never had one, is answered with 400.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from weeknotes.digests.paper import Paper, paper_of
from weeknotes.digests.sources.feed import moment_of
from weeknotes.digests.sources.listing import Failure, Listing, read_each, since_over
from weeknotes.errors import DigestError
from weeknotes.library.web_client import HUGGING_FACE, LookupFailedError, RefusedError, Web

NAME = "hf"
FIRST_LIST = date(2023, 5, 4)
_PAGE = 100
_MOST_PAGES = 20
_VIDEOS = (".mp4", ".webm", ".mov", ".qt")


@dataclass(frozen=True)
class DailyPapers:
    """The source of the daily lists."""

    name: str = NAME

    def listings(self, days: Sequence[date], web: Web, today: date) -> list[Listing | Failure]:
        """The list of each of ``days``."""
        return [self._listing(day, web, today) for day in days]

    def _listing(self, day: date, web: Web, today: date) -> Listing | Failure:
        if day < FIRST_LIST:
            return Listing(self.name, day, remark=f"the lists begin on {FIRST_LIST}")
        try:
            rows = self._rows(day, web)
            papers, remark = read_each(rows, lambda row: self._paper(row, day))
        except RefusedError as error:
            if error.status == 400:
                return Listing(
                    self.name, day, settled=day < today, remark="there is no list of that day"
                )
            return Failure(self.name, day, error.message)
        except (LookupFailedError, DigestError) as error:
            return Failure(self.name, day, error.message)
        if not papers:
            weekend = day.weekday() >= 5
            remark = "no papers on weekends" if weekend else "the list of that day is empty"
        return Listing(self.name, day, tuple(papers), settled=day < today, remark=remark)

    def _rows(self, day: date, web: Web) -> list[Mapping[str, Any]]:
        """The entries of the list of ``day``, each paper once."""
        found: dict[str, Mapping[str, Any]] = {}
        for page in range(_MOST_PAGES):
            params = {"date": day.isoformat(), "limit": str(_PAGE)} | (
                {"p": str(page)} if page else {}
            )
            data = web.get(
                HUGGING_FACE,
                "api/daily_papers",
                params,
                accept="application/json",
                check=_is_list,
                since=since_over(day),
            )
            rows = json.loads(data) if data else []
            known = len(found)
            for row in rows:
                if isinstance(row, dict) and _is_of(row, day):
                    found.setdefault(str(_paper_part(row).get("id") or row.get("title")), row)
            if len(rows) < _PAGE or len(found) == known:
                break
        return list(found.values())

    def _paper(self, row: Mapping[str, Any], day: date) -> Paper:
        part = _paper_part(row)
        name = str(part.get("id") or "").strip()
        media = [str(one) for one in part.get("mediaUrls") or row.get("mediaUrls") or []]
        video = next((one for one in media if one.lower().endswith(_VIDEOS)), "")
        picture = next((one for one in media if one != video), "") or row.get("thumbnail")
        record = {
            "id": name,
            "title": part.get("title") or row.get("title"),
            "abstract": part.get("summary") or row.get("summary"),
            "authors": _authors(part.get("authors")),
            "url": f"https://arxiv.org/abs/{name}" if name else "",
            "date": day.isoformat(),
            "votes": _count(part.get("upvotes")),
            "thumbnail": picture or part.get("thumbnail"),
            "video": video,
            "code": part.get("githubRepo"),
            "project": part.get("projectPage"),
            "source_summary": part.get("ai_summary"),
        }
        return paper_of(record, source=self.name, where=f"Hugging Face, {name or 'an entry'}")


def _paper_part(row: Mapping[str, Any]) -> Mapping[str, Any]:
    part = row.get("paper")
    return part if isinstance(part, dict) else row


def _is_of(row: Mapping[str, Any], day: date) -> bool:
    """Whether an entry is on the list of ``day``; one that does not say is taken to be."""
    text = _paper_part(row).get("submittedOnDailyAt") or row.get("submittedOnDailyAt")
    moment = moment_of(str(text)) if text else None
    return moment is None or moment.date() == day


def _is_list(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), list)
    except ValueError:
        return False


def _authors(value: Any) -> list[str]:
    """The names, each once: lists have names twice, and authors who asked to be hidden."""
    names = []
    for one in value if isinstance(value, list) else []:
        if isinstance(one, dict) and not one.get("hidden"):
            names.append(str(one.get("name") or ""))
        elif isinstance(one, str):
            names.append(one)
    return list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
