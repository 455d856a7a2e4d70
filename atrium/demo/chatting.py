"""Colleagues who chat in a living demonstration company: with the four accounts, whom they answer."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from random import Random
from typing import Any

import asyncpg

from atrium.demo.accounts import EMAILS
from atrium.demo.chat_phrases import ENGLISH
from atrium.demo.divisions import kind_of
from atrium.demo.echoes import draw_emoji
from atrium.demo.places import HEADQUARTERS, PLACES
from atrium.demo.texts import Writer, draw_subject, speaker
from auth import sessions
from models import db
from models.conversations import ConversationKind
from models.errors import DomainError
from resolvers import messages, presence, reactions, reading_pointers
from resolvers.context import Context, Request, Services

TYPING = (1.5, 4.0)  # seconds that a message takes to write
WAITING = timedelta(minutes=2)  # what is older waits for no answer any more
_CHEERS = 0.2  # of what colleagues do in conversations
_LONG = 0.25  # of the answers

# A conversation of one of the four in which somebody else is, and what was said there last.
ROOM = """
SELECT c.id, c.kind, c.sequence, m.id AS message_id, m.author_id, m.removed
FROM conversation c LEFT JOIN message m ON m.conversation_id = c.id AND m.sequence = c.sequence
WHERE c.archived_at IS NULL AND c.id IN (
    SELECT w.conversation_id FROM conversation_member w JOIN person p ON p.id = w.person_id WHERE p.email = ANY($1))
ORDER BY md5(c.id::text || $2) LIMIT 1
"""
COLLEAGUE = """
SELECT p.id, coalesce(p.location, '') AS city, (
    SELECT q.name FROM person q WHERE q.unit_id = p.unit_id AND q.id <> p.id AND q.active ORDER BY q.id LIMIT 1
) AS mate, (
    SELECT a.name FROM unit_closure u JOIN org_unit a ON a.id = u.ancestor_id
    JOIN org_unit top ON top.id = a.parent_id AND top.parent_id IS NULL WHERE u.descendant_id = p.unit_id) AS division
FROM conversation_member w JOIN person p ON p.id = w.person_id
WHERE w.conversation_id = $1 AND p.active AND NOT p.is_guest AND p.email <> ALL($2)
ORDER BY md5(p.id::text || $3) LIMIT 1
"""
UNANSWERED = """
SELECT c.id, c.kind, c.sequence, m.id AS message_id, m.body
FROM person p JOIN message m ON m.author_id = p.id AND m.created_at > $2 AND NOT m.removed
    JOIN conversation c ON c.id = m.conversation_id AND c.sequence = m.sequence AND c.archived_at IS NULL
WHERE p.email = ANY($1) ORDER BY m.id
"""


async def chat(services: Services, rng: Random, typing: tuple[float, float] = TYPING) -> Any:
    """Have a colleague say something to one of the four, or react to what was said; None where there is nobody."""
    room = await db.row(ROOM, list(EMAILS), str(rng.random()))
    found = await _colleague(services, rng, room["id"]) if room else None
    if room is None or found is None:
        return None
    ctx, writer = found
    if room["sequence"] and rng.random() < _CHEERS and not room["removed"] and room["author_id"] != ctx.me.person_id:
        await reading_pointers.mark_read(ctx, room["id"], room["sequence"])
        return await reactions.add_reaction(ctx, "Message", room["message_id"], draw_emoji(rng, "discussion"))
    return await _write(ctx, room["id"], _opening(rng, writer, room["kind"]), rng.uniform(*typing))


async def answer(services: Services, rng: Random, typing: tuple[float, float] = TYPING) -> int:
    """Have everything answered that one of the four has just said to colleagues; how many answers that were.

    Whoever answers has read it and is seen to write first.
    """
    waiting = await db.rows(UNANSWERED, list(EMAILS), services.clock.now() - WAITING)
    answers = await asyncio.gather(*(_answer(services, rng, said, rng.uniform(*typing)) for said in waiting))
    return sum(answers)


async def _answer(services: Services, rng: Random, said: asyncpg.Record, seconds: float) -> bool:
    found = await _colleague(services, rng, said["id"])
    if found is None:
        return False
    ctx, writer = found
    try:
        await reading_pointers.mark_read(ctx, said["id"], said["sequence"])
        text = _answering(rng, writer, said["body"], said["kind"])
        await _write(ctx, said["id"], text, seconds, client_id=f"answer:{said['message_id']}")
    except DomainError:  # they have left it meanwhile, or are blocked
        return False
    return True


async def _write(ctx: Context, conversation: uuid.UUID, text: str, seconds: float, client_id: str | None = None) -> Any:
    await presence.start_typing(ctx, conversation)
    await asyncio.sleep(seconds)
    ctx.forget()
    return await messages.send_message(ctx, conversation, body=text, client_id=client_id)


async def _colleague(services: Services, rng: Random, conversation: uuid.UUID) -> tuple[Context, Writer] | None:
    """Somebody of a conversation who is none of the four, at work; None where there is nobody."""
    row = await db.row(COLLEAGUE, conversation, list(EMAILS), str(rng.random()))
    viewer = await sessions.acting(row["id"]) if row else None
    if row is None or viewer is None:
        return None
    city = row["city"] or HEADQUARTERS.city
    other = rng.choice([place.city for place in PLACES if place.city != city])
    writer = Writer(kind_of(row["division"] or ""), city, other, row["mate"] or "the service desk")
    return Context(services, viewer, Request(id="demonstration")), writer


def _opening(rng: Random, writer: Writer, kind: str) -> str:
    exchanges = ENGLISH.two if kind == ConversationKind.DIRECT else ENGLISH.more
    return speaker(rng, "en", draw_subject(rng, writer.kind, "en"), writer)(rng.choice(exchanges).opens)


def _answering(rng: Random, writer: Writer, text: str, kind: str) -> str:
    """What fits a question, or what fits anything."""
    say = speaker(rng, "en", draw_subject(rng, writer.kind, "en"), writer)
    exchanges = ENGLISH.two if kind == ConversationKind.DIRECT else ENGLISH.more
    asked = "?" in text or rng.random() < _LONG
    return say(rng.choice(exchanges).answers if asked else ENGLISH.short)
