"""The words of a paper that can be named as reasons: those that say what it is about.

Terms of Chinese, Japanese and Korean are pairs of characters (`text.terms`), which are no words. A
Korean word is named without its particle, a run of kanji or katakana as it is, and of Chinese the
stretches whose pairs all raised the paper, between the characters and words that only join others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from weeknotes.digests.paper import Paper
from weeknotes.digests.ranking.features import author_term, pairs
from weeknotes.text.folding import fold
from weeknotes.text.terms import words

#: Words that raise a paper no less than others, and tell its reader nothing.
_LATIN = frozenset(
    "a about above across after against all almost along also although among an and another any are "
    "as at away back be because been before behind below better between both but by can could did do "
    "does doing done down during each either else enough especially even ever every far few first for "
    "from further get give given gives good had has have having hence here how however if in instead "
    "into is it its itself just last least less like little made make makes many may might more "
    "most much must near need needs neither never new next no nor not now of off often on once one "
    "ones only onto or other others our ours out over own per quite rather same second see several "
    "shall she should show shown shows since small so some still such than that the their theirs them "
    "themselves then there therefore these they third this those though three through thus times to "
    "together too toward towards two under unlike until up upon us use used uses using various very "
    "via was way we well were what when where whereas whether which while who whole whose why will "
    "with within without would yet you your".split()
)
#: The same, of what is written about any paper.
_LATIN |= frozenset(
    "abstract achieve achieves add adds allow allows amount approach article based begin begins best "
    "call called change changes come comes cost different easily easy effect end example find finds "
    "following found gain general go goes hard help helps higher idea important improve improves "
    "include includes increase keep keeps kind known large larger lead leads leave leaves let lets "
    "line long look looks lot lower main method methods need nothing number numbers obtain order paper "
    "papers part parts point points possible present presents problem problems propose proposed "
    "proposes provide provides put puts reach report result results right say says see sees set sets "
    "short simple simply single size something start study suggest take takes tell tells thing things "
    "turn turns want way ways whose work works write year years beside besides cross crosses".split()
)
_KOREAN = frozenset(
    "있는 없는 있다 없다 하는 한다 했다 하고 하여 해서 되는 된다 됐다 되고 위한 위해 통해 통한 "
    "대한 대해 관한 따라 따른 같은 같이 다른 모든 어떤 이런 그런 이를 이는 그리고 그러나 하지만 "
    "또한 또는 및 등 더 가장 매우 보다 비해 우리 우리는 본 논문 논문은 연구 방법 방법을 결과 "
    "문제 경우 때 때문 때문에 것 것을 것이 것은 수 수가 여러 많은 새로운 기존 제안 제안한다 보여 "
    "보인다 사용 사용한 사용하여 이용 이용한 하나 하나의 각 각각 이후 이전 모두 정도 이상 이하 "
    "사이 아니라 아닌 얻는다 만든다 쓴다 준다 한편".split()
)
_PARTICLE = re.compile(
    r"(?:으로써|으로서|에서는|에서도|에게서|으로는|까지|부터|에서|에게|으로|로서|로써|처럼|보다|마다|이나|"
    r"이란|라는|이라는|하는|하게|하고|하여|한다|했다|되는|된다|들은|들이|들을|들의|은|는|이|가|을|를|의|에|로|"
    r"과|와|도|만|란)$"
)
_CHINESE = re.compile(
    "我们|可以|一个|一种|一些|一步|一样|能够|使用|进行|对于|关于|由于|因为|所以|如果|虽然|但是|具有|以及|其中|"
    "非常|比如|例如|之间|之后|之前|不同|相同|同样|主要|得到|提出|方法|结果|问题|本文|论文|研究|工作|这些|那些|"
    "这个|那个|这种|任何|所有|没有|不是|就是|只有|已有|已经|可能|需要|通过|根据|作为|成为|多种|各种|一般|更多|"
    "[的了是在和与或及也都而则但并且这那其它们我你他个种把被吗呢吧很更最就还又再些么什从到使让由将着地得]|"
    "ここ|そこ|これ|それ|この|その|ため|こと|もの|[\u3041-\u309f]"
)
_SURFACE = re.compile(r"[^\W_]+")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\u3041-\u30ff]+")
_LONGEST = 8

Gain = Callable[[str], float]


def named(paper: Paper, gain: Gain) -> Iterator[tuple[float, str]]:
    """The words of ``paper`` as it writes them, with what each gained: ``gain`` gives that of a term.
    Two neighbouring words are named as one where nothing but a space or a hyphen is between them."""
    for text in (paper.title, paper.abstract):
        before: tuple[str, int, int] | None = None
        for match in _SURFACE.finditer(text):
            if not match[0].isascii() and (wide := list(_wide(match[0], gain))):
                yield from wide
                before = None
                continue
            found = list(words(match[0]))
            if match[0].lower() in _LATIN or len(found) != 1 or is_wide(match[0]):
                before = None
                continue
            yield gain(found[0]), match[0]
            own = (found[0], match.start(), match.end())
            if before and text[before[2] : own[1]] in (" ", "-"):
                for pair in pairs([before[0], own[0]]):
                    yield gain(pair), text[before[1] : own[2]]
            before = own
    for name in paper.authors:
        yield gain(author_term(name)), name


def is_wide(text: str) -> bool:
    """Whether ``text`` has characters of Chinese, Japanese or Korean."""
    return _HANGUL.search(text) is not None or _HAN.search(text) is not None


def _wide(text: str, gain: Gain) -> Iterator[tuple[float, str]]:
    for run in _HANGUL.findall(text):
        word = _PARTICLE.sub("", run) if len(run) > 2 else run
        if len(word) > 1 and run not in _KOREAN and word not in _KOREAN:
            yield max(map(gain, words(word)), default=0.0), word
    for run in _HAN.findall(text):
        for piece in _CHINESE.split(run):
            yield from _stretches(piece, gain)


def _stretches(piece: str, gain: Gain) -> Iterator[tuple[float, str]]:
    """The longest parts of ``piece`` all of whose pairs gained something."""
    first, best = 0, 0.0
    for place in range(1, len(piece) + 1):
        gained = gain(fold(piece[place - 1 : place + 1])) if place < len(piece) else 0.0
        if gained > 0:
            best = max(best, gained)
            continue
        if best > 0 and place - first <= _LONGEST:
            yield best, piece[first:place]
        first, best = place, 0.0
