"""People: one, and the directory."""

from __future__ import annotations

import uuid
from datetime import date

import asyncpg

from auth.scope import scope
from execution.paging import Order
from models.imports import ImportedRow
from models.people import Person
from models.profiles import BuiltIn
from models.text import storable
from resolvers import days, sight
from resolvers.context import Context

BY_NAME = Order("people:name", ("lower({}.name) AS name_key", "id"))


async def person(ctx: Context, id: uuid.UUID | None, as_of: date | None = None) -> asyncpg.Record | None:
    """A person whom the viewer may see, as of a day, or None."""
    ctx.reach("people:read")
    return None if id is None else await days.load(ctx, Person, id, days.day(ctx, as_of))


async def person_by_email(ctx: Context, email: str, as_of: date | None = None) -> asyncpg.Record | None:
    """The visible person with this address, or None."""
    ctx.reach("people:read")
    # An address that is hidden from the viewer finds nobody, as one that nobody has.
    shown = (await sight.condition(ctx, BuiltIn.EMAIL)).q(ctx.me)
    found = await scope(Person, ctx.me).filter(shown).get_or_none(email=email.strip().lower())
    return None if found is None else await person(ctx, found.id, as_of)


async def person_by_external_id(ctx: Context, source: str, id: str, as_of: date | None = None) -> asyncpg.Record | None:
    """The visible person whom an imported system knows by this id, or None."""
    ctx.reach("people:read")
    storable(source, path=["by", "externalId", "source"])
    storable(id, path=["by", "externalId", "id"])
    found = await ImportedRow.get_or_none(source=source, type="person", external_id=id)
    return None if found is None else await person(ctx, found.subject_id, as_of)
