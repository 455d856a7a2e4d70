"""Messages are edited with their history kept, and removed with their place kept."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models import db, follows
from models.conversations import Conversation, ConversationKind, ConversationRole
from models.messages import Message
from models.people import Person
from models.reactions import Reaction
from models.revisions import Revision
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import a_person
from tests.messages.acting import DELETE, EDIT, act, codes, heard, paths, said, say, seen, sentence, stored

DIRECT = ConversationKind.DIRECT


async def history(ask: Ask, who: Any, message: Message) -> list[tuple[int, str]]:
    node = (await ask(who, "messages/message_history", id=global_id(message), first=10))["node"]
    return [(one["version"], one["body"]) for one in node["revisions"]["nodes"]] if node else []


async def test_an_edit_after_it_was_read_shows_as_edited_with_its_history(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    message = await said(ask, ann, conversation, f"Ask {at(bob)}")
    await say(ask, bob, conversation, "read, and answered")
    clock.turn(minutes=5)

    payload = await act(ask, ann, EDIT, message, body="Ask nobody", expected_version=1)

    assert payload["errors"] == []
    assert (payload["message"]["isEdited"], payload["message"]["version"]) == (True, 2)
    node = await seen(ask, bob, message)
    assert node is not None
    assert (node["body"], node["isEdited"], node["editedAt"]) == ("Ask nobody", True, "2026-03-02T09:05:00Z")
    assert (node["sequence"], node["mentions"]) == (1, []), "it keeps its place, and names nobody any more"
    assert await history(ask, bob, message) == [(1, f"Ask {at(bob)}")]
    assert (await heard(conversation))[-1] == ("MessageEdited", 1)


async def test_each_edit_is_kept(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    message = await said(ask, ann, conversation, "first")

    for body in ("second", "third"):
        clock.turn(minutes=1)
        assert codes(await act(ask, ann, EDIT, message, body=body)) == []

    assert await history(ask, ann, message) == [(2, "second"), (1, "first")]
    written = [r.written_at for r in await Revision.all().order_by("version")]
    assert written == [message.created_at, message.created_at + (clock.now() - message.created_at) / 2]


async def test_the_same_text_again_changes_nothing(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    message = await said(ask, ann, conversation, "same")

    payload = await act(ask, ann, EDIT, message, body=" same\n")

    assert (payload["message"]["version"], payload["message"]["isEdited"]) == (1, False)
    assert await heard(conversation) == [("MessagePosted", 1)]


async def test_an_edit_of_another_version_is_refused(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    message = await said(ask, ann, conversation, "first")
    await act(ask, ann, EDIT, message, body="second", expected_version=1)

    payload = await act(ask, ann, EDIT, message, body="third", expected_version=1)

    assert (codes(payload), paths(payload)) == (["CONFLICT"], [["input", "expectedVersion"]])
    assert await stored(conversation) == [(1, "second")]


async def test_only_the_author_edits(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    conversation = await a_conversation(bob, ann)
    message = await said(ask, ann, conversation, "mine")

    by_owner, by_stranger = await act(ask, bob, EDIT, message, body="x"), await act(ask, cem, EDIT, message, body="x")

    assert (codes(by_owner), codes(by_stranger)) == (["FORBIDDEN"], ["NOT_FOUND"])
    unknown = await act(ask, cem, EDIT, encode_id("Message", uuid.uuid4()), body="x")
    assert by_stranger == unknown == await act(ask, cem, EDIT, global_id(cem), body="x")
    assert await stored(conversation) == [(1, "mine")]


@pytest.mark.parametrize(
    "body", ["", "x" * 10_001, "".join(f"@[{encode_id('Person', uuid.uuid4())}]" for _ in range(51))]
)
async def test_an_edit_is_a_text_like_any_other(ask: Ask, body: str) -> None:
    ann = await a_person("Ann")
    message = await said(ask, ann, await a_conversation(ann), "first")

    payload = await act(ask, ann, EDIT, message, body=body)

    assert (codes(payload), paths(payload)) == (["BAD_USER_INPUT"], [["input", "body"]])


async def test_nothing_is_edited_or_removed_in_an_archived_conversation(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann, archived=True)
    message = await a_message(conversation, author=ann)

    for operation, more in ((EDIT, {"body": "x"}), (DELETE, {})):
        payload = await act(ask, ann, operation, message, **more)
        assert codes(payload) == ["FORBIDDEN"]
        assert "archived" in sentence(payload)


async def test_nothing_new_is_put_into_a_message_to_somebody_who_has_left_or_blocked_one(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    to_bob, to_cem = await a_conversation(ann, bob, kind=DIRECT), await a_conversation(ann, cem, kind=DIRECT)
    first, second = await a_message(to_bob, author=ann), await a_message(to_cem, author=ann)
    await Person.filter(id=bob.id).update(active=False)
    await follows.block(cem.id, ann.id, ask.services.clock.now())

    assert codes(await act(ask, ann, EDIT, first, body="x")) == ["FORBIDDEN"]
    assert codes(await act(ask, ann, EDIT, second, body="x")) == ["NOT_FOUND"]
    assert codes(await act(ask, ann, DELETE, second)) == [], "one may always take back what one said"


async def test_a_removed_message_is_a_place_and_no_text(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    start = await said(ask, ann, conversation, "start")
    message = await said(ask, ann, conversation, f"regretted {at(bob)}", reply_to_id=global_id(start))
    await act(ask, ann, EDIT, message, body=f"regretted, too {at(bob)}")
    await act(ask, bob, "message_pins/pin_message", message)
    await ask(bob, "reactions/add_reaction", subject_id=global_id(message), emoji="👍")

    payload = await act(ask, ann, DELETE, message)

    assert payload["deletedId"] == global_id(message)
    assert payload["message"] == {"id": global_id(message), "sequence": 2, "body": "", "isRemoved": True}
    node = await seen(ask, bob, message)
    assert node is not None
    assert (node["body"], node["bodyHtml"], node["isRemoved"], node["isPinned"]) == ("", "", True, False)
    assert (node["reactions"], node["mentions"], node["author"]["name"]) == ([], [], "Ann")
    assert not any(node[f"viewerCan{may}"] for may in ("Update", "Delete", "Reply", "React", "Pin"))
    assert await history(ask, ann, message) == []
    assert await Reaction.all().count() == await Revision.all().count() == 0
    assert (await ask(bob, "mentions/my_mentions", first=10))["viewer"]["mentions"]["nodes"] == []
    thread = (await ask(bob, "messages/message_thread", id=global_id(start), first=10))["node"]
    assert (thread["replyCount"], [one["isRemoved"] for one in thread["replies"]["nodes"]]) == (0, [True])
    assert await db.value("SELECT count(*) FROM event e WHERE e::text LIKE '%regretted%'") == 0
    assert (await heard(conversation))[-1] == ("MessageDeleted", 2)


async def test_removing_twice_is_removing_once(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    message = await said(ask, ann, conversation)

    first, again = await act(ask, ann, DELETE, message), await act(ask, ann, DELETE, message)
    other = await act(ask, bob, DELETE, message)

    assert first == again
    assert codes(other) == ["FORBIDDEN"]
    assert [kind for kind, _ in await heard(conversation)] == ["MessagePosted", "MessageDeleted"]


async def test_what_is_removed_is_not_edited(ask: Ask) -> None:
    ann = await a_person("Ann")
    message = await said(ask, ann, await a_conversation(ann))
    await act(ask, ann, DELETE, message)

    payload = await act(ask, ann, EDIT, message, body="back again")

    assert codes(payload) == ["FORBIDDEN"]
    assert "removed" in sentence(payload)


async def test_a_retry_after_the_removal_does_not_bring_it_back(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    message = await said(ask, ann, conversation, "regretted", client_id="c1")
    await act(ask, ann, DELETE, message)

    payload = await say(ask, ann, conversation, "regretted", client_id="c1")

    assert (payload["message"]["id"], payload["message"]["body"]) == (global_id(message), "")
    assert await stored(conversation) == [(1, "")]


async def test_owners_remove_what_others_said_and_nobody_else_does(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    conversation = await a_conversation(ann, bob, cem)
    direct = await a_conversation(ann, bob, kind=DIRECT)
    message, private = await said(ask, bob, conversation), await said(ask, bob, direct)

    by_member, by_owner = await act(ask, cem, DELETE, message), await act(ask, ann, DELETE, message)

    assert (codes(by_member), codes(by_owner)) == (["FORBIDDEN"], [])
    assert codes(await act(ask, ann, DELETE, private)) == ["FORBIDDEN"], "a direct conversation has no owner"


async def test_who_came_later_sees_neither_what_was_said_nor_its_history(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann)
    message = await said(ask, ann, conversation, "before")
    await act(ask, ann, EDIT, message, body="before, still")
    await a_partner(conversation, bob, ConversationRole.OWNER, since=1)

    assert await seen(ask, bob, message) is None
    assert await history(ask, bob, message) == []
    assert codes(await act(ask, bob, DELETE, message)) == ["NOT_FOUND"]
    assert (await Conversation.get(id=conversation.id)).sequence == 1
