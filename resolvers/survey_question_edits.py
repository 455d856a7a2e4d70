"""What stays the same in an edited questionnaire: which question was which one, and which ids it keeps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.errors import NotFound
from models.questionnaires import Option, Question, Questionnaire
from models.text import line_key
from resolvers.survey_question_parts import derived_key

NOBODY = uuid.UUID(int=0)


def former_questions(
    old: Questionnaire, ids: Sequence[uuid.UUID | None], drafts: Sequence[Question]
) -> list[Question | None]:
    """What each draft was in `old`; None for a new one.

    It is the question with the id that is given, or else with the key; a draft without either is one that asks the
    same, or whose key was made of the same prompt. Raises `NotFound` for ids that are not there, or are there twice.
    """
    left = {question.id: question for question in old.questions}
    former = [_by_id(left, id, i) for i, id in enumerate(ids)]
    for is_former in (_has_key, _asks_the_same, _has_the_prompts_key):
        for i, draft in enumerate(drafts):
            found = next((question for question in left.values() if is_former(question, draft)), None)
            if former[i] is None and found is not None:
                former[i] = left.pop(found.id)
    return former


def with_former_ids(old: Questionnaire, made: Questionnaire, former: Sequence[Question | None]) -> Questionnaire:
    """`made`, with the ids of `old` for each question that asks the same as its former one, and each section."""
    names: dict[uuid.UUID, uuid.UUID] = {}
    for now, before in zip(made.questions, former, strict=True):
        if before is not None and _asks_the_same(before, now):
            names |= {now.id: before.id, **_paired(now.options, before.options), **_paired(now.rows, before.rows)}
    left = list(old.sections)
    for section in made.sections:
        before = next((one for one in left if line_key(one.title) == line_key(section.title)), None)
        if before is not None:
            left.remove(before)
            names[section.id] = before.id
    return _renamed(made, names)


def _by_id(left: dict[uuid.UUID, Question], id: uuid.UUID | None, at: int) -> Question | None:
    if id is None:
        return None
    if id not in left:
        sentence = "There is no such question here, or it is named twice. Read the questions again."
        raise NotFound(sentence, ["questions", at, "id"])
    return left.pop(id)


def _has_key(question: Question, draft: Question) -> bool:
    return draft.key == question.key


def _asks_the_same(question: Question, draft: Question) -> bool:
    """Whether all that an answer depends on is the same: any wording, in any language, and what was right.

    Not where it stands, where it leads to, and whether it must be answered.
    """
    return _asked(question) == _asked(draft)


def _has_the_prompts_key(question: Question, draft: Question) -> bool:
    return not draft.key and question.key == derived_key(draft.prompt, ())


def _asked(question: Question) -> Question:
    return replace(
        question,
        id=NOBODY,
        key="",
        required=False,
        section=None,
        shuffled=False,
        branches=(),
        options=tuple(replace(option, id=NOBODY) for option in question.options),
        rows=tuple(replace(row, id=NOBODY) for row in question.rows),
    )


def _paired(now: Sequence[Option], before: Sequence[Option]) -> dict[uuid.UUID, uuid.UUID]:
    return {one.id: other.id for one, other in zip(now, before, strict=True)}


def _renamed(made: Questionnaire, names: Mapping[uuid.UUID, uuid.UUID]) -> Questionnaire:
    def name(id: uuid.UUID) -> uuid.UUID:
        return names.get(id, id)

    def optional(id: uuid.UUID | None) -> uuid.UUID | None:
        return None if id is None else name(id)

    questions = (
        replace(
            question,
            id=name(question.id),
            section=optional(question.section),
            options=tuple(replace(option, id=name(option.id)) for option in question.options),
            rows=tuple(replace(row, id=name(row.id)) for row in question.rows),
            branches=tuple(
                replace(branch, option=optional(branch.option), to=optional(branch.to)) for branch in question.branches
            ),
        )
        for question in made.questions
    )
    sections = (replace(section, id=name(section.id)) for section in made.sections)
    return Questionnaire(tuple(questions), tuple(sections))
