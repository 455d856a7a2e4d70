"""Worlds: a company, its guests and what they wrote, made by Hypothesis and loaded into the real tables."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

from hypothesis import strategies as st

from auth.viewer import SCOPES
from models import audiences, db, org
from models.audiences import COMPANY, LISTED, Audience, AudienceKind
from models.drafts import OrgDraft
from models.feed import Comment, Post, PostStatus
from models.org import OrgUnit
from models.people import Person
from models.positions import FOREVER, Holding, LineKind, Position, ReportingLine
from models.profiles import FieldKind, FieldVisibility, ProfileField
from models.session import Access, AccessKind, Role, RoleGrant
from models.skills import PersonSkill, Skill
from tests.factories.people import NOW

PLACES = ("Bern", "Oslo")
STORED = (AudienceKind.GROUP, AudienceKind.RULE, AudienceKind.PEOPLE, AudienceKind.CONVERSATION)
DAYS = (
    (date(2020, 1, 1), date(2021, 1, 1)),
    (date(2020, 7, 1), FOREVER),
    (NOW.date(), NOW.date() + timedelta(days=1)),
    (NOW.date() + timedelta(days=1), FOREVER),
)
"""Past, for good, today only, not yet."""
AUTHORS = 3  # people of a world who have written, besides those whose accounts are erased


@dataclass(frozen=True)
class Somebody:
    """A person; `unit` and `location` may be given to those who have left and, the location, to guests, too."""

    id: uuid.UUID
    active: bool
    is_guest: bool
    unit: uuid.UUID | None
    location: str | None
    planned: bool = False  # they have not joined yet


@dataclass(frozen=True)
class Unit:
    """A unit of a tree, or a root of one of several."""

    id: uuid.UUID
    parent: uuid.UUID | None
    head: uuid.UUID | None
    deputy: uuid.UUID | None
    planned: bool = False  # it has not begun yet


@dataclass(frozen=True)
class Seat:
    """A position."""

    id: uuid.UUID
    unit: uuid.UUID | None
    planned: bool


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
class Known:
    """A skill of the catalogue."""

    id: uuid.UUID


@dataclass(frozen=True)
class Talent:
    """A skill that a person has."""

    id: uuid.UUID
    person: uuid.UUID
    skill: uuid.UUID


@dataclass(frozen=True)
class Hold:
    """Somebody's days in a position."""

    seat: uuid.UUID
    person: uuid.UUID
    days: tuple[date, date]


@dataclass(frozen=True)
class Line:
    """The days on which a position reported to another, or in a bad world to itself over others."""

    seat: uuid.UUID
    above: uuid.UUID
    kind: LineKind
    days: tuple[date, date]


@dataclass(frozen=True)
class Question:
    """A field of profiles."""

    id: uuid.UUID
    visibility: FieldVisibility
    deleted: bool


@dataclass(frozen=True)
class World:
    people: tuple[Somebody, ...]
    units: tuple[Unit, ...]
    seats: tuple[Seat, ...]
    holds: tuple[Hold, ...]
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    places: tuple[tuple[uuid.UUID, str], ...]
    circles: tuple[Circle, ...]
    offices: tuple[Office, ...]
    keys: tuple[Key, ...]
    skills: tuple[Known, ...]
    talents: tuple[Talent, ...]
    posts: tuple[Entry, ...] = field(repr=False)
    comments: tuple[Entry, ...] = field(repr=False)
    drafts: tuple[Known, ...] = ()


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any world: trees of any shape, everybody anywhere, and a post of every kind in every audience."""
    units = [_id("u", i) for i in range(draw(st.integers(1, 6)))]
    ids = [_id("p", i) for i in range(draw(st.integers(3, 8)))]
    person, unit = st.sampled_from(ids), st.sampled_from(units)
    rarely = st.sampled_from([False, False, True])
    people = tuple(draw(_somebody(id, unit)) for id in ids)
    tree = tuple(
        Unit(
            id,
            draw(st.none() | st.sampled_from(units[:i])) if i else None,
            *draw(st.tuples(*[st.none() | person] * 2)),
            planned=draw(rarely),
        )
        for i, id in enumerate(units)
    )
    seats = tuple(Seat(_id("q", i), *one) for i, one in enumerate(product([None, *units], (False, True))))
    seat, days = st.sampled_from([one.id for one in seats[:6]]), st.sampled_from(DAYS)
    held = draw(st.sets(st.tuples(seat, person, days), max_size=12))
    holds = tuple(Hold(*one) for one in held)
    kinds = st.sampled_from([LineKind.SOLID, LineKind.SOLID, LineKind.DOTTED])
    drawn = draw(st.dictionaries(st.tuples(seat, kinds, days), seat, max_size=12))
    lines = tuple(Line(under, above, kind, on) for (under, kind, on), above in drawn.items() if under != above)
    asked = product(FieldVisibility, (False, True))
    questions = tuple(Question(_id("a", i), *one) for i, one in enumerate(asked))
    places = tuple((_id("l", i), place) for i, place in enumerate(PLACES))
    members = st.frozensets(person, max_size=4)
    circles = tuple(Circle(_id("c", i), kind, draw(members)) for i, kind in enumerate(STORED))
    office = st.builds(Office, person, st.sampled_from([Role.ADMIN, Role.HR, Role.MODERATOR]), st.none() | unit)
    offices = tuple(draw(st.sets(office, max_size=5)))
    scopes = st.frozensets(st.sampled_from(sorted(SCOPES)))
    limited = draw(st.lists(st.tuples(person, scopes), max_size=4))
    sessions = [(id, None) for id in ids[:4]]
    keys = tuple(Key(_id("k", i), *key) for i, key in enumerate([*sessions, *limited]))
    skills = tuple(Known(_id("s", i)) for i in range(2))
    talents = tuple(Talent(_id("t", i), *one) for i, one in enumerate(product(ids, [skill.id for skill in skills])))
    everywhere = [COMPANY, *units, *(id for id, _ in places), *(circle.id for circle in circles)]
    authors = [None, *ids[:AUTHORS]]
    posts = tuple(Entry(_id("f", i), *one) for i, one in enumerate(product(everywhere, authors, (False, True))))
    comments = tuple(
        Entry(_id("m", i), post.audience, author, removed, post.id)
        for i, (post, author, removed) in enumerate(product(posts[:: len(authors)], authors, (False, True)))
    )
    return World(
        people,
        tree,
        seats,
        holds,
        lines,
        questions,
        places,
        circles,
        offices,
        keys,
        skills,
        talents,
        posts,
        comments,
        drafts=tuple(Known(_id("d", i)) for i in range(2)),
    )


def _somebody(id: uuid.UUID, unit: st.SearchStrategy[uuid.UUID]) -> st.SearchStrategy[Somebody]:
    active = st.sampled_from([True, True, True, False])
    place = st.none() | st.sampled_from(PLACES)
    inside = st.builds(Somebody, st.just(id), active, st.just(False), st.none() | unit, place)
    planned = st.builds(Somebody, st.just(id), st.just(False), st.just(False), st.none() | unit, place, st.just(True))
    guest = st.builds(Somebody, st.just(id), active, st.just(True), st.none(), place)
    return st.one_of(inside, inside, guest, planned)


async def load(world: World) -> None:
    """Store a world, in empty tables; what follows from its rows is made by the code that makes it in production."""
    await db.execute("SET CONSTRAINTS ALL DEFERRED")
    stamp = {"created_at": NOW, "updated_at": NOW}
    await Person.bulk_create(
        Person(
            id=p.id,
            name="x",
            active=p.active,
            planned=p.planned,
            is_guest=p.is_guest,
            unit_id=p.unit,
            location=p.location,
            **stamp,
        )
        for p in world.people
    )
    await OrgUnit.bulk_create(
        OrgUnit(
            id=u.id,
            name="x",
            parent_id=u.parent,
            head_id=u.head,
            deputy_id=u.deputy,
            active=not u.planned,
            planned=u.planned,
            created_at=NOW,
        )
        for u in world.units
    )
    await org.rebuild_closure()
    await Position.bulk_create(
        Position(id=q.id, unit_id=q.unit, active=not q.planned, planned=q.planned, created_at=NOW) for q in world.seats
    )
    await Holding.bulk_create(
        Holding(position_id=h.seat, person_id=h.person, valid_from=h.days[0], valid_to=h.days[1]) for h in world.holds
    )
    await ReportingLine.bulk_create(
        ReportingLine(position_id=x.seat, manager_id=x.above, kind=x.kind, valid_from=x.days[0], valid_to=x.days[1])
        for x in world.lines
    )
    await ProfileField.bulk_create(map(_question, world.questions))
    await Audience.bulk_create(
        [Audience(id=id, kind=AudienceKind.LOCATION, location=place) for id, place in world.places]
        + [Audience(id=circle.id, kind=circle.kind) for circle in world.circles]
    )
    await audiences.follow_locations([person.id for person in world.people])
    for circle in world.circles:
        await audiences.add(circle.id, circle.members, listed=circle.kind in LISTED)
    await RoleGrant.bulk_create(RoleGrant(person_id=o.person, role=o.role, unit_id=o.unit) for o in world.offices)
    await Access.bulk_create(map(_access, world.keys))
    await Skill.bulk_create(Skill(id=s.id, name="x", key=str(s.id), created_at=NOW) for s in world.skills)
    await PersonSkill.bulk_create(
        PersonSkill(id=t.id, person_id=t.person, skill_id=t.skill, created_at=NOW) for t in world.talents
    )
    await OrgDraft.bulk_create(
        OrgDraft(id=d.id, name="x", effective_on=NOW.date(), created_at=NOW) for d in world.drafts
    )
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


def _question(question: Question) -> ProfileField:
    return ProfileField(
        id=question.id,
        name="x",
        key=str(question.id),
        kind=FieldKind.TEXT,
        visibility=question.visibility,
        created_at=NOW,
        deleted_at=NOW if question.deleted else None,
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
