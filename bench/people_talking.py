"""A company that talks: so many people in one channel, each with a token, and a channel that nobody follows."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass

import httpx

from atrium.services import database, migrated
from auth import sessions
from execution.ids import encode_id
from models import audiences, db
from models.audiences import COMPANY, Audience, AudienceKind
from models.clock import SystemClock
from models.conversations import Conversation, ConversationKind
from models.keys import uuid7

SEND = """mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id } errors { message } } }"""
PEOPLE = """
INSERT INTO person (id, name, email, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at)
SELECT i, 'Person ' || n, 'person' || n || '@bench.example', '', '', false, true, 0, 1, $2, $2
FROM unnest($1::uuid[]) WITH ORDINALITY AS p(i, n)
"""
MEMBERS = """
INSERT INTO conversation_member (conversation_id, person_id, role, since, read_up_to, seen_up_to, joined_at)
SELECT $1, p, 'MEMBER', 0, 0, 0, $3 FROM unnest($2::uuid[]) p
"""

_numbers = itertools.count()


@dataclass(frozen=True)
class Talk:
    """The global ids of the two channels, and the members' tokens."""

    conversation: str
    silent: str
    tokens: list[str]


async def prepare(dsn: str, people: int) -> Talk:
    """Make the company in an empty database."""
    await migrated(dsn)
    now = SystemClock().now()
    async with database(dsn, pool=2):
        ids = [uuid7() for _ in range(people)]
        await db.execute(PEOPLE, ids, now)
        channels = [await _channel(ids, title) for title in ("Everybody", "Nobody")]
        tokens = [(await sessions.open_session(person, now=now))[0] for person in ids]
    return Talk(channels[0], channels[1], tokens)


async def say(http: httpx.AsyncClient, address: str, talk: Talk, conversation: str) -> None:
    """Have the first of them write something."""
    message = {"conversationId": conversation, "clientId": f"bench {next(_numbers)}", "body": "How far are we?"}
    answer = await http.post(
        f"http://{address}/graphql",
        json={"query": SEND, "variables": {"input": message}},
        headers={"authorization": f"Bearer {talk.tokens[0]}"},
    )
    body = answer.json()
    if body.get("errors") or body["data"]["sendMessage"]["errors"]:
        raise SystemExit(f"a message was refused: {body}")


async def _channel(people: list[uuid.UUID], title: str) -> str:
    now = SystemClock().now()
    made = Conversation(kind=ConversationKind.CHANNEL, title=title, home_id=COMPANY, created_at=now, moved_at=now)
    await Audience.create(id=made.id, kind=AudienceKind.CONVERSATION)
    await made.save(force_create=True)
    await audiences.add(made.id, people, listed=True)
    await db.execute(MEMBERS, made.id, people, now)
    return encode_id("Conversation", made.id)
