"""The language of a passage, as far as its script tells.

A journal mixes English, Korean and Chinese on one page. A browser picks fonts and line breaks, and a
screen reader its voice, by ``lang``; authors rarely write it, so what the script says plainly is
written for them.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from weeknotes.text.html_elements import UNSPOKEN

_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3041-\u318e\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")

_PASSAGES = frozenset("p li dt dd h1 h2 h3 h4 h5 h6 td th caption figcaption summary".split())
# Words set off within a passage: a foreign term, the title of a journal.
_SET_OFF = frozenset(("em", "i", "cite", "q"))
_INLINE_OPAQUE = UNSPOKEN | {"code", "math", "svg", "pre"}
_NOT_OWN = _INLINE_OPAQUE | _PASSAGES
_EAST_ASIAN_LANGUAGES = frozenset(("ko", "zh", "ja"))

# A Chinese or Korean character carries about as much as three Latin letters, and what is written
# about English terms in another language is in that language.
_LETTERS_A_CHARACTER = 5
_ENOUGH_LETTERS = 12


def latin_language(site_lang: str) -> str:
    """The language that is taken for Latin letters amid Korean, Chinese or Japanese, in a journal whose
    main language is ``site_lang``: that one where it is written in Latin letters itself."""
    return "en" if _primary(site_lang) in _EAST_ASIAN_LANGUAGES else site_lang


def mark_languages(tree: HtmlElement, page_lang: str, latin_lang: str = "en") -> None:
    """Set ``lang`` on passages of ``tree`` that are plainly in another language than around them.

    ``page_lang`` is the language around ``tree``; ``latin_lang`` the one taken for a passage in
    Latin letters on a page that is Korean, Chinese or Japanese. A ``lang`` of the author's stays.
    """
    has_east_asian = bool(_EAST_ASIAN.search("".join(tree.itertext())))
    if has_east_asian or _primary(page_lang) in _EAST_ASIAN_LANGUAGES:
        _mark(tree, page_lang, latin_lang)


def _mark(element: HtmlElement, around: str, latin_lang: str) -> None:
    """Mark the passages inside ``element``, which is in the language ``around``."""
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _INLINE_OPAQUE:
            continue
        lang = child.get("lang")
        if lang is None:
            set_off = tag in _SET_OFF
            if set_off or tag in _PASSAGES or (tag == "div" and child.get("class") == "csl-entry"):
                enough = 1 if set_off else _ENOUGH_LETTERS
                lang = language_of(_own_text(child), around, latin_lang, enough)
                if lang != around:
                    child.set("lang", lang)
        if len(child):
            _mark(child, lang or around, latin_lang)


def language_of(
    text: str, around: str, latin_lang: str = "en", enough: int = _ENOUGH_LETTERS
) -> str:
    """The BCP 47 language of ``text``: ``around`` unless its script plainly says another.

    Amid Korean, Chinese or Japanese, at least ``enough`` Latin letters are taken for ``latin_lang``.
    """
    east_asian_ground = _primary(around) in _EAST_ASIAN_LANGUAGES
    if text.isascii() and not east_asian_ground:
        return around
    hangul, kana, han = (len(script.findall(text)) for script in (_HANGUL, _KANA, _HAN))
    east_asian = (hangul + kana + han) * _LETTERS_A_CHARACTER
    latin = len(_LATIN.findall(text))
    if east_asian and east_asian >= latin:
        return _east_asian_language(hangul, kana, han, around)
    plainly_latin = latin >= enough and east_asian * 3 < latin
    if plainly_latin and east_asian_ground:
        return latin_lang
    return around


def _east_asian_language(hangul: int, kana: int, han: int, around: str) -> str:
    if hangul * 3 >= han:
        found = "ko"
    elif kana * 4 >= han:
        found = "ja"
    else:
        # Han alone may be Chinese in either form, or Japanese: what is around it knows better.
        found = "ja" if _primary(around) == "ja" else "zh"
    return around if _primary(around) == found else found


def _own_text(element: HtmlElement) -> str:
    """The text of ``element`` without that of passages inside it and of code and formulas."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _NOT_OWN:
            parts.append(_own_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _primary(lang: str) -> str:
    return lang.lower().partition("-")[0]
