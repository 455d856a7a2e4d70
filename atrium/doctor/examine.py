"""The whole examination, from what everything needs to what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping

from atrium.doctor import database, folder, neighbours, search, settings
from atrium.doctor.findings import Finding


async def examine(environment: Mapping[str, str]) -> list[Finding]:
    """Look at everything; `environment` are the variables that the settings were read from."""
    findings, found = settings.check(environment)
    if found is None:
        return findings
    return [
        *findings,
        *folder.check(found),
        *await database.check(found),
        *await neighbours.redis(found),
        *await search.check(found),
        *folder.graphiql(found),
        *await neighbours.port(found),
    ]
