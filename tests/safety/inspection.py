"""Looking at a site for what it must not do: page by page, and in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree, html

_LOADING = ("src", "srcset", "poster", "data", "background", "xlink:href")
_ADDRESSES = ("href", "action", "formaction", *_LOADING)
_RUN = re.compile(r"^[\s\x00-\x20]*(?:(?:javascript|vbscript)\s*:|data:text/html)", re.I)
_OWN_SCRIPTS = re.compile(r"^(?:/|(?:\.\./)*)(?:theme|search)/[\w.-]+\.js(?:\?[\w.=-]*)?$")
_GONE = ("base", "object", "embed", "frame", "frameset", "applet", "portal")
# What a browser offers as a property of the document, before its own.
_NAMED = ("img", "form", "iframe", "embed", "object")
_OPENING = "\u202a\u202b\u202d\u202e"
_ISOLATING = "\u2066\u2067\u2068"


def problems_of(document: Any) -> list[str]:
    """What a page holds that could run or load something, or turn the words around it."""
    found = []
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and not _OWN_SCRIPTS.match(element.get("src") or ""):
            found.append(f"script {element.get('src')!r} {(element.text or '')[:60]!r}")
        if element.tag in _GONE:
            found.append(element.tag)
        if element.tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            found.append("meta refresh")
        if element.tag in _NAMED and element.get("name") is not None:
            found.append(f"{element.tag} name={element.get('name')!r}")
        for name, value in element.attrib.items():
            if name.lower().startswith("on"):
                found.append(f"{element.tag} {name}={value!r}")
            if name == "srcdoc":
                found.append("srcdoc")
            squeezed = re.sub(r"[\x00-\x20]", "", value)
            if name.lower() in _ADDRESSES and _RUN.match(squeezed):
                found.append(f"{element.tag} {name}={value!r}")
        found += [f"turned: {text!r}" for text in (element.text, element.tail) if spills(text)]
    return found


def spills(text: str | None) -> bool:
    """Whether bidirectional controls in ``text`` reach beyond its end (UAX #9, 3.3.2)."""
    embedded, isolated = 0, 0
    for character in text or "":
        if character == "\n":
            continue
        embedded += character in _OPENING
        isolated += character in _ISOLATING
        if character == "\u202c":
            embedded = max(0, embedded - 1)
        if character == "\u2069":
            isolated = max(0, isolated - 1)
    return bool(embedded or isolated)


def parsed(path: Path) -> Any:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    return html.fromstring(path.read_bytes(), parser=parser)


def assert_inert(output: Path, but: Iterable[str] = ()) -> None:
    """No page and no picture of the site in ``output`` runs anything."""
    known = set(but)
    pages = {path: path.relative_to(output).as_posix() for path in sorted(output.rglob("*.html"))}
    assert len(pages) > 5
    for path, name in pages.items():
        if name not in known:
            assert problems_of(parsed(path)) == [], name
    for path in output.rglob("*.svg"):
        assert picture_problems(path.read_bytes()) == [], path


def picture_problems(data: bytes) -> list[str]:
    """What an SVG image holds that runs when it is opened by itself."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, recover=True))
    found = (
        []
        if root is None
        else [str(root.getroottree().docinfo.doctype)]
        * bool(
            root.getroottree().docinfo.internalDTD is not None
            and list(root.getroottree().docinfo.internalDTD.iterentities())
        )
    )
    for element in [] if root is None else root.iter():
        if not isinstance(element.tag, str):
            continue
        name = _local(element.tag)
        if name in ("script", "foreignobject", "iframe", "handler"):
            found.append(name)
        if _local(element.get("attributeName") or "").startswith(("on", "href")):
            found.append(f"{name} of {element.get('attributeName')}")
        for attribute, value in element.attrib.items():
            if _local(attribute).startswith("on") or _RUN.match(value):
                found.append(f"{name} {attribute}={value!r}")
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()


@dataclass
class Visit:
    """Pages of a site as a browser shows them, served from no network at all.

    ``started`` is what hostile code did, ``asked`` the addresses elsewhere that were asked for, and
    ``failed`` what the pages' own scripts stumbled over.
    """

    browser: Any
    output: Path
    policy: bool = True
    started: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def pages(self, addresses: Iterable[str]) -> Iterator[Any]:
        """A page opened at each of ``addresses`` in turn."""
        context = self.browser.new_context(base_url="http://site.test", bypass_csp=not self.policy)
        context.expose_function("pwned", lambda value: self.started.append(str(value)))
        context.route("**/*", self._answer)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.on("pageerror", lambda error: self.failed.append(f"{page.url}: {error}"))
        for address in addresses:
            page.goto(f"/{address}", wait_until="domcontentloaded")
            yield page
        page.wait_for_timeout(300)
        context.close()

    def _answer(self, route: Any) -> None:
        url = route.request.url
        path = self.output / unquote(urlsplit(url).path).lstrip("/")
        if not url.startswith("http://site.test/"):
            self.asked.append(url)
            route.abort()
        elif path.is_file():
            route.fulfill(path=path)
        else:
            route.fulfill(status=404, body="")
