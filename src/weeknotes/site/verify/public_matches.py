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
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from weeknotes.files import stat_of
from weeknotes.journal.project import Project
from weeknotes.privacy.cited_papers import library_of
from weeknotes.privacy.private_items import Split
from weeknotes.site.verify import image_similarity
from weeknotes.site.verify.decoding import contents, fold, streams
from weeknotes.site.verify.memory import Shown, VerifyStore
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


def shown_in(texts: Iterable[str], files: Iterable[str] = ()) -> Shown:
    """The words and lines that ``texts`` show, which refer to ``files``."""
    words: dict[str, None] = {}
    lines: dict[str, None] = {}
    for text in texts:
        words.update(dict.fromkeys(_folded(text)))
        lines.update(dict.fromkeys(_runs_of_lines(text.split("\n"))))
    return Shown(tuple(words), tuple(lines), tuple(f for f in files if f.endswith(".svg")))


class Corpus:
    """The text that is shown, by the place that shows it, to look up where words or a run are."""

    def __init__(self, shown: Iterable[tuple[str, Shown]]) -> None:
        self._places: list[str] = []
        self._starts: tuple[list[int], list[int]] = ([], [])
        self.lines: set[str] = set()
        words: list[str] = []
        runs: list[str] = []
        at = [0, 0]
        for place, one in shown:
            self.lines.update(one.lines)
            for folded in one.words:
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

    def as_indexed(self) -> str:
        """All words, in the letters that the index of the search has."""
        from weeknotes.text.folding import fold as folded

        return folded(self._texts[0])


class Public:
    """The public content of one journal, read when it is first asked for: first what has been read
    already, and what is public in most journals."""

    def __init__(self, project: Project, journal: Split, store: VerifyStore) -> None:
        self._project = project
        self._journal = journal
        self._store = store
        self._known: dict[tuple[str, str], str | None] = {}
        #: Tells a place that is known from an earlier time, and still good.
        self.recall: Callable[[tuple[str, str]], str | None] = lambda excuse: None
        self._asked: set[tuple[str, str]] = set()
        self._single: dict[str, Corpus] = {}
        self._parts = (self._of_marked, self._of_own, self._of_shared, self._of_others)
        self._corpora: list[Corpus] = []
        self._others = journal.others

    def place_of(self, kind: str, found: str) -> str | None:
        """The place that shows ``found``."""
        key = (kind, found)
        if key not in self._known:
            self._known[key] = self.recall(key)
        if self._known[key] is None and key not in self._asked:
            self._asked.add(key)
            places = (corpus.place_of(kind, found) for corpus in self._every_corpus())
            self._known[key] = next((place for place in places if place is not None), None)
        return self._known[key]

    def _every_corpus(self) -> Iterator[Corpus]:
        for number, part in enumerate(self._parts):
            if number == len(self._corpora):
                self._corpora.append(Corpus(part()))
            yield self._corpora[number]

    def still_shows(self, place: str, kind: str, found: str) -> bool:
        """Whether the file ``place`` shows ``found``, without a look at any other."""
        if kind not in (WORDS, RUN):
            return False
        if place not in self._single:
            self._single[place] = self._corpus_of(place)
        return self._single[place].place_of(kind, found) is not None

    def image_place(
        self, image: str, look: image_similarity.Look | None, distance: int
    ) -> str | None:
        """The place that shows the ``image`` (its digest), or one that it is as much like, by its
        ``look``, as ``distance``."""
        if exact := self._images.get(image):
            return exact[0]
        if look is None:
            return None
        for place, other in self._images.values():
            if other and look.distance(other) <= distance:
                return place
        return None

    @cached_property
    def indexed(self) -> tuple[str, str]:
        """The public words, and all as one run, in the letters that the search index has."""
        words = " ".join(corpus.as_indexed() for corpus in self._every_corpus())
        return f" {words} ", words.replace(" ", "")

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
        lines = (corpus.lines for corpus in self._every_corpus())
        return frozenset().union(_runs_of_lines(self._library_values()), *lines)

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

    def _of_marked(self) -> Iterator[tuple[str, Shown]]:
        for place, text in self._journal.taken():
            yield place, shown_in([text])

    def _of_own(self) -> Iterator[tuple[str, Shown]]:
        # Of the code, whose fingerprint the store has.
        yield OWN, self._store.shown(OWN, "", lambda: Shown(_own_words()))

    def _of_shared(self) -> Iterator[tuple[str, Shown]]:
        for place, text in self._shared_texts():
            yield place, Shown(tuple(_folded(text)))

    def _of_others(self) -> Iterator[tuple[str, Shown]]:
        root = self._project.root
        drawings = set(self._journal.files_so_far)
        for source in self._others:
            # Nothing is marked in it, and nothing included: what it shows depends on it alone.
            state = json.dumps(stat_of(root / source))
            shown = self._store.shown(source, state, partial(self._shown_by, source))
            drawings.update(shown.drawings)
            yield source, shown
        for place in sorted(drawings):
            if place.endswith(".svg"):
                yield place, shown_in([_read(root / place)])

    def _shown_by(self, source: str) -> Shown:
        return shown_in(*self._journal.take_other(source))

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
        if place.endswith(".svg"):
            shared = [(place, _read(self._project.root / place))]
        texts = shared or Split(self._project, [place]).public
        return Corpus((where, shown_in([text])) for where, text in texts)


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


def _runs_of_lines(lines: Iterable[str]) -> Iterator[str]:
    """The runs of the ``lines`` that are short enough to be pieces of others, and say enough."""
    for line in lines:
        if len(line) <= 2 * _MOST_LETTERS:
            for form in forms(line):
                run = fold(form).replace(" ", "")
                if len(run) >= (_LEAST_WIDE_PIECE if WIDE.search(run) else _LEAST_PIECE):
                    yield run


@lru_cache(maxsize=1)
def _own_words() -> tuple[str, ...]:
    """The words that Weeknotes itself writes into a site, and numbers in order, as on an axis."""
    return tuple(dict.fromkeys(words for text in _own_texts() for words in _folded(text)))


def _own_texts() -> tuple[str, ...]:
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
