"""The plain HTML that both engines' pages are brought to, and the local files that it refers to.

It needs no script and no framework: callouts are `div`s or `details`, tabsets a row of sections
that are all open, figures and tables carry their number in their caption, code is marked by
pandoc's highlighting classes, references and footnotes are in sections of their own at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

import lxml.etree
import lxml.html

from weeknotes.engines import text_direction
from weeknotes.text.html_trees import fragment
from weeknotes.text.task_boxes import task_boxes

_CAPTION_LABEL = re.compile(r"^(?:\([a-z]\)|[^\s:]*\u00a0[\w.]+:?)(?:\s+|$)")

Element = Any
"""An lxml HTML element; the library's types are too loose to be of use here."""

#: Anchors that are on a page once its citations are set, and those of the site's own parts.
_MADE_LATER = re.compile(r"ref-|refs$|references$|footnotes$|fn|top$|main$")


def parse(html: str) -> Element:
    """`html` (a fragment) as a tree whose root is a `div` around it."""
    return fragment(html, encoding="utf-8", huge_tree=True)


def serialise(root: Element) -> str:
    """The content of `root` as HTML text."""
    parts = [root.text or ""]
    parts += [lxml.html.tostring(child, encoding="unicode") for child in root]
    return "".join(parts).strip() + "\n"


def drop_private(root: Element) -> None:
    """Take out the elements of the class `private`, however their HTML came about, and comments."""
    for comment in list(root.iter(lxml.etree.Comment)):
        comment.drop_tree()
    for element in list(root.iter("*")):
        classes = (element.get("class") or "").split()
        if any(name.casefold() == "private" for name in classes) and element is not root:
            element.drop_tree()


def finish(root: Element, words: Mapping[str, str], lang: str = "en") -> None:
    """Bring a page in the language ``lang``, as pandoc wrote it, to the common form."""
    for element in list(root.iter("div", "section")):
        classes = element.get("class", "").split()
        if "callout" in classes:
            _callout(element)
        elif "tabset" in classes:
            _tabset(element)
        elif "code-fold" in classes:
            _code_fold(element, words["code"])
    for figure in list(root.iter("figure")):
        _figure(figure)
    for table in root.iter("table"):
        _table(table)
    for style in [s for s in root.iter("style") if s.get("scoped") is not None]:
        style.drop_tree()
    plain_code(root)
    _images(root)
    for box, _ in task_boxes(root):
        box.set("disabled", "")
    closing_sections(root, words)
    text_direction.mark(root, lang)


def new(tag: str, **attributes: str) -> Element:
    """A new element; `class_` stands for `class`."""
    element = lxml.html.Element(tag)
    for name, value in attributes.items():
        element.set(name.rstrip("_"), value)
    return element


def move_content(source: Element, target: Element) -> Element:
    """Give `target` all that `source` holds."""
    target.text = (target.text or "") + (source.text or "")
    for child in list(source):
        target.append(child)
    source.text = None
    return target


def anchors(root: Element) -> set[str]:
    """All that can be linked to in `root`."""
    found: set[str] = set()
    for element in root.iter():
        if isinstance(element.tag, str):
            found.update(filter(None, (element.get("id"), element.get("name"))))
    return found


def missing_anchors(root: Element) -> list[str]:
    """The anchors that links within the page lead to and that it lacks, in order. References are
    set later."""
    known = anchors(root)
    found = (unquote(link.get("href")[1:]) for link in root.iter("a") if _is_inner(link))
    return [a for a in dict.fromkeys(found) if a not in known and not _MADE_LATER.match(a)]


def _is_inner(link: Element) -> bool:
    href = link.get("href") or ""
    return href.startswith("#") and len(href) > 1


def _callout(element: Element) -> None:
    collapse = element.attrib.pop("data-collapse", None)
    element.attrib.pop("title", None)
    element.tag = "div" if collapse is None else "details"
    if collapse in ("false", "False"):
        element.set("open", "")
    for part in list(element):
        classes = part.get("class", "").split()
        if "callout-title" in classes:
            part.tag = "p" if collapse is None else "summary"
            part.text = (part.text or "").lstrip()
        elif "callout-body" in classes and part.tag == "section":
            # pandoc makes one section of a div and the heading it starts with.
            body = new("div", class_="callout-body")
            part.addprevious(body)
            body.append(part)
            part.set("class", " ".join(c for c in classes if c != "callout-body"))


def _tabset(element: Element) -> None:
    for tab in element:
        if "tab" not in tab.get("class", "").split():
            continue
        tab.tag = "section"
        title = tab[0] if len(tab) else None
        if title is not None and "tab-title" in title.get("class", "").split():
            title.tag = "h3"
            title.text = (title.text or "").lstrip()


def _code_fold(element: Element, word: str) -> None:
    element.tag = "details"
    if element.attrib.pop("data-fold", "") == "open":
        element.set("open", "")
    summary = new("summary")
    summary.text = element.attrib.pop("data-summary", word)
    summary.tail = "\n"
    element.insert(0, summary)


def _figure(figure: Element) -> None:
    """A figure's caption in its place; a labelled table takes over label and caption."""
    classes = [c for c in figure.get("class", "").split() if c != "part"]
    caption = next((child for child in figure if child.tag == "figcaption"), None)
    if caption is not None:
        caption.attrib.pop("aria-hidden", None)
    if "tbl" in classes:
        classes.remove("tbl")
        tables = list(figure.iter("table"))
        if len(tables) == 1 and caption is not None:
            _to_table_caption(figure, tables[0], caption)
            return
        if caption is not None:
            figure.insert(0, caption)
    if "listing" in classes and caption is not None:
        figure.insert(0, caption)
    for image in figure.iter("img"):
        for name in image.get("class", "").split():
            if name.startswith("align-"):
                classes.append(name)
    set_classes(figure, classes)


def _to_table_caption(figure: Element, table: Element, caption: Element) -> None:
    for old in [child for child in table if child.tag == "caption"]:
        old.drop_tree()
    new_caption = move_content(caption, new("caption"))
    new_caption.tail = "\n"
    caption.drop_tree()
    table.insert(0, new_caption)
    table.set("id", figure.get("id", ""))
    figure.drop_tag()


def _table(table: Element) -> None:
    for name in ("border", "cellpadding", "cellspacing"):
        table.attrib.pop(name, None)
    for group in table.findall("colgroup"):
        # Equal widths are what a browser gives anyway; the engines differ in spelling them out.
        if len({column.get("style") for column in group}) <= 1:
            group.drop_tree()
    for row in table.iter("tr"):
        classes = row.get("class", "").split()
        set_classes(row, [c for c in classes if c not in ("header", "odd", "even")])
        # pandas writes alignment of its own, which is the theme's business.
        if "dataframe" in table.get("class", "") and row.get("style"):
            del row.attrib["style"]


def set_classes(element: Element, classes: Iterable[str]) -> None:
    """Give `element` these classes, each once, or no `class` at all."""
    value = " ".join(dict.fromkeys(classes))
    if value:
        element.set("class", value)
    else:
        element.attrib.pop("class", None)


def plain_code(root: Element) -> None:
    """Take the line anchors out of highlighted code: they number lines over the whole page."""
    for block in root.iter("div"):
        if "sourceCode" not in block.get("class", "").split():
            continue
        block.attrib.pop("id", None)
        pre = block.find(".//pre")
        classes = pre.get("class", "").split() if pre is not None else []
        numbered = "numberSource" in classes
        if "cell-code" in classes:
            set_classes(block, [*block.get("class").split(), "cell-code"])
            set_classes(pre, [c for c in classes if c != "cell-code"])
        for line in list(block.iterfind(".//code/span")):
            if not re.fullmatch(r"[\w.:-]+-\d+", line.get("id", "")):
                continue
            del line.attrib["id"]
            anchor = line[0] if len(line) and line[0].tag == "a" else None
            if anchor is not None and anchor.get("href", "").startswith("#"):
                anchor.drop_tag()
            if not numbered:
                line.drop_tag()


def _images(root: Element) -> None:
    """Every image has a text for those who don't see it: its own, else its figure's caption."""
    for image in root.iter("img"):
        classes = image.get("class", "").split()
        set_classes(image, [c for c in classes if not c.startswith("align-")])
        if image.get("alt"):
            continue
        figure = next(image.iterancestors("figure"), None)
        caption = figure.find("figcaption") if figure is not None else None
        text = caption.text_content() if caption is not None else ""
        text = re.sub(r"[ \t\n]+", " ", text).strip()
        image.set("alt", _CAPTION_LABEL.sub("", text))


def closing_sections(root: Element, words: Mapping[str, str]) -> None:
    """References and footnotes, in this order, as the last sections of the page."""
    references = root.get_element_by_id("refs", None)
    notes = root.get_element_by_id("footnotes", None)
    if references is not None:
        references.drop_tree()
        references.tail = None
        if len(references):
            root.append(_references(references, words))
    if notes is not None:
        notes.drop_tree()
        notes.tail = "\n"
        for rule in notes.findall("hr"):
            rule.drop_tree()
        set_classes(notes, ["footnotes"])
        root.append(notes)


def _references(references: Element, words: Mapping[str, str]) -> Element:
    section = new("section", class_="references", role="doc-bibliography", id="references")
    heading = new("h2")
    heading.text = words["references"]
    heading.tail = "\n"
    section.append(heading)
    for name in ("data-entry-spacing", "data-line-spacing"):
        references.attrib.pop(name, None)
    section.append(references)
    section.tail = "\n"
    return section
