"""The nightly comparison mends what the log has not told of, and leaves the rest alone."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

import pytest

from models import db
from models.feed import Post
from models.people import Person
from models.profiles import BuiltIn, FieldVisibility
from resolvers.context import Services
from search.comparing import compare, fill, is_filled
from search.engine import Document
from search.indexer import Indexer
from search.reindex import reindex, untold
from search.sources import FIRST, PEOPLE, POSTS, SOURCES
from subscriptions.feed import PostEdited
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.people import a_person
from tests.factories.profiles import a_rule
from tests.factories.tags import a_tag, tagged
from tests.search.indexing import Index, tell


@pytest.fixture
def index(services: Services) -> Index:
    return Index(services)


async def a_company() -> tuple[Person, Post]:
    """One row of each source; Ann and her post."""
    ann = await a_person("Ann")
    post = await tagged(await a_post(author=ann), await a_tag())
    await a_comment(post, author=ann)
    await a_message(await a_conversation(ann, await a_person("Bob")), author=ann)
    await a_group(owner=ann)
    return ann, post


async def test_what_is_as_the_rows_are_is_left_alone(index: Index) -> None:
    await a_company()
    await reindex(index.engine, untold)

    found = await compare(index.engine)

    assert found.seen.keys() == {source.kind for source in SOURCES}
    assert +found.renewed == {"TAG": 1}  # whose versions do not tell
    assert not +found.dropped


async def test_what_is_missing_stale_or_of_another_edition_is_made_anew(index: Index) -> None:
    ann, post = await a_company()
    await reindex(index.engine, untold)
    await index.engine.drop([ann.id])
    await Post.filter(id=post.id).update(version=5, body="Otherwise")

    first = await compare(index.engine, patience=0)
    await a_rule(BuiltIn.BIO, FieldVisibility.HR)
    second = await compare(index.engine, patience=0)

    assert (first.renewed["PERSON"], first.renewed["POST"]) == (1, 1)
    assert (second.renewed["PERSON"], second.renewed["POST"]) == (2, 0)
    held = await index.engine.versions([ann.id, post.id])
    assert held[post.id] == (5, 0) and held[ann.id][1] != 0


async def test_what_has_no_row_or_nothing_to_say_is_dropped(index: Index) -> None:
    ann, post = await a_company()
    ghost = Document("POST", uuid.uuid4(), 1, (post.audience_id,), body="Boo")
    draft = await a_post(author=ann, status="DRAFT")
    await reindex(index.engine, untold)
    await index.engine.put([ghost, replace(ghost, subject=draft.id)])

    found = await compare(index.engine, patience=0)

    assert found.dropped["POST"] == 1 and found.renewed["POST"] == 1
    assert await index.engine.subjects("POST", FIRST, 10) == [post.id]


async def test_what_the_reader_is_about_to_read_is_left_to_it(index: Index) -> None:
    _, post = await a_company()
    await reindex(index.engine, untold)
    await index()
    await Post.filter(id=post.id).update(version=2, body="Otherwise")
    await tell(PostEdited(post.id, post.audience_id))

    comparing = asyncio.create_task(compare(index.engine, patience=20))
    await asyncio.sleep(0.2)
    await index()

    assert (await comparing).renewed["POST"] == 0
    assert (await index.engine.versions([post.id]))[post.id][0] == 2


async def test_more_than_a_portion_is_compared(index: Index) -> None:
    sql = """INSERT INTO person (id, name, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at)
    SELECT uuidv7(), 'Ann ' || i, '', '', false, true, 0, 1, now(), now() FROM generate_series(1, 2300) i"""
    await db.execute(sql)

    found = await compare(index.engine, patience=0)

    assert found.seen["PERSON"] == found.renewed["PERSON"] == 2_300
    assert +(await compare(index.engine, patience=0)).renewed == {}


async def test_an_index_that_never_was_filled_is_known_by_its_oldest_documents(index: Index) -> None:
    ann, post = await a_company()
    newest = await a_post("Just now", author=ann)
    assert not await is_filled(index.engine)
    await db.execute("UPDATE post SET created_at = now()")

    await fill(index.engine)

    assert await is_filled(index.engine)
    assert await fill(index.engine) is None
    assert {post.id, newest.id} <= await index.held()


async def test_what_the_reader_has_put_there_is_no_filling(index: Index) -> None:
    ann, _ = await a_company()
    for _ in range(100):
        await a_post(author=ann)
    newest = await a_post("Just now", author=ann)

    await Indexer(index.engine).refresh([newest.id], POSTS.load)
    await Indexer(index.engine).refresh([ann.id], PEOPLE.load)

    assert not await is_filled(index.engine)
