"""What a colleague does next in a living demonstration company: a post or a comment, never by a fixed account."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal
from uuid import UUID

from atrium.demo.accounts import EMAILS
from atrium.demo.places import HEADQUARTERS, PLACES, draw_language
from atrium.demo.texts import Writer, write_comment, write_post

_COMMENTS = 0.72  # share of acts that are comments, where there is something to comment on
_PLACES = {place.city: place for place in PLACES}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone who may act. `unit_ids` are their unit and all above it, the nearest first, the root left out."""

    id: UUID
    email: str
    name: str
    kind: str  # of their unit's division, see `divisions.kind_of`
    city: str
    unit_ids: tuple[UUID, ...]
    is_head: bool


@dataclass(frozen=True, slots=True)
class RecentPost:
    """A post that may be answered, generated or real. `unit_id` is its audience, None the company's."""

    id: UUID
    author_id: UUID
    unit_id: UUID | None
    kind: str
    tags: tuple[str, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Act:
    """A post with `post_kind`, `title`, `tags` and its audience, or a comment on `post_id`."""

    kind: Literal["post", "comment"]
    author_id: UUID
    text: str  # Markdown
    language: str
    post_id: UUID | None = None
    post_kind: str | None = None
    title: str | None = None
    unit_id: UUID | None = None  # a post's audience; None for the company's
    tags: tuple[str, ...] = ()


def next_act(rng: Random, people: Sequence[Colleague], posts: Sequence[RecentPost]) -> Act | None:
    """The next post or comment; `posts` stand newest first, and newer ones draw more answers.

    None when there is nobody but the fixed accounts. A comment is always by someone who may see the post.
    """
    actors = [person for person in people if person.email not in EMAILS]
    if not actors:
        return None
    if posts and rng.random() < _COMMENTS:
        post = posts[min(int(rng.expovariate(0.3)), len(posts) - 1)]
        readers = [person for person in actors if person.id != post.author_id and _may_see(person, post)]
        if readers:
            return _comment(rng, _talkative(rng, readers), post, actors)
    return _post(rng, _talkative(rng, actors), actors)


def _may_see(person: Colleague, post: RecentPost) -> bool:
    return post.unit_id is None or post.unit_id in person.unit_ids


def _talkative(rng: Random, people: Sequence[Colleague]) -> Colleague:
    """One of them: those who stand further on in the sequence have less to say."""
    return people[int(len(people) * rng.random() ** 2.5)]


def _comment(rng: Random, person: Colleague, post: RecentPost, others: Sequence[Colleague]) -> Act:
    text = write_comment(rng, _writer(rng, person, others), post.kind, post.tags, post.language)
    return Act("comment", person.id, text, post.language, post_id=post.id)


def _post(rng: Random, person: Colleague, others: Sequence[Colleague]) -> Act:
    language = draw_language(rng, _PLACES.get(person.city, HEADQUARTERS))
    draft = write_post(rng, _writer(rng, person, others), language, may_announce=person.is_head)
    return Act(
        "post",
        person.id,
        draft.body,
        draft.language,
        post_kind=draft.kind,
        title=draft.title,
        unit_id=_audience(rng, person),
        tags=draft.tags,
    )


def _audience(rng: Random, person: Colleague) -> UUID | None:
    if not person.unit_ids or rng.random() < 0.35:
        return None
    return person.unit_ids[min(int(rng.expovariate(0.9)), len(person.unit_ids) - 1)]


def _writer(rng: Random, person: Colleague, others: Sequence[Colleague]) -> Writer:
    names = [other.name for other in others if other.id != person.id] or ["a colleague"]
    cities = sorted({other.city for other in others} - {person.city}) or [HEADQUARTERS.city]
    return Writer(person.kind, person.city, rng.choice(cities), rng.choice(names))
