"""Saying things in conversations by operations, and what is stored and told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from execution.ids import decode_id
from models import db
from models.conversations import Conversation
from models.messages import Message
from tests.conftest import Ask
from tests.factories.ids import global_id

SEND, EDIT, DELETE = "messages/send_message", "messages/edit_message", "messages/delete_message"
PIN, UNPIN = "message_pins/pin_message", "message_pins/unpin_message"

HEARD = """
SELECT e.kind, m.sequence FROM event e LEFT JOIN message m ON m.id = e.subject_id
WHERE e.audience_id = $1 ORDER BY e.generation, e.xid, e.id
"""
NAMED = """
SELECT p.name FROM event e JOIN person p ON p.id = (e.refs->>'person')::uuid
WHERE e.kind = 'NamedInMessage' AND e.subject_id = $1 ORDER BY e.generation, e.xid, e.id
"""

Payload = Mapping[str, Any]


async def say(ask: Ask, who: Any, conversation: Conversation | str, body: str = "Hello", **more: Any) -> Payload:
    """The payload of a message that somebody sends."""
    where = conversation if isinstance(conversation, str) else global_id(conversation)
    return (await ask(who, SEND, conversation_id=where, body=body, **more))["sendMessage"]


async def said(ask: Ask, who: Any, conversation: Conversation, body: str = "Hello", **more: Any) -> Message:
    """A message that somebody sends, and that is taken."""
    payload = await say(ask, who, conversation, body, **more)
    assert not payload["errors"], payload["errors"]
    return await Message.get(id=decode_id(payload["message"]["id"])[1])


async def act(ask: Ask, who: Any, operation: str, message: Message | str, **more: Any) -> Payload:
    """The payload of a mutation on a message."""
    id = message if isinstance(message, str) else global_id(message)
    [payload] = (await ask(who, operation, message_id=id, **more)).values()
    return payload


def codes(payload: Payload) -> list[str]:
    """Why a mutation was refused."""
    return [error["code"] for error in payload["errors"]]


def paths(payload: Payload) -> list[list[str] | None]:
    """What of the input was at fault."""
    return [error["path"] for error in payload["errors"]]


def sentence(payload: Payload) -> str:
    """What people read of the one refusal."""
    [error] = payload["errors"]
    return error["message"]


async def seen(ask: Ask, who: Any, message: Message) -> dict[str, Any] | None:
    """The message as somebody sees it; None where they do not."""
    return (await ask(who, "messages/message", id=global_id(message)))["node"]


async def stored(conversation: Conversation) -> list[tuple[int, str]]:
    """What is in a conversation, by sequence."""
    return [(m.sequence, m.body) for m in await Message.filter(conversation_id=conversation.id).order_by("sequence")]


async def heard(conversation: Conversation) -> list[tuple[str, int | None]]:
    """What the members of a conversation hear, in the order of the log, each with its message's sequence."""
    return [(row["kind"], row["sequence"]) for row in await db.rows(HEARD, conversation.id)]


async def named(message: Message) -> list[str]:
    """Who was told that a message names them, in the order of the log."""
    return [row["name"] for row in await db.rows(NAMED, message.id)]
