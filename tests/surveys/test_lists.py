"""Lists of surveys: whose they are, in which order, and what is found among them."""

from __future__ import annotations

from typing import Any

from models import survey_editions
from models.people import Person
from models.surveys import Anonymity, Survey, SurveyStatus
from resolvers import survey_answering
from resolvers.survey_given import NewAnswer, Number
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.surveys import a_survey
from tests.surveys.asking import a_crowd, a_draft, an_analyst, an_open, done, seen


async def titles(ask: Ask, who: Person, **filter_by: Any) -> list[str]:
    found = await ask(who, "surveys/find_surveys", first=50, filter_by=filter_by)
    return [node["title"] for node in found["surveys"]["nodes"]]


async def test_the_newest_are_first_page_by_page(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    for i in range(5):
        clock.turn(minutes=i % 2)  # some are of one moment
        await a_draft(ask, ana, title=f"S{i}")

    found: list[str] = []
    after = None
    while True:
        page = (await ask(ana, "surveys/find_surveys", first=2, after=after))["surveys"]
        found += [node["title"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert page["totalCount"] == 5
    assert {frozenset(found[:2]), frozenset(found[2:4]), frozenset(found[4:])} == {
        frozenset({"S3", "S4"}),
        frozenset({"S1", "S2"}),
        frozenset({"S0"}),
    }


async def test_one_finds_what_one_is_asked_has_made_or_keeps(ask: Ask) -> None:
    ana, hugo = await an_analyst(), await an_analyst("Hugo")
    ann, *_ = crowd = await a_crowd(6)
    await a_draft(ask, ana, title="Draft")
    await an_open(ask, ana, title="Open", audience={"personIds": [global_id(one) for one in crowd]})
    stranger = await a_person("Stranger")

    assert sorted(await titles(ask, ana)) == ["Draft", "Open"]
    assert await titles(ask, hugo) == await titles(ask, ann) == ["Open"]
    assert await titles(ask, stranger) == []
    assert await titles(ask, ana, isMine=False) == []
    assert await titles(ask, hugo, isMine=False) == ["Open"]


async def test_filters_come_together(ask: Ask) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    await a_draft(ask, ana, title="How are you?", kind="POLL")
    await a_draft(ask, ana, title="How is it going?")
    await an_open(ask, ana, title="HOW was it?")

    assert await titles(ask, ana, text="how", kind="SURVEY", status="DRAFT") == ["How is it going?"]
    assert len(await titles(ask, ana, text="  how ")) == 3
    assert await titles(ask, ana, text="%") == []
    answer = await ask.answer(ana, "surveys/find_surveys", filter_by={"text": "x" * 101})
    assert answer.errors and answer.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_what_awaits_somebody_is_open_and_not_answered(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    ann, *_ = await a_crowd(6)
    for anonymity in Anonymity:
        answered = await an_open(ask, ana, title=f"Done {anonymity}", anonymity=anonymity.value)
        await an_open(ask, ana, title=f"To do {anonymity}", anonymity=anonymity.value)
        [question] = (await survey_editions.newest([answered.id]))[answered.id].questions
        await survey_answering.submit(await ask.context(ann), answered.id, [NewAnswer(question.id, Number(2))])
        assert not (await seen(ask, ann, answered) or {})["viewerCanAnswer"]
    closed = await an_open(ask, ana, title="Closed")
    await done(ask, ana, "close_survey", closed)

    assert sorted(await titles(ask, ann, awaitsViewer=True)) == sorted(f"To do {one}" for one in Anonymity)
    assert sorted(await titles(ask, ann, awaitsViewer=False)) == sorted(
        ["Closed", *(f"Done {one}" for one in Anonymity)]
    )


async def test_a_survey_is_a_node_for_who_sees_it(ask: Ask) -> None:
    ana, ann = await an_analyst(), await a_person("Ann")
    draft = await a_draft(ask, ana)

    text = "query($id: ID!) { node(id: $id) { ... on Survey { title } } }"
    own, other = [await ask.text(who, text, {"id": global_id(draft)}) for who in (ana, ann)]

    assert own.data == {"node": {"title": "Pulse"}}
    assert other.data == {"node": None}


async def test_the_notice_is_honest(ask: Ask) -> None:
    ana = await an_analyst()
    ann = await a_person("Ann")
    notices: dict[Anonymity, str] = {}
    for anonymity in Anonymity:
        survey = await a_survey(ana, asked=[ann], anonymity=anonymity, min_group=7, min_texts=12)
        notices[anonymity] = (await seen(ask, ann, survey) or {})["anonymityNotice"]

    assert "who answered what" in notices[Anonymity.NAMED]
    assert "not anonymous" in notices[Anonymity.CONFIDENTIAL]
    assert notices[Anonymity.ANONYMOUS].startswith("Anonymous:")
    for hidden in (Anonymity.CONFIDENTIAL, Anonymity.ANONYMOUS):
        assert "at least 7 people" in notices[hidden]
        assert "12 texts" in notices[hidden]
    shared = await a_survey(ana, asked=[ann], shared=True)
    assert "all who were asked see the results" in (await seen(ask, ann, shared) or {})["anonymityNotice"]


async def test_the_notice_of_a_named_survey_tells_who_else_could_know(ask: Ask) -> None:
    """Of few people everything is told there, to heads of their units and to all where it is shared."""
    ana, ann = await an_analyst(), await a_person("Ann")

    async def notice(**columns: Any) -> str:
        given: dict[str, Any] = {"anonymity": Anonymity.NAMED, **columns}
        survey = await a_survey(ana, asked=[ann], **given)
        return (await seen(ask, ann, survey) or {})["anonymityNotice"]

    assert "heads" not in await notice()
    assert "heads are told" in await notice(segments=["ORG_UNIT"])
    assert "can tell who answered what" in await notice(shared=True)
    assert "can tell who answered what" not in await notice(shared=True, anonymity=Anonymity.ANONYMOUS)
    assert "heads" not in await notice(segments=["ORG_UNIT"], anonymity=Anonymity.ANONYMOUS)


async def test_what_one_may_do_is_told_as_it_is_guarded(ask: Ask) -> None:
    ana, hugo = await an_analyst(), await an_analyst("Hugo")
    ann = await a_person("Ann")
    rights = ("viewerCanAnswer", "viewerCanUpdate", "viewerCanManage", "viewerCanSeeResults")

    async def may(who: Person, survey: Survey) -> str:
        told = await seen(ask, who, survey)
        return "".join(right[9] if told and told[right] else "-" for right in rights)

    draft = await a_survey(ana, status=SurveyStatus.DRAFT)
    opened = await a_survey(ana, asked=[ann])
    closed = await a_survey(ana, asked=[ann], status=SurveyStatus.CLOSED, shared=True)
    assert [await may(ana, one) for one in (draft, opened, closed)] == ["-U-S", "-UMS", "--MS"]
    assert [await may(hugo, one) for one in (draft, opened, closed)] == ["----", "-UMS", "--MS"]
    assert [await may(ann, one) for one in (draft, opened, closed)] == ["----", "A---", "---S"]
