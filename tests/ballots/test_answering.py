"""Answering surveys: what is stored of it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from auth.vault import Unopenable
from models import survey_ballots, survey_editions
from models.errors import ErrorCode
from models.people import Person
from models.questionnaires import Questionnaire
from models.survey_slips import unpacked
from models.surveys import (
    Anonymity,
    Survey,
    SurveyAnswer,
    SurveyBallot,
    SurveyKey,
    SurveyKind,
    SurveyResponse,
    SurveyStatus,
)
from resolvers import survey_answering
from resolvers.context import Services
from resolvers.survey_answering import has_responded
from resolvers.survey_answers import own_answers
from resolvers.survey_given import Choice, NewAnswer, Number, Text
from tests.ballots.arranging import Booth, a_booth, dump, refused
from tests.clocks import TurnedClock
from tests.factories.people import a_person
from tests.factories.surveys import choice, scale, text

NOT_ANONYMOUS = [Anonymity.NAMED, Anonymity.CONFIDENTIAL]


async def responded(booth: Booth, person: Person) -> bool | None:
    return (await has_responded(await booth.context(person), [await booth.read()]))[0]


async def answered(booth: Booth, person: Person) -> list[Any] | None:
    """The numbers and texts that somebody is told to have given."""
    told = (await own_answers(await booth.context(person), [await booth.read()]))[0]
    return None if told is None else [one.number or one.text for one in told]


async def test_an_anonymous_answer_is_one_ballot_and_nothing_else(services: Services) -> None:
    booth = await a_booth(services)
    ctx = await booth.context(booth.people[0])
    before = await dump()

    await survey_answering.submit(ctx, booth.survey.id, booth.answers(4, "Better coffee"))

    after = await dump()
    changed = {table for table, rows in after.items() if strip(rows) != strip(before[table])}
    assert changed == {"survey_ballot"}
    (ballot,) = after["survey_ballot"]
    key = (await SurveyKey.get(id=booth.survey.id)).key
    assert ballot["token"] == survey_ballots.token(key, booth.people[0].id)
    assert b"coffee" not in ballot["sealed"] and booth.people[0].id.bytes not in ballot["sealed"]
    assert (ballot["block"], ballot["edition"], ballot["moving"]) == (0, 1, False)
    assert not {name for name in ballot if name.endswith("_at") or "person" in name}


def strip(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without who has locked them: submitting keeps a survey from being closed at the same time."""
    return [{name: value for name, value in row.items() if name != "_xmax"} for row in rows]


async def test_what_is_sealed_opens_with_both_keys_alone(services: Services) -> None:
    booth = await a_booth(services)

    await booth.submit(booth.people[0], 4, "Better coffee")

    ballot = await SurveyBallot.get(survey_id=booth.survey.id)
    key = (await SurveyKey.get(id=booth.survey.id)).key
    assert ballot.sealed is not None
    found = unpacked(services.vault.open(key, booth.survey.id.bytes, ballot.sealed))
    assert [(one.question, one.slots, one.text) for one in found] == [
        (None, (), None),
        (booth.questions[0].id, (3,), None),
        (booth.questions[1].id, (), "Better coffee"),
    ]
    with pytest.raises(Unopenable):
        services.vault.open(b"another key" * 3, booth.survey.id.bytes, ballot.sealed)


async def test_all_ballots_are_of_one_length(services: Services) -> None:
    booth = await a_booth(services, 4)

    for person, words in zip(booth.people, (None, "No", "n" * 5_000, "ü" * 5_000), strict=True):
        await booth.submit(person, 4, words)

    lengths = {len(ballot.sealed or b"") for ballot in await SurveyBallot.all()}
    assert len(lengths) == 1


async def test_more_text_than_is_sealed_together_is_refused_with_how_much(services: Services) -> None:
    booth = await a_booth(services)
    many = [text(f"Question {i}") for i in range(10)]
    await survey_editions.keep(booth.survey.id, 1, Questionnaire(tuple(many)))
    ctx = await booth.context(booth.people[0])
    answers = [NewAnswer(one.id, Text("é" * 5_000)) for one in many]

    found = await refused(survey_answering.submit(ctx, booth.survey.id, answers))

    assert found == (ErrorCode.BAD_USER_INPUT, "answers")
    assert await SurveyBallot.all().count() == 0


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_a_second_answer_is_a_conflict(services: Services, anonymity: Anonymity) -> None:
    booth = await a_booth(services, 2, anonymity=anonymity)
    ann, bob = booth.people
    await booth.submit(ann, 4)

    assert await refused(booth.submit(ann, 1)) == (ErrorCode.CONFLICT, "surveyId")
    assert await responded(booth, ann) is True
    assert await responded(booth, bob) is False
    assert await SurveyBallot.all().count() + await SurveyResponse.all().count() == 1


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_closed_unopened_foreign_and_unasked_are_refused(services: Services, anonymity: Anonymity) -> None:
    booth = await a_booth(services, 1, anonymity=anonymity)
    ann, stranger = booth.people[0], await a_person("Bob")
    author = await Person.get(id=booth.survey.author_id)

    assert await refused(booth.submit(stranger)) == (ErrorCode.NOT_FOUND, "surveyId")
    await Survey.filter(id=booth.survey.id).update(author_id=ann.id, status=SurveyStatus.DRAFT, opened_at=None)
    assert await refused(booth.submit(ann)) == (ErrorCode.FORBIDDEN, "surveyId")
    await Survey.filter(id=booth.survey.id).update(
        author_id=author.id, status=SurveyStatus.OPEN, opened_at=services.clock.now()
    )
    assert await refused(booth.submit(author)) == (ErrorCode.FORBIDDEN, "surveyId")
    await booth.close()
    assert await refused(booth.submit(ann)) == (ErrorCode.FORBIDDEN, "surveyId")

    assert await SurveyBallot.all().count() + await SurveyResponse.all().count() == 0


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_nobody_answers_once_the_time_is_over_even_if_nobody_has_closed_it(
    services: Services, clock: TurnedClock, anonymity: Anonymity
) -> None:
    booth = await a_booth(services, 2, anonymity=anonymity)
    clock.turn(days=7, seconds=-1)
    await booth.submit(booth.people[0])

    clock.turn(seconds=1)

    assert await refused(booth.submit(booth.people[1])) == (ErrorCode.FORBIDDEN, "surveyId")


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_an_answer_to_questions_that_have_changed_is_a_conflict(services: Services, anonymity: Anonymity) -> None:
    booth = await a_booth(services, 2, anonymity=anonymity)
    ann, bob = booth.people
    await booth.submit(ann)
    another = scale("I know what I am paid for", key=booth.questions[0].key)
    await survey_editions.keep(booth.survey.id, 2, Questionnaire((another, booth.questions[1])))
    await Survey.filter(id=booth.survey.id).update(edition=2)

    assert await refused(booth.submit(bob)) == (ErrorCode.CONFLICT, "answers.0.questionId")
    ctx = await booth.context(bob)
    new = [NewAnswer(another.id, Number(2))]
    assert await refused(survey_answering.submit(ctx, booth.survey.id, new, 1)) == (ErrorCode.CONFLICT, "edition")
    await survey_answering.submit(ctx, booth.survey.id, new, 2)

    assert await responded(booth, bob) is True


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_ids_of_another_survey_are_not_found(services: Services, anonymity: Anonymity) -> None:
    booth = await a_booth(services, anonymity=anonymity, first=choice())
    other = await a_booth(services, booth.people, first=choice())
    ctx = await booth.context(booth.people[0])
    foreign = other.questions[0].options[0].id

    question = survey_answering.submit(ctx, booth.survey.id, [NewAnswer(other.questions[0].id, Choice(foreign))])
    assert await refused(question) == (ErrorCode.NOT_FOUND, "answers.0.questionId")
    option = survey_answering.submit(ctx, booth.survey.id, [NewAnswer(booth.questions[0].id, Choice(foreign))])
    assert await refused(option) == (ErrorCode.NOT_FOUND, "answers.0.value.choice.optionId")


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_a_megabyte_of_text_and_a_number_out_of_range_are_refused(
    services: Services, anonymity: Anonymity
) -> None:
    booth = await a_booth(services, anonymity=anonymity)

    long = await refused(booth.submit(booth.people[0], 4, "x" * 1_000_000))
    wide = await refused(booth.submit(booth.people[0], 6))

    assert long == (ErrorCode.BAD_USER_INPUT, "answers.1.value.text")
    assert wide == (ErrorCode.BAD_USER_INPUT, "answers.0.value.number")


@pytest.mark.parametrize("anonymity", NOT_ANONYMOUS)
async def test_other_answers_are_kept_with_the_person(
    services: Services, clock: TurnedClock, anonymity: Anonymity
) -> None:
    booth = await a_booth(services, anonymity=anonymity)

    await booth.submit(booth.people[0], 4, "Better coffee")

    response = await SurveyResponse.get(survey_id=booth.survey.id)
    assert (response.person_id, response.submitted_at, response.attempt) == (booth.people[0].id, clock.now(), 1)
    rows = await SurveyAnswer.filter(response_id=response.id)
    kept = {(row.question_id, tuple(row.slots), row.text) for row in rows}
    first, second = booth.questions
    assert kept == {(None, (), None), (first.id, (3,), None), (second.id, (), "Better coffee")}
    assert await answered(booth, booth.people[0]) == [4, "Better coffee"]


@pytest.mark.parametrize("anonymity", NOT_ANONYMOUS)
async def test_answers_are_saved_resumed_and_then_handed_in_once(
    services: Services, clock: TurnedClock, anonymity: Anonymity
) -> None:
    booth = await a_booth(services, anonymity=anonymity)
    ann, begun = booth.people[0], clock.now()
    ctx = await booth.context(ann)

    await survey_answering.save(ctx, booth.survey.id, booth.answers(2, "Not sure"))
    assert await answered(booth, ann) == [2, "Not sure"]
    await survey_answering.save(ctx, booth.survey.id, booth.answers(3)[:1])
    assert await answered(booth, ann) == [3]
    await survey_answering.save(ctx, booth.survey.id, [])
    assert await answered(booth, ann) == []
    assert await responded(booth, ann) is False
    clock.turn(hours=1)
    await booth.submit(ann, 5)

    assert await answered(booth, ann) == [5]
    assert await refused(survey_answering.save(ctx, booth.survey.id, [])) == (ErrorCode.CONFLICT, "surveyId")
    response = await SurveyResponse.get(survey_id=booth.survey.id)
    assert (response.started_at, response.submitted_at) == (begun, begun + timedelta(hours=1))
    assert await SurveyAnswer.all().count() == 2


async def test_of_an_anonymous_survey_nothing_is_saved_and_nothing_told(services: Services) -> None:
    booth = await a_booth(services)
    ctx = await booth.context(booth.people[0])

    assert await refused(survey_answering.save(ctx, booth.survey.id, [])) == (ErrorCode.BAD_USER_INPUT, "surveyId")
    await booth.submit(booth.people[0])

    assert await answered(booth, booth.people[0]) is None
    assert await SurveyResponse.all().count() == 0


async def test_nobody_knows_who_has_answered_an_anonymous_survey_that_is_closed(services: Services) -> None:
    booth = await a_booth(services, 2)
    await booth.submit(booth.people[0])

    await booth.close()

    assert [await responded(booth, person) for person in booth.people] == [None, None]


async def test_of_many_surveys_it_is_asked_by_as_many_statements_as_of_few(
    services: Services, statements: list[str]
) -> None:
    booth = await a_booth(services)
    ann = booth.people
    more = [await a_booth(services, ann, anonymity=anonymity) for anonymity in [*Anonymity] * 5]
    await more[4].submit(ann[0])
    await more[5].submit(ann[0])
    ctx = await booth.context(ann[0])

    async def counted(surveys: list[Survey]) -> tuple[list[bool | None], int]:
        statements.clear()
        return await has_responded(ctx, surveys), len(statements)

    few, first = await counted([one.survey for one in more[:3]])
    many, second = await counted([one.survey for one in more])

    assert (few, first) == ([False] * 3, 3)
    assert (many, second) == ([i in (4, 5) for i in range(15)], 3)


async def test_a_quiz_is_answered_with_its_score(services: Services) -> None:
    right = choice("Where is the fire exit?", "Left", "Right")
    left, other = right.options
    asked = replace(right, options=(left, replace(other, points=2.0)))
    booth = await a_booth(services, kind=SurveyKind.QUIZ, anonymity=Anonymity.NAMED, first=asked)
    ctx = await booth.context(booth.people[0])
    answers = [NewAnswer(asked.id, Choice(other.id))]

    await survey_answering.save(ctx, booth.survey.id, answers)
    done = await survey_answering.submit(ctx, booth.survey.id, answers)

    assert done.score is not None and (done.score.points, done.score.maximum) == (2.0, 2.0)
    assert await responded(booth, booth.people[0]) is True
    assert await refused(survey_answering.submit(ctx, booth.survey.id, answers)) == (ErrorCode.CONFLICT, "surveyId")


async def test_a_token_that_may_only_read_answers_nothing(services: Services) -> None:
    booth = await a_booth(services)
    ctx = await booth.context(booth.people[0])
    ctx.viewer = replace(ctx.me, scopes=frozenset({"surveys:read"}))

    found = await refused(survey_answering.submit(ctx, booth.survey.id, booth.answers()))

    assert found[0] is ErrorCode.FORBIDDEN
