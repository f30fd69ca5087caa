"""Values that are worked out once for each site and shared by all that is derived from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from weeknotes.site.data.page_records import Site

Value = TypeVar("Value")


def once_a_site(work_out: Callable[[Site], Value]) -> Callable[[Site], Value]:
    """``work_out`` remembered for each site as long as that is there."""
    known: WeakKeyDictionary[Site, Value] = WeakKeyDictionary()

    @wraps(work_out)
    def value(site: Site) -> Value:
        if site not in known:
            known[site] = work_out(site)
        return known[site]

    return value
