"""A post of Quarto: a folder of ``.qmd`` or ``.md`` files, as a blog with a listing has them.

::

    posts/bells/index.qmd
    ---
    title: Bells that count
    date: 2024-07-01
    bibliography: refs.bib
    ---
    Counting is hard [@kim2024].

    ```{python}
    1 + 1
    ```

The post becomes a digest of its day. It is pandoc's Markdown already and stays as it is; chunks in
Python become code cells, which nothing has run yet, and those in other languages are shown as code. The
papers that it cites come from its bibliography, and a draft stays a draft.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.front_matter import block_length
from weeknotes.importers.pandoc_pages import plan, split
from weeknotes.importers.source_files import Source, SourceError, SourcePlace

# What Quarto and pandoc read, and GitHub and the generators of blogs don't.
_SIGNS = re.compile(
    r"^:{3,}\s*\{?\S|\[[^\[\]\n]+\]\{[.#]|\[-?@[^\W\d]|\{\{< \w|(?<=\w)[~^][\w+-]+[~^](?!\w)|"
    r"^(?:execute|bibliography|format|listing|code-fold):",
    re.M,
)


def text_of(place: SourcePlace) -> str:
    """The text of a ``.qmd`` or ``.Rmd`` file."""
    try:
        return place.path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"no text in UTF-8: {error}", file=place.name) from error


def sniff(source: Source) -> Evidence:
    """The suffix; or front matter and Quarto's marks in a folder that Quarto makes a site of."""
    if source.place.path.suffix.lower() in (".qmd", ".rmd"):
        return Evidence(12.0, (f"a name that ends in {source.place.path.suffix}",))
    if not block_length(list(enumerate(source.lines[:300], 1))):
        return Evidence()
    text = "\n".join(source.lines)
    if _site(source.place.path.parent, source.place.root) and _SIGNS.search(text):
        return Evidence(4.0, ("_quarto.yml above it, and marks that only pandoc reads",))
    return Evidence()


@lru_cache(maxsize=512)
def _site(folder: Path, root: Path) -> bool:
    above = (parent for parent in (folder, *folder.parents) if parent.is_relative_to(root))
    return any((parent / "_quarto.yml").is_file() for parent in above)


def is_post(path: Path) -> bool:
    """Whether a file is a page of its own, rather than a part that others include."""
    return not path.name.startswith("_")


FORMAT = Format(
    "quarto",
    "posts of Quarto or R Markdown (.qmd, .Rmd, .md in a Quarto site)",
    sniff,
    plan,
    suffixes=(".qmd", ".rmd"),
    convert=text_of,
    accepts=is_post,
    split=split,
    pandoc=True,
)
