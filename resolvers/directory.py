"""The directory: people by what they have in common, and how many there are of each kind."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from auth.conditions import Params
from auth.scope import readable
from execution.paging import Page
from models import db, lines, skills
from models.errors import Invalid, NotFound
from models.people import Person
from models.positions import on
from models.profiles import BuiltIn
from resolvers import lists, profile_filters, sight
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.people import BY_NAME
from resolvers.profile_filters import FieldFilter

SKILLS_MAX = 20  # of one filter
FACET_MAX = 50  # values of one facet


@dataclass(frozen=True)
class PersonFilter:
    """What people of the directory must have in common; None asks nothing."""

    unit: uuid.UUID | None = None
    location: str | None = None
    manager: uuid.UUID | None = None
    title: str | None = None
    grade: str | None = None
    active: bool | None = None
    text: str | None = None
    skills: tuple[str, ...] = ()
    fields: tuple[FieldFilter, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A filter as SQL on `r`: a condition with parameters from $1, and the common tables it reads."""

    where: str
    params: list[object]
    tables: str = ""


async def directory(ctx: Context, filter: PersonFilter, args: PageArgs) -> Page:
    """The people that the filter asks for, by name. Raises `NotFound` where it names what the viewer cannot see."""
    asked = await _asked(ctx, filter)
    return await lists.page(ctx, Person, BY_NAME, args, where=asked.where, params=asked.params, tables=asked.tables)


@dataclass(frozen=True)
class Facet:
    """A value that some of the people found have, and how many; `id` is that of a unit, a skill or a person."""

    value: str | None
    count: int
    id: uuid.UUID | None = None


@dataclass(frozen=True)
class Facets:
    """The values of the people found, most frequent first, at most `FACET_MAX` of each kind."""

    units: list[Facet] = field(default_factory=list[Facet])
    locations: list[Facet] = field(default_factory=list[Facet])
    skills: list[Facet] = field(default_factory=list[Facet])
    managers: list[Facet] = field(default_factory=list[Facet])
    titles: list[Facet] = field(default_factory=list[Facet])
    grades: list[Facet] = field(default_factory=list[Facet])
    active: list[Facet] = field(default_factory=list[Facet])


FACETS = {
    "units": "SELECT NULL, f.unit_id FROM found f WHERE f.unit_id IS NOT NULL",
    "locations": "SELECT f.location, NULL::uuid FROM found f WHERE f.location IS NOT NULL AND {located}",
    "skills": "SELECT NULL, s.skill_id FROM found f JOIN person_skill s ON s.person_id = f.id",
    "managers": f"""
        SELECT NULL, h.person_id FROM found f
        JOIN reporting_line l ON l.position_id = f.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
        JOIN holding h ON h.position_id = l.manager_id AND h.person_id IS NOT NULL AND {on("h", "{day}")}""",
    "titles": "SELECT f.title, NULL::uuid FROM found f WHERE f.title <> ''",
    "grades": "SELECT p.grade, NULL::uuid FROM found f JOIN position p ON p.id = f.position_id WHERE p.grade <> ''",
    "active": "SELECT f.active::text, NULL::uuid FROM found f",
}
"""Of each facet the values of the people found: text or id."""
OF_THE_CHART = ("units", "grades")
"""Facets of what only those see who may read the chart."""


async def facets(ctx: Context, filter: PersonFilter) -> Facets:
    """How the people that the filter asks for are spread. Raises as `directory`."""
    asked = await _asked(ctx, filter)
    params = Params(asked.params)
    condition = readable(Person, ctx.me, params, "r")
    day = f"{params.add(ctx.today())}::date"
    located = await sight.seen(ctx, BuiltIn.LOCATION, params, "f")
    shown = await sight.seen(ctx, BuiltIn.LOCATION, params)
    found = f"found AS (SELECT r.*, {shown} AS shows_location FROM person r WHERE ({asked.where}) AND {condition})"
    counted = " UNION ALL ".join(
        f"(SELECT '{name}' AS facet, value, id, count(*) AS count"
        f" FROM ({sql.format(day=day, located=located)}) x (value, id)"
        f" GROUP BY value, id ORDER BY count DESC, value, id LIMIT {FACET_MAX})"
        for name, sql in FACETS.items()
        if name not in OF_THE_CHART or ctx.me.allows("org:read")
    )
    tables = f"{asked.tables}, {found}" if asked.tables else found
    made: dict[str, list[Facet]] = {name: [] for name in FACETS}
    for r in await db.rows(f"WITH RECURSIVE {tables} {counted}", *params):
        made[r["facet"]].append(Facet(r["value"], r["count"], r["id"]))
    return Facets(**made)


async def _asked(ctx: Context, filter: PersonFilter) -> Asked:
    ctx.reach("people:read")
    # Whoever may not see a unit or a manager must not learn from the list who belongs to them.
    for loader, id, path in (("units", filter.unit, "orgUnitId"), ("people", filter.manager, "managerId")):
        if id is not None and await ctx.loaders[loader].load(id) is None:
            raise NotFound(path=["filterBy", path])
    params = Params()
    parts: list[str] = []
    tables = ""
    if filter.active is not None:
        parts.append("r.active" if filter.active else "NOT r.active")
    if filter.unit is not None:
        below = f"SELECT c.descendant_id FROM unit_closure c WHERE c.ancestor_id = {params.add(filter.unit)}"
        parts.append(f"r.unit_id IN ({below})")
    if filter.location is not None:
        parts.append(
            f"r.location = {params.add(filter.location)} AND {await sight.seen(ctx, BuiltIn.LOCATION, params)}"
        )
    if filter.title is not None:
        parts.append(f"r.title = {params.add(filter.title)}")
    if filter.grade is not None:
        ctx.reach("org:read")  # a grade is the position's
        graded = f"SELECT p.id FROM position p WHERE p.grade = {params.add(filter.grade)}"
        parts.append(f"r.position_id IN ({graded})")
    if filter.text is not None:
        parts.append(f"r.name ILIKE '%' || {params.add(_like(filter.text))} || '%'")
    if filter.fields:
        parts.append(await profile_filters.having(ctx, filter.fields, params))
    if filter.skills:
        parts.extend(await _skilled(filter.skills, params))
    if filter.manager is not None:
        manager, day = f"{params.add(filter.manager)}::uuid", f"{params.add(ctx.today())}::date"
        tables = lines.heads(f"ARRAY[{manager}]", day, is_today=True)
        parts.append(f"r.id IN ({lines.REPORTS.format(manager=manager, day=day)})")
    return Asked(" AND ".join(parts) or "TRUE", list(params), tables)


async def _skilled(names: tuple[str, ...], params: Params) -> list[str]:
    """Conditions for all of the skills, however they are written; an unknown one is nobody's."""
    if len(names) > SKILLS_MAX:
        raise Invalid(f"Ask for at most {SKILLS_MAX} skills at a time.", ["filterBy", "skills"])
    known: dict[str, Any] = await skills.named(names)
    wanted = [known.get(skills.skill_key(name)) for name in names]
    return [
        "r.id IN (SELECT s.person_id FROM person_skill s WHERE s.skill_id = " + params.add(id) + ")" if id else "FALSE"
        for id in wanted
    ]


def _like(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text
