"""HTML read into trees of lxml, with little said to Python about each element.

`lxml.html` looks up in Python which class an element gets, each time that one is met: for the special
classes of forms and labels, which nothing here uses. Where a parser gives every element the same class,
lxml does that by itself, and a walk through a page takes about half as long.
"""

from __future__ import annotations

from typing import Any

from lxml import etree, html

_CLASSES = etree.ElementDefaultClassLookup(
    element=html.HtmlElement,
    comment=html.HtmlComment,
    pi=html.HtmlProcessingInstruction,
    entity=html.HtmlEntity,
)


def parser(**options: Any) -> etree.HTMLParser:
    """A parser of HTML whose elements are all of the class `HtmlElement`; ``options`` are those of
    `lxml.etree.HTMLParser`."""
    made: etree.HTMLParser = etree.HTMLParser(**options)
    made.set_element_class_lookup(_CLASSES)
    return made


_PARSER = parser()


def fragment(text: str, **options: Any) -> html.HtmlElement:
    """The HTML fragment ``text`` as a ``<div>`` that holds it; ``options`` are those of `parser`."""
    reader = parser(**options) if options else _PARSER
    content = html.fragments_fromstring(text, parser=reader)
    # `lxml.html.fragment_fromstring` makes its own with the parser whose elements take longer.
    root: html.HtmlElement = reader.makeelement("div")
    if content and isinstance(content[0], str):
        root.text = content.pop(0)
    root.extend(content)
    return root
