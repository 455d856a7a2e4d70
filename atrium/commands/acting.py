"""What commands that change the organisation share: acting for the house, and naming people, units and days."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, TypeVar

import typer

from atrium.commands.running import ready, refuse, run, settings
from auth.accounts import Account
from execution.ids import InvalidId, decode_id
from models.org import OrgUnit
from resolvers import accounts
from resolvers.changes.kinds import OrgChange
from resolvers.changes.making import check_day, enact
from resolvers.context import Context

T = TypeVar("T")

UNITS_SHOWN = 5  # of one name

Login = Annotated[str, typer.Argument(help="Their e-mail address or employee id.", metavar="EMAIL|EMPLOYEE-ID")]
Unit = Annotated[str, typer.Option(help="The unit's name or id.", metavar="NAME|ID")]
Manager = Annotated[str, typer.Option(help="Whom they report to.", metavar="EMAIL|EMPLOYEE-ID")]
From = Annotated[
    datetime | None,
    typer.Option("--from", help="The day from which it holds; today without.", formats=["%Y-%m-%d"], metavar="DATE"),
]


def in_context(work: Callable[[Context], Awaitable[T]]) -> T:
    """Do work on behalf of the house: in a context without a viewer."""
    found = settings()

    async def once() -> T:
        async with ready(found) as services:
            return await work(Context(services, viewer=None))

    return run(once)


def with_account(login: str, work: Callable[[Context, Account], Awaitable[T]]) -> T:
    """The same about somebody whom a login names."""

    async def once(ctx: Context) -> T:
        return await work(ctx, await accounts.account(login))

    return in_context(once)


def day(given: datetime | None) -> date | None:
    """The day of an option."""
    return given.date() if given else None


async def change(ctx: Context, wanted: OrgChange, given: datetime | None) -> str:
    """Make a change; when it holds, in words for the end of a sentence."""
    effective = check_day(ctx, day(given), "--from")
    await enact(ctx, wanted, effective)
    return "from today on" if effective == ctx.today() else f"from {effective} on"


async def person(login: str) -> uuid.UUID | None:
    """Whom a login names; None where there is none."""
    return (await accounts.account(login)).id if login else None


async def unit(named: str) -> OrgUnit:
    """The unit of this id or name; ends the command where there is none, or several."""
    key = _key(named)
    if key:
        found = await OrgUnit.filter(id=key)
    else:
        there = [row for row in await OrgUnit.filter(name=named).order_by("id") if row.active or row.planned]
        found = there[:UNITS_SHOWN]
    if not found:
        refuse(f"There is no unit {named!r}. Name one as the org chart does, or by its id.")
    if len(found) > 1:
        refuse(f"Several units are called {named!r}. Name one by its id: {', '.join(str(u.id) for u in found)} …")
    return found[0]


async def unit_id(named: str) -> uuid.UUID | None:
    """The same's id; None where none is named."""
    return (await unit(named)).id if named else None


def _key(named: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(named)
    except ValueError:
        pass
    try:
        type_name, key = decode_id(named)
    except InvalidId:
        return None
    return key if type_name == "OrgUnit" else None
