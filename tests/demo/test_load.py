"""The demonstration company in a real database, and its colleagues at work."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from atrium.demo.accounts import EMAILS
from atrium.demo.chatting import answer, chat
from atrium.demo.company import Company
from atrium.demo.live import act
from atrium.demo.load import NotEmpty, load
from auth import sessions
from auth.passwords import Hasher
from execution.rows import read
from models import db
from models.conversations import Conversation, ConversationKind, ConversationMember
from models.feed import Comment, Post, PostKind, PostStatus
from models.groups import Group
from models.messages import Message
from models.people import Person
from models.reactions import Reaction
from models.session import AccessKind
from resolvers import messages, session
from resolvers.context import Context, Request, Services
from resolvers.conversations import NewConversation, start_conversation
from search.indexer import Indexer
from subscriptions.presence import PersonTyping
from subscriptions.readers import Run
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.feed import a_comment, a_post

TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "made for this test alone"


async def loaded(hasher: Hasher, people: int = 40) -> Company:
    company = Company.generate(people, 1, 30, TODAY)
    await load(company, password=PASSWORD, hasher=hasher, now=TODAY, progress=lambda count, what: None)
    return company


async def test_all_of_it_is_there(services: Services, hasher: Hasher) -> None:
    company = await loaded(hasher)

    threads, notes = [*company.threads(), *company.stage.threads], len(list(company.stage.notes()))
    assert await Person.all().count() == 40
    assert await Group.all().count() == len(company.groups)
    assert await Post.all().count() == len(threads) + notes
    assert await Comment.all().count() == sum(len(thread.comments) for thread in threads)
    talks = list(company.chat.talks())
    assert await Conversation.all().count() == len(talks) == len(company.chat)
    assert await ConversationMember.all().count() == sum(len(talk.room.seats) for talk in talks)
    assert await Message.all().count() == sum(len(talk.said) for talk in talks)
    published = await Post.filter(status=PostStatus.PUBLISHED).count()
    told = {row["kind"]: row["count"] for row in await db.rows("SELECT kind, count(*) FROM event GROUP BY 1")}
    assert told == {"PersonJoined": 40, "GroupCreated": len(company.groups), "PostPublished": published}


async def test_the_four_sign_in(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)

    for email in EMAILS:
        ctx = Context(services, None, Request())
        signed_in = await session.sign_in(ctx, email, PASSWORD, AccessKind.TOKEN)
        assert signed_in.viewer.is_guest == email.startswith("guest@")


async def test_it_is_found_once_the_index_has_read_the_log(services: Services, hasher: Hasher, ask: Ask) -> None:
    company = await loaded(hasher)
    run = Run(Indexer(services.engine), holder="test", clock=services.clock, bus=services.bus)
    await settled()
    while await run.once():
        pass

    member = await Person.get(email="member@atrium.example")
    data = await ask(member, "search/search", text=company.people[4].name, kinds=["PERSON"], first=5)

    assert company.people[4].name in [edge["node"]["name"] for edge in data["search"]["edges"]]


async def test_a_second_company_is_refused(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)

    with pytest.raises(NotEmpty):
        await loaded(hasher)


async def test_colleagues_act_and_the_four_do_not(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)
    before = {model: await model.all().count() for model in (Post, Comment, Reaction)}

    acts = [await act(services, Random(n)) for n in range(40)]

    four = {person.id for person in await Person.filter(email__in=list(EMAILS))}
    assert all(done is not None and done.author_id not in four for done in acts)
    kinds = Counter(done.kind for done in acts if done)
    made = {model: await model.all().count() - count for model, count in before.items()}
    assert (made[Post], made[Comment]) == (kinds["post"], kinds["comment"])
    assert 0 < made[Reaction] <= kinds["reaction"]
    assert any(done.group_id for done in acts if done)


async def test_who_has_asked_accepts_an_answer(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)
    asking, knowing = (await Person.exclude(email__in=list(EMAILS)).order_by("id"))[:2]
    await Post.all().delete()
    question = await a_post("Who knows?", author=asking, kind=PostKind.QUESTION)
    comment = await a_comment(question, "Me", author=knowing)

    acts = [await act(services, Random(n)) for n in range(30)]

    assert "answer" in {done.kind for done in acts if done}
    assert (await Post.get(id=question.id)).accepted_id == comment.id


AT_ONCE = (0.0, 0.0)  # seconds to write a message


async def test_colleagues_chat_with_the_four(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)
    four = {person.id for person in await Person.filter(email__in=list(EMAILS))}
    before = {message.id for message in await Message.all()}

    for n in range(15):
        await chat(services, Random(n), AT_ONCE)

    new = [message for message in await Message.all() if message.id not in before]
    assert len(new) > 5
    assert not four & {message.author_id for message in new}
    rooms = {room.conversation_id for room in await ConversationMember.filter(person_id__in=list(four))}
    assert {message.conversation_id for message in new} <= rooms
    events = {row[0] for row in await db.rows("SELECT DISTINCT kind FROM event WHERE NOT quiet")}
    assert {"MessagePosted", "MessageReacted"} <= events


async def test_who_is_written_to_types_and_answers_once(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)
    member = await Person.get(email="member@atrium.example")
    colleague = await Person.filter(is_guest=False).exclude(email__in=list(EMAILS)).order_by("id").first()
    viewer = await sessions.acting(member.id)
    assert colleague is not None
    ctx = Context(services, viewer, Request())
    new = NewConversation(ConversationKind.DIRECT, [colleague.id])
    room = await start_conversation(ctx, new)
    await messages.send_message(ctx, read(room, "id"), body="Do you have a minute?")
    heard = asyncio.create_task(anext(services.presence.overhear(lambda said: isinstance(said.event, PersonTyping))))

    async with services.presence.running():
        await asyncio.sleep(0)
        answered = [await answer(services, Random(n), AT_ONCE) for n in range(3)]
        [typing, *_] = await asyncio.wait_for(heard, 5)

    assert answered == [1, 0, 0]
    assert (typing.event.person, typing.event.conversation) == (colleague.id, read(room, "id"))
    said = await Message.filter(conversation_id=read(room, "id")).order_by("sequence")
    assert [message.author_id for message in said][-2:] == [member.id, colleague.id]
