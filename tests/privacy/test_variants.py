"""Many weeks in one journal, each with something private in a way of its own: none of it is in any file
of the site, and what is public in the same week is on its page.

In the texts, ``§`` is a private word and ``¶`` a public one; each is another one in the end.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.privacy.conftest import cell, encoded, front, picture, write
from tests.privacy.test_cases import files

from weeknotes import scaffold
from weeknotes.journal import project as projects
from weeknotes.site import build

Cells = list[dict[str, Any]]


def md(text: str, *tags: str) -> dict[str, Any]:
    return cell("markdown", "", text, *tags)


def code(text: str, *tags: str, said: str = "") -> dict[str, Any]:
    output = {"output_type": "stream", "name": "stdout", "text": [said]}
    return cell("code", "", text, *tags, outputs=[output] if said else [])


def figure(options: str) -> dict[str, Any]:
    data = {"image/png": base64.b64encode(encoded(picture(len(options)))).decode()}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    return cell("code", "", f"{options}\nplot()", outputs=[output])


TEXTS = [
    # Sections, divs and elements that seem to end.
    "## § {.private}\n\n1. §\n\n   ## §\n\n2. §\n\n> # §\n\n§\n\n## ¶",
    "## § {.private}\n\n<textarea>\n# §\n\n# §\n</textarea>\n\n§\n\n# ¶",
    "::: {.private}\n§\n\n[^a]: §\n\n    :::\n\n    §\n\n§[^a]\n\n:::\n\n¶",
    "::: {.private}\nTerm §\n: §\n:::\n\n¶",
    "::: {.private}\n| § |\n|:--|\n| § |\n:::\n¶",
    "<div class='private' title='</div>'>\n§\n\n§\n</div>\n\n¶",
    "¶ <span class=\"private\">§ <!-- </span> --> §</span> ¶",
    "<!-- -- > [¶]{.x} -->\n\n[§]{.private} ¶",
    "```{=html}\n<div class=\"private\">\n```\n\n§\n\n```{=html}\n</div>\n```\n\n¶",
    # Attributes and spans.
    "The user's \"¶ [§]{.private by=\"x'y\"} ¶",
    "¶[§]{.private}연구와 ¶[§]{.private lang=ko}은 ¶",
    "¶ [§ <a title=\"]\">§</a> `]` $[0,1)$ §]{.private} ¶",
    "¶ [![§](a.png)](https://example.org/§){.private} ¶",
    "![¶](a.png) [§]{.private}",
    "## 회의 § {.private}\n\n- §에서 §를\n\n  # §\n\n## 결과 ¶\n\n¶는",
    "¶，[§（见 $[0,1)$）§]{.private}，¶。",
    # Tables.
    ": §\n§ {.private}\n\n| § | a |\n|---|---|\n| § | b |\n\n¶",
    "| ¶ | a |\n|---|---|\n| ¶ | b |\n\n: ¶\n\n: § {.private}\n\n| § | a |\n|---|---|\n| § | b |\n",
    # Code, diagrams, and what pandoc alone hides.
    "``` {.python .content-hidden}\n§\n```\n\n¶",
    "```{mermaid}\n%%| private: true\nflowchart LR\n A[§]\n```\n\n¶",
    "```{mermaid}\n%%| label: fig-m\n%%| fig-cap: \"¶ [§]{.private}\"\nflowchart LR\n A[¶]\n```\n\n¶",
    "¶[§]{.aside .private}\n\n::: {.column-margin}\n¶ [§]{.private}\n:::\n\n¶",
    "% ¶ is no title",
    # Papers that an address within attributes leads to.
    "[§](https://dx.doi.org/10.1000/hidden.NR){.private} ¶",
    "[doi:10.1000/hidden.NR]{.private} ¶ <!-- @hiddenNR -->",
]  # fmt: skip
CELLS: list[Cells] = [
    [figure('#| fig-cap: "¶ [§\n#|   §]{.private} ¶"'), md("¶")],
    [figure("#| label: fig-a\n#| fig-cap: >\n#|   ¶ [§]{.private}\n#|   ¶"), md("¶")],
    [figure("#| {fig-cap: '¶ [§]{.private}', label: fig-q}"), md("¶")],
    [figure("#| fig-cap: '¶ <span class=\"private\">§</span>'"), md("¶")],
    [code("#| draft: true\n§", said="§"), md("¶")],
    [code("#| private\n§", said="§"), md("¶")],
    [code("#| {include: false}\n§", said="§"), md("¶")],
    [code("#| include:\n#|   false\n§", said="§"), md("¶")],
    [code("#| output: 'false'\n¶", said="§"), md("¶")],
    [{**md("§"), "metadata": {"draft": True}}, md("¶")],
    [md("::: {.content-hidden}"), code("§", said="§"), md("§\n:::\n\n¶")],
    [md("¶\n\n<!--"), md("§"), code("§", said="§"), md("-->\n\n¶")],
    [md("¶\n\n<details class=\"private\"><summary>§</summary>"), code("§"), md("</details>\n\n¶")],
]  # fmt: skip
FRONTS = [
    "title: ¶ <span class='private'>§</span>",
    "title: ¶\ndescription: <span class='private'>§</span>",
    "title: ¶ # §\n# §",
    "title: ¶\nexecute: {include: false}",
    "title: ¶\nremark: |\n  [§\n  §]{.private}",
]


@dataclass
class Week:
    """A week as it was written: its page, and the words of both kinds."""

    page: str
    words: dict[str, list[str]] = field(default_factory=lambda: {"secret": [], "public": []})


class Weeks:
    """Writes the weeks of a journal."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.weeks: list[Week] = []

    def add(self, head: str, *cells: dict[str, Any]) -> None:
        number = len(self.weeks)
        name = f"{2020 + number // 50}-W{number % 50 + 1:02d}"
        week = Week(f"journal/{name[:4]}/{name}.html")

        def word(match: re.Match[str]) -> str:
            kind = "secret" if match[0] == "§" else "public"
            made = f"{kind}{number}x{len(week.words[kind])}z"
            week.words[kind].append(made)
            return made

        def filled(value: str) -> str:
            return re.sub("[§¶]", word, value).replace("NR", str(number))

        begin = [front("A week", name)]
        if head:
            begin = [cell("raw", "front-matter", f"---\n{filled(head)}\nweek: {name}\n---")]
        texts = [json.loads(filled(json.dumps(part, ensure_ascii=False))) for part in cells]
        path = self._root / week.page.replace(".html", ".ipynb")
        write(path, *begin, *({**part, "id": f"c{n}"} for n, part in enumerate(texts)))
        (path.parent / "a.png").write_bytes(encoded(picture(1)))
        self.weeks.append(week)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[Week]]:
    root = tmp_path_factory.mktemp("variants") / "journal"
    scaffold.init(root, title="Variants", author="A. Uthor", lang="en")
    for path in root.joinpath("journal").rglob("*.ipynb"):
        path.unlink()
    made = Weeks(root)
    for text in TEXTS:
        made.add("", md(text))
    for cells in CELLS:
        made.add("", *cells)
    for head in FRONTS:
        made.add(head, code("§", said="§") if "include" in head else md("¶"), md("¶"))
    library = [
        {
            "id": f"hidden{number}",
            "type": "article-journal",
            "title": f"Of secret{number}x0z alone",
            "issued": {"date-parts": [[2020]]},
            "DOI": f"10.1000/hidden.{number}",
        }
        for number, text in enumerate(TEXTS)
        if "hidden.NR" in text
    ]
    (root / "references.json").write_text(json.dumps(library), "utf-8")
    project = projects.find(root)
    build.render(project, engine="builtin")
    return dict(files(project.output_dir)), made.weeks


def test_nothing_private_is_in_any_file(built: tuple[dict[str, str], list[Week]]) -> None:
    shown, weeks = built
    secret = {word for week in weeks for word in week.words["secret"]}
    found = [
        (name, word)
        for name, text in shown.items()
        for word in re.findall(r"secret\d+x\d+z", text)
        if word in secret
    ]
    assert not found


def test_what_is_public_beside_it_is_there(built: tuple[dict[str, str], list[Week]]) -> None:
    shown, weeks = built
    missing = [
        (week.page, word)
        for week in weeks
        for word in week.words["public"]
        if word not in shown[week.page]
    ]
    assert not missing
