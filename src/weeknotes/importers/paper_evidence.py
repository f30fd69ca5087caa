"""This module decides which headings are titles of papers, and which paper a section is about.

A heading alone makes no paper. It needs an address or an identifier in it or right below it, where
people put such lines before they write anything else, or an entry of the library with that title.
Names of sections ("Introduction", "결과", "相关工作"), days and labels are never titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from weeknotes.importers.dates import expressions
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.paper_register import identifier_address, is_paper_address

_WORDS = frozenset(
    """
    abbreviations ablation ablations about abstract accomplished accomplishment accomplishments
    acknowledgement acknowledgements acknowledgment acknowledgments action actions additional
    agenda algorithm algorithms analysis annotations announcement announcements appendix
    application applications approach architecture archive article articles attendees author
    authors background baseline baselines basic benchmark benchmarks best bibliography bibtex blog
    book books brief caption changelog changes citation citations code comment comments comparison
    conclusion conclusions cons contact content contents context contribution contributions
    contributors core critique daily data dataset datasets date day definition definitions demo
    description details digest discussion discussions done download evaluation example examples
    experiment experimental experiments figure figures final finding findings first followup
    formulation framework friday further future general glossary goal goals heading highlight
    highlights home hour hours how idea ideas image images implementation implications index info
    information initial insight insights installation intro introduction issues item items journal
    key keyword keywords last learned learning lessons license limitation limitations link links
    list literature log logs main material materials meeting meetings meta metadata method
    methodology methods metrics minutes misc miscellaneous model models monday motivation my next
    note notes novelty objective objectives observation observations open opinion other our
    outline overview paper papers pdf performance personal pipeline plan plans plot plots point
    points post posts preliminaries preliminary previous primer problem problems progress project
    proposed pros publication published purpose qa quality question questions quick quote quotes
    read reading readings recap reference references reflection reflections related remaining
    remark remarks report reports research resource resources result results review reviews
    saturday science second section seminar setting settings setup short significance slides
    solution solutions source sources statement statistics status step steps strength strengths
    study style subscribe summary sunday supplementary support synopsis table tables tag tags
    takeaway takeaways talk talks task tasks technical technique techniques term terms theory
    thing things third thought thoughts thursday title tldr today todo todos tomorrow tool tools
    topic topics training tuesday untitled update updates url usage useful version video videos
    vote votes weakness weaknesses wednesday week weekly what when where who why work works
    writing year yesterday
    """.split()
)
_SMALL = frozenset(
    "a an and are as at be by can did do does for from has have i in is it its no of on or s so "
    "that the their this to up used via vs was we were with you your".split()
)
_WIDE_NAMES = frozenset(
    """
    서론 소개 들어가며 도입 배경 동기 개요 초록 요약 정리 핵심 내용 본문 본론 방법 방법론
    제안 모델 구조 실험 평가 결과 분석 고찰 논의 토의 결론 마무리 한계 한계점 의의 기여
    기여점 장점 단점 장단점 관련연구 선행연구 참고문헌 참고자료 참고 출처 부록 질문 의견
    생각 느낀점 후기 소감 메모 목차 제목 저자 링크 논문 코드 그림 회의 미팅 계획 할일
    오늘할일 이번주 다음주 다음계획 진행상황 일정 공지 서문 데이터 데이터셋 향후연구
    향후과제 문제정의 주요결과 실험결과 핵심내용 핵심아이디어 연구배경 연구방법 논문소개
    논문요약 논문리뷰 주요내용 引言 介绍 简介 前言 导言 背景 动机 概述 概要 摘要 总结 小结
    要点 内容 正文 方法 模型 结构 框架 实验 评估 评价 结果 分析 讨论 结论 结语 局限 局限性
    不足 意义 贡献 创新 创新点 优点 缺点 优缺点 相关工作 研究背景 研究方法 实验结果 实验设置
    核心思想 主要内容 主要贡献 参考 参考文献 参考资料 来源 附录 问题 想法 思考 感想 心得
    备注 笔记 目录 标题 作者 链接 论文 代码 图 图表 数据 数据集 会议 组会 计划 待办 本周
    下周 本周计划 下周计划 本周总结 进展 本周进展 未来工作 详细 详情 问题定义 疑问 阅读笔记
    緒論 介紹 簡介 總結 實驗 結果 結論 討論 相關工作 參考文獻 貢獻 問題 會議 計劃 はじめに
    정보 기본 기본정보 서지정보 정보요약 메타 메타정보 主旨 信息 基本 元信息 基本資訊 資訊
    情報 関連情報 基本情報
    導入 要約 要旨 目的 手法 提案手法 実験 評価 考察 議論 まとめ おわりに 関連研究 先行研究
    出典 課題 今後の課題 メモ 目次 著者 論文 会議 予定
    """.split()
)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.I)
# Titles of posts on several papers.
_OF_SEVERAL = re.compile(
    r"\b(?:digests?|daily|weekly|monthly|round-?up|papers|links|news|reading list|readings|log)\b|"
    r"다이제스트|모음|주간|일간|논문들|日报|周报|月报|精选|合集|速递|论文列表|まとめ|週報",
    re.I,
)
_METADATA_LINES = 5
_LONGEST_LINE = 160
_LABEL_OF_A_LINK = re.compile(
    r"^\W*(?:(?:the|full|original|our|this|link|to|here|html|online)\s+)*"
    r"(?:papers?|arxiv|pdf|links?|url|source|abs|abstract|doi|openreview|preprint|article|publication|"
    r"project|page|here|html|논문|원문|링크|논문\s*링크|论文|原文|链接|论文链接|地址|論文|リンク)\W*"
    r"(?:(?:link|page|url|pdf|here|version|paper)\W*)*$",
    re.I,
)


def is_section_name(text: str) -> bool:
    """Whether ``text``, the plain text of a heading, names a section, a day or a week rather than
    being the title of anything."""
    words = re.findall(r"[^\W\d_]+", text.replace("’", "'").casefold())
    if not words:
        return True
    if is_date(text):
        return True
    if _WIDE.search(text):
        return _is_made_of_names("".join(words)) or all(
            word in _WIDE_NAMES or (word.isascii() and word in _WORDS | _SMALL) for word in words
        )
    content = [word for word in words if word not in _SMALL]
    return len(content) <= 3 and all(word in _WORDS for word in content)


def _is_made_of_names(text: str) -> bool:
    """Whether ``text``, without spaces as Chinese is written, is one name of a section, or two."""
    return text in _WIDE_NAMES or any(
        text[:at] in _WIDE_NAMES and text[at:] in _WIDE_NAMES for at in range(2, len(text) - 1)
    )


def is_date(text: str) -> bool:
    """Whether ``text`` is a day or a week, with few words beside it, or begins with a day."""
    found = expressions.find(text)
    if found is None:
        return False
    weekday = expressions.LEADING_WEEKDAY.match(text.strip())
    rest = text.strip()[weekday.end() if weekday else 0 :]
    return len(found.rest) <= 24 or (found.one_day and rest.startswith(found.text))


def is_link_label(text: str) -> bool:
    """Whether ``text`` is what a link to a paper is called, such as "Paper" or "arXiv link"."""
    return bool(_LABEL_OF_A_LINK.match(text)) or is_section_name(text)


def is_address(text: str) -> bool:
    """Whether ``text`` is nothing but an address."""
    return bool(_ADDRESS.match(text.strip().strip("<>")))


def is_title(text: str) -> bool:
    """Whether ``text`` could be the title of a paper: it is no name of a section, day or link, and
    no address."""
    return bool(text) and not (is_section_name(text) or is_link_label(text) or is_address(text))


def names_several(text: str) -> bool:
    """Whether ``text`` is the title of a post on several papers, such as a weekly digest."""
    return bool(_OF_SEVERAL.search(text))


def names_paper(text: str) -> bool:
    """Whether ``text``, that of a heading which links to a paper, is the paper's title: any text is
    that says more than "Paper" or "Link", or a section's name of one word."""
    words = re.findall(r"\w+", text)
    one = len(words) == 1 and is_section_name(text)
    return bool(words) and not (one or _LABEL_OF_A_LINK.match(text) or is_address(text))


def paper_address(text: str) -> str:
    """The address of the first paper that Markdown ``text`` links to, or names by an identifier such
    as ``arXiv:2006.11239``; empty where there is none."""
    found = next((url for _, url in links(text) if is_paper_address(url)), "")
    return found or identifier_address(text)


def address_below(blocks: Iterable[Block]) -> str:
    """The address of a paper in the lines right below a title: ``arXiv: https://…``, a line with the
    venue and a link, a list of such lines. The first sentence ends them: a link further down is to
    whatever is being told there."""
    left = _METADATA_LINES
    for block in blocks:
        if block.kind in ("blank", "comment"):
            continue
        if block.kind not in ("paragraph", "list", "quote", "html"):
            return ""
        for _, text in block.lines:
            if text.lstrip().startswith("|"):
                # A table below a title is a list of papers, or of anything else.
                return ""
            bare = re.sub(r"^[\s>]*(?:[-*+]|[0-9]{1,9}[.)])?\s*", "", text)
            if not bare or re.fullmatch(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>", bare.strip()):
                continue
            url = paper_address(bare)
            if url and _is_metadata(bare):
                return url
            left -= 1
            if not left or not _is_metadata(bare):
                return ""
    return ""


def _is_metadata(text: str) -> bool:
    """Whether a line says things of a paper rather than telling something: links, labels, names."""
    rest = text
    for label, url in links(text):
        rest = rest.replace(url, "").replace(f"[{label}]()", " ")
    rest = plain(rest).strip(" <>()[]|·-–—:,;")
    if len(rest) > _LONGEST_LINE:
        return False
    if re.match(r"[^\W\d_][\w '/-]{0,24}\s*[:：]", rest):
        return True
    ends = re.search(r"[^\W\d]{2,}[.。!?！？]$", rest) and not re.search(
        r"\b(?:et al|inc|univ)\.$", rest, re.I
    )
    sentence = ends and len(rest.split()) > 1
    wide_sentence = re.search(r"[다요음임][.]?$|[。！？]$", rest) and len(rest) > 8
    return not sentence and not wide_sentence


def only_paper(blocks: Sequence[Block]) -> str:
    """The address of the paper that a post is on as a whole: the only one that it links to, or of
    several the one that a link calls the paper."""
    found: dict[str, bool] = {}
    for block in blocks:
        if block.kind in ("fence", "indented", "comment", "definition"):
            continue
        for label, url in links(block.text):
            if is_paper_address(url):
                shown = plain(label)
                names_link = any(char.isalpha() for char in shown) and is_link_label(shown)
                found[url] = found.get(url, False) or names_link
    if len(found) == 1:
        return next(iter(found))
    called = [url for url, is_called in found.items() if is_called]
    return called[0] if called else ""
