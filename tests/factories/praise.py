"""Praise, and what else people do to posts, as rows."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from models.audiences import COMPANY
from models.feed import Post, PostKind, PraisedPerson
from models.people import Person
from models.reactions import Reaction
from models.seen import Bookmark, Seen
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.outsiders import Outsider
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground


async def a_praise(
    *people: Person, author: Person, value: str = "Courage", audience: uuid.UUID = COMPANY, body: str = "Thank you!"
) -> Post:
    """A published post that praises people."""
    post = await a_post(body, author=author, audience=audience, kind=PostKind.PRAISE, praise_value=value)
    for person in people:
        await PraisedPerson.create(post_id=post.id, person_id=person.id)
    return post


async def plant(ground: Ground) -> None:
    """Insiders praise one of those who are known to all, and like it; they ask, answer, and put it aside."""
    elsa = ground.outsiders[Outsider.ELSEWHERE]
    praise = await a_praise(
        ground.ivan, elsa, author=ground.ida, value=ground.word("value"), audience=ground.unit.id, body="Thank you!"
    )
    question = await a_post(ground.word("question"), author=ground.ivan, audience=ground.unit.id, kind="QUESTION")
    answer = await a_comment(question, ground.word("answer"), author=ground.ida)
    await Post.filter(id=question.id).update(accepted_id=answer.id, pinned_at=NOW)
    for subject in (praise, question, answer):
        ground.hide(global_id(subject))
        await Reaction.create(subject_id=subject.id, person_id=ground.ivan.id, emoji="👍", created_at=NOW)
    for post in (praise, question):
        await Bookmark.create(person_id=ground.ida.id, post_id=post.id, created_at=NOW)
        await Seen.create(person_id=ground.ivan.id, post_id=post.id, seen_at=NOW)
