"""Pulses: series of surveys that are asked again and again by a rule. Begun, changed, paused, ended, and read."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from tortoise.exceptions import IntegrityError

from auth.conditions import Condition
from auth.policies import surveys as policy
from auth.scope import reached, scope
from execution.paging import Order, Page
from execution.rows import read
from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.recurrences import checked
from models.survey_rounds import OPEN_HOURS_MAX, SALT, TURNS_MAX, next_round
from models.surveys import TITLE_MAX, Survey, SurveySeries, SurveyStatus
from models.text import clean_line, storable
from models.timers import set_timer
from resolvers import lists, survey_results
from resolvers.client_ids import client_id_of, earlier, expect, same
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.survey_gate import EVERYBODY, ResultFilter
from resolvers.survey_results import TrendPoint
from resolvers.survey_times import NEVER, When, moment_of, zone_name
from subscriptions.events import audience_stream
from subscriptions.surveys import SurveySeriesChanged

ROUND = "survey_round"
"""The kind of timer that has the next round of a series made."""
AHEAD_MAX = timedelta(days=366)
TREND_MAX = 60  # rounds
ONE_SERIES = "This draft is asked again and again already. Duplicate it for another pulse."
NO_TIME = "By this rule there is no time to come. Change it, or its end."
ENDED = "This pulse has ended. Begin another one."

BY_BEGINNING = Order("survey_series:newest", ("created_at", "id"), "DESC")
BY_ROUND = Order("survey_series:rounds", ("round", "id"), "DESC")


@dataclass(frozen=True)
class Rhythm:
    """When rounds are asked, as a client says it; of a series that is there, what is None stays."""

    rule: str | None = None
    starts: When = NEVER
    zone: str | None = None
    open_hours: int | None = None


async def series(ctx: Context, id: uuid.UUID | None) -> Any:
    """A series that the viewer keeps, or None."""
    ctx.reach("surveys:read")
    return None if id is None else await ctx.loaders["survey_series"].load(id)


async def all_series(ctx: Context, args: PageArgs) -> Page:
    """The series that the viewer keeps, the newest first. Raises `Invalid`."""
    ctx.reach("surveys:read")
    return await lists.page(ctx, SurveySeries, BY_BEGINNING, args)


def rounds(ctx: Context, series: Any, args: PageArgs) -> Any:
    """A page of the rounds of a series, the newest first."""
    return lists.pages(ctx, Survey, "series_id", BY_ROUND, args).load(read(series, "id"))


async def trend(ctx: Context, series: Any, key: str, asked: ResultFilter = EVERYBODY) -> list[TrendPoint]:
    """What was answered to the question of this key in the newest rounds, the oldest of them first, each by its gate.

    Raises `Invalid` for a filter that a round does not allow.
    """
    storable(key, path=["questionKey"], what="The key of a question")
    newest = scope(Survey, ctx.me).filter(series_id=read(series, "id")).order_by("-round").limit(TREND_MAX)
    return await survey_results.trend(ctx, (await newest)[::-1], key, asked)


async def create_series(
    ctx: Context,
    template: uuid.UUID,
    rhythm: Rhythm,
    *,
    turns: int = 1,
    title: str | None = None,
    client_id: str | None = None,
) -> Any:
    """Have a draft of the viewer's asked again and again, each time by a copy; the same `client_id` is the same series.

    Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`.
    """
    ctx.reach("surveys:write")
    client_id = client_id_of(client_id)
    if found := await earlier(SurveySeries, ctx, client_id):
        return found
    if not await scope(Survey, ctx.me).filter(id=template).exists():
        raise NotFound(path=["surveyId"])
    if not 1 <= turns <= TURNS_MAX:
        raise Invalid(f"Everybody is asked once in 1 to {TURNS_MAX} rounds.", ["turns"])
    new = SurveySeries(id=uuid.uuid4(), template_id=template, turns=turns, salt=token_bytes(SALT), rounds=0)
    new.author_id, new.client_id, new.created_at = ctx.me.person_id, client_id, ctx.now()
    new.zone = zone_name(ctx.services.zone)
    if not rhythm.starts:
        raise Invalid("Say when it begins: the time of day is that of every round.", ["startsAt"])
    _settle(ctx, new, rhythm)
    try:
        async with ctx.transaction(audience_stream(template)):
            await ctx.renew()
            if found := await earlier(SurveySeries, ctx, client_id):  # made by a repetition of this very request
                return found
            draft = await _draft(ctx, template)
            new.title, new.target_id = _title(title) or draft.title, draft.target_id
            await schedule(new, ctx.now())
            await new.save(force_create=True)
            ctx.emit(SurveySeriesChanged(template, new.id))
    except IntegrityError:
        return await same(SurveySeries, ctx, client_id)
    return await ctx.loaders["survey_series"].load(new.id)


async def update_series(
    ctx: Context,
    id: uuid.UUID,
    rhythm: Rhythm,
    *,
    title: str | None = None,
    is_paused: bool | None = None,
    expected_version: int | None = None,
) -> Any:
    """Change a series from its next round on, pause or resume it; what is None stays. The series.

    Whoever resumes one of which a round was refused becomes its author. Raises `NotFound`, `Forbidden`, `Invalid` or
    `Conflict`.
    """
    async with _acting(ctx, id, policy.can_manage_series, "change this pulse") as series:
        expect(series, expected_version)
        series.title = _title(title) or series.title
        if rhythm != Rhythm():
            _settle(ctx, series, rhythm)
        if is_paused is False and series.refusal is not None:
            series.author_id, series.refusal = ctx.me.person_id, None
        series.paused = series.paused if is_paused is None else is_paused
        series.version += 1
        await schedule(series, ctx.now())
        await series.save()
        ctx.emit(SurveySeriesChanged(series.template_id, series.id))
    return await ctx.loaders["survey_series"].load(id)


async def end_series(ctx: Context, id: uuid.UUID) -> Any:
    """Have no more rounds; the one that is open stays so. Again changes nothing. Raises `NotFound` or `Forbidden`."""
    async with _acting(ctx, id, policy.can_manage_series, "end this pulse", ended=True) as series:
        if series.ended_at is None:
            series.ended_at = ctx.now()
            series.version += 1
            await schedule(series, ctx.now())
            await series.save()
            ctx.emit(SurveySeriesChanged(series.template_id, series.id))
    return await ctx.loaders["survey_series"].load(id)


async def schedule(series: SurveySeries, now: datetime) -> None:
    """Have the next round made at the rule's next time, or none. The row is the caller's to save, in the transaction.

    What was missed is not made up for. A timer that is left over comes upon a series that is not due.
    """
    is_over = series.paused or series.ended_at is not None
    series.next_at = None if is_over else next_round(series, now)
    if series.next_at is not None:
        await set_timer(ROUND, str(series.id), series.next_at, series.id)


@asynccontextmanager
async def _acting(
    ctx: Context, id: uuid.UUID, may: Condition, what: str, *, ended: bool = False
) -> AsyncGenerator[SurveySeries]:
    """A transaction in which the viewer, whom `may` allows `what`, changes a series and no round of it begins."""
    ctx.reach("surveys:write")
    known = await _permitted(ctx, id, may, what)
    async with ctx.transaction(audience_stream(known.template_id)):
        await ctx.renew()
        found = await _permitted(ctx, id, may, what, lock=True)
        if found.ended_at is not None and not ended:
            raise Forbidden(ENDED, ["seriesId"])
        yield found


async def _permitted(ctx: Context, id: uuid.UUID, may: Condition, what: str, *, lock: bool = False) -> SurveySeries:
    found = await reached(SurveySeries, ctx.me, id, lock=lock)
    if found is None:
        raise NotFound(path=["seriesId"])
    await ctx.ensure(may, found, what)
    return found


async def _draft(ctx: Context, id: uuid.UUID) -> Survey:
    """The draft that a series is to be made of, its row locked."""
    found = await scope(Survey, ctx.me).filter(id=id).select_for_update().first()
    if found is None:
        raise NotFound(path=["surveyId"])
    if found.status is not SurveyStatus.DRAFT:
        raise Invalid("Only a draft is asked again and again. Duplicate this survey, and take the copy.", ["surveyId"])
    await ctx.ensure(policy.can_open, found, "have this survey asked")
    if await SurveySeries.filter(template_id=id, ended_at=None).exists():
        raise Conflict(ONE_SERIES, ["surveyId"])
    return found


def _settle(ctx: Context, series: SurveySeries, rhythm: Rhythm) -> None:
    """Take over what is said of the times. Raises `Invalid`, also where no time is to come."""
    if rhythm.rule is not None:
        series.rule = checked(rhythm.rule, ["rule"])
    if rhythm.zone is not None and not rhythm.starts:
        raise Invalid("In another zone it begins at another moment. Say when, too.", ["startsAt"])
    series.zone = rhythm.zone or series.zone
    if starts_at := moment_of(rhythm.starts, series.zone, "startsAt"):
        if not ctx.now() < starts_at <= ctx.now() + AHEAD_MAX:
            raise Invalid("It begins at a time to come, within a year. Choose one.", ["startsAt"])
        series.starts_at = starts_at.replace(microsecond=0)
    if rhythm.open_hours is not None:
        if not 1 <= rhythm.open_hours <= OPEN_HOURS_MAX:
            raise Invalid(f"A round is open for 1 to {OPEN_HOURS_MAX:,} hours.", ["openHours"])
        series.open_hours = rhythm.open_hours
    if next_round(series, ctx.now()) is None:
        raise Invalid(NO_TIME, ["rule"])


def _title(title: str | None) -> str | None:
    return None if title is None else clean_line(title, most=TITLE_MAX, path=["title"], what="The title of a pulse")
