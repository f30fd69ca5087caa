"""Zotero's own mapping of its item types, fields and creators to CSL, read from Zotero's schema.

``zotero_schema.json`` holds the facts of github.com/zotero/zotero-schema, ``schema.json``, that a
conversion to CSL needs; the version of the schema is in the file. A newer schema is taken over with

  python -m weeknotes.library.zotero_schema schema.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

_FILE = "zotero_schema.json"
# Variables of the schema that are read in another way, or twice, or have another name in CSL 1.0.2.
_LEFT_OUT = {"citation-key", "note", "shortTitle"}
_RENAMED = {"journalAbbreviation": "container-title-short"}


@dataclass(frozen=True)
class SchemaMapping:
    """The mapping of one version of the schema.

    ``types`` gives the CSL type of each item type. ``texts`` and ``dates`` give the Zotero fields of
    each CSL variable, of which the first that is filled in counts; ``variables`` is the same the other
    way round. ``names`` gives the CSL role of each creator type, ``primary`` the creator type of each
    item type that is its author.
    """

    version: int
    types: Mapping[str, str]
    texts: Mapping[str, tuple[str, ...]]
    dates: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    primary: Mapping[str, str]

    @property
    def fields(self) -> frozenset[str]:
        """All fields that a CSL variable exists for."""
        return frozenset(
            field for listed in (*self.texts.values(), *self.dates.values()) for field in listed
        )


@cache
def mapping() -> SchemaMapping:
    """The mapping that ``zotero_schema.json`` holds."""
    text = resources.files("weeknotes.library").joinpath(_FILE).read_text("utf-8")
    facts = json.loads(text)
    return SchemaMapping(
        facts["version"],
        facts["types"],
        {name: tuple(fields) for name, fields in facts["texts"].items()},
        {name: tuple(fields) for name, fields in facts["dates"].items()},
        facts["names"],
        facts["primary"],
    )


def facts(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of ``schema`` (the parsed ``schema.json``) that a conversion to CSL needs.

    A field of an item type that specialises another ("bookTitle" is "publicationTitle") follows it.
    """
    special: dict[str, list[str]] = {}
    for kind in schema["itemTypes"]:
        for field in kind["fields"]:
            if base := field.get("baseField"):
                listed = special.setdefault(base, [])
                listed += [field["field"]] if field["field"] not in listed else []

    def whole(fields: list[str]) -> list[str]:
        return [name for field in fields for name in (field, *sorted(special.get(field, ())))]

    csl = schema["csl"]
    return {
        "source": "github.com/zotero/zotero-schema, schema.json",
        "version": schema["version"],
        "types": {
            kind: variable for variable, kinds in sorted(csl["types"].items()) for kind in kinds
        },
        "texts": {
            _RENAMED.get(variable, variable): whole(fields)
            for variable, fields in sorted(csl["fields"]["text"].items())
            if variable not in _LEFT_OUT
        },
        "dates": {
            variable: whole([field]) for variable, field in sorted(csl["fields"]["date"].items())
        },
        "names": dict(sorted(csl["names"].items())),
        "primary": {
            kind["itemType"]: creator["creatorType"]
            for kind in schema["itemTypes"]
            for creator in kind["creatorTypes"]
            if creator.get("primary")
        },
    }


def _main(path: str) -> None:
    schema = json.loads(Path(path).read_text("utf-8"))
    rows = ",\n".join(
        f' "{name}": {json.dumps(value, ensure_ascii=False)}'
        if not isinstance(value, dict)
        else f' "{name}": {{\n'
        + ",\n".join(f'  "{key}": {json.dumps(one)}' for key, one in value.items())
        + "\n }"
        for name, value in facts(schema).items()
    )
    Path(__file__).with_name(_FILE).write_text(f"{{\n{rows}\n}}\n", "utf-8")


if __name__ == "__main__":
    _main(sys.argv[1])
