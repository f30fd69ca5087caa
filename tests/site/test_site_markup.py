"""Changes to a body's HTML, the languages of passages, sizes of images, words of the chrome."""

from __future__ import annotations

import io
import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from weeknotes.i18n import language, strings
from weeknotes.site.html import markup
from weeknotes.text.image_size import image_size
from weeknotes.text.languages import language_of, mark_languages


@pytest.mark.parametrize(
    "body",
    [
        '<video controls><source src="a.mp4"><track src="a.vtt"></video><p>after</p>',
        "<p>Donau<wbr>dampf<br>schiff</p>",
        "text <b>first</b>, then &lt;this&gt; &amp; that",
        '<math display="block"><mi>x</mi></math>',
    ],
)
def test_a_body_is_written_as_it_was_read(body: str) -> None:
    assert markup.serialise(markup.parse(body)) == body


def test_identifiers_and_what_refers_to_them_change_together() -> None:
    tree = markup.parse(
        '<h2 id="a">A</h2><p><a href="#a">in</a> <a href="#b">out</a></p>'
        '<label for="c">x</label><input id="c" aria-describedby="a z">'
        '<svg><clippath id="d"></clippath><g clip-path="url(#d)"></g><use href="#d"></use></svg>'
    )
    markup.prefix_identifiers(tree, "w--", lambda anchor: f"week.html#{anchor}")
    written = markup.serialise(tree)
    for part in (
        'id="w--a"',
        'href="#w--a"',
        'href="week.html#b"',
        'for="w--c"',
        'aria-describedby="w--a z"',
        'clip-path="url(#w--d)"',
        '<use href="#w--d">',
    ):
        assert part in written


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("../../assets/a b.png", "assets/a b.png"),
        ("2026-W46.html#note", "journal/2026/2026-W46.html#note"),
        ("fig.svg?v=1", "journal/2026/fig.svg?v=1"),
        ("./", "journal/2026/"),
        ("#here", "#here"),
        ("/root.html", "/root.html"),
        ("https://example.org/x", "https://example.org/x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("data:image/png;base64,AAAA", "data:image/png;base64,AAAA"),
        ("", ""),
        ("http://[broken", "http://[broken"),
    ],
)
def test_addresses_hold_on_another_page(address: str, expected: str) -> None:
    assert markup.rebased(address, "journal/2026/2026-W47.html", "weeks.html") == expected


words = st.text(string.ascii_letters + " 확산模型", min_size=1, max_size=60)


@given(st.lists(words, min_size=1, max_size=6), st.integers(5, 80))
def test_truncating_keeps_the_beginning_and_says_that_something_is_missing(
    parts: list[str], length: int
) -> None:
    body = "".join(f"<b>{part}</b> " if i % 2 else part for i, part in enumerate(parts))
    tree = markup.parse(f"<p>{body}</p>")[0]
    whole = tree.text_content()
    markup.truncate(tree, length)
    cut = tree.text_content()
    if len(whole) <= length - 1:
        assert cut == whole
    elif cut != whole:
        assert cut.endswith("…")
        assert whole.startswith(cut[:-1])
        assert len(cut) <= length + 1


def test_truncating_keeps_a_formula_whole() -> None:
    tree = markup.parse(
        "<p>The field <math><mi>v</mi><mi>t</mi></math> is what is learnt here</p>"
    )[0]
    markup.truncate(tree, 20)
    assert markup.serialise(tree) == "The field <math><mi>v</mi><mi>t</mi></math> is what…"


def test_task_boxes_show_their_state_and_cannot_be_changed() -> None:
    tree = markup.parse(
        '<ul><li><input type="checkbox" checked>Done</li><li><label><input type="checkbox">'
        "Open</label></li></ul>"
    )
    markup.settle_tasks(tree)
    boxes = list(tree.iter("input"))
    assert all(box.get("disabled") is not None for box in boxes)
    assert [item.get("class") for item in tree.iter("li")] == ["task done", "task open"]
    assert boxes[0].get("aria-label") == "Done"


@pytest.mark.parametrize(
    ("text", "around", "expected"),
    [
        ("Attention is all you need", "en", "en"),
        ("확산 모델의 잡음 일정", "en", "ko"),
        ("扩散模型", "en", "zh"),
        ("拡散モデルについて", "en", "ja"),
        ("다음 주 읽을 것: Stable Diffusion 3 논문, nnU-Net Revisited", "en", "ko"),
        ("The Korean word 확산 means diffusion, and is used throughout", "en", "en"),
        ("Attention is all you need", "ko", "en"),
        ("DDPM", "ko", "ko"),
        ("心脏", "ja", "ja"),
        ("擴散模型", "zh-Hant", "zh-Hant"),
        ("123 + 456", "ko", "ko"),
        ("", "zh", "zh"),
    ],
)
def test_the_language_of_a_passage(text: str, around: str, expected: str) -> None:
    assert language_of(text, around) == expected


def test_a_language_that_the_author_gave_stays() -> None:
    tree = markup.parse('<p lang="ja">心臓</p><div lang="fr"><p>le cœur</p></div><p>심장</p>')
    mark_languages(tree, "en")
    assert [p.get("lang") for p in tree.iter("p")] == ["ja", None, "ko"]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_the_size_of_a_picture(tmp_path: Path, form: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (37, 21), "red").save(stream, form)
    path = tmp_path / "picture"
    path.write_bytes(stream.getvalue())
    assert image_size(path) == (37, 21)


@pytest.mark.parametrize(
    ("tag", "size"),
    [
        ('<svg width="30" height="20">', (30, 20)),
        ('<svg width="72pt" height="36pt" viewBox="0 0 1 1">', (96, 48)),
        ('<svg viewBox="0 0 640 176">', (640, 176)),
        ('<svg width="100%" viewBox="0,0,640,176">', (640, 176)),
        ('<svg width="320" viewBox="0 0 640 176">', (320, 88)),
        ("<svg>", None),
        ("not an image", None),
    ],
)
def test_the_size_of_a_drawing(tmp_path: Path, tag: str, size: tuple[int, int] | None) -> None:
    path = tmp_path / "drawing.svg"
    path.write_text(f"<?xml version='1.0'?>\n{tag}</svg>", encoding="utf-8")
    assert image_size(path) == size


@given(
    st.binary(max_size=64), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"RIFF1234WEBP"])
)
def test_a_broken_picture_has_no_size(rest: bytes, head: bytes) -> None:
    path = Path("/dev/shm/weeknotes-broken-picture")
    path.write_bytes(head + rest)
    size = image_size(path)
    path.unlink()
    assert size is None or min(size) > 0


def test_every_word_is_used() -> None:
    package = Path(strings.__file__).parents[1]
    sources = [*package.rglob("*.py"), *package.rglob("theme/templates/*.html")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    for key in language("en").site:
        name = key.partition(".")[0]
        assert re.search(rf"""(t|strings|count)\(\s*["']{name}["']""", text), name


@pytest.mark.parametrize(
    ("lang", "start", "end", "expected"),
    [
        ("en", "2026-11-16", "2026-11-22", "16–22 November 2026"),
        ("en", "2026-10-26", "2026-11-01", "26 October – 1 November 2026"),
        ("en", "2026-12-28", "2027-01-03", "28 December 2026 – 3 January 2027"),
        ("ko", "2026-11-16", "2026-11-22", "2026년 11월 16–22일"),
        ("ko", "2026-12-28", "2027-01-03", "2026년 12월 28일 – 2027년 1월 3일"),
        ("zh", "2026-10-26", "2026-11-01", "2026年10月26日 – 11月1日"),
        ("fr", "2026-11-16", "2026-11-22", "16–22 November 2026"),
    ],
)
def test_the_days_of_a_week_in_words(lang: str, start: str, end: str, expected: str) -> None:
    assert strings.Strings(lang).span(start, end) == expected
