"""Identifiers of papers, in the forms that people paste.

arXiv identifiers follow "Understanding the arXiv identifier" (arxiv.org/help/arxiv_identifier), DOIs
the DOI Handbook, 2.2 (they compare without regard to case), ISBNs ISO 2108 with its check digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from weeknotes.library.store import Entry, custom

# New identifiers begin with the year and month of two digits each.
_ARXIV_ID = r"(?:\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Za-z]{2})?/\d{7})"
# The stamp on the margin of a paper has its class and day: "arXiv:2006.11239v2 [cs.LG] 16 Dec 2020".
_ARXIV = re.compile(
    rf"(?:arxiv[:\s]\s*)?({_ARXIV_ID})(v\d+)?(?:\s*\[[\w.-]+\](?:\s+\d{{1,2}} \w{{3}} \d{{4}})?)?",
    re.I,
)
_ARXIV_PATH = re.compile(
    rf"/(?:abs|pdf|html|format|ps|e-print|papers|src|overview|resources)/({_ARXIV_ID})(v\d+)?"
    r"(?:\.pdf|\.md)?/?",
    re.I,
)
_ARXIV_HOSTS = frozenset(
    "arxiv.org browse.arxiv.org xxx.lanl.gov alphaxiv.org ar5iv.org ar5iv.labs.arxiv.org "
    "huggingface.co hf.co emergentmind.com".split()
)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.({_ARXIV_ID})(v\d+)?", re.I)
_DOI_LABEL = re.compile(r"(?:(?:info:|urn:)?doi\s*[:/]|doi\s)\s*(?=10\.|https?://)", re.I)
_DOI = re.compile(r"(?:doi:?\s*)?(10\.\d{4,9}(?:\.\d+)*/\S+)", re.I)
_DOI_WITHIN = re.compile(r"/(10\.\d{4,9}(?:\.\d+)*/[^?#\s]+)")
# What addresses of publishers have behind a DOI.
_BEHIND_DOI = re.compile(
    r"(?:/(?:full|fulltext|abstract|pdf|epdf|meta|html|references|figures|asset)/?$|\.pdf$|\.html?$)",
    re.I,
)
_PREPRINT_VERSION = re.compile(r"v\d+(?:\.[a-z-]+)*$", re.I)
_PMID = re.compile(r"(?:pmid|pubmed)(?:\s+id)?\s*:?\s*(\d{1,8})", re.I)
_PMCID = re.compile(r"(?:pmcid\s*:?\s*)?(PMC\d{1,9})(?:\.\d+)?", re.I)
_ISBN_LABEL = r"isbn(?:[- ]?(?:1[03]\b|\(1[03]\)))?\s*:?\s*"
_ISBN = re.compile(
    rf"(?:urn:isbn:|{_ISBN_LABEL})?((?:97[89][- ]?)?\d(?:[- ]?\d){{8}}[- ]?[\dX])", re.I
)
_ZOTERO_KEY = re.compile(r"[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}")
_ZOTERO_ADDRESS = re.compile(r"/items/([23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8})(?:[/?#]|$)")
_ADDRESS = re.compile(r"(?:https?|zotero)://|(?:[\w-]+\.)+[a-z]{2,}/", re.I)
_BRACKETS = {"(": ")", "[": "]", "<": ">", "{": "}", '"': '"', "'": "'", "“": "”"}
_BRACKETS |= {"‘": "’"}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
# Hyphens and dashes that programs put in the place of a hyphen.
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
# Particles, words and punctuation of East Asian texts right behind an identifier, which none of them
# has.
_BEHIND = re.compile(r"[.,;:\s\u3001-\u9fff\uac00-\ud7a3]+$")
# Upper and lower case are none of theirs, and folding them takes long where so many are named.
_SIGNS = r"(?-i:[^\s\u3001-\u9fff\uac00-\ud7a3]+)"
_NAMED = re.compile(
    "|".join(
        (
            rf"https?://{_SIGNS}",
            rf"(?<![\w./])10\.\d{{4,9}}(?:\.\d+)*/{_SIGNS}",
            rf"(?<!\w)arxiv[:\s]\s*{_ARXIV_ID}(?:v\d+)?",
            r"(?<!\w)(?:pmid|pmcid)\s*:?\s*(?:PMC)?\d{1,9}|(?<!\w)PMC\d{3,9}",
            rf"(?<!\w){_ISBN_LABEL}[\dX-]{{10,17}}",
        )
    ),
    re.I,
)


@dataclass(frozen=True)
class Identifier:
    """``kind`` is ``arxiv``, ``doi``, ``isbn``, ``pmid``, ``pmcid``, ``s2`` (Semantic Scholar) or
    ``zotero``; ``value`` its bare form: ``2006.11239``, ``10.1000/xyz``, ``9780306406157``,
    ``ABCD2345``. ``version`` is arXiv's (``v2``) or empty."""

    kind: str
    value: str
    version: str = ""

    def __str__(self) -> str:
        names = {"arxiv": "arXiv:", "doi": "doi:", "zotero": "Zotero item ", "isbn": "ISBN "}
        names |= {"pmid": "PMID ", "pmcid": "", "s2": "Semantic Scholar "}
        return f"{names[self.kind]}{self.value}{self.version}"


def parse_identifier(text: str) -> Identifier | None:
    """The paper or book that ``text`` names by an identifier or by an address; None for other texts.

    A DOI that arXiv gives its papers (``10.48550/arXiv.…``) is the arXiv paper.
    """
    text = _BEHIND.sub("", _cleaned(text).lstrip("「『《〈【"))
    while len(text) > 2 and _BRACKETS.get(text[0]) == text[-1]:
        text = _BEHIND.sub("", text[1:-1].strip())
    text = _DOI_LABEL.sub("", text, count=1) if _DOI_LABEL.match(text) else text
    if re.match(r"10\.\d{4,9}%2F", text, re.I):
        text = unquote(text)
    if found := _ARXIV.fullmatch(text):
        return _of_arxiv(found)
    if _ADDRESS.match(text):
        # Two addresses, or an address and words, are not one identifier.
        return None if " " in text else _from_address(text if "://" in text else f"https://{text}")
    if found := _DOI.fullmatch(text):
        return _doi(found[1])
    if found := _PMID.fullmatch(text):
        return Identifier("pmid", found[1])
    if found := _PMCID.fullmatch(text):
        return Identifier("pmcid", found[1].upper())
    if (found := _ISBN.fullmatch(text.translate(_DASHES))) and (number := isbn13(found[1])):
        return Identifier("isbn", number)
    if _ZOTERO_KEY.fullmatch(text):
        return Identifier("zotero", text)
    return None


def named_in(text: str) -> list[str]:
    """The identifiers and addresses within ``text``, each in the form that ``parse_identifier`` or a
    page's address has; for a line with several of them, or with words around one. An arXiv number
    needs its label here, unless the text consists of identifiers alone."""
    text = _cleaned(text)
    pieces = [piece for piece in re.split(r"[\s,;]+", text) if piece]
    if len(pieces) > 1 and all(parse_identifier(piece) or is_address(piece) for piece in pieces):
        return pieces
    return list(dict.fromkeys(_closed(found[0]) for found in _NAMED.finditer(text)))


def _closed(text: str) -> str:
    """``text`` up to the bracket or quotation mark that was opened before it."""
    depth: list[str] = []
    for at, sign in enumerate(text):
        if sign in "([{":
            depth.append(sign)
        elif sign in ")]}" and (not depth or _BRACKETS[depth.pop()] != sign):
            text = text[:at]
            break
    if text.count("<") < text.count(">"):
        text = text.rstrip(">")
    return _BEHIND.sub("", text.rstrip("\"'”’"))


def _cleaned(text: str) -> str:
    """``text`` without letters of no width, with signs of HTML and wide forms as themselves."""
    text = unicodedata.normalize("NFKC", text).replace("\u2010", "-")
    text = re.sub("|".join(_ENTITIES), lambda found: _ENTITIES[found[0]], text)
    return " ".join("".join(sign for sign in text if unicodedata.category(sign) != "Cf").split())


def is_address(text: str) -> bool:
    """Whether ``text`` is the address of a page on the web."""
    text = text.strip()
    return bool(_ADDRESS.match(text)) and " " not in text and not text.startswith("zotero:")


def isbn13(text: str) -> str:
    """An ISBN of ten or thirteen digits as thirteen digits; empty where a check digit is wrong."""
    digits = re.sub(r"[- ]", "", text).upper()
    if len(digits) == 10:
        total = sum(
            (10 - at) * (10 if digit == "X" else int(digit)) for at, digit in enumerate(digits)
        )
        if total % 11:
            return ""
        digits = f"978{digits[:9]}"
        return digits + str(-_weighted(digits) % 10)
    if len(digits) != 13 or not digits.isdigit() or _weighted(digits) % 10:
        return ""
    return digits if digits.startswith(("978", "979")) else ""


def _weighted(digits: str) -> int:
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))


def _from_address(text: str) -> Identifier | None:
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that are no IPv6 address
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("export.")
    path = unquote(parts.path)
    if parts.scheme == "zotero" or host == "zotero.org":
        found = _ZOTERO_ADDRESS.search(path)
        return Identifier("zotero", found[1]) if found else None
    if host in _ARXIV_HOSTS and (found := _ARXIV_PATH.fullmatch(path)):
        return _of_arxiv(found)
    if host in ("doi.org", "dx.doi.org"):
        if path.endswith(";2-") and text.endswith("#"):  # the check character of a SICI
            path += "#"
        found = _DOI.fullmatch(path.lstrip("/"))
        return _doi(found[1]) if found else None
    for site, pattern, made in _SITES:
        if (host == site or host.endswith(f".{site}")) and (
            found := re.search(pattern, path, re.I if "arxiv" in pattern else 0)
        ):
            return made(found)
    if found := _DOI_WITHIN.search(path):
        return _doi_of_address(found[1], host)
    return _from_query(host, parts.query)


def _from_query(host: str, query: str) -> Identifier | None:
    """The paper that the query of an address names."""
    if host == "dl.acm.org" and (number := parse_qs(query).get("doid")):
        return _doi(f"10.1145/{number[0].removeprefix('10.1145/')}")
    if host == "ncbi.nlm.nih.gov" and (term := parse_qs(query).get("term")):
        return parse_identifier(f"pmid:{term[0]}")
    for name in ("id", "doi"):
        for value in parse_qs(query).get(name, ()):
            if found := _DOI.fullmatch(value):
                return _doi(found[1])
    return None


def _acl(found: re.Match[str]) -> Identifier | None:
    """The DOI of a paper of the ACL Anthology, which are regular since 2015."""
    name = found[1]
    old = re.fullmatch(r"([A-Z])(\d{2})-\d{4}", name)
    if old and not 15 <= int(old[2]) <= 20:
        return None
    return _doi(f"10.18653/v1/{name}")


def _of_arxiv(found: re.Match[str]) -> Identifier:
    return Identifier("arxiv", _arxiv(found[1]), (found[2] or "").lower())


# Sites that have the identifier, or what a DOI is made from, in their addresses.
_SITES: tuple[tuple[str, str, Callable[[re.Match[str]], Identifier | None]], ...] = (
    (
        "aclanthology.org",
        r"^/([A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9]+-[a-z0-9]+\.\d+)",
        _acl,
    ),
    ("aclweb.org", r"^/anthology/(?:papers/\w/\w\d\d/)?([A-Z]\d{2}-\d{4})", _acl),
    ("aclanthology.info", r"^/papers/([A-Z]\d{2}-\d{4})", _acl),
    (
        "elifesciences.org",
        r"^/(?:articles|reviewed-preprints)/(\d{5,6})",
        lambda m: _doi(f"10.7554/elife.{m[1]}"),
    ),
    (
        "peerj.com",
        r"^/articles/(cs-|)(\d+)",
        lambda m: _doi(f"10.7717/peerj{m[1].rjust(1, '.').replace('cs-', '-cs.')}{m[2]}"),
    ),
    (
        "arxiv.org",
        rf"^/ftp/(?:[a-z-]+/)*papers/\d{{4}}/({_ARXIV_ID})\.pdf$",
        lambda m: Identifier("arxiv", m[1]),
    ),
    ("semanticscholar.org", rf"^/arxiv[/:]({_ARXIV_ID})(v\d+)?$", _of_arxiv),
    ("semanticscholar.org", r"^/CorpusID:(\d+)$", lambda m: Identifier("s2", f"CorpusID:{m[1]}")),
    ("adsabs.harvard.edu", rf"^/abs/arxiv:({_ARXIV_ID})(v\d+)?(?:/|$)", _of_arxiv),
    (
        "biorxiv.org",
        r"^/content/(?:biorxiv/)?early/\d{4}/\d\d/\d\d/((?:\d{4}\.\d\d\.\d\d\.)?\d{6,8})(?!\d)",
        lambda m: _doi(f"10.1101/{m[1]}"),
    ),
    (
        "nature.com",
        r"^/articles/(s\d{5}-[\w-]+|[a-z]+[\d.]+[a-z]?\d*)",
        lambda m: _doi(f"10.1038/{m[1]}"),
    ),
    ("zenodo.org", r"^/records?/(\d+)", lambda m: _doi(f"10.5281/zenodo.{m[1]}")),
    ("semanticscholar.org", r"/([0-9a-f]{40})(?:/|$)", lambda m: Identifier("s2", m[1])),
    ("pubmed.ncbi.nlm.nih.gov", r"^/(\d{1,8})(?:/|$)", lambda m: Identifier("pmid", m[1])),
    ("ncbi.nlm.nih.gov", r"^/pubmed/(\d{1,8})(?:/|$)", lambda m: Identifier("pmid", m[1])),
    ("ncbi.nlm.nih.gov", r"/articles/(PMC\d+)", lambda m: Identifier("pmcid", m[1])),
    ("europepmc.org", r"/(?:article|abstract)/MED/(\d+)", lambda m: Identifier("pmid", m[1])),
    ("europepmc.org", r"/(PMC\d+)", lambda m: Identifier("pmcid", m[1])),
)


def _doi_of_address(text: str, host: str) -> Identifier:
    """The DOI at the end of an address's path, without what the publisher adds to it."""
    shorter = _BEHIND_DOI.sub("", text)
    while shorter != text:
        text, shorter = shorter, _BEHIND_DOI.sub("", shorter)
    if host in ("biorxiv.org", "medrxiv.org"):
        text = _PREPRINT_VERSION.sub("", text)
    return _doi(text)


def _doi(text: str) -> Identifier:
    # A sentence's full stop or bracket is no part of it, unless it opened one itself.
    text = text.rstrip(".,;:'\"")
    while text.endswith((")", "]")) and text.count(text[-1]) > text.count("(["[text[-1] == "]"]):
        text = text[:-1].rstrip(".,;:")
    if found := _ARXIV_DOI.fullmatch(text):
        return _of_arxiv(found)
    return Identifier("doi", text.lower())


def bare_doi(text: str) -> str:
    """The first DOI in ``text`` as it is written there, without the address or label before it and the
    sentence around it; empty where there is none."""
    found = re.search(r"10\.\d{4,9}(?:\.\d+)*(?:/|%2F)[^\s\"]+", text, re.I)
    return _closed(unquote(found[0])).rstrip(".,;:'") if found else ""


def _arxiv(text: str) -> str:
    """An old identifier's archive in small letters and without its class: ``math.GT/0309136`` is
    ``math/0309136``."""
    archive, slash, number = text.partition("/")
    return f"{archive.split('.')[0].lower()}/{number}" if slash else text


def identities(entry: Entry) -> frozenset[str]:
    """The identifiers of a CSL-JSON item: ``arxiv:…``, ``doi:…``, ``zotero:users/1/KEY``."""
    texts: list[str] = []
    for name in ("DOI", "URL"):
        texts.append(str(entry.get(name) or ""))
    if str(entry.get("archive") or "").lower() == "arxiv":
        texts.append(str(entry.get("archive_location") or ""))
    number = str(entry.get("number") or "")
    if number.lower().startswith("arxiv"):
        texts.append(number)
    found = {
        f"{one.kind}:{one.value}" for text in texts if text and (one := parse_identifier(text))
    }
    found = {one for one in found if one.startswith(("arxiv:", "doi:"))}
    zotero = custom(entry).get("zotero")
    if isinstance(zotero, dict) and zotero.get("key"):
        found.add(f"zotero:{zotero.get('library')}/{zotero['key']}")
    return frozenset(found)
