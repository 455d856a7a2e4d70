"""The demonstration company."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from atrium.commands.running import connected, ready, refuse, run, settings, steps, until_told
from atrium.demo import live as living
from atrium.demo.accounts import ACCOUNTS
from atrium.demo.company import Company
from atrium.demo.load import NotEmpty, load
from atrium.settings import Settings, own_secret
from auth.passwords import Hasher
from auth.vault import Vault
from models import db

PEOPLE = 300
DAYS = 30
LOGINS = [account.email for account in ACCOUNTS]


def demo(
    people: Annotated[int, typer.Option(help="How many people; 10 to 200,000.")] = PEOPLE,
    seed: Annotated[int, typer.Option(help="The same seed gives the same company.")] = 1,
    days: Annotated[int, typer.Option(help="How many days of posts; 1 to 3,650.")] = DAYS,
    posts: Annotated[int, typer.Option(help="How many posts; 0: one a person and month.")] = 0,
    comments: Annotated[int, typer.Option(help="How many comments; 0: three a post.")] = 0,
    reactions: Annotated[int, typer.Option(help="How many reactions; 0: five a post.")] = 0,
    messages: Annotated[int, typer.Option(help="How many messages; 0: seventeen a person and month.")] = 0,
    live: Annotated[bool, typer.Option("--live", help="Let a colleague act every few seconds, until stopped.")] = False,
) -> None:
    """Fill an empty database with a company that does not exist, to look at and to develop against."""
    found = settings()
    if live:
        run(lambda: _live(found))
        return

    async def once() -> None:
        async with connected(found):
            await fill(found, people, seed, days, posts or None, comments or None, reactions or None, messages or None)

    run(once)
    typer.echo(f"Sign in as {', '.join(LOGINS)} with the password {password(found)}")


async def fill(
    found: Settings,
    people: int,
    seed: int,
    days: int,
    posts: int | None = None,
    comments: int | None = None,
    reactions: int | None = None,
    messages: int | None = None,
) -> None:
    """Load a company, with progress. The pool has no short limits."""
    now = datetime.now(UTC)
    hasher = Hasher()
    try:
        many = {"posts": posts, "comments": comments, "reactions": reactions, "messages": messages}
        company = Company.generate(people, seed, days, now, **many)
        with steps("Demonstration company") as progress:
            vault = Vault(found.secret_keys())
            await load(company, password=password(found), hasher=hasher, now=now, progress=progress, vault=vault)
    except (NotEmpty, ValueError) as error:
        refuse(str(error))
    finally:
        hasher.close()


async def load_once(found: Settings) -> None:
    """Load the company of `make run` unless there is somebody in the database already."""
    if not await db.value("SELECT EXISTS (SELECT 1 FROM person)"):
        await fill(found, PEOPLE, 1, DAYS)


async def _live(found: Settings) -> None:
    async with ready(found) as services:
        typer.echo("Colleagues are at work. Stop them with Ctrl+C.")
        task = asyncio.create_task(living.live(services))
        await until_told()
        task.cancel()


def password(found: Settings) -> str:
    """The password of the four accounts: random for each installation, kept in the data folder with mode 0600."""
    return own_secret(password_file(found), 12).decode()


def password_file(found: Settings) -> Path:
    """Where it is kept."""
    return found.data_dir / "demo_password"
