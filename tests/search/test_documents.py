"""What becomes a document, and what of it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.audiences import COMPANY, Audience, AudienceKind
from models.feed import Comment, Post, PostKind, PostStatus
from models.groups import Visibility
from models.messages import Message
from models.people import Person
from models.polls import Poll, PollOption
from models.profiles import BuiltIn, FieldKind, FieldVisibility, ProfileField
from search import chat, feed, groups, people, tags
from search.engine import Document
from search.plain import plain
from search.sources import FIRST, PEOPLE, SOURCES
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.profiles import a_field, a_rule, says
from tests.factories.skills import a_person_skill, a_skill
from tests.factories.tags import a_tag, tagged

pytestmark = pytest.mark.usefixtures("database")


async def of_person(person: Person) -> Document:
    [document] = await people.documents([person.id])
    return document


async def test_a_person_is_known_by_name_title_unit_skills_and_address() -> None:
    unit, skill = await a_unit("Research"), await a_skill("Rust", "Rust lang")
    ann = await a_person("Ann Lee", unit=unit, email="ann.lee@acme.example", location="Berlin", bio="I *like* tea")
    await a_person_skill(ann, skill)
    await Person.filter(id=ann.id).update(title="Chemist", phone="+49 30 1234", interests=["chess"])

    found = await of_person(ann)

    assert (found.title, found.audiences, found.open, found.moment) == ("Ann Lee", (COMPANY,), False, None)
    assert found.keywords == "Chemist, Research, Berlin, Rust, Rust lang, ann.lee, ann.lee@acme.example"
    assert found.body == "I like tea\nchess"
    assert set(found.terms) == {"person:ACTIVE", f"unit:{unit.id}", f"skill:{skill.id}", "location:Berlin"}
    assert "1234" not in repr(found)


async def test_who_has_left_and_guests_have_a_document_and_who_has_not_come_yet_has_none() -> None:
    left, guest = await a_person("Eve", active=False), await a_guest("Gil")
    planned = await a_person("Pia", active=False, planned=True)

    found = {d.subject: d.terms[0] for d in await people.documents([left.id, guest.id, planned.id])}

    assert found == {left.id: "person:LEFT", guest.id: "person:GUEST"}


@pytest.mark.parametrize("field", [BuiltIn.EMAIL, BuiltIn.LOCATION, BuiltIn.BIO, BuiltIn.INTERESTS])
async def test_a_field_that_is_not_public_is_in_no_document_and_gives_another_edition(field: BuiltIn) -> None:
    ann = await a_person("Ann", email="zebra@acme.example", location="zebra", bio="zebra")
    await Person.filter(id=ann.id).update(interests=["zebra"])
    before = await of_person(ann)
    await a_rule(field, FieldVisibility.UNIT)
    hidden = await of_person(ann)
    await ProfileField.all().update(visibility=FieldVisibility.PUBLIC)

    after = await of_person(ann)

    assert repr(hidden).count("zebra") < repr(before).count("zebra")
    assert before.edition == 0 == after.edition != hidden.edition > 0
    assert after == before


async def test_words_of_fields_of_ones_own_count_while_they_are_public() -> None:
    ann = await a_person("Ann")
    public, numbers = await a_field("Site"), await a_field("Floor", FieldKind.NUMBER)
    secret = await a_field("Salary", visibility=FieldVisibility.HR)
    for field, value in ((public, "Harbour"), (secret, "plenty"), (numbers, 7)):
        await says(ann, field, value)

    seen = await of_person(ann)
    await ProfileField.filter(id=public.id).update(deleted_at=public.created_at)
    gone = await of_person(ann)

    assert (seen.body, gone.body) == ("Harbour", "")
    assert seen.edition != gone.edition


async def test_a_post_is_known_by_its_tags_and_options_and_found_where_it_is_read() -> None:
    ann, tag = await a_person("Ann"), await a_tag("launch", "rollout")
    group = await a_group("Open", owner=ann, visibility=Visibility.OPEN)
    post = await a_post("See [the plan](https://x.example/p)", author=ann, audience=group.id, kind=PostKind.POLL)
    await Post.filter(id=post.id).update(title="Lunch", version=4)
    await Poll.create(id=post.id)
    for place, text in enumerate(["Soup", "Salad"]):
        await PollOption.create(poll_id=post.id, place=place, text=text)
    await tagged(post, tag)

    [found] = await feed.posts([post.id])

    assert (found.kind, found.version, found.edition) == ("POST", 4, 0)
    assert (found.title, found.keywords, found.body) == ("Lunch", "launch, rollout", "See the plan\nSoup\nSalad")
    assert (found.audiences, found.open, found.moment) == ((group.id,), True, post.published_at)
    assert {f"author:{ann.id}", f"audience:{group.id}", f"tag:{tag.id}", "post:POLL"} <= set(found.terms)


@pytest.mark.parametrize("status", [one for one in PostStatus if one is not PostStatus.PUBLISHED])
async def test_what_is_not_published_has_no_document_nor_have_its_comments(status: PostStatus) -> None:
    ann = await a_person("Ann")
    due = datetime(2030, 1, 1, tzinfo=UTC) if status is PostStatus.SCHEDULED else None
    post = await a_post(author=ann, status=status, scheduled_at=due)
    comment = await a_comment(post, author=ann)

    assert await feed.posts([post.id]) == []
    assert await feed.comments([comment.id]) == []


async def test_a_comment_has_its_posts_tags_and_tells_that_it_is_the_answer() -> None:
    ann, bob, tag = await a_person("Ann"), await a_person("Bob"), await a_tag()
    post = await tagged(await a_post(author=ann, kind=PostKind.QUESTION), tag)
    answer, other = await a_comment(post, "**Forty-two**", author=bob), await a_comment(post, author=ann)
    removed = await a_comment(post, "", author=ann, removed=True)
    await Post.filter(id=post.id).update(accepted_id=answer.id)

    found = {d.subject: d for d in await feed.comments([answer.id, other.id, removed.id])}

    assert found.keys() == {answer.id, other.id}
    assert (found[answer.id].body, found[answer.id].moment) == ("Forty-two", answer.created_at)
    assert {f"author:{bob.id}", f"tag:{tag.id}", "accepted:yes"} <= set(found[answer.id].terms)
    assert "accepted:yes" not in found[other.id].terms


async def test_a_message_is_found_in_its_conversation_until_it_is_removed() -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    talk = await a_conversation(ann, bob)
    said, removed = await a_message(talk, "`make` it", author=bob), await a_message(talk, author=ann)
    await Message.filter(id=removed.id).update(removed=True, body="")

    [found] = await chat.documents([said.id, removed.id])

    assert (found.kind, found.body, found.audiences, found.open) == ("MESSAGE", "make it", (talk.id,), False)
    assert {f"author:{bob.id}", f"audience:{talk.id}"} <= set(found.terms)


@pytest.mark.parametrize(("visibility", "is_open"), [("OPEN", True), ("PRIVATE", True), ("SECRET", False)])
async def test_the_company_finds_groups_unless_they_are_secret(visibility: str, is_open: bool) -> None:
    ann = await a_person("Ann")
    group = await a_group("Sailing", owner=ann, visibility=Visibility(visibility), description="# Boats")

    [found] = await groups.documents([group.id])

    assert (found.title, found.body, found.audiences, found.open) == ("Sailing", "Boats", (group.id,), is_open)


async def test_a_kept_tag_is_the_companys_and_any_other_theirs_who_read_its_posts() -> None:
    ann = await a_person("Ann")
    kept, used, unused, drafted = await a_tag("kept", "held"), *[await a_tag(n) for n in ("used", "unused", "drafted")]
    rooms = [await a_group(f"Room {i}", owner=ann) for i in range(3)]
    for room in (*rooms, rooms[0]):
        await tagged(await a_post(author=ann, audience=room.id), used)
    await tagged(await a_post(author=ann, status=PostStatus.DRAFT), drafted)

    found = {d.title: d for d in await tags.documents([kept.id, used.id, unused.id, drafted.id])}

    assert found.keys() == {"kept", "used"}
    assert (found["kept"].keywords, found["kept"].audiences, found["kept"].open) == ("held", (COMPANY,), False)
    assert found["used"].audiences == (rooms[0].id, rooms[2].id, rooms[1].id)  # those of the newest posts first
    assert not found["used"].open
    await Audience.filter(id=rooms[1].id).update(open=True)
    assert (await tags.documents([used.id]))[0].open


async def test_only_the_audiences_with_the_newest_posts_of_a_tag_are_named() -> None:
    ann, tag = await a_person("Ann"), await a_tag("everywhere")
    rooms = [uuid.uuid4() for _ in range(tags.AUDIENCES_MAX + 5)]
    for room in rooms:
        await Audience.create(id=room, kind=AudienceKind.GROUP)
        await tagged(await a_post(author=ann, audience=room), tag)

    [found] = await tags.documents([tag.id])

    assert found.audiences == tuple(reversed(rooms[5:]))


async def test_each_source_loads_any_number_by_one_statement(statements: list[str]) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    tag = await a_tag()
    talk = await a_conversation(ann, bob)
    for person in (ann, bob, ann):
        await a_group(owner=person)
        await a_comment(await tagged(await a_post(author=person), tag), author=person)
        await a_message(talk, author=person)

    for source in SOURCES:
        ids = await source.keys(FIRST, 10)
        statements.clear()
        documents = await source.load(ids)

        assert len(documents) == len(ids) > 0
        assert len(statements) == 1
        assert {d.kind for d in documents} == {source.kind}


async def test_what_is_to_have_a_document_is_what_gets_one() -> None:
    ann = await a_person("Ann")
    await a_person("Pia", active=False, planned=True)
    await a_field("Site")
    published, draft = await a_post(author=ann), await a_post(author=ann, status=PostStatus.DRAFT)
    await tagged(published, await a_tag("used"))
    await a_tag("unused")
    for post in (published, draft):
        await a_comment(post, author=ann)
    await Comment.filter(id=(await a_comment(published, author=ann)).id).update(removed=True)

    for source in SOURCES:
        ids = await source.keys(FIRST, 100)
        rows = await source.rows(ids)

        assert {(r["id"], r["version"], r["edition"]) for r in rows} == {
            (d.subject, d.version, d.edition) for d in await source.load(ids)
        }
        assert set(await source.sample(100)) == {row["id"] for row in rows}
    assert {row["edition"] for row in await PEOPLE.rows([ann.id])} != {0}


PLAIN = {
    "a plain text": "a plain text",
    "**bold** and _quiet_ ~~gone~~": "bold and quiet gone",
    "snake_case_name and 2*3": "snake_case_name and 2*3",
    "# Heading\n\ntext": "Heading\n\ntext",
    "- one\n- two\n  1. three": "one\ntwo\nthree",
    "> said\n> she": "said\nshe",
    '[the plan](https://x.example/a_(b) "title") stands': "the plan stands",
    "![a boat](https://x.example/b.png)": "a boat",
    "[plan][1]\n\n[1]: https://x.example": "plan\n\n",
    "see https://x.example/a_b?c=d#e": "see https://x.example/a_b?c=d#e",
    "<https://x.example>": "https://x.example",
    "`code` and\n```py\nx = 1\n```": "code and\n\nx = 1\n",
    "| a | b |\n|---|---|\n| c | d |": "  a   b  \n\n  c   d  ",
    "hi @[UGVyc29uOjAxOWE1YjQ5LTRkN2UtN2NjYy04]!": "hi @…!",
    "C++ and C# and #tag": "C++ and C# and #tag",
    r"5 \* 3 \# no": "5 * 3 # no",
    "Fish &amp; chips": "Fish & chips",
    "a - b": "a - b",
}


@pytest.mark.parametrize("markdown", PLAIN)
def test_markdown_is_read_without_its_signs(markdown: str) -> None:
    assert plain(markdown) == PLAIN[markdown]


@given(st.lists(st.text("abcdefgäöüßжы漢0123456789", min_size=1, max_size=8), min_size=1, max_size=20))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    text = " ".join(words)

    assert plain(text) == text
    assert plain(f"**{text}** [x](http://y.example)") == f"{text} x"


@given(st.text("*_~`[]()<>#>|-\\ \nab1.:/!&;@", max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert len(plain(text)) <= len(text)
