"""What the demonstration company is made of: plain records without a database, ids already given."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from atrium.demo.places import Place
from models.groups import GroupRole, JoinPolicy, MembershipSource, MembershipStatus, Visibility


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the tree, given before all units below it. Its head is one of its own people."""

    id: UUID
    name: str
    kind: str  # of its division: board, operations, it, service, …
    parent_id: UUID | None  # None for the one root
    head_id: UUID  # a person, who is given later
    depth: int  # the root has 1
    place: Place | None  # its city; None when its people sit in several
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """One person. Managers stand before their reports, except that the four fixed accounts come first of all."""

    id: UUID
    name: str
    given_name: str
    email: str  # unique, ASCII
    employee_id: str | None  # eight digits with leading zeros, unique; None for the guest
    title: str
    kind: str  # of their unit's division; board for the guest
    unit_id: UUID | None  # None for the guest
    manager_id: UUID | None  # None for the first person of the company and the guest
    is_head: bool  # of their unit
    place: Place
    language: str  # they mostly write in: en, de, fr or es
    pronouns: str | None
    bio: str | None
    skills: tuple[str, ...]  # best first, at most 12
    roles: tuple[str, ...]  # beyond those of any member; GUEST for the guest
    started_on: date
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Where somebody stands towards a group, since a moment after it was made."""

    person_id: UUID
    role: GroupRole
    status: MembershipStatus
    source: MembershipSource
    since: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """One group. Its owners come first and were there from its first moment, as were other members."""

    id: UUID
    name: str
    description: str
    visibility: Visibility
    join_policy: JoinPolicy
    is_default: bool
    moderated: bool
    created_at: datetime
    archived_at: datetime | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """One entry of the feed, to the company, to a unit and those below it, or to a group; never by the guest."""

    id: UUID
    kind: str  # discussion, question, announcement, article, praise, idea or poll
    title: str | None
    body: str  # Markdown
    language: str
    tags: tuple[str, ...]  # of `TAGS`, given by the author
    author_id: UUID
    unit_id: UUID | None  # whose audience; None for the company's and a group's
    published_at: datetime
    group_id: UUID | None = None  # whose audience
    options: tuple[str, ...] = ()  # of a poll
    praised: tuple[UUID, ...] = ()  # people whom a praise is for
    value: str | None = None  # what for
    shared_id: UUID | None = None  # the post of the company that it passes on


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, by someone who may see its post, at least a minute later."""

    id: UUID
    post_id: UUID
    parent_id: UUID | None  # the comment it replies to, itself no reply; given before it
    body: str  # Markdown
    author_id: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a post: edited, pinned, closed for comments, removed, answered by one of its comments.

    `due`: it must be read by so many days after it was published; `lasts`: its poll is open for so many hours.
    """

    edited: bool = False
    pinned: bool = False
    closed: bool = False
    removed: bool = False
    accepted: UUID | None = None
    due: int | None = None
    lasts: int | None = None
    multiple: bool = False
    written_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A post and its comments in order of time; `applause` is how many reactions they draw together, at most.

    Without a `fate` chance decides what became of it.
    """

    post: Post
    comments: tuple[Comment, ...]
    applause: int = 0
    fate: Fate | None = None
