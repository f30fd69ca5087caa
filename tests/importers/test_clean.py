"""What comes from outside is data: nothing of it runs, sets options, or breaks a format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html

from weeknotes.engines import builtin
from weeknotes.engines.page import Page
from weeknotes.journal import frontmatter
from weeknotes.journal.project import Project
from weeknotes.library.bibtex import to_bib

from .conftest import Import

HOSTILE = """\
## Daily Papers (2024-05-05)

### [Hostile <img src=x onerror=alert(1)> paper](https://arxiv.org/abs/2405.00001)

Vote: 3

Authors: "Bobby" {Tables}, </script><script>alert(2)</script>Eve

<script>alert("three")</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>

<div onclick="alert(4)" style="position:fixed; inset:0; color: red">cover</div>

<a href="javascript:alert(5)">five</a> and [six](javascript:alert(6)) and [seven](JaVa\tScript:alert(7))
and <a href="java&#115;cript:alert(8)">eight</a> and <javascript:alert(9)> and
[ten](data:text/html;base64,PHNjcmlwdD4=) ![eleven](vbscript:x)

<iframe src="https://video.example/embed/1" onload="alert(12)"></iframe>
<form action="https://evil.example"><input name="q"><button>Send</button></form>
<style>body { display: none }</style>
<svg><script>alert(13)</script><text>drawn</text></svg>
<base href="https://evil.example/"><meta http-equiv="refresh" content="0">

{{< include /etc/passwd >}} and `{{< include /etc/passwd >}}`

```{=html}
<script>alert(14)</script>
```

`<script>alert(15)</script>`{=html} and [span]{onclick="alert(16)"} and \\input{/etc/passwd}

![private](../../../../etc/passwd) [file](../../references.json) <a href="/etc/shadow">shadow</a>

<img src="x.png" srcset="https://evil.example/y.png 2x" onload=alert(17)>
<img src=x onerror="alert(18)"x>
"""


@pytest.fixture
def page(take: Import, journal: Project, tmp_path: Path) -> Page:
    made = take(HOSTILE, format="votes")
    (name,) = made.names
    (page,) = builtin.render(journal, [f"journal/{name}"], tmp_path / "work", workers=1)
    assert isinstance(page, Page)
    return page


def test_nothing_in_a_rendered_page_can_run(page: Page) -> None:
    tree = html.fragment_fromstring(page.body, create_parent="div")
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in (
            "script style iframe object embed form input button base meta link".split()
        ), element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            if name in ("href", "src", "srcset", "poster", "action", "data"):
                plain = "".join(value.split()).lower()
                assert not plain.startswith(("javascript:", "vbscript:", "data:text")), value
            assert "position" not in (value if name == "style" else "")
            assert "evil.example" not in value or name not in ("src", "srcset", "href")
    assert "root:" not in page.body
    assert not any("passwd" in path or "references" in path for path in page.assets.values())


def test_what_was_around_it_stays_to_be_read(page: Page) -> None:
    text = html.fragment_fromstring(page.body, create_parent="div").text_content()
    for word in ("cover", "five", "six", "eight", "ten", "Send", "drawn", "Vote: 3"):
        assert word in text, word
    assert "{{< include /etc/passwd >}}" in text.replace("\u2060", "")
    assert 'href="https://video.example/embed/1"' in page.body


def test_what_was_taken_out_is_reported_with_its_line(take: Import) -> None:
    report = take(HOSTILE, format="votes").report
    said = [(r.line, r.text) for r in report.cleaned]
    for line, what in (
        (9, "<script>"),
        (10, "<script>"),
        (12, "event handler onclick of <div>"),
        (14, "address javascript:alert(5)"),
        (18, "<iframe>"),
        (20, "<style>"),
    ):
        assert (line, what) in said, (line, what)
    assert any(line == 12 and text.startswith("style of <div>") for line, text in said)


@pytest.mark.parametrize(
    "title",
    [
        'Quotes "and" \\ back: slash # [x] {y} & z',
        "--- \\n...: !!python/object:os.system {a: b}",
        "@article{evil, title={x}} % $1 ~ ^ _",
        "*/ ]] <!-- --> ``` ~~~ | a | b |",
        "이상한 제목: “따옴표” \u2028 줄 \u0085 끝",
        "{{title}} {{< meta x >}} [@key] ^[note] $x$",
    ],
)
def test_a_title_breaks_no_format(title: str, take: Import, journal: Project) -> None:
    text = f"---\ntitle: {json.dumps(title)}\ndate: 2024-01-02\ntags: [{json.dumps(title)}]\n---\n"
    label = title.replace("[", "\\[").replace("]", "\\]")
    made = take(f"{text}\n## [{label}](https://arxiv.org/abs/2401.00009)\n\ntext\n", format="blog")
    (name,) = made.names
    front = frontmatter.parse(made.front(name))
    assert front["title"] == " ".join(title.split())
    assert set(front) == {"title", "date", "kind", "lang", "categories", "tags"}
    (entry,) = json.loads(journal.library_path.read_text("utf-8"))
    assert entry["id"].isascii()
    bib = to_bib(journal.library_path).decode()
    assert bib.count("@") >= 1 and bib.count("\n@") + bib.startswith("@") == 1


def test_yaml_of_a_post_is_only_read(take: Import) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    made = take(
        f"---\ntitle: Bomb\n{bomb}tags: *t\nauthor: !!python/object/apply:os.getcwd []\n---\n\n"
        "# x\n\ny\n",
        format="blog",
    )
    (name,) = made.names
    assert 'title: "Bomb"' in made.front(name)


def test_a_script_that_nothing_closes_hides_no_week(take: Import) -> None:
    log = (
        "## 2024-07-01 ~ 2024-07-07\n\n<script>\nlost words\n\n"
        "## 2024-07-08 ~ 2024-07-14\n\nmore\n</script>\n"
    )
    made = take(log, format="worklog")
    assert len(made.names) == 2
    assert "lost words" in made.text(made.names[0])


def test_code_is_not_cleaned(take: Import) -> None:
    text = (
        "## 2024-07-01 ~ 2024-07-07\n\n```html\n<script>alert(1)</script>\n```\n\n`<b onclick=x>`\n"
    )
    made = take(text, format="worklog")
    assert "<script>alert(1)</script>" in made.text(made.names[0])
    assert "`<b onclick=x>`" in made.text(made.names[0])
    assert not made.report.cleaned


def test_what_is_beside_the_language_of_a_fence_is_kept_in_its_order(take: Import) -> None:
    text = "Text:\n\n```python mark:85\nx\n```\n\n- item\n\n  ```sql {1|2-6，all}\n  y\n  ```\n"
    made = take(text, name="2024-01-02-f.md", format="blog")
    assert not made.report.leftover
    assert "mark:85" in made.text(made.names[0])
    assert "1|2-6，all" in made.text(made.names[0])


def test_code_that_looks_like_a_citation_is_not_missed(take: Import) -> None:
    made = take("Use `f [@x] and [g(@y)]{.tag}`.\n\n```\n[@z]\n```\n", name="2024-01-02-f.md")
    assert not made.report.leftover


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("background: #5fb236", 'style="background: #5fb236"'),
        (
            "background-color: rgba(255, 212, 0, 0.5)",
            'style="background-color: rgba(255, 212, 0, 0.5)"',
        ),
        ("color: rgb(126, 131, 134)", 'style="color: rgb(126, 131, 134)"'),
        ("background: url(https://example.org/x.png)", ""),
        ("background: #fff url(x.png)", ""),
        ("color: expression(alert(1))", ""),
    ],
)
def test_highlights_keep_their_colours_and_no_addresses(
    style: str, kept: str, take: Import
) -> None:
    text = f'# Bells\n\n<mark style="{style}">They ring</mark>\n'
    shown = take(text, name="2024-07-01-bells.md", format="blog").text(
        "2024/2024-07-01-bells.ipynb"
    )
    assert f"<mark {kept}>They ring</mark>".replace(" >", ">") in shown


def test_a_note_of_better_notes_with_dollar_signs_is_a_note_on_a_paper(take: Import) -> None:
    text = "---\n$version: 37\n$itemKey: DMY8B9GF\n---\n# Bells\n\nThey ring.\n"
    made = take(text, name="bells.md")
    assert [found.format for found in made.report.sources] == ["paper"]
