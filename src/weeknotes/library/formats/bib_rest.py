"""The fields of ``.bib`` files that nothing in CSL stands for, so that they are kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from weeknotes.library.formats.bib_names import plain_letters
from weeknotes.library.store import Entry

# What programs write for themselves, what steers sorting and layout, and files on somebody's computer:
# these say nothing of the work.
_OF_PROGRAMS = re.compile(
    r"_*(?:file|localfile|pdf_locked|owner|timestamp|groups|bdsk.*|mendeley.*|date[-_]?(?:added|modified)|"
    r"added[-_]at|creationdate|modificationdate|mdate|bibsource|biburl|cr|markedentry|interhash|intrahash|"
    r"username|readstatus|ranking|rating|priority|printed|qualityassured|relevance|citekey|key|ids|options|"
    r"langidopts|hyphenation|presort|sort.*|index.*|label.*|shorthand.*|related.*|entryset|entrysubtype|"
    r"execute|gender|(?:book)?pagination|crossref|xref|xdata|keywords|langid|\w+type|uniqueid|"
    r"unique-id|da|earlyaccessdate|usage-count.*|web-of-science.*|doc-delivery-number|oa|orcid.*|"
    r"researcherid.*|number-of-cited-references|adsnote|adsurl|slaccitation|provided-by|primaryclass|"
    r"eprintclass|shortauthor|shorteditor|nameaddon|useprefix|maxnames|minnames|date|year|month|day)"
)
NAMES = frozenset(
    "author bookauthor editor editora editorb editorc translator annotator commentator introduction "
    "foreword afterword holder director namea nameb namec".split()
)
"""The fields of names that tell who made a work."""
_WORD = re.compile(r"[^\W_]+")
_COMMAND = re.compile(r"\\[A-Za-z]+|[{}\\]")


def unread(fields: Mapping[str, str], item: Entry) -> dict[str, str]:
    """The ``fields`` (names in small letters, values in TeX) some words of which are nowhere in
    ``item``, as plain text."""
    words = _words(" ".join(_texts(item)))
    rest = {}
    for name, value in fields.items():
        if not value.strip() or _OF_PROGRAMS.fullmatch(name):
            continue
        text = " ".join(_COMMAND.sub(" ", plain_letters(value.replace("~", " "))).split())
        missing = _words(text) - words
        read = name not in NAMES and (name in item or name.upper() in item)
        if missing and not read and not _is_local_file(text):
            rest[name] = text
    return rest


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
    elif value is not None:
        yield re.sub(r"<[^<>]*>", "", str(value))


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return {word.lstrip("0") for word in _WORD.findall(plain)} - {"and", "or"}


def _is_local_file(text: str) -> bool:
    if text.startswith(("http:", "https:")):
        return False
    return (
        re.fullmatch(r"(?:file:|[A-Za-z]:[\\/]|[~/]).*|\S+\.(?:pdf|ps|djvu|html?)", text)
        is not None
    )
