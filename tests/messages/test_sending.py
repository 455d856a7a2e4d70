"""Messages are written in the order of their sequence, by those who may, and fit to store."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from auth import sessions
from execution.ids import encode_id
from models import audiences, follows
from models.conversations import Conversation, ConversationKind, ConversationMember
from models.keys import uuid7
from models.log import LoggedEvent
from models.messages import Message
from models.people import Person
from models.session import AccessKind
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import a_guest, a_person
from tests.factories.session import as_viewer
from tests.messages.acting import SEND, codes, heard, paths, said, say, sentence, stored

DIRECT, CHANNEL = ConversationKind.DIRECT, ConversationKind.CHANNEL


async def read_up_to(conversation: Conversation, person: Person) -> int:
    return (await ConversationMember.get(conversation_id=conversation.id, person_id=person.id)).read_up_to


async def test_a_message_is_stored_with_its_event(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)

    payload = await say(ask, bob, conversation, "  Good morning\r\n")

    message = await Message.get()
    assert payload["message"]["id"] == global_id(message)
    assert (payload["message"]["sequence"], payload["message"]["body"]) == (1, "Good morning")
    assert (message.conversation_id, message.author_id, message.body) == (conversation.id, bob.id, "Good morning")
    event = await LoggedEvent.get()
    assert (event.kind, event.subject_id, event.actor_id) == ("MessagePosted", message.id, bob.id)
    assert event.audience_id == conversation.id
    assert (await Conversation.get(id=conversation.id)).moved_at == clock.now()


async def test_who_writes_has_read_what_was_said_before(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    for body in ("one", "two"):
        await said(ask, ann, conversation, body)

    await said(ask, bob, conversation, "three")

    assert (await read_up_to(conversation, bob), await read_up_to(conversation, ann)) == (3, 2)


async def test_messages_are_ordered_by_the_servers_sequence_and_by_no_clock(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)

    for i, who in enumerate((ann, bob, ann)):
        await said(ask, who, conversation, f"{i}")
        clock.turn(hours=-1)

    assert await stored(conversation) == [(1, "0"), (2, "1"), (3, "2")]
    assert await heard(conversation) == [("MessagePosted", 1), ("MessagePosted", 2), ("MessagePosted", 3)]
    moments = [m.created_at for m in await Message.all().order_by("sequence")]
    assert moments == sorted(moments, reverse=True), "the clock went back, and nothing else did"


async def test_the_sequences_of_conversations_are_apart(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    first, second = await a_conversation(ann, bob), await a_conversation(ann, bob)

    for conversation in (first, second, first):
        await said(ask, ann, conversation)

    assert [sequence for sequence, _ in await stored(first)] == [1, 2]
    assert [sequence for sequence, _ in await stored(second)] == [1]


async def test_a_retry_with_the_same_client_id_makes_one_message(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)

    first = await say(ask, ann, conversation, "once", client_id="c1")
    again = await say(ask, ann, conversation, "once", client_id="c1")
    other = await say(ask, bob, conversation, "another's", client_id="c1")

    assert again == first
    assert other["message"]["id"] != first["message"]["id"], "the client's id is its author's"
    assert await stored(conversation) == [(1, "once"), (2, "another's")]
    assert len(await heard(conversation)) == 2


async def test_a_retry_is_answered_where_nothing_may_be_written_any_more(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    first = await say(ask, ann, conversation, "once", client_id="c1")
    await Conversation.filter(id=conversation.id).update(archived_at=ask.services.clock.now())

    again = await say(ask, ann, conversation, "once", client_id="c1")

    assert again == first


async def test_a_client_id_is_not_used_for_two_conversations(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    first, second = await a_conversation(ann, bob), await a_conversation(ann, bob)
    await said(ask, ann, first, client_id="c1")

    payload = await say(ask, ann, second, client_id="c1")

    assert (codes(payload), paths(payload)) == (["CONFLICT"], [["input", "clientId"]])
    assert await stored(second) == []
    assert (await Conversation.get(id=second.id)).sequence == 0


async def test_a_reply_joins_the_thread(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    start = await said(ask, ann, conversation, "start")

    reply = await said(ask, bob, conversation, "reply", reply_to_id=global_id(start))
    deeper = await said(ask, ann, conversation, "deeper", reply_to_id=global_id(reply))

    assert (reply.reply_to_id, deeper.reply_to_id) == (start.id, start.id)
    thread = (await ask(bob, "messages/message_thread", id=global_id(start), first=10))["node"]
    assert thread["replyCount"] == thread["replies"]["totalCount"] == 2
    assert [node["body"] for node in thread["replies"]["nodes"]] == ["reply", "deeper"]
    assert {node["replyTo"]["id"] for node in thread["replies"]["nodes"]} == {global_id(start)}


async def test_one_replies_to_what_stands_in_the_same_conversation(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    conversation, other, hidden = (
        await a_conversation(ann, bob),
        await a_conversation(ann, bob),
        await a_conversation(cem),
    )
    elsewhere, unseen = await a_message(other, author=ann), await a_message(hidden, author=cem)

    for to in (global_id(elsewhere), global_id(unseen), encode_id("Message", uuid.uuid4()), global_id(ann), "none"):
        payload = await say(ask, ann, conversation, reply_to_id=to)
        assert (codes(payload), paths(payload)) == (["NOT_FOUND"], [["input", "replyToId"]]), to

    assert await stored(conversation) == []


async def test_one_does_not_reply_to_what_is_removed_or_was_said_before_one_came(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann)
    old = await a_message(conversation, author=ann)
    await a_partner(conversation, bob, since=1)
    removed = await a_message(conversation, "", author=ann, removed=True)

    to_removed = await say(ask, bob, conversation, reply_to_id=global_id(removed))
    to_old = await say(ask, bob, conversation, reply_to_id=global_id(old))

    assert (codes(to_removed), codes(to_old)) == (["FORBIDDEN"], ["NOT_FOUND"])
    assert len(await stored(conversation)) == 2


@pytest.mark.parametrize(
    ("body", "means"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("x" * 10_001, "10,001"),
        ("x" * 1_000_000, "1,000,000"),
        ("e" + "\u0301" * 40, "accents"),
    ],
    ids=["empty", "blank", "long", "a megabyte", "marks"],
)
async def test_what_cannot_be_stored_is_refused(ask: Ask, body: str, means: str) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)

    payload = await say(ask, ann, conversation, body)

    assert (codes(payload), paths(payload)) == (["BAD_USER_INPUT"], [["input", "body"]])
    assert means in sentence(payload)
    assert (await stored(conversation), await heard(conversation)) == ([], [])


@pytest.mark.parametrize("argument", ["body", "client_id"])
@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"], ids=["NUL", "half a character"])
async def test_what_no_text_may_hold_is_refused_at_the_door(ask: Ask, argument: str, text: str) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)

    given = {"conversation_id": global_id(conversation), "body": "Hello"} | {argument: text}
    answer = await ask.answer(ann, SEND, **given)

    assert [error["extensions"]["code"] for error in answer.errors] == ["BAD_USER_INPUT"]
    assert await stored(conversation) == []


async def test_ten_thousand_characters_are_a_message(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)

    payload = await say(ask, ann, conversation, "😀" * 10_000)

    assert payload["message"]["body"] == "😀" * 10_000


@pytest.mark.parametrize("people", [51, 300, 10_000])
async def test_a_message_names_fifty_people_at_most(ask: Ask, people: int) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)

    payload = await say(ask, ann, conversation, "".join(f"@[{encode_id('Person', uuid7())}]" for _ in range(people)))

    assert (codes(payload), paths(payload)) == (["BAD_USER_INPUT"], [["input", "body"]])
    assert await stored(conversation) == []


async def test_a_client_id_that_cannot_be_stored_is_refused(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)

    for client_id in ("", " ", "x" * 101):
        payload = await say(ask, ann, conversation, client_id=client_id)
        assert (codes(payload), paths(payload)) == (["BAD_USER_INPUT"], [["input", "clientId"]])

    assert await stored(conversation) == []


async def test_one_writes_where_one_is_and_nowhere_else(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann)
    unknown = encode_id("Conversation", uuid.uuid4())

    for where in (global_id(conversation), unknown, global_id(ann), "none", ""):
        payload = await say(ask, bob, where)
        assert (codes(payload), paths(payload)) == (["NOT_FOUND"], [["input", "conversationId"]]), where
    hidden, absent = await say(ask, bob, conversation), await say(ask, bob, unknown)

    assert hidden == absent, "what one is not in is as what is not there"
    assert (await stored(conversation), await heard(conversation)) == ([], [])


async def test_a_channel_that_one_only_finds_is_for_its_members_to_write_in(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    channel = await a_conversation(ann, kind=CHANNEL)

    payload = await say(ask, bob, channel)

    assert codes(payload) == ["FORBIDDEN"]
    assert "Join" in sentence(payload)


async def test_nothing_is_written_in_an_archived_conversation(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob, archived=True)

    payload = await say(ask, ann, conversation)

    assert codes(payload) == ["FORBIDDEN"]
    assert "archived" in sentence(payload)


async def test_a_direct_conversation_with_somebody_who_has_left_can_be_read_only(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    direct, group = await a_conversation(ann, bob, kind=DIRECT), await a_conversation(ann, bob)
    old = await a_message(direct, "see you", author=bob)
    await Person.filter(id=bob.id).update(active=False)

    payload = await say(ask, ann, direct)

    assert codes(payload) == ["FORBIDDEN"]
    assert "left" in sentence(payload)
    assert codes(await say(ask, ann, group)) == []
    node = (await ask(ann, "messages/message", id=global_id(old)))["node"]
    assert node["body"] == "see you"
    assert (node["viewerCanReply"], node["viewerCanReact"], node["viewerCanPin"]) == (False, False, False)


async def test_whoever_is_blocked_writes_in_no_direct_conversation_and_does_not_learn_why(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    direct, group = await a_conversation(ann, bob, kind=DIRECT), await a_conversation(ann, bob)
    await follows.block(ann.id, bob.id, ask.services.clock.now())

    by_blocked, by_blocker = await say(ask, bob, direct), await say(ask, ann, direct)

    assert (codes(by_blocked), codes(by_blocker)) == (["NOT_FOUND"], ["FORBIDDEN"])
    assert by_blocked == await say(ask, bob, encode_id("Conversation", uuid.uuid4()))
    assert codes(await say(ask, bob, group)) == []


async def test_one_writes_notes_to_oneself(ask: Ask) -> None:
    ann = await a_person("Ann")
    notes = await a_conversation(ann, kind=DIRECT)

    await said(ask, ann, notes, "buy lemons")

    assert await stored(notes) == [(1, "buy lemons")]


async def test_a_guest_writes_where_they_were_put(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")
    inside, channel = await a_conversation(ann, gil), await a_conversation(ann, kind=CHANNEL)

    assert codes(await say(ask, gil, inside)) == []
    assert codes(await say(ask, gil, channel)) == ["NOT_FOUND"]


async def test_a_token_needs_the_scopes(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    now = ask.services.clock.now()

    async def token(*scopes: str) -> list[str]:
        given = {"name": "bot", "scopes": [*scopes], "expires_at": (now + timedelta(days=1)).isoformat()}
        made = await ask(ann, "session/create_token", **given)
        assert not made["createToken"]["errors"]
        viewer = await sessions.identify(made["createToken"]["secret"], now)
        assert viewer and viewer.access_kind is AccessKind.TOKEN
        return codes(await say(ask, viewer, conversation))

    assert await token("chat:read", "chat:write") == []
    assert await token("chat:read", "people:read") == ["FORBIDDEN"]
    assert await token("feed:read", "feed:write") == ["NOT_FOUND"]


async def test_who_was_taken_out_writes_no_more(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    viewer = await as_viewer(bob, ask.services.clock.now())
    await said(ask, viewer, conversation)

    await audiences.remove(conversation.id, [bob.id])
    await ConversationMember.filter(conversation_id=conversation.id, person_id=bob.id).delete()

    assert codes(await say(ask, viewer, conversation)) == ["NOT_FOUND"]
    assert codes(await say(ask, viewer, conversation, f"{at(ann)}", client_id="c1")) == ["NOT_FOUND"]
