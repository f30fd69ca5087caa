"""One class for every composed file of the site: what it is made from, and how it is made.

A kind of page is a subclass of `Page`, with a function ``pages`` in its module that lists the pages of
that kind. The kinds are listed in `compose`.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from weeknotes.site.data.page_records import Site
from weeknotes.site.pages.pagination import ListPart
from weeknotes.site.pages.shell import Shell, fingerprint

Item = TypeVar("Item")


class ComposedFile(ABC):
    """A file of the site that is composed from what the engine rendered: an `Artifact`.

    It is made again only where `made_from` differs from that of the last build, so that is called in
    every build and must be cheap, while `make` may read the texts of pages.
    """

    def __init__(self, shell: Shell, site: Site, href: str) -> None:
        self.shell = shell
        self.site = site
        self.href = href

    @cached_property
    def inputs(self) -> str:
        """The fingerprint of what the file is made from, the shell included."""
        return fingerprint(self.shell.fingerprint, self.href, self.made_from())

    @abstractmethod
    def made_from(self) -> Sequence[Any]:
        """The values that the file is made from besides the shell, such as JSON can write. Of a text
        that is shown its fingerprint is enough."""

    @abstractmethod
    def make(self) -> bytes:
        """The file's content."""


def data_script(name: str, data: Any) -> bytes:
    """``data`` as a script that gives it to the page's own (`theme/js/05-data.js`) under ``name``."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Within a script these two end a line, and "</script" ends it where a page holds it.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
    return f"weeknotes.data({json.dumps(name)},{text});\n".encode("utf-8", "surrogatepass")


class Page(ComposedFile):
    """An HTML page: ``template`` filled with `values`.

    ``section`` is the entry of the navigation that the page belongs to; empty for none.
    """

    template: ClassVar[str]
    section: ClassVar[str] = ""
    #: Whether the page is served at any depth, so that its links start at the site's root.
    absolute: ClassVar[bool] = False

    @abstractmethod
    def values(self) -> Mapping[str, Any]:
        """The values that the template shows: "heading", "description" and what else it asks for."""

    def made_from(self) -> Sequence[Any]:
        """All that the template shows. A page whose values take long to work out, or are no plain
        ones, says instead what they are worked out from."""
        return [self.values()]

    def make(self) -> bytes:
        """The page as UTF-8."""
        values = {"lang": self.shell.strings.lang, "section": self.section, **self.values()}
        return self.shell.render(self.template, self.href, absolute=self.absolute, **values)


class PageOfList(Page, Generic[Item]):
    """A page with a part of a long list: ``part`` says which, and where the others are."""

    def __init__(self, shell: Shell, site: Site, part: ListPart[Item]) -> None:
        super().__init__(shell, site, part.href)
        self.part = part

    def made_from(self) -> Sequence[Any]:
        """The part's place in the list, and what is shown of its items."""
        return [self.part.hrefs, self.items()]

    @abstractmethod
    def items(self) -> Any:
        """The values that are shown of the items, or change with them, such as JSON can write."""
