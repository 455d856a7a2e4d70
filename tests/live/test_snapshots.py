"""A snapshot and the events behind it make the next snapshot: for whoever keeps what they see by what they hear."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from auth.viewer import Viewer
from models.feed import Comment, Post
from models.messages import Message
from models.people import Person
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.session import as_viewer
from tests.live import acting
from tests.live.acting import Action, World, a_world
from tests.live.following import Following, Live

ROUNDS = 70

POST = "id body version areCommentsClosed commentCount reactions { emoji count viewerHasReacted }"
COMMENT = "id body isRemoved reactions { emoji count viewerHasReacted }"
MESSAGE = "id sequence body isRemoved isPinned replyCount reactions { emoji count viewerHasReacted }"
FEED = f"""
{{ eventCursor feed(first: 50) {{ nodes {{ {POST} comments(first: 40) {{ nodes {{ {COMMENT} }} }} }} }} }}
"""
TALK = f"""
query ($id: ID!) {{
  eventCursor viewer {{ unreadConversationCount }}
  conversation(id: $id) {{ unreadCount messages(last: 100) {{ nodes {{ {MESSAGE} }} }} }}
}}
"""
FEED_UPDATED = f"""
subscription ($after: String) {{ feedUpdated(after: $after) {{
  __typename
  ... on PostPublished {{ post {{ {POST} comments(first: 40) {{ nodes {{ {COMMENT} }} }} }} }}
  ... on PostEdited {{ post {{ {POST} }} }} ... on PostChanged {{ post {{ {POST} }} }}
  ... on PostRemoved {{ postId }}
  ... on CommentAdded {{ comment {{ {COMMENT} }} post {{ {POST} }} }}
  ... on CommentEdited {{ comment {{ {COMMENT} }} }}
  ... on CommentRemoved {{ commentId post {{ {POST} }} }}
  ... on ReactionsChanged {{ subject {{
    __typename ... on Post {{ {POST} }} ... on Comment {{ {COMMENT} }}
  }} }}
}} }}
"""
TALK_UPDATED = f"""
subscription ($id: ID!, $after: String) {{ conversationUpdated(conversationId: $id, after: $after) {{
  __typename
  ... on MessagePosted {{ message {{ {MESSAGE} replyTo {{ {MESSAGE} }} }} conversation {{ unreadCount }} }}
  ... on MessageEdited {{ message {{ {MESSAGE} }} }}
  ... on MessageChanged {{ message {{ {MESSAGE} }} }}
  ... on MessageDeleted {{ message {{ {MESSAGE} replyTo {{ {MESSAGE} }} }} conversation {{ unreadCount }} }}
  ... on ReactionsChanged {{ subject {{ ... on Message {{ {MESSAGE} }} }} }}
  ... on ReadPointerMoved {{ conversation {{ unreadCount }} }}
}} }}
"""


async def edits_a_comment(world: World, who: Person) -> None:
    given = {"comment_id": await world.some(Comment, who), "expected_version": 1}
    await world.do(who, "comments/edit_comment", body=f"reworded {len(world.done)}", **given)


async def closes_the_comments(world: World, who: Person) -> None:
    await world.do(who, "pins/close_comments", post_id=await world.some(Post, who), are_closed=True)


async def takes_a_reaction_back(world: World, who: Person) -> None:
    subject = await world.some(world.chance.choice([Post, Comment, Message]))
    for emoji in acting.EMOJI:
        await world.do(who, "reactions/remove_reaction", subject_id=subject, emoji=emoji)


async def pins_a_message(world: World, who: Person) -> None:
    await world.do(who, "message_pins/pin_message", message_id=await world.some(Message))


# But who belongs where stays as it is: whoever comes or goes reads afresh what they see.
ACTIONS: tuple[Action, ...] = (
    *(acting.posts, acting.comments, acting.reacts, acting.writes, acting.replies) * 2,
    acting.edits_a_post,
    acting.removes_a_post,
    acting.moves_a_post,
    edits_a_comment,
    acting.removes_a_comment,
    closes_the_comments,
    takes_a_reaction_back,
    acting.edits_a_message,
    acting.removes_a_message,
    pins_a_message,
)


@dataclass
class Seen:
    """What a client shows, kept up by what it hears."""

    posts: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    comments: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict[str, dict[str, dict[str, Any]]])
    messages: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    unread: int = 0

    def show(self, post: dict[str, Any]) -> None:
        """A post with its comments."""
        self.comments[post["id"]] = {one["id"]: one for one in post.pop("comments")["nodes"]}
        self.posts[post["id"]] = post

    def hear(self, event: dict[str, Any]) -> None:
        """Take in an event: what it shows is newer than what is there; what it no longer shows, another event ends."""
        if message := event.get("message"):
            for one in (message.pop("replyTo", None), message):
                if one:
                    self.messages[one["id"]] = one
        if conversation := event.get("conversation"):
            self.unread = conversation["unreadCount"]
        match event["__typename"]:
            case "PostPublished" if event["post"]:
                self.show(event["post"])
            case "PostEdited" | "PostChanged":
                self._renew(event["post"])
            case "PostRemoved":
                self.posts.pop(event["postId"], None)
                self.comments.pop(event["postId"], None)
            case "CommentAdded" if event["comment"] and event["post"]:
                self._renew(event["post"])
                self.comments.setdefault(event["post"]["id"], {})[event["comment"]["id"]] = event["comment"]
            case "CommentEdited":
                self._renew_comment(event["comment"])
            case "CommentRemoved":
                self._renew(event["post"])
                for comments in self.comments.values():
                    comments.pop(event["commentId"], None)
            case "ReactionsChanged" if subject := event["subject"]:
                kind = subject.pop("__typename", "Message")
                {"Post": self._renew, "Comment": self._renew_comment, "Message": self._renew_message}[kind](subject)
            case _:
                pass

    def _renew(self, post: dict[str, Any] | None) -> None:
        if post and post["id"] in self.posts:
            self.posts[post["id"]] = post

    def _renew_comment(self, comment: dict[str, Any] | None) -> None:
        for comments in self.comments.values():
            if comment and comment["id"] in comments:
                comments[comment["id"]] = comment

    def _renew_message(self, message: dict[str, Any]) -> None:
        self.messages[message["id"]] = message


async def look(ask: Ask, viewer: Viewer, talk: str) -> tuple[Seen, str, str]:
    """What there is to see now, and the cursors from which on to listen."""
    feed, conversation = await ask.text(viewer, FEED), await ask.text(viewer, TALK, {"id": talk})
    assert feed.data and conversation.data, (feed.errors, conversation.errors)
    seen = Seen(unread=conversation.data["conversation"]["unreadCount"])
    for post in feed.data["feed"]["nodes"]:
        seen.show(post)
    for message in conversation.data["conversation"]["messages"]["nodes"]:
        seen.messages[message["id"]] = message
    return seen, feed.data["eventCursor"], conversation.data["eventCursor"]


@pytest.mark.parametrize("seed", range(2))
async def test_a_snapshot_and_its_events_are_the_next_snapshot(ask: Ask, fan: Live, seed: int) -> None:
    chance = random.Random(seed)
    world = await a_world(ask, chance)
    world.actions = ACTIONS
    talk = global_id(world.talk)
    for _ in range(20):
        await world.act()
    viewers = [await as_viewer(world.people[name], ask.services.clock.now()) for name in ("Bob", "Cem", "Gil")]
    kept: list[tuple[Viewer, Seen, list[Following]]] = []
    for viewer in viewers:
        seen, feed, conversation = await look(ask, viewer, talk)
        streams = [
            await fan.text(viewer, FEED_UPDATED, after=feed),
            await fan.text(viewer, TALK_UPDATED, id=talk, after=conversation),
        ]
        kept.append((viewer, seen, streams))

    for _ in range(ROUNDS):
        await world.act()

    for viewer, seen, streams in kept:
        await fan.all_told(*streams)
        for event in [event for stream in streams for event in stream.told.events]:
            seen.hear(event)
        assert seen == (await look(ask, viewer, talk))[0], viewer.name
