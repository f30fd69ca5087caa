"""Looking for a journal's private parts in single files, and telling them from what is public.

What is also in a public part of the journal, or in Weeknotes itself, is no leak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from weeknotes.journal.project import Project
from weeknotes.privacy import marks
from weeknotes.privacy.class_names import marked
from weeknotes.privacy.private_items import PrivateItem, Split
from weeknotes.site.verify import image_similarity
from weeknotes.site.verify.decoding import TooLarge, contents, fold, is_image, streams
from weeknotes.site.verify.patterns import Hit, Needles, digest, forms, is_run, least_run
from weeknotes.site.verify.public_matches import IMAGE, INDEXED, OWN, RUN, WORDS, Public

PublicMatch = tuple[str, str]
"""What is public anyway: its kind (`public.WORDS`, ``RUN``, ``IMAGE``, ``INDEXED``), and the words,
folded, or the digest."""


@dataclass(frozen=True)
class Leak:
    """Something private in a file of the site: ``file`` is its path from the site's root, ``what`` a
    text, a name, an image or a mark, ``where`` the place in the journal that it is from, and ``name``
    what says in the configuration that it is meant. The words themselves are left out: messages end up
    in logs that others read."""

    file: str
    what: str
    where: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.what} of {self.where}" + (
            f" [{self.name}]" if self.name else ""
        )


def name_of(found: str) -> str:
    """A short name for what was found, to say that it is meant without repeating it."""
    return digest(found.encode("utf-8", "replace"))[:8]


def meant(project: Project) -> frozenset[str]:
    """The names of what the author says is meant to be public (``weeknotes: meant:`` in
    ``_quarto.yml``)."""
    names = project.settings.get("meant") or []
    return frozenset(map(str, names if isinstance(names, list) else [names]))


@dataclass
class Answer:
    """The findings in a file: ``leaks``, and the matches that are public anyway, each with the
    place that shows it."""

    leaks: list[Leak] = field(default_factory=list)
    excuses: dict[PublicMatch, str] = field(default_factory=dict)


class Searcher:
    """Looks for the secrets of one journal in files."""

    def __init__(self, project: Project, journal: Split) -> None:
        self.public = Public(project, journal)
        self._meant = meant(project)
        self._needles: dict[tuple[str, ...], Needles] = {}
        self._answers: dict[str, dict[PublicMatch, str] | None] = {}

    def search(self, name: str, data: bytes, secrets: Sequence[PrivateItem]) -> Answer:
        """The leaks in the file ``name`` that holds ``data``. The answer holds as long as the file and
        the secrets stay the same, and the excuses are good."""
        needles = self._needles_of(secrets)
        answer = Answer()
        try:
            pieces = [("text", name.encode()), *contents(data)]
        except TooLarge as error:
            answer.leaks.append(
                Leak(name, f"{error}, which could be something", "any private part")
            )
            return answer
        for kind, piece in pieces:
            if kind == "image":
                self._search_image(answer, name, piece, needles)
                continue
            if not is_image(piece) and (exact := needles.files.get(digest(piece))):
                hit_file = ("a file", exact, digest(piece))
                self._tell(answer, name, hit_file, self._image_excuse(piece, None, 0))
            for folded in streams(piece):
                for hit in needles.found_in(folded):
                    told = (hit.what, hit.secret, hit.words)
                    self._tell(answer, name, told, self._excuse(hit))
        if name.endswith(".html") and _shows_mark(data):
            answer.leaks.append(
                Leak(name, "an element of the class 'private', part", "the journal")
            )
        return answer

    def search_index(self, name: str, text: str, secrets: Sequence[PrivateItem]) -> Answer:
        """The same for a text of the index ``name``, whose letters are folded as it does. One with
        lines is a list, whose words say nothing by their order."""
        answer = Answer()
        for hit in self._needles_of(secrets, indexed=True).found_in(fold(text)):
            if hit.what == "text" and "\n" in text:
                continue
            excuse = self._excuse(hit)
            if excuse is None and self._is_public_in_index(hit):
                excuse = {(INDEXED, hit.words): OWN}
            self._tell(answer, name, (hit.what, hit.secret, hit.words), excuse)
        return answer

    def _tell(
        self,
        answer: Answer,
        file: str,
        hit: tuple[str, PrivateItem, str],
        excuse: dict[PublicMatch, str] | None,
    ) -> None:
        """Note what was found (what it is, of which item, and its words or digest) in ``file``."""
        what, secret, found = hit
        if excuse is not None:
            answer.excuses.update(excuse)
        elif (name := name_of(found)) not in self._meant:
            answer.leaks.append(Leak(file, what, secret.where, name))

    def _needles_of(self, secrets: Sequence[PrivateItem], indexed: bool = False) -> Needles:
        key = (str(indexed), *(secret.fingerprint for secret in secrets))
        if key not in self._needles:
            self._needles[key] = Needles(map(_as_indexed, secrets) if indexed else secrets)
        return self._needles[key]

    def _search_image(self, answer: Answer, name: str, data: bytes, needles: Needles) -> None:
        if exact := needles.files.get(digest(data)):
            found = ("an image", exact, digest(data))
            self._tell(answer, name, found, self._image_excuse(data, None, 0))
        elif needles.looks and (look := image_similarity.look_of(data)):
            distances = ((look.distance(other), secret) for other, secret in needles.looks)
            distance, secret = min(distances, key=lambda pair: pair[0])
            if distance <= image_similarity.ALIKE:
                excuse = self._image_excuse(data, look, distance)
                self._tell(answer, name, ("an image", secret, digest(data)), excuse)

    def _image_excuse(
        self, data: bytes, look: image_similarity.Look | None, distance: int
    ) -> dict[PublicMatch, str] | None:
        place = self.public.image_place(data, look, distance)
        return None if place is None else {(IMAGE, digest(data)): place}

    def _excuse(self, hit: Hit) -> dict[PublicMatch, str] | None:
        """Why what was found is no leak; None where it is one."""
        if hit.what != "text":
            return self._shown(WORDS, hit.words) or self._pieces(hit)
        if hit.words not in self._answers:
            self._answers[hit.words] = (
                self._shown(RUN, hit.words) or self._patchwork(hit) or self._pieces(hit)
            )
        return self._answers[hit.words]

    def _shown(self, kind: str, found: str) -> dict[PublicMatch, str] | None:
        place = self.public.place_of(kind, found)
        return None if place is None else {(kind, found): place}

    def _pieces(self, hit: Hit) -> dict[PublicMatch, str] | None:
        """Of a run that is made of whole public lines and values of the library, these."""
        excuses: dict[PublicMatch, str] = {}
        for piece in self.public.pieces(hit.words.replace(" ", "")):
            excuses |= self._shown(RUN, piece) or {}
        return excuses or None

    def _patchwork(self, hit: Hit) -> dict[PublicMatch, str] | None:
        """Of a run that is made of public lines, and of longer public runs with less around them than
        could be told from chance, these: such as a public title, and what goes on alike behind it."""
        excuses: dict[PublicMatch, str] = {}
        rest = ""
        for line, whole in hit.lines:
            if shown := self._shown(RUN, line):
                excuses |= shown
                continue
            at = 0
            covered = False
            while at < len(line) and not is_run(rest):
                shown = self._longest(line[at:])
                covered = covered or bool(shown)
                if shown:
                    excuses |= shown
                    at += len(next(iter(shown))[1])
                else:
                    rest += line[at]
                    at += 1
            if is_run(rest) or (whole and not covered):
                return None
        return excuses

    def _longest(self, run: str) -> dict[PublicMatch, str]:
        """The longest public beginning of ``run``; nothing where it could be by chance."""
        size = len(least_run(run))
        shown = self._shown(RUN, run[:size]) if size else None
        while shown and size < len(run) and (more := self._shown(RUN, run[: size + 1])):
            shown = more
            size += 1
        return shown or {}

    def _is_public_in_index(self, hit: Hit) -> bool:
        words, run = self.public.indexed
        if hit.what == "text":
            return hit.words in run
        return f" {hit.words} " in words or hit.words.replace(" ", "") in run


def _as_indexed(secret: PrivateItem) -> PrivateItem:
    """``secret`` in the letters that the index has: without accents, and Han simplified."""
    from weeknotes.text.folding import fold as folded

    def lines(text: str) -> str:
        return "\n".join(map(folded, text.split("\n")))

    texts = (form for text in secret.texts for form in forms(text))
    names = tuple(folded(name) for name in secret.names)
    return replace(secret, texts=tuple(map(lines, texts)), names=names, images=())


def _shows_mark(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    return marked(text) and any(map(marks.is_mark, marks.tags_of(text)))
