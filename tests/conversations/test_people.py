"""Who comes into conversations and who goes, and the sight that comes and goes with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.conversations import MEMBERS_MAX, ConversationKind, ConversationMember
from models.messages import Message
from models.people import Person
from tests.conftest import Ask
from tests.conversations.acting import (
    act,
    codes,
    inside,
    is_archived,
    looked_at,
    member,
    owners,
    paths,
    says,
    told,
)
from tests.factories.changes import TOMORROW, an_hr, turn_to
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.follows import a_block
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person

ADD, REMOVE = "conversation_people/add_conversation_members", "conversation_people/remove_conversation_member"
JOIN, LEAVE = "conversation_people/join_conversation", "conversation_people/leave_conversation"


async def bodies(ask: Ask, who: Any, conversation: Any) -> list[str] | None:
    """What somebody reads of a conversation; None where they do not see it."""
    document = "query ($id: ID!) { conversation(id: $id) { messages(last: 100) { nodes { body } } } }"
    answer = await ask.text(who, document, {"id": global_id(conversation)})
    assert answer.data is not None, answer.errors
    found = answer.data["conversation"]
    return None if found is None else [one["body"] for one in found["messages"]["nodes"]]


async def test_every_member_of_the_company_adds_people(ask: Ask) -> None:
    ann, bob, cem, dan = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    group = await a_conversation(ann, bob)

    payload = await act(ask, bob, ADD, group, people=[cem, dan, cem, ann])

    assert payload["errors"] == []
    assert await inside(group) == ["Ann", "Bob", "Cem", "Dan"]
    assert (await member(group, cem)).added_by == bob.id
    assert await told(group) == ["ConversationJoined", "ConversationJoined"]


@pytest.mark.parametrize(("history", "read"), [("ALL", ["one", "two"]), ("NONE", ["two"]), (None, ["two"])])
async def test_whoever_adds_says_whether_the_past_is_read(ask: Ask, history: str | None, read: list[str]) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann)
    await a_message(group, "one", author=ann)

    await act(ask, ann, ADD, group, people=[bob], history=history)
    await a_message(group, "two", author=ann)

    assert await bodies(ask, bob, group) == read
    assert (await looked_at(ask, bob, group))["unreadCount"] == 1, "what was before is nobody's heap to work off"


async def test_nobody_is_given_more_to_read_than_who_adds_them_reads(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_conversation(ann)
    await a_message(group, "before Bob", author=ann)
    await act(ask, ann, ADD, group, people=[bob], history="NONE")
    await a_message(group, "with Bob", author=ann)

    await act(ask, bob, ADD, group, people=[cem], history="ALL")

    assert await bodies(ask, cem, group) == ["with Bob"]


async def test_those_who_cannot_be_added_are_named_and_the_others_come_in(ask: Ask) -> None:
    ann, bob, lea = await a_person("Ann"), await a_person("Bob"), await a_person("Lea", active=False)
    eva, fay = await a_person("Eva"), await a_person("Fay")
    await a_block(eva, ann)
    await a_block(ann, fay)
    group = await a_conversation(ann)

    payload = await act(ask, ann, ADD, group, people=[bob, lea, "nobody", eva, fay])

    assert codes(payload) == ["BAD_USER_INPUT", "NOT_FOUND", "NOT_FOUND", "FORBIDDEN"]
    assert paths(payload) == [["input", "personIds", str(i)] for i in (1, 2, 3, 4)]
    assert await inside(group) == ["Ann", "Bob"]


async def test_a_direct_conversation_stays_between_the_two(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    direct = await a_conversation(ann, bob, kind=ConversationKind.DIRECT)

    refused = [
        await act(ask, ann, ADD, direct, people=[cem]),
        await act(ask, ann, REMOVE, direct, person_id=bob),
        await act(ask, ann, LEAVE, direct),
        await act(ask, ann, "conversations/update_conversation", direct, title="Us"),
        await act(ask, ann, "conversations/archive_conversation", direct),
    ]

    assert [codes(payload) for payload in refused] == [["FORBIDDEN"]] * 5
    assert await inside(direct) == ["Ann", "Bob"]
    page = await looked_at(ask, ann, direct)
    assert not any(page[f"viewerCan{what}"] for what in ("Add", "Join", "Leave", "Manage"))


async def test_guests_and_strangers_add_nobody(ask: Ask) -> None:
    ann, gil, cem = await a_person("Ann"), await a_guest("Gil"), await a_person("Cem")
    group = await a_conversation(ann, gil)

    assert codes(await act(ask, gil, ADD, group, people=[ann])) == ["FORBIDDEN"]
    assert codes(await act(ask, cem, ADD, group, people=[cem])) == ["NOT_FOUND"]
    assert await inside(group) == ["Ann", "Gil"]


async def test_a_conversation_has_room_for_five_thousand(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_conversation(ann)
    crowd = [Person(name=f"P{i}", created_at=NOW, updated_at=NOW) for i in range(MEMBERS_MAX - 2)]
    await Person.bulk_create(crowd)
    await ConversationMember.bulk_create(
        ConversationMember(conversation_id=group.id, person_id=one.id, joined_at=NOW) for one in crowd
    )

    refused = await act(ask, ann, ADD, group, people=[bob, cem])
    added = await act(ask, ann, ADD, group, people=[bob])

    assert (codes(refused), paths(refused)) == (["BAD_USER_INPUT"], [["input", "personIds"]])
    assert (added["errors"], added["conversation"]["memberCount"]) == ([], MEMBERS_MAX)


async def test_whoever_finds_a_channel_joins_it_and_reads_all_of_it(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    lobby = await a_conversation(ann, kind=ConversationKind.CHANNEL)
    await a_message(lobby, "one", author=ann)
    assert await bodies(ask, bob, lobby) == []

    payloads = [await act(ask, bob, JOIN, lobby) for _ in range(2)]

    assert payloads[0] == payloads[1]
    assert payloads[0]["conversation"]["viewerMembership"] == {
        "role": "MEMBER",
        "readsFromSequence": 1,
        "readUpToSequence": 1,
    }
    assert await bodies(ask, bob, lobby) == ["one"]
    assert await told(lobby) == ["ConversationJoined"]


async def test_what_one_does_not_find_one_does_not_join(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann)
    old = await a_conversation(ann, kind=ConversationKind.CHANNEL, archived=True)

    assert codes(await act(ask, bob, JOIN, group)) == ["NOT_FOUND"]
    assert codes(await act(ask, bob, JOIN, old)) == ["FORBIDDEN"]
    assert codes(await act(ask, bob, JOIN, global_id(ann))) == ["NOT_FOUND"]
    assert await act(ask, bob, JOIN, group) == await act(ask, bob, JOIN, "nothing")


async def test_a_removed_member_loses_sight_at_once_of_what_they_have_read_as_well(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    message = await a_message(group, "between us", author=bob)
    assert await bodies(ask, bob, group) == ["between us"]

    payload = await act(ask, ann, REMOVE, group, person_id=bob)

    assert payload["conversation"]["memberCount"] == 1
    assert await bodies(ask, bob, group) is None
    node = await ask.text(bob, "query ($id: ID!) { node(id: $id) { id } }", {"id": global_id(message)})
    assert node.data == {"node": None}
    assert codes(await act(ask, bob, "conversation_reading/mark_conversation_read", group, up_to_sequence=1)) == [
        "NOT_FOUND"
    ]
    assert await told(group) == ["ConversationLeft"]
    assert await Message.filter(conversation_id=group.id).count() == 1, "what they wrote stays"


async def test_only_the_owner_takes_people_out(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_conversation(ann, bob, cem)

    assert codes(await act(ask, bob, REMOVE, group, person_id=cem)) == ["FORBIDDEN"]
    assert codes(await act(ask, ann, REMOVE, group, person_id="nobody")) == ["NOT_FOUND"]
    assert (await act(ask, ann, REMOVE, group, person_id=await a_person("Dan")))["errors"] == []
    assert await inside(group) == ["Ann", "Bob", "Cem"]


async def test_who_has_been_in_it_longest_inherits_it(ask: Ask) -> None:
    ann, gil, bob, cem = await a_person("Ann"), await a_guest("Gil"), await a_person("Bob"), await a_person("Cem")
    group = await a_conversation(ann, gil, bob, cem)

    payload = await act(ask, ann, LEAVE, group)

    assert payload == {"leftConversationId": global_id(group), "conversation": None, "errors": []}
    assert await owners(group) == ["Bob"]
    assert await told(group) == ["ConversationLeft", "ConversationChanged"]
    assert not await is_archived(group)


async def test_the_last_of_the_company_archives_it_by_leaving(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")
    alone, with_guest = await a_conversation(ann), await a_conversation(ann, gil)

    for group in (alone, with_guest):
        await act(ask, ann, LEAVE, group)

        assert await is_archived(group)
        assert await owners(group) == []
    assert (await looked_at(ask, gil, with_guest))["viewerCanSend"] is False


async def test_who_leaves_a_channel_sees_it_and_comes_back_but_not_what_is_said(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    lobby = await a_conversation(ann, bob, kind=ConversationKind.CHANNEL)
    await a_message(lobby, "one", author=ann)

    payload = await act(ask, bob, LEAVE, lobby)

    assert payload["conversation"] == {"id": global_id(lobby), "memberCount": 1}
    assert await bodies(ask, bob, lobby) == []
    assert (await act(ask, bob, LEAVE, lobby))["errors"] == []
    await act(ask, bob, JOIN, lobby)
    assert await inside(lobby) == ["Ann", "Bob"]


async def test_nothing_changes_in_an_archived_one_but_that_people_go(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    old = await a_conversation(ann, bob, archived=True)

    for operation, more in ((ADD, {"people": [cem]}), (REMOVE, {"person_id": bob})):
        payload = await act(ask, ann, operation, old, **more)

        assert codes(payload) == ["FORBIDDEN"]
        assert says(payload).startswith("This conversation is archived")
    assert (await act(ask, bob, LEAVE, old))["errors"] == []
    assert await inside(old) == ["Ann"]


async def test_who_leaves_the_company_leaves_all_but_what_was_between_two(ask: Ask) -> None:
    hana, ann, bob = await an_hr(), await a_person("Ann"), await a_person("Bob")
    group, alone = await a_conversation(ann, bob), await a_conversation(ann)
    lobby = await a_conversation(bob, ann, kind=ConversationKind.CHANNEL)
    direct = await a_conversation(ann, bob, kind=ConversationKind.DIRECT)
    await a_message(direct, "bye", author=ann)

    await ask(hana, "org/deactivate_person", person_id=global_id(ann))

    assert [await inside(one) for one in (group, alone, lobby, direct)] == [["Bob"], [], ["Bob"], ["Ann", "Bob"]]
    assert await owners(group) == ["Bob"]
    assert await is_archived(alone)
    assert await told(group) == ["ConversationLeft", "ConversationChanged"]
    assert await told(lobby) == ["ConversationLeft"]
    assert await bodies(ask, bob, direct) == ["bye"]


async def test_a_direct_conversation_with_who_has_left_is_read_only(ask: Ask) -> None:
    hana, ann, bob = await an_hr(), await a_person("Ann"), await a_person("Bob")
    direct = await a_conversation(ann, bob, kind=ConversationKind.DIRECT)
    said = {"conversation_id": global_id(direct), "body": "Still there?"}
    assert (await looked_at(ask, bob, direct))["viewerCanSend"] is True

    await ask(hana, "org/deactivate_person", person_id=global_id(ann))

    payload = (await ask(bob, "messages/send_message", **said))["sendMessage"]
    assert (codes(payload), payload["message"]) == (["FORBIDDEN"], None)
    assert "left the company" in says(payload)
    assert (await looked_at(ask, bob, direct))["viewerCanSend"] is False


async def test_who_comes_back_to_the_company_finds_what_was_between_two_and_nothing_else(ask: Ask) -> None:
    hana, ann, bob = await an_hr(), await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(bob, ann)
    direct = await a_conversation(ann, bob, kind=ConversationKind.DIRECT)
    await ask(hana, "org/deactivate_person", person_id=global_id(ann))
    await turn_to(ask.services, TOMORROW)

    await ask(hana, "org/rehire_person", person_id=global_id(ann))

    assert await looked_at(ask, ann, group) is None
    assert (await looked_at(ask, ann, direct))["viewerCanSend"] is True
    assert await inside(direct) == ["Ann", "Bob"]


async def test_a_token_that_only_reads_changes_nothing(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    lobby = await a_conversation(ann, kind=ConversationKind.CHANNEL)
    viewer = (await ask.context(bob)).me
    reader = replace(viewer, scopes=frozenset({"chat:read"}))

    payload = await act(ask, reader, JOIN, lobby)

    assert codes(payload) == ["FORBIDDEN"]
    assert "chat:write" in says(payload)
    assert (await looked_at(ask, reader, lobby))["viewerCanJoin"] is False


async def test_a_member_page_is_in_the_order_of_joining(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_conversation(ann)
    for i in range(5):
        await a_partner(group, await a_person(f"P{i}"))

    names: list[str] = []
    after: str | None = None
    while True:
        data = await ask(ann, "conversation_people/conversation_members", id=global_id(group), first=2, after=after)
        page = data["conversation"]["members"]
        names += [edge["node"]["name"] for edge in page["edges"]]
        assert page["totalCount"] == data["conversation"]["memberCount"] == 6
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert names == ["Ann", "P0", "P1", "P2", "P3", "P4"]
