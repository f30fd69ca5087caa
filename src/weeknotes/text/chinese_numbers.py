"""Numbers of dates in Chinese numerals, as Chinese and Japanese texts write them."""

from __future__ import annotations

import re

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十百]+")
_ONE = "[〇零○一二三四五六七八九]"
_PLACES = re.compile(rf"(?:({_ONE})?(百)[零〇]?)?(?:({_ONE})?(十))?({_ONE})?")
_DATE = re.compile(rf"{_NUMERAL.pattern}年(?:{_NUMERAL.pattern}月(?:{_NUMERAL.pattern}[日號号])?)?")


def with_arabic_dates(text: str) -> str:
    """``text`` with its dates in Chinese numerals, which begin with a year, in Arabic ones:
    二〇二〇年三月十五日 becomes 2020年3月15日, and 民國一百零九年 becomes 民國109年."""
    return _DATE.sub(lambda date: _NUMERAL.sub(lambda one: arabic(one[0]), date[0]), text)


def arabic(numeral: str) -> str:
    """A number below 1,000 in Arabic digits: ``二〇二四`` one by one, ``二十三`` and ``一百零九`` by
    their places. A numeral that is none of these stays as it is."""
    if not re.search("[十百]", numeral):
        return "".join(str(_DIGITS[sign]) for sign in numeral)
    places = _PLACES.fullmatch(numeral)
    if not places:
        return numeral
    hundreds, hundred, tens, ten, ones = places.groups(default="")
    total = 100 * _DIGITS[hundreds or "一"] if hundred else 0
    total += 10 * _DIGITS[tens or "一"] if ten else 0
    return str(total + _DIGITS[ones or "〇"])
