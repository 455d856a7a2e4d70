"""Reminders of surveys: sent to all who are asked, and delivered to those who have not answered. Nobody is told who."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from auth.policies import surveys as policy
from models import timers
from models.errors import Conflict, Forbidden
from models.surveys import Anonymity, Survey, SurveyStatus
from resolvers.context import Context, Services
from resolvers.surveys import UNOPENED, acting
from subscriptions.events import audience_stream
from subscriptions.surveys import SurveyReminded

REMINDER = "survey_reminder"
"""The kind of timer that has people reminded of a survey before it closes."""
EARLY = timedelta(days=1)  # before it closes
LONG = timedelta(days=3)  # a survey that is open for no longer needs no reminder by itself
PAUSE = timedelta(hours=20)  # between two reminders

UNASKED = "It is not open. Open it first."
CLOSED = "It is closed: nobody can answer any more, so there is nothing to remind of."


async def remind_survey(ctx: Context, id: uuid.UUID) -> Any:
    """Remind those who are asked and have not answered. The survey.

    Raises `NotFound`, `Forbidden`, also where it is not open or so few are asked that a reminder would point at who has
    not answered, or `Conflict` where they have just been reminded.
    """
    async with acting(ctx, id, policy.can_manage | policy.can_edit, "remind people of this survey") as survey:
        if survey.status in UNOPENED:
            raise Forbidden(UNASKED, ["surveyId"])
        if not _is_open(survey, ctx.now()):
            raise Forbidden(CLOSED, ["surveyId"])
        if is_tiny(survey):
            raise Forbidden(_tiny(survey), ["surveyId"])
        if again := _again(survey, ctx.now()):
            said = f"{again:%Y-%m-%d %H:%M} UTC"
            raise Conflict(f"They were reminded a short while ago. Remind them from {said} on.", ["surveyId"])
        await _remind(ctx, survey)
    return await ctx.loaders["surveys"].load(id)


async def remind_later(survey: Survey) -> None:
    """Have people reminded a day before a survey closes that is open for long. Wants the transaction that opened it.

    Also wants that which gave it another end.
    """
    if survey.opened_at and survey.closes_at and survey.closes_at - survey.opened_at > LONG:
        await timers.set_timer(REMINDER, str(survey.id), survey.closes_at - EARLY, survey.id)


async def remind_due(services: Services, timer: asyncpg.Record) -> None:
    """Remind of a survey that closes within a day, unless people just were. Wants a transaction without a write so far.

    One that was given a later end meanwhile has another timer, or this one is set anew.
    """
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(audience_stream(id)):
        survey = await Survey.filter(id=id).select_for_update().first()
        if survey is None or survey.closes_at is None or not _is_open(survey, ctx.now()):
            return
        if survey.closes_at - EARLY > ctx.now():
            await remind_later(survey)
        elif not is_tiny(survey) and not _again(survey, ctx.now()):
            await _remind(ctx, survey)


def is_tiny(survey: Survey) -> bool:
    """Whether so few are asked that a reminder would tell on who has not answered, who is not to be known."""
    return survey.anonymity is not Anonymity.NAMED and survey.invited < survey.min_group


async def _remind(ctx: Context, survey: Survey) -> None:
    survey.reminded_at = ctx.now()
    await survey.save(update_fields=["reminded_at"])
    ctx.emit(SurveyReminded(survey.id))


def _is_open(survey: Survey, now: datetime) -> bool:
    return survey.status is SurveyStatus.OPEN and (survey.closes_at is None or survey.closes_at > now)


def _again(survey: Survey, now: datetime) -> datetime | None:
    """When people can be reminded again; None for at once."""
    again = survey.reminded_at and survey.reminded_at + PAUSE
    return again if again and again > now else None


def _tiny(survey: Survey) -> str:
    return (
        f"{survey.invited} people are asked, fewer than the {survey.min_group} whose answers are told together: a"
        " reminder would point at who has not answered. Speak to all of them instead."
    )
