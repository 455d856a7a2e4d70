"""Results: figures, participation, segments from the top down, and trends."""

from __future__ import annotations

from statistics import fmean, median, pstdev
from typing import Any
from uuid import uuid4

import pytest

from models import survey_editions, survey_figures
from models.questionnaires import Given, Option, Question, QuestionKind, Questionnaire
from models.survey_cells import Unit
from models.surveys import Anonymity, Survey, SurveyBallot, SurveyStatus
from resolvers import survey_results
from resolvers.context import Services
from resolvers.survey_gate import ResultFilter
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.surveys import a_survey, choice, scale, text
from tests.survey_gate.asked import LEADERSHIP, LOCATION, ORG_UNIT, TENURE, a_closed, a_company, only, told
from tests.survey_gate.filled import a_filled, an_analyst, counted, people


def nps() -> Question:
    return Question(uuid4(), "nps", QuestionKind.NPS, "Would you recommend us?")


async def test_numbers_have_a_distribution_a_mean_and_a_spread(ask: Ask, services: Services) -> None:
    company = await a_company()
    slots = [i * i % 5 for i in range(35)]
    survey = await a_closed(services, company, scale(), slots)

    found = await only(ask, company.ana, survey, "survey_figures")

    values = [slot + 1 for slot in slots]
    assert found["average"] == pytest.approx(fmean(values))
    assert (found["median"], found["standardDeviation"]) == (median(values), pytest.approx(pstdev(values)))
    assert found["distribution"] == [
        {"value": value, "count": values.count(value), "share": values.count(value) / 35} for value in range(1, 6)
    ]
    assert (found["promoterScore"], found["promoters"], found["options"]) == (None, None, [])


async def test_recommendation_has_a_score(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, nps(), [10] * 10 + [9] * 5 + [8] * 6 + [7] * 4 + [6] * 7 + [0] * 3)

    found = await only(ask, company.ana, survey, "survey_figures")

    assert found["promoters"] == {"promoters": 15, "passives": 10, "detractors": 10}
    assert found["promoterScore"] == pytest.approx(100 * 5 / 35)


@pytest.mark.parametrize("values", [[1], [1, 5], [2, 2, 5], [1, 1, 4, 5], [3] * 7 + [1]])
def test_figures_are_those_of_the_numbers(values: list[int]) -> None:
    counts = [values.count(value) for value in range(1, 6)]

    assert survey_figures.average(counts, 1) == pytest.approx(fmean(values))
    assert survey_figures.median(counts, 1) == median(values)
    assert survey_figures.deviation(counts, 1) == pytest.approx(pstdev(values))


def test_nobody_has_no_figures() -> None:
    nothing = [0] * 11

    assert survey_figures.average(nothing) is survey_figures.median(nothing) is None
    assert survey_figures.deviation(nothing) is survey_figures.promoters(nothing).score is None


async def test_a_ranking_has_the_mean_of_the_ranks(ask: Ask, services: Services) -> None:
    company = await a_company()
    options = tuple(Option(uuid4(), label) for label in ("Pay", "Team", "Calm"))
    asked = Question(uuid4(), "values", QuestionKind.RANKING, "What matters?", options=options)
    orders = [(0, 1, 2)] * 3 + [(2, 0, 1)] * 3
    answered = {
        i: [Given(asked.id, tuple(item * 3 + order.index(item) for item in order))] for i, order in enumerate(orders)
    }
    survey = await counted(services, await a_filled(company.ana, [asked], people(number=6), answered))

    found = await only(ask, company.ana, survey, "survey_figures")

    assert [(one["averageRank"], one["firstCount"], one["count"]) for one in found["ranking"]] == [
        (1.5, 3, 6),
        (2.5, 0, 6),
        (2.0, 3, 6),
    ]


async def test_units_are_told_from_the_top_down(ask: Ask, services: Services) -> None:
    """From the topmost that are several, and then those right below the one that is asked for."""
    ana, top = await an_analyst(), await a_unit("Company")
    house = await a_unit("House", parent=top)
    wings = [await a_unit(name, parent=house) for name in ("Left", "Right")]
    rooms = [await a_unit(f"{wing.name} {i}", parent=wing) for wing in wings for i in (1, 2)]
    tree = {unit.id: Unit(unit.name, unit.parent_id) for unit in (top, house, *wings, *rooms)}
    crowd = [one for i, room in enumerate(rooms) for one in people(number=6, start=100 * i, unit=room.id)]
    asked = scale()
    answered = {i: [Given(asked.id, (i // 6,))] for i in range(24)}
    survey = await counted(services, await a_filled(ana, [asked], crowd, answered, kinds=(ORG_UNIT,), tree=tree))

    found = await only(ask, ana, survey, "survey_figures")
    assert [(one["label"], one["average"]) for one in found["segments"]] == [("Left", 1.5), ("Right", 3.5)]
    assert found["segments"][0]["orgUnit"] == {"id": global_id(wings[0])}
    right = await only(ask, ana, survey, "survey_figures", filter_by={"orgUnitId": global_id(wings[1])})
    assert [(one["label"], one["average"]) for one in right["segments"]] == [("Right 1", 3.0), ("Right 2", 4.0)]
    room = await only(ask, ana, survey, "survey_figures", filter_by={"orgUnitId": global_id(rooms[3])})
    assert room["average"] == 4.0 and room["segments"] == []


async def test_segments_are_by_the_first_kind_that_the_filter_leaves(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale(), kinds=(TENURE, ORG_UNIT))

    plain = await only(ask, company.ana, survey, "survey_figures")
    assert [(one["label"], one["value"], one["responseCount"]) for one in plain["segments"]] == [
        ("1 to 2 years", "1-2", 20),
        ("6 to 10 years", "6-10", 15),
    ]
    long = await only(ask, company.ana, survey, "survey_figures", filter_by={"tenure": "6-10"})
    assert [(one["label"], one["isSuppressed"]) for one in long["segments"]] == [
        ("East", True),
        ("Tiny", True),
        ("West", True),
    ]
    short = await only(ask, company.ana, survey, "survey_figures", filter_by={"tenure": "1-2"}, by="TENURE")
    assert short["segments"] == []


async def test_leaders_are_asked_for_apart(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale(), kinds=(LEADERSHIP,), min_group=3)

    assert (await only(ask, company.ana, survey, filter_by={"leadership": True}))["responseCount"] == 3
    assert (await only(ask, company.ana, survey, filter_by={"leadership": False}))["responseCount"] == 32


async def test_participation_is_hidden_where_results_are(ask: Ask, services: Services) -> None:
    company, asked = await a_company(), scale()
    answered = {i: [Given(asked.id, (0,))] for i in range(15)}
    survey = await counted(
        services,
        await a_filled(company.ana, [asked], company.crowd, answered, kinds=(LOCATION, ORG_UNIT), tree=company.tree),
    )

    found = await told(ask, company.ana, survey, "survey_participation", by="ORG_UNIT")
    assert (found["audienceCount"], found["responseCount"], found["participationRate"]) == (35, 15, 15 / 35)
    hidden = {"isSuppressed": True, "invited": None, "responded": None, "rate": None}
    assert {one["label"]: one["isSuppressed"] for one in found["participation"]} == {
        "East": True,
        "West": True,
        "Tiny": True,
    }
    assert hidden.items() <= found["participation"][0].items()


async def test_participation_of_a_part_is_of_those_asked_in_it(ask: Ask, services: Services) -> None:
    company, asked = await a_company(), scale()
    answered = {i: [Given(asked.id, (0,))] for i in [*range(10), *range(20, 26)]}
    made = await a_filled(company.ana, [asked], company.crowd, answered, kinds=(ORG_UNIT,), tree=company.tree)
    survey = await counted(services, made)

    found = await told(ask, company.ana, survey, "survey_participation")

    [east] = [one for one in found["participation"] if one["label"] == "East"]
    assert (east["invited"], east["responded"], east["rate"]) == (20, 10, 0.5)


@pytest.mark.parametrize(
    ("anonymity", "steps"),
    [(Anonymity.ANONYMOUS, [None] * 5 + [5] * 5 + [10]), (Anonymity.NAMED, [*range(11)])],
)
async def test_while_it_is_open_answers_are_told_in_steps(ask: Ask, anonymity: Anonymity, steps: Any) -> None:
    """Before and after any answer the number is the same, or it has risen by as many as stand behind a number."""
    ana = await an_analyst()
    crowd = [await a_person(f"Person {i}") for i in range(10)]
    survey = await a_survey(ana, scale(), asked=crowd, anonymity=anonymity)
    found = [(await told(ask, ana, survey))["responseCount"]]

    for person in crowd:
        given = [{"questionId": (await first_question(ask, ana, survey)), "value": {"number": 3}}]
        await ask(person, "survey_answering/submit_survey_response", survey_id=global_id(survey), answers=given)
        found.append((await told(ask, ana, survey))["responseCount"])

    assert found == steps


async def first_question(ask: Ask, who: Any, survey: Survey) -> str:
    return (await told(ask, who, survey))["results"][0]["question"]["id"]


async def test_after_it_is_counted_the_number_is_exact(ask: Ask, services: Services) -> None:
    ana, asked = await an_analyst(), scale()
    answered = {i: [Given(asked.id, (0,))] for i in range(7)}
    survey = await a_filled(ana, [asked], people(number=10), answered)
    await SurveyBallot.bulk_create(SurveyBallot(survey_id=survey.id, token=bytes([i])) for i in range(7))

    assert (await told(ask, ana, survey))["responseCount"] == 5
    assert (await told(ask, ana, await counted(services, survey)))["responseCount"] == 7


async def test_a_replaced_question_keeps_what_was_answered_to_it(ask: Ask, services: Services) -> None:
    ana, old, other = await an_analyst(), choice("Where?", key="where"), scale()
    new = choice("Where do you want to work?", key="where")
    answered = {i: [Given(old.id if i < 6 else new.id, (i % 3,)), Given(other.id, (0,))] for i in range(12)}
    survey = await a_filled(ana, [old, other], people(number=12), answered, edition=2)
    await survey_editions.keep(survey.id, 2, Questionnaire((new, other)))

    found = await told(ask, ana, await counted(services, survey))

    assert [(one["question"]["prompt"], one["responseCount"]) for one in found["results"]] == [
        ("Where do you want to work?", 6),
        ("I know what is expected of me", 12),
        ("Where?", 6),
    ]


async def test_a_trend_shows_each_round_by_its_own_gate(ask: Ask, services: Services) -> None:
    ana = await an_analyst()
    rounds: list[Survey] = []
    for number, slot in ((8, 1), (4, 2), (9, 3)):
        asked = scale(key="clarity")
        answered = {i: [Given(asked.id, (slot,))] for i in range(number)}
        rounds.append(await counted(services, await a_filled(ana, [text(), asked], people(number=20), answered)))
    other = await counted(services, await a_filled(ana, [scale(key="else")], people(number=20), {}))

    points = await survey_results.trend(await ask.context(ana), [*rounds, other], "clarity")

    assert [point.survey.id for point in points] == [*(one.id for one in rounds), other.id]
    assert [point.result and point.result.average for point in points] == [2.0, None, 4.0, None]
    assert [point.result and point.result.is_suppressed for point in points] == [False, True, False, None]
    assert await survey_results.trend(await ask.context(await a_person("Bob")), rounds, "clarity") == []


async def test_results_of_many_surveys_take_few_statements(ask: Ask, services: Services, statements: list[str]) -> None:
    company = await a_company()
    found: list[int] = []
    for many in (1, 6):
        surveys = [await a_closed(services, company, scale(key="a")) for _ in range(many)]
        ctx = await ask.context(company.ana)
        statements.clear()
        east = ResultFilter(unit=company.east.id)
        points = await survey_results.trend(ctx, surveys, "a", east)
        assert [point.result and point.result.response_count for point in points] == [20] * many
        found.append(len(statements))

    assert found[0] == found[1]


async def test_a_draft_has_results_of_nothing(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, scale(), text(), status=SurveyStatus.DRAFT)

    found = await told(ask, ana, survey)

    assert [one["isSuppressed"] for one in found["results"]] == [True, True]
    assert (found["responseCount"], found["participationRate"]) == (None, None)
