"""Worlds: a company, its guests and what they wrote, made by Hypothesis."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import product

from hypothesis import strategies as st

from auth.viewer import SCOPES
from models.audiences import COMPANY, AudienceKind
from models.feed import PostStatus
from models.groups import GroupRole, JoinPolicy, Visibility
from models.positions import FOREVER, LineKind
from models.profiles import FieldVisibility
from models.session import Role
from tests.auth.inquiries import Inquiry, Pulse, inquiries, pulses
from tests.auth.rooms import KINDS, Room, Saying, rooms, sayings
from tests.factories.people import NOW

PLACES = ("Bern", "Oslo")
STORED = (*[AudienceKind.GROUP] * 4, AudienceKind.RULE, AudienceKind.PEOPLE, AudienceKind.CONVERSATION)
DAYS = (
    (date(2020, 1, 1), date(2021, 1, 1)),
    (date(2020, 7, 1), FOREVER),
    (NOW.date(), NOW.date() + timedelta(days=1)),
    (NOW.date() + timedelta(days=1), FOREVER),
)
"""Past, for good, today only, not yet."""
OFFICES = (Role.ADMIN, Role.HR, Role.MODERATOR, Role.COMMUNICATOR, Role.ANALYST)
STANDING = (PostStatus.PUBLISHED, PostStatus.REMOVED)
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
    """An audience whose members are stored one by one; a group's have roles, and others are invited."""

    id: uuid.UUID
    kind: AudienceKind
    members: frozenset[uuid.UUID]
    visibility: Visibility = Visibility.SECRET
    archived: bool = False
    roles: tuple[tuple[uuid.UUID, GroupRole], ...] = ()
    invited: frozenset[uuid.UUID] = frozenset()
    banned: frozenset[uuid.UUID] = frozenset()
    policy: JoinPolicy = JoinPolicy.INVITE


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
    """A post, or with `under` a comment of one. `writer` wrote a post on its author's behalf."""

    id: uuid.UUID
    audience: uuid.UUID
    author: uuid.UUID | None
    status: PostStatus
    writer: uuid.UUID | None = None
    closed: bool = False
    under: uuid.UUID | None = None
    kept: bool = False


@dataclass(frozen=True)
class Past:
    """What a post, a comment or a message said before."""

    id: uuid.UUID
    of: Entry | Saying


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
class Label:
    """A tag on some posts, with those who follow it."""

    id: uuid.UUID
    kept: bool
    creator: uuid.UUID | None
    followers: frozenset[uuid.UUID]
    posts: frozenset[uuid.UUID]


@dataclass(frozen=True)
class Call:
    """A mention of a person, in a post or a comment `under` a post, or in a message of a conversation, the `room`."""

    id: int
    person: uuid.UUID
    subject: uuid.UUID
    under: uuid.UUID | None
    room: uuid.UUID | None = None


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
    labels: tuple[Label, ...] = field(default=(), repr=False)
    calls: tuple[Call, ...] = field(default=(), repr=False)
    delegates: frozenset[tuple[uuid.UUID, uuid.UUID]] = frozenset()  # in whose name, who writes
    pasts: tuple[Past, ...] = field(default=(), repr=False)
    rooms: tuple[Room, ...] = ()
    sayings: tuple[Saying, ...] = field(default=(), repr=False)
    inquiries: tuple[Inquiry, ...] = field(default=(), repr=False)
    pulses: tuple[Pulse, ...] = field(default=(), repr=False)


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
    circles = tuple(draw(_circle(_id("c", i), kind, person)) for i, kind in enumerate(STORED))
    office = st.builds(Office, person, st.sampled_from(OFFICES), st.none() | unit)
    offices = tuple(draw(st.sets(office, max_size=5)))
    scopes = st.frozensets(st.sampled_from(sorted(SCOPES)))
    limited = draw(st.lists(st.tuples(person, scopes), max_size=4))
    sessions = [(id, None) for id in ids[:4]]
    keys = tuple(Key(_id("k", i), *key) for i, key in enumerate([*sessions, *limited]))
    skills = tuple(Known(_id("s", i)) for i in range(2))
    talents = tuple(Talent(_id("t", i), *one) for i, one in enumerate(product(ids, [skill.id for skill in skills])))
    everywhere = [COMPANY, *units, *(id for id, _ in places), *(circle.id for circle in circles)]
    authors = [None, *ids[:AUTHORS]]
    posts = tuple(
        Entry(_id("f", i), *one, writer=draw(st.none() | st.none() | person), closed=draw(rarely))
        for i, one in enumerate(product(everywhere, authors, PostStatus))
    )
    comments = tuple(
        Entry(_id("m", i), post.audience, author, status, under=post.id, kept=draw(rarely))
        for i, (post, author, status) in enumerate(product(posts[:: len(authors) * len(PostStatus)], authors, STANDING))
    )
    label = st.builds(
        Label,
        st.just(COMPANY),
        rarely,
        st.none() | person,
        st.frozensets(person, max_size=1),
        st.frozensets(st.sampled_from([post.id for post in posts if post.status != PostStatus.REMOVED]), max_size=3),
    )
    homes = [COMPANY, *units, *(circle.id for circle in circles)]
    talks = draw(rooms([_id("v", i) for i in range(len(KINDS))], ids, homes))
    said = tuple(Saying(_id("w", i), *one) for i, one in enumerate(sayings(talks, authors)))
    named = draw(st.sets(st.tuples(person, st.sampled_from([*posts, *comments, *said])), max_size=30))
    calls = tuple(_call(i, who, one) for i, (who, one) in enumerate(named, start=1))
    labels = tuple(replace(draw(label), id=_id("g", i)) for i in range(8))
    put = draw(inquiries(partial(_id, "i"), ids, everywhere, authors[:3]))
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
        labels=labels,
        calls=calls,
        delegates=draw(st.frozensets(st.tuples(person, person).filter(lambda two: two[0] != two[1]), max_size=6)),
        pasts=tuple(Past(_id("r", i), of) for i, of in enumerate([*posts[::7], *comments[::3], *said[::3]])),
        rooms=talks,
        sayings=said,
        inquiries=put,
        pulses=pulses(partial(_id, "j"), put),
    )


@st.composite
def _circle(draw: st.DrawFn, id: uuid.UUID, kind: AudienceKind, person: st.SearchStrategy[uuid.UUID]) -> Circle:
    members = draw(st.frozensets(person, max_size=4))
    if kind != AudienceKind.GROUP:
        return Circle(id, kind, members)
    role = st.sampled_from(list(GroupRole))
    visibility = draw(st.sampled_from(list(Visibility)))
    by_invitation = visibility is Visibility.SECRET
    invited = draw(st.frozensets(person, max_size=2)) - members
    return Circle(
        id,
        kind,
        members,
        visibility=visibility,
        policy=JoinPolicy.INVITE if by_invitation else draw(st.sampled_from(list(JoinPolicy))),
        archived=draw(st.sampled_from([False, False, True])),
        roles=tuple((member, draw(role)) for member in sorted(members)),
        invited=invited,
        banned=draw(st.frozensets(person, max_size=2)) - members - invited,
    )


def _call(id: int, person: uuid.UUID, subject: Entry | Saying) -> Call:
    if isinstance(subject, Saying):
        return Call(id, person, subject.id, None, subject.room.id)
    return Call(id, person, subject.id, subject.under or subject.id)


def _somebody(id: uuid.UUID, unit: st.SearchStrategy[uuid.UUID]) -> st.SearchStrategy[Somebody]:
    active = st.sampled_from([True, True, True, False])
    place = st.none() | st.sampled_from(PLACES)
    inside = st.builds(Somebody, st.just(id), active, st.just(False), st.none() | unit, place)
    planned = st.builds(Somebody, st.just(id), st.just(False), st.just(False), st.none() | unit, place, st.just(True))
    guest = st.builds(Somebody, st.just(id), active, st.just(True), st.none(), place)
    return st.one_of(inside, inside, guest, planned)


def _id(kind: str, number: int) -> uuid.UUID:
    """An id that one can read in a report: `u` of units, `p` of people, `f` of the feed …"""
    return uuid.UUID(bytes=kind.encode() * 12 + number.to_bytes(4, "big"))
