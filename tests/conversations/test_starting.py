"""Conversations begin: one for each two, and as many groups and channels as people of the company like."""

from __future__ import annotations

from typing import Any

import pytest

from models.conversations import Conversation, ConversationKind
from models.groups import Visibility
from tests.conftest import Ask
from tests.conversations.acting import codes, inside, looked_at, owners, paths, says, start, stored_by, told
from tests.factories.chat import a_conversation
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit


async def test_there_is_one_direct_conversation_between_two(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")

    first = await start(ask, ann, "DIRECT", bob)
    again, theirs = await start(ask, ann, "DIRECT", bob, ann), await start(ask, bob, "DIRECT", ann)
    other = await start(ask, ann, "DIRECT", cem)

    assert first["errors"] == []
    assert first == again == theirs != other
    row = await stored_by(first)
    assert sorted(await inside(row)) == ["Ann", "Bob"]
    assert await owners(row) == []
    assert await told(row) == ["ConversationStarted", "ConversationJoined", "ConversationJoined"]
    assert await Conversation.all().count() == 2


async def test_one_writes_notes_to_oneself(ask: Ask) -> None:
    ann = await a_person("Ann")

    notes = await start(ask, ann, "DIRECT", ann)

    assert await start(ask, ann, "DIRECT", ann) == notes
    assert await inside(await stored_by(notes)) == ["Ann"]


async def test_whoever_starts_a_group_owns_it(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")

    payload = await start(ask, ann, "GROUP", bob, cem, bob)

    row = await stored_by(payload)
    assert sorted(await inside(row)) == ["Ann", "Bob", "Cem"]
    assert await owners(row) == ["Ann"]
    page = await looked_at(ask, bob, row)
    assert page["title"] is None
    assert (page["receipts"], page["memberCount"], page["unreadCount"]) == ("NAMES", 3, 0)
    assert page["viewerMembership"]["readsFromSequence"] == 1
    assert (page["viewerCanSend"], page["viewerCanAdd"], page["viewerCanManage"]) == (True, True, False)


async def test_a_large_group_begins_without_receipts(ask: Ask) -> None:
    ann = await a_person("Ann")
    people = [await a_person(f"P{i}") for i in range(50)]

    assert (await stored_by(await start(ask, ann, "GROUP", *people[:49]))).receipts == "NAMES"
    assert (await stored_by(await start(ask, ann, "GROUP", *people))).receipts == "OFF"


async def test_a_channel_is_found_at_its_home(ask: Ask) -> None:
    unit, other = await a_unit("Sales"), await a_unit("Research")
    ann, bob, cem = (
        await a_person("Ann", unit=unit),
        await a_person("Bob", unit=unit),
        await a_person("Cem", unit=other),
    )

    payload = await start(ask, ann, "CHANNEL", title="  Deals   of the week ", purpose="All", home_id=global_id(unit))

    assert payload["conversation"]["title"] == "Deals of the week"
    page = await looked_at(ask, bob, payload["conversation"]["id"])
    assert (page["viewerCanJoin"], page["viewerCanSend"], page["viewerMembership"]) == (True, False, None)
    assert (page["home"], page["receipts"], page["purpose"]) == ({"kind": "UNIT", "name": "Sales"}, "OFF", "All")
    assert await looked_at(ask, cem, payload["conversation"]["id"]) is None


async def test_who_is_put_into_a_channel_does_not_learn_of_its_home(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    secret = await a_group("Merger", owner=ann, visibility=Visibility.SECRET)

    payload = await start(ask, ann, "CHANNEL", bob, title="Plans", home_id=global_id(secret))

    page = await looked_at(ask, bob, payload["conversation"]["id"])
    assert (page["title"], page["home"], page["viewerCanSend"]) == ("Plans", None, True)


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"kind": "DIRECT", "person_ids": []}, "BAD_USER_INPUT", ["input", "personIds"]),
        ({"kind": "GROUP", "person_ids": []}, "BAD_USER_INPUT", ["input", "personIds"]),
        ({"kind": "CHANNEL", "person_ids": []}, "BAD_USER_INPUT", ["input", "title"]),
        ({"kind": "CHANNEL", "person_ids": [], "title": " "}, "BAD_USER_INPUT", ["input", "title"]),
        ({"kind": "CHANNEL", "person_ids": [], "title": "x" * 101}, "BAD_USER_INPUT", ["input", "title"]),
        (
            {"kind": "CHANNEL", "person_ids": [], "title": "x", "purpose": "x" * 501},
            "BAD_USER_INPUT",
            ["input", "purpose"],
        ),
        ({"kind": "CHANNEL", "person_ids": [], "title": "x", "home_id": "nothing"}, "NOT_FOUND", ["input", "homeId"]),
        ({"kind": "GROUP", "person_ids": ["nobody"]}, "NOT_FOUND", ["input", "personIds", "0"]),
        ({"kind": "DIRECT", "person_ids": ["nobody"]}, "NOT_FOUND", ["input", "personIds", "0"]),
    ],
)
async def test_what_cannot_be_started(ask: Ask, given: dict[str, Any], code: str, path: list[str]) -> None:
    ann = await a_person("Ann")

    [payload] = (await ask(ann, "conversations/start_conversation", **given)).values()

    assert (codes(payload), paths(payload)) == ([code], [path])
    assert await Conversation.all().count() == 0


async def test_what_a_kind_does_not_have(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    unit = await a_unit()

    assert codes(await start(ask, ann, "DIRECT", bob, cem)) == ["BAD_USER_INPUT"]
    assert codes(await start(ask, ann, "DIRECT", bob, title="Us")) == ["BAD_USER_INPUT"]
    assert codes(await start(ask, ann, "GROUP", bob, home_id=global_id(unit))) == ["BAD_USER_INPUT"]
    assert codes(await start(ask, ann, "CHANNEL", title="Deals", home_id=global_id(unit))) == ["FORBIDDEN"]
    assert codes(await start(ask, ann, "CHANNEL", title="Deals", home_id=global_id(bob))) == ["NOT_FOUND"]


async def test_a_secret_group_is_no_home_that_others_know_of(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    secret = await a_group("Merger", owner=ann, visibility=Visibility.SECRET)

    payload = await start(ask, bob, "CHANNEL", title="Deals", home_id=global_id(secret))

    assert (codes(payload), paths(payload)) == (["NOT_FOUND"], [["input", "homeId"]])


async def test_nobody_talks_with_who_has_left(ask: Ask) -> None:
    ann, lea = await a_person("Ann"), await a_person("Lea", active=False)

    for kind in ("DIRECT", "GROUP"):
        payload = await start(ask, ann, kind, lea)

        assert (codes(payload), paths(payload)) == (["BAD_USER_INPUT"], [["input", "personIds", "0"]])
        assert says(payload) == "Lea has left, or has not joined yet. Leave them out."


async def test_a_block_keeps_two_apart_and_tells_nobody(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await ask(ann, "follows/block_person", person_id=global_id(bob), block=True)

    theirs, unknown = (
        await start(ask, bob, "DIRECT", ann),
        await ask(bob, "conversations/start_conversation", kind="DIRECT", person_ids=["nobody"]),
    )

    assert codes(await start(ask, ann, "DIRECT", bob)) == ["FORBIDDEN"]
    assert theirs == unknown["startConversation"]
    assert codes(await start(ask, bob, "GROUP", ann)) == ["NOT_FOUND"]
    assert await Conversation.all().count() == 0


async def test_the_same_client_id_is_the_same_conversation(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")

    payloads = [await start(ask, ann, "GROUP", bob, client_id="c1") for _ in range(2)]

    assert payloads[0] == payloads[1]
    assert await Conversation.all().count() == 1
    assert (await start(ask, bob, "GROUP", ann, client_id="c1")) != payloads[0]


async def test_a_guest_talks_with_whom_they_see_and_gathers_nobody(ask: Ask) -> None:
    gil, ann, bob = await a_guest("Gil"), await a_person("Ann"), await a_person("Bob")
    await a_conversation(ann, gil)

    assert (await start(ask, gil, "DIRECT", ann))["errors"] == []
    assert codes(await start(ask, gil, "DIRECT", bob)) == ["NOT_FOUND"]
    assert codes(await start(ask, gil, "GROUP", ann)) == ["FORBIDDEN"]
    assert codes(await start(ask, gil, "CHANNEL", title="Ours")) == ["FORBIDDEN"]


async def test_a_guest_sees_whom_they_talk_with_and_no_longer(ask: Ask) -> None:
    gil, ann = await a_guest("Gil"), await a_person("Ann")
    group = await a_conversation(ann, gil)
    seen = {"id": global_id(ann)}

    assert (await ask(gil, "people/profile", **seen))["person"]["name"] == "Ann"
    [payload] = (
        await ask(
            ann,
            "conversation_people/remove_conversation_member",
            conversation_id=global_id(group),
            person_id=global_id(gil),
        )
    ).values()

    assert payload["errors"] == []
    assert (await ask(gil, "people/profile", **seen))["person"] is None


async def test_a_guest_finds_no_channel_that_they_are_not_in(ask: Ask) -> None:
    gil, ann = await a_guest("Gil"), await a_person("Ann")
    lobby = await a_conversation(ann, kind=ConversationKind.CHANNEL)
    theirs = await a_conversation(ann, gil, kind=ConversationKind.CHANNEL, title="Partners")

    found = (await ask(gil, "conversations/channels", first=10))["channels"]

    assert [one["title"] for one in found["nodes"]] == ["Partners"]
    assert await looked_at(ask, gil, lobby) is None
    assert (await looked_at(ask, gil, theirs))["viewerCanSend"] is True
