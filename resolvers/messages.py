"""Messages: written, edited and removed."""

from __future__ import annotations

import uuid
from typing import Any

from auth.conditions import Params
from auth.policies import chat as policy
from auth.scope import reached, readable
from models import messages as table
from models import reactions
from models.conversations import Conversation
from models.errors import Conflict, Forbidden, NotFound
from models.keys import uuid7
from models.messages import MESSAGE_MAX, Message
from models.text import clean
from resolvers import message_mentions as mentions
from resolvers import revisions
from resolvers.blocks import refuse_blockers
from resolvers.client_ids import client_id_of, expect
from resolvers.context import Context
from resolvers.message_rows import held, refuse_writing
from subscriptions.chat import MessageDeleted, MessageEdited, MessagePosted
from subscriptions.events import audience_stream

NO_LIMIT = 2**31 - 1  # people
USED = "This clientId was used for another message, elsewhere or no longer here. Choose a new one."


async def send_message(
    ctx: Context,
    conversation: uuid.UUID,
    *,
    body: str,
    reply_to: uuid.UUID | None = None,
    client_id: str | None = None,
    confirm_everyone: bool = False,
) -> Any:
    """Write a message, or reply to one. The same `client_id` of an author in a conversation is the same message.

    Raises `Invalid`, `NotFound`, `Forbidden` or `Conflict`.
    """
    body = _body_of(body)
    client_id = client_id_of(client_id)
    everyone = mentions.names_everyone(body)
    key, me = uuid7(), ctx.me.person_id
    posted = MessagePosted(conversation, key)
    most = NO_LIMIT if confirm_everyone else mentions.EVERYONE_MAX
    async with ctx.transaction(audience_stream(conversation)):
        # Everything is looked at with the stream held: whoever is taken out meanwhile has written before it, or not.
        params = Params([conversation, me, client_id, reply_to, everyone, most, key, body, ctx.now()])
        params += ctx.entry(posted)
        new = await table.post(_conditions(ctx, params), params)
        if new is None:
            return await _not_sent(
                ctx, conversation, client_id, reply_to, everyone=everyone, confirmed=confirm_everyone
            )
        ctx.noted(posted)
        await mentions.follow(ctx, new, everyone_is_new=everyone)
    return new


async def edit_message(
    ctx: Context, id: uuid.UUID, *, body: str, expected_version: int | None = None, confirm_everyone: bool = False
) -> Message:
    """Replace a message's text; what it said before stays in its history. The same text again changes nothing.

    Raises `Invalid`, `NotFound`, `Forbidden` or `Conflict`.
    """
    body = _body_of(body)
    async with held(ctx, id, policy.can_edit_message, "edit this message: that is for who wrote it") as edited:
        expect(edited, expected_version)
        if body == edited.body:
            return edited
        refuse_blockers(ctx, await table.blockers(edited.conversation_id, ctx.me.person_id), "messageId")
        everyone = mentions.names_everyone(body)
        is_new = everyone and not edited.everyone
        if is_new:
            mentions.ensure_meant(await mentions.members(edited.conversation_id), confirmed=confirm_everyone)
        await revisions.keep(ctx, edited, edited.created_at)
        edited.body, edited.everyone, edited.edited_at = body, everyone, ctx.now()
        edited.version += 1
        await edited.save(update_fields=["body", "everyone", "version", "edited_at"])
        ctx.emit(MessageEdited(edited.conversation_id, id))
        await mentions.follow(ctx, edited, everyone_is_new=is_new)
    return edited


async def delete_message(ctx: Context, id: uuid.UUID) -> Message:
    """Remove a message and wipe it; its place stays. Again is fine, and changes nothing. What is left of it.

    Raises `NotFound` or `Forbidden`.
    """
    may = policy.can_delete_message | policy.was_deleted
    async with held(ctx, id, may, "remove this message: that is for who wrote it and for the owners") as removed:
        if removed.removed:
            return removed
        removed.removed, removed.body, removed.everyone = True, "", False
        removed.pinned_at = removed.pinned_by = None
        removed.version += 1
        changed = ["removed", "body", "everyone", "pinned_at", "pinned_by", "version"]
        await removed.save(update_fields=changed)
        await reactions.forget(id)
        await mentions.forget(id)
        await revisions.wipe(id)
        ctx.emit(MessageDeleted(removed.conversation_id, id))
    return removed


def _body_of(body: str) -> str:
    cleaned = clean(body, most=MESSAGE_MAX, path=["body"], what="A message")
    mentions.named(cleaned)  # read here, where nobody waits for it
    return cleaned


def _conditions(ctx: Context, params: Params) -> dict[str, str]:
    return {
        "may_write": policy.can_write.sql(ctx.me, params, "r"),
        "readable": readable(Conversation, ctx.me, params, "r"),
        "readable_reply": readable(Message, ctx.me, params, "t"),
    }


async def _not_sent(
    ctx: Context,
    conversation: uuid.UUID,
    client_id: str | None,
    reply_to: uuid.UUID | None,
    *,
    everyone: bool,
    confirmed: bool,
) -> Message:
    """What the viewer has written with this client's id; where there is nothing such, it says what was in the way."""
    params = Params([conversation, ctx.me.person_id, client_id, reply_to, everyone])
    place = await table.place(_conditions(ctx, params), params)
    if place is None:
        raise NotFound(path=["conversationId"])
    if place["earlier_id"]:
        return await _earlier(ctx, place)
    await _ensure_room(ctx, place, reply_to)
    mentions.ensure_meant(place["members"], confirmed=confirmed)
    raise Conflict(USED, ["clientId"])  # at this very moment, in another conversation


async def _earlier(ctx: Context, place: Any) -> Message:
    """What the viewer has written with this client's id. Raises `Conflict` where that was elsewhere."""
    found = await reached(Message, ctx.me, place["earlier_id"])
    if found is None or found.conversation_id != place["id"]:
        raise Conflict(USED, ["clientId"])
    return found


async def _ensure_room(ctx: Context, place: Any, reply_to: uuid.UUID | None) -> None:
    """Raise `Forbidden` or `NotFound` unless the viewer may write there, and reply to that."""
    if not place["may_write"]:
        await refuse_writing(ctx, place)
    refuse_blockers(ctx, place["blockers"], "conversationId")
    if reply_to and place["thread_id"] is None:
        raise NotFound("There is no such message in this conversation.", ["replyToId"])
    if place["is_removed"]:
        raise Forbidden("This message was removed. Reply to another one of its thread.", ["replyToId"])
