"""Digest posts of a blog: front matter, and a section a paper with bullets, questions and tables.

The front matter is that of Jekyll and Hexo (YAML) or Hugo (TOML as well); what it says of the page
is taken over, what it says to the blog's generator is only kept.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from weeknotes.errors import NotebookError
from weeknotes.importers.dates import expressions
from weeknotes.importers.dates.reader import single_day
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.sections import ImportContext, section_notes, take_title
from weeknotes.importers.source_files import Source
from weeknotes.journal import frontmatter

_LONGEST_FRONT_MATTER = 200
# Lines that show that two rules with text between them are no front matter.
_NOT_FRONT = re.compile(r"#{2,}|\*\*|</?[a-z]|\||>\s|!\[|===", re.I)


@dataclass(frozen=True)
class Front:
    """What a post's front matter says of it."""

    title: str = ""
    date: date | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    author: str = ""
    lang: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """One digest: the post."""
    structure = [block for block in blocks if block.kind == "front"]
    front = read_front(structure[0], context) if structure else Front()
    body = [block for block in blocks if block.kind != "front"]
    title, body, used = take_title(body, front.title)
    structure += used
    named = front.date or single_day(front.title or title, today=context.today)
    day = named or single_day(context.source, today=context.today)
    line = structure[0].start if structure else 1
    if day and not front.date:
        whence = "its title" if named else "the file's name"
        context.decide(line, f"the day is {day}, from {whence}")
    page = PagePlan(
        "digest",
        front.title or title,
        section_notes(body, context, day),
        structure,
        date=day,
        slug=_slug(front.title or title),
        categories=front.categories,
        tags=front.tags,
        author=front.author,
        lang=front.lang,
        front=front.values,
    )
    return [page]


def front_block(lines: Sequence[tuple[int, str]]) -> int:
    """How many of the first ``lines`` are front matter, with its marks; 0 where there is none."""
    start = next((n for n, (_, text) in enumerate(lines) if text.strip()), None)
    if start is None or lines[start][1].rstrip() not in ("---", "+++"):
        return 0
    mark = lines[start][1].rstrip()
    for count, (_, text) in enumerate(lines[start + 1 : start + _LONGEST_FRONT_MATTER], start + 2):
        if text.rstrip() == mark or (mark == "---" and text.rstrip() == "..."):
            inner = [part for _, part in lines[start + 1 : count - 1]]
            keyed = any(re.match(r"[\w-]+\s*[:=]", part) for part in inner)
            return count if keyed and not any(map(_NOT_FRONT.match, inner)) else 0
    return 0


def read_front(block: Block, context: ImportContext) -> Front:
    """What ``block`` says. One that is no valid YAML or TOML is read line by line, and reported."""
    inner = "\n".join(text for _, text in block.lines if text.strip() not in ("---", "+++", "..."))
    values: dict[str, Any] = {}
    try:
        if any(text.strip() == "+++" for _, text in block.lines):
            values = tomllib.loads(inner)
        else:
            values = frontmatter.parse(f"---\n{inner}\n---")
    except (NotebookError, tomllib.TOMLDecodeError) as error:
        message = error.message if isinstance(error, NotebookError) else str(error)
        context.decide(block.start, f"{message}: only its plain keys are read")
        for text in inner.split("\n"):
            if match := re.match(r"([A-Za-z]\w*)\s*[:=]\s*(\S.*?)\s*$", text):
                values.setdefault(match[1].lower(), match[2].strip("\"'"))
    lowered = {str(key).lower(): value for key, value in values.items()}
    day = _date(lowered.get("date") or lowered.get("publishdate"), context.today)
    author = lowered.get("author")
    return Front(
        title=_text(lowered.get("title")),
        date=day,
        categories=_words(lowered.get("categories") or lowered.get("category")),
        tags=_words(lowered.get("tags") or lowered.get("tag") or lowered.get("keywords")),
        author=", ".join(_words(author, whole=True)),
        lang=_lang(_text(lowered.get("lang") or lowered.get("language"))),
        values={"front-matter": block.text},
    )


def _text(value: Any) -> str:
    plain_value = isinstance(value, str | int | float | date) and not isinstance(value, bool)
    return " ".join(str(value).split())[:500] if plain_value else ""


def _words(value: Any, *, whole: bool = False) -> tuple[str, ...]:
    """A list of words, or a text of them: Jekyll separates categories by spaces, people by commas."""
    if isinstance(value, list):
        return tuple(dict.fromkeys(word for item in value[:100] if (word := _text(item))))
    text = _text(value)
    parts = (
        [text] if whole else re.split(r"[,，、]" if re.search(r"[,，、]", text) else r"\s", text)
    )
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _date(value: Any, today: date) -> date | None:
    return single_day(_text(value)[:10] if value else "", today=today)


def _lang(value: str) -> str:
    return value if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value) else ""


def _slug(title: str) -> str:
    found = expressions.find(title)
    return found.rest if found else title


def sniff(source: Source) -> Evidence:
    """Front matter at the beginning."""
    if not front_block(list(enumerate(source.lines, 1))):
        return Evidence()
    return Evidence(2.6, ("front matter",))


FORMAT = Format("blog", "a post with front matter, a section a paper", sniff, plan)
