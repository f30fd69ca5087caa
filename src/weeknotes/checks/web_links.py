"""Links to other sites: whether they answer. Politely: one request at a time to a host, a second
between them, `HEAD` before `GET`; a host that asks to be left alone (429, or 503 with `Retry-After`)
is.

What was learned is kept: for two weeks that a page is there, for a day that it is not. That a host
could not be reached is not kept, since it may be this machine that couldn't.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from weeknotes.checks.file_facts import FileFacts
from weeknotes.checks.findings import Finding
from weeknotes.errors import WeeknotesError
from weeknotes.files import keep_cache
from weeknotes.journal.project import Project
from weeknotes.progress import Progress

#: Seconds that an answer is believed: that a page is there, and that it is not.
KEPT = 14 * 86_400
KEPT_BAD = 86_400
_PAUSE = 1.0
_PATIENCE = 20
#: Seconds that are waited where a host says how long; if it wants more, it is left alone.
_LONGEST_WAIT = 10.0
_HOSTS_AT_ONCE = 8
_AGENT = "weeknotes-check/1 (looks whether links still answer)"
#: Answers that say nothing about whether the page is there: it is only not for programs, or not now.
_NO_ANSWER = frozenset([401, 403, 406, 407, 408, 409, 418, 425, 429, 451, 500, 502, 503, 504, 999])
#: What an address may hold as it is (RFC 3986); the rest is written in percents.
_KEPT_SIGNS = "!#$%&'()*+,/:;=?@[]~"

Sleep = Callable[[float], None]


@dataclass(frozen=True)
class LinkAnswer:
    """The outcome of a request: the ``problem`` in words, empty if there is none. ``reached`` is
    false if no server answered; ``wait`` is the time in seconds to leave the server alone."""

    problem: str = ""
    reached: bool = True
    wait: float | None = None


def links(
    project: Project,
    sources: Mapping[str, FileFacts],
    sleep: Sleep = time.sleep,
    progress: Progress | None = None,
) -> list[Finding]:
    """The links and images of ``sources`` on other sites that are not there.

    Raises WeeknotesError where no site at all can be reached.
    """
    places: dict[str, list[tuple[str, int, int]]] = {}
    for source, facts in sources.items():
        targets = [*facts.mentions.links, *((t, c, n) for t, _, c, n in facts.mentions.images)]
        for target, cell, line in targets:
            if target.lower().startswith(("http://", "https://")):
                places.setdefault(target.partition("#")[0], []).append((source, cell, line))
    found = []
    for address, problem in _answers(project, sorted(places), sleep, progress).items():
        for source, cell, line in dict.fromkeys(places[address]) if problem else ():
            message = f"{address} does not answer: {problem}"
            hint = "Link another address, or web.archive.org's copy."
            found.append(Finding("link-dead", source, message, cell or None, line or None, hint))
    return found


def _answers(
    project: Project, addresses: list[str], sleep: Sleep, progress: Progress | None
) -> dict[str, str]:
    """The problem with each of ``addresses``, empty if there is none."""
    memory = project.state / "check" / "links.json"
    kept = _remembered(memory)
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        if address not in kept:
            by_host.setdefault(_host(address), []).append(address)
    answers: dict[str, LinkAnswer] = {}
    with ThreadPoolExecutor(_HOSTS_AT_ONCE) as pool:
        waiting = [pool.submit(_ask, group, sleep) for group in by_host.values()]
        for number, done in enumerate(as_completed(waiting), 1):
            answers |= done.result()
            if progress:
                progress(number, len(waiting), "links")
    if len(by_host) > 1 and not any(answer.reached for answer in answers.values()):
        raise WeeknotesError(
            f"none of {len(by_host)} sites can be reached", hint="Is this machine online?"
        )
    now = time.time()
    for address, answer in answers.items():
        if answer.reached:
            kept[address] = (now, answer.problem)
    if answers:
        keep_cache(memory, json.dumps(kept, ensure_ascii=False).encode())
    problems = {address: problem for address, (_, problem) in kept.items()}
    problems |= {address: answer.problem for address, answer in answers.items()}
    # Nothing is known of what a host did not want to be asked about.
    return {address: problems.get(address, "") for address in addresses}


def _remembered(memory: Any) -> dict[str, tuple[float, str]]:
    """The answers that are still believed."""
    now = time.time()
    try:
        known = json.loads(memory.read_bytes())
        return {
            str(address): (float(at), str(problem))
            for address, (at, problem) in known.items()
            if 0 <= now - at < (KEPT_BAD if problem else KEPT)
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _host(address: str) -> str:
    try:
        return urllib.parse.urlsplit(address).netloc.casefold()
    except ValueError:
        return address


def _ask(addresses: list[str], sleep: Sleep) -> dict[str, LinkAnswer]:
    """Try the addresses of one host, one after the other, until it asks to be left alone."""
    answers: dict[str, LinkAnswer] = {}
    for address in addresses:
        if answers:
            sleep(_PAUSE)
        answer = _try(address, "HEAD")
        if answer.wait and answer.wait <= _LONGEST_WAIT:
            sleep(answer.wait)
            answer = _try(address, "HEAD")
        elif answer.problem and answer.reached:
            # Some servers know GET alone.
            sleep(_PAUSE)
            answer = _try(address, "GET")
        if answer.wait:
            break
        if not answer.reached:
            return dict.fromkeys(addresses, answer) | answers
        answers[address] = answer
    return answers


def _try(address: str, method: str) -> LinkAnswer:
    try:
        request = urllib.request.Request(
            _ascii(address), method=method, headers={"User-Agent": _AGENT}
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE):
            return LinkAnswer()
    except urllib.error.HTTPError as error:
        error.close()
        after = error.headers.get("Retry-After")
        if error.code == 429 or (error.code == 503 and after):
            return LinkAnswer(wait=_seconds(after))
        unknown = error.code in _NO_ANSWER or (error.code == 405 and method == "GET")
        return LinkAnswer("" if unknown else f"{error.code} {error.reason}")
    except urllib.error.URLError as error:
        return LinkAnswer(str(error.reason), reached=False)
    except OSError as error:
        return LinkAnswer(str(error) or type(error).__name__, reached=False)
    except ValueError as error:
        return LinkAnswer(f"it is no address ({error})")


def _ascii(address: str) -> str:
    """``address`` as it is sent: names of hosts in Punycode, other letters in percents."""
    parts = urllib.parse.urlsplit(address)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    return urllib.parse.quote(parts._replace(netloc=host).geturl(), safe=_KEPT_SIGNS)


def _seconds(after: str | None) -> float:
    """The number of seconds that `Retry-After` asks to wait; for a date, or nothing, more than the
    longest wait."""
    try:
        return max(float(after or ""), _PAUSE)
    except ValueError:
        return _LONGEST_WAIT + 1
