"""Accounts as the house keeps them: opened, invited, closed, and given roles.

Nobody's leave is asked here: commands of the machine's owner act so. What clients can call checks its policy first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from auth import codes, sessions
from auth.accounts import Account, by_id, by_login
from auth.policies import people as policy
from auth.scope import scope
from auth.viewer import SCOPES
from models import audiences
from models.errors import Invalid, NotFound
from models.keys import uuid7
from models.people import NAME_MAX, TITLE_MAX, Person
from models.session import CodePurpose, Role, RoleGrant
from models.text import clean_email, clean_line
from models.timeline import ORG
from resolvers.changes import kinds
from resolvers.changes.accounts import ADMINS, close, keep_an_admin, rights_changed
from resolvers.changes.effects import first_moment
from resolvers.changes.making import check_day, enact, making
from resolvers.changes.people import clean_employee_id, save_new
from resolvers.context import Context
from resolvers.session import CreatedToken
from subscriptions.events import person_stream
from subscriptions.org import HrChanged
from subscriptions.people import PersonJoined
from subscriptions.session import RightsChanged

BY_RULE = (Role.MEMBER, Role.GUEST)
"""Roles that nobody is given: everybody is one of the two."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is to be added. Without an address and an employee id they cannot sign in."""

    name: str
    email: str | None = None
    employee_id: str | None = None
    title: str = ""
    unit: uuid.UUID | None = None
    roles: Sequence[Role] = ()
    grade: str | None = None
    manager: uuid.UUID | None = None  # a person or a position


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code, shown this once, and until when it can be used."""

    code: str = field(repr=False)
    expires_at: datetime


async def account(login: str) -> Account:
    """Whose address or employee id this is, active or not. Raises `NotFound`."""
    found = await by_login(login)
    if found is None:
        raise NotFound(f"Nobody has the e-mail address or employee id {login.strip()!r}. Check how it is written.")
    return found


async def create_person(ctx: Context, new: NewPerson, day: date | None = None) -> Person:
    """Add a person from a day on (None: today), or a guest where GUEST is among the roles.

    Raises `Invalid` or `Conflict`.
    """
    if Role.GUEST in new.roles:
        return await _create_guest(ctx, new)
    id = uuid7()
    joins = kinds.CreatePerson(id, new.name, new.email, new.employee_id, new.title, new.grade, new.unit, new.manager)
    async with ctx.transaction(ORG, person_stream(id)):
        await enact(ctx, joins, check_day(ctx, day))
        for role in sorted({role for role in new.roles if role not in BY_RULE}):
            await RoleGrant.create(person_id=id, role=role)
    return await Person.get(id=id)


async def employ(
    ctx: Context, change: kinds.CreatePerson | kinds.Rehire, day: date | None, *, expected_version: int | None = None
) -> str | None:
    """Have the viewer add a person, or take one back; the code by which they choose a password from their first day on.

    None where they have nothing to sign in with, or a password already. Raises as `make` does.
    """
    async with making(ctx, change, day, expected_version=expected_version) as first_day:
        person = await by_id(change.about)
        if person is None or person.password_hash or not person.logins:
            return None
        begins = max(ctx.now(), first_moment(ctx.services, first_day))
        return await codes.issue(person.id, CodePurpose.ACTIVATE, begins)


async def close_account(ctx: Context, id: uuid.UUID) -> None:
    """Have the viewer deactivate a person; who is not active any more stays so.

    Raises `NotFound`, `Forbidden`, or `Conflict` for the last administrator.
    """
    person = await scope(Person, ctx.me).get_or_none(id=id)
    if person is None:
        raise NotFound(path=["personId"])
    await ctx.ensure(policy.can_deactivate if person.active else policy.can_employ, person, "deactivate this person")
    await deactivate_person(ctx, id)


async def invite(ctx: Context, account: Account) -> Code:
    """A code by which a new person chooses their password; older ones are void. Raises `Invalid`."""
    if account.password_hash:
        raise Invalid(f"{account.name} has a password already. If it is lost, make a code with: person reset")
    return await _code(ctx, account, CodePurpose.ACTIVATE)


async def reset(ctx: Context, account: Account) -> Code:
    """A code by which a person chooses a new password; older ones are void. Raises `Invalid`."""
    return await _code(ctx, account, CodePurpose.RESET)


async def deactivate_person(ctx: Context, id: uuid.UUID) -> bool:
    """Close an account: what was open ends at once, the content stays. False where it was closed before.

    Whoever belongs to the company leaves it today. Raises `Conflict` for the last administrator.
    """
    async with ctx.transaction(ORG, ADMINS, person_stream(id)):
        person = await Person.select_for_update().get(id=id)
        if not person.active:
            return False
        if not person.is_guest:
            await enact(ctx, kinds.Leave(id), ctx.today())
            return True
        await keep_an_admin(id, "deactivated", ctx.today())
        person.active = False
        person.auth_epoch += 1
        person.version += 1
        person.updated_at = ctx.now()
        await person.save(update_fields=["active", "auth_epoch", "version", "updated_at"])
        await audiences.follow_locations([id])
        await close(ctx, [id])
        ctx.emit(HrChanged(id, kinds.Leave.kind, ctx.today().isoformat(), {"name": person.name}, {}))
    return True


async def admit_guest(ctx: Context, guest: Person) -> None:
    """Store a new person from outside. Wants a transaction that holds the lock of `ORG`. Raises as `save_new` does."""
    await save_new(guest)
    ctx.emit(PersonJoined(guest.id))
    ctx.emit(RightsChanged(guest.id))
    ctx.emit(HrChanged(guest.id, kinds.CreatePerson.kind, ctx.today().isoformat(), {}, {"name": guest.name}))


async def grant_role(ctx: Context, id: uuid.UUID, role: Role, unit: uuid.UUID | None = None) -> bool:
    """Give a role, within a unit or everywhere. False where they have it already. Raises `Invalid`."""
    _refuse_by_rule(role)
    async with ctx.transaction(ADMINS, person_stream(id)):
        if await RoleGrant.filter(person_id=id, role=role, unit_id=unit).exists():
            return False
        await RoleGrant.create(person_id=id, role=role, unit_id=unit)
        await rights_changed(ctx, [id])
    return True


async def withdraw_role(ctx: Context, id: uuid.UUID, role: Role, unit: uuid.UUID | None = None) -> bool:
    """Take a role away. False where they do not have it. Raises `Invalid`, or `Conflict` for the last administrator."""
    _refuse_by_rule(role)
    async with ctx.transaction(ADMINS, person_stream(id)):
        if not await RoleGrant.filter(person_id=id, role=role, unit_id=unit).exists():
            return False
        if role == Role.ADMIN and unit is None and await Person.filter(id=id, active=True).exists():
            await keep_an_admin(id, "without the role", ctx.today())
        await RoleGrant.filter(person_id=id, role=role, unit_id=unit).delete()
        await rights_changed(ctx, [id])
    return True


async def issue_token(
    ctx: Context, account: Account, name: str, scopes: Iterable[str] | None, lifetime: timedelta
) -> CreatedToken:
    """Make a token for a person, with all their rights where `scopes` is None. Raises `Invalid`."""
    _refuse_inactive(account)
    wanted = None if scopes is None else set(scopes)
    if unknown := (wanted or set()) - SCOPES:
        known = ", ".join(sorted(SCOPES))
        raise Invalid(f"There is no scope {', '.join(sorted(unknown))}. Choose among {known}.", ["scopes"])
    async with ctx.transaction(person_stream(account.id)):
        now = ctx.now()
        secret, token = await sessions.open_token(account.id, name, wanted, now + lifetime, now=now)
    return CreatedToken(token, secret)


async def _code(ctx: Context, account: Account, purpose: CodePurpose) -> Code:
    _refuse_inactive(account)
    now = ctx.now()
    return Code(await codes.issue(account.id, purpose, now), now + codes.LIFETIMES[purpose])


async def _create_guest(ctx: Context, new: NewPerson) -> Person:
    """Somebody from outside: without unit, position or days."""
    if new.unit:
        raise Invalid("A guest belongs to no unit. Leave the unit away, or the role GUEST.", ["unit"])
    guest = Person(
        id=uuid7(),
        name=clean_line(new.name, most=NAME_MAX, path=["name"], what="The name"),
        email=clean_email(new.email, path=["email"]) if new.email else None,
        employee_id=clean_employee_id(new.employee_id),
        title=clean_line(new.title, most=TITLE_MAX, path=["title"], what="The title") if new.title else "",
        is_guest=True,
        created_at=ctx.now(),
        updated_at=ctx.now(),
    )
    async with ctx.transaction(ORG, person_stream(guest.id)):
        await admit_guest(ctx, guest)
        for role in sorted({role for role in new.roles if role not in BY_RULE}):
            await RoleGrant.create(person_id=guest.id, role=role)
    return guest


def _refuse_inactive(account: Account) -> None:
    if not account.active:
        raise Invalid(f"The account of {account.name} is deactivated, so nobody can sign in with it.")


def _refuse_by_rule(role: Role) -> None:
    if role in BY_RULE:
        raise Invalid("Nobody is given MEMBER or GUEST: everybody is one of the two, from the day they are added.")
