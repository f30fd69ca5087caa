"""Formulas between dollar signs, as those write them whose journals are imported, and dollar signs that
are prices."""

from __future__ import annotations

import re

from weeknotes.importers.markdown.clean_html import read_tag

_VOID = frozenset({"br", "hr", "img", "input", "wbr"})
_MATH = re.compile(r"\$\$(.+?)\$\$|\$(?!\$)((?:[^$\n\\]|\\.)+?)\$(?!\$)", re.S)
# Commands of TeX that lead somewhere, read files or change what a page looks like.
_COMMANDS = re.compile(r"\\(?:href|url|html|require|include|input|def|class|style)")
# GitHub's other way to write a formula ("Writing mathematical expressions").
_TICKED_MATH = re.compile(r"\$`([^`$]+)`\$(?![0-9])")
_MATH_SIGNS = re.compile(
    r"[\\^_={}+*/()|<>]|^[A-Za-z\u0391-\u03c9\u00b50-9']{1,3}$|^[A-Za-z]\s*[-,]"
)
_TEX = re.compile(r"[\\^_{}]")
_PLAIN_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}(?=[\s,.;:]|$)")
_TEXT_IN_MATH = re.compile(
    r"\\(?:text\w*|mathrm|mathbf|mathit|mathsf|mbox|operatorname\*?)\s*\{[^{}]*\}"
)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def formula_at(text: str, at: int, *, within_link: bool) -> tuple[str, int] | None:
    """The formula that begins at the dollar sign at ``at``, as pandoc reads it, and the length of what
    it was in ``text``; None where the sign is no more than itself."""
    ticked = _TICKED_MATH.match(text, at)
    body = ticked[1].strip() if ticked else ""
    unsafe = _COMMANDS.search(body) or re.search(r"\n\s*\n|\{\{<", body)
    if ticked and body and not unsafe:
        return f"${body}$", len(ticked[0])
    math = _MATH.match(text, at)
    if not math or not _is_formula(text, math, within_link):
        return None
    if math[1] is not None:
        return math[0], len(math[0])
    # pandoc's formulas begin and end without a space, and no digit follows them.
    digits = re.compile(r"[0-9]+(?:[.,][0-9]+)*").match(text, math.end())
    more = f" {digits[0]}" if digits else ""
    return f"${math[2].strip()}{more}$", len(math[0]) + len(digits[0] if digits else "")


def _is_formula(text: str, math: re.Match[str], within_link: bool) -> bool:
    """Whether what is between dollar signs is a formula rather than two prices."""
    body = math[1] if math[1] is not None else math[2]
    if "{{<" in body or "`" in body or re.search(r"\n\s*\n", body):
        return False
    if any(_is_element(text, body, sign.start()) for sign in re.finditer("<", body)):
        return False
    if within_link and re.search(r"[\[\]]", body):
        return False
    if _COMMANDS.search(body):
        return False
    if math[1] is not None:
        return bool(body.strip()) and not within_link
    bare = _TEXT_IN_MATH.sub("", body)
    if _WIDE.search(bare):
        return False
    tex, tight = bool(_TEX.search(body)), body == body.strip()
    following = text[math.end() : math.end() + 1]
    if following.isascii() and following.isdigit() and not tex:
        return False
    if not tex and (not tight or (following.isalpha() and following.isascii())):
        # With a space inside, or right before a letter, only a name is a formula for sure.
        return bool(re.fullmatch(r"\s*[A-Za-z\u0391-\u03c9\u00b5]\s*", body))
    if not tex and len(_PLAIN_WORD.findall(bare)) > 1:
        return False
    if not tight and not re.search(r"[\\^_]", body):
        return False
    return bool(_MATH_SIGNS.search(body.strip()))


def _is_element(text: str, body: str, at: int) -> bool:
    """Whether a tag of HTML is at ``at``: one that closes, has attributes, or needs no end. Of the
    average ``<q>`` no end is anywhere."""
    found = read_tag(body, at)
    if found is None:
        return False
    tag = found[0]
    if tag.closing or tag.attributes or tag.name in _VOID:
        return True
    return re.search(rf"</{re.escape(tag.name)}\b", text, re.I) is not None
