"""How groups end: archived and woken, handed over, and deleted with all that was written in them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from auth.policies import groups as policy
from execution.rows import read
from models import group_ends as table
from models import memberships, tags
from models.audiences import Audience
from models.errors import Invalid, NotFound
from models.feed import PostStatus
from models.groups import Group, GroupRole, Membership, MembershipStatus
from models.log import share_stream
from models.rules import AudienceRule
from models.timeline import ORG
from models.timers import set_timer
from resolvers.changes.accounts import rights_changed
from resolvers.context import Context, Services
from resolvers.groups import acting, renewed
from resolvers.memberships import known
from resolvers.rules import follow
from subscriptions.events import audience_stream
from subscriptions.feed import PostRemoved
from subscriptions.groups import (
    GroupChanged,
    GroupPurged,
    GroupRoleChanged,
    InvitationWithdrawn,
    JoinRequestDeclined,
    MemberLeft,
)

PURGE = "purge_group"
"""The kind of timer that deletes a group, a portion at a time."""
AHEAD_MIN, AHEAD, AHEAD_MAX = timedelta(days=7), timedelta(days=30), timedelta(days=366)


@dataclass(frozen=True)
class PurgePreview:
    """What would be deleted with a group, and when it will be: None while nobody has said so."""

    post_count: int
    comment_count: int
    member_count: int
    scheduled_for: datetime | None


async def archive_group(ctx: Context, id: uuid.UUID) -> Any:
    """Have nothing in a group change any more; nobody asks to come in, or is invited. The group.

    Raises `NotFound` or `Forbidden`.
    """
    async with acting(ctx, id, policy.can_own, "archive this group: that is for its owners", archived=True) as group:
        if group.archived_at is None:
            group.archived_at = ctx.now()
            await _save(ctx, group)
            await Audience.filter(id=id).update(read_only=True)
            for waiting in await memberships.turn_away(id, MembershipStatus.REQUESTED, MembershipStatus.INVITED):
                is_asking = waiting["status"] == MembershipStatus.REQUESTED
                ctx.emit((JoinRequestDeclined if is_asking else InvitationWithdrawn)(id, waiting["person_id"]))
    return await renewed(ctx, id)


async def wake_group(ctx: Context, id: uuid.UUID) -> Any:
    """Have an archived group live on; it is not deleted then, either, and who has come to meet its rule is in it.

    The group. Raises `NotFound` or `Forbidden`.
    """
    async with acting(ctx, id, policy.can_own, "wake this group: that is for its owners", archived=True) as group:
        if group.archived_at is not None:
            group.archived_at = group.purge_at = None
            await _save(ctx, group)
            await Audience.filter(id=id).update(read_only=False)
            if await AudienceRule.filter(id=id).exists():
                await follow(ctx, id)
    return await renewed(ctx, id)


async def transfer_group(ctx: Context, id: uuid.UUID, person: uuid.UUID, *, stay: bool) -> Any:
    """Have a member own a group in the viewer's place, who stays as a moderator, or leaves.

    The group, None where the viewer no longer sees it. Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    async with acting(ctx, id, policy.can_update, "hand this group over: that is for its owners"):
        me = ctx.me.person_id
        if person == me:
            raise Invalid("You own it already. Name the member who shall own it instead of you.", ["personId"])
        heir = await known(ctx, id, person)
        if heir is None or heir.status is not MembershipStatus.MEMBER:
            raise NotFound("This person is not a member of the group. Add them first.", ["personId"])
        if heir.role is GroupRole.GUEST:
            raise Invalid("Somebody from outside cannot own a group. Name a member of the company.", ["personId"])
        if heir.role is not GroupRole.OWNER:
            await _give(ctx, id, person, GroupRole.OWNER)
        if stay:
            await _give(ctx, id, me, GroupRole.MODERATOR)
        else:
            await memberships.dismiss(id, me, by=me)
            ctx.emit(MemberLeft(id, me))
        await rights_changed(ctx, [person, me])
    return await renewed(ctx, id)


async def purge_group(ctx: Context, id: uuid.UUID, at: datetime | None) -> Any:
    """Have an archived group deleted at a moment (None: as it stands, else in 30 days), with all that is in it.

    The group. Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    async with acting(ctx, id, policy.can_own, "delete this group: that is for its owners", archived=True) as group:
        if group.archived_at is None:
            raise Invalid("People still write in this group. Archive it first, then delete it.", ["groupId"])
        moment = at or group.purge_at or ctx.now() + AHEAD
        if moment != group.purge_at:
            _check_moment(ctx, moment)
            group.purge_at = moment
            await _save(ctx, group)
            await set_timer(PURGE, str(id), moment, subject=id)
    return await renewed(ctx, id)


async def previews(ctx: Context, groups: Sequence[Any]) -> list[PurgePreview | None]:
    """What would be deleted with each of these groups; None for those that the viewer does not own."""
    held = await ctx.holds(policy.owns, groups)
    owned = [read(group, "id") for group, owns in zip(groups, held, strict=True) if owns]
    rows = await table.previews(owned) if owned else []
    found = {r["id"]: PurgePreview(r["posts"], r["comments"], r["members"], r["purge_at"]) for r in rows}
    return [found.get(read(group, "id")) for group in groups]


async def purge_due(services: Services, timer: asyncpg.Record) -> None:
    """Delete the next portion of a timer's group, unless it was woken or put off; the timer rings again for the rest.

    From the first one on nobody knows of the group, so that nobody finds half of it. Wants a transaction without a
    write so far.
    """
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(audience_stream(id)):
        await share_stream(ORG)
        group = await Group.filter(id=id).select_for_update().first()
        if group is None or group.purge_at is None or group.purge_at > ctx.now():
            return
        await rights_changed(ctx, await table.veil(id))
        if await _delete_some(ctx, id):
            await set_timer(PURGE, str(id), ctx.now(), subject=id)
        else:
            await table.forget(id)
            ctx.emit(GroupPurged(id))


async def _delete_some(ctx: Context, group: uuid.UUID) -> bool:
    """Delete some of a group's posts, and have the index told; False where there were none."""
    posts = await table.some_posts(group)
    if posts:
        await tags.share()
        if await table.delete_posts([post["id"] for post in posts]):
            for post in posts:
                if post["status"] == PostStatus.PUBLISHED:
                    ctx.emit(PostRemoved(post["id"], group))
    return bool(posts)


async def _save(ctx: Context, group: Group) -> None:
    group.version += 1
    await group.save(update_fields=["archived_at", "purge_at", "version"])
    ctx.emit(GroupChanged(group.id))


async def _give(ctx: Context, group: uuid.UUID, person: uuid.UUID, role: GroupRole) -> None:
    await Membership.filter(group_id=group, person_id=person).update(role=role)
    ctx.emit(GroupRoleChanged(group, person))


def _check_moment(ctx: Context, at: datetime) -> None:
    if not ctx.now() + AHEAD_MIN <= at <= ctx.now() + AHEAD_MAX:
        days = f"{AHEAD_MIN.days} to {AHEAD_MAX.days} days"
        raise Invalid(f"A group is deleted {days} from now, so that people can save what they need.", ["at"])
