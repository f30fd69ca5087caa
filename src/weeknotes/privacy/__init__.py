"""What is private in a journal, and cutting it out.

`marks` finds the private stretches of Markdown, `notebook` cuts them from a notebook, `whole` says
which files are private altogether, and `parts` gathers what must not be found in the site.
"""
