"""What a source keeps from being seen is not seen here either."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import Import, Imported

POST = (
    "---\ntitle: Digest\ndate: 2023-03-03\n{}\n---\n\n## On hidden things\n\nA hidden sentence.\n"
)


def published(made: Imported) -> str:
    """All that the built site says."""
    root = made.journal.root
    command = [sys.executable, "-m", "weeknotes", "render", "--engine", "builtin"]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    files = [path for path in (root / "_site").rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("draft: true", "draft"),
        ("Draft: yes", "draft"),
        ("private: true", "private"),
        ("published: false", "draft"),
        ("publish: no", "draft"),
        ("status: draft", "draft"),
        ("visibility: private", "private"),
        ("tags: [a, private]", "private"),
        ("password: abc", "private"),
        ("draft: true\nbroken: [", "draft"),
        ("draft: false", ""),
        ("published: true", ""),
        ("status: final", ""),
    ],
)
def test_a_post_that_is_not_published_is_none_here(said: str, meant: str, take: Import) -> None:
    made = take(POST.format(said))
    front = made.front(made.names[0])
    assert [key for key in ("draft", "private") if f"{key}: true" in front] == [meant][
        : bool(meant)
    ]
    assert any("says so" in r.text for r in made.report.decisions) is bool(meant)
    assert "abc" not in str(made.report.to_dict()["decisions"])


def test_toml_and_folders_of_drafts(take: Import) -> None:
    toml = (
        '+++\ntitle = "Digest"\ndate = 2023-03-05\ndraft = true\n+++\n\n## On hidden things\n\nx\n'
    )
    made = take(toml)
    assert "draft: true" in made.front(made.names[0])
    made = take(POST.format("layout: post"), name="_drafts/a.md")
    assert all("draft: true" in made.front(name) for name in made.names)


MARKED = """\
# Log

## 2024-07-01 ~ 2024-07-07

### A first title %%hid1%% here

Shown one %%hid2 `x` [y] words%% and 50%% of 60%%.

%%
hid3

# hid4
%%

Shown two %%hid5

- hid6

hid7%% shown three

- shown four %%hid8%%

[hid9]{.private} shown five

::: {.private}
hid10
:::

<span class="private">hid11</span> shown six ``%%code%%``

### hid12 {.private}

hid13
"""


def test_comments_and_marks_within_a_page_stay_private(take: Import) -> None:
    made = take(MARKED)
    assert not made.report.leftover
    (name,) = made.names
    kept = made.text(name)
    assert all(f"hid{n}" in kept for n in range(1, 14))
    site = published(made)
    assert not [n for n in range(1, 14) if f"hid{n}" in site]
    assert all(f"hown {n}" in site for n in ("one", "two", "three", "four", "five", "six"))
    assert "A first title  here" in site or "A first title here" in site


def test_the_name_of_a_page_has_none_of_the_private_words_of_its_title(take: Import) -> None:
    made = take('---\ntitle: "A trip [to hid1]{.private}"\ndate: 2026-01-06\n---\nhown text')
    (name,) = made.names
    assert "trip" in name
    assert "hid1" not in name
    site = published(made)
    assert "hown text" in site
    assert "hid1" not in site
