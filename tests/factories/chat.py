"""Conversations, who is in them, and what was said, as rows."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from models import audiences, db
from models.audiences import Audience, AudienceKind
from models.conversations import Conversation, ConversationKind, ConversationMember, ConversationRole
from models.messages import Message
from models.people import Person
from tests.factories.ids import global_id
from tests.factories.outsiders import Outsider
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

_second = count()

SEQUENCE = """
UPDATE conversation SET sequence = sequence + 1, moved_at = $2 WHERE id = $1 RETURNING sequence
"""
READ = """
UPDATE conversation_member SET read_up_to = $3 WHERE conversation_id = $1 AND person_id = $2
"""


async def a_conversation(
    *people: Person, kind: ConversationKind = ConversationKind.GROUP, archived: bool = False, **more: Any
) -> Conversation:
    """People who talk to each other; unless they are two in a direct one, the first of them owns it."""
    moment = NOW + timedelta(seconds=next(_second))
    values: dict[str, Any] = {"created_at": moment, "moved_at": moment, "archived_at": moment if archived else None}
    if kind is ConversationKind.DIRECT:
        values["pair"] = ":".join(str(id) for id in sorted([people[0].id, people[-1].id]))
    if kind is ConversationKind.CHANNEL:
        values |= {"title": "Lobby", "home_id": audiences.COMPANY}
    conversation = Conversation(kind=kind, **(values | more))
    await Audience.create(id=conversation.id, kind=AudienceKind.CONVERSATION, read_only=archived)
    await conversation.save(force_create=True)
    for i, person in enumerate(dict.fromkeys(people)):
        owns = i == 0 and kind is not ConversationKind.DIRECT
        await a_partner(conversation, person, ConversationRole.OWNER if owns else ConversationRole.MEMBER)
    return conversation


async def a_partner(
    conversation: Conversation, person: Person, role: ConversationRole = ConversationRole.MEMBER, **more: Any
) -> ConversationMember:
    """Somebody who is in a conversation, and came after those before; they read all of it, and have read nothing."""
    moment = NOW + timedelta(seconds=next(_second))
    await audiences.add(conversation.id, [person.id], listed=True)
    values: dict[str, Any] = {"joined_at": moment} | more
    return await ConversationMember.create(conversation_id=conversation.id, person_id=person.id, role=role, **values)


async def a_message(conversation: Conversation, body: str = "Hello", *, author: Person, **more: Any) -> Message:
    """The next message of a conversation, which its author has read."""
    moment = NOW + timedelta(seconds=next(_second))
    sequence = await db.value(SEQUENCE, conversation.id, moment)
    await db.execute(READ, conversation.id, author.id, sequence)
    values: dict[str, Any] = {"sequence": sequence, "created_at": moment} | more
    return await Message.create(conversation_id=conversation.id, author_id=author.id, body=body, **values)


async def settle(ground: Ground) -> None:
    """A group in which all were who were insiders once, of whom those who are none any more were taken out."""
    group = await _talk(ground, "GROUP", ground.ivan, *ground.insiders, ground.iris)
    for who in (Outsider.MOVED, Outsider.LEFT):
        out = {"conversation_id": group, "person_id": global_id(ground.outsiders[who])}
        await _done(ground, ground.ida, "conversation_people/remove_conversation_member", **out)


async def plant(ground: Ground) -> None:
    """A direct conversation, a group and a channel of the insiders, in which they talk."""
    await _talk(ground, "DIRECT", ground.ivan)
    await _talk(ground, "GROUP", ground.ivan, ground.iris)
    await _talk(ground, "CHANNEL", ground.ivan, ground.iris, home_id=global_id(ground.unit))


async def _talk(ground: Ground, kind: str, *people: Person, **more: str) -> str:
    """The id of a conversation of Ida's in which Ivan answers; it is read, pinned, edited and removed there."""
    said = {} if kind == "DIRECT" else {"title": ground.word("title"), "purpose": ground.word("purpose")}
    others = [global_id(one) for one in dict.fromkeys(people) if one is not ground.ida]
    started = {"kind": kind, "person_ids": others, **said, **more}
    talk = (await _done(ground, ground.ida, "conversations/start_conversation", **started))["conversation"]["id"]
    first = await _said(ground, ground.ida, talk)
    messages = [
        first,
        await _said(ground, ground.ivan, talk, reply_to_id=first),
        await _said(ground, ground.ivan, talk),
    ]
    edited = {"message_id": messages[-1], "body": ground.word("edit")}
    await _done(ground, ground.ivan, "messages/edit_message", **edited)
    await _done(ground, ground.ivan, "message_pins/pin_message", message_id=first)
    await _done(
        ground, ground.ida, "conversation_reading/mark_conversation_read", conversation_id=talk, up_to_sequence=3
    )
    await _done(ground, ground.ivan, "reactions/add_reaction", subject_id=first, emoji="👍")
    for id in (talk, *messages):
        ground.hide(id)
    return talk


async def _said(ground: Ground, author: Person, talk: str, **more: str) -> str:
    said = {"conversation_id": talk, "body": f"Of **{ground.word('message')}**", **more}
    return (await _done(ground, author, "messages/send_message", **said))["message"]["id"]


async def _done(ground: Ground, who: Person, operation: str, **variables: Any) -> dict[str, Any]:
    [payload] = (await ground.ask(who, operation, **variables)).values()
    assert not payload["errors"], payload["errors"]
    return payload
