"""Formulas as MathML: what both engines' pages show, with the notations of packages that TeX users
expect (physics, siunitx, mhchem). A formula that cannot be converted is named with its cell."""
