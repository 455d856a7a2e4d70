"""The search index built anew."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter

import resolvers.posts
from models import db
from models.feed import Post, PostStatus
from models.people import Person
from models.profiles import BuiltIn
from resolvers import profiles
from resolvers.context import Context, Services
from resolvers.profiles import ProfileChange
from search.indexer import Indexer
from search.postgres import PostgresEngine
from search.reindex import BATCH, reindex
from subscriptions.readers import Run
from tests import engine
from tests.commands.interpreter import Atrium
from tests.factories.feed import a_post
from tests.factories.people import a_guest, a_person
from tests.factories.session import as_viewer

A_DOCUMENT = """
INSERT INTO search_document (kind, subject_id, audience_id, version, title, body) VALUES ($1, $2, $2, 1, 'old', '')
"""
INDEXED = "SELECT subject_id, kind, version, title, body FROM search_document ORDER BY subject_id"
MANY = """
INSERT INTO person (id, name, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at)
SELECT uuidv7(), 'Ann ' || i, '', '', false, true, 0, 1, now(), now() FROM generate_series(1, $1) i
"""


async def ran() -> Counter[str]:
    """Build the index anew; what it has told of its progress."""
    told: Counter[str] = Counter()

    def progress(count: int, what: str) -> None:
        told[what] += count

    await reindex(PostgresEngine(), progress)
    return told


async def test_what_can_be_found_is_indexed_and_nothing_else(database: None) -> None:
    ann = await a_person("Ann", bio="Likes lemons")
    left, guest = await a_person("Eve", active=False), await a_guest("Gil")
    post = await a_post("Lemons for all", author=ann, title="Market")
    removed = await a_post("", author=ann, status=PostStatus.REMOVED)
    gone = uuid.uuid4()
    for kind, subject in (
        ("PERSON", ann.id),
        ("PERSON", left.id),
        ("PERSON", guest.id),
        ("POST", removed.id),
        ("POST", gone),
    ):
        await db.execute(A_DOCUMENT, kind, subject)

    told = await ran()

    found = {row["subject_id"]: row["title"] for row in await db.rows(INDEXED)}
    assert found == {ann.id: "ann", post.id: "market"}  # as words are looked up
    assert told["people"] == 3 and told["posts"] == 2
    assert await ran() == Counter(people=3, posts=2)


async def test_more_than_a_batch_is_indexed_whole(database: None) -> None:
    await db.execute(MANY, 2 * BATCH + 1)

    assert (await ran())["people"] == 2 * BATCH + 1

    assert await db.value("SELECT count(*) FROM search_document") == 2 * BATCH + 1


async def test_a_newer_document_is_not_replaced_by_an_older_one(database: None) -> None:
    ann = await a_person("Ann")
    await ran()
    await db.execute("UPDATE search_document SET version = 7, title = 'Ann, as she will be'")

    await ran()

    assert [row["title"] for row in await db.rows(INDEXED)] == ["Ann, as she will be"]
    assert ann.version == 1


async def test_beside_writers_and_the_indexs_own_reader_it_ends_as_the_rows_are(services: Services) -> None:
    authors = [await a_person(f"Ann {i}") for i in range(4)]
    posts = [await a_post(f"first {i}", author=authors[i % 4]) for i in range(40)]
    run = Run(Indexer(PostgresEngine()), holder="test", clock=services.clock, bus=services.bus)
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
            await ran()
            await run.once()

    repeating = asyncio.create_task(repeat())
    await asyncio.gather(*(write(i) for i in range(4)))
    writing = False
    await repeating
    await engine.settled()
    while await run.once():
        pass

    documents = {row["subject_id"]: (row["version"], row["body"]) for row in await db.rows(INDEXED)}
    assert documents == {
        **{post.id: (post.version, post.body) for post in await Post.filter(status=PostStatus.PUBLISHED)},
        **{person.id: (person.version, person.bio) for person in await Person.all()},
    }


def test_the_command_tells_how_fast_it_was(atrium: Atrium) -> None:
    atrium.done("demo", "--people", "30", "--days", "2")

    done = atrium("reindex")

    assert done.code == 0
    assert "Search index: 30 people" in done.err
    assert "a second." in done.out
