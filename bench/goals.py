"""Goals beside the figures that are to meet them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """A figure that may be `most` at most."""

    name: str
    found: float
    most: float

    @property
    def is_met(self) -> bool:
        return self.found <= self.most


def show(goals: Sequence[Goal]) -> None:
    """A line each, for people."""
    for goal in goals:
        print(f"{'met   ' if goal.is_met else 'MISSED'}  {goal.name}: {goal.found:g} (at most {goal.most:g})")


def told(goals: Sequence[Goal]) -> dict[str, object]:
    """The same as JSON can hold it."""
    return {goal.name: {"found": goal.found, "most": goal.most, "met": goal.is_met} for goal in goals}
