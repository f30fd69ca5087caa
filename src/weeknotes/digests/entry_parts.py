"""The parts that the entry of a paper is made of in every format, as Markdown.

All text of a paper is from outside, and a model's too: it is escaped, and nothing in it is Markdown,
HTML, a link or a citation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from weeknotes.digests.entry import Entry, Summary
from weeknotes.digests.paper import Paper
from weeknotes.i18n import counted, language
from weeknotes.text.main_language import main_language
from weeknotes.text.untrusted import escaped, folded, title_markdown

_MOST_AUTHORS = 6


def title_link(paper: Paper) -> str:
    """The title, linked to the paper's page where it has one."""
    title = title_markdown(paper.title)
    return f"[{title}](<{paper.url}>)" if _is_odd(paper.url) else _link(title, paper.url)


def task(text: str) -> str:
    """A task list's item that says ``text``."""
    return f"- [ ] {text}"


def authors(paper: Paper, lang: str, most: int = _MOST_AUTHORS) -> str:
    """The names, of more than ``most`` the first ones and how many there are besides."""
    shown = [escaped(name) for name in paper.authors[:most]]
    text = language(lang).digest["comma"].join(shown)
    more = len(paper.authors) - len(shown)
    return (
        language(lang).digest["et_al"].format(text, more, len(paper.authors)) if more > 0 else text
    )


def facts(entry: Entry) -> str:
    """Who wrote it, its category and votes, and where else to look, on one line."""
    paper, w = entry.paper, language(entry.lang).digest
    parts = [authors(paper, entry.lang)] if paper.authors else []
    parts += [escaped(paper.categories[0])] if paper.categories else []
    if paper.votes is not None:
        parts.append(counted(w, "count_of_votes", paper.votes).format(paper.votes))
    parts += [_link(label, address) for label, address in links(paper, entry.lang)]
    return " · ".join(parts)


def links(paper: Paper, lang: str) -> list[tuple[str, str]]:
    """Labels and addresses of what there is of a paper beside its own page."""
    w = language(lang).digest
    arxiv = paper.id.removeprefix("arxiv:") if paper.id.startswith("arxiv:") else ""
    pdf = paper.pdf or (f"https://arxiv.org/pdf/{arxiv}" if arxiv else None)
    named = [("PDF", pdf), (w["code"], paper.code), (w["project"], paper.project)]
    if paper.doi and "doi.org" not in paper.url:
        named.append(("DOI", f"https://doi.org/{paper.doi}"))
    return [(label, address) for label, address in named if address]


def media(entry: Entry) -> str:
    """Thumbnail and video: links, or the picture itself where a page may load it from its host."""
    paper, w = entry.paper, language(entry.lang).digest
    parts = []
    if paper.thumbnail and not paper.video:
        allowed = any(_allows(host, paper.thumbnail) for host in entry.hosts)
        shown = f"![{w['thumbnail']}]({paper.thumbnail})"
        parts.append(shown if allowed else _link(w["thumbnail"], paper.thumbnail))
    if paper.video:
        parts.append(_link(w["video"], paper.video))
    return " · ".join(parts)


def why(entry: Entry) -> str:
    """Why the paper is there: the words that raised it, and what of one's own is near."""
    w = language(entry.lang).digest
    parts = []
    if entry.raised_by:
        parts.append(w["comma"].join(map(_set_off, entry.raised_by)))
    weeks: dict[str, str] = {}
    for near in entry.nearest:
        if near.week:
            weeks.setdefault(near.week, near.href)
    if weeks:
        linked = (f"[{week}]({href})" if href else week for week, href in weeks.items())
        parts.append(w["wrote"].format(w["comma"].join(linked)))
    bare = [escaped(near.title) for near in entry.nearest if near.title and not near.week]
    if bare:
        parts.append(w["near"].format(w["comma"].join(f"“{title}”" for title in bare[:2])))
    return f"**{w['why']}:** {'; '.join(parts)}" if parts else ""


def origin(summary: Summary, lang: str) -> str:
    """The origin of a summary, as a label with a class to style it."""
    w = language(lang).digest
    match summary.origin:
        case "abstract":
            text, kind = w["from_abstract"], "digest-origin"
        case "source":
            text, kind = w["from_source"], "digest-origin machine-written"
        case "model":
            return by_model(summary.by, summary.provenance, lang)
        case _:
            return ""
    return f'<span class="{kind}">{text}</span>'


def by_model(name: str, provenance: Mapping[str, Any], lang: str) -> str:
    """The label of what the model ``name`` wrote, with what its checks have found: numbers that its
    source does not have, and terms that are not as the glossary has them."""
    w = language(lang).digest
    found = [w["from_model"].format(escaped(name))]
    for key, word in (
        ("numbers-not-in-source", "doubted"),
        ("glossary-violations", "unlike_glossary"),
    ):
        if values := provenance.get(key):
            found.append(w[word].format(w["comma"].join(escaped(str(one)) for one in values)))
    return f'<span class="digest-origin machine-written">{"; ".join(found)}</span>'


def missing(entry: Entry) -> str:
    """The message about a summary or a translation that could not be had."""
    other = entry.translation
    return blocks(
        missing_text("missing", entry.summary.missing, entry.lang),
        missing_text("missing_translation", other.missing if other else "", entry.lang),
    )


def missing_text(word: str, reason: str, lang: str) -> str:
    """The words ``word`` on something that is missing for ``reason``; empty where there is none."""
    if not reason:
        return ""
    text = language(lang).digest[word].format(escaped(" ".join(reason.split()).rstrip(".")))
    return f'<span class="digest-missing">{text}</span>'


def line(entry: Entry) -> str:
    """The summary in a sentence or two, with its label; what is missing where there is none."""
    text = entry.summary.line or " ".join(entry.summary.bullets[:2])
    if not text:
        return missing(entry)
    parts = [
        in_language(escaped(text), entry.summary.lang, entry.lang),
        origin(entry.summary, entry.lang),
    ]
    return "\n\n".join(filter(None, (" ".join(filter(None, parts)), missing(entry))))


def bullets(entry: Entry) -> str:
    """The summary as a list, with its label below."""
    points = entry.summary.bullets or ((entry.summary.line,) if entry.summary.line else ())
    if not points:
        return missing(entry)
    listed = "\n".join(
        f"- {in_language(escaped(' '.join(point.split())), entry.summary.lang, entry.lang)}"
        for point in points
    )
    return "\n\n".join(filter(None, (listed, origin(entry.summary, entry.lang), missing(entry))))


def abstract(entry: Entry) -> str:
    """The abstract, folded; empty where the source gives none."""
    if not entry.paper.abstract:
        return ""
    text = in_language(
        escaped(entry.paper.abstract), main_language(entry.paper.abstract), entry.lang
    )
    return folded(language(entry.lang).digest["abstract"], text)


def in_language(text: str, lang: str, page: str) -> str:
    """``text``, a paragraph, marked as being in ``lang`` where the page is in another language."""
    if not text or not lang or lang.partition("-")[0] == page.partition("-")[0]:
        return text
    return f'<span lang="{lang}">{text}</span>'


def blocks(*parts: str) -> str:
    """The parts that are not empty, as blocks of Markdown."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def indented(text: str, by: str = "  ") -> str:
    """``text`` as it is within a list's item."""
    return "\n".join(by + each if each.strip() else "" for each in text.split("\n"))


def _set_off(word: str) -> str:
    """A word as a term. Chinese, Korean and Japanese have no italics: emphasis would put dots there."""
    return f"*{escaped(word)}*" if word.isascii() else escaped(word)


def _link(label: str, address: str) -> str:
    return f"[{label}]({address})" if address else label


def _is_odd(address: str) -> bool:
    return bool(re.search(r"[()]", address))


def _allows(host: str, address: str) -> bool:
    """Whether an entry of ``allow-hosts`` allows ``address``."""
    origin = re.match(r"(https?://[^/]+)", address)
    if not origin:
        return False
    wanted = host if "://" in host else f"https://{host}"
    pattern = re.escape(wanted.rstrip("/").lower()).replace(r"\*", r"[^/]+")
    return re.fullmatch(pattern, origin[1].lower()) is not None
