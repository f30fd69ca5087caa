"""What programs printed, and what nobody else should read in it."""

from __future__ import annotations

import random
import string
from typing import Any

import pytest
from tests.checks.conftest import WEEK, Journal
from tests.privacy.conftest import cell

PATHS = [
    "/Users/kim/x",
    "/root/x",
    "/tmp/tmpabc/x",
    "/opt/conda/lib/python3.11/x.py:3: UserWarning",
    "/usr/lib/python3/dist-packages/x.py:12",
    "/Volumes/Disk/x",
    "/mnt/c/Users/kim",
    "/content/drive/My",
    "/srv/data/x",
    "/nfs/home/kim",
    "/kaggle/input/x",
    "/gpfs/x/y",
    "/lustre/u/x",
    "PosixPath('/home/kim/x')",
    'File "/home/kim/a.py", line 3',
    "cwd:/home/kim/x",
    "경로:/home/김/x",
    "C:/Users/kim/x",
    r"D:\data\x.npz",
    r"WindowsPath('C:\\Users\\kim\\x')",
    r"\\server\share\x",
    "file:///home/kim/x.html",
    "file:///C:/Users/x",
    r"C:\Users\Kim Minji\x",
]
NO_PATHS = [
    "https://x.org/home/kim http://x.org/tmp/a",
    "a/home/b and/or",
    "./home/x ../tmp/x home/kim",
    "/ /x",
    "~/x.py",
    "2024/01/02",
    r"Q:\nWhat",
    r"\\alpha\beta",
    "</data>",
    "x@2x.png git@github.com:x/y.git a@b 3@4.5",
    "me@example.com",
    "noreply@github.com",
]


def shown(text: str = "", **data: Any) -> dict[str, Any]:
    bundle = {key.replace("_", "/"): value for key, value in data.items()}
    output: dict[str, Any] = {"output_type": "display_data", "metadata": {}, "data": bundle}
    if text:
        output = {"output_type": "stream", "name": "stdout", "text": [text + "\n"]}
    return cell("code", "a", "x", outputs=[output])


def rules(journal: Journal, *cells: dict[str, Any], **front: str) -> list[str]:
    journal.put(cells=list(cells), **front)
    assert all((f.file, f.cell) == (WEEK, 3) and f.hint for f in journal.found())
    return [f.rule for f in journal.found()]


@pytest.mark.parametrize("text", PATHS)
def test_a_path_of_this_machine_is_found(sound: Journal, text: str) -> None:
    assert rules(sound, shown(text)) == ["output-path"]


@pytest.mark.parametrize("text", NO_PATHS)
def test_what_only_looks_like_one_is_not(sound: Journal, text: str) -> None:
    assert rules(sound, shown(text)) == []


@pytest.mark.parametrize(
    "kind", ["text_html", "application_json", "image_svg+xml", "text_markdown"]
)
def test_every_form_of_an_output_is_read(sound: Journal, kind: str) -> None:
    said: Any = "<svg xmlns='http://www.w3.org/2000/svg'><text>/home/kim/x</text></svg>"
    said = {"at": ["/home/kim/x"]} if kind == "application_json" else said
    assert rules(sound, shown(**{kind: said})) == ["output-path"]


def test_an_address_that_its_owner_shows_may_be_printed(sound: Journal) -> None:
    said = shown("by kim@lab.ac.kr")
    assert rules(sound, said) == ["output-email"]
    assert rules(sound, said, author="{name: Kim, email: Kim@lab.ac.kr}") == []


def made(kind: str) -> str:
    """A token of a form that its issuer uses, and that nobody has been given."""
    draw = random.Random(kind)

    def some(count: int, letters: str = string.ascii_letters + string.digits) -> str:
        return "".join(draw.choice(letters) for _ in range(count))

    hexadecimal = "0123456789abcdef"
    return {
        "GitHub": f"gh{'p_'}{some(36)}",
        "GitHub, fine-grained": f"github{'_pat_'}{some(22)}_{some(59)}",
        "GitLab": f"gl{'pat-'}{some(20)}",
        "OpenAI": f"s{'k-proj-'}{some(60)}",
        "Anthropic": f"s{'k-ant-'}api03-{some(90)}",
        "Hugging Face": f"h{'f_'}{some(34)}",
        "Google": f"AI{'za'}{some(35)}",
        "AWS": f"AK{'IA'}{some(16, string.ascii_uppercase)}",
        "AWS, secret": f"aws_secret_access_key = {some(40)}",
        "Slack": f"xo{'xb-'}123456789012-123456789012-{some(24)}",
        "Stripe": f"s{'k_live_'}{some(24)}",
        "npm": f"np{'m_'}{some(36)}",
        "PyPI": f"pyp{'i-AgEIcHlwaS5vcmc'}{some(70)}",
        "JSON Web Token": f"ey{'JhbGciOiJIUzI1NiJ9.'}eyJzdWIiOiIxMjM0NTY3ODkwIn0.{some(43)}",
        "Databricks": f"da{'pi'}{some(32, hexadecimal)}",
        "Docker": f"dck{'r_pat_'}{some(27)}",
        "Zotero": f"ZOTERO_API_KEY={some(24)}",
        "Weights & Biases": f"WANDB_API_KEY={some(40, hexadecimal)}",
        "Kaggle": f'{{"username":"kim","key":"{some(32, hexadecimal)}"}}',
        "a password in an address": f"postgresql://kim:{some(10)}@db.lab.kr/x",
        "a header": f"Authorization: Bearer {some(20)}7{some(20)}",
        "a private key": "-----BEGIN ENCRYPTED PRIVATE" + " KEY-----",
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "GitHub",
        "GitHub, fine-grained",
        "GitLab",
        "OpenAI",
        "Anthropic",
        "Hugging Face",
        "Google",
        "AWS",
        "AWS, secret",
        "Slack",
        "Stripe",
        "npm",
        "PyPI",
        "JSON Web Token",
        "Databricks",
        "Docker",
        "Zotero",
        "Weights & Biases",
        "Kaggle",
        "a password in an address",
        "a header",
        "a private key",
    ],
)
def test_a_token_is_found_and_not_repeated(sound: Journal, kind: str) -> None:
    token = made(kind)
    assert rules(sound, shown(f"it is {token} so")) == ["secret"]
    assert all(token not in str(f) for f in sound.found())
    assert rules(sound, cell("code", "a", f"x = 1\n# {token}")) == ["secret"]
    assert [f.line for f in sound.found()] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "ZOTERO_API_KEY=your-key-goes-here",
        'os.environ["WANDB_API_KEY"]',
        "APDrawingGAN draws",
        "sk-learn",
        "hf_hub_download",
        "Authorization: Bearer YOUR_TOKEN_GOES_HERE_PLEASE",
        "git commit 3f786850e387550fdab836ed7e6dc881de23001b",
    ],
)
def test_what_stands_for_one_is_none(sound: Journal, text: str) -> None:
    assert rules(sound, shown(text)) == []
