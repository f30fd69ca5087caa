"""Rules about what programs printed: paths of this machine, addresses, tokens and keys.

The patterns of tokens and keys are those of detect-secrets (Yelp), the plugins that match by a
pattern; those that guess by entropy or by a variable's name are left out. Importing them takes half a
second, so they are kept, as long as the installed version is the same. Tokens of issuers that it does
not know are added.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from weeknotes.checks.findings import Finding
from weeknotes.files import keep_cache
from weeknotes.journal.notebooks import Cell, joined
from weeknotes.privacy.cells import output_texts

_ROOTS = (
    "home|Users|root|private/(?:var|tmp)|var/folders|tmp|mnt|media|scratch|data|work|opt|usr|srv|etc"
    "|Volumes|nfs|gpfs|lustre|kaggle|content/drive|workspaces?"
)
_DRIVE_ROOTS = (
    "Users|home|Documents and Settings|Program Files[^\\\\/\"']*|ProgramData|Windows|Temp|Tmp|data|work"
    "|projects?"
)
_PATH = re.compile(
    rf"""(?<![\w/.@~-])/(?:{_ROOTS})/[^\s"'<>:;,()]+"""
    rf"""|(?<!\w)[A-Za-z]:(?:\\{{1,2}}|/)(?i:{_DRIVE_ROOTS})(?:\\{{1,2}}|/)[^\s"'<>:;,()]+"""
    r"""|\\{2,4}[\w.-]+\\{1,2}(?i:users|home|shares?|data|projects?)\b[^\s"'<>:;,()]*"""
    r"""|file:/{1,3}[^\s"'<>]+"""
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}(?![\w-])"
)
#: A password in an address, which is no name that is before an @.
_LOGIN = re.compile(r"://[^\s/@]*@")
#: Addresses that belong to no one: examples, accounts of programs, names of image files.
_NOBODY = re.compile(
    r"@(?:[\w-]+\.)*(?:example\.(?:com|org|net)|example|invalid|test|localhost)$"
    r"|^(?:git|no-?reply)@|\.(?:png|jpe?g|gif|svg|webp)$",
    re.I,
)
#: Nothing that a pattern finds is shorter, or in a line longer, than this.
_CANDIDATE = re.compile(r"[A-Za-z0-9+/=_.:-]{16,}|PRIVATE KEY|://[^\s/]*@")
#: Tokens that detect-secrets does not know, by the forms that their issuers have published.
_MORE: dict[str, str] = {
    "GitHub Token": r"\bgithub_pat_\w{22}_\w{59}\b",
    "Hugging Face Token": r"\bhf_[A-Za-z0-9]{30,40}\b",
    "OpenAI Token": r"\bsk-(?:proj|svcacct|admin)-[\w-]{20,}",
    "Anthropic Token": r"\bsk-ant-[a-z0-9]+-[\w-]{20,}",
    "Google API Key": r"\bAIza[\w-]{35}(?![\w-])",
    "Google OAuth Token": r"\bya29\.[\w-]{20,}",
    "NPM tokens": r"\bnpm_[A-Za-z0-9]{36}\b",
    "Databricks Token": r"\bdapi[0-9a-f]{32}\b",
    "Replicate Token": r"\br8_[A-Za-z0-9]{37}\b",
    "Groq Token": r"\bgsk_[A-Za-z0-9]{48,56}\b",
    "Perplexity Token": r"\bpplx-[A-Za-z0-9]{40,56}\b",
    "LangSmith Token": r"\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b",
    "DigitalOcean Token": r"\bdo[opr]_v1_[0-9a-f]{64}\b",
    "Notion Token": r"\b(?:ntn|secret)_[A-Za-z0-9]{43,50}\b",
    "Linear Token": r"\blin_api_[A-Za-z0-9]{40}\b",
    "Docker Token": r"\bdckr_(?:pat|oat)_[\w-]{27,}",
    "Shopify Token": r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b",
    "HashiCorp Vault Token": r"\bhv[sb]\.[\w-]{60,}",
    "New Relic Key": r"\bNRAK-[A-Z0-9]{27}\b",
    "Private Key": r"BEGIN ENCRYPTED PRIVATE KEY|\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b",
    "AWS Secret Key": r"(?i)aws_?secret_?(?:access_?)?key\W{1,6}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
    "Kaggle Key": r"\"username\"\s*:\s*\"[^\"]+\"\s*,\s*\"key\"\s*:\s*\"[0-9a-f]{32}\"",
    "Weights & Biases Key": r"(?i)wandb[\w.]*key\W{1,6}[0-9a-f]{40}\b",
    "Zotero Key": r"(?i)zotero[\w.]*key\W{1,6}[A-Za-z0-9]{24}\b",
    "Authorization header": r"(?i)\bauthorization[\"']?\s*[:=]\s*f?[\"']?(?:bearer|token|basic)\s+"
    r"(?=\S*\d)[\w.~+/=-]{20,}",
}
#: Sequences of amino acids (IUPAC's one-letter codes), DNA and RNA.
_SEQUENCE = re.compile(r"[ACDEFGHIKLMNPQRSTVWY]{12,}|[ACGTUN]{12,}|[acgtun]{12,}")
#: Words that a key is written beside.
_CONTEXT = re.compile(
    r"aws|amazon|access[ _-]?key|secret|credential|token|api[ _-]?key|passw", re.I
)
_LONGEST_LINE = 20_000
_LEFT_OUT = frozenset(
    """high_entropy_strings keyword base ip_public __init__ cloudant softlayer ibm_cloud_iam
    ibm_cos_hmac""".split()
)
#: The letters that a pattern of ours cannot do without, in lower case, to pass a text over quickly.
_HINTS = {
    "GitHub Token": "github_pat_",
    "Hugging Face Token": "hf_",
    "OpenAI Token": "sk-",
    "Anthropic Token": "sk-ant-",
    "Google API Key": "aiza",
    "Google OAuth Token": "ya29.",
    "NPM tokens": "npm_",
    "Databricks Token": "dapi",
    "Replicate Token": "r8_",
    "Groq Token": "gsk_",
    "Perplexity Token": "pplx-",
    "LangSmith Token": "lsv2_",
    "DigitalOcean Token": "_v1_",
    "Linear Token": "lin_api_",
    "Docker Token": "dckr_",
    "Shopify Token": "shp",
    "HashiCorp Vault Token": "hv",
    "New Relic Key": "nrak-",
    "AWS Secret Key": "aws",
    "Kaggle Key": "username",
    "Weights & Biases Key": "wandb",
    "Zotero Key": "zotero",
    "Authorization header": "authorization",
}

Patterns = tuple[tuple[str, re.Pattern[str], str], ...]


def addresses(front: Mapping[str, Any]) -> frozenset[str]:
    """The e-mail addresses that a page's author has put into its front matter to be seen."""
    text = json.dumps(front.get("author"), ensure_ascii=False)
    return frozenset(match[0].casefold() for match in _EMAIL.finditer(text))


def judge(
    cell: Cell, file: str, patterns: Patterns, known: Collection[str] = ()
) -> Iterator[Finding]:
    """The findings in a code cell's outputs, and the secrets in any cell's text. ``known`` are e-mail
    addresses that may be seen."""
    yield from _secrets(cell.source, file, cell.index, patterns, "the cell", True)
    for output in cell.outputs:
        texts = list(dict.fromkeys(map(_plain, _texts(output))))
        paths = (match[0] for text in texts for match in _PATH.finditer(text))
        yield from _first(
            "output-path",
            paths,
            file,
            cell.index,
            "the output holds the absolute path {}",
            "Print names, or paths from the journal's folder.",
        )
        emails = (m[0] for text in texts for m in _EMAIL.finditer(_LOGIN.sub("://", text)))
        yield from _first(
            "output-email",
            (e for e in emails if not _NOBODY.search(e) and e.casefold() not in known),
            file,
            cell.index,
            "the output holds the e-mail address {}",
            "Clear the output, or print less.",
        )
        for text in texts:
            yield from _secrets(text, file, cell.index, patterns, "the output", False)


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _texts(output: Mapping[str, Any]) -> Iterator[str]:
    """The text of an output, in each of its formats, including JSON."""
    yield from output_texts(output)
    data = output.get("data")
    for value in data.values() if isinstance(data, dict) else ():
        if joined(value) is None:
            yield json.dumps(value, ensure_ascii=False, indent=0)


def _first(
    rule: str, found: Iterator[str], file: str, cell: int, message: str, hint: str
) -> Iterator[Finding]:
    """One finding an output: the first, since what follows is mostly more of the same."""
    for what in found:
        yield Finding(rule, file, message.format(what), cell, None, hint)
        return


def _secrets(
    text: str, file: str, cell: int, patterns: Patterns, what: str, numbered: bool
) -> Iterator[Finding]:
    if not _CANDIDATE.search(text):
        return
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) <= _LONGEST_LINE and _CANDIDATE.search(line)
    ]
    # All lines at once, since hardly any text holds anything.
    whole = "\n".join(["", *(line for _, line in lines), ""])
    lower = whole.lower()
    told = set()
    for name, pattern, hint in patterns:
        if name in told or hint not in lower or not pattern.search(whole):
            continue
        number = next((n for n, line in lines if _holds(name, pattern, line)), None)
        if number is not None:
            told.add(name)
            yield Finding(
                "secret",
                file,
                f"{what} seems to hold a secret: {name}",
                cell,
                number if numbered else None,
                "Take it out, revoke it where it was issued, and remove it from git's history.",
            )


def _holds(name: str, pattern: re.Pattern[str], line: str) -> bool:
    """Whether ``line`` holds what ``pattern`` is for. That for Artifactory takes words such as
    `APDrawingGAN` for keys, which have digits."""
    if name == "Artifactory Credentials":
        return any(sum(map(str.isdigit, m[0])) > 2 for m in pattern.finditer(line))
    return any(not _is_sequence(line, *m.span()) for m in pattern.finditer(line))


def _is_sequence(line: str, start: int, end: int) -> bool:
    """Whether what was found is part of a sequence of DNA, RNA or amino acids, where the line speaks
    of no key. One key of AWS in two thousand has the letters of one alone."""
    while start > 0 and line[start - 1].isalnum():
        start -= 1
    while end < len(line) and line[end].isalnum():
        end += 1
    return bool(_SEQUENCE.fullmatch(line, start, end)) and not _CONTEXT.search(line)


def secret_patterns(state: Path) -> Patterns:
    """The names and patterns of secrets; ``state`` is a folder in which they are kept."""
    spec = importlib.util.find_spec("detect_secrets")
    if spec is None or spec.origin is None:
        return ()
    own = hashlib.blake2b(
        repr((_MORE, _HINTS, sorted(_LEFT_OUT))).encode(), digest_size=8
    ).hexdigest()
    version = f"{spec.origin} {Path(spec.origin).stat().st_mtime_ns} {own}"
    return _patterns(state / "secret-patterns.json", version)


@lru_cache(maxsize=1)
def _patterns(memory: Path, version: str) -> Patterns:
    try:
        known: dict[str, Any] = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        known = {}
    if known.get("version") != version:
        known = {"version": version, "patterns": _import_patterns()}
        keep_cache(memory, json.dumps(known).encode())
    return tuple(
        (name, re.compile(text, flags), hint) for name, text, flags, hint in known["patterns"]
    )


def _import_patterns() -> list[tuple[str, str, int, str]]:
    import pkgutil
    from importlib import import_module

    from detect_secrets import plugins

    found = []
    for module in pkgutil.iter_modules(plugins.__path__):
        if module.name in _LEFT_OUT:
            continue
        for value in vars(import_module(f"detect_secrets.plugins.{module.name}")).values():
            patterns = getattr(value, "denylist", None)
            name = str(getattr(value, "secret_type", ""))
            if isinstance(patterns, list | tuple) and isinstance(value, type):
                found += [(name, p.pattern, p.flags, "") for p in patterns if hasattr(p, "pattern")]
    found += [(name, text, 0, _HINTS.get(name, "")) for name, text in _MORE.items()]
    return list(dict.fromkeys(found))
