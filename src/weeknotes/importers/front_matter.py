"""Front matter of a source, YAML or TOML: its values, and the paper and the day that they name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from weeknotes.errors import NotebookError
from weeknotes.importers.dates.reader import single_day
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.paper_evidence import is_title
from weeknotes.importers.paper_register import SourcePaper, is_paper_address
from weeknotes.importers.sections import ImportContext
from weeknotes.journal import frontmatter

MARKS = ("---", "+++", "...")

_KEYS = ("citekey", "citationkey", "citation-key", "citation_key", "bibkey", "cite-key", "key")
_DAYS = (
    *("date-read", "date_read", "read", "dateread", "read-date", "created", "creation-date"),
    *("date-created", "date_created", "created-at", "created_at", "createdat", "date-added"),
    *("date_added", "dateadded", "added", "added-at", "imported", "import-date"),
    *("date", "publishdate", "day"),
)
_ADDRESSES = ("url", "link", "paper", "paper_url", "paper-url", "paperurl", "pdf", "source", "href")
_ARXIV = ("arxiv", "arxiv_id", "arxivid", "arxiv-id", "eprint")
_ARXIV_ID = re.compile(
    r"(?:arxiv:)?\s*((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)", re.I
)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.I)
_LONGEST = 200
_KEY_LINE = re.compile(r"([A-Za-z][\w-]{1,20}):(?:\s|$)")
_HEXO = {"title", "date"}
_PELICAN = {"slug", "category", "modified", "status", "tags", "save_as", "template"}
# Lines that show that two rules with text between them are no front matter.
_NO_FRONT_MATTER = re.compile(r"#{2,}|\*\*|</?[a-z]|\||>\s|!\[|===", re.I)


def block_length(lines: Sequence[Line]) -> int:
    """The number of ``lines`` at the top that are front matter, its marks included; 0 if there is
    none."""
    start = next((n for n, (_, text) in enumerate(lines) if text.strip()), None)
    if start is None:
        return 0
    if lines[start][1].rstrip() not in ("---", "+++"):
        return _unmarked_length(lines, start)
    mark = lines[start][1].rstrip()
    for count, (_, text) in enumerate(lines[start + 1 : start + _LONGEST], start + 2):
        if text.rstrip() == mark or (mark == "---" and text.rstrip() == "..."):
            inner = [part for _, part in lines[start + 1 : count - 1]]
            keyed = any(re.match(r"\$?[\w-]+\s*[:=]", part) for part in inner)
            return count if keyed and not any(map(_NO_FRONT_MATTER.match, inner)) else 0
    return 0


def _unmarked_length(lines: Sequence[Line], start: int) -> int:
    """The number of lines of front matter that no mark opens: as Hexo allows it, with ``---`` below, or
    as Pelican and MultiMarkdown have it, with an empty line below. Its keys must be a post's, so that
    no paragraph such as "Title: ..." is taken for it."""
    names: list[str] = []
    for count, (_, text) in enumerate(lines[start : start + _LONGEST], start):
        if match := _KEY_LINE.match(text):
            names.append(match[1].lower())
        elif text.rstrip() == "---" and names and {*names, "date"} >= _HEXO:
            return count + 1 if len(names) > 1 else 0
        elif not text.strip():
            return count if {"title", "date"} <= set(names) and _PELICAN & set(names) else 0
        elif not re.match(r"\s+\S|- ", text):
            return 0
    return 0


def inner_lines(block: Block) -> list[str]:
    """The lines of a block of front matter, without its marks."""
    return [text for _, text in block.lines if text.strip() not in MARKS]


def values(block: Block, context: ImportContext | None = None) -> dict[str, Any]:
    """The values of the front matter ``block``, with keys in small letters. If it is not valid YAML
    or TOML, it is read line by line, and this is reported."""
    inner = "\n".join(inner_lines(block))
    found: dict[str, Any] = {}
    try:
        if any(text.strip() == "+++" for _, text in block.lines):
            found = tomllib.loads(inner)
        else:
            found = frontmatter.parse(f"---\n{inner}\n---")
    except (NotebookError, tomllib.TOMLDecodeError, RecursionError) as error:
        message = error.message if isinstance(error, NotebookError) else str(error)
        if context:
            context.decide(block.start, f"{message}: only its plain keys are read")
        for text in inner.split("\n"):
            if match := re.match(r"[\"']?([A-Za-z][\w -]*?)[\"']?\s*[:=]\s*(\S.*?)\s*$", text):
                found.setdefault(match[1], match[2].strip("\"'"))
    # Better Notes writes a dollar sign before the names of its own.
    return {str(key).strip().lower().removeprefix("$"): value for key, value in found.items()}


def text(value: Any) -> str:
    """A plain value on one line; empty for lists, tables and truth values."""
    plain = isinstance(value, str | int | float | date) and not isinstance(value, bool)
    return " ".join(str(value).split())[:500] if plain else ""


def words(value: Any) -> tuple[str, ...]:
    """The items of a list, or of a text that commas separate, each once. Marks of tags and links to
    notes around them are left out."""
    items = value if isinstance(value, list) else re.split(r"[,，、;；]", text(value))
    plain = (re.sub(r"^\[\[(.*)\]\]$", r"\1", text(item).strip()) for item in items[:200])
    found = (word.removeprefix("#").strip("\"' ") for word in plain)
    return tuple(dict.fromkeys(word for word in found if word))


def authors(found: Mapping[str, Any]) -> tuple[str, ...]:
    """The authors that front matter names, as it writes each name."""
    value = found.get("authors") or found.get("author") or found.get("creators")
    if isinstance(value, list):
        items: Iterable[Any] = value
    else:
        whole = text(value)
        pattern = (
            r"\s*[;；]\s*|\s+and\s+" if re.search(r"[;；]|\sand\s", whole) else r"\s*[,，、]\s*"
        )
        items = re.split(pattern, whole)
    named = (_name(item) for item in items)
    return tuple(dict.fromkeys(name for name in named if name and name.lower() != "et al."))


def _name(value: Any) -> str:
    if isinstance(value, Mapping):
        if value.get("name"):
            return (
                _name(value["name"]) if isinstance(value["name"], Mapping) else text(value["name"])
            )
        family, given = text(value.get("family")), text(value.get("given"))
        return f"{family}, {given}" if family and given else family or given
    plain = re.sub(r"^\[\[(?:[^|\]]*\|)?(.*?)\]\]$", r"\1", text(value).strip())
    return plain.strip("\"' ")


def paper(found: Mapping[str, Any], title: str, address: str = "") -> SourcePaper | None:
    """The paper that front matter is about, of this ``title``; None without evidence of one: a
    citation key, a DOI, an arXiv id, or the address of a paper, there or as ``address``."""
    addresses = [address] if address else []
    key = next((text(found[k]).removeprefix("@") for k in _KEYS if text(found.get(k))), "")
    for name in _ARXIV:
        if match := _ARXIV_ID.fullmatch(text(found.get(name)).strip()):
            addresses.append(f"https://arxiv.org/abs/{re.sub(r'v[0-9]+$', '', match[1])}")
    if match := _DOI.fullmatch(text(found.get("doi")).strip()):
        addresses.append(f"https://doi.org/{match[1]}")
    given = [text(found.get(name)).strip("<> ") for name in (*_ADDRESSES, *_ARXIV, "doi")]
    addresses += [url for url in given if is_paper_address(url)]
    parent = zotero_parent(found)
    # Authors with a year and a title are an entry, though nothing leads to the paper.
    entry = bool(found.get("authors") and found.get("year")) and is_title(text(found.get("title")))
    if not (addresses or key or parent or entry):
        return None
    if not addresses:
        addresses = [url for url in given if re.match(r"https?://", url)]
    unique = list(dict.fromkeys(addresses))
    year = re.search(r"(?:19|20)\d\d", text(found.get("year") or found.get("issued")))
    return SourcePaper(
        re.sub(r"<[^<>]*>", "", text(found.get("title")) or parent) or title,
        unique[0] if unique else "",
        authors(found),
        abstract=text(found.get("abstract")),
        key=key,
        year=int(year[0]) if year else 0,
        more=tuple(unique[1:]),
    )


def zotero_parent(found: Mapping[str, Any]) -> str:
    """The title of the item of Zotero that a note is on, as Better Notes writes it beside the note's
    key; "" where there is none."""
    return text(found.get("parent")) if text(found.get("itemkey")) else ""


def day(
    found: Mapping[str, Any], context: ImportContext, *, published: bool = False
) -> date | None:
    """The day that front matter names: of reading or writing. ``published`` says that its ``date`` is
    that of the paper, which is no day of reading."""
    for key in _DAYS:
        if published and key in ("date", "publishdate"):
            continue
        value = text(found.get(key))
        if value and (named := single_day(value[:30], today=context.today)):
            return named
    return None


def tags(found: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags that front matter gives."""
    value = found.get("tags") or found.get("tag") or found.get("keywords")
    if isinstance(value, str) and not re.search(r"[,，、]", value):
        value = value.split()
    return words(value) if value else ()
