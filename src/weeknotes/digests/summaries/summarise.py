"""The summaries, translations and reports of a run, by a model where one is configured.

Each question is answered from the cache where it was asked before. A model's answer that fails the
checks is asked for once more, with what was wrong; then the entry gets its extract, and ``missing``
says why, so that the next run asks again. What a model wrote carries its provenance.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from weeknotes.digests.entry import Summary, Translation
from weeknotes.digests.paper import Paper
from weeknotes.digests.summaries import answers
from weeknotes.digests.summaries.answer_language import check_language
from weeknotes.digests.summaries.cache import AnswerCache
from weeknotes.digests.summaries.client import Budget, Message, ModelClient, ModelError, at_most
from weeknotes.digests.summaries.extract import extract
from weeknotes.digests.summaries.glossary import load_glossary, violations
from weeknotes.digests.summaries.prompt_files import filled, prompt, short_hash, source_text
from weeknotes.digests.summaries.settings import model_settings
from weeknotes.journal.project import Project

#: The longest line, bullet, question, title and abstract of an answer, in characters.
LINE, BULLET, TITLE, ABSTRACT = 400, 700, 400, 6000
#: After so many failures in a row the model is not asked again in this run.
_PATIENCE = 3


@dataclass(frozen=True)
class Plan:
    """The questions that a run would ask: their number, how many are answered already, and the
    highest number of tokens that the others could cost. ``budget`` is the run's."""

    questions: int = 0
    kept: int = 0
    tokens: int = 0
    budget: int = 0
    model: str = ""
    host: str = ""


@dataclass(frozen=True)
class _Question:
    """A question to the model, and how its answer is read."""

    kind: str
    papers: tuple[Paper, ...]
    lang: str
    system: str
    source: str
    glossary: Mapping[str, str]

    @property
    def messages(self) -> list[Message]:
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.source},
        ]

    @property
    def text(self) -> str:
        """The text that an answer must keep to: the titles and abstracts alone."""
        return "\n".join(f"{paper.title}\n{paper.abstract}" for paper in self.papers)

    def key(self, model: str) -> str:
        """The name under which an answer of ``model`` is kept."""
        terms = [f"{term}={wanted}" for term, wanted in self.glossary.items()]
        parts = (self.kind, self.system, self.source, self.lang, model, *terms)
        return short_hash(*parts) + short_hash("answer", *parts)


@dataclass
class Summariser:
    """Writes the texts of a run's entries; ``progress`` is called for each question to the model, with
    those done and all of a `prepare`."""

    project: Project
    progress: Callable[[int, int, str], None] | None = None
    client: ModelClient | None = None
    sleep: Callable[[float], None] = time.sleep
    today: datetime.date = field(default_factory=datetime.date.today)
    _over: str = ""
    _failures: int = 0

    def __post_init__(self) -> None:
        settings = model_settings(self.project)
        if self.client is None and settings is not None:
            self.client = ModelClient(settings, Budget(settings.budget), self.sleep)
        self._glossary = load_glossary(self.project)
        in_git = self.client is not None and self.client.settings.in_git
        self._cache = AnswerCache(self.project, in_git=in_git)

    @property
    def has_model(self) -> bool:
        """Whether a model is configured; without one nothing is asked of anyone."""
        return self.client is not None

    def summary(self, paper: Paper, lang: str, raised_by: Sequence[str] = ()) -> Summary:
        """The summary of ``paper``: the model's in ``lang``, or the extract in the abstract's own
        language, with ``missing`` where a model was asked in vain."""
        drawn = extract(paper, raised_by)
        if self.client is None or not paper.abstract:
            return drawn
        try:
            return _summary(self._answer(self._question("summary", (paper,), lang)), lang)
        except ModelError as error:
            return replace(drawn, missing=error.message)

    def forget(self, kind: str, papers: Sequence[Paper], lang: str) -> None:
        """Let the model be asked again for the ``summary`` or the ``translation`` of a paper, or for
        the ``report`` on several."""
        told = _told(papers) if kind == "report" else tuple(papers)
        if self.client is not None and told:
            question = self._question(kind, told, lang)
            self._cache.drop(question.key(self.client.settings.model))

    def translation(self, paper: Paper, lang: str) -> Translation | None:
        """Title and abstract of ``paper`` in ``lang``; None without a model. One that could not be had
        has no text, and says so in ``missing``."""
        if self.client is None:
            return None
        try:
            kept = self._answer(self._question("translation", (paper,), lang))
        except ModelError as error:
            return Translation(lang, "", missing=error.message)
        return Translation(
            lang,
            str(kept["title"]),
            str(kept["abstract"]),
            by=str(kept["provenance"]["model"]),
            provenance=kept["provenance"],
        )

    def report(self, papers: Sequence[Paper], lang: str) -> Summary:
        """The report on the papers of a category; an empty Summary without a model, and ``missing``
        where one was asked in vain."""
        told = _told(papers)
        if self.client is None or not told:
            return Summary()
        try:
            return _summary(self._answer(self._question("report", told, lang)), lang)
        except ModelError as error:
            return Summary(missing=error.message)

    def plan(
        self,
        papers: Sequence[Paper],
        lang: str,
        translations: Sequence[tuple[Paper, str]] = (),
        reports: Iterable[Sequence[Paper]] = (),
    ) -> Plan:
        """The plan for summaries in ``lang`` and ``translations`` (papers with their languages),
        with its cost; no question is asked. ``reports`` are the papers of each category that is
        reported on."""
        if self.client is None:
            return Plan()
        settings = self.client.settings
        told = [paper for paper in papers if paper.abstract]
        wanted = [self._question("summary", (paper,), lang) for paper in told]
        wanted += [self._question("translation", (p,), other) for p, other in translations]
        wanted += [
            self._question("report", own, lang) for group in reports if (own := _told(group))
        ]
        asked = [one for one in wanted if self._cache.get(one.key(settings.model)) is None]
        tokens = sum(at_most(one.messages, settings.max_tokens) for one in asked)
        return Plan(
            len(wanted),
            len(wanted) - len(asked),
            min(tokens, settings.budget),
            settings.budget,
            settings.model,
            settings.host,
        )

    def _question(self, kind: str, papers: tuple[Paper, ...], lang: str) -> _Question:
        source = source_text(papers)
        glossary = self._glossary.relevant(source, lang)
        system = filled(prompt(self.project, kind), lang, glossary)
        return _Question(kind, papers, lang, system, source, glossary)

    def _answer(self, question: _Question) -> dict[str, Any]:
        """The checked answer, kept or asked for. Raises ModelError."""
        assert self.client is not None
        key = question.key(self.client.settings.model)
        if (kept := self._cache.get(key)) is not None:
            return kept
        if self._over:
            raise ModelError(self._over, over=True)
        if self.progress:
            self.progress(
                self.client.budget.used, self.client.budget.limit, question.papers[0].title
            )
        try:
            answer = self._asked(question)
        except ModelError as error:
            self._failures += 1
            if error.over or self._failures >= _PATIENCE:
                self._over = error.message
            raise
        self._failures = 0
        self._cache.put(key, answer)
        return answer

    def _asked(self, question: _Question) -> dict[str, Any]:
        """The answer of the model, asked for a second time where the first cannot be used."""
        assert self.client is not None
        messages = question.messages
        try:
            return self._checked(question, messages)
        except ModelError as error:
            if error.over:
                raise
            again = (
                f"Your last answer could not be used: {error.message}. Answer again, with the JSON "
                "object alone, in the language asked for."
            )
            return self._checked(question, [*messages, {"role": "user", "content": again}])

    def _checked(self, question: _Question, messages: Sequence[Message]) -> dict[str, Any]:
        assert self.client is not None
        reply = self.client.ask(messages, _SCHEMAS[question.kind])
        value = answers.object_of(reply.text)
        read = _READERS[question.kind](value)
        texts = [
            text for each in read.values() for text in ([each] if isinstance(each, str) else each)
        ]
        check_language(texts, question.lang)
        marked, doubted = _marked(read, question.text)
        settings = self.client.settings
        provenance: dict[str, Any] = {
            "model": reply.model,
            "host": settings.host,
            "prompt": short_hash(question.system),
            "source": short_hash(question.source),
            "date": self.today.isoformat(),
            "tokens": {"prompt": reply.prompt_tokens, "answer": reply.completion_tokens},
        }
        if doubted:
            provenance["numbers-not-in-source"] = doubted
        if broken := _broken(question, texts):
            provenance["glossary-violations"] = list(broken)
        return {**marked, "provenance": provenance}


def _told(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """The papers that a report can say something about: those with an abstract."""
    return tuple(paper for paper in papers if paper.abstract)


def _broken(question: _Question, texts: Sequence[str]) -> tuple[str, ...]:
    """The terms of the glossary that an answer does not keep to. A translation has them all; a summary
    leaves out what it does not need, so there only a term left in the source's language counts."""
    said = "\n".join(texts)
    if question.kind == "translation":
        return violations(question.glossary, question.text, said)
    own = {term: wanted for term, wanted in question.glossary.items() if term != wanted}
    return violations(own, said, said)


def _marked(read: Mapping[str, Any], source: str) -> tuple[dict[str, Any], list[str]]:
    """The texts of an answer with a mark behind each number that ``source`` does not have."""
    marked: dict[str, Any] = {}
    found: list[str] = []
    for name, value in read.items():
        pairs = [
            answers.doubted(text, source) for text in ([value] if isinstance(value, str) else value)
        ]
        found += [number for _, numbers in pairs for number in numbers]
        texts = [text for text, _ in pairs]
        marked[name] = texts[0] if isinstance(value, str) else texts
    return marked, list(dict.fromkeys(found))


def _summary(kept: Mapping[str, Any], lang: str) -> Summary:
    return Summary(
        line=str(kept["line"]),
        bullets=tuple(kept.get("bullets") or ()),
        questions=tuple(kept.get("questions") or ()),
        origin="model",
        by=str(kept["provenance"]["model"]),
        lang=lang,
        provenance=kept["provenance"],
    )


def _read_summary(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "line": answers.text_at(value, "line", LINE),
        "bullets": answers.texts_at(value, "bullets", 1, 6, BULLET),
        "questions": answers.texts_at(value, "questions", 1, 4, BULLET),
    }


def _read_report(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "line": answers.text_at(value, "line", LINE),
        "bullets": answers.texts_at(value, "bullets", 1, 6, BULLET),
    }


def _read_translation(value: Mapping[str, Any]) -> dict[str, Any]:
    abstract = value.get("abstract")
    return {
        "title": answers.text_at(value, "title", TITLE),
        # A paper may have none.
        "abstract": answers.text_at(value, "abstract", ABSTRACT) if abstract else "",
    }


def _schema(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_SCHEMAS = {
    "summary": _schema(line=_TEXT, bullets=_TEXTS, questions=_TEXTS),
    "report": _schema(line=_TEXT, bullets=_TEXTS),
    "translation": _schema(title=_TEXT, abstract=_TEXT),
}
_READERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "summary": _read_summary,
    "report": _read_report,
    "translation": _read_translation,
}
