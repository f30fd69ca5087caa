"""The one contract of both engines: an engine turns a source into a `Page`, and says what its author
should know in `PageWarning` records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PageWarning:
    """Something about a source that its author should know, though the page could be made.

    ``problem`` is true where the page is not what its author meant (a citation that nothing answers
    to, a missing image): the command then ends with exit code 1. ``rule`` is the name of the rule by
    which `weeknotes check` finds the same.
    """

    message: str
    file: str
    cell: int | None = None
    line: int | None = None
    hint: str | None = None
    problem: bool = False
    rule: str = ""

    def __str__(self) -> str:
        where = ", ".join(
            [self.file]
            + ([f"cell {self.cell}"] if self.cell is not None else [])
            + ([f"line {self.line}"] if self.line is not None else [])
        )
        text = f"{where}: {self.message}"
        return f"{text}\n  {self.hint}" if self.hint else text


@dataclass(frozen=True)
class PageReading:
    """A source as pandoc reads it, for the rules of `weeknotes check`.

    ``anchors`` are all that can be linked to on the page, ``labels`` those that cross-references find,
    ``cited`` the citation keys; none of them from private parts. ``dependencies`` are as in `Page`.
    """

    source: str
    anchors: tuple[str, ...]
    labels: tuple[str, ...]
    cited: tuple[str, ...]
    dependencies: tuple[str, ...] = ()
    warnings: tuple[PageWarning, ...] = ()


@dataclass(frozen=True)
class Page:
    """One rendered source, in the form that both engines share.

    ``source`` and ``href`` are POSIX paths from the project's root and from the site's root. ``meta``
    is the front matter over the project's defaults, as plain JSON values, with the ``title`` in plain
    words, and as HTML under ``title-html`` where it has markup. ``body`` is the HTML below the title.
    ``assets`` maps the site path of each local file that the body refers to, to the absolute path of
    that file. ``dependencies`` are the absolute paths of whatever else the page was made from, or
    would have been had it existed: included files, folders' metadata, missing images.
    """

    source: str
    href: str
    meta: dict[str, Any]
    body: str
    assets: dict[str, str] = field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    warnings: tuple[PageWarning, ...] = ()
