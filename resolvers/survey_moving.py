"""Moving the answers of anonymous surveys away from their ballots, and the end of every survey: counted, and destroyed.

While a survey is open its answers are moved by the worker, step by step, each in a transaction of its own: *choose*
ballots, *keep* the answers that are sealed in them, *empty* them. Which step is next is read of the rows, so that one
that was cut short is done again. Of each cell at least k people's are moved at once, and k stay behind.

The end is one transaction: what still waits is opened, counted and deleted in it, with all that leads to people. So
nobody ever sees the answers of a cell with fewer than k, and a survey is counted whole or not at all.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import asyncpg

from models import db, survey_ballots, survey_editions, survey_responses, timers
from models.survey_slips import Slip, unpacked
from models.survey_sums import layout_of, places_of
from models.surveys import Anonymity, Survey, SurveyKind, SurveyStatus
from resolvers.context import Context, Services
from resolvers.survey_counting import count
from resolvers.survey_quizzes import end_attempts
from subscriptions.events import audience_stream
from subscriptions.surveys import SurveyCounted

MOVE = "survey_move"
"""The kind of timer that has answers moved while a survey is open."""
COUNT = "survey_count"
"""The kind of timer that has a closed survey counted."""
MOVE_EVERY = timedelta(minutes=10)  # by the clock, so that it tells nothing of when somebody answered

# The end of a large survey takes longer than a request may. Its statements keep their own limits.
UNHURRIED = "SET LOCAL transaction_timeout = 0"
NONE = uuid.UUID(int=0)


async def move_due(services: Services, timer: asyncpg.Record) -> None:
    """Do the next step of moving answers of an open survey, and see to the one after it. Wants no write before it."""
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(audience_stream(id)):
        survey = await Survey.get_or_none(id=id, status=SurveyStatus.OPEN, anonymity=Anonymity.ANONYMOUS)
        if survey is None:
            return
        is_moving = await _step(ctx, survey)
        await _again(ctx, timer, timedelta() if is_moving else MOVE_EVERY)


async def count_due(services: Services, timer: asyncpg.Record) -> None:
    """Count a closed survey; of a large one move the answers first, a step each time. Wants no write before it."""
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(audience_stream(id)):
        survey = await _closed(id)
        if survey is None:
            return
        _, waiting = await survey_ballots.counts(id)
        is_large = waiting > survey_ballots.BATCH
        if not is_large or not await _step(ctx, survey):
            await _end(ctx, survey)
        if (
            is_large
        ):  # once more also at the end: set anew, the timer is not given up where it took longer than its lease
            await _again(ctx, timer, timedelta())


async def finish(services: Services, survey: uuid.UUID) -> None:
    """Count a closed survey, and destroy what must not be kept, in one transaction; twice is once.

    Wants no write before it. Nothing is done where it is not closed.
    """
    ctx = Context(services, viewer=None)
    async with ctx.transaction(audience_stream(survey)):
        if found := await _closed(survey):
            await _end(ctx, found)


async def _closed(id: uuid.UUID) -> Survey | None:
    """The survey, its row locked, if it is closed and not counted."""
    over = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)
    return await Survey.filter(id=id, status__in=over, counted_at=None).select_for_update().first()


async def _step(ctx: Context, survey: Survey) -> bool:
    """Do one step of moving; False where there is nothing to move."""
    key = await survey_ballots.key(survey.id)
    if key is None:
        return False
    moving = await survey_ballots.moving(survey.id)
    if not moving:
        return bool(await survey_ballots.choose(survey.id, survey.min_group))
    if await _are_kept(ctx, survey, key, moving):
        await survey_ballots.empty(survey.id)
    else:
        await survey_ballots.keep(survey.id, _opened(ctx, survey, key, moving))
    return True


async def _are_kept(ctx: Context, survey: Survey, key: bytes, moving: list[asyncpg.Record]) -> bool:
    """Whether the answers in the ballots that are to be moved are written down: all are, or none is."""
    return bool(moving) and await survey_ballots.is_kept(_opened(ctx, survey, key, moving[:1])[0][1][0])


async def _end(ctx: Context, survey: Survey) -> None:
    await db.execute(UNHURRIED)
    answered = await _settled(ctx, survey)
    waiting = Counter[int]()
    if _is_told(survey, answered):
        waiting = await _waiting(ctx, survey)
    elif survey.kind is not SurveyKind.QUIZ:  # who has taken a quiz keeps their own score
        await survey_responses.destroy(survey.id)
    await count(survey.id, ctx.now(), waiting)
    if survey.anonymity is Anonymity.ANONYMOUS:
        await survey_ballots.destroy(survey.id)
    ctx.emit(SurveyCounted(survey.id))


async def _settled(ctx: Context, survey: Survey) -> int:
    """How many have answered, once what was begun is handed in or gone."""
    if survey.anonymity is Anonymity.ANONYMOUS:
        answered, _ = await survey_ballots.counts(survey.id)
        return answered
    if survey.kind is SurveyKind.QUIZ:
        await end_attempts(ctx, survey.id)
    await survey_responses.discard(survey.id)
    return await survey_responses.count(survey.id)


def _is_told(survey: Survey, answered: int) -> bool:
    """Whether so many are enough for anything to be told at all."""
    return survey.anonymity is Anonymity.NAMED or answered >= survey.min_group


async def _waiting(ctx: Context, survey: Survey) -> Counter[int]:
    """What still waits in the ballots, by the places that it counts at (`survey_sums.places_of`).

    Only what was written is kept, for as long as the transaction lasts: writing all of it would take minutes.
    """
    found, after = Counter[int](), NONE
    key = await survey_ballots.key(survey.id)
    if key is None:
        return found
    if await _are_kept(ctx, survey, key, await survey_ballots.moving(survey.id)):
        await survey_ballots.empty(survey.id)  # a step was cut short: they wait no more
    layout = layout_of(await survey_editions.every_question(survey.id))
    while portion := await survey_ballots.waiting(survey.id, after):
        opened = _opened(ctx, survey, key, portion)
        written = [(block, [slip for slip in slips if slip.text is not None]) for block, slips in opened]
        await survey_ballots.keep(survey.id, written)
        for block, slips in opened:
            for slip in slips:
                if slip.text is None:
                    found.update(places_of(layout, block, slip.question, slip.slots))
        after = portion[-1]["id"]
    return found


def _opened(
    ctx: Context, survey: Survey, key: bytes, ballots: Iterable[asyncpg.Record]
) -> list[tuple[int, list[Slip]]]:
    """What is sealed in ballots, each with its block. Raises `auth.vault.Unopenable`."""
    vault = ctx.services.vault
    return [(one["block"], unpacked(vault.open(key, survey.id.bytes, one["sealed"]))) for one in ballots]


async def _again(ctx: Context, timer: asyncpg.Record, after: timedelta) -> None:
    """Have the timer that is running go off once more."""
    kind: str = timer["kind"]
    await timers.set_timer(kind, timer["key"].removeprefix(f"{kind}:"), ctx.now() + after, timer["subject_id"])
