"""Taking out of a page's HTML what would run: a notebook's output, an imported page or a library entry
may have brought it along.

Scripts, event handlers, addresses of the schemes that run something, frames with a page of their own
in them, and elements that change what the rest of the page means are left out (the WHATWG HTML
standard's "event handler content attributes"; the list of elements follows the Sanitizer API). So are
names that would come before the browser's own (the standard's "named properties" of a document) and
the marks that the site's scripts go by. The page's Content Security Policy would stop what runs too.
"""

from __future__ import annotations

import html
import re
from typing import Any

from weeknotes.site.html.contained_styles import contained, contained_declarations, loads
from weeknotes.text.html_elements import ADDRESSES, FETCHED, RUNNING

#: Left out with what they hold.
_GONE = (RUNNING - {"iframe"}) | frozenset(
    """noscript noembed noframes xmp plaintext mglyph malignmark animate animatemotion animatetransform
    set foreignobject annotation-xml use handler listener""".split()
)
#: Left out in any element.
_NEVER = frozenset(["srcdoc", "formaction", "ping", "is", "autofocus", "nonce", "xml:base"])
#: An element of this kind with a name hides the document's property of that name.
_NAMED = frozenset("img form iframe".split())
#: What the site's own scripts look for; compose sets it where it belongs.
_MARKS = frozenset(
    """data-fold data-fold-all data-gallery data-news-count data-scheme-toggle data-seen data-filter
    data-filter-count data-since data-since-count data-since-list data-sort data-sorted data-span
    data-thumb""".split()
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_SCHEMES = frozenset(["http", "https", "mailto", "tel", "ftp", "doi", "zotero", "attachment"])
_IMAGE_DATA = re.compile(
    r"data:(?:image/(?:png|jpeg|gif|webp|avif|svg\+xml)|video/|audio/|font/)", re.I
)
#: What opens over the page.
_OVER = frozenset("popover popovertarget popovertargetaction commandfor".split())
_SUSPECT = re.compile(
    rf"<(?:{'|'.join(sorted(_GONE))}|iframe|form|style|main|body|dialog)\b|<!|<\?|<[^>]*?[\s/\"']on[a-z]+\s*="
    r"|\b(?:srcdoc|formaction|ping|autofocus|nonce|name)\s*="
    rf"|[\s\"'/](?:{'|'.join(sorted(_OVER))})\b"
    rf"|[\s\"'](?:{'|'.join(sorted(_MARKS))})\b",
    re.I,
)
_VALUE = re.compile(
    r"""[\s/"'](?:(?:xlink:)?href|src|action|poster|data|background|cite|longdesc|srcset)\s*=\s*"""
    r"""("[^"]*"|'[^']*'|[^\s>"']+)""",
    re.I,
)
_STYLED = re.compile(r"\sstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.I)


def inert(body: str) -> str:
    """``body``, the HTML of a page below its title, without what would run; as it is where there is
    nothing of the kind."""
    if (
        not _SUSPECT.search(body)
        and all(is_harmless(match[1].strip("\"'")) for match in _VALUE.finditer(body))
        and all(map(_is_contained, _STYLED.findall(body)))
    ):
        return body
    from weeknotes.journal import notes

    root = notes.parse(body)
    for element in list(root.iter()):
        if element is root:
            continue
        if _is_to_go(element):
            _drop(element)
        else:
            if element.tag in ("main", "dialog"):
                element.tag = "div"  # A page has one of the first, and the other opens over it.
            if element.tag == "style":
                element.text = contained(element.text or "")
            _clean(element)
    return notes.inner_html(root)


def without_remote(root: Any) -> None:
    """Take out of the tree ``root`` everything that loads something by itself from anywhere: for a page
    that is shown where no policy holds, such as in a mail program."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2].lower()
        if name == "style" and loads(element.text or ""):
            _drop(element)
            continue
        for key, value in list(element.attrib.items()):
            plain = key.rpartition("}")[2].rpartition(":")[2].lower()
            fetched = plain in FETCHED
            fetched = fetched or (plain == "href" and name != "a" and name != "area")
            own = value.lstrip().lower().startswith(("data:image/", "data:font/", "#"))
            styled = plain in _PAINTED and loads(value)
            if (fetched and not own) or styled:
                del element.attrib[key]


#: Attributes whose value is, or may hold, an address as CSS writes it.
_PAINTED = frozenset(
    "style fill stroke filter mask clip-path marker-start marker-mid marker-end cursor".split()
)


def is_harmless(address: str) -> bool:
    """Whether an address, as it is in an attribute, loads or links something and runs nothing."""
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
    return name in _GONE or (name == "style" and not contained(element.text or ""))


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
    tag = str(element.tag).lower()
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2].lower()
        bad = plain.startswith("on") or plain in _NEVER or plain in _MARKS
        bad = bad or plain in _OVER or (plain == "open" and tag == "dialog")
        bad = bad or (plain == "name" and tag in _NAMED)
        # What is written into a page is not for another host to have.
        bad = bad or (
            plain == "action" and bool(re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", value, re.I))
        )
        bad = bad or (plain in ADDRESSES and not is_harmless(value))
        if plain == "style" and (kept := contained_declarations(value)) != value:
            element.set(name, kept)
            bad = bad or not kept
        if bad:
            del element.attrib[name]


def _is_contained(found: tuple[str, str, str]) -> bool:
    value = html.unescape("".join(found))
    return contained_declarations(value) == value


#: What an SVG image may hold that runs when it is opened by itself.
_RUNNING = re.compile(
    rb"<(?:[\w.-]+:)?(?:script|foreignobject|iframe|object|embed|handler|listener|set|animate\w*)\b"
    rb"|[\s\"'/]on\w+\s*=|script\s*:|data\s*:\s*text|<!ENTITY|<\?xml-|&(?!(?:amp|lt|gt|quot|apos);)|\0|\A\xff\xfe|\A\xfe\xff",
    re.I,
)
_PICTURE_GONE = frozenset(
    "script foreignobject iframe object embed handler listener link meta base".split()
)
_PICTURE_ADDRESSES = frozenset("href src data action formaction from to by values begin".split())


def inert_picture(data: bytes) -> bytes:
    """An SVG image without what would run when it is opened by itself, where no page's policy holds;
    ``data`` itself where there is nothing of the kind."""
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w-]+)", data)
    plain = not declared or declared[1].lower() in (b"utf-8", b"us-ascii", b"iso-8859-1")
    if plain and not _RUNNING.search(data):
        return data
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or _local_name(root) in _PICTURE_GONE:
        return b'<svg xmlns="http://www.w3.org/2000/svg"/>\n'
    changed = b"\0" in data or not plain or bool(parser.error_log)
    changed = changed or bool(re.search(rb"<!ENTITY|<\?xml-", data, re.I))
    for element in list(root.iter()):
        if element.tag is etree.Comment:
            continue
        name = _local_name(element)
        if not name or name in _PICTURE_GONE or _changes_address(element):
            _drop(element)
            changed = True
        else:
            changed = _clean_picture(element) or changed
    return etree.tostring(root, encoding="utf-8") + b"\n" if changed else data


def _local_name(element: Any) -> str:
    """An element's name without its namespace or prefix; empty for what is no element."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()


def _changes_address(element: Any) -> bool:
    """Whether an animation sets an address or a handler."""
    name = str(element.get("attributeName") or "").rpartition(":")[2].lower()
    return name == "href" or name.startswith("on")


def _clean_picture(element: Any) -> bool:
    """Take what runs out of the attributes of an SVG element; tells whether there was any."""
    gone = False
    for name, value in list(element.attrib.items()):
        plain = _local(name)
        bad = plain in _PICTURE_ADDRESSES and not is_harmless(value) and not value.startswith("#")
        if plain.startswith("on") or bad:
            del element.attrib[name]
            gone = True
    return gone
