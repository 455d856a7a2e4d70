"""What goes on in a conversation just now. It has no cursor, and what is missed is missed."""

from __future__ import annotations

from typing import Annotated

import strawberry

from execution.fields import column, relation
from schema.enums import shown
from schema.refs import PersonRef
from subscriptions.presence import PresenceState

shown(
    PresenceState,
    "Whether somebody is connected.",
    {PresenceState.ONLINE: "With some device.", PresenceState.OFFLINE: "With none."},
    name="Presence",
)


@strawberry.type(description="Somebody writes in the conversation just now; without another word for six seconds.")
class PersonTyping:
    person: PersonRef | None = relation("people", key="person", shared=True, description="Who writes.")


@strawberry.type(description="Somebody of the conversation has come or gone.")
class PresenceChanged:
    person: PersonRef | None = relation("people", key="person", shared=True, description="Who.")
    presence: PresenceState = column("Whether they are here now.")


ConversationActivity = Annotated[
    PersonTyping | PresenceChanged,
    strawberry.union("ConversationActivity", description="What goes on in a conversation just now."),
]
