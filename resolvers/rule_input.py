"""Conditions of rules as people give them: checked, and only of what they see."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from auth.policies import audiences as policy
from auth.scope import scope
from models.errors import ErrorCode, Forbidden, Invalid, NotFound
from models.org import OrgUnit
from models.people import Person
from models.rule_terms import TERMS_MAX, Conditions
from models.text import clean_line
from resolvers.context import Context

TERM_MAX = 200  # characters of a location, a title or a grade

PATHS = {
    "units": "orgUnitIds",
    "locations": "locations",
    "titles": "titles",
    "grades": "grades",
    "people": "personIds",
    "except_units": "exceptOrgUnitIds",
    "except_locations": "exceptLocations",
    "except_titles": "exceptTitles",
    "except_grades": "exceptGrades",
    "except_people": "exceptPersonIds",
}
"""What the API calls each list."""
UNITS, PEOPLE = ("units", "except_units"), ("people", "except_people")


async def checked(ctx: Context, given: Conditions) -> Conditions:
    """The conditions as they are stored. Raises `Invalid`, or `NotFound` for what the viewer does not see."""
    if not given.names_somebody:
        raise Invalid(
            "A rule that names nothing would be the company. Say whom it means: by unit, location, title, grade, days"
            " or by name.",
            ["conditions"],
        )
    if given.hired_from and given.hired_before and given.hired_from >= given.hired_before:
        message = "Nobody has joined from a day on and before the same day or an earlier one. Choose other days."
        raise Invalid(message, ["conditions", "hiredBefore"], code=ErrorCode.BAD_DATES)
    listed: dict[str, Any] = {field.name: getattr(given, field.name) for field in fields(given) if field.name in PATHS}
    for name, values in listed.items():
        if len(values) > TERMS_MAX:
            raise Invalid(f"Name at most {TERMS_MAX} at a time.", _path(name))
        if name not in (*UNITS, *PEOPLE):
            listed[name] = tuple(
                clean_line(v, most=TERM_MAX, path=_path(name, i), what="This") for i, v in enumerate(values)
            )
    for name in UNITS:
        await _ensure_units(ctx, listed[name], name)
    for name in PEOPLE:
        await _ensure_people(ctx, listed[name], name)
    return replace(given, **{name: tuple(dict.fromkeys(values)) for name, values in listed.items()})


async def ensure_within(ctx: Context, given: Conditions) -> None:
    """Raise `Forbidden` unless the conditions mean nobody outside the units that the viewer leads, today and later."""
    units = await OrgUnit.filter(id__in=list(given.units))
    people = await Person.filter(id__in=list(given.people))
    led = [*await ctx.holds(policy.leads_unit, units), *await ctx.holds(policy.leads_unit_of, people)]
    if not given.units or not all(led):
        raise Forbidden(
            "Without the role HR, ADMIN or COMMUNICATOR one makes rules only for units that one leads. Name them.",
            ["conditions", "orgUnitIds"],
        )


async def _ensure_units(ctx: Context, ids: Sequence[uuid.UUID], name: str) -> None:
    found = await scope(OrgUnit, ctx.me).filter(id__in=list(ids)).only("id") if ids else []
    seen = {one.id for one in found}
    for i, id in enumerate(ids):
        if id not in seen:
            raise NotFound("There is no such unit.", _path(name, i))


async def _ensure_people(ctx: Context, ids: Sequence[uuid.UUID], name: str) -> None:
    found = await scope(Person, ctx.me).filter(id__in=list(ids)).only("id", "is_guest") if ids else []
    seen = {one.id: one for one in found}
    for i, id in enumerate(ids):
        if id not in seen:
            raise NotFound("This person does not exist, or is not visible to you.", _path(name, i))
        if seen[id].is_guest:
            raise Invalid(
                "A rule is about people of the company. Name guests one by one where you post.", _path(name, i)
            )


def _path(name: str, *steps: int) -> Sequence[str | int]:
    return ["conditions", PATHS[name], *steps]
