"""The pandoc that comes with Weeknotes."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

from weeknotes.errors import RenderError


@lru_cache(maxsize=1)
def pandoc_path() -> str:
    """The path of the pandoc that came with pypandoc_binary, else of the one that pypandoc finds.

    Raises RenderError where there is none.
    """
    spec = importlib.util.find_spec("pypandoc")
    folder = Path(spec.origin).parent / "files" if spec and spec.origin else Path()
    for name in ("pandoc", "pandoc.exe"):
        if (folder / name).is_file():
            return str(folder / name)
    # Looking elsewhere starts every pandoc that is found, to ask for its version.
    import pypandoc

    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise RenderError(
            "pandoc is not installed", hint="Reinstall Weeknotes: pip install weeknotes"
        ) from error
