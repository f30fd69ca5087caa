"""Which week each part of a log is of: decided in the open, and never two by accident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.importers.dates import expressions as dates
from weeknotes.importers.dates import reader as date_reader
from weeknotes.importers.dates.timeline import DatedPart, assign
from weeknotes.journal.weeks import Week

from .conftest import TODAY, Import


def weeks_of(*parts: tuple[str, str]) -> tuple[list[str], list[str]]:
    """The weeks of parts given as (heading, summary), and what was decided."""
    made = [
        DatedPart(10 * n, heading=dates.find(h), heading_line=10 * n + 1, summary=dates.find(s))
        for n, (h, s) in enumerate(parts, 1)
    ]
    expressions = [e for part in made for e in (part.heading, part.summary) if e]
    decided: list[str] = []
    reader = date_reader.reader(expressions, today=TODAY)
    assign(made, reader, lambda line, text: decided.append(f"{line}: {text}"))
    return [str(part.week or "") for part in made], decided


W27, W28, W29 = "2024-07-01~2024-07-07", "2024-07-08~2024-07-14", "2024-07-15~2024-07-21"


@pytest.mark.parametrize(
    ("parts", "weeks"),
    [
        ([("", W27), ("", W28)], ["27", "28"]),
        ([(W28, W27), (W29, W27)], ["28", "29"]),
        ([(W27, W27), (W27, W27), (W29, W29)], ["27", "28", "29"]),
        ([(W27, ""), ("", ""), ("", "")], ["27", "28", "29"]),
        ([("", ""), (W28, "")], ["27", "28"]),
        # Newest first: the copy stands above what it was copied from.
        ([(W29, ""), (W28, ""), (W28, ""), (W27, "")], ["29", "", "28", "27"]),
        ([(W28, ""), (W27, ""), (W27, "2024-06-24~2024-06-30")], ["28", "", "27"]),
        # No room between two weeks: nothing is guessed.
        ([(W27, ""), (W27, ""), (W28, "")], ["27", "", "28"]),
        ([("", ""), ("", "")], ["", ""]),
    ],
)
def test_weeks_of_a_log(parts: list[tuple[str, str]], weeks: list[str]) -> None:
    found, decided = weeks_of(*parts)
    assert [week.removeprefix("2024-W") for week in found] == weeks
    odd = sum(1 for heading, summary in parts if (heading and summary and heading != summary))
    assert len(decided) >= odd


def test_every_part_that_was_not_plain_is_decided_in_the_open() -> None:
    _, decided = weeks_of((W28, W27), (W28, ""), ("", ""))
    assert any("heading wins" in text for text in decided)
    assert any("were copied" in text for text in decided)
    assert any("it has no dates: 2024-W30" in text for text in decided)


@given(
    st.lists(
        st.tuples(st.sampled_from([W27, W28, W29, ""]), st.sampled_from([W27, W28, ""])),
        max_size=8,
    )
)
def test_no_two_parts_share_a_week(parts: list[tuple[str, str]]) -> None:
    found, decided = weeks_of(*parts)
    given_weeks = [week for week in found if week]
    assert len(given_weeks) == len(set(given_weeks))
    for (heading, _), week in zip(parts, found, strict=True):
        expression = dates.find(heading) if heading else None
        if expression and week:
            own = date_reader.reader([expression]).span(expression)
            assert own is not None
            assert Week.parse(week) == own.week or any("copied" in text for text in decided)


def test_a_part_whose_week_cannot_be_told_is_a_page_of_its_own(take: Import) -> None:
    log = f"""\
<details><summary>{W27}</summary>

**The first week's paper**

text one
</details>
<details><summary>{W27}</summary>

**The forgotten week's paper**

text two
</details>
<details><summary>{W28}</summary>

**The last week's paper**

text three
</details>
"""
    made = take(log)
    assert made.names[:2] == ["2024/2024-W27.ipynb", "2024/2024-W28.ipynb"]
    (own,) = made.names[2:]
    assert own.startswith("undated/") and "text two" in made.text(own)
    assert "kind: page" in made.front(own) and "week:" not in made.front(own)
    assert any("there is no free week there" in text for text in made.decisions())
    assert take(log).bytes() == made.bytes()


def test_a_log_without_any_date(take: Import) -> None:
    made = take(
        "<details><summary>Misc</summary>\n\n**Something to read**\n\nwords\n</details>\n",
        format="worklog",
    )
    (name,) = made.names
    assert name.startswith("undated/") and "words" in made.text(name)
