"""Rules about what programs printed: paths of this machine, addresses, tokens and keys.

The patterns of tokens and keys are those of detect-secrets (Yelp), the plugins that match by a
pattern; those that guess by entropy or by a variable's name are left out. Importing them takes half a
second, so they are kept, as long as the installed version is the same.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from weeknotes.checks.findings import Finding
from weeknotes.files import keep_cache
from weeknotes.notebooks import Cell
from weeknotes.privacy.notebook import output_texts

_PATH = re.compile(
    r"""(?<![\w/.:@~-])(?:/(?:home|Users|root|private/var|var/folders|tmp|mnt|media|scratch|data|work)/[^\s"'<>:;,()]+"""
    r"""|[A-Za-z]:\\{1,2}(?:Users|home)\\[^\s"'<>:;,()]+)"""
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}(?![\w-])"
)
_EXAMPLE = re.compile(r"@(?:[\w-]+\.)*(?:example\.(?:com|org|net)|example|invalid|test|localhost)$")
#: Nothing that a pattern finds is shorter, or in a line longer, than this.
_CANDIDATE = re.compile(r"[A-Za-z0-9+/=_.:-]{16,}|PRIVATE KEY|://[^\s/]*@")
_LONGEST_LINE = 20_000
_LEFT_OUT = frozenset(["high_entropy_strings", "keyword", "base", "ip_public", "__init__"])

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


def judge(cell: Cell, file: str, patterns: Patterns) -> Iterator[Finding]:
    """The findings in a code cell's outputs, and the secrets in any cell's text."""
    yield from _secrets(cell.source, file, cell.index, patterns, "the cell", True)
    for output in cell.outputs:
        texts = list(dict.fromkeys(map(_plain, output_texts(output))))
        yield from _first(
            "output-path",
            _PATH,
            texts,
            file,
            cell.index,
            "the output holds the absolute path {}",
            "Print names, or paths from the journal's folder.",
        )
        yield from _first(
            "output-email",
            _EMAIL,
            texts,
            file,
            cell.index,
            "the output holds the e-mail address {}",
            "Clear the output, or print less.",
        )
        for text in texts:
            yield from _secrets(text, file, cell.index, patterns, "the output", False)


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _first(
    rule: str,
    pattern: re.Pattern[str],
    texts: Iterable[str],
    file: str,
    cell: int,
    message: str,
    hint: str,
) -> Iterator[Finding]:
    """One finding an output: the first, since what follows is mostly more of the same."""
    for text in texts:
        for match in pattern.finditer(text):
            if rule != "output-email" or not _EXAMPLE.search(match[0]):
                yield Finding(rule, file, message.format(match[0]), cell, None, hint)
                return


def _secrets(
    text: str, file: str, cell: int, patterns: Patterns, what: str, numbered: bool
) -> Iterator[Finding]:
    if not _CANDIDATE.search(text):
        return
    told = set()
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LONGEST_LINE or not _CANDIDATE.search(line):
            continue
        for name, pattern in patterns:
            if name not in told and pattern.search(line):
                told.add(name)
                yield Finding(
                    "secret",
                    file,
                    f"{what} seems to hold a secret: {name}",
                    cell,
                    number if numbered else None,
                    "Take it out, revoke it where it was issued, and remove it from git's history.",
                )


def secret_patterns(state: Path) -> Patterns:
    """The names and patterns of secrets; ``state`` is a folder in which they are kept."""
    spec = importlib.util.find_spec("detect_secrets")
    if spec is None or spec.origin is None:
        return ()
    version = f"{spec.origin} {Path(spec.origin).stat().st_mtime_ns}"
    return _patterns(state / "secret-patterns.json", version)


@lru_cache(maxsize=1)
def _patterns(memory: Path, version: str) -> Patterns:
    try:
        known: dict[str, Any] = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        known = {}
    if known.get("version") != version:
        known = {"version": version, "patterns": _import_patterns()}
        keep_cache(memory, json.dumps(known).encode())
    return tuple((name, re.compile(text, flags)) for name, text, flags in known["patterns"])


def _import_patterns() -> list[tuple[str, str, int]]:
    import pkgutil
    from importlib import import_module

    from detect_secrets import plugins

    found = []
    for module in pkgutil.iter_modules(plugins.__path__):
        if module.name in _LEFT_OUT:
            continue
        for value in vars(import_module(f"detect_secrets.plugins.{module.name}")).values():
            patterns = getattr(value, "denylist", None)
            name = str(getattr(value, "secret_type", ""))
            if isinstance(patterns, list | tuple) and isinstance(value, type):
                found += [(name, p.pattern, p.flags) for p in patterns if hasattr(p, "pattern")]
    return list(dict.fromkeys(found))
