"""Conditions of where the viewer stands towards a person: above them in the line, or on the path of their unit."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Q, RawSQL

from auth.conditions import Among, Condition, Params, Within, read
from auth.facts import Facts, Wanted
from auth.viewer import Viewer
from models import profiles


@dataclass(frozen=True)
class Leads(Condition):
    """The viewer stands above the row's person in the solid line, over any number of posts, on the viewer's day."""

    column: str

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        person = read(row, self.column)
        return person is not None and facts.asked("led", person)

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        if viewer.today is None:
            return negated
        # Ids and days have no quotes in them.
        led = profiles.LED.format(person=f"'{viewer.person_id}'::uuid", day=f"'{viewer.today.isoformat()}'::date")
        return _q(self.column, RawSQL(f"({led})"), negated=negated)

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        if viewer.today is None:
            return "TRUE" if negated else "FALSE"
        person, day = f"{params.add(viewer.person_id)}::uuid", f"{params.add(viewer.today)}::date"
        led = f"{prefix}{self.column} IN ({profiles.LED.format(person=person, day=day)})"
        return f"({led}) IS NOT TRUE" if negated else led

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        if people := {value for row in rows if (value := read(row, self.column)) is not None}:
            yield Wanted("led", people, _led_of)


def on_unit_path(column: str) -> Condition:
    """The row's unit is the viewer's own, or lies above or below it."""
    return Among(column, lambda viewer: viewer.unit_path) | Within(
        column, lambda viewer: frozenset(viewer.unit_path[:1])
    )


async def _led_of(viewer: Viewer, people: list[uuid.UUID]) -> set[uuid.UUID]:
    return set() if viewer.today is None else await profiles.led_of(people, viewer.person_id, viewer.today)


def _q(column: str, values: Any, *, negated: bool) -> Q:
    inside: dict[str, Any] = {f"{column}__in": values}
    unset: dict[str, Any] = {f"{column}__isnull": True}
    return Q(~Q(**inside), Q(**unset), join_type=Q.OR) if negated else Q(**inside)
