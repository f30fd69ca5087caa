"""The shell around every page: header, navigation, title block, footer.

A `Shell` is made once a build. It knows what is the same on every page, and its fingerprint is
for all of that, so that a page's own inputs stay few.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import marshal
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from weeknotes import __version__
from weeknotes.files import code_fingerprint, write_cache
from weeknotes.i18n.strings import Strings
from weeknotes.journal.project import Project
from weeknotes.site.data.page_records import Artifact, FileArtifact, PageRecord
from weeknotes.site.html.policy import allowed_hosts, content_policy
from weeknotes.site.pages import own_styles
from weeknotes.site.pages.private_marks import mark_links, private_pages
from weeknotes.site.pages.remarks import Remarks, remarks_of
from weeknotes.site.theme.assets import THEME, Theme

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.bccache import Bucket
    from markupsafe import Markup

_FAVICON = "favicon.svg"


@dataclass(frozen=True)
class NavItem:
    """An entry of the navigation bar: a text and an address (site-relative, or of another site)."""

    text: str
    href: str


@dataclass(frozen=True)
class Shell:
    """The frame around every page of one site.

    ``lang`` is the site's language; ``site_url`` its address with a slash at the end, empty where
    it isn't configured; ``policy`` says what a page may load and run, ``hosts`` from which other hosts
    it may load images, videos and frames; ``footer`` are the three parts of the page's foot, Markdown
    of one line each.
    """

    title: str
    description: str
    lang: str
    site_url: str
    author: str
    policy: str
    navbar: Mapping[str, tuple[NavItem, ...]]
    footer: Mapping[str, str]
    favicon: str
    theme: Theme
    hosts: tuple[str, ...] = ()
    remarks: Remarks | None = None
    has_digests: bool = False
    shows_private: bool = False
    private: Mapping[str, str] = field(default_factory=dict)
    root_folder: Path = field(default=Path(), compare=False)
    styles: tuple[Artifact, ...] = field(default=(), compare=False)
    own_styles: tuple[str, ...] = ()

    @classmethod
    def of(cls, project: Project, pages: Sequence[PageRecord]) -> Shell:
        """The shell that ``project``'s configuration asks for. ``pages`` resolve the links to
        sources in its navigation bar."""
        website = _mapping(project.config.get("website"))
        navbar = _mapping(website.get("navbar"))
        hrefs = {page.source: page.href for page in pages}
        url = str(website.get("site-url") or "")
        remarks = remarks_of(project)
        hosts = allowed_hosts(project)
        return cls(
            title=str(navbar.get("title") or project.title),
            description=_plain(website.get("description")),
            lang=project.lang,
            site_url=url.rstrip("/") + "/" if url else "",
            author=project.author,
            policy=content_policy(hosts, remarks.hosts if remarks else ()),
            hosts=hosts,
            remarks=remarks,
            navbar={side: _nav_items(navbar.get(side), hrefs) for side in ("left", "right")},
            footer=_footer(website.get("page-footer")),
            favicon=str(website.get("favicon") or ""),
            theme=Theme.load(),
            has_digests=any(page.kind == "digest" for page in pages),
            shows_private=project.shows_private,
            private=private_pages(project, pages),
            root_folder=project.root,
            styles=tuple(own_styles.artifacts(project)),
            own_styles=own_styles.own_styles(project),
        )

    @cached_property
    def strings(self) -> Strings:
        """The chrome's words."""
        return Strings(self.lang)

    @cached_property
    def fingerprint(self) -> str:
        """Changes when anything does that is the same on every page: configuration, theme, code."""
        nav = {side: [(n.text, n.href) for n in items] for side, items in self.navbar.items()}
        parts: list[Any] = [
            self.title,
            self.description,
            self.lang,
            self.site_url,
            self.author,
            self.policy,
            repr(self.remarks),
            nav,
            dict(self.footer),
        ]
        parts += [self.favicon, self.theme.fingerprint, self.has_digests]
        parts += [[sheet.href, sheet.inputs] for sheet in self.styles]
        parts += [self.shows_private, sorted(self.private.items())]
        return fingerprint(*parts, __version__, code_fingerprint())

    @cached_property
    def root_path(self) -> str:
        """The path under which the site is served, as far as ``site-url`` tells; ends in a slash."""
        return urlsplit(self.site_url).path or "/"

    def artifacts(self) -> list[Artifact]:
        """The files that all pages share: the theme's and the favicon."""
        files = [*self.theme.artifacts, *self.styles]
        icon = self.root_folder / self.favicon
        if self.favicon and icon.is_file():
            stat = icon.stat()
            inputs = f"file:{stat.st_mtime_ns} {stat.st_size}"
            files.append(FileArtifact(posixpath.normpath(self.favicon), inputs, icon.read_bytes))
        return files

    def render(self, template: str, href: str, *, absolute: bool = False, **values: Any) -> bytes:
        """The page at ``href``: ``template`` of the theme filled with ``values``, as UTF-8.

        With ``absolute``, addresses start at the site's root, for a page that is served at any
        depth.
        """
        root = self.root_path if absolute else "../" * href.count("/")
        chrome = self.strings.lang if values["lang"] != self.strings.lang else ""
        same = {
            "shell": self,
            "t": self.strings,
            "url": partial(_address, root),
            "root": root,
            "chrome": chrome,
            "lang_of": partial(_lang_attribute, self.strings.lang),
        }
        text = (
            _environment()
            .get_template(template)
            .render(
                **same,
                href=href,
                theme=self.theme.addresses,
                icon=self.favicon if self.favicon else self.theme.addresses[_FAVICON],
                span_of=self._span_of,
                title_of=lambda record: record.title,
                framed=partial(self._framed, same, values.get("section", ""), href),
                **values,
            )
        )
        if self.private:
            t = self.strings
            words = {"private": t("mark_private"), "draft": t("mark_draft")}
            text = mark_links(text, href, self.private, words)
        return text.encode("utf-8")

    def _framed(self, same: Mapping[str, Any], section: str, href: str, template: str) -> Markup:
        """The header or the footer of the page at ``href``, which is that of most pages of its
        ``section`` at the same depth: to fill it in takes as long as all else of a short page."""
        # Only the entries of the navigation look which page it is.
        place = href if "/" not in href or href in self._in_navigation else ""
        key = (template, section, place, str(same["root"]), str(same["chrome"]))
        if key not in self._frames:
            from markupsafe import Markup

            footer = {side: inline(text, same["url"]) for side, text in self.footer.items() if text}
            filled = _environment().get_template(template)
            self._frames[key] = Markup(
                filled.render(**same, section=section, href=place, footer=footer)
            )
        return self._frames[key]

    @cached_property
    def _frames(self) -> dict[tuple[str, ...], Markup]:
        return {}

    @cached_property
    def _in_navigation(self) -> frozenset[str]:
        return frozenset(item.href for items in self.navbar.values() for item in items)

    def _span_of(self, record: Any) -> str:
        """The days of a week, or of a page of weeks; the title of what has no days."""
        if record.start:
            return self.strings.span(record.start, record.end)
        return str(getattr(record, "title", record.href))


@lru_cache(maxsize=4096, typed=True)
def _address(root: str, path: str) -> str:
    """The address of the site-relative ``path`` from a page that is ``root`` away from the site's."""
    if urlsplit(path).scheme or path.startswith(("/", "#")):
        return path
    path, mark, fragment = path.partition("#")
    return root + quote(path, safe="/~!$&'()*+,;=:@?%") + mark + fragment


@lru_cache(maxsize=4096, typed=True)
def _lang_attribute(chrome: str, text: str, declared: str = "", around: str = "") -> Markup:
    """A ``lang`` attribute for ``text`` where it is in another language than the words around it, and
    ``dir`` where it runs from right to left.

    ``declared`` is the language that its author gave the page that it comes from; the words around
    are the chrome's unless ``around`` says otherwise.
    """
    from markupsafe import Markup

    from weeknotes.engines.text_direction import begins_left
    from weeknotes.text.languages import language_of

    around = around or chrome
    lang = language_of(text, declared or around)
    named = Markup(' lang="{}"').format(lang) if lang != around else Markup("")
    return named + Markup(' dir="rtl"') if begins_left(text) else named


def fingerprint(*parts: Any) -> str:
    """A short digest of ``parts``, which are anything that JSON can write."""
    try:
        # The second version of the format has no references, so that what is equal is written alike.
        data = marshal.dumps(parts, 2)
    except ValueError:  # Something is of a kind of its own, such as Markup.
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def inline(text: str, url: Any) -> Markup:
    """``text`` with its Markdown links as links and everything else escaped."""
    from markupsafe import Markup, escape

    parts: list[str] = []
    end = 0
    for match in re.finditer(r"\[([^\]]+)\]\(([^)\s]+)\)", text):
        parts += [escape(text[end : match.start()])]
        scheme = urlsplit(match[2]).scheme
        if scheme in ("", "http", "https", "mailto"):
            parts += [Markup('<a href="{}">{}</a>').format(url(match[2]), match[1])]
        else:
            parts += [escape(match[0])]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

    class Compiled(FileSystemBytecodeCache):
        """Keeps compiled templates beside the templates, as Python does with modules: they are code,
        which must not come from a journal. Where nothing can be written, nothing is kept."""

        def load_bytecode(self, bucket: Bucket) -> None:
            try:
                super().load_bytecode(bucket)
            except Exception:  # Whatever pickle makes of a file that was cut short.
                bucket.reset()

        def dump_bytecode(self, bucket: Bucket) -> None:
            with contextlib.suppress(OSError):
                write_cache(Path(self._get_cache_filename(bucket)), bucket.bytecode_to_string())

    # Compiling the templates takes longer than filling in those of one changed week.
    return Environment(
        loader=FileSystemLoader(THEME / "templates"),
        bytecode_cache=Compiled(str(THEME / "templates" / "__pycache__")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> str:
    return " ".join(str(value or "").split())


def _nav_items(value: Any, hrefs: Mapping[str, str]) -> tuple[NavItem, ...]:
    items: list[NavItem] = []
    for item in value if isinstance(value, list) else []:
        if isinstance(item, str):
            item = {"href": item}
        if not isinstance(item, dict):
            continue
        if isinstance(item.get("menu"), list):
            items += _nav_items(item["menu"], hrefs)
            continue
        href = str(item.get("href") or item.get("file") or "")
        if not href:
            continue
        target = hrefs.get(posixpath.normpath(href), href)
        text = str(item.get("text") or item.get("aria-label") or Path(target).stem)
        items.append(NavItem(text, target))
    return tuple(items)


def _footer(value: Any) -> Mapping[str, str]:
    if isinstance(value, str):
        return {"left": "", "center": _plain(value), "right": ""}
    parts = _mapping(value)
    return {side: _footer_part(parts.get(side)) for side in ("left", "center", "right")}


def _footer_part(value: Any) -> str:
    if not isinstance(value, list):
        return _plain(value)
    links = [item for item in value if isinstance(item, dict) and item.get("href")]
    return " ".join(f"[{item.get('text') or item['href']}]({item['href']})" for item in links)
