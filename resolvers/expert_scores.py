"""What counts for being an expert on a topic, how much, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from functools import lru_cache
from math import log1p
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.experts import ENDORSERS_MAX
from models.skills import SkillLevel


class ExpertReasonKind(StrEnum):
    """What speaks for asking somebody."""

    SKILL = "SKILL"
    ENDORSEMENTS = "ENDORSEMENTS"
    ACCEPTED_ANSWERS = "ACCEPTED_ANSWERS"
    POSTS = "POSTS"
    CLOSENESS = "CLOSENESS"
    AVAILABILITY = "AVAILABILITY"


Kind = ExpertReasonKind

WEIGHTS = {
    Kind.SKILL: 35.0,
    Kind.ENDORSEMENTS: 20.0,
    Kind.ACCEPTED_ANSWERS: 25.0,
    Kind.POSTS: 10.0,
    Kind.CLOSENESS: 6.0,
    Kind.AVAILABILITY: 4.0,
}
"""How many of 100 points each gives at most.

What others confirm (endorsements, answers that helped) counts more together than one's own word, which is easily given;
whoever only writes a lot comes behind. Being near and at work decide between people who know about as much.
"""

LEVELS: Mapping[str | None, float] = {
    None: 0.3,
    SkillLevel.BEGINNER: 0.35,
    SkillLevel.INTERMEDIATE: 0.6,
    SkillLevel.ADVANCED: 0.8,
    SkillLevel.EXPERT: 1.0,
}
"""What a level is worth, of the weight of a skill."""

ENOUGH = {Kind.ENDORSEMENTS: 20, Kind.ACCEPTED_ANSWERS: 20, Kind.POSTS: 30}
"""How many of what is counted give all points. Each further one gives less: the second tells more than the tenth."""

SKILLED = {
    None: "Has the skill {}.",
    SkillLevel.BEGINNER: "Begins to learn {}.",
    SkillLevel.INTERMEDIATE: "Works with {}, with help.",
    SkillLevel.ADVANCED: "Is advanced in {}.",
    SkillLevel.EXPERT: "Is an expert in {}.",
}

HERE, AT_WORK = 1.0, 0.6
NEAR = 1.0  # in the same unit, or one step in the line
IN_LINE = 0.6
SAME_PLACE = 0.4  # alone; beside something else it decides between equals
BESIDES = 0.1


@dataclass(frozen=True)
class Held:
    """What somebody has of one part of a topic."""

    skill: str
    level: SkillLevel | None
    endorsements: int


@dataclass(frozen=True)
class Known:
    """What tells that somebody knows about a topic; `parts` is how many skills it is made of."""

    held: tuple[Held, ...] = ()
    parts: int = 1
    answers: int = 0
    posts: int = 0


@dataclass(frozen=True)
class ExpertReason:
    """One thing that speaks for somebody, in a sentence."""

    kind: ExpertReasonKind
    text: str
    points: float


def evidence(known: Known) -> Iterator[ExpertReason]:
    """What tells that somebody knows about the topic."""
    if known.held:
        worth = sum(LEVELS[held.level] for held in known.held) / known.parts
        yield _reason(Kind.SKILL, worth, " ".join(SKILLED[held.level].format(held.skill) for held in known.held))
        shares = sum(_share(Kind.ENDORSEMENTS, held.endorsements) for held in known.held)
        if shares:
            yield _reason(Kind.ENDORSEMENTS, shares / known.parts, " ".join(_endorsed(known.held)))
    if known.answers:
        said = "1 answer of theirs was accepted." if known.answers == 1 else f"{known.answers} answers were accepted."
        yield _reason(Kind.ACCEPTED_ANSWERS, _share(Kind.ACCEPTED_ANSWERS, known.answers), said)
    if known.posts:
        what = "1 post or comment" if known.posts == 1 else f"{known.posts} posts and comments"
        yield _reason(Kind.POSTS, _share(Kind.POSTS, known.posts), f"Wrote {what} about it within a year.")


def circumstances(row: Any, now: datetime) -> Iterator[ExpertReason]:
    """What besides speaks for asking somebody, by a record of where they stand."""
    if near := list(_near(row)):
        worth, text = max(near, key=lambda one: one[0])
        yield _reason(Kind.CLOSENESS, min(1.0, worth + BESIDES * (len(near) - 1)), text)
    if row["here"]:
        yield _reason(Kind.AVAILABILITY, HERE, "Is here now.")
    elif at_work(row["works_from"], row["works_to"], row["time_zone"], now):
        text = f"Is at work now: {row['works_from']} to {row['works_to']}, {row['time_zone']}."
        yield _reason(Kind.AVAILABILITY, AT_WORK, text)


def score(reasons: Sequence[ExpertReason]) -> float:
    """The points together, 0 to 100."""
    return round(min(100.0, sum(reason.points for reason in reasons)), 3)


def at_work(works_from: str | None, works_to: str | None, time_zone: str | None, now: datetime) -> bool:
    """Whether `now` lies within somebody's working hours, which may go past midnight. False where these are unknown."""
    zone = _zone(time_zone) if time_zone else None
    if zone is None or not works_from or not works_to:
        return False
    start, end = time.fromisoformat(works_from), time.fromisoformat(works_to)
    clock = now.astimezone(zone).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def _near(row: Any) -> Iterator[tuple[float, str]]:
    above, meets = row["above"], row["meets"]
    if above is not None:
        yield NEAR if above <= 1 else IN_LINE, LINE_ABOVE.get(above, "Stands above you in your line.")
    elif meets is not None:
        yield NEAR if meets <= 1 else IN_LINE, LINE_MEETS.get(meets, "Reports to somebody above you in your line.")
    if (unit := row["unit"]) is not None:
        steps = row["up"] + row["down"]
        yield NEAR / (1 + steps), f"Is in your unit, {unit}." if steps == 0 else f"Is in {unit}, as you are."
    if row["location"] is not None:
        yield SAME_PLACE, f"Works in {row['location']}, as you do."


LINE_ABOVE = {0: "Shares your position.", 1: "Is your manager."}
LINE_MEETS = {0: "Reports to you.", 1: "Has the same manager as you."}


def _endorsed(held: Sequence[Held]) -> Iterator[str]:
    for one in held:
        if one.endorsements:
            many = f"{one.endorsements} or more" if one.endorsements >= ENDORSERS_MAX else str(one.endorsements)
            people = "1 person endorses" if one.endorsements == 1 else f"{many} people endorse"
            yield f"{people} {one.skill}."


def _share(kind: Kind, count: int) -> float:
    return min(1.0, log1p(count) / log1p(ENOUGH[kind]))


def _reason(kind: Kind, worth: float, text: str) -> ExpertReason:
    return ExpertReason(kind, text, WEIGHTS[kind] * worth)


@lru_cache(maxsize=1_000)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
