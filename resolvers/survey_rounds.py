"""Rounds of pulses: when its time has come each is a copy of the template, put to those whose turn it is."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial

import asyncpg

from auth.policies import surveys as policy
from models import survey_editions
from models.errors import DomainError
from models.survey_rounds import closing, sampled
from models.surveys import Survey, SurveySeries
from resolvers.context import Context, Services
from resolvers.delegates import acting
from resolvers.survey_life import begin
from resolvers.survey_making import again, copy_of, write
from resolvers.survey_series import schedule
from subscriptions.events import audience_stream
from subscriptions.surveys import SurveySeriesChanged

ON_TIME = timedelta(minutes=5)  # so late a round still ends when it would have
GONE = "Its author has left, or may not ask these people any more. Whoever may can resume it, in their own name."


async def begin_due(services: Services, timer: asyncpg.Record) -> None:
    """Open the next round of a series that is due; one, however many were missed, and none twice.

    A round that cannot be opened is left out with the reason, and the next one is tried at its time. A series whose
    author may not ask any more is paused. Wants a transaction without a write so far.
    """
    found = await SurveySeries.get_or_none(id=timer["subject_id"])
    if found is None:
        return
    try:
        await _begin(services, found)
    except DomainError as refused:  # nothing of the round is left
        await _leave_out(services, found.id, refused.message)


async def _begin(services: Services, found: SurveySeries) -> None:
    house = Context(services, viewer=None)
    author = await acting(house, found.author_id) if found.author_id else None
    ctx, round = author or house, uuid.uuid4()
    async with ctx.transaction(audience_stream(found.template_id), audience_stream(round)):
        series = await _due(ctx, found.id)
        if series is None:
            return
        if series.author_id != found.author_id:
            raise TimeoutError("somebody else has become its author meanwhile: try again")
        template = await Survey.get(id=series.template_id)
        if author is None or not (await author.holds(policy.can_create, [template]))[0]:
            series.paused, series.refusal = True, GONE
            ctx.emit(SurveySeriesChanged(series.template_id, series.id))
        else:
            await _open(author, series, template, round)
        await _go_on(ctx, series)


async def _open(ctx: Context, series: SurveySeries, template: Survey, id: uuid.UUID) -> None:
    """Write a round and open it. Raises `Invalid` where too few would be asked."""
    series.rounds += 1
    series.target_id, series.refusal = template.target_id, None
    new = copy_of(ctx, template)
    new.id, new.series_id, new.round = id, series.id, series.rounds
    late = series.next_at is None or ctx.now() - series.next_at > ON_TIME
    new.opens_at = ctx.now() if late else series.next_at
    new.closes_at = closing(series, new.opens_at or ctx.now())
    await write(ctx, new, again((await survey_editions.newest([template.id]))[template.id]))
    await begin(ctx, new, partial(sampled, series, series.rounds))


async def _leave_out(services: Services, id: uuid.UUID, why: str) -> None:
    ctx = Context(services, viewer=None)
    async with ctx.transaction():
        if series := await _due(ctx, id):
            series.refusal = why
            await _go_on(ctx, series)


async def _due(ctx: Context, id: uuid.UUID) -> SurveySeries | None:
    """The series with its row locked; None where its next round is none, or yet to come."""
    series = await SurveySeries.filter(id=id).select_for_update().first()
    return series if series and series.next_at is not None and series.next_at <= ctx.now() else None


async def _go_on(ctx: Context, series: SurveySeries) -> None:
    await schedule(series, ctx.now())
    series.version += 1
    await series.save()
