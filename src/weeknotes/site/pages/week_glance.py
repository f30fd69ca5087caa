"""The week at a glance: what the generated cells of a week show, as the site shows it.

The cells' outputs are made to be read anywhere, and so in one size and in mid-tones. On the site their
chart is drawn again, in the page's colours, its labels as large as other text and with links to the
topics; and all of it is folded, since it comes before what was written.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from weeknotes.i18n import language, languages
from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.html import graph, markup
from weeknotes.site.pages.shell import Shell
from weeknotes.text import charts

#: The ids of the cells, from their labels in the template of a week.
CELLS = ("cell-reading-list", "cell-categories")
_LARGEST_CHART = 65536
#: What an import puts into the place of a picture that isn't there (`importers.images`).
STANDS_FOR_MISSING = "assets/images/missing-picture.svg"


def fold(tree: HtmlElement, shell: Shell, page: PageRecord) -> None:
    """Put the generated cells of ``page`` into a fold, one line until its reader opens it: what the
    author wrote comes first."""
    cells = drop_keys(tree)
    if not cells or not any(cell.xpath(".//table|.//img") for cell in cells):
        return
    details = html.Element("details")
    details.set("class", "glance")
    details.set("data-fold", f"{page.href}#glance")
    summary = html.Element("summary")
    summary.text = shell.strings("glance")
    if shell.strings.lang != page.lang:
        summary.set("lang", shell.strings.lang)
    details.append(summary)
    cells[0].addprevious(details)
    details.extend(cells)


def drop_keys(tree: HtmlElement) -> list[HtmlElement]:
    """Take the column of citation keys out of the tables of what was added: they are the author's own
    means, and say nothing to a reader. The generated cells of the page ``tree`` are returned."""
    cells = [cell for cell in tree if cell.get("id") in CELLS]
    for cell in cells:
        _drop_keys_of(cell)
    return cells


def _drop_keys_of(cell: HtmlElement) -> None:
    names = {language(tag).library_table["key"] for tag in languages()}
    for table in cell.iter("table"):
        heads = table.xpath("./thead/tr[1]/*")
        place = next((n for n, h in enumerate(heads) if h.text_content().strip() in names), None)
        for row in table.iter("tr") if place is not None else ():
            if len(row) == len(heads):
                row[place].drop_tree()


def redraw_charts(
    tree: HtmlElement, page: PageRecord, assets: Mapping[str, str], hrefs: Mapping[str, str]
) -> None:
    """Draw the bar charts that Weeknotes made for ``page`` anew, as tables with bars. ``assets`` are
    the page's files by site path, ``hrefs`` the pages of its topics.

    An imported report had a picture of the same numbers. Where that was not there, nothing need be
    for it beside the chart."""
    for image in list(tree.iter("img")):
        found = chart_at(page.href, image.get("src", ""), assets)
        if found is None:
            continue
        parent = image.getparent()
        place = parent if parent is not None and parent.tag == "p" and len(parent) == 1 else image
        place.addprevious(_table(found, page, hrefs))
        _drop_stand_in(place)
        place.drop_tree()


def _drop_stand_in(chart: HtmlElement) -> None:
    """Take out what stands for a missing picture right below the cell that ``chart`` is in."""
    cell = next(
        (e for e in chart.iterancestors("div") if "cell" in e.get("class", "").split()), None
    )
    below = cell.getnext() if cell is not None else None
    if below is None or below.tag not in ("figure", "p", "div"):
        return
    images = list(below.iter("img"))
    captions = "".join(c.text_content() for c in below.iter("figcaption"))
    alone = len(images) == 1 and below.text_content().split() == captions.split()
    if alone and images[0].get("src", "").endswith(STANDS_FOR_MISSING):
        below.drop_tree()


def chart_at(href: str, address: str, assets: Mapping[str, str]) -> charts.Bars | None:
    """The title and numbers of the chart at ``address`` on the page at ``href``; None for any other
    image."""
    if not address.endswith(".svg"):
        return None
    site_path = posixpath.normpath(posixpath.join(posixpath.dirname(href), unquote(address)))
    path = assets.get(site_path)
    try:
        if path is None or Path(path).stat().st_size > _LARGEST_CHART:
            return None
        return charts.read_bars(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _table(chart: charts.Bars, page: PageRecord, hrefs: Mapping[str, str]) -> HtmlElement:
    most = max(count for _, count in chart.rows) or 1
    rows = [
        Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>').format(
            _label(label, page, hrefs), graph.bar(count / most), count
        )
        for label, count in chart.rows
    ]
    table = Markup('<table class="bars"><caption>{}</caption><tbody>{}</tbody></table>')
    return html.fragment_fromstring(table.format(chart.title, Markup("").join(rows)))


def _label(label: str, page: PageRecord, hrefs: Mapping[str, str]) -> str:
    """The label of a bar, a link where it is a topic."""
    href = hrefs.get(label)
    if href is None:
        return label
    return Markup('<a href="{}">{}</a>').format(markup.rebased(href, "", page.href), label)
