"""Messages that a conversation keeps at hand."""

from __future__ import annotations

import strawberry

from auth.policies import chat as policy
from execution.fields import batched, computed, is_set, relation
from models.messages import PINNED_MAX
from resolvers import message_pins as actions
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.policies import may
from schema.refs import MessageRef, PersonRef


@strawberry.type
class MessagePin:
    """What a message has of whether it is kept at hand."""

    is_pinned: bool = computed(
        is_set,
        of="pinned_at",
        description="Whether it is among the pinned messages of its conversation.",
    )
    pinned_by: PersonRef | None = relation(
        "people", key="pinned_by", description="Who pinned it; null where it is not, or they are not visible."
    )
    viewer_can_pin: bool = may(policy.can_take_part_in_message, "Whether the viewer may pin it, or unpin it.")


@strawberry.type
class ConversationPins:
    """What a conversation has of messages that it keeps at hand."""

    pinned_messages: list[MessageRef] = batched(
        actions.pinned,
        description="The pinned messages that the viewer may read, the latest pinned first; at most 50.",
        most=PINNED_MAX,
        usual=3,
    )


@strawberry.input(description="A message to pin.")
class PinMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")


@strawberry.input(description="A message to pin no longer.")
class UnpinMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")


@strawberry.type(description="What became of `pinMessage`.")
class PinMessagePayload:
    message: MessageRef | None = strawberry.field(default=None, description="The message as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `unpinMessage`.")
class UnpinMessagePayload:
    message: MessageRef | None = strawberry.field(default=None, description="The message as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Keep a message at hand for all of its conversation; twice is once, and at most 50 are. Any member."
        " Scope chat:write."
    )
    @answers(PinMessagePayload)
    async def pin_message(self, info: Info, input: PinMessageInput) -> PinMessagePayload:
        id = key("Message", input.message_id, ["messageId"])
        return PinMessagePayload(message=await actions.pin_message(info.context, id))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Pin a message no longer, also one that was not. Any member. Scope chat:write.")
    @answers(UnpinMessagePayload)
    async def unpin_message(self, info: Info, input: UnpinMessageInput) -> UnpinMessagePayload:
        id = key("Message", input.message_id, ["messageId"])
        return UnpinMessagePayload(message=await actions.unpin_message(info.context, id))  # pyright: ignore[reportArgumentType]
