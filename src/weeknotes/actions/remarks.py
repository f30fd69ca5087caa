"""``weeknotes remarks``: an advisor's remarks on a letter, each under the note that it is on.

The letter (`weeknotes.actions.review`) keeps remarks as they are typed and gives them back as a file
or as the text of a mail. Each becomes a quote in a generated cell of its own at the end of its note,
with the author and the day, once: reading the same file again changes nothing. What the journal's
author wrote stays byte for byte, and a reply is written below the quote like anything else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from weeknotes.checks.anchors import named_headings
from weeknotes.errors import NotebookError, UsageError, WeeknotesError
from weeknotes.files import replace_unchanged
from weeknotes.i18n import language
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal.note_places import Heading, insert_at_end, note_end, own_cell
from weeknotes.journal.notebooks import Notebook
from weeknotes.journal.project import Project
from weeknotes.text.untrusted import escaped

FORMAT = "weeknotes-remarks"
#: The head of a remark in the text of a mail: the source of the page, the note's anchor, its title.
_MAILED = re.compile(r"^[ \t>]*\[([^\[\]\n]+\.(?:ipynb|md|qmd))#([^\]\n]+)\][ \t]*(.*)$", re.M)
_MAIL_BY = re.compile(r"^[ \t>]*(?:By|From)[ \t]*:[ \t]*(.+)$", re.M | re.I)
_MAIL_DATE = re.compile(r"^[ \t>]*Date[ \t]*:[ \t]*(\d{4}-\d{2}-\d{2})", re.M | re.I)


@dataclass(frozen=True)
class Remark:
    """A remark on the note with ``anchor`` and ``title`` in the file ``source`` of the journal."""

    source: str
    anchor: str
    title: str
    text: str
    by: str
    day: str

    @property
    def id(self) -> str:
        """The same for the same remark, whoever reads it in and however often."""
        parts = (self.source, self.anchor, " ".join(self.text.split()), self.by)
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class RemarksReport:
    """The result: the notes that got a remark, those that had it, and what could not be placed."""

    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {"added": [*self.added], "known": [*self.known], "failed": [*self.failed]}

    def to_text(self) -> str:
        """The report for a person to read."""
        lines = [f"put under its note: {place}" for place in self.added]
        lines += [f"is there already: {place}" for place in self.known]
        lines += [f"not placed: {reason}" for reason in self.failed]
        return "\n".join(lines) or "There are no remarks in it."


def put_remarks(
    project: Project, files: Sequence[Path], *, by: str = "", split: bool = False
) -> RemarksReport:
    """Put the remarks in ``files`` under their notes. ``by`` names their author where a file does not.

    Raises UsageError for a file that holds no remarks of a letter. A remark that cannot be placed is
    reported with its text, and the others are placed.
    """
    added: list[str] = []
    known: list[str] = []
    failed: list[str] = []
    for path in files:
        for remark in read_remarks(path, by):
            place = f"{remark.source}, {remark.title or remark.anchor}"
            try:
                new = _put(project, remark, split)
            except WeeknotesError as error:
                failed.append(f"{error}\n    It says: {remark.text}")
            else:
                (added if new else known).append(place)
    return RemarksReport(tuple(added), tuple(known), tuple(failed))


def read_remarks(path: Path, by: str = "") -> list[Remark]:
    """The remarks in the file that a letter gave, in a letter that a browser saved, or in a mail."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(f"there is no file {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text: {error}") from error
    if text.lstrip().startswith("{"):
        found = list(_from_json(text, path, by))
    elif re.match(r"\s*(?:<!doctype|<html|<!--)", text, re.I):
        found = list(_from_letter(text, by))
    else:
        found = list(_from_mail(text, by))
    if not found:
        raise UsageError(
            f"{path} holds no remarks on a letter of `weeknotes review`",
            hint="It takes the file that the letter's button saves, the letter itself as a browser "
            "saved it, or the text of the mail.",
        )
    return found


def _from_json(text: str, path: Path, by: str) -> Iterator[Remark]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        return
    for one in data.get("remarks") or []:
        if isinstance(one, dict) and str(one.get("text") or "").strip():
            yield _remark(
                str(one.get("note") or ""),
                str(one.get("title") or ""),
                str(one["text"]),
                str(data.get("by") or by),
                str(data.get("date") or ""),
            )


def _from_letter(text: str, by: str) -> Iterator[Remark]:
    from lxml import html

    tree: Any = html.document_fromstring(text)
    name = "".join(tree.xpath("//input[@data-by]/@value")) or by
    for room in tree.xpath("//*[@data-note]"):
        for line in room.iter("br", "div", "p"):
            line.tail = "\n" + (line.tail or "") if line.tag == "br" else line.tail
        if (words := room.text_content().strip()) and room.tag in ("div", "textarea"):
            yield _remark(room.get("data-note"), room.get("data-title", ""), words, name, "")


def _from_mail(text: str, by: str) -> Iterator[Remark]:
    text = text.replace("\r\n", "\n")
    name, day = _MAIL_BY.search(text), _MAIL_DATE.search(text)
    heads = list(_MAILED.finditer(text))
    for head, after in pairwise([*heads, None]):
        assert head is not None
        end = after.start() if after else len(text)
        body = text[head.end() : end]
        # The signature of a mail is no remark (RFC 3676, section 4.3).
        body = re.split(r"^-- $", body, maxsplit=1, flags=re.M)[0]
        words = re.sub(r"^[ \t]*>[ \t]?", "", body, flags=re.M).strip()
        if words:
            who = name[1].strip() if name else by
            yield _remark(
                f"{head[1]}#{head[2]}", head[3].strip(), words, who, day[1] if day else ""
            )


def _remark(note: str, title: str, text: str, by: str, day: str) -> Remark:
    source, _, anchor = note.partition("#")
    try:
        date.fromisoformat(day)
    except ValueError:
        day = date.today().isoformat()
    by = " ".join(by.split())[:100]
    return Remark(source, anchor, title, text.replace("\r\n", "\n").strip(), by, day)


def _put(project: Project, remark: Remark, split: bool) -> bool:
    """Put ``remark`` under its note; False if it is there already."""
    path = (project.root / remark.source).resolve()
    if not path.is_relative_to(project.journal.resolve()) or path.suffix != ".ipynb":
        raise NotebookError(
            "the remark is on a file that is no notebook of this journal", file=remark.source
        )
    notebook = notebooks.read(path, project.relative(path))
    if own_cell(notebook, "remark", remark.id):
        return False
    end = note_end(notebook, _named(notebook, remark))
    if end is None:
        raise NotebookError(
            f"there is no note '{remark.title or remark.anchor}' in it any more",
            file=notebook.file,
            hint="If its heading was changed, put the remark under it by hand.",
        )
    made = cell_edit.new_cell(
        "markdown",
        _quote(remark, str(notebook.front_matter.get("lang") or project.lang)),
        id=f"remark-{remark.id}",
        tags=["generated", "remark"],
        metadata={"weeknotes": {"remark": remark.id}},
    )
    data = insert_at_end(
        notebook,
        end,
        made,
        split=split,
        what=f"the note '{remark.title or remark.anchor}'",
        command="weeknotes remarks FILE --split",
    )
    if not replace_unchanged(path, notebook.text.encode("utf-8", "surrogatepass"), data):
        raise NotebookError(
            "it was saved meanwhile, and the remark was not put into it",
            file=notebook.file,
            hint="Run the command again.",
        )
    return True


def _named(notebook: Notebook, remark: Remark) -> Any:
    """Whether a heading is that of the remark's note: by its anchor, or else by its title."""
    names = {(h.cell.index, h.start): name for h, name in named_headings(notebook)}

    def begins(heading: Heading) -> bool:
        return names[heading.cell.index, heading.start] == remark.anchor or (
            bool(remark.title) and _plain(heading.text).startswith(_plain(remark.title))
        )

    return begins


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"\[@[^\]]*\]|\{[^}]*\}", "", text).casefold()))


def _quote(remark: Remark, lang: str) -> str:
    """The remark as a block quote: its words as they were typed, and who said them when. They come
    from outside, and nothing in them is Markdown, HTML or a citation."""
    day = language(lang).dates.day(date.fromisoformat(remark.day))
    lines = escaped(remark.text).split("\n")
    said = [
        f"> {line}\\" if line.strip() and after.strip() else f"> {line}".rstrip()
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
    ]
    who = f"{escaped(remark.by)}, {day}" if remark.by else day
    return "\n".join([*said, ">", f"> [{who}]{{.remark-by}}"])
