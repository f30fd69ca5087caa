"""The prompts: files that one can change, filled for a question.

A file ``digests/prompts/summary.md`` (``translation.md``, ``report.md``) in the journal replaces that
of the package. ``{{language}}`` and ``{{glossary}}`` are filled in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files as package_files

from weeknotes.digests.paper import Paper
from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project

FOLDER = "digests/prompts"
_MARK = re.compile(r"<\s*/?\s*paper\b[^>]*>?", re.I)
_NAMES = {
    "en": "English",
    "ko": "Korean (한국어)",
    "zh": "Simplified Chinese (简体中文)",
    "zh-hant": "Traditional Chinese (繁體中文)",
    "ja": "Japanese (日本語)",
    "de": "German (Deutsch)",
    "fr": "French (français)",
    "es": "Spanish (español)",
}


def prompt(project: Project, name: str) -> str:
    """The text of the prompt ``name``: the journal's own, or the package's. Raises ProjectError for one
    that does not name the language."""
    own = project.root / FOLDER / f"{name}.md"
    if not own.is_file():
        packaged = package_files("weeknotes") / "digests" / "summaries" / "prompts" / f"{name}.md"
        return packaged.read_text("utf-8")
    text = own.read_text("utf-8")
    if "{{language}}" not in text:
        raise ProjectError(
            "the prompt does not say in which language to answer",
            file=f"{FOLDER}/{name}.md",
            hint="Write {{language}} where the language is to be named.",
        )
    return text


def filled(text: str, lang: str, glossary: Mapping[str, str]) -> str:
    """A prompt for an answer in ``lang``, with the terms of the glossary that hold."""
    terms = "".join(f"\n- {term}: {wanted}" for term, wanted in glossary.items())
    note = f"\n\nUse these terms, written just so:\n{terms}" if terms else ""
    return text.replace("{{language}}", language_name(lang)).replace("{{glossary}}", note).strip()


def language_name(lang: str) -> str:
    """The name of a language as a prompt gives it: in English and in itself."""
    tag = lang.lower()
    if tag in ("zh-tw", "zh-hk"):
        tag = "zh-hant"
    return _NAMES.get(tag) or _NAMES.get(tag.partition("-")[0]) or lang


def source_text(papers: Sequence[Paper]) -> str:
    """The papers as a question holds them, between marks that nothing in them can close."""
    blocks = []
    for paper in papers:
        title, abstract = (_MARK.sub(" ", text) for text in (paper.title, paper.abstract))
        blocks.append(f"<paper>\nTitle: {title}\n\nAbstract: {abstract}\n</paper>")
    return "\n\n".join(blocks)


def short_hash(*texts: str) -> str:
    """Sixteen hexadecimal digits that tell these texts from others."""
    state = hashlib.sha256()
    for text in texts:
        state.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return state.hexdigest()[:16]
