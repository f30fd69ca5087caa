"""Hashes of how images look, which recognise a copy that was scaled, or saved in another format.

The hash is a difference hash: of the picture shrunk to a few grey points, which of two neighbours is
the brighter, along rows and along columns (the "dHash" of image search; 2 × 16 × 16 bits).
"""

from __future__ import annotations

import io
from dataclasses import dataclass

#: Bits of 512 in which two copies of one picture may differ.
ALIKE = 60
_SIDE = 16
#: A picture with less contrast than this, in grey levels, looks like any other.
_PLAIN = 3.0


@dataclass(frozen=True)
class Look:
    """A picture's hash, and its width divided by its height."""

    bits: int
    ratio: float

    def distance(self, other: Look) -> int:
        """The number of bits in which two pictures differ; all of them where their shapes do."""
        if abs(self.ratio / other.ratio - 1) > 0.08:
            return 2 * _SIDE * _SIDE
        return (self.bits ^ other.bits).bit_count()


def look_of(data: bytes) -> Look | None:
    """The look of the raster image ``data``; None if it is not an image, has one colour, or cannot
    be read."""
    from PIL import Image, ImageOps, ImageStat

    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > 100_000_000:
                return None
            # A smaller copy is turned as a camera's picture is shown.
            image = ImageOps.exif_transpose(opened)
            width, height = image.size
            if image.mode in ("RGBA", "LA", "P"):
                rgba = image.convert("RGBA")
                ground = Image.new("RGBA", rgba.size, "white")
                grey = Image.alpha_composite(ground, rgba).convert("L")
            else:
                grey = image.convert("L")
            small = grey.resize((_SIDE + 1, _SIDE + 1), Image.Resampling.BOX)
    except Exception:  # Pillow raises whatever its decoders do.
        return None
    if ImageStat.Stat(small).stddev[0] < _PLAIN:
        return None
    points = small.tobytes()
    row = _SIDE + 1
    bits = 0
    for y in range(_SIDE):
        for x in range(_SIDE):
            here = points[y * row + x]
            bits = (
                bits << 2
                | (here < points[y * row + x + 1]) << 1
                | (here < points[(y + 1) * row + x])
            )
    return Look(bits, width / height)
