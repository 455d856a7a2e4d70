"""What somebody has answered, told as it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from execution.rows import read
from models import survey_attempts, survey_responses
from models.questionnaires import Given, Option, Question, QuestionKind, Questionnaire
from models.survey_slots import cell_at, number_at, option_at, rank_at
from models.surveys import Anonymity
from resolvers.context import Context


@dataclass(frozen=True)
class ShownCell:
    """What was chosen in a row of a matrix."""

    row: Option
    option: Option


@dataclass(frozen=True)
class ShownAnswer:
    """An answer to one question: by what its kind is answered with. `options` of a ranking are in their order."""

    question: Question
    options: tuple[Option, ...] = ()
    other_text: str | None = None
    number: int | None = None
    text: str | None = None
    cells: tuple[ShownCell, ...] = ()
    date: date | None = None


async def own_answers(ctx: Context, surveys: Sequence[Any]) -> list[list[ShownAnswer] | None]:
    """What the viewer has saved or handed in, of each survey in the order of its questions; None of anonymous ones."""
    told = [read(row, "id") for row in surveys if read(row, "anonymity") != Anonymity.ANONYMOUS]
    mine = await survey_responses.answers(told, ctx.me.person_id)
    asked = await survey_attempts.editions(mine.keys()) if mine else {}
    found = {edition[0]: _in_order(asked[edition], givens) for edition, givens in mine.items()}
    return [found.get(id, []) if (id := read(row, "id")) in told else None for row in surveys]


def shown(question: Question, given: Given) -> ShownAnswer:
    """What is kept of an answer, told as it was given."""
    match question.kind:
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTIPLE_CHOICE:
            chosen = (option_at(question, slot) for slot in given.slots)
            return ShownAnswer(question, tuple(one for one in chosen if one is not None), other_text=given.text)
        case QuestionKind.SCALE | QuestionKind.NPS:
            return ShownAnswer(question, number=number_at(question, given.slots[0]))
        case QuestionKind.RANKING:
            ranked = sorted((rank_at(question, slot) for slot in given.slots), key=lambda placed: placed[1])
            return ShownAnswer(question, tuple(option for option, _ in ranked))
        case QuestionKind.MATRIX:
            return ShownAnswer(question, cells=tuple(ShownCell(*cell_at(question, slot)) for slot in given.slots))
        case QuestionKind.TEXT:
            return ShownAnswer(question, text=given.text)
        case QuestionKind.DATE:
            return ShownAnswer(question, date=date.fromisoformat(given.text or ""))


def _in_order(asked: Questionnaire, givens: Sequence[Given]) -> list[ShownAnswer]:
    by = {given.question: given for given in givens}
    return [shown(question, by[question.id]) for question in asked.questions if question.id in by]
