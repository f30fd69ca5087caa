"""A piece of text cut out of another, which knows where each of its characters is from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

#: What is left of a line of white space, and white space within a line.
BLANK = re.compile(r"[ \t]*(?:\n|\Z)")
SPACES = re.compile(r"[ \t]*")


class Source:
    """Text put together from stretches of an original, such as the lines of a quote without ``>``."""

    def __init__(
        self, text: str, starts: Sequence[int] = (0,), origins: Sequence[int] = (0,)
    ) -> None:
        self.text = text
        self._starts = starts
        self._origins = origins

    def origin(self, at: int) -> int:
        """The offset in the original of the character at ``at``."""
        number = bisect_right(self._starts, at) - 1
        return self._origins[number] + at - self._starts[number]

    def end(self, at: int) -> int:
        """The offset in the original behind the character before ``at``."""
        return self.origin(at - 1) + 1 if at else self.origin(0)

    def taken(self, pieces: Sequence[tuple[int, int]], tail: str = "") -> Source:
        """The text of the stretches ``pieces``, each within one line, with ``tail`` behind it."""
        parts, starts, origins = [], [], []
        length = 0
        for start, end in pieces:
            if end <= start:
                continue
            parts.append(self.text[start:end])
            starts.append(length)
            origins.append(self.origin(start))
            length += end - start
        if not starts:
            starts, origins = [0], [self.origin(pieces[0][0]) if pieces else 0]
        return Source("".join(parts) + tail, starts, origins)
