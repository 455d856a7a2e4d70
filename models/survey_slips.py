"""Slips: what one submission comes apart into, one for each answer and one for having taken part.

Those of an anonymous survey are packed to one length before they are sealed: how much somebody wrote must not be seen
from outside, or a long text would lead back to the one ballot that could hold it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from models.questionnaires import TEXT_MAX, Given, Question, QuestionKind, Questionnaire
from models.survey_slots import CHOICES

WRITTEN_MAX = 24_000  # bytes of all that one person writes into an anonymous survey
BARE = 96  # bytes of a slip without slots and text: two keys, and what stands around them
SLOT = 4  # bytes of a slot: three digits and a comma
CHARACTER = 4  # bytes of a character at most


@dataclass(frozen=True)
class Slip:
    """An answer to a question, or without one somebody's having taken part; `id` is random and tells nothing."""

    id: uuid.UUID
    question: uuid.UUID | None = None
    slots: tuple[int, ...] = ()
    text: str | None = None


class TooLong(ValueError):
    """More was written than a sealed submission has room for; `over` is how many bytes more."""

    def __init__(self, over: int) -> None:
        super().__init__(f"{over:,} bytes too long")
        self.over = over


def slips(givens: Iterable[Given], *, took_part: bool = True) -> list[Slip]:
    """One for each answer, and first the one for having taken part."""
    first = [Slip(uuid.uuid4())] if took_part else []
    return first + [Slip(uuid.uuid4(), given.question, given.slots, given.text) for given in givens]


def room(questionnaire: Questionnaire) -> int:
    """The bytes that any submission to this questionnaire is packed to."""
    written = sum(CHARACTER * _characters(question) for question in questionnaire.questions)
    chosen = sum(BARE + SLOT * _slots(question) for question in questionnaire.questions)
    return BARE + chosen + min(written, WRITTEN_MAX)


def packed(slips: Sequence[Slip], size: int) -> bytes:
    """Slips as so many bytes, whatever is in them. Raises `TooLong`."""
    plain = orjson.dumps([[slip.id, slip.question, slip.slots, slip.text] for slip in slips])
    if len(plain) > size:
        raise TooLong(len(plain) - size)
    return plain.ljust(size)


def unpacked(plain: bytes) -> list[Slip]:
    """The slips that were packed."""
    return [
        Slip(uuid.UUID(id), None if question is None else uuid.UUID(question), tuple(slots), text)
        for id, question, slots, text in orjson.loads(plain)
    ]


def _slots(question: Question) -> int:
    """How many slots an answer has at most."""
    match question.kind:
        case QuestionKind.MULTIPLE_CHOICE:
            return len(question.options) + 1
        case QuestionKind.RANKING:
            return len(question.options)
        case QuestionKind.MATRIX:
            return len(question.rows) * (len(question.options) if question.multiple else 1)
        case _:
            return 1


def _characters(question: Question) -> int:
    """How many characters an answer has at most."""
    match question.kind:
        case QuestionKind.TEXT:
            return TEXT_MAX
        case QuestionKind.DATE:
            return len("2026-11-22")
        case _:
            return TEXT_MAX if question.kind in CHOICES and question.has_other else 0
