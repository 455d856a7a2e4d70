"""Writers: people who write, edit, remove and react over HTTP, each thing until it is acknowledged."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.clients import Caller, Clients, Refused

EMOJI = "👍🎉👀😂"
RECENT = 50  # things of one's own that one still edits, removes or comments on
CHOICE = {"say": 75, "edit": 7, "delete": 3, "react": 5, "post": 6, "comment": 4}
"""How often each is done, in per cent."""


@dataclass
class Acknowledged:
    """What writers were told is done."""

    messages: dict[str, tuple[str, int, str]] = field(default_factory=dict[str, tuple[str, int, str]])
    """By client's id: the message's id, its sequence, and its conversation."""
    posts: dict[str, str] = field(default_factory=dict[str, str])
    comments: dict[str, str] = field(default_factory=dict[str, str])
    edits: dict[str, int] = field(default_factory=dict[str, int])
    """By message: the version that it has at least."""
    deletes: set[str] = field(default_factory=set[str])
    reactions: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    """Message, person and emoji."""
    times: list[float] = field(default_factory=list[float])
    """When each write was acknowledged."""
    waits: list[float] = field(default_factory=list[float])
    """Seconds from its first try."""
    kinds: Counter[str] = field(default_factory=Counter[str])
    faults: list[str] = field(default_factory=list[str])


@dataclass
class Writer:
    """One person at their device."""

    clients: Clients
    who: Caller
    conversations: list[str]
    acknowledged: Acknowledged
    chance: random.Random
    pause: float = 0.0  # seconds between two writes
    _mine: list[str] = field(default_factory=list[str])
    _posts: list[str] = field(default_factory=list[str])

    async def until(self, enough: asyncio.Event) -> None:
        """Write one thing after the other; the last one is acknowledged, too."""
        while not enough.is_set():
            await self.once()
            await asyncio.sleep(self.pause)

    async def once(self) -> None:
        """One thing, which is acknowledged in the end."""
        [kind] = self.chance.choices(list(CHOICE), list(CHOICE.values()))
        if (kind in ("edit", "delete", "react") and not self._mine) or (kind == "comment" and not self._posts):
            kind = "say"
        begun = time.monotonic()
        try:
            await getattr(self, f"_{kind}")()
        except (Refused, TypeError, KeyError) as error:
            self.acknowledged.faults.append(f"{kind}: {error!r}")
            return
        now = time.monotonic()
        self.acknowledged.times.append(now)
        self.acknowledged.waits.append(now - begun)
        self.acknowledged.kinds[kind] += 1

    async def _say(self) -> None:
        client_id, place = str(uuid.uuid4()), self.chance.choice(self.conversations)
        values = {"conversationId": place, "clientId": client_id, "body": said(client_id)}
        message = await self._done("messages/send_message", values, "message")
        self.acknowledged.messages[client_id] = (message["id"], message["sequence"], place)
        self._mine = [*self._mine, message["id"]][-RECENT:]

    async def _edit(self) -> None:
        id = self.chance.choice(self._mine)
        message = await self._done("messages/edit_message", {"messageId": id, "body": f"{uuid.uuid4()}"}, "message")
        self.acknowledged.edits[id] = message["version"]

    async def _delete(self) -> None:
        id = self._mine.pop(self.chance.randrange(len(self._mine)))
        await self._done("messages/delete_message", {"messageId": id}, "message")
        self.acknowledged.deletes.add(id)

    async def _react(self) -> None:
        id, emoji = self.chance.choice(self._mine), self.chance.choice(EMOJI)
        await self._done("reactions/add_reaction", {"subjectId": id, "emoji": emoji}, "subject")
        self.acknowledged.reactions.add((id, self.who.id, emoji))

    async def _post(self) -> None:
        client_id = str(uuid.uuid4())
        values = {"kind": "DISCUSSION", "body": f"Posted {client_id}", "clientId": client_id}
        post = await self._done("posts/create_post", values, "post")
        self.acknowledged.posts[client_id] = post["id"]
        self._posts = [*self._posts, post["id"]][-RECENT:]

    async def _comment(self) -> None:
        client_id, post = str(uuid.uuid4()), self.chance.choice(self._posts)
        values = {"postId": post, "body": f"Added {client_id}", "clientId": client_id}
        self.acknowledged.comments[client_id] = (await self._done("comments/add_comment", values, "comment"))["id"]

    async def _done(self, operation: str, values: dict[str, Any], what: str) -> dict[str, Any]:
        return (await self.clients.change(self.who, operation, values))[what]


def said(client_id: str) -> str:
    """The text of the message with this client's id."""
    return f"Said {client_id}"
