"""How long tests of trouble run, and what they measure: `make chaos` asks for more, and shows the figures."""

from __future__ import annotations

import os
from collections.abc import Sequence

LONG = "ATRIUM_CHAOS_SECONDS" in os.environ
SECONDS = float(os.environ.get("ATRIUM_CHAOS_SECONDS", "120"))
"""Of the chaos itself."""


def show(what: str, **figures: object) -> None:
    """A line of figures, which pytest shows with -s."""
    told = ", ".join(
        f"{name} {value:,.3f}" if isinstance(value, float) else f"{name} {value}" for name, value in figures.items()
    )
    print(f"\n{what}: {told}", flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
