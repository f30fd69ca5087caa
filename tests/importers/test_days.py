"""Dates of sources: where they are looked for, in which order, and what remains without one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from weeknotes.importers.dates.reader import year_in

from .conftest import Import

DAILY = """\
## Daily Papers{}

### [On {} bells](https://arxiv.org/abs/2410.0000{})

Vote: 3

- One.

"""


def test_two_parts_of_one_day_are_one_page(take: Import) -> None:
    text = DAILY.format(" (2024-10-18)", "high", 1) + DAILY.format(" (2024-10-18)", "low", 2)
    text += DAILY.format(" (2024-10-19)", "new", 3)
    made = take(text, name="18.md")
    assert made.report.ok and len(made.names) == 2
    assert made.report.pages[0].notes == 2
    again = take(text, name="18.md")
    assert again.report.ok and again.bytes() == made.bytes()


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Research log, fall '22", 2022),
        ("f22", 2022),
        ("notes_sp23", 2023),
        ("Winter 24", 2024),
        ("log 2021/22", 2021),
        ("WS’23", 2023),
        ("class of 9", None),
        ("don't 22", None),
        ("chapter 12", None),
    ],
)
def test_years_of_titles_and_names(text: str, year: int | None) -> None:
    assert year_in(text) == year


WEEKS = "# {}\n\n## Week 5 (11/27-12/3)\n\nA.\n\n## Week 4 (11/20-11/26)\n\nB.\n"


def test_weeks_from_sunday_with_the_year_in_the_title_or_the_files_name(take: Import) -> None:
    assert take(WEEKS.format("Log, fall '22")).names == [
        "2022/2022-W47.ipynb",
        "2022/2022-W48.ipynb",
    ]
    named = take(WEEKS.format("Log"), name="log-f21.md")
    assert "2021/2021-W47.ipynb" in named.names


def test_the_title_comes_before_the_name_and_the_name_before_the_folder(take: Import) -> None:
    text = "# Log\n\n## 11/20-11/26\n\nOne.\n"
    assert take(text, name="2019/log 2020.md").names == ["2020/2020-W48.ipynb"]
    made = take(text.replace("# Log", "# Log of 2018"), name="2019/log 2020 b.md")
    assert "2018/2018-W47.ipynb" in made.names


def test_a_log_over_new_year_goes_on_in_the_next_year(take: Import) -> None:
    text = "# Log 2022\n\n## 1/9-1/15\n\nC.\n\n## 12/26-1/1\n\nB.\n\n## 12/19-12/25\n\nA.\n"
    names = ["2022/2022-W51.ipynb", "2022/2022-W52.ipynb", "2023/2023-W02.ipynb"]
    assert take(text).names == names


def test_weekdays_under_weeks_that_the_log_counts_itself(take: Import) -> None:
    text = (
        "# Log, spring '23\n\n## Week 3\n\n### Tue Mar 7: Lab\n\n- Two.\n\n### Mon Mar 6\n\n- One.\n\n"
        "## Week 2\n\n### Fri Mar 3: Lab\n\n- None.\n"
    )
    made = take(text)
    assert made.names == ["2023/2023-W09.ipynb", "2023/2023-W10.ipynb"]
    cells = made.cells(made.names[1])
    assert [c for c in cells if c.startswith("## ")] == [
        "## Tue Mar 7: Lab\n\n- Two.",
        "## Mon Mar 6\n\n- One.",
    ]
    kept = made.notebook(made.names[1])["metadata"]["weeknotes"]["import"]["structure"]
    assert "Week 3" in kept
    assert not made.report.no_address


def test_a_picture_never_beats_the_files_name(take: Import) -> None:
    text = (
        "# Daily insights ![Graph](/reports/2024-12-18/news_2024-12-18.png)\n\n## Robotics\n\n"
        "**Summary:**\n\nx\n\n**Sources:**\n\n* [A robot that walks](https://arxiv.org/abs/2412.00001)\n"
    )
    assert take(text, name="News_2024-12-25.md").names == ["2024/2024-12-25-insights.ipynb"]
    folder = take(text, name="reports/2024-12-26/news.md").names
    assert "2024/2024-12-26-insights.ipynb" in folder
    assert "2024/2024-12-18-insights.ipynb" in take(text, name="other/news.md").names


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2024_07_01.md", "2024-07-01"),
        ("200122 On lamps.md", "2020-01-22"),
        ("2020/03/04/on-lamps.md", "2020-03-04"),
        ("20200305-on-lamps.md", "2020-03-05"),
    ],
)
def test_days_in_names(name: str, day: str, take: Import) -> None:
    made = take("---\ntitle: On lamps\nlayout: post\n---\n\nText.\n", name=name)
    assert f"date: {day}" in made.front(made.names[0])


def test_what_has_no_day_is_listed_with_what_would_date_it(take: Import) -> None:
    made = take("---\ntitle: On lamps\nlayout: post\n---\n\nText.\n", name="lamps.md")
    assert made.names == ["undated/lamps.ipynb"]
    (remark,) = made.report.undated
    assert "'On lamps'" in remark.text and "date: 2024-07-01" in remark.text
    assert "Of no day" in made.report.to_text()


def git(folder: Path, *arguments: str, day: str = "2021-05-06") -> None:
    own = {"GIT_AUTHOR_DATE": f"{day}T12:00:00", "GIT_COMMITTER_DATE": f"{day}T12:00:00"}
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, env=own, capture_output=True)


def test_git_dates_a_post_that_nothing_else_dates(take: Import, tmp_path: Path) -> None:
    clone = tmp_path / "posts"
    clone.mkdir()
    git(clone, "init", "-q")
    (clone / "lamps.md").write_text("---\ntitle: On lamps\nlayout: post\n---\n\nText.\n")
    git(clone, "add", "."), git(clone, "commit", "-qm", "a")
    # A filter that the clone's configuration names must not run.
    git(clone, "config", "core.fsmonitor", "touch ran; false")
    made = take(clone)
    assert made.names == ["2021/2021-05-06-on-lamps.ipynb"]
    assert any("its first commit" in line for line in made.decisions())
    assert not (clone / "ran").exists()


def test_posts_without_text_and_without_title(take: Import) -> None:
    made = take("---\ntitle: Jan 15th, 2021\n---\n\n## \n", name="2021-01-15.md")
    assert made.names == [] and made.report.ok
    assert [r.source for r in made.report.skipped] == ["repo/2021-01-15.md"]
    made = take("---\nlayout: til\n---\n\nA line.\n", name="2020-07-17-k-squared.md")
    assert made.names == ["2020/2020-07-17-k-squared.ipynb"]
    assert 'title: "k squared"' in made.front(made.names[0])


def test_change_logs_and_readmes_are_no_journals(take: Import, tmp_path: Path) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "NEWS.md").write_text(
        "# News\n\n## v1.2.0 - 2024-06-01\n\n- x\n\n## v1.1.9 (2024-05-01)\n"
    )
    (folder / "README.md").write_text("# Code\n\n## Usage\n\nRun it.\n")
    made = take(folder)
    assert made.names == [] and not made.report.ok
    assert [r.source for r in made.report.unrecognised] == ["code/NEWS.md", "code/README.md"]
    assert all("nearest" in r.text or "no sign" in r.text for r in made.report.unrecognised)


def test_what_a_file_says_above_its_first_day_is_kept_and_is_no_paper(take: Import) -> None:
    text = "# Daily Papers\n\n## About\n\nBy two people.\n\n" + DAILY.format(
        " (2025-05-09)", "new", 1
    )
    made = take(text, name="README.md")
    assert made.names == ["2025/2025-05-09-daily-papers.ipynb"]
    assert made.cells(made.names[0])[0] == "## About\n\nBy two people."
    assert 'title: "Daily Papers (2025-05-09)"' in made.front(made.names[0])
    assert len(made.report.papers_new) == 1


def test_a_page_of_daily_papers_needs_no_votes(take: Import) -> None:
    text = DAILY.format(" (2023-11-20)", "old", 4).replace("Vote: 3\n\n", "")
    made = take(text, name="20.md")
    assert [f.format for f in made.report.sources] == ["votes"]
    assert made.names == ["2023/2023-11-20-daily-papers.ipynb"]


def test_a_placeholder_goes_when_the_picture_comes(take: Import, tmp_path: Path) -> None:
    picture = '<img width="50%" src="a/net.png" alt="A net">'
    log = f"# Log\n\n## 2024-07-01 ~ 2024-07-07\n\n**On nets**\n\nText.\n\n{picture}\n"
    made = take(log)
    text = made.text(made.names[0])
    assert text.count("missing-picture.svg") == 1 and 'title="a/net.png"' in text
    assert not made.report.leftover
    file = tmp_path / "repo" / "a" / "net.png"
    file.parent.mkdir()
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    made = take(log)
    assert "missing-picture" not in made.text(made.names[0])
    assert not (made.journal.root / "assets/images/missing-picture.svg").exists()


def test_several_pages_of_one_day_have_titles_that_tell_them_apart(
    take: Import, tmp_path: Path
) -> None:
    folder = tmp_path / "digests"
    folder.mkdir()
    table = (
        "# 摘要\n\n| Ref | Title | Summary |\n| --- | --- | --- |\n"
        "| [^1] | [On {0}](http://arxiv.org/abs/2401.0000{1}) | 一句话。 |\n\n# 详细\n\n[^1]: 关于{0}\n"
    )
    (folder / "2024-01-19.cs.LG.md").write_text(table.format("lamps", 1))
    (folder / "2024-01-19.cs.AI.md").write_text(table.format("doors", 2))
    for name in ("morning", "evening"):
        post = "---\ntitle: Notes\ndate: 2024-01-20\nlayout: post\n---\n\n## On the {}\n\nText.\n"
        (folder / f"{name}.md").write_text(post.format(name))
    made = take(folder)
    titles = [made.front(name).split("\n")[1] for name in made.names]
    assert len(set(titles)) == 4
    assert 'title: "arXiv cs.LG, 2024-01-19"' in titles
    assert not any(name.endswith("-2.ipynb") for name in made.names)
    before = made.bytes()
    assert take(folder).bytes() == before
