"""Whom a survey asks: members of what it is for, less who is left out; told before, written down when it opens."""

from __future__ import annotations

from typing import Any

import pytest

from atrium.worker import fire
from models import audiences
from models.audiences import Audience, AudienceKind, AudienceMember
from models.groups import GroupRole, Visibility
from models.people import Person
from models.surveys import Survey, SurveySegment, SurveyStatus
from tests.clocks import TurnedClock
from tests.conftest import Ask, camel
from tests.factories.changes import an_hr
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.rules import a_rule
from tests.surveys.asking import (
    IN_A_WEEK,
    a_crowd,
    a_draft,
    again,
    an_analyst,
    an_open,
    asked,
    done,
    refusal,
    seen,
    sentence,
)


async def preview(ask: Ask, who: Person, **of: Any) -> tuple[int, int, list[str]]:
    """How many people, how many guests, and the codes of the warnings."""
    told = await previewed(ask, who, **of)
    return told["personCount"], told["guestCount"], [warning["code"] for warning in told["warnings"]]


async def previewed(ask: Ask, who: Person, **of: Any) -> dict[str, Any]:
    """The preview of what asks the company, but for what is said."""
    said = {camel(name): value for name, value in ({"audience": {"company": True}} | of).items()}
    return (await ask(who, "survey_audiences/survey_audience_preview", of=said))["surveyAudiencePreview"]


async def test_the_company_is_asked_without_its_guests_and_who_has_left(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    await a_guest()
    await a_person("Gone", active=False)

    survey = await an_open(ask, ana)

    assert await asked(survey) == {"Ana", *(f"Person {i:02}" for i in range(5))}


async def test_a_unit_is_asked_with_those_below_it(ask: Ask) -> None:
    ana, top = await an_analyst(), await a_unit("Top")
    below, beside = await a_unit("Below", parent=top), await a_unit("Beside")
    await a_crowd(3, "Top", unit=top)
    await a_crowd(3, "Below", unit=below)
    await a_crowd(3, "Beside", unit=beside)

    survey = await an_open(ask, ana, audience={"orgUnitId": global_id(top)})

    assert await asked(survey) == {f"{name} {i:02}" for name in ("Top", "Below") for i in range(3)}


async def test_a_location_a_rule_and_a_list_are_asked(ask: Ask) -> None:
    ana = await an_hr("Ana")  # who knows of rules
    in_bern = await a_crowd(5, "Bern", location="Bern")
    others = await a_crowd(5, "Other", location="Zug")
    rule = await a_rule("Some", *in_bern[:3], *others[:3])

    of_place = await an_open(ask, ana, audience={"location": "Bern"})
    of_rule = await an_open(ask, ana, audience={"ruleId": global_id(rule)})
    of_list = await an_open(ask, ana, audience={"personIds": [global_id(one) for one in others]})

    assert await asked(of_place) == {one.name for one in in_bern}
    assert await asked(of_rule) == {one.name for one in [*in_bern[:3], *others[:3]]}
    assert await asked(of_list) == {one.name for one in others}
    assert (await Audience.get(id=of_list.target_id)).kind is AudienceKind.PEOPLE


async def test_of_an_open_group_its_members_are_asked_and_guests_with_them(ask: Ask) -> None:
    crowd, [guest, stranger] = await a_crowd(5), [await a_guest("Gil"), await a_guest("Sue")]
    ana = crowd[0]
    group = await a_group(owner=ana, visibility=Visibility.OPEN)
    for one in crowd[1:]:
        await a_member(group, one)
    await a_member(group, guest, GroupRole.GUEST)

    assert await preview(ask, ana, audience={"groupId": global_id(group)}) == (
        6,
        1,
        ["FEW_FOR_TEXTS", "INCLUDES_GUESTS"],
    )
    survey = await an_open(ask, ana, audience={"groupId": global_id(group)})

    assert await asked(survey) == {one.name for one in [*crowd, guest]}
    told = await seen(ask, guest, survey)
    assert told and told["viewerCanAnswer"]
    assert await seen(ask, stranger, survey) is None


async def test_who_is_excluded_is_not_asked(ask: Ask) -> None:
    ana, top = await an_analyst(), await a_unit("Top")
    below = await a_unit("Below", parent=top)
    crowd = [*await a_crowd(2, "Top", unit=top), *await a_crowd(2, "Below", unit=below), *await a_crowd(6)]
    group = await a_group(owner=crowd[4], visibility=Visibility.OPEN)
    excluded = [
        {"orgUnitId": global_id(top)},
        {"groupId": global_id(group)},
        {"personIds": [global_id(crowd[5]), global_id(ana)]},
    ]

    survey = await an_open(ask, ana, excluded=excluded, anonymity="NAMED")

    assert await asked(survey) == {one.name for one in crowd[6:]}
    assert await preview(ask, ana, excluded=excluded, anonymity="NAMED") == (4, 0, [])
    assert await seen(ask, crowd[4], survey) is None


async def test_a_group_is_excluded_by_those_alone_who_see_its_members(ask: Ask) -> None:
    ana, crowd = await an_analyst(), await a_crowd(6)
    group = await a_group(owner=crowd[0], visibility=Visibility.PRIVATE)
    said = {"audience": {"company": True}, "excluded": [{"groupId": global_id(group)}]}

    answer = await ask.answer(ana, "survey_audiences/survey_audience_preview", of=said)

    assert answer.errors and answer.errors[0]["extensions"]["code"] == "FORBIDDEN"


async def test_who_is_in_no_unit_is_asked_all_the_same(ask: Ask) -> None:
    ana, out = await an_analyst(), await a_unit("Out")
    await a_crowd(2, "Out", unit=out)
    await a_crowd(5)

    survey = await an_open(ask, ana, excluded=[{"orgUnitId": global_id(out)}])

    assert (await again(survey)).invited == 6


async def test_excluding_everybody_leaves_nobody(ask: Ask) -> None:
    ana = await an_analyst()
    draft = await a_draft(ask, ana, excluded=[{"company": True}], anonymity="NAMED")

    assert await preview(ask, ana, excluded=[{"company": True}]) == (0, 0, ["EMPTY"])
    assert await refusal(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK) == ("BAD_USER_INPUT", "surveyId")


async def test_a_sample_is_as_large_as_said_and_another_each_time(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(39)

    drawn = [await asked(await an_open(ask, ana, sample_percent=25)) for _ in range(4)]

    assert [len(one) for one in drawn] == [10] * 4
    assert len({frozenset(one) for one in drawn}) > 1
    assert await preview(ask, ana, sample_percent=25) == (10, 0, [])


async def test_an_audience_of_three_is_refused_unless_it_is_named(ask: Ask) -> None:
    ana = await an_analyst()
    three = {"personIds": [global_id(one) for one in await a_crowd(3)]}
    for anonymity in ("ANONYMOUS", "CONFIDENTIAL"):
        draft = await a_draft(ask, ana, audience=three, anonymity=anonymity)
        assert await refusal(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK) == ("BAD_USER_INPUT", "surveyId")
        words = await sentence(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK)
        assert "at least 5 people, and 3 would be asked" in words
        assert "may go down to 3" in words
        assert (await again(draft)).status is SurveyStatus.DRAFT
        assert not await AudienceMember.filter(audience_id=draft.id).exists()
        assert await preview(ask, ana, audience=three, anonymity=anonymity) == (3, 0, ["TOO_FEW"])

    named = await an_open(ask, ana, audience=three, anonymity="NAMED")

    assert named.invited == 3


async def test_a_sample_of_a_crowd_can_be_too_small(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(19)
    draft = await a_draft(ask, ana, sample_percent=20)

    assert await preview(ask, ana, sample_percent=20) == (4, 0, ["TOO_FEW"])
    assert (await refusal(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK))[0] == "BAD_USER_INPUT"


async def test_the_preview_says_what_would_be_hidden(ask: Ask) -> None:
    ana, big, small = await an_analyst(), await a_unit("Big"), await a_unit("Small")
    await a_crowd(12, "Big", unit=big, location="Bern")
    await a_crowd(2, "Small", unit=small, location="Zug")

    assert await preview(ask, ana, segments=["ORG_UNIT"]) == (15, 0, ["HIDDEN_SEGMENTS"])
    told = await previewed(ask, ana, segments=["ORG_UNIT", "LOCATION"])
    words = " ".join(warning["message"] for warning in told["warnings"])
    assert "Big, Small" in words  # telling the one would tell the other
    assert "Zug" not in words
    assert await preview(ask, ana, segments=["ORG_UNIT"], anonymity="NAMED") == (15, 0, [])


async def test_the_preview_is_for_who_may_ask_and_writes_nothing(ask: Ask) -> None:
    ana, ann = await an_analyst(), await a_person("Ann")
    listed = {"audience": {"personIds": [global_id(ann)]}}
    before = await Audience.all().count()

    assert await preview(ask, ana, **listed) == (1, 0, ["TOO_FEW"])
    assert await Audience.all().count() == before
    of = {"audience": {"company": True}}
    assert (await ask.answer(ann, "survey_audiences/survey_audience_preview", of=of)).errors


async def test_segments_are_written_down_with_those_that_are_hidden(ask: Ask) -> None:
    ana, top = await an_analyst(), await a_unit("Top")
    east, west = await a_unit("East", parent=top), await a_unit("West", parent=top)
    await a_crowd(6, "East", unit=east)
    await a_crowd(4, "West", unit=west)

    survey = await an_open(ask, ana, audience={"orgUnitId": global_id(top)}, segments=["ORG_UNIT"])

    segments = await SurveySegment.filter(survey_id=survey.id)
    assert {(one.label, one.population, one.parent, one.blocks is None) for one in segments} == {
        ("Top", 10, None, False),
        ("East", 6, str(top.id), True),
        ("West", 4, str(top.id), True),
    }


async def test_who_has_left_the_group_is_asked_no_more(ask: Ask) -> None:
    ana, *others = await a_crowd(6)
    group = await a_group(owner=ana)
    for one in others:
        await a_member(group, one)
    survey = await an_open(ask, ana, audience={"groupId": global_id(group)})
    assert await seen(ask, others[0], survey) is not None

    await audiences.remove(group.id, [others[0].id])

    assert await seen(ask, others[0], survey) is None


async def test_whom_it_is_for_can_change_until_it_opens(ask: Ask) -> None:
    ana, unit = await an_analyst(), await a_unit("Sales")
    await a_crowd(6, unit=unit)
    draft = await a_draft(ask, ana)

    await done(ask, ana, "update_survey", draft, audience={"orgUnitId": global_id(unit)}, sample_percent=100)
    await done(ask, ana, "open_survey", draft, closes_at=IN_A_WEEK)

    assert (await Survey.get(id=draft.id)).invited == 6


async def test_a_rule_that_somebody_is_asked_by_stays_until_it_is_closed(ask: Ask) -> None:
    hana, crowd = await an_hr("Hana"), await a_crowd(6)
    rule = await a_rule("Some", *crowd)
    survey = await an_open(ask, hana, audience={"ruleId": global_id(rule)})

    async def delete() -> list[str]:
        gone = await ask(hana, "rules/delete_audience_rule", rule_id=global_id(rule))
        return [error["code"] for error in gone["deleteAudienceRule"]["errors"]]

    assert await delete() == ["NOT_EMPTY"]
    await done(ask, hana, "close_survey", survey)
    assert await delete() == []

    assert await seen(ask, crowd[0], survey) is not None


async def test_a_rule_that_is_gone_asks_nobody(ask: Ask) -> None:
    hana, rule = await an_hr("Hana"), await a_rule("Some", *await a_crowd(6))
    draft = await a_draft(ask, hana, audience={"ruleId": global_id(rule)})

    gone = await ask(hana, "rules/delete_audience_rule", rule_id=global_id(rule))

    assert gone["deleteAudienceRule"]["errors"] == []
    assert await refusal(ask, hana, "open_survey", draft, closes_at=IN_A_WEEK) == ("BAD_USER_INPUT", "surveyId")


async def test_surveys_of_a_group_are_deleted_with_it(ask: Ask, clock: TurnedClock) -> None:
    ana, *others = await a_crowd(6)
    group = await a_group(owner=ana)
    for one in others:
        await a_member(group, one)
    survey = await an_open(ask, ana, audience={"groupId": global_id(group)}, anonymity="NAMED")
    for operation in ("archive_group", "purge_group"):
        [answer] = (await ask(ana, f"group_ends/{operation}", group_id=global_id(group))).values()
        assert answer["errors"] == []

    clock.turn(days=31)
    while await fire(ask.services):
        pass

    assert not await Audience.filter(id__in=[group.id, survey.id]).exists()
    assert not await Survey.all().exists()


async def test_whom_a_survey_is_for_is_told_to_its_author_alone(ask: Ask) -> None:
    ana, hugo, unit = await an_analyst(), await an_analyst("Hugo"), await a_unit("Sales")
    [ann, *_] = await a_crowd(6, unit=unit)
    survey = await an_open(ask, ana, audience={"orgUnitId": global_id(unit)})

    assert [(await seen(ask, who, survey) or {})["audience"] for who in (ana, hugo, ann)] == [
        {"kind": "UNIT", "name": "Sales"},
        None,
        None,
    ]


@pytest.mark.parametrize(
    "of",
    [
        {"sample_percent": 0},
        {"sample_percent": 101},
        {"minimum_group_size": 2},
        {"minimum_group_size": 0},
        {"minimum_group_size": 9, "minimum_text_count": 8},
        {"segments": ["TENURE", "TENURE"]},
        {"excluded": [{"company": False}]},
    ],
)
async def test_a_preview_of_what_cannot_be_is_refused(ask: Ask, of: dict[str, Any]) -> None:
    ana = await an_analyst()
    said = {"audience": {"company": True}, **{camel(name): value for name, value in of.items()}}

    answer = await ask.answer(ana, "survey_audiences/survey_audience_preview", of=said)

    assert answer.errors and answer.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
