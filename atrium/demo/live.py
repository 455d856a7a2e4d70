"""A demonstration company that lives: every few seconds a colleague acts, through the same actions as everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from uuid import UUID

import asyncpg
import structlog

from atrium.demo import chatting
from atrium.demo.accounts import EMAILS
from atrium.demo.acts import Act, Colleague, RecentPost, next_act
from atrium.demo.divisions import kind_of
from auth import sessions
from models import db
from models.audiences import AudienceKind
from models.errors import DomainError
from models.feed import PostKind
from resolvers import answers, comments, reactions
from resolvers import posts as feed
from resolvers.audiences import AudienceChoice
from resolvers.context import Context, Request, Services

PAUSE = (3.0, 9.0)  # seconds between two acts
CHAT_PAUSE = (8.0, 20.0)  # between two messages of themselves
LISTENING = (1.0, 2.0)  # between two looks whether somebody waits for an answer
COLLEAGUES = 200
POSTS = 40
PLAIN = ("discussion", "question", "idea", "article")  # kinds that are nothing but a text

out = structlog.get_logger()

PEOPLE = """
SELECT p.id, p.email, p.name, coalesce(p.location, '') AS city, u.head_id = p.id AS is_head,
       ARRAY(SELECT a.id FROM unit_closure c JOIN org_unit a ON a.id = c.ancestor_id
             WHERE c.descendant_id = p.unit_id AND a.parent_id IS NOT NULL ORDER BY c.depth) AS unit_ids,
       (SELECT a.name FROM unit_closure c JOIN org_unit a ON a.id = c.ancestor_id
        JOIN org_unit top ON top.id = a.parent_id AND top.parent_id IS NULL
        WHERE c.descendant_id = p.unit_id) AS division,
       ARRAY(SELECT g.id FROM membership m JOIN groups g ON g.id = m.group_id
             WHERE m.person_id = p.id AND m.status = 'MEMBER' AND g.archived_at IS NULL ORDER BY g.id) AS group_ids
FROM person p JOIN org_unit u ON u.id = p.unit_id
WHERE p.active AND NOT p.is_guest AND p.email <> ALL($1::text[]) ORDER BY md5(p.id::text || $2) LIMIT $3
"""
RECENT = """
SELECT p.id, p.author_id, a.kind AS place, a.id AS audience_id, lower(p.kind) AS kind,
       CASE WHEN p.kind = 'QUESTION' AND p.accepted_id IS NULL THEN (
           SELECT c.id FROM comment c WHERE c.post_id = p.id AND NOT c.removed AND c.author_id <> p.author_id
           ORDER BY c.id LIMIT 1) END AS answer_id
FROM post p JOIN audience a ON a.id = p.audience_id
WHERE p.status = 'PUBLISHED' AND a.kind IN ('COMPANY', 'UNIT', 'GROUP') AND NOT a.read_only AND NOT p.comments_closed
  AND p.author_id IS NOT NULL
ORDER BY p.published_at DESC LIMIT $1
"""


Step = Callable[[Services, Random], Awaitable[object]]


async def live(services: Services, *, seed: int | None = None) -> None:
    """Until cancelled: some act, some chat, and whoever is written to answers."""
    rng = Random(seed)  # noqa: S311 - a company that does not exist
    async with asyncio.TaskGroup() as tasks:
        for step, pause in ((act, PAUSE), (chatting.chat, CHAT_PAUSE), (chatting.answer, LISTENING)):
            tasks.create_task(_keep(services, rng, step, pause))


async def _keep(services: Services, rng: Random, step: Step, pause: tuple[float, float]) -> None:
    """Again and again. What fails (a colleague who has left, a post that is gone) is passed over."""
    while True:
        await asyncio.sleep(rng.uniform(*pause))
        try:
            await step(services, rng)
        except DomainError:
            continue
        except Exception as error:
            out.warning("demonstration_paused", error=repr(error))
            await asyncio.sleep(PAUSE[1])


async def act(services: Services, rng: Random) -> Act | None:
    """One act of one colleague, who is never one of the four accounts; None where there is nobody."""
    people = [_colleague(r) for r in await db.rows(PEOPLE, list(EMAILS), str(rng.random()), COLLEAGUES)]
    posts = [_recent(r) for r in await db.rows(RECENT, POSTS)]
    chosen = next_act(rng, people, posts)
    viewer = await sessions.acting(chosen.author_id) if chosen else None
    if chosen is None or viewer is None:
        return None
    await _done(Context(services, viewer, Request(id="demonstration")), chosen)
    return chosen


async def _done(ctx: Context, chosen: Act) -> None:
    match chosen:
        case Act(kind="comment", post_id=UUID() as post):
            await comments.add_comment(ctx, post, body=chosen.text)
        case Act(kind="reaction", post_id=UUID() as post):
            await reactions.add_reaction(ctx, "Post", post, chosen.text)
        case Act(kind="answer", post_id=UUID() as post):
            await answers.accept_answer(ctx, post, chosen.answer_id)
        case _:
            kind = PostKind(chosen.post_kind.upper()) if chosen.post_kind in PLAIN else PostKind.DISCUSSION
            audience = AudienceChoice(unit=chosen.unit_id, group=chosen.group_id)
            new = feed.NewPost(kind, chosen.text, title=chosen.title, audience=audience, tags=chosen.tags)
            await feed.create_post(ctx, new)


def _recent(row: asyncpg.Record) -> RecentPost:
    place, audience = row["place"], row["audience_id"]
    return RecentPost(
        row["id"],
        row["author_id"],
        audience if place == AudienceKind.UNIT else None,
        row["kind"],
        (),
        group_id=audience if place == AudienceKind.GROUP else None,
        answer_id=row["answer_id"],
    )


def _colleague(row: asyncpg.Record) -> Colleague:
    return Colleague(
        id=row["id"],
        email=row["email"] or "",
        name=row["name"],
        kind=kind_of(row["division"] or ""),
        city=row["city"],
        unit_ids=tuple(row["unit_ids"]),
        is_head=bool(row["is_head"]),
        group_ids=tuple(row["group_ids"]),
    )
