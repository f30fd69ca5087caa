"""Values of front matter that Quarto may not be given: it would run something, write outside of the
site, or stop at them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from weeknotes.engines.quarto_pieces import strings_in

Faults: TypeAlias = Iterator[tuple[str, str]]
"""What is wrong, and what to do, for each thing that is."""

IN_CONFIGURATION = "Say it in _quarto.yml if the whole journal needs it, or leave it out."
_ENGINES = frozenset(["jupyter", "markdown"])
#: Formats that are made without running what a page says: TeX would, and an unknown name may be that
#: of a writer in a file.
_FORMATS = frozenset(
    """html html4 html5 typst docx odt pptx rtf epub epub2 epub3 revealjs gfm commonmark markdown
    plain none""".split()
)
#: The templates that Quarto brings along; any other is a file whose code it runs.
_TEMPLATES = frozenset("jolla trestles solana marquee broadside default".split())
#: A backslash in a Haskell string, which Quarto writes categories as, before what it may be before.
_HASKELL_ESCAPE = re.compile(
    r"\\(?:[abfnrtv\\\"'&\d]|[xo][\da-fA-F]|\^[A-Z@\[\\\]^_]|[A-Z]{2,3}|\s)"
)


def _engine(source: str, name: str, value: Any) -> Faults:
    if str(value) not in _ENGINES:
        message = f"front matter may not choose the engine {value!r}"
        yield message, IN_CONFIGURATION


def _kernel(source: str, name: str, value: Any) -> Faults:
    if not source.endswith(".ipynb"):
        message = "front matter may not choose a kernel for a page of Markdown"
        yield message, "Leave 'jupyter' out: the page shows its code."


def _template(source: str, name: str, value: Any) -> Faults:
    for template in _templates(value):
        if template not in _TEMPLATES:
            message = f"front matter may not give '{name}' the template {template!r}"
            known = ", ".join(sorted(_TEMPLATES - {"default"}))
            yield message, f"Quarto's own are: {known}."


def _format(source: str, name: str, value: Any) -> Faults:
    for format_name in value if isinstance(value, dict) else [value]:
        if str(format_name).lower() not in _FORMATS:
            message = f"front matter may not ask for the format {str(format_name)!r}"
            yield message, IN_CONFIGURATION


def _language(source: str, name: str, value: Any) -> Faults:
    if value is not None and not isinstance(value, str):
        yield "'lang' is no language", "Write it as in: lang: ko"


def _output_file(source: str, name: str, value: Any) -> Faults:
    if re.search(r"[/\\]", str(value)):
        message = f"'output-file: {value}' is more than a name"
        yield message, "Name a file without a folder."


def _aliases(source: str, name: str, value: Any) -> Faults:
    for address in strings_in(value):
        place = "" if address.startswith("/") else posixpath.dirname(source)
        target = posixpath.normpath(posixpath.join(place, address.lstrip("/")))
        if target.startswith("..") or re.search(r"[<>\"'&\\\x00-\x1f]|:", address):
            message = f"the alias {short(address)!r} is no address within the site"
            yield message, "Write it as an address: /old/name.html"


def _categories(source: str, name: str, value: Any) -> Faults:
    for text in strings_in(value):
        if "\\" in _HASKELL_ESCAPE.sub("", text):
            message = f"Quarto cannot read the backslash in the category {short(text)!r}"
            yield message, "Write the category without it."


def _authors(source: str, name: str, value: Any) -> Faults:
    """Quarto reads a name as BibTeX does."""
    for text in strings_in(value):
        bare, depth = re.sub(r"\\.", "", text, flags=re.S), 0
        for character in bare:
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth < 0:
                break
        if depth or "\\" in bare:
            message = f"Quarto cannot read the author {short(text)!r}"
            yield message, "Open and close each brace; end without a backslash."


def _templates(value: Any) -> Iterator[str]:
    """The values of `template` anywhere in ``value``."""
    for item in value if isinstance(value, list) else ():
        yield from _templates(item)
    for key, item in value.items() if isinstance(value, dict) else ():
        if key == "template":
            yield str(item)
        else:
            yield from _templates(item)


def short(text: str) -> str:
    """``text`` on one line of at most 60 characters, to be shown in a message."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


#: What judges the value of a key.
_JUDGES: Mapping[str, Callable[[str, str, Any], Faults]] = {
    "engine": _engine,
    "jupyter": _kernel,
    "listing": _template,
    "about": _template,
    "format": _format,
    "lang": _language,
    "output-file": _output_file,
    "aliases": _aliases,
    "categories": _categories,
    "author": _authors,
    "authors": _authors,
}


def faults(source: str, name: str, value: Any) -> Faults:
    """What Quarto may not be given of the key ``name`` with ``value`` in the front matter of
    ``source``, POSIX from the project's root."""
    judge = _JUDGES.get(name)
    return judge(source, name, value) if judge else iter(())
