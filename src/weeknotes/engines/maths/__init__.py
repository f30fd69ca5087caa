"""Formulas as MathML: what both engines' pages show, with the notations of packages that TeX users
expect (physics, siunitx, mhchem) and a message where a formula cannot be converted."""
