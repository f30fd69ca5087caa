"""The protocols in which editors ask the room `assist` for help while typing.

`language_server` speaks the Language Server Protocol, `jupyter_server` answers JupyterLab's extension,
which is in ``labextension/`` as it was built. Both turn the places of their protocol into offsets of
cells and what comes back into their own, and hold nothing else.
"""
