"""People and their accounts, by whoever owns the machine."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, TypeVar

import typer

from atrium.commands.running import ready, refuse, run, settings
from atrium.settings import Settings
from auth.accounts import Account
from auth.viewer import SCOPES
from execution.ids import InvalidId, decode_id
from models.org import OrgUnit
from models.session import Role
from resolvers import accounts
from resolvers.accounts import Code, NewPerson
from resolvers.context import Context

T = TypeVar("T")

MADE_BY = "python -m atrium token"
UNITS_SHOWN = 5  # of one name

Login = Annotated[str, typer.Argument(help="Their e-mail address or employee id.", metavar="EMAIL|EMPLOYEE-ID")]
Unit = Annotated[str, typer.Option(help="The unit's name or id.", metavar="NAME|ID")]

app = typer.Typer(name="person", help="Add people, let them in, and close their accounts.", no_args_is_help=True)


def token(
    login: Annotated[
        str, typer.Argument(help="The e-mail address or employee id of whose token it is.", metavar="EMAIL")
    ],
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"What it may be used for; repeat it for several: {', '.join(sorted(SCOPES))}."),
    ] = None,
    days: Annotated[int, typer.Option(help="How many days it lives.", min=1, max=365)] = 30,
) -> None:
    """Make a token and print it, and nothing else. Without --scope it carries all the person's rights.

    Send it as `Authorization: Bearer …`. It ends when it is revoked, when the account is closed, and after its days.
    """

    async def work(ctx: Context, account: Account) -> str:
        return (await accounts.issue_token(ctx, account, MADE_BY, scope or None, timedelta(days=days))).secret

    typer.echo(_with_account(login, work))


@app.command()
def add(
    *,
    name: Annotated[str, typer.Option(help="The display name.")],
    email: Annotated[str, typer.Option(help="The address to sign in with.")] = "",
    employee_id: Annotated[str, typer.Option(help="The number to sign in with, for those without an address.")] = "",
    title: Annotated[str, typer.Option(help="What they do.")] = "",
    unit: Unit = "",
    role: Annotated[list[Role] | None, typer.Option(help="A role everywhere; repeat it for several.")] = None,
) -> None:
    """Add a person. With the role GUEST it is somebody from outside, who sees only what is shared with them."""

    async def work(ctx: Context) -> str:
        unit_id = await _unit(unit) if unit else None
        new = NewPerson(name, email or None, employee_id or None, title, unit_id, role or ())
        return (await accounts.create_person(ctx, new)).name

    added = _in_context(work)
    login = email or employee_id
    typer.echo(f"{added} was added. " + (f"Let them in: person invite {login}" if login else "They cannot sign in."))


@app.command()
def invite(login: Login) -> None:
    """Print a one-time code by which a new person chooses their password. Older codes of theirs are void."""
    _show(settings(), _with_account(login, accounts.invite))


@app.command()
def reset(login: Login) -> None:
    """Print a one-time code for who has lost their password. Using it ends all their sessions and tokens."""
    _show(settings(), _with_account(login, accounts.reset))


@app.command()
def deactivate(login: Login) -> None:
    """Close an account: sessions, tokens and live streams end at once; what the person wrote stays."""

    async def work(ctx: Context, account: Account) -> str:
        closed = await accounts.deactivate_person(ctx, account.id)
        return f"The account of {account.name} {'is' if closed else 'was already'} deactivated."

    typer.echo(_with_account(login, work))


@app.command("role")
def change_role(
    login: Login,
    role: Annotated[Role, typer.Argument(help="Which role.")],
    unit: Unit = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take it away instead.")] = False,
) -> None:
    """Give a person a role, or take it away: within a unit and its sub-units with --unit, everywhere without."""

    async def work(ctx: Context, account: Account) -> str:
        unit_id = await _unit(unit) if unit else None
        change = accounts.withdraw_role if remove else accounts.grant_role
        changed = await change(ctx, account.id, role, unit_id)
        where = f"{role} in {unit}" if unit else f"{role} everywhere"
        return f"{account.name} is {'not ' if remove else ''}{where}{'' if changed else ', as before'}."

    typer.echo(_with_account(login, work))


def _in_context(work: Callable[[Context], Awaitable[T]]) -> T:
    """Do work on behalf of the house: in a context without a viewer."""
    found = settings()

    async def once() -> T:
        async with ready(found) as services:
            return await work(Context(services, viewer=None))

    return run(once)


def _with_account(login: str, work: Callable[[Context, Account], Awaitable[T]]) -> T:
    async def once(ctx: Context) -> T:
        return await work(ctx, await accounts.account(login))

    return _in_context(once)


async def _unit(named: str) -> uuid.UUID:
    """The unit of this id or name; ends the command where there is none, or several."""
    key = _key(named)
    found = await OrgUnit.filter(**({"id": key} if key else {"name": named})).order_by("id").limit(UNITS_SHOWN)
    if not found:
        refuse(f"There is no unit {named!r}. Name one as the org chart does, or by its id.")
    if len(found) > 1:
        refuse(f"Several units are called {named!r}. Name one by its id: {', '.join(str(u.id) for u in found)} …")
    return found[0].id


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


def _show(found: Settings, made: Code) -> None:
    base = found.public_url.rstrip("/") or f"http://{found.host}:{found.port}"
    typer.echo(f"Code     {made.code}")
    # Behind the #, where neither servers nor proxies write it down.
    typer.echo(f"Link     {base}/#activate={made.code}")
    typer.echo(f"Expires  {made.expires_at:%Y-%m-%d %H:%M} UTC")
