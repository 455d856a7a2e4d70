"""Who has answered what to a named survey, line by line."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg

from execution.ids import encode_id
from execution.rows import read
from models import survey_records
from models.profiles import BuiltIn
from models.questionnaires import Question, QuestionKind
from models.survey_slots import cell_at, number_at, option_at, rank_at
from models.surveys import Anonymity
from resolvers import sight
from resolvers.context import Context
from resolvers.survey_gate import Gate
from resolvers.tables import ROWS_MAX, SIZE_MAX, Row, Value

COLUMNS = (
    *("person_id", "name", "email", "attempt", "points", "handed_in_at"),
    *("question", "key", "kind", "answer", "other_text"),
)


async def lines(ctx: Context, of: Gate) -> list[Row]:
    """One for each person, attempt and question, of those who meet the gate's filter; in the order of handing in.

    None of any but a named survey that is counted. Who is not visible to the viewer, or hides their address, has none.
    """
    if read(of.survey, "anonymity") != Anonymity.NAMED or of.told is None:
        return []
    questions = {question.id: question for question in of.questions}
    rows = await survey_records.records(
        of.wanted.survey, of.blocks, list(questions), rows=ROWS_MAX + 1, characters=SIZE_MAX
    )
    people = await _people(ctx, {row["person_id"] for row in rows})
    return [_line(row, people.get(row["person_id"], {}), questions[row["question_id"]]) for row in rows]


async def _people(ctx: Context, ids: set[uuid.UUID]) -> dict[uuid.UUID, Row]:
    """What is told of these people, where they are visible."""
    found = [row for row in await ctx.loaders["people"].load_many(list(ids)) if row is not None]
    shown = await sight.shows(ctx, BuiltIn.EMAIL, found)
    return {read(row, "id"): _person(row, has_email=may) for row, may in zip(found, shown, strict=True)}


def _person(row: Any, *, has_email: bool) -> Row:
    email = read(row, "email") if has_email else None
    return {"person_id": encode_id("Person", read(row, "id")), "name": read(row, "name"), "email": email}


def _line(row: asyncpg.Record, person: Row, question: Question) -> Row:
    return {
        **person,
        "attempt": row["attempt"],
        "points": row["points"],
        "handed_in_at": row["submitted_at"].isoformat(),
        "question": question.prompt,
        "key": question.key,
        "kind": question.kind,
        "answer": _answer(question, row["slots"], row["text"]),
        "other_text": row["text"] if question.has_other else None,
    }


def _answer(question: Question, slots: Sequence[int], text: str | None) -> Value:
    """What was chosen, in words; of a ranking the first first, of a matrix row by row."""
    match question.kind:
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTIPLE_CHOICE:
            return [option.label for slot in slots if (option := option_at(question, slot))]
        case QuestionKind.SCALE | QuestionKind.NPS:
            return number_at(question, slots[0])
        case QuestionKind.RANKING:
            ranked = sorted((rank_at(question, slot) for slot in slots), key=lambda one: one[1])
            return [option.label for option, _ in ranked]
        case QuestionKind.MATRIX:
            cells = [cell_at(question, slot) for slot in sorted(slots)]
            return [f"{row.label}: {column.label}" for row, column in cells]
        case QuestionKind.TEXT | QuestionKind.DATE:
            return text
