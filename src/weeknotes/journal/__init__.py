"""The journal on disk: its project, weeks, notebooks, front matter and notes.

`project.find` is the door: it finds the journal and its configuration. `notebooks` reads a notebook with
the place of each cell in its file, and `cell_edit` changes some cells without moving a byte of the
others. `notes` reads notes from rendered pages, and `records` holds what everything else works with.
"""
