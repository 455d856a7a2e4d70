"""Worlds: a company, its guests and what they wrote, made by Hypothesis and loaded into the real tables."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product

from hypothesis import strategies as st

from auth.viewer import SCOPES
from models import audiences, db, org
from models.audiences import COMPANY, LISTED, Audience, AudienceKind
from models.feed import Comment, Post, PostStatus
from models.org import OrgUnit
from models.people import Person
from models.session import Access, AccessKind, Role, RoleGrant
from tests.factories.people import NOW

PLACES = ("Bern", "Oslo")
STORED = (AudienceKind.GROUP, AudienceKind.RULE, AudienceKind.PEOPLE, AudienceKind.CONVERSATION)
AUTHORS = 3  # people of a world who have written, besides those whose accounts are erased


@dataclass(frozen=True)
class Somebody:
    """A person; `unit` and `location` may be given to those who have left and, the location, to guests, too."""

    id: uuid.UUID
    active: bool
    is_guest: bool
    unit: uuid.UUID | None
    location: str | None


@dataclass(frozen=True)
class Unit:
    """A unit of a tree, or a root of one of several."""

    id: uuid.UUID
    parent: uuid.UUID | None
    head: uuid.UUID | None
    deputy: uuid.UUID | None


@dataclass(frozen=True)
class Circle:
    """An audience whose members are stored one by one."""

    id: uuid.UUID
    kind: AudienceKind
    members: frozenset[uuid.UUID]


@dataclass(frozen=True)
class Office:
    """A role, within a unit or everywhere."""

    person: uuid.UUID
    role: Role
    unit: uuid.UUID | None


@dataclass(frozen=True)
class Key:
    """A session (`scopes` None) or a limited token."""

    id: uuid.UUID
    person: uuid.UUID
    scopes: frozenset[str] | None


@dataclass(frozen=True)
class Entry:
    """A post, or with `under` a comment of one."""

    id: uuid.UUID
    audience: uuid.UUID
    author: uuid.UUID | None
    removed: bool
    under: uuid.UUID | None = None


@dataclass(frozen=True)
class World:
    people: tuple[Somebody, ...]
    units: tuple[Unit, ...]
    places: tuple[tuple[uuid.UUID, str], ...]
    circles: tuple[Circle, ...]
    offices: tuple[Office, ...]
    keys: tuple[Key, ...]
    posts: tuple[Entry, ...] = field(repr=False)
    comments: tuple[Entry, ...] = field(repr=False)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any world: trees of any shape, everybody anywhere, and a post of every kind in every audience."""
    units = [_id("u", i) for i in range(draw(st.integers(1, 6)))]
    ids = [_id("p", i) for i in range(draw(st.integers(3, 8)))]
    person, unit = st.sampled_from(ids), st.sampled_from(units)
    people = tuple(draw(_somebody(id, unit)) for id in ids)
    tree = tuple(
        Unit(
            id, draw(st.none() | st.sampled_from(units[:i])) if i else None, *draw(st.tuples(*[st.none() | person] * 2))
        )
        for i, id in enumerate(units)
    )
    places = tuple((_id("l", i), place) for i, place in enumerate(PLACES))
    members = st.frozensets(person, max_size=4)
    circles = tuple(Circle(_id("c", i), kind, draw(members)) for i, kind in enumerate(STORED))
    office = st.builds(Office, person, st.sampled_from([Role.ADMIN, Role.HR, Role.MODERATOR]), st.none() | unit)
    offices = tuple(draw(st.sets(office, max_size=5)))
    scopes = st.frozensets(st.sampled_from(sorted(SCOPES)))
    limited = draw(st.lists(st.tuples(person, scopes), max_size=4))
    sessions = [(id, None) for id in ids[:4]]
    keys = tuple(Key(_id("k", i), *key) for i, key in enumerate([*sessions, *limited]))
    everywhere = [COMPANY, *units, *(id for id, _ in places), *(circle.id for circle in circles)]
    authors = [None, *ids[:AUTHORS]]
    posts = tuple(Entry(_id("f", i), *one) for i, one in enumerate(product(everywhere, authors, (False, True))))
    comments = tuple(
        Entry(_id("m", i), post.audience, author, removed, post.id)
        for i, (post, author, removed) in enumerate(product(posts[:: len(authors)], authors, (False, True)))
    )
    return World(people, tree, places, circles, offices, keys, posts, comments)


def _somebody(id: uuid.UUID, unit: st.SearchStrategy[uuid.UUID]) -> st.SearchStrategy[Somebody]:
    active = st.sampled_from([True, True, True, False])
    place = st.none() | st.sampled_from(PLACES)
    inside = st.builds(Somebody, st.just(id), active, st.just(False), st.none() | unit, place)
    guest = st.builds(Somebody, st.just(id), active, st.just(True), st.none(), place)
    return st.one_of(inside, inside, guest)


async def load(world: World) -> None:
    """Store a world, in empty tables; what follows from its rows is made by the code that makes it in production."""
    await db.execute("SET CONSTRAINTS ALL DEFERRED")
    stamp = {"created_at": NOW, "updated_at": NOW}
    await Person.bulk_create(
        Person(id=p.id, name="x", active=p.active, is_guest=p.is_guest, unit_id=p.unit, location=p.location, **stamp)
        for p in world.people
    )
    await OrgUnit.bulk_create(
        OrgUnit(id=u.id, name="x", parent_id=u.parent, head_id=u.head, deputy_id=u.deputy, created_at=NOW)
        for u in world.units
    )
    await org.rebuild_closure()
    await Audience.bulk_create(
        [Audience(id=id, kind=AudienceKind.LOCATION, location=place) for id, place in world.places]
        + [Audience(id=circle.id, kind=circle.kind) for circle in world.circles]
    )
    await audiences.follow_locations([person.id for person in world.people])
    for circle in world.circles:
        await audiences.add(circle.id, circle.members, listed=circle.kind in LISTED)
    await RoleGrant.bulk_create(RoleGrant(person_id=o.person, role=o.role, unit_id=o.unit) for o in world.offices)
    await Access.bulk_create(map(_access, world.keys))
    await _write(world)


async def _write(world: World) -> None:
    await Post.bulk_create(
        Post(
            id=post.id,
            author_id=post.author,
            audience_id=post.audience,
            status=PostStatus.REMOVED if post.removed else PostStatus.PUBLISHED,
            body="x",
            created_at=NOW,
            published_at=NOW,
        )
        for post in world.posts
    )
    await Comment.bulk_create(
        Comment(
            id=comment.id,
            post_id=comment.under,
            author_id=comment.author,
            audience_id=comment.audience,
            removed=comment.removed,
            body="x",
            created_at=NOW,
        )
        for comment in world.comments
    )


def _access(key: Key) -> Access:
    return Access(
        id=key.id,
        kind=AccessKind.SESSION if key.scopes is None else AccessKind.TOKEN,
        person_id=key.person,
        secret_hash=str(key.id),
        scopes=None if key.scopes is None else sorted(key.scopes),
        created_at=NOW,
        last_used_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )


def _id(kind: str, number: int) -> uuid.UUID:
    """An id that one can read in a report: `u` of units, `p` of people, `f` of the feed …"""
    return uuid.UUID(bytes=kind.encode() * 12 + number.to_bytes(4, "big"))
