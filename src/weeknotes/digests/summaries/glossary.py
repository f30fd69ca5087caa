"""A glossary: terms with the translations that hold, and names that stay as they are.

It is the file ``digests/glossary.yml`` of the journal:

    keep: [Transformer, CIFAR-10]
    terms:
      diffusion model: {ko: 확산 모델, zh: 扩散模型}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project, read_yaml

FILE = "digests/glossary.yml"
_HINT = "Write:\n  keep: [Transformer]\n  terms:\n    diffusion model: {ko: 확산 모델}"


@dataclass(frozen=True)
class Glossary:
    """Terms by language with their translations, and the names that stay."""

    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keep: tuple[str, ...] = ()

    def relevant(self, text: str, lang: str) -> dict[str, str]:
        """The terms that ``text`` has, with what they are in ``lang``; names are themselves. Only these
        go into a prompt, and into the name under which its answer is kept."""
        primary = lang.partition("-")[0].lower()
        found = {name: name for name in self.keep if _has(text, name)}
        for term, translations in self.terms.items():
            wanted = translations.get(lang) or translations.get(primary)
            if wanted and _has(text, term):
                found[term] = wanted
        return dict(sorted(found.items()))


def load_glossary(project: Project) -> Glossary:
    """The glossary of ``project``, empty where there is none.

    Raises ProjectError for one that cannot be read: a term that is not enforced would pass in silence.
    """
    path = project.root / FILE
    if not path.is_file():
        return Glossary()
    value = read_yaml(path, path.read_bytes())
    if value is None:
        return Glossary()
    if not isinstance(value, dict) or set(value) - {"keep", "terms"}:
        raise ProjectError("a glossary has 'keep' and 'terms' and no more", file=FILE, hint=_HINT)
    keep, terms = value.get("keep") or [], value.get("terms") or {}
    if not isinstance(keep, list) or not isinstance(terms, dict):
        raise ProjectError("'keep' must be a list and 'terms' a mapping", file=FILE, hint=_HINT)
    return Glossary(
        {str(term): _translations(term, each) for term, each in terms.items()},
        tuple(str(name) for name in keep if str(name).strip()),
    )


def violations(wanted: Mapping[str, str], source: str, answer: str) -> tuple[str, ...]:
    """The terms of ``wanted`` that ``source`` has and whose translation ``answer`` lacks."""
    return tuple(
        f"{term} → {translation}" if term != translation else term
        for term, translation in wanted.items()
        if _has(source, term) and not _holds(answer, translation)
    )


def _translations(term: Any, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ProjectError(
            f"the term '{term}' must have a translation a language", file=FILE, hint=_HINT
        )
    return {str(lang).lower(): text.strip() for lang, text in value.items() if text.strip()}


def _has(text: str, term: str) -> bool:
    """Whether ``text`` has ``term`` as a word, in its plural too."""
    pattern = rf"(?<!\w){re.escape(term)}(?:s|es)?(?!\w)"
    if not term.isascii():
        return term.casefold() in text.casefold()
    return re.search(pattern, text, re.I | re.A) is not None


def _holds(answer: str, translation: str) -> bool:
    # Spaces within Korean and Chinese terms are written more or less as one likes.
    squeezed = ("".join(each.casefold().split()) for each in (translation, answer))
    wanted, there = squeezed
    return wanted in there
