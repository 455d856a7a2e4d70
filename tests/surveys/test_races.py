"""Surveys under many hands at once: opened once, closed once, and whoever answers while it closes has or has not."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import pytest

from atrium.worker import fire
from models import survey_ballots, survey_editions, survey_responses
from models.audiences import AudienceMember
from models.errors import DomainError
from models.groups import Group
from models.people import Person
from models.surveys import Anonymity, Survey, SurveyPlace, SurveyStatus
from resolvers import survey_answering
from resolvers.survey_given import NewAnswer, Number
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.changes import an_hr
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.session import as_viewer
from tests.groups.acting import act, inside
from tests.quizzes.asking import number
from tests.quizzes.taking import a_quiz
from tests.races import rounds
from tests.surveys.asking import (
    IN_A_WEEK,
    a_crowd,
    a_draft,
    again,
    an_analyst,
    an_open,
    described,
    done,
    events,
    payload,
)

WAYS = 50

pytestmark = pytest.mark.race


def codes(found: dict[str, Any]) -> list[str]:
    return [error["code"] for error in found["errors"]]


async def test_fifty_times_opening_is_opening_once(ask: Ask) -> None:
    ana = await as_viewer(await an_analyst(), ask.services.clock.now())
    await a_crowd(5)
    for _ in rounds():
        draft = await _draft_of(ask, ana)

        opened = await asyncio.gather(
            *(payload(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK) for _ in range(WAYS))
        )

        assert [codes(one) for one in opened] == [[]] * WAYS
        assert await SurveyPlace.filter(survey_id=draft.id).count() == 6
        assert await AudienceMember.filter(audience_id=draft.id).count() == 6
        assert (await events(draft)).count("SurveyOpened") == 1


async def test_fifty_times_closing_is_closing_once(ask: Ask) -> None:
    author = await an_analyst()
    ana = await as_viewer(author, ask.services.clock.now())
    await a_crowd(5)
    for _ in rounds():
        survey = await an_open(ask, author)

        closed = await asyncio.gather(*(payload(ask, ana, "close_survey", survey) for _ in range(WAYS)))

        assert [codes(one) for one in closed] == [[]] * WAYS
        assert (await again(survey)).counted_at is not None
        assert Counter(await events(survey))["SurveyClosed"] == 1
        assert Counter(await events(survey))["SurveyCounted"] == 1


async def test_a_timer_and_a_hand_open_it_once(ask: Ask, clock: TurnedClock) -> None:
    author = await an_analyst()
    ana = await as_viewer(author, clock.now())
    await a_crowd(5)
    for _ in rounds():
        opens = clock.now().replace(microsecond=0)
        draft = await a_draft(ask, author)
        await Survey.filter(id=draft.id).update(status=SurveyStatus.SCHEDULED)
        times = {"opens_at": f"{opens:%Y-%m-%d}T23:00:00Z", "closes_at": f"{opens:%Y}-12-24T12:00:00Z"}
        await done(ask, author, "schedule_survey", draft, **times)
        clock.turn(days=1)

        await asyncio.gather(fire(ask.services), payload(ask, ana, "open_survey", draft), fire(ask.services))

        assert (await again(draft)).status is SurveyStatus.OPEN
        assert (await events(draft)).count("SurveyOpened") == 1
        assert await SurveyPlace.filter(survey_id=draft.id).count() == 6


async def test_closing_while_it_opens_leaves_one_of_both(ask: Ask) -> None:
    author = await an_analyst()
    ana = await as_viewer(author, ask.services.clock.now())
    await a_crowd(5)
    for _ in rounds():
        draft = await a_draft(ask, author)

        opened, closed, deleted = await asyncio.gather(
            payload(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK),
            payload(ask, ana, "close_survey", draft),
            payload(ask, ana, "delete_survey", draft),
        )

        if codes(deleted) == []:
            assert codes(opened) == codes(closed) == ["NOT_FOUND"] or codes(opened) == ["NOT_FOUND"]
            assert not await Survey.filter(id=draft.id).exists()
        else:
            assert codes(opened) == []
            is_closed = codes(closed) == []
            assert (await again(draft)).status is (SurveyStatus.CLOSED if is_closed else SurveyStatus.OPEN)


async def test_whoever_answers_while_it_closes_is_counted_or_refused(ask: Ask) -> None:
    author = await an_analyst()
    ana = await as_viewer(author, ask.services.clock.now())
    crowd = await a_crowd(24)
    viewers = [await as_viewer(one, ask.services.clock.now()) for one in crowd]
    for anonymity in ("ANONYMOUS", "NAMED"):
        for _ in rounds(2):
            survey = await an_open(ask, author, anonymity=anonymity)
            for one in crowd[:5]:
                await _answer(ask, one, survey)

            answered = await asyncio.gather(
                *(_answer(ask, one, survey) for one in viewers[5:15]),
                payload(ask, ana, "close_survey", survey),
                *(_answer(ask, one, survey) for one in viewers[15:]),
            )

            taken = 5 + sum(one is True for one in answered)
            assert (await again(survey)).answered == taken


@pytest.mark.parametrize("asked", ["ANONYMOUS", "NAMED", "QUIZ"])
async def test_who_leaves_while_they_answer_has_answered_before_it_or_not_at_all(ask: Ask, asked: str) -> None:
    hana = await an_hr("Hana")
    crowd = await a_crowd(24)
    for _ in rounds():
        group = await a_group(owner=hana)
        for one in crowd:
            await a_member(group, one)
        if asked == "QUIZ":
            survey = await a_quiz(hana, number(), asked=crowd, target_id=group.id)
        else:
            survey = await an_open(ask, hana, anonymity=asked, audience={"groupId": global_id(group)})

        outcomes = await asyncio.gather(
            *(_answer_and_go(ask, hana, one, survey, group, by_hand=i % 2 == 0) for i, one in enumerate(crowd))
        )

        for one, (is_taken, was_there) in zip(crowd, outcomes, strict=True):
            assert await _has_answered(survey, one) is is_taken is was_there, one.name
        assert await inside(group) == ["Hana"]


async def test_fifty_edits_with_one_version_are_one(ask: Ask) -> None:
    author = await an_analyst()
    ana = await as_viewer(author, ask.services.clock.now())
    for _ in rounds():
        draft = await a_draft(ask, author)

        edited = await asyncio.gather(
            *(payload(ask, ana, "update_survey", draft, title=f"T{i}", expected_version=1) for i in range(WAYS))
        )

        assert sorted("".join(codes(one)) for one in edited) == ["", *["CONFLICT"] * (WAYS - 1)]
        assert (await again(draft)).version == 2


async def test_fifty_times_the_same_client_id_is_one_survey(ask: Ask) -> None:
    ana = await as_viewer(await an_analyst(), ask.services.clock.now())
    for i in rounds():
        made = await asyncio.gather(
            *(payload(ask, ana, "create_survey", **described(client_id=f"c{i}")) for _ in range(WAYS))
        )

        assert len({one["survey"]["id"] for one in made}) == 1
        assert await Survey.filter(client_id=f"c{i}").count() == 1


async def _draft_of(ask: Ask, viewer: Any) -> Survey:
    author = await Person.get(id=viewer.person_id)
    return await a_draft(ask, author)


async def _answer_and_go(
    ask: Ask, owner: Person, who: Person, survey: Survey, group: Group, *, by_hand: bool
) -> tuple[bool, bool]:
    """Both at once: whether the answer was taken, and whether it was there as soon as somebody was told they are out.

    `by_hand` of the owner, or they leave by themselves.
    """

    async def answer() -> bool:
        await asyncio.sleep(random.uniform(0, 0.3))  # it is quicker than going
        return await _answer(ask, who, survey)

    async def go() -> bool:
        if by_hand:
            gone = await act(ask, owner, "memberships/remove_group_member", group, person_id=who)
        else:
            gone = await act(ask, who, "memberships/leave_group", group)
        assert codes(gone) == []
        return await _has_answered(survey, who)

    is_taken, was_there = await asyncio.gather(answer(), go())
    return is_taken, was_there


async def _has_answered(survey: Survey, person: Person) -> bool:
    given = survey_ballots.spent if survey.anonymity is Anonymity.ANONYMOUS else survey_responses.given
    return survey.id in await given([survey.id], person.id)


async def _answer(ask: Ask, who: Any, survey: Survey) -> bool:
    """Whether an answer was taken."""
    [first] = (await survey_editions.newest([survey.id]))[survey.id].questions
    try:
        await survey_answering.submit(await ask.context(who), survey.id, [NewAnswer(first.id, Number(3))])
    except DomainError:
        return False
    return True
