"""Quizzes: how they are taken, what the viewer has made of one, and what is right, for whom and when."""

from __future__ import annotations

from datetime import datetime

import strawberry

from execution.fields import batched, column, computed
from models.questionnaires import OPTIONS_MAX, QUESTIONS_MAX, RANKED_MAX
from models.surveys import Feedback, Scoring
from resolvers import survey_feedback as told
from resolvers import survey_quizzes as actions
from resolvers.survey_plans import ATTEMPTS_MAX
from schema.enums import shown
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.refs import SurveyRef
from schema.survey_questions import SurveyOption, SurveyQuestion

shown(
    Scoring,
    "Which of several attempts at a quiz counts; only those that were handed in do.",
    {
        Scoring.BEST: "The one with the greatest share of what could be had.",
        Scoring.LAST: "The one handed in last.",
        Scoring.AVERAGE: "The average of all.",
    },
    name="QuizScoring",
)
shown(
    Feedback,
    "When whoever has handed in an attempt at a quiz is told what was right. Nobody else is, but who edits it.",
    {
        Feedback.AFTER_ATTEMPT: "At once, also where further attempts are left.",
        Feedback.AFTER_CLOSE: "Once the quiz is closed.",
        Feedback.NEVER: "Never.",
    },
    name="QuizFeedbackTime",
)


@strawberry.type(description="Points of a quiz.")
class QuizScore:
    points: float = column("Those that were won, from 0; with at most four digits behind the point.")
    maximum: float = column("Those that could be had in the whole quiz.")


@strawberry.type(description="One attempt of the viewer's at a quiz.")
class QuizAttempt:
    number: int = column("The first is 1.")
    started_at: datetime = column("When it began, by the server's clock.")
    due_at: datetime | None = column(
        "Until when it can be handed in: what was saved by then is handed in by itself. Never after the quiz closes;"
        " null: by no time."
    )
    submitted_at: datetime | None = column("When it was handed in; null while it is running.")
    points: float | None = column("What it is worth; null while it is running.")
    maximum: float | None = column("Of how many points; null while it is running.")


@strawberry.type(description="The right columns of a matrix's row.")
class QuizRightRow:
    row: SurveyOption = column("The row.")
    columns: list[SurveyOption] = column("In their order.", most=RANKED_MAX, usual=1)


@strawberry.type(description="What is right for a question; all empty where it gives no points.")
class QuizRight:
    options: list[SurveyOption] = column(
        "Of a choice the options that give points, or the best ones where only one can be chosen; of a ranking the"
        " right order.",
        most=OPTIONS_MAX,
        usual=2,
    )
    values: list[str] = column(
        "Of a scale, date or text: any of these is right. Case, accents and spaces do not matter.",
        most=OPTIONS_MAX,
        usual=1,
    )
    rows: list[QuizRightRow] = column("Of a matrix, by its rows.", most=RANKED_MAX, usual=1)


@strawberry.type(description="What the viewer's answer to a question was worth.")
class QuizFeedback:
    question: SurveyQuestion = column("As it was answered, whatever it is by now.")
    points: float = column("What the answer won; 0 for none.")
    maximum: float = column("What could be won.")
    correct: QuizRight = column("What is right.", source="right")


@strawberry.type(description="The points of an option.")
class QuizOptionPoints:
    option: SurveyOption = computed(lambda option: option, description="Which option.")
    points: float = column("For choosing it; below 0 where that takes points away.")


@strawberry.type(description="What is right for a question of a quiz, for who edits it.")
class QuizKey:
    question: SurveyQuestion = column("As it is asked now.")
    maximum: float = column("What can be won.")
    correct: QuizRight = column("What is right.", source="right")
    options: list[QuizOptionPoints] = column(
        "Of a choice, the points of each option in their order.", most=OPTIONS_MAX, usual=4
    )


@strawberry.type
class SurveyQuiz:
    """What a survey has of being a quiz."""

    time_limit_seconds: int | None = column(
        "How long an attempt may take; null: as long as the quiz is open.", source="time_limit"
    )
    attempts_max: int = column("How often one may take it.", source="attempts")
    scoring: Scoring = column("Which of several attempts counts.")
    feedback: Feedback = column("When whoever took it is told what was right. The points are told at once.")
    viewer_attempts: list[QuizAttempt] = batched(
        told.attempts, description="The viewer's attempts, the first first.", most=ATTEMPTS_MAX, usual=2
    )
    viewer_score: QuizScore | None = batched(
        told.scores, description="The viewer's score that counts; null before an attempt is handed in."
    )
    viewer_feedback: list[QuizFeedback] | None = batched(
        told.feedback,
        description="What was right in the attempt that the viewer handed in last, question by question; null while"
        " that is not told, see `feedback`.",
        most=QUESTIONS_MAX,
        usual=20,
    )
    answer_key: list[QuizKey] | None = batched(
        told.keys,
        description="What is right, question by question, for whoever edits the quiz; null for everybody else.",
        most=QUESTIONS_MAX,
        usual=20,
    )


@strawberry.input(description="The quiz to begin an attempt at.")
class StartSurveyAttemptInput:
    survey_id: strawberry.ID = strawberry.field(description="A quiz that is open and asks the viewer.")


@strawberry.type(description="What became of `startSurveyAttempt`.")
class StartSurveyAttemptPayload:
    survey: SurveyRef | None = strawberry.field(default=None, description="The quiz.")
    attempt: QuizAttempt | None = strawberry.field(default=None, description="The attempt that is running now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Begin an attempt at a quiz; while one is running, it is that one. Where there is a time limit it"
        " runs from here, by the server's clock. Those who are asked. Scope surveys:write."
    )
    @answers(StartSurveyAttemptPayload)
    async def start_survey_attempt(self, info: Info, input: StartSurveyAttemptInput) -> StartSurveyAttemptPayload:
        quiz, attempt = await actions.start_attempt(info.context, key("Survey", input.survey_id, ["surveyId"]))
        return StartSurveyAttemptPayload(survey=quiz, attempt=told.shown(quiz, attempt))  # pyright: ignore[reportArgumentType]
