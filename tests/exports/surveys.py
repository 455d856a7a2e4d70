"""Surveys of every kind and state, for a company in which everything is that an export can hold."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from models import audiences, db, survey_editions, survey_responses
from models.audiences import COMPANY
from models.org import OrgUnit
from models.people import Person
from models.questionnaires import Given, Questionnaire
from models.surveys import (
    Anonymity,
    SegmentKind,
    Survey,
    SurveyKind,
    SurveyResponse,
    SurveySegment,
    SurveySeries,
    SurveyStatus,
    SurveyTally,
    SurveyText,
)
from tests.factories.feed import a_post
from tests.factories.people import NOW
from tests.factories.surveys import a_survey, choice, scale, text

LATER = NOW + timedelta(days=2)


async def some_surveys(kitchen: OrgUnit, ann: Person, bob: Person, leo: Person) -> None:
    """A draft, one that is scheduled, a quiz, one with names in its second edition, what is told of others, a pulse."""
    async with db.transaction():
        paris = await audiences.of_location("Paris")
    out = [COMPANY, kitchen.id, paris, leo.id]
    draft = await a_survey(ann, text(), status=SurveyStatus.DRAFT, target_id=kitchen.id, excluded=out, client_id="7")
    more: dict[str, Any] = {"target_id": paris, "sample": 50, "refusal": "Nobody", "shared": True}
    scheduled = await a_survey(bob, status=SurveyStatus.SCHEDULED, **more)
    await a_post("Soon we ask you", author=bob, survey_id=scheduled.id)
    await _named(ann, bob, leo)
    await _quiz(ann, bob)
    await _counted(ann, bob, leo)
    await _pulse(draft, ann, bob)


async def _named(ann: Person, bob: Person, leo: Person) -> None:
    """One of which the questions have changed; one of those who are asked has handed in, one has begun."""
    first, second = choice(has_other=True), scale(translations={"de": "Ich weiß"})
    people = [ann, bob, leo]
    survey = await a_survey(ann, first, asked=people, anonymity=Anonymity.NAMED, edition=2, reminded_at=NOW)
    await survey_editions.keep(survey.id, 2, Questionnaire((first, second)))
    given = [Given(first.id, (3,), "“In bed”\nat noon"), Given(second.id, (4,))]
    await survey_responses.give(survey.id, 2, ann.id, 0, given, NOW, handed_in=True)
    await survey_responses.give(survey.id, 2, bob.id, 0, given[:1], NOW, handed_in=False)


async def _quiz(ann: Person, bob: Person) -> None:
    kind: dict[str, Any] = {"kind": SurveyKind.QUIZ, "anonymity": Anonymity.CONFIDENTIAL, "time_limit": 60}
    quiz = await a_survey(ann, scale(correct="3", points=1.5), asked=[ann, bob], attempts=2, **kind)
    taken: dict[str, Any] = {"edition": 1, "block": 0, "started_at": NOW, "due_at": LATER}
    points: dict[str, Any] = {"submitted_at": NOW, "points": 0.1, "maximum": 1.5}
    await SurveyResponse.create(survey_id=quiz.id, person_id=bob.id, **taken, **points)
    await SurveyResponse.create(survey_id=quiz.id, person_id=bob.id, attempt=2, **taken)


async def _counted(ann: Person, bob: Person, leo: Person) -> None:
    """An anonymous one, and one that is closed and still to be counted."""
    over: dict[str, Any] = {"asked": [ann, bob, leo], "status": SurveyStatus.CLOSED}
    await a_survey(ann, scale(), anonymity=Anonymity.CONFIDENTIAL, **over)
    opinion, number = text(), scale()
    survey = await a_survey(ann, opinion, number, segments=["LOCATION", "TENURE"], answered=3, counted_at=LATER, **over)
    await db.execute("DELETE FROM survey_place WHERE survey_id = $1", survey.id)
    named: dict[str, Any] = {"survey_id": survey.id, "kind": SegmentKind.LOCATION, "label": "Paris", "population": 3}
    paris = await SurveySegment.create(value="Paris", blocks=[0, 2], **named)
    await SurveySegment.create(value="Rome", other_kind=SegmentKind.TENURE, other_value="<1", **named)
    counts: dict[str, Any] = {
        "took_part": 3,
        "questions": [opinion.id, number.id],
        "answered": [3, 3],
        "counts": [0, 1, 2, 0, 0],
        "written": [None, 0],
        "pools": [4],
    }
    for segment in (None, paris.id):
        await SurveyTally.create(id=uuid.uuid4(), survey_id=survey.id, segment_id=segment, **counts)
    await SurveyText.create(survey_id=survey.id, question_id=opinion.id, pool=4, text="“More\ntea”")


async def _pulse(template: Survey, ann: Person, bob: Person) -> None:
    pulse = await SurveySeries.create(
        title="Pulse “Ω”",
        template_id=template.id,
        target_id=template.target_id,
        rule="FREQ=WEEKLY;BYDAY=MO",
        starts_at=NOW,
        zone="Europe/Paris",
        open_hours=48,
        turns=2,
        salt=b"\0\1\xff" * 9,
        rounds=1,
        next_at=LATER,
        refusal="Too few",
        author_id=ann.id,
        client_id="8",
        created_at=NOW,
    )
    await a_survey(ann, asked=[bob], anonymity=Anonymity.NAMED, series_id=pulse.id, round=1)
