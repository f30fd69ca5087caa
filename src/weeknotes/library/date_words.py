"""The words and forms of which dates consist: eras, seasons, months beyond CLDR's, separators of
ranges, and patterns of dates in numbers. ``csl_dates`` reads dates with them."""

from __future__ import annotations

import re

NONE = re.compile(
    r"\[?(?:n\.?\s*d\.?|no date|undated|s\.?\s*d\.?|o\.?\s*J\.?|미상|不详|不明|无日期)\]?", re.I
)
CIRCA = re.compile(
    r"^(?:circa|around|about|approximately|approx\.|environ|etwa|um|ca\.?(?![^\W\d_])|c\.|約|约|약|~)\s*"
    r"|\s*(?:[?~%]|경|頃|左右|\(\?\))$",
    re.I,
)
QUOTED = re.compile(r'["“](.+)["”]')
BRACKETED = re.compile(r"\[([^\[\]]*)\]")
COPYRIGHT = re.compile(r"^(?:©|cop\.?|c(?=\d{4}\b)|copyright)\s*", re.I)
TIME = re.compile(r"(?<=\d)[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$")
BEFORE_CHRIST = re.compile(
    r"\bB\.?\s?C\.?(?:\s?E\b\.?)?(?![^\W\d_])|\b(?:v\.\s?Chr\.|v\.\s?u\.\s?Z\.)|\bvor Chr\w*\.?"
    r"|\bav\.\s?J\.?\s?-?\s?C\.|\ba\.\s?C\.|\bп?до н\.\s?э\.|\bp\.\s?n\.\s?e\.|기원전|公元前|紀元前",
    re.I,
)
AFTER_CHRIST = re.compile(
    r"\bA\.?\s?D\.?(?![^\W\d_])|\bC\.?\s?E\b\.?(?![^\W\d_])|\bn\.\s?Chr\.|\bapr\.\s?J\.?\s?-?\s?C\."
    r"|\bd\.\s?C\.|\bн\.\s?э\.|서기|公元|西暦|西元",
    re.I,
)
# The first year of an era less one (National Diet Library, Japanese eras; the ROC's calendar; the
# Thai solar calendar since 1941).
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
ERAS |= {"民國": 1911, "民国": 1911, "พ.ศ.": -543}
ERA = re.compile(rf"({'|'.join(map(re.escape, ERAS))})\s*(\d{{1,4}}|元)\s*(?:年|ปี)?")
THAI = re.compile("[\u0e00-\u0e7f]")
#: A year of the Thai calendar, which names of months and abbreviations leave open elsewhere.
THAI_YEAR = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")
ISO = re.compile(r"(-?\d{4}|-\d{1,3})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
CJK = re.compile(
    r"(\d{1,4})\s*[년年]\s*(?:(\d{1,2})\s*[월月]\s*(?:份\s*)?(?:(\d{1,2})\s*[일日號号]?)?)?"
)
# A day in numbers with something behind it: a time, an open end of a range, a comment.
DAY_WITHIN = re.compile(r"(?<![\d-])(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?!\d)")
CJK_YEAR = re.compile(r"(\d{1,4})\s*[년年](?!\s*\d{1,2}\s*[월月])")
CJK_MONTH = re.compile(r"(\d{1,2})\s*[월月]\s*(?:(\d{1,2})\s*[일日號号])?")
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.\s]\s*(\d{1,2})(?:\s*[-/.\s]\s*(\d{1,2}))?\.?")
YEAR_LAST = re.compile(
    r"(?:(\d{1,2})\s*[-/.\s]\s*)?(\d{1,2})\s*[-/.\s]\s*((?<![\d.])\d{4}|(?<!\d)\d{4}|’?'?\d{2})\.?"
)
DECADE = re.compile(r"(\d{2,3})([Xxu?-]{1,2})(?!\d)|(\d{3}0)['’]?s\b")
QUARTER = re.compile(
    r"(?:Q([1-4])(?!\d)|(?<!\d)([1-4])Q|([1-4])[/.]?\s*분기|第([1-4一二三四])季度)", re.I
)
ROMAN = {
    roman: number
    for number, roman in enumerate("I II III IV V VI VII VIII IX X XI XII".split(), start=1)
}
ROMAN_MONTH = re.compile(r"(\d{1,2})[./\s-]+([IVX]{1,4})[./\s-]+(\d{4})")
SEASONS = {
    word: number
    for number, words in enumerate(
        (
            "spring printemps frühling frühjahr primavera lente vår forår весна wiosna 봄 春 春季",
            "summer été sommer verano estate verão zomer lato лето 여름 夏 夏季",
            "autumn fall automne herbst otoño autunno outono herfst høst höst efterår осень jesień "
            "가을 秋 秋季",
            "winter hiver invierno inverno vinter зима zima 겨울 冬 冬季",
        ),
        start=1,
    )
    for word in words.split()
}
# Names of months that CLDR writes in another way: the Vietnamese ones in words.
MORE_MONTHS = {
    f"tháng {word}": number
    for number, word in enumerate(
        "một|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|mười một|mười hai".split("|"), start=1
    )
} | {"sept": 9, "maerz": 3}
ENGLISH = (
    "january february march april june july august september october november december".split()
)
FILLERS = frozenset(
    "of the de del d the den le la el il am at early mid late mon tue tues wed thu thur thurs fri sat "
    "sun monday tuesday wednesday thursday friday saturday sunday г года р el".split()
)
# Vowel signs and other marks are no letters to the re module: a word is what is no sign.
WORD = r"[^\s\d,.;:()\[\]{}/|&\"“”–—~-]+"
TOKEN = re.compile(rf"(\d+)(?:st|nd|rd|th|er|º|ª|o)?(?![^\W_])|({WORD}(?:\.{WORD})*)|\S")
STRONG = (r"/", r"\s+(?:to|bis|until|till|through|à|au|al)\s+", r"–|—|--|−|〜|～|∼")
WEAK = (r"부터|에서|至|到", r"\s+-\s+", r"~", r"-", r"\s+(?:and|und|et|y|&)\s+|&")
SEPARATORS = tuple(re.compile(pattern, re.I) for pattern in (*STRONG, *WEAK))
BETWEEN_MONTHS = re.compile(r",|&|\b(?:and|und|et|y|e)\b", re.I)
