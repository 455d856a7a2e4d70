"""Units of the org chart, by whoever owns the machine."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from atrium.commands import acting
from atrium.commands.acting import From, in_context
from atrium.commands.running import refuse
from models.keys import uuid7
from resolvers.changes import kinds
from resolvers.changes.kinds import KEEP, Keep
from resolvers.context import Context

Named = Annotated[str, typer.Argument(help="The unit's name or id.", metavar="NAME|ID")]
Into = Annotated[str, typer.Option(help="The unit that takes what is in it, by name or id.", metavar="NAME|ID")]
Parent = Annotated[str, typer.Option(help="The unit above, by name or id.", metavar="NAME|ID")]
Head = Annotated[str, typer.Option(help="Who leads it.", metavar="EMAIL|EMPLOYEE-ID")]
Deputy = Annotated[str, typer.Option(help="Who stands in for the head.", metavar="EMAIL|EMPLOYEE-ID")]

app = typer.Typer(name="unit", help="Make, rename, move, merge and dissolve units.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    parent: Parent = "",
    head: Head = "",
    deputy: Deputy = "",
    since: From = None,
) -> None:
    """Add a unit below another one, or at the top without --parent."""

    async def work(ctx: Context) -> str:
        led = (await acting.person(head), await acting.person(deputy))
        made = kinds.CreateUnit(uuid7(), name, await acting.unit_id(parent), *led)
        return f"The unit {name.strip()} is there {await acting.change(ctx, made, since)}. Its id is {made.id}."

    typer.echo(in_context(work))


@app.command()
def rename(unit: Named, name: Annotated[str, typer.Argument(help="The new name.")], since: From = None) -> None:
    """Give a unit another name."""

    async def work(ctx: Context) -> str:
        found = await acting.unit(unit)
        when = await acting.change(ctx, kinds.RenameUnit(found.id, name), since)
        return f"The unit {found.name} is called {name.strip()} {when}."

    typer.echo(in_context(work))


@app.command()
def move(
    unit: Named,
    parent: Parent = "",
    top: Annotated[bool, typer.Option("--top", help="No unit lies above it.")] = False,
    since: From = None,
) -> None:
    """Move a unit below another one, with all that is below it, or to the top."""
    if bool(parent) == top:
        refuse("Say where it goes, with --parent or --top.")

    async def work(ctx: Context) -> str:
        found = await acting.unit(unit)
        above = await acting.unit(parent) if parent else None
        when = await acting.change(ctx, kinds.MoveUnit(found.id, above.id if above else None), since)
        return f"The unit {found.name} lies {f'below {above.name}' if above else 'at the top'} {when}."

    typer.echo(in_context(work))


@app.command()
def merge(unit: Named, *, into: Into, since: From = None) -> None:
    """Put all that is in a unit into another one, and dissolve it. Who was in it goes on reading what it wrote."""

    async def work(ctx: Context) -> str:
        found, target = await acting.unit(unit), await acting.unit(into)
        when = await acting.change(ctx, kinds.MergeUnits(found.id, target.id), since)
        return f"The unit {found.name} is part of {target.name} {when}."

    typer.echo(in_context(work))


@app.command()
def dissolve(unit: Named, into: Into = "", since: From = None) -> None:
    """End a unit. Without --into nobody and nothing may be in it by then."""

    async def work(ctx: Context) -> str:
        found = await acting.unit(unit)
        when = await acting.change(ctx, kinds.DissolveUnit(found.id, await acting.unit_id(into)), since)
        return f"The unit {found.name} is dissolved {when}."

    typer.echo(in_context(work))


@app.command()
def head(
    unit: Named,
    person: Annotated[str, typer.Option("--head", help="Who leads it.", metavar="EMAIL|EMPLOYEE-ID")] = "",
    deputy: Deputy = "",
    no_head: Annotated[bool, typer.Option("--no-head", help="Nobody leads it.")] = False,
    no_deputy: Annotated[bool, typer.Option("--no-deputy", help="Nobody stands in.")] = False,
    since: From = None,
) -> None:
    """Say who leads a unit and who stands in; what is not said stays."""
    if (person and no_head) or (deputy and no_deputy):
        refuse("Say either who it is, or that it is nobody.")

    async def work(ctx: Context) -> str:
        found = await acting.unit(unit)
        led = kinds.SetHead(found.id, await _leader(person, nobody=no_head), await _leader(deputy, nobody=no_deputy))
        return f"The unit {found.name} is led as you say {await acting.change(ctx, led, since)}."

    typer.echo(in_context(work))


async def _leader(login: str, *, nobody: bool) -> uuid.UUID | Keep | None:
    return None if nobody else await acting.person(login) or KEEP
