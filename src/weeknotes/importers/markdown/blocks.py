"""A source cut into Markdown blocks, every line of it in exactly one.

Follows GitHub Flavored Markdown (spec 0.29, sections 4 and 5), since that is where these texts were
read, with the leniency that their authors counted on: ``##Heading`` without a space is a heading,
and ``<details>`` and ``<summary>`` count wherever they are on a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from weeknotes.importers.markdown import fences
from weeknotes.importers.markdown.prepared_lines import Line as Line
from weeknotes.importers.markdown.prepared_lines import prepared

_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_TIGHT_ATX = re.compile(r"^ {0,3}(#{2,6})(?=[^\s#])(.*?)(?:[ \t]*#+)?[ \t]*$")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_DELIMITER = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_QUOTE = re.compile(r"^ {0,3}>")
ITEM = re.compile(r"^( *)([-*+]|[0-9]{1,9}[.)])(?:[ \t]+|$)")
_FOOTNOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$")
_DEFINITION = re.compile(
    r"^ {0,3}\[([^\]^\[][^\]\[]*)\]:[ \t]*(?:<([^<>]*)>|(\S+))"
    r"""(?:[ \t]+(?:"([^"]*)"|'([^']*)'|\(([^()]*)\)))?[ \t]*$"""
)
_DETAILS = re.compile(r"</?details(?:\s[^<>]*)?>|<summary(?:\s[^<>]*)?>.*?</summary\s*>", re.I)
_DETAILS_LINE = re.compile(r"^\s*</?(?:details|summary)\b|</details\s*>\s*$", re.I)
_HTML = re.compile(
    r"^ {0,3}(?:<!--|</?(?:address|article|aside|base|blockquote|body|caption|center|col|colgroup|dd|"
    r"dialog|dir|div|dl|dt|embed|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|"
    r"header|hr|html|iframe|input|legend|li|link|main|menu|meta|nav|object|ol|optgroup|option|p|param|"
    r"picture|pre|script|section|source|style|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|"
    r"track|ul|video|audio)(?=[\s/>]|$))",
    re.I,
)
_PRIVATE_DIV = re.compile(r"(:{3,})\s*(?:\{[^{}]*\.private(?=[\s}])[^{}]*\}|private)\s*:*$")
_PRE = re.compile(r"<(/?)pre(?=[\s>])", re.I)


@dataclass(frozen=True)
class Block:
    """A block of a source.

    ``kind`` is blank, heading, rule, fence, indented, table, quote, list, html, comment, details,
    summary, enddetails, footnote, definition, front, private or paragraph. ``level`` is a heading's
    level and ``label`` the name of a footnote or a definition, or the number of the column in which a
    table cites papers. A format adds what the cell holds
    beyond the source: ``cites``, keys cited at the block's end; ``cites_at``, keys cited at the end
    of the line with that number; ``lang``, the language of the block; ``anchor``, an id for links.
    """

    kind: str
    lines: tuple[Line, ...]
    level: int = 0
    label: str = ""
    cites: tuple[str, ...] = ()
    cites_at: Mapping[int, str] = field(default_factory=dict)
    lang: str = ""
    anchor: str = ""

    @property
    def start(self) -> int:
        """The line of the source that it begins on, from 1."""
        return self.lines[0][0]

    @property
    def text(self) -> str:
        """The lines joined; for a heading or a summary, its text without the marks."""
        return "\n".join(text for _, text in self.lines)

    def with_lines(self, lines: Sequence[Line], **changes: object) -> Block:
        """The block with other lines, and other fields where ``changes`` names them."""
        return replace(self, lines=tuple(lines), **changes)  # type: ignore[arg-type]


def parse(lines: Sequence[Line], *, rules: bool = False) -> list[Block]:
    """``lines`` as blocks, in order. With ``rules``, a line ``---`` right under text is a rule
    between two notes, as authors of logs mean it, unless the text is one line like a title; without,
    it makes the text a heading, as GitHub has it."""
    return list(_Parser(prepared(lines), rules).blocks())


def numbered(lines: Sequence[str]) -> list[Line]:
    """``lines`` with their numbers, from 1."""
    return list(enumerate(lines, 1))


def read_definition(block: Block) -> tuple[str, str, str]:
    """Label, address and title of a link reference definition."""
    match = _DEFINITION.match(block.lines[0][1])
    if match is None:
        raise ValueError(f"not a link reference definition: {block.text!r}")
    title = next((part for part in match.groups()[3:] if part), "")
    return " ".join(match[1].lower().split()), match[2] or match[3] or "", title


def split_row(row: str) -> list[str]:
    """The cells of a table row (GFM 4.10): separated by bars that no backslash precedes."""
    row = row.strip()
    row = row.removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)]


def is_blank(text: str) -> bool:
    """Whether ``text`` is nothing but white space."""
    return not text.strip()


class _Parser:
    """Reads blocks off the front of what is left of the lines."""

    def __init__(self, lines: list[Line], rules: bool) -> None:
        self.lines = lines
        self.at = 0
        self.rules = rules

    def blocks(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            yield self._block()

    def _take(self, count: int) -> tuple[Line, ...]:
        taken = tuple(self.lines[self.at : self.at + count])
        self.at += count
        return taken

    def _text(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.lines[index][1] if index < len(self.lines) else ""

    def _left(self) -> int:
        return len(self.lines) - self.at

    def _block(self) -> Block:
        text = self._text()
        if is_blank(text):
            return Block("blank", self._take(1))
        return self._marked(text) or self._contained(text) or self._other(text)

    def _marked(self, text: str) -> Block | None:
        """The block that a mark of its own begins: a fold, a fence, a heading, a rule."""
        if marker := _details_kind(text):
            return Block(marker, self._take(1))
        if mark := fences.opening(text):
            return self._fence(mark)
        if count := self._private_length():
            return Block("private", _held(self._take(count)))
        if match := _ATX.match(text) or _TIGHT_ATX.match(text):
            number = self._take(1)[0][0]
            return Block("heading", ((number, (match[2] or "").strip()),), level=len(match[1]))
        return Block("rule", self._take(1)) if _RULE.match(text) else None

    def _contained(self, text: str) -> Block | None:
        """The block that holds others, or cells: a table, a quote, a list, a footnote."""
        if self._is_table():
            return self._table()
        if _QUOTE.match(text):
            return Block("quote", self._take(self._lazily(lambda line: bool(_QUOTE.match(line)))))
        if _starts_list(text):
            return Block("list", self._take(self._list_length()))
        if match := _FOOTNOTE.match(text):
            return Block("footnote", self._take(self._footnote_length()), label=match[1])
        return None

    def _other(self, text: str) -> Block:
        if match := _DEFINITION.match(text):
            return Block("definition", self._take(1), label=match[1])
        if text.startswith("    "):
            return self._indented()
        return self._html() if _HTML.match(text) else self._paragraph()

    def _fence(self, mark: str) -> Block:
        """A fenced code block. One that nothing closes ends where a section of the page does, so
        that a forgotten fence does not hide the weeks after it."""
        count = 1
        while count < self._left():
            if fences.closes(self._text(count), mark):
                return Block("fence", self._take(count + 1), label="closed")
            count += 1
        for ahead in range(1, self._left()):
            if _details_kind(self._text(ahead)):
                return Block("fence", self._take(ahead))
        return Block("fence", self._take(self._left()))

    def _private_length(self) -> int:
        """The number of lines of the private part that begins here, 0 if none does: a comment of
        Obsidian (``%%`` to ``%%``) that takes whole lines, or a div of pandoc with the class
        ``private``. One that is never closed reaches to the end, as it does in these programs."""
        text = self._text().strip()
        if match := _PRIVATE_DIV.match(text):
            return self._div_length(match[1])
        if not text.startswith("%%") or (len(text) > 2 and not self._closes_later()):
            return 0
        if len(text) > 4 and "%%" in text[2:]:
            return 1 if text.endswith("%%") and text.count("%%") == 2 else 0
        for ahead in range(1, self._left()):
            if "%%" in self._text(ahead):
                return ahead + 1 if self._text(ahead).rstrip().endswith("%%") else 0
        return self._left()

    def _closes_later(self) -> bool:
        """Whether a comment of Obsidian that begins on this line ends on it or on a later one."""
        if "%%" in self._text().strip()[2:]:
            return True
        return any("%%" in self._text(ahead) for ahead in range(1, self._left()))

    def _div_length(self, mark: str) -> int:
        depth = 0
        for ahead in range(self._left()):
            text = self._text(ahead).strip()
            if re.match(r":{3,}\s*\S", text):
                depth += 1
            elif re.fullmatch(r":{3,}", text):
                depth -= 1
                if not depth:
                    return ahead + 1
        return self._left()

    def _is_table(self) -> bool:
        head, below = self._text(), self._text(1)
        if "|" not in head or not _DELIMITER.match(below) or "-" not in below:
            return False
        return "|" in below or len(split_row(head)) == 1

    def _table(self) -> Block:
        count = 2
        while count < self._left() and not self._ends_paragraph(self._text(count)):
            count += 1
        return Block("table", self._take(count))

    def _lazily(self, belongs: object) -> int:
        """The number of lines from here on for which ``belongs`` holds, including lines that
        continue a paragraph."""
        count = 1
        while count < self._left():
            text = self._text(count)
            if not belongs(text) and (  # type: ignore[operator]
                self._ends_paragraph(text) or is_blank(self._text(count - 1).strip("> "))
            ):
                break
            count += 1
        return count

    def _list_length(self) -> int:
        count, after_blank, code = 1, False, fences.FencedCode()
        code.has(_item_text(self._text()))
        while count < self._left():
            text = self._text(count)
            if code.is_open:
                code.has(text.strip())
            elif is_blank(text):
                after_blank = True
                count += 1
                continue
            elif not text.startswith("  ") and not _starts_list(text):
                if after_blank or self._ends_paragraph(text):
                    break
            elif (
                _RULE.match(text)
                or _details_kind(text)
                or (after_blank and self._definitions_follow(count))
            ):
                break
            else:
                code.has(_item_text(text))
            after_blank = False
            count += 1
        while is_blank(self._text(count - 1)):
            count -= 1
        return count

    def _definitions_follow(self, ahead: int) -> bool:
        """Whether the line ``ahead`` is a link reference definition, and nothing of the list comes
        after it: authors put these under a list with an indent of their own."""
        if not _DEFINITION.match(self._text(ahead)):
            return False
        while ahead < self._left() and (
            is_blank(self._text(ahead)) or _DEFINITION.match(self._text(ahead))
        ):
            ahead += 1
        following = self._text(ahead)
        return not following.startswith("  ") and not _starts_list(following)

    def _footnote_length(self) -> int:
        count, after_blank = 1, False
        while count < self._left():
            text = self._text(count)
            if is_blank(text):
                after_blank = True
            elif not text.startswith("    "):
                if after_blank or self._ends_paragraph(text):
                    break
            else:
                after_blank = False
            count += 1
        while is_blank(self._text(count - 1)):
            count -= 1
        return count

    def _indented(self) -> Block:
        count = 1
        while count < self._left() and (
            self._text(count).startswith("    ") or is_blank(self._text(count))
        ):
            count += 1
        while is_blank(self._text(count - 1)):
            count -= 1
        return Block("indented", self._take(count))

    def _html(self) -> Block:
        text = self._text()
        if text.lstrip().startswith("<!--"):
            for count in range(self._left()):
                if "-->" in self._text(count)[4 if count == 0 else 0 :]:
                    return Block("comment", self._take(count + 1))
            return self._paragraph()
        count = 1
        while (
            count < self._left()
            and not is_blank(self._text(count))
            and not _details_kind(self._text(count))
        ):
            count += 1
        return Block("html", self._take(self._preformatted_end(count)))

    def _preformatted_end(self, count: int) -> int:
        """The number of lines of HTML of which ``count`` are known, to the end of the preformatted
        text that may be open there; empty lines are part of that."""
        marks = _PRE.findall("\n".join(self._text(ahead) for ahead in range(count)))
        if not marks or marks[-1]:
            return count
        for ahead in range(count, min(self._left(), count + 400)):
            if "</pre" in self._text(ahead).lower():
                return ahead + 1
        return count

    def _paragraph(self) -> Block:
        count = 1
        while count < self._left():
            text = self._text(count)
            if match := _SETEXT.match(text):
                if match[1][0] == "-" and self.rules and not self._like_title(count):
                    break
                taken = self._take(count + 1)
                return Block("heading", taken[:-1], level=1 if match[1][0] == "=" else 2)
            if self._ends_paragraph(text) or self._is_table_at(count):
                break
            count += 1
        return Block("paragraph", self._take(count))

    def _like_title(self, count: int) -> bool:
        """Whether the ``count`` lines of text over a ``---`` look like a title rather than a text."""
        text = self._text().strip()
        return (
            count == 1 and len(text) <= 100 and not re.search(r"[.。!?！？:：;；,，…)）*\]]$", text)
        )

    def _is_table_at(self, ahead: int) -> bool:
        self.at += ahead
        found = self._is_table()
        self.at -= ahead
        return found

    def _ends_paragraph(self, text: str) -> bool:
        """Whether ``text`` starts a block of its own right after a paragraph's line."""
        if is_blank(text) or _details_kind(text) or fences.opening(text) or _QUOTE.match(text):
            return True
        opens_comment = text.lstrip().startswith("%%") and text.count("%%") % 2
        if opens_comment or _PRIVATE_DIV.match(text.strip()):
            return True
        if _ATX.match(text) or _TIGHT_ATX.match(text) or _RULE.match(text) or _HTML.match(text):
            return True
        if _FOOTNOTE.match(text):
            return True
        item = ITEM.match(text)
        if not item or len(item[1]) > 3 or is_blank(text[item.end() :]):
            return False
        return item[2] in "-*+" or int(item[2][:-1]) == 1


def _held(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that a private part holds, without its marks."""
    made = list(lines)
    if made[0][1].strip().startswith("%%"):
        made[0] = (made[0][0], made[0][1].replace("%%", "", 1))
        made[-1] = (made[-1][0], re.sub(r"%%\s*$", "", made[-1][1]))
    else:
        closed = len(made) > 1 and re.fullmatch(r"\s*:{3,}\s*", made[-1][1])
        made = made[1 : -1 if closed else None]
    held = [line for line in made if not is_blank(line[1])]
    return tuple(made) if held else ((lines[0][0], ""),)


def _item_text(text: str) -> str:
    """The text of a line of a list, without the markers of its items."""
    text = text.strip()
    while item := ITEM.match(text):
        text = text[item.end() :].lstrip()
    return text


def _starts_list(text: str) -> bool:
    item = ITEM.match(text)
    return bool(item) and len(item[1]) <= 3 and not _RULE.match(text)  # type: ignore[index]


def _details_kind(text: str) -> str:
    """details, summary or enddetails for a line that holds just that, else nothing."""
    low = text.strip().lower()
    if not low.startswith("<") or not low.endswith(">"):
        return ""
    match = _DETAILS.fullmatch(text.strip())
    if not match:
        return ""
    if low.startswith("</"):
        return "enddetails"
    return "details" if low.startswith("<details") else "summary"
