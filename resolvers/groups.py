"""Groups: found, made and changed."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tortoise.exceptions import IntegrityError

from auth.conditions import Condition, Params
from auth.policies import groups as policy
from auth.scope import reached
from execution.paging import Order, Page
from models.audiences import Audience, AudienceKind
from models.errors import Forbidden, Invalid, NotFound
from models.groups import (
    DESCRIPTION_MAX,
    GROUP_NAME_MAX,
    Group,
    GroupRole,
    JoinPolicy,
    MembershipSource,
    Visibility,
)
from models.log import share_stream
from models.memberships import enrol
from models.text import clean_line, clean_optional
from models.timeline import ORG
from resolvers import lists
from resolvers.changes.accounts import rights_changed
from resolvers.client_ids import client_id_of, earlier, same
from resolvers.context import Context
from resolvers.lists import PageArgs, sought
from subscriptions.events import audience_stream
from subscriptions.groups import GroupCreated, MemberJoined

BY_NAME = Order("groups:name", ("lower({}.name) AS name_key", "id"))

ARCHIVED = "This group is archived: it can be read, and nothing in it changes any more."
SECRET_BY_INVITATION = (
    "Nobody can ask to join a secret group, for nobody knows of it. Choose the join policy INVITE, or another"
    " visibility."
)


@dataclass(frozen=True)
class GroupFilter:
    """What groups must have in common; what is None asks nothing."""

    text: str | None = None
    mine: bool | None = None
    visibility: Visibility | None = None
    join_policy: JoinPolicy | None = None
    archived: bool | None = None


async def group(ctx: Context, id: uuid.UUID | None) -> Any:
    """A group that the viewer may know of, or None."""
    ctx.reach("groups:read")
    return None if id is None else await ctx.loaders["groups"].load(id)


async def groups(ctx: Context, asked: GroupFilter, args: PageArgs) -> Page:
    """The groups that the viewer may know of, by name. Raises `Invalid`."""
    ctx.reach("groups:read")
    params = Params()
    parts: list[str] = []
    if text := sought(asked.text):
        parts.append(f"position(lower({params.add(text)}) IN lower(r.name)) > 0")
    if asked.mine is not None:
        mine = f"SELECT 1 FROM membership m WHERE m.person_id = {params.add(ctx.me.person_id)}"
        mine = f"EXISTS ({mine} AND m.group_id = r.id AND m.status = 'MEMBER')"
        parts.append(mine if asked.mine else f"NOT {mine}")
    if asked.visibility is not None:
        parts.append(f"r.visibility = {params.add(asked.visibility.value)}")
    if asked.join_policy is not None:
        parts.append(f"r.join_policy = {params.add(asked.join_policy.value)}")
    if asked.archived is not None:
        parts.append(f"r.archived_at IS {'NOT ' if asked.archived else ''}NULL")
    return await lists.page(ctx, Group, BY_NAME, args, where=" AND ".join(parts) or "TRUE", params=params)


async def create_group(
    ctx: Context,
    *,
    name: str,
    visibility: Visibility,
    join_policy: JoinPolicy,
    description: str = "",
    moderated: bool = False,
    client_id: str | None = None,
) -> Any:
    """Make a group, whose owner the viewer is; the same `client_id` again is the same group.

    Raises `Invalid`, `Forbidden` or `Conflict`.
    """
    name, description = clean_name(name), clean_description(description)
    if visibility is Visibility.SECRET and join_policy is not JoinPolicy.INVITE:
        raise Invalid(SECRET_BY_INVITATION, ["joinPolicy"])
    client_id = client_id_of(client_id)
    await ctx.ensure(policy.can_create, {}, "make groups: that is for people of the company")
    if found := await earlier(Group, ctx, client_id, author="created_by"):
        return found
    new = Group(
        id=uuid.uuid4(),
        name=name,
        description=description,
        visibility=visibility,
        join_policy=join_policy,
        moderated=moderated,
        created_by=ctx.me.person_id,
        client_id=client_id,
        created_at=ctx.now(),
    )
    try:
        async with ctx.transaction(audience_stream(new.id)):
            await share_stream(ORG)
            await _begin(ctx, new)
    except IntegrityError:
        return await same(Group, ctx, client_id, author="created_by")
    return await renewed(ctx, new.id)


@asynccontextmanager
async def acting(
    ctx: Context, id: uuid.UUID, may: Condition | None = None, what: str = "", *, archived: bool = False
) -> AsyncGenerator[Group]:
    """A transaction in which the viewer, whom `may` allows `what`, changes a group and nobody else does.

    Whoever closes accounts waits for it, too, and who is asking is looked at anew: they could have lost their role.
    An archived group is refused unless `archived`. Raises `NotFound` or `Forbidden`.
    """
    ctx.reach("groups:write")
    await _permitted(ctx, id, may, what, archived=archived)
    async with ctx.transaction(audience_stream(id)):
        await share_stream(ORG)
        await ctx.renew()
        yield await _permitted(ctx, id, may, what, archived=archived, lock=True)


async def renewed(ctx: Context, id: uuid.UUID) -> Any:
    """A group as the viewer sees it with the rights that they have now; None where they do not see it any more."""
    await ctx.renew()
    return await ctx.loaders["groups"].load(id)


def clean_name(name: str) -> str:
    """Raises `Invalid`."""
    return clean_line(name, most=GROUP_NAME_MAX, path=["name"], what="The name of a group")


def clean_description(text: str) -> str:
    """Raises `Invalid`."""
    return clean_optional(text, most=DESCRIPTION_MAX, path=["description"], what="The description of a group")


async def _permitted(
    ctx: Context, id: uuid.UUID, may: Condition | None, what: str, *, archived: bool, lock: bool = False
) -> Group:
    found = await reached(Group, ctx.me, id, lock=lock)
    if found is None:
        raise NotFound(path=["groupId"])
    if found.archived_at is not None and not archived:
        raise Forbidden(ARCHIVED, ["groupId"])
    if may is not None:
        await ctx.ensure(may, found, what)
    return found


async def _begin(ctx: Context, new: Group) -> None:
    me = ctx.me.person_id
    await Audience.create(id=new.id, kind=AudienceKind.GROUP, open=new.visibility is Visibility.OPEN)
    await new.save(force_create=True)
    await enrol(new.id, [me], GroupRole.OWNER, MembershipSource.JOINED, by=None, now=ctx.now())
    await rights_changed(ctx, [me])
    ctx.emit(GroupCreated(new.id))
    ctx.emit(MemberJoined(new.id, me))
