"""The forms of a digest: each, made of the papers of a digest of its kind, imports again as that kind
without a rest."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from weeknotes.actions.digest import Asked, digest
from weeknotes.importers.run import run as import_run
from weeknotes.journal import notebooks, project
from weeknotes.journal.project import Project
from weeknotes.library.store import Library
from weeknotes.scaffold import init

DAY = date(2026, 11, 27)
TODAY = date(2026, 11, 30)
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
KINDS = {
    "blog": "000_2bf57763bdf19232.txt",
    "insights": "001_b0315e0005f32c5d.txt",
    "votes": "002_71f05c8b71bc7d1f.txt",
    "arxiv-table": "004_fb596a40439f352d.txt",
}
PAPERS = [
    {
        "id": "2611.00001v2",
        "title": "Lamps that learn: a study of $x_1$ [with brackets] & 5 < 6 | a bar",
        "abstract": "We measure lamps. See https://lamps.example/code_a_b for code. Odd *signs* "
        "_here_, a cost of $\\mathcal{O}(n^2)$, 50% less, and #hashes; [@nobody] is not cited. "
        "| tables | are | not made |. It is 3.5 times as bright.",
        "authors": ["Ada Kim", "Bo van der Berg", "김민지"],
        "categories": ["cs.LG", "stat.ML"],
        "votes": 29,
        "thumbnail": "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2611.00001.png",
        "code": "https://github.com/lamps/lamps",
    },
    {
        "id": "2611.00002",
        "title": "Eyes of mice",
        "abstract": "1. Mice see. 2. Lamps shine.\n\n- A list\n# A heading\n> a quote",
        "authors": ["Cho Park"],
        "categories": ["cs.CV"],
        "votes": 3,
        "video": "https://cdn-uploads.huggingface.co/x/y.mp4",
    },
    {
        "id": "10.1101/2026.11.01.123456",
        "title": "램프의 기억: 빛이 남기는 것에 대하여",
        "abstract": "우리는 램프가 준 빛을 얼마나 기억하는지 측정한다. 결과는 뚜렷하다.",
        "authors": ["김민지", "박서준"],
    },
    {
        "id": "https://openreview.net/forum?id=lamp7",
        "title": "A paper (with brackets) of no abstract at all",
    },
]


def joined(path: Path) -> str:
    """A notebook as one Markdown document, as its author would save it from JupyterLab."""
    there = notebooks.read(path)
    return "\n\n".join(cell.source for cell in there.cells if cell.kind != "code") + "\n"


def made(journal: Project, papers: list[dict[str, Any]], form: str, **more: Any) -> Path:
    text = "\n".join(json.dumps(paper, ensure_ascii=False) for paper in papers)
    asked = Asked(candidates=("papers.jsonl", text), format=form, **more)
    report = digest(journal, str(DAY), asked=asked, today=TODAY)
    assert not report.failed
    return journal.root / report.days[0].path


def imported(tmp_path: Path, path: Path, form: str) -> tuple[Any, Project]:
    (tmp_path / "kept.md").write_text(joined(path))
    init(tmp_path / "other")
    other = project.find(tmp_path / "other")
    return import_run(other, [tmp_path / "kept.md"], format=form, today=TODAY), other


@pytest.mark.parametrize("lang", ["en", "ko", "zh"])
@pytest.mark.parametrize("form", KINDS)
def test_a_digest_imports_again_without_a_rest(
    journal: Project, tmp_path: Path, form: str, lang: str
) -> None:
    path = made(journal, PAPERS, form, lang=lang)
    report, other = imported(tmp_path, path, "auto")
    assert [source.format for source in report.sources] == [form]
    assert not report.leftover and not report.failed and not report.cleaned
    library = Library.load(other.library_path)
    titles = {" ".join(str(e["title"]).split()) for e in library.entries.values()}
    assert len(titles) == len(PAPERS), titles
    assert {"Eyes of mice", "램프의 기억: 빛이 남기는 것에 대하여"} <= titles
    (page,) = report.pages
    assert page.path.startswith("journal/2026/2026-11-27")


@pytest.mark.parametrize("form", KINDS)
def test_the_papers_of_a_seed_come_back(tmp_path: Path, form: str) -> None:
    seed = SEEDS / KINDS[form]
    if not seed.is_file():
        pytest.skip("needs the seeds beside the checkout")
    init(tmp_path / "first")
    first = project.find(tmp_path / "first")
    import_run(first, [seed], today=TODAY)
    entries = Library.load(first.library_path).entries
    if form == "blog":
        # Its papers have titles and no addresses.
        lines = seed.read_text("utf-8").splitlines()
        heads = [line[4:] for line in lines if line.startswith("### ")]
        papers = [{"id": f"2303.0000{n}", "title": head} for n, head in enumerate(heads)]
    else:
        papers = [
            {
                "id": entry["URL"],
                "url": entry["URL"],
                "title": entry["title"],
                "abstract": entry.get("abstract", ""),
                "authors": [
                    " ".join(filter(None, (a.get("given"), a.get("family") or a.get("literal"))))
                    for a in entry.get("author", [])
                ],
                "categories": [entry["keyword"]] if entry.get("keyword") else [],
                "votes": 10,
            }
            for entry in entries.values()
        ]
    init(tmp_path / "journal")
    path = made(project.find(tmp_path / "journal"), papers, form, top=100)
    report, other = imported(tmp_path, path, "auto")
    assert [source.format for source in report.sources] == [form]
    assert not report.leftover and not report.failed
    found = {str(e["title"]) for e in Library.load(other.library_path).entries.values()}
    assert found == {paper["title"] for paper in papers}


@pytest.mark.parametrize("form", [*KINDS, "list"])
def test_every_paper_is_a_task_with_its_title_and_its_abstract(journal: Project, form: str) -> None:
    path = made(journal, PAPERS, form)
    cells = [
        cell
        for cell in notebooks.read(path).cells
        if "paper" in cell.metadata.get("weeknotes", {}).get("digest", {})
    ]
    assert len(cells) == len(PAPERS)
    for cell in cells:
        assert cell.source.count("- [ ] ") == 1
    text = joined(path)
    for paper in PAPERS:
        assert str(paper["title"]).split(":")[0].split("(")[0].strip() in text
    assert "3.5 times as bright" in text


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</details></div></body><!-- open",
    "{{< include /etc/passwd >}} {{title}}",
    "```{=html}\n<b>raw</b>\n```\n~~~\ncode",
    "[@nobody2020] @someone and ^[a footnote]",
    "- [x] a tick\n- [ ] another",
    "# Heading\n\n## Q1. fake?\n\n---\n\n---\ntitle: x\n---",
    "Votes: 7\n\nAuthors: Nobody",
    "**Summary:**\n\n**Sources:**\n\n- “Fake title”: fake line",
)


@pytest.mark.usefixtures("without_kernels")
@pytest.mark.parametrize("form", KINDS)
def test_hostile_abstracts_are_text_and_make_no_other_paper(
    journal: Project, tmp_path: Path, form: str
) -> None:
    papers = [
        {
            "id": f"2611.{number:05}",
            "title": f"Study number {number} of the lamps",
            "abstract": f"We show it. {text} It ends here.",
            "votes": number,
        }
        for number, text in enumerate(HOSTILE, 1)
    ]
    path = made(journal, papers, form)
    assert joined(path).count("- [ ] ") == len(papers)
    assert "<script" not in joined(path).replace("\\<", "") and "\n# Heading" not in joined(path)
    report, other = imported(tmp_path, path, "auto")
    assert [source.format for source in report.sources] == [form]
    assert not report.leftover and not report.failed
    titles = {str(e["title"]) for e in Library.load(other.library_path).entries.values()}
    assert titles == {paper["title"] for paper in papers}
