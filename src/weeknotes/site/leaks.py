"""Looking for a journal's private parts in single files, and telling them from what is public.

What also stands in a public part of the journal, or in Weeknotes itself, is no leak.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from weeknotes.privacy import marks
from weeknotes.privacy.parts import Secret, Split, library_of
from weeknotes.project import Project
from weeknotes.site import looks
from weeknotes.site.decoding import TooLarge, contents, fold, is_image, streams
from weeknotes.site.needles import Hit, Needles, digest, forms, is_run, least_run

_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Leak:
    """Something private in a file of the site: ``file`` is its path from the site's root, ``what`` a
    text, a name, an image or a mark, and ``where`` the place in the journal that it is from. The
    words themselves are left out: messages end up in logs that others read."""

    file: str
    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what} of {self.where}"


class Searcher:
    """Looks for the secrets of one journal in files."""

    def __init__(self, project: Project, journal: Split) -> None:
        self._project = project
        self._journal = journal
        self._needles: dict[tuple[str, ...], Needles] = {}
        self._answers: dict[tuple[str, bool], bool] = {}

    def search(self, name: str, data: bytes, secrets: Sequence[Secret]) -> tuple[list[Leak], bool]:
        """The leaks in the file ``name`` that holds ``data``, and whether the answer holds as long as
        the file and the secrets stay the same: not where something private was found that stands in
        a public part too."""
        needles = self._needles_of(secrets)
        leaks: list[Leak] = []
        sure = True
        try:
            pieces = [("text", name.encode()), *contents(data)]
        except TooLarge as error:
            return [Leak(name, f"{error}, which could be something", "any private part")], False
        for kind, piece in pieces:
            if kind == "image":
                for secret in self._images(needles, piece):
                    sure = False
                    if not self._is_public_image(piece, needles):
                        leaks.append(Leak(name, "an image", secret.where))
                continue
            exact = None if is_image(piece) else needles.files.get(digest(piece))
            if exact:
                sure = False
                if not self._is_public_image(piece, needles):
                    leaks.append(Leak(name, "a file", exact.where))
            for folded in streams(piece):
                for hit in needles.found_in(folded):
                    if self._is_public(hit):
                        sure = False
                    else:
                        leaks.append(Leak(name, hit.what, hit.secret.where))
        if name.endswith(".html") and _shows_mark(data):
            leaks.append(Leak(name, "an element of the class 'private', part", "the journal"))
        return leaks, sure

    def search_index(
        self, name: str, text: str, secrets: Sequence[Secret]
    ) -> tuple[list[Leak], bool]:
        """The same for a text of the index ``name``, whose letters are folded as it does."""
        leaks: list[Leak] = []
        sure = True
        for hit in self._needles_of(secrets, indexed=True).found_in(fold(text)):
            if self._is_public(hit) or self._is_public_in_index(hit):
                sure = False
            else:
                leaks.append(Leak(name, hit.what, hit.secret.where))
        return leaks, sure

    def _needles_of(self, secrets: Sequence[Secret], indexed: bool = False) -> Needles:
        key = (str(indexed), *(secret.fingerprint for secret in secrets))
        if key not in self._needles:
            self._needles[key] = Needles(map(_as_indexed, secrets) if indexed else secrets)
        return self._needles[key]

    def _images(self, needles: Needles, data: bytes) -> Iterator[Secret]:
        """Whose image ``data`` is, or looks like."""
        if exact := needles.files.get(digest(data)):
            yield exact
        elif needles.looks and (look := looks.look_of(data)):
            distance, secret = _nearest(look, needles)
            if distance <= looks.ALIKE:
                yield secret

    def _is_public_image(self, data: bytes, needles: Needles) -> bool:
        """Whether a public part shows an image that ``data`` is, or is as much like."""
        if digest(data) in self._public_images:
            return True
        if digest(data) in needles.files:
            return False
        look = looks.look_of(data)
        if look is None:
            return False
        distance, _ = _nearest(look, needles)
        return any(
            other and look.distance(other) <= distance for other in self._public_images.values()
        )

    def _is_public(self, hit: Hit) -> bool:
        """Whether what was found stands in what is public anyway."""
        own = hit.secret.generated
        if hit.what != "text":
            return self._has_words(hit.words, own)
        key = (hit.words, own)
        if key not in self._answers:
            self._answers[key] = self._has_run(hit.words, own) or self._is_patchwork(hit)
        return self._answers[key]

    def _is_patchwork(self, hit: Hit) -> bool:
        """Whether a run is made of public lines, and of longer public runs with less around them than
        could be told from chance: such as a public title, and what goes on alike behind it."""
        own = hit.secret.generated
        rest = ""
        for line, whole in hit.lines:
            if self._has_run(line, own):
                continue
            at = 0
            covered = False
            while at < len(line) and not is_run(rest):
                size = self._public_size(line[at:], own)
                covered = covered or size > 0
                rest += line[at] if not size else ""
                at += size or 1
            if is_run(rest) or (whole and not covered):
                return False
        return True

    def _public_size(self, run: str, own: bool) -> int:
        """How long a beginning of ``run`` is public; 0 where it could be by chance."""
        size = len(least_run(run))
        if not size or not self._has_run(run[:size], own):
            return 0
        while size < len(run) and self._has_run(run[: size + 1], own):
            size += 1
        return size

    def _has_words(self, words: str, own: bool) -> bool:
        padded = f" {words} "
        return padded in self._public or (own and padded in self._generated)

    def _has_run(self, run: str, own: bool) -> bool:
        return run in self._public_run or (own and run in self._generated_run)

    def _is_public_in_index(self, hit: Hit) -> bool:
        words, run = self._public_indexed
        if hit.what == "text":
            return hit.words in run
        return f" {hit.words} " in words or hit.words.replace(" ", "") in run

    @cached_property
    def _public_indexed(self) -> tuple[str, str]:
        from weeknotes.site.search.folding import fold as folded

        texts = self._public, self._generated if self._journal.generated else ""
        words = folded(" ".join(texts))
        return f" {words} ", words.replace(" ", "")

    @cached_property
    def _public(self) -> str:
        library = library_of(self._project)
        hidden = {secret.paper for secret in self._journal.secrets}
        entries = [entry for key, entry in library.items() if key not in hidden]
        parts = [
            *forms(self._journal.public),
            json.dumps(self._project.config, ensure_ascii=False, default=str),
            json.dumps(entries, ensure_ascii=False, default=str),
            *(path.read_text("utf-8", "replace") for path in self._drawings()),
            *_own_texts(),
        ]
        folded = [words for text in parts for words in (fold(text), *streams(text.encode()))]
        return " " + " ".join(dict.fromkeys(folded)) + " "

    def _drawings(self) -> Iterator[Path]:
        for path in sorted(self._journal.public_files):
            if path.suffix.lower() == ".svg" and path.is_file():
                yield path

    @cached_property
    def _public_run(self) -> str:
        return self._public.replace(" ", "") + " ".join(_counts())

    @cached_property
    def _generated(self) -> str:
        return " " + " ".join(map(fold, forms(self._journal.generated))) + " "

    @cached_property
    def _generated_run(self) -> str:
        return self._generated.replace(" ", "")

    @cached_property
    def _public_images(self) -> dict[str, looks.Look | None]:
        return {digest(data): looks.look_of(data) for data in self._journal.public_pictures()}


def _as_indexed(secret: Secret) -> Secret:
    """``secret`` in the letters that the index has: without accents, and Han simplified."""
    from weeknotes.site.search.folding import fold as folded

    def lines(text: str) -> str:
        return "\n".join(map(folded, text.split("\n")))

    texts = (form for text in secret.texts for form in forms(text))
    names = tuple(folded(name) for name in secret.names)
    return replace(secret, texts=tuple(map(lines, texts)), names=names, images=())


def _nearest(look: looks.Look, needles: Needles) -> tuple[int, Secret]:
    distances = ((look.distance(other), secret) for other, secret in needles.looks)
    return min(distances, key=lambda pair: pair[0])


def _counts() -> Iterator[str]:
    """Numbers in order, as they stand along axes and before rows."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100):
        yield "".join(str(number) for number in range(0, 200 * step, step))
    for step in (1, 2, 5):
        yield "".join(f"{number // 10}{number % 10}" for number in range(0, 200 * step, step))


def _shows_mark(data: bytes) -> bool:
    return b"private" in data.lower() and bool(
        marks.HTML_MARK.search(data.decode("utf-8", "replace"))
    )


def _own_texts() -> Iterator[str]:
    """What Weeknotes itself writes into a site."""
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in {".py", ".css", ".js", ".html", ".lua", ".svg", ".csl"}:
            yield path.read_text("utf-8", "replace")
