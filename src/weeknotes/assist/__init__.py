"""Help while typing, for any editor: completion, hover, findings, the beginning of a note, pictures.

`documents` has what an editor shows of a file, as texts of cells. `papers` finds papers of the library,
`names` knows what the journal's files hold, and `assistant.Assistant` puts them together for one
journal. Nothing here knows of an editor or a protocol: the room `editors` speaks with those. Nothing
here changes a file of the author's: a change is a text for the editor to put in.
"""
