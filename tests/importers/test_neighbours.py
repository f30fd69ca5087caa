"""Files beside each other in a folder, and papers where they are easily missed or invented."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Import, Imported


def folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root / "notes"


def titles(made: Imported) -> list[str]:
    return sorted(e["title"] for e in json.loads(made.journal.library_path.read_text("utf-8")))


LOGS = {
    "ann.md": "# Ann\n\n## 2024-10-02\n- copper\n\n## 2024-10-09\n- lead\n",
    "bo.md": "# Bo\n\n## 2024-10-03\n- tin at +0.5\n",
}


def test_two_logs_of_one_folder_share_a_week(take: Import, tmp_path: Path) -> None:
    notes = folder(tmp_path, LOGS)
    made = take(notes)
    assert made.report.ok and not made.report.left_alone
    text = made.text("2024/2024-W40.ipynb")
    assert text.index("copper") < text.index("tin at +0.5")
    # The heading of the second is kept as well, though the page does not show it.
    assert "2024-10-03" in (made.journal.journal / "2024/2024-W40.ipynb").read_text("utf-8")
    before = made.bytes()
    assert take(notes).bytes() == before

    folder(tmp_path, {"bo.md": LOGS["bo.md"].replace("+0.5", "-0.5")})
    made = take(notes)
    assert made.report.ok
    assert "tin at -0.5" in made.text("2024/2024-W40.ipynb")
    assert "+0.5" not in made.text("2024/2024-W40.ipynb")
    assert made.text("2024/2024-W40.ipynb").count("copper") == 1


def test_a_log_that_comes_later_into_the_folder(take: Import, tmp_path: Path) -> None:
    take(folder(tmp_path, {"ann.md": LOGS["ann.md"]}))
    made = take(folder(tmp_path, LOGS))
    assert made.report.ok
    assert "tin at +0.5" in made.text("2024/2024-W40.ipynb")


def test_a_private_log_stays_private_beside_another(take: Import, tmp_path: Path) -> None:
    private = "---\nprivate: true\n---\n" + LOGS["bo.md"]
    notes = folder(tmp_path, {**LOGS, "bo.md": private})
    take(notes, format="worklog")
    folder(tmp_path, {"bo.md": private + "\n### A new part\nzinc\n"})
    made = take(notes, format="worklog")
    cells = made.notebook("2024/2024-W40.ipynb")["cells"]
    for cell in cells:
        if any(word in "".join(cell["source"]) for word in ("tin", "zinc")):
            assert "private" in cell["metadata"]["tags"]
    assert "zinc" in made.text("2024/2024-W40.ipynb")


def test_papers_in_headings_within_a_note_are_cited(take: Import) -> None:
    made = take(
        "## 2024-10-02\n### Reading\n#### [Copper that rings](https://arxiv.org/abs/2410.00001)\n"
        "It rings.\n#### Notes\nnone\n\n## 2024-10-09\n### Writing\nx\n"
    )
    assert titles(made) == ["Copper that rings"]
    assert "[@copper2024]" in made.text("2024/2024-W40.ipynb")


def test_a_table_of_papers_below_a_title_makes_no_paper_of_the_title(take: Import) -> None:
    made = take(
        "# Readings\n\n| Title | Link |\n| --- | --- |\n"
        "| Copper | [2410.00001](https://arxiv.org/abs/2410.00001) |\n"
        "| Tin | [2410.00002](https://arxiv.org/abs/2410.00002) |\n",
        name="README.md",
    )
    assert titles(made) == []


def test_days_below_the_title_of_a_paper_do_not_make_a_log_of_it(
    take: Import, tmp_path: Path
) -> None:
    title = "# [Copper that rings](https://arxiv.org/abs/2410.00001)"
    text = f"{title}\n\n## Method\na\n\n## 2024-10-02\nb\n"
    made = take(folder(tmp_path, {"copper.md": text}))
    assert [found.format for found in made.report.sources] == ["paper"]
    assert titles(made) == ["Copper that rings"]


def test_a_file_named_after_an_arxiv_id(take: Import, tmp_path: Path) -> None:
    made = take(folder(tmp_path, {"2410.00001v2 - Copper.md": "It rings, says 저자.\n"}))
    assert titles(made) == ["Copper"]
    (name,) = made.names
    assert "## Copper [@copper2024]" in made.text(name)


def test_properties_of_a_page_of_logseq_name_its_paper(take: Import) -> None:
    page = "title:: 铜\nurl:: https://arxiv.org/abs/2410.00001\nauthors:: 金宝拉, 李安\n\n- 要点\n"
    made = take(page, name="论文___铜.md", format="logseq")
    (entry,) = json.loads(made.journal.library_path.read_text("utf-8"))
    assert entry["title"] == "铜"
    assert [name["literal"] for name in entry["author"]] == ["金宝拉", "李安"]


def test_a_weekly_note_goes_to_its_week(take: Import) -> None:
    made = take("## Goals\n- [[copper]]\n", name="2024-W40.md", format="obsidian")
    assert made.names == ["2024/2024-W40.ipynb"]
    assert made.cells(made.names[0])[0].startswith("## 2024-W40\n")


def test_a_day_beside_the_identifier_of_a_paper(take: Import, tmp_path: Path) -> None:
    text = "# Copper that rings\n\n*arXiv:2410.00001* | 2024-10-05\n\nIt rings.\n"
    made = take(folder(tmp_path, {"copper.md": text}))
    assert made.names == ["2024/2024-W40.ipynb"]
    assert titles(made) == ["Copper that rings"]


def test_options_of_chunks_are_kept_as_comments(take: Import) -> None:
    post = (
        "---\ntitle: Copper\ndate: 2024-10-05\n---\n\n```{r, fig.cap='A bell of copper'}\n"
        "plot(1)\n```\n\n"
        "```{julia}\nx = 1\n```\n\n```{python echo=FALSE, fig.cap='Tin'}\n1 + 1\n```\n"
    )
    made = take(post, name="copper.Rmd")
    cells = ["".join(c["source"]) for c in made.notebook(made.names[0])["cells"][1:]]
    assert "``` r\n# , fig.cap='A bell of copper'\nplot(1)" not in cells[0]
    assert "``` r\n# fig.cap='A bell of copper'\nplot(1)\n```" in cells[0]
    assert "``` julia\nx = 1\n```" in cells[0]
    assert cells[1] == "# echo=FALSE, fig.cap='Tin'\n1 + 1"
    assert not made.report.leftover


def test_a_corrected_title_reaches_the_entry_of_the_paper(take: Import, tmp_path: Path) -> None:
    def note(title: str, text: str = "It rings.") -> Path:
        body = f"# {title}\nhttps://arxiv.org/abs/2410.00001\n2024-10-05\n\n{text}\n"
        return folder(tmp_path, {"copper.md": body})

    take(note("Coper <that> rings"))
    made = take(note("Copper <that> rings"))
    assert titles(made) == ["Copper <that> rings"]
    assert "Copper <that> rings" in (made.journal.root / "references.bib").read_text("utf-8")
    before = made.bytes()
    assert take(note("Copper <that> rings")).bytes() == before
    # A title that somebody has set in the library stays.
    library = made.journal.library_path
    library.write_text(library.read_text("utf-8").replace("Copper", "Bronze"), "utf-8")
    assert titles(take(note("Copper <which> rings"))) == ["Bronze <that> rings"]


def test_a_second_source_with_another_title_does_not_change_the_first(
    take: Import, tmp_path: Path
) -> None:
    address = "https://arxiv.org/abs/2410.00001"
    notes = folder(
        tmp_path,
        {
            "a.md": f"# Copper that rings\n{address}\n2024-10-05\n\nOne.\n",
            "b.md": f"# 울리는 구리\n{address}\n2024-10-06\n\n둘.\n",
        },
    )
    before = take(notes).bytes()
    made = take(notes)
    assert titles(made) == ["Copper that rings"]
    assert made.bytes() == before


def test_a_note_that_is_written_anew_is_the_same_page(take: Import, tmp_path: Path) -> None:
    take(folder(tmp_path, {"thought.md": "[[copper]] rings\n"}), format="obsidian")
    made = take(folder(tmp_path, {"thought.md": "nothing of before\n"}), format="obsidian")
    assert made.report.ok
    (name,) = made.names
    assert made.cells(name) == ["nothing of before"]


def test_the_time_of_a_post_in_restructuredtext_is_kept(take: Import, tmp_path: Path) -> None:
    post = "Copper\n######\n\n:date: 2024-10-05 23:41\n\nIt rings.\n"
    made = take(folder(tmp_path, {"2024-10-05-copper.rst": post}))
    (name,) = made.names
    assert "23:41" in (made.journal.journal / name).read_text("utf-8")


def test_a_page_with_a_title_alone_is_known_again(take: Import, tmp_path: Path) -> None:
    notes = folder(tmp_path, {"pages/copper.md": "# Copper\n"})
    before = take(notes, format="logseq").bytes()
    made = take(notes, format="logseq")
    assert made.report.ok
    assert made.bytes() == before


def test_titles_have_the_signs_that_their_entities_name(take: Import) -> None:
    made = take("---\ntitle: About &lt;think&gt; &amp; more\n---\nwords\n", name="2024-10-05-x.md")
    assert 'title: "About <think> & more"' in made.front(made.names[0])
    note = "# About &lt;think&gt;\nhttps://arxiv.org/abs/2410.00001\n2024-10-05\n\nwords\n"
    made = take(note, name="think.md", format="paper")
    assert titles(made) == ["About <think>"]
    assert take(note, name="think.md", format="paper").bytes() == made.bytes()


def test_a_definition_in_a_callout_is_kept_as_text(take: Import) -> None:
    text = "> [!NOTE]\n> [ref]: http://copper.example\n> It rings.\n\n```\n[ref]: http://copper.example"
    made = take(text, name="2024-10-05.md", format="obsidian")
    assert made.text("2024/2024-W40.ipynb").count("copper.example") == 2
    assert not made.report.leftover


def test_front_matter_of_a_log_is_kept_on_a_page_that_others_began(
    take: Import, tmp_path: Path
) -> None:
    days = "".join(f"\n## 2024-10-0{day}\n- tin {day}\n" for day in (6, 5, 4, 3, 2))
    log = f'+++\ntitle = "Foundry"\ntags = ["tuning"]\n+++\n{days}'
    notes = folder(tmp_path, {"2024-10-01.org": "#+title: Bells\n\ncopper\n", "bo.md": log})
    made = take(notes)
    assert "tin 2" in made.text("2024/2024-W40.ipynb")
    week = made.notebook("2024/2024-W40.ipynb")
    kept = [cell["metadata"]["weeknotes"]["import"].get("front-matter") for cell in week["cells"]]
    assert [one for one in kept if one] == ['title = "Foundry"\ntags = ["tuning"]']
    assert take(notes).bytes() == made.bytes()


def test_anchors_that_links_lead_to_are_kept(take: Import) -> None:
    text = (
        "---\ntitle: Bells\ndate: 2024-10-05\n---\n\n"
        '- [one](#one-way) [two](#spot) <a href="#old">three</a> [four](#intro) [five][f]\n\n'
        "[f]: #종\n\n## One way to ring {#one-way}\nhttps://arxiv.org/abs/2410.00001\n\n"
        'A <a name="spot"></a>bell, `<a id="spot">`, <a id="spot">x</a>, '
        '<span id="old">old</span>, <a id="unused">y</a>.\n\n'
        '## <a name="intro"></a>Intro\n\n## Sets {a}\n\n<div id="종">\n\nThe end.\n\n</div>\n'
    )
    made = take(text, name="bells.md")
    shown = made.text(made.names[0])
    assert titles(made) == ["One way to ring"]
    assert "## One way to ring [@one2024] {#one-way}\n" in shown
    for kept in (
        '<a id="spot"></a>bell',
        "<a>x</a>",
        '<span id="old">',
        "<a>y</a>",
        '<div id="종">',
    ):
        assert kept in shown
    # What the heading is called already, and braces that are no name.
    assert "## <a></a>Intro" in shown and "## Sets \\{a}" in shown
    assert not made.report.leftover
