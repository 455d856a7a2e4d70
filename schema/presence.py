"""Presence and typing: ephemeral, and for the members of a conversation alone."""

from __future__ import annotations

import strawberry

from execution.fields import batched
from resolvers import presence as actions
from resolvers.presence import PRESENT_MAX
from schema.conversation_people import conversation_key
from schema.errors import UserError, answers, failed
from schema.nodes import Info
from schema.refs import PersonRef


@strawberry.type
class ConversationPresence:
    """What a conversation knows of who is here."""

    present_members: list[PersonRef] = batched(
        actions.present,
        description="Those in it who are connected just now and show it, by name; at most 200, empty for who is not in"
        " it.",
        most=PRESENT_MAX,
        usual=20,
    )


@strawberry.input(description="Where one writes.")
class StartTypingInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")


@strawberry.type(description="What became of `startTyping`.")
class StartTypingPayload:
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Let those in a conversation know that the viewer writes; nobody learns of it who is not in it, or"
        " where the viewer does not show their presence. Say so again every few seconds; what is not said again for six"
        " seconds is over. Scope chat:write."
    )
    @answers(StartTypingPayload)
    async def start_typing(self, info: Info, input: StartTypingInput) -> StartTypingPayload:
        await actions.start_typing(info.context, conversation_key(input.conversation_id))
        return StartTypingPayload()
