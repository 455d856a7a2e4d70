"""How many statements each operation makes: run in this process, on the measured server's database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from atrium.services import database, engines, services
from atrium.settings import Settings
from auth import sessions
from models.people import Person
from resolvers.context import Context, Request
from schema.answer import execute
from schema.build import build


async def count(data_dir: Path, cases: dict[str, dict[str, Any]]) -> dict[str, int]:
    """The statements of each request, BEGIN and COMMIT among them."""
    seen: list[str] = []
    values: dict[str, Any] = {"data_dir": data_dir, "database_url": "", "meilisearch_url": ""}
    settings = Settings(**values)
    counted: dict[str, int] = {}
    async with (
        engines(settings) as started,
        database(started.database_url, pool=4, watch=seen.append),
        services(settings) as made,
    ):
        schema = build()
        member = await Person.get(email="member@atrium.example")
        for name, body in cases.items():
            ctx = Context(made, await sessions.acting(member.id), Request(id="bench"))
            seen.clear()
            answer = await execute(schema, ctx, body["query"], body.get("variables"))
            if answer.errors:
                raise SystemExit(f"the bench met an error: {answer.errors}")
            counted[name] = len(seen)
    return counted
