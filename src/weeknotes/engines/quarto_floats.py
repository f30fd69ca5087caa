"""Figures, tables, listings and layouts of Quarto's HTML, out of the boxes that it puts them into."""

from __future__ import annotations

import re

from weeknotes.engines.normalise import Element, move_content, new, set_classes
from weeknotes.engines.quarto_elements import classes_of, put_in_place, with_class


def floats(root: Element) -> None:
    """`div > figure > div > content` with a caption, to a figure with content and caption."""
    for figure in list(root.iter("figure")):
        kind = re.search(r"quarto-(?:sub)?float-(fig|tbl|lst)\b", figure.get("class") or "")
        box = figure.getparent()
        if kind is None or box is None or not box.get("id"):
            continue
        result = new("figure", id=box.get("id"))
        if kind[1] != "fig":
            result.set("class", "listing" if kind[1] == "lst" else "tbl")
        result.text = "\n"
        caption = None
        for child in list(figure):
            if child.tag == "figcaption":
                caption = move_content(child, new("figcaption"))
                caption.text = (caption.text or "").strip("\n")
            elif child.tag == "div":
                move_content(child, result)
        for image in result.iter("img"):
            if image.get("id") == result.get("id"):
                del image.attrib["id"]
        _align(box, result, kind[1])
        if caption is not None:
            caption.tail = "\n"
            result.append(caption)
        put_in_place(box, result)


def figure_cells(root: Element) -> None:
    """The cell around code and the labelled figure that it makes, which Quarto takes away."""
    for code in list(root.iter("div")):
        figure = code.getnext()
        if (
            not {"cell-code", "code-fold"} & set(classes_of(code))
            or figure is None
            or figure.tag != "figure"
            or "cell" in classes_of(code.getparent())
        ):
            continue
        cell = new("div", class_="cell")
        put_in_place(code, cell)
        cell.append(code)
        cell.append(figure)


def _align(box: Element, figure: Element, kind: str) -> None:
    for side in ("left", "right"):
        if kind == "fig" and f"quarto-figure-{side}" in classes_of(box):
            for image in figure.iter("img"):
                set_classes(image, [*classes_of(image), f"align-{side}"])


def plain_figures(root: Element) -> None:
    """Figures without a label: out of their box, and no figure at all where there's no caption."""
    for figure in list(root.iter("figure")):
        paragraph = figure[0] if len(figure) else None
        caption = figure.find("figcaption")
        if figure.get("id") or paragraph is None or paragraph.tag != "p":
            continue
        box = figure.getparent()
        boxed = box.tag == "div" and (
            "quarto-figure" in classes_of(box) or (not box.attrib and len(box) == 1)
        )
        if caption is None:
            figure.drop_tag()
        else:
            paragraph.drop_tag()
            figure.attrib.pop("class", None)
            _align(box, figure, "fig")
        if boxed:
            if caption is not None and box.get("id"):
                figure.set("id", box.get("id"))
            box.drop_tag()


def layout(root: Element) -> None:
    """Rows and cells of a layout, with the classes that the common form has for them."""
    for row in with_class(root, "quarto-layout-row", "div"):
        row.set("class", "layout-row")
    for cell in with_class(root, "quarto-layout-cell", "div"):
        basis = re.search(r"flex-basis:\s*([\d.]+)%", cell.get("style") or "")
        classes = [c for c in classes_of(cell) if not c.startswith("quarto-layout")]
        set_classes(cell, classes)
        for name in ("style", "data-ref-parent"):
            cell.attrib.pop(name, None)
        if cell.attrib:
            inner = cell
            cell = new("div")
            put_in_place(inner, cell)
            cell.append(inner)
        cell.set("class", "layout-cell")
        if basis:
            cell.set("style", f"flex-basis: {float(basis[1]):.1f}%;")


def tables(root: Element) -> None:
    """Tables without what Quarto's styles need, their header cells as such."""
    for cell in root.iter("td"):
        if cell.get("data-quarto-table-cell-role") == "th":
            cell.tag = "th"
    for table in root.iter("table"):
        set_classes(table, [c for c in classes_of(table) if c not in ("table", "cell")])
        for wrapper in [b for b in table.iter("tbody", "thead") if len(b) == 0]:
            wrapper.drop_tree()
