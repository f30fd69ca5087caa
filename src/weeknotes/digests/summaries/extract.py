"""A summary taken from an abstract, sentence by sentence, without a model.

A sentence scores by the terms that it shares with the title and with the rest of the abstract (those of
the ranking: words, and pairs of Chinese and Korean characters), by what raised the paper for this
reader, and by phrases with which authors say what they do or find. So it works for any language
that the terms know, and says nothing that the abstract does not say.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from weeknotes.digests.entry import Summary
from weeknotes.digests.paper import Paper
from weeknotes.digests.summaries.sentences import sentences
from weeknotes.text.main_language import main_language
from weeknotes.text.terms import words

#: So many sentences are taken as bullets, and a sentence longer than this is no line.
BULLETS, LONGEST = 3, 320
_SHORTEST_WORD = 4
#: How authors announce what they do, and what came of it.
_DOES = re.compile(
    r"\bwe (?:propose|present|introduce|develop|describe|show|study|prove|release|argue)\b"
    r"|\bthis (?:paper|work|article|study|survey|report)\b|\bin this (?:paper|work)\b"
    r"|본 (?:논문|연구)|제안한다|제안했다|제시한다|소개한다|보인다"
    r"|(?:本文|我们|本研究|该论文|这篇论文)[^。]{0,12}(?:提出|介绍|研究|表明|证明|发现|设计)"
    r"|本論文|提案する|提案した",
    re.I,
)
_FINDS = re.compile(
    r"\b(?:results?|experiments?) (?:show|demonstrate|suggest|indicate|reveal)|\bwe find\b"
    r"|\boutperform|\bstate[- ]of[- ]the[- ]art\b|\bachiev|\bimprov"
    r"|실험 결과|결과는|성능을|향상|달성|(?:实验|结果)(?:结果)?(?:表明|显示|证明)|优于|提升|達成",
    re.I,
)
_REFERS = re.compile(
    r"^(?:however|but|moreover|furthermore|also|it|they|these|this (?!paper|work)|such|then|to this "
    r"end|in addition|therefore|그러나|하지만|또한|이는|이를|따라서|然而|但是|此外|因此|这)\b",
    re.I,
)


def extract(paper: Paper, raised_by: Sequence[str] = ()) -> Summary:
    """The line and the bullets of ``paper`` from its abstract, in the abstract's language; an empty
    Summary where there is none. ``raised_by`` are the words that raised it for this reader."""
    found = sentences(paper.abstract)
    if not found:
        return Summary()
    lang = main_language(paper.abstract) or "en"
    scores = [_score(n, found, paper.title, raised_by) for n in range(len(found))]
    order = sorted(range(len(found)), key=lambda n: (-scores[n], n))
    line = next((n for n in order if len(found[n]) <= LONGEST), order[0])
    rest = [n for n in _different(order, found) if n != line]
    bullets = sorted(rest[:BULLETS])
    return Summary(
        line=found[line],
        bullets=tuple(found[n] for n in bullets),
        origin="abstract",
        lang=lang,
    )


def _score(place: int, found: Sequence[str], title: str, raised_by: Iterable[str]) -> float:
    sentence = found[place]
    own = Counter(_terms(sentence))
    if not own:
        return -1.0
    everywhere = Counter(term for each in found for term in set(_terms(each)))
    named = set(_terms(title))
    wanted = {term for word in raised_by for term in _terms(word)}
    central = sum(math.log(everywhere[term]) for term in own) / math.sqrt(len(own))
    about = len(named & own.keys()) / max(1, len(named))
    for_reader = len(wanted & own.keys()) / max(1, len(wanted))
    said = 1.2 * bool(_DOES.search(sentence)) + 0.6 * bool(_FINDS.search(sentence))
    # The first sentence sets the scene, and one that refers back makes no sense alone.
    scene = 0.4 * (place == 0 and len(found) > 2) + 0.5 * bool(_REFERS.search(sentence))
    return 0.5 * central + 1.5 * about + 0.8 * for_reader + said - scene


def _different(order: Sequence[int], found: Sequence[str]) -> list[int]:
    """``order`` without sentences that say nearly the same as one before."""
    kept: list[int] = []
    for place in order:
        own = set(_terms(found[place]))
        near = (len(own & set(_terms(found[n]))) / max(1, len(own)) for n in kept)
        if own and max(near, default=0.0) < 0.7:
            kept.append(place)
    return kept


def _terms(text: str) -> list[str]:
    """The terms that say something: short Latin words are articles and the like."""
    return [term for term in words(text) if not term.isascii() or len(term) >= _SHORTEST_WORD]
