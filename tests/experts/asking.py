"""Asking for experts, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.feed import Comment, Post
from models.people import Person
from search.indexer import Indexer
from search.sources import COMMENTS, POSTS
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post

Reasons = dict[str, str]
"""The sentences by kind of reason."""


async def experts(ask: Ask, who: Any, topic: str, first: int = 20) -> dict[str, Reasons]:
    """The experts that somebody is told of, in order, with the reasons."""
    nodes = await nodes_of(ask, who, topic, first)
    return {node["person"]["name"]: {one["kind"]: one["text"] for one in node["reasons"]} for node in nodes}


async def scores(ask: Ask, who: Any, topic: str) -> dict[str, float]:
    """The experts' scores, in order."""
    return {node["person"]["name"]: node["score"] for node in await nodes_of(ask, who, topic)}


async def nodes_of(ask: Ask, who: Any, topic: str, first: int = 20) -> Sequence[Any]:
    return (await ask(who, "experts/experts", topic=topic, first=first))["experts"]["nodes"]


async def indexed(ask: Ask, *subjects: Post | Comment) -> None:
    """Have posts and comments be found by their text."""
    indexer = Indexer(ask.services.engine)
    posts = [one.id for one in subjects if isinstance(one, Post)]
    await indexer.refresh(posts, POSTS.load)
    await indexer.refresh([one.id for one in subjects if isinstance(one, Comment)], COMMENTS.load)


async def an_answer(asker: Person, answerer: Person, body: str = "Try this", **more: Any) -> tuple[Post, Comment]:
    """A question, and the comment that its author accepted."""
    question = await a_post(more.pop("question", "How?"), author=asker, kind="QUESTION", **more)
    answer = await a_comment(question, body, author=answerer)
    question.accepted_id = answer.id
    await question.save(update_fields=["accepted_id"])
    return question, answer
