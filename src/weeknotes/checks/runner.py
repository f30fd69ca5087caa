"""Putting the rules together: what is read, which findings count, what may be mended."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from weeknotes.checks import (
    citation_rules,
    fixes,
    front_matter_rules,
    image_rules,
    library_rules,
    link_rules,
    name_rules,
    page_readings,
    week_rules,
)
from weeknotes.checks.file_facts import FactsMemory, FileFacts, switched_off
from weeknotes.checks.findings import Finding
from weeknotes.checks.journal_pages import Pages
from weeknotes.checks.rule_table import RULES
from weeknotes.errors import NotebookError, ProjectError, UsageError
from weeknotes.files import code_fingerprint, keep_cache
from weeknotes.journal import frontmatter
from weeknotes.journal.project import Project, read_yaml
from weeknotes.progress import Progress


@dataclass(frozen=True)
class CheckReport:
    """The result of a check. ``findings`` are in the order of files, cells and lines; ``mended``
    are those that `--fix` has fixed, and are not among them. ``files`` is the number of files
    checked."""

    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...]
    files: int

    def summarised(
        self, many: int | None, few: int
    ) -> tuple[list[Finding], dict[str, list[Finding]]]:
        """The findings to show, in their order, and the others by their rules: of a rule that finds
        more than ``many`` places, only the first ``few`` are shown."""
        counts = Counter(finding.rule for finding in self.findings)
        shown: list[Finding] = []
        rest: dict[str, list[Finding]] = {}
        seen: Counter[str] = Counter()
        for finding in self.findings:
            seen[finding.rule] += 1
            if many is not None and counts[finding.rule] > many and seen[finding.rule] > few:
                rest.setdefault(finding.rule, []).append(finding)
            else:
                shown.append(finding)
        return shown, rest

    def counting(self, strict: bool) -> tuple[Finding, ...]:
        """The findings that make the command fail."""
        return tuple(finding for finding in self.findings if strict or not finding.minor)


def check(
    project: Project,
    paths: Sequence[Path] = (),
    *,
    fix: bool = False,
    online: bool = False,
    progress: Progress | None = None,
) -> CheckReport:
    """Look at the journal, or at ``paths`` in it (files or folders) alone, by every rule.

    With ``fix``, what can be mended without guessing is. With ``online``, links to other sites are
    tried. Raises UsageError for a path outside of the journal or a rule that there is none of.
    """
    wanted = _wanted(project, paths)
    off = _off(project)
    found = _all(project, off, wanted, online, progress)
    mended: list[Finding] = []
    # A second time, since the order of the library is part of what its .bib is made from.
    for _ in range(2 if fix else 0):
        done = [f for f in found.findings if f.fixable and fixes.mend(project, f)]
        if not done:
            break
        mended += done
        found = _all(project, off, wanted, False, progress)
    left = set(found.findings)
    gone = tuple(dict.fromkeys(finding for finding in mended if finding not in left))
    return CheckReport(found.findings, gone, found.files)


def _all(
    project: Project,
    off: frozenset[str],
    wanted: Callable[[str], bool],
    online: bool,
    progress: Progress | None,
) -> CheckReport:
    names = _names(project)
    memory = FactsMemory(project)
    sources: dict[str, FileFacts] = {}
    waiting = list(names)
    for number, name in enumerate(waiting, 1):
        sources[name] = memory.facts(name)
        waiting += _included(project, name, sources[name], waiting)
        if progress:
            progress(number, len(waiting), "check")
    memory.save(waiting)
    sources = dict(sorted(sources.items()))
    library_keys, library_findings = _library(project)
    readable = frozenset(n for n in _pages(project) if (project.root / n).is_file())
    published = _published(project, sorted(n for n in readable if sources[n].read))
    readings = page_readings.read(project, published, progress)
    pages = Pages(project, sources, readable, library_keys, readings.pages)
    found = [finding for facts in sources.values() for finding in facts.findings]
    found += library_findings
    found += citation_rules.citations(pages, library_keys)
    found += week_rules.weeks(sources)
    found += name_rules.names([*sources, *image_rules.files(project)])
    found += image_rules.images(pages, all_of_it=wanted("assets/images"))
    found += link_rules.links(pages)
    found += link_rules.references(pages)
    found += link_rules.includes(pages)
    found += link_rules.front_matter_files(pages)
    found += citation_rules.private_papers(pages)
    found += _unread(project, sources)
    found += _metadata(project)
    found += _switches(sources)
    found += page_readings.configuration(project, found)
    found += list(readings.findings(found))
    if online:
        from weeknotes.checks import web_links

        asked = {n: f for n, f in sources.items() if wanted(n)}
        found += web_links.links(project, asked, progress=progress)
    kept = [f for f in found if wanted(f.file) and not _is_off(f, off, sources)]
    kept = sorted(dict.fromkeys(kept), key=lambda f: (f.file, f.cell or 0, f.line or 0, f.rule))
    return CheckReport(tuple(kept), (), sum(map(wanted, sources)))


def _published(project: Project, names: list[str]) -> list[str]:
    """The sources among ``names`` that become pages of the site."""
    from weeknotes.privacy.private_files import Whole

    withheld = frozenset() if project.shows_private else Whole(project).among(names)
    return [name for name in names if name not in withheld]


def _pages(project: Project) -> list[str]:
    from weeknotes.engines import sources

    return sources.find_all(project)


def _unread(project: Project, sources: Collection[str]) -> Iterator[Finding]:
    """Files that look like pages and are none; those that a page includes are among ``sources``."""
    from weeknotes.engines.sources import unread, unread_message

    for name in unread(project):
        if name not in sources:
            message, hint = unread_message(project, name)
            yield Finding("page-unread", name, message, None, None, hint)


def _names(project: Project) -> list[str]:
    """Every file that has a say in a page: the sources, and the files that may be included."""
    names = set(_pages(project))
    for pattern in ("_*.md", "_*.qmd"):
        names |= {p.relative_to(project.root).as_posix() for p in project.journal.rglob(pattern)}
    return sorted(names)


def _included(project: Project, name: str, facts: FileFacts, known: Collection[str]) -> list[str]:
    """The files that ``name`` includes and that are not ``known`` yet."""
    found = []
    for target, _, _ in facts.mentions.includes:
        base = project.root if target.startswith("/") else (project.root / name).parent
        path = Path(os.path.normpath(base / target.lstrip("/")))
        if path.is_file() and path.is_relative_to(project.root):
            part = path.relative_to(project.root).as_posix()
            if part not in known and part not in found:
                found.append(part)
    return found


def _library(project: Project) -> tuple[frozenset[str], list[Finding]]:
    """The citation keys that resolve, and what is wrong with the library; both as remembered where
    nothing has changed."""
    files = [project.library_path, project.library_path.with_suffix(".bib"), *project.bibliography]
    stamp = hashlib.blake2b(code_fingerprint().encode(), digest_size=12)
    for path in dict.fromkeys(files):
        stat = path.stat() if path.exists() else None
        stamp.update(f"{path} {stat and (stat.st_mtime_ns, stat.st_size, stat.st_ino)}\n".encode())
    memory = project.state / "check" / "library.json"
    try:
        known: dict[str, Any] = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        known = {}
    if known.get("stamp") != stamp.hexdigest():
        read, findings = library_rules.read(project)
        if not findings:
            findings += library_rules.judge(project, read)
        known = {
            "stamp": stamp.hexdigest(),
            "keys": sorted({*read.keys, *citation_rules.keys_of(_others(project))}),
            "findings": [vars(finding) for finding in findings],
        }
        keep_cache(memory, json.dumps(known).encode())
    return frozenset(known["keys"]), [Finding(**finding) for finding in known["findings"]]


def _others(project: Project) -> list[Path]:
    return [path for path in project.bibliography if path != project.library_path]


def _metadata(project: Project) -> Iterator[Finding]:
    for path in sorted(project.journal.rglob("_metadata.y*ml")):
        name = path.relative_to(project.root).as_posix()
        try:
            data = path.read_bytes()
            value = read_yaml(path, data)
        except ProjectError as error:
            yield Finding("metadata-invalid", name, error.message, None, error.line, error.hint)
            continue
        if value is not None and not isinstance(value, dict):
            yield Finding(
                "metadata-invalid",
                name,
                "it must be keys with values",
                None,
                None,
                "As in: private: true",
            )
            continue
        # Read once more as front matter is, in which a date stays text and `yes` a word.
        text = f"---\n{data.decode('utf-8-sig', 'replace')}\n---"
        try:
            values = frontmatter.parse(text)
        except NotebookError:
            continue
        for finding in front_matter_rules.values_findings(values, name, None, text):
            yield replace(finding, line=finding.line - 1 if finding.line else None)


def _off(project: Project) -> frozenset[str]:
    """The rules that `_quarto.yml` turns off (`weeknotes: check:`)."""
    value = project.settings.get("check")
    where = f"{project.config_path.name}: 'weeknotes: check:'"
    if value is not None and not isinstance(value, dict):
        raise UsageError(
            f"{where} must be rules that are turned off", hint="As in: check: {image-unused: off}"
        )
    for rule, state in (value or {}).items():
        if rule not in RULES:
            raise UsageError(f"{where}: no rule is called {rule!r}", hint=_nearest_rule(str(rule)))
        if not isinstance(state, bool) and state not in ("on", "off"):
            raise UsageError(f"{where}: {rule} is neither on nor off, but {state!r}")
    return frozenset(switched_off(value))


def _switches(sources: Mapping[str, FileFacts]) -> Iterator[Finding]:
    """Rules that files turn off and that there are none of."""
    for source, facts in sources.items():
        for cell, names in facts.off.items():
            for name in dict.fromkeys(names):
                if name not in RULES:
                    yield Finding(
                        "rule-unknown",
                        source,
                        f"no rule is called '{name}', so that none is turned off",
                        cell or None,
                        None,
                        _nearest_rule(name),
                    )


def _nearest_rule(name: str) -> str:
    near = difflib.get_close_matches(name, RULES, 1)
    return f"Did you mean {near[0]}?" if near else "docs/checks.md lists them."


def _is_off(finding: Finding, off: frozenset[str], sources: Mapping[str, FileFacts]) -> bool:
    if finding.rule in off:
        return True
    facts = sources.get(finding.file)
    if facts is None:
        return False
    return finding.rule in facts.off.get(0, ()) or finding.rule in facts.off.get(
        finding.cell or 0, ()
    )


def _wanted(project: Project, paths: Iterable[Path]) -> Callable[[str], bool]:
    """Whether findings about a file were asked for."""
    roots = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
        try:
            roots.append(path.resolve().relative_to(project.root).as_posix())
        except ValueError:
            raise UsageError(f"{path} is not in the journal {project.root}") from None
    if not roots or "." in roots:
        return lambda name: True
    return lambda name: any(name == root or name.startswith(f"{root}/") for root in roots)
