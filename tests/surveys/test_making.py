"""Surveys made: by whom, of what, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models import survey_editions
from models.audiences import Audience, AudienceKind
from models.groups import Visibility
from models.org import OrgUnit
from models.session import Role
from models.surveys import Anonymity, SegmentKind, Survey, SurveyStatus
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role, as_viewer
from tests.surveys.asking import SCALE, TEXT, a_draft, an_analyst, described, done, events, refusal, seen


async def test_an_analyst_makes_a_survey_that_nobody_is_asked_yet(ask: Ask) -> None:
    ana, unit = await an_analyst(), await a_unit("Sales")

    made = await a_draft(
        ask, ana, audience={"orgUnitId": global_id(unit)}, segments=["ORG_UNIT", "TENURE"], minimum_group_size=7
    )

    assert (made.status, made.anonymity, made.author_id) == (SurveyStatus.DRAFT, Anonymity.ANONYMOUS, ana.id)
    assert (made.target_id, made.segments) == (unit.id, [SegmentKind.ORG_UNIT, SegmentKind.TENURE])
    assert (made.min_group, made.min_texts, made.edition) == (7, 10, 1)
    assert (await Audience.get(id=made.id)).kind is AudienceKind.SURVEY
    assert [q.prompt for q in (await survey_editions.newest([made.id]))[made.id].questions] == [SCALE["prompt"]]
    assert await events(made) == ["SurveyCreated"]


async def test_a_draft_is_its_authors_alone(ask: Ask) -> None:
    ana, bob = await an_analyst(), await an_analyst("Bob")
    draft = await a_draft(ask, ana)

    assert await seen(ask, bob, draft) is None
    assert await refusal(ask, bob, "update_survey", draft, title="Mine") == ("NOT_FOUND", "surveyId")
    assert await refusal(ask, bob, "open_survey", draft) == ("NOT_FOUND", "surveyId")
    assert await refusal(ask, bob, "delete_survey", draft) == ("NOT_FOUND", "surveyId")
    assert await refusal(ask, bob, "duplicate_survey", draft) == ("NOT_FOUND", "surveyId")
    assert (await ask(bob, "surveys/surveys", first=9))["surveys"]["nodes"] == []
    assert (await ask(bob, "surveys/questionnaire_file", id=global_id(draft)))["survey"] is None


async def test_heads_ask_their_unit_and_moderators_their_group(ask: Ask) -> None:
    hal, moe, ann = await a_person("Hal"), await a_person("Moe"), await a_person("Ann")
    unit, group = await a_unit("Sales"), await a_group(owner=moe)
    below = await a_unit("Shops", parent=unit)
    await OrgUnit.filter(id=unit.id).update(head_id=hal.id)
    await a_member(group, ann)

    await a_draft(ask, hal, audience={"orgUnitId": global_id(below)})
    await a_draft(ask, moe, audience={"groupId": global_id(group)})

    in_group = described(audience={"groupId": global_id(group)})
    assert await refusal(ask, ann, "create_survey", **in_group) == ("FORBIDDEN", "audience.groupId")
    assert await refusal(ask, hal, "create_survey", **described()) == ("FORBIDDEN", "audience.company")
    listed = described(audience={"personIds": [global_id(ann)]})
    assert await refusal(ask, hal, "create_survey", **listed) == ("FORBIDDEN", "audience.personIds")


async def test_ordinary_people_and_guests_ask_nobody(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest()
    await a_role(gil, Role.ANALYST)

    assert (await refusal(ask, ann, "create_survey", **described()))[0] == "FORBIDDEN"
    assert (await refusal(ask, gil, "create_survey", **described()))[0] == "FORBIDDEN"
    assert await Survey.all().count() == 0


async def test_a_group_that_one_does_not_know_of_is_not_there(ask: Ask) -> None:
    ana, bob = await an_analyst(), await a_person("Bob")
    secret = await a_group(owner=bob, visibility=Visibility.SECRET)

    given = described(audience={"groupId": global_id(secret)})
    assert await refusal(ask, ana, "create_survey", **given) == ("NOT_FOUND", "audience.groupId")
    given = described(excluded=[{"groupId": global_id(secret)}])
    assert await refusal(ask, ana, "create_survey", **given) == ("NOT_FOUND", "excluded.0.groupId")
    given = described(excluded=[{"company": True}, {"personIds": [global_id(ana), global_id(secret)]}])
    assert await refusal(ask, ana, "create_survey", **given) == ("NOT_FOUND", "excluded.1.personIds.1")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"title": " "}, "title"),
    ({"title": "x" * 201}, "title"),
    ({"description": "x" * 5_001}, "description"),
    ({"minimum_group_size": 2}, "minimumGroupSize"),
    ({"minimum_group_size": 0}, "minimumGroupSize"),
    ({"minimum_group_size": 1_001}, "minimumGroupSize"),
    ({"minimum_group_size": 8, "minimum_text_count": 7}, "minimumTextCount"),
    ({"segments": ["ORG_UNIT", "ORG_UNIT"]}, "segments"),
    ({"sample_percent": 0}, "samplePercent"),
    ({"sample_percent": 101}, "samplePercent"),
    ({"kind": "QUIZ"}, "anonymity"),
    ({"kind": "POLL", "questions": [SCALE, TEXT]}, "questions"),
    ({"questions": []}, "questions"),
    ({"questions": None}, "questions"),
    ({"sections": [{"key": "a", "title": "A"}], "questions": None}, "sections"),
    ({"time_limit_seconds": 60}, "timeLimitSeconds"),
    ({"kind": "QUIZ", "anonymity": "NAMED", "time_limit_seconds": 5}, "timeLimitSeconds"),
    ({"kind": "QUIZ", "anonymity": "NAMED", "attempts_max": 101}, "attemptsMax"),
    ({"opens_at": "2026-03-01T12:00:00Z"}, "opensAt"),
    ({"opens_at": "2027-06-01T12:00:00Z"}, "opensAt"),
    ({"closes_at": "2026-03-01T12:00:00Z"}, "closesAt"),
    ({"opens_at": "2026-03-09T12:00:00Z", "closes_at": "2026-03-09T12:00:00Z"}, "closesAt"),
    ({"closes_at_local": "tomorrow"}, "closesAtLocal"),
    ({"closes_at_local": "2026-02-30T12:00"}, "closesAtLocal"),
    ({"closes_at_local": "2026-03-09T12:00Z"}, "closesAtLocal"),
    ({"closes_at_local": "2026-03-09T12:00", "closes_at": "2026-03-09T12:00:00Z"}, "closesAtLocal"),
    ({"excluded": [{"company": False}]}, "excluded.0.company"),
    ({"questionnaire_file": "{}"}, "questionnaireFile"),
    ({"questionnaire_file": "no JSON", "questions": None}, "questionnaireFile"),
    ({"client_id": "x" * 101}, "clientId"),
]


@pytest.mark.parametrize(("changes", "path"), REFUSED)
async def test_what_cannot_be_is_refused_where_it_is_said(ask: Ask, changes: dict[str, Any], path: str) -> None:
    ana = await an_analyst()

    assert await refusal(ask, ana, "create_survey", **described(**changes)) == ("BAD_USER_INPUT", path)
    assert await Survey.all().count() == 0
    assert await Audience.filter(kind=AudienceKind.SURVEY).count() == 0


async def test_the_same_client_id_is_the_same_survey(ask: Ask) -> None:
    ana, bob = await an_analyst(), await an_analyst("Bob")

    first = await a_draft(ask, ana, client_id="s1")
    second = await a_draft(ask, ana, client_id="s1", title="Another")
    other = await a_draft(ask, bob, client_id="s1")

    assert first.id == second.id != other.id
    assert second.title == "Pulse"


async def test_raising_one_threshold_raises_the_other(ask: Ask) -> None:
    ana = await an_analyst()

    assert (await a_draft(ask, ana, minimum_group_size=20)).min_texts == 20
    assert (await a_draft(ask, ana, minimum_group_size=3, minimum_text_count=3)).min_texts == 3


async def test_a_token_needs_the_scope(ask: Ask) -> None:
    ana = await an_analyst()
    draft = await a_draft(ask, ana)
    viewer = await as_viewer(ana, ask.services.clock.now())
    reading = replace(viewer, scopes=frozenset({"surveys:read"}), access_id=None)
    writing = replace(viewer, scopes=frozenset({"surveys:write"}), access_id=None)

    assert await seen(ask, reading, draft) is not None
    assert await refusal(ask, reading, "update_survey", draft, title="New") == ("FORBIDDEN", "")
    answer = await ask.answer(writing, "surveys/survey", id=global_id(draft))
    assert answer.errors


async def test_a_copy_asks_the_same_and_is_the_copiers_own(ask: Ask) -> None:
    ana = await an_analyst()
    old = await a_draft(ask, ana, segments=["LOCATION"], questions=[SCALE, TEXT], minimum_group_size=6)

    copied = await done(ask, ana, "duplicate_survey", old, title="Again", client_id="c1")

    assert (copied["title"], copied["status"], copied["segments"]) == ("Again", "DRAFT", ["LOCATION"])
    before = (await seen(ask, ana, old) or {})["questions"]
    assert [one["key"] for one in copied["questions"]] == [one["key"] for one in before]
    assert {one["id"] for one in copied["questions"]}.isdisjoint(one["id"] for one in before)
    twice = await done(ask, ana, "duplicate_survey", old, title="Again", client_id="c1")
    assert twice["id"] == copied["id"]


async def test_deleting_takes_all_of_it_away(ask: Ask) -> None:
    ana = await an_analyst()
    draft = await a_draft(ask, ana)

    await ask(ana, "survey_making/delete_survey", survey_id=global_id(draft))

    assert await Survey.all().count() == 0
    assert not await Audience.filter(id=draft.id).exists()
    assert await events(draft) == ["SurveyCreated", "SurveyDeleted"]
    assert await refusal(ask, ana, "delete_survey", draft) == ("NOT_FOUND", "surveyId")


async def test_a_questionnaire_travels_as_a_file(ask: Ask) -> None:
    ana = await an_analyst()
    old = await a_draft(ask, ana, questions=[SCALE, {**TEXT, "translations": [{"locale": "de", "text": "Und?"}]}])
    file = (await ask(ana, "surveys/questionnaire_file", id=global_id(old)))["survey"]["questionnaireFile"]

    made = await a_draft(ask, ana, questions=None, questionnaire_file=file)

    asks = await survey_editions.newest([old.id, made.id])
    assert [(q.key, q.kind, q.translations) for q in asks[made.id].questions] == [
        (q.key, q.kind, q.translations) for q in asks[old.id].questions
    ]


async def test_a_file_with_respondents_loses_them_and_says_so(ask: Ask) -> None:
    ana = await an_analyst()
    old = await a_draft(ask, ana)
    file = (await ask(ana, "surveys/questionnaire_file", id=global_id(old)))["survey"]["questionnaireFile"]
    told = file.replace('"format"', '"respondents": [{"ip": "203.0.113.7", "name": "Ann"}], "format"', 1)

    answer = await ask(ana, "survey_making/update_survey", survey_id=global_id(old), questionnaire_file=told)

    assert answer["updateSurvey"]["errors"] == []
    assert answer["updateSurvey"]["notes"]
    assert "203.0.113.7" not in str(answer)


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_what_a_file_says_of_anonymity_decides_nothing(ask: Ask, anonymity: Anonymity) -> None:
    ana = await an_analyst()
    draft = await a_draft(ask, ana, title="Mine")
    file = (await ask(ana, "surveys/questionnaire_file", id=global_id(draft)))["survey"]["questionnaireFile"]

    for called in (True, False):
        told = file.replace('"format"', f'"anonymous": {str(called).lower()}, "format"', 1)
        given = {"survey_id": global_id(draft), "questionnaire_file": told, "anonymity": anonymity.value}
        answer = await ask(ana, "survey_making/update_survey", **given)

        differ = called is not (anonymity is Anonymity.ANONYMOUS)
        assert [anonymity.value in note for note in answer["updateSurvey"]["notes"]] == [True] * differ
        stored = await Survey.get(id=draft.id)
        assert (stored.anonymity, stored.title) == (anonymity, "Mine")
