"""Topics as people type them: the skills and tags that they mean."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auth.conditions import Params
from auth.policies import skills as policy
from auth.scope import readable
from models import experts as table
from models.experts import SKILLS_MAX
from models.skills import PersonSkill, skill_key
from models.tags import tag_key
from resolvers.context import Context
from search import spelling
from search.languages import is_function_word
from search.query import PHRASES_MAX, Phrase
from search.words import tokens

WORDS_MAX = 12  # of a topic that may name skills
RUN_MAX = 5  # words of one skill
BEGINNING_MIN = 3  # characters by which a skill is found


@dataclass(frozen=True)
class Named:
    """A skill of the catalogue with all of its names; `key` is the one, folded, by which it was found."""

    id: uuid.UUID
    key: str
    name: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """What a topic means: for each part of it skills, any of which will do."""

    text: str
    parts: tuple[tuple[Named, ...], ...]

    @property
    def skills(self) -> dict[uuid.UUID, Named]:
        """All of them; at most `SKILLS_MAX`."""
        every = (skill for part in self.parts for skill in part)
        return {skill.id: skill for skill, _ in zip(every, range(SKILLS_MAX), strict=False)}

    @property
    def exact(self) -> list[Named]:
        """Those of parts that mean one skill alone."""
        return [part[0] for part in self.parts if len(part) == 1]

    @property
    def tags(self) -> list[str]:
        """What tags of the topic are called, folded."""
        names = [self.text, *(name for skill in self.exact for name in (skill.name, *skill.others))]
        return list(dict.fromkeys(filter(None, map(tag_key, names))))


async def topic(ctx: Context, text: str) -> Topic:
    """What a text means: skills that are called so, else those that begin so, else those that are misspelt.

    Of several words each run that is a skill's name is one part, the longest first.
    """
    words = skill_key(text).split()[:WORDS_MAX]
    parts = await _parts(ctx, words) or await _misspelt(ctx, " ".join(words))
    return Topic(text, tuple(parts))


def said(topic: Topic) -> Iterator[Phrase]:
    """What a text about a topic holds: all of its words; for a single one also a name of the skill that it is.

    As they are, neither misspelt nor as beginnings: that somebody wrote about the topic is told of them as a fact.
    """
    words = [tuple(tokens(word)) for word in topic.text.split()]
    wanted = [word for word in words if word and not all(is_function_word(token.word) for token in word)]
    if len(wanted) == 1 and len(wanted[0]) == 1:
        [token] = wanted[0]
        names = (tokens(name) for skill in topic.exact for name in (skill.name, *skill.others))
        others = {one.word for name in names if len(name) == 1 for one in name}
        wanted = [(replace(token, others=(*token.others, *sorted(others - {token.word, *token.others}))),)]
    return (Phrase(word, exact=True) for word in wanted[:PHRASES_MAX])


async def _parts(ctx: Context, words: Sequence[str]) -> list[tuple[Named, ...]]:
    runs = [" ".join(words[i : i + n]) for n in range(RUN_MAX, 0, -1) for i in range(len(words) - n + 1)]
    whole = " ".join(words)
    begin = [word for word in {whole, *words} if len(word) >= BEGINNING_MIN and not is_function_word(word)]
    params = Params([list({whole, *runs}), begin])
    found = _named(await table.called(params, seen=_seen(ctx, params)))
    exact: dict[str, Named] = {}
    for skill in found:
        exact.setdefault(skill.key, skill)
    if whole in exact:
        return [(exact[whole],)]
    if beginning := _beginning(found, whole):
        return [beginning]
    return list(_read(words, exact, found))


def _read(words: Sequence[str], exact: Mapping[str, Named], found: Sequence[Named]) -> Iterator[tuple[Named, ...]]:
    """The parts of several words, from the left: the longest name, else what begins like the word."""
    i = 0
    while i < len(words):
        names = (" ".join(words[i : i + n]) for n in range(min(RUN_MAX, len(words) - i), 0, -1))
        name = next((name for name in names if name in exact), None)
        if name is not None:
            yield (exact[name],)
        elif beginning := _beginning(found, words[i]):
            yield beginning
        i += len(name.split()) if name else 1


def _beginning(found: Sequence[Named], start: str) -> tuple[Named, ...]:
    """The skills that begin so, the shortest names first."""
    if len(start) < BEGINNING_MIN or is_function_word(start):
        return ()
    return _distinct(skill for skill in found if skill.key.startswith(start))


async def _misspelt(ctx: Context, whole: str) -> list[tuple[Named, ...]]:
    """The skills whose names are spelt most like this, word by word; none for what is not like any."""
    words = whole.split()
    most = sum(map(spelling.allowed, words))
    if not most:
        return []
    params = Params([len(whole) - most, len(whole) + most])
    near = [
        (distance, skill)
        for skill in _named(await table.as_long(params, seen=_seen(ctx, params)))
        if (distance := _distance(words, skill.key.split())) is not None
    ]
    least = min((distance for distance, _ in near), default=0)
    nearest = _distinct(skill for distance, skill in near if distance == least)
    return [nearest] if nearest else []


def _distance(words: Sequence[str], others: Sequence[str]) -> int | None:
    """How many letters are wrong in all; None where a word is too unlike the other at its place."""
    if len(words) != len(others):
        return None
    total = 0
    for word, other in zip(words, others, strict=True):
        most = spelling.allowed(word)
        # Each wrong letter makes two sets differ by two letters at most: most names are told apart by this alone.
        if word != other and len(set(word) ^ set(other)) > 2 * most:
            return None
        distance = spelling.distance(word, other, most)
        if distance is None:
            return None
        total += distance
    return total


def _seen(ctx: Context, params: Params) -> str:
    """A condition on a skill `s`: guests see no catalogue, but the skills of those whom they see."""
    if policy.readable_catalogue.test(ctx.me, None, ctx.facts):
        return "TRUE"
    return (
        f"EXISTS (SELECT FROM person_skill h WHERE h.skill_id = s.id AND {readable(PersonSkill, ctx.me, params, 'h')})"
    )


def _named(rows: Sequence[Any]) -> list[Named]:
    return [Named(row["id"], row["key"], row["name"], tuple(row["others"])) for row in rows]


def _distinct(skills: Iterator[Named]) -> tuple[Named, ...]:
    first: dict[uuid.UUID, Named] = {}
    for skill in skills:
        first.setdefault(skill.id, skill)
    return tuple(first.values())[:SKILLS_MAX]
