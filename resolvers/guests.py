"""Guests: people from outside whom a group lets in, for a while. Whoever leads one of their groups is their host."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from auth import codes
from auth.accounts import by_id
from auth.conditions import by_viewer
from auth.policies import groups as policy
from auth.policies import people as people_policy
from auth.scope import scope
from execution.rows import read
from models import guests as table
from models import memberships
from models.errors import Forbidden, Invalid, NotFound
from models.groups import Group, GroupRole, MembershipSource, MembershipStatus
from models.keys import uuid7
from models.people import NAME_MAX, Person
from models.profiles import BuiltIn
from models.session import CodePurpose
from models.text import clean_email, clean_line
from models.timeline import ORG
from models.timers import set_timer
from resolvers import sight
from resolvers.accounts import admit_guest, deactivate_person
from resolvers.changes.accounts import ADMINS, rights_changed, start_anew
from resolvers.context import Context, Services
from resolvers.groups import ARCHIVED
from resolvers.memberships import enrol
from subscriptions.events import person_stream
from subscriptions.groups import MemberLeft
from subscriptions.guests import GuestStayChanged
from subscriptions.people import PersonJoined

EXPIRY = "guest_expiry"
"""The kind of timer that closes a guest's account."""
STAY_MAX = timedelta(days=366)
GROUPS_MAX = 20  # groups that a guest is invited into at a time

TAKEN = "Nobody can be invited with this address. Check how it is written, or ask HR about it."
NO_HOST = "You lead none of the groups that this guest is in. Ask somebody who does."


@dataclass(frozen=True)
class Invited:
    """A guest as the viewer sees them, and the code by which they choose a password, shown this once; else None."""

    person: Any
    code: str | None = field(default=None, repr=False)


async def invite_guest(
    ctx: Context, *, name: str, email: str, groups: Sequence[uuid.UUID | None], until: datetime
) -> Invited:
    """Let somebody from outside into groups until a moment; a guest by that address comes into these, too.

    Their account closes then, and never earlier than it would have. Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    ctx.reach("groups:write")
    name, email = clean_line(name, most=NAME_MAX, path=["name"], what="The name"), clean_email(email, path=["email"])
    _check_end(ctx, until)
    await _led(ctx, groups)
    async with ctx.transaction(ORG):  # nobody else adds people or changes groups meanwhile
        await ctx.renew()
        led = await _led(ctx, groups)
        guest = await Person.filter(email=email).select_for_update().first()
        if guest is None:
            guest = await _newcomer(ctx, name, email)
            await _stay(ctx, guest, until)
        else:
            await _ensure_guest(ctx, guest)
            await _ensure_welcome(guest, led, groups)
            await _prolong(ctx, guest, until)
        for group in led:
            await enrol(ctx, group, [guest.id], GroupRole.MEMBER, MembershipSource.ADDED)
        code = await _code(ctx, guest)
    return Invited(await _shown(ctx, guest.id), code)


async def extend_guest(ctx: Context, id: uuid.UUID, until: datetime) -> Any:
    """Have a guest's account close later; as late as it does already is fine. The guest.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    _check_end(ctx, until)
    async with _hosting(ctx, id) as guest:
        if not guest.active:
            raise Invalid(f"The account of {guest.name} has closed. Invite them anew.", ["personId"])
        if guest.expires_at is None or until < guest.expires_at:
            raise Invalid("They can stay longer than that already. To end it, remove the guest.", ["expiresAt"])
        if until > guest.expires_at:
            await _stay(ctx, guest, until)
    return await _shown(ctx, id)


async def remove_guest(ctx: Context, id: uuid.UUID) -> Any:
    """Take a guest out of all groups that the viewer leads; in no group any more, their account closes. The guest.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    async with _hosting(ctx, id) as guest:
        if guest.active:
            for group in await _own_groups(ctx, id):
                await memberships.dismiss(group, id, by=ctx.me.person_id)
                ctx.emit(MemberLeft(group, id))
            await table.uninvite(id, ctx.me.leads)
            await rights_changed(ctx, [id])
            if not await table.groups_of(id):
                await Person.filter(id=id).update(expires_at=ctx.now())
                await deactivate_person(ctx, id)
    return await _shown(ctx, id)


async def expire_guest(services: Services, timer: asyncpg.Record) -> None:
    """Close the account of a timer's guest, unless they stay longer by now. Wants a transaction without a write."""
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(ORG, ADMINS, person_stream(id)):
        guest = await Person.get_or_none(id=id, is_guest=True, active=True)
        if guest and guest.expires_at and guest.expires_at <= ctx.now():
            await deactivate_person(ctx, id)


async def stays(ctx: Context, people: Sequence[Any]) -> list[datetime | None]:
    """When the accounts of guests close, for themselves, HR and their hosts; None for everybody else."""
    own = await sight.holds_today(ctx, by_viewer("id") | people_policy.manages, people)
    others = [read(one, "id") for one, held in zip(people, own, strict=True) if not held and read(one, "is_guest")]
    hosted = await table.hosted(others, ctx.me.leads)
    return [
        read(one, "expires_at") if read(one, "is_guest") and (held or read(one, "id") in hosted) else None
        for one, held in zip(people, own, strict=True)
    ]


async def _led(ctx: Context, groups: Sequence[uuid.UUID | None]) -> list[uuid.UUID]:
    """Those groups, each once, if the viewer leads them all. Raises `NotFound`, `Forbidden` or `Invalid`."""
    if not 1 <= len(groups) <= GROUPS_MAX:
        raise Invalid(f"Name between 1 and {GROUPS_MAX} groups that the guest comes into.", ["groupIds"])
    found = {one.id: one for one in await scope(Group, ctx.me).filter(id__in=[id for id in groups if id])}
    for i, id in enumerate(groups):
        group, path = found.get(id) if id else None, ["groupIds", i]
        if group is None:
            raise NotFound(path=path)
        if group.archived_at is not None:
            raise Forbidden(ARCHIVED, path)
        if not (await ctx.holds(policy.can_lead, [group]))[0]:
            raise Forbidden(f"Only those who lead {group.name} invite guests into it. Ask one of them.", path)
    return list(found)


async def _newcomer(ctx: Context, name: str, email: str) -> Person:
    moment = ctx.now()
    guest = Person(id=uuid7(), name=name, email=email, is_guest=True, created_at=moment, updated_at=moment)
    await admit_guest(ctx, guest)
    return guest


async def _ensure_guest(ctx: Context, person: Person) -> None:
    """Raise `Invalid` for somebody of the company; who they are is told only to who could look them up."""
    if person.is_guest:
        return
    shown = (await sight.condition(ctx, BuiltIn.EMAIL)).q(ctx.me)
    if not await scope(Person, ctx.me).filter(shown, id=person.id).exists():
        raise Invalid(TAKEN, ["email"])
    if not person.active:
        raise Invalid(f"{person.name} belonged to the company once. Ask HR to take them back.", ["email"])
    raise Invalid(f"{person.name} is a colleague: add them as a member.", ["email"])


async def _ensure_welcome(guest: Person, led: Sequence[uuid.UUID], named: Sequence[uuid.UUID | None]) -> None:
    banned = await table.banned_from(guest.id, led)
    for i, id in enumerate(named):
        if id in banned:
            raise Forbidden(f"{guest.name} is banned from this group. Lift the ban first.", ["groupIds", i])


async def _prolong(ctx: Context, guest: Person, until: datetime) -> None:
    """Have somebody stay until then at least, also again; nothing of before comes back with whose time had run out."""
    if not guest.active:
        if guest.expires_at is None or guest.expires_at > ctx.now():
            raise Invalid(f"The account of {guest.name} was closed. Ask HR or an administrator about it.", ["email"])
        await start_anew(guest.id)
        guest.active = True
        await guest.save(update_fields=["active"])
        ctx.emit(PersonJoined(guest.id))
    if guest.expires_at and guest.expires_at < until:
        await _stay(ctx, guest, until)


async def _stay(ctx: Context, guest: Person, until: datetime) -> None:
    guest.expires_at, guest.updated_at = until, ctx.now()
    guest.version += 1
    await guest.save(update_fields=["expires_at", "updated_at", "version"])
    await set_timer(EXPIRY, str(guest.id), until, subject=guest.id)
    ctx.emit(GuestStayChanged(guest.id))


async def _code(ctx: Context, guest: Person) -> str | None:
    """A code for who has no password yet; None where the viewer does not lead all of the guest's groups.

    Whoever holds it can read all that the guest does: it would open them a group that they are not in.
    """
    account = await by_id(guest.id)
    others = {row["group_id"] for row in await table.groups_of(guest.id)} - ctx.me.leads
    if account is None or account.password_hash or others:
        return None
    return await codes.issue(guest.id, CodePurpose.ACTIVATE, ctx.now())


@asynccontextmanager
async def _hosting(ctx: Context, id: uuid.UUID) -> AsyncGenerator[Person]:
    """A transaction in which the viewer, who hosts a guest, changes their stay. Raises `NotFound` or `Forbidden`."""
    ctx.reach("groups:write")
    await _guest(ctx, id)
    async with ctx.transaction(ORG, ADMINS, person_stream(id)):
        await ctx.renew()
        yield await _guest(ctx, id)


async def _guest(ctx: Context, id: uuid.UUID) -> Person:
    found = await scope(Person, ctx.me).get_or_none(id=id)
    if found is None:
        raise NotFound(path=["personId"])
    if not found.is_guest:
        raise Invalid(f"{found.name} is a colleague, not a guest.", ["personId"])
    if found.active and not await _own_groups(ctx, id):
        raise Forbidden(NO_HOST, ["personId"])
    if not found.active and not ctx.me.leads:
        raise Forbidden(NO_HOST, ["personId"])
    return found


async def _own_groups(ctx: Context, guest: uuid.UUID) -> list[uuid.UUID]:
    """The groups that a guest is in and the viewer leads."""
    rows = await table.groups_of(guest)
    return [r["group_id"] for r in rows if r["status"] == MembershipStatus.MEMBER and r["group_id"] in ctx.me.leads]


async def _shown(ctx: Context, id: uuid.UUID) -> Any:
    """A guest as the viewer sees them now."""
    await ctx.renew()
    return await ctx.loaders["people"].load(id)


def _check_end(ctx: Context, until: datetime) -> None:
    if not ctx.now() < until <= ctx.now() + STAY_MAX:
        raise Invalid(f"A guest's stay ends in the future, after {STAY_MAX.days} days at most.", ["expiresAt"])
