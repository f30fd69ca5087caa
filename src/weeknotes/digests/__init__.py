"""Digests: the new papers of a day, ranked by what the journal's author reads and writes."""
