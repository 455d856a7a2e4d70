"""What a colleague does next in a living demonstration company: never by a fixed account, and within their rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal
from uuid import UUID

from atrium.demo.accounts import EMAILS
from atrium.demo.echoes import draw_emoji
from atrium.demo.places import HEADQUARTERS, PLACES, draw_language
from atrium.demo.texts import Writer, write_comment, write_post

_REACTIONS, _COMMENTS = 0.35, 0.75  # share of acts, cumulative, where there is something to react to
_ANSWERS = 0.5  # how often somebody whose question has a comment accepts it, when they are about to comment
_TO_GROUPS = 0.4  # of the posts of those who are in groups
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
    group_ids: tuple[UUID, ...] = ()  # of those that take posts


@dataclass(frozen=True, slots=True)
class RecentPost:
    """A post that may be answered, generated or real. `unit_id` or `group_id` is its audience; neither: the company's.

    `answer_id` is a comment by somebody else on a question that has no answer yet.
    """

    id: UUID
    author_id: UUID
    unit_id: UUID | None
    kind: str
    tags: tuple[str, ...]
    language: str = "en"
    group_id: UUID | None = None
    answer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A post with `post_kind`, `title`, `tags` and its audience; else a comment on `post_id`, a reaction to it (whose
    `text` is an emoji), or that its author accepts `answer_id`.
    """

    kind: Literal["post", "comment", "reaction", "answer"]
    author_id: UUID
    text: str  # Markdown
    language: str
    post_id: UUID | None = None
    post_kind: str | None = None
    title: str | None = None
    unit_id: UUID | None = None  # a post's audience; None for the company's and a group's
    tags: tuple[str, ...] = ()
    group_id: UUID | None = None  # a post's audience
    answer_id: UUID | None = None


def next_act(rng: Random, people: Sequence[Colleague], posts: Sequence[RecentPost]) -> Act | None:
    """What comes next; `posts` stand newest first, and newer ones draw more answers.

    None when there is nobody but the fixed accounts. Who answers or reacts is always someone who may see the post.
    """
    actors = [person for person in people if person.email not in EMAILS]
    if not actors:
        return None
    dice = rng.random()
    if posts and dice < _COMMENTS:
        post = posts[min(int(rng.expovariate(0.3)), len(posts) - 1)]
        if post.answer_id and rng.random() < _ANSWERS and any(person.id == post.author_id for person in actors):
            return Act("answer", post.author_id, "", post.language, post_id=post.id, answer_id=post.answer_id)
        readers = [person for person in actors if person.id != post.author_id and _may_see(person, post)]
        if readers and dice < _REACTIONS:
            emoji = draw_emoji(rng, post.kind)
            return Act("reaction", _talkative(rng, readers).id, emoji, post.language, post_id=post.id)
        if readers:
            return _comment(rng, _talkative(rng, readers), post, actors)
    return _post(rng, _talkative(rng, actors), actors)


def _may_see(person: Colleague, post: RecentPost) -> bool:
    if post.group_id:
        return post.group_id in person.group_ids
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
    to_group = bool(person.group_ids) and rng.random() < _TO_GROUPS
    return Act(
        "post",
        person.id,
        draft.body,
        draft.language,
        post_kind=draft.kind,
        title=draft.title,
        unit_id=None if to_group else _audience(rng, person),
        tags=draft.tags,
        group_id=rng.choice(person.group_ids) if to_group else None,
    )


def _audience(rng: Random, person: Colleague) -> UUID | None:
    if not person.unit_ids or rng.random() < 0.35:
        return None
    return person.unit_ids[min(int(rng.expovariate(0.9)), len(person.unit_ids) - 1)]


def _writer(rng: Random, person: Colleague, others: Sequence[Colleague]) -> Writer:
    names = [other.name for other in others if other.id != person.id] or ["a colleague"]
    cities = sorted({other.city for other in others} - {person.city}) or [HEADQUARTERS.city]
    return Writer(person.kind, person.city, rng.choice(cities), rng.choice(names))
