"""Looking for a journal's private parts in single files, and telling them from what is public.

What is also in a public part of the journal, or in Weeknotes itself, is no leak.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from weeknotes.errors import RenderError
from weeknotes.journal.project import Project
from weeknotes.privacy import marks
from weeknotes.privacy.class_names import marked
from weeknotes.privacy.private_items import PrivateItem, Split
from weeknotes.site.verify import image_similarity
from weeknotes.site.verify.decoding import TooLarge, contents, is_image, streams
from weeknotes.site.verify.memory import FileWords, PublicMatch, VerifyStore
from weeknotes.site.verify.patterns import Hit, Needles, digest, forms, is_run, least_run
from weeknotes.site.verify.public_matches import IMAGE, INDEXED, OWN, RUN, WORDS, Public


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


class LeakError(RenderError):
    """A site that holds something private, and was not put in place. ``leaks`` says what and where."""

    def __init__(self, leaks: Sequence[Leak], said: str = "") -> None:
        shown = "".join(f"\n  {leak}" for leak in leaks[:20])
        more = f"\n  and {len(leaks) - 20} more" if len(leaks) > 20 else ""
        said = said or "the site would publish what is private, and was not put in place"
        super().__init__(
            f"{said}:{shown}{more}",
            hint="Mark what belongs together as private, or take the mark off; in a generated cell: "
            "weeknotes refresh WEEK." + _how_to_mean(leaks),
        )
        self.leaks = tuple(leaks)


def _how_to_mean(leaks: Sequence[Leak]) -> str:
    """A hint that says how to mark what was found as public on purpose."""
    names = list(dict.fromkeys(leak.name for leak in leaks if leak.name))
    if not names or len(names) > 20:
        return ""
    return (
        " If it is meant to be public, say so in _quarto.yml, below 'weeknotes:', with the line: "
        f"meant: [{', '.join(names)}]"
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


CORRECTIONS = "search/words.txt "
"""The name of the words that the search corrects by: a list, whose words say nothing by their order."""


def words_in(name: str, data: bytes) -> FileWords:
    """The words and images of the file ``name`` that holds ``data``."""
    words: dict[str, None] = {}
    files: dict[str, None] = {}
    images: dict[str, None] = {}
    try:
        pieces = [("text", name.encode()), *contents(data)]
    except TooLarge as error:
        return FileWords((), unread=str(error))
    for kind, piece in pieces:
        if kind == "image":
            images[digest(piece)] = None
            continue
        if not is_image(piece):
            files[digest(piece)] = None
        words.update(dict.fromkeys(streams(piece)))
    marked = name.endswith(".html") and _shows_mark(data)
    return FileWords(tuple(words), tuple(files), tuple(images), marked)


class Searcher:
    """Looks for the secrets of one journal in files."""

    def __init__(self, project: Project, journal: Split, store: VerifyStore) -> None:
        self.public = Public(project, journal, store)
        self._store = store
        self._meant = meant(project)
        self._needles: dict[tuple[str, ...], Needles] = {}
        self._answers: dict[str, dict[PublicMatch, str] | None] = {}

    def search(
        self,
        name: str,
        said: FileWords,
        data: Callable[[], bytes],
        secrets: Sequence[PrivateItem],
    ) -> Answer:
        """The leaks in the file ``name`` with the words ``said``; ``data`` reads its bytes, for images
        that are not known yet. The answer holds as long as the file and the secrets stay the same, and
        the excuses are good."""
        needles = self._needles_of(secrets)
        answer = Answer()
        if said.unread:
            what = f"{said.unread}, which could be something"
            answer.leaks.append(Leak(name, what, "any private part"))
        self._search_images(answer, name, said, data, needles)
        for found in said.files if needles.files else ():
            if exact := needles.files.get(found):
                self._tell(answer, name, ("a file", exact, found), self._image_excuse(found))
        for folded in said.words:
            for hit in needles.found_in(folded):
                self._tell(answer, name, (hit.what, hit.secret, hit.words), self._excuse(hit))
        if said.marked:
            answer.leaks.append(
                Leak(name, "an element of the class 'private', part", "the journal")
            )
        return answer

    def search_index(self, name: str, said: FileWords, secrets: Sequence[PrivateItem]) -> Answer:
        """The same for the piece ``name`` of the index, whose letters are folded as it does."""
        answer = Answer()
        needles = self._needles_of(secrets, indexed=True)
        for folded in said.words:
            for hit in needles.found_in(folded):
                if hit.what == "text" and name == CORRECTIONS:
                    continue
                excuse = self._excuse(hit)
                if excuse is None and self._is_public_in_index(hit):
                    excuse = {(INDEXED, hit.words): OWN}
                file = name.partition(" ")[0]
                self._tell(answer, file, (hit.what, hit.secret, hit.words), excuse)
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

    def _search_images(
        self,
        answer: Answer,
        name: str,
        said: FileWords,
        data: Callable[[], bytes],
        needles: Needles,
    ) -> None:
        if not said.images or not (needles.files or needles.looks):
            return
        if needles.looks and not all(image in self._store.looks for image in said.images):
            for kind, piece in contents(data()):
                if kind == "image" and (image := digest(piece)) not in self._store.looks:
                    self._store.keep_look(image, image_similarity.look_of(piece))
        for image in said.images:
            look = self._store.looks.get(image)
            if exact := needles.files.get(image):
                self._tell(answer, name, ("an image", exact, image), self._image_excuse(image))
            elif needles.looks and look:
                distances = ((look.distance(other), secret) for other, secret in needles.looks)
                distance, secret = min(distances, key=lambda pair: pair[0])
                if distance <= image_similarity.ALIKE:
                    excuse = self._image_excuse(image, look, distance)
                    self._tell(answer, name, ("an image", secret, image), excuse)

    def _image_excuse(
        self, image: str, look: image_similarity.Look | None = None, distance: int = 0
    ) -> dict[PublicMatch, str] | None:
        place = self.public.image_place(image, look, distance)
        return None if place is None else {(IMAGE, image): place}

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
