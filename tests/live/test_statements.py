"""How many statements an event costs: as many for fifty who follow one thing as for five."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from models.conversations import Conversation
from models.people import Person
from tests import engine
from tests.conftest import OPERATIONS, Ask
from tests.factories.chat import a_conversation
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.live.following import Live, running, until

ACCEPTANCE = (OPERATIONS / "streams" / "conversation_updated.graphql").read_text()
OWN_VIEW = """
subscription ($conversationId: ID!) { conversationUpdated(conversationId: $conversationId) {
  ... on MessagePosted { message { body viewerCanUpdate } }
} }
"""
DELIVERY = 5  # who is signed in, who may hear of it, who may read it, the message, its author


@pytest.mark.parametrize("text", [ACCEPTANCE])
async def test_a_message_to_fifty_costs_as_many_statements_as_to_five(
    ask: Ask, statements: list[str], text: str
) -> None:
    few, many = await delivered(ask, statements, 5, text), await delivered(ask, statements, 50, text)

    assert kinds(few) == kinds(many)
    assert len(many) <= DELIVERY, "\n".join(many)


async def test_what_each_sees_in_their_own_way_costs_each_their_own(ask: Ask, statements: list[str]) -> None:
    """So that the count above means something."""
    few, many = await delivered(ask, statements, 2, OWN_VIEW), await delivered(ask, statements, 6, OWN_VIEW)

    assert len(many) > len(few)


async def delivered(ask: Ask, statements: list[str], followers: int, text: str) -> list[str]:
    """The statements of the delivery of one message to so many."""
    await engine.empty()
    people = [await a_person(f"Person {n}") for n in range(followers)]
    talk = await a_conversation(*people)
    async with running(ask) as fan:
        followings = [await fan.text(person, text, conversation_id=global_id(talk)) for person in people]
        await until(lambda: fan.fanout.followers == followers)
        await say(ask, fan, people[0], talk, "the first is read with fresh rights")
        await until(lambda: all(len(following.told.said) == 1 for following in followings))
        statements.clear()
        await say(ask, fan, people[0], talk, "hello")
        await until(lambda: all(len(following.told.said) == 2 for following in followings))
    # How often the log is looked at depends on the moment, not on how many follow.
    after = statements[statements.index("COMMIT;") + 1 :]
    return [one for one in after if "FROM event e" not in one]


async def say(ask: Ask, fan: Live, who: Person, talk: Conversation, body: str) -> None:
    await ask(who, "messages/send_message", conversation_id=global_id(talk), body=body)


def kinds(statements: list[str]) -> Counter[str]:
    return Counter(re.sub(r"\$?\d+", "n", one) for one in statements)
