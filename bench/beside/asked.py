"""What is asked: eight operations of real screens, by two dozen viewers, each time about something else."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from atrium.services import database
from auth import sessions
from bench.networks import TEAM, TEAMS
from execution.ids import encode_id
from models import db
from models.clock import SystemClock

DOCUMENTS = Path(__file__).parents[1] / "documents"
VIEWERS = 24  # so that no cache lives on one of them
POSTS = 100  # of each viewer's feed, to write under
LONG = 60  # messages of a conversation that has a whole page of them
EMOJI = (
    "😀",
    "😎",
    "🤝",
    "🚀",
    "💡",
    "🔥",
    "✅",
    "👀",
    "🌱",
    "🍀",
    "🎯",
    "🧩",
    "📌",
    "🥇",
    "🌍",
    "☕",
    "🎵",
    "📚",
    "🏁",
    "🧭",
)
LIFE = timedelta(days=1)

PEOPLE = f"""
SELECT p.id, c.id AS conversation FROM person p CROSS JOIN LATERAL (
    SELECT c.id FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
    WHERE m.person_id = p.id AND c.sequence >= {LONG} ORDER BY c.id LIMIT 1
) c
WHERE p.active AND NOT p.is_guest AND NOT EXISTS (SELECT 1 FROM org_unit u WHERE u.head_id = p.id)
ORDER BY md5(p.id::text) LIMIT {VIEWERS}
"""
FEED = f"""
SELECT p.id FROM post p WHERE p.audience_id = ANY($1::uuid[]) AND p.status = 'PUBLISHED'
ORDER BY p.published_at DESC, p.id DESC LIMIT {POSTS}
"""
OTHERS = "SELECT id FROM person WHERE active AND NOT is_guest ORDER BY md5(name) LIMIT 200"
# Departments that are full; the first one's head is that of the company, with far more below.
UNITS = f"""
SELECT u.id FROM org_unit u WHERE u.name <> 'Department 0' AND (
    SELECT count(*) FROM unit_closure c JOIN person p ON p.unit_id = c.descendant_id WHERE c.ancestor_id = u.id
) = {TEAM * TEAMS} ORDER BY u.id LIMIT 20
"""
WORDS = "SELECT body FROM post WHERE length(body) > 40 ORDER BY md5(id::text) LIMIT 50"


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks."""

    person: uuid.UUID
    token: str
    conversation: uuid.UUID
    posts: list[uuid.UUID]


@dataclass(frozen=True)
class Cast:
    """Who asks, and about whom and what."""

    viewers: list[Viewer]
    people: list[uuid.UUID]
    units: list[uuid.UUID]
    words: list[str]
    _numbers: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(itertools.count))

    def wishes(self, operation: str, count: int) -> list[dict[str, Any]]:
        """What the next so many requests are about: plain keys by their kind, and texts. No two write the same."""
        return [self._wish(next(self._numbers[operation])) for _ in range(count)]

    @property
    def tokens(self) -> dict[uuid.UUID, str]:
        """By whom they let in."""
        return {one.person: one.token for one in self.viewers}

    def _wish(self, n: int) -> dict[str, Any]:
        viewer = self.viewers[n % len(self.viewers)]
        turn = n // len(self.viewers)
        return {
            "viewer": viewer.person,
            "conversation": viewer.conversation,
            "post": viewer.posts[turn % len(viewer.posts)],
            "emoji": EMOJI[turn // len(viewer.posts) % len(EMOJI)],
            "person": self.people[n % len(self.people)],
            "unit": self.units[n % len(self.units)],
            "text": self.words[n % len(self.words)],
            "body": f"What I think of it, number {n}: it will do, if we are quick.",
        }


@dataclass(frozen=True)
class Operation:
    """A document, its variables for a wish, and which fields of an answer are drawn for each."""

    name: str
    document: str
    variables: Callable[[Mapping[str, Any]], dict[str, Any]]
    drawn: frozenset[str] = frozenset()
    has_whole: bool = True  # PostgreSQL alone can make all of its answer

    @cached_property
    def text(self) -> str:
        return (DOCUMENTS / f"{self.document}.graphql").read_text()


def _id(kind: str, name: str, wish: Mapping[str, Any]) -> str:
    return encode_id(kind, wish[name])


NEW = frozenset({"id", "createdAt", "sequence"})
OPERATIONS = (
    Operation("HomeFeed", "home_feed", lambda w: {}),
    Operation("Profile", "profile", lambda w: {"id": _id("Person", "person", w)}),
    Operation("OrgChart", "org_chart", lambda w: {"rootId": _id("OrgUnit", "unit", w)}),
    Operation("ChatHistory", "chat_history", lambda w: {"id": _id("Conversation", "conversation", w)}),
    Operation("Search", "search", lambda w: {"text": w["text"]}, has_whole=False),
    Operation(
        "AddReaction", "add_reaction", lambda w: {"input": {"subjectId": _id("Post", "post", w), "emoji": w["emoji"]}}
    ),
    Operation(
        "AddComment", "add_comment", lambda w: {"input": {"postId": _id("Post", "post", w), "body": w["body"]}}, NEW
    ),
    Operation(
        "SendMessage",
        "send_message",
        lambda w: {"input": {"conversationId": _id("Conversation", "conversation", w), "body": w["body"]}},
        NEW,
    ),
)
READS = ("HomeFeed", "Profile", "OrgChart", "ChatHistory", "Search")


async def prepare(dsn: str) -> Cast:
    """Choose who asks, and let them in."""
    now = SystemClock().now()
    async with database(dsn, pool=2, limits=db.UNHURRIED):
        viewers: list[Viewer] = []
        for person, conversation in await db.rows(PEOPLE):
            who = await sessions.acting(person)
            assert who
            posts = [row[0] for row in await db.rows(FEED, list(who.audiences))]
            secret, _ = await sessions.open_token(person, "bench", None, now + LIFE, now=now)
            viewers.append(Viewer(person, secret, conversation, posts))
        people, units = [[row[0] for row in await db.rows(sql)] for sql in (OTHERS, UNITS)]
        words = [max(row[0].strip(".").split(), key=len) for row in await db.rows(WORDS)]
    return Cast(viewers, people, units, words)
