"""Text made harmless: escaped so that pandoc and Quarto read no more into it than GitHub did."""

from __future__ import annotations

import re

WORD_JOINER = "\u2060"
"""A sign of no width that keeps a shortcode from being one, and marks what an import adds."""
# What pandoc starts a list, line block, definition, heading or table with, and GitHub doesn't.
_LINE_STARTS = (
    (re.compile(r"^(\()(?=[0-9A-Za-z@#]{1,8}\)(?:\s|$)|@)"), "&#40;"),
    (re.compile(r"^((?:[A-Za-z]|[ivxlcdmIVXLCDM]+|#)[.)])(?=\s|$)"), ""),
    (re.compile(r"^([|])"), ""),
    (re.compile(r"^(\[)(?=[^\]]+\]:)"), ""),
    (re.compile(r"^([:~])(?=\s)"), ""),
    (re.compile(r"^(:)(?=::)"), ""),
    (re.compile(r"^([%+])(?=[-=\s]|$)"), ""),
    (re.compile(r"^(#)(?=#{6})"), ""),
    (re.compile(r"^([=-])(?=[=-]*\s*$)"), ""),
)


def guard(text: str) -> str:
    """``text`` with what pandoc would take for the start of another block escaped, line by line."""
    return "\n".join(map(_guard_line, text.split("\n")))


def _guard_line(text: str) -> str:
    bare = text.lstrip(" ")
    for pattern, entity in _LINE_STARTS:
        if match := pattern.match(bare):
            head, rest = match[1], bare[match.end(1) :]
            made = entity or (f"{head[:-1]}\\{head[-1]}" if len(head) > 1 else f"\\{head}")
            return text[: len(text) - len(bare)] + made + rest
    return text


def harmless_code(code: str) -> str:
    """``code`` with no shortcode in it: Quarto runs those in code blocks and comments too."""
    return code.replace("{{<", "{{" + WORD_JOINER + "<")


def escaped(text: str) -> str:
    """Plain ``text`` so that Markdown shows it as it is, and no engine reads more into it."""
    text = re.sub(r"([\\`*_{}\[\]<>$@#~^|])", r"\\\1", text)
    return guard(re.sub(r"--+", lambda run: "\\-" * len(run[0]), text))


def plain_label(label: str) -> str:
    """The text ``label`` with what Markdown reads in it escaped."""
    return re.sub(r"([\\`*_{}\[\]<>$@#~^|])", r"\\\1", label)


def destination(address: str) -> str:
    """``address`` as a link's destination."""
    if re.search(r"[\s()<>\\]", address):
        return "<" + address.replace("<", "%3C").replace(">", "%3E").replace("\n", "%20") + ">"
    return address


def link_title(title: str) -> str:
    """``title`` as the title behind a link's destination; "" for none."""
    if not title:
        return ""
    plain = title.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f' "{harmless_code(plain)}"'
