"""Surveys made, changed, copied, and deleted before anybody is asked."""

from __future__ import annotations

import uuid
from typing import Any

from tortoise.exceptions import IntegrityError

from auth.policies import surveys as policy
from execution.rows import read
from models import survey_editions, survey_places, timers
from models.audiences import Audience, AudienceKind
from models.errors import Forbidden, Invalid, NotFound
from models.questionnaires import ASKED_MAX, Questionnaire
from models.surveys import TITLE_MAX, Anonymity, Survey, SurveyKind, SurveyResponse, SurveySeries, SurveyStatus
from models.text import clean_line
from resolvers.client_ids import client_id_of, earlier, expect, same
from resolvers.context import Context
from resolvers.survey_audiences import ASK
from resolvers.survey_life import CLOSING, OPENING
from resolvers.survey_plans import SurveyPlan, asked, refuse_frozen, settle, settle_times
from resolvers.survey_questions import as_new, questionnaire
from resolvers.survey_reminders import remind_later
from resolvers.survey_times import check_closing, zone_name
from resolvers.surveys import OVER, UNOPENED, acting, can_copy
from subscriptions.events import audience_stream
from subscriptions.surveys import SurveyChanged, SurveyCreated, SurveyDeleted, SurveyEdited

EDITIONS_MAX = 50  # questionnaires of one survey, one after the other
COPIED = (
    *("title", "about", "anonymity", "target_id", "excluded", "sample", "segments", "min_group", "min_texts", "shared"),
    *("zone", "time_limit", "attempts", "scoring", "feedback"),
)
"""The columns of a survey that a copy has, too."""


async def create_survey(ctx: Context, kind: SurveyKind, plan: SurveyPlan, client_id: str | None = None) -> Any:
    """Make a survey that nobody is asked yet; the same `client_id` again is the same survey.

    Raises `Invalid`, `NotFound`, `Forbidden` or `Conflict`.
    """
    ctx.reach("surveys:write")
    client_id = client_id_of(client_id)
    if found := await earlier(Survey, ctx, client_id):
        return found
    new = _new(ctx, kind, client_id)
    try:
        async with ctx.transaction(audience_stream(new.id)):
            await settle(ctx, new, plan)
            questions = asked(new, plan)
            if questions is None:
                raise Invalid("A survey asks something. Give it a question.", ["questions"])
            await write(ctx, new, questions)
    except IntegrityError:
        return await same(Survey, ctx, client_id)
    return await ctx.loaders["surveys"].load(new.id)


async def update_survey(ctx: Context, id: uuid.UUID, plan: SurveyPlan, *, expected_version: int | None = None) -> Any:
    """Change a survey: all of it before it opens, then only its questions and its end. The survey.

    Questions that are otherwise, once it is open, make another edition, and keep what was answered before apart.
    Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`.
    """
    async with acting(ctx, id, policy.can_edit | policy.can_manage, "change this survey") as survey:
        expect(survey, expected_version)
        if survey.status in UNOPENED:
            await _edit(ctx, survey, plan)
        elif survey.status is SurveyStatus.OPEN:
            await _amend(ctx, survey, plan)
        else:
            raise Forbidden(OVER, ["surveyId"])
        survey.version += 1
        await survey.save()
    return await ctx.loaders["surveys"].load(id)


async def delete_survey(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """Delete a survey of the viewer's that was never opened; its id. Raises `NotFound`, `Forbidden` or `Invalid`."""
    async with acting(ctx, id, policy.can_delete | policy.can_manage, "delete this survey") as survey:
        if survey.status not in UNOPENED:
            raise Forbidden("People were asked: it stays. Archive it once it is closed.", ["surveyId"])
        await ctx.ensure(policy.can_delete, survey, "delete this survey")
        if await SurveySeries.filter(template_id=id).exists():
            raise Invalid("Rounds of a pulse are copies of this survey. It stays as long as the pulse.", ["surveyId"])
        await Audience.filter(id=id).delete()  # the survey goes with its audience
        ctx.emit(SurveyDeleted(id))
    return id


async def duplicate_survey(
    ctx: Context, id: uuid.UUID, *, title: str | None = None, client_id: str | None = None
) -> Any:
    """Make a draft of the viewer's that asks the same people the same; questions keep their keys. The new survey.

    Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`.
    """
    ctx.reach("surveys:write")
    client_id = client_id_of(client_id)
    old = await ctx.loaders["surveys"].load(id)
    if old is None:
        raise NotFound(path=["surveyId"])
    await ctx.ensure(can_copy, old, "copy this survey: that is for its author, and HR unless it is a quiz")
    if not (await ctx.holds(policy.can_create, [old]))[0]:
        raise Forbidden(ASK, ["surveyId"])
    if found := await earlier(Survey, ctx, client_id):
        return found
    new = copy_of(ctx, old, client_id)
    if title is not None:
        new.title = clean_line(title, most=TITLE_MAX, path=["title"], what="The title of a survey")
    questions = (await survey_editions.newest([id]))[id]
    try:
        async with ctx.transaction(audience_stream(new.id)):
            await write(ctx, new, again(questions))
    except IntegrityError:
        return await same(Survey, ctx, client_id)
    return await ctx.loaders["surveys"].load(new.id)


def copy_of(ctx: Context, old: Any, client_id: str | None = None) -> Survey:
    """A draft of the viewer's that asks as `old` does, not written yet; it has no times."""
    new = _new(ctx, SurveyKind(read(old, "kind")), client_id)
    for name in COPIED:
        setattr(new, name, read(old, name))
    return new


def again(old: Questionnaire) -> Questionnaire:
    """The same questions with ids of their own: an answer to one survey is none to another."""
    return questionnaire(*as_new(old))


async def write(ctx: Context, new: Survey, questions: Questionnaire) -> None:
    """Write down a survey that nobody is asked yet. Wants a transaction with its stream. Raises `NotFound`."""
    await _hold(new)
    await Audience.create(id=new.id, kind=AudienceKind.SURVEY)
    await new.save(force_create=True)
    await survey_editions.keep(new.id, new.edition, questions)
    ctx.emit(SurveyCreated(new.id))


async def _hold(survey: Survey) -> None:
    """Raise `NotFound` where whom it is for has just been deleted."""
    if not await survey_places.hold(survey.target_id):
        raise NotFound("The group or rule that this survey is for was deleted. Choose another audience.", ["audience"])


def _new(ctx: Context, kind: SurveyKind, client_id: str | None) -> Survey:
    return Survey(
        id=uuid.uuid4(),
        kind=kind,
        anonymity=Anonymity.ANONYMOUS,
        author_id=ctx.me.person_id,
        zone=zone_name(ctx.services.zone),
        client_id=client_id,
        created_at=ctx.now(),
    )


async def _edit(ctx: Context, survey: Survey, plan: SurveyPlan) -> None:
    """Change a survey that is not open."""
    await ctx.ensure(policy.can_edit, survey, "change this survey before it opens: that is for its author")
    await settle(ctx, survey, plan)
    if plan.audience is not None:
        await _hold(survey)
        # A pulse of it is for the same people from now on: who keeps it, and with which group it goes.
        await SurveySeries.filter(template_id=survey.id).update(target_id=survey.target_id)
    questions = asked(survey, plan, await survey_editions.at(survey.id, survey.edition))
    if questions is not None:
        await survey_editions.keep(survey.id, survey.edition, questions)
    if survey.status is SurveyStatus.SCHEDULED and survey.opens_at:
        await timers.set_timer(OPENING, str(survey.id), survey.opens_at, survey.id)
    ctx.emit(SurveyEdited(survey.id))


async def _amend(ctx: Context, survey: Survey, plan: SurveyPlan) -> None:
    """Change what can change of an open survey."""
    await ctx.ensure(policy.can_manage, survey, "change this survey")
    refuse_frozen(plan)
    if plan.closes:
        settle_times(survey, plan)
        check_closing(survey.closes_at, ctx.now())
        assert survey.closes_at
        await timers.set_timer(CLOSING, str(survey.id), survey.closes_at, survey.id)
        await remind_later(survey)
    old = await survey_editions.at(survey.id, survey.edition)
    questions = asked(survey, plan, old)
    if questions is not None and questions != old:
        await ctx.ensure(policy.is_own, survey, "change what this survey asks: that is for its author")
        await _ask_otherwise(survey, questions)
    ctx.emit(SurveyChanged(survey.id))


async def _ask_otherwise(survey: Survey, questions: Questionnaire) -> None:
    """Another edition; or the same where nobody has answered, which may be known of a named survey alone."""
    if survey.anonymity is not Anonymity.NAMED or await SurveyResponse.filter(survey_id=survey.id).exists():
        await _refuse_many(survey, questions)
        survey.edition += 1
    await survey_editions.keep(survey.id, survey.edition, questions)


async def _refuse_many(survey: Survey, questions: Questionnaire) -> None:
    """Raise `Invalid` where all that was ever asked would be too much to be told of."""
    if survey.edition >= EDITIONS_MAX:
        raise Invalid(f"Its questions have changed {EDITIONS_MAX} times. Close it, and ask anew.", ["questions"])
    every = {one.id for one in await survey_editions.every_question(survey.id)} | questions.by_id.keys()
    if len(every) > ASKED_MAX:
        sentence = f"With those that were replaced it would have {len(every):,} questions; {ASKED_MAX:,} are allowed."
        raise Invalid(f"{sentence} Close it, and ask anew.", ["questions"])
