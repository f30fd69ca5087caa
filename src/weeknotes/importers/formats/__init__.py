"""The formats that an import recognises: one module each, with an example in its docstring.

A module reads the blocks of a source and says which of them make which page and cell. It is registered
in `weeknotes.importers.format_table`, the one list of formats.
"""
