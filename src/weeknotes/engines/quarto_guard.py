"""This module refuses sources that must not be passed to Quarto: those that would have it run a
program, read or write outside of the journal, or publish what this machine keeps in its
environment.

To the built-in renderer a source is text. Quarto obeys it: front matter names filters and files, also
in a block of YAML further down; shortcodes are followed wherever they are, in code, attributes and
the outputs of cells; and elements of the kinds that Quarto makes for itself are taken for its own.
What `_quarto.yml` and a folder's `_metadata.yml` say is the owner's word and not looked at here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from weeknotes.engines import chunks, front_matter_values
from weeknotes.engines.document import is_picture
from weeknotes.engines.front_matter_values import IN_CONFIGURATION, short
from weeknotes.engines.quarto_filter import FILTER
from weeknotes.engines.quarto_pieces import cells_of, pieces_of, strings_in, without_code
from weeknotes.engines.source_reading import read_source
from weeknotes.errors import ProjectError, RenderError, WeeknotesError
from weeknotes.journal.notebooks import joined
from weeknotes.journal.project import Project, read_yaml

#: Keys that run something, or change what is read, made or fetched, whatever their value.
_COMMANDS = frozenset(
    """filters shortcodes ipynb-filters engines knitr julia server from to reader writer defaults
    metadata-file metadata-files input-file input-files output-ext data-dir log-file extract-media
    resource-path lua-filters pandoc-args request-headers""".split()
)
#: Keys that do so where they are on.
_SWITCHES = frozenset(
    "embed-resources self-contained self-contained-math enabled ipynb comments".split()
)
#: Keys whose values name files.
_FILES = frozenset(
    """bibliography csl citation-abbreviations include-in-header include-before-body
    include-after-body template template-partials css theme resources brand logo highlight-style
    syntax-definition syntax-definitions title-block-banner listing about notebook-view reference-doc
    image favicon language abbreviations""".split()
)
#: Of these, what may be on another host, since a page names it and nothing fetches it.
_LINKED = frozenset(["image", "logo", "favicon", "css", "listing", "about", "theme"])
#: Mappings in which the same keys may occur.
_GROUPS = frozenset("format execute render pandoc metadata language identifier html html5".split())
#: Names of pandoc's own readers, with extensions; any other is a file whose code it runs.
_READER = re.compile(
    r"(?:markdown(?:_\w+)?|commonmark(?:_x)?|gfm|html|rst|org|mediawiki)(?:[+-]\w+)*", re.I
)

_SHORTCODE = re.compile(r"\{\{<(?P<inner>.{0,2000}?)>\}\}(?P<more>\}?)", re.S)
_NAME = re.compile(r"\s*/?([A-Za-z][\w-]*)(?=\s|\Z)(.*)", re.S)
_COMMENT = re.compile(r"\s*/\*.*\*/\s*", re.S)
_OPTION = re.compile(r"(?m)^[ \t>]*(?:%%|//|#|--)\|[ \t]*file[ \t]*:[ \t]*(\S.*?)[ \t]*$")
_INCLUDE = re.compile(r"^[ \t]*\{\{<[ \t]*include[ \t]+(\S[^\n]*?)[ \t]*>\}\}[ \t]*$", re.M)
#: What stands for elements that only Quarto itself may make.
_INTERNAL = re.compile(
    r"quarto-shortcode__|data-is-shortcode|__quarto_custom|12A0366C|quarto-file-metadata"
    r"|=\s*pandoc-(?:native|json|reader)|(?:<[a-z][^<>]*|\{[^{}\n]*)[\s\"'{](?:data-)?qmd(?:-base64)?\s*=",
    re.I,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*[=\s]*")
_PNG = "iVBORw0KGgo"
_UNFIT_NAME = re.compile("\\$\\{|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DEEPEST = 10


def refuse(project: Project, source: str) -> None:
    """Raise RenderError where `source`, POSIX from the project's root, holds such a thing."""
    if match := _UNFIT_NAME.search(source):
        # Quarto tells its hooks the names of pages a line each, and pandoc fills in variables.
        message = f"its name holds {match[0]!r}, which Quarto takes for something else"
        raise RenderError(message, file=source, hint="Rename the file.")
    rewrites = source.endswith(".ipynb") and _rewrites(project)
    _Guard(project.root, source, rewrites).look((project.root / source).read_bytes())


def would_run(project: Project, sources: Iterable[str]) -> tuple[WeeknotesError, ...]:
    """The pages of Markdown among ``sources`` whose code `quarto render` would run by itself.
    `weeknotes render` has Quarto show it."""
    found: list[WeeknotesError] = []
    for source in sources:
        if source.endswith(".ipynb"):
            continue
        try:
            page = read_source(project.root, source)
        except WeeknotesError:
            continue  # Reading it as a source tells what is wrong.
        named = sorted(chunks.languages("".join(cell.text for cell in page.cells)))
        if named and page.front.get("engine") != "markdown":
            found.append(
                RenderError(
                    f"'quarto render' would run its code ({', '.join(named)})",
                    file=source,
                    hint="Write 'engine: markdown' into its front matter, or use 'weeknotes render': "
                    "the page then shows the code.",
                )
            )
    return tuple(found)


def _rewrites(project: Project) -> bool:
    """Whether the journal's own filter takes placeholder images out of what Quarto reads: an older one
    does not."""
    filters = project.config.get("ipynb-filters")
    script = project.root / FILTER
    named = FILTER in filters if isinstance(filters, list) else False
    return named and script.is_file() and b"placeholder" in script.read_bytes()


@dataclass(frozen=True)
class _Guard:
    root: Path
    source: str
    rewrites: bool

    @property
    def folder(self) -> Path:
        return (self.root / self.source).parent

    def look(self, data: bytes) -> None:
        pieces = list(pieces_of(self.source, data))
        for cell, text, _ in pieces:
            self._text(text, cell)
        self._blocks((cell, text) for cell, text, is_code in pieces if not is_code)
        for number, whole in cells_of(self.source, data):
            self._attachments(whole, number)
            if whole.get("cell_type") == "code":
                self._options(next(strings_in(whole.get("source")), ""), number)
                self._images(whole.get("outputs"), number)

    def _attachments(self, cell: Mapping[str, Any], number: int) -> None:
        """Quarto makes a file of each, which is called after the cell and the attachment."""
        attached = cell.get("attachments")
        names = list(attached) if isinstance(attached, dict) else []
        for name in (str(cell.get("id") or ""), *map(str, names)):
            if re.search(r"[/\\\x00]", name) or name.startswith("."):
                message = f"{short(name)!r} is more than a name"
                raise self._fail(message, number, "Attach the file anew in JupyterLab.")
        for name in names:
            kinds = attached[name] if isinstance(attached, dict) else None
            if not isinstance(kinds, dict) or not all(is_picture(name, kind) for kind in kinds):
                message = f"the attachment {short(name)!r} is no image"
                raise self._fail(
                    message, number, "Keep it as a file in the journal, and link to it."
                )

    def _options(self, text: str, number: int) -> None:
        lines = re.match(r"(?:(?:#|//|--|%%)\|.*(?:\n|\Z))*", text)
        try:
            options = re.sub(r"(?m)^.{1,2}\|", "", lines[0] if lines else "")
            read_yaml(Path(self.source), options.encode("utf-8", "replace"))
        except ProjectError as error:
            message = f"the cell's options are {error.message}"
            raise self._fail(message, number, error.hint or "Write them as YAML.") from error

    def _images(self, outputs: Any, number: int) -> None:
        """Quarto stops at an image that is none."""
        for output in outputs if isinstance(outputs, list) else []:
            data = output.get("data") if isinstance(output, dict) else None
            for kind, value in data.items() if isinstance(data, dict) else ():
                text = joined(value)
                if not str(kind).startswith("image/") or text is None:
                    continue
                coded = "svg" in kind or _BASE64.fullmatch(text)
                if not coded or (kind == "image/png" and not text.lstrip().startswith(_PNG)):
                    message = f"the output of type {short(kind)} is not valid"
                    raise self._fail(message, number, "Run the cell again, or clear its output.")

    def _fail(
        self, message: str, cell: int | None, hint: str, where: str | None = None
    ) -> RenderError:
        return RenderError(message, file=where or self.source, cell=cell, hint=hint)

    def _text(self, text: str, cell: int | None, seen: tuple[Path, ...] = ()) -> None:
        """Look at the shortcodes and elements in `text`, as it is and with its entities read."""
        for form in {text, html.unescape(text)}:
            if match := _INTERNAL.search(form):
                raise self._fail(
                    f"{short(match[0])!r} stands for something that only Quarto makes",
                    cell,
                    "Leave it out, or render with: weeknotes render --engine builtin",
                    str(seen[-1].relative_to(self.root)) if seen else None,
                )
            for match in _SHORTCODE.finditer(form):
                escaped = match["more"] and form[max(0, match.start() - 1) : match.start()] == "{"
                if not escaped and not _COMMENT.fullmatch(match["inner"]):
                    self._shortcode(match["inner"], cell, seen)
            for match in _OPTION.finditer(form):
                self._path("file", match[1].strip("\"'"), cell)
            self._included(form, cell, seen)

    def _shortcode(self, inner: str, cell: int | None, seen: tuple[Path, ...]) -> None:
        said = "{{< " + short(inner) + " >}}"
        hint = f"Write {{{said}}} to show it as it is."
        match = _NAME.match(inner)
        name = match[1].lower() if match else ""
        if not match or "{{<" in inner:
            raise self._fail(f"{said} doesn't say which shortcode it is", cell, hint)
        if name == "env":
            message = f"{said} would publish a variable of this machine's environment"
            raise self._fail(message, cell, hint)
        if name == "placeholder" and not self.rewrites:
            raise self._fail(f"{said} would have Quarto fetch an image", cell, hint)
        if name not in ("include", "embed"):
            return
        for word in filter(None, re.split(r"[\s\"'=]+", match[2])):
            path = self._path(name, word.partition("#")[0], cell, said)
            if name == "include" and path and path.is_file() and path not in seen:
                if len(seen) >= _DEEPEST:
                    raise self._fail(f"includes are nested too deep at {said}", cell, hint)
                text = path.read_text("utf-8", "replace")
                self._text(text, cell, (*seen, path))
                self._blocks([(cell, text)])

    def _included(self, text: str, cell: int | None, seen: tuple[Path, ...]) -> None:
        """Refuse a line that includes a file that is not there: Quarto looks for it from the page's
        folder, in the notebook as it is without its filter, and would render no page at all."""
        for match in _INCLUDE.finditer(text):
            name = match[1].strip("\"'")
            base = self.root if name.startswith("/") else self.folder
            if not (base / name.lstrip("/")).is_file():
                said = match[0].strip()
                place = f" (in {seen[-1].relative_to(self.root)})" if seen else ""
                raise self._fail(
                    f"{said}{place} names a file that is not there, at which Quarto would stop",
                    cell,
                    f"Write the file, or {{{said}}} to show the words as they are.",
                )

    def _blocks(self, pieces: Iterable[tuple[int | None, str]]) -> None:
        """Look at every block of YAML: Quarto joins cells before it looks for them."""
        bare = ((cell, without_code(text)) for cell, text in pieces)
        lines = [(cell, line) for cell, text in bare for line in [*text.splitlines(), ""]]
        marks = [n for n, (_, line) in enumerate(lines) if _is_mark(line)]
        for start, end in pairwise(marks):
            if lines[start][1].strip(" \t>") != "---" or not lines[start + 1][1].strip():
                continue
            text = "\n".join(line for _, line in lines[start + 1 : end])
            self._yaml(text, lines[start][0])

    def _yaml(self, text: str, cell: int | None) -> None:
        try:
            values = read_yaml(Path(self.source), text.encode("utf-8", "replace"))
        except (ProjectError, ValueError, RecursionError):
            # What cannot be read here may be read by Quarto: its keys count as they look.
            keys = re.findall(r"(?m)^[\s{,\"'?-]*([a-z0-9-]+)[\"']?\s*:", text)
            values = {key: True for key in keys if key in _COMMANDS | _SWITCHES}
        if isinstance(values, dict):
            self._keys(values, cell)

    def _keys(self, values: Mapping[Any, Any], cell: int | None) -> None:
        for key, value in values.items():
            name = str(key).strip()
            self._key(name, value, cell)
            if name in _GROUPS and isinstance(value, dict):
                self._keys(value, cell)
            for text in strings_in(value):
                self._text(text, cell)
                if re.search(r"\{\{<\s*meta\b", text):
                    # Quarto would look for ever where a value asks for itself.
                    message = f"the value of '{name}' may not ask for another one"
                    raise self._fail(message, cell, "Write out what it should say.")

    def _key(self, name: str, value: Any, cell: int | None) -> None:
        off = value is None or value is False or str(value).lower() in ("false", "no", "off")
        if name in ("from", "reader") and _READER.fullmatch(str(value)):
            return
        if name in _COMMANDS or (name in _SWITCHES and not off):
            message = f"front matter may not set '{name}' for Quarto"
            raise self._fail(message, cell, IN_CONFIGURATION)
        if name == "jupyter" and off:
            return
        for message, hint in front_matter_values.faults(self.source, name, value):
            raise self._fail(message, cell, hint)
        if name in _FILES:
            for text in strings_in(value):
                if name not in _LINKED or not re.match(r"https?://", text):
                    self._path(name, text, cell)

    def _path(self, what: str, name: str, cell: int | None, said: str | None = None) -> Path | None:
        """The file that `name` means, None for an empty one; it is within the project."""
        name = name.strip()
        if not name or "\n" in name or len(name) > 1000:
            return None
        path = self.root / name.lstrip("/") if name.startswith("/") else self.folder / name
        outside = bool(re.match(r"[a-z][a-z0-9+.-]*://|[a-z]:[\\/]|~", name, re.I))
        try:
            path = path.resolve()
            outside = outside or not path.is_relative_to(self.root.resolve())
            # An absolute path starts at the journal for Quarto, and at the root for pandoc.
            outside = outside or (
                name.startswith("/") and not path.exists() and Path(name).exists()
            )
        except (OSError, ValueError, RuntimeError):
            return None
        if outside:
            shown = said or f"'{what}: {short(name)}'"
            hint = "Name a file within the journal."
            if said:
                hint = f"{hint} Write {{{said}}} to show it as it is."
            raise self._fail(f"{shown} leads out of the journal", cell, hint)
        return path


def _is_mark(line: str) -> bool:
    return line.strip(" \t>") in ("---", "...")


def errors(project: Project, sources: Iterable[str]) -> tuple[WeeknotesError, ...]:
    """The error of `refuse` for each of `sources` that it refuses."""
    found: list[WeeknotesError] = []
    for source in sources:
        try:
            refuse(project, source)
        except WeeknotesError as error:
            found.append(error)
        except OSError:
            continue  # Reading it as a source tells what is wrong.
    return tuple(found)
