"""The paper that a PDF holds, guessed from its name, its metadata and its first pages.

A guess: a first page may cite other papers, so what is found is compared with the title there before
it is believed.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from weeknotes.errors import LibraryError
from weeknotes.library.identifiers import Identifier, parse_identifier

_PAGES = 2
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}]+")
_ARXIV_STAMP = re.compile(r"arXiv:\s*(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.I)
_ARXIV_NAME = re.compile(r"^(\d{4}\.\d{4,5})(?:v\d+)?(?:\D|$)")


@dataclass(frozen=True)
class Guess:
    """An identifier, and where it was found ("its name", "its metadata", "its first pages")."""

    identifier: Identifier
    where: str


@dataclass(frozen=True)
class PdfFacts:
    """``guesses``, the surest first, and ``text``, that of the first pages."""

    guesses: list[Guess]
    text: str

    def names(self, title: str) -> bool:
        """Whether the first pages hold ``title``, whatever its spaces, signs and accents. True where
        they hold no text at all, as scans do."""
        words = _letters(self.text)
        return not words or _letters(re.sub(r"<[^<>]*>", "", title))[:60] in words


def read(data: bytes, name: str) -> PdfFacts:
    """The guesses for a PDF. Raises LibraryError, naming ``name``, where it cannot be read."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # It remarks upon every small fault of a file.
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(data))
        metadata = " ".join(str(value) for value in (reader.metadata or {}).values())
        text = "\n".join(page.extract_text() for page in reader.pages[:_PAGES])
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise LibraryError(
            f"this PDF cannot be read: {error}",
            file=name,
            hint="Add the paper by its DOI or arXiv identifier.",
        ) from error
    found = [*_in_name(PurePath(name).stem), *_in(metadata, "its metadata")]
    found += _in(text, "its first pages")
    return PdfFacts(list(dict.fromkeys(found)), text)


def _in_name(stem: str) -> Iterator[Guess]:
    if match := _ARXIV_NAME.match(stem):
        yield Guess(Identifier("arxiv", match[1]), "its name")
    # A DOI's slash cannot be in a name.
    if match := re.match(r"(10\.\d{4,9})[_@-](.+)", stem):
        yield Guess(Identifier("doi", f"{match[1]}/{match[2]}".lower()), "its name")


def _in(text: str, where: str) -> Iterator[Guess]:
    for match in _ARXIV_STAMP.finditer(text):
        if identifier := parse_identifier(match[1]):
            yield Guess(identifier, where)
    for match in _DOI.finditer(text):
        if identifier := parse_identifier(match[0]):
            yield Guess(identifier, where)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
