"""Zotero: its settings, the connection, the local copy of a library, and what becomes of it here.

`sync.sync` is the door. `client` asks the web API or a running Zotero, `pull` brings the local copy
(`mirror`) up to date, `selection` turns its items into entries, and `merge` lays them over the library.
"""
