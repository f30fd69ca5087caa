"""An answer in another language than the one asked for is no answer."""

from __future__ import annotations

import pytest

from weeknotes.digests.summaries.answer_language import check_language
from weeknotes.digests.summaries.client import ModelError

TEXTS = {
    "en": "We measure how much of the light a lamp remembers, and that it is less than was thought.",
    "fr": "Nous mesurons la part de la lumière que retient une lampe, et elle est plus petite qu'on "
    "ne le croyait dans les travaux antérieurs.",
    "de": "Wir messen, wie viel von dem Licht eine Lampe behält, und zeigen, dass es weniger ist, als "
    "man bisher für die meisten angenommen hat.",
    "es": "Medimos la parte de la luz que recuerda una lámpara, y es más pequeña de lo que se creía en "
    "los trabajos anteriores.",
    "ru": "Мы измеряем, сколько света помнит лампа, и показываем, что его меньше, чем считалось.",
    "el": "Μετράμε πόσο φως θυμάται μια λάμπα, και δείχνουμε ότι είναι λιγότερο.",
    "ko": "우리는 램프가 빛을 얼마나 기억하는지 재고, 알려진 것보다 적음을 보인다. Transformer를 쓴다.",
    "zh": "我们测量灯能记住多少光，并表明它比人们以为的要少。方法基于 Transformer 和 CNN。",
    "ja": "ランプがどれだけの光を覚えているかを測り、従来の想定より少ないことを示す。",
}


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("answered", TEXTS)
def test_languages_are_told_apart(lang: str, answered: str) -> None:
    if lang == answered:
        check_language([TEXTS[answered]], f"{lang}-XX")
        return
    with pytest.raises(ModelError, match="not in the language asked for"):
        check_language([TEXTS[answered]], lang)


def test_one_long_text_among_others_counts() -> None:
    with pytest.raises(ModelError):
        check_language([TEXTS["ko"], TEXTS["ko"], TEXTS["en"]], "ko")


@pytest.mark.parametrize(
    ("texts", "lang"),
    [
        (["LoRA", TEXTS["ko"]], "ko"),
        (["深層学習", TEXTS["ja"]], "ja"),
        (["GPT-4", "BLEU 27.3"], "en"),
        (["α, β and γ are the rates of the λ model in ℝ."], "en"),
        (["42"], "ko"),
        (["Mierzymy, ile światła pamięta lampa, i pokazujemy, że jest go mniej."], "pl"),
    ],
)
def test_names_and_short_texts_are_no_other_language(texts: list[str], lang: str) -> None:
    check_language(texts, lang)
