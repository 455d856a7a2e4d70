"""Who follows and who has blocked whom, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.follows import Block, Follow
from models.people import Person
from tests.factories.ids import global_id
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground


async def a_follow(follower: Person, person: Person) -> Follow:
    """Somebody follows a person."""
    return await Follow.create(follower_id=follower.id, person_id=person.id, created_at=NOW)


async def a_block(blocker: Person, person: Person) -> Block:
    """Somebody has blocked a person."""
    return await Block.create(blocker_id=blocker.id, person_id=person.id, created_at=NOW)


async def plant(ground: Ground) -> None:
    """An insider blocks everybody outside, who must not notice."""
    for person in ground.outsiders.values():
        await ground.ask(ground.ida, "follows/block_person", person_id=global_id(person), block=True)
