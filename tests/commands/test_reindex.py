"""The search indexes built anew."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

import resolvers.posts
from models import db, log
from models.feed import Post, PostStatus
from models.people import Person
from models.profiles import BuiltIn
from resolvers import profiles
from resolvers.context import Context, Services
from resolvers.profiles import ProfileChange
from search.engine import Document
from search.indexer import Indexer
from search.postgres import PostgresEngine
from search.reindex import BATCH, reindex, untold
from search.sources import PEOPLE, POSTS
from subscriptions.events import Logged
from subscriptions.feed import PostEdited
from subscriptions.readers import Lost, Run, lag
from tests import engine
from tests.clocks import TurnedClock
from tests.commands.interpreter import Atrium
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.people import a_guest, a_person
from tests.factories.session import as_viewer
from tests.factories.tags import a_tag, tagged
from tests.search.indexing import Index, tell

VERSIONS = "SELECT subject_id, version FROM search_document WHERE kind = ANY($1::text[])"
MANY = """
INSERT INTO person (id, name, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at)
SELECT uuidv7(), 'Ann ' || i, '', '', false, true, 0, 1, now(), now() FROM generate_series(1, $1) i
"""


@pytest.fixture
def index(database: None, clock: TurnedClock) -> PostgresEngine:
    return PostgresEngine(clock)


async def ran(index: PostgresEngine) -> Counter[str]:
    """Build the index anew; what it has told of its progress."""
    told: Counter[str] = Counter()

    def progress(count: int, what: str) -> None:
        told[what] += count

    await reindex(index, progress)
    return told


async def versions(*kinds: str) -> dict[uuid.UUID, int]:
    return {row[0]: row[1] for row in await db.rows(VERSIONS, list(kinds))}


async def test_what_can_be_found_is_indexed_and_nothing_else(index: PostgresEngine) -> None:
    ann, left, guest = await a_person("Ann"), await a_person("Eve", active=False), await a_guest("Gil")
    tag, group, talk = await a_tag("lemons"), await a_group(owner=ann), await a_conversation(ann, left)
    post = await tagged(await a_post("Lemons for all", author=ann), tag)
    comment, message = await a_comment(post, author=ann), await a_message(talk, author=ann)
    removed = await a_post("", author=ann, status=PostStatus.REMOVED)
    [known] = await POSTS.load([post.id])
    await index.put([replace(known, subject=uuid.uuid4()), replace(known, subject=removed.id)])

    told = await ran(index)

    kinds = ("PERSON", "POST", "COMMENT", "MESSAGE", "GROUP", "TAG")
    found = (ann, left, guest, post, comment, message, group, tag)
    assert await versions(*kinds) == {one.id: one.version for one in found}
    again = Counter(people=3, posts=2, comments=1, messages=1, groups=1, tags=1)
    assert told == again + Counter({"forsaken documents of posts": 1})
    assert await ran(index) == again


async def test_more_than_a_batch_is_indexed_whole(index: PostgresEngine) -> None:
    await db.execute(MANY, 2 * BATCH + 1)

    assert (await ran(index))["people"] == 2 * BATCH + 1

    assert len(await versions("PERSON")) == 2 * BATCH + 1


async def test_a_newer_document_is_not_replaced_by_an_older_one(index: PostgresEngine) -> None:
    ann = await a_person("Ann")
    [document] = await PEOPLE.load([ann.id])
    await index.put([replace(document, version=7)])

    await ran(index)

    assert await versions("PERSON") == {ann.id: 7}


async def test_the_reader_goes_on_where_the_log_stood_when_it_began(services: Services, index: PostgresEngine) -> None:
    kept = Index(services)
    post = await a_post(author=await a_person("Ann"))
    await tell(PostEdited(post.id, post.audience_id))
    await kept()
    began = await log.horizon()

    await ran(index)

    [reader] = await lag()
    assert reader["events"] == 0
    assert await db.value("SELECT (generation, xid, event_id) = ($1, $2, $3) FROM reader_position", *began)
    assert await kept() == 0


async def test_what_is_read_while_it_takes_over_is_read_again(services: Services, clock: TurnedClock) -> None:
    """A batch that the reader was at as another index took over counts as unread."""
    ann = await a_person("Ann")
    post = await a_post("before", author=ann)
    await tell(PostEdited(post.id, post.audience_id))
    await engine.settled()

    begun, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Indexer):
        """The reader, in the middle of whose batch the index is built anew."""

        async def read(self, events: Sequence[Logged]) -> None:
            begun.set()
            await go_on.wait()

    slow = asyncio.create_task(Run(Slow(services.engine), holder="slow", clock=clock, bus=services.bus).once())
    await begun.wait()
    await Post.filter(id=post.id).update(version=2)
    await tell(PostEdited(post.id, post.audience_id))
    await reindex(services.engine, untold)
    go_on.set()
    with pytest.raises(Lost):
        await slow

    await Index(services)()
    assert await versions("POST") == {post.id: 2}
    assert [reader["events"] for reader in await lag()] == [0]


async def test_beside_writers_and_the_indexs_own_reader_it_ends_as_the_rows_are(services: Services) -> None:
    authors = [await a_person(f"Ann {i}") for i in range(4)]
    posts = [await a_post(f"first {i}", author=authors[i % 4]) for i in range(40)]
    kept = Index(services)
    writing = True

    async def write(i: int) -> None:
        ctx = Context(services, await as_viewer(authors[i], services.clock.now()))
        for round_, post in enumerate(post for post in posts if post.author_id == authors[i].id):
            if round_ % 2:
                await resolvers.posts.delete_post(ctx, post.id)
            else:
                body = f"second {round_}"
                await resolvers.posts.edit_post(ctx, post.id, body=body, title=None, expected_version=None)
            change = ProfileChange({BuiltIn.BIO: f"round {round_}"})
            await profiles.update_profile(ctx, authors[i].id, change, expected_version=None)

    async def repeat() -> None:
        while writing:
            await reindex(services.engine, untold)
            await kept.run.once()

    repeating = asyncio.create_task(repeat())
    await asyncio.gather(*(write(i) for i in range(4)))
    writing = False
    await repeating
    await kept()

    assert await versions("POST", "PERSON") == {
        **{post.id: post.version for post in await Post.filter(status=PostStatus.PUBLISHED)},
        **{person.id: person.version for person in await Person.all()},
    }


async def test_documents_are_made_quickly(database: None) -> None:
    """Less than 0.2 ms each, of people, and of posts of a usual length."""
    await db.execute(MANY, 500)
    ann = (await Person.all().limit(1))[0]
    text = "We moved the **launch** to Friday; see [the plan](https://x.example/plan) and ask me. " * 4
    for _ in range(10):
        await tagged(await a_post(text, author=ann), await a_tag(uuid.uuid4().hex[:20]))

    for source, times in ((PEOPLE, 1), (POSTS, 20)):
        ids = await source.keys(uuid.UUID(int=0), 500)
        await source.load(ids)
        begun = os.times()
        made: list[Document] = []
        for _ in range(times):
            made += await source.load(ids)
        spent = os.times()

        assert (spent.user + spent.system - begun.user - begun.system) / len(
            made
        ) < 0.0004  # s; twice, for slow machines


def test_the_command_tells_how_fast_it_was(atrium: Atrium) -> None:
    atrium.done("demo", "--people", "30", "--days", "2")

    done = atrium("reindex")

    assert done.code == 0
    assert "Search index: 30 people" in done.err
    assert "a second." in done.out


def test_an_index_that_cannot_be_reached_is_told_and_the_other_one_is_built(atrium: Atrium) -> None:
    atrium.done("demo", "--people", "30", "--days", "2")

    done = atrium("reindex", meilisearch_url="http://127.0.0.1:1", meilisearch_key="k" * 20)

    assert done.code == 2
    assert "postgres: " in done.out and "a second." in done.out
    assert "The search index meilisearch was not built, it stays as it was." in done.err
    assert "Traceback" not in done.err
