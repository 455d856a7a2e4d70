"""Must-reads, as rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from models.feed import Post
from models.people import Person
from models.readings import Acknowledgement, MustRead
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

DUE = NOW + timedelta(days=10)


async def a_must_read(post: Post, *, by: Person, due_at: datetime | None = DUE, **more: Any) -> MustRead:
    """That a post must be read."""
    values: dict[str, Any] = {"required_at": NOW} | more
    return await MustRead.create(id=post.id, due_at=due_at, required_by=by.id, **values)


async def an_acknowledgement(post: Post, person: Person, round: int = 1, at: datetime = NOW) -> Acknowledgement:
    """That somebody has read it."""
    return await Acknowledgement.create(post_id=post.id, person_id=person.id, round=round, acknowledged_at=at)


async def plant(ground: Ground) -> None:
    """A post that the insiders' unit must read, and one of them has."""
    post = await a_post(ground.word("must"), author=ground.ida, audience=ground.unit.id)
    await a_must_read(post, by=ground.ida)
    await an_acknowledgement(post, ground.ivan)
    ground.hide(global_id(post))
