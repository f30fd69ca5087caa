"""Images, videos and frames of other hosts, which a page may not load: a link stands for each.

A page loads nothing from another host unless the journal's owner allows it (``allow-hosts``; the
content security policy sees to it). What it may not load would be an empty or a black box.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml import html
from lxml.html import HtmlElement

from weeknotes.site.pages.shell import Shell

_KINDS = ("img", "video", "audio", "iframe")
_PLAYERS = ("video", "audio")


def link_foreign_media(tree: HtmlElement, shell: Shell, page_lang: str) -> None:
    """Put a link into the place of each image, video, sound and frame of ``tree`` that a page of the
    site may not load. ``page_lang`` is the language of the words around."""
    for element in list(tree.iter(*_KINDS)):
        address = _address(element)
        host = _foreign_host(address, shell.hosts)
        if host and element.getparent() is not None:
            _replace(element, address, host, shell, page_lang)
        elif _foreign_host(element.get("poster", ""), shell.hosts):
            del element.attrib["poster"]


def _address(element: HtmlElement) -> str:
    """The address of the medium. A player's first source counts."""
    address = element.get("src", "")
    if not address and element.tag in _PLAYERS:
        address = next((source.get("src", "") for source in element.iter("source")), "")
    return f"https:{address}" if address.startswith("//") else address


def _foreign_host(address: str, allowed: Sequence[str]) -> str:
    """The host of ``address`` where it is another than the site's and none of those ``allowed``."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    return "" if any(_matches(origin, host) for host in allowed) else parts.hostname


def _matches(origin: str, allowed: str) -> bool:
    """Whether a content security policy that allows the host ``allowed`` allows ``origin``."""
    pattern = re.escape(allowed.lower()).replace(r"\*", r"[^/]+")
    return re.fullmatch(pattern, origin) is not None


def _replace(element: HtmlElement, address: str, host: str, shell: Shell, page_lang: str) -> None:
    inside_link = next(element.iterancestors("a"), None) is not None
    box = html.Element("span" if inside_link else "a")
    box.set("class", "elsewhere")
    if not inside_link:
        box.set("href", address)
        box.set("rel", "external noopener")
    words = _words(shell, host)[str(element.tag)]
    alt = " ".join((element.get("alt") or element.get("title") or "").split())
    said = box
    if alt:
        box.text = f"{alt} "
        said = html.Element("span")
        box.append(said)
    said.text = f"({words})" if alt else words
    if shell.strings.lang != page_lang:
        said.set("lang", shell.strings.lang)
    box.tail, element.tail = element.tail, None
    element.getparent().replace(element, box)


def _words(shell: Shell, host: str) -> dict[str, str]:
    """The text that says what is on ``host``, by the element that would show it."""
    t = shell.strings
    return {
        "img": t("image_on", host),
        "video": t("video_on", host),
        "audio": t("audio_on", host),
        "iframe": t("frame_on", host),
    }
