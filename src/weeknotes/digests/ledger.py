"""The ledger records what the digests have shown, so that no paper is shown twice and no day is
forgotten.

The ledger is in the journal and in git, a file a month: ``digests/ledger/2026-11.jsonl``. A line is a
paper (``paper``, its identities, the day on which it was first shown, and that of its tick), a new
version that was told (``news``) or a day (``day``, how each source answered, and which notebook lacks
a text that a model was to write). Lines of two branches may be put one after the other (git's merge
driver ``union``): reading joins what belongs together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from weeknotes.digests.paper import Paper
from weeknotes.errors import DigestError
from weeknotes.files import write_atomic
from weeknotes.journal.project import Project

FOLDER = "digests/ledger"
#: How a source answered for a day, the later the better. What failed or is open is asked for again.
STATES = ("failed", "open", "empty", "done")
_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
#: Letters from which on a title says enough to tell a paper by; fewer where each is a word.
_SHORTEST_TITLE, _SHORTEST_WIDE_TITLE = 16, 6


@dataclass(frozen=True)
class Shown:
    """A paper that a digest has shown: ``id`` and all identities, the day and the source of the digest
    that showed it first, its version then, the day of its tick, and the citation key it got."""

    id: str
    ids: frozenset[str]
    day: date
    source: str = ""
    version: int | None = None
    ticked: date | None = None
    key: str = ""

    def joined(self, other: Shown) -> Shown:
        """The two records of one paper joined: the earlier day counts."""
        first, second = (self, other) if self.day <= other.day else (other, self)
        ticks = [one.ticked for one in (first, second) if one.ticked]
        return replace(
            first,
            ids=first.ids | second.ids,
            ticked=min(ticks, default=None),
            key=first.key or second.key,
        )


@dataclass
class Ledger:
    """The ledger of the journal in the folder ``root``, as read and as changed since."""

    root: Path
    papers: dict[str, Shown] = field(default_factory=dict)
    news: dict[tuple[str, int], date] = field(default_factory=dict)
    days: dict[date, dict[str, str]] = field(default_factory=dict)
    _by_identity: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, project: Project) -> Ledger:
        """The ledger of ``project``, empty where there is none. Raises DigestError for a line that is
        no part of one: what was shown would be shown again."""
        ledger = cls(project.root / FOLDER)
        for path in sorted(ledger.root.glob("*.jsonl")):
            name = project.relative(path)
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if line.strip() and not line.startswith(_MARKS):
                    ledger._read(line, name, number)
        return ledger

    def find(self, paper: Paper) -> Shown | None:
        """The same paper, if it was shown, in whichever version and from whichever source."""
        for identity in paper.ids:
            if identity in self._by_identity and not identity.startswith("title:"):
                return self.papers[self._by_identity[identity]]
        if not says_enough(paper.title):
            return None
        for identity in paper.ids:
            known = self.papers.get(self._by_identity.get(identity, ""))
            if known and not contradict(known.ids, paper.ids):
                return known
        return None

    def show(self, paper: Paper, day: date) -> None:
        """Enter ``paper`` as shown on ``day``, unless it was before; what it is known by is added."""
        known = self.find(paper)
        entry = Shown(paper.id, frozenset(paper.ids), day, paper.source, paper.version)
        if known is not None:
            entry = known.joined(replace(entry, id=known.id))
        self._enter(entry)

    def tick(self, paper: Paper, day: date, key: str) -> None:
        """Enter that ``paper`` was ticked, as found on ``day``, and has the citation key ``key``."""
        known = self.find(paper)
        if known is not None and not known.key:
            self._enter(replace(known, ticked=known.ticked or day, key=key))

    def told(self, paper: Paper) -> bool:
        """Whether this version of ``paper`` was told as news, or a later one."""
        version = paper.version or 0
        return any(id in paper.ids and version <= number for id, number in self.news)

    def tell(self, paper: Paper, day: date) -> None:
        """Enter that the new version of ``paper`` was told on ``day``."""
        self.news.setdefault((paper.id, paper.version or 0), day)

    def answered(self, day: date, source: str, state: str) -> None:
        """Enter how ``source`` answered for ``day``, one of STATES; a better one stays."""
        own = self.days.setdefault(day, {})
        own[source] = max(own.get(source, STATES[0]), state, key=STATES.index)

    def state(self, day: date, source: str) -> str:
        """The state of ``source`` for ``day``, one of STATES; empty if it was not asked."""
        return self.days.get(day, {}).get(source, "")

    def sources_failed(self, day: date) -> list[str]:
        """The sources that could not be had for ``day``."""
        own = self.days.get(day, {})
        return [name for name, state in own.items() if state == "failed" and not _is_file(name)]

    def completed(self, day: date, file: str, complete: bool) -> None:
        """Enter whether the notebook of ``day`` called ``file`` has all the texts of a model that it is
        to have; one that never lacked any is not entered."""
        own = self.days.setdefault(day, {})
        if not complete:
            own[file] = "failed"
        elif file in own:
            own[file] = "done"

    def incomplete(self, since: date) -> list[tuple[date, str]]:
        """The days from ``since`` on whose notebooks lack such texts, and the names of these files."""
        return [
            (day, name)
            for day, own in sorted(self.days.items())
            for name, state in own.items()
            if day >= since and state == "failed" and _is_file(name)
        ]

    def shown_on(self, day: date) -> list[Shown]:
        """The papers first shown on ``day``."""
        return [shown for shown in self.papers.values() if shown.day == day]

    def save(self) -> list[Path]:
        """Write the months that have changed; their paths."""
        months: dict[str, list[str]] = {}
        for day, line in self._lines():
            months.setdefault(f"{day:%Y-%m}", []).append(line)
        changed = []
        for month, lines in sorted(months.items()):
            path = self.root / f"{month}.jsonl"
            data = "".join(f"{line}\n" for line in sorted(lines)).encode()
            if not path.is_file() or path.read_bytes() != data:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(path, data)
                changed.append(path)
        return changed

    def _enter(self, entry: Shown) -> None:
        self.papers[entry.id] = entry
        for identity in entry.ids:
            self._by_identity.setdefault(identity, entry.id)

    def _read(self, line: str, file: str, number: int) -> None:
        try:
            value = json.loads(line)
            if "paper" in value:
                entry = _shown(value)
                known = self.papers.get(entry.id)
                self._enter(known.joined(entry) if known else entry)
            elif "news" in value:
                mark = (str(value["news"]), int(value["version"]))
                day = date.fromisoformat(value["told"])
                self.news[mark] = min(self.news.get(mark, day), day)
            else:
                for source, state in value["sources"].items():
                    self.answered(date.fromisoformat(value["day"]), str(source), str(state))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DigestError(
                f"not a line of the ledger of digests: {error}",
                file=file,
                line=number,
                hint="Take the last good version: git checkout -- " + file,
            ) from error

    def _lines(self) -> Iterator[tuple[date, str]]:
        for shown in self.papers.values():
            value: dict[str, Any] = {
                "paper": shown.id,
                "ids": sorted(shown.ids),
                "shown": shown.day.isoformat(),
                "source": shown.source,
            }
            if shown.version:
                value["version"] = shown.version
            if shown.ticked:
                value["ticked"] = shown.ticked.isoformat()
            if shown.key:
                value["key"] = shown.key
            yield shown.day, _line(value)
        for (name, version), day in self.news.items():
            yield day, _line({"news": name, "version": version, "told": day.isoformat()})
        for day, sources in self.days.items():
            yield day, _line({"day": day.isoformat(), "sources": dict(sorted(sources.items()))})


def _is_file(name: str) -> bool:
    """Whether a name among the states of a day is that of a notebook, and not of a source."""
    return name.endswith(".ipynb")


def contradict(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two papers of one title are two all the same: by two arXiv ids, or two DOIs of one
    publisher. A preprint and the article that it became have DOIs of two."""
    mine, theirs = set(one), set(other)
    for kind in ("arxiv:", "doi:"):
        left = {name for name in mine if name.startswith(kind)}
        right = {name for name in theirs if name.startswith(kind)}
        if kind == "doi:":
            publishers = {name.partition("/")[0] for name in left}
            right = {name for name in right if name.partition("/")[0] in publishers}
        if left and right and not left & right:
            return True
    return False


def says_enough(title: str) -> bool:
    """Whether ``title`` tells a paper from others; "Editorial" does not."""
    letters = "".join(letter for letter in title if letter.isalnum())
    return len(letters) >= (_SHORTEST_TITLE if letters.isascii() else _SHORTEST_WIDE_TITLE)


def _shown(value: dict[str, Any]) -> Shown:
    ticked = value.get("ticked")
    return Shown(
        str(value["paper"]),
        frozenset(map(str, value["ids"])) | {str(value["paper"])},
        date.fromisoformat(value["shown"]),
        str(value.get("source") or ""),
        value.get("version"),
        date.fromisoformat(ticked) if ticked else None,
        str(value.get("key") or ""),
    )


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
