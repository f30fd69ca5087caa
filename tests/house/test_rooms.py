"""Data flows one way: a room imports only from the rooms below it (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import weeknotes

PACKAGE = Path(weeknotes.__file__).parent

#: The rooms from the top floor down. Those of one line are neighbours and know nothing of each other.
FLOORS = [
    {"__main__"},
    {"cli"},
    {"scaffold", "editors"},
    {"assist"},
    {"actions"},
    {"importers", "digests"},
    {"checks"},
    {"site"},
    {"engines"},
    {"privacy"},
    {"library"},
    {"journal"},
    {"text"},
    {"i18n"},
    {"files"},
    {"progress"},
    {"errors"},
    {"__init__"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def arrows() -> dict[tuple[str, str], list[str]]:
    """Each pair of rooms of which the first imports from the second, with the modules that do."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(PACKAGE).with_suffix("").as_posix()
        room = module.partition("/")[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weeknotes"):
                names = (
                    [f"{node.module}.{alias.name}" for alias in node.names]
                    if node.module == "weeknotes"
                    else [node.module or ""]
                )
            elif isinstance(node, ast.Import):
                names = [a.name for a in node.names if a.name.startswith("weeknotes.")]
            for name in names:
                target = name.split(".")[1] if "." in name else "__init__"
                target = "__init__" if target == "__version__" else target
                if target != room:
                    found.setdefault((room, target), []).append(module)
    return found


def test_every_room_has_a_floor() -> None:
    rooms = {
        path.stem
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")
    }
    assert rooms <= set(FLOOR), sorted(rooms - set(FLOOR))


def test_no_room_imports_from_one_above_it_or_beside_it() -> None:
    wrong = {
        f"{room} -> {target}": modules
        for (room, target), modules in arrows().items()
        if FLOOR[target] <= FLOOR[room]
    }
    assert wrong == {}


def test_every_room_says_what_it_is_for() -> None:
    """A newcomer reads the tree, and then the first lines of a room: there must be some."""
    for path in sorted(PACKAGE.rglob("__init__.py")):
        if path.parent == PACKAGE:
            continue
        text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        assert text.count(".") >= 2, path.parent.name
