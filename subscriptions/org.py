"""What happens to units and positions, and the trail of who changed what of the org chart."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from models.audiences import COMPANY
from models.timeline import ORG
from subscriptions.events import Event


@dataclass(frozen=True, slots=True)
class OrgEvent(Event):
    """Something that the company hears of on the day from which it holds, in the order of all changes of the chart."""

    @property
    def stream(self) -> str:
        return ORG

    @property
    def audience(self) -> uuid.UUID:
        return COMPANY


@dataclass(frozen=True, slots=True)
class UnitEvent(OrgEvent):
    """Something about one unit."""

    unit: uuid.UUID

    @property
    def subject(self) -> uuid.UUID:
        return self.unit


@dataclass(frozen=True, slots=True)
class UnitCreated(UnitEvent):
    """A unit is there."""

    told_as: ClassVar[str] = "UnitChanged"


@dataclass(frozen=True, slots=True)
class UnitChanged(UnitEvent):
    """A unit's name, place or head is another."""


@dataclass(frozen=True, slots=True)
class UnitDissolved(UnitEvent):
    """A unit is no more."""


@dataclass(frozen=True, slots=True)
class PositionChanged(OrgEvent):
    """A position has begun or ended, or what it is called, its unit, its holders or its lines are others."""

    position: uuid.UUID

    @property
    def subject(self) -> uuid.UUID:
        return self.position


@dataclass(frozen=True, slots=True)
class HrChanged(Event):
    """Somebody has changed the org chart: told at once, to nobody but the audit trail.

    `what` is the kind of the change, `effective` its day. `old` and `new` hold what was and what is from that day on,
    by the trait (of the subject) or by id and trait.
    """

    about: uuid.UUID
    what: str
    effective: str
    old: dict[str, str]
    new: dict[str, str]

    @property
    def stream(self) -> str:
        return ORG

    @property
    def subject(self) -> uuid.UUID:
        return self.about
