"""The type of a function that reports the progress of a long piece of work."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Called with how much is done, how much there is (0 where that is not known), and what is being done.
The library calls it and prints nothing; a command gives a function that draws a bar."""
