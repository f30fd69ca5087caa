"""The pages of the site: one module for each kind, and the shell around all of them.

`compose.artifacts` is the door: it lists all pages with what they are made from. A module for a kind of
page has a subclass of `page.Page` and a function ``pages`` that lists the pages of that kind.
"""
