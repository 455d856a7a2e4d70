"""What a client knows: a snapshot, changed by the events that continue it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.clients import Caller, Clients, text_of

MESSAGES = """query Snapshot($id: ID!, $before: String) {
  eventCursor
  conversation(id: $id) {
    messages(last: 100, before: $before) {
      nodes { id sequence body isRemoved reactions { emoji count } }
      pageInfo { hasPreviousPage startCursor }
    }
  }
}"""
POSTS = """query Snapshot($after: String) {
  eventCursor
  feed(first: 100, after: $after, order: RECENT) {
    nodes { id body commentCount }
    pageInfo { hasNextPage endCursor }
  }
}"""

Rows = dict[str, dict[str, Any]]
Snapshot = tuple[str, Rows]
"""Where the log stood before anything of it was read, and the rows by id."""


@dataclass
class Conversation:
    """The messages of one conversation."""

    id: str
    rows: Rows = field(default_factory=dict[str, dict[str, Any]])
    sequences: list[int] = field(default_factory=list[int])  # of the messages that were told as new, in that order

    field_name = "conversationUpdated"

    @property
    def document(self) -> str:
        return text_of("streams/conversation_updated")

    @property
    def variables(self) -> dict[str, Any]:
        return {"conversationId": self.id}

    async def snapshot(self, clients: Clients, who: Caller) -> Snapshot:
        return await _whole(clients, who, MESSAGES, {"id": self.id}, _older)

    def take(self, event: dict[str, Any]) -> None:
        match event["__typename"]:
            case "MessagePosted":
                told = event["message"]
                self.sequences.append(told["sequence"])
                # A snapshot may be ahead of the events that continue it, never behind them.
                fresh: dict[str, Any] = {"id": told["id"], "isRemoved": False, "reactions": []}
                row = self.rows.setdefault(told["id"], fresh)
                row |= {"sequence": told["sequence"], "body": told["body"]}
            case "MessageEdited":
                self.rows[event["message"]["id"]]["body"] = event["message"]["body"]
            case "MessageDeleted":
                self.rows[event["messageId"]] |= {"body": "", "isRemoved": True, "reactions": []}
            case "ReactionsChanged":
                self.rows[event["subject"]["id"]]["reactions"] = event["subject"]["reactions"]
            case _:
                pass


@dataclass
class Feed:
    """The posts of the home feed."""

    rows: Rows = field(default_factory=dict[str, dict[str, Any]])
    sequences: list[int] = field(default_factory=list[int])  # posts have none

    field_name = "feedUpdated"

    @property
    def document(self) -> str:
        return text_of("feed/feed_updated")

    @property
    def variables(self) -> dict[str, Any]:
        return {}

    async def snapshot(self, clients: Clients, who: Caller) -> Snapshot:
        return await _whole(clients, who, POSTS, {}, _further)

    def take(self, event: dict[str, Any]) -> None:
        match event["__typename"]:
            case "PostPublished" if event["post"]:
                told = event["post"]
                row = self.rows.setdefault(told["id"], {"id": told["id"], "commentCount": 0})
                row["body"] = told["body"]
            case "PostEdited" if event["post"]:
                self.rows[event["post"]["id"]]["body"] = event["post"]["body"]
            case "PostRemoved":
                self.rows.pop(event["postId"], None)
            case "CommentAdded" if event["post"]:
                self.rows[event["post"]["id"]]["commentCount"] = event["post"]["commentCount"]
            case _:
                pass


Known = Conversation | Feed
Next = Callable[[dict[str, Any]], tuple[list[dict[str, Any]], dict[str, Any] | None]]


async def _whole(clients: Clients, who: Caller, text: str, values: dict[str, Any], next: Next) -> Snapshot:
    data = await clients.ask_text(who, text, values)
    cursor: str = data["eventCursor"]
    rows: Rows = {}
    while True:
        nodes, more = next(data)
        rows |= {node["id"]: node for node in nodes}
        if more is None:
            return cursor, rows
        data = await clients.ask_text(who, text, values | more)


def _older(data: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    found = data["conversation"]["messages"]
    page = found["pageInfo"]
    return found["nodes"], {"before": page["startCursor"]} if page["hasPreviousPage"] else None


def _further(data: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    page = data["feed"]["pageInfo"]
    return data["feed"]["nodes"], {"after": page["endCursor"]} if page["hasNextPage"] else None
