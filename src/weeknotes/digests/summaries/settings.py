"""This module reads which model writes summaries and translations, and finds its key.

``weeknotes: digest: model:`` in ``_quarto.yml`` names an OpenAI-compatible address and a model. The
key is never read from a file that git tracks: it comes from ``WEEKNOTES_MODEL_KEY`` (for OpenAI's own
address from ``OPENAI_API_KEY`` too) or the system keyring (service ``weeknotes``, user ``model``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project
from weeknotes.library import system_keyring
from weeknotes.library.api_key import ApiKey

_KEYRING_USER = "model"
KEY_VARIABLE, OPENAI_VARIABLE = "WEEKNOTES_MODEL_KEY", "OPENAI_API_KEY"
_OPENAI = "api.openai.com"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SHAPE = "model:\n        base_url: http://127.0.0.1:11434/v1\n        model: NAME"
_NUMBERS = {"budget": 200_000, "max-tokens": 1500, "timeout": 120}
_KNOWN = frozenset(["base-url", "model", "cache", *_NUMBERS])


@dataclass(frozen=True)
class ModelSettings:
    """A model and its limits.

    ``budget`` is how many tokens a run may use, prompts and answers together; ``max_tokens`` how long
    an answer may be; ``timeout`` how many seconds one may take. ``in_git`` says that answers are kept
    in the journal (``digests/answers/``), and not in its cache.
    """

    base_url: str
    model: str
    budget: int = _NUMBERS["budget"]
    max_tokens: int = _NUMBERS["max-tokens"]
    timeout: int = _NUMBERS["timeout"]
    in_git: bool = False
    key: ApiKey = field(default_factory=lambda: ApiKey(""))

    @property
    def host(self) -> str:
        """The host that abstracts are sent to, as provenance names it."""
        parts = urlsplit(self.base_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def model_settings(
    project: Project, environment: Mapping[str, str] | None = None
) -> ModelSettings | None:
    """The model that ``project`` asks for, None where it asks for none.

    Raises ProjectError for values that cannot be used, for a key in the file, and for a key that would
    be sent without encryption to another machine.
    """
    environment = os.environ if environment is None else environment
    digest = project.settings.get("digest")
    raw = digest.get("model") if isinstance(digest, dict) else None
    if not raw:
        return None
    if isinstance(raw, str):
        there = digest.items() if isinstance(digest, dict) else ()
        raw = {"model": raw, **{k: v for k, v in there if _name(k) == "base-url"}}
    if not isinstance(raw, dict):
        raise _wrong(project, f"'model' is {raw!r}, not a mapping")
    values = {_name(key): value for key, value in raw.items()}
    _refuse(project, values)
    base_url, model = str(values.get("base-url") or ""), str(values.get("model") or "")
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not model:
        raise _wrong(project, "a model needs 'base_url', an http address, and 'model', its name")
    if parts.username or parts.password:
        raise _wrong(project, "'base_url' holds a user name or password")
    key = ApiKey(_key(environment, parts.hostname))
    if key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise _wrong(project, f"the key is not sent to {parts.hostname} without encryption")
    return ModelSettings(
        base_url.rstrip("/"),
        model,
        budget=_number(project, values, "budget"),
        max_tokens=_number(project, values, "max-tokens"),
        timeout=_number(project, values, "timeout"),
        in_git=values.get("cache") == "git",
        key=key,
    )


def _name(key: Any) -> str:
    return str(key).replace("_", "-").lower()


def _refuse(project: Project, values: Mapping[str, Any]) -> None:
    for name in values:
        if name in _KNOWN:
            continue
        if any(word in name for word in ("key", "secret", "password", "authorization", "bearer")):
            raise ProjectError(
                f"weeknotes: digest: model: '{name}' must not be in a file that git tracks",
                file=project.config_path.name,
                hint=f"Take it out, revoke it if it was ever committed, and set {KEY_VARIABLE}.",
            )
        raise _wrong(project, f"unknown key '{name}' under 'model'")
    if values.get("cache") not in (None, "git", "local"):
        raise _wrong(project, f"'cache' is {values['cache']!r}, neither git nor local")


def _number(project: Project, values: Mapping[str, Any], name: str) -> int:
    value = values.get(name, _NUMBERS[name])
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(project, f"'{name}' is {value!r}, not a number above zero")
    return value


def _key(environment: Mapping[str, str], host: str) -> str:
    own = environment.get(KEY_VARIABLE, "").strip()
    if not own and host == _OPENAI:
        own = environment.get(OPENAI_VARIABLE, "").strip()
    return own or system_keyring.password(_KEYRING_USER)


def _wrong(project: Project, what: str) -> ProjectError:
    return ProjectError(
        f"weeknotes: digest: {what}", file=project.config_path.name, hint=f"Write:\n      {_SHAPE}"
    )
