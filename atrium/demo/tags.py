"""The tags of the demonstration company: what they are called, which are kept, and who follows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from atrium.demo.accounts import EMAILS
from atrium.demo.ids import stream
from atrium.demo.records import Person
from atrium.demo.subjects import BY_KIND, TAGS
from atrium.demo.themes import THEMES
from models.tags import tag_key

OFFICIAL = "official"  # only those who speak for the company put it on posts
_FOLLOWED = 2.0  # tags a person, on the average
_LIKED = ("safety-tip", "canteen", "town-hall", "remote-work", "ideas", "news", "help-wanted", OFFICIAL)

NAMES: tuple[str, ...] = tuple(
    dict.fromkeys((*TAGS, *(subject.tag for theme in THEMES for subject in theme.subjects), OFFICIAL))
)
_KEPT = {
    OFFICIAL: "What the company says, for good. Only communicators use it.",
    "safety-tip": "Short advice that keeps people safe. Those who follow it see it first.",
    "news": "What is new at our sites.",
    "ideas": "Proposals: say what could be better, and how.",
    "help-wanted": "Questions that still need an answer.",
    "remote-work": "Working from anywhere but the office.",
    "new-colleagues": "For those who have just joined, and those who welcome them.",
}
_SYNONYMS = {
    "remote-work": ("home-office", "wfh", "telework"),
    "new-colleagues": ("newcomers", "welcome"),
    "canteen": ("lunch", "cafeteria"),
    "single-sign-on": ("sso",),
    "help-wanted": ("help",),
    "safety-tip": ("safety",),
}
_MERGED = "canteen"  # another tag has become part of it


@dataclass(frozen=True, slots=True)
class TagRows:
    """The rows of the tables of tags, and the key of each tag by its name."""

    keys: dict[str, UUID]
    tags: tuple[tuple[object, ...], ...]
    synonyms: tuple[tuple[object, ...], ...]
    merged: tuple[tuple[object, ...], ...]


def plan_tags(seed: int, founded: datetime, keeper: UUID) -> TagRows:
    """All tags, as old as the company; `keeper` is who looks after the kept ones."""
    rng = stream(seed, "tags")
    keys = {name: _random_key(rng) for name in NAMES}
    tags = tuple(_tag(name, keys[name], founded, keeper) for name in NAMES)
    pairs = [(name, other) for name, others in _SYNONYMS.items() for other in others]
    synonyms = tuple((_random_key(rng), keys[name], other, tag_key(other)) for name, other in pairs)
    return TagRows(keys, tags, synonyms, ((_random_key(rng), keys[_MERGED], founded),))


def follows(
    seed: int, people: Sequence[Person], keys: dict[str, UUID], until: datetime
) -> Iterator[tuple[object, ...]]:
    """Who follows which tags since when: of those of their work and those that many like."""
    rng = stream(seed, "tag follows")
    for person in people:
        if person.unit_id is None:
            continue
        near = [subject.tag for subject in BY_KIND.get(person.kind, ())]
        count = 4 if person.email in EMAILS else min(8, int(rng.expovariate(1 / _FOLLOWED)))
        wanted = [rng.choice(near) if near and rng.random() < 0.4 else _liked(rng) for _ in range(count)]
        for name in dict.fromkeys(wanted):
            since = person.created_at + (until - person.created_at) * rng.random()
            yield (person.id, keys[name], since.replace(microsecond=0))


def _liked(rng: Random) -> str:
    return _LIKED[min(int(rng.expovariate(0.5)), len(_LIKED) - 1)]


def _tag(name: str, key: UUID, founded: datetime, keeper: UUID) -> tuple[object, ...]:
    about = _KEPT.get(name, "")
    restricted, priority = name == OFFICIAL, name == "safety-tip"
    return (key, name, tag_key(name), about, restricted, priority, bool(about), keeper if about else None, 1, founded)


def _random_key(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
