"""What the log is told of records beside the org chart: quietly, but for what somebody may do from now on."""

from __future__ import annotations

from collections.abc import Sequence

from atrium.imports.extras.declaring import Given
from models import db
from subscriptions import log
from subscriptions.events import Event
from subscriptions.people import PersonChanged, PersonJoined
from subscriptions.session import RightsChanged

BATCH = 1_000  # events written at a time

WHOSE = "SELECT DISTINCT ref_person FROM extra WHERE id IS NOT NULL AND ref_person IS NOT NULL ORDER BY 1"
NEW_GUESTS = "SELECT id FROM extra WHERE is_new AND NOT deleted ORDER BY 1"


async def tell(events: Sequence[Event], given: Given, *, quiet: bool = True) -> None:
    """Write events in the transaction of the import."""
    for start in range(0, len(events), BATCH):
        await log.append(events[start : start + BATCH], actor=None, now=given.now, quiet=quiet)


async def tell_of_people(given: Given) -> None:
    """That the people whom the rows are about have changed."""
    await tell([PersonChanged(row[0]) for row in await db.rows(WHOSE)], given)


async def tell_of_guests(given: Given) -> None:
    """That guests have come."""
    await tell([PersonJoined(row[0]) for row in await db.rows(NEW_GUESTS)], given)


async def tell_of_rights(given: Given) -> None:
    """That people may do other things than before: whoever is signed in must know at once."""
    await tell([RightsChanged(row[0]) for row in await db.rows(WHOSE)], given, quiet=False)
