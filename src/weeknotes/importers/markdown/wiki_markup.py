"""The Markdown of note-taking programs: what Obsidian and Logseq read beyond GitHub's.

=============================  ==============================================================
``[[Note|words]]``             the words; the note's name is the title that a reader can hover
``![[figure.png|200]]``        the picture, wherever in the folder it is; the width
``==words==``, ``^^words^^``   marked words
``%%words%%``                  a comment, which is private
``#tag``, ``#[[two words]]``   a tag
=============================  ==============================================================

See "Basic formatting syntax", "Internal links" and "Embed files" in Obsidian's help, and Logseq's
"Syntax" page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from weeknotes.importers.markdown.escapes import escaped
from weeknotes.importers.markdown.inline import Scanner

PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|avif|mp4|webm|mov)$", re.I)
_WIKI = re.compile(r"\[\[([^\[\]\n|]*[^\[\]\n|\\])(?:\\?\|([^\[\]\n]*))?\]\]")
_COMMENT = re.compile(r"%%(.+?)%%", re.S)
# The target of a link: a note, or a block of Logseq's.
_NOTE_TARGET = re.compile(r"\(\s*(?:\[\[([^\[\]\n]+)\]\]|(\(\([0-9a-f-]{36}\)\)))\s*\)")
_TAG = re.compile(r"#(?=[^\s#]*[^\W\d])([\w/-]+)")
_TAG_IN_BRACKETS = re.compile(r"#\[\[([^\[\]\n]+)\]\]")
_SIZE = re.compile(r"\{:height (\d{1,5}), :width (\d{1,5})\}")
_WIDTH = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?")


TASKS: Mapping[str, str] = {
    "TODO": "[ ]",
    "DONE": "[x]",
    **{word: f"[ ] {word}" for word in ("LATER", "NOW", "DOING", "WAITING")},
    **{word: f"[x] {word}" for word in ("CANCELED", "CANCELLED")},
}
"""The words that a task of Logseq begins with, and what is written for each: a box, and the word where
it says more than that."""


class WikiScanner(Scanner):
    """Reads links, embeds and marks in the way of Obsidian."""

    marks: tuple[str, ...] = ("==",)
    comments = True

    def handlers(self) -> dict[str, Callable[[], None]]:
        """The function that reads on at each sign that may have a meaning."""
        return super().handlers() | {
            "[": self._double_bracket,
            "!": self._embed,
            "=": lambda: self._marked("=", self._one),
            "^": lambda: self._marked("^", super(WikiScanner, self).handlers()["^"]),
            "%": self._percent,
            "#": self._tag,
        }

    def _double_bracket(self) -> None:
        """A link to a note: its words, with the name of the note where they differ."""
        match = _WIKI.match(self.text, self.at)
        # In ``[[words]](address)`` the inner brackets are words of a link.
        if match is None or self.text.startswith("(", match.end()):
            self._bracket()
            return
        made = self._words(match[1], match[2])
        if match[2] and made == escaped(match[1].strip()):
            # The label says again what the name does.
            self.inline.resolved.append((made, match[0]))
        self._put(made, len(match[0]))
        self._escape_brace()

    def _bracket(self) -> None:
        """A link, of which a note or a block may be the target: ``[words]([[Note]])``."""
        end = 0 if self.within_link else self._closing(self.at)
        found = _NOTE_TARGET.match(self.text, end + 1) if end else None
        if found is None:
            super()._bracket()
            return
        label = self.text[self.at + 1 : end]
        made = self._words(found[1] or found[2], label)
        self.inline.resolved.append((made, self.text[self.at : found.end()]))
        self._put(made, found.end() - self.at)
        self._escape_brace()

    def _words(self, name: str, label: str | None) -> str:
        if not label or not label.strip() or label.strip() == name.strip():
            return escaped(name.strip())
        inner = type(self)(self.inline, label.strip(), self._here(), True).run()
        return f'<span title="{html.escape(html.unescape(name.strip()))}">{inner}</span>'

    def _embed(self) -> None:
        """An embedded picture; of an embedded note or other file, its name."""
        match = (
            _WIKI.match(self.text, self.at + 1) if self.text.startswith("![[", self.at) else None
        )
        if match is None:
            self._bang()
            return
        name, label = match[1].strip(), (match[2] or "").strip()
        if not PICTURE.search(name):
            self._put(self._words(match[1], match[2]), len(match[0]) + 1)
            self._escape_brace()
            return
        image = (self.inline.embed or self.inline.image)(name, self._here())
        address = html.escape(image.address)
        *texts, last = label.split("|")
        width = _WIDTH.fullmatch(last.strip())
        alt = "|".join(texts if width else [*texts, last]).strip()
        made = f'<img src="{address}"'
        made += f' title="{html.escape(image.title)}"' if image.title else ""
        made += f' alt="{html.escape(alt)}"'
        made += f' width="{width[1]}"' if width else ""
        made += f' height="{width[2]}"' if width and width[2] else ""
        made += ">"
        named = f' title="{html.escape(image.title)}"' if image.title else ""
        self.inline.resolved.append((made, f'<img src="{address}"{named}> {html.escape(label)}'))
        self._put(made, len(match[0]) + 1)

    def _marked(self, sign: str, otherwise: Callable[[], None]) -> None:
        mark, edge = re.escape(sign * 2), re.escape(sign)
        pattern = rf"{mark}(?=[^\s{edge}])(.+?)(?<=\S){mark}(?!{edge})"
        marked = re.compile(pattern) if sign * 2 in self.marks else None
        found = marked.match(self.text, self.at) if marked else None
        if not found or self._before() == sign:
            otherwise()
            return
        inner = type(self)(self.inline, found[1], self._here(), self.within_link).run()
        self._put(f"<mark>{inner}</mark>", len(found[0]))

    def _percent(self) -> None:
        """A comment: what is in it is kept, and is private."""
        found = _COMMENT.match(self.text, self.at) if self.comments else None
        if not found or not found[1].strip():
            self._one()
            return
        inner = type(self)(self.inline, found[1].strip(), self._here(), self.within_link).run()
        self.inline.resolved.append((f"[{inner}]{{.private}}", f"[{inner}]"))
        self._put(f"[{inner}]{{.private}}", len(found[0]))

    def _tag(self) -> None:
        found = _TAG_IN_BRACKETS.match(self.text, self.at) or _TAG.match(self.text, self.at)
        before = self._before()
        if not found or self.within_link or (before and (before.isalnum() or before in "/#&_?=")):
            self._one()
            return
        made = f"[{escaped(found[1])}]{{.tag}}"
        self.inline.resolved.append((made, found[0]))
        self._put(made, len(found[0]))


class LogseqScanner(WikiScanner):
    """Reads links, embeds and marks in the way of Logseq, which has no comments."""

    marks = ("==", "^^")
    comments = False
    tasks = TASKS

    def _escape_brace(self) -> None:
        """The size of a picture, ``{:height 10, :width 20}``, or a brace that is text."""
        if not (size := _SIZE.match(self.text, self.at)):
            super()._escape_brace()
            return
        made = f"{{height={size[1]} width={size[2]}}}"
        self.inline.resolved.append((made, size[0]))
        self._put(made, len(size[0]))
