"""The settings of a page: its front matter overrides folder metadata, which overrides the project's
`_quarto.yml`.

Also says which keys the built-in renderer does not honour, so that none is passed over in silence.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes.engines.page import PageWarning
from weeknotes.engines.page_dates import HINT, PageDate, page_date
from weeknotes.engines.sources import folder_metadata, merge
from weeknotes.journal.project import Project

# Keys that act on the page that the built-in renderer writes.
HONOURED = frozenset(
    """title subtitle description author authors date week lang language-words categories keywords
    abstract aliases draft private output-file bibliography csl nocite link-citations link-bibliography
    suppress-bibliography citeproc notes-after-punctuation reference-section-title execute echo eval
    output warning include code-fold code-summary code-annotations code-line-numbers number-sections
    number-depth crossref reference-location citation-location default-image-extension profile
    citations-hover format project website weeknotes image image-alt kind start end tags""".split()
)
# Keys that change nothing that Weeknotes publishes: the looks come from its own theme, nothing is
# executed, and other output formats don't concern it. `html-math-method` counts only as MathML.
NO_CONCERN = frozenset(
    """theme css toc toc-depth toc-title toc-location toc-expand code-copy code-overflow code-tools
    highlight-style syntax-highlighting html-math-method embed-resources self-contained minimal
    page-layout anchor-sections smooth-scroll link-external-newwindow link-external-icon
    citations-hover footnotes-hover crossrefs-hover backgroundcolor fontsize mainfont monofont
    linestretch linkcolor grid max-width margin-top margin-bottom margin-left margin-right
    title-block-banner title-block-style title-block-categories date-format date-modified lightbox
    fig-format fig-dpi fig-width fig-height fig-responsive df-print ipynb-filters jupyter engine
    kernelspec filters-order keep-md keep-ipynb wrap comments search editor freeze cache enabled
    pagetitle title-prefix order id license copyright citation funding doi hide-description
    resources preview metadata-files respect-user-color-scheme email
    document-css section-divs standalone papermill parameters params""".split()
)
_PROJECT = frozenset(
    """type title output-dir render pre-render post-render resources preview lib-dir
    execute-dir""".split()
)
_WEBSITE = frozenset(
    """title description search site-url site-path favicon draft-mode drafts sidebar navbar
    page-navigation page-footer back-to-top-navigation bread-crumbs image image-alt open-graph
    twitter-card repo-url repo-actions reader-mode cookie-consent google-analytics""".split()
)
#: What no page of the site has, whichever engine renders it.
_WEBSITE_IGNORED = frozenset(
    """sidebar google-analytics cookie-consent open-graph twitter-card
    reader-mode announcement margin-header body-header body-footer margin-footer comments""".split()
)
_HTML_FORMATS = ("html", "html5")
# Whole-project keys that say nothing about a single page.
_NOT_META = frozenset(
    "project website weeknotes format execute crossref bibliography csl filters".split()
)


@dataclass(frozen=True)
class PageSettings:
    """Everything said about a page: `options` as merged, `meta` what a reader may be shown of it.

    Values are plain JSON: dates and times have become ISO 8601 strings. Paths in `bibliography` and
    `csl` are absolute.
    """

    options: dict[str, Any]
    meta: dict[str, Any]

    @property
    def lang(self) -> str:
        """The page's language, a BCP 47 tag."""
        return str(self.options.get("lang") or "en")

    def execute(self, name: str, default: object = True) -> object:
        """An option of `execute`, which may also be at the top."""
        options = self.options.get("execute")
        if isinstance(options, Mapping) and name in options:
            return options[name]
        return self.options.get(name, default)


def page_settings(project: Project, source: str, front: Mapping[str, Any]) -> PageSettings:
    """The settings of the page made from `source` whose front matter is `front`."""
    merged = _layer(project.config, project.root)
    for name, metadata in folder_metadata(project, source):
        merged = merge(merged, _layer(metadata, (project.root / name).parent))
    own = _layer(front, (project.root / source).parent)
    merged = merge(merged, own)
    meta = {key: value for key, value in merged.items() if key not in _NOT_META}
    if date := date_in(merged, source, _changed(project.root / source)):
        meta["date"] = date.iso
        if date.written:
            meta["date-written"] = date.written
    return PageSettings(options=merged, meta=meta)


def date_in(
    values: Mapping[str, Any], source: str, changed: float | None = None
) -> PageDate | None:
    """The `date` in metadata, which may be in a mapping of its own, beside its format (Quarto
    documentation, "Dates"); None where there is none. ``changed`` is when the source was changed."""
    value = values.get("date")
    value = value.get("value") if isinstance(value, Mapping) else value
    if value is None or isinstance(value, bool | list) or not str(value).strip():
        return None
    week, lang = (str(values.get(key) or "") for key in ("week", "lang"))
    return page_date(str(value), week=week, source=source, lang=lang, changed=changed)


def _changed(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _layer(values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """One level of metadata: its HTML format's options beside the others, paths made absolute."""
    plain: dict[str, Any] = as_json(values)
    formats = plain.get("format")
    if isinstance(formats, Mapping):
        for name in _HTML_FORMATS:
            if isinstance(formats.get(name), Mapping):
                plain = {**plain, **formats[name]}
    for key in ("bibliography", "csl"):
        if key in plain:
            plain[key] = _absolute(plain[key], folder)
    return plain


def _absolute(value: Any, folder: Path) -> Any:
    if isinstance(value, list):
        return [_absolute(item, folder) for item in value]
    if isinstance(value, str) and not re.match(r"https?://", value):
        return str((folder / value).resolve())
    return value


def as_json(value: Any) -> Any:
    """`value` as plain JSON: dates become ISO 8601 strings, other unknown kinds their text."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [as_json(item) for item in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)


def site_warnings(project: Project) -> tuple[PageWarning, ...]:
    """The keys of `website` in `_quarto.yml` that change nothing, whichever engine renders pages."""
    website = project.config.get("website")
    website = website if isinstance(website, Mapping) else {}
    return tuple(
        PageWarning(
            f"the site has no '{key}', which 'website' asks for",
            project.config_path.name,
            hint="Leave it out: the site has its own way around.",
        )
        for key in website
        if key in _WEBSITE_IGNORED and website[key] not in (False, None)
    )


def active_profiles(project: Project) -> list[str]:
    """The profiles that are active (Quarto documentation, "Project Profiles")."""
    named = os.environ.get("QUARTO_PROFILE")
    if named is not None:
        return re.split(r"[\s,]+", named.strip())
    profile = project.config.get("profile")
    default = profile.get("default") if isinstance(profile, Mapping) else None
    return [str(name) for name in default] if isinstance(default, list) else [str(default)]


def config_warnings(project: Project) -> tuple[PageWarning, ...]:
    """The keys of `_quarto.yml` and of folders' `_metadata.yml` that the built-in renderer ignores, and
    the files that Quarto would read beside `_quarto.yml` (Quarto documentation, "Project Profiles")."""
    name = project.config_path.name
    found = [_warning(key, name) for key in _unknown_keys(project.config)]
    beside = [f"_quarto-{profile}" for profile in active_profiles(project)]
    for other in (
        *(f"{stem}{end}" for stem in beside for end in (".yml", ".yaml")),
        f"{name}.local",
    ):
        if (project.root / other).is_file():
            message = f"the built-in renderer does not read it; Quarto adds it to {name}"
            hint = f"Render with Quarto where you need it, or write what it says into {name}."
            found.append(PageWarning(message, other, hint=hint))
    for path in sorted(project.root.glob("journal/**/_metadata.y*ml")):
        relative = path.relative_to(project.root)
        for file, metadata in folder_metadata(project, str(relative.parent / "x.ipynb")):
            if file == relative.as_posix():
                found += [_warning(key, file) for key in _unknown_keys(metadata)]
    return tuple(found)


def front_matter_warnings(
    source: str, front: Mapping[str, Any], cell: int | None
) -> list[PageWarning]:
    """The keys of a page's front matter that the built-in renderer ignores."""
    found = [_warning(key, source, cell) for key in _unknown_keys(front, closed=False)]
    return [*common_warnings(source, front, cell), *found]


def common_warnings(source: str, front: Mapping[str, Any], cell: int | None) -> list[PageWarning]:
    """The warnings about a page's front matter under either engine: a date that is not certain, words
    that are shown nowhere, and settings for its looks, which have no effect."""
    date = date_in(front, source)
    found = _look_warnings(source, front, cell)
    if date and date.problem:
        found.append(PageWarning(date.problem, source, cell, None, HINT, rule="front-matter-value"))
    for key in ("subtitle", "abstract"):
        if str(front.get(key) or "").strip():
            message = f"no page shows the '{key}' of its front matter"
            hint = "Write it as the first paragraph of the page."
            found.append(PageWarning(message, source, cell, None, hint))
    return found


def _look_warnings(source: str, front: Mapping[str, Any], cell: int | None) -> list[PageWarning]:
    formats = front.get("format")
    html = [formats.get(name) for name in _HTML_FORMATS] if isinstance(formats, Mapping) else []
    places = [place for place in (front, *html) if isinstance(place, Mapping)]
    return [
        PageWarning(
            f"'{key}' changes nothing on a single page",
            source,
            cell,
            hint="Name a style sheet in 'css' of _quarto.yml: it holds for all pages.",
        )
        for key in ("css", "theme")
        if any(place.get(key) not in (None, "default", "none") for place in places)
    ]


def _warning(key: str, file: str, cell: int | None = None) -> PageWarning:
    return PageWarning(
        f"the built-in renderer does not honour '{key}'",
        file,
        cell,
        hint="Render with Quarto where you need it, or leave it out.",
    )


def _unknown_keys(values: Mapping[str, Any], closed: bool = True) -> Iterator[str]:
    """Keys without effect, written `outer: inner`.

    With `closed`, every top-level key must be known; else only those that Quarto knows as its own
    and we don't honour, since front matter also holds the author's fields.
    """
    for key, value in values.items():
        if key == "format":
            yield from _unknown_formats(value)
        elif key == "project" and isinstance(value, Mapping):
            yield from (f"project: {k}" for k in value if k not in _PROJECT)
        elif key == "website" and isinstance(value, Mapping):
            yield from (f"website: {k}" for k in value if k not in _WEBSITE | _WEBSITE_IGNORED)
        elif key == "html-math-method":
            yield from _math_method(value)
        elif key == "filters" and _is_private_filter(value):
            continue  # What it does for Quarto, the built-in renderer does by itself.
        elif (closed and key not in HONOURED | NO_CONCERN) or key in _QUARTO_ONLY:
            yield str(key)


def _is_private_filter(filters: Any) -> bool:
    """Whether `filters` name no other than the one that takes out what is private."""
    names = filters if isinstance(filters, list) else [filters]
    paths = [name.get("path") if isinstance(name, Mapping) else name for name in names]
    return all(str(path).endswith("private.lua") for path in paths)


def _unknown_formats(value: Any) -> Iterator[str]:
    for name, options in value.items() if isinstance(value, Mapping) else ():
        if name not in _HTML_FORMATS:
            continue
        for key, option in options.items() if isinstance(options, Mapping) else ():
            if key == "html-math-method":
                yield from _math_method(option)
            elif key not in HONOURED | NO_CONCERN:
                yield f"format: {name}: {key}"


def _math_method(value: Any) -> Iterator[str]:
    method = value.get("method") if isinstance(value, Mapping) else value
    if method != "mathml":
        yield f"html-math-method: {method}"


_QUARTO_ONLY = frozenset(
    """filters shortcodes include-in-header include-before-body include-after-body template
    template-partials from reader shift-heading-level-by number-offset title-delim code-links
    other-links notebook-links tbl-cap-location fig-cap-location
    cap-location html-table-processing cite-method biblatexoptions
    metadata-files brand language top-level-division indented-code-classes identifier-prefix
    listing about figure-align fig-align tbl-colwidths shiny server dashboard variables
    manuscript book""".split()
)
