"""A condition of conversations: what was said before somebody came in is theirs to read only where they were let."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Q, RawSQL

from auth.conditions import Condition, Params, read
from auth.facts import Facts, Wanted
from auth.viewer import Viewer
from models import db

_READ = """SELECT o.id FROM message o JOIN conversation_member w ON w.conversation_id = o.conversation_id
    WHERE w.person_id = {person} AND o.sequence > w.since"""


@dataclass(frozen=True)
class SinceJoining(Condition):
    """The row is a message of a conversation that the viewer is in, and none from before what they were let read."""

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        return facts.asked("said to", read(row, "id"))

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        person = f"'{viewer.person_id}'::uuid"  # an id has no quotes in it
        told: dict[str, Any] = {"id__in": RawSQL(f"({_READ.format(person=person)})")}
        return ~Q(**told) if negated else Q(**told)

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        told = (
            f"EXISTS (SELECT 1 FROM conversation_member w WHERE w.conversation_id = {prefix}conversation_id"
            f" AND w.person_id = {params.add(viewer.person_id)} AND {prefix}sequence > w.since)"
        )
        return f"NOT {told}" if negated else told

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        if messages := {read(row, "id") for row in rows}:
            yield Wanted("said to", messages, _said_to)


async def _said_to(viewer: Viewer, messages: list[uuid.UUID]) -> set[uuid.UUID]:
    sql = f"{_READ.format(person='$2')} AND o.id = ANY($1::uuid[])"
    return {record[0] for record in await db.rows(sql, messages, viewer.person_id)}
