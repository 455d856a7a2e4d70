"""What a survey is to be: written down while nobody is asked yet, and checked as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from models.errors import Forbidden, Invalid
from models.questionnaires import Questionnaire
from models.surveys import (
    ABOUT_MAX,
    TITLE_MAX,
    Anonymity,
    Feedback,
    Scoring,
    SegmentKind,
    Survey,
    SurveyKind,
)
from models.text import clean_line, clean_optional
from resolvers import survey_audiences
from resolvers.audiences import AudienceChoice
from resolvers.context import Context
from resolvers.survey_files import read_file
from resolvers.survey_limits import check_sample, check_segments, check_thresholds
from resolvers.survey_questions import NewQuestion, NewSection, as_new, edited, questionnaire
from resolvers.survey_times import NEVER, When, check_closing, check_opening, moment_of

ATTEMPTS_MAX = 100
LIMIT_MIN, LIMIT_MAX = 10, 86_400  # seconds for an attempt

OF_QUIZZES = ("time_limit", "attempts", "scoring", "feedback")
CHANGEABLE = ("questions", "sections", "zone", "closes")
"""What can still change of a survey that is open."""
NAMES = {
    "excluded": "excluded",
    "sample": "samplePercent",
    "min_group": "minimumGroupSize",
    "min_texts": "minimumTextCount",
    "shared": "isShared",
    "time_limit": "timeLimitSeconds",
    "attempts": "attemptsMax",
    "opens": "opensAt",
}
"""What a part of a plan is called in the input, where it is called otherwise."""
FROZEN = (
    "This survey is open. Who is asked, how anonymous it is, its segments and its thresholds stay as people were told"
    " when they were asked; only its end and its questions can still change. Duplicate it to ask otherwise."
)


@dataclass(frozen=True)
class SurveyPlan:
    """What a survey is to be, as a client describes it; of one that is there, what is None stays.

    A `time_limit` of 0 is none. Times that are not given stay as well.
    """

    title: str | None = None
    description: str | None = None
    anonymity: Anonymity | None = None
    audience: AudienceChoice | None = None
    excluded: Sequence[AudienceChoice] | None = None
    sample: int | None = None  # percent
    segments: Sequence[SegmentKind] | None = None
    min_group: int | None = None
    min_texts: int | None = None
    shared: bool | None = None
    time_limit: int | None = None  # seconds
    attempts: int | None = None
    scoring: Scoring | None = None
    feedback: Feedback | None = None
    questions: Sequence[NewQuestion] | None = None
    sections: Sequence[NewSection] | None = None
    zone: str | None = None
    opens: When = NEVER
    closes: When = NEVER

    def said(self) -> list[str]:
        """The parts that something is said of."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return [name for name, value in values.items() if value not in (None, NEVER)]


def with_file(plan: SurveyPlan, file: str | None) -> tuple[SurveyPlan, list[str]]:
    """The plan with the questions of a questionnaire's file, and sentences on what was left out. Raises `Invalid`."""
    if file is None:
        return plan, []
    path = ["questionnaireFile"]
    if plan.questions is not None or plan.sections is not None:
        raise Invalid("Give either `questions` or `questionnaireFile`, not both.", path)
    try:
        read = read_file(file)
    except Invalid as error:
        raise Invalid(error.message, path) from None
    questions, sections = as_new(read.questionnaire)
    return replace(plan, questions=questions, sections=sections), read.notes_for(plan.anonymity)


async def settle(ctx: Context, survey: Survey, plan: SurveyPlan) -> None:
    """Make a survey that is not open what the plan says of it, but for its questions.

    Raises `Invalid`, `NotFound` or `Forbidden`. Wants the caller's transaction; the row is the caller's to save.
    """
    if plan.title is not None:
        survey.title = clean_line(plan.title, most=TITLE_MAX, path=["title"], what="The title of a survey")
    if plan.description is not None:
        path = ["description"]
        survey.about = clean_optional(plan.description, most=ABOUT_MAX, path=path, what="The description of a survey")
    if plan.audience is not None:
        survey.target_id = await survey_audiences.target(ctx, plan.audience)
    if plan.excluded is not None:
        survey.excluded = await survey_audiences.excluded(ctx, plan.excluded)
    if plan.segments is not None:
        survey.segments = [kind.value for kind in plan.segments]
    survey.anonymity = plan.anonymity or survey.anonymity
    survey.sample = _given(plan.sample, survey.sample)
    survey.shared = _given(plan.shared, survey.shared)
    _settle_thresholds(survey, plan)
    _settle_quiz(survey, plan)
    settle_times(survey, plan)
    _check(survey)
    if plan.opens or plan.closes:  # a time that has passed since it was said keeps nobody from changing the rest
        check_opening(survey.opens_at if plan.opens else None, ctx.now())
        check_closing(survey.closes_at, max(survey.opens_at or ctx.now(), ctx.now()))


def settle_times(survey: Survey, plan: SurveyPlan) -> None:
    """Take over when it opens and closes, as far as that is said. Raises `Invalid`."""
    survey.zone = plan.zone or survey.zone
    survey.opens_at = moment_of(plan.opens, survey.zone, "opensAt") or survey.opens_at
    survey.closes_at = moment_of(plan.closes, survey.zone, "closesAt") or survey.closes_at


def asked(survey: Survey, plan: SurveyPlan, old: Questionnaire | None = None) -> Questionnaire | None:
    """The questionnaire that the plan asks for, of `old` where there is one; None where it asks for no other.

    Raises `Invalid` or `NotFound`.
    """
    if plan.questions is None:
        if plan.sections is not None:
            raise Invalid("Sections come with the questions that are in them. Give `questions`, too.", ["sections"])
        return None
    sections = plan.sections or ()
    made = edited(old, plan.questions, sections) if old else questionnaire(plan.questions, sections)
    if survey.kind is SurveyKind.POLL and len(made.questions) != 1:
        raise Invalid("A poll is one question. Ask one, or make it a survey.", ["questions"])
    return made


def refuse_frozen(plan: SurveyPlan) -> None:
    """Raise `Forbidden` for what cannot change any more once people are asked."""
    frozen = [name for name in plan.said() if name not in CHANGEABLE]
    if frozen:
        raise Forbidden(FROZEN, [_called(frozen[0])])


def _called(part: str) -> str:
    return NAMES.get(part, part)


def _settle_thresholds(survey: Survey, plan: SurveyPlan) -> None:
    """Who raises the one and says nothing of the other means both."""
    survey.min_group = _given(plan.min_group, survey.min_group)
    survey.min_texts = _given(plan.min_texts, max(survey.min_texts, survey.min_group))


def _settle_quiz(survey: Survey, plan: SurveyPlan) -> None:
    said = [name for name in OF_QUIZZES if getattr(plan, name) is not None]
    if said and survey.kind is not SurveyKind.QUIZ:
        raise Invalid("Only a quiz has attempts, points and a time limit. Leave this out.", [_called(said[0])])
    if plan.time_limit is not None:
        if plan.time_limit and not LIMIT_MIN <= plan.time_limit <= LIMIT_MAX:
            raise Invalid(f"A time limit has {LIMIT_MIN} to {LIMIT_MAX:,} seconds; 0 is none.", ["timeLimitSeconds"])
        survey.time_limit = plan.time_limit or None
    if plan.attempts is not None and not 1 <= plan.attempts <= ATTEMPTS_MAX:
        raise Invalid(f"A quiz can be taken 1 to {ATTEMPTS_MAX} times.", ["attemptsMax"])
    survey.attempts = _given(plan.attempts, survey.attempts)
    survey.scoring = plan.scoring or survey.scoring
    survey.feedback = plan.feedback or survey.feedback


def _check(survey: Survey) -> None:
    """Raise `Invalid` for what does not go together."""
    if survey.kind is SurveyKind.QUIZ and survey.anonymity is Anonymity.ANONYMOUS:
        raise Invalid(
            "A quiz tells each person their points, so it cannot be anonymous. Make it CONFIDENTIAL or NAMED.",
            ["anonymity"],
        )
    check_thresholds(survey.min_group, survey.min_texts)
    check_segments(survey.segments)
    check_sample(survey.sample)


T = TypeVar("T")


def _given(new: T | None, old: T) -> T:
    return old if new is None else new
