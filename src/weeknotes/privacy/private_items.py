"""This module gathers the content that must not be found in a journal's site: the texts, names and
images of everything private, and the papers that only private notes cite.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from weeknotes.journal.notebooks import joined
from weeknotes.journal.project import Project
from weeknotes.privacy import cut as notebooks
from weeknotes.privacy.cells import is_generated, output_words, source_of
from weeknotes.privacy.cited_papers import CitedPapers, library_of
from weeknotes.privacy.clean_files import CleanFiles
from weeknotes.privacy.cut import PrivatePart
from weeknotes.privacy.file_references import local_file, referred
from weeknotes.privacy.includes import FileIncludes
from weeknotes.privacy.marks import unshown_spans, without
from weeknotes.privacy.private_files import Whole
from weeknotes.privacy.readings import agreed
from weeknotes.privacy.seeming import seeming_mark_of_cell, seeming_marks
from weeknotes.privacy.short_texts import drawn, front_words, names, plain
from weeknotes.privacy.short_texts import said as said_by

_ARXIV = re.compile(r"\d{4}\.\d{4,5}")
#: Files that say something in words, and how long one may be to be read for them.
_WORDED = frozenset(".svg .txt .csv .tsv .json .html .htm .xml .bib .tex .py .r .log".split())
_LONGEST = 2_000_000
_SOURCES = (".ipynb", ".qmd", ".md")
_PICTURES = frozenset(".png .jpg .jpeg .gif .webp .avif .bmp .tif .tiff .svg .ico".split())


@dataclass(frozen=True)
class PrivateItem:
    """One thing that is private: where it is, and what of it could be found elsewhere.

    ``texts`` are as written; ``names`` are short (headings, tags, labels, citation keys, file names);
    ``images`` are the bytes of pictures and other files. ``paper`` is the citation key of a paper that
    only private parts cite. ``generated`` is true of what a generated cell shows.
    """

    where: str
    texts: tuple[str, ...]
    names: tuple[str, ...] = ()
    images: tuple[bytes, ...] = ()
    paper: str = ""
    generated: bool = False

    @cached_property
    def fingerprint(self) -> str:
        """A digest that changes when anything of it does."""
        state = hashlib.blake2b(digest_size=12)
        for part in (self.where, *self.texts, "\0", *self.names):
            state.update(part.encode("utf-8", "surrogatepass") + b"\0")
        for image in self.images:
            state.update(hashlib.blake2b(image, digest_size=12).digest())
        return state.hexdigest()


def private_papers(project: Project, sources: Sequence[str]) -> frozenset[str]:
    """The citation keys that are in private parts of ``sources`` and in no public one."""
    return split(project, sources).private_papers


def split(project: Project, sources: Sequence[str]) -> Split:
    """The text of all ``sources`` of ``project`` taken apart, once while a build lasts."""
    return project.once("split", lambda: Split(project, sources))


class Split:
    """The text of a journal taken apart: what is private in it, and what is public.

    Made from the files that hold something private, and of the others from those alone that may hold
    in public what these cite or refer to; all of them are read only when ``public`` is asked for.
    """

    def __init__(self, project: Project, sources: Sequence[str]) -> None:
        self._project, self._root = project, project.root
        self._whole = Whole(project)
        self._papers = CitedPapers(project)
        self._secrets: list[PrivateItem] = []
        #: Where something looks like a mark and marks nothing, each with the line that it is in.
        self.seeming: list[tuple[str, str]] = []
        self._public: list[tuple[str, str]] = []
        self._notebooks: list[str] = []
        self._files: set[Path] = set()
        self._hidden_files: dict[Path, str] = {}
        self._seen: set[str] = set()
        clean = CleanFiles(project.root, project.state)
        marked = {source for source in sources if self._could_hold(source, clean)}
        self._whole.save()
        self._others = [source for source in sources if source not in marked]
        for source in sorted(marked):
            if self._holds_nothing(source):
                clean.note(source)
        clean.save()
        hidden = (text for secret in self._secrets for text in secret.texts)
        self._hidden_keys = self._papers.found_in(hidden)
        if self._secrets:
            self._take_mentions()

    def _could_hold(self, source: str, clean: CleanFiles) -> bool:
        """Whether ``source`` must be read for what is private in it."""
        if not self._whole.may_hold_private(source):
            return False
        return not clean.knows(source) or bool(self._whole.reason(source))

    def _holds_nothing(self, source: str) -> bool:
        """Read ``source``; whether there is nothing private in it, nor what looks like a mark: false of
        what was read already, with a file that includes it."""
        known, found = f"{source}\0{False}" in self._seen, len(self._secrets) + len(self.seeming)
        self._take(source)
        nothing = len(self._secrets) + len(self.seeming) == found
        return nothing and not known and not self._whole.reason(source)

    @cached_property
    def secrets(self) -> tuple[PrivateItem, ...]:
        """Everything that is private, but for what generated cells show: that is of the library, whose
        private papers are among the others."""
        written = (secret for secret in self._secrets if not secret.generated)
        return (*written, *self._of_papers(), *self._of_files())

    @cached_property
    def private_papers(self) -> frozenset[str]:
        """The citation keys that are in private parts alone."""
        shown = self._papers.found_in(text for _, text in self._public)
        return frozenset(self._hidden_keys - shown)

    @cached_property
    def public(self) -> list[tuple[str, str]]:
        """The texts, code and outputs that the author shows, each with its source."""
        self._take_others()
        return self._public

    @cached_property
    def public_files(self) -> list[str]:
        """The files that public parts refer to, POSIX from the root."""
        self._take_others()
        return self.files_so_far

    @property
    def others(self) -> list[str]:
        """The files that hold nothing private, of those that were not read yet."""
        return [source for source in self._others if f"{source}\0{False}" not in self._seen]

    def taken(self) -> list[tuple[str, str]]:
        """The public texts of the files that were read so far, each with its source."""
        return list(self._public)

    @property
    def files_so_far(self) -> list[str]:
        """The files that the public parts refer to that were read so far, POSIX from the root."""
        files = (path for path in self._files if path.is_file())
        return sorted(path.relative_to(self._root).as_posix() for path in files)

    def take_other(self, source: str) -> tuple[list[str], list[str]]:
        """The texts that one of the ``others`` shows, and the files that it refers to."""
        self._take(source)
        texts = [text for place, text in self._public if place == source]
        return texts, sorted({f for text in texts for f in referred(self._root, source, text)})

    def public_pictures(self) -> Iterator[tuple[str, bytes]]:
        """The images that public parts show, each with the file that it is, or is in: files, outputs,
        and attachments. Read when asked for."""
        for place in self.public_files:
            yield place, (self._root / place).read_bytes()
        for source in self._notebooks:
            cells = _parsed((self._root / source).read_bytes())
            notebook = {"cells": cells or []}
            cut, _ = agreed(self._project.state, notebook, self._includes(source))
            for cell in cut.notebook["cells"]:
                if source_of(cell) is not None:
                    shown = notebooks.whole_part(cell, 0)
                    yield from ((source, data) for data in _pictures_of(shown))

    def _includes(self, source: str) -> FileIncludes:
        folder = (self._root / source).parent
        return FileIncludes(self._root, folder, self._whole.reason)

    def _take_others(self) -> None:
        for source in self._others:
            self._take(source)
        self._others = []

    def _take_mentions(self) -> None:
        """Read those of the other files that may cite the same papers, or show the same files."""
        addresses = self._papers.addresses_of(self._hidden_keys)
        words = [*self._hidden_keys, *(path.name for path in self._hidden_files), *addresses]
        if not words:
            return
        forms = {form for word in words for form in (word, json.dumps(word)[1:-1], quote(word))}
        pattern = re.compile("|".join(re.escape(form) for form in sorted(forms)).encode())
        for source in self._others:
            path = self._root / source
            if path.is_file() and pattern.search(path.read_bytes()):
                self._take(source)

    def _take(self, source: str, hidden: bool = False, around: str = "") -> None:
        """Put the file ``source``, and what it includes, where it belongs. ``around`` is the file that
        includes it."""
        key = f"{source}\0{hidden}"
        if key in self._seen:
            return
        self._seen.add(key)
        try:
            data = (self._root / source).read_bytes()
        except OSError:
            return
        hidden = hidden or bool(self._whole.reason(source))
        if source.endswith(".ipynb"):
            self._take_notebook(source, data, hidden)
            return
        text = data.decode("utf-8-sig", "replace")
        parts: tuple[PrivatePart, ...]
        if hidden:
            public, parts = "", (PrivatePart(None, 1, text),)
        else:
            public, parts = notebooks.cut_text(text.replace("\r\n", "\n"), self._includes(source))
        if hidden and not around:
            self._hide_name(source)
        self._take_parts(source, parts, around)
        self._note_seeming(source, None, public)
        self._publish(source, public, around)

    def _take_notebook(self, source: str, data: bytes, hidden: bool) -> None:
        cells = _parsed(data)
        if cells is None:
            return
        if hidden:
            self._hide_name(source)
            numbered = [(n, c) for n, c in enumerate(cells, 1) if source_of(c)]
            self._take_parts(source, (notebooks.whole_part(c, n) for n, c in numbered))
            return
        self._notebooks.append(source)
        if notebooks.may_hold_private(data) or b"{{<" in data:
            cut, readings = agreed(self._project.state, {"cells": cells}, self._includes(source))
            cells = cut.notebook["cells"]
            self._take_parts(source, cut.parts)
            # What pandoc alone takes for private must be nowhere either.
            found = (text for text in readings.hidden if text.strip())
            self._secrets += [PrivateItem(source, (text,), names(text)) for text in found]
            for number, cell in zip(cut.numbers, cells, strict=True):
                if source_of(cell) is not None and not is_generated(cell):
                    self._note_seeming_of_cell(source, number, cell)
        for cell in cells:
            self._publish_cell(source, cell)

    def _note_seeming_of_cell(self, source: str, number: int, cell: Any) -> None:
        text = source_of(cell) or ""
        if cell["cell_type"] == "markdown":
            self._note_seeming(source, number, text)
        if line := seeming_mark_of_cell(cell):
            where = f"{source}, cell {number}, line {line}"
            self.seeming.append((where, text.split("\n")[line - 1]))

    def _note_seeming(self, source: str, cell: int | None, text: str) -> None:
        for at, hidden in seeming_marks(text):
            if not hidden:
                line = text.count("\n", 0, at)
                where = f"{source}, cell {cell}" if cell else source
                self.seeming.append((f"{where}, line {line + 1}", text.split("\n")[line]))

    def _hide_name(self, source: str) -> None:
        """The name of a file that is private as a whole says something too, and so does its path."""
        path = PurePosixPath(source).with_suffix("")
        self._secrets.append(PrivateItem(source, (), (path.name, path.as_posix())))

    def _publish_cell(self, source: str, cell: Any) -> None:
        text = source_of(cell)
        if text is None:
            return
        outputs = cell.get("outputs")
        shown = (
            [t for o in outputs if isinstance(o, dict) for t in output_words(o)] if outputs else []
        )
        if not is_generated(cell):
            if cell["cell_type"] == "code":
                self._public.append((source, text))
                text = ""
            self._publish(source, text)
            for said in shown:
                self._publish(source, said)
            return
        # What such a cell shows does not make public what an author marks, but how it does so is no
        # secret.
        code = [text] if cell["cell_type"] == "code" else []
        self._publish(source, "\n".join([*code, *map(drawn, shown)]))

    def _publish(self, source: str, text: str, around: str = "") -> None:
        text = without(text, unshown_spans(text))
        self._public.append((source, text))
        for inner in self._included(source, text, around):
            self._take(inner, around=around or source)
        for local in referred(self._root, source, text):
            if local.endswith(_SOURCES):
                # What links to a page says its name.
                self._public.append((source, local))
            else:
                self._files.add(self._root / local)

    def _take_parts(self, source: str, parts: Iterable[PrivatePart], around: str = "") -> None:
        for part in parts:
            where = f"{source}, cell {part.cell}" if part.cell else source
            shown = [text for output in part.outputs for text in output_words(output)]
            for local in referred(self._root, source, "\n".join([part.source, *shown])):
                if not local.endswith(_SOURCES):
                    path = self._root / local
                    self._hidden_files.setdefault(path, f"{where}, line {part.line}")
            # Front matter is words, not a text: a page shows them one by one.
            body, words = front_words(part.source)
            texts = (body, *map(said_by, shown))
            self._secrets.append(
                PrivateItem(
                    f"{where}, line {part.line}",
                    tuple(text for text in (*texts, *words) if text.strip()),
                    (*words, *(name for text in texts for name in names(text))),
                    tuple(_pictures_of(part)),
                    generated=part.generated,
                )
            )
            for inner in self._included(source, part.source, around):
                self._take(inner, hidden=True, around=around or source)

    def _included(self, source: str, text: str, around: str) -> Iterator[str]:
        """The files that ``text`` includes: by their paths from ``source``, or else from ``around``."""
        for name in notebooks.included(text):
            found = local_file(self._root, source, name) or local_file(self._root, around, name)
            if found:
                yield found

    def _of_files(self) -> Iterator[PrivateItem]:
        """The files that private parts alone refer to."""
        for path, where in self._hidden_files.items():
            if path in self._files:
                continue
            try:
                data = path.read_bytes()
            except OSError:
                continue
            kind = path.suffix.lower()
            own = (path.name,) if kind in _PICTURES else (path.stem, path.name)
            said = ""
            if kind in _WORDED and len(data) < _LONGEST:
                said = plain(data.decode("utf-8-sig", "replace"))
            yield PrivateItem(where, (said,) if said.strip() else (), own, (data,))

    def _of_papers(self) -> Iterator[PrivateItem]:
        """The papers that only private parts cite."""
        library = library_of(self._project) if self.private_papers else {}
        for key in sorted(self.private_papers & library.keys()):
            entry = library[key]
            texts = (str(entry.get(name) or "") for name in ("title", "abstract"))
            own = [key, *(str(entry.get(name) or "") for name in ("DOI", "title", "other-ids"))]
            address = str(entry.get("URL") or "").partition("://")[2]
            own += [address, *_ARXIV.findall(address)]
            yield PrivateItem(
                f"{self._project.library_path.name}, '{key}', which only private notes cite",
                tuple(text for text in texts if text),
                tuple(name for name in own if name),
                paper=key,
            )


def _pictures_of(part: PrivatePart) -> Iterator[bytes]:
    for output in part.outputs:
        yield from pictures(output.get("data"))
    for bundle in (part.attachments or {}).values():
        yield from pictures(bundle)


def pictures(bundle: Any) -> Iterator[bytes]:
    """The images of a MIME bundle as bytes."""
    for kind, value in bundle.items() if isinstance(bundle, dict) else ():
        text = joined(value)
        if text is None or not kind.startswith(("image/", "video/", "audio/", "application/pdf")):
            continue
        if "svg" in kind and text.lstrip().startswith("<"):
            yield text.encode()
            continue
        try:
            yield base64.b64decode(text)
        except (ValueError, binascii.Error):
            continue


def _parsed(data: bytes) -> list[Any] | None:
    """The cells of a notebook; None where there are none to be read."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return cells if isinstance(cells, list) else None
