"""How many statements an operation of ours makes: run in this process, as the compiled executor runs it."""

from __future__ import annotations

from typing import Any

from atrium.services import database, services
from atrium.settings import Settings
from auth import sessions
from bench.beside.asked import OPERATIONS, Cast
from bench.kept import Place
from execution.compiled import Plans
from resolvers.context import Context, Request
from schema.answer import execute
from schema.build import build


async def count(place: Place, cast: Cast) -> dict[str, int]:
    """The statements of one request of each, BEGIN and COMMIT among them, finding out who asks apart."""
    seen: list[str] = []
    values: dict[str, Any] = {"data_dir": place.folder, "database_url": "", "meilisearch_url": ""}
    counted: dict[str, int] = {}
    schema = build(plans=Plans(from_run=1))
    async with database(place.dsn, pool=4, watch=seen.append), services(Settings(**values)) as made:
        for operation in OPERATIONS:
            [wish] = cast.wishes(operation.name, 1)
            ctx = Context(made, await sessions.acting(wish["viewer"]), Request(id="bench"))
            seen.clear()
            answer = await execute(schema, ctx, operation.text, operation.variables(wish))
            if answer.errors:
                raise SystemExit(f"the bench met an error: {answer.errors}")
            counted[operation.name] = len(seen)
    return counted
