"""bioRxiv and medRxiv: the preprints posted on a day (api.biorxiv.org, "content detail").

``/details/SERVER/FROM/TO/CURSOR/json`` answers a page at a time, and each version of a preprint is an
item. The cursor counts items, so that the next one is where this page ended, however long pages are.
A day without preprints is answered with status 200 and the words "no posts found".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from weeknotes.digests.paper import Paper, paper_of
from weeknotes.digests.sources.listing import Failure, Listing, read_each, since_over
from weeknotes.errors import DigestError
from weeknotes.library.web_client import BIORXIV, LookupFailedError, Web

SERVERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
_MOST_PAGES = 200


@dataclass(frozen=True)
class Preprints:
    """The source of ``server``, one of the two; ``categories`` such as ``neuroscience``, empty for all.
    ``label`` is another name for it."""

    server: str
    categories: tuple[str, ...] = ()
    label: str = ""

    @property
    def name(self) -> str:
        """The source's name in the ledger."""
        return self.label or self.server

    def listings(self, days: Sequence[date], web: Web, today: date) -> list[Listing | Failure]:
        """The preprints posted on each of ``days``; second and later versions are updates."""
        return [self._listing(day, web, today) for day in days]

    def _listing(self, day: date, web: Web, today: date) -> Listing | Failure:
        if day > today:
            return Listing(self.name, day, settled=False, remark="the day has not come yet")
        try:
            items = self._items(day, web)
            papers, remark = read_each(filter(self._is_wanted, items), self._paper)
        except (LookupFailedError, DigestError) as error:
            return Failure(self.name, day, error.message)
        if not papers:
            remark = f"{SERVERS[self.server]} posted nothing that day"
        return Listing(
            self.name,
            day,
            tuple(paper for paper in papers if (paper.version or 1) == 1),
            tuple(paper for paper in papers if (paper.version or 1) > 1),
            settled=day < today,
            remark=remark,
        )

    def _items(self, day: date, web: Web) -> list[dict[str, Any]]:
        """The items of ``day``, page after page."""
        found: list[dict[str, Any]] = []
        for _ in range(_MOST_PAGES):
            path = f"details/{self.server}/{day}/{day}/{len(found)}/json"
            data = web.get(
                BIORXIV, path, accept="application/json", check=_is_answer, since=since_over(day)
            )
            if data is None:
                raise DigestError(f"{SERVERS[self.server]} has no list of {day}")
            answer = json.loads(data)
            message = answer["messages"][0] if answer.get("messages") else {}
            page = [item for item in answer.get("collection") or [] if isinstance(item, dict)]
            found += page
            total = _number(message.get("total"))
            if not page or total is None or len(found) >= total:
                if total is not None and len(found) < total:
                    raise DigestError(
                        f"{SERVERS[self.server]} gave {len(found)} of {total} preprints of {day}"
                    )
                return found
        raise DigestError(f"{SERVERS[self.server]} gave no end of the list of {day}")

    def _is_wanted(self, item: dict[str, Any]) -> bool:
        category = str(item.get("category") or "").replace("_", " ").casefold()
        wanted = {name.replace("_", " ").casefold() for name in self.categories}
        return not wanted or category in wanted

    def _paper(self, item: dict[str, Any]) -> Paper:
        doi = str(item.get("doi") or "").strip()
        journal = str(item.get("published") or "").strip()
        version = _number(item.get("version"))
        record = {
            "id": doi,
            "title": item.get("title"),
            "abstract": item.get("abstract"),
            "authors": [_name(name) for name in str(item.get("authors") or "").split(";")],
            "url": f"https://www.{self.server}.org/content/{doi}v{version or 1}" if doi else "",
            "date": item.get("date"),
            "categories": [str(item["category"])] if item.get("category") else [],
            "doi": doi,
            "version": version,
            # The DOI of the article that the preprint has become.
            "ids": [f"doi:{journal.lower()}"] if journal.startswith("10.") else [],
        }
        return paper_of(
            record, source=self.server, where=f"{SERVERS[self.server]}, {doi or 'an item'}"
        )


def _is_answer(data: bytes) -> bool:
    try:
        answer = json.loads(data)
    except ValueError:
        return False
    return isinstance(answer, dict) and ("collection" in answer or "messages" in answer)


def _number(value: Any) -> int | None:
    """A number that the service writes sometimes as such, sometimes as text."""
    text = str(value if value is not None else "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _name(text: str) -> str:
    """``Kim, M.`` as people write it: ``M. Kim``."""
    family, comma, given = text.strip().partition(",")
    return f"{given.strip()} {family.strip()}".strip() if comma else text.strip()
