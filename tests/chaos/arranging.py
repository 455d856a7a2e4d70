"""Puts people into an installation: `python -m tests.chaos.arranging DSN COUNT` prints their ids and tokens as JSON.

A process of its own, because the pool of the tests belongs to another database.
"""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from datetime import UTC, datetime

from auth import sessions
from models import db
from tests.factories.ids import global_id
from tests.factories.people import a_person


async def main(dsn: str, count: int) -> None:
    await db.connect(dsn, pool=4)
    people: list[tuple[str, str]] = []
    for n in range(count):
        number = uuid.uuid4().hex[:12]  # there may be people of an earlier run
        person = await a_person(f"Person {n}", email=f"{number}@company.example", employee_id=number)
        secret, _ = await sessions.open_session(person.id, now=datetime.now(UTC))
        people.append((global_id(person), secret))
    print(json.dumps(people))
    await db.disconnect()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
