"""Operations as tabs of GraphiQL have them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OPERATIONS = Path(__file__).parents[2] / "graphql" / "operations"
UNKNOWN = "…"
"""In the place of an id that nobody knows."""
NOTHING = ""
"""In the place of the id of something that there is not for whoever asks."""


@dataclass(frozen=True)
class Tab:
    """An operation with its variables; `key` names it in addresses, `about` says what it shows."""

    key: str
    title: str
    about: str
    query: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])


def operation(name: str) -> str:
    """The text of an operation such as `feed/home_feed`."""
    return (OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8")
