"""The corpus through the library, notebooks, front matter and outputs into the site: all inert."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from tests.safety.conftest import page_of
from tests.safety.corpus import CASES, Case

from weeknotes import project as projects
from weeknotes.site.policy import content_policy

_LOADING = ("src", "srcset", "poster", "data", "background", "xlink:href")
_ADDRESSES = ("href", "action", "formaction", *_LOADING)
_RUN = re.compile(r"^[\s\x00-\x20]*(?:javascript|vbscript|data:text/html)", re.I)
_OWN_SCRIPTS = re.compile(r"^(?:/|(?:\.\./)*)theme/[\w.-]+\.js(?:\?[\w.=-]*)?$")


def problems_of(document: Any) -> list[str]:
    """What a page holds that could run or load something."""
    found = []
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and not _OWN_SCRIPTS.match(element.get("src") or ""):
            found.append(f"script {element.get('src')!r} {(element.text or '')[:60]!r}")
        if element.tag in ("base", "object", "embed", "frame", "frameset", "applet", "portal"):
            found.append(element.tag)
        if element.tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            found.append("meta refresh")
        for name, value in element.attrib.items():
            if name.lower().startswith("on"):
                found.append(f"{element.tag} {name}={value!r}")
            if name == "srcdoc":
                found.append("srcdoc")
            squeezed = re.sub(r"[\x00-\x20]", "", value)
            if name.lower() in _ADDRESSES and _RUN.match(squeezed):
                found.append(f"{element.tag} {name}={value!r}")
    return found


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 200
    assert len({case.text for case in CASES}) > 0.95 * len(CASES)


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number}-{case.group}")
def test_a_page_of_hostile_text_runs_nothing(hostile: projects.Project, case: Case) -> None:
    path = hostile.output_dir / page_of(case)
    if not path.exists():
        # A page may be refused, with a word on why.
        said = json.loads((hostile.root / "problems.json").read_text("utf-8"))
        assert any(f"hostile/{case.number:03}.ipynb" in problem for problem in said)
        return
    document = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    assert problems_of(document) == []
    policies = document.xpath('//head/meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policies == [content_policy()]
    assert len(document.xpath("//main")) == 1
    assert document.xpath("//footer")


def test_the_derived_pages_run_nothing(hostile: projects.Project) -> None:
    own = {page_of(case) for case in CASES}
    for path in sorted(hostile.output_dir.rglob("*.html")):
        name = path.relative_to(hostile.output_dir).as_posix()
        if name not in own:
            document = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
            assert problems_of(document) == [], name


def test_nothing_was_run_or_written_on_the_way(hostile: projects.Project) -> None:
    for folder in (Path.cwd(), hostile.root):
        assert not list(folder.glob("**/pwned"))


def test_files_of_the_machine_are_not_included(hostile: projects.Project) -> None:
    secret = Path("/etc/passwd").read_text().splitlines()[0]
    for path in hostile.output_dir.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()


@pytest.mark.browser
@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
def test_in_a_browser_nothing_runs(hostile: projects.Project, browser: Any, policy: bool) -> None:
    """With the policy nothing is loaded from elsewhere either; what has been taken out of the pages
    keeps them inert without it."""
    started: list[str] = []
    asked: list[str] = []

    def answer(route: Any) -> None:
        url = route.request.url
        path = hostile.output_dir / url.removeprefix("http://site.test/").split("?")[0]
        if not url.startswith("http://site.test/"):
            asked.append(url)
            route.abort()
        elif path.is_file():
            route.fulfill(path=path)
        else:
            route.fulfill(status=404, body="")

    context = browser.new_context(base_url="http://site.test", bypass_csp=not policy)
    context.expose_function("pwned", lambda value: started.append(str(value)))
    context.route("**/*", answer)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    names = [page_of(case) for case in CASES if (case.number % 2 == 1) == policy]
    for name in [*names, "index.html", "weeks.html", "papers.html"]:
        if (hostile.output_dir / name).is_file():
            page.goto(f"/{name}", wait_until="domcontentloaded")
    page.wait_for_timeout(300)
    context.close()
    assert started == []
    assert not policy or asked == []
