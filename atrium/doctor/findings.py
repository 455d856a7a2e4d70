"""What the doctor finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is, from good to bad."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `mend` says what to do, and is empty where there is nothing to do."""

    subject: str
    level: Level
    says: str
    mend: str = ""


def ok(subject: str, says: str, mend: str = "") -> Finding:
    """It is as it should be."""
    return Finding(subject, Level.OK, says, mend)


def warn(subject: str, says: str, mend: str) -> Finding:
    """It works, but is odd, or may not work for long."""
    return Finding(subject, Level.WARN, says, mend)


def fail(subject: str, says: str, mend: str) -> Finding:
    """Atrium does not work like this, or is not safe."""
    return Finding(subject, Level.FAIL, says, mend)


def worst(findings: Sequence[Finding]) -> Level:
    """The level of the worst of them."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.OK)
