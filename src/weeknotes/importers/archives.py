"""Archives: a zip file, as Notion exports one, unpacked so that nothing in it leads elsewhere."""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from weeknotes.importers.source_files import SourceError

_MOST_FILES = 50_000
_MOST_BYTES = 2_000_000_000
_NUMBER = re.compile(r"[-_ ]*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}.*$", re.I)


def is_archive(path: Path) -> bool:
    """Whether ``path`` is a zip file."""
    return path.suffix.lower() == ".zip" and path.is_file()


def unpack(path: Path, into: Path) -> Path:
    """The folder in ``into`` with the files of the archive ``path``.

    It is named after the archive, without the number that each export of Notion has, so that the
    same page is known again in the next one. An archive in an archive is unpacked as well, once:
    large exports come in parts. Links, and names that lead out of the folder, are left out. Raises
    SourceError for what is no archive, or is unreasonably large.
    """
    folder = into / (_NUMBER.sub("", path.stem) or "Export")
    try:
        _extract(path, folder)
        for part in sorted(folder.rglob("*.zip")):
            _extract(part, part.parent)
            part.unlink()
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"cannot be unpacked: {error}", file=path.name) from error
    return folder


def _extract(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        size = sum(info.file_size for info in infos)
        if len(infos) > _MOST_FILES or size > _MOST_BYTES:
            raise SourceError(
                f"too large: {len(infos)} files, {size / 1e6:.0f} MB unpacked", file=path.name
            )
        for info in infos:
            target = _target(info, folder)
            if target is None:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, target.open("wb") as made:
                shutil.copyfileobj(_Limited(source, info.file_size), made)


def _target(info: zipfile.ZipInfo, folder: Path) -> Path | None:
    """The path to which a file of an archive is extracted; None for folders, links and names that
    lead elsewhere."""
    name = PurePosixPath(info.filename.replace("\\", "/"))
    if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16) or name.is_absolute():
        return None
    if any(part in ("..", "") or "\x00" in part or ":" in part[:2] for part in name.parts):
        return None
    if any(part.startswith(("__MACOSX", ".")) for part in name.parts):
        return None
    return folder.joinpath(*name.parts)


class _Limited:
    """A file that ends where its entry says, whatever the data hold."""

    def __init__(self, source: object, size: int) -> None:
        self._source = source
        self._left = size

    def read(self, size: int = -1) -> bytes:
        """The next ``size`` bytes at most."""
        size = self._left if size < 0 else min(size, self._left)
        data: bytes = self._source.read(size) if size else b""  # type: ignore[attr-defined]
        self._left -= len(data)
        return data
