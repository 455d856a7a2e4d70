"""Answering surveys: handed in once, of those that are not anonymous saved in part before.

Whoever answers an anonymous survey leaves a ballot and nothing else: no event, no time, no name in any line.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from auth.conditions import Params
from auth.policies import surveys as policy
from auth.scope import readable
from execution.fields import Parent
from execution.loaders import Loader, settled
from execution.rows import read
from models import db, survey_attempts, survey_ballots, survey_editions, survey_responses
from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.questionnaires import Given, Questionnaire, from_document
from models.survey_hearing import CIRCLE
from models.survey_scores import QuizScore
from models.survey_slips import TooLong, packed, room, slips
from models.surveys import Anonymity, Survey, SurveyKind, SurveyStatus
from resolvers import survey_quizzes
from resolvers.context import Context
from resolvers.survey_given import NewAnswer, given
from resolvers.survey_staying import NOT_ASKED, stay

UNOPENED = (SurveyStatus.DRAFT, SurveyStatus.SCHEDULED)
OVER = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)

CHANGED = "The questions have changed. Read them again."
CLOSED = "This survey is closed: nothing can be handed in any more."
NOT_YET = "This survey is not open yet. Answer it once it is."
ANSWERED = "You have answered this survey. What is handed in stays as it is."
BUSY = "Your answers are being saved from somewhere else at this very moment. Try again."
NOT_SAVED = (
    "Of an anonymous survey nothing is stored before it is handed in: keep what has been answered so far on the device."
)


@dataclass(frozen=True)
class Sheet:
    """An open survey in front of somebody whom it asks; their answers count with those of `block`."""

    survey: asyncpg.Record
    questionnaire: Questionnaire
    block: int
    key: bytes | None  # of an anonymous one
    circle: uuid.UUID | None  # the group or conversation that is asked

    @property
    def id(self) -> uuid.UUID:
        return self.survey["id"]

    @property
    def edition(self) -> int:
        return self.survey["edition"]

    @property
    def is_anonymous(self) -> bool:
        return self.survey["anonymity"] == Anonymity.ANONYMOUS

    @property
    def is_quiz(self) -> bool:
        return self.survey["kind"] == SurveyKind.QUIZ


@dataclass(frozen=True)
class Submitted:
    """What became of a submission; `score` of a quiz that tells it at once."""

    survey: Any
    score: QuizScore | None = None


async def submit(ctx: Context, id: uuid.UUID, answers: Sequence[NewAnswer], edition: int | None = None) -> Submitted:
    """Hand in the viewer's answers, to the questions of this `edition` if one is named.

    Raises `NotFound`, `Forbidden` where the survey is not open or does not ask them, `Conflict` where its questions
    have changed or they have answered before, or `Invalid`.
    """
    sheet = await _sheet(ctx, id)
    givens = await _given(sheet, answers, edition)
    if sheet.is_quiz:
        return Submitted(sheet.survey, await survey_quizzes.take(ctx, sheet.survey, sheet.questionnaire, givens))
    async with _staying(ctx, sheet):
        is_taken = await (
            _drop_in(ctx, sheet, givens) if sheet.is_anonymous else _keep(ctx, sheet, givens, handed_in=True)
        )
    if not is_taken:
        raise await _refusal(ctx, sheet)
    return Submitted(sheet.survey)


async def save(ctx: Context, id: uuid.UUID, answers: Sequence[NewAnswer], edition: int | None = None) -> Any:
    """Keep the viewer's answers so far in place of those that were kept, to go on later. The survey.

    Raises as `submit` does, and `Invalid` for an anonymous survey.
    """
    sheet = await _sheet(ctx, id)
    if sheet.is_anonymous:
        raise Invalid(NOT_SAVED, ["surveyId"])
    givens = await _given(sheet, answers, edition, partial=True)
    if sheet.is_quiz:
        await _save_attempt(ctx, sheet, givens)
        return sheet.survey
    async with _staying(ctx, sheet):
        is_kept = await _keep(ctx, sheet, givens, handed_in=False)
    if not is_kept:
        raise await _refusal(ctx, sheet)
    return sheet.survey


async def can_answer(ctx: Context, surveys: Sequence[Any]) -> list[bool]:
    """Whether the viewer may still answer each: once, and a quiz while an attempt runs or is left."""
    asked = await ctx.holds(policy.can_answer, surveys)
    left = [row for row, is_asked in zip(surveys, asked, strict=True) if is_asked]
    once = [row for row in left if read(row, "kind") != SurveyKind.QUIZ]
    answered = await responded(ctx, once)
    found = {read(row, "id") for row, is_done in zip(once, answered, strict=True) if not is_done}
    found |= await survey_quizzes.can_go_on(ctx, [row for row in left if read(row, "kind") == SurveyKind.QUIZ])
    return [read(row, "id") in found for row in surveys]


async def responded(ctx: Context, surveys: Sequence[Any]) -> list[bool | None]:
    """What `has_responded` says, asked once for all fields that tell of it."""
    loader = ctx.loaders.own(Responded, Responded)
    return settled(await loader.load_batch([Parent(read(row, "id"), row) for row in surveys]))


class Responded(Loader[Context, Parent, bool | None]):
    """Whether the viewer has answered surveys."""

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[bool | None]:
        return await has_responded(self.ctx, [key.row for key in keys])


async def has_responded(ctx: Context, surveys: Sequence[Any]) -> list[bool | None]:
    """Whether the viewer has handed in an answer to each; None where nobody knows any more: anonymous, and closed."""
    me = ctx.me.person_id
    anonymous = [row for row in surveys if read(row, "anonymity") == Anonymity.ANONYMOUS]
    open_ = [read(row, "id") for row in anonymous if read(row, "status") == SurveyStatus.OPEN]
    other = [read(row, "id") for row in surveys if read(row, "anonymity") != Anonymity.ANONYMOUS]
    answered = await survey_ballots.spent(open_, me) | await survey_responses.given(other, me)
    forgotten = {read(row, "id") for row in anonymous if read(row, "status") in OVER}
    return [None if (id := read(row, "id")) in forgotten else id in answered for row in surveys]


async def _sheet(ctx: Context, id: uuid.UUID) -> Sheet:
    """The survey as the viewer may answer it now, by one statement. Raises `NotFound` or `Forbidden`."""
    ctx.reach("surveys:write")
    found = await _found(ctx, id)
    if found is None:
        raise NotFound(path=["surveyId"])
    if refusal := _not_now(ctx, found):
        raise refusal
    return Sheet(found, from_document(found["_questionnaire"]), found["_block"], found["_key"], found["_circle"])


async def _found(ctx: Context, id: uuid.UUID) -> asyncpg.Record | None:
    params = Params([id, ctx.me.person_id])
    asked = policy.is_asked.sql(ctx.me, params, "r")
    seen = readable(Survey, ctx.me, params, "r")
    return await db.row(
        f"SELECT r.*, 'Survey' AS _type, {asked} AS _asked, p.block AS _block, k.key AS _key,"
        " e.questionnaire::text AS _questionnaire,"
        f" {CIRCLE.format(survey='r')} AS _circle"
        " FROM survey r JOIN survey_edition e ON e.survey_id = r.id AND e.edition = r.edition"
        " LEFT JOIN survey_place p ON p.survey_id = r.id AND p.person_id = $2 LEFT JOIN survey_key k ON k.id = r.id"
        f" WHERE r.id = $1 AND {seen}",
        *params,
    )


def _not_now(ctx: Context, found: asyncpg.Record) -> Forbidden | None:
    """Why the viewer cannot answer this survey now; None where they can."""
    if found["status"] in UNOPENED:
        return Forbidden(NOT_YET, ["surveyId"])
    if not found["_asked"]:
        return Forbidden(NOT_ASKED, ["surveyId"])
    if found["status"] != SurveyStatus.OPEN or (found["closes_at"] and found["closes_at"] <= ctx.now()):
        return Forbidden(CLOSED, ["surveyId"])
    return None if found["_block"] is not None else Forbidden(NOT_ASKED, ["surveyId"])


async def _given(
    sheet: Sheet, answers: Sequence[NewAnswer], edition: int | None, *, partial: bool = False
) -> list[Given]:
    if edition is not None and edition != sheet.edition:
        raise Conflict(CHANGED, ["edition"])
    asked = sheet.questionnaire.by_id
    replaced: set[uuid.UUID] = set()
    if sheet.edition > 1 and any(answer.question not in asked for answer in answers):
        replaced = {question.id for question in await survey_editions.every_question(sheet.id)} - asked.keys()
    return given(sheet.questionnaire, answers, partial=partial, replaced=replaced)


@asynccontextmanager
async def _staying(ctx: Context, sheet: Sheet) -> AsyncGenerator[None]:
    """Nobody takes the viewer out of the group or conversation that asks them; of others one statement is enough."""
    if sheet.circle is None:
        yield
    else:
        async with db.transaction():
            await stay(ctx, sheet.circle)
            yield


async def _drop_in(ctx: Context, sheet: Sheet, givens: Sequence[Given]) -> bool:
    """Spend the viewer's ballot, with the answers sealed in it."""
    if sheet.key is None:
        return False  # it is being counted
    try:
        plain = packed(slips(givens), room(sheet.questionnaire))
    except TooLong as error:
        sentence = f"All that you write is {error.over:,} bytes too long together. Shorten your texts by as much."
        raise Invalid(sentence, ["answers"]) from None
    sealed = ctx.services.vault.seal(sheet.key, sheet.id.bytes, plain)
    token = survey_ballots.token(sheet.key, ctx.me.person_id)
    return await survey_ballots.spend(sheet.id, sheet.edition, token, sealed, sheet.block, ctx.now())


async def _keep(ctx: Context, sheet: Sheet, givens: Sequence[Given], *, handed_in: bool) -> bool:
    me = ctx.me.person_id
    return await survey_responses.give(sheet.id, sheet.edition, me, sheet.block, givens, ctx.now(), handed_in=handed_in)


async def _save_attempt(ctx: Context, sheet: Sheet, givens: Sequence[Given]) -> None:
    async with ctx.transaction():
        attempt = await survey_quizzes.attempt_to_save(ctx, sheet.survey)
        if attempt.edition != sheet.edition:
            raise Conflict(CHANGED, ["surveyId"])
        await survey_attempts.keep(attempt, givens)


async def _refusal(ctx: Context, sheet: Sheet) -> Forbidden | Conflict:
    """Why the database has not taken what the viewer gave: something has changed since the survey was read."""
    found = await _found(ctx, sheet.id)
    if found is None:
        return Forbidden(NOT_ASKED, ["surveyId"])
    if refusal := _not_now(ctx, found):
        return refusal
    if found["edition"] != sheet.edition:
        return Conflict(CHANGED, ["surveyId"])
    [has_answered] = await has_responded(ctx, [found])
    return Conflict(BUSY if has_answered is False else ANSWERED, ["surveyId"])
