"""What is wrong with a journal, as data: rules, findings, and mending what can be mended.

`reading` takes from each file what the rules look at, and is remembered; `notebooks`, `markdown` and
`outputs` judge a file by itself, `journal` and `library` the files together; `runner` puts them
together, and `fixes` mends.
"""
