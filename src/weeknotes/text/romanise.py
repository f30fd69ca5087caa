"""Names and titles in ASCII, for citation keys: every letter is written, none is dropped.

Korean follows the Revised Romanization (2000), syllable by syllable as its article 3 (4) asks for
personal names, with the customary spelling of the most frequent surnames; syllables are taken apart
by ``hangul-romanize``. Chinese follows Hanyu Pinyin as ``pypinyin`` reads it, surnames with the
reading they have as surnames. Kana follow Hepburn, Cyrillic and Greek a table; letters of all other
scripts are written as ``anyascii`` has them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

# Surnames by their customary spelling where it differs from the Revised Romanization; together
# with those that do not differ they name nine Koreans in ten (Statistics Korea, census of 2015).
_KOREAN_SURNAMES = {
    "김": "kim",
    "이": "lee",
    "박": "park",
    "최": "choi",
    "정": "jung",
    "강": "kang",
    "조": "cho",
    "윤": "yoon",
    "임": "lim",
    "오": "oh",
    "신": "shin",
    "권": "kwon",
    "안": "ahn",
    "류": "ryu",
    "유": "yoo",
    "고": "ko",
    "문": "moon",
    "손": "son",
    "백": "baek",
    "허": "heo",
    "심": "shim",
    "노": "noh",
    "곽": "kwak",
    "우": "woo",
    "구": "koo",
    "주": "joo",
    "선우": "sunwoo",
    "황보": "hwangbo",
    "독고": "dokgo",
    "남궁": "namgung",
    "제갈": "jegal",
    "사공": "sagong",
}
# Surnames whose reading differs from the character's most frequent one.
_CHINESE_SURNAMES = {
    "曾": "zeng",
    "单": "shan",
    "單": "shan",
    "仇": "qiu",
    "区": "ou",
    "區": "ou",
    "解": "xie",
    "查": "zha",
    "盖": "ge",
    "蓋": "ge",
    "翟": "zhai",
    "朴": "piao",
    "冼": "xian",
    "缪": "miao",
    "繆": "miao",
    "覃": "qin",
    "种": "chong",
    "秘": "bi",
    "员": "yun",
    "黑": "he",
    "乐": "yue",
    "樂": "yue",
    "召": "shao",
    "逄": "pang",
    "尉迟": "yuchi",
    "尉遲": "yuchi",
    "万俟": "moqi",
    "长孙": "zhangsun",
    "長孫": "zhangsun",
    "单于": "chanyu",
    "欧阳": "ouyang",
    "歐陽": "ouyang",
    "司马": "sima",
    "司馬": "sima",
    "诸葛": "zhuge",
    "諸葛": "zhuge",
    "上官": "shangguan",
    "夏侯": "xiahou",
    "皇甫": "huangfu",
    "令狐": "linghu",
    "慕容": "murong",
}
# Korean surnames that are written as the Revised Romanization has them (Statistics Korea, 2015): with
# those above they tell a name of a person in one field from another word.
_MORE_SURNAMES = frozenset(
    "한장서황송홍전남민성차배방하변연진엄원천공현함여염추도소석선설마길위표명반왕금옥육인맹제모탁은편용예경봉"
)
# The last syllables of institutions, whose names may begin as one of a person does.
_INSTITUTION = re.compile(
    r"(?:대|대학교?|학교|연구[원소실]|청|은행|재단|법인|신문|일보|방송|전자|통신|병원|도서관|협회|위원회|조합|그룹|센터)$"
)
_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h".replace("-", "").split(" ")
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINALS = ["", *"k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()]
_LATIN = str.maketrans(
    dict(
        zip(
            "ßæÆœŒøØłŁđĐðÐþÞı",
            "ss ae ae oe oe o o l l d d d d th th i".split(),
            strict=True,
        )
    )
)
# The hard and the soft sign have no sound of their own.
_CYRILLIC = {"ъ": "", "ь": ""} | dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщыэюяёіїєґ",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya yo i yi ye g".split(),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
# Two letters that are one sound (ELOT 743), and those at the beginning of a word.
_GREEK_PAIRS = dict(
    zip(
        "ου αυ ευ ηυ γγ γκ γξ γχ".split(),
        "ou av ev iv ng gk nx nch".split(),
        strict=True,
    )
)
_VOICELESS = frozenset("θκξπσςτφχψ")
# Carriers of vowels, which anyascii leaves out.
_ARABIC = dict.fromkeys("اأإٱءع", "a")
_KANA = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
_SIGNS = re.compile(r"[^a-z0-9]")
_RUN = re.compile(
    r"[가-힣]+|[Ͱ-Ͽἀ-῿]{2,}|[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+|[぀-ヿ]+|.", re.DOTALL
)


def ascii_letters(text: str) -> str:
    """``text`` in small ASCII letters and digits, without spaces or signs."""
    if text.isascii():
        return _SIGNS.sub("", text.lower())
    return "".join(_run(run) for run in _RUN.findall(unicodedata.normalize("NFKC", text)))


def surname(text: str) -> str:
    """A family name as ``ascii_letters`` writes it, read as a name where it is Korean or Chinese.

    A name given in two scripts ("Zeng 曾") is taken in its Latin one.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    latin = "".join(letter for letter in text if _is_latin(letter) or letter in "'’ -").strip()
    if sum(map(_is_latin, latin)) >= 2:
        return ascii_letters(latin)
    known = _KOREAN_SURNAMES.get(text) or _CHINESE_SURNAMES.get(text)
    return known or ascii_letters(text)


def surname_within(text: str) -> str:
    """The family name at the beginning of a Korean name of a person that is written in one piece
    ("강형민" is ``kang``), as ``surname`` writes it; empty for anything else.

    A name is a surname of one syllable and a given name of two, or a surname of two syllables and a
    given name of one or two.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[가-힣]{3,4}", text):
        return ""
    if text[:2] in _KOREAN_SURNAMES:
        return surname(text[:2])
    known = text[0] in _KOREAN_SURNAMES or text[0] in _MORE_SURNAMES
    return surname(text[0]) if len(text) == 3 and known and not _INSTITUTION.search(text) else ""


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")


def _run(run: str) -> str:
    if "가" <= run[0] <= "힣":
        return str(_hangul().translit(run))
    if "぀" <= run[0] <= "ヿ":
        return _kana(run)
    if "Ͱ" <= run[0] <= "Ͽ" or "ἀ" <= run[0] <= "῿":
        return _greek(run)
    if len(run) > 1 or unicodedata.name(run, "").startswith("CJK"):
        return _han(run)
    return _letter(run)


@cache
def _hangul() -> Any:
    """A transliterator that writes each syllable as it is pronounced by itself."""
    from hangul_romanize import Transliter

    def syllable(now: tuple[str, Any], **_: Any) -> str:
        character, parts = now
        if parts is None:
            return character
        return f"{_INITIALS[parts.initial]}{_VOWELS[parts.vowel]}{_FINALS[parts.final]}"

    return Transliter(syllable)


def _han(run: str) -> str:
    from pypinyin import lazy_pinyin

    # Passports write ü, here v, as "yu" (GB/T 28039-2011).
    syllables = [syllable.replace("v", "yu") for syllable in lazy_pinyin(run, v_to_u=False)]
    return "".join(
        syllable if syllable.isascii() and syllable.isalpha() else "".join(map(_by_table, syllable))
        for syllable in syllables
    )


def _kana(run: str) -> str:
    """Hepburn, without marks for long vowels."""
    written = ""
    double = False
    for letter in run:
        name = unicodedata.name(letter, "")
        if "LETTER" not in name:
            continue
        sound = name.split()[-1].lower()
        small = "SMALL" in name
        if small and sound == "tu":
            double = True
            continue
        if small and written.endswith("i"):
            soft = written.endswith(("shi", "chi", "ji"))
            written = written[:-1] + (sound.removeprefix("y") if soft else sound)
            continue
        sound = _KANA.get(sound, sound)
        written += (sound[0] if double and sound else "") + sound
        double = False
    return written


def _greek(run: str) -> str:
    """Greek as ELOT 743 writes it: "ευ" is ev, or ef before a sound without voice. A vowel with two
    dots stands by itself."""
    plain = unicodedata.normalize("NFD", run.lower())
    plain = "".join(sign for sign in plain if sign == "\u0308" or not unicodedata.combining(sign))
    written, at = "", 0
    while at < len(plain):
        pair, after = plain[at : at + 2], plain[at + 2 : at + 3]
        if pair == "μπ" and (at == 0 or not after):
            written, at = written + "b", at + 2
        elif pair in _GREEK_PAIRS and after != "\u0308":
            sound = _GREEK_PAIRS[pair]
            voiceless = sound.endswith("v") and (not after or after in _VOICELESS)
            written, at = written + (sound[:-1] + "f" if voiceless else sound), at + 2
        else:
            written, at = written + ("" if plain[at] == "\u0308" else _letter(plain[at])), at + 1
    return written


def _letter(letter: str) -> str:
    if letter in _ARABIC:
        return _ARABIC[letter]
    if unicodedata.category(letter) in ("Mc", "Mn"):
        # The vowels of Indic scripts and of Thai.
        return _by_marks(letter)
    plain = unicodedata.normalize("NFKD", letter.translate(_LATIN))
    plain = "".join(part for part in plain if not unicodedata.combining(part)).lower()
    if plain.isascii():
        return re.sub(r"[^a-z0-9]", "", plain)
    if len(plain) == 1 and not plain.isalnum():
        return ""
    table = _CYRILLIC | _GREEK
    # The letter itself before its parts: й is not и.
    whole = table.get(letter.lower())
    return whole if whole is not None else "".join(table.get(p, _by_table(p)) for p in plain)


def _by_marks(letter: str) -> str:
    from anyascii import anyascii

    return _SIGNS.sub("", anyascii(letter).lower())


def _by_table(letter: str) -> str:
    """A letter of any script as ``anyascii`` writes it, or by its number where it has none."""
    from anyascii import anyascii

    if not letter.isalnum():
        return ""
    return _SIGNS.sub("", anyascii(letter).lower()) or f"u{ord(letter):x}"
