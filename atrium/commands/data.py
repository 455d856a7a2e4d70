"""The data as a whole: its search index, its backups."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from atrium import backup as backups
from atrium.commands.bars import bars
from atrium.commands.running import ready, refuse, run, settings, steps
from atrium.services import engines
from search import reindex as index
from search.engine import Engine, Unavailable
from search.sources import SOURCES

Folder = Annotated[Path, typer.Argument(help="The folder of the backup.", metavar="PATH")]


def reindex() -> None:
    """Build all search indexes anew from the rows. Safe beside a running server: searches go on meanwhile."""
    found = settings()

    async def work() -> list[str]:
        async with ready(found, meilisearch=True) as services:
            return [told for engine in services.search.engines if (told := await _reindex(engine))]

    if troubles := run(work):
        refuse("\n".join(troubles))


async def _reindex(engine: Engine) -> str:
    """Rebuild one index; what is wrong where it cannot be."""
    begun = time.monotonic()
    try:
        with bars("Search index", {source.what: await source.count() for source in SOURCES}) as progress:
            count = await index.reindex(engine, progress)
    except Unavailable as error:
        return f"The search index {engine.name} was not built, it stays as it was. {error}"
    seconds = max(time.monotonic() - begun, 0.001)
    typer.echo(f"{engine.name}: {count:,} documents in {seconds:.1f} s: {count / seconds:,.0f} a second.")
    return ""


def backup(
    path: Folder,
    force: Annotated[bool, typer.Option("--force", help="Replace an older backup at this path.")] = False,
) -> None:
    """Write a backup of the database into a new folder. Safe beside a running server.

    It holds PostgreSQL's own dump and a small manifest. Keep it as safe as the database: everything is in it.
    """
    found = settings()

    async def work() -> backups.Manifest:
        async with engines(found) as started:
            with steps("Backup") as progress:
                return await backups.backup(started.database_url, path, force=force, progress=progress)

    try:
        made = run(work)
    except backups.Refused as error:
        refuse(str(error))
    typer.echo(f"The backup is in {path}: {made.size_bytes:,} bytes, tables {made.migration}.")


def restore(
    path: Folder,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace all that is in the database. If anything fails, it stays as it was."),
    ] = False,
) -> None:
    """Fill an empty database with a backup, and bring it to the tables of this version. Stop Atrium before.

    Sessions, tokens and accounts are then as they were on the day of the backup, also those ended since.
    """
    found = settings()

    async def work() -> backups.Manifest:
        async with engines(found) as started:
            with steps("Restore") as progress:
                return await backups.restore(started.database_url, path, force=force, progress=progress)

    try:
        made = run(work)
    except backups.Refused as error:
        refuse(str(error))
    typer.echo(f"The backup of {made.created_at:%Y-%m-%d %H:%M} UTC was restored.")
