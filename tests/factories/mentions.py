"""Texts that name people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.feed import Comment, Post
from models.mentions import Mention
from models.people import Person
from tests.factories.ids import global_id

if TYPE_CHECKING:
    from tests.leaks.ground import Ground


def at(person: Person) -> str:
    """A person, as a text names them."""
    return f"@[{global_id(person)}]"


async def a_mention(subject: Post | Comment, person: Person) -> Mention:
    """That a text, which is as written, names a person."""
    post = subject.id if isinstance(subject, Post) else subject.post_id
    return await Mention.create(
        subject_id=subject.id, post_id=post, person_id=person.id, told=True, created_at=subject.created_at
    )


async def plant(ground: Ground) -> None:
    """A post and a comment of the insiders that name every outsider, who must not hear of it."""
    named = " ".join(at(person) for person in ground.outsiders.values())
    where = {"orgUnitId": global_id(ground.unit)}
    body = f"{ground.word('mention')} {named}"
    data = await ground.ask(ground.ida, "posts/create_post", kind="DISCUSSION", body=body, audience=where)
    assert not data["createPost"]["errors"], data
    post = data["createPost"]["post"]["id"]
    said = await ground.ask(ground.ivan, "comments/add_comment", post_id=post, body=f"{ground.word('mention')} {named}")
    assert not said["addComment"]["errors"], said
    for id in (post, said["addComment"]["comment"]["id"]):
        ground.hide(id)
