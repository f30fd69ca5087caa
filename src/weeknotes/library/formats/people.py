"""Names of people in one text each, as files of references have them, as CSL names."""

from __future__ import annotations

import re

Name = dict[str, str]

OTHERS: Name = {"literal": "others"}
"""What stands for "et al." in a list of names (``store.people_of``)."""
ET_AL = re.compile(
    r"[,;\s]*(?:^|(?<=[\s,;]))(?:\{?et\.?[\s~]*al(?:ii|ia|\.)?\}?|and others)[\s.,]*$", re.I
)
_AND = re.compile(r"\s+(?:and|&|und|et|y|e)\s+")
# "Bee, Ann Jr" and "Bee A 3rd", as PubMed has them (MEDLINE/PubMed Data Element Descriptions, FAU).
_SUFFIX = re.compile(r"(.+?),?\s+(Jr\.?|Sr\.?|[IV]{2,4}|\d(?:st|nd|rd|th))$")


def people(text: str) -> list[Name]:
    """The people whom ``text`` names, which should be one: several with semicolons, or with "and"
    between names in the form "Family, Given", are several; "et al." is ``OTHERS``."""
    text = " ".join(text.split()).strip(" ;")
    if others := ET_AL.search(text):
        return [*people(text[: others.start()]), dict(OTHERS)]
    for parts in (re.split(r"\s*;\s*", text), _AND.split(text)):
        if len(parts) > 1 and all("," in part or parts[0] + ";" in text for part in parts):
            return [name for part in parts for name in people(part)]
    return [name_of(text)] if text.strip(" ,") else []


def name_of(text: str) -> Name:
    """ "Family, Given, Suffix" as a CSL name; a name without a comma stays whole."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1 or not parts[0] or not any(parts[1:]):
        return {"literal": text.strip(" ,")}
    if len(parts) > 3:
        return {"literal": text}
    suffix = parts[2] if len(parts) == 3 else ""
    return named(parts[0], parts[1], suffix)


def named(family: str, given: str, suffix: str = "") -> Name:
    """A CSL name of its parts, without those that are empty. A "Jr" behind the given name is a
    suffix."""
    if not suffix and (found := _SUFFIX.fullmatch(given)):
        given, suffix = found[1], found[2]
    parts = {"family": family, "given": given, "suffix": suffix}
    return {part: value for part, value in parts.items() if value}


def with_initials(text: str) -> Name:
    """ "Bee AB" and "van der Berg JA Jr", a family name and initials without a comma, as a CSL
    name."""
    suffix = ""
    if found := _SUFFIX.fullmatch(text):
        text, suffix = found[1], found[2]
    if "," not in text and (found := re.fullmatch(r"(.+?)\s+([^\W\d_a-z-]{1,4})", text)):
        return named(found[1], found[2], suffix)
    return name_of(f"{text}, {suffix}" if suffix and "," in text else text)
