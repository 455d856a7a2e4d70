"""Answering surveys, and what the viewer has answered so far."""

from __future__ import annotations

import datetime

import strawberry

from execution.fields import batched, column
from models.questionnaires import OPTIONS_MAX, QUESTIONS_MAX, RANKED_MAX
from resolvers import survey_answering as actions
from resolvers.survey_answers import own_answers
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.refs import SurveyRef
from schema.survey_answer_values import SurveyAnswerInput, new_answers
from schema.survey_questions import SurveyOption, SurveyQuestion
from schema.survey_quizzes import QuizScore


@strawberry.type(description="What was chosen in a row of a matrix.")
class SurveyAnswerCell:
    row: SurveyOption = column("One of the question's `rows`.")
    option: SurveyOption = column("One of its `options`.")


@strawberry.type(description="An answer to one question: by what its kind is answered with, all else is empty or null.")
class SurveyAnswer:
    question: SurveyQuestion = column("As it was answered, whatever it is by now.")
    options: list[SurveyOption] = column("What was chosen; of a ranking, the first first.", most=OPTIONS_MAX, usual=2)
    other_text: str | None = column("The other answer of a choice, in one's own words.")
    number: int | None = column("Of a SCALE or NPS.")
    text: str | None = column("Of a TEXT.")
    cells: list[SurveyAnswerCell] = column("Of a MATRIX.", most=RANKED_MAX * RANKED_MAX, usual=4)
    date: datetime.date | None = column("Of a DATE.")


@strawberry.type
class SurveyAnswering:
    """What a survey has of the viewer's answer to it."""

    viewer_has_responded: bool | None = batched(
        actions.responded,
        description="Whether the viewer has handed in an answer; null once an anonymous survey is closed, for then"
        " nobody knows any more.",
    )
    viewer_answers: list[SurveyAnswer] | None = batched(
        own_answers,
        description="What the viewer has saved or handed in, in the order of the questions; of a quiz in the last"
        " attempt. Null of an anonymous survey, where nothing is stored that could be told.",
        most=QUESTIONS_MAX,
        usual=20,
    )


@strawberry.input(description="The viewer's answers to an open survey, all at once.")
class SubmitSurveyResponseInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")
    answers: list[SurveyAnswerInput] = strawberry.field(
        description="At most one a question, of those only that one comes by with these answers; required ones all."
    )
    edition: int | None = strawberry.field(
        default=None,
        description="The `Survey.edition` that was answered: CONFLICT where its questions have changed since."
        " Without it that is told of answers only to questions that are no longer asked.",
    )


@strawberry.input(description="What the viewer has answered so far, in place of what was saved before.")
class SaveSurveyAnswersInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")
    answers: list[SurveyAnswerInput] = strawberry.field(
        description="All so far, at most one a question; required ones may be missing. None: nothing."
    )
    edition: int | None = strawberry.field(
        default=None, description="The `Survey.edition` that is being answered: CONFLICT where it has changed since."
    )


@strawberry.type(description="What became of `submitSurveyResponse`.")
class SubmitSurveyResponsePayload:
    survey: SurveyRef | None = strawberry.field(default=None, description="The survey.")
    quiz_score: QuizScore | None = strawberry.field(
        default=None, description="Of a quiz, what the attempt is worth; null of any other survey."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `saveSurveyAnswers`.")
class SaveSurveyAnswersPayload:
    survey: SurveyRef | None = strawberry.field(default=None, description="The survey.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Answer a survey that asks the viewer, once and for good; a quiz as often as it may be taken. What"
        " is stored of it tells `Survey.anonymityNotice`. Again: CONFLICT. Scope surveys:write."
    )
    @answers(SubmitSurveyResponsePayload)
    async def submit_survey_response(self, info: Info, input: SubmitSurveyResponseInput) -> SubmitSurveyResponsePayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        done = await actions.submit(info.context, id, new_answers(input.answers), input.edition)
        return SubmitSurveyResponsePayload(survey=done.survey, quiz_score=done.score)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Save what has been answered of a survey so far, to go on later on any device. Not of an anonymous"
        " one: nothing of it is stored before it is handed in. Scope surveys:write."
    )
    @answers(SaveSurveyAnswersPayload)
    async def save_survey_answers(self, info: Info, input: SaveSurveyAnswersInput) -> SaveSurveyAnswersPayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        survey = await actions.save(info.context, id, new_answers(input.answers), input.edition)
        return SaveSurveyAnswersPayload(survey=survey)
