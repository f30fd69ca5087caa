"""The words of the search's own controls, in English, Korean and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = {
    "title": "Search",
    "hint": "Search notes, papers, authors…",
    "close": "Close",
    "clear": "Clear",
    "none": "Nothing found for “{query}”.",
    "one": "{count} result",
    "many": "{count} results",
    "some": "Nothing holds all of these words. These hold some of them:",
    "more": "Show more",
    "year": "Year",
    "tag": "Tag",
    "kind": "Kind",
    "lang": "Language",
    "any": "any",
    "week": "Weeks",
    "digest": "Digests",
    "paper": "Papers",
    "page": "Pages",
    "loading": "Searching…",
    "failed": "The search could not be loaded. Check the connection and try again.",
    "stale": "The journal has been updated. Reload the page to search it.",
    "keys": "↑ ↓ to move, Enter to open, Esc to close. “Quotes” for a phrase.",
}
_KOREAN = {
    "title": "검색",
    "hint": "노트, 논문, 저자 검색…",
    "close": "닫기",
    "clear": "지우기",
    "none": "“{query}”에 대한 결과가 없습니다.",
    "one": "결과 {count}개",
    "many": "결과 {count}개",
    "some": "모든 낱말이 든 곳은 없습니다. 일부가 든 곳:",
    "more": "더 보기",
    "year": "연도",
    "tag": "태그",
    "kind": "종류",
    "lang": "언어",
    "any": "전체",
    "week": "주간 기록",
    "digest": "다이제스트",
    "paper": "논문",
    "page": "페이지",
    "loading": "찾는 중…",
    "failed": "검색을 불러오지 못했습니다. 연결을 확인하고 다시 시도하세요.",
    "stale": "기록이 새로 바뀌었습니다. 페이지를 새로 고친 뒤 검색하세요.",
    "keys": "↑ ↓ 이동, Enter 열기, Esc 닫기. “따옴표”는 구절 검색.",
}
_CHINESE = {
    "title": "搜索",
    "hint": "搜索笔记、论文、作者…",
    "close": "关闭",
    "clear": "清除",
    "none": "没有找到“{query}”。",
    "one": "{count} 条结果",
    "many": "{count} 条结果",
    "some": "没有内容包含全部词语。以下包含其中一部分：",
    "more": "显示更多",
    "year": "年份",
    "tag": "标签",
    "kind": "类型",
    "lang": "语言",
    "any": "全部",
    "week": "周记",
    "digest": "文摘",
    "paper": "论文",
    "page": "页面",
    "loading": "正在搜索…",
    "failed": "无法加载搜索。请检查网络后重试。",
    "stale": "周记已更新。请刷新页面后再搜索。",
    "keys": "↑ ↓ 移动，Enter 打开，Esc 关闭。“引号”表示短语。",
}
_TABLES: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "ko": _KOREAN, "zh": _CHINESE}


def words(lang: str) -> Mapping[str, str]:
    """The words for a BCP 47 language, English where there are none in it."""
    return _TABLES.get(lang.lower().partition("-")[0], _ENGLISH)
