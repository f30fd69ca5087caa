"""A key to a service, kept from being shown by accident."""

from __future__ import annotations


class ApiKey:
    """An API key that does not show itself: neither in ``repr`` nor in a traceback's locals."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself, for the header of a request and nothing else."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "ApiKey(…)" if self._value else "ApiKey()"
