"""What a message costs: few statements, from the recognition of its author to its event."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from auth.passwords import Hasher
from models.conversations import ConversationKind
from models.messages import Message
from tests.conftest import OPERATIONS, Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import as_viewer
from tests.messages.acting import say
from tests.web.server import serving

MOST = 2  # besides those that begin and end the transaction, but with the one that tells who asks
BOUNDS = re.compile(r"\s*(BEGIN|COMMIT)\b", re.IGNORECASE)


def counted(statements: list[str]) -> list[str]:
    return [text for text in statements if not BOUNDS.match(text)]


@pytest.mark.parametrize("kind", [*ConversationKind])
async def test_a_message_over_http_costs_two_statements_at_most(
    statements: list[str], hasher: Hasher, kind: ConversationKind
) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob, kind=kind)
    start = await a_message(conversation, author=bob)
    async with serving(hasher) as served:
        token = await served.token(ann)
        given: dict[str, Any] = {"conversationId": global_id(conversation), "replyToId": global_id(start)}
        await served.operate("session/me", token)

        statements.clear()
        data = await served.operate("messages/send_message", token, input=given | {"clientId": "c1", "body": "Hello"})
        run = counted(statements)

    assert data["sendMessage"]["message"]["sequence"] == 2
    assert len(run) <= MOST, "\n".join(run)
    assert await Message.all().count() == 2


async def test_a_megabyte_over_http_is_refused_and_the_next_message_is_not(database: None, hasher: Hasher) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    text = (OPERATIONS / "messages" / "send_message.graphql").read_text()
    async with serving(hasher) as served:
        token = await served.token(ann)

        async def sent(body: str) -> httpx.Response:
            given = {"conversationId": global_id(conversation), "body": body}
            return await served.post(text, token=token, variables={"input": given})

        too_large, too_long, taken = [await sent("x" * size) for size in (1_000_000, 900_000, 10_000)]

    assert too_large.status_code == 413
    assert [error["code"] for error in too_long.json()["data"]["sendMessage"]["errors"]] == ["BAD_USER_INPUT"]
    assert taken.json()["data"]["sendMessage"]["errors"] == []
    assert await Message.all().count() == 1


async def test_a_message_costs_the_same_in_a_conversation_of_any_size(ask: Ask, statements: list[str]) -> None:
    people = [await a_person(f"P{i}") for i in range(60)]
    viewer = await as_viewer(people[0], ask.services.clock.now())
    small, large = await a_conversation(*people[:2]), await a_conversation(*people)
    for _ in range(100):
        await a_message(large, author=people[1])
    costs: list[list[str]] = []

    for conversation in (small, large):
        statements.clear()
        payload = await say(ask, viewer, conversation, "Hello", client_id=global_id(conversation))
        costs.append(counted(statements))
        assert not payload["errors"]

    assert costs[0] == costs[1]
    assert len(costs[0]) <= MOST, "\n".join(costs[0])
