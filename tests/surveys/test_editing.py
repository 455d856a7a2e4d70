"""What can still change once people are asked: the end, and the questions, as another edition. Nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from models import survey_editions
from models.people import Person
from models.questionnaires import QUESTIONS_MAX
from models.surveys import Anonymity, Survey, SurveyStatus
from resolvers import survey_answering
from resolvers.survey_given import NewAnswer, Number
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.surveys import committed
from tests.surveys.asking import (
    IN_A_WEEK,
    SCALE,
    TEXT,
    a_crowd,
    a_draft,
    again,
    an_analyst,
    an_open,
    done,
    events,
    payload,
    refusal,
    sentence,
)

OTHERWISE = {**SCALE, "prompt": "I know what I am expected to do"}

FROZEN: list[tuple[dict[str, Any], str]] = [
    ({"title": "New"}, "title"),
    ({"description": "New"}, "description"),
    ({"anonymity": "NAMED"}, "anonymity"),
    ({"anonymity": "CONFIDENTIAL"}, "anonymity"),
    ({"minimum_group_size": 3}, "minimumGroupSize"),
    ({"minimum_group_size": 5}, "minimumGroupSize"),
    ({"minimum_group_size": 50}, "minimumGroupSize"),
    ({"minimum_text_count": 3}, "minimumTextCount"),
    ({"segments": ["LOCATION"]}, "segments"),
    ({"segments": []}, "segments"),
    ({"audience": {"company": True}}, "audience"),
    ({"excluded": []}, "excluded"),
    ({"sample_percent": 50}, "samplePercent"),
    ({"is_shared": True}, "isShared"),
    ({"opens_at": IN_A_WEEK}, "opensAt"),
]


async def answer(ask: Ask, who: Person, survey: Survey, edition: int | None = None) -> None:
    """An answer handed in to the first question."""
    first = (await survey_editions.newest([survey.id]))[survey.id].questions[0]
    given = [NewAnswer(first.id, Number(4))]
    await survey_answering.submit(await ask.context(who), survey.id, given, edition)


@pytest.mark.parametrize(("changes", "path"), FROZEN)
async def test_what_people_were_told_is_frozen_once_they_are_asked(
    ask: Ask, changes: dict[str, Any], path: str
) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana, minimum_group_size=5)

    assert await refusal(ask, ana, "update_survey", survey, **changes) == ("FORBIDDEN", path)

    assert "stay as people were told" in await sentence(ask, ana, "update_survey", survey, **changes)
    assert (await again(survey)).version == survey.version


@pytest.mark.parametrize("changes", [{"minimum_group_size": 3}, {"minimum_text_count": 5}, {"anonymity": "NAMED"}])
async def test_thresholds_are_not_lowered_after_the_close_either(ask: Ask, changes: dict[str, Any]) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana, minimum_group_size=5)
    await done(ask, ana, "close_survey", survey)

    assert await refusal(ask, ana, "update_survey", survey, **changes) == ("FORBIDDEN", "surveyId")

    after = await again(survey)
    assert (after.min_group, after.min_texts, after.anonymity) == (5, 10, Anonymity.ANONYMOUS)


async def test_while_nobody_is_asked_all_of_it_changes(ask: Ask) -> None:
    ana = await an_analyst()
    draft = await a_draft(ask, ana, minimum_group_size=8)

    changes = {name: value for change, _ in FROZEN for name, value in change.items() if name != "opens_at"}
    changed = await done(ask, ana, "update_survey", draft, **changes | {"minimum_group_size": 3, "questions": [TEXT]})

    assert (changed["title"], changed["minimumGroupSize"], changed["minimumTextCount"]) == ("New", 3, 3)
    assert (changed["edition"], [one["kind"] for one in changed["questions"]]) == (1, ["TEXT"])
    assert await events(draft) == ["SurveyCreated", "SurveyEdited"]


async def test_lowering_below_the_floor_is_refused_even_before(ask: Ask) -> None:
    ana = await an_analyst()
    draft = await a_draft(ask, ana)

    assert await refusal(ask, ana, "update_survey", draft, minimum_group_size=2) == (
        "BAD_USER_INPUT",
        "minimumGroupSize",
    )
    assert await refusal(ask, ana, "update_survey", draft, minimum_text_count=4) == (
        "BAD_USER_INPUT",
        "minimumTextCount",
    )


async def test_a_question_asked_otherwise_begins_a_new_edition(ask: Ask) -> None:
    ana = await an_analyst()
    ann, bob, *_ = await a_crowd(5)
    survey = await an_open(ask, ana, questions=[SCALE, TEXT])
    [before, text] = (await survey_editions.newest([survey.id]))[survey.id].questions
    await answer(ask, ann, survey)

    changed = await done(
        ask, ana, "update_survey", survey, questions=[{**OTHERWISE, "key": before.key}, {**TEXT, "key": text.key}]
    )

    assert changed["edition"] == 2
    [after, kept] = (await survey_editions.newest([survey.id]))[survey.id].questions
    assert (after.key, kept.id) == (before.key, text.id)
    assert after.id != before.id
    assert {one.id for one in await survey_editions.every_question(survey.id)} == {before.id, after.id, text.id}
    assert "SurveyChanged" in await events(survey)
    stale = await payload(ask, bob, "submit_survey_response", survey, edition=1, answers=[])
    assert [error["code"] for error in stale["errors"]] == ["CONFLICT"]
    await answer(ask, bob, survey, 2)


async def test_whether_anybody_has_answered_shows_in_no_edition(ask: Ask) -> None:
    ana = await an_analyst()
    ann, *_ = await a_crowd(5)
    for anonymity in ("ANONYMOUS", "CONFIDENTIAL"):
        untouched, answered = [await an_open(ask, ana, anonymity=anonymity) for _ in range(2)]
        await answer(ask, ann, answered)

        for survey in (untouched, answered):
            assert (await done(ask, ana, "update_survey", survey, questions=[OTHERWISE]))["edition"] == 2


async def test_a_named_survey_that_nobody_has_answered_keeps_its_edition(ask: Ask) -> None:
    ana = await an_analyst()
    ann, *_ = await a_crowd(5)
    survey = await an_open(ask, ana, anonymity="NAMED")

    assert (await done(ask, ana, "update_survey", survey, questions=[OTHERWISE]))["edition"] == 1
    await answer(ask, ann, survey)
    assert (await done(ask, ana, "update_survey", survey, questions=[SCALE]))["edition"] == 2


async def test_the_same_questions_again_change_nothing(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana)

    assert (await done(ask, ana, "update_survey", survey, questions=[SCALE]))["edition"] == 1


async def test_only_its_author_changes_what_an_open_survey_asks(ask: Ask) -> None:
    ana, hugo = await an_analyst(), await an_analyst("Hugo")
    await a_crowd(5)
    survey = await an_open(ask, ana)

    assert (await refusal(ask, hugo, "update_survey", survey, questions=[OTHERWISE]))[0] == "FORBIDDEN"
    await done(ask, hugo, "update_survey", survey, closes_at="2026-03-10T12:00:00Z")

    assert (await again(survey)).edition == 1


async def test_a_poll_keeps_one_question(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    poll = await an_open(ask, ana, kind="POLL")

    assert await refusal(ask, ana, "update_survey", poll, questions=[SCALE, TEXT]) == ("BAD_USER_INPUT", "questions")


async def test_editions_are_bounded(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    survey = await an_open(ask, ana)
    await Survey.filter(id=survey.id).update(edition=50)
    await survey_editions.keep(survey.id, 50, await survey_editions.at(survey.id, 1))

    assert await refusal(ask, ana, "update_survey", survey, questions=[OTHERWISE]) == ("BAD_USER_INPUT", "questions")


async def test_all_that_was_ever_asked_is_bounded(ask: Ask) -> None:
    """Results tell of what was replaced, too."""
    ana = await an_analyst()
    await a_crowd(5)

    def questions(edition: int) -> list[dict[str, Any]]:
        return [{"kind": "TEXT", "prompt": f"{edition}/{i}"} for i in range(QUESTIONS_MAX)]

    survey = await an_open(ask, ana, questions=questions(1))
    for edition in range(2, 11):
        await done(ask, ana, "update_survey", survey, questions=questions(edition))

    said = await sentence(ask, ana, "update_survey", survey, questions=questions(11))

    assert "2,200 questions; 2,000" in said
    assert (await again(survey)).edition == 10
    assert await done(ask, ana, "update_survey", survey, questions=questions(10)[:20])


async def test_a_draft_of_another_is_not_edited_by_hr(ask: Ask) -> None:
    ana, hugo = await an_analyst(), await an_analyst("Hugo")
    await a_crowd(5)
    draft = await a_draft(ask, ana, opens_at="2026-03-03T09:00:00Z", closes_at=IN_A_WEEK)
    await done(ask, ana, "schedule_survey", draft)

    for operation in ("update_survey", "unschedule_survey", "open_survey", "delete_survey"):
        assert await refusal(ask, hugo, operation, draft) == ("NOT_FOUND", "surveyId")
    assert (await again(draft)).status is SurveyStatus.SCHEDULED


async def test_the_id_of_something_else_is_not_found(ask: Ask) -> None:
    ana = await an_analyst()
    operations = ("update", "open", "close", "delete", "duplicate", "schedule", "unschedule", "archive")
    for operation in operations:
        made = await ask(ana, committed(f"{operation}_survey"), survey_id=global_id(ana))
        [found] = made.values()
        assert [error["code"] for error in found["errors"]] == ["NOT_FOUND"]
