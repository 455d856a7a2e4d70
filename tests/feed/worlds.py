"""Random worlds of audiences and posts, and what a feed of them should be, found out in the plainest way."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models import audiences
from models.audiences import COMPANY
from models.feed import Post, PostKind, PostStatus
from models.groups import Visibility
from models.people import Person
from tests.factories.circles import a_circle
from tests.factories.follows import a_block
from tests.factories.people import NOW, a_person, a_unit
from tests.factories.rules import a_rule

MOMENTS = 40  # few, so that many posts are of the same one


@dataclass
class FeedWorld:
    """A viewer, writers, and audiences, of which the viewer has joined some."""

    rng: random.Random
    viewer: Person
    writers: list[Person]
    joined: set[uuid.UUID]
    others: set[uuid.UUID]
    blocked: set[uuid.UUID] = field(default_factory=set[uuid.UUID])

    async def post(self, moment: datetime | None = None) -> Post:
        """Somebody posts somewhere, most of it where the viewer is."""
        rng = self.rng
        places = sorted(self.joined if rng.random() < 0.7 else self.others)
        status = rng.choices(list(PostStatus), [1, 0, 1, 9, 1])[0]
        at = moment or NOW + timedelta(minutes=rng.randrange(MOMENTS))
        return await Post.create(
            author_id=rng.choice([None, *(one.id for one in self.writers)]),
            audience_id=rng.choice(places),
            kind=rng.choice([PostKind.DISCUSSION, PostKind.ANNOUNCEMENT]),
            status=status,
            body=str(rng.randrange(10**9)),
            created_at=at,
            published_at=at if status is PostStatus.PUBLISHED else None,
        )

    async def happen(self) -> None:
        """A post comes, goes, is pinned or taken out."""
        posts = await Post.filter(status=PostStatus.PUBLISHED).order_by("id")
        match self.rng.choice(["come", "go", "pin", "vanish"]):
            case "go" if posts:
                await Post.filter(id=self.rng.choice(posts).id).update(status=PostStatus.REMOVED, body="")
            case "pin" if posts:
                await Post.filter(id=self.rng.choice(posts).id).update(pinned_at=NOW)
            case "vanish" if posts:
                await Post.filter(id=self.rng.choice(posts).id).delete()
            case _:
                await self.post(NOW + timedelta(minutes=MOMENTS + 1))

    async def expected(self) -> list[Post]:
        """All that should be in the viewer's home feed, the newest first."""
        posts = await Post.filter(status=PostStatus.PUBLISHED)
        mine = [one for one in posts if one.audience_id in self.joined and self.is_shown(one)]
        return sorted(mine, key=lambda one: (one.published_at, one.id), reverse=True)

    def is_shown(self, post: Post) -> bool:
        return post.author_id not in self.blocked or post.kind is PostKind.ANNOUNCEMENT


async def a_feed_world(seed: int, posts: int) -> FeedWorld:
    rng = random.Random(seed)
    top = await a_unit("Top")
    units = [await a_unit(f"Unit {i}", parent=top) for i in range(3)]
    viewer = await a_person("Ann", unit=units[0], location="Bern")
    writers = [await a_person(f"Dan {i}", unit=rng.choice(units), location="Basel") for i in range(4)]
    world = FeedWorld(rng, viewer, writers, {COMPANY, top.id, units[0].id}, {unit.id for unit in units[1:]})
    for _ in range(rng.randrange(8)):
        await _gather(world)
    for location, into in (("Bern", world.joined), ("Basel", world.others)):
        into.add(await audiences.of_location(location))
    if rng.random() < 0.5:
        world.blocked = {(await _blocked(world)).id}
    for _ in range(posts):
        await world.post()
    return world


async def _gather(world: FeedWorld) -> None:
    """A group, a rule or a list, in which the viewer is or is not."""
    is_in = world.rng.random() < 0.6
    people = [*world.writers[:2], *([world.viewer] if is_in else [])]
    kind = world.rng.choice(["group", "rule", "list"])
    if kind == "group":
        made = (await a_circle(*people, visibility=world.rng.choice(list(Visibility)))).id
    elif kind == "rule":
        made = (await a_rule("Rule", *people)).id
    else:
        people.append(await a_person("One"))  # a list is told by its people: each is another one
        made = await audiences.of_people(one.id for one in people)
    (world.joined if is_in else world.others).add(made)


async def _blocked(world: FeedWorld) -> Person:
    one = world.rng.choice(world.writers)
    await a_block(world.viewer, one)
    return one
