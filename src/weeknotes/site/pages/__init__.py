"""The pages of the site: one module for each kind, and the shell around all of them.

`compose.artifacts` is the door: it lists all pages with what they are made from. A module for a kind of
page gives the page's address, a fingerprint of its inputs, and the function that makes it.
"""
