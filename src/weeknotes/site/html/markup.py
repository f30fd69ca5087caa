"""Changes to the common form's HTML: addresses, identifiers, headings, media, tables, tasks.

A body is parsed once (`parse`), changed in place by the functions below, and written once
(`serialise`). All of them take the ``<div>`` that stands for the body.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from weeknotes.engines.titles import plain_words
from weeknotes.text.html_trees import fragment
from weeknotes.text.task_boxes import task_boxes

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

# libxml2 knows HTML 4's empty elements only.
_NEW_VOID = re.compile(r"<(source|track|wbr)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)\s*/?>", re.I)
_NEW_VOID_END = re.compile(r"</(?:source|track|wbr)>")

_LONGEST_WORD = 30
_ALIGNED = re.compile(r"\s*text-align:\s*(left|right|center)\s*;?\s*")
_ADDRESSES = ("href", "src", "poster", "data", "{http://www.w3.org/1999/xlink}href", "xlink:href")
_ID_LISTS = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
_URL_REFERENCE = re.compile(r"url\(\s*(['\"]?)#([^)'\"]+)\1\s*\)")
_CARRIES_REFERENCES = (
    "style clip-path fill filter marker-end marker-mid marker-start mask stroke".split()
)


def parse(body: str) -> HtmlElement:
    """The HTML fragment ``body`` as a ``<div>`` element that holds it."""
    mended = _NEW_VOID.sub(r"<\1\2 />", body)
    return fragment(mended)


def serialise(tree: HtmlElement) -> str:
    """The content of ``tree`` as HTML5."""
    written = str(etree.tostring(tree, encoding="unicode", method="html", with_tail=False))
    inside = written[written.index(">") + 1 : written.rindex("</")]
    return _NEW_VOID_END.sub("", inside)


def rebase(tree: HtmlElement, base: str, target: str) -> None:
    """Make the relative addresses of a page at ``base`` hold on a page at ``target``.

    Both are site-relative paths of files. Addresses within the page itself (``#…``) stay.
    """
    for element in tree.iter(etree.Element):
        for name in _ADDRESSES:
            value = element.get(name)
            if value:
                element.set(name, rebased(value, base, target))
        srcset = element.get("srcset")
        if srcset:
            parts = [part.strip().split(None, 1) for part in srcset.split(",") if part.strip()]
            element.set(
                "srcset",
                ", ".join(" ".join([rebased(part[0], base, target), *part[1:]]) for part in parts),
            )


def rebased(address: str, base: str, target: str) -> str:
    """The relative ``address`` of a page at ``base``, as a page at ``target`` has to write it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return address
    from_root = posixpath.normpath(posixpath.join(posixpath.dirname(base), parts.path))
    path = _relative(from_root, posixpath.dirname(target))
    if parts.path.endswith("/"):
        path += "/"
    return address.replace(parts.path, path, 1)


def _relative(path: str, folder: str) -> str:
    """``path`` from ``folder``, both normal and from the site's root. `posixpath.relpath` would ask
    for the working directory each time, which takes longer than all else that is done to a link."""
    there = [] if path == "." else path.split("/")
    here = folder.split("/") if folder else []
    same = 0
    while same < min(len(there), len(here)) and there[same] == here[same] != "..":
        same += 1
    return "/".join([".."] * (len(here) - same) + there[same:]) or "."


def prefix_identifiers(tree: HtmlElement, prefix: str, outside: Callable[[str], str]) -> None:
    """Put ``prefix`` before every id, and before every reference to one within the tree.

    A reference to an id that the tree doesn't hold becomes ``outside(id)``, an address.
    """
    ids = {element.get("id") for element in tree.iter(etree.Element) if element.get("id")}

    def local(match: re.Match[str]) -> str:
        return f"url(#{prefix}{match[2]})" if match[2] in ids else match[0]

    for element in tree.iter(etree.Element):
        for name, value in list(element.attrib.items()):
            if name == "id":
                element.set("id", prefix + value)
            elif name in _ADDRESSES and value.startswith("#") and len(value) > 1:
                inside = value[1:] in ids
                element.set(name, f"#{prefix}{value[1:]}" if inside else outside(value[1:]))
            elif name in _ID_LISTS:
                words = [prefix + word if word in ids else word for word in value.split()]
                element.set(name, " ".join(words))
            elif name in _CARRIES_REFERENCES and "url(" in value:
                element.set(name, _URL_REFERENCE.sub(local, value))


def level_headings(tree: HtmlElement, top: int) -> None:
    """Let the outermost headings have the level ``top`` and no heading skip a level."""
    outer: list[int] = []
    for heading in list(tree.iter(*HEADINGS)):
        level = int(heading.tag[1])
        while outer and outer[-1] >= level:
            outer.pop()
        heading.tag = f"h{min(6, top + len(outer))}"
        outer.append(level)


def head_footnotes(tree: HtmlElement, title: str) -> None:
    """Give the footnotes a heading, as the references have one: a part of the page that has none
    can't be found by those who go from heading to heading."""
    for section in tree.iter("section"):
        if section.get("role") == "doc-endnotes" and not any(e.tag in HEADINGS for e in section):
            heading = html.Element("h2")
            heading.text = title
            section.insert(0, heading)


def settle_tables(tree: HtmlElement) -> None:
    """Make header cells that say nothing plain cells, for there is nothing that they could head, and
    let classes say how columns are aligned, so that pages do without inline styles there. Where the
    corner above the first column is empty, that column's cells head their rows."""
    for table in tree.iter("table"):
        _head_rows(table)
    for cell in tree.iter("th", "td"):
        if cell.tag == "th" and not len(cell) and not (cell.text or "").strip():
            cell.tag = "td"
        aligned = _ALIGNED.fullmatch(cell.get("style", ""))
        if aligned:
            del cell.attrib["style"]
            cell.set("class", f"{cell.get('class', '')} align-{aligned[1]}".strip())


def _head_rows(table: HtmlElement) -> None:
    corner = table.xpath("./thead/tr[1]/*[1]")
    heads = table.xpath("./thead/tr[1]/th[position() > 1][normalize-space()]")
    if not heads or corner[0].tag != "th" or corner[0].text_content().strip() or len(corner[0]):
        return
    for cell in table.xpath("./tbody/tr/*[1][self::td]"):
        if not cell.get("colspan") and cell.text_content().strip():
            cell.tag = "th"
            cell.set("scope", "row")


def drop_code_anchors(tree: HtmlElement) -> None:
    """Take out the line anchors of highlighted code, where code is quoted in a derived page."""
    for line in list(tree.iter("a")):
        if line.get("aria-hidden") == "true" and not len(line) and not line.text:
            line.drop_tree()
    for element in tree.iter("span"):
        if re.fullmatch(r"cb[\d-]+", element.get("id", "")):
            del element.attrib["id"]


def prepare_media(
    tree: HtmlElement, size_of: Callable[[str], tuple[int, int] | None], eager: int = 0
) -> None:
    """Let images load when they are needed, but the first ``eager`` ones at once, and say how large
    they are, so that nothing moves when they come. ``size_of`` gives the size of an address."""
    for count, image in enumerate(tree.iter("img")):
        _set_size(image, size_of(image.get("src", "")))
        if count >= eager:
            image.set("loading", "lazy")
        image.set("decoding", "async")
        if image.get("alt") is None:
            image.set("alt", "")


def _set_size(image: HtmlElement, size: tuple[int, int] | None) -> None:
    width, height = image.get("width"), image.get("height")
    if size is None or (width and height):
        return
    given = next((value for value in (width, height) if value), None)
    if given is not None and not given.isdecimal():
        return
    if width:
        image.set("height", str(max(1, round(int(width) * size[1] / size[0]))))
    elif height:
        image.set("width", str(max(1, round(int(height) * size[0] / size[1]))))
    else:
        image.set("width", str(size[0]))
        image.set("height", str(size[1]))


def make_scrollable(tree: HtmlElement) -> None:
    """Wrap what may be wider than a phone, tables and displayed formulas, in a box that scrolls."""
    for table in list(tree.iter("table")):
        if table.xpath("ancestor::table"):
            continue
        _wrap(table, "div", "scroll")
    for formula in list(tree.iter("math")):
        if formula.get("display") == "block":
            _wrap(formula, "span", "scroll formula")


def settle_tasks(tree: HtmlElement) -> None:
    """Make the boxes of task lists show their state and no more: the notebook is where it changes.
    Other boxes, with which the output of a program unfolds, are left alone."""
    for box, item in task_boxes(tree):
        box.set("disabled", "")
        state = "done" if box.get("checked") is not None else "open"
        item.set("class", f"{item.get('class', '')} task {state}".strip())
        if next(box.iterancestors("label"), None) is None:
            box.set("aria-label", plain_words(item))


def truncate(element: HtmlElement, length: int) -> None:
    """Cut the text of ``element`` after about ``length`` characters, at the end of a word, and put an
    ellipsis where something is missing. A formula is kept whole or left out."""
    left = length
    for event, node in list(etree.iterwalk(element, events=("start", "end"))):
        if node.tag == "math" or any(True for _ in node.iterancestors("math")):
            if event == "end" and node.tag == "math":
                left -= len(node.text_content())
                left = _cut_at(node, "tail", left)
            continue
        if event == "start":
            left = _cut_at(node, "text", left)
        elif node is not element:
            left = _cut_at(node, "tail", left)
    if left <= 0:
        _drop_emptied(element)
        last = element if not len(element) else element[-1]
        where = "text" if last is element else "tail"
        text = (getattr(last, where) or "").rstrip(" .,;:，、；：。")
        setattr(last, where, text + "…")


def _cut_at(node: HtmlElement, where: str, left: int) -> int:
    """Shorten a text to what is ``left``; returns what is left after it."""
    text = getattr(node, where) or ""
    if left <= 0:
        setattr(node, where, None)
        return left
    if len(text) > left:
        setattr(node, where, text[: word_end(text, left)])
        return 0
    return left - len(text)


def word_end(text: str, limit: int) -> int:
    """The place to cut ``text`` before ``limit``: not within a word, unless that is very long. A Han
    character or kana is taken for a word; Korean is written with spaces."""
    end = limit
    while end > 0 and _is_letter(text[end - 1]) and _is_letter(text[end]):
        end -= 1
    return end if limit - end <= _LONGEST_WORD else limit


def _is_letter(character: str) -> bool:
    hangul = "\uac00" <= character <= "\ud7a3" or "\u1100" <= character <= "\u11ff"
    return character.isalnum() and (character < "\u1100" or hangul)


def _drop_emptied(element: HtmlElement) -> None:
    for inner in reversed(list(element.iterdescendants())):
        if isinstance(inner.tag, str) and not inner.text_content() and not inner.tail:
            inner.drop_tree()


def lighten_formulas(tree: HtmlElement, *, keep_source: bool = False) -> None:
    """Take out of formulas what no reader sees: what HTML implies, and their TeX source, by which a
    browser copies them, unless ``keep_source`` says otherwise."""
    for formula in tree.iter("math"):
        formula.attrib.pop("xmlns", None)
        if formula.get("display") == "inline":
            del formula.attrib["display"]
        if keep_source:
            continue
        for source in list(formula.iter("annotation")):
            source.drop_tree()
        for semantics in list(formula.iter("semantics")):
            if len(semantics) == 1:
                semantics.drop_tag()


def plain_code(tree: HtmlElement) -> None:
    """Take the highlighting out of code."""
    for code in tree.iter("code"):
        for token in list(code.iter("span", "a")):
            token.drop_tag()


def _wrap(element: HtmlElement, tag: str, name: str) -> None:
    box = html.Element(tag)
    box.set("class", name)
    box.tail, element.tail = element.tail, None
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, box)
        box.append(element)
