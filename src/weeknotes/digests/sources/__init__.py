"""The sources of papers: one module each, and the names by which they are chosen.

A name is ``arxiv``, ``hf``, ``biorxiv`` or ``medrxiv``, one of these with categories
(``arxiv:cs.LG,stat.ML``), a name that the configuration gives to a feed, or a feed's address.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from weeknotes.digests.sources import arxiv, biorxiv, huggingface
from weeknotes.digests.sources.arxiv import Announcements
from weeknotes.digests.sources.biorxiv import Preprints
from weeknotes.digests.sources.candidates import Candidates
from weeknotes.digests.sources.feed import Feed
from weeknotes.digests.sources.huggingface import DailyPapers
from weeknotes.digests.sources.listing import Failure, Listing, Source
from weeknotes.errors import UsageError

__all__ = ["Candidates", "Failure", "Listing", "Source", "configured", "named", "shown_name"]

SERVICES = (arxiv.NAME, huggingface.NAME, *biorxiv.SERVERS)
#: What the services are called in a digest.
_SHOWN = {"arxiv": "arXiv", "hf": "Hugging Face", **biorxiv.SERVERS}
#: Other names that people give to the services.
_OTHER_NAMES = {"huggingface": "hf", "hugging-face": "hf", "daily-papers": "hf"}
_SOURCES_ARE = (
    f"Sources are {', '.join(SERVICES)}, a feed's address, or a name for one in _quarto.yml: "
    "{arxiv: [cs.LG, stat.ML], hf: true, my-journal: https://example.org/feed.xml}."
)
DEFAULT_CATEGORIES = ("cs.LG", "stat.ML")


def configured(settings: Mapping[str, Any]) -> dict[str, Source]:
    """The sources that ``weeknotes: digest:`` names, by their names, in its order; Hugging Face's
    daily papers and two categories of arXiv where it names none.

    ``sources`` is a list of names and addresses, or a mapping of names to categories, to ``true``, or
    to a feed's address. Raises UsageError for what is none of these.
    """
    value = settings.get("sources")
    if value in (None, {}, []):
        value = {arxiv.NAME: None, huggingface.NAME: None}
    if isinstance(value, str):
        value = re.split(r"[\s,]+", value.strip())
    if isinstance(value, list):
        pairs: list[tuple[str, Any]] = []
        for item in value:
            pairs += item.items() if isinstance(item, dict) else [(str(item), None)]
    elif isinstance(value, dict):
        pairs = [(str(name), options) for name, options in value.items()]
    else:
        raise _wrong(f"'sources' is {value!r}")
    made = [_make(name, options, settings) for name, options in pairs if options is not False]
    feeds = settings.get("feeds") or {}
    if isinstance(feeds, list):
        feeds = {str(address): str(address) for address in feeds}
    if not isinstance(feeds, dict):
        raise _wrong(f"'feeds' is {feeds!r}")
    made += [_feed(str(name), str(address)) for name, address in feeds.items()]
    return {source.name: source for source in made}


def named(names: Sequence[str], settings: Mapping[str, Any]) -> list[Source]:
    """The sources called ``names``, each as the configuration has it where it has it. Raises
    UsageError for a name that is none."""
    there = configured(settings)
    found: dict[str, Source] = {}
    for name in names:
        source = there.get(_OTHER_NAMES.get(name, name))
        if source is None and not _is_known(name):
            raise _unknown(name, there)
        source = source or _make(name, None, settings)
        found[source.name] = source
    return list(found.values())


def _is_known(name: str) -> bool:
    """Whether ``name`` is that of a service, with categories or without, or an address."""
    service = name.partition(":")[0]
    return bool(re.match(r"https?://", name)) or _OTHER_NAMES.get(service, service) in SERVICES


def shown_name(name: str) -> str:
    """The name of the source ``name`` in a digest."""
    return _SHOWN.get(name.partition(":")[0], name)


def _make(name: str, options: Any, settings: Mapping[str, Any]) -> Source:
    if re.match(r"https?://", name):
        return _feed(name, name)
    label = name
    name, _, listed = name.partition(":")
    name = _OTHER_NAMES.get(name, name)
    # Categories of the command line are another source to the ledger than those of the configuration.
    label = label if listed else name
    if isinstance(options, str) and re.match(r"https?://", options):
        return _feed(name, options)
    details = options if isinstance(options, dict) else {}
    if isinstance(details.get("url") or details.get("feed"), str):
        return _feed(name, details.get("url") or details["feed"])
    given = listed or details.get("categories") or (options if not details else None)
    # Names of bioRxiv's categories have spaces in them.
    own = _words(given, r"," if name in biorxiv.SERVERS else r"[\s,+]+")
    if name == arxiv.NAME:
        shared = _words(settings.get("categories"))
        crosses = details.get("cross", details.get("crosses", True))
        return Announcements(own or shared or DEFAULT_CATEGORIES, crosses is not False, label)
    if name in biorxiv.SERVERS:
        return Preprints(name, own, label)
    if name == huggingface.NAME:
        return DailyPapers()
    raise _unknown(label)


def _feed(name: str, address: str) -> Feed:
    if not urlsplit(address).netloc or not address.startswith(("http://", "https://")):
        raise _wrong(f"{address!r} is no address of a feed")
    host = urlsplit(address).netloc
    return Feed(host + urlsplit(address).path.rstrip("/") if name == address else name, address)


def _words(value: Any, separators: str = r"[\s,+]+") -> tuple[str, ...]:
    """A list of categories, however it is written."""
    if value is None or isinstance(value, bool):
        return ()
    if isinstance(value, str):
        value = re.split(separators, value.strip())
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise _wrong(f"categories are {value!r}")
    return tuple(dict.fromkeys(word.strip() for word in value if word.strip()))


def _wrong(what: str) -> UsageError:
    return UsageError(f"{what} (weeknotes: digest: in _quarto.yml)", hint=_SOURCES_ARE)


def _unknown(name: str, others: Iterable[str] = ()) -> UsageError:
    known = dict.fromkeys((*SERVICES, *_OTHER_NAMES, *others))
    near = difflib.get_close_matches(name.partition(":")[0].lower(), known, 1)
    meant = f"Did you mean '{near[0]}'? " if near else ""
    return UsageError(f"there is no source called '{name}'", hint=meant + _SOURCES_ARE)
