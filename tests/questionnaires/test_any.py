"""What holds for any questionnaire and any answers to it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from models.errors import DomainError
from models.questionnaires import Given, Question, QuestionKind, Questionnaire, from_document, to_document
from models.survey_paths import faults, path_of
from models.survey_slots import CHOICES, NUMBERS, cell_at, number_at, option_at, rank_at, scale_of, slot_count
from resolvers.survey_files import read_file, write_file
from resolvers.survey_given import Cells, Choice, Choices, Day, NewAnswer, Number, Ranking, Text, Value, given
from resolvers.survey_questions import as_new, edited
from tests.questionnaires.making import EXAMPLES, answers, every_value, onward, questionnaires

pytestmark = pytest.mark.fuzz
bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@bounded
@drawn(asked=questionnaires())
def test_nothing_is_lost_in_a_document_or_a_file(asked: Questionnaire) -> None:
    text = write_file(asked, title="Any")

    back = read_file(text)

    assert from_document(to_document(asked)) == asked
    assert write_file(back.questionnaire, title=back.title) == text
    assert back.notes == []
    assert as_new(back.questionnaire) == as_new(asked)


@bounded
@drawn(asked=questionnaires())
def test_an_edit_that_changes_nothing_keeps_every_id(asked: Questionnaire) -> None:
    same = edited(asked, *as_new(asked))

    assert same == asked


@bounded
@drawn(asked=questionnaires(), data=st.data())
def test_any_answers_along_the_way_are_kept_as_they_were_given(asked: Questionnaire, data: st.DataObject) -> None:
    sent = data.draw(answers(asked))

    kept = given(asked, sent)

    assert {one.question: read_back(asked.by_id[one.question], one) for one in kept} == {
        one.question: normal(asked.by_id[one.question], one.value) for one in sent
    }
    assert [one.question for one in kept] == [q.id for q in asked.questions if q.id in {a.question for a in sent}]
    assert given(asked, sent, partial=True) == kept


@bounded
@drawn(asked=questionnaires(), data=st.data())
def test_answers_with_anything_wrong_are_refused(asked: Questionnaire, data: st.DataObject) -> None:
    sent = data.draw(answers(asked))
    wrong = data.draw(st.sampled_from(spoiled(asked, sent)))

    with pytest.raises(DomainError) as refused:
        given(asked, wrong)

    assert refused.value.path[0] == "answers"


@bounded
@drawn(asked=questionnaires(), data=st.data())
def test_branches_that_anybody_writes_are_faulty_just_where_nobody_passes(
    asked: Questionnaire, data: st.DataObject
) -> None:
    """Branches moved to other questions: what is said of them is what trying every answer shows."""
    later = {i: [question.id for question in asked.questions[i + 1 :]] for i in range(len(asked.questions))}
    moved = Questionnaire(
        tuple(
            replace(
                question,
                section=None,
                branches=tuple(
                    replace(branch, to=data.draw(st.sampled_from([None, *later[i]]))) for branch in question.branches
                ),
            )
            for i, question in enumerate(asked.questions)
        )
    )

    found = {fault.path for fault in faults(moved)}

    assert all(path[0] == "questions" and len(path) == 2 for path in found)
    assert {path[1] for path in found} == set(range(len(moved.questions))) - reached(moved)


@bounded
@drawn(asked=questionnaires(), data=st.data())
def test_the_way_is_the_one_that_a_person_would_go(asked: Questionnaire, data: st.DataObject) -> None:
    said: dict[uuid.UUID, Value | None] = {
        question.id: data.draw(st.sampled_from(every_value(question))) for question in asked.questions
    }
    gone, at = list[uuid.UUID](), 0
    while at is not None and at < len(asked.questions):
        gone.append(asked.questions[at].id)
        at = onward(asked, at, said[gone[-1]])

    slots = {id: Given(id, slots_of(asked.by_id[id], value)) for id, value in said.items() if value is not None}

    assert [question.id for question in path_of(asked, slots)] == gone


def reached(asked: Questionnaire) -> set[int]:
    """Where one can get to, by every answer to everything."""
    found, pending = set[int](), [0]
    while pending:
        at = pending.pop()
        if at in found or at >= len(asked.questions):
            continue
        found.add(at)
        ways = (onward(asked, at, value) for value in every_value(asked.questions[at]))
        pending += [to for to in ways if to is not None]
    return found


def slots_of(question: Question, value: Value) -> tuple[int, ...]:
    ids = [option.id for option in question.options]
    match value:
        case Choice(option=option):
            return (len(ids) if option is None else ids.index(option),)
        case Choices(options=chosen, other=other):
            return (*(ids.index(id) for id in chosen), *([len(ids)] if other else []))
        case Number(value=number):
            return (number - scale_of(question).minimum,)
        case _:
            return ()


def read_back(question: Question, kept: Given) -> object:
    """What an answer says, made of its slots alone."""
    assert list(kept.slots) == sorted(set(kept.slots)) and all(slot < slot_count(question) for slot in kept.slots)
    if question.kind in CHOICES:
        chosen = [option_at(question, slot) for slot in kept.slots]
        return {option.id if option else None for option in chosen}, kept.text
    if question.kind in NUMBERS:
        return number_at(question, *kept.slots)
    if question.kind is QuestionKind.RANKING:
        ranks = {rank: option.id for option, rank in (rank_at(question, slot) for slot in kept.slots)}
        return [ranks[rank] for rank in range(len(ranks))]
    if question.kind is QuestionKind.MATRIX:
        return {(row.id, column.id) for row, column in (cell_at(question, slot) for slot in kept.slots)}
    return kept.text


def normal(question: Question, value: Value) -> object:
    """What an answer says, as it was given."""
    match value:
        case Choice(option=option, other=other):
            return {option}, other
        case Choices(options=chosen, other=other):
            return {*chosen, *([None] if other else [])}, other
        case Number(value=number):
            return number
        case Ranking(options=ranked):
            return list(ranked)
        case Cells(cells=chosen):
            return set(chosen)
        case Text(value=text):
            return text
        case Day(value=day):
            return day.isoformat()


def spoiled(asked: Questionnaire, sent: list[NewAnswer]) -> list[list[NewAnswer]]:
    """The same answers, each time with one thing wrong."""
    stranger = uuid.uuid4()
    wrong = [[*sent, NewAnswer(stranger, Text("x"))]]
    for i, answer in enumerate(sent):
        question = asked.by_id[answer.question]
        rest = [*sent[:i], *sent[i + 1 :]]
        wrong += [[*sent, answer], *([*rest, replace(answer, value=value)] for value in bad_values(question))]
        if question.required:
            wrong.append(rest)
    passed = path_of(asked, {one.question: one for one in given(asked, sent)})
    for question in asked.questions:
        if question not in passed and question.kind is QuestionKind.TEXT:
            wrong.append([*sent, NewAnswer(question.id, Text("x"))])
    return wrong


def bad_values(question: Question) -> list[Value]:
    """Answers that this question does not take."""
    stranger, ids = uuid.uuid4(), [option.id for option in question.options]
    match question.kind:
        case QuestionKind.SINGLE_CHOICE:
            return [Choice(stranger), Choice(), Choice(ids[0], "x"), Choice(other=" "), Choices(ids[:1])]
        case QuestionKind.MULTIPLE_CHOICE:
            over = [Choices(ids, "x" if question.has_other else None)] if question.most == 1 else []
            return [Choices([stranger]), Choices([]), Choices([ids[0], ids[0]]), Choices([*ids, *ids]), *over]
        case QuestionKind.SCALE | QuestionKind.NPS:
            scale = scale_of(question)
            return [Number(scale.minimum - 1), Number(scale.maximum + 1), Number(10**30), Text("1")]
        case QuestionKind.RANKING:
            return [Ranking([]), Ranking([ids[0]] * 2), Ranking([*ids[:-1], stranger]), Ranking([*ids, ids[0]])]
        case QuestionKind.MATRIX:
            row = question.rows[0].id
            twice = Cells([(row, ids[0]), (row, ids[0])])
            return [Cells([]), twice, Cells([(stranger, ids[0])]), Cells([(row, stranger)]), Cells([(ids[0], row)])]
        case QuestionKind.TEXT:
            return [Text(""), Text(" \n"), Text("x" * 5_001), Text("a\0"), Day(date(2026, 12, 24))]
        case QuestionKind.DATE:
            return [Text("2026-12-24"), Number(3)]
