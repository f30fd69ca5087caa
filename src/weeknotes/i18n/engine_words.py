"""The words that a renderer puts into a page, by the page's language.

These are the terms that Quarto uses (its documentation, "Document Language"), so that a page says
the same under both engines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What is numbered and referred to, each with a word of its own.
_KINDS = ("fig", "tbl", "lst", "sec", "eq", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr")
#: The same for what Quarto calls by its English name in references, whatever the page's language.
_PROOFS = {"prf": "Proof", "rem": "Remark", "sol": "Solution"}
_KEYS = (
    *_KINDS,
    *("proof", "remark", "solution"),
    *("note", "tip", "warning", "important", "caution"),
    *("code", "references", "footnotes"),
)
_WORDS = {
    "en": "Figure Table Listing Section Equation "
    "Theorem Lemma Corollary Proposition Conjecture Definition Example Exercise "
    "Proof Remark Solution Note Tip Warning Important Caution Code References Footnotes",
    "ko": "그림 표 목록 섹션 방정식 정리 보조정리 따름정리 명제 추측 정의 보기 예제 증명 주석 해답 "
    "노트 힌트 경고 중요 주의 코드 참고문헌 각주",
    "zh": "图 表 列表 小节 式 定理 引理 推论 命题 猜想 定义 例 习题 证 注记 解 "
    "注记 提示 警告 重要 注意 代码 参考文献 脚注",
    "zh-tw": "圖 表 列表 節 方程式 定理 引理 推論 命題 猜想 定義 例子 練習 證明 小結 答案 "
    "註釋 提示 警告 重要 注意 程式碼 參考文獻 腳註",
    "ja": "図 表 コード セクション 式 定理 補題 系 命題 予想 定義 例 練習 証明 注釈 解答 "
    "ノート ヒント 警告 重要 注意 コード 参考文献 脚注",
}


def words(lang: str, crossref: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The words for a page in `lang` (a BCP 47 tag), English where a language isn't known.

    `crossref` are the page's options of that name: `fig-title` changes the word of captions,
    `fig-prefix` (key `fig-prefix` of the result) that of references, and so on.
    """
    tag = lang.lower().replace("_", "-")
    known = _WORDS.get(tag) or _WORDS.get(tag.split("-")[0]) or _WORDS["en"]
    result = dict(zip(_KEYS, known.split(), strict=True))
    options = crossref or {}
    result |= _PROOFS
    for kind in (*_KINDS, *_PROOFS):
        title = options.get(f"{kind}-title")
        if title is not None:
            result[kind] = str(title)
        prefix = options.get(f"{kind}-prefix")
        result[f"{kind}-prefix"] = result[kind] if prefix is None else str(prefix)
    result["delim"] = str(options.get("title-delim", ":"))
    return result
