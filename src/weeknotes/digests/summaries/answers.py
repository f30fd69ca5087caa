"""Checking what a model answered, before any of it counts.

An answer is data from outside, written by a machine that has read data from outside: it must be JSON of
the shape asked for and in the language asked for; HTML, links and addresses are dropped; numbers that
the source does not have are marked.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from weeknotes.digests.summaries.client import ModelError

#: Put behind a number that the source does not have.
DOUBT = "(?)"
_FENCED = re.compile(r"\A\s*```\w*\s*|\s*```\s*\Z")
_THOUGHT = re.compile(r"\A\s*<(think|thinking|reasoning)>.*?</\1>", re.S | re.I)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>|<\?[^<>]*>", re.S)
_BLOCK = re.compile(r"<(script|style|iframe|object)\b.*?</\1\s*>", re.S | re.I)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:javascript|data|mailto):)[^\s<>()\[\]\"'，。、）]*",
    re.I,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NUMBER = re.compile(r"\d+(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SCALES = (
    (re.compile(r"\s*(?:thousand|k\b|천|千)", re.I), 1e3),
    (re.compile(r"\s*(?:million|m\b|백만|百万)", re.I), 1e6),
    (re.compile(r"\s*(?:billion|bn?\b|십억|十亿)", re.I), 1e9),
    (re.compile(r"\s*(?:만|万|萬)"), 1e4),
    (re.compile(r"\s*(?:억|亿|億)"), 1e8),
)
_WORDS = {
    word: number
    for number, words in enumerate(
        "zero one,first two,second,twice,double,both,pair three,third,triple four,fourth five,fifth "
        "six seven eight nine ten eleven twelve".split()
    )
    for word in words.split(",")
}
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.I)


def object_of(text: str) -> dict[str, Any]:
    """The JSON object in a model's answer, without its thoughts and the fence around it.

    Raises ModelError, with what is wrong, for the model to read.
    """
    bare = _FENCED.sub("", _THOUGHT.sub("", text)).strip()
    start = bare.find("{")
    if start < 0:
        raise ModelError("the answer holds no JSON object")
    try:
        value, _ = json.JSONDecoder().raw_decode(bare[start:])
    except (ValueError, RecursionError) as error:
        raise ModelError(f"the answer is no valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise ModelError("the answer is JSON, but no object")
    return value


def text_at(value: Mapping[str, Any], name: str, longest: int) -> str:
    """The text ``name`` of an answer, cleaned. Raises ModelError where it is missing, empty, or longer
    than ``longest`` characters."""
    text = value.get(name)
    if not isinstance(text, str) or not (cleaned := clean(text)):
        raise ModelError(f'"{name}" must be a text that is not empty')
    if len(cleaned) > longest:
        raise ModelError(f'"{name}" must have at most {longest} characters')
    return cleaned


def texts_at(
    value: Mapping[str, Any], name: str, least: int, most: int, longest: int
) -> tuple[str, ...]:
    """The list of texts ``name`` of an answer, cleaned, from ``least`` to ``most`` of them. Raises
    ModelError."""
    found = value.get(name)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ModelError(f'"{name}" must be a list of texts')
    cleaned = [text for each in found if (text := clean(each))][:most]
    if len(cleaned) < least:
        raise ModelError(f'"{name}" must have at least {least} texts')
    if any(len(each) > longest for each in cleaned):
        raise ModelError(f'each text of "{name}" must have at most {longest} characters')
    return tuple(cleaned)


def clean(text: str) -> str:
    """``text`` on one line without HTML, images, the targets of links, addresses and characters that do
    not show. What it becomes is plain text, and escaped where it is written."""
    for _ in range(3):
        before = text
        text = _TAG.sub(" ", _BLOCK.sub(" ", html.unescape(text)))
        text = _ADDRESS.sub(" ", _LINK.sub(r"\1", _IMAGE.sub(" ", text)))
        if text == before:
            break
    return re.sub(r"^(?:[-*•]\s+)+", "", " ".join(_CONTROL.sub(" ", text).split()))


def doubted(text: str, source: str) -> tuple[str, tuple[str, ...]]:
    """``text`` with a mark behind each number that ``source`` does not have, and those numbers.

    A number is the same in digits and in words up to twelve, with and without separators, and in units
    of thousands, millions, 万 and 억.
    """
    known = _values(source, words=True)
    strange: list[str] = []
    normal = unicodedata.normalize("NFKC", text)

    def mark(found: re.Match[str]) -> str:
        values = _values_of(found, normal)
        if any(_near(value, each) for value in values for each in known):
            return found[0]
        strange.append(found[0])
        return f"{found[0]}{DOUBT}"

    marked = _NUMBER.sub(mark, normal)
    return (marked if strange else text), tuple(dict.fromkeys(strange))


def _values(text: str, *, words: bool) -> set[float]:
    text = unicodedata.normalize("NFKC", text)
    values = {value for found in _NUMBER.finditer(text) for value in _values_of(found, text)}
    if words:
        values |= {float(_WORDS[found[0].lower()]) for found in _WORD.finditer(text)}
    return values


def _values_of(found: re.Match[str], text: str) -> set[float]:
    value = float(re.sub("[,，]", "", found[0]))
    following = text[found.end() : found.end() + 12]
    return {value, *(value * scale for unit, scale in _SCALES if unit.match(following))}


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(1.0, abs(one))
