"""Helpers on text and images that know nothing of a journal.

They fold text for searching, take it apart into terms, recognise its language, escape text from outside
and measure images. `markdown` is the one scanner of Markdown structure.
"""
