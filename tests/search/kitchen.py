"""A small company that talks of marmalade: one thing of each kind, and what reads which kind."""

from __future__ import annotations

from dataclasses import dataclass

from models.conversations import Conversation
from models.feed import Post
from models.groups import Group, Visibility
from models.people import Person
from models.tags import Tag
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.people import a_person
from tests.factories.tags import a_tag
from tests.search.asking import indexed

KINDS = ["PERSON", "POST", "COMMENT", "MESSAGE", "GROUP", "TAG"]
SCOPES = {
    "PERSON": "people:read",
    "POST": "feed:read",
    "COMMENT": "feed:read",
    "MESSAGE": "chat:read",
    "GROUP": "groups:read",
    "TAG": "feed:read",
}


@dataclass
class Kitchen:
    """One thing of each kind that says marmalade."""

    ann: Person
    bob: Person
    post: Post
    talk: Conversation
    group: Group
    tag: Tag


async def a_kitchen(ask: Ask) -> Kitchen:
    """All of it, indexed."""
    ann, bob = await a_person("Ann"), await a_person("Bob", bio="Cooks **marmalade** at home")
    post = await a_post("Who likes marmalade?", author=ann)
    await a_comment(post, "I like marmalade", author=bob)
    talk = await a_conversation(ann, bob)
    await a_message(talk, "The marmalade is here", author=bob)
    group = await a_group("Marmalade makers", owner=bob, visibility=Visibility.OPEN)
    tag = await a_tag("marmalade", "jam", kept=True)
    await indexed(ask)
    return Kitchen(ann, bob, post, talk, group, tag)
