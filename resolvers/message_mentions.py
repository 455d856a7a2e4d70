"""Whom messages name, by name or all at once, and who of them is told."""

from __future__ import annotations

import uuid
from typing import Any

from execution.rows import read
from models import mentions as rows
from models import message_mentions as table
from models.conversations import ConversationMember
from models.errors import ErrorCode, Invalid
from resolvers import mentions
from resolvers.context import Context
from resolvers.markdown import names_everyone
from resolvers.mentions import MentionContract, forget, named
from subscriptions.chat import NamedInMessage

__all__ = ["contracts", "ensure_meant", "follow", "forget", "members", "named", "names_everyone"]

EVERYONE_MAX = 50  # members whom a message names all at once without its author being asked again


def ensure_meant(members: int, *, confirmed: bool) -> None:
    """Raise `Invalid` where somebody names very many at once, and has not said that they mean it."""
    if members > EVERYONE_MAX and not confirmed:
        sentence = f"This names all {members:,} members at once. If you mean that, confirm it."
        raise Invalid(sentence, ["confirmEveryone"], code=ErrorCode.CONFIRMATION_REQUIRED)


async def members(conversation: uuid.UUID) -> int:
    """How many are in a conversation."""
    return await ConversationMember.filter(conversation_id=conversation).count()


async def follow(ctx: Context, message: Any, *, everyone_is_new: bool) -> None:
    """Keep in step whom a message names, after it was written or edited, and tell those who are new and read it.

    Wants the transaction of the change. No statement where it names nobody, and never has.
    """
    id, conversation, people = read(message, "id"), read(message, "conversation_id"), named(read(message, "body"))
    if read(message, "version") > 1:
        await rows.drop(id, people)
    told: list[uuid.UUID] = []
    if people:
        await rows.add(id, await mentions.seen(ctx, people), ctx.now(), conversation=conversation)
        told += await table.tell(id)
    if everyone_is_new:
        told += await table.everyone(id)
    for person in told:
        ctx.emit(NamedInMessage(person, conversation, id))


async def contracts(ctx: Context, message: Any) -> list[MentionContract]:
    """For each person whom a message of the viewer's names, in that order, what becomes of it as things stand now."""
    if message is None:
        return []

    async def standing(people: list[uuid.UUID]) -> Any:
        return await table.standing(people, read(message, "id"), ctx.me.person_id)

    return await mentions.contracts_of(ctx, message, standing)
