"""Engines turn the sources of a journal into pages: the built-in renderer, and Quarto.

Both give a `weeknotes.site.pages.Page` a source, with a body in the same plain HTML (`normalise`
says what it consists of), so that whatever is composed from pages need not know which one ran.
"""
