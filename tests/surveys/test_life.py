"""The life of a survey: draft, scheduled, open, closed, archived; by hand and by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from atrium.worker import fire
from models import db
from models.audiences import AudienceMember
from models.people import Person
from models.session import RoleGrant
from models.surveys import Survey, SurveyKey, SurveyStatus
from models.timers import Timer
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.surveys.asking import (
    IN_A_WEEK,
    a_crowd,
    a_draft,
    again,
    an_analyst,
    an_open,
    asked,
    done,
    events,
    refusal,
    seen,
    sentence,
)


async def due(survey: Survey) -> dict[str, datetime]:
    """When what is set for a survey is due, by its kind."""
    return {timer.kind: timer.due_at for timer in await Timer.filter(subject_id=survey.id)}


async def test_a_survey_lives_from_draft_to_archive(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    draft = await a_draft(ask, ana)

    await done(ask, ana, "schedule_survey", draft, opens_at="2026-03-03T09:00:00Z", closes_at=IN_A_WEEK)
    assert (await again(draft)).status is SurveyStatus.SCHEDULED
    clock.turn(days=1)
    await fire(ask.services)
    opened = await again(draft)
    assert (opened.status, opened.opened_at, opened.invited) == (SurveyStatus.OPEN, clock.now(), 6)
    clock.turn(days=7)
    while await fire(ask.services):
        pass
    closed = await again(draft)
    assert (closed.status, closed.closed_at) == (SurveyStatus.CLOSED, clock.now())
    assert closed.counted_at is not None
    assert (await done(ask, ana, "archive_survey", draft))["status"] == "ARCHIVED"

    assert [kind for kind in await events(draft) if kind != "SurveyReminded"] == [
        "SurveyCreated",
        "SurveyEdited",
        "SurveyOpened",
        "SurveyClosed",
        "SurveyCounted",
        "SurveyChanged",
    ]


async def test_opening_asks_those_of_the_moment_and_makes_a_key(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    draft = await a_draft(ask, ana)
    late = await a_crowd(1, "Late")

    answered = await done(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK)

    assert (answered["status"], answered["audienceCount"]) == ("OPEN", 7)
    assert await asked(draft) == {"Ana", "Late 00", *(f"Person {i:02}" for i in range(5))}
    assert await AudienceMember.filter(audience_id=draft.id, listed=True).count() == 7
    assert await SurveyKey.filter(id=draft.id).exists()
    assert (await due(draft))["survey_close"] == datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert "survey_move" in await due(draft)
    [newcomer] = await a_crowd(1, "Newcomer")
    assert await seen(ask, newcomer, draft) is None
    told = await seen(ask, late[0], draft)
    assert told and told["viewerCanAnswer"] and not told["viewerCanManage"]


async def test_only_an_anonymous_survey_has_a_key(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)

    for anonymity in ("NAMED", "CONFIDENTIAL"):
        opened = await an_open(ask, ana, anonymity=anonymity)
        assert not await SurveyKey.filter(id=opened.id).exists()
        assert "survey_move" not in await due(opened)


async def test_opening_and_closing_twice_is_once(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana)

    clock.turn(hours=1)
    await done(ask, ana, "open_survey", survey, closes_at="2026-04-01T12:00:00Z")
    assert (await again(survey)).closes_at == datetime(2026, 3, 9, 12, tzinfo=UTC)
    await done(ask, ana, "close_survey", survey)
    clock.turn(hours=1)
    await done(ask, ana, "close_survey", survey)

    closed = await again(survey)
    assert closed.closed_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert (await events(survey)).count("SurveyClosed") == 1
    assert await refusal(ask, ana, "open_survey", survey) == ("FORBIDDEN", "surveyId")


async def test_what_is_out_of_turn_is_refused(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    draft = await a_draft(ask, ana)

    assert await refusal(ask, ana, "open_survey", draft) == ("BAD_USER_INPUT", "closesAt")
    assert await refusal(ask, ana, "close_survey", draft) == ("BAD_USER_INPUT", "surveyId")
    assert await refusal(ask, ana, "archive_survey", draft) == ("BAD_USER_INPUT", "surveyId")
    assert await refusal(ask, ana, "schedule_survey", draft, closes_at=IN_A_WEEK) == ("BAD_USER_INPUT", "opensAt")
    past = {"opens_at": "2026-03-01T09:00:00Z", "closes_at": IN_A_WEEK}
    assert await refusal(ask, ana, "schedule_survey", draft, **past) == ("BAD_USER_INPUT", "opensAt")
    endless = {"opens_at": "2026-03-03T09:00:00Z"}
    assert await refusal(ask, ana, "schedule_survey", draft, **endless) == ("BAD_USER_INPUT", "closesAt")
    await done(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK)
    assert await refusal(ask, ana, "schedule_survey", draft, **endless) == ("FORBIDDEN", "surveyId")
    assert await refusal(ask, ana, "unschedule_survey", draft) == ("FORBIDDEN", "surveyId")
    assert await refusal(ask, ana, "delete_survey", draft) == ("FORBIDDEN", "surveyId")
    assert await refusal(ask, ana, "archive_survey", draft) == ("BAD_USER_INPUT", "surveyId")


async def test_the_author_opens_hr_closes_and_nobody_else_does(ask: Ask) -> None:
    ana, hugo = await an_analyst(), await an_analyst("Hugo")
    ann, *_ = await a_crowd(5)
    survey = await an_open(ask, ana)

    assert await refusal(ask, ann, "close_survey", survey) == ("FORBIDDEN", "")
    assert await refusal(ask, ann, "update_survey", survey, closes_at=IN_A_WEEK) == ("FORBIDDEN", "")
    assert await refusal(ask, ann, "duplicate_survey", survey) == ("FORBIDDEN", "")
    assert (await done(ask, hugo, "close_survey", survey))["status"] == "CLOSED"
    assert (await done(ask, hugo, "archive_survey", survey))["status"] == "ARCHIVED"
    assert await refusal(ask, ann, "archive_survey", survey) == ("FORBIDDEN", "")


async def test_a_scheduled_survey_is_taken_back(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    draft = await a_draft(ask, ana, opens_at="2026-03-03T09:00:00Z", closes_at=IN_A_WEEK)
    await done(ask, ana, "schedule_survey", draft)

    assert (await done(ask, ana, "unschedule_survey", draft))["status"] == "DRAFT"
    clock.turn(days=2)
    await fire(ask.services)

    assert (await again(draft)).status is SurveyStatus.DRAFT
    assert await asked(draft) == set()


async def test_a_scheduled_survey_is_put_off(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    draft = await a_draft(ask, ana, opens_at="2026-03-03T09:00:00Z", closes_at=IN_A_WEEK)
    await done(ask, ana, "schedule_survey", draft)

    await done(ask, ana, "update_survey", draft, opens_at="2026-03-04T09:00:00Z", title="Later")
    clock.turn(days=1)
    await fire(ask.services)
    assert (await again(draft)).status is SurveyStatus.SCHEDULED
    clock.turn(days=1)
    await fire(ask.services)

    assert (await again(draft)).status is SurveyStatus.OPEN


async def test_a_scheduled_survey_of_too_few_is_a_draft_again(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    await a_crowd(3)
    draft = await a_draft(ask, ana, opens_at="2026-03-03T09:00:00Z", closes_at=IN_A_WEEK)
    await done(ask, ana, "schedule_survey", draft)

    clock.turn(days=1)
    await fire(ask.services)

    told = await seen(ask, ana, draft)
    assert told and told["status"] == "DRAFT"
    assert "at least 5 people" in told["refusedReason"]
    assert await asked(draft) == set()
    assert not await SurveyKey.filter(id=draft.id).exists()
    assert await events(draft) == ["SurveyCreated", "SurveyEdited", "SurveyEdited"]
    await a_crowd(3, "More")
    await done(ask, ana, "update_survey", draft, title="Again")
    await done(ask, ana, "open_survey", draft)
    assert (await seen(ask, ana, draft) or {})["refusedReason"] is None


async def test_a_scheduled_survey_does_not_open_for_who_has_lost_the_office(ask: Ask, clock: TurnedClock) -> None:
    ana, bea = await an_analyst(), await an_analyst("Bea")
    await a_crowd(5)
    times = {"opens_at": "2026-03-03T09:00:00Z", "closes_at": IN_A_WEEK}
    hers, gone = await a_draft(ask, ana, **times), await a_draft(ask, bea, **times)
    for author, draft in ((ana, hers), (bea, gone)):
        await done(ask, author, "schedule_survey", draft)
    await RoleGrant.filter(person_id=ana.id).delete()
    await Person.filter(id=bea.id).update(active=False)

    clock.turn(days=1)
    await fire(ask.services)

    for draft in (hers, gone):
        back = await again(draft)
        assert (back.status, back.invited) == (SurveyStatus.DRAFT, 0)
        assert back.refusal and back.refusal.startswith("Its author has left")


async def test_a_survey_that_should_have_closed_before_the_worker_came_is_not_opened(
    ask: Ask, clock: TurnedClock
) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    draft = await a_draft(ask, ana, opens_at="2026-03-03T09:00:00Z", closes_at="2026-03-04T09:00:00Z")
    await done(ask, ana, "schedule_survey", draft)

    clock.turn(days=3)
    await fire(ask.services)

    assert (await again(draft)).status is SurveyStatus.DRAFT


async def test_a_later_end_moves_the_timer(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana)

    await done(ask, ana, "update_survey", survey, closes_at="2026-03-12T12:00:00Z")
    clock.turn(days=8)
    await fire(ask.services)
    assert (await again(survey)).status is SurveyStatus.OPEN
    clock.turn(days=3)
    await fire(ask.services)

    assert (await again(survey)).status is SurveyStatus.CLOSED
    assert "SurveyChanged" in await events(survey)


async def test_an_end_that_has_passed_is_refused(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana)

    past, far = "2026-03-02T08:00:00Z", "2027-06-02T08:00:00Z"
    assert await refusal(ask, ana, "update_survey", survey, closes_at=past) == ("BAD_USER_INPUT", "closesAt")
    assert await refusal(ask, ana, "update_survey", survey, closes_at=far) == ("BAD_USER_INPUT", "closesAt")


async def test_another_version_than_expected_is_a_conflict(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    draft = await a_draft(ask, ana)
    updated = await done(ask, ana, "update_survey", draft, title="New", expected_version=1)
    assert updated["version"] == 2

    stale = {"expected_version": 1}
    assert (await refusal(ask, ana, "update_survey", draft, title="Newer", **stale))[0] == "CONFLICT"
    assert (await refusal(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK, **stale))[0] == "CONFLICT"
    times = {"opens_at": "2026-03-03T09:00:00Z", "closes_at": IN_A_WEEK}
    assert (await refusal(ask, ana, "schedule_survey", draft, **times, **stale))[0] == "CONFLICT"


async def test_what_is_archived_is_listed_only_where_it_is_asked_for(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana)
    await done(ask, ana, "close_survey", survey)
    await done(ask, ana, "archive_survey", survey)

    assert (await ask(ana, "surveys/surveys", first=9))["surveys"]["nodes"] == []
    found = await ask(ana, "surveys/find_surveys", filter_by={"status": "ARCHIVED"})
    assert [node["title"] for node in found["surveys"]["nodes"]] == ["Pulse"]


async def test_nothing_of_a_closed_survey_changes(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana)
    await done(ask, ana, "close_survey", survey)

    assert await refusal(ask, ana, "update_survey", survey, closes_at=IN_A_WEEK) == ("FORBIDDEN", "surveyId")
    assert "Duplicate it" in await sentence(ask, ana, "update_survey", survey, title="New")
    assert (await db.value("SELECT count(*) FROM survey WHERE title = 'New'")) == 0
