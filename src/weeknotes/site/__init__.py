"""The site: everything that is made from rendered pages, the same under both engines.

`build.render` is the door. It lets an engine render what has changed, keeps the pages (`store/`),
composes the site's pages from them (`pages/`, from what `data/` gathers, with the HTML changed by
`html/`), writes the search index (`search/`), looks for private content in the result (`verify/`) and
puts the whole site in place in one step (`publish`).
"""
