"""What the demonstration company is made of: plain records without a database, ids already given."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from atrium.demo.places import Place


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
class Post:
    """One entry of the feed, to everyone in the company or to a unit and those below it; never by the guest."""

    id: UUID
    kind: str  # discussion, question, announcement, article, praise or idea
    title: str | None
    body: str  # Markdown
    language: str
    tags: tuple[str, ...]  # of `TAGS`
    author_id: UUID
    unit_id: UUID | None  # whose audience; None for the company's
    published_at: datetime


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
class Thread:
    """A post and its comments in order of time."""

    post: Post
    comments: tuple[Comment, ...]
