"""The words of the site's own chrome, in English, Korean and Chinese, and dates as each writes them.

The chrome speaks the site's language (``lang`` in ``_quarto.yml``); what a page holds keeps its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from weeknotes.i18n import section_strings

_ENGLISH = {
    "skip": "Skip to the text",
    "menu": "Sections",
    "weeks": "Weeks",
    "digests": "Digests",
    "pages": "Pages",
    "search": "Search",
    "search_hint": "Search the journal",
    "scheme": "Dark colours",
    "fold_all": "Fold all",
    "unfold_all": "Unfold all",
    "on_this_page": "On this page",
    "permalink": "Permanent link: {}",
    "newer": "Next week",
    "older": "Previous week",
    "newer_page": "Next",
    "older_page": "Previous",
    "neighbours": "Neighbouring weeks",
    "neighbours_page": "Neighbouring pages",
    "all_weeks": "All weeks",
    "weeks_from": "Weeks from {}",
    "notes.one": "{} note",
    "notes.other": "{} notes",
    "weeks_count.one": "{} week",
    "weeks_count.other": "{} weeks",
    "papers.one": "{} paper",
    "papers.other": "{} papers",
    "latest": "Latest week",
    "earlier": "Earlier weeks",
    "tasks": "Tasks",
    "open_tasks": "Open",
    "done_tasks": "Done",
    "no_open_tasks": "Nothing is open.",
    "no_done_tasks": "Nothing done yet.",
    "where": "Where things are",
    "by_year": "Weeks by year",
    "tags": "Tags",
    "no_weeks": "No week is written yet.",
    "first_week": "Start one with {}",
    "references": "References",
    "tag_list": "Tags",
    "categories": "Categories",
    "week_in_brief": "Too long to stand here in full:",
    "code_elsewhere": "The code is on the week's own page.",
    "made_with": "Made with Weeknotes",
    "shows_private": "With what is private, for this machine alone.",
    "page_private": "This page is private and is not published.",
    "page_draft": "This page is a draft and is not published.",
    "mark_private": "private",
    "mark_draft": "draft",
    "copy": "Copy",
    "copied": "Copied",
    "not_found": "There is no such page",
    "not_found_text": "It may have been moved or renamed. Search for it, or look through all weeks.",
}

_KOREAN = {
    "skip": "본문으로 건너뛰기",
    "menu": "메뉴",
    "weeks": "주간 기록",
    "digests": "다이제스트",
    "pages": "페이지",
    "search": "검색",
    "search_hint": "기록에서 검색",
    "scheme": "어두운 화면",
    "fold_all": "모두 접기",
    "unfold_all": "모두 펼치기",
    "on_this_page": "이 페이지",
    "permalink": "고유 링크: {}",
    "newer": "다음 주",
    "older": "이전 주",
    "newer_page": "다음",
    "older_page": "이전",
    "neighbours": "앞뒤 주",
    "neighbours_page": "앞뒤 페이지",
    "all_weeks": "모든 주",
    "weeks_from": "{}부터의 주",
    "notes.other": "노트 {}개",
    "weeks_count.other": "{}주",
    "papers.other": "논문 {}편",
    "latest": "최근 주",
    "earlier": "지난 주들",
    "tasks": "할 일",
    "open_tasks": "남은 일",
    "done_tasks": "끝난 일",
    "no_open_tasks": "남은 일이 없습니다.",
    "no_done_tasks": "아직 끝난 일이 없습니다.",
    "where": "찾아보기",
    "by_year": "연도별 주",
    "tags": "태그",
    "no_weeks": "아직 쓴 주가 없습니다.",
    "first_week": "시작하려면: {}",
    "references": "참고문헌",
    "tag_list": "태그",
    "categories": "분류",
    "week_in_brief": "길어서 제목만 싣습니다.",
    "code_elsewhere": "코드는 해당 주의 페이지에 있습니다.",
    "made_with": "Weeknotes로 만듦",
    "shows_private": "이 컴퓨터에서만 보이는 비공개 내용이 들어 있습니다.",
    "page_private": "비공개 페이지이며 공개되지 않습니다.",
    "page_draft": "초안이며 공개되지 않습니다.",
    "mark_private": "비공개",
    "mark_draft": "초안",
    "copy": "복사",
    "copied": "복사됨",
    "not_found": "페이지를 찾을 수 없습니다",
    "not_found_text": "옮겨졌거나 이름이 바뀌었을 수 있습니다. 검색하거나 모든 주에서 찾아보세요.",
}

_CHINESE = {
    "skip": "跳到正文",
    "menu": "栏目",
    "weeks": "周记",
    "digests": "文摘",
    "pages": "页面",
    "search": "搜索",
    "search_hint": "搜索周记",
    "scheme": "深色外观",
    "fold_all": "全部折叠",
    "unfold_all": "全部展开",
    "on_this_page": "本页内容",
    "permalink": "固定链接：{}",
    "newer": "下一周",
    "older": "上一周",
    "newer_page": "下一页",
    "older_page": "上一页",
    "neighbours": "前后两周",
    "neighbours_page": "前后两页",
    "all_weeks": "全部周记",
    "weeks_from": "自{}起的周记",
    "notes.other": "{} 条笔记",
    "weeks_count.other": "{} 周",
    "papers.other": "{} 篇论文",
    "latest": "最近一周",
    "earlier": "以往各周",
    "tasks": "任务",
    "open_tasks": "未完成",
    "done_tasks": "已完成",
    "no_open_tasks": "没有未完成的任务。",
    "no_done_tasks": "还没有完成的任务。",
    "where": "导览",
    "by_year": "按年浏览",
    "tags": "标签",
    "no_weeks": "还没有写下任何一周。",
    "first_week": "开始写：{}",
    "references": "参考文献",
    "tag_list": "标签",
    "categories": "分类",
    "week_in_brief": "篇幅较长，此处只列标题：",
    "code_elsewhere": "代码见该周页面。",
    "made_with": "由 Weeknotes 生成",
    "shows_private": "含有仅在本机显示的非公开内容。",
    "page_private": "本页为非公开页面，不会发布。",
    "page_draft": "本页为草稿，不会发布。",
    "mark_private": "非公开",
    "mark_draft": "草稿",
    "copy": "复制",
    "copied": "已复制",
    "not_found": "找不到此页",
    "not_found_text": "它可能已移动或改名。请搜索，或浏览全部周记。",
}

_TABLES: Mapping[str, Mapping[str, str]] = {
    "en": {**section_strings.ENGLISH, **_ENGLISH},
    "ko": {**section_strings.KOREAN, **_KOREAN},
    "zh": {**section_strings.CHINESE, **_CHINESE},
}

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


class Strings:
    """The chrome's words in one language.

    ``lang`` is a BCP 47 tag; its primary subtag chooses the words, and English stands in for a
    language that has none. ``Strings.lang`` is the language that was chosen.
    """

    def __init__(self, lang: str) -> None:
        primary = lang.lower().partition("-")[0]
        self.lang = lang if primary in _TABLES else "en"
        self._primary = primary if primary in _TABLES else "en"
        self._table = _TABLES[self._primary]

    def __call__(self, key: str, *values: object) -> str:
        """The words for ``key`` with ``values`` filled in."""
        return self._table[key].format(*values)

    def count(self, key: str, number: int, *values: object) -> str:
        """``number`` with the words for ``key`` in the grammatical number that fits it, and
        ``values`` filled in."""
        form = f"{key}.one" if number == 1 and f"{key}.one" in self._table else f"{key}.other"
        return self._table[form].format(number, *values)

    def span(self, start: str, end: str) -> str:
        """The days from ``start`` to ``end`` (ISO 8601 dates, inclusive), such as
        "16–22 November 2026"."""
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        if self._primary != "en":
            return self._span_east_asian(first, last)
        close = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{close}"
        opening = f"{first.day} {_MONTHS[first.month - 1]}"
        if first.year != last.year:
            opening += f" {first.year}"
        return f"{opening} – {close}"

    def short_span(self, start: str, end: str) -> str:
        """The days from ``start`` to ``end`` without the year, such as "30 Nov – 6 Dec"."""
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        if self._primary != "en":
            month, day = ("월 ", "일") if self._primary == "ko" else ("月", "日")
            opening = f"{first.month}{month}{first.day}"
            if first.month == last.month:
                return f"{opening}–{last.day}{day}"
            return f"{opening}{day} – {last.month}{month}{last.day}{day}"
        close = f"{last.day} {_MONTHS[last.month - 1][:3]}"
        if first.month == last.month:
            return f"{first.day}–{close}"
        return f"{first.day} {_MONTHS[first.month - 1][:3]} – {close}"

    def month(self, day: str) -> str:
        """The month of ``day`` (an ISO 8601 date) in short, such as "Nov"."""
        number = date.fromisoformat(day).month
        if self._primary == "en":
            return _MONTHS[number - 1][:3]
        return f"{number}월" if self._primary == "ko" else f"{number}月"

    def day(self, day: str) -> str:
        """One day (an ISO 8601 date), such as "16 November 2026"; what is no date stays as it is."""
        try:
            value = date.fromisoformat(day[:10])
        except ValueError:
            return day
        if self._primary == "en":
            return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        if self._primary == "ko":
            return f"{value.year}년 {value.month}월 {value.day}일"
        return f"{value.year}年{value.month}月{value.day}日"

    def _span_east_asian(self, first: date, last: date) -> str:
        year, month, day = ("년 ", "월 ", "일") if self._primary == "ko" else ("年", "月", "日")
        opening = f"{first.year}{year}{first.month}{month}{first.day}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{opening}–{last.day}{day}"
        close = f"{last.month}{month}{last.day}{day}"
        if first.year != last.year:
            close = f"{last.year}{year}{close}"
        return f"{opening}{day} – {close}"
