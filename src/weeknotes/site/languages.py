"""Which language a passage is in, as far as its script tells.

A journal mixes English, Korean and Chinese on one page. A browser picks fonts and line breaks, and a
screen reader its voice, by ``lang``; authors rarely write it, so what the script says plainly is
written for them.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3041-\u318e\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")

_PASSAGES = frozenset("p li dt dd h1 h2 h3 h4 h5 h6 td th caption figcaption summary".split())
# Words set off within a passage: a foreign term, the title of a journal.
_SET_OFF = frozenset(("em", "i", "cite", "q"))
_INLINE_OPAQUE = frozenset(("code", "math", "svg", "script", "style", "pre"))

# A Chinese or Korean character carries about as much as three Latin letters, and what is written
# about English terms in another language is in that language.
_LETTERS_A_CHARACTER = 5
_ENOUGH_LETTERS = 12


def mark_languages(tree: HtmlElement, page_lang: str, latin_lang: str = "en") -> None:
    """Set ``lang`` on passages of ``tree`` that are plainly in another language than around them.

    ``page_lang`` is the language around ``tree``; ``latin_lang`` the one taken for a passage in
    Latin letters on a page that is Korean, Chinese or Japanese. A ``lang`` of the author's stays.
    """
    has_east_asian = bool(_EAST_ASIAN.search("".join(tree.itertext())))
    if not has_east_asian and _primary(page_lang) not in ("ko", "zh", "ja"):
        return
    for element in tree.iter(etree.Element):
        if element.get("lang") is not None:
            continue
        set_off = element.tag in _SET_OFF
        if set_off or element.tag in _PASSAGES or "csl-entry" in element.get("class", ""):
            around = _inherited(element, page_lang)
            enough = 1 if set_off else _ENOUGH_LETTERS
            lang = language_of(_own_text(element), around, latin_lang, enough)
            if lang != around:
                element.set("lang", lang)


def language_of(
    text: str, around: str, latin_lang: str = "en", enough: int = _ENOUGH_LETTERS
) -> str:
    """The BCP 47 language of ``text``: ``around`` unless its script plainly says another.

    Amid Korean, Chinese or Japanese, at least ``enough`` Latin letters are taken for ``latin_lang``.
    """
    hangul, kana, han = (len(script.findall(text)) for script in (_HANGUL, _KANA, _HAN))
    east_asian = (hangul + kana + han) * _LETTERS_A_CHARACTER
    latin = len(_LATIN.findall(text))
    if east_asian and east_asian >= latin:
        return _east_asian_language(hangul, kana, han, around)
    plainly_latin = latin >= enough and east_asian * 3 < latin
    if plainly_latin and _primary(around) in ("ko", "zh", "ja"):
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
        if isinstance(child.tag, str) and child.tag not in _INLINE_OPAQUE | _PASSAGES:
            parts.append(_own_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _inherited(element: HtmlElement, page_lang: str) -> str:
    for ancestor in element.iterancestors():
        lang = ancestor.get("lang")
        if lang is not None:
            return str(lang)
    return page_lang


def _primary(lang: str) -> str:
    return lang.lower().partition("-")[0]
