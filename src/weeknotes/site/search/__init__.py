"""Search: an index of the site's notes as static files, and what the browser needs to ask it.

The browser reads `search/index.json` (what there is: pages, documents, tags) and then, for each
query, the few shards that file its terms, and the texts of the hits that it shows. `docs/search.md`
says why it is made so, and what was measured.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial

from weeknotes.files import code_fingerprint
from weeknotes.i18n import language
from weeknotes.site.data.page_records import Artifact, FileArtifact, Site
from weeknotes.site.search import engine_modules, packed
from weeknotes.site.search.documents import count
from weeknotes.site.search.index import FORMAT, Index, text_hrefs
from weeknotes.text.folding import simplified


def artifacts(site: Site) -> Iterable[Artifact]:
    """The files of the search, from ``site``'s pages. Nothing is read before a file is made."""
    index = Index(site)
    found = list(_index_artifacts(site, index))
    yield from found
    if sum(map(count, index.searched)) <= packed.MOST_DOCUMENTS:
        inputs = [artifact.inputs for artifact in found]
        yield FileArtifact(
            packed.HREF, _hash(repr(inputs).encode()), partial(packed.packed_of, found)
        )


def _index_artifacts(site: Site, index: Index) -> Iterator[Artifact]:
    yield from _engine_artifacts()
    table = f"opencc {FORMAT}"
    yield FileArtifact("search/simplified.json", table, _simplified_json)
    inputs = f"{index.fingerprint} {_engine_address()} {site.project.lang} {index.glossary.folded}"
    yield FileArtifact("search/index.json", inputs, partial(_index_json, index, site.project.lang))
    yield FileArtifact("search/words.txt", index.fingerprint, index.words)
    for volume in index.volumes:
        for number in range(volume.shards):
            href = f"search/terms/{volume.name}/{number:03x}.txt"
            yield FileArtifact(href, volume.fingerprint, partial(index.shard, volume, number))
    for page in index.searched:
        inputs = f"{code_fingerprint()} {page.fingerprint}"
        for number, href in enumerate(text_hrefs(page)):
            yield FileArtifact(href, inputs, partial(index.text, page, number))


def _index_json(index: Index, lang: str) -> bytes:
    """The table of contents: everything that a query needs before its terms."""
    head = {
        "format": FORMAT,
        "build": index.fingerprint,
        "engine": _engine_address(),
        "words": language(lang).search,
        "glossary": index.glossary.folded,
        "volumes": [
            [volume.name, volume.fingerprint, volume.shards, len(volume.years)]
            for volume in index.volumes
        ],
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    # The rows of years that have not changed are not even read as JSON.
    pieces = ",".join(piece.text for piece in index.pieces.values())
    return f'{text[:-1]},"pieces":[{pieces}]}}'.encode()


def _simplified_json() -> bytes:
    table = simplified()
    return json.dumps(["".join(table), "".join(table.values())], ensure_ascii=False).encode()


def _engine_artifacts() -> Iterator[Artifact]:
    for name, data in _engine().items():
        yield FileArtifact(name, name, lambda data=data: data)  # type: ignore[misc]


def _engine_address() -> str:
    """The site-relative address of the engine, which the page's script loads on the first search."""
    return list(_engine())[-1]


@lru_cache(maxsize=1)
def _engine() -> dict[str, bytes]:
    """The engine's modules by address. An address carries the hash of what it holds, so that a
    browser never puts together files of two builds."""
    files: dict[str, bytes] = {}
    addresses: dict[str, str] = {}
    for name in engine_modules.MODULES:
        data = engine_modules.source(name).encode()
        for known, address in addresses.items():
            data = data.replace(f'"./{known}.js"'.encode(), f'"./{address}"'.encode())
        addresses[name] = f"{name}.{_hash(data)}.js"
        files[f"search/{addresses[name]}"] = data
    return files


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]
