"""`make bench`: starts engines of its own, measures, prints, and writes bench/results/.

`python -m bench imports` measures one part alone.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from bench import goals, options

RESULTS = Path(__file__).parent / "results"
PARTS = (
    "imports",
    "organisation",
    "feeds",
    "live",
    "relevance",
    "search",
    "surveys",
    "serving",
    "operations",
    "growth",
)
"""Modules that `measure` companies of some sizes and `show` the figures. They are imported one after another: what the
first tells of the memory of commands wants this process to be small."""

QUICK = "quick"
SIZES = {QUICK: [1_000, 3_000], "": [3_000, 30_000], "full": [3_000, 30_000, 192_000]}
"""People, by the word on the command line: `quick` only sees that it runs, keeping nothing; `full` takes long."""


def main() -> None:
    """Measure the parts that are named, or all."""
    signal.signal(signal.SIGTERM, ended)
    mode = next((word for word in sys.argv[1:] if word in SIZES), "")
    options.given()  # what is not known is refused before anything is measured
    wanted = [word for word in sys.argv[1:] if word != mode and "=" not in word] or PARTS
    if not {*PARTS}.issuperset(wanted):
        sys.exit(f"Name parts of {', '.join(PARTS)}, and {QUICK} or full or neither.")
    machine: dict[str, Any] = {"cores": os.cpu_count(), "load before": round(os.getloadavg()[0], 1)}
    for name in PARTS:
        if name in wanted:
            part = importlib.import_module(f"bench.{name}")
            figures, found = part.measure(SIZES[mode])
            part.show(figures)
            goals.show(found)
            machine["load after"] = round(os.getloadavg()[0], 1)
            if mode != QUICK:
                keep(name, {**machine, **figures, "goals": goals.told(found)})
    print(", ".join(f"{name} {figure}" for name, figure in machine.items()))


def ended(number: int, _: FrameType | None) -> None:
    """End as by an error, so that the engines of the bench end with it."""
    sys.exit(128 + number)


def keep(name: str, figures: dict[str, Any]) -> None:
    """Write the figures of a part where the next reader finds them."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
