"""Surveys as they happen: heard by who is asked and who asks, a reminder by who has not answered, answers by nobody."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from auth.viewer import Viewer
from models.groups import Visibility
from models.people import Person
from models.session import Role
from models.surveys import Anonymity, Survey, SurveyStatus
from schema.answer import NotRun
from subscriptions.surveys import SurveyChanged, SurveyClosed, SurveyCreated, SurveyOpened, SurveyReminded
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.chat import a_conversation
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.session import a_role
from tests.factories.surveys import a_survey, committed
from tests.live.acting import a_token
from tests.live.following import Following, Live, until
from tests.pulses.asking import a_communicator, a_crowd, a_draft, answered, begun, rung

KINDS = ["SURVEY_OPENED", "SURVEY_CHANGED", "SURVEY_REMINDED", "SURVEY_CLOSED"]


async def of(fan: Live, who: Person | Viewer, survey: Survey) -> Following:
    """Somebody follows a survey."""
    return await fan(who, "streams/survey_updated", survey_id=global_id(survey))


async def by_kinds(fan: Live, who: Person | Viewer) -> Following:
    """Somebody follows all that happens to any survey."""
    return await fan(who, "streams/events", kinds=KINDS)


async def does(ask: Ask, who: Person, operation: str, **given: Any) -> None:
    [payload] = (await ask(who, committed(operation), **given)).values()
    assert payload["errors"] == []


async def tell(ask: Ask, *events: Any) -> None:
    """Have events committed, as whatever causes them does."""
    ctx = await ask.context(None)
    async with ctx.transaction():
        for event in events:
            ctx.emit(event)


async def refused(fan: Live, who: Person | Viewer, survey: Survey) -> list[str]:
    with pytest.raises(NotRun) as error:
        await of(fan, who, survey)
    return [each["extensions"]["code"] for each in error.value.errors]


# --- who hears


async def test_who_is_asked_and_who_asks_hear_of_it_and_nobody_else(ask: Ask, fan: Live) -> None:
    cora, crowd, stan = await a_communicator(), await a_crowd(6), await a_person("Stan")
    await a_role(stan, Role.ADMIN)
    survey = await a_survey(cora, asked=crowd)
    theirs, own = await of(fan, crowd[0], survey), await of(fan, cora, survey)
    kinds = [await by_kinds(fan, who) for who in (crowd[1], cora, stan)]
    await until(lambda: fan.fanout.followers == 5)

    await tell(ask, SurveyOpened(survey.id), SurveyChanged(survey.id), SurveyClosed(survey.id))
    await fan.all_told(theirs, own, *kinds)

    all_three = ["SurveyOpened", "SurveyChanged", "SurveyClosed"]
    assert [one.told.types for one in (theirs, own, *kinds)] == [all_three, all_three, all_three, all_three, []]
    assert theirs.told.events[0]["survey"]["id"] == global_id(survey)


async def test_what_only_the_house_is_to_know_of_reaches_nobody(ask: Ask, fan: Live) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora)
    own = await of(fan, cora, draft)
    kinds = await by_kinds(fan, cora)
    await until(lambda: fan.fanout.followers == 2)

    await tell(ask, SurveyCreated(draft.id), SurveyOpened(draft.id))
    await fan.all_told(own, kinds)

    assert own.told.types == kinds.told.types == ["SurveyOpened"]


async def test_the_inbox_tells_who_is_asked(ask: Ask, fan: Live) -> None:
    """Unless a token does not read surveys."""
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd)
    robot = await a_token(ask.services, crowd[0], "chat:read")
    inbox, blunt = await fan(crowd[0], "streams/inbox_updated"), await fan(robot, "streams/inbox_updated")
    await until(lambda: fan.fanout.followers == 2)

    await tell(ask, SurveyOpened(survey.id), SurveyReminded(survey.id), SurveyClosed(survey.id))
    await fan.all_told(inbox, blunt)

    assert inbox.told.types == ["SurveyOpened", "SurveyReminded", "SurveyClosed"]
    assert blunt.told.types == []


async def test_who_does_not_see_it_cannot_follow_it(ask: Ask, fan: Live) -> None:
    cora, crowd, gil = await a_communicator(), await a_crowd(6), await a_guest()
    hana = await a_person("Hana")
    await a_role(hana, Role.HR)
    survey, draft = await a_survey(cora, asked=crowd), await a_draft(cora)

    assert await refused(fan, await a_person("Stan"), survey) == ["NOT_FOUND"]
    assert await refused(fan, gil, survey) == ["NOT_FOUND"]
    assert await refused(fan, crowd[0], draft) == ["NOT_FOUND"]
    assert await refused(fan, hana, survey) == ["FORBIDDEN"]  # she reads it, and is neither asked nor asking
    assert await refused(fan, await a_token(ask.services, crowd[0], "feed:read"), survey) == ["FORBIDDEN"]
    with pytest.raises(NotRun):
        await by_kinds(fan, await a_token(ask.services, crowd[0], "feed:read"))


# --- reminders and answers


@pytest.mark.parametrize("anonymity", list(Anonymity))
async def test_a_reminder_reaches_who_has_not_answered(ask: Ask, fan: Live, anonymity: Anonymity) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd, anonymity=anonymity)
    await answered(survey, crowd[0])
    streams = [await of(fan, who, survey) for who in (crowd[0], crowd[1], cora)]
    streams += [await by_kinds(fan, who) for who in crowd[:2]]
    await until(lambda: fan.fanout.followers == 5)

    await does(ask, cora, "remind_survey", survey_id=global_id(survey))
    await fan.all_told(*streams)

    assert [one.told.types for one in streams] == [[], ["SurveyReminded"], [], [], ["SurveyReminded"]]


async def test_whether_somebody_has_answered_is_asked_when_it_is_delivered(ask: Ask, fan: Live) -> None:
    """Ann was away when it was sent, and answered before she came back; Bob did not."""
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd)
    start = await fan.cursor(cora)
    await does(ask, cora, "remind_survey", survey_id=global_id(survey))

    await answered(survey, crowd[0])
    late = [await fan(who, "streams/events", kinds=KINDS, after=start) for who in crowd[:2]]
    await fan.all_told(*late)

    assert [one.told.types for one in late] == [[], ["SurveyReminded"]]


@pytest.mark.parametrize("anonymity", list(Anonymity))
async def test_an_answer_is_heard_by_nobody(ask: Ask, fan: Live, anonymity: Anonymity) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd, anonymity=anonymity, at=ask.services.clock.now())
    read = await ask.text(
        crowd[0], "query($id: ID!) { survey(id: $id) { questions { id } } }", {"id": global_id(survey)}
    )
    assert read.data, read.errors
    [question] = read.data["survey"]["questions"]
    streams = [await of(fan, who, survey) for who in (crowd[0], crowd[1], cora)]
    streams += [await by_kinds(fan, cora), await fan(crowd[0], "streams/inbox_updated")]
    await until(lambda: fan.fanout.followers == 5)

    answers = [{"questionId": question["id"], "value": {"number": 4}}]
    await does(ask, crowd[0], "submit_survey_response", survey_id=global_id(survey), answers=answers)
    await fan.all_told(*streams)
    await asyncio.sleep(0.1)

    assert [one.told.types for one in streams] == [[]] * 5


# --- its life


async def test_its_life_is_told_as_it_happens(ask: Ask, fan: Live, clock: TurnedClock) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    draft = await a_draft(cora)
    own, kinds = await of(fan, cora, draft), await by_kinds(fan, crowd[0])
    await until(lambda: fan.fanout.followers == 2)

    closes = (clock.now() + timedelta(days=7)).isoformat()
    await does(ask, cora, "open_survey", survey_id=global_id(draft), closes_at=closes)
    await does(ask, cora, "close_survey", survey_id=global_id(draft))
    await fan.all_told(own, kinds)

    assert own.told.types == kinds.told.types == ["SurveyOpened", "SurveyClosed", "SurveyChanged"]
    assert kinds.told.events[0]["actor"]["id"] == global_id(cora)
    assert own.told.events[2]["actor"] is None  # the house has counted


async def test_a_round_of_a_pulse_is_told_to_who_is_asked(ask: Ask, fan: Live, clock: TurnedClock) -> None:
    cora, crowd = await a_communicator(), await a_crowd(3)
    await begun(ask, cora, await a_draft(cora))
    inbox = await fan(crowd[0], "streams/inbox_updated")
    await until(lambda: fan.fanout.followers == 1)

    clock.turn(hours=1)
    await rung(ask.services)
    await fan.all_told(inbox)

    assert inbox.told.types == ["SurveyOpened"]
    assert inbox.told.events[0]["survey"]["title"] == "Pulse"


# --- its end


async def ended(*followings: Following) -> None:
    await until(lambda: all(one.told.is_over for one in followings))
    assert [one.told.events[-1]["reason"] for one in followings] == ["REVOKED"] * len(followings)


async def test_who_leaves_the_group_that_is_asked_hears_no_more(ask: Ask, fan: Live) -> None:
    olga, ann, bob = await a_person("Olga"), await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=olga, visibility=Visibility.PRIVATE)
    for person in (ann, bob):
        await a_member(group, person)
    survey = await a_survey(olga, asked=[ann, bob], target_id=group.id, anonymity=Anonymity.NAMED)
    gone, stays, kinds = await of(fan, ann, survey), await of(fan, bob, survey), await by_kinds(fan, ann)
    await until(lambda: fan.fanout.followers == 3)

    left = await ask(ann, "memberships/leave_group", group_id=global_id(group))
    assert left["leaveGroup"]["errors"] == []
    await ended(gone)
    await tell(ask, SurveyChanged(survey.id))
    await fan.all_told(stays, kinds)

    assert gone.told.types == ["StreamEnded"]
    assert stays.told.types == ["SurveyChanged"]
    assert kinds.told.types == []


async def test_who_leaves_the_conversation_that_is_asked_hears_no_more(ask: Ask, fan: Live) -> None:
    olga, ann, bob = await a_person("Olga"), await a_person("Ann"), await a_person("Bob")
    talk = await a_conversation(olga, ann, bob)
    survey = await a_survey(olga, asked=[ann, bob], target_id=talk.id, anonymity=Anonymity.NAMED)
    gone, stays = await of(fan, ann, survey), await of(fan, bob, survey)
    await until(lambda: fan.fanout.followers == 2)

    out = {"conversation_id": global_id(talk), "person_id": global_id(ann)}
    await ask(olga, "conversation_people/remove_conversation_member", **out)
    await ended(gone)

    assert not stays.told.is_over


async def test_a_draft_that_is_deleted_is_followed_no_more(ask: Ask, fan: Live) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora)
    own = await of(fan, cora, draft)
    await until(lambda: fan.fanout.followers == 1)

    await does(ask, cora, "delete_survey", survey_id=global_id(draft))

    await ended(own)


async def test_a_closed_one_is_followed_on(ask: Ask, fan: Live) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd, status=SurveyStatus.CLOSED)
    theirs = await of(fan, crowd[0], survey)
    await until(lambda: fan.fanout.followers == 1)

    await tell(ask, SurveyChanged(survey.id))
    await fan.all_told(theirs)

    assert theirs.told.types == ["SurveyChanged"]
    assert theirs.told.events[0]["survey"]["status"] == "CLOSED"


async def test_what_all_are_told_is_executed_once(ask: Ask, fan: Live, statements: list[str]) -> None:
    """However many are asked: to tell ten takes as many statements as to tell two."""
    cora, crowd = await a_communicator(), await a_crowd(10)
    counts: list[int] = []
    for some in (crowd[:2], crowd):
        survey = await a_survey(cora, asked=crowd)
        streams = [await of(fan, who, survey) for who in some]
        await until(lambda n=len(counts): fan.fanout.followers == (2, 12)[n])
        await asyncio.sleep(0.2)

        statements.clear()
        await tell(ask, SurveyOpened(survey.id))
        await fan.all_told(*streams)

        counts.append(sum("FROM survey r" in one or "audience_member m" in one for one in statements))
        assert [one.told.types for one in streams] == [["SurveyOpened"]] * len(some)
    assert counts[0] == counts[1], counts
