"""Whom a survey asks: chosen, told before anybody is asked, and written down when it opens."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from secrets import SystemRandom

from auth.policies import groups
from auth.policies import surveys as policy
from models import audiences, survey_cells, survey_places
from models.audiences import COMPANY
from models.errors import DomainError, Forbidden, Invalid
from models.groups import Group
from models.survey_cells import Asked, Cut, Segment
from models.surveys import MIN_FLOOR, MIN_GROUP, MIN_TEXTS, Anonymity, SegmentKind, Survey
from resolvers.audiences import AudienceChoice, named, visible_people
from resolvers.context import Context
from resolvers.survey_limits import check_sample, check_segments, check_thresholds

EXCLUDED_MAX = 100  # audiences and lists of people that are left out
NAMED_MAX = 5  # units that a warning names
ASK = "You may not ask these people: that is for HR, analysts, communicators, and who leads the unit or group."
NOBODY = "Nobody would be asked. Choose another audience, or exclude fewer."


Chosen = Callable[[list[uuid.UUID]], Iterable[uuid.UUID]]
"""Those of some people who are asked this time."""


class SurveyWarningCode(StrEnum):
    """What one should know before asking an audience."""

    EMPTY = "EMPTY"
    TOO_FEW = "TOO_FEW"
    FEW_FOR_TEXTS = "FEW_FOR_TEXTS"
    HIDDEN_SEGMENTS = "HIDDEN_SEGMENTS"
    INCLUDES_GUESTS = "INCLUDES_GUESTS"


Code = SurveyWarningCode


@dataclass(frozen=True)
class SurveyWarning:
    """One of them, in words."""

    code: SurveyWarningCode
    message: str


@dataclass(frozen=True)
class Asking:
    """Whom a survey would ask, and how what they answer is to be told."""

    audience: AudienceChoice
    excluded: Sequence[AudienceChoice] = ()
    sample: int = 100  # percent
    anonymity: Anonymity = Anonymity.ANONYMOUS
    segments: Sequence[SegmentKind] = ()
    min_group: int | None = None
    min_texts: int | None = None


@dataclass(frozen=True)
class SurveyAudiencePreview:
    """How many people a survey would ask, how many of them guests at most, and what to know of it."""

    person_count: int
    guest_count: int
    warnings: list[SurveyWarning]


async def target(ctx: Context, choice: AudienceChoice) -> uuid.UUID:
    """The audience that a choice names and whose people the viewer may ask; a list is made one.

    Raises `NotFound`, `Forbidden` or `Invalid`. Wants the caller's transaction.
    """
    meant = await _meant(ctx, choice)
    return meant if isinstance(meant, uuid.UUID) else await audiences.of_people(meant)


async def excluded(ctx: Context, choices: Sequence[AudienceChoice]) -> list[uuid.UUID]:
    """The audiences and people that are left out. Raises `NotFound` or `Invalid`."""
    if len(choices) > EXCLUDED_MAX:
        raise Invalid(f"Exclude at most {EXCLUDED_MAX} audiences or lists of people.", ["excluded"])
    out: dict[uuid.UUID, None] = {}
    for i, choice in enumerate(choices):
        with within("excluded", i):
            if choice.people is not None:
                out.update(dict.fromkeys(sorted(await visible_people(ctx, choice))))
            else:
                id, _ = await named(ctx, choice)
                if choice.group is not None:
                    # How many fewer are left would tell who is in it.
                    await ctx.ensure(
                        groups.can_see_members, await Group.get(id=id), "exclude a group whose members you do not see"
                    )
                out[id] = None
    return list(out)


@contextmanager
def within(*place: str | int) -> Generator[None]:
    """Whatever is refused of an audience in here is refused at this place of the input instead of at `audience`."""
    try:
        yield
    except DomainError as error:
        error.path = (*map(str, place), *error.path[1:])
        raise


async def preview(ctx: Context, asking: Asking) -> SurveyAudiencePreview:
    """Whom a survey would ask if it opened now. Raises `NotFound`, `Forbidden` or `Invalid`."""
    ctx.reach("surveys:write")
    min_group = MIN_GROUP if asking.min_group is None else asking.min_group
    min_texts = max(MIN_TEXTS, min_group) if asking.min_texts is None else asking.min_texts
    check_thresholds(min_group, min_texts)
    check_segments(asking.segments)
    check_sample(asking.sample)
    meant, out = await _meant(ctx, asking.audience), await excluded(ctx, asking.excluded)
    crowd = await survey_places.crowd(meant, out, asking.segments, ctx.today())
    people, guests = _share(len(crowd), asking.sample), sum(one.is_guest for one in crowd)
    warnings = [*_warnings(people, guests, asking.anonymity, min_group, min_texts)]
    if people >= min_group and asking.segments and asking.anonymity is not Anonymity.NAMED:
        # What is sampled is not known yet: as many of each cell as of all.
        made = await _cut(ctx, crowd, asking.segments, ceil(min_group * 100 / asking.sample))
        warnings += _hidden(made.segments)
    return SurveyAudiencePreview(people, min(guests, people), warnings)


async def place(ctx: Context, survey: Survey, chosen: Chosen | None = None) -> int:
    """Write down who is asked, in which block, and what results may be asked for; how many people there are.

    `chosen` gives those of the people who are asked this time. Raises `Invalid` where they are too few, before anything
    is written. Wants the transaction of the survey's opening.
    """
    kinds = [SegmentKind(kind) for kind in survey.segments]
    crowd = await survey_places.crowd(survey.target_id, survey.excluded, kinds, ctx.today())
    if chosen is not None:
        turn = set(chosen([one.id for one in crowd]))
        crowd = [one for one in crowd if one.id in turn]
    asked = _sampled(crowd, survey.sample)
    refuse_few(len(asked), survey.anonymity, survey.min_group)
    made = await _cut(ctx, asked, kinds, _floor(survey.anonymity, survey.min_group))
    await survey_places.place(survey.id, [one.id for one in asked], made.of_person)
    await survey_places.divide(survey.id, made.segments)
    return len(asked)


def refuse_few(people: int, anonymity: Anonymity, min_group: int) -> None:
    """Raise `Invalid` where so few people cannot be asked in this way."""
    if people == 0:
        raise Invalid(NOBODY, ["surveyId"])
    if people < _floor(anonymity, min_group):
        raise Invalid(_too_few(people, anonymity, min_group), ["surveyId"])


async def _meant(ctx: Context, choice: AudienceChoice) -> uuid.UUID | list[uuid.UUID]:
    """The audience that a choice names, or the people whom it lists, whom the viewer may ask."""
    if choice.people is None:
        wanted, path = await named(ctx, choice)
        people = None
    else:
        # Whoever may ask the whole company may ask any of it.
        wanted, path, people = COMPANY, ["audience", "personIds"], sorted(await visible_people(ctx, choice))
    if not (await ctx.holds(policy.can_create, [{"target_id": wanted}]))[0]:
        raise Forbidden(ASK, path)
    return wanted if people is None else people


async def _cut(ctx: Context, crowd: Sequence[Asked], kinds: Sequence[SegmentKind], k: int) -> Cut:
    tree = await survey_places.tree(ctx.today()) if SegmentKind.ORG_UNIT in kinds else {}
    # In a thread: of tens of thousands of people it takes longer than others should wait.
    return await asyncio.to_thread(survey_cells.cut, crowd, kinds, tree, k)


def _floor(anonymity: Anonymity, min_group: int) -> int:
    return 1 if anonymity is Anonymity.NAMED else min_group


def _share(people: int, percent: int) -> int:
    return ceil(people * percent / 100)


def _sampled(crowd: list[Asked], percent: int) -> list[Asked]:
    if percent == 100:
        return crowd
    return sorted(SystemRandom().sample(crowd, _share(len(crowd), percent)), key=lambda one: one.id)


def _warnings(
    people: int, guests: int, anonymity: Anonymity, min_group: int, min_texts: int
) -> Iterator[SurveyWarning]:
    if people == 0:
        yield SurveyWarning(Code.EMPTY, NOBODY)
    elif people < _floor(anonymity, min_group):
        yield SurveyWarning(Code.TOO_FEW, _too_few(people, anonymity, min_group))
    elif anonymity is not Anonymity.NAMED and people < min_texts:
        yield SurveyWarning(
            Code.FEW_FOR_TEXTS,
            f"Texts are shown when there are {min_texts} or more, and {people} people would be asked: no text would"
            " ever be shown. Ask for choices, or ask more people.",
        )
    if guests:
        yield SurveyWarning(Code.INCLUDES_GUESTS, f"Among them are people from outside: {guests:,}.")


def _too_few(people: int, anonymity: Anonymity, min_group: int) -> str:
    kind = "An anonymous" if anonymity is Anonymity.ANONYMOUS else "A confidential"
    lower = f" `minimumGroupSize` may go down to {MIN_FLOOR}." if min_group > MIN_FLOOR else ""
    return (
        f"{kind} survey needs at least {min_group} people, and {people} would be asked: fewer could be told apart by"
        f" what they answer. Ask more people, or make it NAMED.{lower}"
    )


def _hidden(segments: Sequence[Segment]) -> Iterator[SurveyWarning]:
    """Units are named, as everybody sees the chart; of what HR alone knows of people there is but a number."""
    single = [one for one in segments if one.part.other_kind is None]
    hidden = [one for one in single if one.blocks is None]
    if hidden:
        units = [one.label for one in hidden if one.part.kind is SegmentKind.ORG_UNIT]
        more = ", …" if len(units) > NAMED_MAX else ""
        among = f" Units among them: {', '.join(units[:NAMED_MAX])}{more}." if units else ""
        yield SurveyWarning(
            Code.HIDDEN_SEGMENTS,
            f"{len(hidden):,} of {len(single):,} segments would be hidden, because they, or what is left without them,"
            f" have too few people.{among}",
        )
