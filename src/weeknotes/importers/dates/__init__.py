"""Dates as people write them above their notes, and the weeks that they stand for.

`expressions` finds dates, ranges and weeks in a text. `reader` decides how the dates of one source are
meant, and `timeline` gives each part of a work log its ISO week.
"""
