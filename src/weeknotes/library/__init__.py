"""The library of papers: CSL-JSON entries by citation key, and where they come from.

`store.Library` is the door: it reads and writes ``references.json``. `keys` makes citation keys,
`bibtex` derives ``references.bib``, `identifiers` recognises papers, the web clients ask arXiv and
Crossref, and `zotero/` keeps the library in step with Zotero.
"""
