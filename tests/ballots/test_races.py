"""Many at once: nobody counts twice, nothing acknowledged is lost, nothing refused is counted."""

from __future__ import annotations

import asyncio

import pytest

from atrium.worker import fire
from models import timers
from models.errors import Conflict, DomainError, ErrorCode
from models.surveys import Anonymity, Survey, SurveyAnswer, SurveyBallot, SurveyResponse, SurveyTally
from resolvers import survey_answering
from resolvers.context import Services
from resolvers.survey_moving import MOVE, finish, move_due
from tests.ballots.arranging import Booth, a_booth, outcomes
from tests.races import rounds

AT_ONCE = 50


async def answered(booth: Booth) -> int:
    """How many answers there are to the first question, or wait."""
    kept = await SurveyAnswer.filter(survey_id=booth.survey.id, question_id=booth.questions[0].id).count()
    return kept + await booth.waiting()


@pytest.mark.race
@pytest.mark.parametrize("anonymity", Anonymity)
async def test_of_fifty_submissions_at_once_one_counts(services: Services, anonymity: Anonymity) -> None:
    for _ in rounds(2):
        booth = await a_booth(services, 1, anonymity=anonymity)
        ctxs = [await booth.context(booth.people[0]) for _ in range(AT_ONCE)]
        answers = [booth.answers(1 + i % 5) for i in range(AT_ONCE)]
        given = zip(ctxs, answers, strict=True)

        found = await outcomes([survey_answering.submit(ctx, booth.survey.id, one) for ctx, one in given])

        assert sorted(map(str, found)) == ["CONFLICT"] * (AT_ONCE - 1) + ["None"]
        assert await answered(booth) == 1
        ballots = await SurveyBallot.filter(survey_id=booth.survey.id).count()
        assert ballots + await SurveyResponse.filter(survey_id=booth.survey.id).count() == 1


@pytest.mark.race
async def test_while_ballots_are_emptied_nobody_spends_a_second_one(services: Services) -> None:
    for _ in rounds(2):
        booth = await a_booth(services, 12)
        await booth.submit_all(booth.people)
        await timers.set_timer(MOVE, str(booth.survey.id), services.clock.now(), booth.survey.id)
        await fire(services, {MOVE: move_due})
        await fire(services, {MOVE: move_due})

        _, *found = await asyncio.gather(
            fire(services, {MOVE: move_due}),
            *[booth.submit(person) for person in booth.people * 4],
            return_exceptions=True,
        )

        assert all(isinstance(one, Conflict) for one in found)
        assert (await booth.waiting(), await SurveyBallot.filter(survey_id=booth.survey.id).count()) == (5, 12)


@pytest.mark.race
@pytest.mark.parametrize("anonymity", Anonymity)
async def test_what_is_acknowledged_while_a_survey_closes_is_counted_and_nothing_else(
    services: Services, anonymity: Anonymity
) -> None:
    for turn in rounds(2):
        booth = await a_booth(services, 40, anonymity=anonymity, min_group=3, min_texts=3)
        ctxs = [await booth.context(person) for person in booth.people]

        async def close_in_between(booth: Booth = booth, after: float = 0.01 * (1 + turn % 5)) -> None:
            await asyncio.sleep(after)
            await booth.close()
            await finish(services, booth.survey.id)

        submissions = [survey_answering.submit(ctx, booth.survey.id, booth.answers()) for ctx in ctxs]
        *found, _ = await outcomes([*submissions, close_in_between()])

        acknowledged = found.count(None)
        assert set(found) <= {None, ErrorCode.FORBIDDEN}
        told = await SurveyTally.get_or_none(survey_id=booth.survey.id, segment_id=None)
        is_told = anonymity is Anonymity.NAMED or acknowledged >= 3
        assert (told.took_part if told else 0) == (acknowledged if is_told else 0)


@pytest.mark.race
async def test_what_is_saved_while_answers_are_handed_in_is_not_counted_besides(services: Services) -> None:
    for _ in rounds(3):
        booth = await a_booth(services, 1, anonymity=Anonymity.NAMED)
        ctxs = [await booth.context(booth.people[0]) for _ in range(20)]

        async def act(i: int, booth: Booth = booth, ctxs: list[survey_answering.Context] = ctxs) -> None:
            do = survey_answering.submit if i % 5 == 4 else survey_answering.save
            await do(ctxs[i], booth.survey.id, booth.answers(1 + i % 5))

        await outcomes([act(i) for i in range(20)])

        assert await SurveyResponse.filter(survey_id=booth.survey.id).count() == 1
        assert await SurveyAnswer.filter(survey_id=booth.survey.id).exclude(question_id=None).count() == 1
        assert await SurveyResponse.filter(survey_id=booth.survey.id).exclude(submitted_at=None).count() == 1


@pytest.mark.race
async def test_who_only_saves_is_never_told_to_have_answered(services: Services) -> None:
    for _ in rounds(3):
        booth = await a_booth(services, 1, anonymity=Anonymity.CONFIDENTIAL)
        ctxs = [await booth.context(booth.people[0]) for _ in range(AT_ONCE)]
        answers = [booth.answers(1 + i % 5) for i in range(AT_ONCE)]
        given = zip(ctxs, answers, strict=True)

        found = await outcomes([survey_answering.save(ctx, booth.survey.id, one) for ctx, one in given])

        assert found == [None] * AT_ONCE
        assert await answered(booth) == 1
        assert not await SurveyResponse.filter(survey_id=booth.survey.id).exclude(submitted_at=None).exists()


@pytest.mark.race
async def test_nobody_answers_questions_that_are_being_changed(services: Services) -> None:
    booth = await a_booth(services, 30)
    ctxs = [await booth.context(person) for person in booth.people]

    async def change() -> None:
        await Survey.filter(id=booth.survey.id).update(edition=2)

    doings = [survey_answering.submit(ctx, booth.survey.id, booth.answers()) for ctx in ctxs]
    found = await asyncio.gather(*doings[:15], change(), *doings[15:], return_exceptions=True)

    refused = [one for one in found if isinstance(one, BaseException)]
    assert all(isinstance(one, DomainError) for one in refused)
    editions = await SurveyBallot.all().values_list("edition", flat=True)
    assert editions == [1] * (30 - len(refused))
