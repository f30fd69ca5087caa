"""Rules about images."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from weeknotes.checks.findings import Finding
from weeknotes.checks.journal_pages import ELSEWHERE, Pages
from weeknotes.checks.link_rules import near_file, short
from weeknotes.journal.project import Project

LARGE_IMAGE = 2_000_000
"""Bytes from which on an image is slow to load, and to clone."""
IMAGES = frozenset(".png .jpg .jpeg .gif .webp .avif .svg .bmp .tif .tiff".split())

_PHOTOS = frozenset(".jpg .jpeg .webp .tif .tiff".split())
_GPS, _LATITUDE = 0x8825, 2


def images(pages: Pages, all_of_it: bool) -> Iterator[Finding]:
    """Images that are missing, outside, large, without a word, that tell a place, or (with
    ``all_of_it``) are unused."""
    used: set[Path] = set()
    large: set[Path] = set()
    sizes: dict[Path, int | None] = {}
    for source, facts in pages.sources.items():
        hosts = pages.hosts(source)
        for target, described, cell, line in facts.mentions.images:
            place = (cell or None, line or None)
            if not described and not target.startswith("attachment:"):
                yield Finding(
                    "image-alt",
                    source,
                    f"the image {short(target)} has neither caption nor alt text",
                    *place,
                    "Say in the brackets what it shows: ![…](…).",
                )
            if not target:
                yield Finding(
                    "image-missing",
                    source,
                    "the image has no address",
                    *place,
                    "Write one, or take it out.",
                )
            if not target or ELSEWHERE.match(target) or target.startswith("#"):
                continue
            for path in dict.fromkeys(pages.local(host, target) for host in hosts):
                if path is not None:
                    used.add(path)
                    if path not in sizes:
                        sizes[path] = _size(path)
                problem = _problem(source, target, path, sizes, large, place)
                if problem:
                    yield problem
                    break
        used.update(_linked(pages, source, hosts))
    # A page that cannot be read may show any of them.
    if all_of_it and all(facts.read for facts in pages.sources.values()):
        yield from _unused(pages.project, used)


def _linked(pages: Pages, source: str, hosts: Iterable[str]) -> Iterator[Path]:
    """The local files that a source links to or has as its own image."""
    facts = pages.sources[source]
    for target, _, _ in facts.mentions.links:
        for host in hosts:
            if not ELSEWHERE.match(target) and (path := pages.local(host, target)) is not None:
                yield path
    image = facts.front.get("image")
    if isinstance(image, str) and (path := pages.local(source, image)):
        yield path


def _problem(
    source: str,
    target: str,
    path: Path | None,
    sizes: dict[Path, int | None],
    large: set[Path],
    place: tuple[int | None, int | None],
) -> Finding | None:
    if path is None:
        return Finding(
            "image-outside",
            source,
            f"{short(target)} is outside of the journal",
            *place,
            "Copy it to assets/images.",
        )
    size = sizes[path]
    if size is None:
        return Finding(
            "image-missing", source, f"{short(target)} does not exist", *place, near_file(path)
        )
    if path.suffix.lower() in _PHOTOS and path not in large and tells_place(path):
        large.add(path)
        return Finding(
            "image-place",
            source,
            f"the photo {short(target)} says where it was taken, and is published as it is",
            *place,
            "Take its metadata out: exiftool -gps:all= FILE, or save it anew without them.",
        )
    if size > LARGE_IMAGE and path.suffix.lower() in IMAGES and path not in large:
        large.add(path)
        return Finding(
            "image-large",
            source,
            f"{short(target)} has {size / 1e6:.1f} MB",
            *place,
            "Scale it to the width of a page (1600 pixels), or save it as WebP.",
        )
    return None


def tells_place(path: Path) -> bool:
    """Whether the metadata of the photo at ``path`` has the latitude of the place where it was taken
    (Exif 2.3, section 4.6.6, "GPS attribute information")."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            return _LATITUDE in image.getexif().get_ifd(_GPS)
    except Exception:  # Pillow raises whatever its decoders do; a broken image says nothing.
        return False


def _unused(project: Project, used: set[Path]) -> Iterator[Finding]:
    elsewhere = _named_elsewhere(project)
    for file in files(project):
        path = project.root / file
        if path.suffix.lower() in IMAGES and path not in used and path.name not in elsewhere:
            yield Finding(
                "image-unused",
                file,
                "nothing shows it",
                None,
                None,
                "Delete it if you no longer need it.",
            )


def files(project: Project) -> list[str]:
    """The files in ``assets/images``, as paths from the journal's folder, sorted."""
    folder = project.root / "assets" / "images"
    walked = (Path(here) / name for here, _, names in os.walk(folder) for name in names)
    return sorted(path.relative_to(project.root).as_posix() for path in walked)


def _named_elsewhere(project: Project) -> str:
    """Texts of the project beside its pages that may name an image."""
    paths = [project.config_path, *project.root.glob("*.md"), *project.templates.glob("*.ipynb")]
    return "\n".join(p.read_text("utf-8", "replace") for p in paths if p.is_file())


def _size(path: Path) -> int | None:
    """Bytes of a file; None where it is not one."""
    try:
        return path.stat().st_size if path.is_file() else None
    except (OSError, ValueError):
        return None
