"""Formulas as MathML, the same in the pages of both engines.

`page.set_formulas` converts the formulas of a page with pandoc, after `packages`, `chemistry` and
`units` have written the notations of physics, mhchem and siunitx in plain TeX. A formula that cannot be
converted stays as it was written, and its author is warned.
"""
