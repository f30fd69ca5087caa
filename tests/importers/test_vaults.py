"""Files of note-taking programs: a file a day, a file a paper, and what is written only there."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from .conftest import FIXTURES, Import


def test_daily_notes_share_the_page_of_their_week(take: Import) -> None:
    made = take(FIXTURES / "obsidian")
    assert "2024/2024-W27.ipynb" in made.names
    text = made.text("2024/2024-W27.ipynb")
    assert text.index("## Monday, 1 July 2024") < text.index("## 2024-07-03")
    assert '<span title="Elk 2023">Elk on flutes</span>: <mark>five holes are enough</mark>' in text
    assert "[music/flute]{.tag}" in text
    assert (
        '::: {.callout-note .kind-question title="Why five?" collapse="true"}\nA hand has no more'
        in text
    )
    assert "`%%timeit` is no comment, and $a == b$ no mark." in text
    assert text.count("assets/images/2024-W27/flute.png") == 2
    assert made.report.images["missing"] == 0
    assert [key for key in made.report.papers_new if key.startswith("reeds")]


def test_comments_are_private_and_said_to_be(take: Import) -> None:
    made = take(FIXTURES / "obsidian")
    text = made.text("2024/2024-W27.ipynb")
    assert "[ask Dan, who has the calliper]{.private}" in text
    assert "::: {.private}\n교수님께는 아직 말하지 말 것.\n\n두 번째 문단도.\n:::" in text
    assert any("lines 5 to 7 are a comment, and private" in said for said in made.decisions())


def test_a_comment_that_nothing_closes_hides_what_follows(take: Import) -> None:
    made = take("- [[a]] ![[b.png]]\n\npublic\n%%\nhidden\n\n- more\n", name="2024-07-01.md")
    (cell,) = made.cells("2024/2024-W27.ipynb")
    assert cell.endswith("public\n\n::: {.private}\nhidden\n\n- more\n:::")


def test_lines_of_a_comment_that_are_left_over_stay_private(take: Import) -> None:
    # A tag that opens in public and closes in the comment cannot be kept as it was.
    text = "[[a]] ![[b]]\n\n<div><x-y>\n%%\n</div> secret [^1]\n%%\nend\n"
    made = take(text, name="2024-07-01.md")
    cells = made.cells("2024/2024-W27.ipynb")
    for cell in cells:
        if "secret" in cell:
            at = cell.index("secret")
            assert "{.private}" in cell[:at]


def test_a_second_import_changes_nothing_and_a_correction_arrives(
    take: Import, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    shutil.copytree(FIXTURES / "obsidian", vault)
    before = take(vault).bytes()
    again = take(vault)
    assert again.bytes() == before
    assert again.report.ok
    later = vault / "daily" / "2024년 7월 3일 (수).md"
    later.write_text(later.read_text("utf-8").replace("다시 봄", "두 번 봄"), "utf-8")
    text = take(vault).text("2024/2024-W27.ipynb")
    assert "두 번 봄" in text
    assert "다시 봄" not in text
    assert text.count("## 2024-07-03") == 1


def test_days_come_into_their_order_whenever_they_are_imported(
    take: Import, tmp_path: Path
) -> None:
    days = tmp_path / "graph" / "journals"
    days.mkdir(parents=True)
    for day in (1, 3):
        (days / f"2024_07_0{day}.md").write_text(f"- on day {day}\n", "utf-8")
    take(days.parent)
    (days / "2024_07_02.md").write_text("- on day 2\n", "utf-8")
    made = take(days.parent)
    assert made.report.ok
    text = made.text("2024/2024-W27.ipynb")
    assert text.index("on day 1") < text.index("on day 2") < text.index("on day 3")


def test_a_graph_of_logseq(take: Import) -> None:
    made = take(FIXTURES / "logseq")
    text = made.text("2024/2024-W27.ipynb")
    assert "- Read Bells that hum <https://arxiv.org/abs/2407.00031> [@bells2024]" in text
    assert "id::" not in text
    assert "collapsed::" not in text
    assert "CLOCK" not in text
    assert "<mark>Humming</mark> needs a bronze of 3 < 5 parts" in text
    assert "![bell](../../assets/images/2024-W27/bell.png){height=40 width=60}" in text
    assert "\\{{query (todo now)}}" in text
    assert "- [ ] cast one [bronze]{.tag} [two words]{.tag}" in text
    assert "- [x] buy tin" in text
    assert "- [ ] LATER ask ((66820000" in text
    assert "`TODO` 라고 쓴 글" in text
    assert "2407.99999" not in json.dumps(made.report.papers_new)
    assert len(made.report.papers_new) == 2
    assert "author:: 王铸" in made.text("2024/2024-06-11-qingtong.ipynb")
    assert 'tags: ["材料", "金属"]' in made.front("2024/2024-06-11-qingtong.ipynb")


def test_a_folder_with_a_file_a_paper(take: Import) -> None:
    made = take(FIXTURES / "paper")
    assert made.names == [
        "2020/2020-W04.ipynb",
        "2021/2021-12-01-papers.ipynb",
        "2024/2024-W27.ipynb",
    ]
    assert "/abs/2001.00011) [@bee2020lamps]\n" in made.text("2020/2020-W04.ipynb")
    assert "### Key points" in made.text("2020/2020-W04.ipynb")
    assert "_December 2021_" in made.text("2021/2021-12-01-papers.ipynb")
    assert "## 계단을 오르는 로봇 [@kim2024stairs]" in made.text("2024/2024-W27.ipynb")
    library = json.loads(made.journal.library_path.read_text("utf-8"))
    stairs = next(entry for entry in library if entry["id"] == "kim2024stairs")
    assert stairs["DOI"] == "10.1000/stairs.3"
    assert stairs["author"] == [{"literal": "김보라"}, {"family": "Lee", "given": "Ann"}]
    assert stairs["issued"] == {"date-parts": [[2024]]}
    assert not any("Annotations" in entry["title"] for entry in library)


def test_papers_of_a_month_share_its_digest(take: Import) -> None:
    one = "# [Doors of rope](https://arxiv.org/abs/2112.00041)\n\n_December 2021_\n\nOne.\n"
    other = "# [Doors of air](https://arxiv.org/abs/2112.00042)\n\n_December 2021_\n\nTwo.\n"
    made = take(one, other, name="a.md")
    assert made.names == ["2021/2021-12-01-papers.ipynb"]
    assert made.report.notes == 2
    assert take(one, other, name="a.md").bytes() == made.bytes()


def test_a_draft_stays_a_draft(take: Import) -> None:
    text = (
        "---\ncitekey: bee2020\ntitle: Lamps\ndraft: true\ndate-read: 2020-01-22\n---\nNot yet.\n"
    )
    made = take(text, name="lamps.md")
    (name,) = made.names
    assert "draft: true" in made.front(name)
    assert "kind: page" in made.front(name)


def test_an_export_of_notion(take: Import) -> None:
    made = take(FIXTURES / "notion")
    assert made.names == [
        "2024/2024-07-02-lamps-that-learn.ipynb",
        "2024/2024-07-03-kettles-at-night.ipynb",
        "2024/2024-07-04-gyeongcheop-eopneun-mun.ipynb",
        "undated/reading-list.ipynb",
    ]
    lamps = made.text("2024/2024-07-02-lamps-that-learn.ipynb")
    assert lamps.startswith("## Lamps that learn [@")
    assert "- Status: Reading\n- Rating: ⭐⭐⭐" in lamps
    assert "Created" not in lamps
    assert 'tags: ["light", "learning"]' in made.front("2024/2024-07-02-lamps-that-learn.ipynb")
    table = made.text("undated/reading-list.ipynb")
    assert "| Doors \\| of rope | door |" in table
    assert "光 影" in table


def test_a_zipped_export_is_the_same_as_its_folder(take: Import, tmp_path: Path) -> None:
    name = "Export-01234567-89ab-cdef-0123-456789abcdef.zip"
    with zipfile.ZipFile(tmp_path / "Part-1.zip", "w") as part:
        for path in sorted((FIXTURES / "notion").rglob("*.*")):
            part.write(path, path.relative_to(FIXTURES / "notion"))
    with zipfile.ZipFile(tmp_path / name, "w") as whole:
        whole.write(tmp_path / "Part-1.zip", "Part-1.zip")
    made = take(tmp_path / name)
    assert made.report.ok
    assert len(made.names) == 4
    assert made.report.images["copied"] == 1
    before = made.bytes()
    (tmp_path / name).rename(tmp_path / "Export-aaaaaaaa-89ab-cdef-0123-456789abcdef.zip")
    again = take(tmp_path / "Export-aaaaaaaa-89ab-cdef-0123-456789abcdef.zip")
    assert again.report.ok
    assert again.bytes() == before


def test_nothing_in_an_archive_leads_out_of_it(take: Import, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret 2024-07-01\n", "utf-8")
    page = "Page 00112233445566778899aabbccddeeff.md"
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("../out.md", "# Out\n")
        archive.writestr("/abs.md", "# Abs\n")
        link = zipfile.ZipInfo("link 00112233445566778899aabbccddeef0.md")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, str(tmp_path / "secret.md"))
        archive.writestr(
            page, "# Page\n\nDate: July 1, 2024\n\n![x](../secret.png) <script>1</script>\n"
        )
    made = take(tmp_path / "export.zip")
    assert made.names == ["2024/2024-07-01-page.ipynb"]
    assert not (tmp_path.parent / "out.md").exists()
    assert "script" not in made.text(made.names[0])


def test_what_is_no_archive_is_named(take: Import, tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(b"PK\x03\x04 broken")
    made = take(tmp_path / "export.zip")
    assert not made.report.ok
    assert "cannot be unpacked" in str(made.report.failed[0])


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "- DONE sand \n- DONE sandstone\n- DONE sand  \n",
            "- [x] sand\n- [x] sandstone\n- [x] sand",
        ),
        ("- DONE \n- TODO\n- stone\n", "- [x]\n- [ ]\n- stone"),
        ("- DOING 모래  \n  more\n", "- [ ] DOING 모래  \n  more"),
    ],
)
def test_tasks_of_logseq_with_nothing_or_spaces_behind_them(
    written: str, shown: str, take: Import
) -> None:
    made = take(written, name="2024_10_05.md", format="logseq")
    assert shown in made.text("2024/2024-W40.ipynb")
    assert not made.report.leftover


def test_a_link_whose_words_are_in_brackets_is_a_link(take: Import) -> None:
    made = take(
        "See [[web]](https://x.org) and [[Note]].\n", name="2024-07-01.md", format="obsidian"
    )
    (cell,) = made.cells("2024/2024-W27.ipynb")
    assert "](https://x.org) and Note." in cell


def test_a_note_or_a_block_that_a_link_leads_to(take: Import) -> None:
    text = (
        "- see [the bells]( [[Bells that count]] )\n"
        "- and [this](((6682aaaa-1111-4222-8333-444455556666)))\n"
        "- ![Slides](../assets/bells (Kim, B. et al.).pdf) and [notes](my notes.pdf)\n"
    )
    made = take(text, name="bells.md", format="logseq")
    shown = made.text("undated/bells.ipynb")
    assert '<span title="Bells that count">the bells</span>' in shown
    assert '<span title="((6682aaaa-1111-4222-8333-444455556666))">this</span>' in shown
    assert "missing-picture.svg" in shown and "notes (`my notes.pdf`)" in shown
    assert not made.report.leftover


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("scale $q/<q>$ and $<q>^3S(q)$", "scale $q/<q>$ and $<q>^3S(q)$"),
        ("$5 <b>and</b> $6", r"\$5 <b>and</b> \$6"),
        ("a $x <br> y$ b", r"a \$x <br> y\$ b"),
    ],
)
def test_an_average_in_a_formula_is_no_element(text: str, made: str, take: Import) -> None:
    assert made in take(text + "\n", name="bells.md", format="obsidian").text("undated/bells.ipynb")
