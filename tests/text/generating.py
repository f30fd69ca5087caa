"""Markdown texts made at random from every construct of Pandoc's manual, nested in one another.

Each word is another one, so that it can be told from all others in what a text is read as. A class
that begins with ``m`` is a mark that both readings must see on the same words.
"""

from __future__ import annotations

from random import Random

ATTRIBUTES = (
    "{.ma}",
    "{#id .mb}",
    "{.mc k=v}",
    '{.md k="a b"}',
    "{.me k='x'}",
    "{.mf\n k=v}",
    "{.mg k=O'Brien}",
    '{.mh k="5\\" disk"}',
    '{class="mi x"}',
    '{.ml .x key="a\nb"}',
    "{ .mm }",
    '{.mn key="a } b"}',
)
#: What looks like attributes and is none, and marks that nothing closes.
JUNK = (
    "{mj}",
    "{. mk}",
    '{.mn k=" x"}',
    "{.mo}{.mp}",
    "\\`",
    "\\[",
    "`",
    "$",
    "[",
    "]",
    "'",
    '"',
    "<",
)
STRAYS = (":::", "::::", "```", "</div>", "~~~", "<div>", "- ", "    ", "<!--", "-->", "$$")


class Generator:
    """Makes one text. ``hostile`` ones hold what is left open, and what belongs to nothing."""

    def __init__(self, seed: int, hostile: bool) -> None:
        self.random = Random(seed)
        self._hostile = hostile
        self._words = 0

    def text(self) -> str:
        """A text of some blocks."""
        return self.blocks(0, 5)

    def word(self) -> str:
        self._words += 1
        return f"w{self._words}x"

    def attributes(self) -> str:
        return self.random.choice(ATTRIBUTES)

    def maybe(self, text: str) -> str:
        return self.random.choice(["", text])

    def inlines(self, depth: int = 0) -> str:
        count = self.random.randint(1, 4)
        return self.random.choice([" ", " ", "", " "]).join(
            self.inline(depth) for _ in range(count)
        )

    def inline(self, depth: int = 0) -> str:
        word, inner = self.word, self.inlines
        if depth > 3 or self.random.random() < 0.25:
            return word()
        if self._hostile and self.random.random() < 0.06:
            return self.random.choice(JUNK)
        kinds = (
            lambda: f"[{inner(depth + 1)}]{self.attributes()}",
            lambda: f"`{word()} {word()}`{self.maybe(self.attributes())}",
            lambda: f"``{word()} ` {word()}``",
            lambda: f"${word()}_{{i'}} {self.random.choice('[](')} {word()}$",
            lambda: f"[{inner(depth + 1)}]({self.address()}){self.maybe(self.attributes())}",
            lambda: f"![{inner(depth + 1)}](a.png){self.maybe(self.attributes())}",
            lambda: f'<span class="ms">{inner(depth + 1)}</span>',
            lambda: f'<a title="[">{word()}</a>',
            lambda: (
                f"<!-- {word()} {self.random.choice([']', '[', '{.ma}', '`', '</div>', ':::'])} -->"
            ),
            lambda: f"*{inner(depth + 1)}*",
            lambda: f"[{inner(depth + 1)}][ref]{self.maybe(self.attributes())}",
            lambda: f"[{word()}][none]",
            lambda: f"^[{inner(depth + 1)}]",
            lambda: f"$$ {word()} + {word()} $$",
            lambda: f"<https://e.org/{word()}>",
            lambda: f"연구실{word()}에서 研究",
            lambda: f"[see @key, {word()}]",
            lambda: f"\"{word()} '{word()}' {word()}\" \\` \\'e &amp; $5",
            lambda: f"{word()}[^n]",
            lambda: f"`{word()}`{{=html}}",
            lambda: f"\\emph{{{word()}}}",
            lambda: f"{word()}\n{word()}",
        )
        return self.random.choice(kinds)()

    def address(self) -> str:
        return "http://e.org/" + self.random.choice(["", "a_(b)", 'x "t [ `"', "a%20b"])

    def blocks(self, depth: int = 0, most: int = 4) -> str:
        count = self.random.randint(1, most)
        gap = self.random.choice(["\n\n", "\n\n", "\n"]) if self._hostile else "\n\n"
        return gap.join(self.block(depth) for _ in range(count))

    def block(self, depth: int = 0) -> str:
        word, inner = self.word, self.blocks
        if depth > 3 or self.random.random() < 0.2:
            return self.inlines()
        if self._hostile and self.random.random() < 0.05:
            return self.random.choice(STRAYS)
        line = self.inlines().replace("\n", " ")
        level = "#" * self.random.randint(1, 4)
        fence = self.random.choice(["```", "~~~", "````", "~~~~"])
        info = self.random.choice(["", "python", self.attributes(), "{=html}"])
        held = self.random.choice([word(), "# " + word(), ":::", "</div>", "# a {.ma}"])
        kinds = (
            lambda: f"{level} {line} {self.maybe(self.attributes())}",
            lambda: f"{line} {self.maybe(self.attributes())}\n{self.random.choice(['---', '==='])}",
            lambda: f"{fence} {info}\n{held}\n\n{word()}\n{fence}",
            lambda: indented(f"{word()}\n{held}", 4),
            lambda: f"::: {self.attributes()}\n{inner(depth + 1)}\n:::",
            lambda: f":::: {self.attributes()} ::::\n\n{inner(depth + 1)}\n\n::::",
            lambda: f'<div class="md">\n\n{inner(depth + 1)}\n\n</div>',
            lambda: f"<details><summary>{word()}</summary>\n\n{inner(depth + 1)}\n\n</details>",
            lambda: (
                f"<!--\n{self.random.choice([':::', '# ' + word(), '</div>', '```'])}\n\n{word()}\n-->"
            ),
            lambda: f"<pre>\n\n# {word()}\n\n</pre>",
            lambda: self.list(depth),
            lambda: "\n".join("> " + part for part in inner(depth + 1).split("\n")),
            lambda: f"---\nname: {word()}\n\n# {word()}\nother: v\n---",
            lambda: f"| {word()} | {word()} |\n|---|---|\n| {self.cell()} | b |{self.caption()}",
            lambda: (
                f": {word()} {self.attributes()}\n\n| {word()} | a |\n|---|---|\n| {word()} | b |"
            ),
            lambda: f"[ref]: http://e.org/x {self.maybe('{.mr}')}",
            lambda: f"[^n]: {word()} {line}\n\n    {word()}",
            lambda: f"{word()}\n:   {indented(inner(depth + 1, 2), 4).lstrip(' ')}",
            lambda: f"| {line}\n| {word()}",
            lambda: f"+----+----+\n| {word()} | b  |\n+----+----+{self.caption()}",
            lambda: f"{word()}\n# {word()}\n> {word()}\n- {word()}",
            lambda: f"![{word()}](a.png){self.attributes()}",
        )
        return self.random.choice(kinds)()

    def cell(self) -> str:
        return self.inline(3).replace("\n", " ").replace("|", "")

    def caption(self) -> str:
        return self.maybe(f"\n\n: {self.word()} {self.attributes()}")

    def list(self, depth: int) -> str:
        mark = self.random.choice(["- ", "* ", "1. ", "+   ", "-  ", "(a) ", "#. ", "10. "])
        count = self.random.randint(1, 3)
        items = (
            mark + indented(self.blocks(depth + 1, 2), len(mark)).lstrip(" ") for _ in range(count)
        )
        return self.random.choice(["\n", "\n\n"]).join(items)


def indented(text: str, columns: int) -> str:
    """``text`` with its lines moved to the right."""
    return "\n".join(" " * columns + line if line else line for line in text.split("\n"))
