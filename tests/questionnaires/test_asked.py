"""A questionnaire as it is stored, and read by those who are asked."""

from __future__ import annotations

import json
from pathlib import Path

from models import survey_editions
from models.surveys import SurveyStatus
from resolvers.survey_files import read_file
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.surveys import a_survey

REAL = Path(__file__).parents[1] / "data" / "questionnaires" / "work_and_wellbeing.json"


async def test_a_real_questionnaire_is_stored_and_read_whole_in_ones_language(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    made = read_file(REAL.read_bytes()).questionnaire
    survey = await a_survey(ann, asked=[ann, bob], status=SurveyStatus.OPEN)
    await survey_editions.keep(survey.id, 1, made)

    data = await ask(bob, "survey_questions/survey_questions", id=global_id(survey), locale="de-AT")

    shown, file = data["survey"]["questions"], json.loads(REAL.read_bytes())
    assert await survey_editions.newest([survey.id]) == {survey.id: made}
    assert [question["key"] for question in shown] == [question["key"] for question in file["questions"]]
    assert [question["prompt"] for question in shown] == [
        next((one["text"] for one in question.get("translations", []) if one["locale"] == "de"), question["prompt"])
        for question in file["questions"]
    ]
    assert shown[1]["options"][0]["label"] == "Up to 20\u00a0hours"
    assert shown[4]["branches"] == [
        {"optionId": shown[4]["options"][1]["id"], "least": None, "most": None, "toQuestionId": shown[6]["id"]}
    ]
    assert data["survey"]["sections"][0]["title"] == "Sie und Ihre Arbeit"
