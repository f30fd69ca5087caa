"""The kinds of HTML elements and attributes, for everything that reads, cleans or changes HTML.

The facts are those of the HTML Standard (WHATWG: 4 "The elements of HTML", 13.1.2 "Elements", 16.2
"Non-conforming features"). What a place lets through is its own decision, made from these.
"""

from __future__ import annotations

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""Elements without content or an end tag."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

FRAMES = frozenset("iframe frame frameset object embed applet portal fencedframe".split())
"""Elements that show another document, or what a plug-in makes of it."""

RUNNING = FRAMES | {"script", "template", "link", "meta", "base"}
"""Elements that run code, fetch it, or change what the addresses of a document mean."""

CONTROLS = frozenset(
    "form input button select option optgroup textarea fieldset datalist output".split()
)
"""Elements that send or take what a reader enters."""

UNSPOKEN = frozenset("script style template noscript annotation annotation-xml".split())
"""Elements whose text is not read as the document's words: code, styles, what is shown only without
scripts, and the source beside a formula in MathML."""

MEDIA_ADDRESSES = {
    "img": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "source": ("src",),
    "track": ("src",),
    "object": ("data",),
    "embed": ("src",),
}
"""The attributes of each element that shows something from another file and hold its address."""

FETCHED = frozenset("src srcset poster background data longdesc".split())
"""Attributes whose address a browser fetches by itself."""

ADDRESSES = FETCHED | frozenset("href action formaction cite xlink:href ping".split())
"""Attributes that hold addresses."""
