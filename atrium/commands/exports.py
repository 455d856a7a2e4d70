"""Writing everything out, for a move or a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from atrium.commands.running import connected, refuse, run, settings, steps
from atrium.exports.export import Refused
from atrium.exports.export import export as write


def export(
    path: Annotated[
        Path, typer.Argument(help="The file: JSON, one record a line; packed where it ends in .gz.", metavar="PATH")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace an older file at this path.")] = False,
) -> None:
    """Write all that the product holds into one file that `import jsonl` reads. Safe beside a running server.

    It shows one instant. Passwords, sessions and tokens are not in it; fields of profiles that are hidden from others
    are: keep it as safe as the database.
    """
    found = settings()

    async def work() -> dict[str, int]:
        async with connected(found):
            with steps("Export") as progress:
                return await write(path, force=force, progress=progress)

    try:
        counts = run(work)
    except Refused as error:
        refuse(str(error))
    typer.echo(f"{sum(counts.values()):,} records are in {path}.")
