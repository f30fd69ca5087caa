"""Which of the families a source is of, told by what only that family has."""

from __future__ import annotations

import re
from collections.abc import Sequence

FORMATS = ("worklog", "blog", "insights", "votes", "arxiv-table")

VOTE = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\*\*|__)?\s*(?:up)?(?:votes?|likes?|投票数?|票数|点赞数?|추천수?|투표수?|득표수?|좋아요)\s*"
    r"(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*(?P<votes>[0-9][0-9,]*)\s*(?:票|표|개|votes?)?\s*$"
    r"|^\s*(?:[-*+]\s+)?(?:👍|🔥|⬆️?|▲|❤️?)\s*(?P<emoji>[0-9][0-9,]*)\s*$",
    re.I,
)
AUTHORS = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\*\*|__)?\s*(?:authors?|by|作者|저자|글쓴이|著者)\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*(?P<names>\S.*?)\s*$",
    re.I,
)
_LABEL = r"^\s*(?:#{1,6}\s*)?(?:\*\*|__)?\s*(?:%s)\s*[:：]?\s*(?:\*\*|__)?\s*[:：]?\s*$"
SUMMARY_LABEL = re.compile(
    _LABEL % "요약|종합 요약|summary|report|摘要|总结|綜述|综述|要約",
    re.I,
)
SOURCES_LABEL = re.compile(
    _LABEL
    % (
        "출처|참고 ?문헌|참고 ?자료|논문 목록|sources?|references?|papers?|"
        "来源|來源|出处|出處|参考文献|参考资料|论文|出典"
    ),
    re.I,
)
_FOOTNOTE_DEFINITION = re.compile(r"^\[\^[^\]]+\]:")
_FOOTNOTE_ROW = re.compile(r"^\s*\|\s*\[\^[^\]]+\]")
_DETAILS = re.compile(r"<details\b", re.I)
_HEADING = re.compile(r"^ {0,3}#{1,6}")


def detect(lines: Sequence[str]) -> str:
    """The family that ``lines`` look most like; empty where they look like none."""
    from weeknotes.importers.dates import expressions

    scores = dict.fromkeys(FORMATS, 0.0)
    front = bool(lines) and lines[0].strip() in ("---", "+++")
    headings = 0
    for number, text in enumerate(lines):
        if VOTE.match(text):
            scores["votes"] += 2
        elif AUTHORS.match(text):
            scores["votes"] += 0.5
        elif SOURCES_LABEL.match(text):
            scores["insights"] += 2
        elif SUMMARY_LABEL.match(text):
            scores["insights"] += 0.5
        elif _FOOTNOTE_ROW.match(text) or _FOOTNOTE_DEFINITION.match(text):
            scores["arxiv-table"] += 1.5
        elif _HEADING.match(text) or re.match(r"\s*(?:<details|<summary|\*\*[^*]+\*\*\s*$)", text):
            headings += 1
            found = expressions.find(re.sub(r"<[^<>]*>", " ", text)) if len(text) < 160 else None
            if found and not (found.one_day and len(found.rest) > 20):
                scores["worklog"] += 1 if not found.one_day else 0.6
            if _DETAILS.search(text):
                scores["worklog"] += 0.5
        elif number < 400 and len(text) < 60:
            # A date alone on a line begins a week or a day.
            found = expressions.find(text)
            if found and not found.rest:
                scores["worklog"] += 0.6
    if front:
        scores["blog"] += 2.6
    best = max(FORMATS, key=lambda name: scores[name])
    if scores[best] >= 0.6 and (headings or scores[best] >= 2):
        return best
    return ""
