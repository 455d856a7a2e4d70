"""Questionnaires and answers of any shape, for tests of what holds for all of them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from models.errors import Invalid
from models.questionnaires import Branch, Question, QuestionKind, Questionnaire
from models.survey_slots import CHOICES, NUMBERS, scale_of
from models.text import line_key
from resolvers.survey_given import Cells, Choice, Choices, Day, NewAnswer, Number, Ranking, Text, Value
from resolvers.survey_questions import (
    NewBranch,
    NewOption,
    NewQuestion,
    NewScale,
    NewSection,
    NewTranslation,
    questionnaire,
)

ABC = [NewOption("A"), NewOption("B"), NewOption("C")]
ASKED = questionnaire(
    [
        NewQuestion(QuestionKind.SINGLE_CHOICE, "One", options=ABC, has_other=True),
        NewQuestion(QuestionKind.MULTIPLE_CHOICE, "Some", options=ABC, has_other=True, most=2),
        NewQuestion(QuestionKind.SCALE, "Scale", scale=NewScale(-2, 2)),
        NewQuestion(QuestionKind.NPS, "NPS"),
        NewQuestion(QuestionKind.RANKING, "Rank", options=ABC),
        NewQuestion(QuestionKind.MATRIX, "Matrix", options=ABC[:2], rows=ABC),
        NewQuestion(QuestionKind.TEXT, "Text"),
        NewQuestion(QuestionKind.DATE, "Date"),
        NewQuestion(QuestionKind.SINGLE_CHOICE, "Plain", options=ABC),
    ]
)
"""A question of each kind, and a second one of a single choice: without an other answer."""

EXAMPLES = 500 if os.environ.get("ATRIUM_FUZZ") else 40

WORDS = st.text('abcxyzÄéß漢 \u00a0-’“"\\{🌱7', min_size=1, max_size=12).map(lambda text: f"a{text}z")
LABELS = st.lists(WORDS, min_size=2, max_size=5, unique_by=line_key)
LOCALES = st.lists(st.sampled_from(["de", "de-CH", "fr", "zh-Hant-TW", "en-GB"]), max_size=2, unique=True)
NOTHING = st.just(0.0)
POINTS = st.sampled_from([0.0, 1.0, -0.5, 2.25])


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Any questionnaire without faults: branches that would be one are left out."""
    questions = [draw(new_questions(f"q{i}")) for i in range(draw(st.integers(1, 7)))]
    sections = [replace(section, key=f"s{i}") for i, section in enumerate(draw(st.lists(SECTIONS, max_size=2)))]
    cuts = sorted(draw(st.integers(0, len(questions))) for _ in sections)
    for section, (start, end) in zip(sections, pairwise([*cuts, len(questions)]), strict=True):
        questions[start:end] = [replace(question, section=section.key) for question in questions[start:end]]
    used = {question.section for question in questions}
    branched = [replace(new, branches=draw(branches(new, questions[i + 1 :]))) for i, new in enumerate(questions)]
    return mended(branched, [section for section in sections if section.key in used])


def mended(questions: Sequence[NewQuestion], sections: Sequence[NewSection]) -> Questionnaire:
    """The questionnaire, less the branches that are refused."""
    left = list(questions)
    while True:
        try:
            return questionnaire(left, sections)
        except Invalid as error:
            at = int(error.path[1])
            before = at + 1 if "branches" in error.path else at  # nobody reaches what the branches before it leave out
            if not any(question.branches for question in left[:before]):
                raise
            left[:before] = [replace(question, branches=question.branches[:-1]) for question in left[:before]]


@st.composite
def new_questions(draw: st.DrawFn, key: str) -> NewQuestion:
    """A question of any kind, without section and branches."""
    kind: QuestionKind = draw(st.sampled_from(list(QuestionKind)))
    new = NewQuestion(
        kind,
        draw(WORDS),
        key=key,
        description=draw(st.just("") | WORDS),
        required=draw(st.booleans()),
        translations=[NewTranslation(locale, draw(WORDS)) for locale in draw(LOCALES)],
    )
    match kind:
        case QuestionKind.SINGLE_CHOICE:
            return replace(new, options=draw(options(POINTS)), has_other=draw(st.booleans()))
        case QuestionKind.MULTIPLE_CHOICE:
            most = draw(st.none() | st.integers(1, 2))
            return replace(new, options=draw(options(POINTS)), has_other=draw(st.booleans()), most=most)
        case QuestionKind.SCALE:
            least = draw(st.integers(-3, 3))
            scale = NewScale(least, least + draw(st.integers(1, 9)), "", draw(st.just("") | WORDS))
            return replace(new, scale=scale, **draw(RIGHT.map(lambda right: {**right, "correct": str(least)})))
        case QuestionKind.RANKING:
            return replace(new, options=draw(options()), shuffled=True, most=draw(st.none() | st.integers(1, 2)))
        case QuestionKind.MATRIX:
            return replace(new, options=draw(options()), rows=draw(options()), multiple=draw(st.booleans()))
        case QuestionKind.NPS | QuestionKind.TEXT | QuestionKind.DATE:
            return new


RIGHT = st.sampled_from([{"points": 2.0}, {"points": 0.0}, {"points": None}])
SECTIONS = st.builds(
    NewSection, key=st.just(""), title=WORDS, description=st.just("") | WORDS, shuffled=st.sampled_from([False, True])
)


@st.composite
def options(draw: st.DrawFn, points: st.SearchStrategy[float] = NOTHING) -> list[NewOption]:
    return [
        NewOption(label, draw(points), [NewTranslation(locale, draw(WORDS)) for locale in draw(LOCALES)])
        for label in draw(LABELS)
    ]


@st.composite
def branches(draw: st.DrawFn, new: NewQuestion, later: Sequence[NewQuestion]) -> list[NewBranch]:
    """Branches of a question to later ones and to the end; some may never be taken."""
    targets = st.sampled_from([None, *(question.key for question in later)])
    made: list[NewBranch] = []
    for to in draw(st.lists(targets, max_size=3)):
        if new.kind in CHOICES and draw(st.booleans()):
            made.append(NewBranch(to, option_index=draw(st.integers(0, len(new.options) - 1))))
        elif new.kind is QuestionKind.NPS and draw(st.booleans()):
            least = draw(st.integers(0, 10))
            made.append(NewBranch(to, least=least, most=draw(st.none() | st.integers(least, 10))))
        elif new.kind is QuestionKind.SCALE and new.scale and draw(st.booleans()):
            made.append(NewBranch(to, most=draw(st.integers(new.scale.minimum, new.scale.maximum))))
        else:
            made.append(NewBranch(to))
    return made


@st.composite
def answers(draw: st.DrawFn, asked: Questionnaire) -> list[NewAnswer]:
    """What somebody may answer who goes through it question by question, in any order of sending."""
    found: list[NewAnswer] = []
    at: int | None = 0
    while at is not None and at < len(asked.questions):
        question = asked.questions[at]
        value = draw(values(question)) if question.required or draw(st.booleans()) else None
        if value is not None:
            found.append(NewAnswer(question.id, value))
        at = onward(asked, at, value)
    return draw(st.permutations(found))


@st.composite
def values(draw: st.DrawFn, question: Question) -> Value:
    """An answer to a question, whole where it must be."""
    ids = [option.id for option in question.options]
    match question.kind:
        case QuestionKind.SINGLE_CHOICE:
            if question.has_other and draw(st.booleans()):
                return Choice(other=draw(WORDS))
            return Choice(draw(st.sampled_from(ids)))
        case QuestionKind.MULTIPLE_CHOICE:
            other = draw(WORDS) if question.has_other and draw(st.booleans()) else None
            most = (question.most or len(ids) + 1) - (other is not None)
            least = 0 if other is not None else 1
            chosen = draw(st.lists(st.sampled_from(ids), min_size=least, max_size=min(most, len(ids)), unique=True))
            return Choices(chosen, other)
        case QuestionKind.SCALE | QuestionKind.NPS:
            return Number(draw(st.integers(scale_of(question).minimum, scale_of(question).maximum)))
        case QuestionKind.RANKING:
            return Ranking(draw(st.permutations(ids))[: question.most])
        case QuestionKind.MATRIX:
            return Cells(draw(st.permutations(draw(cells(question)))))
        case QuestionKind.TEXT:
            return Text(draw(WORDS))
        case QuestionKind.DATE:
            return Day(draw(st.dates(date(1900, 1, 1), date(2100, 1, 1))))


@st.composite
def cells(draw: st.DrawFn, question: Question) -> list[tuple[uuid.UUID, uuid.UUID]]:
    ids = [option.id for option in question.options]
    rows = list(question.rows)
    if not question.required:
        rows = draw(st.lists(st.sampled_from(rows), min_size=1, unique_by=lambda row: row.id))
    most = len(ids) if question.multiple else 1
    chosen = st.lists(st.sampled_from(ids), min_size=1, max_size=most, unique=True)
    return [(row.id, option) for row in rows for option in draw(chosen)]


def onward(asked: Questionnaire, at: int, value: Value | None) -> int | None:
    """Where one goes on after an answer: the rule of branches, told by what was answered and not by slots."""
    for branch in asked.questions[at].branches:
        if _fits(branch, value):
            return None if branch.to is None else [question.id for question in asked.questions].index(branch.to)
    return at + 1


def _fits(branch: Branch, value: Value | None) -> bool:
    if branch.option is None and branch.least is None and branch.most is None:
        return True
    match value:
        case Choice(option=option):
            return option is not None and option == branch.option
        case Choices(options=chosen):
            return branch.option in chosen
        case Number(value=number) if branch.option is None:
            return (branch.least is None or number >= branch.least) and (branch.most is None or number <= branch.most)
        case _:
            return False


def every_value(question: Question) -> list[Value | None]:
    """Every answer that may matter to branches, and None where none needs be given."""
    none: list[Value | None] = [] if question.required else [None]
    ids = [option.id for option in question.options]
    if question.kind is QuestionKind.SINGLE_CHOICE:
        return [*none, *(Choice(id) for id in ids), *([Choice(other="x")] if question.has_other else [])]
    if question.kind is QuestionKind.MULTIPLE_CHOICE:
        others = [None, "x"] if question.has_other else [None]
        subsets = [[id for bit, id in enumerate(ids) if mask >> bit & 1] for mask in range(2 ** len(ids))]
        found = [Choices(subset, other) for subset in subsets for other in others if subset or other]
        return [*none, *(one for one in found if len(one.options) + bool(one.other) <= (question.most or 99))]
    if question.kind in NUMBERS:
        scale = scale_of(question)
        return [*none, *(Number(number) for number in range(scale.minimum, scale.maximum + 1))]
    return [*none, Text("x")]
