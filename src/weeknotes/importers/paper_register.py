"""Papers recognised in what a source says of them, and their entries in the library."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from weeknotes.importers.author_names import csl_name
from weeknotes.library.keys import KeysInUse, make_key
from weeknotes.library.store import Entry, Library
from weeknotes.text.main_language import main_language

ARXIV_ID = re.compile(
    r"(?<![\w.])(?:arxiv[:.\s]*\s*|arxiv\.org/(?:abs|pdf|html|list)/|/papers/|/arxiv/)"
    r"((?:[0-9]{4}\.[0-9]{4,5})|(?:[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}))(?:v[0-9]+)?(?![0-9])",
    re.I,
)
_DOI = re.compile(r"(?:doi\.org/|doi:\s*)(10\.[0-9]{4,9}/[^\s\"<>{}\[\]|\\^`]+)", re.I)
_ARXIV_NAME = re.compile(
    r"(?<![\w./])arxiv\s*[:.]?\s*((?:[0-9]{4}\.[0-9]{4,5})|(?:[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}))(?:v[0-9]+)?(?![0-9])",
    re.I,
)
_DOI_NAME = re.compile(r"(?<![\w./])doi:?\s*(10\.[0-9]{4,9}/[^\s\"<>{}\[\]|\\^`]+)", re.I)
_PAPER_HOSTS = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:arxiv\.org/(?:abs|pdf|html)/|openreview\.net/(?:forum|pdf)|aclanthology\.org/|"
    r"aclweb\.org/anthology/|"
    r"doi\.org/10\.|dx\.doi\.org/|proceedings\.mlr\.press/|proceedings\.neurips\.cc/|papers\.n(?:eur)?ips\.cc/|"
    r"proceedings\.mlsys\.org/|openaccess\.thecvf\.com/|cv-foundation\.org/openaccess/|ecva\.net/papers/|"
    r"ojs\.aaai\.org/index\.php/|aaai\.org/ocs/index\.php/|ijcai\.org/proceedings/|"
    r"isca-(?:speech|archive)\.org/(?:archive/)?[\w-]+[_/]|ieeexplore\.ieee\.org/(?:abstract/)?document|"
    r"dl\.acm\.org/(?:doi|citation)|link\.springer\.com/(?:article|chapter)|"
    r"nature\.com/articles|sciencedirect\.com/science/article|science\.org/doi|pnas\.org/(?:doi|content)|"
    r"pubmed\.ncbi\.nlm\.nih\.gov/[0-9]|ncbi\.nlm\.nih\.gov/(?:pmc/articles|pubmed)/|"
    r"journals\.plos\.org/\w+/article|onlinelibrary\.wiley\.com/doi|academic\.oup\.com/\w+/article|"
    r"tandfonline\.com/doi|journals\.sagepub\.com/doi|pubs\.acs\.org/doi|cell\.com/[\w-]+/(?:fulltext|pdf)|"
    r"frontiersin\.org/(?:journals/[\w-]+/)?articles|mdpi\.com/[0-9]{4}-|iopscience\.iop\.org/article|"
    r"journals\.aps\.org/\w+/abstract|direct\.mit\.edu/\w+/article|eprint\.iacr\.org/[0-9]{4}/|"
    r"papers\.ssrn\.com/sol3/papers|hal\.(?:science|archives-ouvertes\.fr)/hal-|jstor\.org/stable/|"
    r"usenix\.org/(?:legacy/)?(?:conference|event|system/files)/.*?(?:presentation|papers?|\.pdf)|"
    r"huggingface\.co/papers/|"
    r"alphaxiv\.org/(?:abs|overview)/|semanticscholar\.org/paper|paperswithcode\.com/paper|"
    r"deeplearn\.org/arxiv/|(?:bio|med)rxiv\.org/content/|jmlr\.org/papers)",
    re.I,
)
CITATION_KEY = re.compile(r"[A-Za-z0-9_\u00c0-\uffff][\w:.+/-]{0,120}")
"""A citation key as a source may give it to a paper."""
# The markup that CSL-JSON allows in a title ("HTML-like Formatting Tags").
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|span|sc)(?:\s[^<>]*)?>", re.I)
# What imports keep of their own about an entry.
_OF_IMPORTS = ("imported", "given", "date-added")


@dataclass(frozen=True)
class SourcePaper:
    """A paper as a source describes it. ``category`` is arXiv's, such as cs.CV. ``key`` is the
    citation key that the source gives it, ``year`` that of its publication (0 if unknown), and
    ``more`` are its addresses besides ``url``. ``entry`` is the whole CSL-JSON item, if the source
    has one."""

    title: str
    url: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    category: str = ""
    votes: int | None = None
    key: str = ""
    year: int = 0
    more: tuple[str, ...] = ()
    entry: Mapping[str, Any] | None = None

    @property
    def arxiv(self) -> str:
        """Its arXiv id without the version, empty where no address tells one."""
        found = (
            match[1]
            for url in (self.url, *self.more)
            if not re.match(r"https?://(?:www\.)?deeplearn\.org/", url)
            and (match := ARXIV_ID.search(url))
        )
        return next(found, "")

    @property
    def doi(self) -> str:
        """The DOI in its addresses, without the resolver; "" where there is none."""
        found = (match[1] for url in (self.url, *self.more) if (match := _DOI.search(url)))
        return next(found, "").rstrip(".,;)")


def is_paper_address(url: str) -> bool:
    """Whether ``url`` leads to a paper, rather than to code, a demo or a post about it."""
    return bool(_PAPER_HOSTS.match(url))


def identifier_address(text: str) -> str:
    """The address of the paper that ``text`` names by an identifier: ``arXiv:2006.11239``,
    ``doi:10.1000/182``; empty where it names none."""
    if match := _ARXIV_NAME.search(text):
        return f"https://arxiv.org/abs/{match[1]}"
    match = _DOI_NAME.search(text)
    return f"https://doi.org/{match[1].rstrip('.,;)')}" if match else ""


class Register:
    """The papers of the library, and those that an import adds to it.

    A paper is known by its arXiv id, its DOI, its address, or its title, whatever else a source says
    of it. ``source`` is the one that is being read: an entry remembers which source it is from, so that
    what that source corrects reaches it. ``expected`` are all sources of the import, and ``gone``
    those that are not there any more.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.added: dict[str, Entry] = {}
        self.met: dict[str, None] = {}
        self.source = ""
        self.expected: set[str] = set()
        self.gone: set[str] = set()
        self._from: dict[str, str] = {}
        self._again: dict[str, Entry] = {}
        self._read: set[str] = set()
        self._taken = KeysInUse(key.lower() for key in library.keys)
        self._known: dict[str, str] = {}
        for key, entry in library.entries.items():
            for name in _names_of_entry(entry):
                self._known.setdefault(name, key)

    def key_of(self, paper: SourcePaper) -> str:
        """The citation key of ``paper`` if it is known, else empty."""
        for name in _names_of(paper):
            key = self._known.get(name, "")
            by_name = name.startswith(("title:", "key:"))
            if key and not (by_name and self._differs(key, paper) and not self._is_older(key)):
                return key
        return ""

    def _is_older(self, key: str) -> bool:
        """Whether the entry ``key`` is what the source that is being read gave earlier and has not
        named again: one of the same title has another address now."""
        entry = self.library.entries.get(key)
        if entry is None or key in self._again:
            return False
        given = _given(entry)
        return given.get("source") == self.source and given.get("hash") == _hash(entry)

    def key_of_title(self, title: str) -> str:
        """The citation key of the paper that a title alone names; empty where none is known yet. What
        a source of this import gives that is not read yet, or one that is gone has given, is as
        unknown as it was in a first import, so that another one changes nothing."""
        key = self.key_of(SourcePaper(title))
        entry = self.library.entries.get(key)
        if entry is None or key in self._again:
            return key
        given = _given(entry)
        later = given.get("source") in self.expected | self.gone
        return "" if later and given.get("hash") == _hash(entry) else key

    def _differs(self, key: str, paper: SourcePaper) -> bool:
        """Whether the entry ``key``, of the same title, is another paper by its arXiv id or DOI."""
        entry = self.added.get(key) or self.library.entries[key]
        mine, theirs = _names_of(paper), _names_of_entry(entry)
        return any(
            {n for n in mine if n.startswith(kind)} and {n for n in theirs if n.startswith(kind)}
            for kind in ("arxiv:", "doi:")
        )

    def cite(self, paper: SourcePaper, added: date | None) -> str:
        """The citation key of ``paper``, which is added to the library, as of the day ``added``, if
        it is not known yet. A known one that this import added learns what it lacks."""
        key = self.key_of(paper)
        if not key:
            entry = _entry(paper, added)
            key = paper.key if self._is_free(paper.key) else make_key(entry, self._taken)
            self._taken.add(key.lower())
            self.added[key] = {**entry, "id": key}
            self._from[key] = self.source
        elif key in self.added:
            known = self.added[key]
            new = {
                k: v for k, v in _entry(paper, added).items() if k not in known and k != "custom"
            }
            self.added[key] = {**known, **new}
        else:
            self.met[key] = None
            if key not in self._again and self._differs(key, paper):
                # An address that was corrected: the former one is of another paper from here on.
                self._known = {name: k for name, k in self._known.items() if k != key}
            self._from.setdefault(key, self.source)
            self._again[key] = {**_entry(paper, added), **self._again.get(key, {})}
        for name in _names_of(paper):
            self._known.setdefault(name, key)
        return key

    def _is_free(self, key: str) -> bool:
        """Whether a new entry may have ``key``, which a source gives it."""
        return bool(CITATION_KEY.fullmatch(key)) and key.lower() not in self._taken

    def retitle(self, corrected: Mapping[str, tuple[str, str]]) -> dict[str, Entry]:
        """The entries of the library whose titles a source has corrected: those that an import made,
        and that still have the title which the source gave them before."""
        found: dict[str, Entry] = {}
        for key, (before, now) in corrected.items():
            entry = self.library.entries.get(key)
            custom = entry.get("custom") if entry else None
            if entry is None or not (isinstance(custom, dict) and custom.get("imported")):
                continue
            title = str(entry.get("title") or "")
            if normalised_title(title) == normalised_title(before) and title != now:
                new = {**entry, "title": now}
                known = _given(entry).get("hash") == _hash(entry)
                found[key] = _signed(new, self.source_of(entry)) if known else new
        return found

    def corrections(self) -> dict[str, Entry]:
        """The entries of the library of which the sources of this import say otherwise: those that
        nobody has changed since a source gave them that this import has read, or that is gone. They
        end as a first import would make them."""
        found: dict[str, Entry] = {}
        for key, now in self._again.items():
            entry = self.library.entries.get(key)
            if entry is None or not self._may_change(entry):
                continue
            kept = {k: v for k, v in entry.get("custom", {}).items() if k not in _OF_IMPORTS}
            new = {**now, "id": key, "custom": {**kept, **now["custom"]}}
            new = _signed(new, self._from[key])
            if new != entry:
                found[key] = new
        return found

    def unused(self, cited: Callable[[str], bool]) -> set[str]:
        """The keys of the entries that no source gives any more and nothing cites, as ``cited`` says:
        those that nobody has changed since a source gave them that this import has read, or that is
        gone."""
        return {
            key
            for key, entry in self.library.entries.items()
            if key not in self._again and self._may_change(entry) and not cited(key)
        }

    def _may_change(self, entry: Entry) -> bool:
        """Whether ``entry`` is as a source has given it that this import speaks for."""
        given = _given(entry)
        source = given.get("source")
        return given.get("hash") == _hash(entry) and (source in self._read or source in self.gone)

    def reads(self, source: str) -> None:
        """Take note that ``source`` is read from here on."""
        self.source = source
        self._read.add(source)

    def keep(self, keys: Collection[str]) -> None:
        """Let go of the papers that only pages which are not written cite: all but ``keys``."""
        self.added = {key: entry for key, entry in self.added.items() if key in keys}
        self.met = dict.fromkeys(key for key in self.met if key in keys)
        self._again = {key: entry for key, entry in self._again.items() if key in keys}

    def source_of(self, entry: Entry) -> str:
        """The name of the source that gave ``entry`` to the library; "" where it is not known."""
        return str(_given(entry).get("source") or "")

    def result(
        self, corrected: Mapping[str, tuple[str, str]], unused: Collection[str] = ()
    ) -> Library:
        """The library with what was added, with what a source has ``corrected``, and without the
        entries ``unused``."""
        known = {**self.library.entries, **self.retitle(corrected), **self.corrections()}
        for key in unused:
            if key in known and self._may_change(known[key]):
                del known[key]
        added = [_signed(entry, self._from.get(key, "")) for key, entry in self.added.items()]
        return self.library.with_entries([*known.values(), *added])


def _given(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record of the import that gave an entry: its source, and a hash of what the entry was."""
    custom = entry.get("custom")
    given = custom.get("given") if isinstance(custom, dict) else None
    return given if isinstance(given, dict) else {}


def _hash(entry: Mapping[str, Any]) -> str:
    """A hash of what an entry says of its paper."""
    said = {key: value for key, value in entry.items() if key not in ("id", "custom")}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _signed(entry: Entry, source: str) -> Entry:
    """``entry`` with a record of the ``source`` that gives it."""
    given = {"source": source, "hash": _hash(entry)}
    return {**entry, "custom": {**entry.get("custom", {}), "given": given}} if source else entry


def normalised_title(title: str) -> str:
    """``title`` as two sources would agree on it: its letters and digits, without case."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(char for char in folded if char.isalnum())


def _names_of(paper: SourcePaper) -> list[str]:
    if paper.entry is not None:
        return [*_names_of_entry(paper.entry), *([f"key:{paper.key.lower()}"] if paper.key else [])]
    names = []
    if paper.arxiv:
        names.append(f"arxiv:{paper.arxiv.lower()}")
    if paper.doi:
        names.append(f"doi:{paper.doi.lower()}")
    if paper.url:
        names.append(f"url:{_address(paper.url)}")
    title = normalised_title(paper.title)
    # Nothing else than its title names a book such as "Dune", by whom and without an address.
    alone = bool(title and paper.authors and not paper.url)
    if len(title) >= 8 or (title and not title.isascii() and len(title) >= 4) or alone:
        names.append(f"title:{title}")
    if paper.key:
        names.append(f"key:{paper.key.lower()}")
    return names


def _names_of_entry(entry: Mapping[str, Any]) -> list[str]:
    names = [f"key:{str(entry['id']).lower()}"] if entry.get("id") else []
    url, doi = str(entry.get("URL") or ""), str(entry.get("DOI") or "")
    for text in (str(entry.get("number") or ""), url, doi):
        if match := ARXIV_ID.search(text):
            names.append(f"arxiv:{match[1].lower()}")
    if match := re.match(r"10\.48550/arxiv\.(.+)", doi, re.I):
        names.append(f"arxiv:{match[1].lower()}")
    if doi:
        names.append(f"doi:{doi.lower()}")
    if url:
        names.append(f"url:{_address(url)}")
    if title := normalised_title(_MARKUP.sub("", str(entry.get("title") or ""))):
        names.append(f"title:{title}")
    return names


def _address(url: str) -> str:
    """``url`` without what does not tell two pages apart."""
    plain = re.sub(r"^https?://(?:www\.)?", "", url.strip(), flags=re.I)
    return re.sub(r"[#?](?:utm_[^#]*)?$", "", plain).rstrip("/").lower()


def _entry(paper: SourcePaper, added: date | None) -> Entry:
    """``paper`` as a CSL-JSON item, without its ``id``."""
    if paper.entry is not None:
        entry = {key: value for key, value in paper.entry.items() if key != "id"}
        return {**entry, "custom": _own(entry.get("custom"), added)}
    entry = {"type": "article" if paper.arxiv else "article-journal" if paper.doi else "document"}
    entry["title"] = paper.title
    if paper.authors:
        entry["author"] = [csl_name(name) for name in paper.authors]
    if paper.arxiv:
        entry |= {"publisher": "arXiv", "number": f"arXiv:{paper.arxiv}"}
        if issued := _issued(paper.arxiv):
            entry["issued"] = issued
    if paper.year and "issued" not in entry:
        entry["issued"] = {"date-parts": [[paper.year]]}
    if paper.doi:
        entry["DOI"] = paper.doi
    if paper.url:
        entry["URL"] = paper.url
    if paper.abstract:
        entry["abstract"] = paper.abstract
    if paper.category:
        entry["keyword"] = paper.category
    if lang := main_language(paper.title):
        entry["language"] = lang
    entry["custom"] = _own(None, added)
    return entry


def _own(custom: Any, added: date | None) -> dict[str, Any]:
    """Weeknotes's own data (``custom``) about an entry that an import adds with the date
    ``added``."""
    own: dict[str, Any] = {**(custom if isinstance(custom, dict) else {}), "imported": True}
    if added:
        own["date-added"] = added.isoformat()
    return own


def _issued(arxiv: str) -> dict[str, Any]:
    """The month in which an arXiv id was given (arxiv.org, "arXiv identifier scheme")."""
    digits = re.search(r"([0-9]{2})([0-9]{2})", arxiv)
    if not digits or not 1 <= int(digits[2]) <= 12:
        return {}
    year = int(digits[1]) + (1900 if int(digits[1]) > 90 else 2000)
    return {"date-parts": [[year, int(digits[2])]]}


def month_of(arxiv: str) -> date | None:
    """The first day of the month in which an arXiv id was given."""
    issued = _issued(arxiv)
    if not issued:
        return None
    year, month = issued["date-parts"][0]
    return date(year, month, 1)
