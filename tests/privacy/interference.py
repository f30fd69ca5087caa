"""Pairs of journals: one with private parts, and the same without, which must give the same site."""

from __future__ import annotations

import base64
import json
import os
import re
from pathlib import Path
from random import Random
from typing import Any

from tests.privacy.conftest import cell, encoded, front, picture, write

from weeknotes import scaffold
from weeknotes.journal import project as projects
from weeknotes.site import build

_CREATED = 1_790_000_000


class Journals:
    """Writes both journals of a pair. What is between ``⟦`` and ``⟧`` is private, and in the first
    alone."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._words = 0

    def word(self, secret: bool = False) -> str:
        self._words += 1
        kind = "zecret" if secret else "open"
        ending = self.random.choice(["", "연구실", "研究", "é"])
        return f"{kind}{self._words}x{ending}"

    def words(self, secret: bool = False) -> str:
        return " ".join(self.word(secret) for _ in range(self.random.randint(1, 6)))

    def private_words(self) -> str:
        """A private inline between words."""
        w = lambda: self.words(True)  # noqa: E731
        made = self.random.choice(
            [
                f"[{w()}]{{.private}}",
                f"[{w()} $[0,1)$ {w()}]{{.private}}",
                f"![{w()}](a.png){{.private}}",
                f"[{w()}](https://example.org/{self.word(True)}){{.private}}",
                f"`{w()}`{{.private}}",
                f'<span class="private">{w()}</span>',
                f'[{w()} <a title="[">{w()}</a>]{{.private key="a \\" b"}}',
                f"[{w()}\n{w()}]{{.private by=O'Brien}}",
                f"[{w()} [@secret2021]]{{.private}}",
                f"[[{w()}]{{.smallcaps}} **{w()}**]{{.private}}",
                f"<mark class='x private'>{w()}</mark>",
                f"[{w()} `]` {w()}]{{ .private }}",
                f"[![{w()}](a.png)](https://example.org/x){{.private title='{self.word(True)}'}}",
                f"[“{w()}”（{w()}）]{{.private lang=zh}}",
            ]
        )
        return f"⟦{made}⟧"

    def private_blocks(self) -> str:
        """Private blocks between others; no section, which would take what follows along."""
        w = lambda: self.words(True)  # noqa: E731
        made = self.random.choice(
            [
                f"::: {{.private}}\n{w()}\n\n    :::\n\n> :::\n\n{w()}\n:::",
                f"::: {{.callout-note .private}}\n## {w()}\n\n{w()}\n:::",
                f'<div class="private">\n\n{w()} `</div>`\n\n<!-- </div> -->\n\n{w()}\n\n</div>',
                f"~~~ {{.python\n .private}}\n{w()}\n~~~",
                f": {w()} {{.private}}\n\n| {w()} | a |\n|---|---|\n| {w()} | b |",
                f"| {w()} | a |\n|---|---|\n| {w()} | b |\n\n: {w()} {{.private}}",
                f"![{w()}](a.png){{.private #fig-{self.word(True)}}}",
                f"::: {{.private}}\n{w()}[^s]\n\n[^s]: {w()}\n\n[sref]: https://e.org/{self.word(True)}\n:::",
                f"::: {{.private}}\n(@) {w()}\n(@) {w()}\n:::",
                f'```{{=html}}\n<div class="private">{w()}</div>\n```',
                f"::: {{.private}}\n\\newcommand{{\\zz}}{{{self.word(True)}}}\n\n$\\zz$ {w()}\n:::",
                f"[{w()}]{{.private}}",
                f"::: {{.panel-tabset .private}}\n## {w()}\n\n{w()}\n\n## {w()}\n\n{w()}\n:::",
                f'<details class="private">\n<summary>{w()}</summary>\n\n{w()}\n\n</details>',
                f"```{{mermaid}}\n%%| private: true\nflowchart LR\n A[{w()}]\n```",
                f"::: {{.private}}\n$$\n{self.word(True)}\n$$ {{#eq-{self.word(True)}}}\n:::",
                f"::: {{#fig-{self.word(True)} .private}}\n![{w()}](a.png)\n\n{w()}\n:::",
                f"::: {{.private}}\n- [ ] {w()}\n- [x] {w()}\n\n> {w()}\n:::",
                f"::: {{.private}}\n```\n:::\n```\n\n<!--\n:::\n-->\n\n{w()}\n:::",
                f"Table: {w()} {{.private}}\n\n| {w()} | a |\n|---|---|\n| {w()} | b |",
            ]
        )
        return f"⟦{made}\n\n⟧"

    def private_section(self, level: int) -> str:
        w = lambda: self.words(True)  # noqa: E731
        inner = self.random.choice(
            [
                f"<!--\n\n## {w()}\n\n-->\n\n{w()}",
                f"- {w()}:\n\n  # {w()}\n\n- {w()}",
                f"<pre>\n\n# {w()}\n\n</pre>\n\n{w()}",
                f"{'#' * (level + 1)} {w()}\n\n{w()}",
                f"```\n# {w()}\n```\n\n{w()}\n\n- [ ] {w()}",
                f"{w()} [@secret2021]\n\n[{w()}]{{.tag}}",
            ]
        )
        return f"⟦{'#' * level} {w()} {{.private}}\n\n{inner}\n\n⟧"

    def public_block(self) -> str:
        w = self.words
        text = self.random.choice(
            [
                f"{w()} {{p}}{w()}",
                f"- {w()}\n- {w()} {{p}}{w()}\n- {w()}",
                f"> {w()} {{p}}{w()}",
                f"{w()} [sref] {w()} [^s] {w()}",
                f"(@) {w()}",
                f"- [ ] {w()}\n- [x] {w()}",
                f"{w()} [@open2020] {w()}",
                f"{w()} $\\zz$ {w()}",
                f"```\n## {w()} {{{{.private}}}}\n```",
                f"| {w()} | b |\n|---|---|\n| {w()} {{p}}| {w()} |\n\n{w()}",
                f"{w()}\n: {w()} {{p}}{w()}\n\n{w()}",
                f"::: {{{{.callout-note}}}}\n## {w()}\n\n{w()} {{p}}{w()}\n:::",
                f"![{w()}](a.png){{{{#fig-{self.word()}}}}}",
                f"$$\nx\n$$ {{{{#eq-{self.word()}}}}}",
                f"{w()}^[{w()} {{p}}{w()}] {w()}",
                f"## {w()} {{{{.for-you}}}}\n\n{w()} {{p}}{w()}\n\n- {w()}?",
                f"<details><summary>{w()}</summary>\n\n{w()} {{p}}{w()}\n\n</details>",
                f"1. {w()}\n\n   {w()} {{p}}{w()}\n\n   - {w()}\n2. {w()}",
            ]
        )
        private = f"{self.private_words()} " if self.random.random() < 0.5 else ""
        if "|---|" in text or "\n:" in text or text.startswith((">", "-", "1.")):
            private = private.replace("\n", " ")
        return text.replace("{p}", private).replace("{{", "{").replace("}}", "}") + "\n\n"

    def cells(self) -> list[tuple[dict[str, Any], bool]]:
        """Cells, each with whether it is private as a whole."""
        found = []
        for number in range(self.random.randint(2, 4)):
            parts = [
                f"## {self.words()} [@open2020]\n\n" if number == 1 else f"## {self.words()}\n\n"
            ]
            for _ in range(self.random.randint(1, 4)):
                parts.append(self.public_block())
                if self.random.random() < 0.4:
                    parts.append(self.private_blocks())
            ends_private = self.random.random() < 0.4
            if ends_private:
                parts.append(self.private_section(2))
            found.append((cell("markdown", f"m{number}", "".join(parts).rstrip("\n")), False))
            if not ends_private and self.random.random() < 0.4:
                found.append((self.figure(number), False))
            if self.random.random() < 0.3:
                text = f"# {self.words(True)}\n\n{self.words(True)}"
                found.append((cell("markdown", f"p{number}", text, "private"), True))
            if self.random.random() < 0.3:
                code = f'print("{self.word(True)}")'
                output = {"output_type": "stream", "name": "stdout", "text": [self.words(True)]}
                made = cell("code", f"c{number}", code, "private", outputs=[output])
                found.append((made, True))
        return found

    def figure(self, number: int) -> dict[str, Any]:
        """A public cell whose caption has private words."""
        caption = f"{self.words()} ⟦[{self.words(True)}]{{.private}}⟧ {self.words()}"
        data = {"image/png": base64.b64encode(encoded(picture(number))).decode()}
        output = {"output_type": "display_data", "metadata": {}, "data": data}
        code = f"#| label: fig-{self.word()}\n#| fig-cap: '{caption}'\nplot()"
        return cell("code", f"f{number}", code, outputs=[output])

    def write(self, folder: Path) -> tuple[projects.Project, projects.Project]:
        """The journal with private parts and the one without, below ``folder``."""
        weeks = {f"2026-W{40 + n}": self.cells() for n in range(self.random.randint(1, 3))}
        described = f"'{self.words()} ⟦[{self.words(True)}]{{.private}}⟧ {self.word()}'"
        kinds = f'["{self.word()}", "{self.word()}⟦ [{self.word(True)}]{{.private}}⟧"]'
        titles = {week: self.words() for week in weeks}
        secret = self.word(True)
        both = []
        for name in ("with", "without"):
            root = folder / name
            scaffold.init(root, title="Pair", author="A", lang="en")
            for path in root.joinpath("journal").rglob("*.ipynb"):
                path.unlink()
            entry = {"type": "article-journal", "issued": {"date-parts": [[2020]]}}
            author = [{"family": "Ho", "given": "J."}]
            library = [{**entry, "id": "open2020", "title": "An open paper", "author": author}]
            cited = any(
                "@secret2021" in str(made["source"]) for c in weeks.values() for made, _ in c
            )
            if name == "with" and cited:
                title = f"About {secret} and others"
                library.append({**entry, "id": "secret2021", "title": title, "author": author})
            (root / "references.json").write_text(json.dumps(library), "utf-8")
            for week, cells in weeks.items():
                title = titles[week]
                if name == "with":
                    title = f"{title} [{secret}]{{.private}}"
                kept = [
                    {**made, "source": _said(str(made["source"]), name == "with")}
                    for made, private in cells
                    if name == "with" or not private
                ]
                path = root / "journal" / "2026" / f"{week}.ipynb"
                more = {"description": described, "categories": kinds}
                head = {key: _said(text, name == "with") for key, text in more.items()}
                write(path, front(title, week, **head), *kept)
                (path.parent / "a.png").write_bytes(encoded(picture(1)))
            for path in root.rglob("*"):
                os.utime(path, (_CREATED, _CREATED))
            both.append(projects.find(root))
        return both[0], both[1]


def _said(text: str, private: bool) -> str:
    if private:
        return text.replace("⟦", "").replace("⟧", "")
    return re.sub(r"⟦.*?⟧ ?", "", text, flags=re.S).strip("\n")


def sites(pair: tuple[projects.Project, projects.Project]) -> list[dict[str, str]]:
    """The files of both sites. Notebooks keep their lines, so they may differ in empty ones."""
    found = []
    for project in pair:
        build.render(project, engine=os.environ.get("WEEKNOTES_ENGINE", "builtin"))
        site = {}
        for path in sorted(project.output_dir.rglob("*")):
            if path.is_file():
                name = path.relative_to(project.output_dir).as_posix()
                site[name] = _folded(name, path.read_bytes())
        found.append(site)
    return found


def _folded(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()
    if name.endswith(".ipynb"):
        cells = json.loads(text)["cells"]
        text = json.dumps([["".join(c["source"]).split(), c.get("outputs")] for c in cells])
    return text
