"""Asking a model: the chat completions of an OpenAI-compatible address, within a budget.

Follows OpenAI's "API Reference", Chat (``POST /chat/completions``), which Ollama, LM Studio, llama.cpp
and vLLM speak too. A request carries text alone: no tools, no files, no earlier conversation. The
answer is read against a deadline, since a server that sends a byte a second never times out by itself.
"""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from weeknotes.digests.summaries.settings import ModelSettings
from weeknotes.errors import DigestError

if TYPE_CHECKING:
    import openai

Message = dict[str, str]

#: A wait that a server asks for is obeyed up to so many seconds, and asked for so many times; a longer
#: one ends the questions of this run.
LONGEST_WAIT, TRIES = 90.0, 4
_PAUSES = (1.0, 4.0, 10.0)
_LARGEST = 2_000_000
#: Tokens around each message, and around the whole.
_FRAME = 16


class ModelError(DigestError):
    """A model gave no answer that can be used. ``over`` is true where asking again in this run would be
    in vain: no budget, no connection, a refused key, a limit for hours."""

    def __init__(self, message: str, *, over: bool = False, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.over = over


@dataclass
class Budget:
    """The tokens of a run: ``limit`` is never exceeded, since what an answer could cost at most is put
    aside before it is asked for."""

    limit: int
    used: int = 0

    def reserve(self, tokens: int) -> None:
        """Put ``tokens`` aside. Raises ModelError where they are more than is left."""
        if self.used + tokens > self.limit:
            raise ModelError(
                f"the budget of {self.limit} tokens a run does not allow it",
                over=True,
                hint="The next run goes on; 'budget' under weeknotes: digest: model: sets it.",
            )
        self.used += tokens

    def settle(self, reserved: int, used: int) -> None:
        """Give back what was put aside and not used."""
        self.used += used - reserved


@dataclass(frozen=True)
class Reply:
    """The reply of a model: the text, the name that the model gives itself, and the number of
    tokens used (the reserved number if the server does not say)."""

    text: str
    model: str
    prompt_tokens: int
    completion_tokens: int


@dataclass
class ModelClient:
    """A connection to the model of ``settings``; ``budget`` is shared by all questions of a run."""

    settings: ModelSettings
    budget: Budget
    sleep: Callable[[float], None] = time.sleep
    _without: set[str] = field(default_factory=set)
    _client: openai.OpenAI | None = None

    def ask(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> Reply:
        """The model's answer to ``messages``, which should be JSON after ``schema``.

        Waits where the server says so, and asks again after errors of the server. Raises ModelError.
        """
        last = "no answer"
        for attempt in range(TRIES):
            reserved = at_most(messages, self.settings.max_tokens)
            self.budget.reserve(reserved)
            try:
                return self._once(messages, schema, reserved)
            except _Again as again:
                last = str(again)
                if again.free:
                    self.budget.settle(reserved, 0)
                if again.wait is None and attempt < TRIES - 1:
                    again.wait = _PAUSES[min(attempt, len(_PAUSES) - 1)]
                if again.wait and again.wait > LONGEST_WAIT:
                    raise ModelError(
                        f"{last}; it asks to wait {again.wait:.0f} s", over=True
                    ) from None
                if attempt < TRIES - 1:
                    self.sleep(again.wait or 0.0)
        raise ModelError(f"{last}, {TRIES} times", over=True)

    def _once(self, messages: Sequence[Message], schema: Mapping[str, Any], reserved: int) -> Reply:
        import openai

        try:
            data = self._send(messages, schema)
        except openai.APIStatusError as error:
            raise self._status(error, reserved) from None
        except openai.APITimeoutError:
            raise ModelError(f"no answer within {self.settings.timeout} s") from None
        except openai.APIConnectionError as error:
            self.budget.settle(reserved, 0)
            raise ModelError(
                f"{self.settings.host} cannot be reached: {error.__cause__ or error}", over=True
            ) from None
        except openai.OpenAIError as error:
            raise ModelError(f"no answer: {type(error).__name__}") from None
        return self._read(data, reserved)

    def _send(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> bytes:
        """One request; the body of its answer."""
        client = self._connect()
        extra: dict[str, Any] = {}
        if "response_format" not in self._without:
            shape = {"name": "answer", "strict": True, "schema": schema}
            extra["response_format"] = {"type": "json_schema", "json_schema": shape}
        limit = "max_completion_tokens" if "max_tokens" in self._without else "max_tokens"
        extra[limit] = self.settings.max_tokens
        if "temperature" not in self._without:
            extra["temperature"] = 0
        end = time.monotonic() + self.settings.timeout
        with client.chat.completions.with_streaming_response.create(
            model=self.settings.model,
            messages=list(messages),  # type: ignore[arg-type]
            **extra,
        ) as response:
            parts, size = [], 0
            for part in _unbroken(response.iter_bytes()):
                parts.append(part)
                size += len(part)
                if time.monotonic() > end:
                    raise ModelError(f"no whole answer within {self.settings.timeout} s")
                if size > _LARGEST:
                    raise ModelError("the answer has no end")
        return b"".join(parts)

    def _connect(self) -> openai.OpenAI:
        if self._client is None:
            try:
                import openai
            except ImportError as error:
                raise ModelError(
                    "a model is configured, but the package 'openai' is not installed",
                    over=True,
                    hint="Install it: pip install 'weeknotes[llm]'",
                ) from error
            # Retries and waits are this module's, which counts them against the budget.
            self._client = openai.OpenAI(
                api_key=self.settings.key.reveal() or "none",
                base_url=self.settings.base_url,
                max_retries=0,
                timeout=self.settings.timeout,
            )
        return self._client

    def _status(self, error: openai.APIStatusError, reserved: int) -> Exception:
        """The error to raise for an answer with an error's status."""
        status, text = error.status_code, _words(error)
        if status == 429:
            wait = _retry_after(error.response.headers)
            return _Again(f"{self.settings.host} limits its rate (429)", wait, free=True)
        if status in (500, 502, 503, 504, 529, 408, 409):
            # Whether it has used tokens cannot be known.
            wait = _retry_after(error.response.headers)
            return _Again(f"{self.settings.host} answered {status}", wait, free=False)
        self.budget.settle(reserved, 0)
        if status in (400, 422):
            for name in ("response_format", "max_tokens", "temperature"):
                if name in text and name not in self._without:
                    self._without.add(name)
                    return _Again(f"{name} is not known there", 0.0, free=False)
        hint = "Check the key." if status in (401, 403) else None
        return ModelError(f"{self.settings.host} answered {status}: {text}", over=True, hint=hint)

    def _read(self, data: bytes, reserved: int) -> Reply:
        try:
            answer = json.loads(data)
            choices = answer.get("choices") or []
            text = choices[0]["message"]["content"] if choices else None
            usage = answer.get("usage") or {}
            used = (int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0))
        except (ValueError, AttributeError, KeyError, TypeError, IndexError):
            raise ModelError("the server's answer is cut, or no JSON") from None
        if sum(used):
            self.budget.settle(reserved, sum(used))
        if not isinstance(text, str) or not text.strip():
            raise ModelError("the answer is empty")
        if not sum(used):
            used = (reserved - self.settings.max_tokens, self.settings.max_tokens)
        return Reply(text, str(answer.get("model") or self.settings.model), *used)


def _unbroken(parts: Iterator[bytes]) -> Iterator[bytes]:
    """``parts`` of a body. Raises ModelError where the connection ends within it."""
    try:
        yield from parts
    except Exception as error:  # those of the library below openai, which it does not wrap here
        raise ModelError(f"the answer broke off ({type(error).__name__})") from None


class _Again(Exception):
    """The request may be sent again, after ``wait`` seconds where the server has said so; ``free``
    where it cost no tokens."""

    def __init__(self, message: str, wait: float | None, *, free: bool) -> None:
        super().__init__(message)
        self.wait = wait
        self.free = free


def at_most(messages: Sequence[Message], max_tokens: int) -> int:
    """The highest number of tokens that asking ``messages`` can cost: in every encoding that models
    use, a token has at least one byte of UTF-8."""
    prompt = sum(len(message["content"].encode()) + _FRAME for message in messages)
    return prompt + _FRAME + max_tokens


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``Retry-After`` asks to wait (RFC 9110, section 10.2.3), or None."""
    if (exact := headers.get("retry-after-ms", "")).isdecimal():
        return int(exact) / 1000
    value = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def _words(error: openai.APIStatusError) -> str:
    """The server's description of an error, in a line, without control characters."""
    text = str(getattr(error, "message", "") or error)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
