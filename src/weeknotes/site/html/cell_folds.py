"""This module folds parts of a code cell: the code that draws a figure, and an output that is very
long.

The figure is what is read; the code stays one tap away. A cell whose code folds already (`code-fold`
in the cell or the configuration) is left alone, so that `#| code-fold: show` keeps it open.
"""

from __future__ import annotations

from lxml import html
from lxml.html import HtmlElement

from weeknotes.i18n.engine_words import words
from weeknotes.i18n.strings import Strings

#: An output of more lines than this, or a table of more rows, is folded.
MOST_LINES = 40
_PICTURES = ".//img|.//svg|.//video|.//figure[.//img or .//svg]"


def fold_cells(tree: HtmlElement, lang: str) -> None:
    """Fold in each code cell of ``tree`` the code above a figure, and outputs of more than 40 lines.
    ``lang`` is the page's language, in which the folds say what they hold."""
    for cell in tree.iter("div"):
        if "cell" not in cell.get("class", "").split():
            continue
        outputs = [e for e in cell if "sourceCode" not in e.get("class", "") and e.tag != "details"]
        code = next((e for e in cell if _is_code(e)), None)
        if code is not None and any(
            output.xpath(_PICTURES) or _is_picture(output) for output in outputs
        ):
            _wrap(code, "code-fold", words(lang)["code"])
    for output in list(tree.iter("div")):
        if "cell-output" not in output.get("class", "").split():
            continue
        if (lines := _lines(output)) > MOST_LINES:
            _wrap(output, "output-fold", Strings(lang).count("output_lines", lines))


def _is_code(element: HtmlElement) -> bool:
    return element.tag == "div" and "sourceCode" in element.get("class", "").split()


def _is_picture(element: HtmlElement) -> bool:
    return element.tag in ("img", "svg", "video")


def _lines(output: HtmlElement) -> int:
    """The number of lines that ``output`` takes: those of its text, or the rows of its tables."""
    text = sum(str(pre.text_content()).strip("\n").count("\n") + 1 for pre in output.iter("pre"))
    return max(text, sum(1 for _ in output.iter("tr")))


def _wrap(element: HtmlElement, name: str, words_of_it: str) -> None:
    if any("fold" in around.get("class", "") for around in element.iterancestors("details")):
        return
    details = html.Element("details")
    details.set("class", name)
    summary = html.Element("summary")
    summary.text = words_of_it
    details.append(summary)
    details.tail, element.tail = element.tail, None
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, details)
        details.append(element)
