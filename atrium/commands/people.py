"""People, their accounts and their places, by whoever owns the machine."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from atrium.commands import acting
from atrium.commands.acting import From, Login, Manager, Unit, in_context, with_account
from atrium.commands.running import refuse, settings
from atrium.settings import Settings
from auth.accounts import Account
from auth.viewer import SCOPES
from models.session import Role
from resolvers import accounts
from resolvers.accounts import Code, NewPerson
from resolvers.changes import kinds
from resolvers.changes.kinds import KEEP
from resolvers.context import Context

MADE_BY = "python -m atrium token"

Title = Annotated[str | None, typer.Option(help="What they do.")]
Grade = Annotated[str | None, typer.Option(help="The grade of their position.")]

app = typer.Typer(
    name="person", help="Add people, let them in, move them, and close their accounts.", no_args_is_help=True
)


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

    typer.echo(with_account(login, work))


@app.command()
def add(
    *,
    name: Annotated[str, typer.Option(help="The display name.")],
    email: Annotated[str, typer.Option(help="The address to sign in with.")] = "",
    employee_id: Annotated[str, typer.Option(help="The number to sign in with, for those without an address.")] = "",
    title: Title = None,
    grade: Grade = None,
    unit: Unit = "",
    manager: Manager = "",
    role: Annotated[list[Role] | None, typer.Option(help="A role everywhere; repeat it for several.")] = None,
    since: From = None,
) -> None:
    """Add a person. With the role GUEST it is somebody from outside, who sees only what is shared with them."""

    async def work(ctx: Context) -> str:
        place = {"unit": await acting.unit_id(unit), "manager": await acting.person(manager)}
        new = NewPerson(name, email or None, employee_id or None, title or "", roles=role or (), grade=grade, **place)
        return (await accounts.create_person(ctx, new, acting.day(since))).name

    added = in_context(work)
    login = email or employee_id
    typer.echo(f"{added} was added. " + (f"Let them in: person invite {login}" if login else "They cannot sign in."))


@app.command()
def move(
    login: Login,
    *,
    unit: Annotated[str, typer.Option(help="The unit to be, by name or id.")],
    manager: Manager = "",
    since: From = None,
) -> None:
    """Move a person to another unit, and have them report to somebody else with --manager."""

    async def work(ctx: Context, account: Account) -> str:
        to, above = await acting.unit(unit), await acting.person(manager)
        when = await acting.change(ctx, kinds.MovePerson(account.id, to.id, above or KEEP), since)
        return f"{account.name} is in {to.name} {when}."

    typer.echo(with_account(login, work))


@app.command()
def promote(login: Login, title: Title = None, grade: Grade = None, since: From = None) -> None:
    """Give a person another title, another grade, or both; an empty one clears it."""

    async def work(ctx: Context, account: Account) -> str:
        given = kinds.Promote(account.id, KEEP if title is None else title, KEEP if grade is None else grade)
        return f"{account.name} is promoted {await acting.change(ctx, given, since)}."

    typer.echo(with_account(login, work))


@app.command()
def rename(login: Login, name: Annotated[str, typer.Argument(help="The name they go by.")], since: From = None) -> None:
    """Give a person another name; charts of the days before keep the old one."""

    async def work(ctx: Context, account: Account) -> str:
        return f"{account.name} is {name} {await acting.change(ctx, kinds.RenamePerson(account.id, name), since)}."

    typer.echo(with_account(login, work))


@app.command("manager")
def set_manager(
    login: Login,
    to: Annotated[str, typer.Option(help="Whom they report to.", metavar="EMAIL|EMPLOYEE-ID")] = "",
    nobody: Annotated[bool, typer.Option("--nobody", help="They report to nobody.")] = False,
    since: From = None,
) -> None:
    """Have a person report to somebody else, or to nobody."""
    if bool(to) == nobody:
        refuse("Say to whom, with --to or --nobody.")

    async def work(ctx: Context, account: Account) -> str:
        above = await accounts.account(to) if to else None
        when = await acting.change(ctx, kinds.SetManager(account.id, above.id if above else None), since)
        return f"{account.name} reports to {above.name if above else 'nobody'} {when}."

    typer.echo(with_account(login, work))


@app.command()
def leave(login: Login, since: From = None) -> None:
    """Have a person leave the company: the day given is the first one without them."""

    async def work(ctx: Context, account: Account) -> str:
        when = await acting.change(ctx, kinds.Leave(account.id), since)
        return f"{account.name} does not belong to the company any more {when}."

    typer.echo(with_account(login, work))


@app.command()
def rehire(
    login: Login, title: Title = None, grade: Grade = None, unit: Unit = "", manager: Manager = "", since: From = None
) -> None:
    """Take a person back who has left: the same person, on a new position, without their old roles and password."""

    async def work(ctx: Context, account: Account) -> str:
        place = {"unit": await acting.unit_id(unit), "manager": await acting.person(manager)}
        when = await acting.change(ctx, kinds.Rehire(account.id, title or "", grade, **place), since)
        return f"{account.name} belongs to the company again {when}. Let them in: person invite {login}"

    typer.echo(with_account(login, work))


@app.command()
def invite(login: Login) -> None:
    """Print a one-time code by which a new person chooses their password. Older codes of theirs are void."""
    _show(settings(), with_account(login, accounts.invite))


@app.command()
def reset(login: Login) -> None:
    """Print a one-time code for who has lost their password. Using it ends all their sessions and tokens."""
    _show(settings(), with_account(login, accounts.reset))


@app.command()
def deactivate(login: Login) -> None:
    """Close an account: sessions, tokens and live streams end at once; what the person wrote stays."""

    async def work(ctx: Context, account: Account) -> str:
        closed = await accounts.deactivate_person(ctx, account.id)
        return f"The account of {account.name} {'is' if closed else 'was already'} deactivated."

    typer.echo(with_account(login, work))


@app.command("role")
def change_role(
    login: Login,
    role: Annotated[Role, typer.Argument(help="Which role.")],
    unit: Unit = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take it away instead.")] = False,
) -> None:
    """Give a person a role, or take it away: within a unit and its sub-units with --unit, everywhere without."""

    async def work(ctx: Context, account: Account) -> str:
        unit_id = await acting.unit_id(unit)
        change = accounts.withdraw_role if remove else accounts.grant_role
        changed = await change(ctx, account.id, role, unit_id)
        where = f"{role} in {unit}" if unit else f"{role} everywhere"
        return f"{account.name} is {'not ' if remove else ''}{where}{'' if changed else ', as before'}."

    typer.echo(with_account(login, work))


def _show(found: Settings, made: Code) -> None:
    base = found.public_url.rstrip("/") or f"http://{found.host}:{found.port}"
    typer.echo(f"Code     {made.code}")
    # Behind the #, where neither servers nor proxies write it down.
    typer.echo(f"Link     {base}/#activate={made.code}")
    typer.echo(f"Expires  {made.expires_at:%Y-%m-%d %H:%M} UTC")
