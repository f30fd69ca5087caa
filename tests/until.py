"""Waiting in a browser for what a page's script does."""

from __future__ import annotations

import time
from typing import Any


def until(page: Any, expression: str, arg: Any = None, seconds: float = 15) -> None:
    """Wait until ``expression``, or what that function says of ``arg``, is true in ``page``.

    `Page.wait_for_function` evaluates text in the page again and again, which the site's policy forbids
    but for the first time.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(20)
