"""Reading the Markdown of a source, and writing it as the Markdown of a notebook's cell.

`blocks` cuts a source so that every line is in exactly one block; `inline` and `cell_markdown` write
them for pandoc, and `clean_html` keeps of foreign HTML what a page may hold.
"""
