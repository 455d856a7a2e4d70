"""Segments are those of the day that a survey opens: the chart of then, whatever becomes of it later."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from models import survey_places
from models.people import Person, PersonTerm
from models.positions import Holding, Position
from models.survey_cells import Asked
from models.surveys import SegmentKind, SurveyPlace, SurveySegment
from tests.conftest import Ask
from tests.factories.changes import TODAY, an_hr
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit, post_of, reports_to
from tests.surveys.asking import a_crowd, a_draft, an_analyst, an_open, done

EVERY = list(SegmentKind)


async def crowd(*people: Person, day: date = TODAY) -> dict[str, Asked]:
    """What is known of these people on a day, by their names."""
    names = {one.id: one.name for one in people}
    return {names[one.id]: one for one in await survey_places.crowd([*names], [], EVERY, day)}


async def test_people_are_told_apart_by_what_the_chart_says(database: None) -> None:
    unit = await a_unit("Sales")
    ann = await a_person("Ann", unit=unit, location="Bern", since=date(2026, 1, 1))
    bob = await a_person("Bob", manager=ann, since=date(2015, 3, 3))
    gil = await a_guest("Gil", location="Bern")

    found = await crowd(ann, bob, gil)

    assert found["Ann"] == Asked(ann.id, False, unit.id, "Bern", 0, True)
    assert found["Bob"] == Asked(bob.id, False, None, None, 10, False)
    assert found["Gil"] == Asked(gil.id, True, None, "Bern", None, None)


async def test_whoever_stands_above_a_vacancy_leads(database: None) -> None:
    ann, vic, bob = await a_person("Ann"), await a_person("Vic"), await a_person("Bob")
    await reports_to(vic, ann)
    await reports_to(bob, vic)
    await _vacate(vic)

    found = await crowd(ann, bob)

    assert (found["Ann"].leads, found["Bob"].leads) == (True, False)


async def test_years_count_from_the_first_day_of_the_present_time(database: None) -> None:
    ann = await a_person("Ann", since=date(2020, 3, 2))
    await PersonTerm.filter(person_id=ann.id).update(valid_to=date(2022, 1, 1))
    # Another name from one day to the next is the same time; a gap is not.
    await PersonTerm.create(person_id=ann.id, name="Anna", valid_from=date(2022, 1, 1), valid_to=date(2023, 1, 1))
    await PersonTerm.create(person_id=ann.id, name="Ann", valid_from=date(2024, 3, 2), valid_to=date.max)

    assert (await crowd(ann))["Ann"].years == 2
    assert (await crowd(ann, day=date(2022, 6, 1)))["Ann"].years == 2


async def test_what_is_not_asked_for_is_not_looked_at(database: None) -> None:
    ann = await a_person("Ann", unit=await a_unit(), location="Bern")

    [found] = await survey_places.crowd([ann.id], [], [], TODAY)

    assert found == Asked(ann.id)


async def test_a_re_organisation_changes_nothing_of_an_open_survey(ask: Ask) -> None:
    ana, hana = await an_analyst(), await an_hr()
    top = await a_unit("Top")
    east, west = await a_unit("East", parent=top), await a_unit("West", parent=top)
    easterners, _ = await a_crowd(6, "East", unit=east), await a_crowd(6, "West", unit=west)
    survey = await an_open(ask, ana, audience={"orgUnitId": global_id(top)}, segments=["ORG_UNIT"])
    segments = await _segments(survey.id)
    places = await _places(survey.id)

    moved = await ask(hana, "org/merge_units", org_unit_id=global_id(east), into_id=global_id(west))
    assert not next(iter(moved.values()))["errors"]
    renamed = await ask(hana, "org/rename_unit", org_unit_id=global_id(west), name="Everywhere")
    assert not next(iter(renamed.values()))["errors"]
    await done(ask, ana, "close_survey", survey)

    assert await _segments(survey.id) == segments
    assert segments.keys() == {"Top", "East", "West"}
    assert places[easterners[0].id] in (segments["East"] or ())
    later = await an_open(ask, ana, audience={"orgUnitId": global_id(top)}, segments=["ORG_UNIT"])
    assert (await _segments(later.id)).keys() == {"Top", "Everywhere"}


async def test_many_are_asked_in_as_many_statements_as_few(ask: Ask, statements: list[str]) -> None:
    ana = await an_analyst()
    counts: list[int] = []
    for more in (5, 40):
        await a_crowd(more, f"Batch {more}", unit=await a_unit(f"Unit {more}"), location=f"Place {more}")
        draft = await a_draft(ask, ana, segments=[kind.value for kind in EVERY])
        statements.clear()
        await done(ask, ana, "open_survey", draft, closes_at="2026-03-09T12:00:00Z")
        counts.append(len(statements))

    assert counts[0] == counts[1]


async def _vacate(person: Person) -> None:
    post = await post_of(person)
    await Holding.filter(position_id=post).update(valid_to=TODAY - timedelta(days=1))
    await Position.filter(id=post).update(filled=False)


async def _segments(survey: uuid.UUID) -> dict[str, list[int] | None]:
    return {one.label: one.blocks for one in await SurveySegment.filter(survey_id=survey)}


async def _places(survey: uuid.UUID) -> dict[uuid.UUID, int]:
    return {one.person_id: one.block for one in await SurveyPlace.filter(survey_id=survey)}
