"""How editors ask for help while typing: protocols around the room `assist`.

`language_server` speaks the Language Server Protocol. It turns the places of its protocol into offsets
of cells and what comes back into its own, and holds nothing else.
"""
