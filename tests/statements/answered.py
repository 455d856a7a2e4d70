"""Surveys that are answered and told of: by any number of people, to any number of questions."""

from __future__ import annotations

import uuid
from typing import Any

from auth.viewer import Viewer
from execution.ids import encode_id
from models.survey_editions import newest
from models.surveys import Anonymity, Survey, SurveyAnswer, SurveyKind, SurveyResponse, SurveyStatus
from resolvers.survey_moving import finish
from tests.factories.ids import global_id
from tests.factories.session import as_viewer
from tests.factories.surveys import a_survey, choice, scale
from tests.factories.surveys import text as open_question
from tests.statements.arranged import Arranged, Company, arranges
from tests.statements.surveyed import an_analyst, hers


async def asked(company: Company, survey: Survey, **given: Any) -> Arranged:
    """One of those who are asked, with answers to all questions."""
    questions = (await newest([survey.id]))[survey.id].questions
    answers = [{"questionId": encode_id("SurveyQuestion", one.id), "value": value(one)} for one in questions]
    viewer = await as_asked(company)
    return Arranged(viewer, {"survey_id": global_id(survey), "answers": answers, **given})


def value(question: Any) -> dict[str, Any]:
    if question.options:
        return {"choice": {"optionId": encode_id("SurveyOption", question.options[0].id)}}
    return {"number": 4} if question.scale else {"text": "More light"}


async def as_asked(company: Company) -> Viewer:
    return await as_viewer(company.people[0], company.services.clock.now())


async def filled(company: Company, *, closed: bool, **columns: Any) -> Survey:
    """A named survey of Ann's that all whom it asks have answered."""
    survey = await hers(company, anonymity=Anonymity.NAMED, status=SurveyStatus.OPEN, **columns)
    now, questions = company.services.clock.now(), (await newest([survey.id]))[survey.id].questions
    for person in company.people:
        response = await SurveyResponse.create(
            survey_id=survey.id, person_id=person.id, edition=1, block=0, started_at=now, submitted_at=now
        )
        rows = [SurveyAnswer(survey_id=survey.id, response_id=response.id, block=0)]
        for one in questions:
            text = None if one.options or one.scale else "More light"
            slots = [] if text else [0]
            rows.append(
                SurveyAnswer(
                    id=uuid.uuid4(),
                    survey_id=survey.id,
                    response_id=response.id,
                    question_id=one.id,
                    block=0,
                    slots=slots,
                    text=text,
                )
            )
        await SurveyAnswer.bulk_create(rows)
    if closed:
        await Survey.filter(id=survey.id).update(status=SurveyStatus.CLOSED, closed_at=now)
        await finish(company.services, survey.id)
    return survey


@arranges("survey_answering/submit_survey_response")
async def a_ballot(company: Company) -> Arranged:
    return await asked(company, await hers(company, SurveyStatus.OPEN))


@arranges("survey_answering/save_survey_answers")
async def half_an_answer(company: Company) -> Arranged:
    return await asked(company, await hers(company, SurveyStatus.OPEN, anonymity=Anonymity.NAMED))


@arranges("survey_answering/own_survey_answers")
async def an_answer_of_ones_own(company: Company) -> Arranged:
    survey = await filled(company, closed=False)
    return Arranged(await as_asked(company), {"id": global_id(survey)})


@arranges("survey_questions/survey_questions")
async def questions_to_read(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    return Arranged(viewer, {"id": global_id(await hers(company, SurveyStatus.OPEN))})


@arranges("survey_results/survey_results")
async def results_to_read(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    return Arranged(viewer, {"id": global_id(await filled(company, closed=True))})


@arranges("survey_results/survey_figures")
async def figures_to_read(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    return Arranged(viewer, {"id": global_id(await filled(company, closed=True)), "texts": company.size})


@arranges("survey_results/survey_participation")
async def participation_to_read(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    return Arranged(viewer, {"id": global_id(await filled(company, closed=True))})


@arranges("survey_exports/export_survey_results")
async def results_to_take_out(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    return Arranged(viewer, {"survey_id": global_id(await filled(company, closed=True)), "format": "CSV"})


async def a_quiz(company: Company) -> Survey:
    questions = [choice(f"C{i}") if i % 2 else scale(f"S{i}", correct="3", points=1.0) for i in range(company.size)]
    return await a_survey(
        company.ann,
        *questions,
        open_question(),
        asked=company.people,
        kind=SurveyKind.QUIZ,
        anonymity=Anonymity.NAMED,
        at=company.services.clock.now(),
    )


@arranges("survey_quizzes/quiz", "survey_quizzes/quiz_key")
async def a_quiz_to_read(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    return Arranged(viewer, {"id": global_id(await a_quiz(company))})


@arranges("survey_quizzes/start_survey_attempt")
async def a_quiz_to_take(company: Company) -> Arranged:
    return Arranged(await as_asked(company), {"survey_id": global_id(await a_quiz(company))})
