"""Responses to surveys that another system has held: counted as any others are, and then gone where nobody is named.

They are counted with the survey, once, by the gate's own counting. Of a response to an anonymous survey nothing else
remains, not even that it came: a file that is brought in again is known by how many of them it has.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg
import orjson

from atrium.imports.extras.declaring import PERSON, Given, found
from atrium.imports.extras.held_surveys import TYPE as SURVEY
from atrium.imports.report import Code
from models import db, survey_ballots, survey_editions, survey_places, survey_responses
from models.questionnaires import Given as Answer
from models.survey_responses import HandedIn
from models.survey_slips import slips
from models.surveys import MIN_GROUP, Survey
from resolvers.survey_counting import count
from resolvers.survey_file_answers import HeldSurvey, held_answers, held_survey

TYPE = "survey_response"
BATCH = 1_000  # responses

SURVEYS = f"""
SELECT staged.line, staged.id AS external_id, staged.fields::text AS said, k.id AS subject_id
FROM {{staged}} LEFT JOIN extra_key k ON k.type = '{SURVEY}' AND k.external_id = staged.id
WHERE staged.type = '{SURVEY}' AND NOT staged.deleted ORDER BY staged.line
"""
HOLD = """
CREATE TEMPORARY TABLE extra_held (survey text, line int, external_id text, answers text, person uuid, at timestamptz)
ON COMMIT DROP
"""
MOMENT = "coalesce(staged.fields->>'submitted_at', staged.fields->>'created_at')"
FILL = f"""
INSERT INTO extra_held
SELECT staged.fields->>'survey', staged.line, staged.id, staged.fields->>'answers',
    {found("(staged.fields->>'person')", *PERSON)},
    CASE WHEN {MOMENT} ~ '^[0-9]' AND pg_input_is_valid({MOMENT}, 'timestamptz') THEN ({MOMENT})::timestamptz END
FROM {{staged}} WHERE staged.type = '{TYPE}' AND NOT staged.deleted
"""
PORTION = "SELECT * FROM extra_held WHERE survey = $1 AND line > $2 ORDER BY line LIMIT $3"
HELD = "SELECT count(*), min(line) FROM extra_held WHERE survey = $1"


async def count_held(staged: str, given: Given) -> None:
    """Count the surveys in the relation `staged` (line, type, id, fields, deleted) with their responses.

    The surveys are written by now; in a dry run it is only told what would become. Wants a transaction.
    """
    await db.execute(HOLD)
    await db.execute(FILL.format(staged=staged), given.source)
    await db.execute("CREATE INDEX ON extra_held (survey, line)")
    await db.execute("ANALYZE extra_held")
    for row in await db.rows(SURVEYS.format(staged=staged)):
        if row["subject_id"] is None:
            await _tell_lost(row, given)
        else:
            await _count(row, given)
    await db.execute("DROP TABLE extra_held")


async def _tell_lost(survey: asyncpg.Record, given: Given) -> None:
    """Note how many responses go with a survey that was left out."""
    held = await db.row(HELD, survey["external_id"])
    if held and held["count"]:
        message = f"{held['count']:,} responses were left out with their survey. Correct that."
        given.report.error(held["min"], None, Code.UNKNOWN_REF, "survey", message, type=TYPE)


async def _count(row: asyncpg.Record, given: Given) -> None:
    said = orjson.loads(row["said"])
    stored = await Survey.get_or_none(id=row["subject_id"])
    held = held_survey(said)
    is_new = stored is None or stored.counted_at is None
    if stored and is_new:
        held = replace(held, questionnaire=await survey_editions.at(stored.id, stored.edition))
    responses = _Responses(row["external_id"], held, given, is_named=said.get("anonymous") is False)
    async for portion in responses.portions():
        if stored and is_new:
            await _keep(stored, portion, is_named=responses.is_named)
    if stored and is_new:
        await count(stored.id, given.now)
    _tell(row, stored, responses, given, is_new=is_new)


async def _keep(survey: Survey, portion: Sequence[_Response], *, is_named: bool) -> None:
    """Write down what is to be counted: all in one block, for of people elsewhere nothing else is known."""
    if not is_named:
        await survey_ballots.keep(survey.id, [(0, slips(one.answers)) for one in portion])
        return
    handed_in = [HandedIn(one.person, one.at or survey.created_at, one.answers) for one in portion if one.person]
    await survey_places.place(survey.id, [one.person for one in handed_in], [0] * len(handed_in))
    await survey_responses.keep(survey.id, handed_in)


def _tell(row: asyncpg.Record, stored: Survey | None, responses: _Responses, given: Given, *, is_new: bool) -> None:
    """Note what has become of the responses to a survey."""
    counts, line, id = given.report.of(TYPE), row["line"], row["external_id"]
    least = stored.min_group if stored else MIN_GROUP
    is_few = not responses.is_named and responses.count < least
    if is_new:
        counts.created += responses.count
        if is_few and responses.count:
            message = f"Fewer than {least} people have answered it: nothing is told of that, and nothing was kept."
            given.report.warn(line, id, Code.TOO_FEW, None, message, type=SURVEY)
    elif stored and stored.answered == (None if is_few else responses.count):
        counts.unchanged += responses.count
    else:
        counts.skipped += responses.count
        message = "It was counted when it was brought in, and stays so: its responses, of which there were others, too."
        given.report.warn(line, id, Code.COUNTED, None, message, type=SURVEY)


@dataclass(frozen=True)
class _Response:
    """What one person answered, and who where that is said."""

    answers: list[Answer]
    person: uuid.UUID | None
    at: Any


@dataclass
class _Responses:
    """The responses to one survey: judged, and told of where they cannot be taken."""

    survey: str
    held: HeldSurvey
    given: Given
    is_named: bool
    count: int = 0
    people: set[uuid.UUID] = field(default_factory=set[uuid.UUID])

    async def portions(self) -> AsyncGenerator[list[_Response]]:
        """Those that are fit to be counted."""
        line = 0
        while rows := await db.rows(PORTION, self.survey, line, BATCH):
            line = rows[-1]["line"]
            portion = [one for row in rows if (one := self._judged(row))]
            self.count += len(portion)
            yield portion

    def _judged(self, row: asyncpg.Record) -> _Response | None:
        answers = orjson.loads(row["answers"]) if row["answers"] else None
        if answers is None:
            return self._refuse(row, Code.MISSING_FIELD, "answers", "It has no list of answers. Give it one.")
        kept, faults = held_answers(self.held, answers)
        for fault in faults:
            self._refuse(row, Code.BAD_VALUE, f"answers[{fault.place}]", fault.message)
        if faults and not kept:
            return None
        if self.is_named and (row["person"] is None or row["person"] in self.people):
            return self._refuse_person(row)
        if self.is_named:
            self.people.add(row["person"])
        return _Response(kept, row["person"], row["at"])

    def _refuse_person(self, row: asyncpg.Record) -> None:
        if row["person"] in self.people:
            message = "This person has answered further up: that response was taken, this one left aside."
            self.given.report.warn(row["line"], row["external_id"], Code.DUPLICATE_ID, "person", message, type=TYPE)
            self.given.report.skip(TYPE)
            return
        message = (
            "The survey is not anonymous, and there is nobody here who gave this: it was left out. Correct person."
        )
        self._refuse(row, Code.UNKNOWN_REF, "person", message)

    def _refuse(self, row: asyncpg.Record, code: Code, field: str, message: str) -> None:
        """Note what is wrong; of an anonymous response no id."""
        id = row["external_id"] if self.is_named else None
        self.given.report.error(row["line"], id, code, field, message, type=TYPE)
