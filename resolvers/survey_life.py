"""The life of surveys: scheduled, opened, closed and archived, by hand or when their time has come.

Whatever begins or ends one holds the lock of its stream and of its row: of two who open it one does, and who answers
while it closes has either answered or not.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

import asyncpg

from auth.policies import surveys as policy
from models import timers
from models.errors import DomainError, Forbidden, Invalid
from models.surveys import Anonymity, Survey, SurveyKey, SurveySeries, SurveyStatus
from resolvers.client_ids import expect
from resolvers.context import Context, Services
from resolvers.delegates import acting as acting_for
from resolvers.survey_audiences import Chosen, place
from resolvers.survey_moving import COUNT, MOVE, MOVE_EVERY, finish
from resolvers.survey_reminders import remind_later
from resolvers.survey_times import When, check_closing, check_opening, moment_of
from resolvers.surveys import OVER, UNOPENED, acting
from subscriptions.events import audience_stream
from subscriptions.surveys import SurveyChanged, SurveyClosed, SurveyEdited, SurveyOpened

OPENING = "survey_open"
"""The kind of timer that opens a survey."""
CLOSING = "survey_close"
"""The kind of timer that closes it."""
AT_ONCE_MAX = 2_000  # people asked, of a survey that is counted while whoever closes it waits
GRACE = timedelta(minutes=1)  # in which that is done; else the worker does it

KEY = 32  # bytes
OPEN = "open this survey: that is for its author, while they lead those it asks or speak for the company"
GONE = "Its author has left, or may not ask these people any more."
NO_END = "Say when it closes: give `closesAt`."
TEMPLATE = "Rounds of a pulse are copies of this draft, so it stays one. Duplicate it to ask the same once more."
NO_START = "Say when it opens: give `opensAt`."


async def schedule_survey(
    ctx: Context, id: uuid.UUID, opens: When, closes: When, zone: str | None = None, *, version: int | None = None
) -> Any:
    """Have a survey open and close by itself; what is not given stays as it was said. The survey.

    Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`.
    """
    async with acting(ctx, id, policy.can_open | policy.can_manage, OPEN) as survey:
        expect(survey, version)
        _refuse_begun(survey)
        await ctx.ensure(policy.can_open, survey, OPEN)
        await _refuse_template(survey)
        _take_times(survey, opens, closes, zone)
        if survey.opens_at is None:
            raise Invalid(NO_START, ["opensAt"])
        check_opening(survey.opens_at, ctx.now())
        _check_end(survey, survey.opens_at)
        survey.status, survey.refusal = SurveyStatus.SCHEDULED, None
        await _save(survey)
        await timers.set_timer(OPENING, str(id), survey.opens_at, id)
        ctx.emit(SurveyEdited(id))
    return await ctx.loaders["surveys"].load(id)


async def unschedule_survey(ctx: Context, id: uuid.UUID) -> Any:
    """Make a draft of a scheduled survey again; a draft stays one. The survey. Raises `NotFound` or `Forbidden`."""
    async with acting(ctx, id, policy.can_edit | policy.can_manage, "take this survey back") as survey:
        _refuse_begun(survey)
        if survey.status is SurveyStatus.SCHEDULED:
            survey.status = SurveyStatus.DRAFT
            await _save(survey)
            ctx.emit(SurveyEdited(id))
    return await ctx.loaders["surveys"].load(id)


async def open_survey(
    ctx: Context, id: uuid.UUID, closes: When, zone: str | None = None, *, version: int | None = None
) -> Any:
    """Ask people now; one that is open stays as it is. The survey.

    Raises `NotFound`, `Forbidden`, `Invalid`, also where too few would be asked to tell nobody apart, or `Conflict`.
    """
    async with acting(ctx, id, policy.can_open | policy.can_manage, OPEN) as survey:
        if survey.status in UNOPENED:
            expect(survey, version)
            await ctx.ensure(policy.can_open, survey, OPEN)
            await _refuse_template(survey)
            _take_times(survey, None, closes, zone)
            _check_end(survey, ctx.now())
            await begin(ctx, survey)
        elif survey.status is not SurveyStatus.OPEN:
            raise Forbidden(OVER, ["surveyId"])
    return await ctx.loaders["surveys"].load(id)


async def close_survey(ctx: Context, id: uuid.UUID) -> Any:
    """Let nobody answer any more; one that is closed stays closed. The survey, counted unless very many were asked.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    async with acting(ctx, id, policy.can_manage | policy.can_edit, "close this survey") as survey:
        if survey.status in UNOPENED:
            raise Invalid("It is not open. Delete it, or take it back if it is scheduled.", ["surveyId"])
        ends = survey.status is SurveyStatus.OPEN
        at_once = ends and survey.invited <= AT_ONCE_MAX
        if ends:
            await end(ctx, survey, count_from=ctx.now() + GRACE if at_once else ctx.now())
    if at_once:
        await finish(ctx.services, id)
        ctx.forget()
    return await ctx.loaders["surveys"].load(id)


async def archive_survey(ctx: Context, id: uuid.UUID) -> Any:
    """Put a closed survey away; twice is once. The survey. Raises `NotFound`, `Forbidden` or `Invalid`."""
    async with acting(ctx, id, policy.can_manage | policy.can_edit, "archive this survey") as survey:
        if survey.status in UNOPENED:
            raise Invalid("Nobody was asked yet. Delete it instead.", ["surveyId"])
        if survey.status is SurveyStatus.OPEN:
            raise Invalid("It is still open. Close it first.", ["surveyId"])
        if survey.counted_at is None:
            raise Invalid("Its answers are being counted. Try again in a few minutes.", ["surveyId"])
        if survey.status is SurveyStatus.CLOSED:
            survey.status = SurveyStatus.ARCHIVED
            await _save(survey)
            ctx.emit(SurveyChanged(id))
    return await ctx.loaders["surveys"].load(id)


async def begin(ctx: Context, survey: Survey, chosen: Chosen | None = None) -> None:
    """Ask people now, until `closes_at`; of those who are meant only the `chosen`, where it is given.

    Raises `Invalid` where they are too few, before anything is written. Wants a transaction with the survey's stream
    and row.
    """
    survey.invited = await place(ctx, survey, chosen)
    now = ctx.now()
    survey.status, survey.opened_at, survey.opened_on, survey.refusal = SurveyStatus.OPEN, now, ctx.today(), None
    survey.opens_at = min(survey.opens_at or now, now)
    await _save(survey)
    if survey.anonymity is Anonymity.ANONYMOUS:
        await SurveyKey.create(id=survey.id, key=token_bytes(KEY))
        await timers.set_timer(MOVE, str(survey.id), now + MOVE_EVERY, survey.id)
    assert survey.closes_at
    await timers.set_timer(CLOSING, str(survey.id), survey.closes_at, survey.id)
    await remind_later(survey)
    ctx.emit(SurveyOpened(survey.id))


async def end(ctx: Context, survey: Survey, *, count_from: datetime) -> None:
    """Let nobody answer an open survey any more. Wants a transaction with its stream and row."""
    survey.status, survey.closed_at = SurveyStatus.CLOSED, ctx.now()
    await _save(survey)
    await timers.set_timer(COUNT, str(survey.id), count_from, survey.id)
    ctx.emit(SurveyClosed(survey.id))


async def open_due(services: Services, timer: asyncpg.Record) -> None:
    """Open a scheduled survey whose time has come, if its author still may; else they have it back with the reason.

    Wants a transaction without a write so far. One that was opened, put off, taken back or deleted is left alone.
    """
    house, id = Context(services, viewer=None), timer["subject_id"]
    found = await Survey.get_or_none(id=id)
    if found is None:
        return
    author = await acting_for(house, found.author_id) if found.author_id else None
    ctx = author or house
    async with ctx.transaction(audience_stream(id)):
        survey = await Survey.filter(id=id).select_for_update().first()
        if survey is None or survey.status is not SurveyStatus.SCHEDULED or not _has_come(survey.opens_at, ctx.now()):
            return
        try:
            if author is None or not (await author.holds(policy.can_open, [survey]))[0]:
                raise Forbidden(GONE)
            _check_end(survey, ctx.now())
            await begin(ctx, survey)
        except DomainError as refused:
            survey.status, survey.refusal = SurveyStatus.DRAFT, refused.message
            await _save(survey)
            ctx.emit(SurveyEdited(id))


async def close_due(services: Services, timer: asyncpg.Record) -> None:
    """Close a survey whose time has come, and have it counted. Wants a transaction without a write so far.

    One that was closed meanwhile, or given a later end, is left alone.
    """
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(audience_stream(id)):
        survey = await Survey.filter(id=id).select_for_update().first()
        if survey and survey.status is SurveyStatus.OPEN and _has_come(survey.closes_at, ctx.now()):
            await end(ctx, survey, count_from=ctx.now())


def _take_times(survey: Survey, opens: When | None, closes: When, zone: str | None) -> None:
    survey.zone = zone or survey.zone
    if opens:
        survey.opens_at = moment_of(opens, survey.zone, "opensAt")
    survey.closes_at = moment_of(closes, survey.zone, "closesAt") or survey.closes_at


def _check_end(survey: Survey, opens_at: datetime) -> None:
    if survey.closes_at is None:
        raise Invalid(NO_END, ["closesAt"])
    check_closing(survey.closes_at, opens_at)


def _refuse_begun(survey: Survey) -> None:
    if survey.status not in UNOPENED:
        raise Forbidden("It has been opened already. Close it if nobody shall answer any more.", ["surveyId"])


async def _refuse_template(survey: Survey) -> None:
    if await SurveySeries.filter(template_id=survey.id, ended_at=None).exists():
        raise Invalid(TEMPLATE, ["surveyId"])


def _has_come(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


async def _save(survey: Survey) -> None:
    survey.version += 1
    await survey.save()
