"""Presence and typing: who of a conversation is here, and letting its members know that one writes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.policies import chat as policy
from auth.scope import reached
from execution.loaders import settled
from execution.rows import read
from models import hearing
from models.conversations import Conversation
from models.errors import NotFound
from resolvers.context import Context
from resolvers.message_rows import refuse_writing

PRESENT_MAX = 200  # people of one conversation


async def start_typing(ctx: Context, id: uuid.UUID) -> None:
    """Let the members of a conversation know that the viewer writes in it, if they want that known at all.

    Raises `NotFound` or `Forbidden`.
    """
    conversation = await reached(Conversation, ctx.me, id)
    if conversation is None:
        raise NotFound(path=["conversationId"])
    if not (await ctx.holds(policy.can_write, [conversation]))[0]:
        await refuse_writing(ctx, conversation)
    ctx.services.presence.type(ctx.me.person_id, id)


async def present(ctx: Context, conversations: Sequence[Any]) -> list[list[Any]]:
    """Of each conversation that the viewer is in those members who are here and show it, by name."""
    inside = await ctx.holds(policy.in_conversation, conversations)
    ids = [read(one, "id") for one, is_in in zip(conversations, inside, strict=True) if is_in]
    here = ctx.services.presence.people
    pairs = await hearing.present(ids, here, PRESENT_MAX) if ids and here else []
    people = settled(await ctx.loaders["people"].load_batch(list({person for _, person in pairs})))
    found = {read(person, "id"): person for person in people if person is not None}
    members: dict[uuid.UUID, list[Any]] = {}
    for conversation, person in pairs:
        if person in found:
            members.setdefault(conversation, []).append(found[person])
    return [members.get(read(one, "id"), []) for one in conversations]
