"""The looks of the site: styles, scripts and templates, as files beside this module.

`assets.Theme` loads them. Each style and script is served under an address that carries its hash, so
that a browser may keep it for ever.
"""
