"""What is unread: a matter of the pointer, of what was deleted, of muting and of membership, equal everywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.conversation_reading import UNREAD_MAX
from models.conversations import Conversation, ConversationKind
from models.log import LoggedEvent
from models.messages import Message
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.conversations.acting import act, badge, codes, listed, looked_at, member, told, unread
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import NOW, a_person

READ, UNREAD = "conversation_reading/mark_conversation_read", "conversation_reading/mark_conversation_unread"
MUTE = "conversation_reading/mute_conversation"


async def test_unread_is_what_others_said_since_and_what_is_deleted_lowers_it_on_all_devices(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    messages = [await a_message(group, f"{i}", author=ann) for i in range(3)]
    phone, laptop = [(await ask.context(bob)).me for _ in range(2)]
    assert [await unread(ask, one, group) for one in (phone, laptop, ann)] == [3, 3, 0]

    await ask(ann, "messages/delete_message", message_id=global_id(messages[1]))
    assert [await unread(ask, one, group) for one in (phone, laptop)] == [2, 2]

    payload = await act(ask, phone, READ, group, up_to_sequence=1)
    assert payload["conversation"]["unreadCount"] == 1
    assert await unread(ask, laptop, group) == 1

    await ask(ann, "messages/delete_message", message_id=global_id(messages[2]))
    assert [await unread(ask, laptop, group), await badge(ask, laptop)] == [0, 0]


async def test_what_one_says_oneself_is_read(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    await a_message(group, "question", author=ann)

    await ask(bob, "messages/send_message", conversation_id=global_id(group), body="answer")

    assert [await unread(ask, one, group) for one in (ann, bob)] == [1, 0]
    assert [await badge(ask, one) for one in (ann, bob)] == [1, 0]


async def test_the_pointer_never_goes_back_but_by_marking_unread(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    for i in range(5):
        await a_message(group, f"{i}", author=ann)

    counts: list[int] = []
    for sequence in (3, 1, 3, 0, -7, 4):
        payload = await act(ask, bob, READ, group, up_to_sequence=sequence)
        counts.append(payload["conversation"]["unreadCount"])
    assert counts == [2, 2, 2, 2, 2, 1]
    assert await told(group) == ["ReadPointerMoved", "ReadPointerMoved"], "nothing is told where nothing moved"

    payload = await act(ask, bob, UNREAD, group, from_sequence=2)

    assert payload["conversation"]["unreadCount"] == 4
    assert payload["conversation"]["viewerMembership"] == {"readUpToSequence": 1}
    assert await told(group) == ["ReadPointerMoved", "ReadPointerMoved", "OwnReadPointerMoved"]
    assert (await LoggedEvent.get(kind="OwnReadPointerMoved")).audience_id is None, "that is nobody else's business"


async def test_nobody_has_read_what_is_not_yet_said(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    await a_message(group, "one", author=ann)

    await act(ask, bob, READ, group, up_to_sequence=2_000_000_000)
    await a_message(group, "two", author=ann)

    assert (await member(group, bob)).read_up_to == 1
    assert await unread(ask, bob, group) == 1


async def test_marking_unread_does_not_open_what_was_before_oneself(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann)
    await a_message(group, "before", author=ann)
    await a_partner(group, bob, since=1, read_up_to=1)
    await a_message(group, "after", author=ann)
    await act(ask, bob, READ, group, up_to_sequence=2)

    payload = await act(ask, bob, UNREAD, group, from_sequence=1)

    assert payload["conversation"]["unreadCount"] == 1
    assert (await member(group, bob)).read_up_to == 1


async def test_a_thousand_is_as_far_as_it_is_counted(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    await Message.bulk_create(
        Message(conversation_id=group.id, sequence=i, author_id=ann.id, body="x", created_at=NOW)
        for i in range(1, UNREAD_MAX + 3)
    )
    await Conversation.filter(id=group.id).update(sequence=UNREAD_MAX + 2)

    assert await unread(ask, bob, group) == UNREAD_MAX
    assert await badge(ask, bob) == 1


async def test_a_muted_conversation_waits_only_where_it_names_one(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob, title="Group")
    moment = ask.services.clock.now() + timedelta(hours=8)
    say = {"conversation_id": global_id(group)}

    payload = await act(ask, bob, MUTE, group, until=moment.isoformat())
    await ask(ann, "messages/send_message", body="Hello", **say)

    assert payload["conversation"]["viewerMembership"]["mutedUntil"] == "2026-03-02T17:00:00Z"
    assert (await badge(ask, bob), await unread(ask, bob, group)) == (0, 1)
    assert await listed(ask, bob, "UNREAD") == ["Group"], "it is unread, it only does not call"

    await ask(ann, "messages/send_message", body=f"{at(bob)}, look", **say)
    assert await badge(ask, bob) == 1
    await act(ask, bob, READ, group, up_to_sequence=2)
    assert await badge(ask, bob) == 0
    await ask(ann, "messages/send_message", body="@everyone, look", **say)
    assert await badge(ask, bob) == 1


async def test_muting_ends_by_itself_and_by_hand(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    await a_message(group, author=ann)
    soon = (ask.services.clock.now() + timedelta(hours=1)).isoformat()
    await act(ask, bob, MUTE, group, until=soon)
    assert await badge(ask, bob) == 0

    await act(ask, bob, MUTE, group, until=None)
    assert await badge(ask, bob) == 1
    await act(ask, bob, MUTE, group, until=soon)
    await act(ask, bob, MUTE, group, until=soon)
    clock.turn(hours=2)

    assert await badge(ask, bob) == 1
    assert codes(await act(ask, bob, MUTE, group, until=soon)) == ["BAD_USER_INPUT"]
    assert await told(group) == ["ConversationMuted"] * 3


async def test_what_one_is_not_in_any_more_does_not_count(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group, old = await a_conversation(ann, bob), await a_conversation(ann, bob, archived=True)
    for one in (group, old):
        await a_message(one, author=ann)
    assert await badge(ask, bob) == 1, "what is archived does not call"

    await act(ask, bob, "conversation_people/leave_conversation", group)

    assert await badge(ask, bob) == 0


@pytest.mark.parametrize(
    ("operation", "more"),
    [(READ, {"up_to_sequence": 1}), (UNREAD, {"from_sequence": 1}), (MUTE, {"until": None})],
)
async def test_only_who_is_in_it_keeps_a_pointer(ask: Ask, operation: str, more: dict[str, object]) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group, lobby = await a_conversation(ann), await a_conversation(ann, kind=ConversationKind.CHANNEL)

    assert codes(await act(ask, bob, operation, group, **more)) == ["NOT_FOUND"]
    assert codes(await act(ask, bob, operation, lobby, **more)) == ["FORBIDDEN"]
    assert codes(await act(ask, bob, operation, global_id(bob), **more)) == ["NOT_FOUND"]
    old = await a_conversation(ann, bob, archived=True)
    assert codes(await act(ask, bob, operation, old, **more)) == [], "one reads on in what is archived"


async def test_an_unread_count_is_zero_outside(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    lobby = await a_conversation(ann, kind=ConversationKind.CHANNEL)
    await a_message(lobby, author=ann)

    assert (await looked_at(ask, bob, lobby))["unreadCount"] == 0
    assert await badge(ask, bob) == 0
