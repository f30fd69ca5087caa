"""This package finds the private parts of a journal, and removes them.

`private_files` says which files are private as a whole, `marks` finds the private parts of a Markdown
text, and `cut` removes them from a notebook or a text. `private_items` gathers everything that must not
be found in the site, for the search that follows each build (`weeknotes.site.verify`), with the papers
that only private parts cite (`cited_papers`) and the files that only these refer to
(`file_references`).
"""
