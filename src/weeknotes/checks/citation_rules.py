"""Rules about citations, and about papers that no one is to see."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from weeknotes.checks.findings import Finding
from weeknotes.checks.journal_pages import Pages

_KEY = re.compile(r'@\w+\{\s*([^,\s]+)\s*,|"id":\s*"([^"]+)"|^-?\s*id:\s*(\S+)', re.M)


def citations(pages: Pages, keys: Iterable[str]) -> Iterator[Finding]:
    """Citation keys that are not among ``keys``, with the nearest that are."""
    known = frozenset(keys)
    nearest = lru_cache(maxsize=256)(lambda key: _nearest(key, known))
    for source, facts in pages.sources.items():
        own = _own_references(pages, source)
        hidden = frozenset(map(tuple, facts.mentions.hidden))
        for key, cell, line in facts.mentions.cites:
            if key in known or key in own:
                continue
            shown = any(pages.cites(host, key) for host in pages.hosts(source))
            if not shown and (key, cell, line) not in hidden:
                continue  # It looks like a citation, and is none.
            yield Finding(
                "citation-unknown",
                source,
                f"the library has no '{key}'",
                cell or None,
                line or None,
                _hint(key, known, nearest(key)),
            )
        for key, cell, line in facts.mentions.glued:
            whole = key if key in known else _head(key, known)
            if whole:
                yield Finding(
                    "citation-glued",
                    source,
                    f"'@{whole}' is no citation, since there is a letter right before it",
                    cell or None,
                    line or None,
                    "Put a space before it, or brackets around it: " + f"[@{whole}].",
                )


def _hint(key: str, known: frozenset[str], near: list[str]) -> str:
    """A hint for a citation of ``key``, which is not ``known``."""
    if head := _head(key, known):
        return f"Write @{{{head}}}{key[len(head) :]}: without the braces all of it is the key."
    if near:
        return f"Did you mean {' or '.join('@' + k for k in near)}?"
    return "Add the paper to your library, or escape the sign: \\@."


def _head(key: str, known: frozenset[str]) -> str | None:
    """The known key that ``key`` is with a word of another script right behind it."""
    match = re.match(r"[\x21-\x7e]+", key)
    return match[0] if match and match[0] != key and match[0] in known else None


def _own_references(pages: Pages, source: str) -> frozenset[str]:
    """The keys of what the pages that show ``source`` bring along: `references` and `bibliography` in
    their front matter."""
    found: set[str] = set()
    for host in pages.hosts(source):
        front = pages.sources[host].front
        own = front.get("references")
        entries = own if isinstance(own, list) else []
        found |= {str(entry.get("id")) for entry in entries if isinstance(entry, dict)}
        names = front.get("bibliography")
        for name in names if isinstance(names, list) else [names]:
            if isinstance(name, str) and (path := pages.local(host, name)):
                found |= set(keys_of([path]))
    return frozenset(found)


def keys_of(bibliographies: Iterable[Path]) -> Iterator[str]:
    """The keys of the entries of .bib, .json and .yaml files, read roughly."""
    for path in bibliographies:
        if path.is_file():
            for match in _KEY.finditer(path.read_text("utf-8", "replace")):
                yield next(group for group in match.groups() if group)


def _nearest(key: str, known: frozenset[str]) -> list[str]:
    folded = {k.casefold(): k for k in known}
    if key.casefold() in folded:
        return [folded[key.casefold()]]
    return [folded[k] for k in difflib.get_close_matches(key.casefold(), folded, 3, 0.7)]


def private_papers(pages: Pages) -> Iterator[Finding]:
    """Papers that only private notes cite, in lists that Weeknotes has made."""
    hidden: set[str] = set()
    public: set[str] = set()
    for source, facts in pages.sources.items():
        private = frozenset(map(tuple, facts.mentions.hidden))
        whole = all(host in pages.private for host in pages.hosts(source))
        for key, cell, line in facts.mentions.cites:
            (hidden if whole or (key, cell, line) in private else public).add(key)
    for source, facts in pages.sources.items():
        if source in pages.private:
            continue
        for key, cell in dict(facts.listed).items():
            if key in hidden - public:
                yield Finding(
                    "private-paper",
                    source,
                    f"the list shows '{key}', which only private notes cite",
                    cell,
                    None,
                    f"weeknotes refresh {PurePosixPath(source).stem}",
                )
