"""Conversations: found, started, and acted upon by one at a time."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tortoise.exceptions import IntegrityError

from auth.conditions import Condition, Params
from auth.policies import chat as policy
from auth.scope import reached, scope
from execution.paging import Order, Page
from models import conversation_members as members
from models.audiences import COMPANY, Audience, AudienceKind
from models.conversations import (
    PURPOSE_MAX,
    RECEIPTS_UP_TO,
    TITLE_MAX,
    Conversation,
    ConversationKind,
    ReceiptPolicy,
)
from models.errors import Forbidden, Invalid, NotFound
from models.log import share_stream
from models.text import clean_line, clean_optional
from models.timeline import ORG
from resolvers import lists
from resolvers.client_ids import client_id_of, earlier, same
from resolvers.context import Context
from resolvers.conversation_people import PEOPLE_MAX, Named, admissible
from resolvers.lists import PageArgs, sought
from subscriptions.chat import ConversationJoined, ConversationStarted
from subscriptions.events import audience_stream

BY_TITLE = Order("channels:title", ("lower({}.title) AS title_key", "id"))

ARCHIVED = "This conversation is archived: it can be read, and nothing in it changes any more."
FROM_OUTSIDE = "Only people of the company start groups and channels. Ask one of them to add you to one."
NOT_AT_HOME = "A channel is opened where one belongs: join this group first, or choose another home."


@dataclass(frozen=True)
class NewConversation:
    """A conversation to be. A direct one names one person, a channel has a title and may have a home."""

    kind: ConversationKind
    people: Named
    title: str | None = None
    purpose: str = ""
    home: uuid.UUID | None = None
    client_id: str | None = None


@dataclass(frozen=True)
class ChannelFilter:
    """What channels must have in common; what is None asks nothing."""

    text: str | None = None
    mine: bool | None = None
    archived: bool | None = None


async def conversation(ctx: Context, id: uuid.UUID | None) -> Any:
    """A conversation that the viewer is in, or a channel that they find; None for another one."""
    ctx.reach("chat:read")
    return None if id is None else await ctx.loaders["conversations"].load(id)


async def channels(ctx: Context, asked: ChannelFilter, args: PageArgs) -> Page:
    """The channels that the viewer finds or is in, by title. Raises `Invalid`."""
    ctx.reach("chat:read")
    params = Params()
    parts = ["r.kind = 'CHANNEL'"]
    if text := sought(asked.text):
        parts.append(f"position(lower({params.add(text)}) IN lower(r.title)) > 0")
    if asked.mine is not None:
        mine = f"SELECT 1 FROM conversation_member m WHERE m.person_id = {params.add(ctx.me.person_id)}"
        parts.append(f"{'' if asked.mine else 'NOT '}EXISTS ({mine} AND m.conversation_id = r.id)")
    if asked.archived is not None:
        parts.append(f"r.archived_at IS {'NOT ' if asked.archived else ''}NULL")
    return await lists.page(ctx, Conversation, BY_TITLE, args, where=" AND ".join(parts), params=params)


async def start_conversation(ctx: Context, new: NewConversation) -> Any:
    """Start a conversation. A direct one with the same person is the same one, as is the same `client_id` again.

    Raises `Invalid`, `NotFound`, `Forbidden` or `Conflict`.
    """
    ctx.reach("chat:write")
    client_id = client_id_of(new.client_id)
    if found := await earlier(Conversation, ctx, client_id, author="created_by"):
        return await ctx.loaders["conversations"].load(found.id)
    match new.kind:
        case ConversationKind.DIRECT:
            return await _direct(ctx, new, client_id)
        case ConversationKind.GROUP | ConversationKind.CHANNEL:
            return await _gathering(ctx, new, client_id)


@asynccontextmanager
async def acting(
    ctx: Context,
    id: uuid.UUID,
    may: Condition | None = None,
    what: str = "",
    *,
    archived: bool = False,
    people: bool = False,
) -> AsyncGenerator[Conversation]:
    """A transaction in which the viewer, whom `may` allows `what`, changes a conversation and nobody else does.

    Whoever closes accounts waits for it, too, where `people` come or go. An archived one is refused unless `archived`.
    Raises `NotFound` or `Forbidden`.
    """
    ctx.reach("chat:write")
    await _permitted(ctx, id, may, what, archived=archived)
    async with ctx.transaction(audience_stream(id)):
        if people:
            await share_stream(ORG)
        ctx.forget()
        yield await _permitted(ctx, id, may, what, archived=archived, lock=True)


def clean_title(title: str | None, kind: ConversationKind) -> str | None:
    """A title, None for none: only a channel needs one. Raises `Invalid`."""
    if title is None or (not title.strip() and kind is not ConversationKind.CHANNEL):
        if kind is ConversationKind.CHANNEL:
            raise Invalid("A channel is found by its title. Give it one.", ["title"])
        return None
    return clean_line(title, most=TITLE_MAX, path=["title"], what="The title")


def clean_purpose(text: str) -> str:
    """Raises `Invalid`."""
    return clean_optional(text, most=PURPOSE_MAX, path=["purpose"], what="The purpose")


async def _permitted(
    ctx: Context, id: uuid.UUID, may: Condition | None, what: str, *, archived: bool, lock: bool = False
) -> Conversation:
    found = await reached(Conversation, ctx.me, id, lock=lock)
    if found is None:
        raise NotFound(path=["conversationId"])
    if found.archived_at is not None and not archived:
        raise Forbidden(ARCHIVED, ["conversationId"])
    if may is not None:
        await ctx.ensure(may, found, what)
    return found


async def _direct(ctx: Context, new: NewConversation, client_id: str | None) -> Any:
    me = ctx.me.person_id
    if new.title is not None or new.purpose or new.home is not None:
        raise Invalid("A direct conversation has neither title, purpose nor home. Leave them out.", ["title"])
    named = set(new.people)
    others = named - {me}
    if not named or len(others) > 1:
        raise Invalid("A direct conversation is with one person. For more, choose the kind GROUP.", ["personIds"])
    other = others.pop() if others else me
    if other is None:
        raise NotFound(path=["personIds", new.people.index(None)])
    pair = ":".join(str(id) for id in sorted([me, other]))
    if found := await _of_pair(ctx, pair):
        return found
    _, refused = await admissible(ctx, new.people)
    if refused:
        raise refused[0]
    row = _row(ctx, new, client_id)
    row.pair = pair
    try:
        return await _begin(ctx, row, list({me, other}), owner=None)
    except IntegrityError:
        return await _of_pair(ctx, pair) or await same(Conversation, ctx, client_id, author="created_by")


async def _gathering(ctx: Context, new: NewConversation, client_id: str | None) -> Any:
    if not (await ctx.holds(policy.can_gather, [{}]))[0]:
        raise Forbidden(FROM_OUTSIDE, ["kind"])
    is_channel = new.kind is ConversationKind.CHANNEL
    row = _row(ctx, new, client_id)
    row.title, row.purpose = clean_title(new.title, new.kind), clean_purpose(new.purpose)
    row.home_id = await _home(ctx, new.home) if is_channel else None
    if new.home is not None and not is_channel:
        raise Invalid("Only channels have a home. Leave it out, or choose the kind CHANNEL.", ["homeId"])
    others = [id for id in new.people if id != ctx.me.person_id]
    if len(others) > PEOPLE_MAX or not (others or is_channel):
        raise Invalid(f"Name between 1 and {PEOPLE_MAX} people to talk with.", ["personIds"])
    fit, refused = await admissible(ctx, new.people)
    if refused:
        raise refused[0]
    people = [ctx.me.person_id, *(id for id in fit if id != ctx.me.person_id)]
    if is_channel or len(people) > RECEIPTS_UP_TO:
        row.receipts = ReceiptPolicy.OFF
    try:
        return await _begin(ctx, row, people, owner=ctx.me.person_id)
    except IntegrityError:
        return await same(Conversation, ctx, client_id, author="created_by")


async def _begin(ctx: Context, row: Conversation, people: Sequence[uuid.UUID], *, owner: uuid.UUID | None) -> Any:
    me = ctx.me.person_id
    async with ctx.transaction(audience_stream(row.id)):
        await share_stream(ORG)
        await Audience.create(id=row.id, kind=AudienceKind.CONVERSATION)
        await row.save(force_create=True)
        come = await members.enrol(row.id, people, owner=owner, since=0, by=me, now=ctx.now())
        ctx.emit(ConversationStarted(row.id))
        for person in come:
            ctx.emit(ConversationJoined(row.id, person))
    return await ctx.loaders["conversations"].load(row.id)


def _row(ctx: Context, new: NewConversation, client_id: str | None) -> Conversation:
    moment = ctx.now()
    return Conversation(
        id=uuid.uuid4(),
        kind=new.kind,
        client_id=client_id,
        created_by=ctx.me.person_id,
        created_at=moment,
        moved_at=moment,
    )


async def _of_pair(ctx: Context, pair: str) -> Any:
    found = await scope(Conversation, ctx.me).filter(pair=pair).first()
    return None if found is None else await ctx.loaders["conversations"].load(found.id)


async def _home(ctx: Context, id: uuid.UUID | None) -> uuid.UUID:
    """The audience at which a channel is found: one that the viewer belongs to. Raises `NotFound` or `Forbidden`."""
    home = COMPANY if id is None else id
    if (await ctx.holds(policy.belongs_at_home, [{"home_id": home}]))[0]:
        return home
    known = [await ctx.loaders[loader].load(home) for loader in ("groups", "units")]
    if not any(known):
        raise NotFound(path=["homeId"])
    raise Forbidden(NOT_AT_HOME, ["homeId"])
