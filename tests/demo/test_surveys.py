"""The surveys of the demonstration company: there is something to answer, and something of all that is told."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import uuid4

import pytest

from atrium.demo import survey_sheets as sheets
from atrium.demo.company import Company
from atrium.demo.load import load
from atrium.demo.survey_moods import Moods
from atrium.demo.survey_pen import Sheet
from atrium.demo.surveys import Surveys
from atrium.web.survey_tabs import KnownSurveys, known_surveys
from auth.passwords import Hasher
from models import db
from models.feed import Post
from models.people import Person
from models.survey_cells import Asked
from models.survey_paths import faults, path_of
from models.survey_slots import slot_count
from models.surveys import Survey, SurveySegment
from resolvers.context import Context, Services
from tests.conftest import Ask
from tests.demo.test_company import TODAY
from tests.exports.test_export import unheard
from tests.factories.ids import global_id
from tests.factories.session import as_viewer

SHEETS = (sheets.engagement, sheets.hybrid, sheets.pulse, sheets.lunch, sheets.security)

# Those of a unit that is told, of which one is too small, and another is hidden lest it be told by subtraction.
SIBLINGS = """
SELECT small.value AS small, other.value AS other, small.parent
FROM survey_segment small JOIN survey_segment other ON other.survey_id = small.survey_id
    AND other.parent = small.parent AND other.kind = small.kind AND other.other_kind IS NULL AND other.id <> small.id
JOIN survey_segment above ON above.survey_id = small.survey_id AND above.value = small.parent
    AND above.kind = small.kind AND above.other_kind IS NULL
JOIN survey_tally told ON told.segment_id = above.id
WHERE small.survey_id = $1 AND small.kind = 'ORG_UNIT' AND small.other_kind IS NULL
    AND small.population < 5 AND other.population >= 5
    AND NOT EXISTS (SELECT 1 FROM survey_tally t WHERE t.segment_id IN (small.id, other.id))
"""
WRONG: dict[str, str] = {
    "of what is counted and anonymous nothing leads to a person": """
        SELECT 1 FROM survey s WHERE s.anonymity = 'ANONYMOUS' AND s.status = 'CLOSED' AND (s.counted_at IS NULL
            OR EXISTS (SELECT 1 FROM survey_place p WHERE p.survey_id = s.id)
            OR EXISTS (SELECT 1 FROM survey_ballot b WHERE b.survey_id = s.id)
            OR EXISTS (SELECT 1 FROM survey_answer a WHERE a.survey_id = s.id)
            OR EXISTS (SELECT 1 FROM survey_key k WHERE k.id = s.id))""",
    "as many were asked as are in its audience": """
        SELECT 1 FROM survey s WHERE s.invited <> (
            SELECT count(*) FROM audience_member m WHERE m.audience_id = s.id AND m.listed)""",
    "who was asked was there, and is no guest": """
        SELECT 1 FROM survey s JOIN audience_member m ON m.audience_id = s.id JOIN person p ON p.id = m.person_id
        WHERE p.created_at >= s.opened_at OR p.is_guest""",
    "of a block of which anything was moved enough still wait": """
        SELECT 1 FROM survey s JOIN (SELECT DISTINCT survey_id, block FROM survey_answer WHERE response_id IS NULL) a
            ON a.survey_id = s.id
        WHERE (SELECT count(*) FROM survey_ballot b
               WHERE b.survey_id = s.id AND b.block = a.block AND b.sealed IS NOT NULL) < s.min_group""",
    "whoever took part is counted in their block": """
        SELECT 1 FROM survey_response r LEFT JOIN survey_place p USING (survey_id, person_id, block)
        WHERE p.id IS NULL""",
    "an attempt is handed in while there is time": """
        SELECT 1 FROM survey_response r JOIN survey s ON s.id = r.survey_id WHERE r.started_at < s.opened_at
            OR r.submitted_at NOT BETWEEN r.started_at AND least(r.due_at, s.closes_at)""",
    "what happens later has its timer": """
        SELECT 1 FROM survey s WHERE s.status = 'OPEN' AND NOT EXISTS (
            SELECT 1 FROM timer t WHERE t.key = 'survey_close:' || s.id AND t.due_at = s.closes_at)
        UNION ALL SELECT 1 FROM survey_series r WHERE NOT EXISTS (
            SELECT 1 FROM timer t WHERE t.key = 'survey_round:' || r.id AND t.due_at = r.next_at)""",
}


@pytest.fixture
async def company(services: Services, hasher: Hasher) -> Company:
    made, now = Company.generate(300, 1, 30, services.clock.now()), services.clock.now()
    await load(made, password="made for this", hasher=hasher, now=now, progress=unheard, vault=services.vault)
    return made


async def person(who: str) -> Person:
    return await Person.get(email=f"{who}@atrium.example")


async def known(services: Services, who: str) -> KnownSurveys:
    """What GraphiQL fills in for one of the four."""
    return await known_surveys(Context(services, await as_viewer(await person(who), services.clock.now())))


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_is_asked_has_no_faults_and_what_is_answered_fits(sheet: Any) -> None:
    made: Sheet = sheet(Random(1))
    asked, moods = made.questionnaire, Moods(1, made, "test", 100)

    is_quiz = any(question.points or any(option.points for option in question.options) for question in asked.questions)
    for _ in range(100):
        givens = moods.solutions(0.6) if is_quiz else moods.answers(Asked(uuid4()))
        found = {given.question: given for given in givens}
        path = path_of(asked, found)
        assert {question.id for question in path} >= found.keys()
        for question in path:
            assert question.id in found or not question.required
        for id, given in found.items():
            count = slot_count(asked.by_id[id])
            assert all(0 <= slot < count for slot in given.slots)
            assert list(given.slots) == sorted(set(given.slots))
            assert bool(given.text) or given.slots

    assert faults(asked) == []


def test_the_same_company_asks_the_same() -> None:
    def all_of(seed: int) -> str:
        surveys = Surveys(Company.generate(300, seed, 30, TODAY))
        series = surveys.series()
        planned = [*surveys.of_company(), surveys.template(), *surveys.rounds(series)]
        return repr([(vars(one.survey), one.sheet, one.rate, one.tilt) for one in planned]) + repr(vars(series))

    assert all_of(1) == all_of(1) != all_of(2)


async def test_no_row_breaks_a_rule(company: Company) -> None:
    wrong = {name: await db.value(f"SELECT count(*) FROM ({sql}) x") for name, sql in WRONG.items()}

    assert {name: count for name, count in wrong.items() if count} == {}


@pytest.mark.parametrize("who", ["admin", "head", "member"])
async def test_there_is_one_to_answer(company: Company, services: Services, ask: Ask, who: str) -> None:
    ids, me = await known(services, who), await person(who)

    before = (await ask(me, "surveys/survey", id=ids.open))["survey"]
    done = await ask(me, "survey_answering/submit_survey_response", survey_id=ids.open, answers=ids.answers)

    assert (before["anonymity"], before["viewerCanAnswer"]) == ("ANONYMOUS", True)
    assert {question["kind"] for question in before["questions"]} == {
        *("SINGLE_CHOICE", "MULTIPLE_CHOICE", "SCALE", "NPS", "RANKING", "MATRIX", "TEXT", "DATE")
    }
    assert done["submitSurveyResponse"] == {
        **{"survey": {"id": ids.open, "viewerHasResponded": True}, "quizScore": None, "errors": []}
    }


async def test_a_post_announces_it(company: Company, services: Services, ask: Ask) -> None:
    ids, post = await known(services, "member"), await Post.get(survey_id__isnull=False)

    nodes = (await ask(await person("member"), "survey_posts/announced_surveys", first=100))["feed"]["nodes"]

    survey = await Survey.get(id=post.survey_id)
    assert [(one["survey"]["id"], one["survey"]["viewerCanAnswer"]) for one in nodes if one["survey"]] == [
        (ids.open, True)
    ]
    assert survey.opened_at
    assert post.published_at
    assert post.published_at > survey.opened_at


async def test_what_waits_in_it_is_counted_with_the_rest(company: Company, services: Services, ask: Ask) -> None:
    admin, ids = await person("admin"), await known(services, "admin")
    spent = await db.row("SELECT count(*), count(sealed) FROM survey_ballot b JOIN survey s ON s.id = b.survey_id"
                         " WHERE s.title LIKE 'At home%'")  # fmt: skip

    await ask(admin, "survey_life/close_survey", survey_id=ids.open)

    assert spent
    assert 0 < spent[1] < spent[0]
    told = (await ask(admin, "survey_results/survey_results", id=ids.open))["survey"]
    assert (told["status"], told["responseCount"]) == ("CLOSED", spent[0])
    assert not any(result["isSuppressed"] for result in told["results"])


async def test_a_small_segment_and_its_sibling_are_hidden(company: Company, services: Services, ask: Ask) -> None:
    admin, ids = await person("admin"), await known(services, "admin")
    survey = await Survey.get(title="How is it to work here?")

    found = await db.rows(SIBLINGS, survey.id)
    told = (await ask(admin, "survey_results/survey_figures", id=ids.closed, by="ORG_UNIT"))["survey"]

    assert found
    assert ids.closed == global_id(survey)
    units: list[dict[str, Any]] = told["results"][0]["segments"]
    assert {unit["isSuppressed"] for unit in units} == {True, False}
    crossed = SurveySegment.filter(survey_id=survey.id, other_kind__isnull=False)
    assert await crossed.exists()


async def test_numbers_and_texts_of_it_are_told(company: Company, services: Services, ask: Ask) -> None:
    member, ids = await person("member"), await known(services, "member")

    results: list[dict[str, Any]] = (await ask(member, "survey_results/survey_results", id=ids.closed))["survey"][
        "results"
    ]

    texts = [one for one in results if one["question"]["kind"] == "TEXT"]
    assert all(len(one["texts"]["nodes"]) == 20 for one in texts)
    assert all(one["responseCount"] > 100 for one in results if one not in texts)
    assert len(results) == 14


TREND = """
query Trend($id: ID!) {
  surveySeries(id: $id) {
    week: trend(questionKey: "week") { survey { round status } result { average } }
    recommend: trend(questionKey: "recommend") { result { promoterScore } }
  }
}
"""


async def test_the_pulse_has_a_trend(company: Company, services: Services, ask: Ask) -> None:
    admin, ids = await person("admin"), await known(services, "admin")

    answered = await ask.text(admin, TREND, {"id": ids.pulse})

    assert not answered.errors
    found = (answered.data or {})["surveySeries"]
    closed = [one for one in found["week"] if one["survey"]["status"] == "CLOSED"]
    weeks = [one["result"]["average"] for one in closed]
    scores = [one["result"]["promoterScore"] for one in found["recommend"][: len(closed)]]
    assert len(found["week"]) == 8
    assert len(closed) >= 7
    assert min(weeks[2:4]) < weeks[0] < weeks[-1] - 0.3
    assert min(scores[2:4]) < scores[0] < scores[-1] - 10


async def test_the_quiz_has_scores_and_can_be_taken(company: Company, services: Services, ask: Ask) -> None:
    member, head = await person("member"), await person("head")
    ids = await known(services, "member")

    taken = (await ask(head, "survey_quizzes/quiz", id=ids.quiz))["survey"]
    begun = (await ask(member, "survey_quizzes/start_survey_attempt", survey_id=ids.quiz))["startSurveyAttempt"]

    assert 0 < taken["viewerScore"]["points"] <= taken["viewerScore"]["maximum"]
    assert len(taken["viewerFeedback"]) == 7
    assert begun["errors"] == []
    assert begun["attempt"]["number"] == 1
    scores = await db.row("SELECT count(*), min(points), max(points), max(attempt) FROM survey_response"
                          " WHERE points IS NOT NULL")  # fmt: skip
    assert scores
    assert scores[0] > 100
    assert scores[1] < 5 < scores[2] <= 13
    assert scores[3] == 2
