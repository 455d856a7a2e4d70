"""People come into conversations and go: added, by themselves, taken out, or gone from the company."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from auth.policies import chat as policy
from auth.scope import scope
from models import conversation_members as table
from models.conversation_members import Parting
from models.conversations import MEMBERS_MAX, Conversation, ConversationKind, ConversationMember
from models.errors import DomainError, Forbidden, Invalid, NotFound
from models.people import Person
from resolvers.context import Context
from resolvers.conversation_people import PEOPLE_MAX, Named, admissible
from resolvers.conversations import acting
from subscriptions.chat import ConversationChanged, ConversationJoined, ConversationLeft
from subscriptions.events import Event

OF_TWO = "A direct conversation stays between the two. Start a group to talk with more people."
NOT_LEFT = "Nobody leaves a direct conversation. Mute it to hear no more of it."
FULL = f"A conversation has at most {MEMBERS_MAX:,} people. Start another one, or a channel for each part of them."


class ConversationHistory(StrEnum):
    """What those who are added read of what was said before."""

    ALL = "ALL"
    NONE = "NONE"


@dataclass
class Added:
    """A conversation, and why some of the people named were left out."""

    conversation: Any = None
    refused: list[DomainError] = field(default_factory=list[DomainError])


async def add_members(ctx: Context, id: uuid.UUID, people: Named, history: ConversationHistory | None) -> Added:
    """Put people into a group or a channel; who is in it stays as they are. Who cannot be is told of.

    Nobody is given more to read than whoever adds them reads. `history` None: all in a channel, nothing in a group.
    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    if not 1 <= len(people) <= PEOPLE_MAX:
        raise Invalid(f"Name between 1 and {PEOPLE_MAX} people.", ["personIds"])
    async with acting(ctx, id, people=True) as to:
        if to.kind is ConversationKind.DIRECT:
            raise Forbidden(OF_TWO, ["conversationId"])
        await ctx.ensure(policy.can_add, to, "add people here: that is for its members of the company")
        fit, refused = await admissible(ctx, people)
        mine = await ConversationMember.get(conversation_id=id, person_id=ctx.me.person_id)
        is_channel = to.kind is ConversationKind.CHANNEL
        reads = history is ConversationHistory.ALL or (history is None and is_channel)
        await _let_in(ctx, to, fit, since=mine.since if reads else None, by=ctx.me.person_id)
    return Added(await ctx.loaders["conversations"].load(id), refused)


async def join_conversation(ctx: Context, id: uuid.UUID) -> Any:
    """Come into a channel that one finds, and read all of it; once in it stays so. It.

    Raises `NotFound` or `Forbidden`.
    """
    async with acting(ctx, id, people=True) as joined:
        if not (await ctx.holds(policy.in_conversation, [joined]))[0]:
            await ctx.ensure(policy.can_join, joined, "join this conversation")
            await _let_in(ctx, joined, [ctx.me.person_id], since=0, by=None)
    return await ctx.loaders["conversations"].load(id)


async def leave_conversation(ctx: Context, id: uuid.UUID) -> Any:
    """Leave a group or a channel, also one that one is not in. It, None where the viewer no longer sees it.

    Raises `NotFound` or `Forbidden`.
    """
    async with acting(ctx, id, archived=True, people=True) as left:
        if left.kind is ConversationKind.DIRECT:
            raise Forbidden(NOT_LEFT, ["conversationId"])
        await _let_go(ctx, left, ctx.me.person_id)
    return await ctx.loaders["conversations"].load(id)


async def remove_member(ctx: Context, id: uuid.UUID, person: uuid.UUID) -> Any:
    """Take somebody out of a group or a channel, also who is not in it. It. Raises `NotFound` or `Forbidden`."""
    what = "take people out of this conversation: that is for its owner, and nobody's in a direct one"
    async with acting(ctx, id, policy.can_dismiss, what, people=True) as kept:
        if not await scope(Person, ctx.me).filter(id=person).exists():
            raise NotFound(path=["personId"])
        await _let_go(ctx, kept, person)
    return await ctx.loaders["conversations"].load(id)


async def closed(ctx: Context, people: Collection[uuid.UUID]) -> None:
    """Have people who are not active any more leave their groups and channels.

    Wants a transaction that holds the lock of the stream `ORG`: whoever lets people in or out shares it.
    """
    if people:
        for event in parting_told(await table.part(sorted(people), ctx.now())):
            ctx.emit(event)


def parting_told(parted: Parting) -> list[Event]:
    """What is to be told of people's leaving."""
    return [
        *(ConversationLeft(one["conversation_id"], one["person_id"]) for one in parted.left),
        *(ConversationChanged(id) for id in parted.changed),
    ]


async def _let_in(
    ctx: Context, to: Conversation, people: Sequence[uuid.UUID], *, since: int | None, by: uuid.UUID | None
) -> None:
    inside = await ConversationMember.filter(conversation_id=to.id).count()
    if people and inside + len(people) > MEMBERS_MAX:
        raise Invalid(FULL, ["personIds"] if by else ["conversationId"])
    come = await table.enrol(to.id, people, owner=None, since=since, by=by, now=ctx.now())
    for person in come:
        ctx.emit(ConversationJoined(to.id, person))


async def _let_go(ctx: Context, of: Conversation, person: uuid.UUID) -> None:
    for event in parting_told(await table.dismiss(of.id, person, ctx.now())):
        ctx.emit(event)
