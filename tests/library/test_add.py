"""Adding papers by identifier, from files, and beginning notes on them."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weeknotes.actions.add import add, stub
from weeknotes.errors import LibraryError, UsageError
from weeknotes.journal.project import Project
from weeknotes.library import arxiv
from weeknotes.library.identifiers import Identifier, parse_identifier
from weeknotes.library.store import Library
from weeknotes.library.web_client import ARXIV, LookupFailedError, Web
from weeknotes.library.works import Works
from weeknotes.text import untrusted

from .conftest import Sleeper
from .paper_servers import PAPERS, PaperServer
from .zotero_server import KEY, ZoteroServer

TODAY = datetime.date(2026, 11, 20)


@pytest.fixture
def papers() -> Iterator[PaperServer]:
    server = PaperServer()
    yield server
    server.close()


@pytest.fixture
def go(journal: Project, papers: PaperServer) -> Callable[..., Any]:
    def run_it(identifier: str, **options: Any) -> Any:
        options = {
            "environment": papers.environment,
            "sleep": Sleeper(),
            "today": TODAY,
            **options,
        }
        return add(journal, identifier, **options)

    return run_it


def entries(journal: Project) -> dict[str, dict[str, Any]]:
    return Library.load(journal.library_path).entries


@pytest.mark.parametrize(
    ("text", "kind", "value", "version"),
    [
        ("2006.11239", "arxiv", "2006.11239", ""),
        ("arXiv:2006.11239v2", "arxiv", "2006.11239", "v2"),
        ("arXiv:2006.11239v2 [cs.LG]", "arxiv", "2006.11239", "v2"),
        ("https://arxiv.org/abs/2006.11239v1", "arxiv", "2006.11239", "v1"),
        ("http://www.arxiv.org/pdf/2006.11239.pdf#page=3", "arxiv", "2006.11239", ""),
        ("https://arxiv.org/html/2006.11239v2?x=1", "arxiv", "2006.11239", "v2"),
        ("arxiv.org/abs/2006.11239", "arxiv", "2006.11239", ""),
        ("https://huggingface.co/papers/2006.11239", "arxiv", "2006.11239", ""),
        ("math.GT/0309136v1", "arxiv", "math/0309136", "v1"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv", "hep-th/9901001", ""),
        ("10.48550/arXiv.2006.11239", "arxiv", "2006.11239", ""),
        ("https://doi.org/10.48550/ARXIV.2006.11239", "arxiv", "2006.11239", ""),
        ("10.1000/XYZ(12)a", "doi", "10.1000/xyz(12)a", ""),
        ("doi:10.1000/xyz.", "doi", "10.1000/xyz", ""),
        ("https://dx.doi.org/10.1000/a%2Fb", "doi", "10.1000/a/b", ""),
        (
            "https://dl.acm.org/doi/full/10.1145/3292500.3330701",
            "doi",
            "10.1145/3292500.3330701",
            "",
        ),
        ("https://link.springer.com/article/10.1007/s11263-1#Sec1", "doi", "10.1007/s11263-1", ""),
        ("ABCD2345", "zotero", "ABCD2345", ""),
        ("zotero://select/library/items/ABCD2345", "zotero", "ABCD2345", ""),
        ("https://www.zotero.org/me/items/ABCD2345/collection", "zotero", "ABCD2345", ""),
    ],
)
def test_identifiers_are_read_as_people_paste_them(
    text: str, kind: str, value: str, version: str
) -> None:
    assert parse_identifier(f" {text}\n") == Identifier(kind, value, version)


@pytest.mark.parametrize("text", ["", "hello", "2006.1", "9780262035614", "abcd2345", "10.1"])
def test_other_words_are_no_identifiers(text: str, go: Callable[..., Any]) -> None:
    assert parse_identifier(text) is None
    with pytest.raises(UsageError) as caught:
        go(text or "nothing.bib")
    assert caught.value.exit_code == 2


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    parse_identifier(text)
    parse_identifier(f"https://{text}")


def test_an_arxiv_paper(go: Callable[..., Any], journal: Project, papers: PaperServer) -> None:
    report = go("https://arxiv.org/abs/2006.11239v1")
    assert report.added == (("ho2020denoising", "Denoising Diffusion Probabilistic Models"),)
    entry = entries(journal)["ho2020denoising"]
    assert entry["author"][2] == {"family": "Abbeel", "given": "Pieter"}
    assert entry["archive_location"] == "2006.11239"
    assert entry["issued"] == {"date-parts": [[2020, 6, 19]]}
    assert entry["custom"] == {"date-added": "2026-11-20"}
    assert "ho2020denoising" in (journal.root / "references.bib").read_text()
    before = journal.library_path.read_bytes()
    for again in ("2006.11239v2", "10.48550/arXiv.2006.11239", "arXiv:2006.11239"):
        assert go(again).present == report.added
    assert journal.library_path.read_bytes() == before
    # What was asked once is answered from the cache.
    assert len(papers.log) == 1


def test_a_doi_and_its_preprint_are_one(
    go: Callable[..., Any], journal: Project, papers: PaperServer
) -> None:
    first = go("2006.11239").added
    assert go("10.1000/published.ddpm").present == first
    second = go("math.GT/0309136").added
    assert second[0][0] == "vanderberg2003made"
    assert go("https://doi.org/10.1000/KNOTS.1").present == second
    assert len(entries(journal)) == 2


def test_a_doi_at_crossref(go: Callable[..., Any], journal: Project, papers: PaperServer) -> None:
    go("10.1000/knots.1", environment={**papers.environment, "WEEKNOTES_EMAIL": "me@home.org"})
    (entry,) = entries(journal).values()
    assert entry["title"] == "A made-up title about <i>knots</i> & their surfaces"
    assert entry["type"] == "article-journal"
    assert entry["author"] == [
        {"family": "van der Berg", "given": "Anna", "suffix": "Jr."},
        {"literal": "The Knot Collaboration"},
    ]
    assert entry["abstract"] == "First.\n\nSecond one."
    assert entry["container-title"] == "Journal of Made-up Results"
    _, path, headers = papers.log[0]
    assert "mailto=me%40home.org" in path
    assert re.fullmatch(r"weeknotes/[\d.]+ \(mailto:me@home\.org\)", headers["user-agent"])


def test_a_doi_of_another_agency(go: Callable[..., Any], journal: Project) -> None:
    assert go("10.5281/zenodo.1").added == (("kim2023hwaksan", "확산 자료 모음"),)
    assert entries(journal)["kim2023hwaksan"]["type"] == "dataset"


@pytest.mark.parametrize(
    ("identifier", "says"),
    [("2101.99999", "arXiv knows no paper"), ("10.1000/nothing", "nobody has registered")],
)
def test_unknown_papers_are_said(
    go: Callable[..., Any], journal: Project, identifier: str, says: str
) -> None:
    with pytest.raises(LookupFailedError, match=says):
        go(identifier)
    assert not journal.library_path.exists()


@pytest.mark.parametrize("fault", ["429", "500", "503", "cut", "junk", "slow"])
@pytest.mark.parametrize("identifier", ["2006.11239", "10.1000/knots.1"])
def test_a_fault_is_waited_out(
    go: Callable[..., Any],
    papers: PaperServer,
    fault: str,
    identifier: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from weeknotes.library import web_client

    monkeypatch.setattr(web_client, "TIMEOUT", 0.3)
    papers.faults = {1: fault}
    sleeper = Sleeper()
    assert go(identifier, sleep=sleeper).added
    assert len(papers.log) in (1, 2)
    assert len(papers.log) == 1 or max(sleeper.waits) >= (6.9 if fault == "429" else 0.89)
    papers.log.clear()
    papers.faults = dict.fromkeys(range(1, 20), "500")
    with pytest.raises(LookupFailedError, match="4 attempts: status 500"):
        go("2101.99999")
    assert len(papers.log) == 4


def test_arxiv_is_asked_once_in_three_seconds(go: Callable[..., Any]) -> None:
    sleeper = Sleeper()
    go("2006.11239", sleep=sleeper)
    go("math/0309136", sleep=sleeper)
    assert 2.5 < sum(sleeper.waits) <= 3


def test_what_a_request_says_how_long_it_is_good_for(journal: Project, papers: PaperServer) -> None:
    web = Web(journal, environment=papers.environment, sleep=Sleeper())
    paper = {"id_list": "2006.11239"}
    for age, asked in ((0, 1), (50, 1), (70, 2), (5, 2)):
        for kept in (journal.state / "cache" / "arXiv").iterdir() if age else ():
            os.utime(kept, (time.time() - age,) * 2)
        assert web.get(ARXIV, "api/query", paper, since=time.time() - 60)
        assert len(papers.log) == asked
    assert web.get(ARXIV, "api/query", paper)
    assert len(papers.log) == 2


def test_arxiv_says_406_when_it_is_asked_too_fast(
    go: Callable[..., Any], papers: PaperServer
) -> None:
    papers.faults = {1: "406"}
    sleeper = Sleeper()
    assert go("2006.11239", sleep=sleeper).added
    assert len(papers.log) == 2
    papers.faults = {3: "406"}
    with pytest.raises(LookupFailedError, match="status 406"):
        go("10.1000/knots.1")


BIB = """
@inproceedings{vaswani2017, title={Attention {Is} All You Need}, author={Vaswani, Ashish}, year=2017}
@article{mystery, title={{확산 모형}}, author={김, 철수}, year=2021, doi={10.1000/ABC}}
"""


def test_bibtex_and_csl_json(go: Callable[..., Any], journal: Project, tmp_path: Path) -> None:
    (tmp_path / "more.bib").write_text(BIB)
    assert [key for key, _ in go(str(tmp_path / "more.bib")).added] == ["vaswani2017", "mystery"]
    assert entries(journal)["mystery"]["author"] == [{"family": "김", "given": "철수"}]
    items = [
        {"id": "12345/ABCD2345", "title": "Fresh", "author": [{"family": "Lee"}]},
        {"id": "x", "title": "The same", "DOI": "10.1000/abc"},
        {"title": "Another", "issued": {"date-parts": [[2001]]}},
        {"id": "vaswani2017", "title": "Not that one", "author": [{"family": "Vaswani"}]},
    ]
    report = go("-", stdin=lambda: json.dumps(items).encode())
    assert [key for key, _ in report.added] == ["leendfresh", "another2001", "vaswanindnot"]
    assert [key for key, _ in report.present] == ["mystery"]
    assert not go("-", stdin=lambda: json.dumps(items).encode()).added
    single = go("-", stdin=lambda: b'{"title": "Alone in its braces"}')
    assert [key for key, _ in single.added] == ["alonend"]


@pytest.mark.parametrize("data", [b"", b"[", b"[1]", b"@article{", b"words", b'{"id": "x"}', b"[]"])
def test_bad_files_are_said(go: Callable[..., Any], journal: Project, data: bytes) -> None:
    with pytest.raises(LibraryError):
        go("-", stdin=lambda: data)
    assert not journal.library_path.exists()


def test_a_zotero_item_is_known_to_the_next_sync(
    go: Callable[..., Any],
    journal: Project,
    zotero: ZoteroServer,
    run: Callable[..., Any],
    papers: PaperServer,
) -> None:
    key = zotero.library.add(title="Denoising", date="2020", creators=[{"name": "WHO"}])
    environment = {"ZOTERO_ENDPOINT": zotero.endpoint, "ZOTERO_API_KEY": KEY}
    assert go(key, environment=environment).added[0][0] == "who2020denoising"
    run()
    assert list(entries(journal)) == ["who2020denoising"]


def test_a_stub_joins_the_week(go: Callable[..., Any], journal: Project, week: Any) -> None:
    path = week("## Tasks\n\n- [ ] one")
    report = go("2006.11239", week="2026-W47")
    assert report.stubs == ("ho2020denoising",)
    cells = nbformat.reads(path.read_text(), as_version=4).cells
    nbformat.validate(nbformat.reads(path.read_text(), as_version=4))
    assert cells[0].source == "## Tasks\n\n- [ ] one"
    assert cells[1].source.startswith(
        "## Denoising Diffusion Probabilistic Models [@ho2020denoising]\n\n<details>"
    )
    before = path.read_bytes()
    again = go("2006.11239", week="2026-W47")
    assert again.stubs == ()
    assert "already" in again.to_text()
    assert path.read_bytes() == before


def shown_by_pandoc(markdown: str) -> str:
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "markdown-smart", "-t", "plain", "--wrap=none"],
        input=markdown.encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_an_abstract_cannot_break_out_of_its_fold() -> None:
    abstract = "a </details> b\n\n## No heading\n- none\n1. none\n@cite {{< include x >}} ``` $x^2$"
    text = stub(
        {"id": "k", "title": "T </details> [x](y) <i>in vivo</i>", "abstract": abstract}, "ko"
    )
    assert text.count("</details>") == 1
    assert "<summary>초록</summary>" in text
    assert "*in vivo*" in text
    assert "{{<" not in text
    assert "\n## " not in text
    assert "$x^2$" in text


_signs = st.text(st.sampled_from("ab1 .)(*_`~^$@#<>[]{}|\\&!-+=:;'\"%\n김曾"), max_size=60)


@settings(max_examples=25, deadline=None)
@given(st.lists(_signs, min_size=10, max_size=20))
def test_escaped_text_reads_as_it_was(texts: list[str]) -> None:
    plain = [" ".join(text.replace("$", "").split()) for text in texts]
    shown = shown_by_pandoc(
        "\n\n----sep----\n\n".join(f"x{untrusted.escaped(f' {t}')}" for t in plain)
    )
    parts = [" ".join(part.split()) for part in shown.split("----sep----")]
    assert parts == [" ".join(f"x{t}".split()) for t in plain]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jonathan Ho", {"family": "Ho", "given": "Jonathan"}),
        ("Laurens van der Maaten", {"family": "van der Maaten", "given": "Laurens"}),
        ("Sammy Davis Jr.", {"family": "Davis", "given": "Sammy", "suffix": "Jr."}),
        ("ATLAS Collaboration", {"literal": "ATLAS Collaboration"}),
        ("김철수", {"literal": "김철수"}),
    ],
)
def test_names_in_one_piece(text: str, name: dict[str, str]) -> None:
    assert arxiv.name_of(text) == name


def test_works_with_one_title_and_two_dois_are_two() -> None:
    one = {"id": "a", "title": "A title that is long enough", "DOI": "10.1000/1"}
    works = Works([one])
    assert works.find({"title": "A Title That Is Long Enough!", "DOI": "10.1000/2"}) is None
    assert works.find({"title": "A Title That Is Long Enough!"}) == one
    assert works.find({"title": "Introduction"}) is None


def test_every_recorded_answer_is_asked_for() -> None:
    """A file in papers/ that no test names any more is to go."""
    here = Path(__file__)
    files = (here, here.with_name("test_add_sources.py"))
    text = "".join(file.read_text(encoding="utf-8") for file in files).lower()
    for path in PAPERS.iterdir():
        service, _, name = path.stem.partition("-")
        identifier = (
            name.replace("math-", "math.gt/") if service == "arxiv" else name.replace("_", "/")
        )
        if service == "ncbi":
            identifier = name.rpartition("-")[2]
        elif service == "openlibrary":
            identifier = name
        elif "(sici)" in name:
            identifier = name.replace("_", "/")
        assert identifier in text, path.name
