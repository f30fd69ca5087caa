"""Numbers of dates in Chinese numerals, as Chinese and Japanese texts write them."""

from __future__ import annotations

import re

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十百]+")
_DATE = re.compile(rf"{_NUMERAL.pattern}年(?:{_NUMERAL.pattern}月(?:{_NUMERAL.pattern}[日號号])?)?")


def with_arabic_dates(text: str) -> str:
    """``text`` with its dates in Chinese numerals, which begin with a year, in Arabic ones:
    二〇二〇年三月十五日 becomes 2020年3月15日, and 民國一百零九年 becomes 民國109年."""
    return _DATE.sub(lambda date: _NUMERAL.sub(lambda one: str(_value(one[0])), date[0]), text)


def _value(numeral: str) -> int:
    if not re.search("[十百]", numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total = 0
    digit = 0
    for sign in numeral:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
