"""Surveys that another system has held: brought in closed, counted by the gate's rules, nobody to be found in them."""

from __future__ import annotations

from typing import Any

import pytest

from models import db
from models.audiences import COMPANY
from models.feed import Post
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from models.surveys import Anonymity, Survey, SurveyAnswer, SurveyResponse, SurveyStatus, SurveyTally, SurveyText
from tests.conftest import Ask
from tests.exports.bringing import ANN, BOB, KITCHEN, Bring, counts, problems
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role

Told = tuple[str, dict[str, Any]]

QUESTIONS: list[dict[str, Any]] = [
    {"id": "where", "kind": "single", "title": "Where?", "options": ["Home", "Office"], "allows_other": True},
    {
        "id": "tools",
        "kind": "multi",
        "title": "With what?",
        "options": [{"id": 1, "label": "Pen"}, {"id": 2, "label": "Saw"}],
    },
    {"id": "mood", "kind": "scale", "title": "How?", "options": [1, 2, 3]},
    {"id": "order", "kind": "ranking", "title": "In which order?", "options": ["Tea", "Cake"]},
    {"id": "food", "kind": "matrix", "title": "The canteen", "rows": ["Food", "Price"], "options": ["Good", "Bad"]},
    {"id": "else", "kind": "open", "title": "What else?"},
]
ANSWERS: list[dict[str, Any]] = [
    {"question": "where", "value": "Home"},
    {"question": "tools", "values": [1, "Saw"]},
    {"question": "mood", "scale": 3},
    {"question": "order", "values": ["Cake", "Tea"]},
    {"question": "food", "values": {"Food": "Good", "Price": "Bad"}},
]


def a_held(id: str = "s", **changes: Any) -> Told:
    return f"survey {id}", {"title": "Pulse", "anonymous": True, "questions": QUESTIONS} | changes


def responses(count: int, *answers: dict[str, Any], survey: str = "s", **more: Any) -> list[Told]:
    given = list(answers) or ANSWERS
    return [(f"survey_response {survey}-{i}", {"survey": survey, "answers": given} | more) for i in range(count)]


async def stored() -> str:
    """All that the database holds, as text."""
    tables = [row[0] for row in await db.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    rows = [row[0] for table in tables for row in await db.rows(f"SELECT t::text FROM {table} t")]
    return "\n".join(rows)


async def figures(ask: Ask, survey: Survey) -> Any:
    """What somebody of HR is told."""
    hal = await a_person("Hal")
    await a_role(hal, Role.HR)
    document = """query R($id: ID!) { survey(id: $id) {
      status audienceCount responseCount
      results {
        isSuppressed responseCount options { count } distribution { count } cells { count } ranking { firstCount }
        texts(first: 20) { nodes { text } }
      }
    } }"""
    answer = await ask.text(hal, document, {"id": global_id(survey)})
    assert not answer.errors, answer.errors
    assert answer.data
    return answer.data["survey"]


async def test_it_comes_in_closed_and_counted(bring: Bring) -> None:
    report = await bring(a_held(opened_at="2025-05-01T08:00:00Z", closed_at="2025-05-09T08:00:00Z"), *responses(6))

    assert problems(report) == []
    assert (counts(report, "survey"), counts(report, "survey_response")) == ((1, 0, 0, 0), (6, 0, 0, 0))
    survey = await Survey.get()
    assert (survey.status, survey.anonymity, survey.target_id) == (SurveyStatus.CLOSED, Anonymity.ANONYMOUS, COMPANY)
    assert (survey.answered, survey.title, survey.author_id) == (6, "Pulse", None)
    assert survey.counted_at is not None
    tally = await SurveyTally.get()
    assert (tally.took_part, tally.answered) == (6, [6, 6, 6, 6, 6])
    assert tally.counts == [6, 0, 0, 6, 6, 0, 0, 6, 0, 6, 6, 0, 6, 0, 0, 6]


async def test_nothing_of_an_anonymous_response_is_left(bring: Bring) -> None:
    hidden = {"person": "1", "ip": "192.0.2.7", "respondent_id": "r-4711", "submitted_at": "2025-05-02T07:08:09Z"}
    said = [{"question": "where", "value": "Home", "user": "zora@company.example"}]

    report = await bring(ANN, a_held(), *responses(6, *said, **hidden))

    assert [(p.code, p.line, p.id, p.type) for p in report.problems] == [("forbidden_pii", 4, None, "survey_response")]
    assert report.problems[0].message.startswith(
        "6 responses to the survey s held IP addresses and data of respondents"
    )
    assert not report.has_errors
    everything = await stored()
    for trace in ("192.0.2.7", "4711", "07:08:09", "zora", "s-3", "hidden-"):
        assert trace not in everything
    assert not await SurveyAnswer.exists()
    assert not await SurveyResponse.exists()
    assert await db.value("SELECT count(*) FROM import_map WHERE type = 'survey_response'") == 0
    assert await db.value("SELECT count(*) FROM import_record") == 0


async def test_what_is_not_said_to_be_named_is_anonymous(bring: Bring) -> None:
    await bring(ANN, a_held(anonymous=None), *responses(5, person="1"))

    assert (await Survey.get()).anonymity is Anonymity.ANONYMOUS
    assert not await SurveyResponse.exists()


async def test_of_too_few_nothing_is_kept(bring: Bring, ask: Ask) -> None:
    report = await bring(a_held(), *responses(4))

    assert problems(report) == [(2, "too_few", None)]
    survey = await Survey.get()
    assert (survey.answered, await SurveyTally.all().count(), await SurveyAnswer.all().count()) == (None, 0, 0)
    told = await figures(ask, survey)
    assert told["responseCount"] is None
    assert all(question["isSuppressed"] for question in told["results"])


async def test_texts_are_told_of_ten_and_more(bring: Bring) -> None:
    nine = [
        one for i in range(9) for one in responses(1, {"question": "else", "value": f"Tea {i}"}, survey="s", x=None)
    ]
    nine = [(f"survey_response t{i}", fields) for i, (_, fields) in enumerate(nine)]
    ten = [
        (f"survey_response u{i}", {"survey": "b", "answers": [{"question": "else", "value": "Tea"}]}) for i in range(10)
    ]

    await bring(a_held(), a_held("b"), *nine, *ten)

    assert await SurveyText.all().count() == 10
    assert "Tea 3" not in await stored()


async def test_named_answers_stay_with_who_gave_them(bring: Bring) -> None:
    given = [(f"survey_response {who}", {"survey": "s", "person": who, "answers": ANSWERS}) for who in ("1", "2")]

    report = await bring(ANN, BOB, a_held(anonymous=False), *given)

    assert problems(report) == []
    survey = await Survey.get()
    assert (survey.anonymity, survey.answered) == (Anonymity.NAMED, 2)
    people = {one.person_id for one in await SurveyResponse.all()}
    assert people == {person.id for person in await Person.filter(name__in=["Ann", "Bob"])}
    assert await SurveyAnswer.all().count() == 12


async def test_who_answered_by_name_sees_it_and_others_do_not(bring: Bring, ask: Ask) -> None:
    await bring(ANN, BOB, a_held(anonymous=False), *responses(1, person="1"))
    survey, ann, bob = await Survey.get(), await Person.get(name="Ann"), await Person.get(name="Bob")

    seen = [(await ask(who, "surveys/survey", id=global_id(survey)))["survey"] for who in (ann, bob)]

    assert seen[0]["title"] == "Pulse"
    assert seen[1] is None


async def test_a_named_response_of_nobody_here_is_left_out(bring: Bring) -> None:
    given = [
        *responses(1),
        *[(f"survey_response x{i}", {"survey": "s", "person": "1", "answers": ANSWERS}) for i in (1, 2)],
    ]

    report = await bring(ANN, a_held(anonymous=False), *given)

    assert problems(report) == [(4, "unknown_ref", "person"), (6, "duplicate_id", "person")]
    assert await SurveyResponse.all().count() == 1


async def test_again_changes_nothing(bring: Bring) -> None:
    told = (
        ANN,
        a_held(),
        *responses(6),
        a_held("n", anonymous=False),
        *responses(1, survey="n", person="1"),
        a_held("few"),
    )
    await bring(*told, *responses(3, survey="few"))
    before = await SurveyTally.all().order_by("id").values()

    again = await bring(*told, *responses(3, survey="few"))

    assert (counts(again, "survey"), counts(again, "survey_response")) == ((0, 0, 3, 0), (0, 0, 10, 0))
    assert problems(again) == []
    assert await SurveyTally.all().order_by("id").values() == before


async def test_later_responses_are_left_aside_and_told(bring: Bring) -> None:
    await bring(a_held(), *responses(6))

    report = await bring(a_held(title="Other"), *responses(8))

    assert problems(report) == [(2, "counted", None)]
    assert (report.of("survey_response").skipped, counts(report, "survey")) == (8, (0, 0, 1, 0))
    assert ((await Survey.get()).answered, (await Survey.get()).title) == (6, "Pulse")


async def test_a_dry_run_tells_what_the_real_one_does(bring: Bring) -> None:
    bad = ("survey_response z", {"survey": "s", "answers": [{"question": "nowhere", "value": "x"}]})
    told = (
        ANN,
        a_held(),
        *responses(6, *ANSWERS, ip="192.0.2.7"),
        bad,
        a_held("b", questions=[]),
        *responses(2, survey="b"),
    )

    dry = await bring(*told, dry_run=True)

    assert not await Survey.exists()
    assert await db.value("SELECT count(*) FROM import_record") == 0
    assert dry.problems == (real := await bring(*told)).problems
    assert dry.summary() == real.summary()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"questions": []}, "questions"),
        ({"questions": [{"id": "a", "kind": "guess", "title": "?"}]}, "questions"),
        ({"questions": [{"id": "a", "kind": "single", "title": "?", "options": ["A", "a"]}]}, "questions"),
        ({"anonymous": "no"}, "anonymous"),
        ({"opened_at": "yesterday"}, "opened_at"),
        ({"description": 7}, "description"),
    ],
)
async def test_a_survey_that_cannot_be_read_is_left_out_with_its_responses(
    bring: Bring, changes: dict[str, Any], field: str
) -> None:
    report = await bring(a_held(**changes), *responses(6), a_held("good"))

    assert problems(report) == [(2, "bad_value", field), (3, "unknown_ref", "survey")]
    assert "6 responses" in report.problems[1].message
    assert await Survey.all().count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"question": "nowhere", "value": "Home"},
        {"question": "where", "value": ""},
        {"question": "where", "values": ["Home", "Office"]},
        {"question": "tools", "values": ["Fork"]},
        {"question": "tools", "values": []},
        {"question": "mood", "scale": 4},
        {"question": "mood", "value": "splendid"},
        {"question": "order", "values": ["Tea"]},
        {"question": "food", "values": {"Food": "So so"}},
        {"question": "food", "value": "Good"},
        {"question": "else", "value": "x" * 5_001},
        {"question": "else", "value": {"text": "x"}},
        {"question": True},
        7,
    ],
)
async def test_an_answer_that_does_not_fit_is_left_out_and_told_without_repeating_it(bring: Bring, answer: Any) -> None:
    good = {"question": "else", "value": "Tea"} if answer != 7 and answer["question"] != "else" else ANSWERS[0]

    report = await bring(a_held(), *responses(5), ("survey_response x", {"survey": "s", "answers": [answer, good]}))

    assert problems(report) == [(8, "bad_value", "answers[0]")]
    assert report.problems[0].id is None
    assert "splendid" not in report.problems[0].message
    assert (await Survey.get()).answered == 6


async def test_a_response_of_which_nothing_fits_is_not_counted(bring: Bring) -> None:
    bad = ("survey_response x", {"survey": "s", "answers": [{"question": "mood", "scale": 9}]})
    none = ("survey_response y", {"survey": "s"})
    silent: Told = ("survey_response z", {"survey": "s", "answers": []})

    report = await bring(a_held(), *responses(5), bad, none, silent)

    assert problems(report) == [(8, "bad_value", "answers[0]"), (9, "missing_field", "answers")]
    assert (await Survey.get()).answered == 6  # who handed in an empty sheet took part


async def test_a_response_stands_behind_its_survey(bring: Bring) -> None:
    report = await bring(*responses(1), a_held(), *responses(1, survey="nowhere"))

    assert problems(report) == [(2, "unknown_ref", "survey"), (4, "unknown_ref", "survey")]


async def test_what_is_written_in_an_options_place_is_another_answer(bring: Bring) -> None:
    said = [{"question": "where", "value": "On the train"}, {"question": "mood", "value": "2"}]

    await bring(a_held(), *responses(10, *said))

    tally = await SurveyTally.get()
    assert tally.counts == [0, 0, 10, 0, 10, 0]
    assert [text.text for text in await SurveyText.all()] == ["On the train"] * 10


async def test_a_scale_is_answered_by_its_steps_too(bring: Bring) -> None:
    steps = [{"id": "mood", "kind": "scale", "title": "How?", "options": ["bad", "so so", "good"]}]

    report = await bring(a_held(questions=steps), *responses(5, {"question": "How?", "value": "So so"}))

    assert problems(report) == [(2, "unknown_field", "questions")]  # what is between the ends has no name here
    assert (await SurveyTally.get()).counts == [0, 5, 0]


async def test_a_survey_of_a_unit_is_for_those_who_answer_for_it(bring: Bring) -> None:
    report = await bring(KITCHEN, a_held(org_unit="K"), a_held("b", org_unit="nowhere"), *responses(6))

    assert problems(report) == [(4, "unknown_ref", "org_unit")]
    assert (await Survey.get()).target_id == (await OrgUnit.get(name="Kitchen")).id


async def test_the_gate_tells_its_results(bring: Bring, ask: Ask) -> None:
    await bring(a_held(invited=9), *responses(6))

    told = await figures(ask, await Survey.get())

    assert (told["status"], told["audienceCount"], told["responseCount"]) == ("CLOSED", 9, 6)
    where, _, mood, order, food, words = told["results"]
    assert [option["count"] for option in where["options"]] == [6, 0]
    assert [number["count"] for number in mood["distribution"]] == [0, 0, 6]
    assert words["texts"]["nodes"] == []
    assert (len(food["cells"]), [one["firstCount"] for one in order["ranking"]]) == (4, [0, 6])


async def test_a_post_announces_it(bring: Bring) -> None:
    await bring(ANN, ("post p", {"author": "1", "body": "Look", "survey": "s"}), a_held(), *responses(6))

    assert (await Post.get()).survey_id == (await Survey.get()).id


async def test_a_response_is_not_taken_back(bring: Bring) -> None:
    await bring(a_held(), *responses(6))

    report = await bring(*responses(1), gone=["survey_response s-0"])

    assert (problems(report), report.of("survey_response").skipped) == ([], 1)
    assert (await Survey.get()).answered == 6


async def test_a_tombstone_takes_it_away(bring: Bring) -> None:
    await bring(a_held(), *responses(6))

    report = await bring(a_held(), gone=["survey s"])

    assert counts(report, "survey") == (0, 0, 0, 1)
    assert not await Survey.exists()
    assert await db.value("SELECT count(*) FROM audience WHERE kind = 'SURVEY'") == 0
