"""Taking out of a page's HTML what would run: a notebook's output, an imported page or a library entry
may have brought it along.

Scripts, event handlers, addresses of the schemes that run something, frames with a page of their own
in them, and elements that change what the rest of the page means are left out (the WHATWG HTML
standard's "event handler content attributes"; the list of elements follows the Sanitizer API). The
page's Content Security Policy would stop them too.
"""

from __future__ import annotations

import html
import re
from typing import Any

#: Left out with what they hold.
_GONE = frozenset(
    """script base object embed applet frame frameset meta link noscript noembed noframes template xmp
    plaintext portal mglyph malignmark animate animatemotion animatetransform set foreignobject
    annotation-xml use handler listener fencedframe""".split()
)
_ADDRESSES = frozenset(
    "href src action formaction poster data background cite longdesc xlink:href srcset ping".split()
)
#: Left out in any element.
_NEVER = frozenset(["srcdoc", "formaction", "ping", "is", "autofocus", "nonce", "xml:base"])
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_SCHEMES = frozenset(["http", "https", "mailto", "tel", "ftp", "doi", "zotero", "attachment"])
_IMAGE_DATA = re.compile(
    r"data:(?:image/(?:png|jpeg|gif|webp|avif|svg\+xml)|video/|audio/|font/)", re.I
)
_SUSPECT = re.compile(
    rf"<(?:{'|'.join(sorted(_GONE))}|iframe|form|style)\b|<!|<\?|<[^>]*?[\s/\"']on[a-z]+\s*="
    r"|\b(?:srcdoc|formaction|ping|autofocus|nonce)\s*=",
    re.I,
)
_VALUE = re.compile(
    r"""[\s/"'](?:(?:xlink:)?href|src|action|poster|data|background|cite|longdesc|srcset)\s*=\s*"""
    r"""("[^"]*"|'[^']*'|[^\s>"']+)""",
    re.I,
)
_REMOTE_STYLE = re.compile(r"@import|expression\s*\(|-moz-binding|behavior\s*:", re.I)


def inert(body: str) -> str:
    """``body``, the HTML of a page below its title, without what would run; as it is where there is
    nothing of the kind."""
    if not _SUSPECT.search(body) and all(
        is_harmless(match[1].strip("\"'")) for match in _VALUE.finditer(body)
    ):
        return body
    from weeknotes import notes

    root = notes.parse(body)
    for element in list(root.iter()):
        if element is root:
            continue
        if _is_to_go(element):
            _drop(element)
        else:
            _clean(element)
    return notes.inner_html(root)


def is_harmless(address: str) -> bool:
    """Whether an address, as it stands in an attribute, loads or links something and runs nothing."""
    # Browsers pass over control characters and spaces within a scheme.
    squeezed = re.sub(r"[\x00-\x20\x7f-\xa0\u2028\u2029]", "", html.unescape(address))
    match = _SCHEME.match(squeezed)
    if not match:
        return not squeezed.startswith("//\\")
    if match[1].lower() == "data":
        return bool(_IMAGE_DATA.match(squeezed))
    return match[1].lower() in _SCHEMES


def _is_to_go(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return True  # A comment or a processing instruction.
    name = element.tag.rpartition("}")[2].lower()
    return name in _GONE or (name == "style" and bool(_REMOTE_STYLE.search(element.text or "")))


def _drop(element: Any) -> None:
    """Take ``element`` out with what it holds; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _clean(element: Any) -> None:
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2].lower()
        bad = plain.startswith("on") or plain in _NEVER
        bad = bad or (plain in _ADDRESSES and not is_harmless(value))
        bad = bad or (plain == "style" and bool(_REMOTE_STYLE.search(value)))
        if bad:
            del element.attrib[name]
