"""The parts of a language of the interface: one `Language` for each file of this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from weeknotes.i18n.dates import Dates


@dataclass(frozen=True)
class Language:
    """All words of the interface in one language.

    ``tag`` is the primary subtag of its BCP 47 tag, and the name of its file; ``name`` is what its
    speakers call it.
    """

    tag: str
    name: str
    dates: Dates
    week_title: str
    """The title of a week, with ``{year}`` and ``{number}``."""
    et_al: str
    """What follows the last author that is named, with the space that belongs before it."""
    comma: str
    """What separates the members of a list."""
    site: Mapping[str, str]
    """The words of the site. ``KEY.one`` and ``KEY.other`` are forms for numbers; a language without a
    singular has the second alone. ``{}`` is filled in."""
    search: Mapping[str, str]
    """The words of the search."""
    rendered: Mapping[str, str]
    """The words that the engines write into a page: captions, callouts, theorems. They are the terms
    that Quarto uses (its documentation, "Document Language"), so that both engines say the same."""
    library_table: Mapping[str, str]
    """The words of the table of papers in a week's generated cells."""
    labels: Mapping[str, str]
    """The words that commands write into notebooks."""
    colours: Mapping[str, str]
    """The colours of Zotero's highlights."""
    digest: Mapping[str, str]
    """The words of digests."""
    rendered_variants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """``rendered`` for a whole tag, such as "zh-tw", where it differs from that of the language."""
