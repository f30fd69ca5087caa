"""Weeknotes: a research journal of plain Jupyter notebooks, one a week."""

__version__ = "0.1.0"
