"""Summaries and translations of papers: extracted from the abstract, or by a model of one's choice.

`extract` needs no model. `settings` reads which model is wanted, `client` speaks to it, `answers`
checks what it said, `cache` keeps that, and `summarise` puts them together.
"""
