"""Polls: a question in a post, with options that people choose among until it closes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from enum import StrEnum

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7

OPTION_MAX = 200  # characters
OPTIONS_MIN, OPTIONS_MAX = 2, 20  # of one poll


class PollResults(StrEnum):
    """When the viewer sees how others have voted."""

    ALWAYS = "ALWAYS"
    AFTER_VOTE = "AFTER_VOTE"
    AFTER_CLOSE = "AFTER_CLOSE"


class Poll(Model):
    """The poll of a post, whose key it has. Nobody is told who chose what."""

    id = fields.UUIDField(primary_key=True)
    is_multiple = fields.BooleanField(default=False)
    results = fields.CharEnumField(PollResults, max_length=16, default=PollResults.AFTER_VOTE)
    closes_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "poll"


class PollOption(Model):
    """One of a poll's options, in the order of `place` (from 0)."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    poll_id = fields.UUIDField()
    place = fields.SmallIntField()
    text = fields.CharField(max_length=OPTION_MAX)

    class Meta(Model.Meta):
        table = "poll_option"
        unique_together = (("poll_id", "place"),)


class PollVote(Model):
    """A person's choice of one option."""

    id = fields.BigIntField(primary_key=True, generated=True)
    poll_id = fields.UUIDField()
    option_id = fields.UUIDField(db_index=True)
    person_id = fields.UUIDField()

    class Meta(Model.Meta):
        table = "poll_vote"
        unique_together = (("poll_id", "person_id", "option_id"),)


POLLS = """
SELECT p.*, EXISTS (SELECT 1 FROM poll_vote v WHERE v.poll_id = p.id AND v.person_id = $2) AS viewer_has_voted,
    (SELECT count(DISTINCT v.person_id) FROM poll_vote v WHERE v.poll_id = p.id) AS voter_count
FROM poll p WHERE p.id = ANY($1::uuid[])
"""

OPTIONS = """
SELECT o.*, (SELECT count(*) FROM poll_vote v WHERE v.option_id = o.id) AS vote_count, EXISTS (
    SELECT 1 FROM poll_vote v WHERE v.poll_id = o.poll_id AND v.person_id = $2 AND v.option_id = o.id
) AS viewer_has_voted
FROM poll_option o WHERE o.poll_id = ANY($1::uuid[]) ORDER BY o.poll_id, o.place
"""

WITHDRAW = "DELETE FROM poll_vote WHERE poll_id = $1 AND person_id = $2 AND NOT option_id = ANY($3::uuid[])"

VOTE = """
INSERT INTO poll_vote (poll_id, person_id, option_id) SELECT $1, $2, o FROM unnest($3::uuid[]) o
ON CONFLICT (poll_id, person_id, option_id) DO NOTHING
"""


async def polls(posts: Sequence[uuid.UUID], viewer: uuid.UUID) -> list[asyncpg.Record]:
    """The polls of posts, each with how many have voted, and whether the viewer has."""
    return await db.rows(POLLS, posts, viewer)


async def options(posts: Sequence[uuid.UUID], viewer: uuid.UUID) -> list[asyncpg.Record]:
    """The options of polls in their order, each with its votes: whoever shows them asks first whether they are told."""
    return await db.rows(OPTIONS, posts, viewer)


async def offer(poll: uuid.UUID, texts: Sequence[str]) -> None:
    """Give a poll that nobody has voted in these options, and no others."""
    await PollOption.filter(poll_id=poll).delete()
    await PollOption.bulk_create(PollOption(poll_id=poll, place=i, text=text) for i, text in enumerate(texts))


async def vote(poll: uuid.UUID, person: uuid.UUID, options: Sequence[uuid.UUID]) -> bool:
    """Replace a person's votes; whether anything has changed. Wants the lock of the poll's row."""
    withdrawn = await db.execute(WITHDRAW, poll, person, options)
    return bool(await db.execute(VOTE, poll, person, options)) or bool(withdrawn)
