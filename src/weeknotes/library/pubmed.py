"""A paper by its PMID or PMCID, from the "Literature Citation Exporter" of NCBI (CSL-JSON)."""

from __future__ import annotations

import json

from weeknotes.library import crossref
from weeknotes.library.store import Entry
from weeknotes.library.web_client import NCBI, LookupFailedError, Web


def fetch(kind: str, number: str, web: Web) -> Entry:
    """The CSL-JSON item (without ``id``) of the paper; ``kind`` is ``pmid`` or ``pmcid``, ``number``
    ``31452104`` or ``PMC1234567``. Raises LookupFailedError."""
    base = "pubmed" if kind == "pmid" else "pmc"
    params = {"format": "csl", "id": number.removeprefix("PMC")}
    data = web.get(NCBI, f"lit/ctxp/v1/{base}/", params, accept="application/json", check=_is_work)
    found = json.loads(data) if data else None
    if not found or not found.get("title"):
        name = f"PMID {number}" if kind == "pmid" else number
        raise LookupFailedError(f"PubMed knows no {name}", hint="Check the number.")
    entry = crossref.entry_of(found)
    if not entry.get("DOI"):
        entry["URL"] = (
            f"https://pubmed.ncbi.nlm.nih.gov/{number}/"
            if kind == "pmid"
            else f"https://pmc.ncbi.nlm.nih.gov/articles/{number}/"
        )
    entry.setdefault(kind.upper(), number)
    return entry


def _is_work(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False
