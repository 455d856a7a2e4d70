"""Surveys that people answer, and what the database then looks like."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models import db
from models.errors import DomainError, ErrorCode
from models.people import Person
from models.questionnaires import Question
from models.surveys import Survey, SurveyAnswer, SurveyBallot, SurveyPlace, SurveyStatus
from resolvers import survey_answering
from resolvers.context import Context, Services
from resolvers.survey_answering import Submitted
from resolvers.survey_given import NewAnswer, Number, Text
from tests.factories.people import a_person
from tests.factories.session import as_viewer
from tests.factories.surveys import a_survey, scale, text

TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""


@dataclass
class Booth:
    """An open survey of a scale and a text, and those whom it asks."""

    services: Services
    survey: Survey
    questions: tuple[Question, Question]
    people: list[Person]

    async def context(self, person: Person) -> Context:
        return Context(self.services, await as_viewer(person, self.services.clock.now()))

    def answers(self, number: int = 4, words: str | None = None) -> list[NewAnswer]:
        said = [] if words is None else [NewAnswer(self.questions[1].id, Text(words))]
        return [NewAnswer(self.questions[0].id, Number(number)), *said]

    async def submit(self, person: Person, number: int = 4, words: str | None = None, **more: Any) -> Submitted:
        ctx = await self.context(person)
        return await survey_answering.submit(ctx, self.survey.id, self.answers(number, words), **more)

    async def submit_all(self, people: Sequence[Person]) -> None:
        for i, person in enumerate(people):
            await self.submit(person, 1 + i % 5, f"Words of {i}")

    async def place(self, *blocks: int) -> None:
        """Put people into these blocks, one after the other."""
        for person, block in zip(self.people, blocks, strict=True):
            await SurveyPlace.filter(survey_id=self.survey.id, person_id=person.id).update(block=block)

    async def close(self) -> None:
        """Let nobody answer any more, as closing does; nothing is counted yet."""
        now = self.services.clock.now()
        await Survey.filter(id=self.survey.id).update(status=SurveyStatus.CLOSED, closed_at=now)

    async def waiting(self) -> int:
        """Ballots with answers in them."""
        return await SurveyBallot.filter(survey_id=self.survey.id).exclude(sealed=None).count()

    async def moved(self) -> int:
        """People whose answers have been moved."""
        return await SurveyAnswer.filter(survey_id=self.survey.id, question_id=None).count()

    async def read(self) -> Survey:
        return await Survey.get(id=self.survey.id)


async def a_booth(services: Services, people: int | Sequence[Person] = 1, **columns: Any) -> Booth:
    """An open survey, anonymous unless said otherwise, that so many people are asked by."""
    asked = list(people) if not isinstance(people, int) else [await a_person(f"Person {i}") for i in range(people)]
    questions = (columns.pop("first", None) or scale(), text())
    survey = await a_survey(await a_person("Ann"), *questions, asked=asked, at=services.clock.now(), **columns)
    return Booth(services, survey, questions, asked)


async def refused(doing: Any) -> tuple[ErrorCode, str]:
    """The code and the path of a refusal."""
    try:
        await doing
    except DomainError as error:
        return error.code, ".".join(error.path)
    raise AssertionError("it was not refused")


async def outcomes(doings: Sequence[Any]) -> list[ErrorCode | None]:
    """What becomes of things done at once: None for each that was done, else why it was refused."""
    found: list[ErrorCode | None] = []
    for done in await asyncio.gather(*doings, return_exceptions=True):
        if isinstance(done, BaseException) and not isinstance(done, DomainError):
            raise done
        found.append(done.code if isinstance(done, DomainError) else None)
    return found


async def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, with which transaction wrote it and where it lies, in the order of the disk."""
    tables = [row[0] for row in await db.rows(TABLES)]
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        rows = await db.rows(f'SELECT xmin::text AS _xmin, xmax::text AS _xmax, ctid::text AS _ctid, * FROM "{table}"')
        found[table] = [dict(row) for row in rows]
    return found
