"""Adding papers by every kind of identifier, by their pages, and several at once."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from weeknotes.actions.add import add
from weeknotes.errors import LibraryError, UsageError
from weeknotes.journal.project import Project
from weeknotes.library import crossref
from weeknotes.library.identifiers import Identifier, isbn13, named_in, parse_identifier
from weeknotes.library.store import Library
from weeknotes.library.web_client import LookupFailedError

from .conftest import Sleeper
from .paper_servers import PaperServer

Go = Callable[..., Any]


@pytest.fixture
def papers() -> Iterator[PaperServer]:
    server = PaperServer()
    yield server
    server.close()


@pytest.fixture
def go(journal: Project, papers: PaperServer) -> Go:
    def run_it(*identifiers: str, **options: Any) -> Any:
        options = {
            "environment": papers.environment,
            "sleep": Sleeper(),
            "today": datetime.date(2026, 11, 20),
            **options,
        }
        return add(journal, identifiers, **options)

    return run_it


def entry_of(journal: Project, key: str) -> dict[str, Any]:
    return Library.load(journal.library_path).entries[key]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("www.arxiv.org/abs/2006.11239v2", "arxiv", "2006.11239"),
        ("arXiv:2006.11239v2 [cs.LG] 16 Dec 2020", "arxiv", "2006.11239"),
        ("https://www.alphaxiv.org/overview/2006.11239", "arxiv", "2006.11239"),
        ("arXiv 2006.11239.", "arxiv", "2006.11239"),
        ("https://browse.arxiv.org/pdf/2006.11239v1", "arxiv", "2006.11239"),
        ("http://xxx.lanl.gov/abs/hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("https://arxiv.org/ftp/arxiv/papers/0706/0706.1234.pdf", "arxiv", "0706.1234"),
        ("https://ui.adsabs.harvard.edu/abs/arXiv:2006.11239/abstract", "arxiv", "2006.11239"),
        ("https://api.semanticscholar.org/arXiv:2006.11239", "arxiv", "2006.11239"),
        ("https://api.semanticscholar.org/CorpusID:77", "s2", "CorpusID:77"),
        ("10.1000%2Fxyz", "doi", "10.1000/xyz"),
        ("info:doi/10.1000/xyz", "doi", "10.1000/xyz"),
        ("doi: https://doi.org/10.1000/xyz。", "doi", "10.1000/xyz"),
        ("https://doi.org/10.1000/xyz를", "doi", "10.1000/xyz"),
        ("「10.1000/xyz」", "doi", "10.1000/xyz"),
        ("10.1000/x\u200byz\ufeff", "doi", "10.1000/xyz"),
        ("10.1000/a:8&lt;6::b&gt;3.0.c;2-o", "doi", "10.1000/a:8<6::b>3.0.c;2-o"),
        ("https://doi.org/10.1000/a:8<6::b>3.0.CO;2-#", "doi", "10.1000/a:8<6::b>3.0.co;2-#"),
        ("https://dl.acm.org/citation.cfm?doid=77.88", "doi", "10.1145/77.88"),
        ("https://peerj.com/articles/cs-77/", "doi", "10.7717/peerj-cs.77"),
        ("https://peerj.com/articles/4377", "doi", "10.7717/peerj.4377"),
        ("https://elifesciences.org/articles/77777", "doi", "10.7554/elife.77777"),
        ("https://www.aclweb.org/anthology/D19-1001.pdf", "doi", "10.18653/v1/d19-1001"),
        ("978–0–306–40615–7", "isbn", "9780306406157"),
        ("ISBN (13): 9780306406157", "isbn", "9780306406157"),
        ("dx.doi.org/10.1000/xyz", "doi", "10.1000/xyz"),
        ("(10.1000/xyz)", "doi", "10.1000/xyz"),
        ("“10.1000/xyz”", "doi", "10.1000/xyz"),
        ("10.1000/a(1998)49:8<6::b>3.0.c;2-o", "doi", "10.1000/a(1998)49:8<6::b>3.0.c;2-o"),
        ("https://plos.example.org/a?id=10.1371/journal.x.1", "doi", "10.1371/journal.x.1"),
        ("https://www.biorxiv.org/content/10.1101/2021.02v3.full.pdf", "doi", "10.1101/2021.02"),
        ("https://www.medrxiv.org/content/10.1101/2021.02v1", "doi", "10.1101/2021.02"),
        ("https://a.example.org/content/pdf/10.1000/b_1.pdf", "doi", "10.1000/b_1"),
        ("https://aclanthology.org/D19-1001.pdf", "doi", "10.18653/v1/d19-1001"),
        ("https://aclanthology.org/2021.x-main.7/", "doi", "10.18653/v1/2021.x-main.7"),
        (
            "https://www.nature.com/articles/s41000-021-00001-2.pdf",
            "doi",
            "10.1038/s41000-021-00001-2",
        ),
        ("https://zenodo.org/record/77", "doi", "10.5281/zenodo.77"),
        ("9780306406157", "isbn", "9780306406157"),
        ("ISBN 0-306-40615-2", "isbn", "9780306406157"),
        ("PMID: 10000001", "pmid", "10000001"),
        ("https://pubmed.ncbi.nlm.nih.gov/10000001/", "pmid", "10000001"),
        ("pmc9000002", "pmcid", "PMC9000002"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC9000002/", "pmcid", "PMC9000002"),
        ("https://www.semanticscholar.org/paper/A-B/" + "0123abcd" * 5, "s2", "0123abcd" * 5),
    ],
)
def test_forms_of_identifiers(text: str, kind: str, value: str) -> None:
    found = parse_identifier(f" {text}\n")
    assert found is not None
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("10.1000/a, 10.1000/b", ["10.1000/a", "10.1000/b"]),
        ("논문 (https://doi.org/10.1000/a)을 읽음", ["https://doi.org/10.1000/a"]),
        ("参见https://doi.org/10.1000/a。", ["https://doi.org/10.1000/a"]),
        ("[it](https://arxiv.org/abs/2006.11239)", ["https://arxiv.org/abs/2006.11239"]),
        ("2006.11239 1706.03762", ["2006.11239", "1706.03762"]),
        (
            "https://www.nature.com/articles/nature77 https://www.nature.com/articles/nature78",
            [
                "https://www.nature.com/articles/nature77",
                "https://www.nature.com/articles/nature78",
            ],
        ),
        ("In 2006.11239 words", []),
        ("Attention and all", []),
    ],
)
def test_several_identifiers_in_one_text(text: str, parts: list[str]) -> None:
    assert parse_identifier(text) is None
    assert named_in(text) == parts


def test_all_papers_of_one_argument_join(go: Go) -> None:
    report = go("Ho (arXiv:2006.11239) und https://doi.org/10.1000/knots.1, 읽음")
    assert len(report.added) == 2 and report.exit_code == 0


@pytest.mark.parametrize(
    "text", ["2613.12345", "9780306406158", "12345678", "https://openreview.net/forum?id=x"]
)
def test_what_is_no_identifier_by_itself(text: str) -> None:
    assert parse_identifier(text) is None
    assert isbn13("9780306406158") == ""


def test_several_join_and_one_that_is_not_found_is_named(go: Go, journal: Project) -> None:
    report = go("2006.11239", "10.1000/nothing", "10.1000/knots.1")
    assert len(report.added) == 2
    assert report.exit_code == 1
    (reason,) = report.failed
    assert reason.startswith("10.1000/nothing: ")
    assert go("2006.11239", "10.1000/knots.1").exit_code == 0


def test_where_nothing_is_found_the_error_is_raised(go: Go) -> None:
    with pytest.raises(LookupFailedError, match=r"10\.1000/nothing"):
        go("10.1000/nothing", "hello")
    with pytest.raises(UsageError, match="hello"):
        go("hello", "10.1000/nothing")


def test_a_list_on_standard_input(go: Go) -> None:
    text = "# to read\n2006.11239  # ddpm\n\nhttps://doi.org/10.1000/knots.1\n"
    report = go("-", stdin=lambda: text.encode())
    assert len(report.added) == 2


def test_a_citation_key_begins_a_note(go: Go, week: Callable[..., Path]) -> None:
    week("Hello", name="2026-W47")
    go("2006.11239")
    report = go("ho2020denoising", week="2026-W47")
    assert report.present and report.stubs == ("ho2020denoising",)
    assert not go("ho2020denoising", week="2026-W47").stubs


def test_a_book_by_its_isbn(go: Go, journal: Project) -> None:
    ((key, title),) = go("0-306-40615-2").added
    assert title == "The book of small waves: A reader"
    entry = entry_of(journal, key)
    assert entry["author"][0] == {"family": "van der Bee", "given": "Ann"}
    assert entry["issued"] == {"date-parts": [[1999, 3]]}
    assert (entry["publisher"], entry["ISBN"]) == ("Old House", "9780306406157")
    # The ISBN with ten digits is the same book.
    assert go("9780306406157").present
    with pytest.raises(LookupFailedError, match="knows no book"):
        go("9783161484100")


def test_a_paper_by_its_number_at_pubmed(go: Go, journal: Project) -> None:
    ((key, _),) = go("PMID:10000001").added
    entry = entry_of(journal, key)
    assert (entry["PMID"], entry["DOI"]) == ("10000001", "10.1000/trial.1")
    ((key, _),) = go("PMC9000002").added
    assert entry_of(journal, key)["URL"].endswith("/PMC9000002/")
    with pytest.raises(LookupFailedError, match="PubMed knows no"):
        go("PMID:10000009")


def test_offline_a_lookup_fails_and_is_no_wrong_identifier(journal: Project) -> None:
    nowhere = {
        f"WEEKNOTES_{name}_ENDPOINT": "http://127.0.0.1:9"
        for name in ("OPENLIBRARY", "NCBI", "PAGES", "CROSSREF")
    }
    for text in ("9780306406157", "PMID:10000001", "https://papers.example.org/knots"):
        with pytest.raises(LookupFailedError, match="did not answer"):
            add(journal, text, environment=nowhere, sleep=Sleeper())


def test_a_chapter_is_in_its_book_and_not_in_the_series(go: Go, journal: Project) -> None:
    ((key, title),) = go("10.1000/lncs.1").added
    entry = entry_of(journal, key)
    assert entry["container-title"] == "Rain and Vision – RV 2018"
    assert entry["collection-title"] == "Lecture Notes on Water"
    assert title == "Small waves for x < y and y > z"


def test_a_doi_is_never_cleaned_as_markup(go: Go, journal: Project) -> None:
    doi = "10.1000/(SICI)1097-4571(199806)49:8<693::AID-RAIN4>3.0.CO;2-O"
    ((key, _),) = go(doi).added
    assert entry_of(journal, key)["DOI"] == doi
    assert entry_of(journal, key)["title"] == "The <i>shape</i> of rain"
    assert go(f"https://doi.org/{doi}").present


@pytest.mark.parametrize(
    ("record", "title"),
    [
        ("x < y and y > z", "x < y and y > z"),
        ("a <jats:italic>b</jats:italic> &lt;c&gt;", "a <i>b</i> <c>"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math> &amp; y", "x & y"),
        ("<p>One</p>", "One"),
    ],
)
def test_elements_are_markup_and_angle_brackets_are_not(record: str, title: str) -> None:
    assert crossref.markup(record) == title


def test_a_page_that_names_its_doi(go: Go, papers: PaperServer) -> None:
    assert go("https://papers.example.org/knots").added == go("10.1000/knots.1").present


def test_a_page_that_describes_its_paper(go: Go, journal: Project) -> None:
    ((key, title),) = go("https://papers.example.org/talk").added
    entry = entry_of(journal, key)
    assert title == "파도의 말"
    assert entry["type"] == "paper-conference"
    assert entry["author"] == [
        {"family": "Bee", "given": "Ann"},
        {"family": "Cho", "given": "Min"},
    ]
    assert entry["issued"] == {"date-parts": [[2015, 7, 6]]}
    assert (entry["page"], entry["container-title"]) == ("11-19", "Meeting on Rain")
    ((key, _),) = go("papers.example.org/ld").added
    entry = entry_of(journal, key)
    assert (entry["title"], entry["container-title"]) == ("Rain as data", "Journal of Small Cases")


def test_a_page_without_a_paper_is_told(go: Go, journal: Project) -> None:
    with pytest.raises(LookupFailedError, match="does not say which paper"):
        go("https://papers.example.org/nothing")
    with pytest.raises(LookupFailedError, match="there is no page"):
        go("https://papers.example.org/gone")
    assert not journal.library_path.exists()


def test_semantic_scholar_leads_to_arxiv(go: Go, papers: PaperServer) -> None:
    report = go("https://www.semanticscholar.org/paper/" + "0123abcd" * 5)
    assert report.added[0][0] == "ho2020denoising"
    assert any("/arxiv/" in path for path in papers.paths)


def _pdf(*lines: str, title: str = "") -> bytes:
    """A PDF of one page with these lines, in the smallest form that readers accept."""
    text = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {text} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (%s) >>" % title.encode("latin-1"),
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def test_a_pdf_is_a_guess_to_confirm(go: Go, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(_pdf("Denoising Diffusion Probabilistic Models", "arXiv:2006.11239v2"))
    report = go(str(path))
    assert report.added[0][0] == "ho2020denoising"
    assert "please check" in report.remarks[0] and "first pages" in report.remarks[0]


def test_a_pdf_that_only_cites_a_paper_is_not_taken_for_it(go: Go, tmp_path: Path) -> None:
    path = tmp_path / "notes.pdf"
    path.write_bytes(_pdf("My own notes", "see arXiv:2006.11239"))
    with pytest.raises(LibraryError, match="not known which paper"):
        go(str(path))
    path.write_bytes(b"%PDF-1.4 broken")
    with pytest.raises(LibraryError, match="cannot be read"):
        go(str(path))


def test_a_pdf_by_its_name(go: Go, tmp_path: Path) -> None:
    path = tmp_path / "2006.11239v2.pdf"
    path.write_bytes(_pdf("Denoising Diffusion", "Probabilistic Models"))
    assert "its name" in go(str(path)).remarks[0]


def test_identifier_kinds_have_names() -> None:
    assert str(Identifier("isbn", "9780306406157")) == "ISBN 9780306406157"
    assert str(Identifier("arxiv", "2006.11239", "v2")) == "arXiv:2006.11239v2"
