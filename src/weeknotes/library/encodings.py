"""The encoding of a text file that is not UTF-8: found with certainty, or the file is refused.

A ``.bib`` file of a few lines holds so few letters beyond ASCII that statistics over bytes fail
(charset-normalizer 3.5 reads five Chinese characters in GBK as Korean). Here each encoding is tried
on the whole file, and judged by how many of the characters that come out are frequent ones of the
languages written in it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache

from weeknotes.errors import LibraryError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    "cp949": "EUC-KR",
    "gb18030": "GBK",
    "big5": "Big5",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp1252": "CP1252",
    "cp1251": "CP1251",
    "koi8_r": "KOI8-R",
}
# "% Encoding: EUC-KR", as JabRef writes it, and "-*- coding: gbk -*-".
_DECLARED = re.compile(
    rb"^%.{0,40}?(?:encoding|coding)\s*[:=]\s*([\w.-]+?)(?:-(?:unix|dos|mac))?(?![\w.-])",
    re.I | re.M,
)
_ENOUGH, _MARGIN = 0.3, 0.15
_FEW = 8

# The most frequent syllables of Korean and characters of Chinese, in no order.
_KOREAN = frozenset(
    "이다는을의에가고를한하로기은지도대사자시리인정그어서전원제수나상부일과성니있여들구스장아보해주게공경만연"
    "조세용소오선거무면유국신화안학동방비생관계회라문모개발분석형적결위법험실중물영론통식체향평현산처음변김박최"
    "강윤임송홍권황습심층망확추델미분류반응력심터크드트레데터베컴퓨네워질량측표교육번술집간양속강민진희철준우"
)
_CHINESE = (
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小心多天而能"
    "好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高"
    "意进把法此实回二理美点月明其种声全工己者向情部正名定女问力机给等几很业最间新位因重被走电四第门相次东政海口使教"
    "西再平真世气信北少关并内加化由代产入先山五太水万市体别处总场师书比住员性通目华报立马命张活难神数件安表原车白应"
    "路期常提感金何更反合放做系计或司利受光王果亲界及今务制解各任至清物台象记边共风战接它许特觉望直服林题建南度统色"
    "字交认算论百义科元社术结六功指思非流每青管连远资带花条院变联言权往展该领传近留治决周保达办运半必城强步完深区即"
    "求品转量空众技程告江语英基派满式李息写识极令黄德收未持取设始版双历越史商千片容研像找广改议形委早音际则首单据导"
    "影失网似专若校读观争究包组造落视济离切除随模型图神络器习浪波陈刘杨吴赵徐孙朱谢韩曹许邓编著译册卷辑刊版社晶"
)
_WESTERN = frozenset("äöüßÄÖÜéèêëáàâíìîïóòôúùûñçÉÈÊÀÁÂÍÓÚÑÇøØåÅæÆœŒãõÃÕýÿšŠžŽ“”‘’–—…„‚«»°·§©®×º ")


def decoded(data: bytes, name: str) -> str:
    """``data`` as text, without a mark of its byte order. Raises LibraryError, naming ``name``, where
    the encoding is not certain: a letter is never replaced."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding, name).lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = error
    if declared := _DECLARED.search(data[:2000]):
        try:
            # Emacs writes "latin-9" for what Python calls "latin9".
            name_of_it = re.sub(r"^latin-", "latin", declared[1].decode("ascii").lower())
            codec = codecs.lookup(name_of_it).name
        except (LookupError, UnicodeDecodeError):
            codec = "utf-8"
        if codec != "utf-8":
            return _strictly(data, {"euc_kr": "cp949", "gbk": "gb18030"}.get(codec, codec), name)
    found = sorted(_readings(data), reverse=True)
    best = found[0] if found else (0.0, "", "")
    rival = next((score for score, _, text in found[1:] if text != best[2]), 0.0)
    if best[0] >= _ENOUGH and best[0] - rival >= _MARGIN:
        return best[2]
    likely = " or ".join(_NAMES[encoding] for _, encoding, _ in found[:2]) or "none that is known"
    raise LibraryError(
        f"not UTF-8 text, and its encoding is not certain (it may be {likely}); nothing was added",
        file=name,
        line=data[: place.start].count(b"\n") + 1,
        hint="Save it as UTF-8, for example: iconv -f EUC-KR -t UTF-8 old.bib > new.bib",
    )


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LibraryError(
            f"it is said to be {encoding.upper()}, and is not; nothing was added",
            file=name,
            line=data[: error.start].count(b"\n") + 1,
            hint="Save the file as UTF-8.",
        ) from error


def _readings(data: bytes) -> list[tuple[float, str, str]]:
    """The text of ``data`` in each encoding that can decode it: score (from -1 to 1), encoding and
    text."""
    found = []
    for encoding in _NAMES:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append((_score(text, encoding), encoding, text))
    return found


def _score(text: str, encoding: str) -> float:
    """The mean over the characters beyond ASCII: 1 for a frequent one, 0 for a letter that may well
    be, -1 for one that does not belong."""
    if encoding in ("cp1251", "koi8_r"):
        runs = re.findall(r"[^\x00-\x7f]+", text)
        marks = [mark for run in runs for mark in _cyrillic(run)]
        # A word alone is a word in other encodings as well.
        if sum(sign.isalpha() for run in runs for sign in run) < _FEW:
            marks = [min(mark, 0.0) for mark in marks]
    elif encoding == "cp1252":
        runs = re.findall(r"[^\x00-\x7f]+", text)
        marks = [_western(letter, len(run)) for run in runs for letter in run]
    else:
        marks = [_asian(letter, encoding) for letter in text if not letter.isascii()]
    return sum(marks) / len(marks) if marks else 0.0


def _western(letter: str, run: int) -> float:
    if letter not in _WESTERN:
        return -1.0
    # Two accented letters in a row are rare in any Western language, three unknown.
    return 1.0 if run == 1 else 0.3 if run == 2 else -1.0


def _cyrillic(run: str) -> list[float]:
    """The marks of letters in a row: Cyrillic ones with a capital at the beginning, or all capitals.
    In the wrong one of two encodings every letter has the other case. A letter alone says little."""
    letters = "".join(sign for sign in run if sign.isalpha())
    if not all("\u0400" <= sign <= "\u04ff" for sign in letters):
        return [-1.0] * len(run)
    if len(letters) < 2:
        return [0.3 if letters else 0.0] * len(run)
    if letters[1:].islower():
        return [1.0] * len(run)
    return [0.5 if letters.isupper() else -1.0] * len(run)


def _asian(letter: str, encoding: str) -> float:
    kana = "\u3040" <= letter <= "\u30ff"
    if unicodedata.category(letter) in ("Co", "Cn", "Cc") or "\uff61" <= letter <= "\uff9f":
        return -1.0
    if unicodedata.category(letter)[0] in "PSZ":
        return 0.0 if "\u2010" <= letter <= "\u30ff" or letter in "·" else -0.5
    if encoding == "cp949":
        return 1.0 if letter in _KOREAN else 0.0 if "가" <= letter <= "힣" else -0.5
    if kana:
        return 1.0 if encoding in ("cp932", "euc_jp") else -0.5
    if "가" <= letter <= "힣":
        return -1.0
    simple, full = _han()
    wanted = {"gb18030": simple, "big5": full}.get(encoding, simple | full)
    return 1.0 if letter in wanted else -0.2 if "㐀" <= letter <= "鿿" else -0.5


@cache
def _han() -> tuple[frozenset[str], frozenset[str]]:
    """Frequent Chinese characters, in simplified and in traditional form."""
    from opencc import OpenCC

    return frozenset(_CHINESE), frozenset(OpenCC("s2t").convert(_CHINESE))
