"""Answering over HTTP: refusals as clients see them, few statements, and no trace of who it was."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from auth.passwords import Hasher
from execution.ids import encode_id
from models.people import Person
from models.session import Access
from models.surveys import Anonymity, SurveyBallot
from tests.ballots.arranging import Booth, a_booth, dump
from tests.conftest import OPERATIONS
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.surveys import committed
from tests.web.server import Served, serving

STATEMENTS_MAX = 6  # to hand in a response, who asks and the answer included
TEXT_MAX = 1_000_000
BESIDES = ("FROM event e", "typeinfo_tree", "set_config('jit'")
"""In statements of the server's other tasks, and in those that a connection runs once in its life."""


@pytest_asyncio.fixture(scope="module")
async def served(pool: list[str], hasher: Hasher) -> AsyncGenerator[Served]:
    async with serving(hasher) as running:
        yield running


@dataclass
class Client:
    """Somebody at a survey, over HTTP."""

    served: Served
    booth: Booth
    token: str

    def answers(self, number: int = 4, words: str | None = None) -> list[dict[str, Any]]:
        scale, text = (encode_id("SurveyQuestion", question.id) for question in self.booth.questions)
        said = [] if words is None else [{"questionId": text, "value": {"text": words}}]
        return [{"questionId": scale, "value": {"number": number}}, *said]

    async def submit(self, answers: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
        given = {"surveyId": global_id(self.booth.survey), "answers": answers or self.answers(), **more}
        done = await self.served.operate(committed("submit_survey_response"), self.token, input=given)
        return done["submitSurveyResponse"]


async def a_client(served: Served, booth: Booth, person: Person | None = None) -> Client:
    return Client(served, booth, await served.token(person or booth.people[0]))


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_a_response_is_handed_in_by_few_statements(
    served: Served, statements: list[str], anonymity: Anonymity
) -> None:
    booth = await a_booth(served.services, 2, anonymity=anonymity)
    for person in booth.people:
        client = await a_client(served, booth, person)
        statements.clear()

        done = await client.submit(client.answers(4, "Better coffee"))

        assert done == {
            "survey": {"id": global_id(booth.survey), "viewerHasResponded": True},
            "quizScore": None,
            "errors": [],
        }
        own = [one for one in statements if not any(word in one for word in BESIDES)]
        assert len(own) <= STATEMENTS_MAX, own


@pytest.mark.parametrize("anonymity", Anonymity)
async def test_refusals_have_a_code_a_sentence_and_a_path(served: Served, database: None, anonymity: Anonymity) -> None:
    booth = await a_booth(served.services, 2, anonymity=anonymity)
    ann, bob = [await a_client(served, booth, person) for person in booth.people]
    stranger = await a_client(served, booth, await a_person("Stranger"))
    await ann.submit()

    async def refusal(client: Client, *answers: Any, **more: Any) -> tuple[str, list[str]]:
        done = await client.submit(*answers, **more)
        (error,) = done["errors"]
        assert done["survey"] is None and len(error["message"]) > 20
        return error["code"], error["path"]

    assert await refusal(ann) == ("CONFLICT", ["input", "surveyId"])
    assert await refusal(stranger) == ("NOT_FOUND", ["input", "surveyId"])
    assert await refusal(bob, edition=2) == ("CONFLICT", ["input", "edition"])
    assert await refusal(bob, surveyId=global_id(booth.people[0])) == ("NOT_FOUND", ["input", "surveyId"])
    wide = bob.answers(6)
    assert await refusal(bob, wide) == ("BAD_USER_INPUT", ["input", "answers", "0", "value", "number"])
    long = bob.answers(4, "x" * (TEXT_MAX - 2_000))
    assert await refusal(bob, long) == ("BAD_USER_INPUT", ["input", "answers", "1", "value", "text"])
    served.clock.turn(days=8)
    assert await refusal(bob) == ("FORBIDDEN", ["input", "surveyId"])
    served.clock.turn(days=-8)


async def test_a_body_of_more_than_a_megabyte_is_not_even_read(served: Served, database: None) -> None:
    booth = await a_booth(served.services)
    client = await a_client(served, booth)
    given = {"surveyId": global_id(booth.survey), "answers": client.answers(4, "x" * TEXT_MAX)}

    text = (OPERATIONS / f"{committed('submit_survey_response')}.graphql").read_text()
    response = await served.post(text, token=client.token, variables={"input": given})

    assert response.status_code == 413
    assert await SurveyBallot.all().count() == 0


async def test_answers_are_saved_and_told_again(served: Served, database: None) -> None:
    booth = await a_booth(served.services, anonymity=Anonymity.CONFIDENTIAL)
    client = await a_client(served, booth)
    given = {"surveyId": global_id(booth.survey), "answers": client.answers(2, "Not sure")}

    done = await served.operate(committed("save_survey_answers"), client.token, input=given)
    told = await served.operate(committed("own_survey_answers"), client.token, id=global_id(booth.survey))

    assert done["saveSurveyAnswers"]["errors"] == []
    assert [answer["number"] for answer in done["saveSurveyAnswers"]["survey"]["viewerAnswers"]] == [2, None]
    assert [answer["text"] for answer in told["survey"]["viewerAnswers"]] == [None, "Not sure"]
    assert told["survey"]["viewerHasResponded"] is False


async def test_of_an_anonymous_survey_nothing_is_saved(served: Served, database: None) -> None:
    booth = await a_booth(served.services)
    client = await a_client(served, booth)
    before = await dump()

    given = {"surveyId": global_id(booth.survey), "answers": client.answers(2)}
    done = await served.operate(committed("save_survey_answers"), client.token, input=given)

    (error,) = done["saveSurveyAnswers"]["errors"]
    assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", "surveyId"])
    assert "device" in error["message"]
    assert await dump() == before


async def test_handing_in_writes_a_ballot_and_does_not_note_that_the_session_was_used(
    served: Served, database: None
) -> None:
    booth = await a_booth(served.services)
    client = await a_client(served, booth)
    opened_at = served.clock.now()
    before = await dump()
    served.clock.turn(minutes=30)

    await client.submit()

    after = await dump()
    for table in after:
        written = {row["_xmin"] for row in after[table]} - {row["_xmin"] for row in before[table]}
        assert bool(written) is (table == "survey_ballot"), table
    assert (await Access.get(person_id=booth.people[0].id)).last_used_at == opened_at
    served.clock.turn(seconds=2)  # who has just been looked up is not, for a second
    await served.operate(committed("survey"), client.token, id=global_id(booth.survey))
    assert (await Access.get(person_id=booth.people[0].id)).last_used_at == served.clock.now()
