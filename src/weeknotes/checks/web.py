"""Links to other sites: whether they answer. Politely: one request at a time to a host, a second
between them, `HEAD` before `GET`, and what was learned is kept for two weeks.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from weeknotes.checks.findings import Finding
from weeknotes.checks.reading import Facts
from weeknotes.files import keep_cache
from weeknotes.project import Project

#: Seconds that an answer is believed.
KEPT = 14 * 86_400
_PAUSE = 1.0
_PATIENCE = 20
_AGENT = "weeknotes-check/1 (looks whether links still answer)"
#: Answers that say nothing about whether the page is there: it is only not for programs.
_NO_ANSWER = frozenset([401, 403, 405, 406, 408, 409, 418, 425, 429, 451, 500, 502, 503, 504, 999])

Sleep = Callable[[float], None]


def links(
    project: Project, sources: Mapping[str, Facts], sleep: Sleep = time.sleep
) -> list[Finding]:
    """The links of ``sources`` to other sites that lead nowhere."""
    places: dict[str, list[tuple[str, int, int]]] = {}
    for source, facts in sources.items():
        for target, cell, line in facts.mentions.links:
            if target.startswith(("http://", "https://")):
                places.setdefault(target.partition("#")[0], []).append((source, cell, line))
    answers = _answers(project, sorted(places), sleep)
    found = []
    for address, problem in answers.items():
        for source, cell, line in places[address] if problem else ():
            message = f"{address} does not answer: {problem}"
            hint = "Link another address, or web.archive.org's copy."
            found.append(Finding("link-dead", source, message, cell or None, line, hint))
    return found


def _answers(project: Project, addresses: list[str], sleep: Sleep) -> dict[str, str]:
    """What is wrong with each of ``addresses``, empty where nothing is."""
    memory = project.state / "check" / "links.json"
    try:
        known: dict[str, Any] = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        known = {}
    now = time.time()
    fresh = {a: v for a, v in known.items() if 0 <= now - v[0] < KEPT}
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        if address not in fresh:
            by_host.setdefault(urllib.parse.urlsplit(address).netloc, []).append(address)
    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(lambda group: list(_ask(group, sleep)), by_host.values()):
            for address, problem in answers:
                fresh[address] = [now, problem]
    if by_host:
        keep_cache(memory, json.dumps(fresh, ensure_ascii=False).encode())
    return {address: fresh[address][1] for address in addresses}


def _ask(addresses: list[str], sleep: Sleep) -> Iterator[tuple[str, str]]:
    """Try the addresses of one host, one after the other."""
    for number, address in enumerate(addresses):
        if number:
            sleep(_PAUSE)
        problem = _try(address, "HEAD")
        if problem:
            sleep(_PAUSE)
            problem = _try(address, "GET")
        yield address, problem


def _try(address: str, method: str) -> str:
    request = urllib.request.Request(address, method=method, headers={"User-Agent": _AGENT})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in _NO_ANSWER else f"{error.code} {error.reason}"
    except urllib.error.URLError as error:
        return str(error.reason)
    except (OSError, ValueError) as error:
        return str(error) or type(error).__name__
