"""The index follows the log: every change of what a document says reaches it, in portions that end soon."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from models import db
from models.audiences import COMPANY, Audience
from models.feed import Post, PostKind
from models.groups import Visibility
from models.messages import Message
from models.people import Person
from models.session import Role
from models.tags import Tag
from resolvers.context import Services
from search import sources
from search.changes import CHANGES, UNCHANGING
from search.engine import Document, Sight
from search.indexer import Indexer
from search.query import Query, typed
from search.sources import FIRST, PEOPLE, WALKS
from subscriptions.chat import MessagesForgotten
from subscriptions.events import KINDS, Event
from subscriptions.feed import PostEdited
from subscriptions.groups import GroupPurged, GroupReadersChanged
from subscriptions.org import UnitChanged
from subscriptions.search import DocumentsOutdated
from subscriptions.tags import TagChanged
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role
from tests.factories.tags import a_tag, tagged
from tests.search.indexing import Index, tell

MANY = """
INSERT INTO person (id, name, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at, unit_id)
SELECT uuidv7(), 'Ann ' || i, '', '', false, true, 0, 1, now(), now(), $2 FROM generate_series(1, $1) i
"""
MANY_COMMENTS = """
INSERT INTO comment (id, post_id, author_id, audience_id, body, removed, kept, version, created_at)
SELECT uuidv7(), $1, $2, $3, 'Indeed', false, false, 1, now() FROM generate_series(1, $4)
"""


@pytest.fixture
def index(services: Services) -> Index:
    return Index(services)


async def done(ask: Ask, who: Person, operation: str, **variables: Any) -> Any:
    [payload] = (await ask(who, operation, **variables)).values()
    assert not payload["errors"], payload
    return payload


async def found(index: Index, text: str, sight: Sight, *kinds: str) -> list[uuid.UUID]:
    query = Query(kinds or tuple(source.kind for source in sources.SOURCES), typed(text).wanted)
    return [hit.subject for hit in (await index.engine.find(query, sight)).hits]


def within(*audiences: uuid.UUID, is_member: bool = True) -> Sight:
    return Sight(frozenset(audiences), is_member=is_member)


def test_every_event_is_known_to_change_documents_or_to_change_none() -> None:
    ours = {kind for kind in KINDS.values() if kind.__module__.startswith("subscriptions.")}
    told = {kind for kind in ours if not kind.__subclasses__()}

    assert told == {*CHANGES, *UNCHANGING}
    assert not UNCHANGING & CHANGES.keys()


def test_walks_that_others_begin_stand_behind_them() -> None:
    names = list(WALKS)

    for name, walk in WALKS.items():
        assert all(names.index(then) > names.index(name) for then in walk.then)


async def test_posts_comments_and_messages_are_found_as_they_are_now(ask: Ask, index: Index) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = (await done(ask, ann, "posts/create_post", kind="DISCUSSION", body="Marmalade"))["post"]["id"]
    comment = (await done(ask, bob, "comments/add_comment", post_id=post, body="Toast"))["comment"]["id"]
    talk = await a_conversation(ann, bob)
    message = (await done(ask, bob, "messages/send_message", conversation_id=global_id(talk), body="Jam"))["message"]
    await index()
    sight = within(COMPANY, talk.id)
    assert [len(await found(index, text, sight)) for text in ("marmalade", "toast", "jam")] == [1, 1, 1]

    await done(ask, bob, "comments/edit_comment", comment_id=comment, expected_version=1, body="Rolls")
    await done(ask, bob, "messages/edit_message", message_id=message["id"], expected_version=1, body="Honey")
    await index()
    assert [len(await found(index, text, sight)) for text in ("toast", "rolls", "jam", "honey")] == [0, 1, 0, 1]

    await done(ask, bob, "messages/delete_message", message_id=message["id"])
    await done(ask, ann, "posts/delete_post", post_id=post)
    await index()
    assert [len(await found(index, text, sight)) for text in ("marmalade", "rolls", "honey")] == [0, 0, 0]


async def test_a_moved_post_takes_its_comments_along(ask: Ask, index: Index) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post("Marmalade", author=ann)
    comment = await a_comment(post, "Toast", author=bob)
    await tell(PostEdited(post.id, post.audience_id))
    await index()
    assert comment.id in await index.held()
    group = await a_group(owner=ann)

    to = {"groupId": global_id(group)}
    await done(ask, ann, "sharing/move_post", post_id=global_id(post), audience=to, confirmed=True)
    await index()

    assert await found(index, "marmalade", within(COMPANY)) == []
    assert await found(index, "toast", within(COMPANY)) == []
    assert await found(index, "marmalade", within(group.id)) == [post.id]
    assert await found(index, "toast", within(group.id)) == [comment.id]


async def test_the_answer_is_told_from_the_other_comments(ask: Ask, index: Index) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann, kind=PostKind.QUESTION)
    one, other = [await a_comment(post, author=ann) for _ in range(2)]

    for accepted, expected in ((one, {one.id}), (other, {other.id}), (None, set[uuid.UUID]())):
        id = accepted and global_id(accepted)
        await done(ask, ann, "answers/accept_answer", post_id=global_id(post), comment_id=id)
        await index()

        assert {c.id for c in (one, other) if "accepted:yes" in await index.terms(c.id)} == expected


async def test_tags_are_words_of_their_posts_under_all_their_names(ask: Ask, index: Index) -> None:
    ann = await a_person("Ann")
    await a_role(ann, Role.COMMUNICATOR)
    await done(ask, ann, "posts/create_post", kind="DISCUSSION", body="x", tags=["launch"])
    await index()
    sight, post, tag = within(COMPANY), await Post.get(), await Tag.get()
    assert set(await found(index, "launch", sight)) == {tag.id, post.id}

    await done(ask, ann, "tags/add_tag_synonym", tag_id=global_id(tag), name="rollout")
    await index()
    assert set(await found(index, "rollout", sight)) == {tag.id, post.id}

    into, comment = await a_tag("release", "shipping"), await a_comment(post, author=ann)
    await done(ask, ann, "tags/merge_tags", tag_id=global_id(tag), into_id=global_id(into))
    await index()
    assert set(await found(index, "shipping", sight)) == {into.id, post.id}
    assert tag.id not in await index.held()
    assert f"tag:{into.id}" in await index.terms(comment.id)


async def test_a_renamed_unit_is_found_with_its_people(ask: Ask, index: Index) -> None:
    unit = await a_unit("Research")
    ann, hr = await a_person("Ann", unit=unit), await a_person("Hal")
    await a_role(hr, Role.HR)

    await done(ask, hr, "org/rename_unit", org_unit_id=global_id(unit), name="Kitchen")
    await index()

    assert await found(index, "kitchen", within(COMPANY)) == [ann.id]


@pytest.mark.parametrize("operation", ["govern_built_in_field", "create_profile_field"])
async def test_all_documents_are_made_anew_when_other_fields_are_public(ask: Ask, index: Index, operation: str) -> None:
    ann, hr = await a_person("Ann", email="ann@acme.example"), await a_person("Hal")
    await a_role(hr, Role.HR)
    await a_role(hr, Role.ADMIN)
    given: dict[str, Any] = (
        {"field": "EMAIL", "visibility": "HR"}
        if operation == "govern_built_in_field"
        else {"kind": "TEXT", "name": "Site", "visibility": "PUBLIC"}
    )

    await done(ask, hr, f"profile_fields/{operation}", **given)
    await index()

    held = await index.engine.versions([ann.id, hr.id])
    assert held == {row["id"]: (row["version"], row["edition"]) for row in await PEOPLE.rows([ann.id, hr.id])}
    assert held[ann.id][1] != 0


async def test_a_group_is_found_as_it_is_called_and_its_posts_by_who_may_read_them(index: Index) -> None:
    ann = await a_person("Ann")
    group = await a_group("Sailing", owner=ann, visibility=Visibility.PRIVATE)
    tag = await a_tag("regatta")
    post = await tagged(await a_post("Boats", author=ann, audience=group.id), tag)
    comment = await a_comment(post, "Masts", author=ann)
    await tell(PostEdited(post.id, group.id))
    await index()
    anybody = within()
    assert [await found(index, text, anybody) for text in ("boats", "masts", "regatta")] == [[], [], []]

    await Audience.filter(id=group.id).update(open=True)
    await tell(GroupReadersChanged(group.id))
    await index()

    assert [await found(index, text, anybody) for text in ("boats", "masts")] == [[post.id], [comment.id]]
    assert set(await found(index, "regatta", anybody)) == {post.id, tag.id}


async def test_of_a_purged_group_nothing_is_left(index: Index) -> None:
    ann = await a_person("Ann")
    group = await a_group("Sailing", owner=ann)
    post = await a_post("Boats", author=ann, audience=group.id)
    await db.execute(MANY_COMMENTS, post.id, ann.id, group.id, 10)
    await tell(PostEdited(post.id, group.id))
    await index()
    assert len(await index.held()) == 11
    for sql in ("DELETE FROM comment", "DELETE FROM post", "DELETE FROM groups", "DELETE FROM audience WHERE id = $1"):
        await db.execute(sql, *([group.id] if "$1" in sql else []))

    await tell(GroupPurged(group.id))
    await index()

    assert await index.held() == set()


async def test_forgotten_messages_are_forgotten(index: Index) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    talk = await a_conversation(ann, bob)
    said = [await a_message(talk, f"Jam {i}", author=ann) for i in range(5)]
    await Indexer(index.engine).refresh([one.id for one in said], sources.MESSAGES.load)
    await Message.filter(id__in=[one.id for one in said[:3]]).delete()

    await tell(MessagesForgotten(talk.id, [str(one.id) for one in said[:4]]))
    await index()

    assert await index.held() == {one.id for one in said[3:]}


async def test_a_change_of_many_documents_goes_on_in_portions_and_outlives_a_kill(
    services: Services, index: Index
) -> None:
    unit = await a_unit("Research")
    count = 2 * WALKS["people of unit"].most + 7
    await db.execute(MANY, count, unit.id)
    await tell(UnitChanged(unit.id))
    await index.run.once()
    assert len(await index.held()) == WALKS["people of unit"].most

    other = Index(services, holder="who comes after")
    await db.execute("UPDATE reader_position SET holder = NULL")
    batches = await other()

    assert batches == 2
    assert len(await index.held()) == count
    assert await other() == 0


async def test_what_another_index_has_left_is_not_touched(index: Index) -> None:
    unit = await a_unit()
    await a_person("Ann", unit=unit)

    await tell(DocumentsOutdated("search:other", "people of unit", unit.id, FIRST))
    await tell(DocumentsOutdated(index.run.reader.name, "a walk of a later version", unit.id, FIRST))
    await index()

    assert await index.held() == set()


async def test_posts_with_many_comments_do_not_hold_up_those_with_few(index: Index) -> None:
    ann, tag, most = await a_person("Ann"), await a_tag(), WALKS["comments of post"].most
    posts = [await tagged(await a_post(author=ann), tag) for _ in range(3)]
    for post, count in zip(posts, (most - 5, most + 20, 3), strict=True):
        await db.execute(MANY_COMMENTS, post.id, ann.id, post.audience_id, count)

    await tell(TagChanged(tag.id))
    batches = await index()

    assert batches > 1
    assert len(await index.held()) == 2 * most + 18 + len(posts) + 1


async def test_a_batch_loads_each_source_once(index: Index, statements: list[str]) -> None:
    ann = await a_person("Ann")
    posts = [await a_post(author=ann) for _ in range(20)]
    for post in posts:
        await a_comment(post, author=ann)
    await tell(*[PostEdited(post.id, post.audience_id) for post in posts])
    statements.clear()

    await index()

    for table in ("FROM post p JOIN audience", "FROM comment c JOIN post"):
        assert sum(table in statement for statement in statements) == 1
    assert len(await index.held()) == 40


async def test_an_older_document_does_not_replace_a_newer_one(index: Index) -> None:
    ann = await a_person("Ann")
    post = await a_post("Marmalade", author=ann)
    [document] = await sources.POSTS.load([post.id])
    newer: Document = replace(document, version=9, body="Jam")

    await index.engine.put([newer])
    await tell(PostEdited(post.id, post.audience_id))
    await index()

    assert await found(index, "jam", within(COMPANY)) == [post.id]


def test_the_events_of_an_index_are_nobodys_elses() -> None:
    event: Event = DocumentsOutdated("search:postgres", "people of unit", FIRST, FIRST)

    assert event.audience is None and event.recipient is None
    assert event.stream == "search:postgres"
