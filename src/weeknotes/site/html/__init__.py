"""Changing HTML: markup, folds, images, sanitising, the policy of a page.

Each module takes an element tree or a text and returns it changed; none knows which page it is for.
Nothing that a notebook, an imported page or the library brings along gets past `sanitize`.
"""
