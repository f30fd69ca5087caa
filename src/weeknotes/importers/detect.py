"""This module detects the format of a source, and says how sure that is, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from weeknotes.importers.format import RECOGNISED, SURE, Evidence, Format
from weeknotes.importers.format_table import FALLBACK, FORMATS
from weeknotes.importers.source_files import Source

_LONGEST_FRONT_MATTER = 60


@dataclass(frozen=True)
class Detection:
    """The format that a source looks most like: ``format`` is None where the evidence for the
    ``nearest`` one is not enough. ``sure`` is "sure", "likely" or "a guess"."""

    format: Format | None
    nearest: Format
    evidence: Evidence
    sure: str

    @property
    def why(self) -> str:
        """The reasons in words, for the report."""
        return ", ".join(self.evidence.reasons) or "nothing in it is typical of any"


def detect(source: Source) -> Detection:
    """The format of ``source``, by what each format finds in it."""
    if (named := _named(source)) is not None:
        return Detection(named, named, Evidence(SURE, ("a front matter that names it",)), "sure")
    suffix = source.place.path.suffix.lower()
    # What a format has made Markdown of is of none but that one.
    own = {name: form for name, form in FORMATS.items() if suffix in form.suffixes}
    found = {name: form.sniff(source) for name, form in (own or FORMATS).items()}
    best = max(found, key=lambda name: (found[name].score, bool(found[name].reasons)))
    evidence = found[best]
    if not evidence.reasons:
        # What any text with headings could be.
        nearest = next(iter(own.values()), FALLBACK)
        return Detection(None, nearest, evidence, "a guess")
    others = max((e.score for name, e in found.items() if name != best), default=0.0)
    if evidence.score >= SURE and evidence.score >= 2 * others:
        sure = "sure"
    else:
        sure = "likely" if evidence.score >= 2 and evidence.score > others else "a guess"
    recognised = FORMATS[best] if evidence.score >= RECOGNISED else None
    return Detection(recognised, FORMATS[best], evidence, sure)


def _named(source: Source) -> Format | None:
    """The format that a digest made by Weeknotes names in its front matter (``digest: votes``)."""
    lines = source.lines
    if not lines or lines[0].strip() != "---":
        return None
    for text in lines[1:_LONGEST_FRONT_MATTER]:
        if text.strip() == "---":
            return None
        if match := re.match(r"digest:\s*[\"']?([\w-]+)[\"']?\s*$", text):
            return FORMATS.get(match[1])
    return None
