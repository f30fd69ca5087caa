"""Answers of models, kept so that no question is asked twice.

An answer is kept under a hash of everything that it depends on (source text, prompt, model, language,
glossary) in ``.weeknotes/answers/``, or where ``cache: git`` is configured in ``digests/answers/``,
which one commits. Only answers that have passed all checks are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.journal.project import Project

IN_GIT = "digests/answers"
_FORMAT = 1


class AnswerCache:
    """The answers of a journal. One that cannot be read is asked for again."""

    def __init__(self, project: Project, *, in_git: bool = False) -> None:
        self._root = project.root / IN_GIT if in_git else project.state / "answers"
        self._in_git = in_git

    def get(self, key: str) -> dict[str, Any] | None:
        """The answer kept under ``key``, or None."""
        try:
            value = json.loads(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(value, dict) or value.get("format") != _FORMAT:
            return None
        kept = value.get("answer")
        return kept if isinstance(kept, dict) else None

    def put(self, key: str, answer: Mapping[str, Any]) -> None:
        """Keep ``answer`` under ``key``."""
        value = {"format": _FORMAT, "answer": dict(answer)}
        data = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
        (files.write_atomic if self._in_git else files.keep_cache)(self._path(key), data)

    def drop(self, key: str) -> None:
        """Forget what is kept under ``key``."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._root / key[:2] / f"{key}.json"
