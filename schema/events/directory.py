"""Events of people and of the org chart."""

from __future__ import annotations

from typing import Any

import strawberry

from execution.fields import computed, relation
from execution.ids import encode_id
from schema.events.base import Event
from schema.refs import OrgUnitRef, PersonRef, PositionRef

NOW = "The person as they are now; null for who may not see them."


@strawberry.type(description="Somebody has joined the company.")
class PersonJoined(Event):
    person: PersonRef | None = relation("people", key="person", shared=True, description=NOW)


@strawberry.type(description="Somebody's profile, skills, unit or manager are others.")
class PersonChanged(Event):
    person: PersonRef | None = relation("people", key="person", shared=True, description=NOW)


@strawberry.type(description="Somebody's account was closed; what they wrote stays.")
class PersonDeactivated(Event):
    person: PersonRef | None = relation("people", key="person", shared=True, description=NOW)


@strawberry.type(description="There is a new unit, or a unit's name, place or head is another.")
class UnitChanged(Event):
    unit: OrgUnitRef | None = relation("units", key="unit", description="The unit as it is now.")


@strawberry.type(description="A unit is no more.")
class UnitDissolved(Event):
    unit_id: strawberry.ID = computed(
        lambda event: encode_id("OrgUnit", event.unit), description="The id that is gone."
    )


@strawberry.type(description="A position has begun or ended, or its title, unit, holders or lines are others.")
class PositionChanged(Event):
    position: PositionRef | None = relation(
        "positions", key="position", description="The position as it is now; null where it has ended."
    )


TYPES: list[type[Any]] = [
    PersonJoined,
    PersonChanged,
    PersonDeactivated,
    UnitChanged,
    UnitDissolved,
    PositionChanged,
]
