"""The data that the pages of the site are made from: notes, papers, addresses, related notes, changes.

Each module gathers one kind of data from all pages, once for each build, as records that know nothing
of HTML. `page_records` holds the records of pages, and `site_view` gives a build to whoever asks.
"""
