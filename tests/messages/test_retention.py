"""What a conversation keeps no longer is deleted day by day, place and all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from atrium.worker import fire
from models import retention as table
from models.conversations import Conversation
from models.log import LoggedEvent
from models.mentions import Mention
from models.messages import Message
from models.reactions import Reaction
from models.revisions import Revision
from models.timers import Timer
from resolvers import retention
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import a_person
from tests.messages.acting import EDIT, act, said, say, stored


async def keep(ask: Ask, conversation: Conversation, days: int | None) -> None:
    """Have it kept so long, and whatever is due at once done."""
    await Conversation.filter(id=conversation.id).update(retention_days=days)
    ctx = await ask.context(None)
    async with ctx.transaction():
        await retention.follow(ctx, conversation.id)
    await ring(ask)


async def ring(ask: Ask) -> int:
    rings = 0
    while await Timer.filter(due_at__lte=ask.services.clock.now()).exists():
        rings += await fire(ask.services)
    return rings


async def expired(conversation: Conversation) -> list[object]:
    events = await LoggedEvent.filter(kind="MessagesExpired", audience_id=conversation.id).order_by("id")
    return [event.refs["sequence"] for event in events]


async def test_what_is_older_is_deleted_with_all_that_hangs_on_it(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation, other = await a_conversation(ann, bob), await a_conversation(ann, bob)
    old = await said(ask, ann, conversation, f"old {at(bob)}")
    await act(ask, ann, EDIT, old, body=f"old, too {at(bob)}")
    await ask(bob, "reactions/add_reaction", subject_id=global_id(old), emoji="👍")
    await said(ask, ann, other, "elsewhere")
    clock.turn(days=20)
    young = await said(ask, ann, conversation, "young", reply_to_id=global_id(old))

    await keep(ask, conversation, 10)

    assert await stored(conversation) == [(2, "young")]
    assert (await Message.get(id=young.id)).reply_to_id is None, "the thread goes on without what began it"
    for model in (Reaction, Revision, Mention):
        assert await model.all().count() == 0
    assert await expired(conversation) == [1]
    assert await stored(other) == [(1, "elsewhere")]
    payload = await say(ask, ann, conversation, "next")
    assert payload["message"]["sequence"] == 3


async def test_an_owner_says_how_long_and_the_worker_does_it(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    await said(ask, bob, conversation, "old")
    clock.turn(days=40)
    await said(ask, bob, conversation, "young")

    given = {"conversation_id": global_id(conversation), "retention_days": 30}
    refused = await ask(bob, "conversations/update_conversation", **given)
    taken = await ask(ann, "conversations/update_conversation", **given)
    await ring(ask)

    assert [error["code"] for error in refused["updateConversation"]["errors"]] == ["FORBIDDEN"]
    assert taken["updateConversation"]["errors"] == []
    assert await stored(conversation) == [(2, "young")]
    assert await expired(conversation) == [1]


async def test_it_is_looked_at_daily(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    for i in range(3):
        await said(ask, ann, conversation, f"{i}")
        clock.turn(days=1)
    await keep(ask, conversation, 2)
    before = [body for _, body in await stored(conversation)]

    clock.turn(days=1)
    rings = await ring(ask)

    assert (before, [body for _, body in await stored(conversation)]) == (["1", "2"], ["2"])
    assert (rings, await expired(conversation)) == (1, [1, 2])


async def test_for_ever_is_for_ever(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    await said(ask, ann, conversation)
    await keep(ask, conversation, 10)

    await keep(ask, conversation, None)
    clock.turn(days=5_000)
    await ring(ask)

    assert await stored(conversation) == [(1, "Hello")]
    assert await Timer.filter(kind=retention.EXPIRE).count() == 0


@pytest.mark.parametrize("portion", [1, 7, 100])
async def test_much_is_deleted_in_portions(ask: Ask, clock: TurnedClock, portion: int) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    moment = clock.now() - timedelta(days=30)
    for i in range(20):
        await a_message(conversation, f"{i}", author=ann, created_at=moment)
    await a_message(conversation, "young", author=ann, created_at=clock.now())

    counted = 0
    while (found := await table.expire(conversation.id, clock.now() - timedelta(days=10), portion))[0]:
        counted += 1

    assert (counted, found) == (-(-20 // portion), ([], None))
    assert await stored(conversation) == [(21, "young")]


async def test_a_clock_that_went_back_leaves_no_gap(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    old, young = clock.now() - timedelta(days=30), clock.now()
    for moment in (old, young, old):
        await a_message(conversation, author=ann, created_at=moment)

    await keep(ask, conversation, 10)

    assert [sequence for sequence, _ in await stored(conversation)] == [2, 3]
    assert await expired(conversation) == [1]
