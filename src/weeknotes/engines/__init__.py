"""Engines turn the sources of a journal into pages: the built-in renderer, and Quarto.

`builtin` and `quarto` both turn a source into a `weeknotes.engines.page.Page`, whose body is plain HTML
of the same form (`normalise` says what it consists of). Whatever is composed from pages does not need
to know which engine ran.
"""
