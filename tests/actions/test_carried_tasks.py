from __future__ import annotations

from weeknotes.actions.carried_tasks import unticked
from weeknotes.journal.notebooks import Cell


def cells(*sources: str, kind: str = "markdown", tags: tuple[str, ...] = ()) -> list[Cell]:
    json = {"metadata": {"tags": list(tags)}}
    return [Cell(n, kind, f"c{n}", source, json) for n, source in enumerate(sources, 1)]


def carried(*sources: str) -> str:
    return unticked(cells(*sources))


def test_tasks_of_every_language_and_list_that_are_not_done() -> None:
    assert carried(
        "## Tasks\n\n- [ ] reread the appendix\n- [x] done\n- [X] done too\n* [ ] 부록 다시 읽기\n"
        "+ [ ] 重读附录，`[ ]` 不算\n1. [ ] first [@ho2020]\n",
        "2) [ ] in another cell",
    ) == (
        "- [ ] reread the appendix\n- [ ] 부록 다시 읽기\n- [ ] 重读附录，`[ ]` 不算\n"
        "- [ ] first [@ho2020]\n- [ ] in another cell"
    )


def test_a_task_keeps_what_stands_in_it_but_what_is_done() -> None:
    assert carried(
        "- [ ] write the section\n"
        "  over two lines\n"
        "    - [x] outline\n"
        "    - [ ] first draft\n"
        "        - a remark\n"
        "\n"
        "  A paragraph of it.\n"
        "\n"
        "- [x] submit\n"
        "  - [ ] but ask about the appendix\n"
        "- plain\n"
        "  - [ ] under a plain item\n"
    ) == (
        "- [ ] write the section\n"
        "  over two lines\n"
        "  - [ ] first draft\n"
        "    - a remark\n"
        "\n"
        "  A paragraph of it.\n"
        "- [ ] but ask about the appendix\n"
        "- [ ] under a plain item"
    )


def test_what_only_looks_like_a_task() -> None:
    assert (
        carried(
            "```\n- [ ] in a fence\n```\n~~~~ python\n- [ ] x\n```\n- [ ] y\n~~~~\n"
            "\n    - [ ] in indented code\n\n"
            "<!-- - [ ] in a comment\n- [ ] and on its next line -->\n"
            "A line with - [ ] in it\n\n- [ ]\n- [ ] \n- [] no\n- [ ]no\n- [-] no\n"
        )
        == ""
    )
    assert unticked(cells("- [ ] x", kind="raw")) == ""
    assert unticked(cells("- [ ] x", kind="code")) == ""
    assert unticked(cells("- [ ] x", tags=("generated",))) == ""


def test_a_fence_in_a_task_stays_whole_and_code_in_a_comment_does_not_hide_tasks() -> None:
    task = "- [ ] run\n  ```sh\n  - [ ] x\n  <!-- y -->\n  ```"
    assert carried(task + "\n\ntext\n<!--\n```\n-->\n- [ ] after") == task + "\n- [ ] after"


def test_what_is_private_is_not_carried_into_a_public_week() -> None:
    assert unticked(cells("- [ ] x", tags=("private",))) == ""
    assert (
        carried(
            "## Review {.private}\n- [ ] hidden\n### Part\n- [ ] hidden",
            "- [ ] hidden: the section goes on\n\n## Tasks {#tasks .open}\n- [ ] shown",
        )
        == "- [ ] shown"
    )


def test_carrying_over_twice_is_carrying_over_once() -> None:
    text = "- [ ] a\n  - [ ] b\n    - c\n  ```\n  x\n  ```\n- [x] d\n  - [ ] e"
    once = carried(text)
    assert carried(once) == once


def test_tasks_in_callouts_and_quotes_come_without_those() -> None:
    assert (
        carried(
            "::: {.callout-tip}\n- [x] done\n- [ ] in a callout\n  with its second line\n:::\n\n"
            "> - [ ] asked for\n>   by the group\n\n- [ ] after both\n"
        )
        == "- [ ] in a callout\n  with its second line\n"
        "- [ ] asked for\n  by the group\n- [ ] after both"
    )


def test_a_footnote_comes_with_its_mark_under_a_label_of_its_own() -> None:
    sources = ("- [ ] measure[^1] and read[^2026-W02-a]\n- [x] gone[^b]\n- [ ] open[^none]",)
    definitions = (
        "[^1]: only *cold* days\n\n[^2026-W02-a]: carried before\n\n[^b]: of what is done\n"
    )
    assert unticked(cells(*sources, definitions), "2026-W03") == (
        "- [ ] measure[^2026-W03-1] and read[^2026-W02-a]\n- [ ] open[^none]\n\n"
        "[^2026-W03-1]: only *cold* days\n\n[^2026-W02-a]: carried before"
    )
