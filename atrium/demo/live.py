"""A demonstration company that lives: every few seconds a colleague acts, through the same actions as everybody."""

from __future__ import annotations

import asyncio
from random import Random

import asyncpg
import structlog

from atrium.demo.accounts import EMAILS
from atrium.demo.acts import Act, Colleague, RecentPost, next_act
from atrium.demo.divisions import kind_of
from auth import sessions
from models import db
from models.audiences import COMPANY
from models.errors import DomainError
from models.feed import PostKind
from resolvers import feed
from resolvers.context import Context, Request, Services
from resolvers.feed import AudienceChoice

PAUSE = (3.0, 9.0)  # seconds between two acts
COLLEAGUES = 200
POSTS = 40

out = structlog.get_logger()

PEOPLE = """
SELECT p.id, p.email, p.name, coalesce(p.location, '') AS city, u.head_id = p.id AS is_head,
       ARRAY(SELECT a.id FROM unit_closure c JOIN org_unit a ON a.id = c.ancestor_id
             WHERE c.descendant_id = p.unit_id AND a.parent_id IS NOT NULL ORDER BY c.depth) AS unit_ids,
       (SELECT a.name FROM unit_closure c JOIN org_unit a ON a.id = c.ancestor_id
        JOIN org_unit top ON top.id = a.parent_id AND top.parent_id IS NULL
        WHERE c.descendant_id = p.unit_id) AS division
FROM person p JOIN org_unit u ON u.id = p.unit_id
WHERE p.active AND NOT p.is_guest AND p.email <> ALL($1::text[]) ORDER BY md5(p.id::text || $2) LIMIT $3
"""
RECENT = """
SELECT p.id, p.author_id, p.audience_id FROM post p LEFT JOIN org_unit u ON u.id = p.audience_id
WHERE p.status = 'PUBLISHED' AND (p.audience_id = $1 OR u.id IS NOT NULL)
ORDER BY p.published_at DESC LIMIT $2
"""


async def live(services: Services, *, seed: int | None = None) -> None:
    """Until cancelled. What fails (a colleague who has left, a post that is gone) is passed over."""
    rng = Random(seed)  # noqa: S311 - a company that does not exist
    while True:
        await asyncio.sleep(rng.uniform(*PAUSE))
        try:
            await act(services, rng)
        except DomainError:
            continue
        except Exception as error:
            out.warning("demonstration_paused", error=repr(error))
            await asyncio.sleep(PAUSE[1])


async def act(services: Services, rng: Random) -> Act | None:
    """One act of one colleague, who is never one of the four accounts; None where there is nobody."""
    people = [_colleague(r) for r in await db.rows(PEOPLE, list(EMAILS), str(rng.random()), COLLEAGUES)]
    posts = [
        RecentPost(r["id"], r["author_id"], None if r["audience_id"] == COMPANY else r["audience_id"], "discussion", ())
        for r in await db.rows(RECENT, COMPANY, POSTS)
    ]
    chosen = next_act(rng, people, posts)
    viewer = await sessions.acting(chosen.author_id) if chosen else None
    if chosen is None or viewer is None:
        return None
    ctx = Context(services, viewer, Request(id="demonstration"))
    if chosen.post_id is not None:
        await feed.add_comment(ctx, chosen.post_id, body=chosen.text)
    else:
        audience = AudienceChoice(unit=chosen.unit_id)
        await feed.create_post(ctx, kind=PostKind.DISCUSSION, body=chosen.text, title=chosen.title, audience=audience)
    return chosen


def _colleague(row: asyncpg.Record) -> Colleague:
    return Colleague(
        id=row["id"],
        email=row["email"] or "",
        name=row["name"],
        kind=kind_of(row["division"] or ""),
        city=row["city"],
        unit_ids=tuple(row["unit_ids"]),
        is_head=bool(row["is_head"]),
    )
