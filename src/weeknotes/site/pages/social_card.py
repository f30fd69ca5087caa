"""The picture that stands for the site where a link to it is shown elsewhere: its weeks as squares."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.pages.page import ComposedFile
from weeknotes.site.pages.record_page import Read, weeks_read
from weeknotes.site.pages.shell import Shell

HREF = "card.png"
#: What the Open Graph protocol's readers show best, in pixels.
_WIDTH, _HEIGHT = 1200, 630
_MARGIN = 120
_SQUARE, _STEP, _ACROSS = 26, 36, 26
_GROUND, _INK, _LINE = "#fbfcfa", "#1b2421", "#e6b3ae"
_SHADES = ("#e6ebe7", "#b9d5ca", "#7eb5a0", "#3f8c71", "#17604c")
_PICTURES = ("png", "jpg", "jpeg", "webp")


def picture_of(site: Site, page: PageRecord) -> str:
    """The site-relative address of the picture that stands for ``page``: its first figure that other
    sites can show, else that of the whole site."""
    for asset in site.assets(page.href):
        if asset.rpartition(".")[2].lower() in _PICTURES:
            return asset
    return HREF


def pages(shell: Shell, site: Site) -> Iterator[ComposedFile]:
    """The site's own picture; none where no address is configured by which others could ask for it."""
    if shell.site_url:
        yield SocialCard(shell, site, HREF)


class SocialCard(ComposedFile):
    """The site's own picture: its title, and a square for each of its latest weeks, the darker the
    more was read in it."""

    def made_from(self) -> Sequence[Any]:
        return [item.papers for item in self._latest()]

    def make(self) -> bytes:
        return _picture(self.shell.title, self._latest())

    def _latest(self) -> list[Read]:
        return weeks_read(self.site)[-_ACROSS * 9 :]


def _picture(title: str, read: Sequence[Read]) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    draw.line([(_MARGIN - 40, 0), (_MARGIN - 40, _HEIGHT)], fill=_LINE, width=3)
    # The one font that comes with Pillow knows Latin letters only.
    if title.isascii():
        draw.text((_MARGIN, 150), title, fill=_INK, font=ImageFont.load_default(72), anchor="ls")
    most = max((item.papers for item in read), default=0) or 1
    for number, item in enumerate(read):
        left = _MARGIN + number % _ACROSS * _STEP
        top = 230 + number // _ACROSS * _STEP
        shade = _SHADES[-(-item.papers * (len(_SHADES) - 1) // most)]
        draw.rounded_rectangle((left, top, left + _SQUARE, top + _SQUARE), 4, fill=shade)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()
