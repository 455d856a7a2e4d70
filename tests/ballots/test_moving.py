"""Moving answers away from ballots, and the end of surveys: nothing is lost, doubled or left of a few."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest

from atrium.worker import fire
from auth.vault import Unopenable, Vault
from models import survey_ballots, survey_editions, survey_responses, timers
from models.log import LoggedEvent
from models.questionnaires import Given, Questionnaire
from models.survey_slips import packed, slips
from models.surveys import (
    Anonymity,
    Survey,
    SurveyAnswer,
    SurveyBallot,
    SurveyKey,
    SurveyPlace,
    SurveyResponse,
    SurveyTally,
    SurveyText,
)
from models.timers import Timer
from resolvers import survey_answering
from resolvers.context import Services
from resolvers.survey_given import NewAnswer, Number
from resolvers.survey_moving import COUNT, MOVE, MOVE_EVERY, count_due, finish, move_due
from tests.ballots.arranging import Booth, a_booth
from tests.clocks import TurnedClock
from tests.factories.surveys import scale

HANDLERS = {MOVE: move_due, COUNT: count_due}
STEPS = 3  # choose, keep, empty


async def fired(services: Services, kind: str, booth: Booth, times: int = 1) -> None:
    """The worker's timer of a survey gone off, and again at once where it is to."""
    await timers.set_timer(kind, str(booth.survey.id), services.clock.now(), booth.survey.id)
    for _ in range(times):
        assert await fire(services, HANDLERS) == 1
    assert await Timer.all().exclude(error="").count() == 0


async def told(booth: Booth) -> tuple[int, list[int], int | None] | None:
    """What is told of all who took part: how many, the numbers of the first question, and of texts."""
    tally = await SurveyTally.get_or_none(survey_id=booth.survey.id, segment_id=None)
    if tally is None:
        return None
    place = tally.questions.index(booth.questions[0].id)
    texts = tally.written[tally.questions.index(booth.questions[1].id)] if len(tally.questions) > 1 else None
    assert place == 0
    return tally.took_part, tally.counts[:5], texts


async def left(booth: Booth) -> list[int]:
    """How many ballots, keys, places and answers there are."""
    id = booth.survey.id
    tables = (SurveyBallot, SurveyPlace, SurveyAnswer)
    return [*[await table.filter(survey_id=id).count() for table in tables], await SurveyKey.filter(id=id).count()]


async def test_all_but_k_are_moved_once_2k_wait(services: Services, clock: TurnedClock) -> None:
    booth = await a_booth(services, 12)
    await booth.submit_all(booth.people[:9])
    await fired(services, MOVE, booth)
    assert (await booth.waiting(), await booth.moved()) == (9, 0)

    await booth.submit_all(booth.people[9:])
    clock.turn(minutes=10)
    await fired(services, MOVE, booth, STEPS)

    assert (await booth.waiting(), await booth.moved()) == (5, 7)
    assert await SurveyAnswer.filter(survey_id=booth.survey.id).count() == 7 * 3
    empty = await SurveyBallot.filter(survey_id=booth.survey.id, sealed=None)
    assert {(one.block, one.edition, one.moving) for one in empty} == {(None, None, False)}
    assert await SurveyAnswer.exclude(response_id=None).count() == 0


async def test_the_mover_goes_by_the_clock_until_the_survey_closes(services: Services, clock: TurnedClock) -> None:
    booth = await a_booth(services, 1)

    await fired(services, MOVE, booth)
    timer = await Timer.get()
    assert (timer.due_at, timer.tries) == (clock.now() + MOVE_EVERY, 0)
    clock.turn(minutes=10)
    await booth.close()
    assert await fire(services, HANDLERS) == 1

    assert await Timer.all().count() == 0


async def test_each_block_keeps_its_own_k(services: Services) -> None:
    booth = await a_booth(services, 21)
    await booth.place(*[1] * 11, *[2] * 10)
    await booth.submit_all(booth.people[:20])  # nine of block 2

    await fired(services, MOVE, booth, STEPS)

    assert await SurveyAnswer.filter(question_id=None).values_list("block", flat=True) == [1] * 6
    waiting = await SurveyBallot.exclude(sealed=None).values_list("block", flat=True)
    assert sorted(waiting) == [1] * 5 + [2] * 9


async def test_answers_to_an_edition_are_moved_by_themselves(services: Services) -> None:
    booth = await a_booth(services, 16)
    await booth.submit_all(booth.people[:3])
    await change_questions(booth)
    for person in booth.people[3:]:
        ctx = await booth.context(person)
        await survey_answering.submit(ctx, booth.survey.id, [NewAnswer(booth.questions[0].id, Number(2))])

    await fired(services, MOVE, booth, STEPS)

    waiting = await SurveyBallot.exclude(sealed=None).values_list("edition", flat=True)
    assert sorted(waiting) == [1] * 3 + [2] * 5
    await booth.close()
    await finish(services, booth.survey.id)
    assert await told(booth) == (16, [0, 13, 0, 0, 0], None)


async def change_questions(booth: Booth) -> None:
    """Ask another question instead of the first one."""
    new = scale("I know what I am paid for")
    await survey_editions.keep(booth.survey.id, 2, Questionnaire((new,)))
    await Survey.filter(id=booth.survey.id).update(edition=2)
    booth.questions = (new, booth.questions[1])


@pytest.mark.parametrize("steps", range(7))
async def test_whatever_is_cut_short_loses_and_doubles_nothing(services: Services, steps: int) -> None:
    booth = await a_booth(services, 23)
    await booth.submit_all(booth.people[:12])
    await timers.set_timer(MOVE, str(booth.survey.id), services.clock.now(), booth.survey.id)
    for _ in range(steps):
        await fire(services, {MOVE: cut_short})  # in the middle of each step, and then it is tried again
        await Timer.all().update(due_at=services.clock.now())
        await fire(services, HANDLERS)
        await Timer.all().update(due_at=services.clock.now())
    await booth.submit_all(booth.people[12:])

    await booth.close()
    await timers.set_timer(COUNT, str(booth.survey.id), services.clock.now(), booth.survey.id)
    await fire(services, {**HANDLERS, COUNT: counting_cut_short})
    await finish(services, booth.survey.id)
    await finish(services, booth.survey.id)

    expected = [sum(1 + i % 5 == value for i in [*range(12), *range(11)]) for value in range(1, 6)]
    assert await told(booth) == (23, expected, 23)
    assert await left(booth) == [0, 0, 0, 0]
    assert await SurveyText.all().count() == 23


class Killed(Exception):
    """The worker is gone."""


async def cut_short(services: Services, timer: Any) -> None:
    await move_due(services, timer)
    raise Killed


async def counting_cut_short(services: Services, timer: Any) -> None:
    await count_due(services, timer)
    raise Killed


async def test_what_is_chosen_stays_chosen_until_it_is_moved(services: Services) -> None:
    booth = await a_booth(services, 24)
    await booth.submit_all(booth.people[:12])
    await fired(services, MOVE, booth)
    chosen = {one.token for one in await SurveyBallot.filter(moving=True)}
    await booth.submit_all(booth.people[12:])
    await fire(services, HANDLERS)
    assert await booth.moved() == 7

    await fire(services, HANDLERS)

    assert {one.token for one in await SurveyBallot.filter(sealed=None)} == chosen
    assert len(chosen) == 7


async def test_a_moved_ballot_is_spent_all_the_same(services: Services) -> None:
    booth = await a_booth(services, 12)
    await booth.submit_all(booth.people)
    await fired(services, MOVE, booth, STEPS)

    answered = [
        (await survey_answering.has_responded(await booth.context(person), [booth.survey]))[0]
        for person in booth.people
    ]

    assert answered == [True] * 12
    assert await SurveyBallot.all().count() == 12


async def test_a_closed_survey_is_counted_told_of_once_and_destroyed(services: Services, clock: TurnedClock) -> None:
    booth = await a_booth(services, 12)
    await booth.submit_all(booth.people[:11])
    await booth.close()

    await fired(services, COUNT, booth)

    assert await told(booth) == (11, [3, 2, 2, 2, 2], 11)
    assert await left(booth) == [0, 0, 0, 0]
    survey = await booth.read()
    assert (survey.answered, survey.counted_at) == (11, clock.now())
    (event,) = await LoggedEvent.all()
    assert (event.kind, event.actor_id) == ("SurveyCounted", None)
    assert await Timer.all().count() == 0


async def test_a_large_survey_is_counted_from_its_ballots(services: Services, statements: list[str]) -> None:
    """What waits is not written down first: of a large one that would take minutes, and stand in every copy."""
    many = survey_ballots.BATCH * 2 + 7
    booth = await a_booth(services, 1)
    await copied(booth, many)
    await booth.close()
    await timers.set_timer(COUNT, str(booth.survey.id), services.clock.now(), booth.survey.id)
    statements.clear()

    while await fire(services, HANDLERS):
        assert await Timer.all().exclude(error="").count() == 0

    assert not any("INSERT INTO survey_answer" in one for one in statements)
    assert await told(booth) == (many, [0, 0, 0, many, 0], None)
    assert await left(booth) == [0, 0, 0, 0]


async def test_what_took_longer_than_its_lease_is_not_done_again(services: Services, clock: TurnedClock) -> None:
    booth = await a_booth(services, 6)
    await booth.submit_all(booth.people)
    await booth.close()
    await timers.set_timer(COUNT, str(booth.survey.id), clock.now(), booth.survey.id)

    async def slow(services: Services, timer: Any) -> None:
        clock.turn(minutes=2)
        await count_due(services, timer)

    assert await fire(services, {COUNT: slow}) == 1
    assert (await booth.read()).counted_at == clock.now()
    assert (await Timer.get()).tries == 0
    assert await fire(services, HANDLERS) == 1
    assert await Timer.all().count() == 0


@pytest.mark.parametrize("many", [survey_ballots.BATCH, survey_ballots.BATCH + 5])
async def test_k_are_moved_at_once_however_many_that_is(services: Services, many: int) -> None:
    booth = await a_booth(services, 1)
    await copied(booth, 4 * many)  # in two blocks

    assert await survey_ballots.choose(booth.survey.id, many, 50) == many


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_all_is_worked_out_before_anything_is_written(
    services: Services, statements: list[str], anonymity: Anonymity
) -> None:
    """Whoever reads the log waits for a transaction that writes: that of the end is short."""
    booth = await a_booth(services, 12, anonymity=anonymity)
    await booth.submit_all(booth.people)
    await booth.close()
    statements.clear()

    await finish(services, booth.survey.id)

    begun = next(i for i, one in enumerate(statements) if one.startswith("BEGIN;"))
    done = statements[begun:]
    writing = [i for i, one in enumerate(done) if WRITES.search(one)]
    reading = [i for i, one in enumerate(done) if READS.search(one) and i not in writing]
    # Where nothing was begun and not handed in, to delete that is to write nothing.
    assert max(reading) < min(i for i in writing if done[i] != survey_responses.DISCARD)
    assert await told(booth) == (12, [3, 3, 2, 2, 2], 12)


WRITES = re.compile(r"\b(?:INSERT|DELETE|UPDATE)\b")
READS = re.compile(r"\bsurvey_(?:ballot|answer|response|segment|edition)\b")


async def copied(booth: Booth, times: int) -> None:
    """So many ballots of people who all say the same, without the people."""
    id, key = booth.survey.id, (await SurveyKey.get(id=booth.survey.id)).key
    vault, now = booth.services.vault, booth.services.clock.now()
    for i in range(times):
        plain = packed(slips([Given(booth.questions[0].id, (3,))]), 1_000)
        sealed = vault.seal(key, id.bytes, plain)
        token = survey_ballots.token(key, uuid.UUID(int=i))
        assert await survey_ballots.spend(id, 1, token, sealed, i % 2, now)


@pytest.mark.parametrize("anonymity", [Anonymity.ANONYMOUS, Anonymity.CONFIDENTIAL])
async def test_of_fewer_than_k_nothing_is_kept_or_told(services: Services, anonymity: Anonymity) -> None:
    booth = await a_booth(services, 6, anonymity=anonymity)
    await booth.submit_all(booth.people[:4])
    await booth.close()

    await finish(services, booth.survey.id)

    assert await told(booth) is None
    assert await SurveyBallot.all().count() + await SurveyAnswer.all().count() + await SurveyText.all().count() == 0
    assert await SurveyResponse.all().count() + await SurveyKey.all().count() == 0
    assert (await booth.read()).answered is None
    assert (await booth.read()).counted_at is not None


async def test_what_was_saved_and_never_handed_in_is_not_counted(services: Services) -> None:
    booth = await a_booth(services, 3, anonymity=Anonymity.NAMED)
    await booth.submit_all(booth.people[:2])
    ctx = await booth.context(booth.people[2])
    await survey_answering.save(ctx, booth.survey.id, booth.answers(5))
    await booth.close()

    await finish(services, booth.survey.id)

    assert await told(booth) == (2, [1, 1, 0, 0, 0], 2)
    assert await SurveyResponse.all().count() == 2
    assert await SurveyPlace.all().count() == 3


async def test_an_open_survey_is_not_finished(services: Services) -> None:
    booth = await a_booth(services, 6)
    await booth.submit_all(booth.people)

    await finish(services, booth.survey.id)
    await fired(services, COUNT, booth)

    assert await booth.waiting() == 6
    assert (await booth.read()).counted_at is None


async def test_with_another_secret_nothing_is_opened_and_nothing_lost(services: Services) -> None:
    booth = await a_booth(services, 6)
    await booth.submit_all(booth.people)
    await booth.close()

    with pytest.raises(Unopenable):
        await finish(replace(services, vault=Vault([b"another secret, long enough to be one"])), booth.survey.id)

    assert await left(booth) == [6, 6, 0, 1]
    await finish(services, booth.survey.id)
    assert await told(booth) == (6, [2, 1, 1, 1, 1], None)
