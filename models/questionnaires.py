"""Questionnaires: sections and questions as values, which a survey keeps as one JSON document for each edition."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

import orjson
from pydantic import TypeAdapter

QUESTIONS_MAX = 200  # of one questionnaire
ASKED_MAX = 10 * QUESTIONS_MAX  # of one survey: of all its editions together
SECTIONS_MAX = 50
OPTIONS_MAX = 100  # of one question; ranked ones, and rows and columns of a matrix: `RANKED_MAX`
RANKED_MAX = 20
PROMPT_MAX = 1_000  # characters
LABEL_MAX = 300
TEXT_MAX = 5_000  # of one answer
SCALE_SPAN_MAX = 100  # between the two ends of a scale
BRANCHES_MAX = 50  # of one question
LOCALES_MAX = 30

Translations: TypeAlias = Mapping[str, str]
"""A text in other languages, by BCP 47 tags such as `de-CH`."""

NONE: Translations = MappingProxyType({})


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE_CHOICE = "SINGLE_CHOICE"
    MULTIPLE_CHOICE = "MULTIPLE_CHOICE"
    SCALE = "SCALE"
    NPS = "NPS"
    RANKING = "RANKING"
    MATRIX = "MATRIX"
    TEXT = "TEXT"
    DATE = "DATE"


@dataclass(frozen=True)
class Option:
    """What can be chosen or ranked, or a row or column of a matrix. `points` are a quiz's, for choosing it."""

    id: uuid.UUID
    label: str
    points: float = 0.0
    translations: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Scale:
    """Whole numbers from one end to the other, both included, with what the ends are called."""

    minimum: int
    maximum: int
    minimum_label: str = ""
    maximum_label: str = ""


@dataclass(frozen=True)
class Branch:
    """Where to go on after an answer: one with this option, or a number from `least` to `most`; else any,
    and none at all.

    `to` is a later question; None ends the questionnaire.
    """

    option: uuid.UUID | None = None
    least: int | None = None
    most: int | None = None
    to: uuid.UUID | None = None


@dataclass(frozen=True)
class Question:
    """One question. `key` is the same for what is asked again in another edition, round or survey.

    `options` are a choice's, what is ranked, or a matrix's columns; `rows` a matrix's. `most` options can be chosen
    together. `multiple`: several columns of a row. In a quiz `points` are for the right answer of a question without
    options, `correct` (a number, text or date).
    """

    id: uuid.UUID
    key: str
    kind: QuestionKind
    prompt: str
    description: str = ""
    required: bool = False
    section: uuid.UUID | None = None
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    has_other: bool = False
    most: int | None = None
    multiple: bool = False
    shuffled: bool = False  # its options, for each person anew
    scale: Scale | None = None
    branches: tuple[Branch, ...] = ()
    points: float = 0.0
    correct: str | None = None
    translations: dict[str, str] = field(default_factory=dict[str, str])  # of the prompt


@dataclass(frozen=True)
class Section:
    """Questions that belong together, with a heading. `shuffled`: in another order for each person."""

    id: uuid.UUID
    title: str
    description: str = ""
    shuffled: bool = False
    translations: dict[str, str] = field(default_factory=dict[str, str])  # of the title
    key: str = field(default="", compare=False)  # what questions of a file or input name it by; nothing is by it


@dataclass(frozen=True)
class Questionnaire:
    """Questions in their order; those of a section stand together."""

    questions: tuple[Question, ...]
    sections: tuple[Section, ...] = ()

    @cached_property
    def by_id(self) -> dict[uuid.UUID, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def place(self) -> dict[uuid.UUID, int]:
        """Where each question stands, from 0."""
        return {question.id: i for i, question in enumerate(self.questions)}


@dataclass(frozen=True)
class Given:
    """An answer as it is kept: the numbers of what was chosen (`models.survey_slots`), and what was written.

    A choice's `text` is the other one, a date's the day in ISO 8601.
    """

    question: uuid.UUID
    slots: tuple[int, ...] = ()
    text: str | None = None


_JSON = TypeAdapter(Questionnaire)


def to_document(questionnaire: Questionnaire) -> dict[str, Any]:
    """As the database keeps it, with nothing lost."""
    return _JSON.dump_python(questionnaire, mode="json", exclude_defaults=True)


def from_document(document: str | bytes | Mapping[str, Any]) -> Questionnaire:
    """As it was kept. The same text gives the same object."""
    text = document if isinstance(document, (str, bytes)) else orjson.dumps(dict(document))
    return _read(text if isinstance(text, bytes) else text.encode())


@lru_cache(maxsize=256)
def _read(text: bytes) -> Questionnaire:
    return _JSON.validate_json(text)
