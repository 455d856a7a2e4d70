"""What is stored in the end, held against what was acknowledged and what was told."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from execution.cursors import Sealer
from execution.ids import decode_id
from models.audiences import COMPANY
from resolvers.live.kinds import CONVERSATION, FEED
from resolvers.streams import CURSOR
from subscriptions.events import audience_stream
from tests.chaos.following import Follower
from tests.chaos.replay import Conversation
from tests.chaos.stack import Fetch
from tests.chaos.writing import Acknowledged, said

LOG = """
SELECT generation, id FROM event
WHERE stream = $1 AND kind = ANY($2) AND audience_id IS NOT NULL AND NOT quiet AND (generation, xid, id) > ($3, $4, $5)
ORDER BY generation, xid, id
"""
MESSAGES = "SELECT client_id, id, sequence, conversation_id, body, version, removed FROM message"
NAMED = "SELECT client_id, id FROM {table} WHERE client_id IS NOT NULL"
REACTIONS = "SELECT subject_id, person_id, emoji FROM reaction"
POSTED = """
SELECT m.sequence FROM event e JOIN message m ON m.id = e.subject_id
WHERE e.stream = $1 AND e.kind = 'MessagePosted' ORDER BY e.generation, e.xid, e.id
"""


async def lost(fetch: Fetch, told: Acknowledged) -> dict[str, int]:
    """How many acknowledged writes are not there, and how many things are there twice."""
    messages = {row["client_id"]: row for row in await fetch(MESSAGES)}
    by_id = {row["id"]: row for row in messages.values()}
    posts, comments = [await fetch(NAMED.format(table=table)) for table in ("post", "comment")]
    reactions = {(row[0], row[1], row[2]) for row in await fetch(REACTIONS)}
    missing: Counter[str] = Counter(
        messages=sum(not _is_there(messages.get(id), id, *said) for id, said in told.messages.items()),
        posts=len({(id, key(post)) for id, post in told.posts.items()} - {(row[0], row[1]) for row in posts}),
        comments=len({(id, key(one)) for id, one in told.comments.items()} - {(row[0], row[1]) for row in comments}),
        edits=sum(by_id[key(id)]["version"] < version for id, version in told.edits.items()),
        deletes=sum(not by_id[key(id)]["removed"] for id in told.deletes),
        reactions=sum(
            (key(id), key(who), emoji) not in reactions
            for id, who, emoji in told.reactions
            if not by_id[key(id)]["removed"]
        ),
    )
    twice = [len(rows) - len({row["client_id"] for row in rows}) for rows in (await fetch(MESSAGES), posts, comments)]
    return {**missing, "twice": sum(twice)}


async def disorder(fetch: Fetch, conversations: Sequence[str]) -> int:
    """How many messages of the log do not follow the one before by their sequence."""
    wrong = 0
    for id in conversations:
        sequences = [row[0] for row in await fetch(POSTED, audience_stream(key(id)))]
        wrong += sum(a != b for a, b in zip(sequences, range(1, len(sequences) + 1), strict=True))
    return wrong


async def due(fetch: Fetch, follower: Follower) -> list[str]:
    """The ids of all events that a follower should have been told of since they began, in order."""
    known = follower.known
    place, kinds = (key(known.id), CONVERSATION) if isinstance(known, Conversation) else (COMPANY, FEED)
    sealer = Sealer([(follower.stack.data / "secret_key").read_text().strip().encode()])
    origin = sealer.open(CURSOR, "", follower.origin)
    found = await fetch(LOG, audience_stream(place), [kind.__name__ for kind in kinds], *origin)
    return [f"{generation:x}-{id:x}" for generation, id in found]


async def untold(fetch: Fetch, follower: Follower) -> dict[str, int]:
    """What a follower was told, held against the log from where they began: lost, repeated, or in another order."""
    every, heard = await due(fetch, follower), follower.events
    first, known = [*dict.fromkeys(heard)], {*heard}
    return {
        "lost": len({*every} - known),
        "repeated": len(heard) - len(first),
        "unknown": len(known - {*every}),
        "inverted": sum(a >= b for a, b in pairwise(follower.known.sequences))
        + sum(a != b for a, b in zip(first, (id for id in every if id in known), strict=False)),
    }


def key(id: str) -> uuid.UUID:
    """The key of a global id."""
    return decode_id(id)[1]


def _is_there(row: Any, client_id: str, id: str, sequence: int, conversation: str) -> bool:
    if row is None or (row["id"], row["sequence"], row["conversation_id"]) != (key(id), sequence, key(conversation)):
        return False
    return row["removed"] or row["version"] > 1 or row["body"] == said(client_id)
