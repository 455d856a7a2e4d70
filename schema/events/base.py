"""What all events have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from execution.fields import SHARED, column, computed, relation
from resolvers import streams
from resolvers.live.ends import EndReason
from resolvers.live.ends import StreamEnded as Ended
from schema.nodes import Info
from schema.refs import PersonRef


def _cursor() -> Any:
    def resolve(root: Any, info: Info) -> str:
        return streams.seal(info.context, root.position)

    # It is sealed, and yet the same for everybody.
    return strawberry.field(
        resolver=resolve, description="Resume behind this event: pass it as `after`.", metadata={SHARED: True}
    )


def _id(event: Any) -> str:
    generation, _, number = event.position
    end = "-end" if isinstance(event, Ended) else ""  # its position is that of an event with an id
    return f"{generation:x}-{number:x}{end}"


@strawberry.interface(description="Something that has happened.")
class Event:
    id: strawberry.ID = computed(_id, description="The same event never has two; repeats can be told by it.")
    cursor: str = _cursor()
    occurred_at: datetime = column("When it happened.")
    actor: PersonRef | None = relation(
        "people", key="actor", shared=True, description="Who did it; null where nobody is shown."
    )


@strawberry.type(description="The stream stops here; resume behind its cursor.")
class StreamEnded(Event):
    reason: EndReason = column("Why.")


TYPES: list[type[Any]] = [StreamEnded]
