"""Content that is published elsewhere in the journal: matching it is not a leak. Each match is kept
with the file that shows it.

As long as that file stays as it is, nothing else has to be read to know.
"""

from __future__ import annotations

import ast
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from weeknotes.journal.project import Project
from weeknotes.privacy.private_items import Split, library_of
from weeknotes.site.verify import image_similarity
from weeknotes.site.verify.decoding import contents, fold, streams
from weeknotes.site.verify.patterns import WIDE, digest, forms

OWN = ""
"""The place of what Weeknotes itself writes into a site."""
WORDS, RUN, IMAGE, INDEXED = "w", "r", "i", "x"

#: Letters that a piece of public text has at least, and how many pieces a run may be made of.
_LEAST_PIECE, _LEAST_WIDE_PIECE = 4, 2
_MOST_PIECES = 16
_MOST_LETTERS = 200

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
#: An image in Markdown: its words and its address.
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^()\s]+)[^()]*\)")
_PACKAGE = Path(__file__).parents[2]


class Corpus:
    """Texts by the place that each is in, to look up where words or a run are."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        self._places: list[str] = []
        self._starts: tuple[list[int], list[int]] = ([], [])
        words: list[str] = []
        runs: list[str] = []
        at = [0, 0]
        for place, text in texts:
            for folded in _folded(text):
                words.append(f" {folded} \n")
                runs.append(folded.replace(" ", "") + "\n")
                self._places.append(place)
                for kind, made in enumerate((words, runs)):
                    self._starts[kind].append(at[kind])
                    at[kind] += len(made[-1])
        self._texts = ("".join(words), "".join(runs))

    def place_of(self, kind: str, found: str) -> str | None:
        """The first place that holds ``found``, folded words or a run; None where there is none."""
        number = (WORDS, RUN).index(kind)
        # A Korean word has its particle with it, and Chinese has no spaces.
        alone = kind == WORDS and not WIDE.search(found)
        at = self._texts[number].find(f" {found} " if alone else found)
        return self._places[bisect_right(self._starts[number], at) - 1] if at >= 0 else None

    def as_indexed(self) -> tuple[str, str]:
        """All words, and all as one run, in the letters that the index of the search has."""
        from weeknotes.text.folding import fold as folded

        words = folded(self._texts[0])
        return f" {words} ", words.replace(" ", "")


class Public:
    """The public content of one journal, read when it is first asked for."""

    def __init__(self, project: Project, journal: Split) -> None:
        self._project = project
        self._journal = journal
        self._known: dict[tuple[str, str], str | None] = {}
        #: Tells a place that is known from an earlier time, and still good.
        self.recall: Callable[[tuple[str, str]], str | None] = lambda excuse: None
        self._asked: set[tuple[str, str]] = set()
        self._single: dict[str, Corpus] = {}

    def place_of(self, kind: str, found: str) -> str | None:
        """The place that shows ``found``."""
        key = (kind, found)
        if key not in self._known:
            self._known[key] = self.recall(key)
        if self._known[key] is None and key not in self._asked:
            self._asked.add(key)
            self._known[key] = self._shown.place_of(kind, found)
        return self._known[key]

    def still_shows(self, place: str, kind: str, found: str) -> bool:
        """Whether the file ``place`` shows ``found``, without a look at any other."""
        if kind not in (WORDS, RUN):
            return False
        if place not in self._single:
            self._single[place] = self._corpus_of(place)
        return self._single[place].place_of(kind, found) is not None

    def image_place(
        self, data: bytes, look: image_similarity.Look | None, distance: int
    ) -> str | None:
        """The place that shows the image ``data``, or one that it is as much like as ``distance``."""
        if exact := self._images.get(digest(data)):
            return exact[0]
        if look is None:
            return None
        for place, other in self._images.values():
            if other and look.distance(other) <= distance:
                return place
        return None

    @cached_property
    def indexed(self) -> tuple[str, str]:
        """The public content, in the letters that the search index has."""
        return self._shown.as_indexed()

    @cached_property
    def _shown(self) -> Corpus:
        return Corpus(self._shown_texts())

    @cached_property
    def _images(self) -> dict[str, tuple[str, image_similarity.Look | None]]:
        pictures = [*self._journal.public_pictures(), *self._written_pictures()]
        return {digest(data): (place, image_similarity.look_of(data)) for place, data in pictures}

    def _written_pictures(self) -> Iterator[tuple[str, bytes]]:
        """The pictures that are written out in public texts, as data URIs."""
        for place, text in self._journal.public:
            if "base64," in text:
                for kind, data in contents(text.encode("utf-8", "replace")):
                    if kind == "image":
                        yield place, data

    def pieces(self, run: str) -> list[str]:
        """``run`` in pieces that are each a whole public line, such as neighbouring headings, or a
        value of the library, such as the title and the authors of a paper; empty where it is not made
        of such alone."""
        if len(run) > _MOST_LETTERS * 2:
            return []
        best: list[list[str] | None] = [[], *[None] * len(run)]
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - _MOST_LETTERS), end):
                before = best[start]
                if before is None or run[start:end] not in self._units:
                    continue
                here = best[end]
                if here is None or len(before) + 1 < len(here):
                    best[end] = [*before, run[start:end]]
        found = best[-1]
        return found if found and len(found) <= _MOST_PIECES else []

    @cached_property
    def _units(self) -> frozenset[str]:
        """The public lines and values of the library, as runs."""
        lines = (line for _, text in self._journal.public for line in text.split("\n"))
        runs = (
            fold(form).replace(" ", "")
            for line in (*lines, *self._library_values())
            if len(line) <= 2 * _MOST_LETTERS
            for form in forms(line)
        )
        return frozenset(
            run
            for run in runs
            if len(run) >= (_LEAST_WIDE_PIECE if WIDE.search(run) else _LEAST_PIECE)
        )

    def _library_values(self) -> Iterator[str]:
        hidden = self._journal.private_papers
        for key, entry in library_of(self._project).items():
            if key in hidden:
                continue
            for name in ("author", "editor"):
                people = entry.get(name)
                for person in people if isinstance(people, list) else ():
                    if isinstance(person, dict):
                        family, given = (str(person.get(n) or "") for n in ("family", "given"))
                        yield from (family, given, f"{given} {family}", f"{family} {given}")
            issued = entry.get("issued")
            yield from _YEAR.findall(str(issued))
            for name in ("title", "container-title", "publisher", "DOI", "URL", "volume", "page"):
                yield str(entry.get(name) or "")

    def _shown_texts(self) -> Iterator[tuple[str, str]]:
        # First what changes least.
        yield from ((OWN, text) for text in _own_texts())
        yield from self._shared_texts()
        yield from self._journal.public
        for place in self._journal.public_files:
            if place.endswith(".svg"):
                yield place, _read(self._project.root / place)

    def _shared_texts(self) -> Iterator[tuple[str, str]]:
        config, library = self._project.config_path, self._project.library_path
        text = json.dumps(self._project.config, ensure_ascii=False, default=str)
        yield config.name, text
        hidden = self._journal.private_papers
        entries = library_of(self._project)
        shown = [entry for key, entry in entries.items() if key not in hidden]
        yield library.name, json.dumps(shown, ensure_ascii=False, default=str)
        yield library.name, "\n".join(address for entry in shown for address in _addresses(entry))

    def _corpus_of(self, place: str) -> Corpus:
        shared = [(name, text) for name, text in self._shared_texts() if name == place]
        if shared or place.endswith(".svg"):
            return Corpus(shared or [(place, _read(self._project.root / place))])
        return Corpus(Split(self._project, [place]).public)


def _addresses(entry: dict[str, Any]) -> Iterator[str]:
    """The addresses that pages make of a paper's identifiers."""
    from weeknotes.library.identifiers import identities

    if doi := entry.get("DOI"):
        yield f"https://doi.org/{doi}"
    for identity in identities(entry):
        kind, _, value = identity.partition(":")
        if kind == "arxiv":
            yield from (f"https://arxiv.org/{form}/{value}" for form in ("abs", "pdf"))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _folded(text: str) -> list[str]:
    """The words of ``text`` in all the forms that a page may have them in, folded."""
    found: dict[str, None] = {}
    pictures = _IMAGE.sub(r'<img src="\2" alt="\1">', text) if "![" in text else ""
    for form in (*forms(text), pictures):
        found[fold(form)] = None
        if any(mark in form for mark in "<&\\%"):
            found.update(dict.fromkeys(streams(form.encode("utf-8", "replace"))))
    return list(found)


@lru_cache(maxsize=1)
def _own_texts() -> tuple[str, ...]:
    """The texts that Weeknotes itself writes into a site, and numbers in order, as on an axis."""
    texts = []
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in {".css", ".js", ".html", ".svg", ".csl"}:
            texts.append(path.read_text("utf-8", "replace"))
        elif path.suffix == ".py":
            texts += _strings_of(path.read_text("utf-8", "replace"))
    for step in (1, 2, 5, 10, 20, 25, 50, 100):
        texts.append(" ".join(str(number) for number in range(0, 200 * step, step)))
    for step in (1, 2, 5):
        texts.append(" ".join(f"{n // 10}.{n % 10}" for n in range(0, 200 * step, step)))
    return tuple(texts)


def _strings_of(code: str) -> list[str]:
    """The strings in Python code but for those that stand alone, which document it."""
    tree = ast.parse(code)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]
