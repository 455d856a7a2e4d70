"""Accounts: opened, invited, closed and given roles by the house."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from auth import sessions
from models import db
from models.errors import Conflict, DomainError, Invalid, NotFound
from models.people import Person
from models.session import CodePurpose, OneTimeCode, Role, RoleGrant
from resolvers import accounts
from resolvers.accounts import NewPerson
from resolvers.context import Context, Services
from resolvers.session import activate_account, sign_in
from tests.factories.people import a_person, a_unit
from tests.factories.session import PASSWORD, a_password, a_role


@pytest.fixture
def ctx(services: Services) -> Context:
    """The house's own context."""
    return Context(services, viewer=None)


async def kinds() -> list[str]:
    return [row["kind"] for row in await db.rows("SELECT kind FROM event ORDER BY generation, xid, id")]


async def test_a_person_joins_with_unit_and_roles(ctx: Context) -> None:
    unit = await a_unit("Sales")

    roles = [Role.HR, Role.HR, Role.MEMBER]
    ann = await accounts.create_person(
        ctx, NewPerson(" Ann  Lee ", "Ann@Company.example", "17", "Agent", unit.id, roles)
    )

    stored = await Person.get(id=ann.id)
    assert (stored.name, stored.email, stored.employee_id) == ("Ann Lee", "ann@company.example", "17")
    assert (stored.title, stored.unit_id, stored.is_guest) == ("Agent", unit.id, False)
    assert [grant.role for grant in await RoleGrant.filter(person_id=ann.id)] == [Role.HR]
    assert await kinds() == ["PersonJoined", "RightsChanged", "PositionChanged", "HrChanged"]


async def test_a_guest_has_no_unit(ctx: Context) -> None:
    unit = await a_unit("Sales")

    gil = await accounts.create_person(ctx, NewPerson("Gil", "gil@elsewhere.example", roles=[Role.GUEST]))

    assert (await Person.get(id=gil.id)).is_guest
    assert not await RoleGrant.all().count()
    with pytest.raises(Invalid, match="A guest belongs to no unit"):
        await accounts.create_person(ctx, NewPerson("Gus", unit=unit.id, roles=[Role.GUEST]))


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (NewPerson(" "), "The name is empty"),
        (NewPerson("x" * 201), "at most 200"),
        (NewPerson("Bob", email="bob"), "This is not an e-mail address"),
        (NewPerson("Bob", email="ANN@company.example"), "ann@company.example is already the address of Ann"),
        (NewPerson("Bob", employee_id="17"), "17 is already the employee id of Ann"),
        (NewPerson("Bob", title="x" * 201), "at most 200"),
    ],
)
async def test_nobody_joins_with_what_is_wrong_or_taken(ctx: Context, new: NewPerson, says: str) -> None:
    await a_person("Ann", email="ann@company.example", employee_id="17")

    with pytest.raises(Invalid, match=says):
        await accounts.create_person(ctx, new)

    assert await Person.all().count() == 1
    assert not await kinds()


async def test_of_two_who_join_with_one_address_at_the_same_moment_one_does(ctx: Context) -> None:
    async def join() -> bool:
        try:
            await accounts.create_person(ctx.as_viewer(None), NewPerson("Ann", email="ann@company.example"))
        except (Invalid, Conflict):
            return False
        return True

    assert sum(await asyncio.gather(*(join() for _ in range(6)))) == 1


async def test_an_invitation_leads_to_a_password(ctx: Context) -> None:
    await a_person("Ann", email="ann@company.example")
    ann = await accounts.account("ann@company.example")

    first, second = await accounts.invite(ctx, ann), await accounts.invite(ctx, ann)

    assert second.expires_at == ctx.now() + timedelta(days=14)
    assert second.code not in repr(second)
    assert [code.purpose for code in await OneTimeCode.all()] == [CodePurpose.ACTIVATE]
    with pytest.raises(DomainError):
        await activate_account(ctx, first.code, PASSWORD, sessions.AccessKind.TOKEN)
    assert (await activate_account(ctx, second.code, PASSWORD, sessions.AccessKind.TOKEN)).viewer.person_id == ann.id
    with pytest.raises(Invalid, match="has a password already"):
        await accounts.invite(ctx, await accounts.account("ann@company.example"))
    assert (await accounts.reset(ctx, ann)).expires_at == ctx.now() + timedelta(minutes=30)


async def test_deactivation_ends_all_that_was_open(ctx: Context) -> None:
    person = await a_person("Ann", location="Lisbon", email="ann@company.example")
    await a_password(person, ctx.services.hasher, ctx.now())
    ann = await accounts.account("ann@company.example")
    opened = [(await sessions.open_session(ann.id, now=ctx.now()))[1].id for _ in range(2)]
    opened.append((await accounts.issue_token(ctx, ann, "robot", None, timedelta(days=1))).token.id)
    await accounts.reset(ctx, ann)

    assert await accounts.deactivate_person(ctx, ann.id)

    assert await kinds() == [
        *["AccessRevoked"] * 3,
        *["PersonDeactivated", "RightsChanged", "PositionChanged", "HrChanged"],
    ]
    told = await db.rows("SELECT subject_id FROM event WHERE kind = 'AccessRevoked'")
    assert {row["subject_id"] for row in told} == set(opened)
    assert [await sessions.again(access, ctx.now()) for access in opened] == [None] * 3
    gone = await Person.get(id=ann.id)
    assert (gone.active, gone.auth_epoch, gone.version) == (False, 1, 2)
    assert not await OneTimeCode.all().count()
    assert not await db.value("SELECT count(*) FROM audience_member")
    with pytest.raises(DomainError):
        await sign_in(ctx, "ann@company.example", PASSWORD, sessions.AccessKind.SESSION)


async def test_a_closed_account_stays_closed(ctx: Context) -> None:
    await a_person("Ann", active=False, email="ann@company.example")
    ann = await accounts.account("ann@company.example")

    assert not await accounts.deactivate_person(ctx, ann.id)

    for refused in (
        accounts.invite(ctx, ann),
        accounts.reset(ctx, ann),
        accounts.issue_token(ctx, ann, "robot", None, timedelta(days=1)),
    ):
        with pytest.raises(Invalid, match="is deactivated"):
            await refused
    assert not await kinds()


async def test_a_token_carries_known_scopes_only(ctx: Context) -> None:
    await a_person("Ann", email="ann@company.example")
    ann = await accounts.account("ann@company.example")

    made = await accounts.issue_token(ctx, ann, "robot", ["org:read", "feed:read"], timedelta(days=1))

    viewer = await sessions.identify(made.secret, ctx.now())
    assert viewer is not None and viewer.scopes == {"feed:read", "org:read"}
    with pytest.raises(Invalid, match="There is no scope people:own"):
        await accounts.issue_token(ctx, ann, "robot", ["people:own"], timedelta(days=1))


async def test_an_unknown_login_is_not_found(ctx: Context) -> None:
    for login in ("nobody@company.example", "17", "", "\x00", "\ud800"):
        with pytest.raises(NotFound):
            await accounts.account(login)


async def test_roles_come_and_go_with_an_event_each(ctx: Context) -> None:
    unit, ann = await a_unit("Sales"), await a_person("Ann")

    for change, changed in (
        (accounts.grant_role(ctx, ann.id, Role.HR), True),
        (accounts.grant_role(ctx, ann.id, Role.HR), False),
        (accounts.grant_role(ctx, ann.id, Role.HR, unit.id), True),
        (accounts.withdraw_role(ctx, ann.id, Role.HR), True),
        (accounts.withdraw_role(ctx, ann.id, Role.HR), False),
    ):
        assert await change is changed

    assert [grant.unit_id for grant in await RoleGrant.all()] == [unit.id]
    assert await kinds() == ["RightsChanged"] * 3
    assert (await Person.get(id=ann.id)).auth_epoch == 3
    for role in accounts.BY_RULE:
        with pytest.raises(Invalid):
            await accounts.grant_role(ctx, ann.id, role)


async def test_the_last_administrator_stays(ctx: Context) -> None:
    unit, ann, bob = await a_unit("Sales"), await a_person("Ann"), await a_person("Bob")
    await a_role(ann, Role.ADMIN)
    await a_role(bob, Role.ADMIN, unit)
    await a_role(await a_person("Eve", active=False), Role.ADMIN)

    for change in (accounts.deactivate_person(ctx, ann.id), accounts.withdraw_role(ctx, ann.id, Role.ADMIN)):
        with pytest.raises(Conflict, match="the last active administrator"):
            await change

    assert await accounts.withdraw_role(ctx, bob.id, Role.ADMIN, unit.id)
    assert await accounts.grant_role(ctx, bob.id, Role.ADMIN)
    assert await accounts.deactivate_person(ctx, ann.id)


async def test_of_all_administrators_who_go_at_the_same_moment_one_stays(ctx: Context) -> None:
    admins = [await a_person(f"Admin {i}") for i in range(8)]
    for admin in admins:
        await a_role(admin, Role.ADMIN)

    async def go(i: int, admin: Person) -> bool:
        own = ctx.as_viewer(None)
        try:
            if i % 2:
                return await accounts.deactivate_person(own, admin.id)
            return await accounts.withdraw_role(own, admin.id, Role.ADMIN)
        except Conflict:
            return False

    gone = await asyncio.gather(*(go(i, admin) for i, admin in enumerate(admins)))

    assert sum(gone) == 7
    assert await db.value("SELECT count(*) FROM role_grant g JOIN person p ON p.id = g.person_id WHERE p.active") == 1
