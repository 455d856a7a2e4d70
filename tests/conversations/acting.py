"""Acting on conversations by operations, and what is stored of them."""

from __future__ import annotations

from typing import Any

from models import db
from models.audiences import Audience
from models.conversations import Conversation, ConversationMember
from models.messages import Message
from models.people import Person
from tests.conftest import Ask
from tests.factories.ids import global_id

STORED = """
SELECT p.name, m.role, EXISTS (
    SELECT 1 FROM audience_member a WHERE a.person_id = m.person_id AND a.audience_id = m.conversation_id AND a.listed
) AS hears
FROM conversation_member m JOIN person p ON p.id = m.person_id WHERE m.conversation_id = $1 ORDER BY m.joined_at, m.id
"""
TOLD = "SELECT kind, audience_id, stream FROM event WHERE refs->>'conversation' = $1 ORDER BY generation, xid, id"


async def start(ask: Ask, who: Any, kind: str, *people: Person, **more: Any) -> dict[str, Any]:
    """The payload of `startConversation`."""
    given = {"kind": kind, "person_ids": [global_id(one) for one in people], **more}
    return (await ask(who, "conversations/start_conversation", **given))["startConversation"]


async def act(ask: Ask, who: Any, operation: str, conversation: Conversation | str, **more: Any) -> dict[str, Any]:
    """The payload of a mutation on a conversation; people among the arguments stand for their ids."""
    given = {name: global_id(value) if isinstance(value, Person) else value for name, value in more.items()}
    if people := given.pop("people", None):
        given["person_ids"] = [one if isinstance(one, str) else global_id(one) for one in people]
    id = conversation if isinstance(conversation, str) else global_id(conversation)
    [payload] = (await ask(who, operation, conversation_id=id, **given)).values()
    return payload


async def looked_at(ask: Ask, who: Any, conversation: Conversation | str) -> Any:
    """A conversation as somebody sees it; None where they do not."""
    id = conversation if isinstance(conversation, str) else global_id(conversation)
    return (await ask(who, "conversations/conversation_page", id=id, first=100))["conversation"]


async def unread(ask: Ask, who: Any, conversation: Conversation) -> int:
    return (await looked_at(ask, who, conversation))["unreadCount"]


async def badge(ask: Ask, who: Any) -> int:
    """In how many conversations something waits for somebody."""
    return (await ask(who, "conversation_reading/conversation_badge"))["viewer"]["unreadConversationCount"]


async def listed(ask: Ask, who: Any, filter: str = "ALL", **page: Any) -> list[Any]:
    """The titles of somebody's conversations."""
    data = await ask(who, "conversations/conversation_list", filter=filter, **({"first": 100} | page))
    return [one["title"] for one in data["viewer"]["conversations"]["nodes"]]


def codes(payload: dict[str, Any]) -> list[str]:
    """Why a mutation was refused."""
    return [error["code"] for error in payload["errors"]]


def paths(payload: dict[str, Any]) -> list[list[str] | None]:
    """What of the input was at fault."""
    return [error["path"] for error in payload["errors"]]


def says(payload: dict[str, Any]) -> str:
    """The sentence of the one refusal."""
    [error] = payload["errors"]
    return error["message"]


async def inside(conversation: Conversation) -> list[str]:
    """The names of those who are in it, those who came first first; each is in its audience, and nobody else is."""
    found = await db.rows(STORED, conversation.id)
    assert all(row["hears"] for row in found)
    counted = await db.value("SELECT count(*) FROM audience_member WHERE audience_id = $1", conversation.id)
    assert counted == len(found)
    return [row["name"] for row in found]


async def owners(conversation: Conversation) -> list[str]:
    """The names of those who own it."""
    return [row["name"] for row in await db.rows(STORED, conversation.id) if row["role"] == "OWNER"]


async def member(conversation: Conversation, person: Person) -> ConversationMember:
    return await ConversationMember.get(conversation_id=conversation.id, person_id=person.id)


async def is_archived(conversation: Conversation) -> bool:
    """Whether it is archived, and its audience with it."""
    row, audience = await Conversation.get(id=conversation.id), await Audience.get(id=conversation.id)
    assert audience.read_only is (row.archived_at is not None)
    return audience.read_only


async def told(conversation: Conversation) -> list[str]:
    """The kinds of what was told of a conversation, in order."""
    return [row["kind"] for row in await db.rows(TOLD, str(conversation.id))]


async def stored_by(payload: dict[str, Any]) -> Conversation:
    """The row of the conversation that a mutation answers."""
    rows = {global_id(row): row for row in await Conversation.all()}
    return rows[payload["conversation"]["id"]]


async def read_by(ask: Ask, who: Any, message: Message, conversation: Conversation) -> Any:
    """What is told to somebody of who has read a message: None, a number, or names."""
    data = await ask(who, "receipts/message_readers", id=global_id(conversation), last=100, first=100)
    [found] = [one for one in data["conversation"]["messages"]["nodes"] if one["id"] == global_id(message)]
    told = found["readBy"]
    if told is None:
        return None
    if told["people"] is None:
        return told["count"]
    assert told["count"] == told["people"]["totalCount"]
    return [one["name"] for one in told["people"]["nodes"]]
