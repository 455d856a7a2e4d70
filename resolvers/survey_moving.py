"""Moving the answers of anonymous surveys away from their ballots, and the end of every survey: counted, and destroyed.

While a survey is open its answers are moved by the worker, step by step, each in a transaction of its own: *choose*
ballots, *keep* the answers that are sealed in them, *empty* them. Which step is next is read of the rows, so that one
that was cut short is done again. Of each cell at least k people's are moved at once, and k stay behind.

The end is one transaction: what still waits is opened, counted and deleted in it, with all that leads to people. So
nobody ever sees the answers of a cell with fewer than k, and a survey is counted whole or not at all. All of it is
worked out before anything is written, for whoever reads the log waits for a transaction that writes.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg

from models import db, survey_ballots, survey_editions, survey_responses, timers
from models.survey_slips import Slip, unpacked
from models.survey_sums import Layout, layout_of, places_of
from models.surveys import Anonymity, Survey, SurveyKind, SurveyStatus
from resolvers.context import Context, Services
from resolvers.survey_counting import sums_of, write_down
from resolvers.survey_quizzes import end_attempts
from subscriptions.events import audience_stream
from subscriptions.surveys import SurveyCounted

MOVE = "survey_move"
"""The kind of timer that has answers moved while a survey is open."""
COUNT = "survey_count"
"""The kind of timer that has a closed survey counted."""
MOVE_EVERY = timedelta(minutes=10)  # by the clock, so that it tells nothing of when somebody answered

# The end of a large survey takes longer than a request may. Its statements keep their own limits.
UNHURRIED = "SET LOCAL transaction_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
OVER = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)
NONE = uuid.UUID(int=0)


@dataclass(frozen=True)
class Waiting:
    """What still waits in ballots: where it counts (`survey_sums.places_of`), and what was written, by blocks."""

    places: Counter[int] = field(default_factory=Counter[int])
    texts: list[tuple[int, Slip]] = field(default_factory=list[tuple[int, Slip]])

    def take(self, layout: Layout, ballots: Iterable[tuple[int, Sequence[Slip]]]) -> None:
        """Add what these people, each with their block, have answered."""
        found: list[int] = []
        for block, slips in ballots:
            for slip in slips:
                is_written = slip.text is not None
                found += places_of(layout, block, slip.question, slip.slots, is_written=is_written)
                if is_written:
                    self.texts.append((block, slip))
        self.places.update(found)


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
    """Count a closed survey, once nothing is begun any more. Wants no write before it."""
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(audience_stream(id)):
        is_over = await _go_on(ctx, id)
        # Once more also where it took longer than its lease: set anew, the timer is not given up for that.
        if not is_over or timer["due_at"] <= ctx.now():
            await _again(ctx, timer, timedelta())


async def finish(services: Services, survey: uuid.UUID) -> None:
    """Count a closed survey, and destroy what must not be kept, in one transaction; twice is once.

    What was begun is settled before, in another one. Wants no write before it. Nothing is done where it is not closed.
    """
    ctx, is_over = Context(services, viewer=None), False
    while not is_over:
        async with ctx.transaction(audience_stream(survey)):
            is_over = await _go_on(ctx, survey)


async def _go_on(ctx: Context, id: uuid.UUID) -> bool:
    """Settle what was begun, and where nothing was count a survey; whether there is no more to be done."""
    survey = await _closed(id)
    if survey is None:
        return True
    if await _settle(ctx, survey):
        return False
    await _end(ctx, survey)
    return True


async def _closed(id: uuid.UUID) -> Survey | None:
    """The survey if it is closed and not counted. Who does either has the lock of its stream."""
    return await Survey.filter(id=id, status__in=OVER, counted_at=None).first()


async def _settle(ctx: Context, survey: Survey) -> bool:
    """Have nothing be begun any more: attempts, answers that were saved, a step that was cut short. Whether any was."""
    if survey.anonymity is not Anonymity.ANONYMOUS:
        ended = await end_attempts(ctx, survey.id) if survey.kind is SurveyKind.QUIZ else 0
        return bool(ended + await survey_responses.discard(survey.id))
    key = await survey_ballots.key(survey.id)
    if key is None or not await _are_kept(ctx, survey, key, await survey_ballots.moving(survey.id)):
        return False
    await survey_ballots.empty(survey.id)
    return True


async def _step(ctx: Context, survey: Survey) -> bool:
    """Do one step of moving; False where there is nothing to move."""
    key = await survey_ballots.key(survey.id)
    if key is None:
        return False
    moving = await survey_ballots.moving(survey.id)
    if not moving:
        asked = len(await survey_editions.every_question(survey.id))
        return bool(await survey_ballots.choose(survey.id, survey.min_group, survey_ballots.batch(asked)))
    if await _are_kept(ctx, survey, key, moving):
        await survey_ballots.empty(survey.id)
    else:
        await survey_ballots.keep(survey.id, _opened(ctx, survey, key, moving))
    return True


async def _are_kept(ctx: Context, survey: Survey, key: bytes, moving: list[asyncpg.Record]) -> bool:
    """Whether the answers in the ballots that are to be moved are written down: all are, or none is."""
    return bool(moving) and await survey_ballots.is_kept(_opened(ctx, survey, key, moving[:1])[0][1][0])


async def _end(ctx: Context, survey: Survey) -> None:
    """Count a survey of which all is settled."""
    await db.execute(UNHURRIED)
    is_told = survey.anonymity is Anonymity.NAMED or await _answered(survey) >= survey.min_group
    waiting = await _waiting(ctx, survey) if is_told else Waiting()
    sums = await sums_of(survey, waiting.places)
    locked = await Survey.filter(id=survey.id).select_for_update().first()
    if locked is None:
        return  # it has gone with its group
    if not is_told and survey.kind is not SurveyKind.QUIZ:  # who has taken a quiz keeps their own score
        await survey_responses.destroy(survey.id)
    # What is not told is not even written.
    told = [(block, [slip]) for block, slip in waiting.texts if (slip.question, block) in sums.pools]
    await survey_ballots.keep(survey.id, told)
    await write_down(locked, sums, ctx.now())
    if survey.anonymity is Anonymity.ANONYMOUS:
        await survey_ballots.destroy(survey.id)
    ctx.emit(SurveyCounted(survey.id))


async def _answered(survey: Survey) -> int:
    """How many people have handed something in."""
    if survey.anonymity is Anonymity.ANONYMOUS:
        answered, _ = await survey_ballots.counts(survey.id)
        return answered
    return await survey_responses.count(survey.id)


async def _waiting(ctx: Context, survey: Survey) -> Waiting:
    """What still waits in the ballots, opened; of a large survey writing it down to be counted would take minutes."""
    found, after = Waiting(), NONE
    key = await survey_ballots.key(survey.id)
    if key is None:
        return found
    layout = layout_of(await survey_editions.every_question(survey.id))

    def take(portion: list[asyncpg.Record]) -> None:
        found.take(layout, _opened(ctx, survey, key, portion))

    while portion := await survey_ballots.waiting(survey.id, after):
        await asyncio.to_thread(take, portion)  # whoever else is served has their turn
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
