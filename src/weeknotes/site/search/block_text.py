"""The text of a note as the search keeps it, by language: prose first, then each table, program and
figure on lines of its own, so that an excerpt is of one of them and never of a sentence that runs into
a table.

Tags that are by themselves are left out: the search files them as tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from weeknotes.journal import notes
from weeknotes.site.pages import week_glance
from weeknotes.text.languages import language_of, mark_languages

_APART = frozenset(["table", "pre", "figure"])
#: Elements that set words off within a passage. A foreign word is no passage in its language.
_WITHIN = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark math q s samp small span strong sub sup u var"
    "".split()
)


@dataclass(frozen=True)
class Languages:
    """The languages that the script of a passage is judged by: that around it, and that which is taken
    for Latin letters amid Korean, Chinese or Japanese (`weeknotes.text.languages`)."""

    around: str
    latin: str


#: Lines of text by their language (a primary BCP 47 subtag), the language of the page first.
Texts = dict[str, list[str]]


def note_texts(html: str, languages: Languages) -> Texts:
    """The text of the section ``html`` below its heading, by language."""
    section = notes.parse(html)[0]
    heading = next((child for child in section if isinstance(child.tag, str)), None)
    return _texts(section, lambda element: element is heading, languages)


def opening_texts(body: str, languages: Languages) -> Texts:
    """The text of the page ``body`` that is in none of its notes, by language; its reference list and
    footnotes are left out."""
    root = notes.parse(body)
    week_glance.drop_keys(root)
    sections = set(notes.note_sections(root))
    apparatus = ("doc-bibliography", "doc-endnotes")
    return _texts(root, lambda e: e in sections or e.get("role") in apparatus, languages)


def primary(lang: str) -> str:
    """The primary subtag of ``lang``, under which passages are filed: "zh" for "zh-Hant"."""
    return lang.lower().partition("-")[0]


def _texts(element: Any, skip: Callable[[Any], bool], languages: Languages) -> Texts:
    def left_out(inner: Any) -> bool:
        return skip(inner) or _is_tag_line(inner)

    mark_languages(element, languages.around, languages.latin)
    texts: Texts = {}
    prose: dict[str, list[str]] = {}
    for lang, text in _prose(element, languages.around, left_out):
        prose.setdefault(primary(lang), []).append(text)
    for lang, parts in prose.items():
        texts[lang] = [" ".join(parts)]
    main = primary(languages.around)
    for block in _apart(element, left_out):
        # A program is in no language, and goes with what the page is in.
        lang = main
        if block.tag != "pre":
            lang = language_of(notes.text_of(block), languages.around, languages.latin)
        texts.setdefault(primary(lang), []).extend(_lines(block))
    return dict(sorted(texts.items(), key=lambda item: item[0] != main))


def _prose(element: Any, lang: str, skip: Callable[[Any], bool]) -> Iterator[tuple[str, str]]:
    """The text of ``element``, which is in ``lang``, and of each passage in it in another language."""
    apart = list(_foreign(element, lang, skip))
    others = set(apart)
    text = notes.text_of(
        element, skip=lambda inner: inner in others or inner.tag in _APART or skip(inner)
    )
    if text:
        yield lang, text
    for other in apart:
        yield from _prose(other, other.get("lang"), skip)


def _foreign(element: Any, lang: str, skip: Callable[[Any], bool]) -> Iterator[Any]:
    """The outermost passages in ``element`` that are in another language than ``lang``."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _APART or skip(child):
            continue
        own = child.get("lang")
        if own and child.tag not in _WITHIN and primary(own) != primary(lang):
            yield child
        elif len(child):
            yield from _foreign(child, lang, skip)


def _apart(element: Any, left_out: Callable[[Any], bool]) -> Iterator[Any]:
    """The outermost tables, programs and figures in ``element``."""
    for child in element:
        if not isinstance(child.tag, str) or left_out(child):
            continue
        if child.tag in _APART:
            yield child
        else:
            yield from _apart(child, left_out)


def _lines(block: Any) -> Iterator[str]:
    """A line for each row of a table, one for anything else."""
    tables = [block] if block.tag == "table" else list(block.iter("table"))
    lines = [notes.text_of(block)]
    if tables:
        lines = [notes.text_of(block, skip=lambda inner: inner.tag in ("tr", "table"))]
        lines += [
            " · ".join(filter(None, map(notes.text_of, row.xpath("./td|./th"))))
            for row in block.iter("tr")
        ]
    yield from filter(None, lines)


def _is_tag_line(element: Any) -> bool:
    if element.tag != "p" or not len(element):
        return False
    loose = (element.text or "") + "".join(child.tail or "" for child in element)
    classes = [(child.get("class") or "").split() for child in element]
    return not loose.strip() and all("tag" in names for names in classes)
