"""The checks of a journal: rules, findings as data, and fixes that need no guess.

`file_facts` takes from each file what the rules look at, and remembers it. A module ``*_rules`` judges
one kind of thing, `rule_table` lists all rules with their texts, and `runner.check` is the door: it
puts the findings together. `fixes` writes what can be mended.
"""
