"""The words by which a line says that it asks, doubts, needs a decision, or is not finished.

A marker begins a line or a sentence and ends with a colon. The one of a plain question (Q:, 질문:,
问题：) says nothing more; any other ("의문", "Doubt", "Unfinished") belongs to what it marks, since
the line may be no question without it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

TASK, QUESTION, DECISION = "task", "question", "decision"

_PLAIN = (
    r"Q\s?\d*\s?[.:：]|"
    r"(?:(?:Remaining |Unanswered |My )?Questions?"
    r"(?: (?:to (?:answer|ask)|for|about|on|left|before)\b[^\n:.?!：]{0,40})?|"
    r"(?:남은 |열린 )?(?:질문|물음)|(?:(?:留下|遗留|剩下|待回答|遺留)的?)?(?:问题?|問題?)|提问|提問|"
    r"(?:残る|残った)?質問)\s?\d*\s?[.:：]"
)
_WORDS = {
    QUESTION: (
        r"Open questions?|Doubts?|To (?:check|verify|be checked|be verified)|Needs checking",
        r"의문(?:점|나는 점)?|궁금한 점|확인(?:할 것| 필요)?|검증(?:할 것| 필요)",
        r"疑问|疑問|存疑|要验证|要驗證|待验证|待驗證|需验证|需要验证|要确认|待确认|需确认|待查",
        r"疑問点|要検証|要確認|確認事項",
    ),
    DECISION: (
        r"Decisions? (?:is |are )?(?:needed|required|wanted)|Needs? (?:a |your )?decision|To decide|"
        r"To be decided|Please decide|For (?:you|your) (?:to decide|decision)",
        r"결정(?:이|을)? ?(?:필요|부탁|요청)(?:합니다|해요|함|드립니다)?|결정할 (?:것|일)",
        r"결정해 주(?:세요|십시오)",
        r"(?:需要?|請|请|待)(?:您|你|老师|老師|导师|導師)?(?:来|來|做)?(?:决定|決定|定夺|定奪)|待定",
        r"要決定|決定が必要(?:です)?|要判断|ご判断ください|決めてください|決定事項の確認",
    ),
    TASK: (
        r"Unfinished|Not (?:yet )?(?:finished|done)|To finish|To be finished|To ?do|Left to do|To try",
        r"미완(?:성|료)?|못 ?끝낸 (?:것|일)|남은 (?:것|일)|할 ?일|해 ?볼 (?:것|일)",
        r"未完成|未完了?|待完成|待办|待辦|尚未完成|没做完|沒做完|待尝试|待嘗試",
        r"やり残し|残作業|残タスク|やること|試すこと",
    ),
}
_LABELS = {kind: "|".join(words) for kind, words in _WORDS.items()}
_MARK = re.compile(
    rf"(?P<plain>{_PLAIN})|"
    + "|".join(rf"(?P<{kind}>{words})\s?[:：]" for kind, words in _LABELS.items()),
    re.I,
)
_BEGINS = re.compile(r"(?:^|(?<=[.!?…)])\s+|(?<=[。！？）])\s*)(?=\S)")
_HEADING = re.compile(
    r"(?:(?P<plain>Questions?|질문(?:들)?|问题|問題|質問)|"
    + "|".join(rf"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")\s?[:：]?",
    re.I,
)
_ANSWERS = {
    QUESTION: r"A\s?\d*\s?[.:：]|(?:Answer|답변?|答|回答)\s?\d*\s?[:：]",
    DECISION: r"(?:Decided|Decision|결정(?:됨|함|했음|했습니다)?|决定|決定)\s?[:：]",
    TASK: r"(?:Done|Finished|완료|끝냄|완성|已完成|完成|完了)\s?[:：]",
}
_INSIDE = {kind: re.compile(rf"(?:^|\s|(?<=[。！？.!?]))(?:{a})") for kind, a in _ANSWERS.items()}
_ANY_ANSWER = re.compile("|".join(_ANSWERS.values()))
#: A sentence that says by itself that its reader is to decide.
_DECIDE = re.compile(
    r"\b(?:decision is needed|needs? (?:a|your) decision|please decide|your decision)\b|"
    r"결정(?:이|을)? ?(?:필요|부탁|요청)(?:합니다|드립니다|해요|함)[.!]?$|"
    r"결정해 주(?:세요|십시오)[.!]?$|"
    r"(?:需要|请|請)(?:您|你|老师|老師|导师|導師)?(?:来|來|做)?(?:决定|決定|定夺|定奪)[。！]?$|"
    r"(?:決定が必要(?:です)?|ご判断ください|ご判断をお願いします|決めてください)[。！]?$",
    re.I,
)
_BACK = re.compile(
    r"\b(?:that|this|these|those|they|them)\b|"
    r"(?:^|\s)(?:그|이|저|이런|그런|그럼|이때|그때|이것|그것)(?=[\s은는을를과와의]|$)|"
    r"这|這|那(?!么|麼)|此|それ|これ|その|この",
    re.I,
)
SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])\s*")
_SHORT = 36


class Mark(NamedTuple):
    """A marker in a text: the kind of what follows, the author's word, empty for a plain question, and
    where it begins and ends."""

    kind: str
    label: str
    start: int
    end: int


def marks_in(text: str) -> list[Mark]:
    """The markers of ``text`` that something follows: those that begin it or a sentence of it."""
    found = []
    for begin in _BEGINS.finditer(text):
        match = _MARK.match(text, begin.end())
        if match and text[match.end() :].strip():
            label = "" if match["plain"] else match[0].rstrip(" :：")
            found.append(Mark(_kind_of(match), label, match.start(), match.end()))
    return found


def heading_mark(title: str) -> Mark | None:
    """The marker that ``title``, a heading or the bold words that a paragraph begins with, consists of;
    None where it says something else."""
    said = title.strip().rstrip(".。")
    match = _HEADING.fullmatch(said)
    if match is None:
        return None
    label = "" if match["plain"] else said.rstrip(" :：")
    return Mark(_kind_of(match), label, 0, len(title))


def _kind_of(match: re.Match[str]) -> str:
    return QUESTION if match["plain"] else next(kind for kind in _WORDS if match[kind])


def before_answer(kind: str, text: str) -> tuple[str, bool]:
    """``text`` up to the answer in it, and whether there is one."""
    answer = _INSIDE[kind].search(text)
    return (text[: answer.start()].strip(), True) if answer else (text.strip(), False)


def answers(kind: str, text: str) -> bool:
    """Whether ``text`` begins with an answer to what is of ``kind``."""
    match = _INSIDE[kind].match(text)
    return match is not None


def is_answer(text: str) -> bool:
    """Whether ``text`` begins with an answer of any kind."""
    return _ANY_ANSWER.match(text) is not None


def asks_to_decide(sentence: str) -> bool:
    """Whether ``sentence`` says that its reader is to decide."""
    return _DECIDE.search(sentence) is not None


def is_short(text: str) -> bool:
    """Whether ``text`` is so short that it says little without the sentence that it follows."""
    return sum(2 if character > "\u1100" else 1 for character in text) < _SHORT


def refers_back(text: str) -> bool:
    """Whether ``text`` refers to what is before it."""
    return _BACK.search(text) is not None
