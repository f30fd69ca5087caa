"""The fields that EndNote and RIS files have in common, as CSL variables.

RIS is EndNote's model of a reference with tags in the place of names: what a field means depends on
the type of the reference (EndNote, "Reference types"; "RIS Format Specifications", 2011). Zotero's
translators (RIS, EndNote XML) were the judge of this table. A value that no variable exists for is
kept under ``custom: {"fields": …}`` by the name of its field.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from weeknotes.library.csl_dates import CslDate, parse_date
from weeknotes.library.formats.people import people
from weeknotes.library.identifiers import bare_doi
from weeknotes.library.store import Entry

Fields = Mapping[str, list[str]]

_BOOKS = frozenset({"book", "classic", "report"})
_FILMS = frozenset({"motion_picture", "broadcast"})
_PARTS = frozenset({"chapter", "paper-conference", "entry-dictionary", "entry-encyclopedia", "map"})
_WITH_GENRE = frozenset(
    "thesis report manuscript map webpage post post-weblog personal_communication interview speech "
    "motion_picture standard pamphlet".split()
)
_REVIEWS = frozenset("article-journal article-magazine article-newspaper book chapter".split())
_CASES = frozenset({"legal_case", "bill", "legislation", "hearing"})
_WHOLE = frozenset({"book", "classic", "thesis", "manuscript", "pamphlet"})

# The variable of a field, and that of the types which have another one for it ("": none).
_TEXTS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("title", "title", {}),
    ("short-title", "title-short", {}),
    ("custom3", "", {"paper-conference": "container-title", "graphic": "dimensions"}),
    ("full-title", "container-title", {}),
    (
        "secondary-title",
        "container-title",
        {
            **dict.fromkeys((*_BOOKS, "software", "map"), "collection-title"),
            "speech": "event-title",
            "hearing": "section",
            "thesis": "division",
        },
    ),
    ("book-title", "container-title", dict.fromkeys(("book", "classic", "manuscript"), "title")),
    ("tertiary-title", "collection-title", {"hearing": "authority", "bill": "authority"}),
    ("abbr-1", "container-title-short", {}),
    (
        "secondary-authors",
        "",
        {
            "legal_case": "container-title",
            "patent": "authority",
            "regulation": "authority",
            "pamphlet": "publisher",
        },
    ),
    ("volume", "volume", {"patent": "", "webpage": ""}),
    ("issue", "issue", {"chapter": "number-of-volumes", "software": "version"}),
    ("number-of-volumes", "number-of-volumes", {}),
    ("series-volume", "collection-number", {"legal_case": "number"}),
    (
        "edition",
        "edition",
        {
            **dict.fromkeys(("software", "dataset"), "version"),
            **dict.fromkeys(("hearing", "bill", "legislation"), "chapter-number"),
            "article-journal": "",
        },
    ),
    ("section", "section", {"legal_case": ""}),
    ("publisher", "publisher", {"legal_case": "authority"}),
    ("pub-location", "publisher-place", {}),
    ("custom1", "", {"paper-conference": "event-place", "map": "scale"}),
    ("custom4", "", {"motion_picture": "genre"}),
    ("custom5", "", {"patent": "references", "song": "medium", "motion_picture": "medium"}),
    ("custom6", "", {"patent": "status"}),
    ("call-num", "call-number", {}),
    ("reviewed-item", "", dict.fromkeys(_REVIEWS, "reviewed-title")),
    ("orig-pub", "", dict.fromkeys(_CASES, "references")),
    ("rights", "license", {}),
    ("language", "language", {"software": "genre"}),
    ("availability", "archive_location", {}),
    ("database", "archive", {}),
    ("database-provider", "source", {}),
)
_ROLES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("authors", "author", {**dict.fromkeys(_FILMS, "director"), "song": "composer"}),
    (
        "secondary-authors",
        "editor",
        {
            **dict.fromkeys(_BOOKS, "collection-editor"),
            **dict.fromkeys(("song", "speech", "bill"), "author"),
            "interview": "interviewer",
            "personal_communication": "recipient",
            "map": "collection-editor",
        },
    ),
    ("editors", "editor", {}),
    (
        "tertiary-authors",
        "contributor",
        {
            "book": "editor",
            "classic": "editor",
            **dict.fromkeys(_FILMS, "producer"),
            **dict.fromkeys(_PARTS, "collection-editor"),
        },
    ),
    (
        "subsidiary-authors",
        "translator",
        {
            **dict.fromkeys(("paper-conference", "dataset", "legal_case"), "contributor"),
            **dict.fromkeys(_FILMS, "contributor"),
        },
    ),
    ("custom1", "", dict.fromkeys(_FILMS, "performer")),
    ("custom2", "", {"chapter": "container-author"}),
)
_NUMBERED = frozenset(
    {"bill", "hearing", "patent", "legislation", "legal_case", "broadcast", "report", "standard"}
)
_ISSUED = dict.fromkeys(("article-journal", "article-magazine", "article-newspaper"), "issue")
_ISSUED |= dict.fromkeys(("book", "chapter"), "collection-number")
_ENTITY = re.compile(r"&(?:#\d+|#x[\da-f]+|[a-z]+\d?);", re.I)
_RIS_DATE = re.compile(r"(\d{1,4})/(\d{0,2})(?:/(\d{0,2})(?:[/\s](.*))?)?")
_STANDARD_NUMBER = re.compile(r"(?<![\w-])(?:\d[\d-]{8,15}[\dXx]|\d{4}-?\d{3}[\dXx])(?![\w-])")
_DOI_LABEL = re.compile(r"\bdoi\b", re.I)
# A key as programs make them, not the number of a record in somebody's database.
_KEY = re.compile(r"[^\W\d_][^\W_]*[-_:.]?\d{4}[\w:-]*")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+$", re.I)


def entry_of(kind: str, fields: Fields) -> Entry:
    """The CSL-JSON item of the type ``kind`` for the values of each field, by EndNote's names for
    them (those of its XML). The ``id`` is the citation key that the file gives, or missing."""
    values = {name: [_unescaped(one) for one in listed if one] for name, listed in fields.items()}
    reader = _Reader(kind, {name: listed for name, listed in values.items() if listed})
    return reader.entry()


def _unescaped(text: str) -> str:
    """``text`` with entities of HTML as the letters that they are for; tags stay."""
    return html.unescape(text) if _ENTITY.search(text) else text


class _Reader:
    """Takes the fields of one reference, each once."""

    def __init__(self, kind: str, fields: dict[str, list[str]]) -> None:
        self._left = fields
        self._entry: Entry = {"type": kind}
        self._kind = kind

    def entry(self) -> Entry:
        self._read_identifiers()
        for name, variable, others in _TEXTS:
            self._read_text(name, others.get(self._kind, variable))
        self._complete_titles()
        for name, role, others in _ROLES:
            self._read_people(name, others.get(self._kind, role))
        self._read_dates()
        self._read_pages()
        self._read_numbers()
        self._read_notes()
        if self._left:
            kept = {name: "\n".join(dict.fromkeys(listed)) for name, listed in self._left.items()}
            self._entry["custom"] = {"fields": kept}
        return self._entry

    def _taken(self, name: str) -> list[str]:
        return self._left.pop(name, [])

    def _keep(self, name: str, values: Iterable[str]) -> None:
        """Let ``values`` stay as those of the field ``name``, which has no variable."""
        if listed := [one for one in values if one not in self._entry.values()]:
            self._left.setdefault(name, []).extend(listed)

    def _read_text(self, name: str, variable: str) -> None:
        if not variable or name not in self._left:
            return
        first, *more = self._taken(name)
        if self._entry.setdefault(variable, first) != first:
            more.insert(0, first)
        self._keep(name, more)

    def _complete_titles(self) -> None:
        entry = self._entry
        if self._kind == "paper-conference" and (named := self._taken("secondary-title")):
            # The proceedings have a field of their own: this is the conference.
            self._left["secondary-title"] = named
            self._read_text("secondary-title", "event-title")
        if "title" not in entry:
            for name in ("title-short", "container-title"):
                if name in entry and "title" not in entry:
                    entry["title"] = entry.pop(name)
        short = entry.get("container-title-short")
        if short and short == entry.setdefault("container-title", short):
            del entry["container-title-short"]

    def _read_people(self, name: str, role: str) -> None:
        if not role:
            return
        if named := [person for text in self._taken(name) for person in people(text)]:
            self._entry.setdefault(role, []).extend(named)

    def _read_identifiers(self) -> None:
        for name in ("electronic-resource-num", "work-type", "related-records"):
            for text in self._taken(name):
                doi = bare_doi(text)
                if doi and (name != "work-type" or doi == text.strip()):
                    self._entry.setdefault("DOI", doi)
                else:
                    self._keep(name, [text])
        for key in (*self._taken("label"), *self._taken("id")):
            if _KEY.fullmatch(key) and "id" not in self._entry:
                self._entry["id"] = key
            else:
                self._keep("label", [key])
        self._read_addresses()
        medline = re.search(
            r"pubmed|medline|\bnlm\b",
            " ".join((*self._left.get("database", ()), *self._left.get("database-provider", ()))),
            re.I,
        )
        for number in self._taken("accession-num"):
            pmid = number.isdigit() and len(number) < 9 and medline
            self._entry.setdefault("PMID" if pmid else "archive_location", number)
        for name in ("custom2", "custom3", "custom7"):
            for number in self._taken(name):
                if found := re.fullmatch(r"(?:PMCID:\s*)?(PMC\d+)", number, re.I):
                    self._entry.setdefault("PMCID", found[1].upper())
                elif name == "custom7" and self._kind == "article-journal":
                    self._entry.setdefault("number", number)  # the number of the article
                else:
                    self._left.setdefault(name, []).append(number)

    def _read_addresses(self) -> None:
        for text in re.split(r"[;,]?\s+(?=https?:|www\.|PM:)", "\n".join(self._taken("url"))):
            if not (text := " ".join(text.split())):
                continue
            if found := re.fullmatch(r"PM:(\d+)", text):
                self._entry.setdefault("PMID", found[1])
                continue
            if re.match(r"https?://(?:dx\.)?doi\.org/", text) and (doi := bare_doi(text)):
                self._entry.setdefault("DOI", doi)
            if self._entry.setdefault("URL", text) != text:
                self._keep("url", [text])
        # Files on the computer of the one who wrote the file say nothing of the work.
        for text in self._taken("attachment"):
            for address in text.split():
                if _ADDRESS.match(address) and self._entry.setdefault("URL", address) != address:
                    self._keep("attachment", [address])

    def _read_dates(self) -> None:
        self._read_dates_of_kind()
        texts = [*self._taken("pub-dates"), *self._taken("year")]
        if date := best_date(texts):
            self._entry.setdefault("issued", date)
        # "1985///1922" says more than one year.
        self._keep("year", [text for text in texts if re.fullmatch(r"\d{4}/.*\D\d{4}", text)])
        accessed = [*self._taken("access-date")]
        if self._kind == "webpage":
            # EndNote has the day of access in these fields of a web page.
            accessed += [*self._taken("misc1"), *self._taken("volume")]
        for text in accessed:
            date = date_of(text)
            if date and "date-parts" in date and "accessed" not in self._entry:
                self._entry["accessed"] = date
            else:
                self._keep("access-date", [text])

    def _read_dates_of_kind(self) -> None:
        """The dates that only some types of references have, in fields with other uses."""
        if self._kind == "patent":
            for name, variable in (("custom1", "submitted"), ("custom2", "issued")):
                for text in self._taken(name):
                    if not (date := date_of(text)) or variable in self._entry:
                        self._keep(name, [text])
                    else:
                        self._entry[variable] = date
        if self._kind == "article-journal":
            # EndNote calls it the "Epub Date".
            for text in self._taken("edition"):
                date = parse_date(text)
                if date and len(date.get("date-parts", [[]])[0]) > 1:
                    self._entry["available-date"] = date
                else:
                    self._keep("edition", [text])

    def _read_pages(self) -> None:
        first = next(iter(self._taken("pages")), "")
        last = next(iter(self._taken("end-page")), "")
        number = re.fullmatch(r"([\divxlcm]+)\s*(?:pp?|pages?|p\.|S\.|Seiten)?\.?", first, re.I)
        if self._kind in _WHOLE and number and not last:
            self._entry["number-of-pages"] = number[1]
        elif self._kind in _FILMS and first and not last:
            self._entry["dimensions"] = first
        elif page := page_range(first, last):
            self._entry["page"] = page

    def _read_numbers(self) -> None:
        for number in self._taken("isbn"):
            for text in re.split(r"\s*[;,]\s*|\s+(?=\d{4}-|\d{8})", number):
                self._read_number(text)
        for text in self._taken("misc1"):
            variable = _ISSUED.get(self._kind) or ("number" if self._kind in _NUMBERED else "")
            if variable and variable not in self._entry:
                self._entry[variable] = text
            elif self._kind == "software" and "medium" not in self._entry:
                self._entry["medium"] = text
            else:
                self._keep("misc1", [text])
        for text in self._taken("work-type"):
            if self._kind in _WITH_GENRE and "genre" not in self._entry:
                self._entry["genre"] = text
            elif self._kind == "graphic" and "medium" not in self._entry:
                self._entry["medium"] = text
            else:
                self._keep("work-type", [text])

    def _read_number(self, text: str) -> None:
        if (found := _STANDARD_NUMBER.search(text)) and self._kind != "patent":
            text = found[0]
        digits = re.sub(r"[^0-9Xx]", "", text)
        if self._kind == "patent" or (self._kind == "report" and len(digits) not in (8, 10, 13)):
            self._entry.setdefault("number", text)
            return
        parts = self._kind not in _WHOLE | _PARTS
        name = "ISSN" if len(digits) == 8 or (len(digits) < 10 and parts) else "ISBN"
        if text and text not in str(self._entry.get(name, "")):
            self._entry[name] = f"{self._entry[name]} {text}" if name in self._entry else text

    def _read_notes(self) -> None:
        entry = self._entry
        for name, variable in (("abstract", "abstract"), ("notes", "note")):
            texts = [one for one in self._taken(name) if one != entry.get("title")]
            if name == "notes":
                texts += self._taken("research-notes")
            if texts:
                entry[variable] = "\n".join(dict.fromkeys(texts))
        note = str(entry.get("note") or "")
        if "DOI" not in entry and _DOI_LABEL.search(note) and (doi := bare_doi(note)):
            entry["DOI"] = doi
        if words := keywords_of(self._taken("keywords")):
            entry["keyword"] = words


def keywords_of(texts: list[str]) -> str:
    """The keywords in ``texts``, one a text or several with semicolons or on lines of their own; a
    single text with commas is several."""
    words = [word.strip() for text in texts for word in re.split(r"[;\n]\s*(?:%K\s+)?", text)]
    words = [word for word in words if word]
    if len(words) == 1:
        words = [word.strip() for word in words[0].split(",") if word.strip()]
    return ", ".join(dict.fromkeys(word.replace(",", ";") for word in words))


def page_range(first: str, last: str) -> str:
    """The pages from ``first`` to ``last``, either of which may be empty or the whole range."""
    whole = not last or last == first or first.endswith((f"-{last}", f"–{last}"))
    if whole or not first:
        return first or last
    return f"{first}–{last}" if "-" in first else f"{first}-{last}"


def date_of(text: str) -> CslDate | None:
    """A date as RIS files have it ("2018/03/05/", "2018///Spring"), or in another form."""
    text = text.strip()
    if found := re.fullmatch(r"(\d{4}/[\d/]*)-(\d{4}/[\d/]*)", text):
        first, last = (end.strip("/").replace("/", "-") for end in found.groups())
        return parse_date(f"{first}/{last}")
    if found := re.fullmatch(r"(\d{4})/([^\d/].*)", text):
        return parse_date(f"{found[2]} {found[1]}") or parse_date(found[1])
    if not (found := _RIS_DATE.fullmatch(text)):
        return parse_date(text.rstrip("/ "))
    month, day = ((part or "").lstrip("0") for part in (found[2], found[3]))
    other = (found[4] or "").strip(" /")
    if not month:
        return parse_date(f"{other} {found[1]}" if other else found[1])
    named = [found[1].zfill(4), month.zfill(2), *([day.zfill(2)] if day else [])]
    return parse_date("-".join(named))


def best_date(texts: list[str]) -> CslDate | None:
    """The date that says most. One of a day and month alone ("Mar 5") is completed by the year of
    another one."""
    year = next((found[0] for text in texts if (found := re.search(r"(?<!\d)\d{4}", text))), "")
    dates = []
    for text in texts:
        date = date_of(text)
        if date and year and "date-parts" not in date:
            whole = parse_date(f"{text} {year}")
            date = whole if whole and len(whole.get("date-parts", [[]])[0]) > 1 else date
        if date:
            dates.append(date)
    return max(dates, key=lambda date: len(date.get("date-parts", [[]])[0]), default=None)
