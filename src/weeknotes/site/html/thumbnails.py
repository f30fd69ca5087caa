"""Small versions of images, made when the site is built."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from weeknotes.files import stat_of
from weeknotes.site.data.page_records import FileArtifact
from weeknotes.text.image_size import image_size

#: The greatest width and height, in pixels: twice what the gallery shows, for dense screens.
SIZE = (560, 420)
_SCALED = frozenset(("png", "jpg", "jpeg", "gif", "webp"))
_FOLDER = "thumbs/"


def thumbnail_of(asset: str) -> str:
    """The address of the small version of the image at the site path ``asset``: its own address for a
    drawing, which is shown at any size."""
    if asset.rpartition(".")[2].lower() not in _SCALED:
        return asset
    return f"{_FOLDER}{hashlib.blake2b(asset.encode(), digest_size=8).hexdigest()}.webp"


def artifacts(assets: Mapping[str, str]) -> list[FileArtifact]:
    """The small versions of ``assets`` (site path → file) that need one."""
    made = []
    for asset, path in assets.items():
        href = thumbnail_of(asset)
        if href != asset:
            inputs = f"thumb:{SIZE} {stat_of(Path(path))}"
            made.append(FileArtifact(href, inputs, lambda path=path: make(Path(path))))  # type: ignore[misc]
    return made


def whole_of(digest: str) -> str:
    """The address of the file for an image with this ``digest`` that is part of a page itself."""
    return f"{_FOLDER}{digest}-whole.webp"


def embedded_artifacts(digest: str, read: Callable[[], bytes]) -> list[FileArtifact]:
    """The image that ``read`` gives, which is in a page and has this ``digest``: whole, and
    small."""
    whole = whole_of(digest)
    return [
        FileArtifact(whole, f"whole:{digest}", lambda: _as_webp(read(), None)),
        FileArtifact(thumbnail_of(whole), f"thumb:{SIZE} {digest}", lambda: _as_webp(read(), SIZE)),
    ]


def make(path: Path) -> bytes:
    """The image at ``path`` scaled down to fit `SIZE`, as WebP without any metadata; what is no image
    that can be read stays as it is."""
    return _as_webp(path.read_bytes(), SIZE)


def _as_webp(data: bytes, fit: tuple[int, int] | None) -> bytes:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data)) as image:
            turned = ImageOps.exif_transpose(image)
            if fit:
                turned.thumbnail(fit)
            wanted = "RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB"
            stream = io.BytesIO()
            turned.convert(wanted).save(stream, "WEBP", quality=82 if fit else 92, method=2)
            return stream.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return data


def shown_size(path: str) -> tuple[int, int] | None:
    """Width and height in CSS pixels that the small version of ``path`` takes; None if unknown."""
    size = image_size(Path(path))
    return scaled(size) if size else None


def scaled(size: tuple[int, int]) -> tuple[int, int]:
    """The size that the small version of an image of ``size`` has."""
    scale = min(1, SIZE[0] / size[0], SIZE[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
