"""Edits of questionnaires that may have been answered: what is the same question, and what is asked anew."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from models.errors import Invalid, NotFound
from models.questionnaires import QuestionKind
from resolvers.survey_questions import (
    NewBranch,
    NewOption,
    NewQuestion,
    NewScale,
    NewSection,
    NewTranslation,
    as_new,
    edited,
    questionnaire,
)

WHERE = NewQuestion(
    QuestionKind.SINGLE_CHOICE, "Where do you work best?", key="where", options=[NewOption("Home"), NewOption("Office")]
)
SURE = NewQuestion(QuestionKind.SCALE, "I know what is expected of me", scale=NewScale(1, 5))
ELSE = NewQuestion(QuestionKind.TEXT, "What else?")
OLD = questionnaire([WHERE, SURE, ELSE])
WHERE_ID, SURE_ID, ELSE_ID = (question.id for question in OLD.questions)


def test_what_is_asked_as_before_keeps_its_ids_wherever_it_stands() -> None:
    now = edited(OLD, [ELSE, replace(WHERE, required=True, branches=[NewBranch(option_index=0)]), SURE])

    assert [question.id for question in now.questions] == [ELSE_ID, WHERE_ID, SURE_ID]
    where = now.questions[1]
    assert where.required and where.options == OLD.questions[0].options
    assert where.branches[0].option == where.options[0].id


Change = Callable[[NewQuestion], NewQuestion]


CHANGES: list[Change] = [
    lambda new: replace(new, prompt="Where would you work best?"),
    lambda new: replace(new, description="On an ordinary day."),
    lambda new: replace(new, options=[NewOption("Home"), NewOption("The office")]),
    lambda new: replace(new, options=list(reversed(new.options))),
    lambda new: replace(new, options=[*new.options, NewOption("Train")]),
    lambda new: replace(new, options=[NewOption("Home", 1.0), NewOption("Office")]),
    lambda new: replace(new, has_other=True),
    lambda new: replace(new, kind=QuestionKind.RANKING),
    lambda new: replace(new, translations=[NewTranslation("de", "Wo arbeiten Sie am besten?")]),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_asked_otherwise_has_new_ids_and_its_key(change: Change) -> None:
    now = edited(OLD, [change(WHERE), SURE, ELSE])

    where = now.questions[0]
    assert where.key == "where" and where.id != WHERE_ID
    assert not {option.id for option in where.options} & {option.id for option in OLD.questions[0].options}
    assert [question.id for question in now.questions[1:]] == [SURE_ID, ELSE_ID]


def test_a_question_is_known_by_its_id_or_its_key_or_what_it_asks() -> None:
    by_id = replace(WHERE, key=None, id=WHERE_ID, prompt="Where?")
    by_content = replace(WHERE, key=None)

    assert edited(OLD, [by_id]).questions[0].key == "where"
    assert edited(OLD, [by_content]).questions[0].id == WHERE_ID
    assert edited(OLD, [replace(SURE, scale=NewScale(1, 7))]).questions[0].key == OLD.questions[1].key


def test_a_question_can_be_given_another_key() -> None:
    now = edited(OLD, [replace(WHERE, id=WHERE_ID, key="best-place")]).questions[0]

    assert (now.id, now.key) == (WHERE_ID, "best-place")


def test_a_new_question_takes_nothing_from_one_that_is_gone() -> None:
    now = edited(OLD, [NewQuestion(QuestionKind.NPS, "Would you recommend us?"), SURE])

    assert now.questions[0].id not in OLD.by_id and now.questions[0].key == "would-you-recommend-us"
    assert now.questions[1].id == SURE_ID


def test_branches_lead_to_the_ids_that_are_kept() -> None:
    now = edited(OLD, [replace(WHERE, branches=[NewBranch(ELSE.key or "what-else", option_label="Home")]), SURE, ELSE])

    assert now.questions[0].branches[0].to == ELSE_ID


def test_sections_of_the_same_title_keep_their_ids() -> None:
    old = questionnaire(
        [replace(SURE, section="a"), replace(ELSE, section="b")], [NewSection("a", "A"), NewSection("b", "B")]
    )

    now = edited(old, [replace(ELSE, section="x")], [NewSection("x", "b", shuffled=True)])

    assert now.sections[0].id == old.sections[1].id and now.sections[0].shuffled


@pytest.mark.parametrize("id", [uuid.uuid4(), questionnaire([WHERE]).questions[0].id])
def test_the_id_of_another_surveys_question_is_no_question_here(id: uuid.UUID) -> None:
    with pytest.raises(NotFound) as error:
        edited(OLD, [SURE, replace(ELSE, id=id)])
    assert error.value.path == ("questions", "1", "id")


def test_one_question_cannot_become_two() -> None:
    with pytest.raises(NotFound) as twice:
        edited(OLD, [replace(WHERE, id=WHERE_ID, key="a"), replace(WHERE, id=WHERE_ID, key="b")])
    with pytest.raises(Invalid) as both:
        edited(OLD, [replace(WHERE, id=WHERE_ID, key=None), replace(WHERE, prompt="Where else?")])

    assert twice.value.path == ("questions", "1", "id")
    assert both.value.path == ("questions", "1", "key")


def test_edits_are_checked_as_new_questions_are() -> None:
    questions, sections = as_new(OLD)

    with pytest.raises(Invalid) as error:
        edited(OLD, [*questions[:2], replace(questions[2], branches=[NewBranch("where")])], sections)
    assert error.value.path == ("questions", "2", "branches", "0", "to")
