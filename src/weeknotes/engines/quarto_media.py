"""Keys, diagrams and videos of Quarto's HTML, in the form that a page without its scripts can show."""

from __future__ import annotations

import re

from weeknotes.engines import diagrams, keyboard, normalise
from weeknotes.engines.normalise import Element, move_content, new
from weeknotes.engines.quarto_elements import classes_of, code_of, put_in_place, with_class


def keys(root: Element) -> None:
    """Keys as they are on every system: Quarto's script would show those of the reader's alone."""
    for key in list(root.iter("kbd")):
        systems = {name: key.get(f"data-{name}") or "" for name in keyboard.SYSTEMS}
        if key.get("aria-hidden") is None and key.get("data-mode") is None:
            continue  # The author's own.
        html = keyboard.keys(key.text_content(), {k: v for k, v in systems.items() if v})
        for made in normalise.parse(html):
            key.addprevious(made)
        last = key.getprevious()
        last.tail = (last.tail or "") + (key.tail or "")
        key.tail = None
        key.getparent().remove(key)


def draw_diagrams(root: Element) -> None:
    """Mermaid's text, and the image that Quarto makes of Graphviz's, out of the boxes of a cell."""
    found = [*with_class(root, "mermaid-js", "pre")]
    found += [svg for svg in root.iter("svg") if len(with_class(svg, "graph", "g")) == 1]
    for diagram in found:
        cell = next((e for e in diagram.iterancestors("div") if "cell" in classes_of(e)), None)
        if cell is None or "data-execution_count" in cell.attrib:
            continue
        for code in code_of(cell, []):
            cell.addprevious(code)
        figure = next(cell.iter("figure"), None)
        caption = figure.find("figcaption") if figure is not None else None
        box = new("div", class_="diagram")
        box.tail = "\n"
        if diagram.tag == "pre":
            code = new("code")
            code.text = diagram.text_content()
            block = new("pre", class_="mermaid")
            block.set(diagrams.MARK, "mermaid")
            block.append(code)
            box = block
        else:
            diagram.tail = None
            diagram.attrib.pop("style", None)
            box.append(diagrams.without_names(diagram))
        if figure is None or (caption is None and not figure.get("id")):
            put_in_place(cell, box)
            continue
        for child in [child for child in figure if child is not caption]:
            figure.remove(child)
        figure.insert(0, box)
        put_in_place(cell, figure)


def videos(root: Element) -> None:
    for box in with_class(root, "quarto-video", "div"):
        frame, video = box.find(".//iframe"), box.find(".//video")
        paragraph = new("p")
        if frame is not None:
            address = frame.get("src") or ""
            paragraph.append(_video_link(frame, address))
        elif video is not None:
            source = video.find("source")
            address = (source.get("src") if source is not None else video.get("src")) or ""
            if re.match(r"(?:https?:)?//", address):
                paragraph.append(_video_link(video, address))
                put_in_place(box, paragraph)
                continue
            plain = new("video", controls="", preload="metadata", src=address)
            for name in ("title", "width", "height"):
                if video.get(name):
                    plain.set(name, video.get(name))
            paragraph.append(plain)
        before, after = box.getprevious(), box.getnext()
        put_in_place(box, paragraph)
        if after is not None and after.tag == "p" and not len(after) and not after.text:
            # A video within a paragraph, which has been split around it.
            after.drop_tree()
            if before is not None and before.tag == "p":
                move_content(paragraph, before)
                paragraph.drop_tree()


def _video_link(element: Element, address: str) -> Element:
    """A link to a video on another host, in the place of ``element``, which would load it."""
    link = new("a", class_="video", href=address)
    link.text = element.get("title") or element.get("aria-label") or address
    return link
