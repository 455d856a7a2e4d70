"""People: the directory, the lines between them, and changes to their profiles."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from auth.policies import people as policy
from auth.scope import scope, visible
from execution.paging import Order, Page
from execution.rows import read
from models.errors import Conflict, Invalid, NotFound
from models.people import BIO_MAX, Person, chains
from models.text import clean_line, clean_optional
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import PageArgs
from subscriptions.events import person_stream
from subscriptions.people import PersonChanged

BY_NAME = Order("people:name", ("lower({}.name) AS name_key", "id"))


@dataclass(frozen=True)
class PersonFilter:
    """What people of the directory must have in common; None asks nothing."""

    unit: uuid.UUID | None = None
    location: str | None = None
    manager: uuid.UUID | None = None
    active: bool | None = None
    text: str | None = None


async def person(ctx: Context, id: uuid.UUID | None) -> asyncpg.Record | None:
    """A person whom the viewer may see, or None."""
    ctx.reach("people:read")
    return None if id is None else await ctx.loaders["people"].load(id)


async def person_by_email(ctx: Context, email: str) -> asyncpg.Record | None:
    """The visible person with this address, or None."""
    ctx.reach("people:read")
    found = await scope(Person, ctx.me).get_or_none(email=email.strip().lower())
    return None if found is None else await ctx.loaders["people"].load(found.id)


async def directory(ctx: Context, filter: PersonFilter, args: PageArgs) -> Page:
    """The people that the filter asks for, by name. Raises `NotFound` where it names what the viewer cannot see."""
    ctx.reach("people:read")
    # Whoever may not see a unit or a manager must not learn from the list who belongs to them.
    for loader, id, path in (("units", filter.unit, "orgUnitId"), ("people", filter.manager, "managerId")):
        if id is not None and await ctx.loaders[loader].load(id) is None:
            raise NotFound(path=["filterBy", path])
    where, params = _conditions(filter)
    return await lists.page(ctx, Person, BY_NAME, args, where=where, params=params)


def _conditions(filter: PersonFilter) -> tuple[str, list[object]]:
    params: list[object] = []
    parts: list[str] = []

    def having(fragment: str, value: object) -> None:
        params.append(value)
        parts.append(fragment.replace("?", f"${len(params)}"))

    if filter.active is not None:
        parts.append("r.active" if filter.active else "NOT r.active")
    if filter.unit is not None:
        having("r.unit_id IN (SELECT c.descendant_id FROM unit_closure c WHERE c.ancestor_id = ?)", filter.unit)
    if filter.location is not None:
        having("r.location = ?", filter.location)
    if filter.manager is not None:
        having("r.manager_id = ?", filter.manager)
    if filter.text is not None:
        having("r.name ILIKE '%' || ? || '%'", _like(filter.text))
    return " AND ".join(parts) or "TRUE", params


def _like(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text


async def manager_chains(ctx: Context, people: Sequence[Any]) -> list[list[Any]]:
    """For each person the visible managers above them, nearest first."""
    ids = [read(p, "id") for p in people]
    above = await chains(ids)
    seen = {r["id"]: r for r in await visible(Person, ctx.me, list({r["id"] for r in above}))}
    found: dict[uuid.UUID, list[Any]] = {id: [] for id in ids}
    for record in above:
        if record["id"] in seen:
            found[record["start"]].append(seen[record["id"]])
    return [found[id] for id in ids]


async def report_counts(ctx: Context, people: Sequence[Any]) -> list[int]:
    """How many active people report to each."""
    return list(await ctx.loaders["report_counts"].load_many([read(p, "id") for p in people]))


@dataclass(frozen=True)
class ProfileChange:
    """What to change of a profile: absent fields stay, None clears."""

    values: dict[str, str | None]


async def update_profile(ctx: Context, id: uuid.UUID, change: ProfileChange, *, expected_version: int | None) -> Person:
    """Change what a person says of themselves. Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`."""
    found = await scope(Person, ctx.me).get_or_none(id=id)
    if found is None:
        raise NotFound(path=["personId"])
    await ctx.ensure(policy.can_update, found, "change this profile")
    values = {name: _profile_value(name, value) for name, value in change.values.items()}
    async with ctx.transaction(person_stream(id)):
        changed = await scope(Person, ctx.me).select_for_update().get_or_none(id=id)
        if changed is None:
            raise NotFound(path=["personId"])
        if expected_version is not None and expected_version != changed.version:
            raise Conflict(
                f"The profile is at version {changed.version}, not {expected_version}. Read it again.",
                ["expectedVersion"],
                current=changed,
            )
        for name, value in values.items():
            setattr(changed, name, value)
        changed.version, changed.updated_at = changed.version + 1, ctx.now()
        await changed.save(update_fields=[*values, "version", "updated_at"])
        ctx.emit(PersonChanged(id))
    return changed


def _profile_value(name: str, value: str | None) -> str | None:
    match name, value:
        case "bio", None:
            return ""
        case "bio", _:
            return clean_optional(value or "", most=BIO_MAX, path=["bio"], what="The bio")
        case _, None:
            return None
        case "pronouns", _:
            return clean_line(value, most=50, path=["pronouns"], what="The pronouns")
        case "time_zone", _:
            return value
        case _:
            raise Invalid(f"{name} cannot be changed here.", [name])
