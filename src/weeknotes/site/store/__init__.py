"""The memory of a build, by which the next one makes again only what has changed.

`state` is the store of rendered pages, `freshness` says which sources have changed, and `ingest` puts
newly rendered pages into the store. All of it may be deleted; the next build then makes everything.
"""
