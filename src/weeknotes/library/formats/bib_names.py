"""Names in ``.bib`` files, made plain before pandoc splits them into given name, particle and family.

BibTeX tells a particle ("von") by its small first letter, and looks into an accented letter in braces
("Tame the BeaST", 11: ``{\\'E}mile Zola`` has a given name). pandoc (seen with 3.9) takes such a name,
a letter in braces and every word of a script without capitals for a particle, so that a letter of a
name decides which part of it is left out of a reference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from weeknotes.library.formats.tex_commands import without_unknown_commands

_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
_LETTERS = {
    "L": "Ł", "l": "ł", "O": "Ø", "o": "ø", "AA": "Å", "aa": "å", "AE": "Æ", "ae": "æ", "OE": "Œ",
    "oe": "œ", "ss": "ß", "DH": "Ð", "dh": "ð", "TH": "Þ", "th": "þ", "DJ": "Đ", "dj": "đ",
    "NG": "Ŋ", "ng": "ŋ", "i": "ı", "j": "ȷ", "relax": "",
}  # fmt: skip
_BASE = r"(?:\{\s*\\?([A-Za-z])\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))"
_ACCENTED = re.compile(rf"\\(?:([`'^~=.\"])\s*|([uvHrdckb])(?:\s+|(?=[{{\\])))(?:{_BASE})")
_LETTER = re.compile(
    rf"\\({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])\s*(?:\{{\}})?"
)
_PART_OF_WORD = re.compile(r"(?<=[\w.-])\{([^{}\\\s]+)\}|\{([^{}\\\s]+)\}(?=[\w.'’-])")
_ALONE = re.compile(r"(?<![\w}])\{([^\W\d_]|[^\x00-\x7f])\}(?![\w{])")
# An accent for old and new TeX, as Physical Review writes it.
_FOR_TEX = re.compile(r"\\ifmmode.*?\\else\s*(.*?)\\fi(?![A-Za-z])\s*(?:\{\})?")
# The backslash of an accent that a program took for text.
_ESCAPED = re.compile(r"\\\\(?=[`'^~=.\"uvHrdckb]\s*\{)")
_MANGLED = re.compile(r"\$\\backslash\$([`'^~=.\"uvHrdckb])\s*\{?([A-Za-z])\}?")
_GLUED = re.compile(r"(?<=\w)\\([lLoO]|ss|ae|oe|aa)(?=[a-z]+(?![a-z{]))")
_TIED = re.compile(r"\\t\s*\{(\w+)\}")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}(?:\.[-\s]*|[-\s]+|$))+")
_FAMILY_FIRST = re.compile(r"[^\W\d_]{3,}\s+(?:[^\W\d_]\.[-\s]*)+")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|[IVX]+|\d(?:st|nd|rd|th)", re.I)
_AND = re.compile(r"\s+and\s+", re.I)
_AMPERSAND = re.compile(r"\s+(?:\{?\\&\}?|&)\s+")
_ET_AL = re.compile(r"[,\s]*(?:^|(?<=[\s,]))\{?et\.?[\s~]*al(?:ii|ia|\.)?\}?[\s.,]*$", re.I)
_EXTENDED = re.compile(r"\s*\"?(?:family|given|prefix|suffix|id|hash)(?:-i)?\s*=", re.I)
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\u3005\u30fb·・]+")
#: Family names of two characters or syllables in Chinese and Korean.
_TWO = frozenset(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 尉迟 公孙 令狐 慕容 夏侯 东方 皇甫 端木 南宫 "
    "남궁 황보 제갈 선우 사공 서문 독고 동방".split()
)


def plain_names(value: str) -> str:
    """The value of a field of names, such as ``author``, as pandoc splits it rightly."""
    text = without_unknown_commands(plain_letters(value))
    names = [part for name in _names(text) for part in _apart(name)]
    return " and ".join(map(_plain_name, names))


def plain_letters(text: str) -> str:
    """``text`` with the letters that TeX writes with commands as themselves: ``{\\"o}`` is ö."""
    text = _MANGLED.sub(r"\\\1{\2}", _FOR_TEX.sub(r"\1", text))
    text = _ESCAPED.sub(r"\\", text)
    text = _ACCENTED.sub(_accented, _TIED.sub(r"\1", text))
    text = _LETTER.sub(lambda found: _LETTERS[found[1]], text)
    text = _GLUED.sub(lambda found: _LETTERS[found[1]], text)
    return re.sub(r"\{([^\x00-\x7f])\}", r"\1", text)


def _accented(found: re.Match[str]) -> str:
    letter = found[3] or found[4] or found[5]
    return unicodedata.normalize("NFC", letter + _ACCENTS[found[1] or found[2]])


def _names(text: str) -> Iterator[str]:
    """The names in a field: "and" between them counts outside of braces alone."""
    start = 0
    for found in _AND.finditer(text):
        before = text[start : found.start()]
        if before.count("{") == before.count("}"):
            if before.strip():
                yield before.strip()
            start = found.end()
    if rest := text[start:].strip():
        yield rest


def _apart(name: str) -> list[str]:
    """The people whom a name stands for: "A B & C D" is two, "A B et al." one and others. A company
    with such a sign in its name stays whole."""
    name = name.removeprefix("and ").strip(" ,")
    if others := _ET_AL.search(name):
        return [*_apart(name[: others.start()]), "others"] if others.start() else ["others"]
    if ";" in name and "{" not in name:
        return [
            person for part in name.split(";") if part.strip() for person in _apart(part.strip())
        ]
    if (listed := _by_commas(name)) is not None:
        return listed
    people = _AMPERSAND.split(name)
    if len(people) == 1 or "{" in name.replace(r"{\&}", ""):
        return [name]
    if all(len(person.split()) > 1 for person in people):
        return people
    return [f"{{{name}}}"]


def _by_commas(name: str) -> list[str] | None:
    """The people in a list that has commas where BibTeX has "and"; None for the name of one. BibTeX and
    pandoc leave out what comes after the third comma."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) < 3 or "{" in name or "=" in name:
        return None
    if all(map(_FAMILY_FIRST.fullmatch, parts)):
        return [", ".join(part.split(maxsplit=1)) for part in parts]
    if len(parts) % 2 == 0 and all(map(_INITIALS.fullmatch, parts[1::2])):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if all(len(part.split()) > 1 for part in parts) and not any(map(_SUFFIX.fullmatch, parts)):
        return parts
    return [f"{{{name}}}"] if len(parts) > 3 else None


def _plain_name(name: str) -> str:
    if "=" in name and not _EXTENDED.match(name):
        # pandoc leaves out a name that looks like BibLaTeX's extended form and is not in it.
        return name.replace("=", "{=}")
    name = _ALONE.sub(r"\1", _PART_OF_WORD.sub(lambda part: part[1] or part[2], name))
    words = name.split()
    if len(words) != 2 or not all(_EAST_ASIAN.fullmatch(word) for word in words):
        return name
    first, last = words
    family_last = len(last) == 1 < len(first) and first not in _TWO
    return f"{last}, {first}" if family_last else f"{first}, {last}"
