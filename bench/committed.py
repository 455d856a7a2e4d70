"""The operations that clients are offered (`graphql/operations/`), by name."""

from __future__ import annotations

from pathlib import Path

OPERATIONS = Path(__file__).parents[1] / "graphql" / "operations"


def text(name: str) -> str:
    """A committed operation, such as "feed/home_feed"."""
    return (OPERATIONS / f"{name}.graphql").read_text()
