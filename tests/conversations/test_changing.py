"""What owners change of a conversation, and how it ends and goes on."""

from __future__ import annotations

from typing import Any

import pytest

from models.conversations import Conversation, ConversationKind
from tests.conftest import Ask
from tests.conversations.acting import act, codes, is_archived, looked_at, paths, says, told
from tests.factories.chat import a_conversation, a_message
from tests.factories.ids import global_id
from tests.factories.people import a_person

UPDATE = "conversations/update_conversation"
ARCHIVE, WAKE = "conversations/archive_conversation", "conversations/wake_conversation"


async def test_an_owner_changes_what_a_conversation_is(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)

    payload = await act(
        ask, ann, UPDATE, group, title="Launch", purpose="To the moon", receipts="COUNTS", retention_days=90
    )

    changed = {"title": "Launch", "purpose": "To the moon", "receipts": "COUNTS", "retentionDays": 90, "version": 2}
    assert payload == {"conversation": {"id": global_id(group), **changed}, "errors": []}
    assert await told(group) == ["ConversationChanged"]


async def test_what_is_left_out_stays_and_null_keeps_for_ever(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_conversation(ann, title="Launch", purpose="Moon", retention_days=30)

    await act(ask, ann, UPDATE, group, receipts="OFF")
    row = await Conversation.get(id=group.id)
    assert (row.title, row.purpose, row.retention_days, row.receipts) == ("Launch", "Moon", 30, "OFF")

    await act(ask, ann, UPDATE, group, title="", purpose="", retention_days=None)
    row = await Conversation.get(id=group.id)
    assert (row.title, row.purpose, row.retention_days, row.receipts) == (None, "", None, "OFF")


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"title": "x" * 101}, "BAD_USER_INPUT", "title"),
        ({"title": " "}, "BAD_USER_INPUT", "title"),
        ({"purpose": "x" * 501}, "BAD_USER_INPUT", "purpose"),
        ({"retention_days": 0}, "BAD_USER_INPUT", "retentionDays"),
        ({"retention_days": 3_651}, "BAD_USER_INPUT", "retentionDays"),
        ({"expected_version": 7}, "CONFLICT", "expectedVersion"),
    ],
)
async def test_what_a_channel_cannot_become(ask: Ask, given: dict[str, Any], code: str, path: str) -> None:
    ann = await a_person("Ann")
    lobby = await a_conversation(ann, kind=ConversationKind.CHANNEL)

    payload = await act(ask, ann, UPDATE, lobby, **given)

    assert (codes(payload), paths(payload)) == ([code], [["input", path]])
    assert await told(lobby) == []


@pytest.mark.parametrize("operation", [UPDATE, ARCHIVE, WAKE])
async def test_only_the_owner_changes_it(ask: Ask, operation: str) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_conversation(ann, bob)

    assert codes(await act(ask, bob, operation, group)) == ["FORBIDDEN"]
    assert codes(await act(ask, cem, operation, group)) == ["NOT_FOUND"]
    assert await act(ask, cem, operation, group) == await act(ask, cem, operation, global_id(ann))
    assert await told(group) == []


async def test_an_archived_conversation_is_read_and_lives_on_when_woken(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    await a_message(group, "Hello", author=ann)
    said = {"conversation_id": global_id(group), "body": "More"}

    for _ in range(2):
        payload = await act(ask, ann, ARCHIVE, group)
        assert payload["conversation"] == {"id": global_id(group), "isArchived": True, "viewerCanSend": False}
    refused = (await ask(bob, "messages/send_message", **said))["sendMessage"]
    assert (codes(refused), await is_archived(group)) == (["FORBIDDEN"], True)
    assert says(refused).startswith("This conversation is archived")
    assert codes(await act(ask, ann, UPDATE, group, title="New")) == ["FORBIDDEN"]

    payload = await act(ask, ann, WAKE, group)

    assert payload["conversation"] == {"id": global_id(group), "isArchived": False, "viewerCanSend": True}
    assert await told(group) == ["ConversationChanged", "ConversationChanged"]
    assert (await ask(bob, "messages/send_message", **said))["sendMessage"]["errors"] == []
    assert not await is_archived(group)
    assert (await looked_at(ask, bob, group))["sequence"] == 2
