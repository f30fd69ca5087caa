"""How much a page moved under its reader's eyes as it came."""

from __future__ import annotations

from typing import Any


def layout_shift(page: Any) -> float:
    """The sum of all layout shifts of ``page`` that its reader did not cause (Layout Instability,
    W3C), 0.3 s from now."""
    return float(
        page.evaluate(
            """() => new Promise(resolve => {
              let sum = 0;
              new PerformanceObserver(list => list.getEntries().forEach(e => {
                if (!e.hadRecentInput) sum += e.value;
              })).observe({type: "layout-shift", buffered: true});
              setTimeout(() => resolve(sum), 300);
            })"""
        )
    )
