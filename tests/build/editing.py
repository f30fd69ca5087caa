"""A made-up journal, and one random edit of it after the other, as its author would make them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from weeknotes.journal import cell_edit

_WORDS = (
    "noise schedule sampler kernel gradient attention manifold entropy prior lattice decoder "
    "variance score flow token memory causal sparse 확산 모델 잡음 주의 心脏 扩散 模型 注意力"
).split()
_TAGS = ("diffusion", "vision", "theory", "Tools", "tools", "심장", "con")
_KEYS = tuple(f"{name}{year}" for name in ("ho", "kim", "li", "Ho") for year in (2019, 2021, 2023))
_FIRST = date(2024, 11, 25)


class Author:
    """Writes the journal in ``root`` by the random numbers of ``seed``: the same every time."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.rng = random.Random(seed)
        self._secrets = 0
        self._settings: dict[str, Any] = {}
        self._edits: list[Callable[[], object]] = [
            *[self._append_note] * 5,
            self._rewrite_week,
            self._add_week,
            self._delete_week,
            self._rename_source,
            self._carry_task,
            self._mark_cell,
            self._unmark,
            self._mark_week,
            self._mark_folder,
            self._edit_library,
            self._add_entry,
            self._remove_entry,
            self._tag_entry,
            self._redraw,
            self._configure,
            self._write_page,
            self._write_digest,
            self._touch,
            self._move_week,
        ]

    def begin(self) -> None:
        """Write the journal as it is at first: weeks of three years and a library."""
        self._write_library([self._entry(key) for key in _KEYS[:8]])
        self._write_settings()
        for _ in range(self.rng.randint(4, 9)):
            self._add_week()

    def edit(self) -> str:
        """Change something, and return what it was."""
        edit = self.rng.choice(self._edits)
        edit()
        return edit.__name__  # type: ignore[attr-defined, no-any-return]

    # Texts

    def _sentence(self) -> str:
        words = [self.rng.choice(_WORDS) for _ in range(self.rng.randint(3, 12))]
        if self.rng.random() < 0.4:
            words.append(f"word{self.rng.randint(0, 30)}")
        return " ".join(words)

    def _note(self) -> str:
        rng = self.rng
        title = self._sentence()
        if rng.random() < 0.6:
            title += f" [@{rng.choice(_KEYS)}]"
        parts = [f"## {title}"]
        if rng.random() < 0.6:
            parts.append(f"[{rng.choice(_TAGS)}]{{.tag}}")
        parts.append(self._sentence() + (f" @{rng.choice(_KEYS)}" if rng.random() < 0.4 else ""))
        if rng.random() < 0.3:
            parts.append(f"Q: {self._sentence()}?" + rng.choice(("", "\n\nA: yes")))
        if rng.random() < 0.3:
            number = rng.randint(0, 3)
            self._picture(number)
            parts.append(f"![{self._sentence()}](../../assets/images/{number}.svg)")
        if rng.random() < 0.1:
            parts.append(f"Said before.[^1]\n\n[^1]: {self._sentence()}")
        return "\n\n".join(parts)

    def _tasks(self) -> str:
        rows = (f"- [{self.rng.choice(' x')}] task {self.rng.randint(0, 6)}" for _ in range(3))
        return "## Tasks\n\n" + "\n".join(rows)

    def _secret(self) -> str:
        self._secrets += 1
        number = self._secrets
        return f"## Undisclosed {number}\n\nzq{'xvkw' * 6}{number} zulu{number}yankee"

    # Files

    def _sources(self) -> list[Path]:
        return sorted(self.root.glob("journal/**/*.ipynb"))

    def _weeks(self) -> list[Path]:
        return [path for path in self._sources() if "-W" in path.name]

    def _any(self) -> Path:
        return self.rng.choice(self._weeks() or [self._add_week()])

    def _write(self, path: Path, front: str, texts: list[str]) -> Path:
        cells = [cell_edit.new_cell("raw", f"---\n{front}\n---", id="front-matter")]
        cells += [cell_edit.new_cell("markdown", t, id=f"cell-{n}") for n, t in enumerate(texts)]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {})))
        return path

    def _write_week(self, number: int) -> Path:
        monday = _FIRST + timedelta(weeks=number)
        year, week, _ = monday.isocalendar()
        name = f"{year}-W{week:02}"
        categories = self.rng.sample(_TAGS, self.rng.randint(0, 2))
        front = (
            f"title: {self._sentence()}\nweek: {name}\ndate: {monday}\n"
            f"lang: {self.rng.choice(('en', 'ko', 'zh'))}\ncategories: [{', '.join(categories)}]"
        )
        texts = [self._tasks()] * (self.rng.random() < 0.5)
        texts += [self._note() for _ in range(self.rng.randint(1, 4))]
        return self._write(self.root / f"journal/{year}/{name}.ipynb", front, texts)

    def _change(self, path: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
        notebook = json.loads(path.read_text("utf-8"))
        change(notebook["cells"])
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")

    def _picture(self, number: int) -> None:
        path = self.root / f"assets/images/{number}.svg"
        if not path.exists():
            self._draw(path)

    def _draw(self, path: Path) -> None:
        width = self.rng.randint(20, 60)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="30"><title>box</title>'
            f'<rect width="{width}" height="30" fill="#789"/></svg>\n',
            "utf-8",
        )

    def _entry(self, key: str) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "id": key,
            "type": "article-journal",
            "title": self._sentence(),
            "author": [{"family": key[:2].title(), "given": "A."}],
            "issued": {"date-parts": [[int(key[-4:])]]},
        }
        if self.rng.random() < 0.4:
            entry["keyword"] = ", ".join(self.rng.sample(_TAGS, 2))
        if self.rng.random() < 0.4:
            entry["custom"] = {"date-added": f"2026-01-{self.rng.randint(1, 28):02}"}
        return entry

    def _library(self) -> list[dict[str, Any]]:
        return json.loads((self.root / "references.json").read_text("utf-8"))  # type: ignore[no-any-return]

    def _write_library(self, entries: list[dict[str, Any]]) -> None:
        text = json.dumps(sorted(entries, key=lambda entry: entry["id"]), ensure_ascii=False)
        (self.root / "references.json").write_text(text, "utf-8")

    def _write_settings(self) -> None:
        config = {
            "project": {"type": "website", "output-dir": "_site"},
            "website": {"title": "Edited", **self._settings.get("website", {})},
            "lang": self._settings.get("lang", "en"),
            "bibliography": "references.json",
            "link-citations": True,
        }
        config["project"]["render"] = ["/journal/**/*.ipynb", "/*.md"]  # type: ignore[index]
        (self.root / "_quarto.yml").write_text(json.dumps(config, indent=1), "utf-8")

    # Edits

    def _append_note(self) -> None:
        newest = self._weeks()[-2:]
        path = self.rng.choice(newest) if newest and self.rng.random() < 0.6 else self._any()
        text = self._note()
        self._change(
            path,
            lambda cells: cells.append(
                cell_edit.new_cell(
                    "markdown",
                    text,
                    id=f"more-{len(cells)}-{self.rng.random()}"[:30].replace(".", "-"),
                )
            ),
        )

    def _rewrite_week(self) -> None:
        year, week = (int(part) for part in self._any().stem[:8].split("-W"))
        monday = date.fromisocalendar(year, week, 1)
        self._write_week((monday - _FIRST).days // 7)

    def _add_week(self) -> Path:
        return self._write_week(self.rng.randint(0, 70))

    def _delete_week(self) -> None:
        if len(self._sources()) > 2:
            self.rng.choice(self._sources()).unlink()

    def _rename_source(self) -> None:
        path = self._any()
        if "-W" in path.name:
            path.rename(path.with_name(f"{path.stem}-renamed{self.rng.randint(0, 9)}.ipynb"))

    def _move_week(self) -> None:
        """Give a week another number in its front matter alone."""
        number = self.rng.randint(1, 50)

        def move(cells: list[dict[str, Any]]) -> None:
            lines = cells[0]["source"]
            lines = lines if isinstance(lines, list) else lines.splitlines(keepends=True)
            cells[0]["source"] = [
                f"week: 2025-W{number:02}\n" if line.startswith("week:") else line for line in lines
            ]

        self._change(self._any(), move)

    def _carry_task(self) -> None:
        text = self._tasks()
        self._change(
            self._any(),
            lambda cells: cells.append(
                cell_edit.new_cell("markdown", text, id=f"tasks-{len(cells)}")
            ),
        )

    def _mark_cell(self) -> None:
        text = self._secret()

        def mark(cells: list[dict[str, Any]]) -> None:
            cell = cell_edit.new_cell("markdown", text, id=f"hidden-{len(cells)}")
            cell["metadata"] = {"tags": ["private"]}
            cells.append(cell)

        self._change(self._any(), mark)

    def _unmark(self) -> None:
        def unmark(cells: list[dict[str, Any]]) -> None:
            cells[:] = [cell for cell in cells if not cell.get("metadata", {}).get("tags")]

        for path in self._sources():
            self._change(path, unmark)
        for path in self.root.glob("journal/*/_metadata.yml"):
            path.unlink()

    def _mark_week(self) -> None:
        secret = self._secret()
        path = self._write(
            self.root / f"journal/2025/2025-W{self.rng.randint(1, 50):02}-own.ipynb",
            "title: Kept back\nprivate: true\nlang: en",
            [secret],
        )
        if self.rng.random() < 0.3:
            path.unlink()

    def _mark_folder(self) -> None:
        if (self.root / "journal/2024").is_dir() and self.rng.random() < 0.5:
            (self.root / "journal/2024/_metadata.yml").write_text("lang: ko\n", "utf-8")

    def _edit_library(self) -> None:
        entries = self._library()
        entry = self.rng.choice(entries)
        entry["title"] = self._sentence()
        self._write_library(entries)

    def _add_entry(self) -> None:
        entries = self._library()
        key = self.rng.choice((*_KEYS, f"new{self.rng.randint(2000, 2020)}"))
        self._write_library([*(e for e in entries if e["id"] != key), self._entry(key)])

    def _remove_entry(self) -> None:
        entries = self._library()
        if len(entries) > 2:
            entries.remove(self.rng.choice(entries))
            self._write_library(entries)

    def _tag_entry(self) -> None:
        entries = self._library()
        self.rng.choice(entries)["keyword"] = ", ".join(self.rng.sample(_TAGS, 2))
        self._write_library(entries)

    def _redraw(self) -> None:
        for path in sorted(self.root.glob("assets/images/*.svg"))[:1]:
            self._draw(path)

    def _configure(self) -> None:
        website = self._settings.setdefault("website", {})
        change = self.rng.randint(0, 4)
        if change == 0:
            website["title"] = self._sentence()
        elif change == 1:
            website["site-url"] = self.rng.choice(("https://example.org/", "https://example.org/a"))
        elif change == 2:
            self._settings["lang"] = self.rng.choice(("en", "ko", "zh", "ja"))
        elif change == 3:
            website["repo-url"] = "https://example.org/repository"
            website["repo-actions"] = self.rng.choice((["edit"], []))
        else:
            website["navbar"] = {"left": [{"href": "about.md", "text": "About"}]}
        self._write_settings()

    def _write_page(self) -> None:
        name = self.rng.choice(("about", "index", "plans"))
        text = (
            f"---\ntitle: {self._sentence()}\n---\n\n## {self._sentence()}\n\n{self._sentence()}\n"
        )
        (self.root / f"{name}.md").write_text(text, "utf-8")

    def _write_digest(self) -> None:
        day = date(2025, 1, 1) + timedelta(days=self.rng.randint(0, 400))
        front = (
            f"title: Papers of a day\ndate: {day}\nkind: digest\ndigest: list\nlang: en\n"
            f"categories: [{self.rng.choice(_TAGS)}]\ncounts: {{vision: {self.rng.randint(1, 9)}}}"
        )
        texts = [self._note() for _ in range(self.rng.randint(1, 3))]
        self._write(self.root / f"journal/digests/{day}.ipynb", front, texts)

    def _touch(self) -> None:
        path = self._any()
        path.write_bytes(path.read_bytes())
