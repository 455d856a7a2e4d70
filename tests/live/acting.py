"""A small company in which anything may happen, at random: what one person does, all others hear as far as they may."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from auth import sessions
from auth.viewer import Viewer
from models.conversations import Conversation
from models.feed import Comment, Post
from models.groups import Group, Visibility
from models.messages import Message
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from models.surveys import Anonymity, Survey
from resolvers.context import Services
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_partner
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role, as_viewer
from tests.factories.surveys import a_survey

EMOJI = ("👍", "🎉", "❤️")


@dataclass
class World:
    """Its people, by name, and the places where they meet."""

    ask: Ask
    people: dict[str, Person]
    unit: OrgUnit
    group: Group
    talk: Conversation
    survey: Survey
    chance: random.Random
    done: list[str] = field(default_factory=list[str])
    actions: Sequence[Action] = ()

    async def act(self) -> None:
        """Somebody does something; it may be refused."""
        action = self.chance.choice(self.actions or ACTIONS)
        who = self.chance.choice(list(self.people.values()))
        self.done.append(f"{who.name} {action.__name__}")
        await action(self, who)

    async def do(self, who: Person, operation: str, **given: Any) -> None:
        await self.ask(who, operation, **given)

    @property
    def somebody(self) -> str:
        return global_id(self.chance.choice(list(self.people.values())))

    def audience(self) -> dict[str, str] | None:
        unit, group = {"orgUnitId": global_id(self.unit)}, {"groupId": global_id(self.group)}
        return self.chance.choice([None, unit, group])

    async def some(self, model: type[Post | Comment | Message], of: Person | None = None) -> str:
        """The id of one of the newest, `of` somebody's or of all, or of none."""
        all = model.filter(author_id=of.id) if of else model.all()
        found = await all.order_by("-created_at").limit(4)
        return global_id(self.chance.choice(found)) if found else "none"


Action = Callable[[World, Person], Awaitable[None]]


async def posts(world: World, who: Person) -> None:
    body = f"post {len(world.done)}"
    await world.do(who, "posts/create_post", kind="DISCUSSION", body=body, audience=world.audience())


async def edits_a_post(world: World, who: Person) -> None:
    post = await world.some(Post, who)
    await world.do(who, "posts/edit_post", post_id=post, expected_version=1, body=f"edited {len(world.done)}")


async def removes_a_post(world: World, who: Person) -> None:
    await world.do(who, "posts/delete_post", post_id=await world.some(Post, who))


async def moves_a_post(world: World, who: Person) -> None:
    audience = world.audience() or {"company": True}
    await world.do(who, "sharing/move_post", post_id=await world.some(Post, who), audience=audience, confirmed=True)


async def comments(world: World, who: Person) -> None:
    body = f"comment {len(world.done)}"
    await world.do(who, "comments/add_comment", post_id=await world.some(Post), body=body)


async def removes_a_comment(world: World, who: Person) -> None:
    await world.do(who, "comments/delete_comment", comment_id=await world.some(Comment, who))


async def reacts(world: World, who: Person) -> None:
    subject = await world.some(world.chance.choice([Post, Comment, Message]))
    await world.do(who, "reactions/add_reaction", subject_id=subject, emoji=world.chance.choice(EMOJI))


async def writes(world: World, who: Person) -> None:
    body = f"message {len(world.done)}"
    await world.do(who, "messages/send_message", conversation_id=global_id(world.talk), body=body)


async def replies(world: World, who: Person) -> None:
    given = {"conversation_id": global_id(world.talk), "reply_to_id": await world.some(Message)}
    await world.do(who, "messages/send_message", body=f"reply {len(world.done)}", **given)


async def edits_a_message(world: World, who: Person) -> None:
    body = f"reworded {len(world.done)}"
    await world.do(who, "messages/edit_message", message_id=await world.some(Message, who), body=body)


async def removes_a_message(world: World, who: Person) -> None:
    await world.do(who, "messages/delete_message", message_id=await world.some(Message, who))


async def reads(world: World, who: Person) -> None:
    up_to = world.chance.randrange(1, 6)
    given = {"conversation_id": global_id(world.talk), "up_to_sequence": up_to}
    await world.do(who, "conversation_reading/mark_conversation_read", **given)


async def adds_to_the_talk(world: World, who: Person) -> None:
    given = {"person_ids": [world.somebody], "history": world.chance.choice(["ALL", "NONE"])}
    id = global_id(world.talk)
    await world.do(who, "conversation_people/add_conversation_members", conversation_id=id, **given)


async def leaves_the_talk(world: World, who: Person) -> None:
    await world.do(who, "conversation_people/leave_conversation", conversation_id=global_id(world.talk))


async def joins_the_group(world: World, who: Person) -> None:
    await world.do(who, "memberships/join_group", group_id=global_id(world.group))


async def leaves_the_group(world: World, who: Person) -> None:
    await world.do(who, "memberships/leave_group", group_id=global_id(world.group))


async def renames_the_group(world: World, who: Person) -> None:
    await world.do(who, "groups/update_group", group_id=global_id(world.group), name=f"Group {len(world.done)}")


async def changes_their_profile(world: World, who: Person) -> None:
    current = await Person.get(id=who.id)
    given = {"person_id": global_id(who), "expected_version": current.version, "bio": f"bio {len(world.done)}"}
    await world.do(who, "people/update_profile", **given)


async def puts_off_the_end_of_the_survey(world: World, who: Person) -> None:
    ends = world.survey.created_at + timedelta(days=30, hours=len(world.done))
    await world.do(who, "survey_making/update_survey", survey_id=global_id(world.survey), closes_at=ends.isoformat())


async def reminds_of_the_survey(world: World, who: Person) -> None:
    await world.do(who, "survey_series/remind_survey", survey_id=global_id(world.survey))


ACTIONS: tuple[Action, ...] = (
    *[posts, comments, reacts, writes] * 2,
    edits_a_post,
    removes_a_post,
    moves_a_post,
    removes_a_comment,
    replies,
    edits_a_message,
    removes_a_message,
    reads,
    adds_to_the_talk,
    leaves_the_talk,
    joins_the_group,
    leaves_the_group,
    renames_the_group,
    changes_their_profile,
    puts_off_the_end_of_the_survey,
    reminds_of_the_survey,
)


async def a_world(ask: Ask, chance: random.Random) -> World:
    """Members of two units, one of HR who asks the others, and a guest, in a group and a conversation of some."""
    unit, other = await a_unit("Here"), await a_unit("There")
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob", unit=unit)
    cem, dora = await a_person("Cem", unit=other), await a_person("Dora", unit=other, manager=ann)
    gil = await a_guest("Gil")
    await a_role(dora, Role.HR)
    group = await a_group(owner=ann, visibility=Visibility.OPEN)
    talk = await a_conversation(ann, bob, gil)
    await a_partner(talk, cem)
    for one in (bob, gil):
        await a_member(group, one)
    survey = await a_survey(dora, asked=[ann, bob, cem], anonymity=Anonymity.NAMED)
    people = {person.name: person for person in (ann, bob, cem, dora, gil)}
    return World(ask, people, unit, group, talk, survey, chance)


async def everybody(world: World) -> dict[str, Viewer]:
    """All people by their sessions, and some by tokens that reach less far, or as far as others'."""
    now = world.ask.services.clock.now()
    found = {name: await as_viewer(person, now) for name, person in world.people.items()}
    found["Bob's phone"] = await as_viewer(world.people["Bob"], now)
    for name in ("Ann", "Bob"):
        person = world.people[name]
        found[f"{name}'s robot"] = await a_token(
            world.ask.services, person, "feed:read", "chat:read", "groups:read", "people:read"
        )
    found["Cem's blunt robot"] = await a_token(
        world.ask.services, world.people["Cem"], "feed:read", "chat:read", "groups:read"
    )
    return found


async def a_token(services: Services, person: Person, *scopes: str) -> Viewer:
    """A token that reaches no further than this."""
    now = services.clock.now()
    _, access = await sessions.open_token(person.id, "robot", scopes, now + timedelta(days=1), now=now)
    viewer = await sessions.again(access.id, now)
    assert viewer
    return viewer
