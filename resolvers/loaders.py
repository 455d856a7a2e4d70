"""The loaders of a context: one table, each within the viewer's scope or with its reason for needing none."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import asyncpg
from tortoise.models import Model

from auth.scope import visible
from execution.loaders import by_id, many_by
from models import audiences, db, profiles
from models.drafts import OrgDraft
from models.feed import Comment, Post
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from models.profiles import ProfileField
from models.skills import PersonSkill, Skill
from resolvers.context import Context
from resolvers.follows import FOLLOWERS
from resolvers.lists import Counts
from resolvers.skills import ENDORSERS, OF_THE_ACTIVE


def rows_of(model: type[Model]) -> Callable[[Context, list[uuid.UUID]], Awaitable[list[asyncpg.Record]]]:
    async def fetch(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
        return await visible(model, ctx.me, keys)

    return fetch


async def audience_names(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: an audience is reached only through a row of it that the viewer sees, and so belongs to it.
    return await db.rows(audiences.NAMES, keys)


async def skills_of_people(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: it is reached only through a person's skill that the viewer sees, also by a guest who sees no catalogue.
    return await db.rows("SELECT s.*, 'Skill' AS _type FROM skill s WHERE s.id = ANY($1::uuid[])", keys)


async def profile_values(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: whoever loads them shows each only as its field's visibility allows.
    return await profiles.values(keys)


async def field_owners(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: names of systems, shown to the person themself and to HR.
    return await profiles.owners(keys)


DECLARED: dict[str, Any] = {
    "people": by_id(rows_of(Person)),
    "units": by_id(rows_of(OrgUnit)),
    "positions": by_id(rows_of(Position)),
    "org_drafts": by_id(rows_of(OrgDraft)),
    "profile_fields": by_id(rows_of(ProfileField)),
    "profile_values": many_by(profile_values, "person_id"),
    "field_owners": many_by(field_owners, "person_id"),
    "posts": by_id(rows_of(Post)),
    "comments": by_id(rows_of(Comment)),
    "audiences": by_id(audience_names),
    "comment_counts": partial(Counts, model=Comment, link="post_id"),
    "skills": by_id(rows_of(Skill)),
    "skills_of_people": by_id(skills_of_people),
    "person_skills": by_id(rows_of(PersonSkill)),
    "skilled_counts": partial(Counts, model=PersonSkill, link="skill_id", where=OF_THE_ACTIVE),
    "endorsement_counts": partial(Counts, model=Person, link=ENDORSERS),
    "follower_counts": partial(Counts, model=Person, link=FOLLOWERS, where="r.active"),
}
