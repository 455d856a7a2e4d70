"""Small companies that have enough to show on the screens that are measured."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from models.clock import SystemClock
from models.org import OrgUnit
from models.people import Person
from models.reactions import Reaction
from search.postgres import PostgresEngine
from search.reindex import reindex, untold
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.people import NOW, a_person, a_unit
from tests.factories.skills import a_person_skill, a_skill
from tests.factories.tags import a_tag, tagged

Wish = dict[str, Any]
"""What is asked about: keys by their kind, as `bench.beside.asked` has them."""


async def a_feed(ann: Person) -> Wish:
    """Twenty posts, each with five comments and two emoji."""
    people = [ann, *[await a_person(f"Bob {i}") for i in range(5)]]
    for i in range(20):
        post = await a_post("What do you think?", author=people[i % 6])
        for author in people[1:]:
            await a_comment(post, author=author)
            await _react(post.id, author, "👍" if author is not people[1] else "🎉")
    return {}


async def a_chart(ann: Person) -> Wish:
    """A unit of four teams with fifteen people each."""
    top = await a_unit("Works")
    head = await a_person("Bea", unit=top, manager=ann, title="Head")
    for team in range(4):
        unit = await a_unit(f"Team {team}", parent=top)
        lead = await a_person(f"Cem {team}", unit=unit, manager=head)
        await OrgUnit.filter(id=unit.id).update(head_id=lead.id)
        for i in range(14):
            await a_person(f"Dan {team} {i:02}", unit=unit, manager=lead)
    return {"unit": top.id, "person": head.id}


async def a_talk(ann: Person) -> Wish:
    """Fifty messages of five people; every fifth is a reply, every fourth has reactions."""
    people = [ann, *[await a_person(f"Eve {i}") for i in range(4)]]
    talk = await a_conversation(*people)
    said = [await a_message(talk, "Shall we?", author=people[0])]
    for i in range(1, 50):
        answers = {"reply_to_id": said[0].id} if i % 5 == 0 else {}
        said.append(await a_message(talk, "We shall.", author=people[i % 5], **answers))
        if i % 4 == 0:
            await _react(said[-1].id, ann, "👍")
    return {"conversation": talk.id, "body": "Good."}


async def a_thread(ann: Person) -> Wish:
    """A post with somebody's reaction."""
    bob = await a_person("Bob")
    post = await a_post("What do you think?", author=bob)
    await _react(post.id, bob, "👍")
    return {"post": post.id, "emoji": "🎉", "body": "Good."}


async def a_find(ann: Person) -> Wish:
    """Twenty-one hits of all kinds for a word, in names, titles, texts, tags and skills, as it is and otherwise."""
    bob = await a_person("Bob Harvest", title="Harvester")
    await a_person_skill(bob, await a_skill("Harvesting"))
    await a_group("The harvest", owner=ann, description="All of the *harvest*.")
    tag = await a_tag("harvest", "reaping")
    talk = await a_conversation(ann, bob)
    for i in range(6):
        post = await a_post(
            f"Which **harvests** <{i}> do we & others need?", author=bob, title="Harvest" if i % 2 else ""
        )
        await tagged(post, tag)
        await a_comment(post, "As harvested last year.", author=ann)
        await a_message(talk, "The harvest is in.", author=bob)
    await reindex(PostgresEngine(SystemClock()), untold)
    return {"text": "Harvest"}


SCREENS: dict[str, Callable[[Person], Awaitable[Wish]]] = {
    "HomeFeed": a_feed,
    "Profile": a_chart,
    "OrgChart": a_chart,
    "ChatHistory": a_talk,
    "Search": a_find,
    "AddReaction": a_thread,
    "AddComment": a_thread,
    "SendMessage": a_talk,
}
"""By the operation that shows it."""


async def _react(subject: uuid.UUID, person: Person, emoji: str) -> None:
    await Reaction.create(subject_id=subject, person_id=person.id, emoji=emoji, created_at=NOW)
