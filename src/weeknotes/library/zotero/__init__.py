"""Zotero: settings, the connection, the local copy of a library, and what becomes of it here."""
