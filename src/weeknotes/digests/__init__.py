"""Digests: the new papers of a day, ranked by what the journal's author reads and writes.

`sources/` fetches the papers of a day, `ledger` remembers what was shown, and `formats/` lays the
entries out as cells. The use case that puts them together is `weeknotes.actions.digest`.
"""
