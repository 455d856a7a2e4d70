"""How people are let into groups: invitations, and requests to join."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from auth.policies import groups as policy
from models import memberships as table
from models.errors import Invalid, NotFound
from models.groups import GroupRole, MembershipSource, MembershipStatus
from models.timers import set_timer
from resolvers.context import Context, Services
from resolvers.groups import acting, renewed
from resolvers.memberships import Dealt, Named, admissible, enrol, ensure_few, known
from subscriptions.events import audience_stream
from subscriptions.groups import (
    InvitationDeclined,
    InvitationExpired,
    InvitationWithdrawn,
    InvitedToGroup,
    JoinRequestDeclined,
    JoinRequestWithdrawn,
)

INVITATION = "invitation"
"""The kind of timer that ends the invitations of a group whose time has come."""
LASTS = timedelta(days=14)
LASTS_MAX = timedelta(days=90)


async def invite(ctx: Context, id: uuid.UUID, people: Named, until: datetime | None) -> Dealt:
    """Invite people into a group, until a moment (None: for 14 days); who has asked to come in is let in at once.

    Members stay as they are, who is invited already is so until the new moment. Raises `NotFound`, `Forbidden` or
    `Invalid`.
    """
    ensure_few(people)
    until = _end(ctx.now(), until)
    async with acting(ctx, id, policy.can_lead, "invite people into this group: that is for its moderators"):
        fit, refused = await admissible(ctx, id, people, GroupRole.MEMBER)
        asking = await table.standing(id, MembershipStatus.REQUESTED, fit)
        await enrol(ctx, id, asking, GroupRole.MEMBER, MembershipSource.ADDED)
        for person in await table.invite(id, fit, by=ctx.me.person_id, until=until, now=ctx.now()):
            ctx.emit(InvitedToGroup(id, person))
        await set_timer(INVITATION, f"{id}:{until.isoformat()}", until, subject=id)
    return Dealt(await renewed(ctx, id), refused)


async def decline_invitation(ctx: Context, id: uuid.UUID) -> Any:
    """Say no to an invitation, also where there is none. The group, None where the viewer no longer sees it.

    Raises `NotFound`.
    """
    async with acting(ctx, id, archived=True):
        if await _end_of(id, ctx.me.person_id, MembershipStatus.INVITED):
            ctx.emit(InvitationDeclined(id, ctx.me.person_id))
    return await renewed(ctx, id)


async def withdraw_invitation(ctx: Context, id: uuid.UUID, person: uuid.UUID) -> Any:
    """Invite somebody no longer, also where they were not invited. The group. Raises `NotFound` or `Forbidden`."""
    async with acting(ctx, id, policy.can_lead, "withdraw invitations: that is for the group's moderators"):
        await known(ctx, id, person)
        if await _end_of(id, person, MembershipStatus.INVITED):
            ctx.emit(InvitationWithdrawn(id, person))
    return await renewed(ctx, id)


async def answer_request(ctx: Context, id: uuid.UUID, person: uuid.UUID, *, accept: bool) -> Any:
    """Let somebody in who has asked, or decline. The group. Raises `NotFound` or `Forbidden`."""
    async with acting(ctx, id, policy.can_lead, "let people into this group: that is for its moderators"):
        asking = await known(ctx, id, person)
        if accept and asking and asking.status is MembershipStatus.MEMBER:
            return await ctx.loaders["groups"].load(id)
        if asking is None or asking.status is not MembershipStatus.REQUESTED:
            raise NotFound("This person does not ask to join, or no longer does.", ["personId"])
        if accept:
            await enrol(ctx, id, [person], GroupRole.MEMBER, MembershipSource.ADDED)
        else:
            await _end_of(id, person, MembershipStatus.REQUESTED)
            ctx.emit(JoinRequestDeclined(id, person))
    return await renewed(ctx, id)


async def withdraw_request(ctx: Context, id: uuid.UUID) -> Any:
    """No longer ask to join, also where one did not. The group. Raises `NotFound`."""
    async with acting(ctx, id, archived=True):
        if await _end_of(id, ctx.me.person_id, MembershipStatus.REQUESTED):
            ctx.emit(JoinRequestWithdrawn(id, ctx.me.person_id))
    return await renewed(ctx, id)


async def expire_invitations(services: Services, timer: asyncpg.Record) -> None:
    """End those invitations of a timer's group whose time has come. Wants a transaction without a write so far."""
    ctx = Context(services, viewer=None)
    group = timer["subject_id"]
    async with ctx.transaction(audience_stream(group)):
        for gone in await table.turn_away(group, MembershipStatus.INVITED, expired=ctx.now()):
            ctx.emit(InvitationExpired(group, gone["person_id"]))


def _end(now: datetime, until: datetime | None) -> datetime:
    if until is None:
        return now + LASTS
    if not now < until <= now + LASTS_MAX:
        raise Invalid(f"An invitation ends in the future, after {LASTS_MAX.days} days at most.", ["expiresAt"])
    return until


async def _end_of(group: uuid.UUID, person: uuid.UUID, status: MembershipStatus) -> bool:
    return bool(await table.turn_away(group, status, people=[person]))
