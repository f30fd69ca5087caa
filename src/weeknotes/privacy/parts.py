"""What of a journal must not be found in its site: the texts, names and images of everything private.

Also which papers only private notes cite.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from weeknotes.privacy import notebook as notebooks
from weeknotes.privacy.notebook import Part, joined, output_texts
from weeknotes.privacy.whole import Whole, front_matter_of
from weeknotes.project import Project

_CITED = re.compile(r"(?<![\w@])@(?:\{([^}\s]+)\}|(\w[\w:.#$%&\-+?<>~/]*))")
_TARGET = re.compile(
    r"""!?\[[^\]]*\]\(\s*<?([^)\s>]+)|\b(?:src|href|poster|data)\s*=\s*["']?([^"'\s>]+)"""
    r"""|\{\{<\s*(?:include|video|embed)\s+["']?([^"'\s>]+)|^\s*\[[^\]^]+\]:\s*<?(\S+)""",
    re.M,
)
_NAME = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*(?:\{[^}]*\})?[ \t]*$|\[([^\]]+)\]\{\.tag\}", re.M
)
_CITATION = re.compile(r"\[[^\]]*@[^\]]*\]")
_LABEL = re.compile(r"\{[^}]*#([\w:.-]{4,})|^#\|[ \t]*label:[ \t]*(\S+)", re.M)
_PICTURES = frozenset(".png .jpg .jpeg .gif .webp .avif .bmp .tif .tiff .svg .ico".split())


@dataclass(frozen=True)
class Secret:
    """One thing that is private: where it stands, and what of it could be found elsewhere.

    ``texts`` are as written; ``names`` are short (headings, tags, labels, citation keys, file names);
    ``images`` are the bytes of pictures and other files. ``paper`` is the citation key of a paper that
    only private parts cite.
    """

    where: str
    texts: tuple[str, ...]
    names: tuple[str, ...] = ()
    images: tuple[bytes, ...] = ()
    paper: str = ""

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
    """The citation keys that stand in private parts of ``sources`` and in no public one."""
    return split(project, sources).private_papers


def split(project: Project, sources: Sequence[str]) -> Split:
    """The text of all ``sources`` of ``project`` taken apart, once while a build lasts."""
    return project.once("split", lambda: Split(project, sources))


def cited(text: str) -> set[str]:
    """The citation keys in ``text``, without the punctuation that pandoc leaves to the sentence."""
    keys = (match[1] or match[2] for match in _CITED.finditer(text))
    return {key.rstrip(":.#$%&-+?<>~/") for key in keys}


class Split:
    """The text of a journal taken apart: what is private in it, and what is public.

    Made from the files that hold something private, and of the others from those alone that may hold
    in public what these cite or refer to; all of them are read only when ``public`` is asked for.
    """

    def __init__(self, project: Project, sources: Sequence[str]) -> None:
        self._project = project
        self._whole = Whole(project)
        self._secrets: list[Secret] = []
        self._public: list[str] = []
        self._generated: list[str] = []
        self._files: set[Path] = set()
        self._hidden_files: dict[Path, str] = {}
        self._seen: set[str] = set()
        marked = {source for source in sources if self._whole.may_hold_private(source)}
        self._whole.save()
        self._others = [source for source in sources if source not in marked]
        for source in sorted(marked):
            self._take(source)
        self._hidden_keys = cited("\n".join(t for secret in self._secrets for t in secret.texts))
        if self._secrets:
            self._take_mentions()

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """Everything that is private."""
        return (*self._secrets, *self._of_papers(), *self._of_files())

    @cached_property
    def private_papers(self) -> frozenset[str]:
        """The citation keys that stand in private parts alone."""
        return frozenset(self._hidden_keys - cited("\n".join(self._public)))

    @cached_property
    def public(self) -> str:
        """What the author shows: text, code, and outputs."""
        self._take_others()
        return "\n".join(self._public)

    @cached_property
    def generated(self) -> str:
        """What Weeknotes' own cells show, which the author has not written."""
        self._take_others()
        return "\n".join(self._generated)

    @cached_property
    def public_files(self) -> frozenset[Path]:
        """The files that public parts refer to."""
        self._take_others()
        return frozenset(self._files)

    def _take_others(self) -> None:
        for source in self._others:
            self._take(source)
        self._others = []

    def _take_mentions(self) -> None:
        """Read those of the other files that may cite the same papers, or show the same files."""
        words = [*self._hidden_keys, *(path.name for path in self._hidden_files)]
        if not words:
            return
        forms = {form for word in words for form in (word, json.dumps(word)[1:-1], quote(word))}
        pattern = re.compile("|".join(re.escape(form) for form in sorted(forms)).encode())
        for source in self._others:
            path = self._project.root / source
            if path.is_file() and pattern.search(path.read_bytes()):
                self._take(source)

    def _take(self, source: str, hidden: bool = False) -> None:
        """Put the file ``source``, and what it includes, where it belongs."""
        key = f"{source}\0{hidden}"
        if key in self._seen:
            return
        self._seen.add(key)
        try:
            data = (self._project.root / source).read_bytes()
        except OSError:
            return
        hidden = hidden or bool(self._whole.reason(source))
        if source.endswith(".ipynb"):
            self._take_notebook(source, data, hidden)
            return
        text = data.decode("utf-8-sig", "replace")
        public, parts = ("", (Part(None, 1, text),)) if hidden else notebooks.cut_text(text)
        self._take_parts(source, parts)
        self._publish(source, public)

    def _take_notebook(self, source: str, data: bytes, hidden: bool) -> None:
        try:
            notebook = json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return
        if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
            return
        if hidden:
            cells = [(n, c) for n, c in enumerate(notebook["cells"], 1) if notebooks.source_of(c)]
            self._take_parts(source, (notebooks.whole_part(c, n) for n, c in cells))
            return
        if notebooks.may_hold_private(data):
            cut = notebooks.cut_notebook(notebook)
            notebook = cut.notebook
            self._take_parts(source, cut.parts)
        for cell in notebook["cells"]:
            self._publish_cell(source, cell)

    def _publish_cell(self, source: str, cell: Any) -> None:
        text = notebooks.source_of(cell)
        if text is None:
            return
        outputs = cell.get("outputs")
        shown = (
            [t for o in outputs if isinstance(o, dict) for t in output_texts(o)] if outputs else []
        )
        if "generated" in notebooks.tags_of(cell):
            self._generated += [text, *shown]
        else:
            self._publish(source, "\n".join([text, *shown]))

    def _publish(self, source: str, text: str) -> None:
        self._public.append(text)
        for name in notebooks.included(text):
            if local := self._local(source, name):
                self._take(local)
        for path in self._targets(source, text):
            self._files.add(path)

    def _take_parts(self, source: str, parts: Iterable[Part]) -> None:
        for part in parts:
            where = f"{source}, cell {part.cell}" if part.cell else source
            shown = [text for output in part.outputs for text in output_texts(output)]
            images = [
                *(data for output in part.outputs for data in pictures(output.get("data"))),
                *(d for bundle in (part.attachments or {}).values() for d in pictures(bundle)),
            ]
            for path in self._targets(source, "\n".join([part.source, *shown])):
                self._hidden_files.setdefault(path, f"{where}, line {part.line}")
            self._secrets.append(
                Secret(
                    f"{where}, line {part.line}",
                    tuple(text for text in (part.source, *shown) if text.strip()),
                    _names(part.source),
                    tuple(images),
                )
            )
            for name in notebooks.included(part.source):
                if local := self._local(source, name):
                    self._take(local, hidden=True)

    def _targets(self, source: str, text: str) -> Iterator[Path]:
        """The files of the journal that ``text`` refers to."""
        if "(" not in text and "=" not in text and "{{<" not in text and "]:" not in text:
            return
        for match in _TARGET.finditer(text):
            name = next(group for group in match.groups() if group)
            if "://" in name or name.startswith(("#", "data:", "mailto:", "attachment:")):
                continue
            local = self._local(source, unquote(name.partition("#")[0].partition("?")[0]))
            if local and not local.endswith((".ipynb", ".qmd", ".md")):
                yield self._project.root / local

    def _local(self, source: str, name: str) -> str | None:
        """The file that ``source`` calls ``name``, POSIX from the root; None where there is none."""
        if not name:
            return None
        base = PurePosixPath() if name.startswith("/") else PurePosixPath(source).parent
        path = (self._project.root / base / name.lstrip("/")).resolve()
        try:
            return path.relative_to(self._project.root).as_posix() if path.is_file() else None
        except (ValueError, OSError):
            return None

    def _of_files(self) -> Iterator[Secret]:
        """The files that private parts alone refer to."""
        for path, where in self._hidden_files.items():
            if path in self._files:
                continue
            try:
                data = path.read_bytes()
            except OSError:
                continue
            names = (path.name,) if path.suffix.lower() in _PICTURES else (path.stem, path.name)
            yield Secret(where, (), names, (data,))

    def _of_papers(self) -> Iterator[Secret]:
        """The papers that only private parts cite."""
        library = library_of(self._project) if self.private_papers else {}
        for key in sorted(self.private_papers & library.keys()):
            entry = library[key]
            texts = (str(entry.get(name) or "") for name in ("title", "abstract"))
            names = (key, str(entry.get("DOI") or ""), str(entry.get("title") or ""))
            yield Secret(
                f"{self._project.library_path.name}, '{key}', which only private notes cite",
                tuple(text for text in texts if text),
                tuple(name for name in names if name),
                paper=key,
            )


def library_of(project: Project) -> Mapping[str, dict[str, Any]]:
    """The library's entries; none where it cannot be read, of which rendering tells."""
    from weeknotes.errors import LibraryError
    from weeknotes.library.store import Library

    try:
        return Library.load(project.library_path).entries
    except LibraryError:
        return {}


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


def _names(text: str) -> tuple[str, ...]:
    """Headings, tags and labels in ``text``, and what its front matter says in words."""
    found = [_CITATION.sub("", match[1] or match[2]) for match in _NAME.finditer(text)]
    for value in (front_matter_of(text) or {}).values():
        found += [
            str(v) for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)
        ]
    found += [match[1] or match[2] for match in _LABEL.finditer(text)]
    return tuple(dict.fromkeys(name.strip() for name in found if name.strip()))
