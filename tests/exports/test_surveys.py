"""Surveys in exports: nothing leads from an anonymous answer to a person, and what was opened here stays as it is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from atrium.exports.surveys import STAYS
from atrium.imports.jsonl import import_jsonl
from models import db, survey_ballots
from models.audiences import Audience
from models.people import Person
from models.surveys import Anonymity, Survey, SurveyKey, SurveyStatus, SurveyTally, SurveyText
from resolvers.context import Context, Services
from resolvers.survey_answering import submit
from resolvers.survey_given import Choice, NewAnswer, Text
from resolvers.survey_life import CLOSING, OPENING
from resolvers.survey_moving import COUNT, MOVE, finish
from resolvers.survey_quizzes import ATTEMPT_DUE
from resolvers.survey_series import ROUND
from tests import engine
from tests.clocks import TurnedClock
from tests.exports.test_export import records
from tests.exports.test_round_trip import brought, differences, written
from tests.exports.world import a_world
from tests.factories.people import a_person
from tests.factories.session import as_viewer
from tests.factories.surveys import a_survey, choice, text

SECRET = "Nobody shall know that I said this"


async def answered(services: Services, people: int = 6) -> tuple[Survey, list[Person]]:
    """An open anonymous survey that these have answered, each with words of their own."""
    asked = [await a_person(f"P{n}") for n in range(people)]
    opinion, where = text(), choice()
    now = services.clock.now()
    survey = await a_survey(asked[0], opinion, where, asked=asked, at=now, min_group=3, min_texts=3)
    for n, person in enumerate(asked):
        ctx = Context(services, await as_viewer(person, now))
        said = [
            NewAnswer(opinion.id, Text(f"{SECRET} {n}")),
            NewAnswer(where.id, Choice(where.options[n % 3].id)),
        ]
        await submit(ctx, survey.id, said)
    return survey, asked


async def test_an_anonymous_survey_that_is_open_becomes_a_draft(
    services: Services, tmp_path: Path, clock: TurnedClock
) -> None:
    survey, people = await answered(services)
    await survey_ballots.choose(survey.id, 3)
    path = tmp_path / "all.jsonl"
    before = await written(path)
    found = [one for one in map(orjson.loads, before.splitlines()) if one["type"].startswith("survey")]
    await engine.empty()

    await brought(path, clock)

    assert [one["type"] for one in found] == ["survey", "survey_edition"]
    assert found[0]["people"] == []
    assert SECRET.encode() not in before
    draft = await Survey.get(id=survey.id)
    assert (draft.status, draft.opened_at, draft.invited, draft.refusal) == (SurveyStatus.DRAFT, None, 0, STAYS)
    assert differences(before, await written(tmp_path / "again.jsonl")) == []
    assert await db.value("SELECT count(*) FROM audience_member WHERE audience_id = $1", survey.id) == 0
    assert len(people) == 6


async def test_of_a_counted_one_only_what_is_told_comes_along(
    services: Services, tmp_path: Path, clock: TurnedClock
) -> None:
    survey, people = await answered(services)
    await Survey.filter(id=survey.id).update(status=SurveyStatus.CLOSED, closed_at=clock.now())
    await finish(services, survey.id)
    path = tmp_path / "all.jsonl"
    before = await written(path)
    told = [one.took_part for one in await SurveyTally.all()]
    await engine.empty()

    await brought(path, clock)

    assert differences(before, await written(tmp_path / "again.jsonl")) == []
    assert [one.took_part for one in await SurveyTally.all()] == told == [6]
    assert {one.text for one in await SurveyText.all()} == {f"{SECRET} {n}" for n in range(6)}
    assert_apart([orjson.loads(line) for line in before.splitlines()], people)


def assert_apart(found: list[dict[str, Any]], people: list[Person]) -> None:
    """No record holds a text beside a person, and texts come in no order of those who wrote them."""
    ids = {str(person.id) for person in people}
    for record in found:
        line = orjson.dumps(record).decode()
        assert not (SECRET in line and any(id in line for id in ids))
    texts = [one for one in found if one["type"] == "survey_text"]
    assert [one["id"] for one in texts] == sorted(one["id"] for one in texts)
    assert all(one["id"][14] == "4" for one in texts)


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_what_was_opened_here_stays_as_it_is(
    anonymity: Anonymity, services: Services, tmp_path: Path, clock: TurnedClock
) -> None:
    author = await a_person("Ann")
    survey = await a_survey(author, status=SurveyStatus.DRAFT, anonymity=anonymity, at=clock.now())
    path = tmp_path / "draft.jsonl"
    await written(path)
    times = {"opened_at": clock.now(), "closes_at": clock.now() + timedelta(days=1)}
    await Survey.filter(id=survey.id).update(status=SurveyStatus.OPEN, title="Open now", invited=1, **times)
    await SurveyKey.create(id=survey.id, key=b"k" * 32)

    report = await brought(path, clock)

    assert report.of("survey").unchanged == report.of("survey_edition").unchanged == 1
    kept = await Survey.get(id=survey.id)
    assert (kept.status, kept.title, kept.invited) == (SurveyStatus.OPEN, "Open now", 1)
    assert await SurveyKey.all().count() == 1
    assert await Audience.filter(kind="SURVEY").count() == 1


async def test_a_dry_run_tells_what_the_real_one_does(database: None, tmp_path: Path, clock: TurnedClock) -> None:
    await a_world()
    path = tmp_path / "all.jsonl"
    await written(path)
    await engine.empty()

    dry = await import_jsonl(path, clock=clock, dry_run=True)
    report = await brought(path, clock)

    assert dry.problems == []
    types = [key for key in report.counts if key.startswith("survey")]
    assert len(types) == 10
    assert {key: dry.of(key) for key in types} == {key: report.of(key) for key in types}


async def test_what_is_to_happen_later_has_its_timer_again(database: None, tmp_path: Path, clock: TurnedClock) -> None:
    await a_world()
    path = tmp_path / "all.jsonl"
    await written(path)
    await engine.empty()

    await brought(path, clock)

    timers = {row[0] for row in await db.rows("SELECT kind FROM timer")}
    assert {OPENING, CLOSING, COUNT, ROUND, ATTEMPT_DUE, "survey_reminder"} <= timers
    assert MOVE not in timers  # nothing that is sealed has come along


async def test_no_key_and_no_ballot_is_in_it(services: Services, tmp_path: Path) -> None:
    survey, _ = await answered(services)
    key = await survey_ballots.key(survey.id)
    ballots = await db.rows("SELECT id, token FROM survey_ballot")

    found = await records(tmp_path / "all.jsonl")

    text = orjson.dumps(found).decode()
    assert key
    for secret in (key.hex(), *(part for row in ballots for part in (str(row[0]), row[1].hex()))):
        assert secret not in text
