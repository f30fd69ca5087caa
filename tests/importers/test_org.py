"""Journals in org-mode: date trees, a file a day, and what only programs read."""

from __future__ import annotations

from .conftest import Import

TREE = """#+title: Journal
#+filetags: :daily:

* 2024
** 2024-07 July
*** 2024-07-01 Monday
**** TODO Count bells                                          :bells:brass:
SCHEDULED: <2024-07-02 Tue>
They ring.
***** Deep below
It hums.
*** 2024-07-02 星期二
Snow.
** 2024-12 December
*** 2024-12-31 Tuesday
Ice.
* Someday
A plan.
"""


def test_the_days_of_a_date_tree_go_to_their_weeks(take: Import) -> None:
    made = take(TREE, name="journal.org")
    assert made.names == ["2024/2024-W27.ipynb", "2025/2025-W01.ipynb", "undated/journal.ipynb"]
    week = made.text("2024/2024-W27.ipynb")
    assert week.startswith(
        "## 2024-07-01 Monday\n\n### TODO Count bells\n\n[bells]{.tag} [brass]{.tag}"
    )
    assert "#### Deep below\n\nIt hums." in week
    assert "## 2024-07-02 星期二\n\nSnow." in week
    assert "Ice." in made.text("2025/2025-W01.ipynb")
    assert "## Someday\n\nA plan." in made.text("undated/journal.ipynb")
    assert not made.report.leftover
    kept = str(made.notebook("2024/2024-W27.ipynb")) + str(made.notebook("undated/journal.ipynb"))
    assert "2024-07 July" in kept and "SCHEDULED: <2024-07-02 Tue>" in kept and ":daily:" in kept
    assert ":daily:" not in made.text("undated/journal.ipynb")
    before = made.bytes()
    assert take(TREE, name="journal.org").bytes() == before


def test_a_file_of_a_day_goes_to_its_week(take: Import) -> None:
    text = "#+title: 2024-07-09\n\n* Bells\nThey ring.\n"
    made = take(text, name="2024-07-09.org")
    assert made.text("2024/2024-W28.ipynb") == "## 2024-07-09\n\n### Bells\n\nThey ring."
    assert not made.report.leftover


def test_a_file_of_a_week_is_read_by_its_headings_and_one_order_of_day_and_month(
    take: Import,
) -> None:
    text = (
        "* Wednesday, 07/10/24\n** 10:00 Bells\nring\n* Thursday, 07/11/24\n** 11:00 Lids\nclose\n"
    )
    made = take(text, name="20240710.org")
    assert made.names == ["2024/2024-W28.ipynb"]
    assert made.text("2024/2024-W28.ipynb").count("## Wednesday, 07/10/24") == 1


def test_a_note_with_one_day_among_its_headings_stays_a_page(take: Import) -> None:
    text = "#+title: Bells\n\n* Plan\nListen.\n* 2024-07-01\nDone.\n"
    made = take(text, name="bells.org")
    assert made.names == ["undated/bells.ipynb"]


def test_a_draft_stays_one_page(take: Import) -> None:
    made = take("#+draft: true\n" + TREE, name="journal.org")
    assert [name for name in made.names if "W" in name] == []


def test_headings_below_the_third_level_are_headings(take: Import) -> None:
    made = take("* A\n** B\n*** C\n**** D\nd\n***** E\ne\n", name="deep.org")
    assert "#### D\n\nd\n\n##### E" in made.text("undated/deep.ipynb")


def test_what_org_mode_does_not_export_is_private_and_what_is_archived_is_shown(
    take: Import,
) -> None:
    text = (
        "* Open\nbells @@comment:not for all@@ ring\n** Mine :a:noexport:\nsecret\n*** Sub\nmore\n"
        "** Yours\nopen\n* COMMENT Later\nhidden\n* DONE COMMENT Last\ngone\n* Old :ARCHIVE:\nkept\n"
        "#+begin_comment\nwhispered\n#+end_comment\n#+begin_src org\n* COMMENT code\n#+end_src\n"
    )
    made = take(text, name="bells.org")
    shown = made.text("undated/bells.ipynb")
    assert "::: private\n### Mine\n\n[a]{.tag}\n\nsecret\n\n#### Sub\n\nmore\n:::" in shown
    assert "### Yours\n\nopen" in shown and "::: private\n## Later\n\nhidden\n:::" in shown
    assert "::: private\n## DONE Last\n\ngone\n:::" in shown
    assert "## Old\n\n[ARCHIVE]{.tag}\n\nkept" in shown
    assert "::: private\nwhispered\n:::" in shown and "* COMMENT code" in shown
    assert "not for all" not in shown and "not for all" in str(made.notebook("undated/bells.ipynb"))
    assert any("private" in said for said in made.decisions())


def test_other_tags_that_a_file_excludes_are_private(take: Import) -> None:
    made = take("#+EXCLUDE_TAGS: mine\n\n* A :mine:\nx\n* B\ny\n", name="bells.org")
    assert "::: private\n## A" in made.text("undated/bells.ipynb")


def test_blocks_of_org_mode_are_callouts(take: Import) -> None:
    made = take("* A\n#+begin_warning\nhot\n#+end_warning\n* B\ny\n", name="bells.org")
    assert "{.callout-warning}\nhot\n:::" in made.text("undated/bells.ipynb")


def test_a_post_of_nikola_has_its_metadata_in_a_block_of_comments(take: Import) -> None:
    text = (
        "#+BEGIN_COMMENT\n.. title: Bells that count\n.. date: 2016-04-16 11:08:38 UTC-04:00\n"
        ".. tags: bells, brass\n.. status:\n\n#+END_COMMENT\n\nThey ring.\n"
    )
    made = take(text, name="index.org")
    name = "2016/2016-04-16-bells-that-count.ipynb"
    assert made.text(name) == "They ring."
    assert 'tags: ["bells", "brass"]' in made.front(name)
    draft = text.replace(".. status:", ".. status: draft")
    assert "draft: true" in take(draft, name="other.org").front(made.names[0])
