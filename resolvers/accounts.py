"""Accounts as the house keeps them: opened, invited, closed, and given roles.

Nobody's leave is asked here: commands of the machine's owner act so. What clients can call checks its policy first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError

from auth import codes, sessions
from auth.accounts import Account, by_login
from auth.viewer import SCOPES
from models import audiences, db
from models.errors import Conflict, Invalid, NotFound
from models.keys import uuid7
from models.people import NAME_MAX, TITLE_MAX, Person
from models.session import CodePurpose, OneTimeCode, Role, RoleGrant
from models.text import clean_email, clean_line
from resolvers.context import Context
from resolvers.session import CreatedToken
from subscriptions.events import person_stream
from subscriptions.people import PersonDeactivated, PersonJoined
from subscriptions.session import AccessRevoked, RightsChanged

EMPLOYEE_ID_MAX = 100  # characters
ADMINS = "roles:admin"
"""The stream on whose lock changes of who is an administrator wait for each other, so that the last one stays."""
BY_RULE = (Role.MEMBER, Role.GUEST)
"""Roles that nobody is given: everybody is one of the two."""

OTHER_ADMIN = """
SELECT EXISTS (
    SELECT 1 FROM role_grant g JOIN person p ON p.id = g.person_id
    WHERE g.role = 'ADMIN' AND g.unit_id IS NULL AND p.active AND p.id <> $1
)
"""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is to be added. Without an address and an employee id they cannot sign in."""

    name: str
    email: str | None = None
    employee_id: str | None = None
    title: str = ""
    unit: uuid.UUID | None = None
    roles: Sequence[Role] = ()


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


async def create_person(ctx: Context, new: NewPerson) -> Person:
    """Add a person, a guest where GUEST is among the roles. Raises `Invalid` or `Conflict`."""
    is_guest = Role.GUEST in new.roles
    if is_guest and new.unit:
        raise Invalid("A guest belongs to no unit. Leave the unit away, or the role GUEST.", ["unit"])
    id = uuid7()
    person = Person(
        id=id,
        name=clean_line(new.name, most=NAME_MAX, path=["name"], what="The name"),
        email=clean_email(new.email, path=["email"]) if new.email else None,
        employee_id=_line(new.employee_id, EMPLOYEE_ID_MAX, "employee_id", "The employee id"),
        title=_line(new.title, TITLE_MAX, "title", "The title") or "",
        unit_id=new.unit,
        is_guest=is_guest,
        created_at=ctx.now(),
        updated_at=ctx.now(),
    )
    await _refuse_taken(person)
    try:
        async with ctx.transaction(person_stream(id)):
            await person.save(force_create=True)
            await audiences.follow_locations([id])
            for role in {role for role in new.roles if role not in BY_RULE}:
                await RoleGrant.create(person_id=id, role=role)
            ctx.emit(PersonJoined(id))
            ctx.emit(RightsChanged(id))
    except IntegrityError:
        raise Conflict(
            "Somebody with this address or employee id, or their unit, changed just now. Try again."
        ) from None
    return person


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

    Raises `Conflict` for the last administrator.
    """
    async with ctx.transaction(ADMINS, person_stream(id)):
        person = await Person.select_for_update().get(id=id)
        if not person.active:
            return False
        await _keep_an_admin(id, "deactivated")
        person.active = False
        person.auth_epoch += 1
        person.version += 1
        person.updated_at = ctx.now()
        await person.save(update_fields=["active", "auth_epoch", "version", "updated_at"])
        await audiences.follow_locations([id])
        await OneTimeCode.filter(person_id=id).delete()
        for revoked in await sessions.revoke_all(id):
            ctx.emit(AccessRevoked(revoked.person, revoked.access))
        ctx.emit(PersonDeactivated(id))
        ctx.emit(RightsChanged(id))
    return True


async def grant_role(ctx: Context, id: uuid.UUID, role: Role, unit: uuid.UUID | None = None) -> bool:
    """Give a role, within a unit or everywhere. False where they have it already. Raises `Invalid`."""
    _refuse_by_rule(role)
    async with ctx.transaction(ADMINS, person_stream(id)):
        if await RoleGrant.filter(person_id=id, role=role, unit_id=unit).exists():
            return False
        await RoleGrant.create(person_id=id, role=role, unit_id=unit)
        await _rights_changed(ctx, id)
    return True


async def withdraw_role(ctx: Context, id: uuid.UUID, role: Role, unit: uuid.UUID | None = None) -> bool:
    """Take a role away. False where they do not have it. Raises `Invalid`, or `Conflict` for the last administrator."""
    _refuse_by_rule(role)
    async with ctx.transaction(ADMINS, person_stream(id)):
        if not await RoleGrant.filter(person_id=id, role=role, unit_id=unit).exists():
            return False
        if role == Role.ADMIN and unit is None and await Person.filter(id=id, active=True).exists():
            await _keep_an_admin(id, "without the role")
        await RoleGrant.filter(person_id=id, role=role, unit_id=unit).delete()
        await _rights_changed(ctx, id)
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


async def _rights_changed(ctx: Context, id: uuid.UUID) -> None:
    await db.execute("UPDATE person SET auth_epoch = auth_epoch + 1 WHERE id = $1", id)
    ctx.emit(RightsChanged(id))


async def _keep_an_admin(id: uuid.UUID, what: str) -> None:
    """Raise `Conflict` where nobody else is an administrator. Wants the lock of `ADMINS`."""
    is_admin = await RoleGrant.filter(person_id=id, role=Role.ADMIN, unit_id=None).exists()
    if is_admin and not await db.value(OTHER_ADMIN, id):
        raise Conflict(
            f"This is the last active administrator and cannot be {what}: nobody could administer the company any more."
            " Give somebody else the role ADMIN first."
        )


async def _refuse_taken(person: Person) -> None:
    for column, what in (("email", "address"), ("employee_id", "employee id")):
        given = getattr(person, column)
        if given and (other := await Person.filter(**{column: given}).first()):
            state = "" if other.active else ", whose account is deactivated"
            raise Invalid(f"{given} is already the {what} of {other.name}{state}. Use another one.", [column])


def _refuse_inactive(account: Account) -> None:
    if not account.active:
        raise Invalid(f"The account of {account.name} is deactivated, so nobody can sign in with it.")


def _refuse_by_rule(role: Role) -> None:
    if role in BY_RULE:
        raise Invalid("Nobody is given MEMBER or GUEST: everybody is one of the two, from the day they are added.")


def _line(text: str | None, most: int, path: str, what: str) -> str | None:
    return clean_line(text, most=most, path=[path], what=what) if text else None
