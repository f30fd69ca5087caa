"""A page that Quarto wrote, as pandoc would have written it without Quarto's framework.

Quarto's own elements (Bootstrap's callouts and tabsets, floats in several layers of `div`, copy
buttons, hover texts) become what `normalise.finish` expects of the built-in renderer. This module
also does what the cell tags of Weeknotes ask for and Quarto does not know.

How elements are nested changes from one version of Quarto to the next (1.8 put a `div` around every
block of code, for its copy button). The classes that name the meaning of an element are lasting, so
everything here is found by class, at any depth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from weeknotes.engines import (
    code_annotations,
    quarto_floats,
    quarto_margins,
    quarto_media,
)
from weeknotes.engines.code_cells import PARAMETER_TAGS
from weeknotes.engines.normalise import Element, move_content, new, set_classes
from weeknotes.engines.quarto_elements import classes_of, code_of, put_in_place, with_class

_DROPPED_CLASSES = frozenset(
    """anchored img-fluid figure-img figure caption-top code-with-copy do-not-create-environment
    footnotes-end-of-document page-columns page-full blockquote table-sm table-striped
    table-hover small""".split()
)
_DROPPED_ATTRIBUTES = re.compile(
    r"data-(?:anchor-id|execution_count|filename|tags|external|border|quarto-.*|bs-.*|ref-parent|fig-.*"
    r"|layout.*|tbl-.*|lst-.*|code-.*|private-.*|scroll.*)|aria-describedby"
)
#: Identifiers of the parts of a page that Quarto puts its content into.
_FRAMEWORK = frozenset(
    """quarto-content quarto-document-content quarto-html-after-body quarto-search-results
    quarto-header quarto-sidebar quarto-margin-sidebar quarto-back-to-top""".split()
)
_MAIN = re.compile(r"<main\b[^>]*>")
_DIVS = re.compile(
    r"<!--.*?-->|<(?P<raw>script|style|textarea|title)\b.*?</(?P=raw)\s*>"
    r"|(?P<start><div\b[^>]*>)|(?P<end></div\s*>)",
    re.S | re.I,
)
_CALLOUTS = ("note", "tip", "warning", "important", "caution")


Chunk = Callable[[str, str], str | None]
"""What a page shows of a chunk's code, given its language: None for nothing."""


def without_stray_ends(text: str) -> str:
    """The HTML ``text`` of a page without the end tags of a `div` that its author has not opened: they
    would end the page's content, and what follows would be no part of it."""
    opening = _MAIN.search(text)
    end = text.rfind("</main>")
    if opening is None or end < opening.end():
        return text
    parts, position, depth = [text[: opening.end()]], opening.end(), 0
    for match in _DIVS.finditer(text, opening.end(), end):
        if match["end"] is None:
            depth += match["start"] is not None
        elif depth:
            depth -= 1
        else:
            parts.append(text[position : match.start()])
            position = match.end()
    return "".join([*parts, text[position:]])


def to_plain(page: Element, chunk: Chunk | None = None) -> Element:
    """The content of `page`, a whole document of Quarto's, in a `div` of its own.

    `chunk` decides about chunks of code that Quarto has left alone, in a page of Markdown.
    """
    main = page.find(".//main")
    if main is None:
        main = page.find(".//body")
    root = new("div")
    move_content(main, root)
    for element in list(root.iter("header")):
        if element.get("id") == "title-block-header":
            element.drop_tree()
    _appendix(root)
    _chunks(root, chunk)
    code_annotations.from_quarto(root)
    for step in _STEPS:
        step(root)
    _strip(root)
    return root


def _appendix(root: Element) -> None:
    """References and footnotes out of the box that Quarto puts them into."""
    appendix = root.get_element_by_id("quarto-appendix", None)
    if appendix is None:
        return
    for name in ("refs", "footnotes"):
        found = root.get_element_by_id(name, None)
        if found is not None:
            found.drop_tree()
            root.append(found)
            for heading in with_class(found, "quarto-appendix-heading"):
                heading.drop_tree()
    appendix.drop_tree()


def _buttons(root: Element) -> None:
    """Take away what only Quarto's scripts and styles need, and the boxes made for it."""
    quarto_media.keys(root)
    quarto_margins.tab_margins(root)
    for name in ("code-copy-button", "tabset-margin-container", "visually-hidden"):
        for element in with_class(root, name):
            element.drop_tree()
    for box in with_class(root, "code-copy-outer-scaffold", "div"):
        box.drop_tag()


def _listings(root: Element) -> None:
    """Lists of pages without the controls that only Quarto's script can serve."""
    for name in ("listing-actions-group", "listing-no-matching", "quarto-listing-category"):
        for element in with_class(root, name):
            element.drop_tree()
    for link in with_class(root, "sort", "a"):
        link.drop_tag()
    for page in with_class(root, "listing-pagination"):
        page.drop_tree()
    for contents in [n for n in root.iter("nav") if n.get("role") == "doc-toc"]:
        contents.drop_tree()  # The site has its own.
    for link in with_class(root, "lightbox", "a"):
        link.drop_tag()


def _chunks(root: Element, chunk: Chunk | None) -> None:
    """Code in a fence with braces, whose class is the braces too."""
    for block in [b for b in root.iter("pre") if re.match(r"\{\w", b.get("class") or "")]:
        language = str(block.get("class")).strip("{}").split()[0].rstrip(",").lower()
        code = block.find("code")
        if chunk and code is not None:
            shown = chunk(language, code.text_content())
            if shown is None:
                block.drop_tree()
                continue
            code.text = shown
        block.set("class", language)


def _cells(root: Element) -> None:
    for cell in with_class(root, "cell", "div"):
        tags = _tags(cell)
        before = cell.getprevious()
        if (
            "quarto-layout-panel" in classes_of(cell)
            and before is not None
            and ({"cell-code", "code-fold"} & set(classes_of(before)))
        ):
            # Quarto sets the code of a cell with a layout in front of it.
            cell.insert(0, before)
        if PARAMETER_TAGS & tags:
            cell.drop_tree()
            continue
        outputs = with_class(cell, "cell-output")
        code = code_of(cell, outputs)
        if "remove-input" in tags:
            _drop(code)
        if "remove-output" in tags:
            _drop(outputs)
        if "hide-input" in tags:
            for block in code:
                if block.tag != "details":
                    _fold(block)
        name = cell.get("id")
        if not name or name.startswith(("cell-", "tbl-", "fig-")):
            continue
        cell.set("id", f"cell-{name}")


def _tags(cell: Element) -> set[str]:
    try:
        tags = json.loads(cell.get("data-tags") or "[]")
    except json.JSONDecodeError:
        return set()
    return {str(tag) for tag in tags} if isinstance(tags, list) else set()


def _drop(elements: list[Any]) -> None:
    for element in elements:
        element.drop_tree()


def _fold(block: Element) -> None:
    details = new("div", class_="code-fold")
    details.set("data-fold", "closed")
    put_in_place(block, details)
    details.append(block)


def _code_folds(root: Element) -> None:
    for details in with_class(root, "code-fold", "details"):
        summary = details.find("summary")
        details.tag = "div"
        details.set("data-fold", "closed" if details.get("open") is None else "open")
        details.attrib.pop("open", None)
        if summary is not None:
            details.set("data-summary", summary.text_content().strip())
            summary.drop_tree()


def _callouts(root: Element) -> None:
    for box in with_class(root, "callout", "div"):
        kind = next((k for k in _CALLOUTS if f"callout-{k}" in classes_of(box)), "note")
        body = next(iter(with_class(box, "callout-body-container")), None)
        title = next(iter(with_class(box, "callout-title-container")), None)
        header = next(iter(with_class(box, "callout-header")), None)
        classes = ["callout", f"callout-{kind}"]
        if "callout-style-simple" in classes_of(box):
            classes.append("callout-simple")
        if "no-icon" in classes_of(box):
            classes.append("no-icon")
        result = new("div", class_=" ".join(classes))
        if box.get("id"):
            result.set("id", box.get("id"))
        if header is not None and header.get("data-bs-toggle") == "collapse":
            is_open = header.get("aria-expanded") == "true"
            result.set("data-collapse", "false" if is_open else "true")
        if title is not None:
            for extra in with_class(title, "screen-reader-only"):
                extra.drop_tree()
            result.append(move_content(title, new("div", class_="callout-title")))
            result[-1].text = (result[-1].text or "").lstrip()
            result[-1].tail = "\n"
        if body is not None:
            result.append(move_content(body, new("div", class_="callout-body")))
        put_in_place(box, result)


def _tabsets(root: Element) -> None:
    for tabset in with_class(root, "panel-tabset", "div"):
        links = list(tabset.iterfind("./ul//a"))
        content = next((e for e in tabset if "tab-content" in classes_of(e)), None)
        if content is None:
            continue
        result = new("div", class_="tabset")
        for name in ("id", "data-group"):
            if tabset.get(name):
                result.set(name, tabset.get(name))
        for link, pane in zip(links, list(content), strict=False):
            tab = new("div", class_="tab")
            tab.append(move_content(link, new("div", class_="tab-title")))
            tab[-1].tail = "\n"
            if pane.tag == "section":
                pane.attrib.pop("role", None)
                pane.attrib.pop("aria-labelledby", None)
                classes = [c for c in classes_of(pane) if c not in ("tab-pane", "active")]
                set_classes(pane, classes)
                tab.append(pane)
            else:
                tab[-1].tail = "\n" + (pane.text or "").lstrip()
                pane.text = None
                for child in list(pane):
                    tab.append(child)
            result.append(tab)
        put_in_place(tabset, result)


def _ansi(root: Element) -> None:
    for box in with_class(root, "ansi-escaped-output", "div"):
        pre, code = new("pre"), new("code")
        code.text = box.text_content().strip("\n")
        pre.append(code)
        put_in_place(box, pre)


def _odds(root: Element) -> None:
    for link in with_class(root, "quarto-xref", "a"):
        link.set("class", "xref")
    for div in list(root.iter("div")):
        if (div.get("style") or "").replace(" ", "") == "page-break-after:always;":
            div.attrib.clear()
            div.set("class", "page-break")
        if "column-container" in classes_of(div):
            quarto_margins.asides(div)
        elif "margin-aside" in classes_of(div):
            div.set("class", "aside")
        if "code-with-filename-file" in classes_of(div):
            name = div.text_content().strip()
            for child in list(div):
                div.remove(child)
            div.text = name
            div.set("class", "code-filename")


_STEPS: tuple[Callable[[Element], None], ...] = (
    _buttons,
    _cells,
    _code_folds,
    _callouts,
    _tabsets,
    quarto_floats.layout,
    quarto_floats.floats,
    quarto_floats.figure_cells,
    quarto_media.draw_diagrams,
    quarto_floats.plain_figures,
    _ansi,
    quarto_floats.tables,
    quarto_media.videos,
    _listings,
    _odds,
    quarto_margins.settle,
)


def _strip(root: Element) -> None:
    """Take away the classes and attributes that only Quarto's own scripts and styles use."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name in [n for n in element.attrib if _DROPPED_ATTRIBUTES.fullmatch(n)]:
            del element.attrib[name]
        if element.get("id") in _FRAMEWORK:
            del element.attrib["id"]
        if element.get("class") is not None:
            kept = [
                c
                for c in classes_of(element)
                if c not in _DROPPED_CLASSES and not c.startswith("quarto-")
            ]
            set_classes(element, kept)
        if element.tag == "a" and element.get("data-original-href"):
            del element.attrib["data-original-href"]
